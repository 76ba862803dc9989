"""Figures and tables that other chapters made, shown again on pages that join them."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from IPython.display import HTML

from neuroattr.book import tables
from neuroattr.book.chapter import Chapter
from neuroattr.book.execution import Project
from neuroattr.book.files import STATIC, stem

FIGURE = re.compile(r"<figure class='plot'>.*?</figure>", re.DOTALL)
TABLE = re.compile(r"<div class='table-box'.*?</table></div>", re.DOTALL)
FILE = re.compile(r'(?<=")(?:\.\./)+_static/([^"]+)')


def figure(page: Chapter, chapter: str, name: str) -> HTML:
    """The figure that a chapter published under a name, with a link to the chapter; or that it is missing.

    Parameters
    ----------
    page : Chapter
        The page that shows it.
    chapter : str
        The page that made it: ``"discovery/04_1_divergence"``.
    name : str
        As ``Chapter.figure`` was told.

    Notes
    -----
    The page is executed again when the figure's file is gone, because it names the file as its own.
    """
    file = re.compile(rf"/{re.escape(stem(name))}-[0-9a-f]{{10}}\.(png|webp)\"")
    return _excerpt(page, chapter, [one for one in _markup(chapter, FIGURE) if file.search(one)], f"figure “{name}”")


def table(page: Chapter, chapter: str, caption: str) -> HTML:
    """The table of a chapter whose caption begins so, with a link to the chapter; or that it is missing."""
    start = re.compile(rf"<caption>{re.escape(html.escape(caption))}")
    return _excerpt(page, chapter, [one for one in _markup(chapter, TABLE) if start.search(one)], f"table “{caption}”")


def _markup(chapter: str, kind: re.Pattern[str]) -> list[str]:
    """Everything of a kind in the outputs of an executed chapter; nothing, if it has not been executed."""
    path = Project.of_chapters().notebook(chapter)
    if not path.exists():
        return []
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = (output.get("data", {}).get("text/html", "") for cell in cells for output in cell.get("outputs", []))
    return [found for output in outputs for found in kind.findall("".join(output))]


def _excerpt(page: Chapter, chapter: str, found: list[str], what: str) -> HTML:
    source = tables.link(chapter, page.name)
    if not found:
        words = f"The {html.escape(what)} of {source if _written(chapter) else html.escape(chapter)} is not there yet."
        return HTML(f"<p class='missing'>{words}</p>")
    markup = FILE.sub(lambda match: _address(page, match[1]), found[0])
    return HTML(f"{markup}<p class='from'>From {source}.</p>")


def _written(chapter: str) -> bool:
    return Project.of_chapters().notebook(chapter).exists()


def _address(page: Chapter, file: str) -> str:
    """Where the page finds a file: beside the book, or inside itself in a live notebook."""
    if page.book:
        return page.files.show(file)
    path = Path(Project.of_chapters().root, STATIC, file)
    return page.files.put(path.stem, path.read_bytes(), path.suffix)
