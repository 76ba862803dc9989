"""A classifier explains itself in words: attributes of its filters, of its classes, of what it says of an image.

*Summarization* (Guo et al. 2018). For a network with global pooling and one linear layer, the way of a value:
`attribute_prior` and `filter_attributes` (equations 1 to 4) turn pooled responses and the attributes of images into the
attributes of each filter; `filter_importance` and `image_attributes` (5, 6) into the reasons for the class of an image,
`class_attributes` (7, 8) into those of a class; `contrast` compares two classes, `sentence` says it in words, and
`grounding` (9) shows where an attribute is, which `pck` judges.
"""

from neuroattr.explanations.bleu import PREFIX, SMOOTHINGS, bleu, bleu_grid, matches, stripped
from neuroattr.explanations.grounding import grounding, pck, peaks, random_pck
from neuroattr.explanations.located import (
    AVERAGES,
    centre_places,
    constant_weights,
    contrast_weights,
    correct,
    mean_places,
    other_weights,
    pair_average,
    random_places,
    visible,
)
from neuroattr.explanations.parts import CUB_PARTS, HEADS, NOUNS, grounded, parts_of
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
    over_evidence,
)
from neuroattr.explanations.retrieval import (
    COMBINATIONS,
    MEASURES,
    Retrieval,
    average_precisions,
    combined,
    precision_above_chance,
    retrieval,
    retrieval_estimate,
    retrieved,
    retrieved_merged,
)
from neuroattr.explanations.scaling import IMPORTANCES, RESPONSES, scaled_importance, scaled_responses
from neuroattr.explanations.sentences import merged, sentence

__all__ = [
    "AVERAGES",
    "COMBINATIONS",
    "CUB_PARTS",
    "HEADS",
    "IMAGES",
    "IMPORTANCES",
    "MEASURES",
    "NOUNS",
    "PREFIX",
    "PRIORS",
    "RESPONSES",
    "SMOOTHINGS",
    "Retrieval",
    "attribute_prior",
    "average_precisions",
    "bleu",
    "bleu_grid",
    "centre_places",
    "class_attributes",
    "combined",
    "constant_weights",
    "contrast",
    "contrast_weights",
    "correct",
    "filter_attributes",
    "filter_importance",
    "grounded",
    "grounding",
    "image_attributes",
    "matches",
    "mean_places",
    "merged",
    "most_probable",
    "other_weights",
    "over_evidence",
    "pair_average",
    "parts_of",
    "pck",
    "peaks",
    "precision_above_chance",
    "random_pck",
    "random_places",
    "retrieval",
    "retrieval_estimate",
    "retrieved",
    "retrieved_merged",
    "scaled_importance",
    "scaled_responses",
    "sentence",
    "stripped",
    "visible",
]
