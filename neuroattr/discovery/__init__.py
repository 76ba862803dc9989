"""Discovery of visual words: the units that diverge for a word, how visible the word is, and how people see it."""

from neuroattr.discovery.divergence import layer_maxima, prime_units, unit_divergence, unit_scores

__all__ = ["layer_maxima", "prime_units", "unit_divergence", "unit_scores"]
