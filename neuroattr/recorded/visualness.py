"""Visualness of the words of a recorded corpus, kept: one file a word, in a folder named after what made it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from neuroattr import discovery, papers
from neuroattr.assets import locked
from neuroattr.discovery import Protocol, WordVisualness
from neuroattr.provenance import Kind, begin, lines_digest, read_arrays, write_arrays

KIND = Kind("visualness", (discovery.word_visualness, discovery.unit_divergence, discovery.prime_units))


@dataclass(frozen=True)
class WordFiles:
    """Visualness by one corpus, network, protocol and seed, word by word.

    Attributes
    ----------
    record
        Everything that decides the values but the word and its mentions, JSON-able.
    """

    record: dict[str, Any]

    @property
    def folder(self) -> Path:
        """Where the words lie."""
        return KIND.kept(self.record).path

    def path(self, word: str, mention: np.ndarray) -> Path:
        """File of a word: its name, and a digest of which pictures mention it."""
        digest = hashlib.sha256(word.encode() + np.packbits(mention).tobytes()).hexdigest()[:16]
        return self.folder / f"{re.sub('[^a-z0-9]+', '-', word.lower())[:40]}-{digest}.npz"

    def begin(self) -> None:
        """Make the folder, with what it was made from written into it."""
        begin(self.folder, self.record)

    def put(self, path: Path, measured: WordVisualness, prime: np.ndarray) -> None:
        """Keep the visualness of a word with its prime units."""
        arrays = {field.name: np.asarray(getattr(measured, field.name)) for field in fields(WordVisualness)}
        arrays["log_odds"] = arrays["log_odds"].astype(np.float32)
        write_arrays(path, {**arrays, "prime": np.asarray(prime, np.int64)})

    def get(self, path: Path) -> tuple[WordVisualness, np.ndarray] | None:
        """The visualness of a word and its prime units; None where there is none that can be read."""
        arrays = read_arrays(path)
        if arrays is None:
            return None
        prime = arrays.pop("prime")
        return WordVisualness(**arrays), prime


def kept(recorded: Any, words: Sequence[str], protocol: Protocol, seed: int, match: tuple[str, ...]) -> xr.Dataset:
    """What `Recorded.visualness` returns.

    Notes
    -----
    A word's visualness does not depend on the other words, so each is kept in a file of its own: a run that was killed
    goes on after the last words that were done, and two pages that ask for the same words at the same time measure
    them once. The key is made of the activations' key, the split, the mentions of the word, the matched columns,
    protocol, seed, bins, smoothing, number of prime units, and the code.
    """
    mentions = [recorded.corpus.mention(word) for word in words]
    files = WordFiles(record(recorded, protocol, seed, match))
    paths = [files.path(word, mention) for word, mention in zip(words, mentions, strict=True)]
    measured = {path: files.get(path) for path in paths}
    if None in measured.values():
        files.begin()
        with locked(files.folder.with_suffix(".lock")):
            measured = {path: files.get(path) if known is None else known for path, known in measured.items()}
            missing = {word: path for word, path in zip(words, paths, strict=True) if measured[path] is None}
            _measure(recorded, missing, files, protocol, seed, match)
        measured = {path: files.get(path) if known is None else known for path, known in measured.items()}
    by_word, prime = zip(*(measured[path] for path in paths), strict=True)
    widths = (recorded.recording.sizes["unit"], len(prime[0]))
    table = discovery.tabulated(by_word, words, widths=widths, protocol=protocol, seed=seed)
    table["prime"] = ("word", "rank"), np.stack(prime)
    table["log_odds"] = ("word", "variant", "image"), np.stack([word.log_odds for word in by_word])
    return table.assign_coords(image=recorded.recording["image"].to_numpy())


def record(recorded: Any, protocol: Protocol, seed: int, match: tuple[str, ...]) -> dict[str, Any]:
    """Everything that decides the values of a word but itself."""
    table = recorded.corpus.table
    constants = {"bins": recorded.bins, "smoothing": recorded.smoothing}
    return KIND.record(
        activations=recorded.recording.attrs["key"],
        pictures_and_parts=lines_digest(zip(table.index, table["split"], strict=True)),
        matched=match,
        strata=recorded.corpus.strata(match) if match else None,
        protocol=protocol,
        constants={**constants, "prime_units": papers.constants("discovery").prime_units},
        seed=seed,
    )


def _measure(
    recorded: Any, paths: dict[str, Path], files: WordFiles, protocol: Protocol, seed: int, match: tuple[str, ...]
) -> None:
    """Measure words one by one, in one thread: small products wait for a second one."""
    if not paths:
        return
    words, features = list(paths), recorded.features
    features = features if protocol.standardised else replace(features, standardised=False)
    examples, prime = recorded.examples(words, match), recorded.prime_units(words)
    title = f"visualness through {features.values.shape[1]:,} units"
    with threadpool_limits(1), tqdm(words, title, unit="word", disable=None if recorded.progress else True) as bar:
        for place, word in enumerate(bar):
            measured = discovery.word_visualness(examples, features, place, prime[place], protocol=protocol, seed=seed)
            files.put(paths[word], measured, prime[place])
