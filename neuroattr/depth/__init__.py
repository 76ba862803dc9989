"""Perceptual depth: at which layers of the network a word is seen, and where that agrees with people."""

from neuroattr.depth.layers import (
    layer_advantage,
    layer_magnitudes,
    share_difference,
    tuning_effect,
    visualness_by_layer,
)
from neuroattr.depth.shares import (
    depth_difference,
    layer_maxima,
    layer_shares,
    mean_depth,
    overlap_beyond_chance,
    salient_overlap,
    salient_words,
)

__all__ = [
    "depth_difference",
    "layer_advantage",
    "layer_magnitudes",
    "layer_maxima",
    "layer_shares",
    "mean_depth",
    "overlap_beyond_chance",
    "salient_overlap",
    "salient_words",
    "share_difference",
    "tuning_effect",
    "visualness_by_layer",
]
