"""Pictures and the words said of them: your own, the real data sets, and the generated ones, all as a Corpus.

>>> from neuroattr import corpus
>>> corpus.names()[:5]
('atelier-shop', 'atelier-swatches', 'atelier-street', 'products', 'street')
"""

from .collection import Corpus
from .contrasts import Contrast
from .registry import load, names
from .sources import ImageFault, ImageSource, RowSource
from .truth import Truth

__all__ = ["Contrast", "Corpus", "ImageFault", "ImageSource", "RowSource", "Truth", "load", "names"]
