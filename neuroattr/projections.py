"""UMAP as a reducer of dimensions: an optional package, imported when it is used."""

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from jaxtyping import Real

from neuroattr import statistics
from neuroattr.neighbours import too_wide
from neuroattr.neighbours.reduction import Transform
from neuroattr.statistics.compilation import keeping_is_optional

EXACT = 4096
"""Images below which umap-learn itself compares all with all, so that a graph made here is the same one."""


@dataclass(frozen=True)
class UMAP:
    """Uniform manifold approximation and projection (McInnes, Healy and Melville 2018, doi:10.48550/arXiv.1802.03426).

    Attributes
    ----------
    neighbours, spread
        ``n_neighbors`` and ``min_dist`` of umap-learn, with its defaults, which *Hidden layers* seems to use.
    epochs
        Steps of the layout; umap-learn's own choice (500 below 10,000 images) if not given.
    name
        What it is called in tables.

    Notes
    -----
    A seed makes umap-learn run in one thread; the same seed gives the same embedding on the same machine, not on
    every machine.
    """

    neighbours: int = 15
    spread: float = 0.1
    epochs: int | None = None
    name: str = "UMAP"

    def limit(self, n: int, width: int, dimensions: int) -> str | None:
        """More dimensions than features or than n - 2 (its eigenvectors run out), or fewer images than neighbours."""
        if n <= self.neighbours:
            return f"{self.neighbours} neighbours of each of {n} images"
        if dimensions >= n - 1:
            return f"{dimensions} dimensions from {n} images, of which umap-learn can make at most {n - 2}"
        return too_wide(width, dimensions)

    def fit(self, values: Real[np.ndarray, "N D"], *, dimensions: int, seed: int) -> tuple[np.ndarray, Transform]:
        """The values in fewer dimensions, and what takes other images there.

        Raises
        ------
        ValueError
            A size that `limit` calls impossible.
        ModuleNotFoundError
            umap-learn is not installed.

        Notes
        -----
        The values are handed over as sparse arrays: umap-learn then has all distances from one matrix product, where
        for others it calls a function for each pair, which takes longer than all the rest.
        """
        values = np.ascontiguousarray(values, np.float32)
        model = self._model(values, dimensions, seed)
        with _known_warnings():
            embedded: np.ndarray = model.fit_transform(scipy.sparse.csr_matrix(values))

        def transform(others: np.ndarray) -> np.ndarray:
            with _known_warnings():
                placed: np.ndarray = model.transform(scipy.sparse.csr_matrix(np.asarray(others, np.float32)))
            return placed

        return embedded, transform

    def embed(self, values: Real[np.ndarray, "N D"], *, dimensions: int, seed: int) -> np.ndarray:
        """The values in fewer dimensions, N x dimensions; nothing can be taken there afterwards.

        Notes
        -----
        The graph of neighbours depends on the values alone, so it is kept for the next number of dimensions or seed.
        Not in `fit`: umap-learn takes new images there only with a graph that it made itself. The two graphs are equal
        up to rounding, but the layout multiplies the smallest difference: positions differ as from seed to seed.
        """
        values = np.ascontiguousarray(values, np.float32)
        graph = _graph(values, self.neighbours) if len(values) < EXACT else (None, None, None)
        model = self._model(values, dimensions, seed, precomputed_knn=graph)
        with _known_warnings():
            embedded: np.ndarray = model.fit_transform(values)
        return embedded

    def _model(self, values: np.ndarray, dimensions: int, seed: int, **options: object) -> Any:
        n, width = values.shape
        reason = self.limit(n, width, dimensions)
        if reason:
            raise ValueError(f"UMAP cannot do this: {reason}")
        return _library().UMAP(
            n_components=dimensions,
            n_neighbors=self.neighbours,
            min_dist=self.spread,
            n_epochs=self.epochs,
            random_state=seed,
            n_jobs=1,  # what a seed demands; said, or umap-learn warns
            **options,
        )


def _library() -> Any:
    try:
        with warnings.catch_warnings(), keeping_is_optional():
            warnings.simplefilter("ignore", ImportWarning)  # of Tensorflow, which nothing here needs
            import umap
    except ModuleNotFoundError as fault:
        raise ModuleNotFoundError(
            "UMAP needs the package umap-learn, which is not here: pip install umap-learn"
        ) from fault
    return umap


@contextmanager
def _known_warnings() -> Iterator[None]:
    """Without the warnings that are no news: of graphs in several parts, and of what a graph made here is not for."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Graph is not fully connected")
        warnings.filterwarnings("ignore", r"precomputed_knn\[2\]")
        yield


_graphs: dict[str, tuple[np.ndarray, np.ndarray]] = {}  # of the last values only


def _graph(values: np.ndarray, neighbours: int) -> tuple[np.ndarray, np.ndarray]:
    """Nearest neighbours of each image, itself first, and their distances, as umap-learn takes them."""
    key = hashlib.sha256(values.tobytes() + f"{values.shape} {neighbours}".encode()).hexdigest()
    if key not in _graphs:
        distances = statistics.pairwise(values, values, metric="euclidean")
        np.fill_diagonal(distances, 0)
        positions, smallest = statistics.smallest(distances, neighbours)
        _graphs.clear()
        _graphs[key] = positions.astype(np.int32), smallest.astype(np.float32)
    return _graphs[key]
