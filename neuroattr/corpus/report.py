"""Report: what was found wrong with a corpus, whole inside and short in print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import scipy.sparse

from .splits import SPLITS

Findings = dict[str, Any]  # what was found, by name: lists of ids, counts, sentences
EXAMPLES, WIDTH = 3, 60  # examples of each entry in print, and characters of one


class Report(Findings):
    """Faults and findings by name: lists of ids, counts, or sentences; whole inside, printed in one line each.

    >>> Report({"missing image": ["a.jpg", "b.jpg", "c.jpg", "d.jpg"], "no words": "no picture has a text"})
    Report with 2 entries; report["missing image"] is the whole of one
      missing image: 4, e.g. 'a.jpg', 'b.jpg', 'c.jpg'
      no words: no picture has a text
    """

    def __repr__(self) -> str:
        if not self:
            return "Report without entries"
        first, number = next(iter(self)), f"{len(self)} {'entry' if len(self) == 1 else 'entries'}"
        head = f'Report with {number}; report["{first}"] is the whole of one'
        return "\n".join([head, *(f"  {name}: {_short(value)}" for name, value in self.items())])

    def __or__(self, other: Any) -> Any:
        return Report({**self, **other}) if isinstance(other, dict) else NotImplemented

    def __ror__(self, other: Any) -> Any:
        return Report({**other, **self}) if isinstance(other, dict) else NotImplemented

    def copy(self) -> Report:
        """The same entries in another report."""
        return Report(self)


def line(table: pd.DataFrame, words: Sequence[str], report: Findings, *, name: str, generated: bool | None) -> str:
    """What a corpus of this name holds, in one line."""
    counts = table["split"].value_counts()
    parts = ", ".join(f"{part} {counts[part]:,}" for part in SPLITS if part in counts)
    kind = {True: ", generated", False: ", real", None: ""}[generated]
    number = f"{len(words):,} words"
    if not len(words) and "no words" in report:
        number += ' (why: .report["no words"])'
    return f"Corpus({name!r}{kind}: {len(table):,} pictures, {number}; {parts})"


def summary(
    table: pd.DataFrame, words: Sequence[str], mentions: scipy.sparse.csr_array, report: Findings, *, name: str
) -> pd.DataFrame:
    """What a corpus of this name holds and which faults were found, as a table of two columns."""
    counts = table["split"].value_counts()
    rows = {
        "pictures": len(table),
        **{f"pictures in {part}": int(counts.get(part, 0)) for part in SPLITS},
        "words": len(words),
        "words per picture (mean)": round(mentions.sum() / max(len(table), 1), 2),
        **{column: int(table[column].nunique()) for column in ("category", "group") if column in table},
        **{entry: len(value) if isinstance(value, list | dict) else value for entry, value in report.items()},
    }
    return pd.DataFrame({"count": rows.values()}, index=pd.Index(rows, name=name), dtype=object)


def _short(value: object) -> str:
    """Count and examples of a list or dict, anything else as it is, in one line."""
    if isinstance(value, dict):
        examples = [f"{_cut(str(name))} {_cut(repr(one))}" for name, one in list(value.items())[:EXAMPLES]]
    elif isinstance(value, list | tuple):
        examples = [_cut(repr(one)) for one in value[:EXAMPLES]]
    else:
        return " ".join(str(value).split())
    return f"{len(value):,}{', e.g.' if len(value) > EXAMPLES else ':'} {', '.join(examples)}" if examples else "0"


def _cut(said: str) -> str:
    said = said.encode("utf-8", "backslashreplace").decode()
    return said if len(said) <= WIDTH else f"{said[: WIDTH - 1]}…"
