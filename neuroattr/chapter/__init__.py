"""What every chapter of the book does in one line each: publish a figure, record a number, judge a claim.

A chapter in short::

    # %% tags=["parameters", "remove-cell"]
    corpus = "atelier-shop"
    backbone = "caffenet-mini"
    profile = "embedded"
    seed = 0
    book = False  # the runner sets True: figures are then files beside the page, and the numbers are kept

    # %%
    page = Chapter("discovery/4_1_divergence", corpus=corpus, backbone=backbone, profile=profile, book=book)
    page.uses(shop, net)                          # objects: n, titles, licences, digests for header and ledger
    page.figure(figures.histograms(...), "histograms", alt="P+ of red lies right of P-.", data=frame)
    page.explorer(words, layers, lambda word, layer: figures.prime_units(...), alt=lambda word, layer: f"...")
    page.table(frame, caption="Words by divergence")
    page.record("table1-etsy-initial", 0.93, n=400, interval=(0.90, 0.95), note="generated photos")
    page.verdict("visual-words-diverge", True, evidence="AUC 0.97 [0.95, 0.98]")
    page.beside()                                 # paper | real data | generated, for what was recorded
    page.claims()                                 # the paper's claims with their verdicts

The last call of a cell is its output: each returns something that Jupyter shows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import HTML
from matplotlib.figure import Figure

from neuroattr import figures, papers, widgets
from neuroattr.chapter import comparison, tables
from neuroattr.chapter.context import Sources
from neuroattr.chapter.publishing import Shelf

__all__ = ["Chapter", "finish"]

_current: Chapter | None = None


class Chapter:
    """One page of the book while it is being made.

    Parameters
    ----------
    name : str
        ``"<paper>/<file without .py>"``, as under ``notebooks/``.
    corpus, backbone : str or object
        Their names, or the loaded ``Corpus`` and ``Backbone``; see ``uses``.
    profile : str
    book : bool
        True: the runner makes the page (in the repository's root); files go beside the book. False: a live notebook;
        everything is inside the page, and nothing is written.
    paper : str, optional
        Key of ``neuroattr.papers``; the folder in ``name`` unless given.

    Raises
    ------
    ValueError
        If the name has no folder and no paper is given.
    """

    def __init__(self, name: str, *, corpus: Any, backbone: Any, profile: str, book: bool, paper: str | None = None):
        global _current
        folder, _, file = name.rpartition("/")
        if not file or not (folder or paper):
            raise ValueError(f"a chapter is named like 'discovery/4_1_divergence', got {name!r}")
        self.name, self.profile, self.book = name, profile, book
        self.paper = papers.load(paper or folder.split("/")[0])
        self.sources = Sources.of(corpus, backbone)
        self.shelf = Shelf(name, Path.cwd() if book else None)
        self.measured: dict[str, dict[str, Any]] = {}
        self.judged: dict[str, dict[str, Any]] = {}
        _current = self

    def uses(self, corpus: Any = None, backbone: Any = None) -> None:
        """Name the loaded corpus and network, so that header and ledger say what they really are."""
        self.sources = self.sources.updated(corpus, backbone)

    def picture(self, figure: Figure, name: str, *, alt: str) -> str:
        """An ``<img>`` of a figure, as markup: a leaf for an explorer."""
        content, suffix = figures.raster(figure)
        width, height = (round(96 * inches) for inches in figure.get_size_inches())
        return widgets.picture(self.shelf.put(name, content, suffix), alt, width, height)

    def figure(self, figure: Figure, name: str, *, alt: str, data: Any = None, caption: str = "") -> HTML:
        """A figure with links to its drawing (SVG, unless it shows photographs) and its data (CSV).

        Parameters
        ----------
        figure : matplotlib Figure
        name : str
            Of its files.
        alt : str
            What the figure shows, for readers who do not see it. Required.
        data : DataFrame, Series, DataArray or dict of columns, optional
            The numbers that were drawn.
        caption : str
            Plain text below it.
        """
        image, links = self.picture(figure, name, alt=alt), []
        if not figures.photographic(figure):
            links.append(("SVG", self.shelf.put(name, figures.vector(figure), ".svg"), f"{name}.svg"))
        if data is not None:
            links.append(("data (CSV)", self.shelf.put(name, _csv(data), ".csv"), f"{name}.csv"))
        made = " · ".join(
            f'<a href="{tables.text(url)}" download="{tables.text(file)}">{words}</a>' for words, url, file in links
        )
        below = " ".join(
            part for part in (tables.text(caption), f"<span class='files'>{made}</span>" if made else "") if part
        )
        return HTML(f"<figure class='plot'>{image}<figcaption>{below}</figcaption></figure>")

    def explorer(
        self,
        words: Sequence[str],
        layers: Sequence[str],
        draw: Callable[[str, str], Figure],
        *,
        alt: Callable[[str, str], str],
        word: str | None = None,
        layer: str | None = None,
    ) -> widgets.WordLayer:
        """Choose a word and a layer: all figures now on a page of the book, on demand in a live notebook."""

        def leaf(one: str, other: str) -> str:
            return self.picture(draw(one, other), f"{one}-{other}", alt=alt(one, other))

        return widgets.WordLayer(words, layers, leaf, lazy=not self.book, word=word, layer=layer)

    def table(self, frame: pd.DataFrame | pd.Series, *, caption: str) -> HTML:
        """Any table, escaped, with its index as the first column."""
        frame = frame.to_frame() if isinstance(frame, pd.Series) else frame
        headings = [" / ".join(str(name or "") for name in frame.index.names), *map(str, frame.columns)]
        return HTML(tables.table(headings, frame.itertuples(name=None), caption=caption))

    def record(
        self, id: str, value: float, *, n: int, interval: tuple[float, float] | None = None, note: str = ""
    ) -> None:
        """Keep a measured number under the id of the paper's number that it stands beside.

        ``note`` says why the two cannot be compared directly, or how this one was found. A number that no paper
        prints has an id of its own and stands in the table without a neighbour.
        """
        low_high = None if interval is None else (float(interval[0]), float(interval[1]))
        self.measured[id] = {"value": float(value), "n": int(n), "interval": low_high, "note": note}

    def verdict(self, claim: str, holds: bool | None, evidence: str) -> None:
        """Judge a claim of the paper: True holds, False does not, None undecided; ``evidence`` names the numbers.

        Raises
        ------
        ValueError
            If the paper makes no such claim.
        """
        if claim not in set(self.paper.claims["id"]):
            known = ", ".join(sorted(self.paper.claims["id"]))
            raise ValueError(f"{self.paper.key} makes no claim {claim!r}; its claims: {known}")
        self.judged[claim] = {"holds": None if holds is None else bool(holds), "evidence": evidence}

    def beside(self, ids: Sequence[str] | None = None) -> HTML:
        """Paper beside here: the printed numbers, the last run on real data, and this page.

        Parameters
        ----------
        ids : sequence of str, optional
            Rows; else what this page has recorded.
        """
        return HTML(comparison.numbers(self, list(self.measured) if ids is None else list(ids)))

    def claims(self, ids: Sequence[str] | None = None) -> HTML:
        """The paper's claims that this page has judged (or ``ids``), with their verdicts here and on real data."""
        return HTML(comparison.claims(self, list(self.judged) if ids is None else list(ids)))

    def finish(self) -> dict[str, Any]:
        """Keep the numbers, if this makes a page of the book; what the runner writes into header and metadata."""
        saved = comparison.save(self) if self.book else None
        files = sorted(set(self.shelf.files))
        return {**dataclasses.asdict(self.sources), "files": files, "ledger": saved}


def finish() -> dict[str, Any]:
    """Called by the runner after the last cell: only a chapter that ran to its end keeps its numbers."""
    return _current.finish() if _current else {}


def _csv(data: Any) -> bytes:
    if hasattr(data, "to_dataframe"):  # xarray
        data = data.to_dataframe(name=data.name or "value").reset_index()
    frame = (
        data.to_frame() if isinstance(data, pd.Series) else pd.DataFrame(data) if isinstance(data, Mapping) else data
    )
    plain = isinstance(frame.index, pd.RangeIndex)
    return frame.to_csv(index=not plain, lineterminator="\n").encode()
