"""Responses of units to a picture with parts hidden, the gradient to compare with, and networks with ablated units.

`responses` answers for one picture; a `Localiser` holds network, words and mean picture together and answers for any
picture or for many of a corpus; `survey` scores it against people's regions. `ablated` and `ablation_effects` ask
what a network does without some of its units.
"""

from neuroattr.occlusion.ablation import Ablated, ablated
from neuroattr.occlusion.ablation_effects import (
    AblationDesign,
    Classified,
    Outputs,
    ablation_effects,
    matched_units,
)
from neuroattr.occlusion.gradients import smoothed_gradient
from neuroattr.occlusion.localiser import Localiser
from neuroattr.occlusion.pictures import displayed, mean_picture, occluded, picture
from neuroattr.occlusion.responses import METHODS, Responses, responses
from neuroattr.occlusion.survey import Target, apart, chance, exhibit, gradients, pairs, survey, targets

__all__ = [
    "METHODS",
    "Ablated",
    "AblationDesign",
    "Classified",
    "Localiser",
    "Outputs",
    "Responses",
    "Target",
    "ablated",
    "ablation_effects",
    "apart",
    "chance",
    "displayed",
    "exhibit",
    "gradients",
    "matched_units",
    "mean_picture",
    "occluded",
    "pairs",
    "picture",
    "responses",
    "smoothed_gradient",
    "survey",
    "targets",
]
