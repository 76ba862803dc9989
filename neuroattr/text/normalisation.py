"""One spelling of what readers take for the same letters, and which characters make up words, in any script."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby

# Scripts that put no blanks between words: Thai, Lao, Myanmar, Khmer, New Tai Lue to Balinese, kana and ideographs.
_WITHOUT_BLANKS = (
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x1B7F), (0x3005, 0x3007), (0x3021, 0x312F)),
    *((0x31A0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA980, 0xA9FF), (0xAA60, 0xAA7F), (0xF900, 0xFAFF)),
    *((0x1AFF0, 0x1B16F), (0x20000, 0x3347F)),
)
# Fillers without a shape, variation selectors, and the stroke that only makes an Arabic word longer.
_SHAPELESS = frozenset(
    (0x034F, 0x0640, 0x115F, 0x1160, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10))
) | frozenset(range(0xE0100, 0xE01F0))
_ALIKE = (
    dict.fromkeys("’ʼ՚׳＇", "'") | dict.fromkeys("‐‑֊־﹣－", "-") | dict.fromkeys("،、፣՝", ",")
    | {"؛": ";", "፤": ";", "\N{GREEK QUESTION MARK}": "?"}
)  # fmt: skip
_ENDS = "。｡！？．：｜"  # end a sentence without a blank after them, unlike their narrow twins
_WIDTHS = ("<wide>", "<narrow>", "<small>", "<vertical>", "<noBreak>")
_NOT_ALIKE = ("<super>", "<sub>", "<fraction>")  # 10² is not 102, and 3¼ is not 31/4
_BREAKS = re.compile("\u200b+")
SURROGATE = re.compile("[\ud800-\udfff]")


def _ranges(codes: Iterable[int]) -> str:
    """The inside of a character class for ascending ``codes``."""
    runs = [list(run) for _, run in groupby(enumerate(codes), lambda pair: pair[1] - pair[0])]
    return "".join(f"\\U{run[0][1]:08x}-\\U{run[-1][1]:08x}" for run in runs)


_IN_RUNS = [code for first, last in _WITHOUT_BLANKS for code in range(first, last + 1)]
MARK = "[" + _ranges(
    code
    for code in range(0x300, 0x1F000)  # from the first combining mark to the last that is not a variation selector
    if code not in _SHAPELESS and unicodedata.category(chr(code)) in ("Mn", "Mc")
) + "]"  # fmt: skip
"""A mark that belongs to the letter before it."""
LETTER = f"[^\\W_{_ranges(_IN_RUNS)}]"
"""A letter or digit of a script that puts blanks between words."""
RUN_LETTER = f"[{_ranges(code for code in _IN_RUNS if chr(code).isalnum())}]"
"""A letter of a script that does not."""
_POINTS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u0652\u0670]")
_IN_RUN = re.compile(f"[{_ranges(_IN_RUNS)}]")


class _Spellings(dict[int, str]):
    """The spelling of a character, by its number; each is found once."""

    def __missing__(self, code: int) -> str:
        self[code] = spelling = _spelling(chr(code))
        return spelling


def _spelling(char: str) -> str:
    if char in _ALIKE:
        return _ALIKE[char]
    if ord(char) in _SHAPELESS or unicodedata.category(char) in ("Cf", "Me"):
        return ""
    kind = unicodedata.decomposition(char).partition(" ")[0]
    if char in _ENDS or kind in _NOT_ALIKE:
        return char
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if kind in _WIDTHS or any(map(str.isalnum, compatible)) else char


_SPELLINGS = _Spellings()


def whole_characters(text: str) -> str:
    """``text`` with halves of characters (surrogates) joined; one without its other half is U+FFFD.

    Raises
    ------
    TypeError
        For anything but a string.
    """
    if not isinstance(text, str):
        raise TypeError(f'a text is a string; got {type(text).__name__} {text!r}. Use "" where there is no text')
    if not SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def normalised(text: str) -> str:
    """``text`` in one spelling: two strings that readers take for the same become the same.

    Notes
    -----
    Unicode's NFKC (composed accents and syllables, ligatures and wide letters as plain ones) without case, as
    ``str.casefold`` has it (ß is ss, ς is σ). Raised and lowered characters and fractions stay: 10² is not 102.
    Hyphens are "-", apostrophes "'". What has no width or shape goes: soft hyphens, joiners, variation selectors, marks
    of direction, the Arabic tatweel; a zero width space is a blank beside a script without blanks, where it parts
    words, and goes elsewhere. The Turkish İ is i, but ı stays another letter: I is i in all other languages, so a
    Turkish KIRMIZI is not found as kırmızı.

    Examples
    --------
    >>> normalised("Ｎai\u0308ve, non‑\ufb01t STRASSE") == normalised("naïve, non-fit straße")
    True
    """
    if isinstance(text, str) and text.isascii():
        return text.lower()
    text = _BREAKS.sub(_blank_or_nothing, whole_characters(text))
    for _ in range(2):  # case folding may leave letters that have another spelling
        text = unicodedata.normalize("NFD", text.translate(_SPELLINGS)).casefold()
        text = unicodedata.normalize("NFC", text).replace("i\u0307", "i")
    return text


def without_points(word: str) -> str:
    """A normalised word without the points that Arabic and Hebrew may leave out: harakat and niqqud."""
    return _POINTS.sub("", word)


def _blank_or_nothing(match: re.Match[str]) -> str:
    """What a run of zero width spaces is: a blank beside a script without blanks, else nothing."""
    before, after = match.string[max(match.start() - 1, 0) : match.start()], match.string[match.end() : match.end() + 1]
    return " " if _IN_RUN.match(before) or _IN_RUN.match(after) else ""
