"""Part-of-speech taggers and the lexicon of adjectives that stands beside them."""

from __future__ import annotations

import functools
import json
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from neuroattr import assets
from neuroattr.text import Rule
from neuroattr.text.adjectives import Tagger

BOILERPLATE = ("keep", "drop")  # whether words are taken from whole texts, or from what their shop does not repeat

# A participle is an adjective if writers of clothing reviews use it as one this often, of at least so many uses.
REVIEW_SHARE, REVIEW_USES = 0.3, 5


@dataclass(frozen=True)
class Tagging:
    """A tagger with its name for provenance, and the words that are adjectives whatever it says."""

    name: str
    tagger: Tagger = field(repr=False)
    lexicon: frozenset[str] = field(default=frozenset(), repr=False)

    def rule(self, *, excluded: Iterable[str] = frozenset(), share: float = 0.0) -> Rule:
        """The rule for ``text.adjectives`` with this lexicon."""
        return Rule(self.lexicon, frozenset(excluded), share)

    def once(self) -> Tagging:
        """The same, remembering the sentences it has tagged: for texts that are read twice."""
        known: dict[Sequence[str], list[str]] = {}

        def tagger(sentences: Sequence[Sequence[str]]) -> list[list[str]]:
            new = [sentence for sentence in sentences if sentence not in known]
            known.update(zip(new, self.tagger(new), strict=True))
            return [known[sentence] for sentence in sentences]

        return replace(self, tagger=tagger)


@functools.cache
def pattern() -> Tagging:
    """The tagger of the ``pattern`` library as TextBlob ships it: needs nothing but the package."""
    with warnings.catch_warnings():  # on first use TextBlob reads its lexicon and leaves the file to the collector
        warnings.simplefilter("ignore", ResourceWarning)
        _tagged_by_pattern([("once",)])
    return Tagging("textblob pattern tagger", _tagged_by_pattern)


@functools.cache
def perceptron() -> Tagging:
    """NLTK's averaged perceptron in union with a lexicon, from the asset "lexical".

    The lexicon holds the words whose dominant part of speech in SUBTLEX-US is Adjective, the one-word colour names of
    the xkcd survey, and words ending in -ed that clothing reviews use as adjectives (printed, embroidered).

    Raises
    ------
    neuroattr.assets.MissingAsset
        Without the asset.
    """
    folder = assets.folder("lexical") / "lexical"
    return Tagging("nltk averaged perceptron, SUBTLEX-US and xkcd lexicon", _perceptron(folder), _lexicon(folder))


def best() -> Tagging:
    """The perceptron with its lexicon where the asset "lexical" is at hand, else the tagger inside the package.

    Which one it was stands in ``name``; corpora keep it in their recipe and report.
    """
    try:
        return perceptron()
    except assets.MissingAsset:
        return pattern()


def _tagged_by_pattern(sentences: Sequence[Sequence[str]]) -> list[list[str]]:
    from textblob.en import parse

    tagged = []
    for sentence in sentences:
        parsed = parse(" ".join(sentence), False, True, False, False, False).split(" ")
        tagged.append([token.rsplit("/", 1)[-1] for token in parsed])
    return tagged


def _perceptron(folder: Path) -> Tagger:
    """The tagger from its three JSON files, without touching nltk's search path."""
    from nltk.tag.perceptron import PerceptronTagger

    name = "averaged_perceptron_tagger_eng"
    weights, tags, classes = (
        json.loads((folder / "nltk_data" / "taggers" / name / f"{name}.{part}.json").read_text(encoding="utf-8"))
        for part in ("weights", "tagdict", "classes")
    )
    tagger = PerceptronTagger(load=False)
    tagger.model.weights, tagger.tagdict = weights, tags
    tagger.classes = tagger.model.classes = set(classes)

    def tagged(sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        return [[tag for _, tag in tagger.tag(sentence)] for sentence in sentences]

    return tagged


def _lexicon(folder: Path) -> frozenset[str]:
    speech = pd.read_csv(folder / "subtlex_us_pos.csv", keep_default_na=False)
    colours = pd.read_csv(folder / "xkcd_colors.csv", keep_default_na=False)["color"]
    reviews = pd.read_csv(folder / "clothing_reviews_unigrams.csv", keep_default_na=False)
    participles = reviews[
        reviews["word"].str.endswith("ed")
        & (reviews["freq"] >= REVIEW_USES)
        & (reviews["freq_tagged_jj"] >= REVIEW_SHARE * reviews["freq"])
    ]["word"]
    words = [*speech.loc[speech["dominant_pos"] == "Adjective", "word"], *colours, *participles]
    return frozenset(word for word in words if re.fullmatch("[a-z]+", word))
