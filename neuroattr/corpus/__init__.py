"""Pictures and the words said of them: your own, the real data sets, and the generated ones, all as a Corpus.

>>> from neuroattr import corpus
>>> corpus.names()[:5]
('atelier-shop', 'atelier-swatches', 'atelier-street', 'products', 'street')
"""

from .annotations import Annotations, Truth
from .collection import Corpus
from .contrasts import Contrast
from .faults import ImageFault
from .registry import load, names
from .sources import ImageSource, RowSource

__all__ = ["Annotations", "Contrast", "Corpus", "ImageFault", "ImageSource", "RowSource", "Truth", "load", "names"]
