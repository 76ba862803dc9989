"""Texts: HTML to text, words, adjectives, near-duplicates."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import AgglomerativeClustering

from neuroattr import text


# --- by hand
def test_html_becomes_lines_of_text():
    markup = (
        '<table style="a > b"><tr><td>'
        "<p><strong>Fit</strong><br />Slim &amp; <span class='x'>blue</span></p></td></tr>"
        "</table><style>p {}</style><!-- note --><p>Size &lt; 40, t-<b>shirt</b> under < 50</p>&nbsp;"
    )
    assert text.plain(markup) == "Fit\nSlim & blue\nSize < 40, t-shirt under < 50"


def test_damaged_characters_become_a_blank_and_are_noticed():
    damaged = "cotton Ã??Ã?Â??Ã?Â¢ soft caf\N{REPLACEMENT CHARACTER}"
    assert text.plain(damaged) == "cotton soft caf"
    assert text.damaged(damaged)
    assert not text.damaged("voilà, São Paulo, Ãrea")


def test_tokens_are_lower_case_words_and_numbers():
    assert text.tokens("Women’s V-neck T-SHIRT, 100% cotton; girls' &") == [
        "women",
        "v-neck",
        "t-shirt",
        "100",
        "cotton",
        "girls",
    ]


def test_lines_and_full_stops_end_sentences_but_decimals_do_not():
    assert text.sentences("Red Shirt\nSoft, light. Height 5.11") == [
        ("red", "shirt"),
        ("soft", ",", "light"),
        ("height", "5", "11"),
    ]


def test_bags_count_words_that_are_not_stop_words():
    counts, vocabulary = text.bags(["the red, red hat", "a blue hat", ""])
    assert vocabulary == ["blue", "hat", "red"]
    assert counts.toarray().tolist() == [[0, 1, 2], [1, 1, 0], [0, 0, 0]]


def test_words_of_several_tokens_are_found_where_they_follow_each_other():
    documents = [["a", "polka", "dot", "hat", "hat"], ["polka", "hat", "dot"], []]
    found = text.mentions(documents, ["hat", "Polka dot"])
    assert found.toarray().tolist() == [[True, True], [True, False], [False, False]]
    assert text.document_frequency(found).tolist() == [2, 1]


def test_a_phrase_is_taken_out_as_a_whole_only():
    assert text.without_phrase(["red", "tape", "red", "shoes", "red", "tape"], ["red", "tape"]) == ["red", "shoes"]
    assert text.without_phrase(["red"], []) == ["red"]


def tagger(sentences):
    """Adjectives are the words that end in -y, and flip before flop."""
    return [["JJ" if word.endswith("y") or word == "flip" else "NN" for word in sentence] for sentence in sentences]


def test_adjectives_are_counted_by_document_and_keep_the_mistakes_of_the_tagger():
    documents = [
        text.sentences(each) for each in ("lovely lovely hat. flip flop", "lovely silky blue hat", "flip flop")
    ]
    assert text.adjectives(documents, tagger) == {"flip": 2, "lovely": 2, "silky": 1}


def test_a_lexicon_adds_words_and_exclusion_and_share_take_them_away():
    documents = [text.sentences("lovely blue hat"), text.sentences("blue silky nike-y")]
    rule = text.Rule(lexicon=frozenset({"blue"}), excluded=frozenset({"nike-y"}))
    assert text.adjectives(documents, tagger, rule=rule) == {"blue": 2, "lovely": 1, "silky": 1}

    def first_only(sentences):
        return [["JJ"] + ["NN"] * (len(sentence) - 1) for sentence in sentences]

    documents = [text.sentences(each) for each in ("blue hat", "hat blue", "hat red hat red")]
    assert set(text.adjectives(documents, first_only, rule=text.Rule(share=0.5))) == {"blue", "hat"}
    assert set(text.adjectives(documents, first_only, rule=text.Rule(share=0.51))) == set()


def test_the_tagger_sees_each_different_sentence_once():
    seen = []

    def spy(sentences):
        seen.extend(sentences)
        return tagger(sentences)

    text.adjectives([text.sentences("lovely hat\nlovely hat")] * 5, spy)
    assert seen == [("lovely", "hat")]


def test_near_duplicates_are_merged_within_a_shop_only():
    base = "soft warm hoodie with front pocket drawstring hood ribbed cuffs regular fit machine wash cotton fleece logo"
    texts = [base + " eagles", base + " ravens", "blue jeans", base + " eagles", "", ""]
    found = text.near_duplicates(texts, ["a", "a", "a", "b", "a", "a"], threshold=0.1, seed=0)
    assert found.labels.tolist() == [0, 0, 1, 2, 3, 4]
    assert len(found.keep) == 5
    assert found.report["removed"] == 1
    assert found.report["texts without words"] == 2
    assert found.report["clusters by size"] == {2: 1}
    assert found.report["largest"] == [[0, 1]]
    assert found.members(0).tolist() == [0, 1]


def test_a_pair_exactly_at_the_threshold_is_not_merged():
    nine_of_ten = ["a1 a2 a3 a4 a5 a6 a7 a8 a9 x", "a1 a2 a3 a4 a5 a6 a7 a8 a9 y"]
    assert 1 - 9 / 10 < 0.1  # what floating point would say
    assert text.near_duplicates(nine_of_ten, [0, 0], threshold=0.1, seed=0).labels.tolist() == [0, 1]
    assert text.near_duplicates(nine_of_ten, [0, 0], threshold=0.1001, seed=0).labels.tolist() == [0, 0]


def test_clusters_are_chains():
    chain = [" ".join(f"w{i}" for i in range(start, start + 20)) for start in range(4)]  # neighbours share 19 of 20
    assert text.near_duplicates(chain, "ssss", threshold=0.06, seed=0).labels.tolist() == [0, 0, 0, 0]


# --- against others
def components_by_loop(bags, groups, threshold):
    """All pairs in exact arithmetic, then a flood fill."""
    rows = [{int(w): int(row[w]) for w in np.flatnonzero(row)} for row in bags.toarray()]
    n, least = len(rows), 1 - Fraction(str(threshold))
    near = np.zeros((n, n), bool)
    for i in range(n):
        for j in range(n):
            dot = sum(count * rows[j].get(word, 0) for word, count in rows[i].items())
            norms = sum(c * c for c in rows[i].values()) * sum(c * c for c in rows[j].values())
            near[i, j] = groups[i] == groups[j] and norms > 0 and Fraction(dot * dot, norms) > least * least
    labels = np.full(n, -1)
    for i in range(n):
        stack = [i] if labels[i] < 0 else []
        label = labels.max() + 1
        while stack:
            j = stack.pop()
            labels[j] = label
            stack += [k for k in np.flatnonzero(near[j]) if labels[k] < 0]
    return labels


words = st.lists(st.sampled_from(["red", "blue", "hat", "coat", "soft", "warm", "wool", "silk"]), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(words, st.integers(0, 2)), min_size=1, max_size=12),
    st.sampled_from([0.05, 0.1, 0.2, 0.25, 0.5, 0.9, 1.0]),
)
def test_clusters_equal_those_of_a_plain_loop_in_exact_arithmetic(items, threshold):
    texts, groups = [" ".join(each) for each, _ in items], [group for _, group in items]
    found = text.near_duplicates(texts, groups, threshold=threshold, seed=0)
    bags, _ = text.bags(texts)
    assert found.labels.tolist() == components_by_loop(bags, groups, threshold).tolist()


@pytest.mark.parametrize("seed", range(4))
def test_clusters_equal_single_linkage_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    topics = rng.random((6, 40)) ** 4
    counts = rng.poisson(8 * topics[rng.integers(6, size=60)])
    counts[:, 0] += 1  # scikit-learn has no cosine for a text without words
    threshold = 0.0823  # no pair of these lies exactly there
    peer = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="single", distance_threshold=threshold)
    theirs = peer.fit_predict(counts)
    _, first, inverse = np.unique(theirs, return_index=True, return_inverse=True)
    ours = text.connected(counts, np.zeros(60), threshold=threshold)
    assert 2 < ours.max() + 1 < 60
    assert ours.tolist() == np.argsort(np.argsort(first))[inverse].tolist()


# --- invariants
def test_the_pick_does_not_depend_on_the_order_of_rows_but_on_the_seed():
    texts = np.array(["soft red hat"] * 6 + ["warm blue coat"] * 6)
    ids = np.array([f"id{i}" for i in range(12)])
    picks = set()
    for seed in range(8):
        first = text.near_duplicates(texts, ["s"] * 12, threshold=0.1, seed=seed, ids=ids)
        order = np.random.default_rng(seed).permutation(12)
        second = text.near_duplicates(texts[order], ["s"] * 12, threshold=0.1, seed=seed, ids=ids[order])
        assert set(ids[first.keep]) == set(ids[order][second.keep])
        picks.add(tuple(ids[first.keep]))
    assert len(picks) > 3


def test_each_cluster_keeps_one_of_its_members():
    found = text.near_duplicates(["a1 a2", "a1 a2", "b1", "b1 b1", "c1"], "xxxxx", threshold=0.1, seed=3)
    assert sorted(found.labels[found.keep]) == list(range(found.labels.max() + 1))


def test_the_counts_that_are_given_stay_as_they_are():
    counts, _ = text.bags(["b b a c c c", "a b c", "c c a"])
    before = counts.toarray()
    text.connected(counts, [0, 0, 0], threshold=0.1)
    assert counts.toarray().tolist() == before.tolist()


def test_no_text_is_no_cluster():
    assert text.near_duplicates([], [], threshold=0.1, seed=0).labels.shape == (0,)


def test_the_stop_list_is_the_one_that_results_were_made_with():
    assert text.stop_words_digest() == "40e0a284c5b9a220efffd18d4d739fbd3270091d6ce2c75b6effe289d3be5487"


# --- errors
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: text.near_duplicates(["a"], [], threshold=0.1, seed=0),
            "texts and groups must be equally long; got texts 1, groups 0",
        ),
        (
            lambda: text.near_duplicates(["a"], [0], threshold=0, seed=0),
            "the threshold is a cosine distance in (0, 1]; got 0",
        ),
        (
            lambda: text.near_duplicates(["a", "b"], [0, 0], threshold=0.1, seed=0, ids=["x", "x"]),
            "near_duplicates picks by id: ids must be unique and as many as the texts",
        ),
        (lambda: text.Rule(share=2), "share must be between 0 and 1; got 2"),
        (
            lambda: text.mentions([["a"]], ["Red", "red"]),
            "candidate words differ from each other in one spelling, whatever their case; got 'Red' and 'red', "
            "both 'red'. Keep one of them",
        ),
        (
            lambda: text.adjectives([[("red", "hat")]], lambda sentences: [["JJ"]]),
            "a tagger gives one tag a token; it gave 1 for the 2 of ('red', 'hat')",
        ),
    ],
)
def test_an_error_says_what_was_wanted_and_what_came(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
