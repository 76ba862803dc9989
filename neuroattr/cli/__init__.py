"""The ``neuroattr`` command: data, chapters, the book, what they measured, and what is kept of it.

A file for each group of commands; what they share on the terminal is in `terminal`.
"""

from neuroattr.cli.command import app

__all__ = ["app"]
