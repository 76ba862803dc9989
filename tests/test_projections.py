"""UMAP: repeatable, the same with the cached graph, its impossible sizes known; skipped where it is not installed."""

import re
import sys

import numpy as np
import pytest
import scipy.sparse

from neuroattr import neighbours, projections, statistics
from neuroattr.neighbours import Folds, Vote
from neuroattr.projections import UMAP
from tests.test_neighbours import blobs

QUICK = UMAP(neighbours=6, epochs=20)
X, Y = blobs(n=60, width=20, spread=1.0)


@pytest.fixture
def library():
    return pytest.importorskip("umap", exc_type=ImportError)


def test_sizes_that_umap_cannot_do_are_known_before_it_is_asked():
    assert UMAP().limit(1000, 2048, 1024) == (
        "1024 dimensions from 1000 images, of which umap-learn can make at most 998"  # table 2's .939 is another space
    )
    assert UMAP().limit(1000, 256, 512) == "512 dimensions out of 256 are no reduction"
    assert UMAP().limit(15, 256, 2) == "15 neighbours of each of 15 images"
    assert UMAP().limit(800, 1024, 512) is None
    with pytest.raises(ValueError, match=r"^UMAP cannot do this: 32 dimensions out of 20 are no reduction$"):
        QUICK.fit(X, dimensions=32, seed=0)


def test_without_the_package_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)
    message = "UMAP needs the package umap-learn, which is not here: pip install umap-learn"
    with pytest.raises(ModuleNotFoundError, match=f"^{re.escape(message)}$"):
        QUICK.embed(X, dimensions=2, seed=0)


@pytest.mark.timeout(300)
def test_the_cached_graph_is_the_one_that_umap_makes(library):
    settings = {"n_neighbors": 6, "n_epochs": 2, "random_state": 0, "n_jobs": 1}
    values = X.astype(np.float32)
    own = library.UMAP(**settings).fit(values).graph_
    with projections._known_warnings():
        cached = library.UMAP(**settings, precomputed_knn=projections._graph(values, 6)).fit(values).graph_
    np.testing.assert_allclose(cached.toarray(), own.toarray(), atol=1e-5)


@pytest.mark.timeout(300)
def test_the_graph_of_a_fit_is_the_one_that_umap_makes_of_dense_values(library):
    settings = {"n_neighbors": 6, "n_epochs": 2, "random_state": 0, "n_jobs": 1}
    values = X.astype(np.float32)
    model = UMAP(neighbours=6, epochs=2)._model(values, 2, 0)
    with projections._known_warnings():
        own = library.UMAP(**settings).fit(values).graph_
        handed = model.fit(scipy.sparse.csr_matrix(values)).graph_
    np.testing.assert_allclose(handed.toarray(), own.toarray(), atol=1e-5)


@pytest.mark.timeout(300)
def test_groups_without_a_neighbour_in_common_are_fitted_and_new_images_land_in_theirs(library):
    rng = np.random.default_rng(0)
    centres = 1000 * np.eye(3, 20)[np.repeat([0, 1, 2], 20)]
    embedded, transform = QUICK.fit(centres + rng.normal(size=centres.shape), dimensions=2, seed=0)
    placed = transform(centres[::20])
    distances = statistics.pairwise(placed, embedded, metric="euclidean")
    assert (distances.argmin(axis=1) // 20).tolist() == [0, 1, 2]


@pytest.mark.timeout(300)
def test_the_graph_is_kept_and_the_seed_decides(library):
    projections._graphs.clear()
    first = QUICK.embed(X, dimensions=2, seed=0)
    ((key, graph),) = projections._graphs.items()
    assert QUICK.embed(X, dimensions=3, seed=0).shape == (60, 3)
    assert projections._graphs[key] is graph
    np.testing.assert_array_equal(QUICK.embed(X, dimensions=2, seed=0), first)
    assert not np.array_equal(QUICK.embed(X, dimensions=2, seed=1), first)
    QUICK.embed(X[:50], dimensions=2, seed=0)
    assert list(projections._graphs) != [key] and len(projections._graphs) == 1


@pytest.mark.timeout(300)
def test_umap_reduces_in_each_training_fold(library):
    folds = Folds(3, repeats=1, seed=0)
    found = neighbours.reduced_validations(X, Y, Vote(5), folds, reducer=QUICK, dimensions=[2, 39])
    assert found[2].accuracy.value > 0.7
    assert str(found[39]) == ("impossible: UMAP: 39 dimensions from 40 images, of which umap-learn can make at most 38")


@pytest.mark.timeout(300)
def test_the_largest_possible_size_is_possible(library):
    few, _ = blobs(n=24, width=40)
    assert UMAP(neighbours=5, epochs=2).embed(few, dimensions=22, seed=0).shape == (24, 22)
