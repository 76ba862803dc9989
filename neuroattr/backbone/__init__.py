"""Networks by name, their named layers, preprocessing and receptive fields."""

from neuroattr.backbone.catalogue import names
from neuroattr.backbone.loading import load
from neuroattr.backbone.network import Backbone
from neuroattr.backbone.preprocess import Preprocess

__all__ = ["Backbone", "Preprocess", "load", "names"]
