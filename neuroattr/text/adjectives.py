"""Candidate attribute words: the adjectives that most texts have (Discovery, Section 3.1, "Syntactic analysis")."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from neuroattr import checks

from .normalisation import MARK, normalised
from .tokens import STOP_WORDS

ADJECTIVES = frozenset({"JJ", "JJR", "JJS"})
_MARKS = re.compile(MARK)
Tagger = Callable[[Sequence[Sequence[str]]], list[list[str]]]


@dataclass(frozen=True)
class Rule:
    """What counts as a candidate word.

    Parameters
    ----------
    lexicon
        Words that are adjectives whatever the tagger says (in union with it), in any spelling, as those below.
    excluded
        Words that are never candidates, e.g. names of brands.
    share
        Least share of the occurrences of a word (0 to 1) that must be tagged as adjectives, for words outside the
        lexicon: it keeps out nouns that a tagger mistakes now and then.
    """

    lexicon: frozenset[str] = field(default=frozenset(), repr=False)
    excluded: frozenset[str] = field(default=frozenset(), repr=False)
    share: float = 0.0

    def __post_init__(self) -> None:
        checks.between(self.share, 0, 1, name="share")
        for name in ("lexicon", "excluded"):
            object.__setattr__(self, name, frozenset(map(normalised, getattr(self, name))))


def adjectives(
    documents: Sequence[Sequence[tuple[str, ...]]], tagger: Tagger, *, rule: Rule = Rule()
) -> dict[str, int]:
    """Adjectives of ``documents``, those in most documents first; ties in alphabetical order.

    Parameters
    ----------
    documents : N lists of sentences, each a tuple of lower-case tokens
        As ``text.sentences`` gives them.
    tagger
        ``tagger(sentences)`` gives the Penn Treebank tags of each sentence. It sees every different sentence once.

    Returns
    -------
    dict of int
        Document frequency of each adjective: the number of documents in which it is used as one.

    Notes
    -----
    The paper takes the tags JJ, JJR and JJS, lower case, no lemmas. The tagger's mistakes stay in ("flip" from
    "flip-flop"), unless ``rule`` asks for more. A trap: product titles are Title Case, in which a tagger takes
    adjectives for names; the sentences must be in lower case.
    """
    different = list(dict.fromkeys(sentence for document in documents for sentence in document))
    used: Counter[str] = Counter()
    as_adjective: Counter[str] = Counter()
    tagged: dict[tuple[str, ...], frozenset[str]] = {}
    repeats = Counter(sentence for document in documents for sentence in document)
    for sentence, tags in zip(different, tagger(different), strict=True):
        if len(tags) != len(sentence):
            raise ValueError(
                f"a tagger gives one tag a token; it gave {len(tags)} for the {len(sentence)} of {sentence}"
            )
        marked = [tag in ADJECTIVES or word in rule.lexicon for word, tag in zip(sentence, tags, strict=True)]
        used.update({word: n * repeats[sentence] for word, n in Counter(sentence).items()})
        hits = Counter(word for word, adjective in zip(sentence, marked, strict=True) if adjective and _is_word(word))
        as_adjective.update({word: n * repeats[sentence] for word, n in hits.items()})
        tagged[sentence] = frozenset(hits)
    frequency = Counter(
        word for document in documents for word in frozenset[str]().union(*(tagged[sentence] for sentence in document))
    )
    kept = {
        word: n
        for word, n in frequency.items()
        if word not in rule.excluded and (word in rule.lexicon or as_adjective[word] >= rule.share * used[word])
    }
    return dict(sorted(kept.items(), key=lambda item: (-item[1], item[0])))


def _is_word(word: str) -> bool:
    """Letters (with their marks, and hyphens) only, at least two characters, and not a stop word."""
    return len(word) > 1 and _MARKS.sub("", word).replace("-", "").isalpha() and word not in STOP_WORDS
