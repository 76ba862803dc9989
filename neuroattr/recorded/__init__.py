"""A corpus and the activations recorded on it: what every chapter starts from."""

from neuroattr.recorded.labelled import ColourAndTexture, Labelled, colour_and_texture, correlation_ratio
from neuroattr.recorded.recorded import Recorded, load

__all__ = ["ColourAndTexture", "Labelled", "Recorded", "colour_and_texture", "correlation_ratio", "load"]
