import numpy as np
import pytest
import torch

from neuroattr import activations, backbone, occlusion
from tests.test_occlusion import caffe, pictures


def by_hand(net, batch):
    """Layers of the tiny network with two channels of norm1 and one of conv2 held constant."""
    maps = net.module[:5](batch)
    maps[:, 1], maps[:, 4] = 0.5, 2.0
    found = {"norm1": maps}
    maps = net.module[5:7](maps)
    maps[:, 0] = -1.0
    found |= {"conv2": maps, "pool2": net.module[7](maps)}
    found["fc3"] = net.module[8:11](found["pool2"])
    return found, net.module[11](found["fc3"])


@pytest.fixture
def some():
    return caffe().units.query("(layer == 'norm1' and channel in [1, 4]) or (layer == 'conv2' and channel == 0)")


def test_silenced_units_give_their_constant_and_what_follows_is_computed_from_it(some):
    net, batch = caffe(), torch.stack(pictures())
    silent = occlusion.ablated(net, some, constants=np.array([0.5, 2.0, -1.0]))
    expected, logits = by_hand(net, batch)
    found = silent.responses(batch)
    assert list(found) == ["norm1", "conv2", "pool2", "fc3"]
    for layer, response in found.items():
        torch.testing.assert_close(response, expected[layer])
    torch.testing.assert_close(silent.logits(batch), logits)
    torch.testing.assert_close(silent.responses(batch, ["conv2"])["conv2"], expected["conv2"])


def test_the_network_itself_is_not_touched(some):
    net, batch = caffe(), torch.stack(pictures())
    before = net.logits(batch), net.responses(batch)["fc3"]
    silent = occlusion.ablated(net, some)
    assert not torch.equal(silent.logits(batch), before[0])
    torch.testing.assert_close(net.logits(batch), before[0], rtol=0, atol=0)
    torch.testing.assert_close(net.responses(batch)["fc3"], before[1], rtol=0, atol=0)


def test_silencing_a_dense_unit_reaches_the_logits():
    net, batch = caffe(), torch.stack(pictures())
    unit = net.units.query("layer == 'fc3' and channel == 7")
    hidden = net.responses(batch)["fc3"].clone()
    hidden[:, 7] = 3.0
    torch.testing.assert_close(occlusion.ablated(net, unit, constants=3.0).logits(batch), net.module[11](hidden))


def test_other_units_or_constants_make_another_digest(some):
    net = caffe()
    nets = [net, occlusion.ablated(net, some), occlusion.ablated(net, some, constants=1.0)]
    nets += [occlusion.ablated(net, some[:2])]
    assert len({each.digest for each in nets}) == 4
    assert occlusion.ablated(net, some).digest == nets[1].digest
    assert nets[1].title == "Tiny with 3 units silenced" and nets[1].widths == net.widths


def test_a_network_with_branches_can_be_silenced():
    net = backbone.load("resnet18", weights="random")
    batch = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    unit = net.units.query("layer == 'block2' and channel == 3")
    silent = occlusion.ablated(net, unit)
    found, clean = silent.responses(batch), net.responses(batch)
    assert (found["block2"][:, 3] == 0).all() and clean["block2"][:, 3].abs().sum() > 0
    torch.testing.assert_close(found["block1"], clean["block1"])
    assert not torch.equal(found["block3"], clean["block3"])


def test_a_silenced_network_is_recorded_under_a_key_of_its_own(shop, some):
    net, few = caffe(), shop.subset(np.arange(6))
    silent = occlusion.ablated(net, some)
    plain, found = (activations.record(each, few, batch=3, progress=False).load() for each in (net, silent))
    assert (found.values[:, some.index] == 0).all()
    assert not np.array_equal(plain.sel(unit=plain["layer"] == "fc3"), found.sel(unit=found["layer"] == "fc3"))


def test_foreign_units_and_constants_are_refused(some):
    net = caffe()
    with pytest.raises(ValueError, match="wanted units of tiny, rows of its `units`; got norm1 9"):
        occlusion.ablated(net, some[:1].assign(channel=9))
    with pytest.raises(ValueError, match="wanted units of tiny, rows of its `units`; got none"):
        occlusion.ablated(net, some[:0])
    message = r"wanted one constant, or one for each of the 3 units; got an array of shape \(2,\)"
    with pytest.raises(ValueError, match=message):
        occlusion.ablated(net, some, constants=np.ones(2))
