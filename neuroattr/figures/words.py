"""Figures about words: rankings, kinds, frequencies, and what differs by layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.figure import Figure

from neuroattr.figures.style import INK, MUTED, NARROW, NEGATIVE, POSITIVE, WIDE, styled

KIND_ORDER = ("visual", "abstract", "context", "non-visual")


@styled
def ranking(
    values: npt.ArrayLike, names: Sequence[str], *, label: str, low: npt.ArrayLike | None = None,
    high: npt.ArrayLike | None = None, stressed: Sequence[str] = (),
) -> Figure:  # fmt: skip
    """Named values as dots, largest on top, with intervals where given; stressed names as squares.

    Parameters
    ----------
    values : float [W]
    names : [W] of str
    label : str
        Of the axis, with its unit.
    low, high : float [W], optional
        Ends of the intervals.
    stressed : names
        Drawn in the positive colour with a square, so not by colour alone.
    """
    found = np.asarray(values, float)
    ends = None if low is None or high is None else np.column_stack([low, high])
    order = np.argsort(found, kind="stable").tolist()
    figure = Figure(figsize=(NARROW + 1, 0.7 + 0.2 * len(found)))
    axes = figure.subplots()
    for place, row in enumerate(order):
        strong = names[row] in set(stressed)
        colour = POSITIVE if strong else NEGATIVE
        if ends is not None:
            axes.hlines(place, *ends[row], color=colour, lw=1.5, alpha=0.5)
        axes.plot(found[row], place, "s" if strong else "o", ms=5, color=colour)
    axes.set_yticks(range(len(order)), [names[row] for row in order])
    axes.set(ylim=(-0.7, len(order) - 0.3), xlabel=label)
    axes.grid(axis="x")
    return figure


@styled
def by_kind(values: pd.Series, kinds: pd.Series, *, label: str) -> Figure:
    """One dot a word, in a row for each kind of word, with the median of the row; the outermost word is named.

    Parameters
    ----------
    values : Series by word
    kinds : Series by word
        Words of no kind are a row of their own.
    label : str
        Of the axis, with its unit.
    """
    import seaborn  # takes a second, which few figures need

    kinds = kinds.reindex(values.index).fillna("kind not known")
    rows = [kind for kind in (*KIND_ORDER, "kind not known") if (kinds == kind).any()]
    figure = Figure(figsize=(WIDE, 0.8 + 0.62 * len(rows)))
    axes = figure.subplots()
    colours = {kind: {"visual": POSITIVE, "non-visual": NEGATIVE}.get(kind, MUTED) for kind in rows}
    seaborn.swarmplot(
        x=values, y=kinds, order=rows, hue=kinds, palette=colours, ax=axes, size=3.5, alpha=0.7, warn_thresh=1,
        legend=False,
    )  # fmt: skip
    for place, kind in enumerate(rows):
        part = values[kinds == kind]
        axes.vlines(part.median(), place - 0.36, place + 0.36, color=INK, lw=1.6)
        last = part.max(), place
        axes.annotate(part.idxmax(), last, (4, 0), textcoords="offset points", fontsize=7.5, va="center")
    axes.set_yticks(range(len(rows)), [f"{kind} ({(kinds == kind).sum()})" for kind in rows])
    axes.set(xlabel=label, ylabel="", ylim=(len(rows) - 0.45, -0.55))
    axes.margins(x=0.12)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    return figure


@styled
def bars_by_layer(
    values: pd.DataFrame, *, label: str, expected: float | None = None, chance: str = "chance, dense bins"
) -> Figure:
    """Grouped bars: one group a layer (row of the frame), one bar a column; what chance gives as a dashed line."""
    figure = Figure(figsize=(WIDE, 2.6))
    axes = figure.subplots()
    width = 0.8 / values.shape[1]
    hatches = ["", "///", "...", "xx"]
    for place, name in enumerate(values.columns):
        at = np.arange(len(values)) + (place - (values.shape[1] - 1) / 2) * width
        axes.bar(
            at, values[name], 0.92 * width, label=str(name), hatch=hatches[place % len(hatches)], edgecolor="white"
        )
    if expected is not None:
        axes.axhline(expected, color=MUTED, ls="--", lw=1, label=chance)
    axes.set_xticks(range(len(values)), list(values.index))
    axes.set(ylabel=label)
    axes.legend(ncols=values.shape[1] + 1, fontsize=8, loc="upper left")
    axes.set_ylim(0, 1.18 * max(float(values.to_numpy().max()), expected or 0))
    return figure


@styled
def frequencies(counts: dict[str, Sequence[int]], *, labels: tuple[str, str]) -> Figure:
    """Long tails: values in descending order against their rank, on logarithmic axes, one line for each name."""
    figure = Figure(figsize=(NARROW + 0.6, 2.9))
    axes = figure.subplots()
    for (name, values), style in zip(counts.items(), ("-", "--", ":", "-."), strict=False):
        ordered = np.sort(np.asarray(values))[::-1]
        axes.plot(np.arange(1, len(ordered) + 1), ordered, style, lw=1.8, label=f"{name} ({len(ordered):,})")
    axes.set(xscale="log", yscale="log", xlabel=labels[0], ylabel=labels[1])
    axes.grid(axis="both")
    axes.legend(fontsize=8)
    return figure


@styled
def words_by_layer(values: pd.DataFrame, *, label: str, even: float) -> Figure:
    """Every word's value at every layer as a colour: words in rows as given, shallow layers on the left.

    Parameters
    ----------
    values : DataFrame, words by layers
        Shares, or another quantity that is compared with one level.
    label : str
        Of the colours, with their unit.
    even : float
        The level that has no colour.

    Raises
    ------
    ValueError
        No word, or values that are not finite.
    """
    import seaborn  # as above

    if values.empty or not np.isfinite(values.to_numpy(float)).all():
        raise ValueError(f"wanted finite values of at least one word, got {values.shape[0]} words x {values.shape[1]}")
    figure = Figure(figsize=(WIDE, 0.9 + 0.17 * len(values)))
    axes = figure.subplots()
    reach = float(np.abs(values.to_numpy(float) - even).max()) or 1.0
    look = {"cmap": "vlag", "vmin": even - reach, "vmax": even + reach, "linewidths": 0.4, "yticklabels": True}
    seaborn.heatmap(values, ax=axes, cbar_kws={"label": label, "shrink": 0.5}, **look)
    axes.set(xlabel="", ylabel="")
    axes.grid(visible=False)
    axes.tick_params(length=0, labelsize=8)
    axes.xaxis.tick_top()
    return figure
