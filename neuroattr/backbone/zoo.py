"""Every classifier of torchvision by name: its named layers, preprocessing and published weights."""

import re
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import nn

from neuroattr.assets import writing
from neuroattr.backbone.formats import stored_weights
from neuroattr.backbone.preprocess import Preprocess

ALEXNET_LAYERS = {
    "pool1": "features.2",
    "pool2": "features.5",
    "conv3": "features.7",
    "conv4": "features.9",
    "pool5": "features.12",
    "fc6": "classifier.2",
    "fc7": "classifier.5",
}
RESNET_LAYERS = {"block1": "relu", "block2": "layer1", "block3": "layer2", "block4": "layer3", "block5": "layer4"}
CONTAINERS = ("features", "trunk_output", "encoder.layers", "blocks", "layers")


def _models() -> Any:
    """torchvision's models, imported only when asked for: that loads torch's compiler, which takes seconds."""
    from torchvision import models

    return models


def classifiers() -> list[str]:
    """Names of torchvision's image classifiers."""
    models = _models()
    return list(models.list_models(module=models))


def architecture(name: str, *, seed: int) -> nn.Module:
    """The network with random weights drawn from ``seed``."""
    options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return _models().get_model(name, weights=None, **options).eval()


def published_weights(name: str) -> dict[str, torch.Tensor]:
    """State dict of torchvision's published weights, from torch's cache folder or their address.

    Raises
    ------
    ConnectionError : not in the cache, and the address cannot be reached.
    UnwritableFolder : not in the cache, and the cache cannot be written.

    Notes
    -----
    Published DenseNets have keys ``norm.1`` where the network has ``norm1``.
    """
    weights = _models().get_model_weights(name).DEFAULT
    place = Path(torch.hub.get_dir()) / "checkpoints" / weights.url.rpartition("/")[2]
    if not place.exists():
        with writing(place, setting="TORCH_HOME"):
            place.parent.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=place.parent).close()
        digest = place.stem.rpartition("-")[2]  # torch checks the first digits of the SHA-256, which are in the name
        try:
            torch.hub.download_url_to_file(weights.url, str(place), digest, progress=False)
        except OSError as error:
            raise ConnectionError(
                f"wanted torchvision's weights {weights}, but {weights.url} cannot be reached ({error}). Go online, "
                f"put the file into {place.parent}, or give weights=<a .safetensors or .pth file>"
            ) from error
    return {re.sub(r"(denselayer\d+\.(?:norm|relu|conv))\.", r"\1", key): w for key, w in stored_weights(place).items()}


def preprocess(name: str) -> Preprocess:
    """`Preprocess` of the published weights."""
    recipe = _models().get_model_weights(name).DEFAULT.transforms()
    return Preprocess(
        resize=recipe.resize_size[0],
        crop=recipe.crop_size[0],
        mean=tuple(255 * m for m in recipe.mean),
        std=tuple(255 * s for s in recipe.std),
        interpolation=recipe.interpolation.value,
    )


def named_layers(name: str, module: nn.Module, *, side: int) -> dict[str, str]:
    """Mapping of layer name to module, shallow to deep.

    AlexNet, VGG, ResNet and SqueezeNet by the names of their papers; any other network by its stages: the last module
    at each size of the map, or every block where the size never changes.
    """
    if name == "alexnet":
        return ALEXNET_LAYERS
    if name.startswith("vgg"):
        pools = [f"features.{i}" for i, stage in enumerate(module.features) if isinstance(stage, nn.MaxPool2d)]
        return {f"pool{i}": pool for i, pool in enumerate(pools, 1)} | {"fc6": "classifier.1", "fc7": "classifier.4"}
    if isinstance(module, _models().ResNet):
        return RESNET_LAYERS
    if isinstance(module, _models().SqueezeNet):
        fires = [f"features.{i}" for i, stage in enumerate(module.features) if type(stage).__name__ == "Fire"]
        return {"conv1": "features.1"} | {f"fire{i}": fire for i, fire in enumerate(fires, 2)}
    return _stages(module, side, channels_last(name))


def channels_last(name: str) -> bool:
    """Whether the maps of this network come as N x H x W x C."""
    return name.startswith("swin")


def _stages(module: nn.Module, side: int, last: bool) -> dict[str, str]:
    """The last block at each map size, as stage1, stage2, ...: found by one pass over a blank picture."""
    prefix = next((path for path in CONTAINERS if _has(module, path)), "")
    paths = {f"{prefix}.{name}".strip("."): child for name, child in module.get_submodule(prefix).named_children()}
    sizes: dict[str, tuple[int, ...]] = {}
    hooks = [
        child.register_forward_hook(lambda _, __, out, path=path: sizes.update({path: _size(out, last)}))
        for path, child in paths.items()
    ]
    with torch.no_grad():
        module(torch.zeros(1, 3, side, side))
    for hook in hooks:
        hook.remove()
    mapped = [(path, size) for path, size in sizes.items() if size]
    ends = [path for (path, size), (_, after) in zip(mapped, [*mapped[1:], ("", ())], strict=True) if size != after]
    kept = ends if len(ends) > 1 else [path for path, _ in mapped]
    return {f"stage{i}": path for i, path in enumerate(kept, 1)}


def _has(module: nn.Module, path: str) -> bool:
    try:
        return len(list(module.get_submodule(path).children())) > 1
    except AttributeError:
        return False


def _size(out: Any, last: bool) -> tuple[int, ...]:
    """Height and width of a map, number of tokens, or () for what has no places."""
    if not isinstance(out, torch.Tensor) or out.ndim < 3:
        return ()
    if out.ndim == 3:
        return (out.shape[1],)
    size = tuple(out.shape[1:3] if last else out.shape[2:])
    return () if size == (1, 1) else size
