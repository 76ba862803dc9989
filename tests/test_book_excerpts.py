"""What another chapter made is shown again with its source, and what it has not made is said to be missing."""

import base64
import json

import pandas as pd
import pytest

from neuroattr import figures
from neuroattr.book import excerpts
from neuroattr.book.chapter import Chapter

WORK = {"corpus": "atelier-shop", "backbone": "caffenet-mini", "profile": "embedded"}
SOURCE = "discovery/04_1_divergence"


def drawing():
    return figures.ranking([1.0, 2.0], ["a", "b"], label="nats")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one executed chapter that has a figure and a table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "_toc.yml").write_text("root: index\n", encoding="utf-8")
    made = Chapter(SOURCE, **WORK, book=True)
    shown = [
        made.figure(drawing(), "by layer", alt="b is larger", data={"n": [1]}),
        made.figure(drawing(), "by layer and word", alt="another"),
        made.table(pd.DataFrame({"n": [1]}, index=["red & blue"]), caption="Ten <most> visual"),
    ]
    cells = [
        {"cell_type": "code", "outputs": [{"data": {"text/html": one.data.splitlines(keepends=True)}}]} for one in shown
    ]
    path = tmp_path / "book" / "chapters" / f"{SOURCE}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown"}, *cells]}), encoding="utf-8")
    return tmp_path


def test_a_quoted_figure_keeps_its_text_and_files_and_names_its_source(project):
    page = Chapter("joined", **WORK, book=True)
    markup = excerpts.figure(page, SOURCE, "by layer").data
    assert 'alt="b is larger"' in markup and "another" not in markup
    assert 'src="../_static/figures/discovery/04_1_divergence/by-layer-' in markup
    assert "<p class='from'>From <a href='discovery/04_1_divergence.html'>4.1 divergence</a>.</p>" in markup
    files = page.finish()["files"]
    assert [file.rpartition(".")[2] for file in files] == ["csv", "png", "svg"]
    assert all((project / "book/generated/static" / file).exists() for file in files)


def test_a_live_notebook_holds_what_it_quotes(project):
    markup = excerpts.figure(Chapter("joined", **WORK, book=False), SOURCE, "by layer").data
    content = markup.split('src="data:image/png;base64,')[1].split('"')[0]
    (file,) = (project / "book/generated/static/figures" / SOURCE).glob("by-layer-??????????.png")
    assert base64.b64decode(content) == file.read_bytes()


def test_a_table_is_found_by_the_beginning_of_its_caption(project):
    page = Chapter("discovery/poster", **WORK, book=True)
    markup = excerpts.table(page, SOURCE, "Ten <most>").data
    assert markup.count("<table") == 1 and "red &amp; blue" in markup
    assert "href='../discovery/04_1_divergence.html'" in markup


def test_what_is_not_there_is_said_to_be_missing(project):
    page = Chapter("joined", **WORK, book=True)
    markup = excerpts.figure(page, SOURCE, "by <unit>").data
    assert markup.startswith("<p class='missing'>The figure “by &lt;unit&gt;” of <a href=")
    assert excerpts.table(page, "discovery/99_none", "x").data == (
        "<p class='missing'>The table “x” of discovery/99_none is not there yet.</p>"
    )
    assert page.finish()["files"] == []
