"""Where a word is in a picture: from responses under a sliding occluder to a map, and its score against people.

The way of a value (*Discovery*, section 6): `combined_responses` smooths and averages the response maps of all
occluders (A_i), `normalised` turns dips into peaks and scales to 0..1 (R_i), `saliency_maps` weighs units by their
divergence (M, equation 5), `average_precision` and `overlaps` score M against `agreed_region`, and `tag_means` averages
the scores of many. `unit_maps` is the first two. The responses come from `neuroattr.occlusion`.
"""

from neuroattr.saliency.averages import TagMeans, best_on_others, co_occurring, enough_units, tag_means
from neuroattr.saliency.evaluation import (
    agreed_region,
    average_precision,
    box_votes,
    centre_prior,
    compactness,
    overlaps,
)
from neuroattr.saliency.occluders import INVERSIONS, Occlusion
from neuroattr.saliency.response_maps import combined_responses, normalised, oriented, unit_maps
from neuroattr.saliency.saliency_map import saliency_maps

__all__ = [
    "INVERSIONS",
    "Occlusion",
    "TagMeans",
    "agreed_region",
    "average_precision",
    "best_on_others",
    "box_votes",
    "centre_prior",
    "co_occurring",
    "combined_responses",
    "compactness",
    "enough_units",
    "normalised",
    "oriented",
    "overlaps",
    "saliency_maps",
    "tag_means",
    "unit_maps",
]
