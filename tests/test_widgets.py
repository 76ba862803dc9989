"""Choices are the same object with a kernel and without, small, and safe whatever the words are."""

import re
from pathlib import Path

import pytest
import yaml

from neuroattr import widgets
from neuroattr.book import execution
from neuroattr.widgets import Choices, Control, Panel

WORDS, LAYERS, COUNTS = ["red", "<b>bold</b>", 'say "x" & y'], ["norm1", "fc7"], ["1", "8"]
CONTROLS = [Control("word", WORDS), Control("layer", LAYERS), Control("k", COUNTS, label="Units K")]


def units(*, layer, word):
    return widgets.picture(f"{word}-{layer}.png", f"{word} at {layer}", 10, 20)


def places(*, k, word):
    return f"<p>{k} of {len(word)}</p>"


PANELS = [Panel(["layer", "word"], units, intro="<h3>Units</h3>"), Panel(["k", "word"], places)]


def links(choices):
    return {(link.source, link.target) for link in choices._links}


def test_each_leaf_lies_where_the_links_look_for_it():
    choices = Choices(CONTROLS, PANELS)
    outer = choices.children[4]
    found = [[one.value for one in stack.children] for stack in outer.children]
    assert found == [[units(layer=layer, word=word) for word in WORDS] for layer in LAYERS]
    assert outer.selected_index == 0 and [stack.selected_index for stack in outer.children] == [0, 0]
    assert choices.children[3].value == "<h3>Units</h3>"


def test_the_front_end_links_follow_every_control_of_a_panel_and_no_other():
    choices = Choices(CONTROLS, PANELS)
    word, layer, k = choices.controls.values()
    outer, other = choices.children[4:]
    expected = {(layer, outer), (k, other)} | {(word, stack) for stack in (*outer.children, *other.children)}
    assert {(source[0], target[0]) for source, target in links(choices)} == expected
    assert {(source[1], target[1]) for source, target in links(choices)} == {("index", "selected_index")}


def test_all_views_share_one_layout_and_one_style():
    views = [view for panel in Choices(CONTROLS, PANELS)._views for view in panel.values()]
    assert len(views) == 3 * 2 + 3 * 2
    assert len({one.layout.model_id for one in views}) == len({one.style.model_id for one in views}) == 1


def test_many_options_are_a_list_and_few_are_buttons_each_with_a_label():
    many, few = Control("word", map(str, range(40))).widget(), Control("k", COUNTS, label="Units K").widget()
    assert (many._view_name, many.description) == ("DropdownView", "Word")
    assert (few._view_name, few.description) == ("ToggleButtonsView", "Units K")
    assert "choice-word" in many._dom_classes and "choice-k" in few._dom_classes


def test_a_first_choice_can_be_given():
    first = [Control("word", WORDS, WORDS[2]), Control("layer", LAYERS, "fc7"), CONTROLS[2]]
    choices = Choices(first, PANELS)
    assert choices.choice == {"word": WORDS[2], "layer": "fc7", "k": "1"}
    outer = choices.children[4]
    assert outer.selected_index == 1 and [stack.selected_index for stack in outer.children] == [2, 2]


def test_with_a_kernel_a_view_is_made_when_it_is_first_chosen_and_once():
    asked, heard = [], []
    panels = [Panel(["layer", "word"], lambda layer, word: asked.append((word, layer)) or f"<p>{word}</p>")]
    choices = Choices(CONTROLS, panels, lazy=True)
    choices.on_choice(lambda **choice: heard.append((choice["word"], choice["layer"])))
    choices.controls["layer"].index = 1
    choices.controls["word"].index = 1
    choices.controls["word"].index = 0
    choices.controls["k"].index = 1
    assert asked == [("red", "norm1"), ("red", "fc7"), ("<b>bold</b>", "fc7")]
    assert heard == [("red", "fc7"), ("<b>bold</b>", "fc7"), ("red", "fc7"), ("red", "fc7")]


def test_with_a_kernel_choices_bring_the_style_of_the_book_along_in_the_names_of_jupyterlab():
    live, built = Choices(CONTROLS, PANELS, lazy=True), Choices(CONTROLS, PANELS)
    style = live.children[-1]
    assert len(live.children) == len(built.children) + 1 and style.layout.display == "none"
    assert style.value.startswith("<style>") and ".choices.choices svg.histogram {" in style.value
    assert "bd-content" not in style.value and "--pst-" not in style.value and "data-theme" not in style.value


def test_the_book_loads_the_style_of_choices_and_says_nothing_of_them_a_second_time():
    root = Path(__file__).parents[1]
    named = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["html_css_files"]
    assert named == [f"css/{execution.builds.STYLE.name}", "css/book.css"]
    assert Path(widgets.__file__).with_name("choices.css") == execution.builds.STYLE
    own, shared = (
        {" ".join(rule.split()) for rule in re.findall(r"[^\s{}][^{}]*\{[^{}]*\}", path.read_text(encoding="utf-8"))}
        for path in (root / "book" / "site" / "css" / "book.css", execution.builds.STYLE)
    )
    assert own and shared and not own & shared


def test_only_linked_choices_are_in_the_address_of_the_page():
    assert "linked" in Choices(CONTROLS, PANELS, linked=True)._dom_classes
    assert "linked" not in Choices(CONTROLS, PANELS)._dom_classes


def test_a_picture_escapes_all_that_it_is_told():
    tag = widgets.picture('a"><script>.png', "x\" onload='y' <b>&", 10, 20)
    src, alt = "a&quot;&gt;&lt;script&gt;.png", "x&quot; onload=&#x27;y&#x27; &lt;b&gt;&amp;"
    assert tag == f'<img src="{src}" alt="{alt}" width="10" height="20">'
    lazy = widgets.picture("a.png", "x", 10, 20, lazy=True, kind="with")
    assert lazy == '<img src="a.png" alt="x" width="10" height="20" class="with" loading="lazy">'


def test_a_document_escapes_all_that_it_is_told_and_wants_a_title():
    tag = widgets.document('a"><script>.svg', "x & <b>", 820, 560)
    assert (
        'data="a&quot;&gt;&lt;script&gt;.svg" aria-label="x &amp; &lt;b&gt;"' in tag and "aspect-ratio:820/560" in tag
    )
    with pytest.raises(ValueError, match=r"^every document in a page needs a title for people who do not see it$"):
        widgets.document("a.svg", " ", 1, 1)


def test_a_picture_without_a_text_is_refused():
    with pytest.raises(
        ValueError, match=r"^every picture needs a text for people who do not see it; pass alt='what the "
    ):
        widgets.picture("a.png", "  ", 1, 1)


def test_a_repeated_option_is_refused():
    with pytest.raises(ValueError, match=r"^a choice of word needs options, each once; got 2, repeated: \['a'\]$"):
        Control("word", ["a", "a"])


def test_an_unknown_first_choice_is_refused():
    with pytest.raises(ValueError, match=r"^no layer 'conv9' to show first; there are \['norm1', 'fc7'\]$"):
        Control("layer", LAYERS, "conv9")


def test_a_panel_over_an_unknown_control_is_refused():
    with pytest.raises(ValueError, match=r"^a panel follows \['unit'\], but the controls are \['word', "):
        Choices(CONTROLS, [Panel(["unit"], units)])
