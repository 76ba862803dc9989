"""One look for every figure: functions take arrays and return figures, and neither show nor save them."""

from neuroattr.figures.discovery import (
    divergence_by_layer,
    histograms,
    prime_units,
    word_layer,
)
from neuroattr.figures.files import photographic, raster, vector
from neuroattr.figures.overview import Stages, framework
from neuroattr.figures.pictures import image_grid
from neuroattr.figures.style import DPI, INK, MUTED, NARROW, NEGATIVE, POSITIVE, SEQUENTIAL, STYLE, WIDE, styled
from neuroattr.figures.words import bars_by_layer, by_kind, frequencies, ranking

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
    "Stages",
    "bars_by_layer",
    "by_kind",
    "divergence_by_layer",
    "framework",
    "frequencies",
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
