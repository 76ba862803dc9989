"""Words of a text, the words that say nothing, and how many texts have each word."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
import scipy.sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

STOP_WORDS = frozenset(ENGLISH_STOP_WORDS)
# The list is scikit-learn's, which may change; a test compares this, because results depend on it.
STOP_WORDS_SHA256 = "40e0a284c5b9a220efffd18d4d739fbd3270091d6ce2c75b6effe289d3be5487"

_WORD = r"[^\W_]+(?:[-'][^\W_]+)*"
_WORDS = re.compile(_WORD)
_PIECES = re.compile(rf"{_WORD}|[,;]")
_ENDS = re.compile(r"\n|[.!?:•|](?=\s|$)")
_POSSESSIVE = re.compile(r"'s\b|(?<=s)'(?=\s|$)")


def stop_words_digest(words=STOP_WORDS):
    """sha256 of a stop list: of its words in order, one a line."""
    return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()


def tokens(text):
    """Words and numbers of ``text`` in lower case, compounds with hyphens whole, possessive endings dropped.

    >>> tokens("Women's V-neck T-shirt, 100% Cotton")
    ['women', 'v-neck', 't-shirt', '100', 'cotton']
    """
    return _WORDS.findall(_lowered(text))


def sentences(text):
    """Sentences of ``text`` as tuples of tokens and commas: what a tagger reads. Lines end sentences.

    >>> sentences("Men Red Shirt. Soft, light")
    [('men', 'red', 'shirt'), ('soft', ',', 'light')]
    """
    pieces = (tuple(_PIECES.findall(sentence)) for sentence in _ENDS.split(_lowered(text)))
    return [piece for piece in pieces if piece]


def bags(texts, *, stop_words=STOP_WORDS):
    """Bags of words: counts of each word in each text (sparse int32 N x V), and the V words in order."""
    documents = [[word for word in tokens(text) if word not in stop_words] for text in texts]
    vocabulary = sorted({word for document in documents for word in document})
    counts = _counted(documents, {word: v for v, word in enumerate(vocabulary)})
    return counts, vocabulary


def mentions(documents, words):
    """Which documents have which words.

    Parameters
    ----------
    documents : N sequences of tokens
    words : W words
        A word of several tokens ("polka dot") is found where its tokens follow each other.

    Returns
    -------
    scipy.sparse.csr_array, bool N x W
    """
    column = {tuple(tokens(word)): w for w, word in enumerate(words)}
    if len(column) < len(words) or () in column:
        raise ValueError("candidate words must be words, each different from the others in lower case")
    lengths = sorted({len(key) for key in column})
    rows = [np.unique([column[gram] for gram in _grams(document, lengths) if gram in column]) for document in documents]
    return _indicator(rows, len(column))


def document_frequency(found):
    """Number of documents that have each word: int64 W, of sparse bool N x W."""
    return np.asarray(scipy.sparse.csr_array(found).astype(np.int64).sum(axis=0)).ravel()


def without_phrase(document, phrase):
    """The tokens of ``document`` without any occurrence of the tokens of ``phrase`` in a row.

    >>> without_phrase(["red", "tape", "men", "red", "shoes"], ["red", "tape"])
    ['men', 'red', 'shoes']
    """
    document, phrase = list(document), list(phrase)
    kept, i = [], 0
    while i < len(document):
        if phrase and document[i : i + len(phrase)] == phrase:
            i += len(phrase)
        else:
            kept.append(document[i])
            i += 1
    return kept


def _lowered(text):
    return _POSSESSIVE.sub("", text.replace("’", "'").replace("‐", "-").lower())


def _grams(document: Sequence[str], lengths):
    document = tuple(document)
    for n in lengths:
        for i in range(len(document) - n + 1):
            yield document[i : i + n]


def _counted(documents, column):
    indices = np.fromiter((column[word] for document in documents for word in document), np.int32)
    starts = np.r_[0, np.cumsum([len(document) for document in documents])].astype(np.int64)
    counts = scipy.sparse.csr_array((np.ones(len(indices), np.int32), indices, starts), (len(documents), len(column)))
    counts.sum_duplicates()
    return counts


def _indicator(rows, n_columns):
    starts = np.r_[0, np.cumsum([len(row) for row in rows])].astype(np.int64)
    indices = np.concatenate([np.asarray(row, np.int64) for row in rows]) if rows else np.zeros(0, np.int64)
    return scipy.sparse.csr_array((np.ones(len(indices), bool), indices, starts), (len(rows), n_columns))
