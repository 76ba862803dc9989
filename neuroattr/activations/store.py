"""A recording on disk: a zarr store written chunk by chunk, resumable, that knows what it was made from."""

import hashlib
import json
import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
import zarr

from neuroattr.assets import write_whole
from neuroattr.provenance import DamagedResult, Kept, differences

SCHEMA = 2  # of the store's layout; raise it when old stores can no longer be read
STORE = "recording.zarr"  # in the folder of a recording
CHUNK_BYTES = 8 * 2**20  # of activations in one chunk: what a killed process loses at most


class StaleActivations(ValueError):
    """A store that was made from something else than what is wanted."""


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
    record: Mapping

    @property
    def progress(self) -> Path:
        """Folder of the completion records."""
        return self.path.with_suffix(".progress")

    def begin(self, ids: Sequence[str], digests: Sequence[str]) -> None:
        """Lay the store out, unless an interrupted recording of the same key left it ready to go on."""
        begun = self.progress / "begun.json"
        if self.path.exists() and _loaded(begun) == json.loads(json.dumps(self.record)):
            return
        shutil.rmtree(self.path, ignore_errors=True)
        shutil.rmtree(self.progress, ignore_errors=True)
        layers = dict(self.record["layers"])
        n_units = sum(layers.values())
        group = zarr.create_group(self.path, zarr_format=3)
        group.create_array(
            "activation",
            shape=(len(ids), n_units),
            chunks=(min(len(ids), rows_in_chunk(n_units)), n_units),
            dtype="float32",
            fill_value=np.nan,  # the rows of pictures that could not be read
            dimension_names=("image", "unit"),
            attributes={"coordinates": "layer channel digest"},
        )
        _write_text(group, "image", "image", ids)
        _write_text(group, "digest", "image", digests)
        _write_text(group, "layer", "unit", np.repeat(list(layers), list(layers.values())))
        channel = np.concatenate([np.arange(width, dtype="int32") for width in layers.values()])
        group.create_array("channel", data=channel, dimension_names=("unit",))
        with write_whole(begun) as temporary:
            temporary.write_text(json.dumps(self.record))

    def chunks(self) -> list[slice]:
        """Rows of each chunk."""
        array = self._array(mode="r")
        n, rows = array.shape[0], array.chunks[0]
        return [slice(start, min(start + rows, n)) for start in range(0, n, rows)]

    def pending(self) -> list[slice]:
        """Rows of the chunks that are still to be computed."""
        array = self._array(mode="r")
        return [rows for rows in self.chunks() if not self._is_written(array, rows)]

    def write(self, rows: slice, values: np.ndarray, skipped: Mapping[str, str]) -> None:
        """Write one chunk, then its completion record; `skipped` gives the reason for each picture without values."""
        self._array(mode="r+")[rows] = values
        done = {"rows": [rows.start, rows.stop], "sha256": _digest(values), "skipped": dict(skipped)}
        with write_whole(self._chunk_record(rows)) as temporary:
            temporary.write_text(json.dumps(done))

    def close(self, **notes) -> None:
        """Mark the store complete, with the pictures that were skipped and `notes` on how it was made."""
        records = [json.loads(self._chunk_record(rows).read_text()) for rows in self.chunks()]
        skipped = {id: reason for record in records for id, reason in record["skipped"].items()}
        made = {"key": dict(self.record), "skipped": skipped, "n_skipped": len(skipped), **notes}
        zarr.open_group(self.path, mode="r+").update_attributes(made)
        shutil.rmtree(self.progress, ignore_errors=True)

    def _array(self, mode: str) -> zarr.Array:
        return zarr.open_group(self.path, mode=mode, zarr_format=3)["activation"]

    def _chunk_record(self, rows: slice) -> Path:
        return self.progress / f"{rows.start:09d}.json"

    def _is_written(self, array: zarr.Array, rows: slice) -> bool:
        record = _loaded(self._chunk_record(rows))
        try:
            return record is not None and record["sha256"] == _digest(array[rows])
        except Exception:  # whatever a decoder raises of damaged bytes: they are written again
            return False


def opened(path: Path, record: Mapping | None = None) -> xr.DataArray:
    """The recording at `path` as ``activation[image, unit]``, read from disk when its values are asked for.

    Pictures that could not be read are left out and listed in ``attrs["skipped"]`` with the reason. With `record`,
    the store must have been made from exactly that.

    Raises
    ------
    FileNotFoundError
        If there is no complete recording.
    DamagedResult
        If its files are not as they were written.
    StaleActivations
        If it was made from something else; the message names what differs.
    """
    folder = path.parent if path.name == STORE else path
    kept = Kept(folder, None)
    if not kept.is_whole(say=False):
        if fault := kept.fault():
            raise DamagedResult(
                f"the recording at {folder} is damaged ({fault}): make it again with activations.record"
            )
        raise FileNotFoundError(f"no complete recording at {folder}: make it with activations.record")
    path = folder / STORE
    dataset = xr.open_zarr(path, consolidated=False, chunks=None, zarr_format=3)
    if record is not None and (lines := differences(record, dataset.attrs["key"])):
        raise StaleActivations(
            f"the activations at {path} were made from something else:\n  "
            + "\n  ".join(lines)
            + "\nDelete that folder and record again."
        )
    text = {
        name: (dimension, np.array(dataset[name].values.tolist(), dtype=str))  # xarray cannot sort or group StringDType
        for name, dimension in {"image": "image", "digest": "image", "layer": "unit"}.items()
    }
    array = dataset["activation"].assign_coords(text)
    kept = ~np.isin(array["image"].values, list(dataset.attrs["skipped"]))
    array.attrs = dict(dataset.attrs)
    return array if kept.all() else array.isel(image=np.flatnonzero(kept))


def rows_in_chunk(n_units: int) -> int:
    """Pictures in one chunk: about `CHUNK_BYTES`, a multiple of 64 so that batches fill it."""
    return max(1, math.floor(CHUNK_BYTES / (4 * n_units) / 64)) * 64


def _write_text(group: zarr.Group, name: str, dimension: str, values: Sequence[str]) -> None:
    array = group.create_array(name, shape=(len(values),), dtype="string", dimension_names=(dimension,))
    array[:] = np.asarray(values, dtype=object)


def _loaded(path: Path) -> dict | None:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _digest(values: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(values, dtype="<f4").tobytes()).hexdigest()
