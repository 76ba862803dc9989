"""The pictures to learn from, decoded and cut to size once, as a memory-mapped array that every task shares."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from tqdm import tqdm

from neuroattr.activations import passes
from neuroattr.assets import write_whole
from neuroattr.backbone import Backbone, Preprocess
from neuroattr.corpus import Corpus
from neuroattr.provenance import Kind, lines_digest

PIXELS, SKIPPED = "pixels.npy", "skipped.json"


def pictures(
    net: Backbone, corpus: Corpus, ids: Sequence[str], digests: Sequence[str], *, progress: bool
) -> tuple[npt.NDArray[np.uint8], dict[str, str]]:
    """What the network looks at, uint8 N x S x S x 3 (RGB, memory-mapped), and why some are not there, by id.

    Parameters
    ----------
    ids, digests : of the pictures wanted.
    progress : show a bar.

    Notes
    -----
    Kept under ``pixels`` of the cache, keyed by the pictures' bytes and the preprocessing. The rows of pictures
    that cannot be read are black.
    """
    record = KIND.record(
        type(net.preprocess),
        type(corpus.source),
        preprocess=net.preprocess,
        images=lines_digest(f"{id} {digest}" for id, digest in zip(ids, digests, strict=True)),
    )

    def make(folder: Path) -> None:
        skipped = _decoded(net.preprocess, corpus, ids, folder / PIXELS, progress)
        with write_whole(folder / SKIPPED) as path:
            path.write_text(json.dumps(skipped), encoding="utf-8")

    folder = KIND.kept(record).made(make)
    return np.load(folder / PIXELS, mmap_mode="r"), json.loads((folder / SKIPPED).read_text(encoding="utf-8"))


def scaled(pixels: torch.Tensor, preprocess: Preprocess) -> torch.Tensor:
    """The network's input, float32 B x 3 x S x S, as ``preprocess`` makes it of a picture.

    Parameters
    ----------
    pixels : uint8 B x S x S x 3, RGB, a tensor.
    """
    ordered = pixels.flip(-1) if preprocess.order == "BGR" else pixels
    scale = (preprocess.mean, preprocess.std)
    mean, std = (torch.tensor(numbers, dtype=torch.float32, device=pixels.device) for numbers in scale)
    return ((ordered.float() - mean) / std).permute(0, 3, 1, 2)  # its memory stays channels-last


def _decoded(preprocess: Preprocess, corpus: Corpus, ids: Sequence[str], place: Path, progress: bool) -> dict[str, str]:
    """Write the pictures to ``place``; dict of id to fault."""
    skipped: dict[str, str] = {}
    shape = (len(ids), preprocess.crop, preprocess.crop, 3)
    with write_whole(place) as path, ThreadPoolExecutor(passes.WORKERS) as pool:
        pixels = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)

        def cut_to_size(image: Image.Image) -> npt.NDArray[np.uint8]:
            return np.asarray(preprocess.picture(image))

        found = passes.prefetched(pool, partial(passes.prepared_picture, corpus.source, cut_to_size), ids, ahead=64)
        bar = tqdm(found, total=len(ids), desc=f"pictures of {corpus.name}", disable=None if progress else True)
        for row, picture in enumerate(bar):
            if isinstance(picture, str):
                skipped[ids[row]] = picture
            else:
                pixels[row] = picture
        pixels.flush()
        del pixels
    return skipped


KIND = Kind("pixels", (_decoded,))
