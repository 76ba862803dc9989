"""The kept pictures of a generated corpus: found by what they show and the code that draws it, drawn where missing."""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from neuroattr.provenance import Kind, lines_digest

from . import press

KIND = Kind("pictures", (press.print_chunk,))


def drawn(
    name: str, items: Mapping[str, object], size: int, *, studio: str, work: Callable[[Path], Any]
) -> tuple[Any, dict]:
    """What ``work(folder)`` gives, in the folder of the pictures of `items`, which are drawn while it works.

    Parameters
    ----------
    name
        Of the corpus, for the progress bar.
    items
        What the pictures show, by their ids.
    size
        Side of the pictures in pixels.
    studio
        Module that draws them, see ``press.Job``.

    Returns
    -------
    found, record
        What `work` gave, and what the pictures were made from.
    """
    record = _record(items, size, studio)
    found = []

    def make(folder: Path) -> None:
        with _printing(name, folder, items, size, studio):
            found.append(work(folder))

    folder = KIND.kept(record).made(make)
    return (found[0] if found else work(folder)), record


def place(row: int, id: str) -> str:
    """Where in the folder the picture of a row is."""
    return f"images/{row // press.CHUNK:04d}/{id}.jpg"


def described(items: Mapping[str, object], studio: str) -> str:
    """Digest of what pictures show, by their ids."""
    record = importlib.import_module(studio).record
    return lines_digest(f"{id} {json.dumps(record(item), sort_keys=True)}" for id, item in items.items())


def _record(items: Mapping[str, object], size: int, studio: str) -> dict:
    shown = described(items, studio)
    return KIND.record(studio, items=shown, n=len(items), size=size, places=place(len(items) - 1, "-"))


@contextmanager
def _printing(name: str, folder: Path, items: Mapping[str, object], size: int, studio: str) -> Iterator[None]:
    """Print the pictures that `folder` lacks on other processors while the block runs.

    The block starts when the first chunk is there, and leaving it waits for the last.
    """
    for leftover in folder.glob("images/.part-*"):  # of a run that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    jobs = _missing(folder, items, size, studio)
    done = len(items) - sum(len(job.items) for job in jobs)
    options = {"total": len(items), "initial": done, "unit": "image", "disable": None if jobs else True}
    with tqdm(desc=f"drawing {name}", **options) as bar, closing(press.print_chunks(jobs)) as chunks:
        bar.update(next(chunks, 0))
        yield
        for count in chunks:
            bar.update(count)


def _missing(folder: Path, items: Mapping[str, object], size: int, studio: str) -> list[press.Job]:
    ids, jobs = list(items), []
    for start in range(0, len(ids), press.CHUNK):
        names = tuple(ids[start : start + press.CHUNK])
        chunk = (folder / place(start, names[0])).parent
        if not chunk.exists():
            jobs.append(press.Job(chunk, names, tuple(items[id] for id in names), size, studio))
    return jobs
