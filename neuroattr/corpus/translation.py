"""Tags as users type them, in several languages and spellings, merged into English words by a table (Section 3.2).

The paper translated by machine and mended by hand. Here a table made by hand is joined, offline, and what it did is
there to be read: every tag, the word it became and why, and every tag that the table does not know.
"""

import difflib
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import pandas as pd

from neuroattr import text

WHY = ("same", "japanese", "synonyms", "typos")
_SEPARATORS = re.compile(r"[\s_\-‐‑–—・]+")


@dataclass(frozen=True)
class Merged:
    """Tags after merging.

    Attributes
    ----------
    words : N lists
        English words of each picture, each once, in the order of its tags.
    audit : DataFrame, index: tag (normalised), most frequent first
        ``word`` it became, ``why`` (one of WHY), ``pictures`` that have it.
    unknown : DataFrame, index: tag (normalised), most frequent first
        ``pictures`` that have it and ``nearest``, the nearest tag of the table where one is near.
    """

    words: list[list[str]] = field(repr=False)
    audit: pd.DataFrame
    unknown: pd.DataFrame


def normalised(tag: str) -> str:
    """The tag without what no one means by it: width and case of letters, a leading #, kinds of spaces and hyphens.

    The spelling is that of ``text.normalised``, and raised and lowered characters are plain ones, too.

    >>> normalised("#Ｄｅｎｉｍ　Shirt ")
    'denim-shirt'
    """
    plain = text.normalised(unicodedata.normalize("NFKC", tag)).strip().lstrip("#")
    return _SEPARATORS.sub("-", plain).strip("-")


@cache
def table(name: str) -> pd.DataFrame:
    """The table ``name`` of the package ("street", "clothing"): index: tag (normalised); columns: word, why.

    A word is there as itself ("same"). An empty word says that the tag is left out on purpose.

    Raises
    ------
    ValueError
        For an unknown name, and for a table that takes one tag for two words.
    """
    folder = resources.files(__package__) / "translations"
    known = sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml"))
    if name not in known:
        raise ValueError(f"the translation tables are {', '.join(known)}; got {name!r}")
    return of_entries(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")))


def of_entries(entries: dict[str, dict[str, Sequence[str]]]) -> pd.DataFrame:
    """A table as ``table`` gives it, from ``{word: {why: tags}}``.

    Raises
    ------
    ValueError
        For an unknown reason, and for one tag that becomes two words.
    """
    rows = []
    for word, forms in entries.items():
        unknown = set(forms) - set(WHY[1:]) - {"dropped"}
        if unknown:
            raise ValueError(
                f"tags of {word!r} are listed as {', '.join(WHY[1:])}, or as dropped; got {sorted(unknown)}"
            )
        rows += [] if "dropped" in forms else [(normalised(word), word, "same")]
        rows += [
            (normalised(tag), "" if why == "dropped" else word, why) for why, tags in forms.items() for tag in tags
        ]
    found = pd.DataFrame(rows, columns=["tag", "word", "why"]).drop_duplicates(["tag", "word"]).set_index("tag")
    twice = found.index[found.index.duplicated()].unique()
    if len(twice):
        words = {tag: sorted(found.loc[tag, "word"]) for tag in twice[:3]}
        raise ValueError(f"a tag becomes one word; the table has several for {words}")
    return found


def merged(tags: Sequence[Sequence[str]], known: pd.DataFrame) -> Merged:
    """Merge the tags of N pictures by a table as ``table`` gives it.

    >>> known = of_entries({"skirt": {"japanese": ["スカート"], "typos": ["skrit"]}})
    >>> merged([["スカート", "skrit"], ["#ootd!"]], known).words
    [['skirt'], []]
    """
    cleaned = [list(dict.fromkeys(filter(None, map(normalised, mine)))) for mine in tags]
    counts = Counter(tag for mine in cleaned for tag in mine)
    word = known["word"].to_dict()
    words = [list(dict.fromkeys(word[tag] for tag in mine if word.get(tag))) for mine in cleaned]
    ranked = sorted(counts, key=lambda tag: (-counts[tag], tag))
    listed = [tag for tag in ranked if tag in word]
    audit = known.loc[listed].assign(pictures=[counts[tag] for tag in listed])
    strange = [tag for tag in ranked if tag not in word]
    unknown = pd.DataFrame(
        {"pictures": [counts[tag] for tag in strange], "nearest": [_nearest(tag, word) for tag in strange]},
        index=pd.Index(strange, name="tag", dtype=object),
    )
    return Merged(words, audit, unknown)


def _nearest(tag: str, known: dict[str, str]) -> str:
    near = difflib.get_close_matches(tag, known, n=1, cutoff=0.75)
    return near[0] if near else ""
