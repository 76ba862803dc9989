"""A recording on disk: a zarr store written chunk by chunk, resumable, that knows what it was made from."""

import hashlib
import json
import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
import zarr

from neuroattr.assets import write_whole
from neuroattr.provenance import DamagedResult, Kept, differences, read_json

SCHEMA = 2  # of the store's layout; raise it when old stores can no longer be read
STORE = "recording.zarr"  # in the folder of a recording
CHUNK_BYTES = 8 * 2**20  # of activations in one chunk: what a killed process loses at most
MAKERS = {"activations": "record", "maps": "maps", "vectors": "vectors"}  # function by the folder of what it keeps


class StaleActivations(ValueError):
    """A store that was made from something else than what is wanted."""


@dataclass(frozen=True)
class Layout:
    """What of a picture a recording holds, and how it lies on disk.

    Attributes
    ----------
    dims : names of the dimensions; the first is that of pictures, or of the vectors of all pictures, one after another.
    shape : of one row, without the first dimension.
    pictures : in one chunk.
    coordinates : values by name, after their dimension.
    each : rows of one picture.
    dtype : "float32" or "float16".
    """

    dims: tuple[str, ...]
    shape: tuple[int, ...]
    pictures: int
    coordinates: Mapping[str, tuple[str, npt.NDArray[Any]]] = field(repr=False)
    each: int = 1
    dtype: str = "float32"

    def empty(self, rows: slice) -> npt.NDArray[Any]:
        """Values of the pictures at `rows` before they are known: NaN, one entry a picture."""
        inside = (self.each, *self.shape) if self.dims[0] != "image" else self.shape
        return np.full((rows.stop - rows.start, *inside), np.nan, dtype=self.dtype)


@dataclass(frozen=True)
class Store:
    """One recording in the making.

    Notes
    -----
    A chunk is a run of whole rows. Its values are written first, then its completion record, in a folder beside the
    store; a chunk without a record, or whose bytes are not those of its record, is computed again. Whether the whole
    is complete is the business of ``provenance.Kept``, in whose folder it lies.
    """

    path: Path
    record: Mapping[str, Any]
    layout: Layout

    @property
    def progress(self) -> Path:
        """Folder of the completion records."""
        return self.path.with_suffix(".progress")

    def begin(self, ids: Sequence[str], digests: Sequence[str]) -> None:
        """Lay the store out, unless an interrupted recording of the same key left it ready to go on."""
        begun = self.progress / "begun.json"
        if self.path.exists() and read_json(begun) == json.loads(json.dumps(self.record)):
            return
        shutil.rmtree(self.path, ignore_errors=True)
        shutil.rmtree(self.progress, ignore_errors=True)
        layout, group = self.layout, zarr.create_group(self.path, zarr_format=3)
        n_rows = len(ids) * layout.each
        coordinates = {**layout.coordinates, **_of_pictures(layout, ids, digests)}
        group.create_array(
            "activation",
            shape=(n_rows, *layout.shape),
            chunks=(min(n_rows, layout.pictures * layout.each), *layout.shape),
            dtype=layout.dtype,
            fill_value=np.nan,  # the rows of pictures that could not be read
            dimension_names=layout.dims,
            attributes={"coordinates": " ".join(sorted(coordinates.keys() - set(layout.dims) - {"id"}))},
        )
        for name, (dimension, values) in coordinates.items():
            if values.dtype.kind in "UO":
                _write_text(group, name, dimension, values)
            else:
                group.create_array(name, data=values, dimension_names=(dimension,))
        with write_whole(begun) as temporary:
            temporary.write_text(json.dumps(self.record))

    def chunks(self) -> list[slice]:
        """Positions of the pictures of each chunk."""
        array = self._array(mode="r")
        n, pictures = array.shape[0] // self.layout.each, array.chunks[0] // self.layout.each
        return [slice(start, min(start + pictures, n)) for start in range(0, n, pictures)]

    def pending(self) -> list[slice]:
        """Pictures of the chunks that are still to be computed."""
        array = self._array(mode="r")
        return [rows for rows in self.chunks() if not self._is_written(array, rows)]

    def write(self, rows: slice, values: npt.NDArray[Any], skipped: Mapping[str, str]) -> None:
        """Write one chunk, then its completion record; `skipped` gives the reason for each picture without values."""
        values = values.reshape(-1, *self.layout.shape)
        self._array(mode="r+")[self._on_disk(rows)] = values
        done = {"rows": [rows.start, rows.stop], "sha256": _digest(values), "skipped": dict(skipped)}
        with write_whole(self._chunk_record(rows)) as temporary:
            temporary.write_text(json.dumps(done))

    def close(self, **notes: Any) -> None:
        """Mark the store complete, with the pictures that were skipped and `notes` on how it was made."""
        records = [json.loads(self._chunk_record(rows).read_text()) for rows in self.chunks()]
        skipped = {id: reason for record in records for id, reason in record["skipped"].items()}
        made = {"key": dict(self.record), "skipped": skipped, "n_skipped": len(skipped), **notes}
        zarr.open_group(self.path, mode="r+").update_attributes(made)
        shutil.rmtree(self.progress, ignore_errors=True)

    def _array(self, mode: str) -> zarr.Array:
        return zarr.open_group(self.path, mode=mode, zarr_format=3)["activation"]

    def _on_disk(self, rows: slice) -> slice:
        return slice(rows.start * self.layout.each, rows.stop * self.layout.each)

    def _chunk_record(self, rows: slice) -> Path:
        return self.progress / f"{rows.start:09d}.json"

    def _is_written(self, array: zarr.Array, rows: slice) -> bool:
        record = read_json(self._chunk_record(rows))
        try:
            return record is not None and record["sha256"] == _digest(array[self._on_disk(rows)])
        except Exception:  # whatever a decoder raises of damaged bytes: they are written again
            return False


def opened(path: Path, record: Mapping[str, Any] | None = None) -> xr.DataArray:
    """The recording at `path` as ``activation[image, unit]`` (or with the dimensions of maps, or of vectors).

    It is read from disk when its values are asked for. Pictures that could not be read are left out and listed in
    ``attrs["skipped"]`` with the reason. With `record`, the store must have been made from exactly that.

    Raises
    ------
    FileNotFoundError : if there is no complete recording.
    DamagedResult : if its files are not as they were written.
    StaleActivations : if it was made from something else; the message names what differs.
    """
    folder = path.parent if path.name == STORE else path
    kept, maker = Kept(folder, None), f"activations.{MAKERS.get(folder.parent.name, 'record')}"
    if not kept.is_whole(say=False):
        if fault := kept.fault():
            raise DamagedResult(f"the recording at {folder} is damaged ({fault}): make it again with {maker}")
        raise FileNotFoundError(f"no complete recording at {folder}: make it with {maker}")
    path = folder / STORE
    dataset = xr.open_zarr(path, consolidated=False, chunks=None, zarr_format=3)
    if record is not None and (lines := differences(record, dataset.attrs["key"])):
        raise StaleActivations(
            f"the activations at {path} were made from something else:\n  "
            + "\n  ".join(lines)
            + "\nDelete that folder and record again."
        )
    array = _labelled(dataset)
    array.attrs = dict(dataset.attrs)
    if not dataset.attrs["skipped"]:
        return array
    skipped = pd.Index(array["image"].values).isin(list(dataset.attrs["skipped"]))
    return array.isel({array.dims[0]: np.flatnonzero(~skipped)})


def _labelled(dataset: xr.Dataset) -> xr.DataArray:
    """The values with their text labels as numpy's own text; xarray cannot sort or group StringDType."""
    array = dataset["activation"]
    text = {
        name: (dataset[name].dims, np.array(dataset[name].values.tolist(), dtype=str))
        for name in ("image", "id", "digest", "layer")
        if name in dataset.variables
    }
    if "id" not in text:
        return array.assign_coords(text)
    ids = text["id"][1].astype(object)  # of each vector one of few texts, which are not copied
    return array.assign_coords(image=("vector", ids[dataset["picture"].values])).drop_vars("picture")


def _of_pictures(layout: Layout, ids: Sequence[str], digests: Sequence[str]) -> dict[str, tuple[str, npt.NDArray[Any]]]:
    """The labels of pictures; where a picture has several rows, of each the position of its picture among the ids."""
    named = np.asarray(ids, dtype=object)
    if layout.dims[0] == "image":
        return {"image": ("image", named), "digest": ("image", np.asarray(digests, dtype=object))}
    rows = np.repeat(np.arange(len(ids), dtype="int32"), layout.each)
    return {"id": ("id", named), "picture": (layout.dims[0], rows)}


def rows_in_chunk(n_units: int) -> int:
    """Pictures in one chunk: about `CHUNK_BYTES`, a multiple of 64 so that batches fill it."""
    return max(1, math.floor(CHUNK_BYTES / (4 * n_units) / 64)) * 64


def _write_text(group: zarr.Group, name: str, dimension: str, values: npt.NDArray[Any]) -> None:
    array = group.create_array(name, shape=(len(values),), dtype="string", dimension_names=(dimension,))
    array[:] = values.astype(object)


def _digest(values: npt.NDArray[Any]) -> str:
    return hashlib.sha256(np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes()).hexdigest()
