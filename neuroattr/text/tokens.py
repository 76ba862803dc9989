"""Words of a text, the words that say nothing, and how many texts have each word."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import scipy.sparse
from jaxtyping import Int
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from .candidates import Phrases
from .normalisation import LETTER, MARK, RUN_LETTER, normalised

STOP_WORDS = frozenset(ENGLISH_STOP_WORDS)

# No group is repeated possessively: before 3.11.5, Python then matches wrongly (CPython issue 106052).
_PART = f"(?:{LETTER}++{MARK}*+)+"
_CHARACTER = f"{RUN_LETTER}{MARK}*+"
_WORD = rf"{_PART}(?:[-']{_PART}|(?<=l)·(?=l){_PART})*|(?:{_CHARACTER})+"
_WORDS = re.compile(_WORD)
_PIECES = re.compile(rf"{_WORD}|[,;]")
_CHARACTERS = re.compile(_CHARACTER)
# Lines; marks that stand inside numbers and names, too, and end a sentence before a blank; marks that always end one.
_ENDS = re.compile(r"[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]|[.!?:•|](?=\s|$)|[؟۔।॥።፧፨։។៕။。｡！？：｜]|．(?!\d)")
_POSSESSIVE = re.compile(r"'s\b|(?<=s)'(?=\s|$)")


def stop_words_digest() -> str:
    """sha256 of `STOP_WORDS`: of its words in order, one a line. The list is scikit-learn's, which may change."""
    return hashlib.sha256("\n".join(sorted(STOP_WORDS)).encode()).hexdigest()


def tokens(text: str) -> list[str]:
    """Words and numbers of ``text`` in one spelling, compounds with hyphens whole, possessive endings dropped.

    Notes
    -----
    The spelling is that of ``text.normalised``: lower case, composed, without soft hyphens and the like. Marks belong
    to the letter before them, in all scripts. In scripts without blanks (Thai, Lao, Khmer, Myanmar, kana, ideographs) a
    run of letters is one token, and ends where another script begins: ``mentions`` finds words inside it, and ``bags``
    counts its pairs of neighbouring characters.

    Examples
    --------
    >>> tokens("Women's V-neck T-shirt, 100% Cotton")
    ['women', 'v-neck', 't-shirt', '100', 'cotton']
    >>> tokens("नीली Tシャツ")
    ['नीली', 't', 'シャツ']
    """
    return _WORDS.findall(_spelled(text))


def sentences(text: str) -> list[tuple[str, ...]]:
    """Sentences of ``text`` as tuples of tokens and commas: what a tagger reads. Lines end sentences.

    >>> sentences("Men Red Shirt. Soft, light")
    [('men', 'red', 'shirt'), ('soft', ',', 'light')]
    """
    pieces = (tuple(_PIECES.findall(sentence)) for sentence in _ENDS.split(_spelled(text)))
    return [piece for piece in pieces if piece]


def bags(texts: Iterable[str], *, stop_words: Iterable[str] = STOP_WORDS) -> tuple[scipy.sparse.csr_array, list[str]]:
    """Bags of words: counts of each word in each text (sparse int32 N x V), and the V words in order.

    A run of a script without blanks counts as its pairs of neighbouring characters.
    """
    left_out = frozenset(map(normalised, stop_words))
    documents = [[part for word in tokens(text) if word not in left_out for part in _pairs(word)] for text in texts]
    vocabulary = sorted({word for document in documents for word in document})
    counts = _counted(documents, {word: v for v, word in enumerate(vocabulary)})
    return counts, vocabulary


def mentions(documents: Iterable[Sequence[str]], words: Iterable[str]) -> scipy.sparse.csr_array:
    """Which documents have which words.

    Parameters
    ----------
    documents : N sequences of tokens
        As ``tokens`` gives them.
    words : W words
        In any spelling: they become tokens, too. A word of several tokens ("polka dot") is found where its tokens
        follow each other.

    Returns
    -------
    scipy.sparse.csr_array, bool N x W

    Raises
    ------
    ValueError
        For words without a letter or digit, with half a character, and for two that are the same in one spelling.
    TypeError
        For one string in place of several words, and for words that are no strings.

    Notes
    -----
    A word with letters of a script without blanks is found wherever its characters follow each other inside a run, so
    パン is found in パンツ, too. A word without harakat or niqqud is found with them, too; one that has them is found
    with the same only.
    """
    phrases = Phrases.of_words(words, tokens)
    return _indicator([phrases.found(document) for document in documents], len(phrases.names))


def document_frequency(mentions: scipy.sparse.sparray) -> Int[np.ndarray, " W"]:
    """Number of documents that have each word: int64 W, of sparse bool N x W."""
    return np.asarray(scipy.sparse.csr_array(mentions).astype(np.int64).sum(axis=0)).ravel()


def without_phrase(document: Sequence[str], phrase: Sequence[str]) -> list[str]:
    """The tokens of ``document`` without any occurrence of the tokens of ``phrase`` in a row.

    >>> without_phrase(["red", "tape", "men", "red", "shoes"], ["red", "tape"])
    ['men', 'red', 'shoes']
    """
    # Between two marks each, which no token holds, tokens are found as a whole and in linear time.
    marked = ["".join(f"\n{token}\r" for token in row) for row in (document, phrase)]
    left = marked[0].replace(marked[1], "") if marked[1] else marked[0]
    return left[1:-1].split("\r\n") if left else []


def _spelled(text: str) -> str:
    return _POSSESSIVE.sub("", normalised(text))


def _pairs(word: str) -> Sequence[str]:
    """The word itself, or the pairs of neighbouring characters of a run in a script without blanks."""
    if word.isascii() or not _CHARACTERS.match(word):
        return (word,)
    characters = _CHARACTERS.findall(word)
    return [first + second for first, second in pairwise(characters)] or (word,)


def _counted(documents: Sequence[Sequence[str]], column: Mapping[str, int]) -> scipy.sparse.csr_array:
    indices = np.fromiter((column[word] for document in documents for word in document), np.int32)
    starts = np.r_[0, np.cumsum([len(document) for document in documents])].astype(np.int64)
    counts = scipy.sparse.csr_array((np.ones(len(indices), np.int32), indices, starts), (len(documents), len(column)))
    counts.sum_duplicates()
    return counts


def _indicator(rows: Sequence[Sequence[int]], n_columns: int) -> scipy.sparse.csr_array:
    starts = np.r_[0, np.cumsum([len(row) for row in rows])].astype(np.int64)
    indices = np.concatenate([*(np.asarray(row, np.int64) for row in rows), np.zeros(0, np.int64)])
    return scipy.sparse.csr_array((np.ones(len(indices), bool), indices, starts), (len(rows), n_columns))
