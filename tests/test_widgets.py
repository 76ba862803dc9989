"""The explorer is the same object with a kernel and without, small, and safe whatever the words are."""

import pytest

from neuroattr import widgets

WORDS, LAYERS = ["red", "<b>bold</b>", 'say "x" & y'], ["norm1", "fc7"]


def leaf(word, layer):
    return widgets.picture(f"{word}-{layer}.png", f"{word} at {layer}", 10, 20)


def stacks(explorer):
    outer = explorer.children[2]
    return outer, outer.children


def test_each_leaf_lies_where_the_links_look_for_it():
    explorer = widgets.WordLayer(WORDS, LAYERS, leaf)
    outer, inner = stacks(explorer)
    assert [[one.value for one in stack.children] for stack in inner] == [[leaf(w, y) for w in WORDS] for y in LAYERS]
    assert outer.selected_index == 0 and [stack.selected_index for stack in inner] == [0, 0]


def test_the_front_end_links_follow_word_and_layer():
    explorer = widgets.WordLayer(WORDS, LAYERS, leaf)
    outer, inner = stacks(explorer)
    links = {(link.source[0], link.target[0]) for link in explorer._links}
    assert links == {(explorer.layer, outer)} | {(explorer.word, stack) for stack in inner}
    assert all(link.source[1] == "index" and link.target[1] == "selected_index" for link in explorer._links)


def test_all_leaves_share_one_layout_and_one_style():
    _, inner = stacks(widgets.WordLayer(WORDS, LAYERS, leaf))
    leaves = [one for stack in inner for one in stack.children]
    assert len({one.layout.model_id for one in leaves}) == len({one.style.model_id for one in leaves}) == 1


def test_a_first_choice_can_be_given():
    explorer = widgets.WordLayer(WORDS, LAYERS, leaf, word=WORDS[2], layer="fc7")
    outer, inner = stacks(explorer)
    assert explorer.choice == (WORDS[2], "fc7")
    assert outer.selected_index == 1 and [stack.selected_index for stack in inner] == [2, 2]


def test_with_a_kernel_a_leaf_is_made_when_it_is_first_chosen_and_once():
    asked = []

    def slow(word, layer):
        asked.append((word, layer))
        return leaf(word, layer)

    explorer = widgets.WordLayer(WORDS, LAYERS, slow, lazy=True)
    heard = []
    explorer.on_choice(lambda *choice: heard.append(choice))
    explorer.layer.index = 1
    explorer.word.index = 1
    explorer.word.index = 0
    assert asked == [("red", "norm1"), ("red", "fc7"), ("<b>bold</b>", "fc7")]
    assert heard == [("red", "fc7"), ("<b>bold</b>", "fc7"), ("red", "fc7")]


def test_a_picture_escapes_all_that_it_is_told():
    tag = widgets.picture('a"><script>.png', "x\" onload='y' <b>&", 10, 20)
    src, alt = "a&quot;&gt;&lt;script&gt;.png", "x&quot; onload=&#x27;y&#x27; &lt;b&gt;&amp;"
    assert tag == f'<img src="{src}" alt="{alt}" width="10" height="20">'


def test_what_needs_a_kernel_is_marked_for_the_style_sheet():
    assert "live-only" in widgets.live_only(widgets.w.HTML())._dom_classes


def test_a_picture_without_a_text_is_refused():
    with pytest.raises(
        ValueError, match=r"^every picture needs a text for people who do not see it; pass alt='what the "
    ):
        widgets.picture("a.png", "  ", 1, 1)


def test_a_repeated_word_is_refused():
    with pytest.raises(
        ValueError, match=r"^an explorer needs at least one of its words, each once; got 2, repeated: \['a'\]$"
    ):
        widgets.WordLayer(["a", "a"], LAYERS, leaf)


def test_an_unknown_first_choice_is_refused():
    with pytest.raises(ValueError, match=r"^no layer 'conv9' to show first; there are \['norm1', 'fc7'\]$"):
        widgets.WordLayer(WORDS, LAYERS, leaf, layer="conv9")


def test_a_choice_of_layers_swaps_its_leaves_by_one_link():
    choice = widgets.LayerChoice(LAYERS, lambda layer: f"<b>{layer}</b>", layer="fc7")
    stack = choice.children[1]
    assert [one.value for one in stack.children] == ["<b>norm1</b>", "<b>fc7</b>"] and stack.selected_index == 1
    assert (choice._link.source, choice._link.target) == ((choice.layer, "index"), (stack, "selected_index"))


def test_with_a_kernel_a_layer_is_made_when_it_is_first_chosen():
    asked = []
    choice = widgets.LayerChoice(LAYERS, lambda layer: asked.append(layer) or layer, lazy=True)
    choice.layer.index = 1
    choice.layer.index = 0
    assert asked == LAYERS


def test_a_document_escapes_all_that_it_is_told_and_wants_a_title():
    tag = widgets.document('a"><script>.svg', "x & <b>", 820, 560)
    assert (
        'data="a&quot;&gt;&lt;script&gt;.svg" aria-label="x &amp; &lt;b&gt;"' in tag and "aspect-ratio:820/560" in tag
    )
    with pytest.raises(ValueError, match=r"^every document in a page needs a title for people who do not see it$"):
        widgets.document("a.svg", " ", 1, 1)
