"""One look for every figure: functions take arrays and return figures, and neither show nor save them."""

from neuroattr.figures.discovery import (
    divergence_by_layer,
    histograms,
    image_grid,
    prime_units,
    ranking,
    word_layer,
)
from neuroattr.figures.files import photographic, raster, vector
from neuroattr.figures.style import DPI, INK, MUTED, NARROW, NEGATIVE, POSITIVE, SEQUENTIAL, STYLE, WIDE, styled

__all__ = [
    "DPI",
    "INK",
    "MUTED",
    "NARROW",
    "NEGATIVE",
    "POSITIVE",
    "SEQUENTIAL",
    "STYLE",
    "WIDE",
    "divergence_by_layer",
    "histograms",
    "image_grid",
    "photographic",
    "prime_units",
    "ranking",
    "raster",
    "styled",
    "vector",
    "word_layer",
]
