"""Choices that work on a page without a kernel and, in a live notebook, also call Python; and the markup they show."""

from neuroattr.widgets.choices import Choices, Control, Panel
from neuroattr.widgets.markup import document, live_style, picture

__all__ = ["Choices", "Control", "Panel", "document", "live_style", "picture"]
