"""Corpora kept on disk: tables as parquet, the rest as JSON; a folder is whole once its marker is there."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse

from neuroattr.assets import write_whole

from .truth import Truth

MARKER = "corpus.json"
BY_WORD = ("visibility", "kinds")


def key(made_of):
    """Name of a corpus in the cache: 32 hexadecimal digits that differ where anything differs that it is made of.

    Parameters
    ----------
    made_of
        Its recipe, what its files are and the code that makes it, in terms of JSON.
    """
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:32]


def save(corpus, folder):
    """Write everything of ``corpus`` but its pictures and regions to ``folder``; the marker last."""
    folder = Path(folder)
    rows = np.split(corpus.mentions.indices, corpus.mentions.indptr[1:-1])
    frames = {
        "table": corpus.table,
        "mentions": pd.DataFrame({"words": [row.astype(np.int32) for row in rows]}),
        "attributes": corpus.truth.attributes,
        "votes": corpus.truth.votes,
    }
    for name, frame in frames.items():
        if frame is not None:
            with write_whole(folder / f"{name}.parquet") as path:
                frame.rename_axis("id").to_parquet(path)  # "image" names the index and a column
    facts = {key: getattr(corpus, key) for key in ("name", "words", "generated", "report", "recipe")}
    by_word = {name: getattr(corpus.truth, name) for name in BY_WORD}
    facts["truth"] = {name: series.to_dict() for name, series in by_word.items() if series is not None}
    with write_whole(folder / MARKER) as path:
        path.write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")


def stored(folder):
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
        name: pd.Series(of_word, name=name).rename_axis("word") for name, of_word in facts.pop("truth", {}).items()
    }
    for name, axis in (("attributes", "image"), ("votes", None)):
        if (folder / f"{name}.parquet").is_file():
            known[name] = pd.read_parquet(folder / f"{name}.parquet").rename_axis(axis)
    return {**facts, "table": table, "mentions": mentions, "truth": Truth(**known)}
