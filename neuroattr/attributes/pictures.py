"""Pictures as people have them (files, Pillow, arrays, a corpus) and their features at some layers of a network."""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeGuard

import numpy as np
import torch
from PIL import Image

from neuroattr import activations, neighbours
from neuroattr.activations import passes
from neuroattr.attributes.naming import file_names
from neuroattr.backbone import Backbone
from neuroattr.backbone.evaluation import placement
from neuroattr.corpus import Corpus, ImageFault
from neuroattr.corpus.sources import contents, decode, opened, stored

Picture: TypeAlias = (
    str | os.PathLike[str] | bytes | bytearray | memoryview | Image.Image | np.ndarray | Mapping[str, Any]
)
"""What `corpus.sources.opened` takes: a path, encoded bytes, a Pillow image, an array H x W x 3 of uint8."""

Pictures: TypeAlias = Picture | Iterable[Picture] | Corpus


@dataclass(frozen=True, eq=False)
class Described:
    """N pictures as the index keeps them.

    Parameters
    ----------
    ids : names.
    digests : by which each is known again: of its file, of its pixels, or of both.
    features : of each layer.
    paths : of the files whose names are theirs; None for other pictures.
    """

    ids: list[str]
    digests: list[tuple[str, ...]]
    features: dict[str, np.ndarray]
    paths: list[Path | None] = field(default_factory=list)


def described(
    net: Backbone, images: Pictures, layers: Sequence[str], *, ids: Iterable[object] | None, batch: int
) -> Described:
    """Features of pictures by global average pooling (*Hidden layers*, section 3.2).

    Parameters
    ----------
    images
        A corpus, one picture, or several; they may differ in size and mode.
    ids
        A name for each; of a corpus its ids, of files their names (their paths below the common folder where two have
        the same name), else the beginning of the picture's digest.

    Raises
    ------
    ValueError
        No picture, any that cannot be read (all of them are named), another number of names, a batch of none.
    TypeError
        Something that is no picture.
    """
    if batch < 1:
        raise ValueError(f"batch must be at least 1 picture; got {batch}")
    if _is_corpus(images):
        return _of_corpus(net, images, layers, batch=batch)
    several = [stored(image) for image in _several(images)]
    if not several:
        raise ValueError("at least one picture is needed; got none")
    given = None if ids is None else [str(id) for id in ([ids] if isinstance(ids, str) else ids)]
    if given is not None and len(given) != len(several):
        raise ValueError(f"ids must name each of {len(several)} pictures; got {len(given)}")
    digests, features = _seen(net, several, layers, batch)
    if given is not None:
        return Described(given, digests, features, [None] * len(several))
    paths = [image if isinstance(image, Path) else None for image in several]
    names = iter(file_names([path for path in paths if path is not None]))
    short = [
        each[0].split()[-1][:16] if path is None else next(names) for path, each in zip(paths, digests, strict=True)
    ]
    return Described(short, digests, features, paths)


def _of_corpus(net: Backbone, corpus: Corpus, layers: Sequence[str], *, batch: int) -> Described:
    recording = activations.record(net, corpus, layers=tuple(layers), pooling="mean", batch=batch)
    if recording.attrs["skipped"]:
        id, reason = next(iter(recording.attrs["skipped"].items()))
        raise ValueError(
            f"{len(recording.attrs['skipped'])} pictures of {corpus.name} cannot be read, the first {id}: {reason}. "
            "Leave them out with corpus.subset"
        )
    digests: list[tuple[str, ...]] = [(f"file {digest}",) for digest in recording["digest"].values]
    ids = [str(id) for id in recording["image"].values]
    return Described(ids, digests, neighbours.spaces(recording), [None] * len(ids))


def _is_corpus(images: Pictures) -> TypeGuard[Corpus]:
    return hasattr(images, "source") and hasattr(images, "ids")


def _several(images: Any) -> list[Any]:
    """The pictures of one or of several, without a look at what is in them."""
    single = isinstance(images, str | os.PathLike | bytes | bytearray | memoryview | Image.Image | Mapping)
    if single or not isinstance(images, Iterable) or (isinstance(images, np.ndarray) and images.ndim in (2, 3)):
        return [images]
    return list(images)


def _seen(
    net: Backbone, images: Sequence[Any], layers: Sequence[str], batch: int
) -> tuple[list[tuple[str, ...]], dict[str, np.ndarray]]:
    """Digests of pictures, and their features at each layer."""
    device, _ = placement(net.module)
    digests: list[tuple[str, ...]] = [()] * len(images)
    faults: list[Exception] = []

    def prepared(row: int) -> torch.Tensor | Exception:
        try:
            digests[row], picture = _read(images[row], f"picture {row}")
        except (ImageFault, FileNotFoundError) as fault:
            return fault
        return net.preprocess(picture)

    def features(some: passes.Batch) -> np.ndarray | None:
        faults.extend(fault for fault in some.faults.values() if isinstance(fault, Exception))
        return None if faults else passes.pooled(net, some.pictures, layers, device, "mean")

    with ThreadPoolExecutor(passes.WORKERS) as pool:
        groups = passes.grouped(slice(0, len(images)), batch)
        pictures = passes.batches(pool, prepared, range(len(images)), groups)
        with passes.forward(net.module, pictures, features, device=device) as answered:
            parts = [values for _, values in answered if values is not None]
    if faults:
        raise _unreadable(faults, len(images))
    values = np.concatenate(parts)
    ends = np.cumsum([net.widths[layer] for layer in layers])[:-1]
    return digests, dict(zip(layers, map(np.ascontiguousarray, np.split(values, ends, axis=1)), strict=True))


def _unreadable(faults: Sequence[Exception], n: int) -> ValueError:
    if n == 1:
        return faults[0] if isinstance(faults[0], ImageFault) else ValueError(*faults[0].args)
    said = [str(fault) for fault in faults[:5]] + ([f"and {len(faults) - 5} more"] if len(faults) > 5 else [])
    return ValueError(f"{len(faults)} of {n} pictures cannot be read; leave them out:\n  " + "\n  ".join(said))


def _read(image: Any, name: str) -> tuple[tuple[str, ...], Image.Image]:
    """Digests of a picture, and itself."""
    if not isinstance(image, Path):
        picture = opened(image, name=name)
        return (_pixel_digest(picture),), picture
    try:
        data = contents(image)
    except ImageFault as fault:
        if isinstance(fault.__context__, FileNotFoundError):
            said = f"no picture at {image}; give the path of a file, a Pillow image or an array"
            raise FileNotFoundError(said) from None
        raise
    picture = decode(data, name=str(image))
    return (f"file {hashlib.sha256(data).hexdigest()}", _pixel_digest(picture)), picture


def _pixel_digest(picture: Image.Image) -> str:
    return f"pixels {hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()}"
