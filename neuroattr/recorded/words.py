"""Which words of a corpus have enough pictures on both sides to be learned."""

import numpy as np
import pandas as pd

from neuroattr.corpus import Corpus


def learnable(corpus: Corpus, at_least: float) -> list[str]:
    """Words that `at_least` so many pictures of each part have, and as many have not; most frequent first.

    Notes
    -----
    Where there are categories, at least one of each part must have pictures with the word and without it, so that the
    contrast matched by category can be drawn as well.
    """
    table, words = corpus.table, list(corpus.words)
    split = table["split"].to_numpy()
    mentioned = pd.DataFrame(corpus.mentions.toarray(), columns=words)
    counts, sizes = mentioned.groupby(split).sum(), mentioned.groupby(split).size()
    enough = (np.minimum(counts, counts.rsub(sizes, axis=0)) >= at_least).all()
    if "category" in table:
        shares = mentioned.groupby([split, table["category"].astype(str).to_numpy()]).mean()
        enough &= ((shares > 0) & (shares < 1)).groupby(level=0).any().all()
    return [word for word in corpus.frequency.index if enough[word]]
