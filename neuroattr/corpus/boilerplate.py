"""Mentions that stand in boilerplate only, and what is left of a corpus without them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy.sparse

from neuroattr import text

from .report import Findings


def column(table: pd.DataFrame) -> str | None:
    """The column of texts that boilerplate is found in: description, or else title; None where there is neither."""
    return next((name for name in ("description", "title") if name in table), None)


def left(table: pd.DataFrame, read: str, *, repeated: int, markup: bool) -> text.Boilerplate:
    """What is left of the column `read` without boilerplate; without a column of shops all texts are one group."""
    groups = table["group"].astype(str) if "group" in table else [""] * len(table)
    said = table[read].map(text.plain) if markup else table[read]
    found: text.Boilerplate = text.boilerplate(said.tolist(), list(groups), least=repeated)
    return found


def without(
    table: pd.DataFrame, words: Sequence[str], mentions: scipy.sparse.csr_array, *, repeated: int, markup: bool = False
) -> tuple[tuple[str, ...], scipy.sparse.csr_array, Findings]:
    """Words that are left with mentions outside of boilerplate, these mentions, and a report.

    Parameters
    ----------
    table : DataFrame
        With a description (or else a title), a title that is read whole, and a group, as a corpus has them.
    words, mentions
        W words and which texts have them: sparse bool N x W.
    repeated
        Descriptions of one group that make a sentence boilerplate.
    markup
        Whether the table's texts are HTML, as a user's may be.

    Raises
    ------
    ValueError
        For a table without any text.
    """
    read = column(table)
    if read is None:
        raise ValueError(f"boilerplate is found in descriptions or titles; the table has {', '.join(table.columns)}")
    found = left(table, read, repeated=repeated, markup=markup)
    titles = table["title"] if read == "description" and "title" in table else pd.Series("", index=table.index)
    titles = titles.map(text.plain) if markup else titles
    documents = [text.tokens(f"{title}\n{said}") for title, said in zip(titles, found.texts, strict=True)]
    # Only mentions that were there stay: what a corpus left out for another reason (a brand's name) does not return.
    remaining = scipy.sparse.csr_array(mentions.multiply(text.mentions(documents, words)), dtype=bool)
    before, after = text.document_frequency(mentions), text.document_frequency(remaining)
    order = sorted(range(len(words)), key=lambda w: (after[w] - before[w], words[w]))
    lost = {words[w]: [int(before[w]), int(after[w])] for w in order if after[w] < before[w]}
    stays = [w for w in np.argsort(-after, kind="stable") if after[w]]
    report = found.report() | {"words that lost most to boilerplate": lost}
    return tuple(words[w] for w in stays), remaining[:, stays], report
