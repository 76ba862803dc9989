"""Tables of printed numbers and claims with what was measured, run by run."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, SupportsFloat

import pandas as pd

from neuroattr import papers
from neuroattr.results.entries import LedgerError
from neuroattr.results.runs import Line, Run, by_label, of_kind

OF_NUMBER = ("value", "low", "high", "n", "note", "title", "stale", "chapter")
OF_CLAIM = ("outcome", "evidence", "stale", "chapter")

Number = SupportsFloat | None


def comparison(
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
    runs = of_kind(ledgers, "measurement", paper)
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
    for label, run in of_kind(ledgers, "verdict", paper).items():
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
    runs = by_label(ledgers or {})
    chosen = papers.keys() if paper is None else [paper]
    rows = [row for key in chosen for row in [*_number_lines(key, runs), *_claim_lines(key, runs)]]
    columns = ["paper", "kind", "id", "place", "what", "printed", *runs, "comparable", "reason"]
    return pd.DataFrame(rows, columns=columns)


def counts(ledgers: Mapping[str, Run]) -> pd.DataFrame:
    """Return, for each paper and run, how much was printed and measured, and how the claims fared.

    Returns
    -------
    DataFrame
        paper, run, results (printed numbers that are no settings), measured, claims, holds, does not hold, undecided,
        untested, stale.
    """
    rows = []
    for key in papers.keys():  # noqa: SIM118 (a function, not a dict)
        for label, run in by_label(ledgers).items():
            numbers = comparison(key, ledgers={label: run})
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
    value: Number, *, low: Number = None, high: Number = None, n: int | None = None, decimals: int | None = None
) -> str:
    """Return a number as it is read: ``0.612 [0.421, 0.750], n = 43``; an empty text where it is missing.

    With `decimals` places, else whole numbers in full and others with four significant digits.
    """
    if pd.isna(value):
        return ""
    text = _number(value, decimals)
    if not pd.isna(low):
        text += f" [{_number(low, decimals)}, {_number(high, decimals)}]"
    return text if n is None or pd.isna(n) else f"{text}, n = {int(n):,}"


def _number(value: Any, decimals: Any) -> str:
    if not pd.isna(decimals):
        return f"{value:,.{int(decimals)}f}"
    return f"{int(value):,}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:.4g}"


def _numbers(paper: str, runs: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the printed numbers, and after them what a run measured that is not printed."""
    printed = papers.load(paper).numbers.rename(columns={"value": "printed"}).drop(columns="note")
    extras: dict[str, Line] = {}
    shared = {"place": "", "table": "", "column": "", "comparable": "", "reason": "not printed in the paper"}
    for run in runs.values():
        for entry in run[~run["id"].isin(printed["id"])].itertuples():
            extras.setdefault(
                entry.id, {**shared, "id": entry.id, "row": entry.title, "unit": entry.unit, "kind": "extra"}
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
    table = comparison(paper, ledgers=ledgers)
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
        shared = {"paper": paper, "kind": "claim", "comparable": "", "reason": ""}
        yield {**shared, **kept, "what": line["sentence"], **found}


def _outcome(line: Line, label: str) -> str:
    if pd.isna(line[label]):
        return ""
    stale = " (stale)" if _is_true(line[f"{label} stale"]) else ""
    return f"{line[label]}: {line[f'{label} evidence']}{stale}"


def _is_true(value: Any) -> bool:
    return not pd.isna(value) and bool(value)
