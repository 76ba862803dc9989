"""Visualness of single words on disk: one file a word, whole or not there, in a folder named after what made it."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from neuroattr import discovery, programs, statistics
from neuroattr.activations import keys
from neuroattr.assets import cache_folder, write_whole
from neuroattr.discovery import WordVisualness

SCHEMA = 1
SOURCES = (
    *((discovery, name) for name in ("bayes", "classifiers", "divergence", "examples", "logistic", "newton")),
    *((discovery, name) for name in ("products", "protocol", "visualness")),
    *((statistics, name) for name in ("blocks", "codes", "counts", "divergence", "matching")),
)
"""The code that makes the values: a change of it is another key."""


@dataclass(frozen=True)
class WordShelf:
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
        return cache_folder() / "measurements" / f"visualness-{keys.key(self.record)}"

    def path(self, word: str, mention: np.ndarray) -> Path:
        """File of a word: its name, and a digest of which pictures mention it."""
        digest = hashlib.sha256(word.encode() + np.packbits(mention).tobytes()).hexdigest()[:16]
        return self.folder / f"{re.sub('[^a-z0-9]+', '-', word.lower())[:40]}-{digest}.safetensors"

    def begin(self) -> None:
        """Make the folder, with what it was made from written into it."""
        path = self.folder / "key.json"
        if not path.exists():
            with write_whole(path) as temporary:
                temporary.write_text(json.dumps(self.record, indent=1), encoding="utf-8")

    def put(self, path: Path, found: WordVisualness, prime: np.ndarray) -> None:
        """Keep the measurement of a word with its prime units."""
        arrays = {field.name: np.ascontiguousarray(getattr(found, field.name)) for field in fields(WordVisualness)}
        arrays["odds"] = arrays["odds"].astype(np.float32)
        with write_whole(path) as temporary:
            save_file({**arrays, "prime": np.ascontiguousarray(prime, np.int64)}, temporary)

    def get(self, path: Path) -> tuple[WordVisualness, np.ndarray] | None:
        """The measurement of a word and its prime units; None where there is none that can be read."""
        if not path.is_file():
            return None
        try:
            with safe_open(path, "np") as file:
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except SafetensorError:  # a damaged file is measured again
            return None
        prime = arrays.pop("prime")
        return WordVisualness(**arrays), prime


def code_digest() -> str:
    """SHA-256 of what the sources do that make the values."""
    return programs.joint_digest(Path(package.__file__).parent / f"{name}.py" for package, name in SOURCES)


def text_digest(lines: Iterable) -> str:
    """SHA-256 of some lines."""
    return hashlib.sha256("\n".join(map(str, lines)).encode()).hexdigest()
