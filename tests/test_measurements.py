"""Kept measurements: equal to the core's own, kept word by word, and made anew when what decides them changes."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from neuroattr import discovery, measurements, papers
from neuroattr.discovery import Protocol
from neuroattr.measurements import Bench, storage

QUICK = Protocol(draws=2, penalties=(0.01, 1.0))
PAPER = papers.load("discovery").constants


@pytest.fixture
def bench(shop, tmp_path, monkeypatch):
    """A bench over 240 listings with 150 made-up units, of which the first five see the first word; an empty cache."""
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    values = np.random.default_rng(0).normal(size=(len(shop), 150)).astype(np.float32)
    values[:, :5] += 2 * shop.mentions[:, [0]].toarray()
    responses = xr.DataArray(
        values, dims=("image", "unit"), coords={"image": shop.ids.to_numpy()}, attrs={"key": {"made": "up"}}
    )
    return Bench(shop, responses, seed=0, progress=False)


@pytest.fixture
def words(bench):
    """Three words that can be measured."""
    return bench.measurable(rarest=8)[:3]


def test_the_measurement_is_that_of_the_core(bench, words):
    found = bench.visualness(words, protocol=QUICK)
    train = bench.features.train
    scores = discovery.unit_divergence(
        bench.responses.to_numpy()[train], bench.mentions(words)[train], bins=PAPER.bins, smoothing=PAPER.smoothing
    )
    prime = discovery.prime_units(scores, count=PAPER.prime_units)
    expected = discovery.visualness(bench.examples(words), prime, protocol=QUICK, seed=0)
    for name in ("accuracy", "training_accuracy", "C", "images"):
        np.testing.assert_allclose(found[name], expected[name], atol=1e-12)
    np.testing.assert_array_equal(found.prime, prime)
    assert found.attrs == expected.attrs and found.features.values.tolist() == [150, 100, 150]


def test_kept_odds_are_those_of_the_word_classifier(bench, words):
    found = bench.visualness(words, protocol=QUICK)
    made = discovery.word_classifier(
        bench.examples(words), words[1], found.prime[1].to_numpy(), variant="resample", protocol=QUICK, seed=0
    )
    odds = made.log_odds(bench.responses.to_numpy())
    np.testing.assert_allclose(found.odds.sel(word=words[1], variant="resample"), odds, atol=1e-4)


def test_the_word_that_units_see_is_more_visual(bench):
    names = bench.measurable(rarest=8)
    mean = bench.visualness(names[:6], protocol=QUICK).accuracy.mean(("variant", "draw"))
    if bench.corpus.words[0] in names[:6]:
        assert mean.sel(word=bench.corpus.words[0]) == mean.max()


def test_what_was_measured_is_read_and_only_the_rest_is_measured(bench, words, monkeypatch):
    first = bench.visualness(words[:2], protocol=QUICK)
    measured = []
    own = discovery.word_visualness

    def watched(examples, features, word, *rest, **options):
        measured.append(examples.words[word])
        return own(examples, features, word, *rest, **options)

    monkeypatch.setattr(discovery, "word_visualness", watched)
    second = bench.visualness(words[::-1], protocol=QUICK)
    assert measured == [words[2]]
    xr.testing.assert_equal(first, second.sel(word=words[:2]))


def test_another_process_reads_the_same(bench, words):
    first = bench.visualness(words, protocol=QUICK)
    again = Bench(bench.corpus, bench.responses, seed=0).visualness(words, protocol=QUICK)
    xr.testing.assert_identical(first, again)


@pytest.mark.parametrize("damage", [b"", b"nonsense" * 40])
def test_a_damaged_file_is_measured_again(bench, words, damage, tmp_path):
    first = bench.visualness(words[:1], protocol=QUICK)
    (kept,) = tmp_path.rglob("measurements/*/*.npz")
    kept.write_bytes(damage)
    xr.testing.assert_equal(first, bench.visualness(words[:1], protocol=QUICK))


def test_everything_that_decides_a_value_is_in_its_key(bench, words):
    def folder(of=bench, protocol=QUICK, match=()):
        return storage.WordFiles(of._record(protocol, match)).folder

    table = bench.corpus.table
    turned = table.assign(split=table["split"].map({"train": "test", "test": "train", "validation": "validation"}))
    others = [
        folder(protocol=replace(QUICK, share=0.3)),
        folder(protocol=replace(QUICK, draws=3)),
        folder(match=("category",)),
        folder(match=("category", "group")),
        folder(of=replace(bench, seed=1)),
        folder(of=replace(bench, responses=bench.responses.assign_attrs(key={"made": "else"}))),
        folder(of=replace(bench, corpus=replace(bench.corpus, table=turned), features=None)),
    ]
    assert len({folder(), *others}) == len(others) + 1


def test_other_mentions_are_another_measurement(bench, words):
    plain = bench.visualness(words[:1], protocol=QUICK)
    mentions = bench.corpus.mentions.toarray()
    random = np.random.default_rng(0)
    noisy = bench.with_mentions(mentions ^ (random.random(mentions.shape) < 0.4))
    assert noisy.features is bench.features
    assert not np.array_equal(noisy.visualness(words[:1], protocol=QUICK).odds, plain.odds)
    xr.testing.assert_equal(bench.visualness(words[:1], protocol=QUICK), plain)


def test_a_matched_contrast_is_another_one(bench, words):
    plain, matched = (bench.visualness(words, protocol=QUICK, match=match) for match in ((), "category"))
    assert not np.array_equal(plain.images, matched.images)
    assert (matched.images <= plain.images).all()


def test_words_that_can_be_measured_have_pictures_on_both_sides_of_every_part(bench):
    found = bench.measurable(rarest=8)
    assert found == [word for word in bench.corpus.frequency.index if word in found]
    for part in ("train", "validation", "test"):
        inside = bench.mentions(found)[(bench.corpus.table["split"] == part).to_numpy()]
        assert (np.minimum(inside.sum(0), (~inside).sum(0)) >= 8).all()
    assert bench.measurable(rarest=8, among=found[2:4]) == found[2:4]
    assert bench.measurable(rarest=10_000) == []


def test_the_function_measures_a_corpus_through_a_network(shop, tmp_path, monkeypatch):
    from neuroattr import backbone

    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    network = backbone.load("caffenet-mini")
    word = Bench.of(shop, network, seed=0, progress=False).measurable(rarest=8)[0]
    found = measurements.visualness(shop, network, [word], protocol=replace(QUICK, draws=1), seed=0, progress=False)
    assert found.accuracy.shape == (1, 3, 1) and found.sizes["image"] == len(shop)


def test_responses_to_other_pictures_are_refused(bench):
    with pytest.raises(ValueError, match="a bench wants the responses to the 240 pictures of its corpus, in their ord"):
        Bench(bench.corpus, bench.responses[::-1], seed=0)


def test_a_column_that_is_not_there_is_refused(bench, words):
    with pytest.raises(ValueError, match=r"match names columns of the table, \['image', .*\]; got \['colour'\]"):
        bench.visualness(words, protocol=QUICK, match="colour")


def test_a_word_that_is_not_there_is_refused(bench):
    with pytest.raises(KeyError, match="'sequinned' is none of the"):
        bench.visualness(["sequinned"], protocol=QUICK)
