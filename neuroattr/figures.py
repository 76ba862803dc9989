"""One look for every figure: sizes, colours and the figure functions, which take arrays and return figures.

A figure function neither shows nor saves; ``raster`` and ``vector`` turn its figure into the bytes of a file.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

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


@styled
def divergence_by_layer(
    divergence, layers: Sequence[str], *, word: str, expected: float | None = None, chosen: str = ""
) -> Figure:
    """Spread of a word's divergence over the units of each layer, one column a layer.

    Parameters
    ----------
    divergence : float [U]
        Symmetric divergence of each unit, nats (Discovery, equation 1).
    layers : [U] of str
        Layer of each unit; columns keep the order of first appearance.
    word : str
        Named on the axis.
    expected : float, optional
        Divergence expected without any association, drawn as a dashed line.
    chosen : str
        Layer to stress.

    Raises
    ------
    ValueError
        If the two lengths differ.
    """
    values, names = np.asarray(divergence, float), np.asarray(layers, str)
    if values.shape != names.shape:
        raise ValueError(f"want one layer name for each unit, got {values.shape} divergences and {names.shape} names")
    order = list(dict.fromkeys(names))
    figure = Figure(figsize=(WIDE, 2.7))
    axes = figure.subplots()
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
        axes.annotate("no association", (len(order) - 0.55, expected), color=MUTED, fontsize=8, va="bottom", ha="right")
    axes.set_xticks(range(len(order)), order)
    axes.set(xlim=(-0.6, len(order) - 0.4), ylim=(0, None), ylabel="divergence (nats)")
    axes.set_title(f"“{word}”: units of each layer (diamond: best unit, bar: quartiles, line: 5 to 95 %)")
    return figure


def _histogram_pair(axes, positive, negative) -> None:
    bins = np.arange(len(positive))
    axes.bar(bins, negative, width=1, color=NEGATIVE, alpha=0.35, lw=0)
    axes.step(
        np.append(bins, bins[-1] + 1) - 0.5,
        np.append(negative, negative[-1]),
        where="post",
        color=NEGATIVE,
        lw=1,
        ls="--",
    )
    axes.step(
        np.append(bins, bins[-1] + 1) - 0.5, np.append(positive, positive[-1]), where="post", color=POSITIVE, lw=1.8
    )


def _masses(positive, negative) -> tuple[np.ndarray, np.ndarray]:
    positive, negative = np.atleast_2d(np.asarray(positive, float)), np.atleast_2d(np.asarray(negative, float))
    if positive.shape != negative.shape:
        raise ValueError(
            f"want two stacks of histograms [K, B] of one shape, got {positive.shape} and {negative.shape}"
        )
    totals = positive.sum(1, keepdims=True), negative.sum(1, keepdims=True)
    if not (np.all(totals[0] > 0) and np.all(totals[1] > 0)):
        raise ValueError("want histograms with some mass, got an empty one; the word needs images on both sides")
    return positive / totals[0], negative / totals[1]


@styled
def histograms(positive, negative, *, word: str, titles: Sequence[str]) -> Figure:
    """Distributions P⁺ (images with the word) and P⁻ (without) of some units, on one scale.

    Parameters
    ----------
    positive, negative : [K, B]
        Counts or masses of each unit's bins; each histogram is drawn as mass (sum 1).
    word : str
        Named in the legend.
    titles : [K] of str
        Name of each unit.
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
    panels[0, 0].plot([], [], color=POSITIVE, lw=1.8, label=f"P⁺: with “{word}”")
    panels[0, 0].plot([], [], color=NEGATIVE, lw=1, ls="--", label="P⁻: without")
    figure.legend(loc="outside upper right", ncols=2, fontsize=8)
    return figure


@styled
def prime_units(positive, negative, pictures: Sequence[Sequence], *, word: str, titles: Sequence[str]) -> Figure:
    """One row a unit: its histograms P⁺ and P⁻, then the images that excite it most.

    Parameters
    ----------
    positive, negative : [K, B]
        Counts or masses of the K units' bins.
    pictures : K sequences of uint8 [H, W, 3] or PIL images
        Strongest images first; all rows of one length.
    word : str
        Named in the legend.
    titles : [K] of str
        Name of each unit.
    """
    plus, minus = _masses(positive, negative)
    if len(pictures) != len(plus):
        raise ValueError(f"want one row of pictures for each of {len(plus)} units, got {len(pictures)} rows")
    across = max(len(row) for row in pictures)
    figure = Figure(figsize=(WIDE, 0.45 + 1.12 * len(plus)))
    panels = figure.subplots(len(plus), across + 1, squeeze=False, width_ratios=[2.1, *[1] * across])
    for row, (one, other, title) in enumerate(zip(plus, minus, titles, strict=True)):
        axes = panels[row, 0]
        _histogram_pair(axes, one, other)
        axes.set(ylim=(0, 1.05 * max(plus.max(), minus.max())), xticks=[])
        axes.set_title(title)
        for axes, picture in zip(panels[row, 1:], pictures[row], strict=False):
            axes.imshow(np.asarray(picture))
        for axes in panels[row, 1:]:
            axes.set_axis_off()
    panels[0, 0].plot([], [], color=POSITIVE, lw=1.8, label=f"P⁺: with “{word}”")
    panels[0, 0].plot([], [], color=NEGATIVE, lw=1, ls="--", label="P⁻: without")
    figure.legend(loc="outside upper right", ncols=2, fontsize=8)
    return figure


@styled
def image_grid(
    rows: Sequence[Sequence], *, titles: Sequence[str] = (), captions: Sequence[Sequence[str]] = ()
) -> Figure:
    """Rows of images, each row with a title on its left and, if given, a caption under each image.

    Parameters
    ----------
    rows : sequences of uint8 [H, W, 3] or PIL images
    titles : one str for each row
    captions : for each row, one str for each image

    Raises
    ------
    ValueError
        If there is no image.
    """
    across = max((len(row) for row in rows), default=0)
    if not across:
        raise ValueError("want at least one image, got none")
    left = 1.1 if titles else 0.0
    side = (WIDE - left) / max(across, 5)
    figure = Figure(figsize=(left + side * across, (side + (0.2 if captions else 0.05)) * len(rows)))
    panels = figure.subplots(len(rows), across, squeeze=False)
    for r, row in enumerate(rows):
        for axes in panels[r]:
            axes.set(xticks=[], yticks=[])
            axes.grid(False)
            axes.spines[:].set_visible(False)
        for c, picture in enumerate(row):
            panels[r, c].imshow(np.asarray(picture))
            if captions:
                panels[r, c].set_xlabel(captions[r][c], fontsize=7.5)
        if titles:
            panels[r, 0].set_ylabel(titles[r], rotation=0, ha="right", va="center", fontsize=9)
    return figure


@styled
def ranking(values, names: Sequence[str], *, label: str, low=None, high=None, stressed: Sequence[str] = ()) -> Figure:
    """Named values as dots, largest on top, with intervals where given; stressed names in the positive colour.

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


def photographic(figure: Figure) -> bool:
    """Whether a figure shows colour pictures (rather than lines and maps)."""
    arrays = [image.get_array() for axes in figure.axes for image in axes.get_images()]
    return any(array is not None and array.ndim == 3 for array in arrays)


def raster(figure: Figure) -> tuple[bytes, str]:
    """Bytes and suffix of a figure as a picture file: 256-colour PNG, or WebP if it shows photographs."""
    page = io.BytesIO()
    with mpl.rc_context(STYLE):
        figure.savefig(page, format="png")
    picture, out = Image.open(page).convert("RGB"), io.BytesIO()
    if photographic(figure):
        picture.save(out, "WEBP", quality=88, method=4)
        return out.getvalue(), ".webp"
    picture.quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue(), ".png"


def vector(figure: Figure) -> bytes:
    """Bytes of a figure as SVG; the same figure always gives the same bytes."""
    page = io.BytesIO()
    with mpl.rc_context(STYLE):
        figure.savefig(page, format="svg", metadata={"Date": None})
    return page.getvalue()
