"""Chapters run by papermill with a cache by content, and the book built from them.

>>> from neuroattr.book import execution
>>> report = execution.run(["discovery/04_1"], profile="embedded", jobs=2)  # doctest: +SKIP
>>> execution.build()  # doctest: +SKIP
"""

from neuroattr.book.execution.builds import build, contents, serve, vendor
from neuroattr.book.execution.digests import code_digest, modules
from neuroattr.book.execution.ledgers import keep_ledger, ledgers
from neuroattr.book.execution.project import Project
from neuroattr.book.execution.runs import Outcome, Report, run

__all__ = [
    "Outcome",
    "Project",
    "Report",
    "build",
    "chapters",
    "code_digest",
    "contents",
    "keep_ledger",
    "ledgers",
    "modules",
    "run",
    "serve",
    "vendor",
]


def chapters() -> list[str]:
    """Names of all chapters of the project around the working folder, in reading order."""
    return Project.here().chapters()
