"""A classifier explains itself in words: attributes of its filters, of its classes, of what it says of an image.

*Summarization* (Guo et al. 2018). For a network with global pooling and one linear layer, the way of a value:
`attribute_prior` and `filter_attributes` (equations 1 to 4) turn pooled responses and the attributes of images into the
attributes of each filter; `filter_importance` and `image_attributes` (5, 6) into the reasons for the class of an image,
`class_attributes` (7, 8) into those of a class; `contrast` compares two classes, `sentence` says it in words, and
`grounding` (9) shows where an attribute is, which `pck` judges.
"""

from neuroattr.explanations.grounding import grounding, pck, peaks, random_pck
from neuroattr.explanations.probabilities import (
    IMAGES,
    PRIORS,
    attribute_prior,
    class_attributes,
    contrast,
    filter_attributes,
    filter_importance,
    image_attributes,
    most_probable,
)
from neuroattr.explanations.scaling import IMPORTANCES, RESPONSES, scaled_importance, scaled_responses
from neuroattr.explanations.sentences import merged, sentence

__all__ = [
    "IMAGES",
    "IMPORTANCES",
    "PRIORS",
    "RESPONSES",
    "attribute_prior",
    "class_attributes",
    "contrast",
    "filter_attributes",
    "filter_importance",
    "grounding",
    "image_attributes",
    "merged",
    "most_probable",
    "pck",
    "peaks",
    "random_pck",
    "scaled_importance",
    "scaled_responses",
    "sentence",
]
