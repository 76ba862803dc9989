"""Figures of the divergence of activations: by layer, as histograms, with the images that excite a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from neuroattr.figures.pictures import Picture, strip
from neuroattr.figures.style import DPI, MUTED, NARROW, NEGATIVE, POSITIVE, WIDE, styled

Masses: TypeAlias = npt.NDArray[np.float64]  # [B], or [K, B] of K units: each sums to 1


@styled
def divergence_by_layer(
    divergence: npt.ArrayLike, layers: Sequence[str], *, word: str, expected: float | None = None, chosen: str = ""
) -> Figure:
    """Spread of a word's divergence over the units of each layer, one column a layer.

    Parameters
    ----------
    divergence : float [U]
        Symmetric divergence of each unit, nats (Discovery, equation 1).
    layers : [U] of str
        Layer of each unit; columns keep the order of first appearance.
    word : str
        Named in the title.
    expected : float, optional
        Divergence expected without any association, drawn as a dashed line.
    chosen : str
        Layer to stress.

    Raises
    ------
    ValueError
        If the two lengths differ.
    """
    figure = Figure(figsize=(WIDE, 2.7))
    axes = figure.subplots()
    _by_layer(axes, divergence, layers, expected=expected, chosen=chosen)
    axes.set_title(f"“{word}”: units of each layer (diamond: best unit, bar: quartiles, line: 5 to 95 %)")
    return figure


@styled
def histograms(positive: npt.ArrayLike, negative: npt.ArrayLike, *, word: str, titles: Sequence[str]) -> Figure:
    """Distributions P⁺ (images with the word) and P⁻ (without) of some units, on one scale.

    Parameters
    ----------
    positive, negative : [K, B]
        Counts or masses of each unit's bins; each histogram is drawn as mass (sum 1).
    word : str
        Named in the legend.
    titles : [K] of str
        Name of each unit.

    Raises
    ------
    ValueError
        If the shapes differ, or a histogram is empty.
    """
    plus, minus = _masses(positive, negative)
    columns = min(4, len(plus))
    rows = -(-len(plus) // columns)
    figure = Figure(figsize=(WIDE if columns > 1 else NARROW, 0.5 + 1.6 * rows))
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for axes in panels.flat[len(plus) :]:
        axes.set_axis_off()
    for axes, one, other, title in zip(panels.flat, plus, minus, titles, strict=False):
        _histogram_pair(axes, one, other)
        axes.set_title(title)
    figure.supxlabel("bin of the unit's activation, low to high", fontsize=9)
    figure.supylabel("share of images", fontsize=9)
    figure.legend(handles=_key(panels[0, 0], word), loc="outside upper right", ncols=2, fontsize=8)
    return figure


@styled
def prime_units(
    positive: npt.ArrayLike, negative: npt.ArrayLike, pictures: Sequence[Sequence[Picture]], *, word: str,
    titles: Sequence[str],
) -> Figure:  # fmt: skip
    """One row a unit: its histograms P⁺ and P⁻, then the images that excite it most.

    Parameters
    ----------
    positive, negative : [K, B]
        Counts or masses of the K units' bins.
    pictures : K sequences of uint8 [H, W, 3] or PIL images
        Strongest images first.
    word : str
        Named in the legend.
    titles : [K] of str
        Name of each unit.

    Raises
    ------
    ValueError
        If the shapes differ, a histogram is empty, or a unit has no pictures.
    """
    figure = Figure(figsize=(WIDE, _height(len(titles)) + 0.35))
    figure.set_layout_engine("none")
    _units(figure, positive, negative, pictures, titles)
    figure.legend(handles=_key(figure.axes[0], word), loc="upper right", ncols=2, fontsize=8, borderaxespad=0.2)
    return figure


@styled
def word_layer(
    divergence: npt.ArrayLike, layers: Sequence[str], positive: npt.ArrayLike, negative: npt.ArrayLike,
    pictures: Sequence[Sequence[Picture]], *, word: str, chosen: str, titles: Sequence[str],
    expected: float | None = None,
) -> Figure:  # fmt: skip
    """What the explorer shows of a word: its divergence by layer, and the prime units of the chosen layer.

    Parameters
    ----------
    divergence, layers, word, expected, chosen
        As `divergence_by_layer`.
    positive, negative, pictures, titles
        Of the chosen layer's units, as `prime_units`.
    """
    below = _height(len(titles))
    height = below + 2.35
    figure = Figure(figsize=(WIDE, height))
    figure.set_layout_engine("none")
    _units(figure, positive, negative, pictures, titles)
    axes = figure.add_axes((0.075, (below + 0.55) / height, 0.915, 1.5 / height))
    _by_layer(axes, divergence, layers, expected=expected, chosen=chosen)
    axes.set_title(f"“{word}”: divergence of the units of each layer (diamond: best, bar: quartiles, line: 5 to 95 %)")
    key = _key(figure.axes[0], word)
    anchor = (0.995, (below + 0.28) / height)
    figure.legend(handles=key, loc="upper right", bbox_to_anchor=anchor, ncols=2, fontsize=8, borderaxespad=0)
    return figure


def _by_layer(
    axes: Axes, divergence: npt.ArrayLike, layers: Sequence[str], *, expected: float | None, chosen: str
) -> None:
    values, names = np.asarray(divergence, float), np.asarray(layers, str)
    if values.shape != names.shape:
        raise ValueError(f"want one layer name for each unit, got {values.shape} divergences and {names.shape} names")
    order = list(dict.fromkeys(names.tolist()))
    for place, layer in enumerate(order):
        part = values[names == layer]
        colour = POSITIVE if layer == chosen else NEGATIVE
        low, first, middle, third, high = np.quantile(part, [0.05, 0.25, 0.5, 0.75, 0.95])
        axes.vlines(place, low, high, color=colour, lw=1.2)
        axes.bar(place, third - first, bottom=first, width=0.42, color=colour, alpha=0.35, lw=0)
        axes.hlines(middle, place - 0.21, place + 0.21, color=colour, lw=2)
        axes.plot(place, part.max(), "D", ms=5, color=colour)
    if expected is not None:
        axes.axhline(expected, color=MUTED, ls="--", lw=1)
        axes.text(len(order) - 0.08, expected, "chance", color=MUTED, fontsize=8, va="bottom", ha="right")
    axes.set_xticks(range(len(order)), order)
    axes.set(xlim=(-0.6, len(order) - 0.05), ylim=(0, None), ylabel="divergence (nats)")
    if chosen in order:  # not by colour alone
        axes.get_xticklabels()[order.index(chosen)].set_fontweight("bold")


def _histogram_pair(axes: Axes, positive: Masses, negative: Masses) -> None:
    edges = np.arange(len(positive) + 1) - 0.5
    axes.stairs(negative, edges, fill=True, color=NEGATIVE, alpha=0.3, lw=0)
    axes.stairs(negative, edges, color=NEGATIVE, lw=1, ls="--")
    axes.stairs(positive, edges, color=POSITIVE, lw=1.8)


def _key(axes: Axes, word: str) -> list[Line2D]:
    """Handles of the legend."""
    return [
        *axes.plot([], [], color=POSITIVE, lw=1.8, label=f"P⁺: with “{word}”"),
        *axes.plot([], [], color=NEGATIVE, lw=1, ls="--", label="P⁻: without"),
    ]


def _masses(positive: npt.ArrayLike, negative: npt.ArrayLike) -> tuple[Masses, Masses]:
    plus, minus = np.atleast_2d(np.asarray(positive, float)), np.atleast_2d(np.asarray(negative, float))
    if plus.shape != minus.shape:
        raise ValueError(f"want two stacks of histograms [K, B] of one shape, got {plus.shape} and {minus.shape}")
    totals = plus.sum(1, keepdims=True), minus.sum(1, keepdims=True)
    if not (np.all(totals[0] > 0) and np.all(totals[1] > 0)):
        raise ValueError("want histograms with some mass, got an empty one; the word needs images on both sides")
    return plus / totals[0], minus / totals[1]


def _height(units: int) -> float:
    """Inches that the rows of so many units take."""
    return 1.18 * units


def _units(
    figure: Figure, positive: npt.ArrayLike, negative: npt.ArrayLike, pictures: Sequence[Sequence[Picture]],
    titles: Sequence[str],
) -> None:  # fmt: skip
    """Rows of units at the bottom of a figure, placed by hand: a tenth of the time of an automatic layout."""
    plus, minus = _masses(positive, negative)
    if len(pictures) != len(plus) or not all(len(row) for row in pictures):
        raise ValueError(
            f"want a row of pictures for each of {len(plus)} units, got rows of {[len(r) for r in pictures]}"
        )
    width, height = figure.get_size_inches()
    across = max(len(row) for row in pictures)
    top = 1.05 * max(plus.max(), minus.max())
    for place, (one, other, row, title) in enumerate(zip(plus, minus, pictures, titles, strict=True)):
        bottom = _height(len(plus) - 1 - place) + 0.1
        axes = figure.add_axes((0.57 / width, bottom / height, 1.73 / width, 0.83 / height))
        _histogram_pair(axes, one, other)
        axes.set(ylim=(0, top), xlim=(-0.5, len(one) - 0.5), xticks=[])
        axes.set_title(title, pad=3)
        # laid on the figure itself: axes of its own would double the time
        figure.figimage(strip(row, across, width=round((width - 2.5) * DPI)), round(2.45 * DPI), round(bottom * DPI))
    middle = (_height(len(plus)) / 2) / height
    figure.text(0.05 / width, middle, "share of images", rotation=90, va="center", ha="left", fontsize=9)
