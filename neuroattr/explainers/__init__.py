"""A trained classifier explained in words: fit it to pictures with texts, ask about a picture, a class or a filter.

*Summarization* (Guo et al. 2018), for anyone who has a classifier with global pooling and one linear layer, pictures,
and texts or attribute tables::

    explainer = Explainer.fit(network, corpus, labels=labels)
    explainer.explain("photo.jpg")       # its class, why in a sentence, the attributes and filters behind it
    explainer.describe("Eared Grebe")    # what the network knows the class by
    explainer.filter(12)                 # what a filter answers to
    explainer.save("birds.safetensors")  # and Explainer.load(path, network)
"""

from neuroattr.explainers.answers import ClassDescription, Explanation, Explanations, FilterDescription
from neuroattr.explainers.explainer import Explainer
from neuroattr.explainers.pooled import PooledClassifier
from neuroattr.explainers.settings import Settings

__all__ = [
    "ClassDescription",
    "Explainer",
    "Explanation",
    "Explanations",
    "FilterDescription",
    "PooledClassifier",
    "Settings",
]
