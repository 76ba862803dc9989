"""Sentences that a shop repeats."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neuroattr import text

SHOP = [
    "A red dress.\nMachine wash, warm water. Feel like a queen!",
    "A blue dress. machine  wash, WARM water! Soft.",
    "Machine wash, warm water. Machine wash, warm water.",
    "Machine wash, warm water",
]


def test_sentences_that_a_shop_repeats_are_left_out_by_hand():
    left = text.boilerplate(SHOP, ["a", "a", "a", "b"], least=3)
    assert left.texts == ("a red dress\nfeel like a queen", "a blue dress\nsoft", "", "Machine wash, warm water")
    assert left.lost.tolist() == [1, 1, 2, 0]
    assert left.repeated == (("a", "machine wash , warm water", 3),)
    assert left.report(most=1) == {
        "boilerplate sentences": 1,
        "boilerplate left out, of all sentences": 4,
        "sentences before": 9,
        "texts with boilerplate": 3,
        "most frequent boilerplate": [["a", "machine wash , warm water", 3]],
    }


def test_a_share_of_the_group_can_be_asked_for_besides():
    texts, groups = ["Wash cold. One.", "Wash cold. Two.", "Three.", "Four."], ["a"] * 4
    assert text.boilerplate(texts, groups, least=2, share=0.5).lost.tolist() == [1, 1, 0, 0]
    assert text.boilerplate(texts, groups, least=2, share=0.6).texts == tuple(texts)


pieces = st.sampled_from(["red hat", "wash cold", "soft, warm", "size 40", "new"])
shops = st.lists(st.tuples(st.sampled_from("ab"), st.lists(pieces, max_size=4)), max_size=12)


@given(shops, st.integers(2, 4), st.floats(0, 1))
def test_what_is_left_equals_a_loop_over_sentences(shop, least, share):
    groups = [group for group, _ in shop]
    texts = [". ".join(said) for _, said in shop]
    size, count = Counter(groups), Counter()
    for group, said in shop:
        count.update((group, sentence) for sentence in set(said))
    repeated = {key for key, n in count.items() if n >= least and n >= share * size[key[0]]}
    kept = [[sentence for sentence in said if (group, sentence) not in repeated] for group, said in shop]
    left = text.boilerplate(texts, groups, least=least, share=share)
    assert [text.sentences(one) for one in left.texts] == [text.sentences("\n".join(one)) for one in kept]
    assert left.lost.tolist() == [len(said) - len(one) for (_, said), one in zip(shop, kept, strict=True)]
    assert {(group, sentence.replace(" ,", ","), n) for group, sentence, n in left.repeated} == {
        (*key, count[key]) for key in repeated
    }


def test_nothing_more_is_left_out_the_second_time():
    once = text.boilerplate(SHOP, "aaab", least=3)
    again = text.boilerplate(once.texts, "aaab", least=3)
    assert again.texts == once.texts and not again.lost.any()


def test_no_text_gives_no_boilerplate():
    left = text.boilerplate([], [], least=2)
    assert left.texts == () and left.lost.shape == (0,) and left.sentences == 0
    assert text.boilerplate(["", ""], ["a", "a"], least=2).lost.tolist() == [0, 0]


def test_words_are_listed_by_the_texts_that_they_lost():
    before = [text.tokens(one) for one in SHOP]
    after = [text.tokens(one) for one in text.boilerplate(SHOP, "aaab", least=3).texts]
    lost = text.lost_mentions(before, after, ["red", "warm", "water", "soft"])
    assert lost == {"warm": [4, 1], "water": [4, 1]}
    assert list(text.lost_mentions(before, after, ["red", "warm", "water"], most=1)) == ["warm"]


def test_rules_without_a_sense_are_refused():
    with pytest.raises(
        ValueError, match="least is the number of texts that make a sentence boilerplate, 2 or more; got 1"
    ):
        text.boilerplate(SHOP, "aaab", least=1)
    with pytest.raises(ValueError, match="share must be between 0 and 1; got 2"):
        text.boilerplate(SHOP, "aaab", least=2, share=2)
    with pytest.raises(ValueError, match="texts and groups must be equally long; got texts 4, groups 1"):
        text.boilerplate(SHOP, "a", least=2)


def test_lost_is_a_number_for_each_text():
    assert text.boilerplate(SHOP, "aaab", least=4).lost.dtype == np.int64
