"""Adjectives and nouns in noun phrases: by hand, against a tagger's answers, and on real captions."""

import itertools
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neuroattr import assets, papers, text
from neuroattr.text import Grammar, noun_phrases

JUDGED = json.loads(Path(__file__).with_name("judged_captions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("said", "named"),
    {
        "a bird with black and white wings and a long orange bill": ["black wing", "white wing", "long orange bill"],
        "A Long, Pointy Beak": ["long pointy beak"],
        "a red, white, and blue wing": ["red wing", "white wing", "blue wing"],
        "white eyebrows, white eyebrow": ["white eyebrow", "white eyebrow"],
        "a very long and slightly curved bill": ["long bill", "curved bill"],
        "an orange bird with orange feet": ["orange foot"],  # the colour is an adjective, and a bird is no part
        "the belly is white": [],  # a predicate: by option
        "wings of brown, with red on its crown": [],
        "gray colored wings, light-colored eyes, a medium sized bill": ["gray wing", "light eye", "medium bill"],
        "this particular bird has an orange bill color": ["orange bill"],
        "a red cheek patch and black tail feathers": ["red cheek patch", "black tail feather"],
        "black belly wings": ["black belly"],  # a comma was forgotten: no such part
        "a large water bird": [],
        "the bird's long tail": ["long tail"],
        "all-black body, black-tipped wings": ["all-black body", "black-tipped wing"],
        "a striped dress with long sleeves": ["striped dress", "long sleeve"],
        "a flowered veil": ["flowered veil"],  # words that no list has: by ending and place
        "this\ufffdhas\ufffda\ufffdlong\ufffdbill": ["long bill"],
        "alas negras y un pico largo": [],
        "orange": [],
        "": [],
    }.items(),
)
def test_what_texts_name(said, named):
    assert text.phrases(said) == named


def test_the_captions_of_figure_4():
    captions = papers.load("summarization").constants.caption_examples
    assert [text.phrases(caption) for caption in captions] == [
        ["long black bill", "red cheek patch", "grey head", "black spotted feather"],
        [
            "red cheek patch",
            "brown head",
            "grey head",
            "grey neck",
            "black throat",
            "light brown covert",
            "black speck",
        ],
        ["black spot", "red malar strip", "long pointed bill"],
    ]


@pytest.mark.parametrize(
    ("said", "named"),
    {
        "this bird has wings that are brown": ["brown wing"],
        "with a bill that is short and pointy and has red feet": ["short bill", "pointy bill", "red foot"],
        "the white belly is very round": ["white belly", "round belly"],
        "the bird is black": [],
        "its tail is a brown fan": ["brown fan"],  # no predicate
        "its wings are": [],
    }.items(),
)
def test_what_is_said_behind_a_noun_by_option(said, named):
    assert text.phrases(said, grammar=Grammar(predicates=True)) == named


def test_adjectives_that_the_nouns_of_a_list_share_by_option():
    shared = Grammar(shared=True)
    assert text.phrases("black wings, tail and head with a red bill", grammar=shared) == [
        "black wing", "black tail", "black head", "red bill",
    ]  # fmt: skip
    assert text.phrases("black wings and a tail", grammar=shared) == ["black wing"]
    both = Grammar(shared=True, predicates=True)
    assert text.phrases("long wings and tail that are red", grammar=both) == [
        "long wing", "red wing", "long tail", "red tail",
    ]  # fmt: skip


def test_a_tagger_is_asked_of_words_outside_the_lexicon_only():
    def tagger(sentences):
        return [["NN" if word in ("orange", "gnarl") else "JJ" for word in sentence] for sentence in sentences]

    asked = Grammar(tagger=tagger)
    assert text.phrases("an orange bill", grammar=asked) == ["orange bill"]
    assert text.phrases("a quux gnarl", grammar=asked) == ["quux gnarl"] and text.phrases("a quux gnarl") == []


def test_a_lexicon_of_ones_own():
    own = Grammar(adjectives=frozenset({"quux"}), nouns=frozenset({"gnarl"}), empty_nouns=frozenset())
    assert text.phrases("quux gnarls of a quux bird", grammar=own) == ["quux gnarl", "quux bird"]


@pytest.mark.parametrize("given", [None, 3, ["red wing"]])
def test_what_is_no_text_is_refused(given):
    with pytest.raises(TypeError, match="phrases are read from a text; got"):
        text.phrases(given)


WORDS = st.sampled_from([
    "red", "long", "black", "quux", "eye-ring", "very", "colored", "and", ",", "or", "a", "the", "of", "is", "that",
    "wing", "wings", "bill", "bird",
])  # fmt: skip


@given(st.lists(WORDS, max_size=12).map(" ".join), st.booleans(), st.booleans())
def test_every_attribute_is_read_from_the_text_and_ends_in_a_noun(said, predicates, shared):
    grammar = Grammar(predicates=predicates, shared=shared)
    words = {*said.split(), *map(text.singular, said.split())}
    for attribute in text.phrases(said, grammar=grammar):
        *adjectives, noun = attribute.split()
        assert adjectives and set(attribute.split()) <= words
        assert noun not in grammar.empty_nouns | grammar.adjectives and text.singular(noun) == noun
    least = text.phrases(said)
    assert all(text.phrases(said, grammar=grammar).count(one) >= least.count(one) for one in least)


@pytest.mark.parametrize(
    ("plural", "single"),
    {
        "wings": "wing", "feet": "foot", "patches": "patch", "bellies": "belly", "tarsi": "tarsus", "eyes": "eye",
        "rectrices": "rectrix", "eyelashes": "eyelash", "dresses": "dress", "shoes": "shoe", "boxes": "box",
        "secondaries": "secondary",
    }.items(),
)  # fmt: skip
def test_nouns_in_the_singular(plural, single):
    assert text.singular(plural) == single == text.singular(single)


@pytest.mark.parametrize("said", ["primary ", "red , ", "wing is red "])
def test_words_are_looked_at_in_time_that_grows_with_the_text(said, monkeypatch):
    """Counted, not timed: how often the kind of a word is looked up, in a text and in one of twice its length."""
    looks = []

    class Counted(list):
        def __getitem__(self, n):
            looks.append(n)
            return super().__getitem__(n)

    attributes = noun_phrases._attributes
    monkeypatch.setattr(
        noun_phrases, "_attributes", lambda words, kinds, grammar: attributes(words, Counted(kinds), grammar)
    )
    spent = []
    for times in (200, 400):
        text.phrases(said * times, grammar=Grammar(predicates=True, shared=True))
        spent.append(len(looks))
        looks.clear()
    assert spent[1] < 2.5 * spent[0]


# ---- real captions


def captions():
    """File and lines of the captions of the sample archive."""
    with zipfile.ZipFile(assets.path("cub-200-2011-sample")) as archive:
        names = [name for name in archive.namelist() if "/text/" in name and name.endswith(".txt")]
        return {
            "/".join(Path(name).with_suffix("").parts[-2:]): archive.read(name).decode("utf-8").splitlines()
            for name in names
        }


@pytest.mark.sample
def test_a_hundred_captions_that_were_judged_by_hand():
    """Precision of what is found, against what a person called right; no caption is kept here, only what it names."""
    read = captions()
    found = [(text.phrases(read[one["file"]][one["line"] - 1]), one["right"]) for one in JUDGED]
    right = sum(attribute in judged for attributes, judged in found for attribute in attributes)
    total = sum(len(attributes) for attributes, _ in found)
    assert len(JUDGED) == 100 and total >= 190
    assert right / total >= 0.98
    assert sum(len(judged) for _, judged in found) - right <= 4  # and hardly any is missed of those


@pytest.mark.sample
def test_how_many_attributes_the_captions_of_ten_classes_name():
    read = [caption for lines in captions().values() for caption in lines]
    assert len(read) == 5430
    counts = {}
    for options in itertools.product((False, True), repeat=2):
        grammar = Grammar(predicates=options[0], shared=options[1])
        counts[options] = sum(len(text.phrases(one, grammar=grammar)) for one in read)
    assert counts[False, False] > 10_900 and counts[True, True] > 13_200
    assert counts[False, False] < min(counts[True, False], counts[False, True]) < counts[True, True]
