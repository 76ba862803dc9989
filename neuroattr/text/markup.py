"""Plain text from HTML: what a shop's descriptions say, without how they are set. In time linear in the text."""

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from .normalisation import whole_characters

# A tag begins with a letter or a slash, so that "size < 40" stays text; attributes may hold ">" inside quotes.
_TAG = re.compile(r"</?[a-zA-Z]")
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|code|em|font|i|ins|mark|o:p|s|small|span|strong|sub|sup|u|wbr)\b", re.IGNORECASE
)
_DECLARATION = re.compile(r"<(?:![\w\[]|\?)")
_VERBATIM = re.compile(r"<!\[CDATA\[|\]\]>")
_HIDDEN = re.compile(r"<(script|style|head)\b", re.IGNORECASE)
_HIDDEN_END = re.compile(r"</(script|style|head)\s*>", re.IGNORECASE)
_SPECIAL = re.compile("""[<>"']""")
_NUMBER = re.compile("&#0*([0-9]+)")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ENCODINGS = 3  # how often a text may have been encoded
# What is left of a non-breaking space after UTF-8 was read as Latin-1 several times: runs of Ã, Â and question marks;
# what stands for characters that could not be read; and characters that control machines, NUL first.
_DAMAGE = re.compile(r"(?:[ÃÂ�][?\u0080-\u00bf]*){2,}|[ÃÂ�]\?+|�|[\x00-\x08\x0e-\x1b\x7f]")
_LINES = re.compile("[\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*")


def plain(markup: str) -> str:
    """The text of ``markup``: entities decoded, block elements and line breaks as one newline, damage as a blank.

    >>> plain("<p>Soft &amp; <b>blue</b><br />Size &lt; 40</p>")
    'Soft & blue\\nSize < 40'

    Raises
    ------
    TypeError
        For anything but a string.

    Notes
    -----
    Inline elements leave nothing behind (``t-<b>shirt</b>`` is one word), block elements leave a newline, because
    shops put no full stop at the end of a line and the next line is another sentence. What was encoded several times
    (``&amp;nbsp;``) is decoded as often, three times at most; tags that come out of it stay, as text. A script, a
    comment or a tag that does not end is text. The result can be written as UTF-8: NUL, and halves of characters
    without the other half, are damage.
    """
    text = whole_characters(markup)
    text = _VERBATIM.sub("", text) if "<![CDATA[" in text else text
    text = _without(text, _hidden, "\n")
    text = _without(_without(text, _inline, ""), _tags, "\n")
    text = _LINES.sub("\n", _DAMAGE.sub(" ", _decoded(text)))
    return _BREAKS.sub("\n", _BLANKS.sub(" ", text)).strip()


def damaged(markup: str) -> bool:
    """Whether ``markup`` holds characters that were decoded wrongly."""
    return bool(_DAMAGE.search(_decoded(whole_characters(markup))))


def _decoded(text: str) -> str:
    """Entities as characters, those within entities, too."""
    # Python reads no number of thousands of digits; one of eight is as much beyond the last character.
    text = _NUMBER.sub(lambda match: "&#" + match[1] if len(match[1]) < 8 else "&#99999999", text)
    text = html.unescape(text)
    for _ in range(_ENCODINGS - 1):
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text


def _without(text: str, spans: Callable[[str], Iterable[tuple[int, int]]], instead: str) -> str:
    """``text`` with ``instead`` in place of the spans (start, end) that ``spans(text)`` gives, ascending."""
    kept: list[str] = []
    at = 0
    for start, end in spans(text):
        if start >= at:  # a span inside the one before is gone with it
            kept += [text[at:start], instead]
            at = end
    return "".join([*kept, text[at:]])


def _hidden(text: str) -> Iterator[tuple[int, int]]:
    """Elements whose content is no text, each to the first end of its name."""
    ends: dict[str, list[tuple[int, int]]] = {}
    for match in _HIDDEN_END.finditer(text):
        ends.setdefault(match[1].lower(), []).append(match.span())
    for match in _HIDDEN.finditer(text):
        mine = ends.get(match[1].lower(), [])
        first = bisect_left(mine, (match.end(),))
        if first < len(mine):
            yield match.start(), mine[first][1]


def _inline(text: str) -> Iterator[tuple[int, int]]:
    """Tags inside a line."""
    for start, end in _tag_ends(text):
        if end and _INLINE.match(text, start):
            yield start, end


def _tags(text: str) -> Iterator[tuple[int, int]]:
    """Tags, comments, declarations and instructions."""
    closing = {"-->": 0, ">": 0}  # the first of each from where it was last looked for

    def end_of(mark: str, start: int) -> int:
        if 0 <= closing[mark] < start:
            closing[mark] = text.find(mark, start)
        return closing[mark] + len(mark) if closing[mark] >= 0 else 0

    for start, end in _tag_ends(text):
        if text.startswith("<!--", start):
            end = end_of("-->", start + 4)
        elif _DECLARATION.match(text, start):
            end = end_of(">", start + 2)
        elif not _TAG.match(text, start):
            end = 0
        if end:
            yield start, end


def _tag_ends(text: str) -> Iterator[tuple[int, int]]:
    """Every "<" with where a tag that begins there ends; 0 where a "<" comes first, or a quote does not end.

    Notes
    -----
    Read from the back: what follows a mark outside of quotes is known when the mark is met, so that each is met once.
    """
    marks = [(match.start(), match[0]) for match in _SPECIAL.finditer(text)]
    ends = [0] * (len(marks) + 1)  # of a tag that goes on, outside of quotes, with mark k
    quotes: dict[str, int] = {}  # the last mark of each kind
    tags = []
    for k in range(len(marks) - 1, -1, -1):
        place, mark = marks[k]
        if mark == "<":
            tags.append((place, ends[k + 1]))
        elif mark == ">":
            ends[k] = place + 1
        else:
            ends[k] = ends[quotes[mark] + 1] if mark in quotes else 0
            quotes[mark] = k
    return reversed(tags)
