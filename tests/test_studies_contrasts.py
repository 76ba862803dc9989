"""Words in several contrasts: equal to the core's own scores, and words that mean nothing."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.sparse
import xarray as xr

from neuroattr import discovery, statistics
from neuroattr.recorded import Recorded
from neuroattr.studies import contrasts


@pytest.fixture
def market(shop):
    """240 listings with 40 made-up units, of which the first sees the first word and five see the category."""
    values = np.random.default_rng(0).normal(size=(len(shop), 40)).astype(np.float32)
    values[:, 0] += 3 * shop.mention(shop.words[0])
    values[:, 1:6] += 2 * shop.strata("category")[:, None] % 7
    coords = {"image": shop.ids.to_numpy(), "layer": ("unit", ["a"] * 40)}
    recording = xr.DataArray(values, dims=("image", "unit"), coords=coords, attrs={"key": "toy"})
    return Recorded(shop, SimpleNamespace(title="made-up network"), recording, progress=False)


def corrected(recorded):
    return partial(statistics.corrected_divergence, smoothing=recorded.smoothing)


def test_the_plain_divergence_is_the_largest_of_the_scores_of_the_core(market):
    words = market.frequent(at_least=10)
    found = contrasts.largest_divergence(market, words)
    expected = market.scores(corrected(market), words).max("unit")
    assert found.index.tolist() == words and found.index.name == "word"
    np.testing.assert_array_equal(found, expected)
    assert found.idxmax() == market.corpus.words[0]


def test_the_matched_divergence_is_that_of_the_core_for_words_that_keep_enough_pictures(market):
    words = market.frequent(at_least=10)
    strata = market.corpus.strata(["category", "group"])
    matching = discovery.matching(market.mentions(words), strata)
    kept = [word for word, n in zip(words, matching.matched, strict=True) if n >= 10]
    found = contrasts.largest_divergence(market, words, match=["category", "group"], at_least=10)
    assert found.index.tolist() == kept and 0 < len(kept) < len(words)
    expected = discovery.matched_scores(
        market.responses, market.mentions(kept), strata, corrected(market), bins=market.bins
    )
    np.testing.assert_array_equal(found, expected.max("unit"))


def test_words_without_contrast_are_left_out(market):
    always = market.corpus.mentions.toarray()
    always[:, 0], always[:, 1] = True, False
    words = list(market.corpus.words[:4])
    found = contrasts.largest_divergence(market.with_mentions(always), words)
    assert found.index.tolist() == words[2:]
    assert contrasts.largest_divergence(market, words, at_least=len(market)).empty


def test_words_as_they_are_have_the_scores_of_the_core_and_the_others_nothing_missing_but_one(market):
    words = list(contrasts.largest_divergence(market, market.corpus.words[:9], match="category", at_least=10).index)
    found = contrasts.shuffled_divergence(market, words, match="category", seed=0)
    assert found.mean_unit.dims == ("mentions", "contrast", "word") and found.word.to_numpy().tolist() == words
    plain = market.scores(corrected(market), words)
    as_they_are = found.sel(mentions="as they are", contrast="plain")
    np.testing.assert_array_equal(as_they_are.mean_unit, plain.mean("unit"))
    np.testing.assert_array_equal(as_they_are.largest_unit, plain.max("unit"))
    matched = contrasts.largest_divergence(market, words, match="category")
    np.testing.assert_array_equal(found.largest_unit.sel(mentions="as they are", contrast="matched"), matched)
    missing = found.mean_unit.isnull().all("word")
    assert int(missing.sum()) == 1 and bool(missing.sel(mentions="dealt out among all", contrast="matched"))


def test_words_dealt_out_within_categories_keep_the_category_until_it_is_matched(market):
    category = market.corpus.strata("category") % 4
    chance = np.where(category[:, None] == np.arange(len(market.corpus.words)) % 4, 0.7, 0.1)
    said = np.random.default_rng(1).random(chance.shape) < chance
    told = replace(market.corpus, mentions=scipy.sparse.csr_array(said))
    values = np.random.default_rng(0).normal(size=(len(market), 40)) + 2 * category[:, None]
    recorded = replace(market, corpus=told, recording=market.recording.copy(data=values))
    words = list(told.words[:8])
    found = contrasts.shuffled_divergence(recorded, words, match="category", seed=0).mean_unit.mean("word")
    within = found.sel(mentions="dealt out within strata")
    among = float(found.sel(mentions="dealt out among all", contrast="plain"))
    assert within.sel(contrast="plain") > 4 * abs(among)
    assert abs(within.sel(contrast="matched")) < within.sel(contrast="plain") / 4


def test_mentions_of_another_corpus_are_taken_by_picture_and_word(market):
    shop = market.corpus
    some = np.arange(len(shop))[::-1][:100]
    recorded = market.subset(some[::-1])
    other = replace(shop, words=shop.words[1:][::-1], mentions=shop.mentions[:, 1:][:, ::-1]).subset(some)
    found = contrasts.with_mentions_of(recorded, other)
    assert found.corpus.words == shop.words and found.corpus.ids.equals(recorded.corpus.ids)
    np.testing.assert_array_equal(found.corpus.mentions[:, 1:].toarray(), recorded.corpus.mentions[:, 1:].toarray())
    assert not found.corpus.mention(shop.words[0]).any()


def test_pictures_that_the_other_corpus_has_not_are_refused(market):
    with pytest.raises(ValueError, match="230 of 240 pictures are not in atelier-shop"):
        contrasts.with_mentions_of(market, market.corpus.subset(np.arange(10)))
