"""Figures of visualness: what a classifier is sure of, two scores of the same words, agreement by method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from neuroattr.figures.style import INK, MUTED, NARROW, NEGATIVE, POSITIVE, WIDE, styled
from neuroattr.statistics import Estimate

MARKS = {"visual": ("o", POSITIVE), "non-visual": ("s", NEGATIVE), "abstract": ("^", MUTED), "context": ("D", INK)}
UNKNOWN = ("x", MUTED)  # words of no kind
SIDES = (
    *((4, 0, "left", "center"), (-4, 0, "right", "center"), (0, 4, "center", "bottom"), (0, -4, "center", "top")),
    *((4, 4, "left", "bottom"), (-4, 4, "right", "bottom"), (4, -4, "left", "top"), (-4, -4, "right", "top")),
)
"""Where a name may stand beside its point: offset in points, alignment."""

CROWD = 3  # points that a name may cover


@styled
def confidence(positive: npt.ArrayLike, negative: npt.ArrayLike, *, share: float, word: str) -> Figure:
    """Log odds of the images on either side, each side's kept share (the surest images) filled.

    Parameters
    ----------
    positive, negative : float [N]
        Log odds of images with and without the word.
    share : float
        Share of each side that is kept: the highest of the positives, the lowest of the negatives.
    word : str
        Named in the legend.

    Raises
    ------
    ValueError
        If a side is empty, or the share is not in (0, 1].
    """
    import seaborn  # takes a second, which few figures need

    sides = np.asarray(positive, float), np.asarray(negative, float)
    if not (len(sides[0]) and len(sides[1]) and 0 < share <= 1):
        raise ValueError(f"want images on both sides and a share in (0, 1], got {[*map(len, sides)]} and {share}")
    edges = np.histogram_bin_edges(np.concatenate(sides), 32)
    figure = Figure(figsize=(WIDE, 2.6))
    axes = figure.subplots()
    drawn = zip(sides, (1, -1), (f"with “{word}”", "without"), ((POSITIVE, "-"), (NEGATIVE, "--")), strict=True)
    for odds, sign, label, (colour, line) in drawn:
        kept = np.sort(sign * odds)[::-1][: max(1, round(share * len(odds)))] * sign
        look = {"bins": edges, "element": "step", "color": colour, "ax": axes}
        seaborn.histplot(kept, **look, alpha=0.3, lw=0, label=f"{label}, kept")
        seaborn.histplot(odds, **look, fill=False, ls=line, lw=1.5, label=label)
    axes.axvline(0, color=MUTED, lw=1)
    axes.set(xlabel="log odds of the initial classifier", ylabel="images")
    axes.legend(fontsize=8, ncols=2)
    axes.set_ylim(0, 1.3 * axes.get_ylim()[1])
    return figure


@styled
def scatter(
    table: pd.DataFrame, kinds: pd.Series, *, labels: tuple[str, str], named: int = 5, diagonal: bool = False
) -> Figure:
    """Two scores of the same words against each other, marked by kind, the outermost words of each axis named.

    Parameters
    ----------
    table : DataFrame by word
        Two columns: across, up. Words without one of them are left out.
    kinds : Series by word
        Marks differ by shape and colour.
    labels : (str, str)
        Of the axes, with unit.
    named : int
        How many words at each end of each axis carry their names.
    diagonal : bool
        Draw the line of equal values, for two scores on one scale.
    """
    table = table.dropna()
    across, up = (table.iloc[:, place] for place in (0, 1))
    kinds = kinds.reindex(table.index)
    figure = Figure(figsize=(WIDE, 4.4))
    axes = figure.subplots()
    for kind, (mark, colour) in {**MARKS, "kind not known": UNKNOWN}.items():
        inside = (kinds == kind) if kind in MARKS else ~kinds.isin(MARKS)
        if inside.any():
            label = f"{kind} ({inside.sum()})"
            axes.plot(across[inside], up[inside], mark, color=colour, ms=4.5, alpha=0.7, ls="", label=label)
    if diagonal:
        reach = min(across.min(), up.min()), max(across.max(), up.max())
        axes.plot(reach, reach, color=MUTED, lw=1, ls="--")
    axes.set(xlabel=labels[0], ylabel=labels[1])
    axes.grid(axis="x")
    axes.margins(x=0.08)
    figure.legend(loc="outside upper left", fontsize=8, ncols=5)
    _name(figure, axes, across, up, _ends(across, up, named))
    return figure


@styled
def lines(values: pd.DataFrame, *, label: str, chance: float | None = None) -> Figure:
    """Columns as lines over the index (its name labels the axis), marks and dashes apart as well as colours."""
    figure = Figure(figsize=(NARROW + 0.8, 2.8))
    axes = figure.subplots()
    styles = ("o-", "s--", "^:", "D-.", "v-", "x--")
    for place, name in enumerate(values.columns):
        axes.plot(values.index, values[name], styles[place % len(styles)], ms=5, lw=1.5, label=str(name))
    if chance is not None:
        axes.axhline(chance, color=MUTED, ls="--", lw=1)
        axes.text(values.index[-1], chance, "chance", color=MUTED, fontsize=8, va="top", ha="right")
    axes.set(xlabel=values.index.name, ylabel=label)
    figure.legend(loc="outside upper left", fontsize=8, ncols=4, columnspacing=1.2)
    return figure


@styled
def agreements(
    rows: Mapping[str, Sequence[Estimate]],
    *,
    printed: Mapping[str, Sequence[float]],
    columns: tuple[str, str] = ("Pearson", "Spearman"),
    ceiling: float | None = None,
) -> Figure:
    """Correlations of each row with people: ours with intervals as dots, the printed ones as hollow diamonds.

    Parameters
    ----------
    rows : {name: (Estimate, Estimate)}
        First row on top.
    printed : {name: (float, float)}
        Of the rows that the paper has.
    ceiling : float, optional
        Correlation that no row can surpass, drawn in the first column.
    """
    figure = Figure(figsize=(WIDE, 0.9 + 0.32 * len(rows)))
    panels = figure.subplots(1, 2, sharey=True, sharex=True)
    for side, axes in enumerate(panels):
        for place, (name, estimates) in enumerate(reversed(list(rows.items()))):
            one = estimates[side]
            axes.hlines(place, one.low, one.high, color=NEGATIVE, lw=1.8, alpha=0.6)
            axes.plot(one.value, place, "o", ms=5.5, color=NEGATIVE)
            if name in printed:
                axes.plot(printed[name][side], place, "D", ms=5.5, mfc="none", color=POSITIVE)
        axes.axvline(0, color=MUTED, lw=0.8)
        axes.set(title=columns[side], xlabel="correlation over words", ylim=(-0.6, len(rows) - 0.4))
        axes.set_yticks(range(len(rows)), list(rows)[::-1])
        axes.grid(axis="x")
    handles = [
        *panels[0].plot([], [], "o", color=NEGATIVE, ms=5.5, label="here, with 95 % interval"),
        *panels[0].plot([], [], "D", mfc="none", color=POSITIVE, ms=5.5, label="paper"),
    ]
    if ceiling is not None:
        handles.append(panels[0].axvline(ceiling, color=INK, ls=":", lw=1.4, label="ceiling of the votes (Pearson)"))
    figure.legend(handles=handles, loc="outside upper right", ncols=3, fontsize=8)
    return figure


@styled
def degradation(
    panels: Mapping[str, Mapping[str, Sequence[Estimate]]],
    rates: Mapping[str, Sequence[float]],
    *,
    label: str,
    chance: float | None = None,
) -> Figure:
    """What rising noise does: a panel for each kind of noise on one scale, a line with intervals for each method.

    Parameters
    ----------
    panels : {axis label: {method: [Estimate at each rate]}}
    rates : {axis label: rates}
    label : str
        Of what is measured, with unit.
    chance : float, optional
        Drawn as a dashed line.
    """
    figure = Figure(figsize=(WIDE, 2.9))
    styles = ("o-", "s--", "^:", "D-.")
    axes_of = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, (title, methods) in zip(axes_of, panels.items(), strict=True):
        apart = 0.012 * np.ptp(rates[title])
        for place, (name, found) in enumerate(methods.items()):
            at = np.asarray(rates[title]) + (place - (len(methods) - 1) / 2) * apart
            (line,) = axes.plot(at, [one.value for one in found], styles[place % 4], ms=5, lw=1.5, label=name)
            axes.vlines(at, [one.low for one in found], [one.high for one in found], color=line.get_color(), alpha=0.5)
        if chance is not None:
            axes.axhline(chance, color=MUTED, ls="--", lw=1)
        axes.set(xlabel=title)
    axes_of[0].set_ylabel(label)
    figure.legend(*axes_of[0].get_legend_handles_labels(), loc="outside upper left", fontsize=8, ncols=4)
    return figure


def _name(figure: Figure, axes: Axes, across: pd.Series, up: pd.Series, words: Sequence[str]) -> None:
    """Write words beside their points, each on the side where it covers no other name and fewest points."""
    figure.draw_without_rendering()  # now the axes have their place, so that points can be counted in pixels
    spots = axes.transData.transform(np.column_stack([across, up]))
    inside = axes.get_window_extent()
    taken: list[Bbox] = []
    for word in words:
        text = axes.annotate(word, (across[word], up[word]), (0, 0), textcoords="offset points", fontsize=7)
        costs = []
        for way, (dx, dy, ha, va) in enumerate(SIDES):
            text.set(ha=ha, va=va, position=(dx, dy))
            box = text.get_window_extent()
            covered = ((spots > np.asarray(box.min) - 2) & (spots < np.asarray(box.max) + 2)).all(axis=1).sum()
            clash = sum(box.overlaps(other) for other in taken) + (not _within(box, inside))
            costs.append((clash, covered, way))
        clash, covered, way = min(costs)
        dx, dy, ha, va = SIDES[way]
        if clash or covered > CROWD:
            text.remove()  # a name on names or in a crowd tells nothing
            continue
        text.set(ha=ha, va=va, position=(dx, dy))
        taken.append(text.get_window_extent())


def _within(box: Bbox, outer: Bbox) -> bool:
    return bool(box.x0 >= outer.x0 and box.x1 <= outer.x1 and box.y0 >= outer.y0 and box.y1 <= outer.y1)


def _ends(across: pd.Series, up: pd.Series, named: int) -> list[str]:
    """The outermost words of either axis, the most outlying first."""
    ends = []
    for side in (up, across):
        ordered = side.sort_values(kind="stable").index.tolist()
        ends += [*ordered[::-1][:named], *ordered[:named]]
    return list(dict.fromkeys(ends))
