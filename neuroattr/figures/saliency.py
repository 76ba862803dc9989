"""Figures of saliency: one picture step by step, scores by number of units and threshold, and galleries of maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from neuroattr.figures.pictures import bare_rows
from neuroattr.figures.style import INK, MUTED, SEQUENTIAL, WIDE, named_rows, styled
from neuroattr.statistics import Estimate

STYLES = ("o-", "s--", "^:", "D-.", "v-", "x--", "P:")
OUTLINE = "#ffffff"


@dataclass(frozen=True, eq=False)
class Row:
    """One row of a gallery: a picture, where people see the word, and saliency maps.

    Attributes
    ----------
    title
        At the left: the word.
    picture
        uint8 [S, S, 3].
    region
        bool [S, S].
    maps
        By the title of their column, float [S, S] in 0..1.
    captions
        Below each map: its score.
    """

    title: str
    picture: np.ndarray = field(repr=False)
    region: np.ndarray = field(repr=False)
    maps: Mapping[str, np.ndarray] = field(repr=False)
    captions: Mapping[str, str] = field(default_factory=dict)


@styled
def panels(rows: Sequence[Sequence[tuple[str, np.ndarray]]], *, titles: Sequence[str]) -> Figure:
    """Rows of titled pictures (uint8 [H, W, 3]) and maps (float [H, W], each on its own scale).

    Raises
    ------
    ValueError
        No panel.
    """
    across = max((len(row) for row in rows), default=0)
    if not across or len(titles) != len(rows):
        raise ValueError(f"want panels and a title for each row; got {[*map(len, rows)]} and {len(titles)} titles")
    side = (WIDE - 1.2) / max(across, 4)
    figure, grid = bare_rows(titles, across, size=(1.2 + side * across, (side + 0.28) * len(rows)))
    for cells, row in zip(grid, rows, strict=True):
        for axes, (title, values) in zip(cells, row, strict=False):
            axes.imshow(values, **({} if values.ndim == 3 else {"cmap": SEQUENTIAL}))
            axes.set_title(title, fontsize=8)
    return figure


@styled
def by_count(
    curves: Mapping[str, xr.Dataset],
    levels: Mapping[str, Estimate | float],
    *,
    label: str = "mean average precision",
) -> Figure:
    """Scores over the number of units (log scale) with bands, and levels that have no K as horizontal lines.

    Parameters
    ----------
    curves : {name: Dataset by K}
        With ``value``, ``low`` and ``high`` (`TagMeans.band`).
    levels : {name: Estimate or number}
        Baselines; an estimate has its interval drawn at the right edge.
    """
    figure = Figure(figsize=(WIDE, 3.2))
    axes = figure.subplots()
    counts = next(iter(curves.values()))["K"].to_numpy()
    for place, (name, curve) in enumerate(curves.items()):
        (drawn,) = axes.plot(curve["K"], curve["value"], STYLES[place % len(STYLES)], ms=5, lw=1.6, label=name)
        axes.fill_between(curve["K"], curve["low"], curve["high"], color=drawn.get_color(), alpha=0.15, lw=0)
    for place, (name, level) in enumerate(levels.items()):
        shade, dash = ((INK, "--"), (MUTED, "-."), (MUTED, ":"), (INK, (0, (1, 3))))[place % 4]
        axes.axhline(float(level), color=shade, ls=dash, lw=1.2, label=name)
        if isinstance(level, Estimate):
            axes.vlines(counts[-1] * 1.08 * 1.06**place, level.low, level.high, color=shade, lw=2, alpha=0.7)
    axes.set_xscale("log", base=2)
    axes.set_xticks(counts, [f"{count:g}" for count in counts])
    axes.minorticks_off()
    axes.set(xlabel="units accumulated (K)", ylabel=label)
    figure.legend(loc="outside right upper", fontsize=8)
    return figure


@styled
def by_threshold(panels: Mapping[str, xr.DataArray], baseline: xr.DataArray | None, *, name: str = "") -> Figure:
    """Mean overlap over the threshold, a line for every K, a panel for each network; the baseline dashed in all.

    Parameters
    ----------
    panels : {network: overlap[K, threshold]}
    baseline : overlap[threshold], or None
    name : of the baseline.
    """
    figure = Figure(figsize=(WIDE, 2.9))
    grid = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, (title, table) in zip(grid, panels.items(), strict=True):
        counts = table["K"].to_numpy()
        for place, count in enumerate(counts):
            shade = _shade(place, len(counts))
            axes.plot(table["threshold"], table.sel(K=count), color=shade, lw=1.6, label=f"K = {count}")
        if baseline is not None:
            axes.plot(baseline["threshold"], baseline, color=INK, ls="--", lw=1.3, label=name)
        axes.set(title=title, xlabel="threshold θ of the map", xlim=(0, 1))
    grid[0].set_ylabel("mean IoU")
    grid[0].set_ylim(bottom=0)
    figure.legend(*grid[0].get_legend_handles_labels(), loc="outside right upper", fontsize=8)
    return figure


@styled
def gallery(rows: Sequence[Row]) -> Figure:
    """Pictures with the region that people marked, and their maps laid over them, each on its own scale.

    Raises
    ------
    ValueError
        No row, or rows with other columns.
    """
    if not rows or any(list(row.maps) != list(rows[0].maps) for row in rows):
        raise ValueError(f"want rows with the same columns of maps; got {[list(row.maps) for row in rows]}")
    across = 1 + len(rows[0].maps)
    side = (WIDE - 1.0) / max(across, 5)
    size = 1.0 + side * across, (side + 0.16) * len(rows) + 0.4
    figure, grid = bare_rows([row.title for row in rows], across, size=size)
    for cells, row in zip(grid, rows, strict=True):
        cells[0].imshow(row.picture)
        _outlined(cells[0], row.region)
        for axes, (column, values) in zip(cells[1:], row.maps.items(), strict=True):
            axes.imshow(overlaid(row.picture, values))
            axes.set_xlabel(row.captions.get(column, ""), fontsize=7, labelpad=1.5)
    for axes, column in zip(grid[0], ("people", *rows[0].maps), strict=True):
        axes.set_title(column.replace(", ", "\n"), fontsize=8)
    return figure


@styled
def examples(groups: Mapping[str, Sequence[Row]]) -> Figure:
    """Rows of examples, each a picture with its region beside its only map, with the score below.

    Raises
    ------
    ValueError
        No example, or one with more than one map.
    """
    across = max((len(rows) for rows in groups.values()), default=0)
    if not across or any(len(row.maps) != 1 for rows in groups.values() for row in rows):
        raise ValueError("want examples with one map each")
    side = (WIDE - 0.7) / (2 * max(across, 3))
    size = 0.7 + 2 * side * across, (side + 0.42) * len(groups)
    figure, grid = bare_rows(list(groups), 2 * across, size=size)
    for cells, rows in zip(grid, groups.values(), strict=True):
        for place, row in enumerate(rows):
            people, mapped = cells[2 * place : 2 * place + 2]
            people.imshow(row.picture)
            _outlined(people, row.region)
            people.set_title(row.title, fontsize=8)
            ((column, values),) = row.maps.items()
            mapped.imshow(overlaid(row.picture, values))
            mapped.set_xlabel(row.captions.get(column, ""), fontsize=7, labelpad=1.5)
    return figure


@styled
def estimates(groups: Mapping[str, Mapping[str, Estimate]], *, axis: str, level: float | None = 0.0) -> Figure:
    """Numbers with intervals, one row a name, groups side by side with marks of their own; the first name on top."""
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    figure = Figure(figsize=(WIDE, 0.9 + 0.38 * len(names)))
    axes = figure.subplots()
    for place, (label, group) in enumerate(groups.items()):
        shift = 0.18 * ((len(groups) - 1) / 2 - place)
        at = np.array([len(names) - 1 - names.index(name) + shift for name in group])
        table = np.array([(one.value, one.low, one.high) for one in group.values()])
        (drawn,) = axes.plot(table[:, 0], at, STYLES[place][0], ms=5.5, label=label)
        axes.hlines(at, table[:, 1], table[:, 2], color=drawn.get_color(), lw=1.8, alpha=0.6)
    if level is not None:
        axes.axvline(level, color=MUTED, ls="--", lw=1)
    named_rows(axes, names, label=axis)
    if len(groups) > 1:
        figure.legend(loc="outside upper left", fontsize=8, ncols=len(groups))
    return figure


def overlaid(picture: np.ndarray, values: np.ndarray, *, weight: float = 0.62) -> np.ndarray:
    """A grey picture under the colours of a map, from its smallest to its largest value: uint8 [S, S, 3]."""
    grey = np.asarray(Image.fromarray(picture).convert("L"), float)[..., None] / 255
    span = np.ptp(values)
    colours = mpl.colormaps[SEQUENTIAL]((values - values.min()) / (span if span > 0 else 1))[..., :3]
    blended: npt.NDArray[np.uint8] = np.round(255 * ((1 - weight) * grey + weight * colours)).astype(np.uint8)
    return blended


def _outlined(axes: Axes, region: np.ndarray) -> None:
    """Dark and light line around a region, visible on any ground."""
    framed = np.pad(region.astype(float), 1)
    at = np.arange(-1, len(region) + 1)
    for colour, width in (("#000000", 2.4), (OUTLINE, 1.1)):
        axes.contour(at, at, framed, levels=[0.5], colors=colour, linewidths=width)
    axes.set(xlim=(-0.5, region.shape[1] - 0.5), ylim=(region.shape[0] - 0.5, -0.5))


def _shade(place: int, count: int) -> tuple[float, float, float, float]:
    """Colours from light to dark for growing K."""
    red, green, blue, opacity = mpl.colormaps["viridis_r"](0.12 + 0.85 * place / max(count - 1, 1))
    return red, green, blue, opacity
