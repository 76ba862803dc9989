"""A network of one's own is looked at as it stands, answers as it computes, and is left as it was."""

import random
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

from neuroattr import activations, backbone
from neuroattr.activations import passes
from neuroattr.backbone import Backbone, Preprocess

torch.set_num_threads(1)
SIDE = 12


@pytest.fixture
def batch():
    return torch.randn(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def noise(tmp_path, monkeypatch):
    """Five pictures of noise, and a cache of the test's own."""
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    pixels = np.random.default_rng(0).integers(0, 256, (5, SIDE, SIDE, 3), dtype=np.uint8)
    source = SimpleNamespace(image=lambda id: Image.fromarray(pixels[int(id)]), digest=lambda id: f"picture {id}")
    return SimpleNamespace(name="noise", ids=pd.Index(list("01234"), name="image"), source=source)


def own(module, **nodes):
    preprocess = Preprocess(resize=SIDE, crop=SIDE)
    return Backbone(module, name="own", title="Own", nodes=nodes, preprocess=preprocess, licence="none")


def seeded(build, *arguments):
    torch.manual_seed(0)
    return build(*arguments)


class Plain(nn.Module):
    """Convolution, batch statistics, rectifier, a step to be chosen, dense layer."""

    def __init__(self, step=lambda maps, training: maps):
        super().__init__()
        self.conv, self.norm, self.dense, self.step = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Linear(4, 3), step

    def forward(self, pixels):
        return self.dense(self.step(self.norm(self.conv(pixels)), self.training).relu().mean((2, 3)))


NODES = {"conv": "conv", "norm": "norm", "dense": "dense"}


# What is looked at is the network as it stands


def zeroed(module):
    with torch.no_grad():
        module.dense.weight.zero_()


def recast(module):
    module.dense.weight.data[0, 0] += 1


def replaced(module):
    module.dense = seeded(nn.Linear, 4, 3).requires_grad_(False)


def without_bias(module):
    module.dense.bias = None


def new_statistics(module):
    module.norm.running_mean += 1


def new_setting(module):
    module.norm.eps = 0.5


def new_step(module):
    module.step = lambda maps, training: maps.abs()


def new_hook(module):
    module.dense.register_forward_hook(lambda stage, inputs, answer: answer * 0)


CHANGES = [zeroed, recast, replaced, without_bias, new_statistics, new_setting, new_step, new_hook]


@pytest.mark.parametrize("change", CHANGES)
def test_a_network_that_was_changed_is_recorded_anew(noise, change):
    net = own(seeded(Plain), **NODES)
    first = activations.record(net, noise, progress=False).values
    change(net.module)
    second = activations.record(net, noise, progress=False).values
    with torch.no_grad():
        pictures = torch.stack([net.preprocess(noise.source.image(id)) for id in noise.ids])
        expected = net.module.eval()(pictures)
    np.testing.assert_allclose(second[:, -3:], expected, rtol=1e-4, atol=1e-5)
    assert not np.allclose(first[:, -3:], second[:, -3:], rtol=1e-4, atol=1e-5)


def test_a_network_that_was_not_changed_is_not_recorded_again(noise):
    net = own(seeded(Plain), **NODES)
    first, second = (activations.record(net, noise, progress=False) for _ in range(2))
    assert first.attrs == second.attrs
    assert own(seeded(Plain), **NODES).digest == net.digest


def test_weights_of_a_published_network_that_are_zeroed_in_place_change_its_digest():
    net = backbone.load("caffenet-mini")
    before = net.digest
    with torch.no_grad():
        net.module.fc7.weight.zero_()
        net.module.fc7.bias.zero_()
    assert net.digest != before


def test_a_stage_of_a_published_network_that_is_replaced_changes_digest_and_answers():
    net = backbone.load("caffenet-mini", weights="random")
    pixels = torch.randn(1, 3, 127, 127, generator=torch.Generator().manual_seed(0))
    before = net.digest
    assert net.responses(pixels, ["conv3"])["conv3"].min() == 0
    net.module.relu3 = nn.GELU()
    assert net.digest != before
    assert net.responses(pixels, ["conv3"])["conv3"].min() < 0


def test_widths_units_and_receptive_fields_follow_a_stage_that_is_replaced():
    net = own(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()), map="1")
    assert (net.widths["map"], len(net.units), net.receptive_fields["map"].size) == (4, 4, 3)
    assert net.map_sizes == {"map": (10, 10)}
    net.module[0] = nn.Conv2d(3, 6, 5)
    assert (net.widths["map"], len(net.units), net.receptive_fields["map"].size) == (6, 6, 5)
    assert net.map_sizes == {"map": (8, 8)}


def test_dense_layers_and_tokens_have_sizes_of_maps_too():
    net = own(nn.Sequential(nn.Conv2d(3, 4, 4, stride=4), nn.Flatten(2), nn.Flatten()), map="0", rows="1", dense="2")
    assert net.map_sizes == {"map": (3, 3), "rows": (4, 1), "dense": (1, 1)}


class Kept(nn.Module):
    """A factor in a buffer that is not saved, another one in a plain attribute."""

    def __init__(self):
        super().__init__()
        self.conv, self.plain = nn.Conv2d(3, 4, 3), torch.ones(1)
        self.register_buffer("buffer", torch.ones(1), persistent=False)

    def forward(self, pixels):
        return self.conv(pixels) * self.buffer * self.plain


def test_tensors_that_are_not_saved_count_in_the_digest_and_in_the_answers(batch):
    net = own(Kept(), out="mul_1")
    digests, once = {net.digest}, net.responses(batch)["out"]
    net.module.buffer *= 2
    digests.add(net.digest)
    net.module.plain = torch.full((1,), 3.0)
    digests.add(net.digest)
    assert len(digests) == 3
    torch.testing.assert_close(net.responses(batch)["out"], 6 * once)


def test_weights_that_another_tensor_makes_count():
    module = nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 4, 3)))
    net = own(module, map="0")
    before = net.digest
    with torch.no_grad():
        module[0].parametrizations.weight.original0 *= 2
    assert net.digest != before


def test_hooks_count_by_what_they_do_and_hold():
    def digest(factor):
        net = own(seeded(Plain), **NODES)
        net.module.dense.register_forward_hook(lambda stage, inputs, answer: answer * factor)
        return net.digest

    factors = [1, 2, torch.tensor([1.0]), torch.tensor([2.0])]
    assert len({digest(factor) for factor in factors}) == 4
    assert digest(2) == digest(2)


def test_networks_that_are_built_otherwise_from_the_same_weights_differ():
    steps = [lambda maps, training: maps, lambda maps, training: maps * 2]
    assert len({own(seeded(Plain, step), **NODES).digest for step in steps}) == 2
    assert len({own(seeded(nn.Sequential, nn.ReLU(), nn.MaxPool2d(k)), map="1").digest for k in (2, 3)}) == 2


# It answers as it computes


class Flow(nn.Module):
    """Two convolutions with a step in place between them."""

    def __init__(self, step):
        super().__init__()
        self.first, self.second, self.relu = nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3), nn.ReLU(inplace=True)
        self.step = step

    def forward(self, pixels):
        maps = self.first(pixels)
        return self.second(self.step(self, pixels, maps))


def returned(change):
    def step(module, pixels, maps):
        change(module, pixels, maps)
        return maps

    return step


def added(module, pixels, maps):
    same = maps
    same += 1
    return maps


def assigned(module, pixels, maps):
    maps[:, 0] = 7.0
    return maps


STEPS = {
    "module": lambda module, pixels, maps: module.relu(maps),
    "module, its result unused": returned(lambda module, pixels, maps: module.relu(maps)),
    "function": returned(lambda module, pixels, maps: F.relu(maps, inplace=True)),
    "function by position": returned(lambda module, pixels, maps: F.relu(maps, True)),
    "relu_": lambda module, pixels, maps: maps.relu_(),
    "torch.relu_": returned(lambda module, pixels, maps: torch.relu_(maps)),
    "mul_": returned(lambda module, pixels, maps: maps.mul_(3)),
    "+=": added,
    "item": assigned,
    "a view": returned(lambda module, pixels, maps: maps.flatten(1).relu_()),
    "a slice": returned(lambda module, pixels, maps: maps[:, :2].copy_(maps[:, 2:] * 5)),
    "the pictures": returned(lambda module, pixels, maps: pixels.mul_(3)),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_layer_gives_what_it_computed_whichever_others_are_asked_for(batch, step):
    module = seeded(Flow, step).eval()
    net, shown = own(module, first="first", second="second"), batch.clone()
    with torch.no_grad():
        expected = {"first": module.first(batch), "second": module(batch.clone())}
    for layers in (["first"], ["second"], ["first", "second"], ["second", "first"]):
        found = net.responses(shown, layers)
        assert all(torch.equal(found[layer], expected[layer]) for layer in layers)
    assert torch.equal(net.logits(shown), expected["second"])
    assert torch.equal(shown, batch)


def test_an_operation_in_place_keeps_the_name_that_torchvision_gives_it():
    net = own(Flow(added), sum="add", second="second")
    assert net.widths == {"sum": 4, "second": 4}
    assert net.receptive_fields["sum"].size == 3


def test_two_layers_may_be_the_same_place(batch):
    net = own(nn.Sequential(nn.Conv2d(3, 4, 3)), one="0", other="0")
    found = net.responses(batch)
    assert torch.equal(found["one"], found["other"])


# It is left as it was


def state(module):
    return {
        "modes": [stage.training for stage in module.modules()],
        "gradients wanted": [weight.requires_grad for weight in module.parameters()],
        "gradients": [(weight.grad.data_ptr(), weight.grad.stride()) for weight in module.parameters()],
        "places": [(id(weight), weight.data_ptr(), weight.stride()) for weight in module.parameters()],
        "buffers": [(id(buffer), buffer.data_ptr(), buffer.tolist()) for buffer in module.buffers()],
        "hooks": [len(stage._forward_hooks) for stage in module.modules()],
        "attributes": [sorted(vars(stage)) for stage in module.modules()],
        "generators": (torch.get_rng_state().tolist(), random.getstate()),
    }


def test_nothing_of_a_network_changes_by_being_looked_at(noise, batch):
    """Some stages in training mode, some not; one weight fixed; channels last; gradients there."""
    module = seeded(Plain, lambda maps, training: F.dropout(maps, 0.5, training))
    module.to(memory_format=torch.channels_last)(batch).sum().backward()
    module.train().norm.eval()
    module.conv.weight.requires_grad_(False)
    before = state(module)
    net = own(module, **NODES)
    activations.record(net, noise, progress=False)
    repr(net), net.units, net.receptive_fields, net.digest, net.logits(batch), net.responses(batch)
    assert state(module) == before


def test_batch_statistics_do_not_move_when_widths_are_measured(batch):
    module = Plain().train()
    mean = module.norm.running_mean.clone()
    net = own(module, **NODES)
    assert net.widths == {"conv": 4, "norm": 4, "dense": 3}
    assert torch.equal(module.norm.running_mean, mean) and module.norm.num_batches_tracked == 0
    assert torch.equal(net.logits(batch), Plain.forward(module.eval(), batch))


def test_modes_come_back_after_a_fault(batch):
    module = Plain().train()
    with pytest.raises(RuntimeError), passes.placed(module, torch.device("cpu"), "float32"):
        module(batch[:, :2])
    assert all(stage.training for stage in module.modules())


class Remembers(nn.Module):
    """Keeps what it computed, as many networks do."""

    def __init__(self):
        super().__init__()
        self.conv, self.last, self.all, self.passes = nn.Conv2d(3, 4, 3), None, [], 0

    def forward(self, pixels):
        self.last, self.passes = self.conv(pixels), self.passes + 1
        self.all.append(self.last)
        return self.last * torch.tensor([2.0])


def test_tracing_leaves_nothing_in_a_network_that_remembers():
    module = Remembers()
    before = sorted(vars(module))
    assert own(module, conv="conv", out="mul").widths == {"conv": 4, "out": 4}
    assert (module.last, module.all, module.passes) == (None, [], 0)
    assert sorted(vars(module)) == before


def test_gradients_reach_the_pictures_and_only_where_they_ask(batch):
    net = own(Plain(), **NODES)
    assert not net.logits(batch).requires_grad
    assert not net.responses(batch)["conv"].requires_grad
    pictures = batch.clone().requires_grad_()
    net.responses(pictures)["dense"].sum().backward()
    assert pictures.grad.abs().sum() > 0


# What cannot be recorded is said

RANDOM = {
    "dropout that forgets the mode": lambda maps, training: F.dropout(maps),
    "noise": lambda maps, training: maps + torch.rand_like(maps),
    "Python": lambda maps, training: maps * random.random(),
    "numpy": lambda maps, training: maps * float(np.random.rand()),  # noqa: NPY002
}


@pytest.mark.parametrize("step", RANDOM.values(), ids=RANDOM)
def test_a_network_that_is_left_to_chance_is_refused(noise, batch, step):
    net = own(seeded(Plain, step), **NODES)
    before = torch.get_rng_state(), random.getstate()
    message = (
        "wanted a network that answers alike whenever it sees the same picture; own draws random numbers in evaluation "
        "mode, too. Give its dropout training=self.training (F.dropout drops by default), or use nn.Dropout"
    )
    for look in (
        lambda: activations.record(net, noise),
        lambda: net.widths,
        lambda: net.responses(batch),
        lambda: net.logits(batch),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            look()
    assert torch.equal(torch.get_rng_state(), before[0]) and random.getstate() == before[1]


def test_dropout_that_asks_for_the_mode_is_off_in_a_network_in_training_mode(batch):
    module = seeded(Plain, lambda maps, training: F.dropout(maps, 0.5, training)).train()
    net = own(module, **NODES)
    found = net.responses(batch)["dense"]
    assert torch.equal(found, net.responses(batch)["dense"])
    assert torch.equal(found, module.eval()(batch))


def test_a_network_whose_answers_depend_on_the_batch_is_refused():
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4, track_running_stats=False))
    message = r"^wanted a network that answers to each picture by itself; own answers otherwise .* statistics \(track_"
    with pytest.raises(ValueError, match=message):
        _ = own(module, map="1").widths


def test_weights_without_values_are_refused():
    message = (
        r"^wanted a network whose weights have values; 2 of own have none \(0.weight, 0.bias\): load them, or show"
    )
    for stage in (nn.LazyLinear(2), nn.Linear(3, 2, device="meta")):
        with pytest.raises(ValueError, match=message):
            own(nn.Sequential(stage), dense="0")


class Branching(nn.Module):
    def forward(self, pixels):
        return pixels if pixels.sum() > 0 else -pixels


def test_a_network_that_cannot_be_traced_says_why():
    message = (
        r"^wanted a network that torch.fx can trace, but own cannot be: .* Its forward must not branch on the values"
    )
    with pytest.raises(ValueError, match=message):
        _ = own(Branching(), out="neg").widths


def test_a_layer_that_is_not_there_is_told_with_the_nearest():
    message = (
        "wanted a module or an operation of own as layer 'map', got 'convv', which it does not run; nearest: conv, "
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        _ = own(Plain(), map="convv").widths


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.recurrent = nn.LSTM(3, 5, batch_first=True)

    def forward(self, pixels):
        return self.recurrent(pixels.flatten(2).transpose(1, 2))[0]


def test_a_layer_that_gives_several_arrays_is_refused():
    message = (
        "wanted layer 'all' of own to give N x C, N x tokens x C or N x C x H x W, got tuple: name an operation that "
        "gives such an array"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        _ = own(Recurrent(), all="recurrent").widths


@pytest.mark.parametrize(("pictures", "came"), [(np.zeros((1, 3, 4, 4)), "ndarray"), ([], "list")])
def test_pictures_that_are_no_tensor_are_refused(pictures, came):
    message = f"^wanted a batch of pictures as a floating-point torch tensor, got {came}; stack `preprocess"
    with pytest.raises(TypeError, match=message):
        own(Plain(), **NODES).responses(pictures)


def test_pictures_as_bytes_are_refused():
    with pytest.raises(TypeError, match=r"^wanted a batch .* torch tensor, got torch.uint8; stack `preprocess"):
        own(Plain(), **NODES).logits(torch.zeros(1, 3, SIDE, SIDE, dtype=torch.uint8))


# Other precisions, no weights


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_a_network_is_recorded_in_its_own_precision(noise, kind):
    net = own(seeded(Plain).to(kind), **NODES)
    array = activations.record(net, noise, progress=False)
    single = activations.record(own(seeded(Plain), **NODES), noise, progress=False)
    assert array.dtype == np.float32 and net.module.conv.weight.dtype == kind
    np.testing.assert_allclose(array.values, single.values, rtol=0.1, atol=0.1)
    assert array.attrs["key"]["network"]["weights"] != single.attrs["key"]["network"]["weights"]


def test_half_precision_of_a_network_in_double_is_refused(noise):
    message = (
        "precision 'bfloat16' is for networks in torch.float32; this one has weights in torch.float64. Leave precision "
        "at 'float32', which computes in the network's own, or convert it with module.float()"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        activations.record(own(Plain().double(), **NODES), noise, precision="bfloat16")


def test_a_network_without_weights_is_recorded(noise):
    net = own(nn.Sequential(nn.MaxPool2d(2), nn.Flatten()), pool="0", flat="1")
    array = activations.record(net, noise, progress=False)
    assert array.shape == (5, 3 + 3 * 36)
    assert net.receptive_fields["pool"].size == 2


# Names


@pytest.mark.parametrize(("name", "nearest"), [("ResNet-50", "resnet50"), ("caffenet_mini", "caffenet-mini")])
def test_a_wrong_name_is_told_the_nearest(name, nearest):
    with pytest.raises(ValueError, match=rf"^wanted a network out of .*; nearest: {nearest}, .*; got '{name}'$"):
        backbone.load(name)
