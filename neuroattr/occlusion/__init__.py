"""Responses of units to a picture with parts hidden, the gradient to compare with, and networks with silenced units.

`responses` answers for one picture; a `Localiser` holds network, words and mean picture together and answers for any
picture or for many of a corpus; `survey` scores it against people's regions. `silenced` and `silencing` ask what a
network does without some of its units.
"""

from neuroattr.occlusion.ablation import Silenced, silenced
from neuroattr.occlusion.answers import METHODS, responses
from neuroattr.occlusion.gradients import smoothed_gradient
from neuroattr.occlusion.localiser import Localiser
from neuroattr.occlusion.scenes import Responses, displayed, mean_picture, occluded, picture
from neuroattr.occlusion.silencing import Classified, Design, Outputs, matched_units, silencing
from neuroattr.occlusion.survey import Target, apart, chance, exhibit, gradients, pairs, survey, targets

__all__ = [
    "METHODS",
    "Classified",
    "Design",
    "Localiser",
    "Outputs",
    "Responses",
    "Silenced",
    "Target",
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
    "silenced",
    "silencing",
    "smoothed_gradient",
    "survey",
    "targets",
]
