"""Recording: every picture of a corpus through a network once, however often the process is killed."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import xarray as xr
from tqdm import tqdm

from neuroattr.activations import passes
from neuroattr.activations.chunks import batch_values, chunk_values
from neuroattr.activations.reductions import Pooled, Reduction
from neuroattr.activations.settings import Settings, checked
from neuroattr.activations.store import SCHEMA, STORE, Layout, Store, opened, rows_in_chunk
from neuroattr.backbone import Backbone, identity
from neuroattr.corpus import Corpus
from neuroattr.provenance import Kind, lines_digest

KIND = Kind("activations", (passes.prepared_picture, chunk_values, Pooled))


def record(
    net: Backbone,
    corpus: Corpus,
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
    layers : named layers, from shallow to deep; all of the network's own list when not given.
    pooling : "max" or "mean" of a map over its places.
    batch : pictures in one forward pass; changes speed and memory, not results (beyond rounding).
    precision : "float32", or "bfloat16": about twice as fast on processors that have it. See `rank_agreement` for its
        effect.
    device : where to compute; where the network is when not given.
    progress : show a progress bar, if there is a terminal.

    Returns
    -------
    The recording, read from disk when values are asked for: coordinates ``image`` (ids), ``digest`` (of each picture),
    ``layer`` and ``channel`` (of each unit). ``attrs["skipped"]`` lists the pictures that could not be read and are not
    in it, with the reason; ``attrs["key"]`` holds what the values were made from.

    Raises
    ------
    ValueError : an unknown layer, pooling or precision, an empty batch or corpus, or no picture that can be read.
    RuntimeError : `device` is not there.

    Notes
    -----
    Recorded once for each key (weights, pictures, layers, preprocessing, pooling, precision, device kind, code) into
    the cache. A killed process goes on at the first chunk that is not complete; a second process that wants the same
    key waits.
    """
    settings = checked(net, layers, batch, precision, device, progress)
    if pooling not in passes.POOLINGS:
        raise ValueError(f"pooling must be one of {', '.join(passes.POOLINGS)}; got {pooling!r}")
    widths = [int(net.widths[layer]) for layer in settings.layers]
    units = {
        "layer": ("unit", np.repeat(settings.layers, widths)),
        "channel": ("unit", np.concatenate([np.arange(width, dtype="int32") for width in widths])),
    }
    layout = Layout(("image", "unit"), (sum(widths),), rows_in_chunk(sum(widths)), units)
    reduction = Pooled(settings.layers, pooling)
    return recorded(KIND, net, corpus, reduction, layout, settings, facts={"pooling": pooling})


def recorded(
    kind: Kind,
    net: Backbone,
    corpus: Corpus,
    reduction: Reduction,
    layout: Layout,
    settings: Settings,
    *,
    facts: dict[str, Any],
) -> xr.DataArray:
    """What a reduction leaves of the responses to the pictures of a corpus, as it is kept, or recorded now.

    Parameters
    ----------
    kind : of the kept result.
    layout : of the values of `reduction` on disk.
    facts : what decides them beside network, pictures and settings.
    """
    ids = [str(id) for id in corpus.ids]
    if not ids:
        raise ValueError(f"corpus {corpus.name} has no pictures to record")
    with ThreadPoolExecutor(passes.WORKERS) as pool:
        digests = passes.picture_digests(pool, corpus.source, ids)
        wanted = _wanted(kind, net, corpus, digests, settings, facts)

        def make(folder: Path) -> None:
            store = Store(folder / STORE, wanted, layout)
            store.begin(ids, digests)
            _fill(store, net, corpus, reduction, settings, pool)

        folder = kind.kept(wanted).made(make)
    array = opened(folder, wanted)
    if not len(array):
        first = next(iter(array.attrs["skipped"].values()))
        raise ValueError(f"none of the {len(ids)} pictures of {corpus.name} could be read; the first: {first}")
    return array


def _wanted(
    kind: Kind, net: Backbone, corpus: Corpus, digests: Sequence[str], settings: Settings, facts: dict[str, Any]
) -> dict[str, Any]:
    """Everything that decides the values of a recording.

    `digests` are the SHA-256 of the pictures' bytes, in the order of the corpus. The batch size is not in it: it does
    not change results beyond rounding.
    """
    pictures = [f"{id} {digest}" for id, digest in zip(corpus.ids, digests, strict=True)]
    return kind.record(
        *identity.actors(net),
        type(corpus.source),
        schema=SCHEMA,
        network=identity.facts(net, settings.layers),
        layers=[[layer, int(net.widths[layer])] for layer in settings.layers],  # in the order of the units
        precision=settings.precision,
        device=settings.device.type,
        images={"count": len(pictures), "sha256": lines_digest(pictures)},
        **facts,
    )


def _fill(
    store: Store,
    net: Backbone,
    corpus: Corpus,
    reduction: Reduction,
    settings: Settings,
    pool: ThreadPoolExecutor,
) -> None:
    start = time.perf_counter()
    ids = [str(id) for id in corpus.ids]
    pending = store.pending()
    left = sum(rows.stop - rows.start for rows in pending)
    pictures = passes.batches(
        pool,
        partial(passes.prepared_picture, corpus.source, net.preprocess),
        ids,
        [some for rows in pending for some in passes.grouped(rows, settings.batch)],
    )
    values_of = partial(batch_values, net, reduction, ids, settings.device)
    with (
        passes.forward(
            net.module, pictures, values_of, device=settings.device, precision=settings.precision
        ) as answered,
        tqdm(
            total=len(ids),
            initial=len(ids) - left,
            desc=f"{net.name} on {corpus.name}",
            unit="image",
            disable=None if settings.progress else True,
        ) as bar,
    ):
        for rows in pending:
            values = store.layout.empty(rows)
            faults = chunk_values(answered, rows, values, bar.update)
            store.write(rows, values, {ids[row]: fault for row, fault in faults.items()})
    seconds = time.perf_counter() - start
    store.close(
        network=net.name,
        corpus=corpus.name,
        torch=torch.__version__,
        batch=settings.batch,
        images_per_second=round(left / seconds, 2) if left else None,
    )
