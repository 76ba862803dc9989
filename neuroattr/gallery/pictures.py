"""Pictures as people have them (files, Pillow, arrays, a corpus) and their features at some layers of a network."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from neuroattr import activations, neighbours
from neuroattr.activations import passes
from neuroattr.corpus.sources import decode


@dataclass(frozen=True, eq=False)
class Described:
    """N pictures as the index keeps them: names, digests of what was seen, and features of each layer."""

    ids: list[str]
    digests: list[str]
    features: dict[str, np.ndarray]


def described(net, images, layers: Sequence[str], *, ids: Iterable | None, batch: int) -> Described:
    """Features of pictures by global average pooling (*Hidden layers*, section 3.2).

    Parameters
    ----------
    images
        A corpus, one picture, or several: paths, Pillow images, arrays H x W x 3 of uint8.
    ids
        A name for each; of a corpus its ids, of files their names, else the beginning of the picture's digest.

    Raises
    ------
    ValueError
        No picture, one that cannot be read (a corpus: any), another number of names, a name that comes twice.
    TypeError
        Something that is no picture.
    """
    if hasattr(images, "source") and hasattr(images, "ids"):
        return _of_corpus(net, images, layers, batch=batch)
    images = [images] if isinstance(images, str | Path | Image.Image) or np.ndim(images) == 3 else list(images)
    if not images:
        raise ValueError("at least one picture is needed; got none")
    names, digests, pictures = zip(*(_read(image) for image in images), strict=True)
    names = [str(id) for id in (names if ids is None else ids)]
    if len(names) != len(pictures):
        raise ValueError(f"ids must name each of {len(pictures)} pictures; got {len(names)}")
    return Described(names, list(digests), _features(net, pictures, layers, batch))


def _of_corpus(net, corpus, layers, *, batch) -> Described:
    recording = activations.record(net, corpus, layers=tuple(layers), pooling="mean", batch=batch)
    if recording.attrs["skipped"]:
        id, reason = next(iter(recording.attrs["skipped"].items()))
        raise ValueError(
            f"{len(recording.attrs['skipped'])} pictures of {corpus.name} cannot be read, the first {id}: {reason}. "
            "Leave them out with corpus.subset"
        )
    digests = [f"file {digest}" for digest in recording["digest"].values]
    return Described([str(id) for id in recording["image"].values], digests, neighbours.spaces(recording))


def _read(image) -> tuple[str, str, Image.Image]:
    """Name, digest and picture."""
    if isinstance(image, str | Path):
        path = Path(image)
        if not path.is_file():
            raise ValueError(f"no picture at {path}; give the path of a file, a Pillow image or an array")
        contents = path.read_bytes()
        return path.name, f"file {hashlib.sha256(contents).hexdigest()}", decode(contents, name=str(path))
    if isinstance(image, np.ndarray):
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            raise TypeError(f"an array must be H x W x 3 of uint8 to be a picture; got {image.shape} of {image.dtype}")
        image = Image.fromarray(image)
    if not isinstance(image, Image.Image):
        raise TypeError(f"a picture is a path, a Pillow image or an array; got {type(image).__name__}")
    picture = image.convert("RGB")
    digest = hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()
    return digest[:16], f"pixels {digest}", picture


def _features(net, pictures, layers, batch) -> dict[str, np.ndarray]:
    device = next(net.module.parameters(), torch.empty(0)).device
    parts = []
    with passes.placed(net.module, device, "float32"):
        for start in range(0, len(pictures), batch):
            inputs = [net.preprocess(picture) for picture in pictures[start : start + batch]]
            parts.append(passes.pooled(net, inputs, layers, device, "mean"))
    values = np.concatenate(parts)
    ends = np.cumsum([net.widths[layer] for layer in layers])[:-1]
    return dict(zip(layers, map(np.ascontiguousarray, np.split(values, ends, axis=1)), strict=True))
