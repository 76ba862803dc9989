"""Sizes, colours and settings of every figure; the only place that knows matplotlib's rcParams."""

from __future__ import annotations

import functools
from collections.abc import Callable

import matplotlib as mpl
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
    "axes.prop_cycle": mpl.cycler(color=[NEGATIVE, POSITIVE, "#009e73", "#aa4499", "#56b4e9", "#806000"]),
    "image.cmap": SEQUENTIAL,
    "legend.frameon": False,
    "svg.hashsalt": "neuroattr",  # the same figure gives the same bytes
}


def styled(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """A figure function that draws in the house style and leaves matplotlib's settings as they were."""

    @functools.wraps(draw)
    def inside(*args, **kwargs):
        with mpl.rc_context(STYLE):
            return draw(*args, **kwargs)

    return inside
