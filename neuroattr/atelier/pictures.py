"""The kept pictures of a generated corpus: found by what they show and the code that draws it, drawn where missing."""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from neuroattr.corpus import Corpus
from neuroattr.provenance import Kind, lines_digest

from . import chunks

KIND = Kind("pictures", (chunks.draw_chunk,))
SMALLEST = 16  # pixels


def corpus_of(
    items: Mapping[str, object],
    recipe: Mapping[str, object],
    size: int,
    *,
    renderer: str,
    assembled: Callable[[Path], Corpus],
) -> Corpus:
    """The corpus ``assembled(folder)`` of the pictures of `items`, which are drawn into that folder meanwhile.

    Parameters
    ----------
    items
        What the pictures show, by their ids.
    recipe
        What the corpus is made from; "corpus" is its name. What the pictures are made from is added.
    size
        Side of the pictures in pixels.
    renderer
        Module that draws them, see ``chunks.Chunk``.
    """
    shown = digest(items, renderer)
    record = KIND.record(renderer, items=shown, n=len(items), size=size, places=relative_path(len(items) - 1, "-"))
    made = []

    def make(folder: Path) -> None:
        with _drawing(str(recipe["corpus"]), folder, items, size, renderer):
            made.append(assembled(folder))

    folder = KIND.kept(record).made(make)
    corpus = made[0] if made else assembled(folder)
    return replace(corpus, recipe={**recipe, "pictures": record})


def require_size(size: int) -> None:
    """Refuse pictures smaller than SMALLEST pixels with a ValueError."""
    if size < SMALLEST:
        raise ValueError(f"pictures need a size of at least {SMALLEST} pixels, got size={size}")


def relative_path(row: int, id: str) -> str:
    """Where in the folder the picture of a row is."""
    return f"images/{row // chunks.SIZE:04d}/{id}.jpg"


def digest(items: Mapping[str, object], renderer: str) -> str:
    """Digest of what pictures show, by their ids."""
    record = importlib.import_module(renderer).record
    return lines_digest(f"{id} {json.dumps(record(item), sort_keys=True)}" for id, item in items.items())


@contextmanager
def _drawing(name: str, folder: Path, items: Mapping[str, object], size: int, renderer: str) -> Iterator[None]:
    """Draw the pictures that `folder` lacks on other processors while the block runs.

    The block starts when the first chunk is there, and leaving it waits for the last.
    """
    for leftover in folder.glob("images/.part-*"):  # of a run that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    missing = _missing(folder, items, size, renderer)
    done = len(items) - sum(len(chunk.items) for chunk in missing)
    bar = tqdm(desc=f"drawing {name}", total=len(items), initial=done, unit="image", disable=None if missing else True)
    with bar, closing(chunks.draw_chunks(missing)) as counts:
        bar.update(next(counts, 0))
        yield
        for count in counts:
            bar.update(count)


def _missing(folder: Path, items: Mapping[str, object], size: int, renderer: str) -> list[chunks.Chunk]:
    ids, missing = list(items), []
    for start in range(0, len(ids), chunks.SIZE):
        names = tuple(ids[start : start + chunks.SIZE])
        place = (folder / relative_path(start, names[0])).parent
        if not place.exists():
            missing.append(chunks.Chunk(place, names, tuple(items[id] for id in names), size, renderer))
    return missing
