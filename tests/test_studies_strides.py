import numpy as np
import pytest
import xarray as xr

from neuroattr import saliency
from neuroattr.occlusion import Target
from neuroattr.studies import strides


class Steps:
    """Maps that are known, in place of a localiser and of a corpus."""

    side = 4

    def __init__(self, found, stride=2):
        self.found, self.stride, self.occlusion = found, stride, self

    def image(self, id):
        return id

    def strides(self, image, word, *, times, count):
        maps = np.stack([self.found[image, word][each] for each in times])
        steps = {"stride": [each * self.stride for each in times]}
        return xr.DataArray(maps, dims=("stride", "row", "column"), coords=steps)

    def with_stride(self, stride):
        return Steps(self.found, stride)

    def passes(self, *, side):
        return (side // self.stride) ** 2


REGION = np.eye(4, dtype=bool)
FINE = np.eye(4)


def test_a_step_that_shows_the_same_costs_nothing_and_one_that_shows_the_opposite_is_seen():
    steps = Steps({("a", "red"): {1: FINE, 2: FINE, 4: 1 - FINE}})
    found = strides.by_stride(steps, steps, [Target("a", "red", REGION)], times=[1, 2, 4], count=8)
    assert found.index.tolist() == [2, 4, 8] and found.index.name == "step (px)"
    assert found["passes"].tolist() == [4, 1, 0]
    np.testing.assert_allclose(found["correlation with the finest"], [1, 1, -1])
    assert found["average precision"].tolist()[:2] == [1, 1] and found["average precision"].iloc[2] < 0.3


def test_the_rows_are_means_over_the_targets():
    rng = np.random.default_rng(0)
    maps = {(id, "red"): {each: rng.random((4, 4)) for each in (1, 3)} for id in "ab"}
    steps = Steps(maps)
    found = strides.by_stride(steps, steps, [Target(id, "red", REGION) for id in "ab"], times=[1, 3], count=8)
    of_each = [saliency.average_precision(maps[id, "red"][3], REGION) for id in "ab"]
    assert found.loc[6, "average precision"] == pytest.approx(np.mean(of_each))
    alike = [np.corrcoef(maps[id, "red"][1].ravel(), maps[id, "red"][3].ravel())[0, 1] for id in "ab"]
    assert found.loc[6, "correlation with the finest"] == pytest.approx(np.mean(alike))


def test_no_target_is_an_error():
    with pytest.raises(ValueError, match=r"^want at least one target to compare the steps on; got none$"):
        strides.by_stride(Steps({}), Steps({}), [], times=[1], count=8)
