"""Discovery of visual words: the units that diverge for a word, how visible the word is, and how people see it."""

from neuroattr.discovery.divergence import layer_maxima, prime_units, unit_divergence, unit_scores
from neuroattr.discovery.examples import Examples
from neuroattr.discovery.logistic import Logistic, dual_logistic, logistic
from neuroattr.discovery.protocol import Protocol
from neuroattr.discovery.visualness import (
    LinearClassifier,
    average_precision,
    direct_precision,
    visualness,
    word_classifier,
)

__all__ = [
    "Examples",
    "LinearClassifier",
    "Logistic",
    "Protocol",
    "average_precision",
    "direct_precision",
    "dual_logistic",
    "layer_maxima",
    "logistic",
    "prime_units",
    "unit_divergence",
    "unit_scores",
    "visualness",
    "word_classifier",
]
