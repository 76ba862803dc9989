"""The species of the generated birds, and single birds drawn from them."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import numpy as np

from .bird import PARTS, VIEWS, Bird, Marking
from .proportions import OPTIONAL

JUVENILE = 0.15
"""Share of young birds."""
_SWIMMERS = ("duck", "grebe")
_POSES = ("perched", "alert", "leaning")
_WORDS = ("shape", "beak", "beak_length", "tail_length")


@dataclass(frozen=True)
class Species:
    """A species: what all its birds have in common.

    Parameters
    ----------
    name : its name.
    shape, size, beak, beak_length, tail_length : as of `Bird`.
    markings : of the parts of grown birds; "beak" is one of them.
    surroundings : where it is seen, each as likely.
    young : markings in which young birds differ.
    """

    name: str
    shape: str
    size: float
    beak: str
    beak_length: str
    tail_length: str
    markings: dict[str, Marking] = field(repr=False)
    surroundings: tuple[str, ...]
    young: dict[str, Marking] = field(repr=False)

    def attributes(self) -> dict[str, str]:
        """Every attribute by its name: colour and pattern of each part, shapes and lengths."""
        said = {name: str(getattr(self, name)) for name in _WORDS}
        for part in PARTS:
            mark = self.markings.get(part)
            said[part] = "none" if mark is None else " ".join(filter(None, (mark.colour, mark.pattern, mark.second)))
        return said

    def bird(self, seed: int) -> Bird:
        """A bird of the species: age, pose, view, size and place in the picture, and everything individual."""
        rng = np.random.default_rng([seed, 1])
        young = bool(rng.random() < JUVENILE)
        surroundings = str(rng.choice(self.surroundings))
        pose = str(rng.choice(_POSES))
        if self.shape in _SWIMMERS:
            pose = "swimming"
        elif surroundings in ("ground", "water"):
            pose = "standing"
        return Bird(
            species=self.name,
            shape=self.shape,
            size=self.size,
            markings=self.markings | (self.young if young else {}),
            beak=self.beak,
            beak_length=self.beak_length,
            tail_length=self.tail_length,
            age="juvenile" if young else "adult",
            pose=pose,
            view=VIEWS[int(rng.integers(len(VIEWS)))],
            surroundings=surroundings,
            scale=float(rng.uniform(0.55, 0.85)),
            place=(float(rng.uniform(0.44, 0.56)), float(rng.uniform(0.42, 0.58))),
            seed=int(rng.integers(2**31)),
        )


@functools.cache
def species() -> tuple[Species, ...]:
    """All species, in the order of their file.

    Raises
    ------
    ValueError
        For a species that is there twice, is like one that does not stand above it, or lacks something.
    """
    text = resources.files("neuroattr.atelier.birds").joinpath("species.toml").read_text(encoding="utf-8")
    known: dict[str, dict[str, Any]] = {}
    for row in tomllib.loads(text)["species"]:
        name = row["name"]
        if name in known:
            raise ValueError(f"the species {name!r} is there twice")
        if "like" in row and row["like"] not in known:
            raise ValueError(f"{name} is like {row['like']!r}, which does not stand above it")
        known[name] = known.get(row.get("like", ""), {}) | row
    return tuple(_species(row) for row in known.values())


def _species(row: dict[str, Any]) -> Species:
    parts = {part: row[f"{part}_colour" if part == "beak" else part] for part in PARTS if _is_said(row, part)}
    return Species(
        row["name"],
        row["shape"],
        float(row["size"]),
        row["beak"],
        row["beak_length"],
        row["tail_length"],
        {part: _marking(said) for part, said in parts.items()},
        tuple(row["surroundings"]),
        {part: _marking(said) for part, said in row.get("young", {}).items()},
    )


def _is_said(row: dict[str, Any], part: str) -> bool:
    return part in row or part not in OPTIONAL


def _marking(said: str) -> Marking:
    """A marking from "colour" or "colour, pattern, colour of the pattern"."""
    return Marking(*(word.strip() for word in said.split(",")))
