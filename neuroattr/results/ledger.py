"""The ledger of one chapter: measurements and verdicts, with everything that made them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from neuroattr import papers
from neuroattr.assets import write_whole
from neuroattr.results.entries import Context, LedgerError, Measurement, Verdict, bounds, count, finite, outcome

OUTCOMES = {True: "holds", False: "does not hold", None: "undecided"}


class Ledger:
    """Measurements and verdicts of one chapter.

    Parameters
    ----------
    chapter : str
        ``"discovery/4_1_divergence"``; its first part names the paper that ids belong to. An id of another paper is
        written ``"poster:table.pretrained-random.pearson"``.
    context : Context
    paper : str, optional
        Key of the paper, for a chapter whose name does not begin with one.

    Notes
    -----
    Recording an id again replaces it, so that a cell may be run twice.
    """

    def __init__(self, chapter: str, context: Context, *, paper: str | None = None) -> None:
        if not re.fullmatch(r"\w[\w-]*(/\w[\w-]*)*", chapter):
            raise LedgerError(f"wanted a chapter like 'discovery/4_1_divergence', got {chapter!r}")
        first = chapter.split("/")[0]
        self.chapter, self.context = chapter, context
        self.paper = paper or (first if first in papers.keys() else None)  # noqa: SIM118 (a function, not a dict)
        self._measurements: dict[tuple[str, str], Measurement] = {}
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self._papers: dict[str, papers.Paper] = {}

    def __repr__(self) -> str:
        return f"Ledger({self.chapter!r}: {len(self._measurements)} measurements, {len(self._verdicts)} verdicts)"

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """The measurements, by paper and id."""
        return tuple(self._measurements[key] for key in sorted(self._measurements))

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts, by paper and claim."""
        return tuple(self._verdicts[key] for key in sorted(self._verdicts))

    def record(
        self, id: str, value: float, *, n: int, interval: Sequence[float] | None = None, note: str = "", unit: str = "",
        title: str = "",
    ) -> Measurement:  # fmt: skip
        """Keep a measured number.

        Parameters
        ----------
        id : str
            Id of the printed number that it stands beside; or an id of its own, then with a `title`.
        value : float
        n : int
            How many observations (images, words, pairs) it was measured on.
        interval : (float, float), optional
            95 % interval.
        note : str
            How it was found, or why it cannot be held against the printed one.
        unit : str
            Unit; that of the printed number unless given.
        title : str
            What is measured, for a number that no paper prints.

        Raises
        ------
        LedgerError
            If the value or interval is not finite, n is no count, the id is not printed and has no title, or is
            printed and has one.
        """
        where = f"{self.chapter}, {id!r}"
        key, id = self._owner(id)
        printed = self._printed(key)
        if id in printed and title:
            raise LedgerError(f"{where}: this number is printed in {key!r}; leave the title away or choose another id")
        if id not in printed and not title:
            near = papers.nearest(id, printed)
            raise LedgerError(
                f"{where}: {key!r} prints no such number{near}; for a number that is not printed, give a title"
            )
        measurement = Measurement(
            id=id,
            value=finite(value, where),
            n=count(n, where),
            interval=None if interval is None else bounds(interval, where),
            note=str(note),
            unit=unit or printed.get(id, ""),
            title=title,
            paper=key,
        )
        self._measurements[key or "", id] = measurement
        return measurement

    def verdict(self, claim: str, holds: bool | None, evidence: str) -> Verdict:
        """Keep what was found of a claim.

        Parameters
        ----------
        claim : str
            Id of a claim of the paper.
        holds : bool or None
            None: undecided.
        evidence : str
            The numbers that decide it.

        Raises
        ------
        LedgerError
            If the paper makes no such claim, `holds` is something else, or there is no evidence.
        """
        where = f"{self.chapter}, claim {claim!r}"
        key, claim = self._owner(claim)
        self._claim(key, claim, where)
        if not (holds is None or isinstance(holds, bool | np.bool_)):
            raise LedgerError(f"{where}: wanted True, False or None (undecided), got {holds!r}")
        if not str(evidence).strip():
            raise LedgerError(f"{where}: a verdict needs its evidence, the numbers that decide it")
        found = Verdict(claim, OUTCOMES[None if holds is None else bool(holds)], str(evidence), key)
        self._verdicts[key or "", claim] = found
        return found

    def decide(self, claim: str, estimates: Mapping[str, tuple[float, float, float]], *, note: str = "") -> Verdict:
        """Keep the verdict that the test of a claim gives, and return it.

        Parameters
        ----------
        claim : str
            Id of a claim with a statistic and a bound.
        estimates : dict of str to (value, low, high)
            The statistic with its 95 % interval, for each network, layer or other case that the claim speaks of.
        note : str
            Added to the evidence.

        Raises
        ------
        LedgerError
            If the claim is decided in words, or an estimate is not finite.
        """
        where = f"{self.chapter}, claim {claim!r}"
        key, id = self._owner(claim)
        stated = self._claim(key, id, where)
        if not stated["statistic"]:
            raise LedgerError(f"{where}: decided in words, not by an interval; use verdict: {stated['test']}")
        bound = {side: stated[side] for side in ("above", "below") if not math.isnan(stated[side])}
        rounded = {name: [finite(part, where) for part in estimate] for name, estimate in estimates.items()}
        holds = outcome([(low, high) for _, low, high in rounded.values()], **bound)
        cases = (f"{name}: {value:.3g} [{low:.3g}, {high:.3g}]" for name, (value, low, high) in rounded.items())
        return self.verdict(claim, holds, "; ".join([*cases, *([note] if note else [])]))

    def save(self, folder: str | Path) -> Path | None:
        """Write the ledger into `folder`, whole, and return its path; None (and no file) if it is empty.

        Notes
        -----
        A file that says the same but for time and commit is left alone: a diff shows changed results only.
        """
        path = Path(folder) / f"{self.chapter.replace('/', '.')}.json"
        content = self.content()
        if content is None:
            path.unlink(missing_ok=True)
            return None
        if path.exists() and _lasting(_json(path)) == _lasting(content):
            return path
        with write_whole(path) as part:
            part.write_text(_text(content), encoding="utf-8")
        return path

    def content(self) -> dict[str, Any] | None:
        """Everything in it as JSON has it, with the time of now unless its context has one; None if it is empty."""
        if not self._measurements and not self._verdicts:
            return None
        context = {part.name: getattr(self.context, part.name) for part in fields(Context)}
        context["time"] = self.context.time or datetime.now(UTC).isoformat(timespec="seconds")
        content = {
            "chapter": self.chapter,
            "paper": self.paper,
            "context": context,
            "measurements": [asdict(measurement) for measurement in self.measurements],
            "verdicts": [asdict(verdict) for verdict in self.verdicts],
        }
        return dict(json.loads(_text(content)))

    @classmethod
    def load(cls, path: str | Path) -> Ledger:
        """Return the ledger kept in a file; what it holds is checked as when it was recorded.

        Raises
        ------
        LedgerError
            If the file is no ledger, or names a number or claim that the papers do not have (any more).
        """
        return cls.of(_json(path), where=str(path))

    @classmethod
    def of(cls, content: Mapping[str, Any], *, where: str) -> Ledger:
        """Return the ledger with a `content`, checked as when it was recorded; `where` it is from begins each error.

        Raises
        ------
        LedgerError
            As of `load`.
        """
        try:
            ledger = cls(content["chapter"], Context(**content["context"]), paper=content["paper"])
            for entry in content["measurements"]:
                kept = dict(entry)
                ledger.record(_qualified(kept.pop("paper"), kept.pop("id"), ledger.paper), kept.pop("value"), **kept)
            for kept in content["verdicts"]:
                known = {words: holds for holds, words in OUTCOMES.items()}
                claim = _qualified(kept["paper"], kept["claim"], ledger.paper)
                ledger.verdict(claim, known[kept["outcome"]], kept["evidence"])
        except LedgerError as error:
            raise LedgerError(f"{where}: {error}") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise LedgerError(f"{where}: not a ledger of this version ({type(error).__name__}: {error})") from error
        return ledger

    def _owner(self, id: str) -> tuple[str | None, str]:
        """Return the paper that an id belongs to, and the id without it."""
        key, colon, rest = id.partition(":")
        return (key, rest) if colon else (self.paper, id)

    def _paper(self, key: str) -> papers.Paper:
        if key not in self._papers:
            self._papers[key] = papers.load(key)
        return self._papers[key]

    def _printed(self, key: str | None) -> dict[str, str]:
        """Return the unit of each number that the paper prints, by id."""
        if key is None:
            return {}
        printed = self._paper(key).numbers
        return dict(zip(printed["id"], printed["unit"], strict=True))

    def _claim(self, key: str | None, claim: str, where: str) -> pd.Series:
        if key is None:
            raise LedgerError(f"{where}: which paper's? name it like 'discovery:{claim}'")
        stated = self._paper(key).claims.set_index("id")
        if claim not in stated.index:
            raise LedgerError(f"{where}: {key!r} makes no such claim{papers.nearest(claim, stated.index)}")
        return stated.loc[claim]


def _qualified(key: str | None, id: str, own: str | None) -> str:
    return id if key == own else f"{key}:{id}"


def _text(content: Mapping[str, Any]) -> str:
    """Return JSON with a line for each field: small diffs."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _json(path: str | Path) -> dict[str, Any]:
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise LedgerError(f"{path}: not JSON: {error}") from error
    if not isinstance(content, dict):
        raise LedgerError(f"{path}: not a ledger: {type(content).__name__}")
    return content


def _lasting(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a ledger's content without what changes at every run."""
    context = {name: value for name, value in content.get("context", {}).items() if name not in ("time", "commit")}
    return {**content, "context": context}
