"""The choices that *Summarization* leaves open, by name."""

from __future__ import annotations

from dataclasses import dataclass

from neuroattr.checks import one_of
from neuroattr.explanations import IMAGES, IMPORTANCES, PRIORS, RESPONSES


@dataclass(frozen=True)
class Settings:
    """How filters get attributes, and classes get filters; the defaults are the reading nearest to print.

    Parameters
    ----------
    prior
        Of the attributes (equation 1): see `explanations.attribute_prior`.
    scaling
        Of pooled responses (equation 3): see `explanations.scaled_responses`.
    images
        ``"sum"`` or ``"mean"`` over the images that have an attribute (equations 2 and 4).
    evidence
        Whether p(t | f) sums to 1 over the attributes.
    importance
        Of the filters for a class (equations 6 and 8): see `explanations.scaled_importance`.
    count
        Attributes in a sentence, before adjectives of one noun are merged.

    Raises
    ------
    ValueError
        Another option, or a count below 1.
    """

    prior: str = "tf-idf"
    scaling: str = "max"
    images: str = "sum"
    evidence: bool = True
    importance: str = "relu"
    count: int = 5

    def __post_init__(self) -> None:
        one_of(self.prior, PRIORS, name="prior")
        one_of(self.scaling, RESPONSES, name="scaling")
        one_of(self.images, IMAGES, name="images")
        one_of(self.importance, IMPORTANCES, name="importance")
        if self.count < 1:
            raise ValueError(f"a sentence gives at least 1 attribute; got count={self.count}")
