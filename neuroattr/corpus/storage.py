"""Corpora kept on disk: tables as parquet, the rest as JSON; a folder is whole once its marker is there."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse

from neuroattr import assets
from neuroattr.assets import write_whole
from neuroattr.provenance import Kind, lines_digest

from .annotations import Annotations
from .collection import Corpus
from .sources import ImageSource

MARKER = "corpus.json"
BY_WORD = ("visibility", "kinds")
TABLES = {  # of the annotations: name of the index
    "attributes": "image", "votes": None, "drawn_boxes": None, "applies": "image", "sizes": "image", "boxes": "image",
    "points": None, "polygons": None, "captions": None, "classes": "image", "class_attributes": "class",
}  # fmt: skip


def kept(
    kind: Kind, record: dict[str, Any], make: Callable[[], Corpus], source: Callable[[pd.Index], ImageSource]
) -> Corpus:
    """The corpus that a record describes: from the cache, or made and kept there.

    Parameters
    ----------
    record
        What it is made from, of ``kind.record``.
    source
        Opens the pictures of these ids, which stay where they are.
    """
    fields = stored(kind.kept(record).made(lambda folder: save(make(), folder)))
    assert fields is not None  # a kept folder is whole
    return Corpus(source=source(fields["table"].index), **fields)


def state(folder: Path, *, folders: Sequence[str] = ("",), digested: Sequence[str] = ()) -> str:
    """What the files of a folder are, in one digest: the corpus is made again when one of them changes.

    Of an archive that was unpacked into the cache its name tells, which carries the archive's digest; of other files
    name, size and time of change.

    Parameters
    ----------
    folders
        Folders in it to look through.
    digested
        Files that count by their bytes.
    """
    unpacked = assets.cache_folder() / "unpacked"
    if unpacked in folder.parents:
        return folder.relative_to(unpacked).as_posix()
    lines = [f"{name} {assets.sha256(folder / name)}" for name in digested]
    for below in folders:
        files = sorted(path for path in (folder / below).rglob("*") if path.is_file() and path.name not in digested)
        stats = ((path, path.stat()) for path in files)
        lines += [f"{path.relative_to(folder).as_posix()} {stat.st_size} {stat.st_mtime_ns}" for path, stat in stats]
    return lines_digest(lines)


def save(corpus: Corpus, folder: str | Path) -> None:
    """Write everything of ``corpus`` but its pictures and regions to ``folder``; the marker last."""
    folder = Path(folder)
    rows = np.split(corpus.mentions.indices, corpus.mentions.indptr[1:-1])
    frames = {
        "table": corpus.table,
        "mentions": pd.DataFrame({"words": [row.astype(np.int32) for row in rows]}),
        **{name: getattr(corpus.annotations, name) for name in TABLES},
    }
    for name, frame in frames.items():
        if frame is not None:
            with write_whole(folder / f"{name}.parquet") as path:
                frame.rename_axis("id").to_parquet(path)  # "image" names the index and a column
    facts = {key: getattr(corpus, key) for key in ("name", "words", "generated", "report", "recipe")}
    by_word = {name: getattr(corpus.annotations, name) for name in BY_WORD}
    facts["annotations"] = {name: series.to_dict() for name, series in by_word.items() if series is not None}
    with write_whole(folder / MARKER) as path:
        path.write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")


def stored(folder: str | Path) -> dict[str, Any] | None:
    """Fields of the Corpus that ``save`` wrote to ``folder``, all but its source; None where there is none."""
    folder = Path(folder)
    if not (folder / MARKER).is_file():
        return None
    facts = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    table = pd.read_parquet(folder / "table.parquet").rename_axis("image")
    rows = pd.read_parquet(folder / "mentions.parquet")["words"]
    starts = np.r_[0, np.cumsum(rows.map(len))].astype(np.int64)
    indices = np.concatenate([*rows, np.zeros(0, np.int32)])
    mentions = scipy.sparse.csr_array((np.ones(len(indices), bool), indices, starts), (len(table), len(facts["words"])))
    known = {
        name: pd.Series(of_word, name=name).rename_axis("word") for name, of_word in facts.pop("annotations").items()
    }
    for name, axis in TABLES.items():
        if (folder / f"{name}.parquet").is_file():
            known[name] = pd.read_parquet(folder / f"{name}.parquet").rename_axis(axis)
    if "applies" in known:
        known["applies"].columns.name = "word"
    return {**facts, "table": table, "mentions": mentions, "annotations": Annotations(**known)}
