"""Tables as HTML in which nothing but the markup made here is markup."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from neuroattr import results

SIGNS = {"holds": ("holds", "✓"), "does not hold": ("fails", "✗"), "undecided": ("open", "?")}


class Safe(str):
    """Text that is markup already; everything else is escaped."""

    __slots__ = ()


def text(cell: Any) -> str:
    """One cell, escaped unless it is ``Safe``; missing values are an en dash."""
    if isinstance(cell, Safe):
        return str(cell)
    if cell is None or (not isinstance(cell, str) and pd.api.types.is_scalar(cell) and pd.isna(cell)):
        return "–"
    is_number = isinstance(cell, Real) and not isinstance(cell, bool | np.bool_)
    return html.escape(results.shown(cell) if is_number else str(cell))


def frame(data: Any) -> pd.DataFrame:
    """Rows and columns of a DataFrame, Series, DataArray of one or two dimensions, or mapping of rows.

    Raises
    ------
    ValueError
        If a DataArray has another number of dimensions.
    """
    if isinstance(data, xr.DataArray):
        if data.ndim not in (1, 2):
            raise ValueError(f"a table has one or two dimensions; got {data.dims}")
        data = data.to_pandas()
    if isinstance(data, Mapping):
        cells = all(isinstance(row, Mapping | pd.Series) for row in data.values())
        data = pd.DataFrame.from_dict(data, orient="index") if cells else pd.Series(data, name="value", dtype=object)
    return data.to_frame() if isinstance(data, pd.Series) else data


def badge(outcome: str) -> Safe:
    """The verdict on a claim: sign, words and colour."""
    kind, sign = SIGNS[outcome]
    return Safe(f"<span class='verdict {kind}'>{sign} {outcome}</span>")


def link(chapter: str, page: str) -> Safe:
    """A link from one chapter's page to another's: ``4.1 divergence``."""
    words = chapter.rpartition("/")[2].split("_")
    digits = [word.lstrip("0") for word in words if word.isdigit()]
    title = " ".join([".".join(digits), *(word for word in words if not word.isdigit())]).strip()
    return Safe(f"<a href='{'../' * page.count('/')}{html.escape(chapter)}.html'>{html.escape(title)}</a>")


def links(chapters: pd.Series, page: str) -> pd.Series:
    """The links of a column of chapters, as Python objects: a column of strings would forget that they are safe."""
    return pd.Series([link(chapter, page) for chapter in chapters], chapters.index, dtype=object, name=chapters.name)


def counted(n: int, what: str) -> str:
    """``"1 number"``, ``"2 numbers"``."""
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"


def nothing(words: str) -> str:
    """What a page says where a table would have no rows."""
    return f"<p class='missing'>{html.escape(words)}</p>"


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, caption: str) -> str:
    """A table that scrolls in its own box; its caption also names the box for screen readers.

    Without rows it is a sentence: the caption, and that there is nothing.
    """
    rows = list(rows)
    if not rows:
        return nothing(f"{caption}: none.")
    head = "".join(f"<th scope='col'>{text(heading)}</th>" for heading in headings)
    body = "".join(
        f"<tr><th scope='row'>{text(first)}</th>" + "".join(f"<td>{text(cell)}</td>" for cell in rest) + "</tr>"
        for first, *rest in rows
    )
    name = html.escape(caption)
    return (
        f"<div class='table-box' role='region' tabindex='0' aria-label='{name}'><table class='result'>"
        f"<caption>{name}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
