"""The kept folder of a generated corpus: found by its recipe, filled with the pictures that it lacks."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock
from tqdm import tqdm

from neuroattr.assets import cache_folder, write_whole

from . import press


@contextmanager
def opened(recipe: Mapping) -> Iterator[Path]:
    """Folder of what `recipe` makes, locked while the block runs, and marked complete when it ends well."""
    name = recipe["corpus"].removeprefix("atelier-")
    key = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:16]
    folder = cache_folder() / "atelier" / f"{name}-{key}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        yield folder
        if not (folder / "complete.json").exists():
            with write_whole(folder / "complete.json") as path:
                path.write_text(json.dumps(recipe, indent=2), encoding="utf-8")


@contextmanager
def printing(folder: Path, pictures: Mapping[str, object], recipe: Mapping, *, studio: str) -> Iterator[None]:
    """Print the `pictures` that `folder` lacks, by their ids, on other processors while the block runs.

    The block starts when the first chunk is there, and leaving it waits for the last; see ``press.Job`` for `studio`.
    """
    for leftover in folder.glob("images/.part-*"):  # of a run that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    jobs = _missing(folder, pictures, recipe["size"], studio)
    done = len(pictures) - sum(len(job.items) for job in jobs)
    options = {"total": len(pictures), "initial": done, "unit": "image", "disable": None if jobs else True}
    with tqdm(desc=f"drawing {recipe['corpus']}", **options) as bar, closing(press.print_chunks(jobs)) as chunks:
        bar.update(next(chunks, 0))
        yield
        for count in chunks:
            bar.update(count)


def place(row: int, id: str) -> str:
    """Where in the folder the picture of a row is."""
    return f"images/{row // press.CHUNK:04d}/{id}.jpg"


def _missing(folder: Path, pictures: Mapping[str, object], size: int, studio: str) -> list[press.Job]:
    ids, jobs = list(pictures), []
    for start in range(0, len(ids), press.CHUNK):
        names = tuple(ids[start : start + press.CHUNK])
        chunk = (folder / place(start, names[0])).parent
        if not chunk.exists():
            jobs.append(press.Job(chunk, names, tuple(pictures[id] for id in names), size, studio))
    return jobs
