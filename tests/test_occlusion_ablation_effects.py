"""What an answer loses without some units, on a network whose every unit is known."""

import numpy as np
import pytest
import torch
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from neuroattr import occlusion, statistics
from neuroattr.backbone import Backbone, Preprocess
from neuroattr.discovery import LinearClassifier
from neuroattr.occlusion.ablation_effects import AblationDesign, _batched, _pictures, _threshold


class Looking(nn.Module):
    """Eight units, of which the first is the brightness of the picture; the answer is that of the first unit."""

    def __init__(self):
        super().__init__()
        self.see, self.say = nn.Linear(1, 8), nn.Linear(8, 2, bias=False)
        self.see.weight.data[:] = torch.tensor([[1.0]] + [[0.001]] * 7)
        self.see.bias.data[:] = torch.tensor([0.0, 0.1, 1.0, 1.1, 0.0, 0.0, 0.0, 0.0])
        self.say.weight.data[:] = torch.tensor([[1.0] + [0.0] * 7, [0.0] * 8])
        self.flat = nn.Identity()

    def forward(self, batch):
        return self.say(self.flat(self.see(batch.mean((1, 2, 3))[:, None])))


@pytest.fixture
def net():
    preprocess = Preprocess(resize=8, crop=8, mean=(0.0,) * 3, std=(1.0,) * 3)
    return Backbone(Looking(), name="eye", title="Eye", nodes={"seen": "flat"}, preprocess=preprocess, licence="none")


@pytest.fixture
def lit(shop):
    """The shop with one word, "bright": its picture's mean is above the median."""
    import dataclasses

    import scipy.sparse

    values = np.array([np.asarray(shop.image(row)).mean() for row in range(80)])
    mentions = scipy.sparse.csr_array((values > np.median(values))[:, None])
    part = dataclasses.replace(shop.subset(np.arange(80)), words=("bright",), mentions=mentions)
    return {"validation": part, "test": part}


def divergence(first):
    scores = np.arange(8, 0, -1.0) if first else np.arange(1, 9.0)
    return xr.DataArray(scores[None], dims=("word", "unit"), coords={"word": ["bright"]})


MEANS = np.array([5.0, 5.1, 1.0, 1.1, 0.0, 0.0, 0.0, 0.0])
DESIGN = AblationDesign(count=1, images=20, repeats=2, pool=1)


# ---- by hand


def test_the_unit_that_carries_the_answer_is_missed_and_no_other(net, lit):
    outputs = occlusion.Outputs(["bright", "else"])
    found = occlusion.ablation_effects(net, lit, divergence(True), outputs, means=MEANS, design=DESIGN, seed=0)
    accuracy, auc = (found[name].sel(word="bright").to_series().to_dict() for name in ("accuracy", "auc"))
    assert accuracy["none"] > 0.9 and accuracy["prime"] == 0.5
    assert accuracy["random"] == accuracy["matched"] == accuracy["none"]
    assert auc["prime"] == 0.5 and auc["none"] == auc["matched"] == 1
    assert found["silenced"].item() == 1


def test_a_unit_that_carries_nothing_is_not_missed(net, lit):
    outputs = occlusion.Outputs(["bright", "else"])
    found = occlusion.ablation_effects(net, lit, divergence(False), outputs, means=MEANS, design=DESIGN, seed=0)
    assert float(found["accuracy"].sel(silent="prime")[0]) == float(found["accuracy"].sel(silent="none")[0])


def test_classifiers_of_all_units_answer_too(net, lit):
    reads_first = LinearClassifier(np.arange(8), np.eye(8)[0], -1.0, 1.0, 0.9, 10, 10)
    answer = occlusion.Classified({"bright": reads_first})
    batch = torch.rand(3, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    np.testing.assert_allclose(answer(net, batch, "bright"), batch.mean((1, 2, 3)) - 1, rtol=1e-5)
    found = occlusion.ablation_effects(net, lit, divergence(True), answer, means=MEANS, design=DESIGN, seed=0)
    assert found["accuracy"].sel(silent="prime").item() == 0.5 < found["accuracy"].sel(silent="matched").item()


def test_matched_units_by_hand():
    layers = ["a", "a", "a", "a", "b", "b"]
    means = np.array([1.0, 5.0, 1.2, 4.8, 1.0, 9.0])
    kept, matched = occlusion.matched_units(layers, means, np.array([0, 1, 4]), pool=1, seed=0)
    assert kept.tolist() == [0, 1, 4] and matched.tolist() == [2, 3, 5]


@given(st.integers(0, 1000), st.integers(1, 12), st.integers(1, 4))
def test_matched_units_are_others_of_the_same_layer_each_once(seed, count, pool):
    rng = np.random.default_rng(seed)
    layers, means = rng.choice(["a", "b"], 20), rng.random(20)
    chosen = rng.permutation(20)[:count]
    kept, matched = occlusion.matched_units(layers, means, chosen, pool=pool, seed=seed)
    assert (layers[kept] == layers[matched]).all() and len(set(matched)) == len(matched)
    assert not set(matched) & set(chosen) and list(kept) == [unit for unit in chosen if unit in set(kept)]
    for name in "ab":
        own = int((layers[chosen] == name).sum())
        assert (layers[kept] == name).sum() == min(own, int((layers == name).sum()) - own)


@given(st.integers(0, 1000))
def test_the_cut_is_the_best_one(seed):
    rng = np.random.default_rng(seed)
    odds, labels = rng.integers(0, 6, 12).astype(float), rng.random(12) < 0.5
    odds[:2] = 0, 5
    best = max(((odds > cut) == labels).mean() for cut in np.arange(0.5, 5))
    assert ((odds > _threshold(odds, labels)) == labels).mean() == best


def test_the_auc_is_that_of_statistics(net, lit):
    pictures, labels = _pictures(net, lit["test"], "bright", DESIGN, 0)
    assert len(pictures) == 40 and labels.sum() == 20
    odds = _batched(net, pictures, "bright", occlusion.Outputs(["bright", "x"]), batch=7)
    np.testing.assert_allclose(odds, pictures.mean((1, 2, 3)), rtol=1e-4)
    assert statistics.auc(odds, labels).value == 1
