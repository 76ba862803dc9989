"""A corpus with its activations: aligned, equal to the core's own, and kept word by word as long as nothing changes."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from neuroattr import activations, discovery, papers, recorded, statistics
from neuroattr.discovery import Protocol
from neuroattr.recorded import Recorded, visualness

QUICK = Protocol(draws=2, penalties=(0.01, 1.0))
PAPER = papers.load("discovery").constants


@pytest.fixture
def market(shop, tmp_path, monkeypatch):
    """240 listings with 150 made-up units, of which the first five see the first word; an empty cache."""
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    values = np.random.default_rng(0).normal(size=(len(shop), 150)).astype(np.float32)
    values[:, :5] += 2 * shop.mentions[:, [0]].toarray()
    coords = {"image": shop.ids.to_numpy(), "layer": ("unit", ["a"] * 50 + ["b"] * 100)}
    recording = xr.DataArray(values, dims=("image", "unit"), coords=coords, attrs={"key": {"made": "up"}})
    return Recorded(shop, SimpleNamespace(title="made-up network"), recording, progress=False)


@pytest.fixture
def words(market):
    """Three words that can be measured."""
    return market.learnable(at_least=8)[:3]


def test_the_measurement_is_that_of_the_core(market, words):
    found = market.visualness(words, protocol=QUICK, seed=0)
    train = market.features.train
    scores = discovery.unit_divergence(
        market.responses.to_numpy()[train], market.mentions(words)[train], bins=PAPER.bins, smoothing=PAPER.smoothing
    )
    prime = discovery.prime_units(scores, count=PAPER.prime_units)
    expected = discovery.visualness(market.examples(words), prime, protocol=QUICK, seed=0)
    for name in ("accuracy", "training_accuracy", "C", "images"):
        np.testing.assert_allclose(found[name], expected[name], atol=1e-12)
    np.testing.assert_array_equal(found.prime, prime)
    assert found.attrs == expected.attrs and found.features.values.tolist() == [150, 100, 150]


def test_kept_log_odds_are_those_of_the_word_classifier(market, words):
    found = market.visualness(words, protocol=QUICK, seed=0)
    made = discovery.word_classifier(
        market.examples(words), words[1], found.prime[1].to_numpy(), variant="resample", protocol=QUICK, seed=0
    )
    log_odds = made.log_odds(market.responses.to_numpy())
    np.testing.assert_allclose(found.log_odds.sel(word=words[1], variant="resample"), log_odds, atol=1e-4)
    learned = market.classifier(words[1], protocol=QUICK, seed=0)
    np.testing.assert_array_equal(learned.linear.coefficients, made.coefficients)
    assert learned.recipe["pictures"] == 240 and learned.accuracy.n == made.tested


def test_the_word_that_units_see_is_more_visual(market):
    names = market.learnable(at_least=8)
    mean = market.visualness(names[:6], protocol=QUICK, seed=0).accuracy.mean(("variant", "draw"))
    if market.corpus.words[0] in names[:6]:
        assert mean.sel(word=market.corpus.words[0]) == mean.max()


def test_what_was_measured_is_read_and_only_the_rest_is_measured(market, words, monkeypatch):
    first = market.visualness(words[:2], protocol=QUICK, seed=0)
    measured = []
    own = discovery.word_visualness

    def watched(examples, features, word, *rest, **options):
        measured.append(examples.words[word])
        return own(examples, features, word, *rest, **options)

    monkeypatch.setattr(discovery, "word_visualness", watched)
    second = market.visualness(words[::-1], protocol=QUICK, seed=0)
    assert measured == [words[2]]
    xr.testing.assert_equal(first, second.sel(word=words[:2]))


def test_another_process_reads_the_same(market, words):
    first = market.visualness(words, protocol=QUICK, seed=0)
    again = replace(market).visualness(words, protocol=QUICK, seed=0)
    xr.testing.assert_identical(first, again)


@pytest.mark.parametrize("damage", [b"", b"nonsense" * 40])
def test_a_damaged_file_is_measured_again(market, words, damage, tmp_path):
    first = market.visualness(words[:1], protocol=QUICK, seed=0)
    (kept,) = tmp_path.rglob("visualness/*/*.npz")
    kept.write_bytes(damage)
    xr.testing.assert_equal(first, market.visualness(words[:1], protocol=QUICK, seed=0))


def test_everything_that_decides_a_value_is_in_its_key(market, words):
    def folder(of=market, protocol=QUICK, seed=0, match=()):
        return visualness.WordFiles(visualness.record(of, protocol, seed, match)).folder

    table = market.corpus.table
    turned = table.assign(split=table["split"].map({"train": "test", "test": "train", "validation": "validation"}))
    others = [
        folder(protocol=replace(QUICK, share=0.3)),
        folder(protocol=replace(QUICK, draws=3)),
        folder(match=("category",)),
        folder(match=("category", "group")),
        folder(seed=1),
        folder(of=replace(market, bins=8)),
        folder(of=replace(market, smoothing="epsilon")),
        folder(of=replace(market, recording=market.recording.assign_attrs(key={"made": "else"}))),
        folder(of=replace(market, corpus=replace(market.corpus, table=turned))),
    ]
    assert len({folder(), *others}) == len(others) + 1


def test_other_mentions_are_another_measurement(market, words):
    plain = market.visualness(words[:1], protocol=QUICK, seed=0)
    mentions = market.corpus.mentions.toarray()
    random = np.random.default_rng(0)
    noisy = market.with_mentions(mentions ^ (random.random(mentions.shape) < 0.4))
    assert noisy.features is market.features
    assert not np.array_equal(noisy.visualness(words[:1], protocol=QUICK, seed=0).log_odds, plain.log_odds)
    xr.testing.assert_equal(market.visualness(words[:1], protocol=QUICK, seed=0), plain)


def test_a_matched_contrast_is_another_one(market, words):
    plain, matched = (market.visualness(words, protocol=QUICK, seed=0, match=match) for match in ((), "category"))
    assert not np.array_equal(plain.images, matched.images)
    assert (matched.images <= plain.images).all()


def test_words_that_can_be_measured_have_pictures_on_both_sides_of_every_part(market):
    found = market.learnable(at_least=8)
    assert found == [word for word in market.corpus.frequency.index if word in found]
    for part in ("train", "validation", "test"):
        inside = market.mentions(found).toarray()[(market.corpus.table["split"] == part).to_numpy()]
        assert (np.minimum(inside.sum(0), (~inside).sum(0)) >= 8).all()
    assert market.learnable(at_least=8, among=found[2:4]) == found[2:4]
    assert market.learnable(at_least=10_000) == []


@pytest.fixture(scope="module")
def network():
    from neuroattr import backbone

    return backbone.load("caffenet-mini")


def test_a_corpus_is_recorded_through_a_network(shop, network, cache):
    made = Recorded.of(shop, network, progress=False)
    xr.testing.assert_identical(made.responses, activations.record(network, shop, progress=False).load())
    assert (
        made.corpus is shop and repr(made) == f"Recorded(240 pictures of atelier-shop x 2,256 units of {network.title})"
    )
    assert {name: values.shape for name, values in made.spaces.items()} == {
        layer: (240, width) for layer, width in network.widths.items()
    }
    word = made.learnable(at_least=8)[0]
    found = made.visualness([word], protocol=replace(QUICK, draws=1), seed=0)
    assert found.accuracy.shape == (1, 3, 1) and found.sizes["image"] == len(shop)


def test_pictures_that_cannot_be_read_are_left_out_and_reported(shop, network, monkeypatch):
    def without_two(net, corpus, **options):
        recording = xr.DataArray(np.zeros((238, 3)), dims=("image", "unit"), coords={"image": list(shop.ids[2:])})
        return recording.assign_attrs(skipped=dict.fromkeys(shop.ids[:2], "corrupt image"))

    monkeypatch.setattr(activations, "record", without_two)
    made = Recorded.of(shop, network)
    assert list(made.corpus.ids) == list(shop.ids[2:]) == list(made.recording.image.to_numpy())
    assert made.corpus.report["pictures without activations, left out"] == dict.fromkeys(shop.ids[:2], "corrupt image")


def test_a_corpus_is_loaded_by_name_and_recorded(shop, network, monkeypatch):
    asked = []
    monkeypatch.setattr(recorded.recorded.corpora, "load", lambda name, seed: asked.append((name, seed)) or shop)
    monkeypatch.setattr(Recorded, "of", lambda corpus, network, pooling: asked.append((corpus, pooling)))
    recorded.load("atelier-shop", network, seed=3, pooling="mean")
    assert asked == [("atelier-shop", 3), (shop, "mean")]


def test_a_part_has_the_pictures_and_responses_of_that_part(market):
    test = market.part("test")
    rows = np.flatnonzero(market.corpus.table["split"] == "test")
    assert list(test.corpus.ids) == list(market.corpus.ids[rows]) and len(test) == len(rows)
    np.testing.assert_array_equal(test.responses, market.responses[rows])
    turned = market.subset([5, 3])
    assert list(turned.corpus.ids) == list(market.corpus.ids[[5, 3]])
    np.testing.assert_array_equal(turned.responses, market.responses[[5, 3]])


def test_divergence_is_that_of_the_core_plain_and_matched(market, words):
    half = replace(market, bins=8).part("train")
    said, options = half.mentions(words), {"bins": 8, "smoothing": PAPER.smoothing, "words": words}
    xr.testing.assert_identical(half.divergence(words), discovery.unit_divergence(half.responses, said, **options))
    strata = half.corpus.strata("category")
    matched = discovery.matched_divergence(half.responses, said, strata, **options)
    xr.testing.assert_identical(half.divergence(words, match="category"), matched)
    auc = discovery.unit_scores(half.responses, said, statistics.count_auc, bins=8, words=words)
    xr.testing.assert_identical(half.scores(statistics.count_auc, words), auc)


def test_divergence_is_computed_once_and_read_for_fewer_words(market, words, monkeypatch):
    whole = market.divergence(words)
    monkeypatch.setattr(discovery, "unit_divergence", None)
    xr.testing.assert_identical(market.divergence(words[::-1]), whole.sel(word=words[::-1]))
    xr.testing.assert_identical(market.divergence(words[1:2]), whole.sel(word=words[1:2]))


def test_prime_units_are_those_of_the_training_half_in_any_order_of_words(market, words):
    half = market.part("train")
    expected = discovery.prime_units(half.divergence(words), count=PAPER.prime_units)
    np.testing.assert_array_equal(market.prime_units(words), expected)
    np.testing.assert_array_equal(market.prime_units(words[::-1]), expected[::-1])
    np.testing.assert_array_equal(half.prime_units(words[:1]), expected[:1])
    assert market.prime_units(words).shape == (3, 100)


def test_chance_is_the_divergence_of_a_word_dealt_out_at_random(market, words):
    positives = int(market.corpus.mention(words[0]).sum())
    assert market.chance(words[0]) == statistics.null_divergence(positives, 240 - positives, bins=PAPER.bins)


def test_frequent_words_are_had_and_not_had_by_enough_pictures(market):
    counts = market.corpus.frequency
    assert market.frequent(at_least=20) == [word for word in counts.index if 20 <= counts[word] <= 220]
    assert market.frequent(at_least=121) == []


def test_responses_to_other_pictures_are_refused(market):
    with pytest.raises(
        ValueError, match=r"^a recording must be of the 240 pictures of its corpus, in their order; got "
    ):
        replace(market, recording=market.recording[::-1])


def test_a_column_that_is_not_there_is_refused(market, words):
    with pytest.raises(ValueError, match=r"match names columns of the table, \['image', .*\]; got \['colour'\]"):
        market.visualness(words, protocol=QUICK, seed=0, match="colour")
    with pytest.raises(ValueError, match=r"got \['colour'\]"):
        market.divergence(words, match=["colour"])


def test_a_word_that_is_not_there_is_refused(market):
    with pytest.raises(KeyError, match="'sequinned' is none of the"):
        market.visualness(["sequinned"], protocol=QUICK, seed=0)
    with pytest.raises(KeyError, match="'sequinned' is none of the"):
        market.divergence(["sequinned"])
