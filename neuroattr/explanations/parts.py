"""The parts of a bird that an attribute is about: from its noun to the 15 part points of CUB-200-2011."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse
from jaxtyping import Real

from neuroattr.checks import mentioned, one_of, require, same_length

CUB_PARTS = (
    "back",
    "beak",
    "belly",
    "breast",
    "crown",
    "forehead",
    "left eye",
    "left leg",
    "left wing",
    "nape",
    "right eye",
    "right leg",
    "right wing",
    "tail",
    "throat",
)
"""Names of the part points, as parts.txt of the data set has them."""
HEADS = ("skip", "any of forehead, crown and eyes")
"""Where a head is, which has no part point: nowhere, or at any of these (the choice ``part_of_noun``)."""
_EYES, _LEGS, _WINGS = ("left eye", "right eye"), ("left leg", "right leg"), ("left wing", "right wing")
_HEAD = ("forehead", "crown", *_EYES)
_NOUNS: dict[tuple[str, ...], dict[str, str]] = {
    ("back",): {
        "back": "the point's own name",
        "mantle": "the feathers of the upper back",
    },
    ("beak",): {
        "beak": "the point's own name",
        "bill": "another word for beak",
    },
    ("belly",): {
        "belly": "the point's own name",
        "abdomen": "another word for belly",
        "stomach": "everyday word for belly",
        "underbelly": "the belly seen from below",
    },
    ("breast",): {
        "breast": "the point's own name",
        "chest": "everyday word for breast",
    },
    ("crown",): {
        "crown": "the point's own name",
        "cap": "a crown of another colour",
        "crest": "the raised feathers of the crown",
    },
    ("forehead",): {"forehead": "the point's own name"},
    ("nape",): {"nape": "the point's own name"},
    ("tail",): {
        "tail": "the point's own name",
        "rectrix": "a feather of the tail",
        "tail feather": "a feather of the tail",
        "tailfeather": "a feather of the tail",
        "undertail": "the tail seen from below",
    },
    ("throat",): {
        "throat": "the point's own name",
        "chin": "the upper end of the throat, below the beak",
    },
    _EYES: {
        "eye": "the points' own name",
        "eye ring": "around the eye",
        "eyering": "around the eye",
        "iris": "the coloured part of the eye",
        "pupil": "the middle of the eye",
    },
    _LEGS: {
        "leg": "the points' own name",
        "foot": "the end of the leg",
        "claw": "at the foot",
        "talon": "a claw",
        "tarsus": "the visible lower leg of a bird",
        "thigh": "the upper leg",
        "toe": "of the foot",
    },
    _WINGS: {
        "wing": "the points' own name",
        "wing bar": "a band across the wing",
        "wingbar": "a band across the wing",
        "wing feather": "a feather of the wing",
        "covert": "the small feathers of the wing",
        "primary": "a flight feather of the wing",
        "secondary": "a flight feather of the wing",
    },
}
NOUNS = {noun: (parts, reason) for parts, nouns in _NOUNS.items() for noun, reason in nouns.items()}
"""Parts of each noun, and why. Head, body, cheek, eyebrow, neck, feather and the like have no part point."""


def parts_of(attribute: str, *, head: str = "skip") -> tuple[str, ...]:
    """Part points of CUB where an attribute is to be found: none, one, or several of which any is right.

    Parameters
    ----------
    attribute
        Adjectives and a noun in the singular, ``"long orange bill"``. The longest noun that is known decides, so that
        an "eye ring" is at the eyes and a "cheek patch" nowhere.
    head
        One of `HEADS`.

    Raises
    ------
    ValueError
        A blank attribute, another option.

    Notes
    -----
    *Summarization*, Visual attribute grounding, prints no table. Of a left and a right part both are given; with `pck`
    the nearest visible one counts.

    Examples
    --------
    >>> parts_of("long orange bill"), parts_of("red eye ring"), parts_of("grey head")
    (('beak',), ('left eye', 'right eye'), ())
    """
    one_of(head, HEADS, name="head")
    words = str(attribute).split()
    require(bool(words), f"an attribute has adjectives and a noun; got {attribute!r}")
    for noun in (" ".join(words[-2:]), words[-1]):
        if noun in NOUNS:
            return NOUNS[noun][0]
    return _HEAD if words[-1] == "head" and head != "skip" else ()


def grounded(
    attributes: Sequence[str],
    counts: Real[np.ndarray, "N T"] | scipy.sparse.sparray | scipy.sparse.spmatrix,
    *,
    count: int,
    head: str = "skip",
) -> dict[str, tuple[str, ...]]:
    """The `count` most frequent attributes that have a part point, with their parts, the most frequent first.

    Parameters
    ----------
    attributes
        T of them.
    counts
        How often each is in the texts of each image; an attribute is as frequent as it is said in all of them together,
        equally frequent ones keep their order.
    head
        One of `HEADS`.

    Raises
    ------
    ValueError
        Other attributes than counts, a count below 1, or more than there are attributes with a part that are said.

    Notes
    -----
    *Summarization*, table 1: the 50 most frequent attributes with a keypoint.
    """
    table = mentioned(counts, name="counts")
    require(table.ndim == 2, f"counts must be images x attributes; got shape {table.shape}")
    same_length(attributes=attributes, counts=range(table.shape[1]))
    said = np.asarray(table.sum(axis=0)).ravel()
    order = np.argsort(-said, kind="stable")
    found = {attributes[t]: parts_of(attributes[t], head=head) for t in order.tolist() if said[t] > 0}
    having = [attribute for attribute, parts in found.items() if parts]
    require(
        1 <= count <= len(having),
        f"count must be between 1 and {len(having)}, the attributes that are said and have a part; got {count}",
    )
    return {attribute: found[attribute] for attribute in having[:count]}
