"""A gallery of pictures that learns attributes by example: add, predict, search, save."""

from neuroattr.gallery.index import AttributeIndex

__all__ = ["AttributeIndex"]
