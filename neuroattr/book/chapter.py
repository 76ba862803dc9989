"""What every chapter of the book does in one line each: publish a figure, record a number, judge a claim.

A chapter in short::

    # %% tags=["parameters", "remove-cell"]
    corpus = "atelier-shop"
    backbone = "caffenet-mini"
    profile = "embedded"
    seed = 0
    book = False  # the runner sets True: figures are then files beside the page, and the numbers are kept

    # %%
    page = Chapter("discovery/04_1_divergence", corpus=corpus, backbone=backbone, profile=profile, book=book)
    page.uses(shop, net)                          # objects: n, titles, licences, digests for header and ledger
    page.figure(figures.histograms(...), "histograms", alt="P+ of red lies right of P-.", data=frame)
    page.explorer([Control("word", words), ...], [Panel(["word"], lambda word: f"<p>...")])  # of neuroattr.widgets
    page.table(frame, caption="Words by divergence")
    page.say(f"{len(words)} words are seen")
    page.record("duplicate_share", 0.31, n=6000, note="a generated shop repeats itself as it is told to")
    page.record("auc-truth", 0.95, n=120, interval=(0.92, 0.97), title="AUC of visible words")  # not printed: a title
    page.decide("divergence-separates", {"words": auc})  # a statistics.Estimate, held against the claim's own bound
    page.verdict("tagger-errors", True, evidence="flip")  # for claims that are decided in words
    page.comparison()                             # paper | real data | generated, for what was recorded
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

from neuroattr import assets, figures, papers, results, widgets
from neuroattr.book import comparison, files, tables
from neuroattr.book.context import described
from neuroattr.statistics import Estimate

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
        Key of ``neuroattr.papers``; the folder in ``name`` unless given. Pages that join papers have none.

    Attributes
    ----------
    paper : papers.Paper or None
        Its ``constants``, ``numbers``, ``claims``.
    """

    def __init__(self, name: str, *, corpus: Any, backbone: Any, profile: str, book: bool, paper: str | None = None):
        global _current
        self.name, self.profile, self.book = name, profile, book
        context = results.Context(corpus="", network="", profile=profile, generated=None)
        self.ledger = results.Ledger(name, described(context, corpus, backbone), paper=paper)
        self.paper = papers.load(self.ledger.paper) if self.ledger.paper else None
        self.files = files.PublishedFiles(name, Path.cwd() if book else None)
        self._recorded: list[results.Measurement] = []
        self._judged: list[results.Verdict] = []
        self._whole: tuple[tuple[int, int], dict[str, pd.DataFrame]] | None = None
        _current = self

    def uses(self, corpus: Any = None, backbone: Any = None) -> None:
        """Name the loaded corpus and network, so that header and ledger say what they really are."""
        self.ledger.context = described(self.ledger.context, corpus, backbone)

    def picture(self, figure: Figure, name: str, *, alt: str) -> str:
        """An ``<img>`` of a figure, as markup, such as for a panel of an explorer."""
        content, suffix = figures.raster(figure)
        width, height = (round(96 * inches) for inches in figure.get_size_inches())
        return widgets.picture(self.files.put(name, content, suffix), alt, width, height)

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
            links.append(("SVG", self.files.put(name, figures.vector(figure), ".svg"), f"{name}.svg"))
        if data is not None:
            links.append(("data (CSV)", self.files.put(name, files.csv(data), ".csv"), f"{name}.csv"))
        made = " · ".join(
            f'<a href="{tables.text(url)}" download="{tables.text(file)}">{words}</a>' for words, url, file in links
        )
        below = " ".join(
            part for part in (tables.text(caption), f"<span class='files'>{made}</span>" if made else "") if part
        )
        return HTML(f"<figure class='plot'>{image}<figcaption>{below}</figcaption></figure>")

    def explorer(self, controls: Sequence[widgets.Control], panels: Sequence[widgets.Panel]) -> widgets.Choices:
        """Panels that follow some choices: all their contents now on a page of the book, on demand in a live notebook.

        On a page of the book its address follows the choice: ``#word=red&layer=conv4``.
        """
        return widgets.Choices(controls, panels, lazy=not self.book, linked=True)

    def scatters(
        self, points: Mapping[str, Any], labels: Sequence[str], classes: Sequence[str], captions: Sequence[str],
        pictures: Sequence[Any], *, name: str, title: Callable[[str], str], layer: str | None = None,
    ) -> widgets.Choices:  # fmt: skip
        """Choose a layer: the images in two dimensions, each shown under the pointer (`figures.hovering_scatter`).

        Parameters
        ----------
        points : for each layer float [N, 2]
        labels, captions, pictures : [N]
        classes : sequence of str
            In the order of the legend.
        name : str
            Of the files.
        title : callable
            ``title(layer)`` says what there is to see, for readers who do not see it.
        layer : str, optional
            Shown first.
        """
        sheet = self.files.put("pictures", figures.picture_sheet(pictures), ".webp")
        relative = sheet if sheet.startswith("data:") else sheet.rpartition("/")[2]  # the drawing lies beside it

        def drawn(layer: str) -> str:
            says, spots = title(layer), points[layer]
            drawing = figures.hovering_scatter(spots, labels, classes, captions, sheet=relative, title=says)
            return widgets.document(self.files.put(f"{name}-{layer}", drawing, ".svg"), says, *figures.HOVERING_SIZE)

        control = widgets.Control("layer", list(points), layer)
        return widgets.Choices([control], [widgets.Panel(["layer"], drawn)], lazy=not self.book)

    def table(self, data: Any, *, caption: str, index: str | None = None) -> HTML:
        """Any table, escaped, with its index as the first column; numbers and estimates are formatted here.

        Parameters
        ----------
        data : DataFrame, Series, DataArray of one or two dimensions, or a mapping
            A mapping has for each row its cells, by column; or one cell.
        caption : str
        index : str, optional
            Heading of the first column, else the name of the index.
        """
        frame = tables.frame(data)
        headings = [index or " / ".join(str(name or "") for name in frame.index.names), *map(str, frame.columns)]
        rows = (
            (" / ".join(map(str, first)) if isinstance(first, tuple) else first, *rest)
            for first, *rest in frame.itertuples(name=None)
        )
        return HTML(tables.table(headings, rows, caption=caption))

    def say(self, words: object) -> HTML:
        """A sentence below a cell, escaped."""
        return HTML(f"<p>{tables.text(str(words))}</p>")

    def record(self, id: str, value: float | Estimate, **details: Any) -> None:
        """Keep a measured number; ``n=`` always, ``interval=``, ``note=``, ``unit=``, ``title=`` (``results.Ledger``).

        The id is that of the printed number that it stands beside; a number that no paper prints has a title. An
        ``Estimate`` brings its n and its interval along.
        """
        if isinstance(value, Estimate):
            details = {"n": value.n, "interval": (value.low, value.high), **details}
            value = value.value
        self._recorded.append(self.ledger.record(id, value, **details))

    def verdict(self, claim: str, holds: bool | None, evidence: str) -> None:
        """Judge a claim: True holds, False does not, None undecided; ``evidence`` names the numbers that say so."""
        self._judged.append(self.ledger.verdict(claim, holds, evidence))

    def decide(self, claim: str, estimates: Mapping[str, Estimate], *, note: str = "") -> None:
        """Judge a claim by its own test: the estimate of its statistic, for each case that it speaks of."""
        cases = {case: (one.value, one.low, one.high) for case, one in estimates.items()}
        self._judged.append(self.ledger.decide(claim, cases, note=note))

    def comparison(
        self, ids: Sequence[str] | None = None, *, place: str | None = None, paper: str | None = None,
        whole: bool = False,
    ) -> HTML:  # fmt: skip
        """Paper beside here: the printed numbers, the last run on real data, and this page.

        Parameters
        ----------
        ids : sequence of str, optional
            Rows; else what this page has recorded.
        place : str, optional
            Instead all numbers printed there: ``"Table 1"``.
        paper : str, optional
            Another paper than the chapter's.
        whole : bool
            Instead of this page what all chapters of this profile's run have measured.
        """
        paper = self._paper(paper)
        if ids is None and place is None and not whole:
            ids = list(dict.fromkeys(one.id for one in self._recorded if one.paper == paper))
        return HTML(comparison.numbers(paper, ids, place, self.runs(whole=whole), self.ledger.context))

    def claims(self, ids: Sequence[str] | None = None, *, paper: str | None = None, whole: bool = False) -> HTML:
        """The paper's claims that this page has judged (or ``ids``), with their verdicts here and on real data.

        With ``whole``, the verdicts of all chapters of this profile's run, each with a link to its chapter.
        """
        paper = self._paper(paper)
        if ids is None:
            own = dict.fromkeys(one.claim for one in self._judged if one.paper == paper)
            ids = papers.load(paper).claims["id"].tolist() if whole else list(own)
        page = self.name if self.book else None
        return HTML(comparison.claims(paper, ids, self.runs(whole=whole), self.ledger.context, page=page))

    def origins(self, runs: Mapping[str, pd.DataFrame]) -> dict[str, str]:
        """What each of these runs (`runs`) was made from, by label: ``"real data"``, ``"generated"``."""
        return {label: origin.lower() for label, origin in comparison.origins(runs, self.ledger.context).items()}

    def runs(self, *, whole: bool = False) -> dict[str, pd.DataFrame]:
        """What stands in the tables: the kept run on real data, if this page is generated, and this page's rows.

        With ``whole``, the rows of all chapters of this profile's run, this page's among them. Columns as those of
        `results.read`.
        """
        if whole:
            state = len(self._recorded), len(self._judged)
            if self._whole is None or self._whole[0] != state:  # reading all ledgers takes a second
                self._whole = state, comparison.whole_runs(self.ledger)
            return self._whole[1]
        return comparison.runs(self.ledger)

    def _paper(self, key: str | None) -> str:
        key = key or self.ledger.paper
        if key is None:
            raise ValueError(f"{self.name} belongs to no paper; name one: paper='discovery'")
        return key

    def finish(self) -> dict[str, Any]:
        """What the runner keeps: the context for the header, the files of the page, and the ledger."""
        context = self.ledger.context
        self.ledger.context = dataclasses.replace(context, assets={**context.assets, **assets.opened()})
        return {
            **dataclasses.asdict(self.ledger.context),
            "files": sorted(set(self.files.paths)),
            "ledger": self.ledger.content(),
        }


def finish() -> dict[str, Any]:
    """Called by the runner after the last cell: only a chapter that ran to its end keeps its numbers."""
    return _current.finish() if _current else {}
