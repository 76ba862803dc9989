"""Weights from files: safetensors (plain or product-quantised), Caffe models, torch files without pickled objects."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from neuroattr.backbone.caffemodel import caffe_weights

SUFFIXES = (".safetensors", ".caffemodel", ".pt", ".pth")


def stored_weights(path: str | Path, card: str | Path | None = None) -> dict[str, torch.Tensor]:
    """State dict of a file, float32.

    Parameters
    ----------
    path : ``.safetensors``, ``.caffemodel``, ``.pt`` or ``.pth``.
    card : JSON card of a product-quantised file; by default the file of the same name with the suffix ``.json``.

    Raises
    ------
    ValueError : another suffix, or quantised weights without their card.
    FileNotFoundError : no such file.

    Notes
    -----
    Torch files are read as weights only: a pickle can run anything.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise ValueError(f"wanted weights in a file {', '.join(SUFFIXES)}; got {path.name}")
    if not path.is_file():
        raise FileNotFoundError(f"wanted weights in {path}, but there is no such file")
    if path.suffix == ".caffemodel":
        return caffe_weights(path)
    if path.suffix != ".safetensors":
        return dict(torch.load(path, map_location="cpu", weights_only=True))
    tensors = load_file(path)
    if any(name.endswith(".codes") for name in tensors):
        return decoded(tensors, _card(path, card)["quantised"])
    return {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}


def decoded(tensors: Mapping[str, torch.Tensor], quantised: Mapping[str, Mapping[str, Any]]) -> dict[str, torch.Tensor]:
    """State dict of product-quantised weights, float32.

    Parameters
    ----------
    tensors : ``<key>.codes`` and ``<key>.codebook`` of each quantised weight; ``<key>.U.int8``, ``<key>.U.scale``,
        ``<key>.V.int8``, ``<key>.V.scale`` of low-rank ones; anything else as it is.
    quantised : mapping of key to a record with its ``shape``, as in the cards beside the files.

    Notes
    -----
    Two schemes, told apart by the codebook. One codebook k x d for a whole weight (Martinez et al. 2021): look up, then
    give it its shape. One codebook for each of M groups of d input channels, M x k x d (Wu et al. 2016): look up along
    the last axis; convolutions come as out x height x width x in and are turned; input channels that were added to
    fill the last group are dropped.
    """
    plain = {}
    for key, record in quantised.items():
        codes, codebook = tensors[f"{key}.codes"].long(), tensors[f"{key}.codebook"].float()
        lookup = _grouped if codebook.ndim == 3 else _shared
        plain[key] = lookup(codes, codebook, tuple(record["shape"]))
    for key in (name.removesuffix(".U.int8") for name in tensors if name.endswith(".U.int8")):
        left, right = (tensors[f"{key}.{x}.int8"].float() * tensors[f"{key}.{x}.scale"].float()[:, None] for x in "UV")
        plain[f"{key}.weight" if f"{key}.bias" in tensors else key] = left @ right
    parts = (".codes", ".codebook", ".int8", ".scale")
    return plain | {name: tensor.float() for name, tensor in tensors.items() if not name.endswith(parts)}


def _shared(codes: torch.Tensor, codebook: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor:
    return codebook[codes].reshape(shape)


def _grouped(codes: torch.Tensor, codebook: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor:
    weight = codebook[torch.arange(codebook.shape[0]), codes].flatten(-2)  # ... x M x d -> ... x M d
    if weight.ndim == 4:
        weight = weight.permute(0, 3, 1, 2)
    return weight[:, : shape[1]].contiguous()


def _card(path: Path, card: str | Path | None) -> Any:
    place = Path(card) if card else path.with_suffix(".json")
    if not place.is_file():
        raise ValueError(f"{path.name} is product-quantised: wanted its card {place.name} beside it, with the shapes")
    return json.loads(place.read_text(encoding="utf-8"))
