"""The networks by name: how to build each, what it is called in print, where its weights come from."""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn

from neuroattr import assets
from neuroattr.backbone import caffenet, googlenet, zoo
from neuroattr.backbone.formats import SUFFIXES, stored_weights
from neuroattr.backbone.preprocess import CAFFE_MEAN, Preprocess

SHIPPED = Path(__file__).parent / "weights" / "caffenet-mini.safetensors"
ALEXNET_MEAN = (104.007, 116.669, 122.679)  # BGR, of BVLC's mean picture
UNRESTRICTED = "released for unrestricted use (BVLC model zoo)"


@dataclass(frozen=True)
class Entry:
    """One network.

    Parameters
    ----------
    title : what to call it in print.
    build : callable of a seed that gives the module with random weights.
    preprocess : `Preprocess`.
    nodes : callable of the module that gives the mapping of layer name to module.
    weights : default weights: a path, "published" (torchvision's), the name of an asset, or None where there are none.
    licence : of the default weights.
    titles : other titles, by the name of the weights.
    channels_last : whether maps come as N x H x W x C.
    """

    title: str
    build: Callable[[int], nn.Module]
    preprocess: Preprocess
    nodes: Callable[[nn.Module], dict[str, str]]
    weights: str | Path | None
    licence: str
    titles: dict[str, str] = field(default_factory=dict)
    channels_last: bool = False


def _same(names: Sequence[str]) -> Callable[[nn.Module], dict[str, str]]:
    return lambda module: {name: name for name in names}


def _caffenet_nodes(module: nn.Module) -> dict[str, str]:
    """Caffe computes rectifiers in place: its conv3 is the rectified map."""
    relu = {"conv3": "relu3", "conv4": "relu4", "fc6": "relu6", "fc7": "relu7"}
    return {layer: relu.get(layer, layer) for layer in caffenet.LAYERS}


def _caffe_preprocess(crop: int, mean: tuple[float, float, float] = CAFFE_MEAN) -> Preprocess:
    return Preprocess(resize=256, crop=crop, mean=mean, std=(1.0, 1.0, 1.0), order="BGR", warp=True)


OWN = {
    "caffenet-mini": Entry(
        title="CaffeNet-mini",
        build=lambda seed: caffenet.caffenet(caffenet.MINI, seed=seed),
        preprocess=Preprocess(resize=145, crop=127, warp=True),
        nodes=_caffenet_nodes,
        weights=SHIPPED,
        licence="BSD-3-Clause, as this package; distilled from BVLC GoogLeNet (unrestricted)",
    ),
    "caffenet": Entry(
        title="CaffeNet",
        build=lambda seed: caffenet.caffenet(caffenet.CAFFENET, seed=seed),
        preprocess=_caffe_preprocess(227),
        nodes=_caffenet_nodes,
        weights=None,
        licence=UNRESTRICTED,
    ),
    "alexnet_bvlc": Entry(
        title="BVLC AlexNet",
        build=lambda seed: caffenet.caffenet(caffenet.ALEXNET, seed=seed),
        preprocess=_caffe_preprocess(227, ALEXNET_MEAN),
        nodes=_caffenet_nodes,
        weights="bvlc_alexnet_relearned_fc6",
        licence="non-commercial research use",
        titles={"bvlc_alexnet_relearned_fc6": "AlexNet with re-learned fc6"},
    ),
    "googlenet_bvlc": Entry(
        title="BVLC GoogLeNet",
        build=lambda seed: googlenet.googlenet(seed=seed),
        preprocess=_caffe_preprocess(224),
        nodes=_same(googlenet.LAYERS),
        weights="googlenet_bvlc",
        licence=UNRESTRICTED,
    ),
}
# Networks of torchvision's architecture whose default weights are an asset: (architecture, asset, title, licence).
SHELVED = {
    "squeezenet1_1": ("squeezenet1_1", "squeezenet1_1", "SqueezeNet 1.1", "BSD-2-Clause"),
    "resnet50_pqf": ("resnet50", "resnet50_pqf", "ResNet-50, product-quantised", "Uber Non-Commercial License"),
}
CARD_PREPROCESS = Preprocess(resize=256, crop=224)  # of both cards; torchvision's newer ResNet-50 wants 232


def names() -> list[str]:
    """All names that `backbone.load` knows."""
    return sorted({*OWN, *SHELVED, *zoo.classifiers()})


def entry(name: str) -> Entry:
    """The `Entry` of a network.

    Raises
    ------
    ValueError : unknown name.
    """
    if name in OWN:
        return OWN[name]
    if name not in names():
        raise ValueError(
            f"wanted a network out of {', '.join(names())}; nearest: {', '.join(_nearest(name))}; got {name!r}"
        )
    architecture, weights, title, licence = SHELVED.get(
        name, (name, "published", f"torchvision {name}", "BSD-3-Clause (torchvision); ImageNet's terms for the weights")
    )
    preprocess = CARD_PREPROCESS if name in SHELVED else zoo.preprocess(architecture)
    return Entry(
        title=title,
        build=lambda seed: zoo.architecture(architecture, seed=seed),
        preprocess=preprocess,
        nodes=lambda module: zoo.named_layers(architecture, module, side=preprocess.crop),
        weights=weights,
        licence=licence,
        titles={"published": f"torchvision {architecture}"},
        channels_last=zoo.channels_last(architecture),
    )


def _nearest(name: str) -> list[str]:
    """Three names most like a wrong one, however it is written: ResNet-50 is resnet50."""
    plain = {re.sub(r"[\W_]", "", known).lower(): known for known in names()}
    asked = re.sub(r"[\W_]", "", str(name)).lower()
    return [plain[found] for found in difflib.get_close_matches(asked, plain, n=3, cutoff=0.0)]


def state(name: str, weights: str | Path | None) -> dict[str, torch.Tensor]:
    """State dict for the network ``name`` from published weights, a file or an asset.

    Raises
    ------
    ValueError : the network has no default weights.
    """
    if weights is None:
        raise ValueError(
            f"{name} has no weights of its own here: give weights=<path to its .caffemodel or .safetensors>, "
            'or weights="random"'
        )
    if weights == "published":
        return zoo.published_weights(SHELVED.get(name, (name,))[0])
    if Path(weights).suffix in SUFFIXES:
        return stored_weights(weights)
    if weights not in assets.manifest():
        raise ValueError(
            f'wanted weights "random", "published", a file {", ".join(SUFFIXES)} or the name of an asset; '
            f"got {str(weights)!r}"
        )
    asset = str(weights)
    return stored_weights(assets.path(asset, f"{asset}.safetensors"), card=assets.path(asset, f"{asset}.json"))
