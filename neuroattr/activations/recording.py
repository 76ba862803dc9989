"""Recording: every picture of a corpus through a network once, however often the process is killed."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
import torch
import xarray as xr
from filelock import FileLock
from tqdm import tqdm

from neuroattr.activations import keys, passes
from neuroattr.activations.store import Store, opened
from neuroattr.assets import cache_folder

WORKERS = min(16, os.cpu_count() or 1)  # threads that decode; Pillow leaves the interpreter free while it works


@dataclass(frozen=True)
class Settings:
    """How a recording is made."""

    layers: tuple[str, ...]
    pooling: str
    batch: int
    precision: str
    device: torch.device
    progress: bool


def record(
    net,
    corpus,
    *,
    layers: Sequence[str] | None = None,
    pooling: str = "max",
    batch: int = 32,
    precision: str = "float32",
    device: str | None = None,
    progress: bool = True,
) -> xr.DataArray:
    """Activations of the units of `net` on the pictures of `corpus`, ``activation[image, unit]``, N x U float32.

    Convolutional units are represented by the maximum of their map (*Discovery*, section 4.1) or by its mean (*Hidden
    layers*, section 3.2: global average pooling), dense ones as they are.

    Parameters
    ----------
    net
        A `backbone.Backbone`.
    corpus
        A `corpus.Corpus`.
    layers
        Named layers, from shallow to deep; all of the network's own list when not given.
    pooling
        "max" or "mean" of a map over its places.
    batch
        Pictures in one forward pass; changes speed and memory, not results (beyond rounding).
    precision
        "float32", or "bfloat16": about twice as fast on processors that have it. See `rank_agreement` for its effect.
    device
        Where to compute; where the network is when not given.
    progress
        Show a progress bar, if there is a terminal.

    Returns
    -------
    The recording, read from disk when values are asked for: coordinates ``image`` (ids), ``digest`` (of each picture),
    ``layer`` and ``channel`` (of each unit). ``attrs["skipped"]`` lists the pictures that could not be read and are not
    in it, with the reason; ``attrs["key"]`` holds what the values were made from.

    Raises
    ------
    ValueError
        If a layer, pooling or precision is unknown, the batch or the corpus is empty, or no picture can be read.
    RuntimeError
        If `device` is not there.

    Notes
    -----
    Recorded once for each key (weights, pictures, layers, preprocessing, pooling, precision, device kind, code) into
    the cache. A killed process goes on at the first chunk that is not complete; a second process that wants the same
    key waits.
    """
    settings = _settings(net, layers, pooling, batch, precision, device, progress)
    ids = [str(id) for id in corpus.ids]
    if not ids:
        raise ValueError(f"corpus {corpus.name} has no pictures to record")
    with ThreadPoolExecutor(WORKERS) as pool:
        digests = list(pool.map(partial(_picture_digest, corpus.source), ids))
        wanted = keys.key_record(
            net, ids, digests, settings.layers, pooling=pooling, precision=precision, device=settings.device
        )
        folder = cache_folder() / "activations"
        store = Store(folder / f"{keys.key(wanted)}.zarr", wanted)
        if not store.is_complete():
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(store.path.with_suffix(".lock")):
                if not store.is_complete():
                    store.begin(ids, digests)
                    _fill(store, net, corpus, settings, pool)
    array = opened(store.path, wanted)
    if not len(array):
        first = next(iter(array.attrs["skipped"].values()))
        raise ValueError(f"none of the {len(ids)} pictures of {corpus.name} could be read; the first: {first}")
    return array


def _settings(net, layers, pooling, batch, precision, device, progress) -> Settings:
    layers = tuple(net.layers if layers is None else layers)
    unknown = [layer for layer in layers if layer not in net.widths]
    if unknown or not layers or len(set(layers)) < len(layers):
        raise ValueError(
            f"layers must be different named layers of {net.name} ({', '.join(net.widths)}); got {', '.join(layers)!r}"
        )
    if pooling not in passes.POOLINGS:
        raise ValueError(f"pooling must be one of {', '.join(passes.POOLINGS)}; got {pooling!r}")
    if precision not in passes.PRECISIONS:
        raise ValueError(f"precision must be one of {', '.join(passes.PRECISIONS)}; got {precision!r}")
    if batch < 1:
        raise ValueError(f"batch must be at least 1 picture; got {batch}")
    if device is None:
        device = next(net.module.parameters(), torch.empty(0)).device
    return Settings(layers, pooling, batch, precision, passes.checked_device(device), progress)


def _fill(store: Store, net, corpus, settings: Settings, pool: ThreadPoolExecutor) -> None:
    start = time.perf_counter()
    ids = [str(id) for id in corpus.ids]
    pending = store.pending()
    left = [id for rows in pending for id in ids[rows]]
    pictures = passes.prefetched(
        pool, partial(passes.prepared_picture, corpus.source, net.preprocess), left, ahead=2 * settings.batch
    )
    with (
        passes.placed(net.module, settings.device, settings.precision),
        tqdm(
            total=len(ids),
            initial=len(ids) - len(left),
            desc=f"{net.name} on {corpus.name}",
            unit="image",
            disable=None if settings.progress else True,
        ) as bar,
    ):
        for rows in pending:
            store.write(rows, *_chunk(net, pictures, ids[rows], settings, bar))
    seconds = time.perf_counter() - start
    store.close(
        network=net.name,
        corpus=corpus.name,
        torch=torch.__version__,
        batch=settings.batch,
        images_per_second=round(len(left) / seconds, 2) if left else None,
    )


def _chunk(net, pictures: Iterator, ids: list[str], settings: Settings, bar: tqdm) -> tuple[np.ndarray, dict]:
    """Values of the next `ids` (rows of NaN where a picture could not be read), and why those could not be."""
    values = np.full((len(ids), sum(net.widths[layer] for layer in settings.layers)), np.nan, dtype=np.float32)
    skipped = {}
    for start in range(0, len(ids), settings.batch):
        names = ids[start : start + settings.batch]
        batch = list(islice(pictures, len(names)))
        good = [position for position, picture in enumerate(batch) if not isinstance(picture, str)]
        skipped |= {names[position]: picture for position, picture in enumerate(batch) if isinstance(picture, str)}
        if good:
            rows = start + np.array(good)
            pictures_here = [batch[position] for position in good]
            values[rows] = passes.pooled(net, pictures_here, settings.layers, settings.device, settings.pooling)
        bar.update(len(names))
    return values, skipped


def _picture_digest(source, id: str) -> str:
    try:
        return source.digest(id)
    except Exception:  # no such file, or no bytes: it will be skipped with its reason
        return "unreadable"
