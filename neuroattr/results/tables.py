"""Tables of printed numbers and claims with what was measured, run by run."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from neuroattr import papers
from neuroattr.results.entries import LedgerError
from neuroattr.results.ledger import Ledger

COLUMNS = (
    "kind", "paper", "id", "title", "value", "low", "high", "n", "unit", "note", "outcome", "evidence",
    "chapter", "corpus", "network", "profile", "generated", "commit", "time", "stale", "file",
)  # fmt: skip
OF_NUMBER = ("value", "low", "high", "n", "note", "title", "stale", "chapter")
OF_CLAIM = ("outcome", "evidence", "stale", "chapter")

Run: TypeAlias = str | Path | pd.DataFrame | Ledger
Code: TypeAlias = Callable[[str], str | None] | Mapping[str, str]
Number = float | None
Line = dict[str, Any]


def read(*folders: str | Path, code: Code | None = None) -> pd.DataFrame:
    """Return all measurements and verdicts of the ledgers in a folder, a row for each.

    Parameters
    ----------
    *folders : path
        Their ``*.json`` files are read; a folder that does not exist (no run yet) has no rows. What a chapter of a
        later folder holds replaces that chapter in the earlier ones, and the same measurement of another chapter.
    code : callable or mapping, optional
        From chapter to the digest of its present code. ``stale`` is True where the ledger's digest differs or the
        chapter is gone (None), missing where no `code` was given.

    Raises
    ------
    LedgerError
        If a file is no ledger, or names what the papers do not have.
    """
    rows = _frame([])
    for folder in folders:
        later = _frame([(path.name, Ledger.load(path)) for path in sorted(Path(folder).glob("*.json"))], code)
        names = [*zip(later["kind"], later["paper"], later["id"], strict=True)]
        again = [name in set(names) for name in zip(rows["kind"], rows["paper"], rows["id"], strict=True)]
        earlier = rows[~(rows["chapter"].isin(later["chapter"]) | np.array(again, bool))]
        rows = pd.concat([earlier, later], ignore_index=True) if len(earlier) else later
    return rows


def _frame(ledgers: Sequence[tuple[str, Ledger]], code: Code | None = None) -> pd.DataFrame:
    rows = [row for file, ledger in ledgers for row in _rows(ledger, file, code)]
    kinds = {"value": float, "low": float, "high": float, "n": "Int64", "generated": "boolean", "stale": "boolean"}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds)


def beside(
    paper: str, *, place: str | None = None, ids: Sequence[str] | None = None, ledgers: Mapping[str, Run]
) -> pd.DataFrame:
    """Return printed numbers beside what each run measured.

    Parameters
    ----------
    paper : str
        Key of a paper.
    place : str, optional
        Only numbers printed there: ``"Table 1"``, ``"Section 4"`` (with its subsections).
    ids : sequence of str, optional
        Only these, in this order; measurements that no paper prints may be among them.
    ledgers : mapping of str to path, DataFrame or Ledger
        Runs by label: a folder of ledgers, what `read` returned, or one ledger that need not be saved yet.

    Returns
    -------
    DataFrame
        id, place, table, row, column, unit, kind, printed, decimals; for each label ``<label>`` (the value),
        ``<label> low``, ``<label> high``, ``<label> n``, ``<label> note``, ``<label> title`` (of a number that is not
        printed; runs may call it differently), ``<label> stale``, ``<label> chapter``; comparable, reason.
        Without `place` and `ids`, what was measured and is not printed follows at the end.

    Raises
    ------
    LedgerError
        If an id is neither printed nor measured, a place has no numbers, or two chapters of a run measured the same.
    """
    runs = _runs(ledgers, "measurement", paper)
    table = _numbers(paper, runs)
    if ids is not None:
        table = _chosen(table, list(ids), paper)
    elif place is not None:
        table = _placed(table, place, paper)
    for label, run in runs.items():
        table = _joined(table, label, run, OF_NUMBER)
    return table[[*(name for name in table if name not in ("comparable", "reason")), "comparable", "reason"]]


def claims_table(paper: str, *, ids: Sequence[str] | None = None, ledgers: Mapping[str, Run]) -> pd.DataFrame:
    """Return the claims of a paper with the verdict of each run.

    Returns
    -------
    DataFrame
        id, place, sentence, test, printed (the verdict of the paper's own numbers), note; for each label ``<label>``
        (the outcome, missing where the claim was not tested), ``<label> evidence``, ``<label> stale``,
        ``<label> chapter``.
    """
    stated = papers.load(paper).claims
    table = stated[["id", "place", "sentence", "test", "printed", "note"]]
    if ids is not None:
        table = _chosen(table, list(ids), paper)
    for label, run in _runs(ledgers, "verdict", paper).items():
        table = _joined(table, label, run, OF_CLAIM)
    return table


def scoreboard(paper: str | None = None, ledgers: Mapping[str, Run] | None = None) -> pd.DataFrame:
    """Return every printed number and every claim with what each run found, as text with interval and n.

    Parameters
    ----------
    paper : str, optional
        Key of a paper; all papers unless given.
    ledgers : mapping of str to path, DataFrame or Ledger
        Runs by label.

    Returns
    -------
    DataFrame
        paper, kind (result, setting, data, claim, extra), id, place, what, printed, ``<label>`` for each run,
        comparable, reason. A stale result says so.
    """
    runs = _read(ledgers or {})
    chosen = papers.keys() if paper is None else [paper]
    rows = [row for key in chosen for row in [*_number_lines(key, runs), *_claim_lines(key, runs)]]
    columns = ["paper", "kind", "id", "place", "what", "printed", *runs, "comparable", "reason"]
    return pd.DataFrame(rows, columns=columns)


def tally(ledgers: Mapping[str, Run]) -> pd.DataFrame:
    """Return, for each paper and run, how much was printed and measured, and how the claims fared.

    Returns
    -------
    DataFrame
        paper, run, results (printed numbers that are no settings), measured, claims, holds, does not hold, undecided,
        untested, stale.
    """
    rows = []
    for key in papers.keys():  # noqa: SIM118 (a function, not a dict)
        for label, run in _read(ledgers).items():
            numbers = beside(key, ledgers={label: run})
            verdicts = claims_table(key, ledgers={label: run})
            results = numbers[numbers["kind"].isin(["result", "data"])]
            outcomes = verdicts[label].value_counts()
            rows.append(
                {
                    "paper": key,
                    "run": label,
                    "results": len(results),
                    "measured": int(results[label].notna().sum()),
                    "claims": len(verdicts),
                    **{name: int(outcomes.get(name, 0)) for name in ("holds", "does not hold", "undecided")},
                    "untested": int(verdicts[label].isna().sum()),
                    "stale": int(numbers[f"{label} stale"].sum() + verdicts[f"{label} stale"].sum()),
                }
            )
    return pd.DataFrame(rows)


def shown(
    value: Number, *, low: Number = None, high: Number = None, n: Number = None, decimals: int | None = None
) -> str:
    """Return a number as it is read: ``0.612 [0.421, 0.750], n = 43``; an empty text where it is missing."""
    if pd.isna(value):
        return ""
    text = _number(value, decimals)
    if not (low is None or pd.isna(low)):
        text += f" [{_number(low, decimals)}, {_number(high, decimals)}]"
    return text if n is None or pd.isna(n) else f"{text}, n = {int(n):,}"


def _number(value: Any, decimals: int | None) -> str:
    if not pd.isna(decimals) and decimals is not None:
        return f"{value:,.{int(decimals)}f}"
    return f"{int(value):,}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:.4g}"


def _rows(ledger: Ledger, file: str, code: Code | None) -> Iterator[Line]:
    """Yield a row for each entry of a ledger."""
    context = ledger.context
    shared = {name: getattr(context, name) for name in ("corpus", "network", "profile", "generated", "commit", "time")}
    shared |= {"chapter": ledger.chapter, "file": file, "stale": _stale(ledger, code)}
    for entry in ledger.measurements:
        low, high = entry.interval or (None, None)
        own = {name: getattr(entry, name) for name in ("paper", "id", "title", "value", "n", "unit", "note")}
        yield {**shared, **own, "kind": "measurement", "low": low, "high": high}
    for found in ledger.verdicts:
        own = {"paper": found.paper, "id": found.claim, "outcome": found.outcome, "evidence": found.evidence}
        yield {**shared, **own, "kind": "verdict"}


def _stale(ledger: Ledger, code: Code | None) -> bool | None:
    if code is None:
        return None
    digest = code.get(ledger.chapter) if isinstance(code, Mapping) else code(ledger.chapter)
    return digest != ledger.context.code


def _read(ledgers: Mapping[str, Run]) -> dict[str, pd.DataFrame]:
    return {label: _run(run) for label, run in ledgers.items()}


def _run(run: Run) -> pd.DataFrame:
    """Return the rows of a run, given as such, as a ledger that is not saved yet, or as a folder."""
    if isinstance(run, Ledger):
        return _frame([(run.chapter, run)])
    return run if isinstance(run, pd.DataFrame) else read(run)


def _runs(ledgers: Mapping[str, Run], kind: str, paper: str) -> dict[str, pd.DataFrame]:
    """Return the rows of one kind and paper of each run; an id that stands twice in a run is an error."""
    runs = {}
    for label, run in _read(ledgers).items():
        chosen = run[(run["kind"] == kind) & (run["paper"] == paper)]
        twice = chosen[chosen["id"].duplicated(keep=False)]
        if len(twice):
            files = " and ".join(twice.loc[twice["id"] == twice["id"].iloc[0], "file"])
            raise LedgerError(f"run {label!r}: {kind} {twice['id'].iloc[0]!r} of {paper!r} stands in {files}")
        runs[label] = chosen
    return runs


def _numbers(paper: str, runs: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the printed numbers, and after them what a run measured that is not printed."""
    printed = papers.load(paper).numbers.rename(columns={"value": "printed"}).drop(columns="note")
    extras: dict[str, Line] = {}
    for run in runs.values():
        for entry in run[~run["id"].isin(printed["id"])].itertuples():
            extras.setdefault(
                entry.id,
                {
                    "id": entry.id,
                    "place": "",
                    "table": "",
                    "row": entry.title,
                    "column": "",
                    "unit": entry.unit,
                    "kind": "extra",
                    "comparable": "",
                    "reason": "not printed in the paper",
                },
            )
    if extras:
        printed = pd.concat([printed, pd.DataFrame(list(extras.values()))], ignore_index=True)
    first = ["id", "place", "table", "row", "column", "unit", "kind", "printed", "decimals"]
    return printed[[*first, "comparable", "reason"]]


def _chosen(table: pd.DataFrame, ids: Sequence[str], paper: str) -> pd.DataFrame:
    missing = [id for id in ids if id not in set(table["id"])]
    if missing:
        near = papers.nearest(missing[0], table["id"])
        raise LedgerError(f"{missing[0]!r} is neither printed in {paper!r} nor measured{near}")
    return table.set_index("id", drop=False).loc[ids].reset_index(drop=True)


def _placed(table: pd.DataFrame, place: str, paper: str) -> pd.DataFrame:
    exact = re.compile(rf"(?<![\w.]){re.escape(place)}(?!\w)")
    found = table[table["place"].map(lambda printed: bool(exact.search(printed)))]
    if found.empty:
        places = ", ".join(dict.fromkeys(name for name in table["place"] if name))
        raise LedgerError(f"{paper!r} prints no number at {place!r}; places: {places}")
    return found.reset_index(drop=True)


def _joined(table: pd.DataFrame, label: str, run: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return `table` with the columns of one run: the first under the run's label, the others after it."""
    titles = {name: label if name == names[0] else f"{label} {name}" for name in names}
    return table.merge(run[["id", *names]].rename(columns=titles), on="id", how="left", validate="one_to_one")


def _number_lines(paper: str, ledgers: Mapping[str, Run]) -> Iterator[Line]:
    """Yield a line of the scoreboard for each number."""
    table = beside(paper, ledgers=ledgers)
    for line in table.to_dict("records"):
        decimals = line["decimals"]
        what = ", ".join(part for part in (line["table"], line["row"], line["column"]) if part)
        measured = {label: _cell(line, label, decimals) for label in ledgers}
        kept = {name: line[name] for name in ("kind", "id", "place", "comparable", "reason")}
        yield {"paper": paper, **kept, "what": what, "printed": shown(line["printed"], decimals=decimals), **measured}


def _cell(line: Line, label: str, decimals: int | None) -> str:
    bounds = {name: line[f"{label} {name}"] for name in ("low", "high", "n")}
    text = shown(line[label], decimals=decimals, **bounds)
    return f"{text} (stale)" if text and _is_true(line[f"{label} stale"]) else text


def _claim_lines(paper: str, ledgers: Mapping[str, Run]) -> Iterator[Line]:
    """Yield a line of the scoreboard for each claim."""
    for line in claims_table(paper, ledgers=ledgers).to_dict("records"):
        found = {label: _outcome(line, label) for label in ledgers}
        kept = {name: line[name] for name in ("id", "place", "printed")}
        yield {
            "paper": paper,
            "kind": "claim",
            **kept,
            "what": line["sentence"],
            **found,
            "comparable": "",
            "reason": "",
        }


def _outcome(line: Line, label: str) -> str:
    if pd.isna(line[label]):
        return ""
    stale = " (stale)" if _is_true(line[f"{label} stale"]) else ""
    return f"{line[label]}: {line[f'{label} evidence']}{stale}"


def _is_true(value: Any) -> bool:
    return not pd.isna(value) and bool(value)
