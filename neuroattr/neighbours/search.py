"""The nearest of very many vectors: exact, by matrix products in single precision that are checked in double."""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float, Int, Real

from neuroattr import checks
from neuroattr.statistics.blocks import unit_blocks

QUERIES = 64
"""Queries of one matrix product: for fewer it is bound by memory, more only hold more products."""


@dataclass(frozen=True, eq=False)
class VectorIndex:
    """N vectors prepared for many questions.

    Parameters
    ----------
    vectors
        N x D; kept in single precision, and once more with their mean taken away.

    Notes
    -----
    Exact. The order of ``|g|^2 - 2 q.g`` in single precision, of vectors whose mean was taken away (else most of the
    digits would be spent on it), leaves everything out that its rounding cannot bring among the nearest; what remains,
    a few vectors a query, is measured again in double precision.
    """

    vectors: Real[np.ndarray, "N D"]
    centre: np.ndarray = field(init=False, repr=False)
    centred: np.ndarray = field(init=False, repr=False)
    halves: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        vectors = checks.finite(checks.array(self.vectors, name="vectors", dimensions="N x D"), name="vectors")
        checks.require(len(vectors) > 0, "an index needs at least one vector; got none")
        vectors = np.ascontiguousarray(vectors, np.float32)
        centre = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        centred = vectors - centre
        squares = np.einsum("nd,nd->n", centred, centred, dtype=np.float64)
        for name, value in (("vectors", vectors), ("centre", centre), ("centred", centred), ("halves", squares / 2)):
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.vectors)

    def distances(self, queries: Real[np.ndarray, "Q D"]) -> Float[np.ndarray, "Q N"]:
        """Euclidean distances of each query to all vectors, in single precision: for rules that join spaces."""
        centred = self._checked(queries) - self.centre
        halves = self.halves - self._products(centred)
        squares = np.einsum("qd,qd->q", centred, centred, dtype=np.float64)[:, None] + 2 * halves
        distances: Float[np.ndarray, "Q N"] = np.sqrt(np.maximum(squares, 0)).astype(np.float32)
        return distances

    def nearest(
        self, queries: Real[np.ndarray, "Q D"], *, count: int
    ) -> tuple[Int[np.ndarray, "Q count"], Float[np.ndarray, "Q count"]]:
        """Rows and Euclidean distances of the `count` nearest of each query; equal ones in the order of the rows.

        Raises
        ------
        ValueError
            Another number of features, more neighbours than vectors, values that are not finite.
        """
        queries = self._checked(queries)
        checks.between(count, 1, len(self), name="count")
        rows, distances = np.empty((len(queries), count), np.int64), np.empty((len(queries), count))
        for block in unit_blocks(len(queries), size=QUERIES):
            self._fill(queries[block], rows[block], distances[block])
        return rows, distances

    def _checked(self, queries: Real[np.ndarray, "Q D"]) -> Float[np.ndarray, "Q D"]:
        queries = checks.finite(checks.array(queries, name="queries", dimensions="Q x D"), name="queries")
        width = self.vectors.shape[1]
        checks.require(queries.shape[1] == width, f"queries must have {width} features; got {queries.shape[1]}")
        return queries.astype(np.float32)

    def _fill(self, queries: np.ndarray, rows: np.ndarray, distances: np.ndarray) -> None:
        """Fill the nearest rows of some queries, and their distances."""
        centred = queries - self.centre
        products = self._products(centred)  # b x N
        lengths = np.sqrt((centred.astype(np.float64) ** 2).sum(axis=1))
        longest = np.sqrt(2 * self.halves.max())
        # A product of D terms is off by at most D eps |q| |g| / 2, taking the mean away moves |q - g|^2 / 2 by at most
        # eps (|q| + |g|)^2 / 2; both doubled to be safe.
        width, eps, count = queries.shape[1], np.finfo(np.float32).eps, rows.shape[1]
        bounds = eps * (width * lengths * longest + (lengths + longest) ** 2)
        for q, query in enumerate(queries):
            halves = self.halves - products[q]  # half squared distances, less half of |q|^2
            threshold = np.partition(halves, count - 1)[count - 1] + 2 * bounds[q]
            candidates = np.flatnonzero(halves <= threshold)
            exact = np.sqrt(((self.vectors[candidates].astype(np.float64) - query) ** 2).sum(axis=1))
            order = np.argsort(exact, kind="stable")[:count]
            rows[q], distances[q] = candidates[order], exact[order]

    def _products(self, centred: np.ndarray) -> np.ndarray:
        """Inner products with all vectors, b x N; a single query as matrix by vector, which BLAS threads."""
        products: np.ndarray = (self.centred @ centred[0])[None] if len(centred) == 1 else centred @ self.centred.T
        return products
