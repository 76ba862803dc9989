"""Attributes that texts name: adjectives and the noun they stand before ("long orange bill"), in noun phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .adjectives import ADJECTIVES, Tagger
from .lexicon import ADVERBS, FUNCTION_WORDS, IRREGULAR, NOUNS, PARTICIPLES, SECOND_NOUNS, VISUAL_ADJECTIVES
from .tokens import sentences

CONJUNCTIONS = frozenset({"and", "or", ",", "&"})
EMPTY_NOUNS = frozenset({"bird", "fowl", "waterbird", "animal"})
"""The whole: a phrase about it names no part, and is left out."""
EMPTY_WORDS = frozenset(
    {"sized", "size", "particular", "shaped", "looking"}
    | {f"{stem}{end}" for stem in ("color", "colour") for end in ("", "s", "ed", "ing", "ation")}
)
"""Words that say nothing and are passed over: "a gray colored wing" is a gray wing."""
_ENDINGS = re.compile(r".{3,}(?:ish|ed|ous|ful|less|ive|ical|like|y)$")
_EMPTY_ENDINGS = re.compile(r"(?<=.)-(?:sized?|colou?red)$")
_COPULAS = frozenset({"is", "are", "was", "were", "be", "been", "being", "look", "looks", "appear", "appears"})
_RELATIVES = frozenset({"that", "which"})


@dataclass(frozen=True)
class Grammar:
    """What counts as adjective and as noun, and which sentences are read besides noun phrases.

    Parameters
    ----------
    adjectives, nouns
        Words (nouns in the singular) that are this whatever a tagger says.
    empty_nouns, empty_words
        Nouns of which no phrase is wanted, and words that are passed over.
    predicates
        Also read what a sentence says of a noun behind it: "wings that are brown", "the bill is short and pointy".
    shared
        Adjectives go with every noun of a list that has none of its own: "black wings, tail and head".
    tagger
        ``tagger(sentences)`` gives the Penn Treebank tags of each sentence of tokens, for words outside the lexicon;
        else their endings decide, and one that stands where a noun is wanted is a noun.
    """

    adjectives: frozenset[str] = field(default=VISUAL_ADJECTIVES, repr=False)
    nouns: frozenset[str] = field(default=NOUNS, repr=False)
    empty_nouns: frozenset[str] = field(default=EMPTY_NOUNS, repr=False)
    empty_words: frozenset[str] = field(default=EMPTY_WORDS, repr=False)
    predicates: bool = False
    shared: bool = False
    tagger: Tagger | None = field(default=None, repr=False)


def phrases(text: str, *, grammar: Grammar = Grammar()) -> list[str]:
    """Attributes of the form adjective–noun that a text names, in its order, each as often as it is named.

    Parameters
    ----------
    text : str
        A caption or description, without markup (`plain`). Damaged characters separate words.
    grammar
        Words known to be adjectives or nouns, and options.

    Returns
    -------
    list of str
        Lower case, the noun in the singular. Several adjectives before one noun are one attribute; joined by "and" they
        are several: "black and white wings" has two. Adverbs are dropped ("very long bill").

    Raises
    ------
    TypeError
        For what is no text.

    Notes
    -----
    *Summarization*, Visual attribute extraction: "word tokenization, part-of-speech tagging and noun-phrase chunking.
    For simplicity, we only consider adjective-noun type attributes with no recursion". Here the lexicon comes first and
    the tagger is asked of other words only.

    Examples
    --------
    >>> phrases("a bird with black and white wings and a long orange bill")
    ['black wing', 'white wing', 'long orange bill']
    >>> phrases("its wings are brown", grammar=Grammar(predicates=True))
    ['brown wing']
    """
    if not isinstance(text, str):
        raise TypeError(f"phrases are read from a text; got {type(text).__name__} {text!r}")
    found: list[str] = []
    read = [
        tuple(_EMPTY_ENDINGS.sub("", word) for word in sentence) for sentence in sentences(text.replace("\ufffd", " "))
    ]
    tags: Sequence[Sequence[str | None]] = [[None] * len(sentence) for sentence in read]
    if grammar.tagger:
        tags = grammar.tagger(read)
    for sentence, tagged in zip(read, tags, strict=True):
        kinds = [_kind(word, grammar, tag) for word, tag in zip(sentence, tagged, strict=True)]
        found += _attributes(sentence, kinds, grammar)
    return found


def singular(noun: str) -> str:
    """A noun in the singular.

    >>> [singular(noun) for noun in ("wings", "feet", "patches", "bellies", "tarsi", "dress", "iris")]
    ['wing', 'foot', 'patch', 'belly', 'tarsus', 'dress', 'iris']
    """
    if noun in IRREGULAR:
        return IRREGULAR[noun]
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("ches", "shes", "sses", "xes", "zes", "uses")):
        return noun[:-2]
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 3:
        return noun[:-1]
    return noun


def _kind(word: str, grammar: Grammar, tag: str | None) -> str:
    """A(djective), N(oun), B(oth), R (adverb), C(onjunction), E(mpty), U(nknown), or X, which ends a phrase."""
    if word in CONJUNCTIONS:
        return "C"
    if word in grammar.empty_words:
        return "E"
    one, adjective = singular(word), word in grammar.adjectives
    noun = one in grammar.nouns or one in grammar.empty_nouns
    if noun or adjective:
        return "B" if noun and adjective else "N" if noun else "A"
    if word in ADVERBS:
        return "R"
    if word in FUNCTION_WORDS:
        return "X"
    if "-" in word:
        return _compound(word, grammar)
    if tag is not None:
        return "A" if tag in ADJECTIVES else "N" if tag in ("NN", "NNS") else "R" if tag == "RB" else "X"
    if word in PARTICIPLES or _ENDINGS.match(word):
        return "A"
    return "R" if word.endswith("ly") else "U"  # unknown: a noun if it stands where one is wanted


def _compound(word: str, grammar: Grammar) -> str:
    """Of a word with a hyphen."""
    first, *_, last = word.split("-")
    if last in grammar.empty_words:
        return "A" if first in grammar.adjectives else "E"
    if last in grammar.adjectives or last.endswith("ed"):
        return "A"
    return "N" if singular(last) in grammar.nouns else "A" if first in grammar.adjectives else "U"


def _attributes(sentence: Sequence[str], kinds: list[str], grammar: Grammar) -> Iterator[str]:
    """Attributes of one sentence, in order."""
    n, before_nouns = 0, _before_nouns(kinds)
    while n < len(sentence):
        groups, end = _adjectives(sentence, kinds, before_nouns, n)
        noun, after = _noun(sentence, kinds, end, grammar, bool(groups))
        n = max(after, n + 1)
        if not noun:
            continue
        nouns = [noun]
        if groups and grammar.shared:
            more, n = _more_nouns(sentence, kinds, n, grammar)
            nouns += more
        said: list[list[str]] = []
        if grammar.predicates:
            said, n = _predicate(sentence, kinds, n)
        for each in nouns:
            if each.rpartition(" ")[2] not in grammar.empty_nouns:
                yield from (f"{' '.join(group)} {each}" for group in groups + said)


def _adjectives(
    sentence: Sequence[str], kinds: list[str], before_nouns: list[bool], n: int
) -> tuple[list[list[str]], int]:
    """Groups of adjectives from n on, one for each attribute, and where they end."""
    groups: list[list[str]] = [[]]
    series = False
    while n < len(kinds):
        kind = kinds[n]
        if kind == "A" or (kind == "B" and before_nouns[n]):
            groups[-1].append(sentence[n])
        elif kind == "C" and groups[-1] and _adjective_follows(kinds, n + 1):
            series |= sentence[n] != ","
            groups.append([])
            while n + 1 < len(kinds) and kinds[n + 1] == "C":  # ", and"
                n += 1
                series |= sentence[n] != ","
        elif kind not in "RE":
            break
        n += 1
    groups = [group for group in groups if group]
    return (groups if series or not groups else [[word for group in groups for word in group]]), n


def _noun(sentence: Sequence[str], kinds: list[str], n: int, grammar: Grammar, adjectives: bool) -> tuple[str, int]:
    """The noun at n with those that it is compounded of ("tail feather"), in the singular, and where it ends."""
    nouns: list[str] = []
    while n < len(kinds) and (kinds[n] in "NB" or (kinds[n] == "U" and not nouns and adjectives)):
        if nouns and singular(sentence[n]) not in SECOND_NOUNS | grammar.empty_nouns:
            break
        nouns.append(sentence[n])
        n += 1
    return " ".join([*nouns[:-1], *map(singular, nouns[-1:])]), n


def _more_nouns(sentence: Sequence[str], kinds: list[str], n: int, grammar: Grammar) -> tuple[list[str], int]:
    """Nouns without adjectives that a list goes on with, ", tail and head", and where it ends."""
    nouns = []
    while n < len(kinds) and kinds[n] == "C":
        at = n
        while at < len(kinds) and kinds[at] == "C":
            at += 1
        noun, end = _noun(sentence, kinds, at, grammar, False)
        if not noun:
            break
        nouns.append(noun)
        n = end
    return nouns, n


def _predicate(sentence: Sequence[str], kinds: list[str], n: int) -> tuple[list[list[str]], int]:
    """What is said of the noun that ended at n: "(that) is short and pointy"."""
    at = n + 1 if n < len(sentence) and sentence[n] in _RELATIVES else n
    if at >= len(sentence) or sentence[at] not in _COPULAS:
        return [], n
    groups: list[list[str]] = []
    end = at = at + 1
    while at < len(sentence) and (kinds[at] in "ABRE" or (groups and kinds[at] == "C")):
        if kinds[at] in "AB":
            groups.append([sentence[at]])
            end = at + 1
        at += 1
    if end < len(sentence) and kinds[end] in "NU" and groups:  # "is a ...", "is white birds": no predicate
        return [], n
    return groups, max(end, n)


def _before_nouns(kinds: list[str]) -> list[bool]:
    """Whether each word stands before a noun of its phrase; in one pass, however long the text is."""
    found, noun = [False] * len(kinds), False
    for n in reversed(range(len(kinds))):
        found[n] = noun
        noun = kinds[n] in "NU" or (kinds[n] in "ARECB" and noun)
    return found


def _adjective_follows(kinds: list[str], n: int) -> bool:
    """Whether the list of adjectives goes on behind a conjunction."""
    while n < len(kinds) and kinds[n] in "RCE":
        n += 1
    return n < len(kinds) and kinds[n] in "AB"
