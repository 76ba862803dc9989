"""Visualness of single words on disk: one file a word, whole or not there, in a folder named after what made it."""

import hashlib
import re
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from neuroattr import discovery
from neuroattr.discovery import WordVisualness
from neuroattr.provenance import Kind, begin, read_arrays, write_arrays

KIND = Kind("measurements", (discovery.word_visualness, discovery.unit_divergence, discovery.prime_units))


@dataclass(frozen=True)
class WordFiles:
    """Measurements of one corpus, network, protocol and seed, word by word.

    Attributes
    ----------
    record
        Everything that decides the values but the word and its mentions, JSON-able.
    """

    record: dict

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

    def put(self, path: Path, found: WordVisualness, prime: np.ndarray) -> None:
        """Keep the measurement of a word with its prime units."""
        arrays = {field.name: np.asarray(getattr(found, field.name)) for field in fields(WordVisualness)}
        arrays["log_odds"] = arrays["log_odds"].astype(np.float32)
        write_arrays(path, {**arrays, "prime": np.asarray(prime, np.int64)})

    def get(self, path: Path) -> tuple[WordVisualness, np.ndarray] | None:
        """The measurement of a word and its prime units; None where there is none that can be read."""
        arrays = read_arrays(path)
        if arrays is None:
            return None
        prime = arrays.pop("prime")
        return WordVisualness(**arrays), prime
