"""The rows of runs: every measurement and verdict of the ledgers in a folder."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from neuroattr.results.entries import LedgerError
from neuroattr.results.ledger import Ledger

COLUMNS = (
    "kind", "paper", "id", "title", "value", "low", "high", "n", "unit", "note", "outcome", "evidence",
    "chapter", "corpus", "network", "profile", "generated", "commit", "time", "stale", "file",
)  # fmt: skip

Run: TypeAlias = str | Path | pd.DataFrame | Ledger
Code: TypeAlias = Callable[[str], str | None] | Mapping[str, str]
Line = dict[str, Any]


def read(*ledgers: str | Path | Ledger, code: Code | None = None) -> pd.DataFrame:
    """Return all measurements and verdicts of ledgers, a row for each.

    Parameters
    ----------
    *ledgers : path or Ledger
        Of a folder the ``*.json`` files; one that does not exist (no run yet) has no rows. What a chapter of a later
        one holds replaces that chapter in the earlier ones, and the same measurement of another chapter.
    code : callable or mapping, optional
        From chapter to the digest of its present code. ``stale`` is True where the ledger's digest differs or the
        chapter is gone (None), missing where no `code` was given. A `Ledger` that is given as such is of now.

    Raises
    ------
    LedgerError
        If a file is no ledger, or names what the papers do not have.
    """
    rows = _frame([])
    for one in ledgers:
        later = _frame([row for file, ledger in _opened(one) for row in _rows(ledger, file, _stale(one, ledger, code))])
        names = [*zip(later["kind"], later["paper"], later["id"], strict=True)]
        again = [name in set(names) for name in zip(rows["kind"], rows["paper"], rows["id"], strict=True)]
        earlier = rows[~(rows["chapter"].isin(later["chapter"]) | np.array(again, bool))]
        rows = pd.concat([earlier, later], ignore_index=True) if len(earlier) else later
    return rows


def by_label(ledgers: Mapping[str, Run]) -> dict[str, pd.DataFrame]:
    """Return the rows of each run, given as such, as a ledger that is not saved yet, or as a folder."""
    return {label: run if isinstance(run, pd.DataFrame) else read(run) for label, run in ledgers.items()}


def of_kind(ledgers: Mapping[str, Run], kind: str, paper: str) -> dict[str, pd.DataFrame]:
    """Return the rows of one kind and paper of each run; an id that stands twice in a run is an error."""
    runs = {}
    for label, run in by_label(ledgers).items():
        chosen = run[(run["kind"] == kind) & (run["paper"] == paper)]
        twice = chosen[chosen["id"].duplicated(keep=False)]
        if len(twice):
            files = " and ".join(twice.loc[twice["id"] == twice["id"].iloc[0], "file"])
            raise LedgerError(f"run {label!r}: {kind} {twice['id'].iloc[0]!r} of {paper!r} stands in {files}")
        runs[label] = chosen
    return runs


def _opened(ledgers: str | Path | Ledger) -> Iterator[tuple[str, Ledger]]:
    """Yield each ledger, and the name of its file."""
    if isinstance(ledgers, Ledger):
        yield ledgers.chapter, ledgers
    else:
        yield from ((path.name, Ledger.load(path)) for path in sorted(Path(ledgers).glob("*.json")))


def _frame(rows: Sequence[Line]) -> pd.DataFrame:
    kinds = {"value": float, "low": float, "high": float, "n": "Int64", "generated": "boolean", "stale": "boolean"}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds)


def _rows(ledger: Ledger, file: str, stale: bool | None) -> Iterator[Line]:
    """Yield a row for each entry of a ledger."""
    context = ledger.context
    shared = {name: getattr(context, name) for name in ("corpus", "network", "profile", "generated", "commit", "time")}
    shared |= {"chapter": ledger.chapter, "file": file, "stale": stale}
    for entry in ledger.measurements:
        low, high = entry.interval or (None, None)
        own = {name: getattr(entry, name) for name in ("paper", "id", "title", "value", "n", "unit", "note")}
        yield {**shared, **own, "kind": "measurement", "low": low, "high": high}
    for found in ledger.verdicts:
        own = {"paper": found.paper, "id": found.claim, "outcome": found.outcome, "evidence": found.evidence}
        yield {**shared, **own, "kind": "verdict"}


def _stale(given: str | Path | Ledger, ledger: Ledger, code: Code | None) -> bool | None:
    if code is None or given is ledger:
        return None if code is None else False
    digest = code.get(ledger.chapter) if isinstance(code, Mapping) else code(ledger.chapter)
    return digest != ledger.context.code
