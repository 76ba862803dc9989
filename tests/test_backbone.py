"""Networks: what a stage computes, that layers are what they are called, that weights are read as their cards say."""

import json
import struct
from urllib.error import URLError

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import nn

from neuroattr import assets, backbone
from neuroattr.backbone import caffenet, zoo
from neuroattr.backbone.caffemodel import caffe_weights
from neuroattr.backbone.formats import decoded, stored_weights
from neuroattr.backbone.normalisation import LocalResponseNorm
from neuroattr.backbone.preprocess import Preprocess

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def mini():
    return backbone.load("caffenet-mini", weights="random", seed=0)


@pytest.fixture(scope="module")
def batch():
    return torch.randn(2, 3, 127, 127, generator=torch.Generator().manual_seed(0))


# Stages


def test_normalisation_across_channels_by_hand():
    """One place, channels 1, 2, 3, window 3, alpha 3: 1 + (1+4), 1 + (1+4+9), 1 + (4+9) under the square root."""
    maps = torch.tensor([1.0, 2.0, 3.0]).reshape(1, 3, 1, 1)
    norm = LocalResponseNorm(size=3, alpha=3.0, beta=0.5, k=1.0)
    wanted = torch.tensor([1 / 6**0.5, 2 / 15**0.5, 3 / 14**0.5])
    torch.testing.assert_close(norm(maps).flatten(), wanted)


def looped_norm(maps, size=5, alpha=1e-4, beta=0.75, k=1.0):
    out = np.empty_like(maps)
    for c in range(maps.shape[1]):
        near = maps[:, max(0, c - size // 2) : c + size // 2 + 1]
        out[:, c] = maps[:, c] / (k + alpha / size * (near**2).sum(1)) ** beta
    return out


def test_normalisation_is_a_plain_loop_over_channels():
    maps = 100 * np.random.default_rng(0).standard_normal((2, 7, 3, 4))
    found = LocalResponseNorm()(torch.from_numpy(maps).float())
    np.testing.assert_allclose(found, looped_norm(maps), rtol=1e-5)


def test_normalisation_agrees_with_torch():
    maps = 50 * torch.randn(1, 9, 4, 4, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(LocalResponseNorm()(maps), nn.LocalResponseNorm(5)(maps))


def test_normalisation_over_an_even_number_of_channels_is_refused():
    with pytest.raises(ValueError, match=r"^wanted an odd number of channels to normalise over, got size=4; use 5$"):
        LocalResponseNorm(size=4)


def test_grouped_convolutions_see_their_own_half_only():
    network = caffenet.caffenet(caffenet.Widths(4, 4, 4, 4, 4, 8, 8, side=67), seed=0)
    first_half = torch.zeros(1, 4, 9, 9)
    first_half[:, :2] = torch.rand(1, 2, 9, 9, generator=torch.Generator().manual_seed(0))
    out = network.conv2(first_half)
    assert out[:, :2].abs().max() > 0
    assert out[:, 2:].abs().max() == 0


def test_pools_round_their_size_up():
    """227 pixels: conv1 55, pool1 27, pool2 13, pool5 6; 127 pixels: 30, 15, 7, 3."""
    assert (caffenet.CAFFENET.cells, caffenet.MINI.cells) == (6, 3)


# Networks and layers


@pytest.mark.parametrize("name", ["caffenet", "alexnet_bvlc"])
def test_the_networks_of_the_paper_have_9568_units(name):
    net = backbone.load(name, weights="random")
    assert net.layers == ("norm1", "norm2", "conv3", "conv4", "pool5", "fc6", "fc7")
    assert list(net.widths.values()) == [96, 256, 384, 384, 256, 4096, 4096]
    assert len(net.units) == 9568


def test_caffenet_pools_before_it_normalises_and_alexnet_after():
    small = dict.fromkeys(("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7"), 2)
    assert (caffenet.CAFFENET.pool_first, caffenet.ALEXNET.pool_first) == (True, False)
    plans = (caffenet.Widths(**small, pool_first=first) for first in (True, False))
    orders = [[n for n, _ in caffenet.caffenet(plan, seed=0).named_children()] for plan in plans]
    assert [order.index("pool1") < order.index("norm1") for order in orders] == [True, False]


def test_torchvisions_alexnet_has_9344_units():
    net = backbone.load("alexnet", weights="random")
    assert net.layers == ("pool1", "pool2", "conv3", "conv4", "pool5", "fc6", "fc7")
    assert sum(net.widths.values()) == 9344


def test_a_resnet_has_five_blocks():
    net = backbone.load("resnet18", weights="random")
    assert net.widths == {"block1": 64, "block2": 64, "block3": 128, "block4": 256, "block5": 512}
    assert [float(field.centres(1)[0]) for field in net.receptive_fields.values()] == [0] * 5
    assert net.map_sizes["block4"] == (14, 14)


def test_vgg16_sees_what_its_table_says():
    net = backbone.load("vgg11", weights="random")
    assert net.layers == ("pool1", "pool2", "pool3", "pool4", "pool5", "fc6", "fc7")
    assert [net.receptive_fields[f"pool{i}"].stride for i in range(1, 6)] == [2, 4, 8, 16, 32]
    assert net.receptive_fields["fc6"].window(0, 0, side=224) == (0, 224, 0, 224)


@pytest.mark.parametrize("name, count", [("mobilenet_v2", 5), ("mnasnet0_5", 5), ("squeezenet1_1", 9)])
def test_other_classifiers_have_stages_that_shrink(name, count):
    net = backbone.load(name, weights="random")
    strides = [field.stride for field in net.receptive_fields.values()]
    assert len(net.layers) == count
    assert strides == sorted(strides)
    if name == "squeezenet1_1":
        deep = next(field for field in net.receptive_fields.values() if field.stride == 16)
        assert deep.centres(1).tolist() == [15]


def test_googlenet_names_its_normalisations_and_inceptions():
    net = backbone.load("googlenet_bvlc", weights="random")
    assert net.layers[:3] == ("norm1", "norm2", "inception3a")
    assert [net.widths[layer] for layer in ("norm1", "norm2", "inception3a", "inception5b")] == [64, 192, 256, 1024]
    assert (
        net.receptive_fields["inception3a"].size == 59
    )  # 19 + (3 - 1) * 4 of pool2, + (5 - 1) * 8 of the 5 x 5 branch
    assert net.receptive_fields["inception4c"].centres(2).tolist() == [14, 30], "not 8 and 24: its pools are not padded"
    assert net.map_sizes["inception4c"] == (14, 14)


def test_conv3_is_the_rectified_map(mini, batch):
    responses = mini.responses(batch, ["conv3"])
    assert responses["conv3"].min() == 0


def test_stopping_early_gives_what_the_full_pass_gives(mini, batch):
    full = mini.responses(batch)
    for layer in mini.layers:
        assert torch.equal(mini.responses(batch, [layer])[layer], full[layer])


def test_nothing_deeper_than_the_deepest_layer_is_computed(mini, batch):
    deeper = []
    hook = mini.module.conv4.register_forward_hook(lambda *_: deeper.append(1))
    mini.responses(batch, ["norm1", "conv3"])
    hook.remove()
    assert not deeper


def test_responses_are_those_of_running_the_stages_in_order(mini, batch):
    value = batch
    for name, stage in mini.module.named_children():
        value = stage(value)
        if name == "norm2":
            torch.testing.assert_close(mini.responses(batch, ["norm2"])["norm2"], value)
    torch.testing.assert_close(mini.logits(batch), value)


def test_a_unit_answers_to_its_receptive_field_and_to_nothing_else(mini):
    """Gradient of one norm2 unit: zero outside its window."""
    pixels = torch.randn(1, 3, 127, 127, generator=torch.Generator().manual_seed(3), requires_grad=True)
    mini.responses(pixels, ["norm2"])["norm2"][0, :, 3, 3].sum().backward()
    seen = pixels.grad.abs().amax((0, 1)) > 0
    top, bottom, left, right = mini.receptive_fields["norm2"].window(3, 3, side=127)
    assert seen[top:bottom, left:right].any()
    seen[top:bottom, left:right] = False
    assert not seen.any()


def test_the_digest_follows_the_weights():
    one, same, other = (backbone.load("caffenet-mini", weights="random", seed=s).digest for s in (0, 0, 1))
    assert one == same != other


def test_channels_last_maps_are_turned():
    assert zoo.channels_last("swin_t")
    net = backbone.Backbone(
        nn.Sequential(nn.Conv2d(3, 5, 1)),
        name="x",
        title="x",
        nodes={"map": "0"},
        preprocess=None,
        licence="",
        channels_last=True,
    )
    assert net.responses(torch.zeros(1, 3, 4, 6))["map"].shape == (1, 6, 5, 4)


def test_an_unknown_layer_is_refused(mini, batch):
    with pytest.raises(ValueError, match=r"^wanted layers of caffenet-mini out of norm1, .*, fc7; got conv9$"):
        mini.responses(batch, ["conv9"])


def test_a_single_picture_is_refused(mini):
    with pytest.raises(
        ValueError, match=r"^wanted a batch N x 3 x H x W, got \(3, 127, 127\); stack `preprocess\(image\)`"
    ):
        mini.responses(torch.zeros(3, 127, 127))


def test_an_unknown_network_is_refused():
    with pytest.raises(ValueError, match=r"^wanted a network out of alexnet, .*; got 'lenet'$"):
        backbone.load("lenet")


def test_caffenet_says_that_it_has_no_weights_here():
    with pytest.raises(
        ValueError, match=r"^caffenet has no weights of its own here: give weights=<path to its .caffemodel"
    ):
        backbone.load("caffenet")


# Preprocessing


def test_preprocessing_by_hand():
    image = Image.new("RGB", (8, 8), (10, 20, 30))
    found = Preprocess(resize=8, crop=4, mean=(1, 2, 3), std=(1, 2, 3), order="BGR")(image)
    assert found.shape == (3, 4, 4)
    assert found[:, 0, 0].tolist() == pytest.approx([29, 9, 7 / 3])


def test_preprocessing_is_torchvisions():
    from torchvision.models import ResNet50_Weights

    pixels = np.random.default_rng(0).integers(0, 256, (301, 407, 3), dtype=np.uint8)
    image = Image.fromarray(pixels)
    theirs = ResNet50_Weights.IMAGENET1K_V1.transforms()(image)
    torch.testing.assert_close(Preprocess(resize=256, crop=224)(image), theirs, atol=1e-5, rtol=1e-5)


def test_warping_gives_up_the_aspect_ratio():
    assert Preprocess(resize=20, crop=20, warp=True).picture(Image.new("L", (40, 10))).size == (20, 20)


def test_an_unknown_channel_order_is_refused():
    with pytest.raises(ValueError, match=r"^wanted the channels in order 'RGB' or 'BGR', got 'GRB'$"):
        Preprocess(resize=8, crop=8, order="GRB")


def test_a_crop_larger_than_the_picture_is_refused():
    with pytest.raises(ValueError, match=r"^wanted a crop inside the resized picture, got crop=9 of resize=8$"):
        Preprocess(resize=8, crop=9)


# Weights


def test_the_shipped_network_is_loaded_by_default():
    net = backbone.load("caffenet-mini")
    assert net.title == "CaffeNet-mini"
    assert backbone.catalogue.SHIPPED.stat().st_size <= 8e6
    assert net.digest != backbone.load("caffenet-mini", weights="random").digest


def test_one_codebook_is_looked_up_and_shaped():
    tensors = {
        "w.codes": torch.tensor([[1, 0], [0, 0]], dtype=torch.uint8),
        "w.codebook": torch.tensor([[1.0, 2], [3, 4]]),
    }
    found = decoded(tensors, {"w": {"shape": [2, 4, 1, 1]}})["w"]
    assert found.flatten(1).tolist() == [[3, 4, 1, 2], [1, 2, 1, 2]]


def test_a_codebook_for_each_group_is_looked_up_along_the_last_axis():
    """One output, one place, two groups of two channels, of which the last is filling."""
    tensors = {
        "w.codes": torch.tensor([1, 0], dtype=torch.uint8).reshape(1, 1, 1, 2),
        "w.codebook": torch.tensor([[[1.0, 2], [3, 4]], [[5, 6], [7, 8]]]),
    }
    found = decoded(tensors, {"w": {"shape": [1, 3, 1, 1]}})["w"]
    assert found.shape == (1, 3, 1, 1)
    assert found.flatten().tolist() == [3, 4, 5]


def test_low_rank_weights_are_multiplied_out():
    tensors = {
        "fc.bias": torch.zeros(2),
        "fc.U.int8": torch.tensor([[1], [2]], dtype=torch.int8),
        "fc.U.scale": torch.tensor([1.0, 0.5]),
        "fc.V.int8": torch.tensor([[3, 4]], dtype=torch.int8),
        "fc.V.scale": torch.tensor([2.0]),
    }
    assert decoded(tensors, {})["fc.weight"].tolist() == [[6, 8], [6, 8]]


def test_safetensors_and_torch_files_give_the_same(tmp_path, mini):
    state = mini.module.state_dict()
    save_file(state, tmp_path / "a.safetensors")
    torch.save(state, tmp_path / "a.pt")
    digests = {backbone.load("caffenet-mini", weights=tmp_path / f"a{s}").digest for s in (".safetensors", ".pt")}
    assert digests == {mini.digest}


def test_a_pickle_that_runs_code_is_refused(tmp_path):
    torch.save({"x": print}, tmp_path / "a.pt")
    with pytest.raises(Exception, match=r"[Ww]eights.only"):
        stored_weights(tmp_path / "a.pt")


def test_quantised_weights_without_their_card_are_refused(tmp_path):
    save_file(
        {"w.codes": torch.zeros(1, 1, dtype=torch.uint8), "w.codebook": torch.zeros(1, 1)}, tmp_path / "a.safetensors"
    )
    with pytest.raises(ValueError, match=r"^a.safetensors is product-quantised: wanted its card a.json beside it"):
        stored_weights(tmp_path / "a.safetensors")
    (tmp_path / "a.json").write_text(json.dumps({"quantised": {"w": {"shape": [1, 1]}}}))
    assert stored_weights(tmp_path / "a.safetensors")["w"].tolist() == [[0]]


def test_weights_of_another_network_are_refused(tmp_path):
    save_file({"x": torch.zeros(1)}, tmp_path / "a.safetensors")
    message = (
        r"^wanted the weights of caffenet-mini, got those of another network: 16 missing \(conv1.*\), 1 unknown \(x\)$"
    )
    with pytest.raises(ValueError, match=message):
        backbone.load("caffenet-mini", weights=tmp_path / "a.safetensors")


def test_weights_of_another_shape_are_refused(tmp_path, mini):
    save_file(mini.module.state_dict() | {"fc8.bias": torch.zeros(7)}, tmp_path / "a.safetensors")
    with pytest.raises(ValueError, match=r"^wanted fc8.bias of caffenet-mini of shape \(1000,\), got \(7,\)$"):
        backbone.load("caffenet-mini", weights=tmp_path / "a.safetensors")


def test_weights_that_are_neither_file_nor_asset_are_refused():
    message = (
        r'^wanted weights "random", "published", a file .safetensors, .* or the name of an asset; got \'imagenet\'$'
    )
    with pytest.raises(ValueError, match=message):
        backbone.load("caffenet-mini", weights="imagenet")


def test_an_unknown_suffix_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"^wanted weights in a file .safetensors, .caffemodel, .pt, .pth; got a.h5$"):
        stored_weights(tmp_path / "a.h5")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^wanted weights in .*a.safetensors, but there is no such file$"):
        stored_weights(tmp_path / "a.safetensors")


@pytest.fixture
def hub(tmp_path):
    """An empty cache folder of torch.hub."""
    before = torch.hub.get_dir()
    torch.hub.set_dir(tmp_path)
    yield tmp_path / "checkpoints"
    torch.hub.set_dir(before)


def test_published_weights_come_from_the_cache_of_torch(hub):
    net = backbone.load("squeezenet1_1", weights="random")
    hub.mkdir()
    torch.save(net.module.state_dict(), hub / "squeezenet1_1-b8a52dc0.pth")
    found = backbone.load("squeezenet1_1", weights="published")
    assert (found.title, found.digest) == ("torchvision squeezenet1_1", net.digest)


def test_unreachable_published_weights_say_what_to_do(hub, monkeypatch):
    def refuse(*_, **__):
        raise URLError("no route")

    monkeypatch.setattr(torch.hub, "download_url_to_file", refuse)
    with pytest.raises(
        ConnectionError, match=r"^wanted torchvision's weights .* cannot be reached .* Go online, put the file"
    ):
        backbone.load("alexnet")


def test_published_weights_that_cannot_be_kept_say_where(hub):
    hub.write_text("a file where the folder is wanted")
    message = rf"^wanted to write alexnet-owt-7be5be79.pth in the folder {hub}, but: .* in the .* variable TORCH_HOME$"
    with pytest.raises(assets.UnwritableFolder, match=message):
        backbone.load("alexnet", weights="published")


# Caffe model files


def varint(number):
    out = b""
    while number > 0x7F:
        out, number = out + bytes([number & 0x7F | 0x80]), number >> 7
    return out + bytes([number])


def part(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def blob(array, *, old=False):
    flat = part(5, array.astype("<f4").tobytes())
    if not old:
        return part(7, part(1, b"".join(varint(edge) for edge in array.shape))) + flat
    edges = (1,) * (4 - array.ndim) + array.shape
    return b"".join(varint(i << 3) + varint(edge) for i, edge in enumerate(edges, 1)) + flat


@pytest.mark.parametrize("layers, name, blobs, old", [(100, 1, 7, False), (2, 4, 6, True)])
def test_a_caffe_model_is_read_in_both_formats(tmp_path, layers, name, blobs, old):
    weight, bias = np.arange(6.0).reshape(2, 3), np.array([7.0, 8.0])
    layer = part(name, b"fc8") + part(blobs, blob(weight, old=old)) + part(blobs, blob(bias, old=old))
    net = part(1, b"a network") + part(layers, part(name, b"data")) + part(layers, layer)
    (tmp_path / "a.caffemodel").write_bytes(net)
    found = caffe_weights(tmp_path / "a.caffemodel")
    assert sorted(found) == ["fc8.bias", "fc8.weight"]
    np.testing.assert_array_equal(found["fc8.weight"].reshape(2, 3), weight)
    np.testing.assert_array_equal(found["fc8.bias"].flatten(), bias)


def test_numbers_that_are_not_packed_are_read(tmp_path):
    loose = b"".join(varint(5 << 3 | 5) + struct.pack("<f", x) for x in (1.5, 2.5))
    net = part(100, part(1, b"a") + part(7, part(7, part(1, varint(2))) + loose))
    (tmp_path / "a.caffemodel").write_bytes(net)
    assert caffe_weights(tmp_path / "a.caffemodel")["a.weight"].tolist() == [1.5, 2.5]


def test_a_whole_network_goes_through_a_caffe_model(tmp_path, mini):
    state, net = mini.module.state_dict(), b""
    for name in sorted({key.split(".")[0] for key in state}):
        arrays = (state[f"{name}.{kind}"].numpy() for kind in ("weight", "bias"))
        net += part(100, part(1, name.encode()) + b"".join(part(7, blob(array)) for array in arrays))
    (tmp_path / "mini.caffemodel").write_bytes(net)
    assert backbone.load("caffenet-mini", weights=tmp_path / "mini.caffemodel").digest == mini.digest


def test_a_caffe_model_that_is_cut_short_is_refused(tmp_path):
    (tmp_path / "a.caffemodel").write_bytes(part(100, part(1, b"fc8"))[:-2])
    with pytest.raises(ValueError, match=r"a.caffemodel is cut short or no Caffe model: wanted \d+ bytes at \d+"):
        caffe_weights(tmp_path / "a.caffemodel")


def test_a_caffe_model_without_weights_is_refused(tmp_path):
    (tmp_path / "a.caffemodel").write_bytes(part(1, b"empty"))
    with pytest.raises(
        ValueError, match=r"a.caffemodel holds no layer with weights; wanted a .caffemodel, not a .prototxt$"
    ):
        caffe_weights(tmp_path / "a.caffemodel")


# The networks of the sample assets behave as their cards say

SHOWN = {
    "Sports Shoes": {"running shoe", "shoe shop", "sandal", "clog"},
    "Watches": {"stopwatch", "analog clock", "digital watch", "digital clock"},
    "Jeans": {"jean"},
    "Handbags": {"mailbag", "purse"},
}
ASSETS = {
    "alexnet_bvlc": "bvlc_alexnet_relearned_fc6",
    "googlenet_bvlc": "googlenet_bvlc",
    "squeezenet1_1": "squeezenet1_1",
    "resnet50_pqf": "resnet50_pqf",
}


@pytest.fixture(scope="module")
def products(cache):
    """Six photographs of each kind in SHOWN, spread over the catalogue: list of (kind, picture)."""
    from neuroattr import assets

    root = next(assets.folder("fashion-product-images-sample").rglob("styles.csv")).parent
    rows = [line.split(",", 9) for line in (root / "styles.csv").read_text(encoding="utf-8").splitlines()[1:]]
    found = []
    for kind in SHOWN:
        paths = [root / "images" / f"{row[0]}.jpg" for row in rows if row[4] == kind]
        paths = [path for path in paths if path.exists()]
        found += [(kind, Image.open(path).convert("RGB")) for path in paths[:: len(paths) // 6][:6]]
    return found


@pytest.fixture(scope="module", params=[*ASSETS, "caffenet-mini"])
def loaded(request, cache):
    return backbone.load(request.param)


@pytest.mark.sample
def test_asset_networks_hold_the_parameters_their_cards_count(cache):
    from neuroattr import assets

    for name, asset in ASSETS.items():
        card = json.loads(assets.path(asset, f"{asset}.json").read_text())
        assert sum(p.numel() for p in backbone.load(name).module.parameters()) == card["n_params"]


@pytest.mark.sample
def test_networks_know_shoes_watches_jeans_and_bags(loaded, products):
    from torchvision.models import AlexNet_Weights

    classes = np.array(AlexNet_Weights.DEFAULT.meta["categories"])
    with torch.no_grad():
        logits = loaded.logits(torch.stack([loaded.preprocess(image) for _, image in products]))
    best = classes[logits.topk(5).indices.numpy()]
    right = [bool(SHOWN[kind] & set(names)) for (kind, _), names in zip(products, best, strict=True)]
    assert np.mean(right) >= 0.75


@pytest.mark.sample
def test_alexnet_is_named_as_what_it_is_and_as_silent_as_its_card_says(cache, products):
    """The card counts 79.8 % zeros in fc6 and 86.8 % in fc7 over 1,000 photographs of clothing."""
    net = backbone.load("alexnet_bvlc")
    found = net.responses(torch.stack([net.preprocess(image) for _, image in products]), ["fc6", "fc7"])
    assert net.title == "AlexNet with re-learned fc6"
    assert float((found["fc6"] == 0).float().mean()) == pytest.approx(0.798, abs=0.05)
    assert float((found["fc7"] == 0).float().mean()) == pytest.approx(0.868, abs=0.05)


@pytest.mark.sample
def test_the_asset_decodes_as_the_code_in_its_card_does(cache):
    """AlexNet's card holds the code that decoded it when its figures were measured."""
    from safetensors.torch import load_file

    from neuroattr import assets

    name = ASSETS["alexnet_bvlc"]
    tensors, net = load_file(assets.path(name, f"{name}.safetensors")), backbone.load("alexnet_bvlc")
    codes, codebook = tensors["conv3.weight.codes"].long(), tensors["conv3.weight.codebook"]
    wanted = codebook[torch.arange(codebook.shape[0]), codes].reshape(384, 3, 3, 256).permute(0, 3, 1, 2)
    assert torch.equal(net.module.conv3.weight, wanted)
    conv1 = tensors["conv1.weight.codebook"][0][tensors["conv1.weight.codes"][..., 0].long()]  # 96 x 11 x 11 x 8
    assert torch.equal(net.module.conv1.weight, conv1.permute(0, 3, 1, 2)[:, :3])
    centre = tensors["mean_bgr"].float()[:, 14:241, 14:241]
    assert (
        float((net.module.mean.picture + torch.tensor(net.preprocess.mean)[:, None, None] - centre).abs().max()) < 1e-4
    )


def test_a_picture_of_one_pixel_by_ten_thousand_is_cut_before_it_is_resized(monkeypatch):
    sizes = []
    real = Image.Image.resize
    monkeypatch.setattr(Image.Image, "resize", lambda self, size, *rest: sizes.append(size) or real(self, size, *rest))
    thin = Image.fromarray(np.repeat(np.arange(10_000) // 40, 3).astype(np.uint8).reshape(1, 10_000, 3))
    seen = np.asarray(Preprocess(resize=256, crop=224).picture(thin))
    assert sizes == [(256 * 64, 256)]
    assert seen.shape == (224, 224, 3) and set(seen.ravel()) <= {124, 125}
