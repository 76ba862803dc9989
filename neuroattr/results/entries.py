"""What stands in a ledger, and what is refused: contexts, measurements, verdicts."""

import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

DIGITS = 6  # significant digits that are kept: more than anyone reads, few enough that a diff shows changes only


class LedgerError(ValueError):
    """Something that is no result was to be recorded, or a ledger file is not one."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the numbers of a chapter depend on.

    Attributes
    ----------
    corpus, network, profile : str
        Names; the network as it must be called in print.
    generated : bool or None
        Whether the images are drawings; None where nobody has said so.
    images : int or None
        How many images the corpus has, where it was loaded.
    code : str
        Digest of the code behind the numbers: a ledger is stale where it differs from the present one.
    parameters : dict
        Parameters of the chapter, JSON-able.
    assets : dict of str to str
        sha256 of each asset that was used.
    commit : str or None
        Commit at which the numbers were measured, where known.
    time : str or None
        When, in UTC; the moment of saving unless given.
    """

    corpus: str
    network: str
    profile: str
    generated: bool | None
    code: str = ""
    images: int | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    commit: str | None = None
    time: str | None = None


@dataclass(frozen=True)
class Measurement:
    """A measured number, under the id of the printed number that it stands beside (or, with a title, of its own)."""

    id: str
    value: float
    n: int
    interval: tuple[float, float] | None = None
    note: str = ""
    unit: str = ""
    title: str = ""
    paper: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What was found of a claim: ``holds``, ``does not hold`` or ``undecided``, and the numbers that say so."""

    claim: str
    outcome: str
    evidence: str
    paper: str | None = None


def outcome(
    intervals: Sequence[tuple[float, float]], *, above: float | None = None, below: float | None = None
) -> bool | None:
    """Return whether all intervals lie on the right side of a bound: True, False if one lies on the other, else None.

    Parameters
    ----------
    intervals : sequence of (low, high)
        One for each case that a claim speaks of.
    above, below : float
        The bound, one of the two.

    Examples
    --------
    >>> outcome([(0.1, 0.3), (0.2, 0.4)], above=0), outcome([(0.1, 0.3), (-0.4, -0.2)], above=0)
    (True, False)
    """
    bound = below if above is None else above
    if bound is None or (above is None) == (below is None):
        raise LedgerError(f"wanted one bound, above or below; got above={above!r} and below={below!r}")
    if not len(intervals):
        raise LedgerError("wanted at least one interval, got none")
    sides = [(low > bound, high < bound) for low, high in intervals]
    right, wrong = (0, 1) if below is None else (1, 0)
    if all(side[right] for side in sides):
        return True
    return False if any(side[wrong] for side in sides) else None


def finite(value: object, where: str) -> float:
    """Return a number, rounded; ints stay ints."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise LedgerError(f"{where}: wanted a number, got {value!r}")
    if not math.isfinite(value):
        raise LedgerError(f"{where}: {value} is not finite; record what can be measured, or leave it out and say why")
    return int(value) if isinstance(value, numbers.Integral) else float(f"{float(value):.{DIGITS}g}")


def count(n: object, where: str) -> int:
    """Return n as an int; a LedgerError if it is no whole number of at least 1."""
    if isinstance(n, bool) or not isinstance(n, numbers.Integral) or n < 1:
        raise LedgerError(f"{where}: n must be a count of at least 1, got {n!r}")
    return int(n)


def bounds(interval: Sequence[object], where: str) -> tuple[float, float]:
    """Return (low, high) of an interval around a value, rounded; a LedgerError if it is none."""
    if len(interval) != 2:
        raise LedgerError(f"{where}: wanted an interval (low, high), got {interval!r}")
    low, high = (finite(bound, where) for bound in interval)
    if low > high:
        raise LedgerError(f"{where}: the interval is upside down: {low} > {high}")
    return low, high
