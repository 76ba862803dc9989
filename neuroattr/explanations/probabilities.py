"""Equations 1 to 8: from pooled responses and the attributes of images to those of filters, images and classes."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import scipy.sparse
from jaxtyping import Float, Real

from neuroattr.checks import array, finite, mentioned, one_of, require, same_length
from neuroattr.explanations.scaling import scaled_importance, scaled_responses

PRIORS = ("tf-idf", "tf-idf sum", "idf", "uniform")
"""Probabilities of an attribute before any image is seen: see `attribute_prior`."""
IMAGES = ("sum", "mean")
"""How the images of an attribute are taken together (equations 2 and 4): see `filter_attributes`."""

Counts: TypeAlias = Real[np.ndarray, "N T"] | scipy.sparse.sparray | scipy.sparse.spmatrix


def attribute_prior(counts: Counts, *, kind: str) -> Float[np.ndarray, " T"]:
    """Prior probability of each attribute, p(t): not negative, with sum 1.

    Parameters
    ----------
    counts
        How often each attribute is in the texts of each image, dense or sparse.
    kind
        ``"tf-idf"``: mean of the count over the images that have the attribute, times log(N / D), D of N images having
        it; ``"tf-idf sum"``: sum in place of mean; ``"idf"``: log(N / D) alone; ``"uniform"``.

    Raises
    ------
    ValueError
        Another kind; no images or attributes; negative counts; attributes of which each is in no image or in all, so
        that none of them says anything.

    Notes
    -----
    *Summarization*, Bayesian inference framework and Visual attribute extraction: "normalized TF/IDF" of a file, the
    texts of one image. How the values of the files become one is not printed. An attribute in no image has probability
    0 (but for ``"uniform"``, where it counts like any other), and one in all images as well, because log(N / N) = 0.

    Examples
    --------
    >>> counts = np.array([[2, 0], [0, 1], [0, 1], [0, 0]])  # in one image twice; in two images once
    >>> attribute_prior(counts, kind="tf-idf").round(3)  # 2 log 4 and 1 log 2
    array([0.8, 0.2])
    """
    one_of(kind, PRIORS, name="kind of prior")
    table = _sparse(counts, "counts")
    require(bool((table.data >= 0).all()), "counts must not be negative")
    n, terms = table.shape
    if kind == "uniform":
        return np.full(terms, 1 / terms)
    total = np.asarray(table.sum(axis=0)).ravel()
    images = np.asarray((table > 0).sum(axis=0)).ravel()
    present = np.maximum(images, 1)
    frequency = {"tf-idf": total / present, "tf-idf sum": total, "idf": np.ones(terms)}[kind]
    weights = np.where(images > 0, frequency * np.log(n / present), 0)
    require(
        bool(weights.sum() > 0),
        f"a prior of kind {kind!r} needs an attribute that some images have and others have not; all {terms} are in "
        f"none or in all of {n} images. Choose other attributes, or kind 'uniform'",
    )
    return np.asarray(weights / weights.sum())


def filter_attributes(
    pooled: Real[np.ndarray, "N F"],
    mentions: Counts,
    prior: Real[np.ndarray, " T"],
    *,
    scaling: str,
    images: str = "sum",
    evidence: bool = True,
) -> Float[np.ndarray, "F T"]:
    """Probability of each attribute given a filter, p(t | f): equations 1 to 4.

    Parameters
    ----------
    pooled
        Response of each filter to each image after global pooling.
    mentions
        Which attributes each image has; whatever is not zero says that it has it. Dense or sparse.
    prior
        Of each attribute (`attribute_prior`).
    scaling
        Of the responses, over the images of a filter (equation 3): one of `RESPONSES`.
    images
        ``"sum"`` over the images that have an attribute, as printed: p(x | t) is 1 for each (equation 4), which favours
        what many images have; ``"mean"``: p(x | t) = 1 / D.
    evidence
        Divide by p(f), so that the rows sum to 1; else equation 1 as printed, with larger values (figure 5).

    Returns
    -------
    Of a filter whose likelihood is zero for all attributes (it is silent) nothing is known but the prior: its row is
    the prior with evidence, zero without.

    Raises
    ------
    ValueError
        Arrays that do not fit, values that are not finite, a prior that is negative or zero throughout, another
        scaling or option.

    Notes
    -----
    .. math:: p(t_j | f_i) \\propto p(t_j) \\sum_k \\sigma(\\phi(f_i(x_k))) [t_j \\in x_k]

    as one product of matrices. Division by the evidence takes away whatever factor a filter was scaled by, so
    ``"identity"``, ``"max"``, ``"sum"`` and ``"l2"`` then agree.

    Examples
    --------
    >>> pooled = np.array([[2.0, 0.0], [1.0, 4.0]])
    >>> mentions = np.array([[1, 0], [1, 1]])
    >>> filter_attributes(pooled, mentions, np.array([0.5, 0.5]), scaling="identity").tolist()
    [[0.75, 0.25], [0.5, 0.5]]
    """
    one_of(images, IMAGES, name="images")
    table = (_sparse(mentions, "mentions") != 0).astype(np.float64)
    responses = scaled_responses(pooled, scaling)
    require(
        len(responses) == table.shape[0],
        f"pooled responses and mentions must be of the same images; got {len(responses)} and {table.shape[0]}",
    )
    prior = finite(array(prior, name="prior", dimensions="attributes"), name="prior").astype(np.float64)
    same_length(prior=prior, attributes=range(table.shape[1]))
    require(bool((prior >= 0).all() and prior.sum() > 0), "a prior must not be negative, nor zero for every attribute")
    likelihood = np.asarray(table.T @ responses).T
    if images == "mean":
        likelihood /= np.maximum(np.asarray(table.sum(axis=0)).ravel(), 1)
    joint: np.ndarray = prior * likelihood
    return over_evidence(joint, prior) if evidence else joint


def over_evidence(joint: Real[np.ndarray, "F T"], prior: Real[np.ndarray, " T"]) -> Float[np.ndarray, "F T"]:
    """p(t | f) from p(t) p(f | t), what `filter_attributes` gives with evidence from what it gives without.

    Parameters
    ----------
    joint
        Not negative; a row of zeros becomes the prior.
    prior
        Of each attribute, not negative, of positive sum.
    """
    total = joint.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > 0, joint / np.where(total > 0, total, 1), prior / prior.sum()))


def filter_importance(
    pooled: Real[np.ndarray, "N F"], weights: Real[np.ndarray, "*N F"], *, scaling: str
) -> Float[np.ndarray, "N F"]:
    """Importance of each filter for taking an image for a class, p(f | x, c): equation 6.

    Parameters
    ----------
    pooled
        Response of each filter to each image after global pooling.
    weights
        Of the linear layer: those of each image's class, or of one class.
    scaling
        One of `IMPORTANCES`; see `scaling.scaled_importance`.

    Raises
    ------
    ValueError
        Arrays that do not fit, values that are not finite, another scaling.

    Examples
    --------
    >>> filter_importance(np.array([[1.0, 2.0, 1.0]]), np.array([3.0, 0.5, -1.0]), scaling="relu").tolist()
    [[0.75, 0.25, 0.0]]
    """
    pooled = finite(array(pooled, name="pooled responses", dimensions="images x filters"), name="pooled responses")
    weights = finite(weights, name="weights")
    require(
        weights.shape in (pooled.shape, pooled.shape[1:]),
        f"weights must be those of one class ({pooled.shape[1]}) or of each image's class {pooled.shape}; got shape "
        f"{weights.shape}",
    )
    return scaled_importance(pooled.astype(np.float64) * weights, scaling)


def image_attributes(density: Real[np.ndarray, "F T"], importance: Real[np.ndarray, "N F"]) -> Float[np.ndarray, "N T"]:
    """Probability that an attribute is the reason for an image's class, p(t | x, c): equation 5.

    Parameters
    ----------
    density
        p(t | f), from `filter_attributes`.
    importance
        p(f | x, c), from `filter_importance`; with the scaling ``"signed"`` the result may be negative: the attribute
        speaks against the class.

    Raises
    ------
    ValueError
        Arrays that do not fit, values that are not finite.
    """
    density = finite(array(density, name="density", dimensions="filters x attributes"), name="density")
    importance = finite(array(importance, name="importance", dimensions="images x filters"), name="importance")
    require(
        importance.shape[1] == len(density),
        f"importance and density must be of the same filters; got {importance.shape[1]} and {len(density)}",
    )
    return np.asarray(importance.astype(np.float64) @ density)


def class_attributes(
    density: Real[np.ndarray, "F T"], weights: Real[np.ndarray, "C F"], *, scaling: str
) -> Float[np.ndarray, "C T"]:
    """Probability that an attribute is what the network knows a class by, p(t | c): equations 7 and 8.

    Parameters
    ----------
    density
        p(t | f), from `filter_attributes`.
    weights
        Of the linear layer, for each class.
    scaling
        One of `IMPORTANCES`.

    Raises
    ------
    ValueError
        Arrays that do not fit, values that are not finite, another scaling.
    """
    weights = array(weights, name="weights", dimensions="classes x filters")
    return image_attributes(density, scaled_importance(weights, scaling))


def contrast(first: Real[np.ndarray, "*N T"], second: Real[np.ndarray, "*N T"]) -> Float[np.ndarray, "*N T"]:
    """What speaks for one class and not for another: the difference of their attribute probabilities (figure 1).

    Raises
    ------
    ValueError
        Shapes that differ, values that are not finite.
    """
    first, second = finite(first, name="first"), finite(second, name="second")
    require(
        first.shape == second.shape,
        f"the attributes of two classes must be the same; got shapes {first.shape} and {second.shape}",
    )
    return np.asarray(first.astype(np.float64) - second)


def most_probable(values: Real[np.ndarray, "*N T"], *, count: int) -> np.ndarray:
    """Numbers of the `count` attributes of largest value, the largest first: int ``*N x count``; equal ones in order.

    Raises
    ------
    ValueError
        A count outside 1 .. T, values that are not finite.
    """
    values = finite(values, name="values")
    require(1 <= count <= values.shape[-1], f"count must be between 1 and {values.shape[-1]}; got {count}")
    return np.argsort(-values.astype(np.float64), axis=-1, kind="stable")[..., :count]


def _sparse(table: Counts, name: str) -> scipy.sparse.csr_array:
    """Any table of images x attributes, sparse."""
    table = mentioned(table, name=name)
    require(table.ndim == 2, f"{name} must be images x attributes; got shape {table.shape}")
    require(min(table.shape) > 0, f"{name} must be of at least one image and one attribute; got shape {table.shape}")
    return scipy.sparse.csr_array(table)
