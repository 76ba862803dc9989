"""Paper beside here: printed numbers and claims, the last run on real data, and the page that is being made."""

from __future__ import annotations

import functools
import html
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from neuroattr import results
from neuroattr.book import tables

REAL = "sample"  # profile whose ledger is kept in git
HERE = "here"
ORIGINS = {True: "Generated", False: "Real data", None: "Origin not said"}  # of a run, as its column is headed


def runs(ledger: results.Ledger) -> dict[str, pd.DataFrame]:
    """Rows of the runs that stand in a table: the kept one unless this page is on real data itself, and this page's."""
    return _after_the_kept_run(ledger, HERE, results.read(ledger))


def whole_runs(ledger: results.Ledger) -> dict[str, pd.DataFrame]:
    """All rows of the run that this page belongs to, its own among them, and of the kept run if that is another."""
    from neuroattr.book.execution import code_digest, ledgers  # only here, as below

    profile = ledger.context.profile
    return _after_the_kept_run(ledger, profile, results.read(*ledgers().get(profile, ()), ledger, code=code_digest))


def _after_the_kept_run(ledger: results.Ledger, label: str, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {label: rows} if ledger.context.generated is False else {REAL: _kept(), label: rows}


def _kept() -> pd.DataFrame:
    """The kept run on real data, with what is stale in it marked; no rows if none was kept yet."""
    from neuroattr.book.execution import Project, code_digest  # only here: a kernel needs nothing else of it

    try:
        project = Project.of_chapters()
    except FileNotFoundError:  # the library was installed without a checkout: there is no kept run
        return results.read("-")
    return results.read(project.root / "book" / "ledger" / REAL, code=code_digest)


def origins(found: Mapping[str, pd.DataFrame], context: results.Context) -> dict[str, str]:
    """What the pictures of each run are, by label: the page's own run is the last one."""
    return {label: ORIGINS[context.generated if label == list(found)[-1] else False] for label in found}


def numbers(
    paper: str, ids: Sequence[str] | None, place: str | None, found: Mapping[str, pd.DataFrame],
    context: results.Context,
) -> str:  # fmt: skip
    """The table of numbers: paper, real data, this page, and why they differ (folded where whole runs are shown)."""
    titles = origins(found, context)
    frame = results.comparison(paper, ids=ids, place=place, ledgers=found)
    folded, rows = HERE not in found, []
    for line in frame.to_dict("records"):
        reason = _reason(line, titles)
        printed = results.shown(line["printed"], decimals=line["decimals"]) or "not printed"
        line["row"] = _title(line, titles)
        cells = [_what(line, _folded(_why(line, titles), reason) if folded else None), printed, line["unit"]]
        rows.append([*cells, *(_measured(line, label) for label in found), *([] if folded else [reason])])
    headings = ["Number", "Paper", "Unit", *_columns(titles), *([] if folded else ["Why they differ"])]
    if not rows:
        return tables.nothing("No number of a paper was measured here.")
    return tables.table(headings, rows, caption=f"Paper beside here ({tables.counted(len(rows), 'number')})")


def claims(
    paper: str, ids: Sequence[str], found: Mapping[str, pd.DataFrame], context: results.Context, *,
    page: str | None = None,
) -> str:  # fmt: skip
    """The table of claims: the paper's sentence, the test that decides it, and the verdicts.

    ``page`` is the chapter that shows it: verdicts of others then link to theirs. Where whole runs are shown, the test
    is folded below the sentence.
    """
    if not len(ids):
        return tables.nothing("No claim is among these.")
    frame = results.claims_table(paper, ids=ids, ledgers=found)
    folded, rows = HERE not in found, []
    for line in frame.to_dict("records"):
        place = f"<span class='place'>{html.escape(line['place'])}</span>"
        test = _folded("Decided by", line["test"]) if folded else ""
        sentence = tables.Safe(f"{html.escape(line['sentence'])} {place}{test}")
        cells = [sentence] if folded else [sentence, line["test"]]
        rows.append([*cells, *(_judged(line, label, page) for label in found)])
    headings = ["Claim"] if folded else ["Claim", "Decided by"]
    columns = _columns(origins(found, context))
    return tables.table([*headings, *columns], rows, caption=f"The paper's claims ({len(rows)})")


def _columns(titles: dict[str, str]) -> list[str]:
    return [f"{title} (this page)" if label == HERE else title for label, title in titles.items()]


def _reason(line: dict[str, Any], titles: dict[str, str]) -> str:
    """Why a number may differ from the printed one: the notes of the runs that measured it, else the paper's table.

    What is true of one run is not said of another: where there are two, each note is told with the run's origin.
    """
    measured = [label for label in titles if not pd.isna(line[label])]
    notes = {label: line[f"{label} note"] for label in measured if isinstance(line[f"{label} note"], str)}
    notes = {label: note for label, note in notes.items() if note}
    if not notes:
        return str(line["reason"])
    if len(notes) == len(titles) and len(set(notes.values())) == 1:
        return str(notes[measured[0]])
    reasons = {label: notes.get(label, line["reason"]) for label in measured}
    return "; ".join(f"{titles[label].lower()}: {reason}" for label, reason in reasons.items() if reason)


def _why(line: dict[str, Any], titles: dict[str, str]) -> str:
    """How the reason is introduced: nothing differs yet where no run has measured the number."""
    return "What would differ" if all(pd.isna(line[label]) for label in titles) else "Why they may differ"


def _title(line: dict[str, Any], titles: dict[str, str]) -> str:
    """What a row shows; what is not printed may be another thing in each run, and is then called by both names."""
    called = {label: line[f"{label} title"] for label in titles if not pd.isna(line[label])}
    if line["kind"] != "extra" or len(set(called.values())) <= 1:
        return next(iter(called.values()), "") or line["row"]
    return "; ".join(f"{titles[label].lower()}: {title}" for label, title in called.items())


def _folded(summary: str, words: str) -> str:
    return f"<details><summary>{summary}</summary>{html.escape(words)}</details>" if words else ""


def _what(line: dict[str, Any], reason: str | None) -> tables.Safe:
    """What a number is and where it is printed; below it the reason, and then without the title of its table."""
    names = ("table", "row", "column") if reason is None or not line["row"] else ("row", "column")
    words = ", ".join(str(line[name]) for name in names if line[name]) or line["id"]
    place = f" <span class='place'>{html.escape(line['place'])}</span>" if line["place"] else ""
    return tables.Safe(html.escape(words) + place + (reason or ""))


def _measured(line: dict[str, Any], label: str) -> tables.Safe | None:
    """A value with its interval and its n, which it never goes without, and where the printed one lies."""
    if pd.isna(line[label]):
        return None
    low, high, n = (line[f"{label} {name}"] for name in ("low", "high", "n"))
    shown = functools.partial(results.shown, decimals=line["decimals"])
    parts = [f"<strong>{shown(line[label])}</strong>"]
    if not pd.isna(low):
        parts.append(f"<span class='interval'>[{shown(low)}, {shown(high)}]</span>")
    parts.append(f"<span class='count'>n = {int(n):,}</span>")
    if label != HERE and not (pd.isna(low) or pd.isna(line["printed"])):
        side = "below" if line["printed"] < low else "above" if line["printed"] > high else "inside"
        parts.append(f"<span class='paper {side}'>paper {side}</span>")
    return tables.Safe(" ".join(parts) + _stale(line, label))


def _judged(line: dict[str, Any], label: str, page: str | None) -> tables.Safe | None:
    if pd.isna(line[label]):
        return None
    evidence = html.escape(line[f"{label} evidence"])
    chapter, link = line[f"{label} chapter"], ""
    if page is not None and chapter != page:
        link = f" {tables.link(chapter, page)}"
    return tables.Safe(
        f"{tables.badge(line[label])} <span class='evidence'>{evidence}</span>{link}{_stale(line, label)}"
    )


def _stale(line: dict[str, Any], label: str) -> str:
    old = line[f"{label} stale"]
    return "" if pd.isna(old) or not old else " <span class='stale'>stale: the code has changed since</span>"
