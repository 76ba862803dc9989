"""Figures of perceptual depth: what differs by layer, with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from neuroattr.figures.style import MUTED, WIDE, named_rows, styled

MARKS = ("o", "s", "^", "D")


@styled
def by_layer(
    series: Mapping[str, xr.Dataset], *, value: str, label: str, level: float = 0.0, level_label: str = ""
) -> Figure:
    """Values with intervals side by side at each layer, shallow layers first; a dashed line at what is to compare with.

    Parameters
    ----------
    series : {name: Dataset by layer}
        With the variables ``value``, ``low`` and ``high``; all of the same layers.
    value : str
        Which variable is drawn as the dot: "share" of `depth.layer_magnitudes`, "value" of
        `depth.visualness_by_layer`.
    label : str
        Of the axis, with its unit.
    level, level_label : float, str
        Height and name of the dashed line; without a name it stays out of the legend.

    Raises
    ------
    ValueError
        Nothing to draw, more series than marks, other layers.
    """
    _check(series)
    figure = Figure(figsize=(WIDE, 2.9))
    axes = figure.subplots()
    _draw(axes, series, value=value, level=level, level_label=level_label)
    axes.set_ylabel(label)
    figure.legend(loc="outside upper left", fontsize=8, ncols=len(series) + 1)
    return figure


@styled
def panels_by_layer(
    panels: Mapping[str, Mapping[str, xr.Dataset]],
    *,
    value: str,
    label: str,
    level: float = 0.0,
    one_scale: bool = True,
) -> Figure:
    """Panels of `by_layer` one below the other, each with its title; the same series in all of them.

    Parameters
    ----------
    panels : {title: {name: Dataset by layer}}
    value, label, level
        As `by_layer` takes them.
    one_scale : bool
        All panels on one scale; False where they show different quantities.

    Raises
    ------
    ValueError
        As `by_layer`; panels of other series.
    """
    names = list(next(iter(panels.values()), {}))
    for series in panels.values():
        _check(series)
        if list(series) != names:
            raise ValueError(f"all panels must have the series {', '.join(names)}; got {', '.join(series)}")
    figure = Figure(figsize=(WIDE, 0.5 + 2.1 * len(panels)))
    rows = figure.subplots(len(panels), 1, sharey=one_scale, sharex=True, squeeze=False)[:, 0]
    for axes, (title, series) in zip(rows, panels.items(), strict=True):
        _draw(axes, series, value=value, level=level, level_label="")
        axes.set_title(title, loc="left", fontsize=9)
        axes.set_ylabel(label)
    marks, labels = rows[0].get_legend_handles_labels()
    figure.legend(marks, labels, loc="outside upper left", fontsize=8, ncols=len(names))
    return figure


@styled
def dumbbells(
    first: Mapping[str, tuple[float, float, float]],
    second: Mapping[str, tuple[float, float, float]],
    *,
    labels: tuple[str, str],
    axis: str,
) -> Figure:
    """Two values with their intervals for each name, one below the other, zero marked; the first name on top.

    Parameters
    ----------
    first, second : {name: (value, low, high)}
        Of the same names.
    labels : (str, str)
        What the two are.
    axis : str
        Label of the axis, with its unit.
    """
    if list(first) != list(second) or not first:
        raise ValueError(f"both must have the same names; got {', '.join(first) or 'none'} and {', '.join(second)}")
    figure = Figure(figsize=(WIDE, 1.0 + 0.5 * len(first)))
    axes = figure.subplots()
    rows = len(first) - 1 - np.arange(len(first))
    for side, (values, mark) in enumerate(((first, "o"), (second, "s"))):
        table, at = np.array(list(values.values()), float), rows + 0.14 * (1 - 2 * side)
        (drawn,) = axes.plot(table[:, 0], at, mark, ms=6, label=labels[side])
        axes.hlines(at, table[:, 1], table[:, 2], color=drawn.get_color(), lw=1.8, alpha=0.6)
    axes.axvline(0, color=MUTED, ls="--", lw=1)
    named_rows(axes, list(first), label=axis)
    figure.legend(loc="outside upper left", fontsize=8, ncols=2)
    return figure


def average_picture(pictures: Sequence[Image.Image], *, side: int) -> np.ndarray:
    """Mean of the pictures, each stretched to a square of ``side`` pixels: uint8 [side, side, 3].

    Raises
    ------
    ValueError
        If there is no picture.
    """
    if not len(pictures):
        raise ValueError("want at least one picture to average, got none")
    total = np.zeros((side, side, 3))
    for picture in pictures:
        total += np.asarray(picture.convert("RGB").resize((side, side), Image.Resampling.BILINEAR), np.float64)
    return np.round(total / len(pictures)).astype(np.uint8)


def _check(series: Mapping[str, xr.Dataset]) -> None:
    if not 1 <= len(series) <= len(MARKS):
        raise ValueError(f"by_layer draws 1 to {len(MARKS)} series, each with its own mark; got {len(series)}")
    layers = next(iter(series.values()))["layer"].to_numpy().tolist()
    others = [name for name, table in series.items() if table["layer"].to_numpy().tolist() != layers]
    if others:
        raise ValueError(f"all series must have the layers {', '.join(layers)}; others in: {', '.join(others)}")


def _draw(axes: Axes, series: Mapping[str, xr.Dataset], *, value: str, level: float, level_label: str) -> None:
    layers = next(iter(series.values()))["layer"].to_numpy().tolist()
    axes.axhline(level, color=MUTED, ls="--", lw=1, label=level_label or None)
    for place, (name, table) in enumerate(series.items()):
        at = np.arange(len(layers)) + 0.18 * (place - (len(series) - 1) / 2)
        (drawn,) = axes.plot(at, table[value], MARKS[place], ms=5.5, label=name)
        axes.vlines(at, table["low"], table["high"], color=drawn.get_color(), lw=1.8, alpha=0.6)
    axes.set_xticks(range(len(layers)), layers)
    axes.set_xlim(-0.6, len(layers) - 0.4)
