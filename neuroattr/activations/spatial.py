"""Recordings that know places: whole maps of a layer, and the vectors at all or at drawn positions of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from neuroattr.activations import passes, store
from neuroattr.activations.chunks import chunk_values
from neuroattr.activations.recording import recorded
from neuroattr.activations.reductions import DTYPES, AtPositions, WholeMap
from neuroattr.activations.settings import Settings, checked
from neuroattr.activations.store import Layout
from neuroattr.backbone import Backbone
from neuroattr.corpus import Corpus
from neuroattr.provenance import Kind
from neuroattr.receptive import ReceptiveField

MAPS = Kind("maps", (passes.prepared_picture, chunk_values, WholeMap))
VECTORS = Kind("vectors", (passes.prepared_picture, chunk_values, AtPositions))


def maps(
    net: Backbone,
    corpus: Corpus,
    layer: str,
    *,
    dtype: str = "float32",
    batch: int = 32,
    precision: str = "float32",
    device: str | None = None,
    progress: bool = True,
) -> xr.DataArray:
    """Responses of a layer at every place, ``activation[image, channel, row, column]``, N x C x H x W.

    Parameters
    ----------
    layer : one of its named layers; one without places gives maps of 1 x 1.
    dtype : what is kept: "float32", or "float16" for half the space, rounded to 11 binary digits.
    batch, precision, device, progress : as `record` takes them; memory holds no more than the maps of a batch.

    Returns
    -------
    The maps, read from disk when values are asked for: coordinates ``image``, ``digest``, ``channel``, ``row``,
    ``column``, and, where the layer's units see different parts of the picture, ``y`` of each row and ``x`` of each
    column: the centre of the unit's receptive field, in pixels of the preprocessed picture. ``attrs`` as of `record`.

    Raises
    ------
    ValueError, RuntimeError : as `record`; a dtype that is neither.
    FloatingPointError : values that are not finite, or that half precision cannot hold.

    Notes
    -----
    Kept and resumed as `record` does.
    """
    settings = _checked(net, layer, dtype, batch, precision, device, progress)
    rows, columns = net.map_sizes[layer]
    shape = (int(net.widths[layer]), rows, columns)
    places = {name: (name, np.arange(count)) for name, count in zip(("channel", "row", "column"), shape, strict=True)}
    seen = net.receptive_fields[layer]
    if seen.stride or rows == columns == 1:
        places |= {"y": ("row", seen.centres(rows)), "x": ("column", seen.centres(columns))}
    layout = Layout(
        ("image", "channel", "row", "column"), shape, _pictures_in_chunk(shape, dtype, batch), places, dtype=dtype
    )
    facts = {"dtype": dtype, "field": seen}
    return recorded(MAPS, net, corpus, WholeMap(layer, dtype), layout, settings, facts=facts)


def vectors(
    net: Backbone,
    corpus: Corpus,
    layer: str,
    *,
    positions: int | str,
    seed: int,
    border: bool = True,
    dtype: str = "float32",
    batch: int = 32,
    precision: str = "float32",
    device: str | None = None,
    progress: bool = True,
) -> xr.DataArray:
    """Responses of all channels of a layer at positions of its map, ``activation[vector, channel]``.

    Parameters
    ----------
    positions : how many are drawn in each picture, without replacement; "all" for every one.
    seed : of the draw. The positions of a picture depend on its id, the seed and the layer's map alone, so that they
        are the same in every part of a corpus; those of a smaller number are among those of a larger one.
    border : whether to take positions whose receptive fields reach into the padding around the picture, too.
    layer, dtype, batch, precision, device, progress : as `maps` takes them.

    Returns
    -------
    The vectors, picture by picture and row by row, read from disk when values are asked for, with the coordinates
    ``image`` (id), ``row``, ``column``, ``y`` and ``x`` of each, as of `maps`.

    Raises
    ------
    ValueError, RuntimeError, FloatingPointError : as `maps`; more positions than there are; a layer whose units all see
        the same part of the picture.

    Notes
    -----
    The vectors are as the network gives them, not of unit length: the population vectors of *Visual Concepts* (arXiv
    1511.06855). Kept and resumed as `record` does.
    """
    settings = _checked(net, layer, dtype, batch, precision, device, progress)
    seen, size = net.receptive_fields[layer], net.map_sizes[layer]
    cells = _cells(net, layer, seen, size, border)
    if positions != "all" and not (isinstance(positions, int | np.integer) and 1 <= positions <= len(cells)):
        raise ValueError(
            f"positions must be 'all' or a number from 1 to {len(cells)}, the cells of layer {layer!r} of {net.name}"
            f"{'' if border else ' inside the border'}; got {positions!r}"
        )
    drawn = None if positions == "all" else int(positions)
    reduction = AtPositions(layer, dtype, cells, drawn, seed)
    ids = [str(id) for id in corpus.ids]
    at = np.concatenate([reduction.drawn(id) for id in ids]) if ids else cells
    each, width = drawn or len(cells), int(net.widths[layer])
    places = {"channel": ("channel", np.arange(width)), **_places(at, seen, size)}
    count = _pictures_in_chunk((each, width), dtype, batch)
    layout = Layout(("vector", "channel"), (width,), count, places, each=each, dtype=dtype)
    facts = {
        "positions": drawn or positions, "seed": drawn and int(seed), "border": border, "dtype": dtype, "field": seen
    }  # fmt: skip
    return recorded(VECTORS, net, corpus, reduction, layout, settings, facts=facts)


def _checked(
    net: Backbone, layer: str, dtype: str, batch: int, precision: str, device: str | None, progress: bool
) -> Settings:
    if not isinstance(layer, str):
        raise ValueError(f"wanted the name of one layer of {net.name}, got {layer!r}; ask for one after the other")
    if precision == "float16":
        raise ValueError(
            "precision is what the network computes in, float32 or bfloat16; got 'float16'. To keep what it gives in "
            "half precision, pass dtype='float16'"
        )
    settings = checked(net, (layer,), batch, precision, device, progress)
    if dtype not in DTYPES:
        raise ValueError(f"dtype must be one of {', '.join(DTYPES)}; got {dtype!r}")
    return settings


def _pictures_in_chunk(shape: tuple[int, ...], dtype: str, batch: int) -> int:
    """Pictures whose values make about `store.CHUNK_BYTES`, but no more than a batch."""
    return max(1, min(batch, store.CHUNK_BYTES // (int(np.prod(shape)) * np.dtype(dtype).itemsize)))


def _cells(
    net: Backbone, layer: str, seen: ReceptiveField, size: tuple[int, int], border: bool
) -> npt.NDArray[np.intp]:
    """Cells of a map that may be taken, ``row * columns + column``, ascending."""
    inside = [np.ones(count, bool) if border else seen.inside(count, net.preprocess.crop) for count in size]
    cells = np.flatnonzero(inside[0][:, None] & inside[1])
    if not len(cells):
        raise ValueError(
            f"no cell of layer {layer!r} of {net.name} sees {seen.size} x {seen.size} pixels inside the picture "
            f"({net.preprocess.crop} x {net.preprocess.crop}); take a shallower layer, or border=True"
        )
    return cells


def _places(
    cells: npt.NDArray[np.intp], seen: ReceptiveField, size: tuple[int, int]
) -> Mapping[str, tuple[str, npt.NDArray[Any]]]:
    """Row, column and centre of cells."""
    rows, columns = np.divmod(cells, size[1])
    found = {"row": rows, "column": columns, "y": seen.centres(size[0])[rows], "x": seen.centres(size[1])[columns]}
    kinds = {"row": "int32", "column": "int32", "y": "float32", "x": "float32"}
    return {name: ("vector", values.astype(kinds[name])) for name, values in found.items()}
