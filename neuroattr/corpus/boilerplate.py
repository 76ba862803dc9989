"""Mentions that stand in boilerplate only, and what is left of a corpus without them."""

import numpy as np
import pandas as pd
import scipy.sparse

from neuroattr import text


def without(table, words, mentions, *, repeated, markup=False):
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
    column = next((name for name in ("description", "title") if name in table), None)
    if column is None:
        raise ValueError(f"boilerplate is found in descriptions or titles; the table has {', '.join(table.columns)}")
    groups = table["group"].astype(str) if "group" in table else [""] * len(table)
    said = table[column].map(text.plain) if markup else table[column]
    found = text.boilerplate(said.tolist(), list(groups), least=repeated)
    titles = table["title"] if column == "description" and "title" in table else pd.Series("", index=table.index)
    titles = titles.map(text.plain) if markup else titles
    documents = [text.tokens(f"{title}\n{said}") for title, said in zip(titles, found.texts, strict=True)]
    # Only mentions that were there stay: what a corpus left out for another reason (a brand's name) does not return.
    left = scipy.sparse.csr_array(mentions.multiply(text.mentions(documents, words)), dtype=bool)
    before, after = text.document_frequency(mentions), text.document_frequency(left)
    order = sorted(range(len(words)), key=lambda w: (after[w] - before[w], words[w]))
    lost = {words[w]: [int(before[w]), int(after[w])] for w in order if after[w] < before[w]}
    stays = [w for w in np.argsort(-after, kind="stable") if after[w]]
    report = found.report() | {"words that lost most to boilerplate": lost}
    return [words[w] for w in stays], left[:, stays], report
