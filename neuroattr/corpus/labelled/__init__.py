"""Real data of Hidden layers, Section 3.1: clothing by colour, clothing by texture, and clothing labelled in both.

The paper gathered 100 pictures of each of ten colours and ten textures "using Kaggle and online resources" and did not
publish which. These are other pictures of the same classes: colours from the shop data set that the paper names,
textures from a collection of clothing by texture.
"""

from .by_colour import COLOURS, PATTERNS, colours, colours_and_patterns
from .by_texture import textures

__all__ = ["COLOURS", "PATTERNS", "colours", "colours_and_patterns", "textures"]
