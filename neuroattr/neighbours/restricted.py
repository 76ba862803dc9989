"""The vote of neighbours that must differ from the image in something else."""

from __future__ import annotations

import numpy as np
from jaxtyping import Real

from neuroattr import checks, statistics
from neuroattr.neighbours.validation import Validation
from neuroattr.neighbours.voting import Vote, coded_labels, winning


def outside_group(features: Real[np.ndarray, "N D"], labels: np.ndarray, vote: Vote, groups: np.ndarray) -> Validation:
    """Every image's class by the vote of its nearest neighbours among the images of other groups.

    Parameters
    ----------
    features
        One vector an image.
    labels
        One class an image: what is voted on.
    groups
        One group an image, of any values. A group for each image: any neighbours but the image itself.

    Raises
    ------
    ValueError
        Arrays of different lengths; fewer images outside some group than the vote has neighbours.

    Notes
    -----
    A neighbour of the same colour may be near because of its pattern. If it must have another pattern, what is still
    known is known of the colour itself.
    """
    checks.same_length(features=features, labels=labels, groups=groups)
    classes, codes = coded_labels(labels, n_images=len(features))
    numbers = np.unique(groups, return_inverse=True)[1]
    outside = len(numbers) - int(np.bincount(numbers).max())
    checks.require(
        outside >= vote.neighbours,
        f"each group needs at least {vote.neighbours} images of other groups for the vote; the largest has {outside}",
    )
    distances = statistics.pairwise(features, features, metric=vote.metric)
    rows, near = statistics.smallest(distances, vote.neighbours, query_groups=numbers, gallery_groups=numbers)
    winners, _ = winning(codes[rows], near, vote, n_classes=len(classes))
    return Validation(classes[codes], classes[winners][None])
