"""Choices: that a value is a possible one, and random ones, each with one draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

Option = TypeVar("Option")


def require_one_of(name: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse a value that is none of the allowed ones with a ValueError."""
    if value not in allowed:
        raise ValueError(f"unknown {name} {value!r}; choose one of {', '.join(allowed)}")


def choice(rng: np.random.Generator, options: Sequence[Option]) -> Option:
    """One of the options, each with the same chance."""
    return options[int(rng.integers(len(options)))]


def weighted_choice(
    rng: np.random.Generator, rates: Mapping[str, float], tilt: Mapping[str, float] | None = None
) -> str:
    """One of the names with a chance in proportion to its rate, which `tilt` multiplies."""
    tilt = tilt or {}
    names = tuple(rates)
    cumulative = np.cumsum([rates[name] * tilt.get(name, 1.0) for name in names])
    return names[int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right"))]
