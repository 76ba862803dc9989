import numpy as np
import pytest
import scipy.ndimage
import torch
from torch import nn

from neuroattr import occlusion
from tests.test_occlusion import caffe, network, pictures, vgg


def test_the_gradient_of_a_linear_network_is_its_weights():
    net = network(nn.Flatten(), nn.Linear(3 * 64, 2), layers={"out": 1}, side=8)
    weights = net.module[1].weight[1].detach().reshape(3, 8, 8).abs().amax(0)
    found = occlusion.smoothed_gradient(net, pictures(8)[0], 1, sigmas=[1.0, 2.0])
    expected = [scipy.ndimage.gaussian_filter(weights.numpy(), sigma, mode="nearest") for sigma in (1.0, 2.0)]
    np.testing.assert_allclose(found, np.mean(expected, axis=0), rtol=1e-6)


def test_the_gradient_equals_finite_differences():
    net, (picture, _) = vgg(), pictures()
    net.module.double()
    picture = picture.double() + 0.1 * torch.randn(3, 32, 32, generator=torch.Generator().manual_seed(0)).double()
    found = occlusion.smoothed_gradient(net, picture, 2, sigmas=[0.0], over_colours="sum")
    for y, x in ((3, 4), (16, 20), (30, 9)):
        total = 0.0
        for colour in range(3):
            step = torch.zeros_like(picture)
            step[colour, y, x] = 1e-5
            both = [net.logits((picture + sign * step)[None])[0, 2].item() for sign in (1, -1)]
            total += abs(both[0] - both[1]) / 2e-5
        assert found[y, x] == pytest.approx(total, rel=1e-3, abs=1e-6)


def test_any_number_the_network_gives_can_be_explained_at_any_size():
    net, (picture, _) = caffe(), pictures(48)
    found = occlusion.smoothed_gradient(
        net, picture, lambda batch: net.responses(batch)["conv2"][0, 1].max(), sigmas=[2.0]
    )
    assert found.shape == (48, 48) and (found >= 0).all() and found.max() > 0


def test_faults_are_named():
    net, (picture, _) = caffe(), pictures()
    with pytest.raises(ValueError, match="wanted an output of tiny between 0 and 3; got 4"):
        occlusion.smoothed_gradient(net, picture, 4, sigmas=[1.0])
    with pytest.raises(
        ValueError, match=r"wanted over_colours out of max, sum and at least one sigma; got 'mean' and \[\]"
    ):
        occlusion.smoothed_gradient(net, picture, 0, sigmas=[], over_colours="mean")
