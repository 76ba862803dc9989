"""Activations by the mean of a map beside those by its maximum: right values, never mistaken for each other."""

import re

import numpy as np
import pytest
import torch

from neuroattr import activations
from neuroattr.activations import passes
from tests.test_activations import Small, photos


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    return tmp_path


def test_a_unit_is_the_mean_of_its_map_or_its_own_response(cache):
    net, corpus = Small(), photos(5)
    array = activations.record(net, corpus, pooling="mean")
    for id, row in zip(corpus.ids, array.values, strict=True):
        with torch.no_grad():
            responses = net.responses(net.preprocess(corpus.source.image(id))[None])
        shallow, deep, dense = (responses[layer][0].numpy() for layer in net.layers)
        wanted = np.concatenate([shallow.mean(axis=(1, 2)), deep.mean(axis=(1, 2)), dense])
        np.testing.assert_allclose(row, wanted, atol=1e-6)


def test_the_two_poolings_are_recorded_apart_and_know_which_they_are(cache):
    net, corpus = Small(), photos(5)
    largest, mean = (activations.record(net, corpus, pooling=pooling) for pooling in ("max", "mean"))
    assert net.seen == 10 and len(list(cache.glob("activations/*/recording.zarr"))) == 2
    assert (largest.attrs["key"]["pooling"], mean.attrs["key"]["pooling"]) == ("max", "mean")
    maps = largest["layer"].values != "dense"
    assert (largest.values[:, maps] > mean.values[:, maps]).any() and (largest.values >= mean.values - 1e-6).all()
    np.testing.assert_array_equal(largest.values[:, ~maps], mean.values[:, ~maps])


def test_a_mean_of_half_precision_is_taken_in_single_precision():
    response = torch.full((1, 1, 64, 64), 1.0, dtype=torch.bfloat16)
    response[..., :32] += 0.0078125  # one step of bfloat16 above 1: their mean lies between two of its numbers
    assert passes.POOLINGS["mean"](response).item() == 1.00390625


def test_an_unknown_pooling_is_refused(cache):
    with pytest.raises(ValueError, match=re.escape("pooling must be one of max, mean; got 'median'")):
        activations.record(Small(), photos(2), pooling="median")
