"""A scatter plot as one SVG document that shows the picture of the dot under the pointer, by style alone."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from neuroattr.figures.hidden_layers import class_looks
from neuroattr.figures.pictures import tiled

PLOT = 560  # units of the drawing: side of the scatter
PANEL = 260  # width of the column on its right: classes, and the picture
HOVERING_SIZE = PLOT + PANEL, PLOT
TILE = 72  # pixels of a picture on the sheet
MARGIN = 16
STYLE = """
svg { background: #fff; font: 13px system-ui, sans-serif; }
.dot > use { stroke: #fff; stroke-width: .12; opacity: .85; }
.dot:hover > use { stroke: #000; stroke-width: .5; opacity: 1; }
.shown { visibility: hidden; pointer-events: none; }
.dot:hover .shown { visibility: visible; }
.key { cursor: pointer; }
.key:focus { outline: 2px solid #000; }
svg:has(.key:hover, .key:focus) .class:not(:has(.key:hover, .key:focus)) .dot { opacity: .08; }
"""
PATHS = {
    "o": "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0z", "s": "M-.9-.9h1.8v1.8h-1.8z", "^": "M0-1.1L1.1.9H-1.1z",
    "v": "M0 1.1L1.1-.9H-1.1z", "D": "M0-1.25L1.25 0 0 1.25-1.25 0z",
    "P": "M-.4-1.1h.8v.7h.7v.8h-.7v.7h-.8v-.7h-.7v-.8h.7z",
    "X": "M-1-.6L-.6-1 0-.4.6-1 1-.6.4 0 1 .6.6 1 0 .4-.6 1-1 .6-.4 0z",
    "<": "M-1.1 0L.9-1.1V1.1z", ">": "M1.1 0L-.9-1.1V1.1z",
    "*": "M0-1.3L.35-.4 1.25-.4.55.15.8 1.1 0 .55-.8 1.1-.55.15-1.25-.4-.35-.4z",
}  # fmt: skip


def picture_sheet(pictures: Sequence[Image.Image]) -> bytes:
    """Pictures in rows of `sheet_width`, each whole within a white square: one WebP file, so one request for all."""
    across, out = sheet_width(len(pictures)), io.BytesIO()
    tiled(pictures, across=across, side=TILE, resample=Image.Resampling.LANCZOS).save(out, "WEBP", quality=72, method=2)
    return out.getvalue()


def sheet_width(count: int) -> int:
    """Pictures in a row of a sheet of so many: about a square."""
    return max(1, int(np.ceil(np.sqrt(count))))


def hovering_scatter(
    points: npt.ArrayLike,
    labels: Sequence[str],
    classes: Sequence[str],
    captions: Sequence[str],
    *,
    sheet: str,
    title: str,
) -> bytes:
    """An SVG document: one dot an image, in its class's colour and shape; its picture appears under the pointer.

    Parameters
    ----------
    points
        Float [N, 2], the images in two dimensions; drawn to fill the square.
    labels, captions
        [N], the class of each image and what is said of it.
    classes
        In the order of the legend. Each is reached by the keyboard, which fades the others.
    sheet
        Address of the `picture_sheet` of the same images in the same order, as seen from the document.
    title
        What the document shows, for readers who do not see it.

    Raises
    ------
    ValueError
        Another number of labels or captions than points, or a label that is no class.
    """
    spots = np.asarray(points, float)
    if not len(spots) == len(labels) == len(captions):
        raise ValueError(
            f"want a label and a caption for each of {len(spots)} points; got {len(labels)} and {len(captions)}"
        )
    strangers = sorted(set(labels) - set(classes))
    if strangers:
        raise ValueError(f"labels must be among the classes {', '.join(classes)}; got {', '.join(strangers)}")
    low, high = spots.min(axis=0), spots.max(axis=0)
    places = MARGIN + (spots - low) / np.where(high > low, high - low, 1) * (PLOT - 2 * MARGIN)
    places[:, 1] = PLOT - places[:, 1]  # upwards, as in other plots
    across = sheet_width(len(spots))
    down = -(-len(spots) // across)
    looks = class_looks(classes)
    groups = []
    for number, (name, look) in enumerate(looks.items()):
        rows = [row for row, label in enumerate(labels) if label == name]
        dots = "".join(_dot(f"#s{number}", places[row], captions[row], divmod(row, across)) for row in rows)
        groups.append(f'<g class="class" fill="{look[0]}">{_key(number, name, look[1], len(rows))}{dots}</g>')
    shapes = "".join(f'<path id="s{number}" d="{PATHS[shape]}"/>' for number, (_, shape) in enumerate(looks.values()))
    words = html.escape(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {HOVERING_SIZE[0]} {HOVERING_SIZE[1]}" role="group" '
        f'aria-label="{words}"><title>{words}</title><style>{STYLE}</style><defs>{shapes}'
        f'<image id="sheet" href="{html.escape(sheet)}" width="{across * TILE}" height="{down * TILE}"/></defs>'
        f'<rect x="1" y="1" width="{PLOT - 2}" height="{PLOT - 2}" fill="none" stroke="#6b7280"/>'
        f"{''.join(groups)}</svg>"
    ).encode()


def _key(number: int, name: str, shape: str, count: int) -> str:
    """An entry of the legend, which is in two columns."""
    x, y = PLOT + 22 + 126 * (number % 2), 24 + 26 * (number // 2)
    words = html.escape(name)
    return (
        f'<g class="key" tabindex="0" role="img" aria-label="{words}: {count} images">'
        f'<rect x="{x - 12}" y="{y - 15}" width="122" height="24" fill="#fff"/>'
        f'<path d="{PATHS[shape]}" transform="translate({x},{y - 4}) scale(6)"/>'
        f'<text x="{x + 13}" y="{y + 1}" fill="#1f2933">{words}</text></g>'
    )


def _dot(shape: str, place: npt.NDArray[np.float64], caption: str, tile: tuple[int, int]) -> str:
    """A dot, and what appears on the right while the pointer is on it: the tile of the sheet, and the caption."""
    x, size = PLOT + 16, PANEL - 32
    y = PLOT - size - 40
    words = html.escape(caption)
    return (
        f'<g class="dot"><title>{words}</title>'
        f'<use href="{shape}" transform="translate({place[0]:.1f},{place[1]:.1f}) scale(4.2)"/>'
        f'<g class="shown"><svg x="{x}" y="{y}" width="{size}" height="{size}" '
        f'viewBox="{tile[1] * TILE} {tile[0] * TILE} {TILE} {TILE}"><use href="#sheet"/></svg>'
        f'<text x="{x}" y="{y + size + 20}" fill="#1f2933">{words}</text></g></g>'
    )
