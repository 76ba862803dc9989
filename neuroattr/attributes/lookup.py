"""Neighbours among the features of an index, by vector indices that are prepared when first asked for."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from neuroattr import neighbours
from neuroattr.attributes.labels import coded
from neuroattr.neighbours import VectorIndex, Vote


class Lookup:
    """Distances and votes of the N pictures of an index; `features` of each layer are not to change afterwards."""

    def __init__(self, features: Mapping[str, np.ndarray]):
        self._features = features
        self._prepared: dict[tuple[str, str], VectorIndex] = {}

    def distances(self, layer: str, query: Float[np.ndarray, "1 D"], *, unit: bool) -> Float[np.ndarray, "1 N"]:
        """Distances of one picture from all at a layer, of the features or, with `unit`, of unit vectors."""

        def compared(features: np.ndarray) -> np.ndarray:
            return neighbours.scaled(features, scaling="unit length") if unit else features

        key = (layer, "unit vectors" if unit else "features")
        if key not in self._prepared:
            self._prepared[key] = VectorIndex(compared(self._features[layer]))
        return self._prepared[key].distances(compared(query))

    def votes(
        self,
        attribute: str,
        layer: str,
        labels: Sequence[str | None],
        queries: Float[np.ndarray, "Q D"],
        vote: Vote,
    ) -> tuple[np.ndarray, Float[np.ndarray, " Q"]]:
        """Class of each query in an attribute by its labelled neighbours, and its share of the votes."""
        rows, classes, codes = coded(labels)
        key = (attribute, "labelled")
        if key not in self._prepared:
            self._prepared[key] = VectorIndex(self._features[layer][rows])
        nearest, distances = self._prepared[key].nearest(queries, count=vote.neighbours)
        winners, shares = neighbours.winning(codes[nearest], distances, vote, n_classes=len(classes))
        return classes[winners], shares
