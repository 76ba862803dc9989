"""The pictures to learn from, decoded and cut to size once, as a memory-mapped array that every task shares."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import torch
from filelock import FileLock
from tqdm import tqdm

from neuroattr.activations import keys, passes
from neuroattr.activations.recording import WORKERS
from neuroattr.assets import cache_folder, write_whole
from neuroattr.corpus.faults import printable
from neuroattr.corpus.sources import opened


def picture_digests(source, ids):
    """SHA-256 of each picture's bytes; "unreadable" where there are none."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(partial(_digest, source), ids))


def pictures(net, corpus, ids, digests, *, progress):
    """What the network looks at, uint8 N x S x S x 3 (RGB, memory-mapped), and why some are not there, by id.

    Parameters
    ----------
    ids, digests : of the pictures wanted.
    progress : show a bar.

    Notes
    -----
    Kept under ``tuned/pictures`` of the cache, keyed by the pictures' bytes and the preprocessing. The rows of pictures
    that cannot be read are black.
    """
    record = {
        "schema": 2,  # raise it when the same bytes are decoded to other pixels
        "preprocess": keys.plain(net.preprocess),
        "images": [f"{id} {digest}" for id, digest in zip(ids, digests, strict=True)],
    }
    place = cache_folder() / "tuned" / "pictures" / f"{keys.key(record)}.npy"
    mark = place.with_suffix(".json")  # written last
    place.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(place.with_suffix(".lock")):
        if not mark.exists():
            skipped = _decoded(net.preprocess, corpus, ids, place, progress)
            with write_whole(mark) as path:
                path.write_text(json.dumps(skipped))
    return np.load(place, mmap_mode="r"), json.loads(mark.read_text())


def scaled(pixels, preprocess):
    """The network's input, float32 B x 3 x S x S, as ``preprocess`` makes it of a picture.

    Parameters
    ----------
    pixels : uint8 B x S x S x 3, RGB, a tensor.
    """
    ordered = pixels.flip(-1) if preprocess.order == "BGR" else pixels
    scale = (preprocess.mean, preprocess.std)
    mean, std = (torch.tensor(numbers, dtype=torch.float32, device=pixels.device) for numbers in scale)
    return ((ordered.float() - mean) / std).permute(0, 3, 1, 2)  # its memory stays channels-last


def _decoded(preprocess, corpus, ids, place, progress):
    """Write the pictures to ``place``; dict of id to fault."""
    skipped, shape = {}, (len(ids), preprocess.crop, preprocess.crop, 3)
    with write_whole(place) as path, ThreadPoolExecutor(WORKERS) as pool:
        pixels = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)
        found = passes.prefetched(pool, partial(_picture, corpus.source, preprocess), ids, ahead=64)
        bar = tqdm(found, total=len(ids), desc=f"pictures of {corpus.name}", disable=None if progress else True)
        for row, picture in enumerate(bar):
            if isinstance(picture, str):
                skipped[ids[row]] = picture
            else:
                pixels[row] = picture
        pixels.flush()
        del pixels
    return skipped


def _picture(source, preprocess, id):
    try:
        picture = opened(source.image(id), name=id)
    except Exception as fault:  # whatever a source or decoder raises is the fault of this picture
        return printable(f"{type(fault).__name__}: {fault}")
    return np.asarray(preprocess.picture(picture))


def _digest(source, id):
    try:
        return source.digest(id)
    except Exception:  # it will be skipped with its reason
        return "unreadable"
