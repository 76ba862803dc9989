"""Figures about words: rankings, kinds, frequencies, and what differs by layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from neuroattr.figures.style import INK, MUTED, NARROW, NEGATIVE, POSITIVE, WIDE, styled

KIND_ORDER = ("visual", "abstract", "context", "non-visual")


@styled
def ranking(values, names: Sequence[str], *, label: str, low=None, high=None, stressed: Sequence[str] = ()) -> Figure:
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
    values = np.asarray(values, float)
    order = np.argsort(values, kind="stable")
    figure = Figure(figsize=(NARROW + 1, 0.7 + 0.2 * len(values)))
    axes = figure.subplots()
    for place, row in enumerate(order):
        strong = names[row] in set(stressed)
        colour = POSITIVE if strong else NEGATIVE
        if low is not None and high is not None:
            axes.hlines(place, low[row], high[row], color=colour, lw=1.5, alpha=0.5)
        axes.plot(values[row], place, "s" if strong else "o", ms=5, color=colour)
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
    kinds = kinds.reindex(values.index).fillna("kind not known")
    rows = [kind for kind in (*KIND_ORDER, "kind not known") if (kinds == kind).any()]
    figure = Figure(figsize=(WIDE, 0.8 + 0.62 * len(rows)))
    axes = figure.subplots()
    for place, kind in enumerate(reversed(rows)):
        part = values[kinds == kind].sort_values()
        spread = 0.3 * np.sin(2.4 * np.arange(len(part)))  # neighbours apart, the same in every run
        colour = POSITIVE if kind == "visual" else NEGATIVE if kind == "non-visual" else MUTED
        axes.plot(part, place + spread, "o", ms=3.5, color=colour, alpha=0.6, mew=0)
        axes.vlines(part.median(), place - 0.36, place + 0.36, color=INK, lw=1.6)
        last = part.iloc[-1], place + spread[-1]
        axes.annotate(part.index[-1], last, (4, 0), textcoords="offset points", fontsize=7.5, va="center")
    axes.set_yticks(range(len(rows)), [f"{kind} ({(kinds == kind).sum()})" for kind in reversed(rows)])
    axes.set(xlabel=label, ylim=(-0.55, len(rows) - 0.45))
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
    import seaborn  # takes a second, and this figure alone needs it

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
