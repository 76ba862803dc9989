"""Sizes, colours and settings of every figure; the only place that knows matplotlib's rcParams."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import ParamSpec

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

NARROW, WIDE = 4.6, 7.6  # inches: half a column beside text, a whole column
POSITIVE, NEGATIVE = "#c44e00", "#0072b2"  # Okabe and Ito's pair, the orange darkened to 4.5:1 on white
MUTED, INK = "#6b7280", "#1f2933"
SEQUENTIAL = "viridis"
DPI = 144
STYLE = {
    "figure.facecolor": "white",  # opaque: the same picture on the light and on the dark page
    "savefig.facecolor": "white",
    "figure.constrained_layout.use": True,
    "figure.dpi": DPI,
    "savefig.dpi": DPI,
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#e5e7eb",
    "grid.linewidth": 0.7,
    "axes.prop_cycle": cycler(color=[NEGATIVE, POSITIVE, "#009e73", "#aa4499", "#56b4e9", "#806000"]),
    "image.cmap": SEQUENTIAL,
    "legend.frameon": False,
    "svg.hashsalt": "neuroattr",  # the same figure gives the same bytes
}


Given = ParamSpec("Given")


def styled(draw: Callable[Given, Figure]) -> Callable[Given, Figure]:
    """A figure function that draws in the house style and leaves matplotlib's settings as they were."""

    @functools.wraps(draw)
    def inside(*args: Given.args, **kwargs: Given.kwargs) -> Figure:
        with mpl.rc_context(STYLE):
            return draw(*args, **kwargs)

    return inside


def named_rows(axes: Axes, names: Sequence[str], *, label: str) -> None:
    """Have the rows of a figure named, the first name at the greatest height; lines across for the values alone."""
    axes.set_yticks(range(len(names)), names[::-1])
    axes.set(xlabel=label, ylim=(-0.6, len(names) - 0.4))
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
