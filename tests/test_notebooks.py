"""Manners of the chapters: prose leads, code is short, nothing is defined in them, one set of parameters."""

import ast
import re
from pathlib import Path

import jupytext
import pytest

from neuroattr.book.execution import Project, notebooks, order

PROJECT = Project(Path(__file__).parents[1])
CHAPTERS = PROJECT.chapters()
OF_PAPERS = [name for name in CHAPTERS if "/" in name]
SHARED = {"profile", "corpus", "backbone", "seed", "book"}
LONGEST = 15

every_chapter = pytest.mark.parametrize("name", CHAPTERS)
chapters_of_papers = pytest.mark.parametrize("name", OF_PAPERS)


HEADER = """# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---
"""


def cells(name):
    return jupytext.read(PROJECT.source(name), fmt="py:percent").cells


def code(name):
    return [
        cell for cell in cells(name) if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", [])
    ]


@every_chapter
def test_a_chapter_is_py_percent_whose_header_names_the_kernel_and_nothing_else(name):
    assert PROJECT.source(name).read_text(encoding="utf-8").startswith(f"{HEADER}\n# %% [markdown]\n# # ")


@every_chapter
def test_a_chapter_has_one_parameters_cell_that_the_book_hides(name):
    tagged = [cell for cell in cells(name) if "parameters" in cell.metadata.get("tags", [])]
    assert [cell.metadata["tags"] for cell in tagged] == [["parameters", "remove-cell"]]
    assert set(notebooks.parameters(PROJECT.source(name))) >= SHARED


@every_chapter
def test_a_chapter_defines_nothing_and_uses_no_magic(name):
    for cell in code(name):
        assert not any(line.lstrip().startswith(("%", "!")) for line in cell.source.splitlines()), cell.source
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        assert not any(isinstance(node, kinds) for node in ast.walk(ast.parse(cell.source))), cell.source


@every_chapter
def test_a_code_cell_fits_in_a_glance(name):
    long = {cell.source.splitlines()[0]: len(cell.source.splitlines()) for cell in code(name)}
    assert {first: lines for first, lines in long.items() if lines > LONGEST} == {}


@every_chapter
def test_prose_stands_before_every_code_cell(name):
    before = "markdown"
    for place, cell in enumerate(cells(name)):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and "parameters" not in tags and "remove-cell" not in tags:
            # The first code cell follows the hidden parameters, and those follow the introduction.
            assert before == "markdown", f"cell {place}: {cell.source.splitlines()[0]}"
        if "parameters" not in tags:
            before = cell.cell_type
        assert cell.source.strip(), f"cell {place} is empty"


@chapters_of_papers
def test_a_chapter_of_a_paper_ends_in_an_exercise_with_a_folded_solution(name):
    text = PROJECT.source(name).read_text(encoding="utf-8")
    assert "Exercise" in text
    assert "Solution" in text and ("dropdown" in text or "hide-cell" in text or "<details" in text)


@chapters_of_papers
def test_a_chapter_of_a_paper_shows_paper_beside_here_and_its_claims(name):
    text = PROJECT.source(name).read_text(encoding="utf-8")
    assert "page.comparison(" in text and "page.claims(" in text


@every_chapter
def test_a_chapter_names_itself_as_it_is_found(name):
    assert re.search(rf"Chapter\(\s*\"{name}\"", PROJECT.source(name).read_text(encoding="utf-8"))


@every_chapter
def test_what_a_cell_shows_is_made_by_the_page_and_no_repr(name):
    """A value at the end of a cell would show as Python writes it, and links in Markdown outputs lead nowhere."""
    calls = ("page.", "excerpts.", "annotation.Form(", "HTML(")
    shown = []
    for cell in code(name):
        last = ast.parse(cell.source).body[-1]
        if isinstance(last, ast.Expr):
            value = last.value
            parts = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            shown += [part for part in map(ast.unparse, parts) if not part.startswith(calls)]
    assert shown == []


def test_the_chapters_that_read_others_are_those_that_are_declared_to():
    """A page reads others by asking for the whole run, for all ledgers or for a figure, whose chapter is declared."""
    declared = order.reads(PROJECT)
    reading = re.compile(r"whole=True|results\.read\(|execution\.ledgers\(|excerpts\.")
    sources = {name: PROJECT.source(name).read_text(encoding="utf-8") for name in PROJECT.chapters()}
    assert sorted(declared) == sorted(name for name, text in sources.items() if reading.search(text))
    for name, text in sources.items():
        quoted = set(re.findall(r'excerpts\.\w+\(page, "([^"]+)"', text))
        assert quoted <= set(declared.get(name, ())), name
