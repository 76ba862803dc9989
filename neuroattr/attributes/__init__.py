"""An index of pictures by attributes that it learns by example: add, predict, search, save."""

from neuroattr.attributes.index import AttributeIndex

__all__ = ["AttributeIndex"]
