"""Figures as the bytes of files."""

from __future__ import annotations

import io

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from neuroattr.figures.style import STYLE


def photographic(figure: Figure) -> bool:
    """Whether a figure shows colour pictures (rather than lines and maps)."""
    shown = [*figure.images, *(image for axes in figure.axes for image in axes.get_images())]
    arrays = [image.get_array() for image in shown]
    return any(array is not None and array.ndim == 3 for array in arrays)


def raster(figure: Figure) -> tuple[bytes, str]:
    """Bytes and suffix of a figure as a picture file: 256-colour PNG, or WebP if it shows photographs."""
    with mpl.rc_context(STYLE):
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    picture, out = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3]), io.BytesIO()
    if photographic(figure):
        picture.save(out, "WEBP", quality=86, method=2)
        return out.getvalue(), ".webp"
    picture.quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue(), ".png"


def vector(figure: Figure) -> bytes:
    """Bytes of a figure as SVG; the same figure always gives the same bytes."""
    page = io.BytesIO()
    with mpl.rc_context(STYLE):
        figure.savefig(page, format="svg", metadata={"Date": None})
    return page.getvalue()
