"""A chapter publishes figures and tables that are safe, and numbers that stand beside the paper's."""

import base64
import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from PIL import Image

from neuroattr import figures, results, widgets
from neuroattr.book import chapter as chapters
from neuroattr.book import comparison, files, tables
from neuroattr.book.chapter import Chapter
from neuroattr.book.execution import Project
from neuroattr.book.execution.ledgers import write_ledger
from neuroattr.statistics import Estimate

SPEARMAN = "table1.pretrained-random.spearman"
WORK = {"corpus": "atelier-shop", "backbone": "caffenet-mini", "profile": "embedded"}


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Chapter("discovery/04_1_divergence", **WORK, book=True)


@pytest.fixture
def live():
    return Chapter("discovery/04_1_divergence", **WORK, book=False)


def drawing():
    return figures.ranking([1.0, 2.0], ["a", "b"], label="nats")


def test_a_figure_of_the_book_lies_beside_the_page_with_its_drawing_and_its_data(page, tmp_path):
    markup = page.figure(drawing(), "By Layer", alt='b is "larger"', data={"name": ["a", "b"], "nats": [1.0, 2.0]}).data
    addresses = re.findall(r'(?:src|href)="([^"]+)"', markup)
    assert [address.rpartition(".")[2] for address in addresses] == ["png", "svg", "csv"]
    assert all(address.startswith("../../_static/figures/discovery/04_1_divergence/by-layer-") for address in addresses)
    files = [tmp_path / "book/generated/static" / address.removeprefix("../../_static/") for address in addresses]
    assert files[2].read_text() == "name,nats\na,1.0\nb,2.0\n"
    assert 'alt="b is &quot;larger&quot;"' in markup
    assert page.finish()["files"] == sorted(str(file.relative_to(tmp_path / "book/generated/static")) for file in files)


def test_the_ledger_of_a_page_names_the_assets_that_were_opened(page, monkeypatch):
    monkeypatch.setattr(chapters.assets, "opened", lambda: {"photos.zip": "0f"})
    page.record("duplicate_share", 0.4, n=10)
    assert page.finish()["ledger"]["context"]["assets"] == {"photos.zip": "0f"}


def test_the_same_figure_is_the_same_file_and_another_one_is_not(page, tmp_path):
    for scale in (1.0, 1.0, 2.0):
        page.picture(figures.ranking([scale, 3.0], ["a", "b"], label="nats"), "x", alt="x")
    assert len(list((tmp_path / "book").rglob("*.png"))) == 2


def test_a_live_notebook_holds_its_figures_itself_and_writes_nothing(live, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    markup = live.figure(drawing(), "x", alt="x", data=pd.Series([1, 2], name="n")).data
    kinds = re.findall(r'(?:src|href)="data:([a-z/+]+);base64,([^"]+)"', markup)
    assert [kind for kind, _ in kinds] == ["image/png", "image/svg+xml", "text/csv"]
    assert base64.b64decode(kinds[2][1]) == b"n\n1\n2\n"
    assert list(tmp_path.iterdir()) == []


def test_labelled_arrays_bring_their_coordinates_into_the_data(live):
    array = xr.DataArray([0.5, 1.5], dims="unit", coords={"layer": ("unit", ["a", "b"])}, name="divergence")
    assert files.csv(array).decode().splitlines() == ["unit,layer,divergence", "0,a,0.5", "1,b,1.5"]
    hostile = pd.DataFrame({"said": ["=1+1", "red"], "change": [-0.5, 1]}, index=pd.Index(["+x", "b"], name="word"))
    assert files.csv(hostile).decode().splitlines() == ["word,said,change", "'+x,'=1+1,-0.5", "b,red,1.0"]


def test_an_explorer_of_the_book_has_every_panel_and_a_live_one_only_the_first(page, live):
    asked = []
    controls = [widgets.Control("word", ["red", "blue"]), widgets.Control("layer", ["fc6", "fc7"])]
    panels = [widgets.Panel(["word", "layer"], lambda word, layer: asked.append((word, layer)) or word)]
    for one in (page, live):
        assert "linked" in one.explorer(controls, panels)._dom_classes
    assert len(asked) == 4 + 1


def test_a_table_escapes_everything_and_scrolls_in_its_own_box(live):
    frame = pd.DataFrame(
        {"<a>": ["<script>x</script>", None], "n": [1234567, 0.123456]}, index=pd.Index(["r&", "s"], name="word")
    )
    markup = live.table(frame, caption="A <table>").data
    assert "<script>" not in markup and "&lt;script&gt;" in markup
    assert "<div class='table-box' role='region' tabindex='0' aria-label='A &lt;table&gt;'>" in markup
    for cell in ("<th scope='row'>r&amp;</th>", "<td>–</td>", "0.1235", "1,234,567"):
        assert cell in markup


def test_the_numbers_of_this_page_stand_beside_the_paper_with_interval_and_n(live, monkeypatch):
    kept = results.Ledger("discovery/04_1_divergence", replace(live.ledger.context, profile="sample"))
    kept.record(SPEARMAN, 0.5, n=43)
    monkeypatch.setattr(comparison, "_kept", lambda: results.read(kept))
    live.record(SPEARMAN, 0.61, n=52, interval=(0.4, 0.75), note="votes are <simulated>")
    live.record("auc", 0.9, n=120, title="AUC of the truth")
    markup = live.comparison().data
    expected = [
        "Real data", "Generated (this page)", "0.637", "votes are &lt;simulated&gt;", "AUC of the truth", "not printed",
        "<strong>0.500</strong> <span class='count'>n = 43</span>",
        "<strong>0.610</strong> <span class='interval'>[0.400, 0.750]</span> <span class='count'>n = 52</span>",
    ]  # fmt: skip
    for words in expected:
        assert words in markup


def kept_run(monkeypatch, page, **notes):
    """A kept run on real data with one measurement."""
    kept = results.Ledger("discovery/04_1_divergence", replace(page.ledger.context, profile="sample"))
    kept.record(SPEARMAN, 0.5, n=43, **notes)
    monkeypatch.setattr(comparison, "_kept", lambda: results.read(kept))


@pytest.mark.parametrize(
    ("real", "drawn", "said"),
    [
        ("norms in place of votes", "annotators", "real data: norms in place of votes; generated: annotators"),
        ("one reason", "one reason", "one reason"),
        ("norms", "", "real data: norms; generated: neither the Etsy photos"),
        ("", "annotators", "real data: neither the Etsy photos"),
        ("", "", "neither the Etsy photos"),
    ],
)
def test_what_explains_one_run_is_not_said_of_the_other(live, monkeypatch, real, drawn, said):
    kept_run(monkeypatch, live, note=real)
    live.record(SPEARMAN, 0.61, n=52, note=drawn)
    assert f"<td>{said}" in live.comparison().data


def test_a_reason_of_the_one_run_that_measured_a_number_names_that_run(live, monkeypatch):
    kept_run(monkeypatch, live, note="norms in place of votes")
    assert "<td>real data: norms in place of votes</td>" in live.comparison([SPEARMAN]).data


def test_a_number_that_is_another_thing_in_each_run_is_called_by_both_names(live, monkeypatch):
    kept = results.Ledger("discovery/04_1_divergence", replace(live.ledger.context, profile="sample"))
    kept.record("silhouette", 0.5, n=43, title="Silhouette at block2")
    monkeypatch.setattr(comparison, "_kept", lambda: results.read(kept))
    live.record("silhouette", 0.61, n=52, title="Silhouette at norm2")
    assert (
        "<th scope='row'>real data: Silhouette at block2; generated: Silhouette at norm2</th>" in live.comparison().data
    )
    live.record("silhouette", 0.61, n=52, title="Silhouette at block2")
    assert "<th scope='row'>Silhouette at block2</th>" in live.comparison().data


def test_data_that_nobody_called_photographs_are_not_called_so():
    page = Chapter("your_own_images", corpus="mine", backbone="n", profile="embedded", book=False, paper="discovery")
    page.record(SPEARMAN, 0.61, n=52)
    markup = page.comparison().data
    assert "Origin not said (this page)" in markup and "Real data (this page)" not in markup
    assert page.finish()["generated"] is None
    assert page.origins(page.runs()) == {"sample": "real data", "here": "origin not said"}


@pytest.mark.parametrize(
    ("corpus", "generated"), [("atelier-street", True), ("products", False), ("colours", False), ("mine", None)]
)
def test_what_a_name_tells_of_the_origin_of_pictures(corpus, generated):
    page = Chapter("discovery/x", corpus=corpus, backbone="n", profile="embedded", book=False)
    assert page.finish()["generated"] is generated


@pytest.mark.parametrize("generated", [True, False, None])
def test_a_loaded_corpus_says_itself_what_its_pictures_are(live, generated):
    live.uses(Few(generated))
    assert live.finish()["generated"] is generated


class Few(list):
    """A corpus as far as a page asks."""

    def __init__(self, generated):
        super().__init__(range(3))
        self.name, self.generated, self.recipe = "atelier-like", generated, {}


def test_where_nothing_is_to_be_shown_a_sentence_stands_and_no_empty_table(live, monkeypatch):
    monkeypatch.setattr(comparison, "_kept", lambda: results.read("-"))
    assert live.claims([]).data == "<p class='missing'>No claim is among these.</p>"
    assert live.comparison([]).data == "<p class='missing'>No number of a paper was measured here.</p>"
    assert (
        live.table(pd.DataFrame({"n": []}), caption="Words <x>").data == "<p class='missing'>Words &lt;x&gt;: none.</p>"
    )


def test_a_table_takes_what_a_measurement_returns(live):
    def cells(data, **options):
        markup = live.table(data, caption="c", **options).data
        return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall("<tr>(.*?)</tr>", markup)]

    estimate = Estimate(0.5, 0.25, 0.75, 8)
    rows = {"red": {"units": 3, "auc": estimate}, "lace": {"units": None, "auc": None}}
    assert cells(rows, index="word") == [["word", "units", "auc"], ["red", "3", str(estimate)], ["lace", "–", "–"]]
    assert cells({"red": estimate}, index="word") == [["word", "value"], ["red", str(estimate)]]
    assert cells({("red", "plain"): {"n": 1}}, index="word / contrast")[1] == ["red / plain", "1"]
    grid = xr.DataArray([[0.5, 2]], {"word": ["red"], "layer": ["conv1", "fc7"]}, ("word", "layer"))
    assert cells(grid) == [["word", "conv1", "fc7"], ["red", "0.5", "2"]]
    assert cells(grid[0].rename("depth")) == [["layer", "depth"], ["conv1", "0.5"], ["fc7", "2"]]
    with pytest.raises(ValueError, match="one or two dimensions; got \\('x',"):
        live.table(grid.expand_dims("x"), caption="c")


def test_links_to_chapters_stay_links_in_a_column_of_a_table(live):
    chapters = pd.DataFrame({"chapter": ["discovery/04_1_divergence", "explorer"], "n": [1, 2]})
    frame = chapters.assign(chapter=lambda table: tables.links(table.chapter, "discovery/07_conclusion")).set_index("n")
    markup = live.table(frame, caption="c").data
    assert "<td><a href='../discovery/04_1_divergence.html'>4.1 divergence</a></td>" in markup and "&lt;a" not in markup


def test_a_sentence_below_a_cell_is_escaped(live):
    assert live.say("3 of <4> words").data == "<p>3 of &lt;4&gt; words</p>"


def test_a_whole_run_holds_the_verdicts_of_all_chapters_with_links_and_this_page_before_all(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "_toc.yml").write_text("root: index\n", encoding="utf-8")
    page = Chapter("discovery/07_conclusion", **WORK, book=True)
    other = results.Ledger("discovery/04_1_divergence", replace(page.ledger.context, profile="embedded"))
    other.verdict("divergence-separates", True, "AUC 0.9")
    other.record("duplicate_share", 0.3, n=10)
    other.save(tmp_path / "book/generated/ledger/embedded")
    page.record("duplicate_share", 0.4, n=20)
    rows = page.runs(whole=True)["embedded"].set_index("id")
    assert rows.loc["duplicate_share", "value"] == 0.4 and not rows.loc["duplicate_share", "stale"]
    markup = page.claims(["divergence-separates", "sparse-responses"], whole=True).data
    assert "AUC 0.9</span> <a href='../discovery/04_1_divergence.html'>4.1 divergence</a>" in markup
    assert "<summary>Decided by</summary>" in markup and markup.count("<td>–</td>") == 3
    assert page.comparison(["duplicate_share"], whole=True).data.count("<strong>") == 1


def test_a_page_on_real_data_has_no_column_of_generated_numbers():
    page = Chapter("discovery/x", corpus="products", backbone="n", profile="sample", book=False)
    page.record(SPEARMAN, 0.61, n=52)
    assert "Real data (this page)" in page.comparison().data
    assert "Generated" not in page.comparison().data


@pytest.mark.parametrize(("holds", "shown"), [(True, "✓ holds"), (False, "✗ does not hold"), (None, "? undecided")])
def test_a_verdict_is_told_by_sign_and_words_not_by_colour_alone(live, monkeypatch, holds, shown):
    monkeypatch.setattr(comparison, "_kept", lambda: results.read("-"))
    live.verdict("resample-over-random", holds, evidence="difference <0.02>")
    markup = live.claims().data
    assert shown in markup and "difference &lt;0.02&gt;" in markup


def test_what_the_loaded_objects_say_replaces_their_names(live):
    corpus = type("Corpus", (), {"name": "mine", "generated": True, "recipe": {"seed": 0}, "__len__": lambda self: 7})()
    net = SimpleNamespace(name="net", title="AlexNet with re-learned fc6", digest="ab12")
    live.uses(corpus, net)
    found = live.finish()
    assert (found["corpus"], found["images"], found["generated"]) == ("mine", 7, True)
    assert found["network"] == live.ledger.context.network == "AlexNet with re-learned fc6"
    assert {"recipe of mine", "weights of AlexNet with re-learned fc6"} <= set(found["assets"])


def test_the_runner_gets_the_ledger_of_the_last_chapter(live):
    live.record(SPEARMAN, np.float64(0.61), n=52)
    found = chapters.finish()
    assert json.loads(json.dumps(found))["ledger"]["measurements"][0]["value"] == 0.61


def test_what_a_page_has_recorded_is_written_with_what_the_runner_knows(live, tmp_path):
    live.record(SPEARMAN, 0.61, n=52, interval=(0.4, 0.75))
    live.verdict("tagger-errors", True, evidence="flip")
    known = {"code": "c0de", "parameters": {"seed": 0}, "commit": "ab", "time": "2026-01-02T03:04:05+00:00"}
    place = write_ledger(Project(tmp_path), json.loads(json.dumps(chapters.finish()))["ledger"], **known)
    assert place == "book/generated/ledger/embedded/discovery.04_1_divergence.json"
    kept = results.Ledger.load(tmp_path / place)
    assert (kept.measurements, kept.verdicts) == (live.ledger.measurements, live.ledger.verdicts)
    assert kept.context == replace(live.ledger.context, **known)


def test_a_figure_needs_a_text_for_those_who_do_not_see_it(live):
    with pytest.raises(ValueError, match=r"^every picture needs a text for people who do not see it"):
        live.figure(drawing(), "x", alt=" ")


def test_a_page_that_joins_papers_names_the_paper_of_a_table():
    page = Chapter("joined", **WORK, book=False)
    with pytest.raises(ValueError, match=r"^joined belongs to no paper; name one: paper='discovery'$"):
        page.comparison()


def test_only_marked_text_is_markup():
    assert tables.text("<b>") == "&lt;b&gt;"
    assert tables.text(tables.Safe("<b>")) == "<b>"
    assert [tables.text(cell) for cell in (None, float("nan"), True, np.int64(3), 1e-7)] == [
        "–",
        "–",
        "True",
        "3",
        "1e-07",
    ]


def test_scatters_by_layer_share_one_sheet_of_pictures_that_lies_beside_them(page, tmp_path):
    points = {"conv3": np.arange(8.0).reshape(4, 2), "fc7": np.ones((4, 2))}
    pictures = [Image.new("RGB", (9, 9))] * 4
    choice = page.scatters(
        points, list("aabb"), ["a", "b"], list("wxyz"), pictures, name="colours", title=lambda layer: f"dots at {layer}"
    )
    panels = [panel.value for panel in choice.children[1].children]
    addresses = [re.search(r'data="../../_static/([^"]+)"', panel).group(1) for panel in panels]
    drawn = (tmp_path / "book/generated/static" / addresses[1]).read_text()
    sheet = re.search(r'href="(pictures-\w+\.webp)"', drawn).group(1)
    assert (tmp_path / "book/generated/static" / addresses[1]).with_name(sheet).exists()
    assert 'aria-label="dots at fc7"' in panels[1] and len(page.finish()["files"]) == 3


def test_an_index_of_two_parts_is_written_as_words(page):
    frame = pd.DataFrame({"n": [1]}, index=pd.MultiIndex.from_tuples([("colour", "red")], names=["attribute", "class"]))
    markup = page.table(frame, caption="c").data
    assert "attribute / class" in markup and "colour / red" in markup
