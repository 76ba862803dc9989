import numpy as np
import pytest
import xarray as xr

from neuroattr import saliency
from neuroattr.saliency.estimates import estimates


def means(values, **coords):
    """Over two tags in three pictures."""
    where = {"image": ("target", ["a", "b", "c", "a"]), "word": ("target", ["red", "red", "red", "hat"])}
    scores = xr.DataArray(np.asarray(values, float), dims=("target", *coords), coords={**where, **coords})
    return saliency.tag_means(scores, draws=50, seed=1)


@pytest.fixture
def some():
    return means(np.random.default_rng(0).random((4, 2, 3)), network=["plain", "tuned"], K=[1, 8, 64])


def test_scores_that_never_vary_have_their_mean_and_an_interval_without_width():
    found = estimates(means([[0.5, 1.0]] * 4, K=[1, 8]))
    assert found.dims == ("K",) and [(one.value, one.low, one.high, one.n) for one in found.to_numpy()] == [
        (0.5, 0.5, 0.5, 3), (1.0, 1.0, 1.0, 3),
    ]  # fmt: skip


def test_each_is_the_estimate_of_its_own_label(some):
    found = estimates(some)
    assert found.dims == ("network", "K")
    for network in ("plain", "tuned"):
        for count in (1, 8, 64):
            own = some.estimate(lambda mean, network=network, count=count: mean.sel(network=network, K=count))
            assert found.sel(network=network, K=count).item() == own


def test_a_statistic_is_that_of_the_means_and_of_every_resample(some):
    found = estimates(some, lambda mean: mean.sel(K=64) - mean.sel(K=1))
    assert found.dims == ("network",)
    own = some.estimate(lambda mean: (mean.sel(K=64) - mean.sel(K=1)).sel(network="tuned"))
    assert found.sel(network="tuned").item() == own
    assert estimates(some, lambda mean: mean.mean(["network", "K"])).item().n == 3


def test_a_statistic_that_loses_the_resamples_is_an_error(some):
    with pytest.raises(ValueError) as error:
        estimates(some, lambda mean: mean.mean())
    assert str(error.value) == "statistic must keep the dimension 'draw' of the resamples; it leaves [] of them"
