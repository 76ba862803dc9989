"""Every constant, printed number, claim, open choice and slip of the papers, each with the place where it is printed.

Two TOML files a document, which together hold these tables; constants and words lie in ``settings``, because they
decide results and everything else does not:

``[paper]``
    what to cite.
``[constants.<name>]``
    a number, text or list with ``value`` and ``place``. A printed one is also a row (a list: a row each) of
    ``numbers``; ``printed = false`` marks what the paper leaves out and is needed all the same.
``[[numbers]]``, ``[[tables]]``
    what the paper measured: single numbers, and tables whose cells get the id ``table.row.column``.
``[[claims]]``
    a sentence and what decides it: a ``statistic`` whose interval is held against ``above`` or ``below``, or a
    ``test`` in words. ``printed`` is the verdict of the paper's own numbers.
``[[choices]]``, ``[[errata]]``
    what the paper leaves open, with options and default; what is printed wrong, with the reading meant.
``[words.<table>]``, ``[[sentences]]``
    tables of words, and sentences word for word.
"""

from neuroattr.papers.paper import KEYS, Paper, keys, load, parsed
from neuroattr.papers.reading import PaperError
from neuroattr.papers.settings import Constants, constants, nearest, words

__all__ = ["KEYS", "Constants", "Paper", "PaperError", "constants", "keys", "load", "nearest", "parsed", "words"]
