"""Paper beside here: printed numbers and claims, the last run on real data, and the page that is being made."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from neuroattr.chapter import tables

if TYPE_CHECKING:
    from neuroattr.chapter import Chapter

REAL = "sample"  # profile of the ledger that is committed


def numbers(page: Chapter, ids: list[str]) -> str:
    """The table of numbers, one row an id; a number of this page never stands without its n."""
    printed = page.paper.numbers.set_index("id")
    kept = _kept(page)[0] if page.sources.generated else {}
    rows = []
    for id in ids:
        here, real = page.measured.get(id), kept.get(id)
        known = printed.loc[id] if id in printed.index else None
        reason = next((one["note"] for one in (here, real) if one and one["note"]), "")
        cells = [_what(id, known), _printed(known)]
        cells += [_measured(real), _measured(here)] if page.sources.generated else [_measured(here)]
        rows.append([*cells, reason])
    return tables.table(
        ["Number", page.paper.title, *_columns(page), "Why they differ"],
        rows,
        caption=f"{page.paper.title}: paper beside here",
    )


def claims(page: Chapter, ids: list[str]) -> str:
    """The table of claims, each with the sentence of the paper, the test that decides it, and the verdicts."""
    stated = page.paper.claims.set_index("id")
    kept = _kept(page)[1] if page.sources.generated else {}
    rows = []
    for id in ids:
        claim = stated.loc[id]
        cells = [
            tables.Safe(f"{html.escape(claim['sentence'])} <span class='place'>{html.escape(claim['place'])}</span>")
        ]
        cells.append(claim["test"])
        cells += [_judged(kept.get(id))] if page.sources.generated else []
        rows.append([*cells, _judged(page.judged.get(id))])
    return tables.table(
        ["Claim", "Decided by", *_columns(page)],
        rows,
        caption=f"{page.paper.title}: its claims and what was found here",
    )


def _columns(page: Chapter) -> list[str]:
    return ["Real data", "Generated (this page)"] if page.sources.generated else ["Real data (this page)"]


def _what(id: str, known: Any) -> Any:
    if known is None:
        return id
    parts = [str(known[name]) for name in ("table", "row", "column") if known.get(name)]
    return tables.Safe(
        f"{html.escape(', '.join(parts) or id)} <span class='place'>{html.escape(str(known['place']))}</span>"
    )


def _printed(known: Any) -> str | None:
    if known is None:
        return "not printed"
    value = known["value"]
    shown = tables.number(value) if isinstance(value, (int, float)) else str(value)
    return f"{shown} {known['unit']}".strip() if known.get("unit") else shown


def _measured(one: dict[str, Any] | None) -> Any:
    return None if one is None else tables.measured(one["value"], one["interval"], one["n"])


def _judged(one: dict[str, Any] | None) -> Any:
    if one is None:
        return None
    return tables.Safe(f"{tables.badge(one['holds'])} <span class='evidence'>{html.escape(one['evidence'])}</span>")
