"""How often each attribute is said of each picture: from captions, or from what is known of whole classes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np
import scipy.sparse

from neuroattr import text

from . import captions, class_phrases
from .collection import Corpus

Words = Literal["captions", "classes"]
SYNONYMS = {"bill": "beak", "gray": "grey"}
"""What *Summarization* prints both of: its sentences say beak, its figure 5 says bill, too."""


def attribute_counts(
    corpus: Corpus,
    *,
    words: Words = "captions",
    grammar: text.Grammar | None = None,
    synonyms: Mapping[str, str] | None = None,
    percentage: float = 50.0,
    at_least: int = 1,
) -> tuple[scipy.sparse.csr_array, tuple[str, ...]]:
    """Attributes of the form adjective–noun, and how often they are said of each picture.

    Parameters
    ----------
    corpus
        N pictures with ``annotations.captions``, or with ``classes`` and ``class_attributes``.
    words
        ``"captions"``: as often as a picture's captions name an attribute (``text.phrases``). ``"classes"``: once for
        every picture of a class of which at least ``percentage`` per cent have it.
    grammar
        How captions are read.
    synonyms
        Words to be read as another one: `SYNONYMS`, say. None takes them as they are.
    at_least
        Leave out attributes that are said less often in all.

    Returns
    -------
    counts, attributes
        Sparse int N x T, most often said first, and the T attributes. A picture of which nothing is said has a row of
        zeros.

    Raises
    ------
    ValueError
        Another source, no captions or no table of class attributes, no attribute that is said often enough.

    Notes
    -----
    *Summarization*, Visual Attribute Extraction.
    """
    if words not in get_args(Words):
        raise ValueError(f'words come from "captions" or "classes"; got {words!r}')
    made = _of_captions(corpus, grammar) if words == "captions" else _of_classes(corpus, percentage)
    counts, attributes = _renamed(*made, synonyms or {})
    total = np.asarray(counts.sum(axis=0)).ravel()
    kept = sorted(np.flatnonzero(total >= max(at_least, 1)).tolist(), key=lambda t: (-total[t], attributes[t]))
    if not kept:
        raise ValueError(
            f"{corpus.name} has no attribute that its {words} name at least {at_least} times; lower at_least, or see "
            "what text.phrases finds in a caption"
        )
    return scipy.sparse.csr_array(counts[:, kept]), tuple(attributes[t] for t in kept)


def _of_captions(corpus: Corpus, grammar: text.Grammar | None) -> tuple[scipy.sparse.csr_array, tuple[str, ...]]:
    said = corpus.annotations.captions
    if said is None or said.empty:
        raise ValueError(f'no picture of {corpus.name} has a caption; words="classes" takes attributes of classes')
    how = text.Grammar() if grammar is None else grammar
    return captions.counts(said, list(corpus.ids), lambda caption: text.phrases(text.plain(caption), grammar=how))


def _of_classes(corpus: Corpus, percentage: float) -> tuple[scipy.sparse.csr_array, tuple[str, ...]]:
    known, classes = corpus.annotations.class_attributes, corpus.annotations.classes
    if known is None or classes is None:
        raise ValueError(f'{corpus.name} has no table of class attributes; words="captions" takes them from captions')
    if not 0 < percentage <= 100:
        raise ValueError(f"percentage must be above 0 and at most 100; got {percentage}")
    table = class_phrases.phrases(known) >= percentage
    rows = table.reindex(classes["label"].reindex(corpus.ids)).fillna(False).to_numpy(bool)
    return scipy.sparse.csr_array(rows.astype(np.int64)), tuple(table.columns)


def _renamed(
    counts: scipy.sparse.csr_array, attributes: tuple[str, ...], synonyms: Mapping[str, str]
) -> tuple[scipy.sparse.csr_array, tuple[str, ...]]:
    """Columns whose attributes are the same after renaming are added."""
    names = [re.sub(r"\S+", lambda word: synonyms.get(word[0], word[0]), attribute) for attribute in attributes]
    different = list(dict.fromkeys(names))
    column = {name: t for t, name in enumerate(different)}
    joins = scipy.sparse.csr_array(
        (np.ones(len(names), np.int64), (np.arange(len(names)), [column[name] for name in names])),
        shape=(len(names), len(different)),
    )
    return scipy.sparse.csr_array(counts @ joins), tuple(different)
