"""The fields of a Corpus from a table of pictures and texts: pictures opened, words found, splits drawn."""

import logging
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from neuroattr import checks, text

from . import boilerplate, folders, splits, tagging
from . import words as vocabulary
from .annotations import Annotations
from .columns import path_fault
from .faults import printable
from .inspection import FAULTS, faults, inspected
from .report import Findings, Report
from .sources import ImageSource, Source


@dataclass(frozen=True)
class Options:
    """How to make a corpus from a user's data; see ``Corpus.from_table``."""

    words: Sequence[str] | None = None
    n_words: int = 250
    seed: int = 0
    split_by: str = "listing"
    name: str | None = None
    boilerplate: str = "keep"
    repeated: int = 3
    words_from: str = "texts"
    encoding: str | None = None
    separator: str = ","

    def __post_init__(self) -> None:
        checks.one_of(self.boilerplate, tagging.BOILERPLATE, name="boilerplate")
        checks.one_of(self.words_from, vocabulary.WORDS_FROM, name="words_from")
        object.__setattr__(self, "words", vocabulary.given(self.words))
        if not isinstance(self.n_words, numbers.Integral) or self.n_words < 1:
            raise ValueError(f"n_words is how many words to take, 1 or more; got {self.n_words!r}")
        if self.split_by not in splits.SPLIT_BY:
            raise ValueError(f'split_by is "listing" or "shop"; got {self.split_by!r}')


def fields(
    table: pd.DataFrame,
    source: Source,
    options: Options,
    recipe: dict[str, object],
    *,
    default_name: str,
    report: Report,
) -> dict[str, Any]:
    """Check pictures, find words, split: everything a Corpus takes."""
    table, found = _usable(table, source)
    report |= found
    texts = _texts(table)
    lacking = {name: table.index[table[name] == ""].tolist() for name in ("category", "group") if name in table}
    lacking = {"text": table.index[texts.str.strip() == ""].tolist(), **lacking}
    report |= {f"without {what}": ids for what, ids in lacking.items() if ids}
    if options.words_from == "folders":
        folder = table["category"] if "category" in table else [""] * len(table)
        words, mentions, facts = vocabulary.of_folders(folder, options)
    else:
        words, mentions, facts = vocabulary.of_texts(texts, _without_boilerplate(table, options), options)
    recipe = recipe | {"seed": options.seed, "split by": options.split_by, "words": facts.pop("words from")}
    recipe |= {"boilerplate": options.boilerplate}
    report |= facts
    name = options.name or default_name
    if not words:
        report["no words"] = _why_no_words(table, texts, options, report)
        logging.getLogger(__name__).warning("the corpus %s has no words: %s", name, report["no words"])
    groups = table["group"] if options.split_by == "shop" and "group" in table else None
    if options.split_by == "shop" and groups is None:
        raise ValueError('split_by="shop" needs the shops; name their column with group_column')
    table = table.assign(split=splits.assigned(table.index, seed=options.seed, groups=groups).to_numpy())
    return {
        "name": name, "table": table, "words": words, "mentions": mentions, "source": source,
        "annotations": Annotations(), "report": report, "recipe": recipe,
    }  # fmt: skip


def _usable(table: pd.DataFrame, source: Source) -> tuple[pd.DataFrame, Report]:
    """The rows whose picture can be opened, and the others by their fault."""
    report, first = Report(), ""
    if isinstance(source, ImageSource):
        named = {id: path_fault(path, source.root) for id, path in source.files.items()}
        for id, (fault, remedy) in named.items():
            if fault:
                report.setdefault(fault, []).append(id)
                first = first or f"{source.files[id]!r} ({fault}): {remedy}"
        table = table[[not named[id][0] for id in table.index]]
    inspection = inspected(source, list(table.index))
    report |= faults(inspection)
    left = table[~inspection["fault"].isin(FAULTS).to_numpy()]
    if left.empty:
        count = sum(len(ids) for fault, ids in report.items() if fault != "repeated image")
        first = first or printable(inspection["detail"].iloc[0])
        raise ValueError(f"none of the {count} pictures can be used; the first: {first}")
    return left, report


def _why_no_words(table: pd.DataFrame, texts: pd.Series, options: Options, report: Report) -> str:
    """One sentence: why there are none, and what to do."""
    if options.words_from == "folders":
        return "all pictures lie in one folder, or in none with a name that was given; words tell pictures apart"
    remedy = "name columns of texts with text_columns"
    if "title" in table and (texts.str.strip() == "").all():
        remedy = "write a text beside each picture (blue.txt for blue.jpg)"
        remedy += ', or take the names of the folders as words with words_from="folders"' if "category" in table else ""
    elif "title" in table:
        what = "adjective" if options.words is None else "given word"
        return f"no {what} is in some but not in all of the {len(table)} texts; name other words with words"
    if folders.FITTING in report:
        fit = report[folders.FITTING][0]
        remedy = f"the files beside them are in another encoding: pass encoding={fit!r} if it is that one"
    return f"no picture has a text; {remedy}"


def _texts(table: pd.DataFrame) -> pd.Series:
    columns = [table[name] for name in ("title", "description") if name in table]
    if not columns:
        return pd.Series("", index=table.index, dtype=object)
    return (columns[0].str.cat(columns[1:], sep="\n") if len(columns) > 1 else columns[0]).map(text.plain)


def _without_boilerplate(table: pd.DataFrame, options: Options) -> tuple[pd.Series, Findings] | None:
    """What is left of the texts (of the description, where there is one) and a report; None where all is kept.

    Without a column of shops all texts are one group.
    """
    column = boilerplate.column(table)
    if options.boilerplate == "keep" or column is None:
        return None
    left = boilerplate.left(table, column, repeated=options.repeated, markup=True)
    return _texts(table.assign(**{column: left.texts})), left.report()
