"""Discovery of visual words: the units that diverge for a word, how visible the word is, and how people see it."""

from neuroattr.discovery.agreement import Agreement, advantage, agreement, other_winner, shared_extremes
from neuroattr.discovery.divergence import prime_units, unit_divergence, unit_scores
from neuroattr.discovery.examples import GRAM, Examples, Features
from neuroattr.discovery.language import language_prior
from neuroattr.discovery.logistic import Logistic, dual_logistic, logistic
from neuroattr.discovery.matched import Matching, matched_divergence, matched_scores, matching, shuffled_within
from neuroattr.discovery.perception import ANSWERS, Ceiling, ballots, human_visualness, noise_ceiling
from neuroattr.discovery.protocol import Protocol
from neuroattr.discovery.purity import nearest, neighbour_purity
from neuroattr.discovery.visualness import (
    LinearClassifier,
    WordVisualness,
    direct_precision,
    tabulated,
    visualness,
    word_classifier,
    word_visualness,
)

__all__ = [
    "ANSWERS",
    "GRAM",
    "Agreement",
    "Ceiling",
    "Examples",
    "Features",
    "LinearClassifier",
    "Logistic",
    "Matching",
    "Protocol",
    "WordVisualness",
    "advantage",
    "agreement",
    "ballots",
    "direct_precision",
    "dual_logistic",
    "human_visualness",
    "language_prior",
    "logistic",
    "matched_divergence",
    "matched_scores",
    "matching",
    "nearest",
    "neighbour_purity",
    "noise_ceiling",
    "other_winner",
    "prime_units",
    "shared_extremes",
    "shuffled_within",
    "tabulated",
    "unit_divergence",
    "unit_scores",
    "visualness",
    "word_classifier",
    "word_visualness",
]
