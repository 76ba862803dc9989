"""The reader of built pages finds what it should find, and leaves a good page alone."""

import html
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from neuroattr import figures
from neuroattr.book import tables
from tests import proofs

GOOD = """<html><body><article><h1>Title<a class="headerlink" href="#title">#</a></h1><section id="title">
<p>Words with a &lt; b, p &gt; 0.05, and <code>&lt;a href="x"&gt; np.float64(1) dtype: object</code>, a set {1, 2}.</p>
<div class="cell_input"><pre>print(f"{word} [Text(0, 0)] dtype: object")</pre></div>
<p>A corpus (2016) of <span class="math">\\(x_{i}\\)</span>; an interval [0.1, 0.3] (n = 3);
<a href="other.html#there">other</a>
<a href="#title">up</a></p>
<table><caption>Numbers</caption><thead><tr><th>word</th></tr></thead><tr><th>nano</th><td>1</td><td>–</td></tr></table>
<img src="one.png" alt="Two colours"><a href="https://example.org/x">away</a><a href="drawn.svg" download>SVG</a>
</section></article></body></html>"""


BUILT = Path(__file__).parents[1] / "_build" / "html"
OF_SPHINX = {"genindex.html", "search.html"}
PAGES = sorted(p for p in BUILT.rglob("*.html") if "_static" not in p.parts and p.name not in OF_SPHINX)


@pytest.mark.book
@pytest.mark.parametrize("page", PAGES or [None], ids=lambda page: page and page.relative_to(BUILT).as_posix())
def test_no_page_of_the_book_shows_what_no_reader_should_meet(page):
    if page is None:
        pytest.skip("needs the built book: make book")
    assert proofs.faults(page, BUILT) == []


@pytest.fixture
def book(tmp_path):
    (tmp_path / "other.html").write_text("<article><h1 id='there'>Other</h1></article>", encoding="utf-8")
    Image.fromarray(np.array([[0, 255]], np.uint8)).save(tmp_path / "one.png")
    Image.new("RGB", (4, 4), "white").save(tmp_path / "blank.png")
    full = figures.ranking([1.0, 2.0], ["a", "b"], label="nats")
    (tmp_path / "drawn.svg").write_bytes(figures.vector(full))
    empty = figures.ranking([1.0, 2.0], ["a", "b"], label="nats")
    for axes in empty.axes:
        for artist in [*axes.lines, *axes.collections, *axes.containers, *axes.patches]:
            artist.remove()
    (tmp_path / "empty.svg").write_bytes(figures.vector(empty))
    (tmp_path / "nothing.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', encoding="utf-8")
    return tmp_path


def read(book, body, name="page.html"):
    page = book / name
    page.write_text(body if "<html" in body else f"<article><h1>T</h1>{body}</article>", encoding="utf-8")
    proofs.anchors.cache_clear()
    return proofs.faults(page, book)


def test_a_good_page_has_no_faults(book):
    assert read(book, GOOD) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "<p>See &lt;a href='x.html'&gt;4&lt;/a&gt;</p>",
            "raw markup in text: See <a href='x.html'>4</a>",
        ),
        (
            "<table><caption>c</caption><tr><td>&lt;b&gt;B&lt;/b&gt;</td></tr></table>",
            "raw markup in text: <b>B</b>",
        ),
        ("<p>&amp;lt;tag</p>", "raw markup in text: &lt;tag"),
        ("<p>so **bold** it is</p>", "raw markup in text: so **bold** it is"),
        ("<p>[the page](../choices)</p>", "raw markup in text: [the page](../choices)"),
        ("<p>{cite}`someone`</p>", "raw markup in text: {cite}`someone`"),
        ("<p>&lt;Thing object at 0x7f00aa&gt;</p>", "a repr in text: <Thing object at 0x7f00aa>"),
        (
            "<table><caption>&lt;Index of 3 x&gt;</caption><tr><td>1</td></tr></table>",
            "a repr in text: <Index of 3",
        ),
        ("<pre>a 1\nName: striped, dtype: object</pre>", "a repr in text: a 1 Name: striped, dtype: object"),
        ("<p>[Text(0.5, 0, 'a')]</p>", "a repr in text: [Text(0.5, 0, 'a')]"),
        ("<pre>&lt;xarray.DataArray 'x' (a: 2)&gt;</pre>", "a repr in text: <xarray.DataArray"),
        ("<pre>Atlas(40 words x 9 units)</pre>", "a repr in text: Atlas(40 words"),
        ("<pre>'12 words'</pre>", "a repr in text: '12 words'"),
        ("<p>np.float64(0.5)</p>", "a repr in text: np.float64(0.5)"),
        ("<p>Estimate(value=0.5)</p>", "a repr in text: Estimate(value=0.5)"),
        ("<p>for the word {word} here</p>", "a repr in text: for the word {word} here"),
        ('<img src="one.png" alt="array([1, 2])">', "a repr in alt: array([1, 2])"),
        ("<h2>Claims (0)</h2><p>x</p>", "nothing in text: Claims (0)"),
        ("<p>(0 numbers)</p>", "nothing in text: (0 numbers)"),
        (
            "<p class='missing'>“x” is not there yet.</p>",
            "nothing in text: “x” is not there yet.",
        ),
        ("<table><caption>Claims</caption><thead><tr><th>a</th></tr></thead></table>", "empty table: Claims"),
        ("<table><caption>Only dashes</caption><tr><td>–</td></tr></table>", "empty table: Only dashes"),
        ("<table><tr><td>1</td></tr><caption> </caption></table>", "a table with an empty caption"),
        (
            "<table><caption>c</caption><thead><tr><th></th></tr></thead><tr><td>1</td></tr></table>",
            "a column without a heading in the table: c",
        ),
        ("<table><caption>c</caption><tr><td>0.1 [nan, nan]</td></tr></table>", "'0.1 [nan, nan]' in the table: c"),
        ("<table><caption>c</caption><tr><td>None</td></tr></table>", "'None' in the table: c"),
        ("<h2><a class='headerlink' href='#x' id='x'>#</a></h2>", "empty heading h2"),
        ("<section><h2>What falls</h2></section>", "nothing below the heading: What falls"),
        ('<a href="gone.html">gone</a>', "the link 'gone' leads to 'gone.html', which is not there"),
        ('<a href="../outside.html">out</a>', "the link 'out' leads to '../outside.html', which is not there"),
        ('<a href="other.html#where">w</a>', "the link 'w' leads to 'other.html#where', a place that the page has not"),
        ('<a href="#where">w</a>', "the link 'w' leads to '#where', a place that the page has not"),
        ('<a href="">w</a>', "the link 'w' leads to '', which is not there"),
        ("<a>w</a>", "a link without a target: 'w'"),
        ('<img src="one.png" alt=" ">', "a picture without a text: one.png"),
        ('<img src="gone.png" alt="x">', "the picture 'gone.png' is not there"),
        ('<img src="blank.png" alt="x">', "nothing is drawn in blank.png"),
        ('<a href="empty.svg">SVG</a>', "nothing is drawn in empty.svg"),
        ('<object data="nothing.svg" aria-label="x"></object>', "nothing is drawn in nothing.svg"),
    ],
)
def test_a_fault_is_found_and_told(book, body, said):
    found = read(book, body)
    assert len(found) == 1 and said in found[0], found


def test_what_choices_show_later_is_read_as_well(book):
    state = {"state": {"a": {"state": {"value": "<p>dtype: object</p><a href='gone.html'>g</a>"}}, "b": {"state": {}}}}
    script = f'<script type="application/vnd.jupyter.widget-state+json">{json.dumps(state)}</script>'
    assert read(book, script) == [
        "a repr in text: dtype: object",
        "the link 'g' leads to 'gone.html', which is not there",
    ]


def test_a_link_in_a_column_of_strings_is_found_as_raw_markup(book):
    """As it came to a page: a frame of pandas 3 makes strings of what was marked as markup."""
    chapters = pd.Series(["discovery/07_conclusion"])
    lost = chapters.map(lambda name: str(tables.link(name, "x"))).astype("str")
    markup = tables.table(["chapter", "n"], zip(lost, [1], strict=True), caption="c")
    assert any(fault.startswith("raw markup in text: <a href=") for fault in read(book, markup))
    assert html.escape("<a") in markup


def test_a_figure_is_judged_by_its_marks_not_by_its_frame(book):
    assert proofs.drawn(book / "drawn.svg") and not proofs.drawn(book / "empty.svg")
