"""Discovery of visual words: the units that diverge for a word, how visible the word is, and how people see it."""

from neuroattr.discovery.divergence import prime_units, unit_divergence, unit_scores
from neuroattr.discovery.examples import Examples
from neuroattr.discovery.logistic import Logistic, dual_logistic, logistic
from neuroattr.discovery.matched import Matching, matched_divergence, matched_scores, matching, shuffled_within
from neuroattr.discovery.perception import (
    ANSWERS,
    Agreement,
    Ceiling,
    advantage,
    agreement,
    ballots,
    human_visualness,
    language_prior,
    noise_ceiling,
)
from neuroattr.discovery.protocol import Protocol
from neuroattr.discovery.visualness import (
    LinearClassifier,
    average_precision,
    direct_precision,
    visualness,
    word_classifier,
)

__all__ = [
    "ANSWERS",
    "Agreement",
    "Ceiling",
    "Examples",
    "LinearClassifier",
    "Logistic",
    "Matching",
    "Protocol",
    "advantage",
    "agreement",
    "average_precision",
    "ballots",
    "direct_precision",
    "dual_logistic",
    "human_visualness",
    "language_prior",
    "logistic",
    "matched_divergence",
    "matched_scores",
    "matching",
    "noise_ceiling",
    "prime_units",
    "shuffled_within",
    "unit_divergence",
    "unit_scores",
    "visualness",
    "word_classifier",
]
