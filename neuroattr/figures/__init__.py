"""One look for every figure: functions take arrays and return figures, and neither show nor save them."""

from neuroattr.figures.depth import average_picture, by_layer, dumbbells, panels_by_layer
from neuroattr.figures.discovery import (
    divergence_by_layer,
    histograms,
    prime_units,
    word_layer,
)
from neuroattr.figures.files import photographic, raster, vector
from neuroattr.figures.hidden_layers import (
    accuracy_by_layer,
    accuracy_by_size,
    class_looks,
    cluster_scores,
    embeddings,
    rankings,
)
from neuroattr.figures.hovering import HOVERING_SIZE, hovering_scatter, picture_sheet
from neuroattr.figures.learning import learning_curves
from neuroattr.figures.overview import Stages, framework
from neuroattr.figures.perception import agreements, confidence, degradation, lines, scatter
from neuroattr.figures.pictures import image_grid
from neuroattr.figures.style import DPI, INK, MUTED, NARROW, NEGATIVE, POSITIVE, SEQUENTIAL, STYLE, WIDE, styled
from neuroattr.figures.words import bars_by_layer, by_kind, frequencies, ranking, words_by_layer

__all__ = [
    "DPI",
    "HOVERING_SIZE",
    "INK",
    "MUTED",
    "NARROW",
    "NEGATIVE",
    "POSITIVE",
    "SEQUENTIAL",
    "STYLE",
    "WIDE",
    "Stages",
    "accuracy_by_layer",
    "accuracy_by_size",
    "agreements",
    "average_picture",
    "bars_by_layer",
    "by_kind",
    "by_layer",
    "class_looks",
    "cluster_scores",
    "confidence",
    "degradation",
    "divergence_by_layer",
    "dumbbells",
    "embeddings",
    "framework",
    "frequencies",
    "histograms",
    "hovering_scatter",
    "image_grid",
    "learning_curves",
    "lines",
    "panels_by_layer",
    "photographic",
    "picture_sheet",
    "prime_units",
    "ranking",
    "rankings",
    "raster",
    "scatter",
    "styled",
    "vector",
    "word_layer",
    "words_by_layer",
]
