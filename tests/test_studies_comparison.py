"""Methods side by side: agreement with people, ends of rankings, means over words; the purifier over many words."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from neuroattr import atelier, discovery, statistics
from neuroattr.discovery import Protocol
from neuroattr.recorded import Recorded
from neuroattr.studies import comparison, purifier, truths

WORDS = ["red", "floral", "soft", "new"]
ONCE = Protocol(draws=1, penalties=(0.01, 1.0))


def by_word(values, words=WORDS):
    return xr.DataArray(np.asarray(values, float), dims="word", coords={"word": list(words)})


@pytest.fixture
def rows():
    """Twenty words as people and three methods see them: one follows people, one is noise, one misses two words."""
    rng, words = np.random.default_rng(0), [f"w{w}" for w in range(20)]
    human = by_word(rng.random(20), words)
    gaps = by_word(rng.random(20), words)
    gaps[:2] = np.nan
    return human, {"close": human + 0.1 * rng.random(20), "noise": by_word(rng.random(20), words), "gaps": gaps}


def market(shop, seen):
    """The shop with 120 made-up units, of which the first twenty see what is given."""
    values = np.random.default_rng(0).normal(size=(len(shop), 120)).astype(np.float32)
    values[:, :20] += seen
    coords = {"image": shop.ids.to_numpy()}
    responses = xr.DataArray(values, dims=("image", "unit"), coords=coords, attrs={"key": {"made": "up"}})
    return Recorded(shop, SimpleNamespace(title="made-up network"), responses, progress=False)


# By hand


def test_the_ends_of_a_row_by_hand():
    rows = {"people": by_word([0.9, 0.8, 0.1, 0.1]), "text": pd.Series([0.0, 2, np.nan, 3], WORDS)}
    ends = comparison.extremes(rows, count=2)
    assert ends.loc["people"].to_dict() == {"most": ["red", "floral"], "least": ["new", "soft"]}
    assert ends.loc["text"].to_dict() == {"most": ["new", "floral"], "least": ["red", "floral"]}
    shared = comparison.shared(ends, "people")
    assert shared.loc["people"].tolist() == [2, 2] and shared.loc["text"].to_dict() == {"most": 1, "least": 0}


def test_means_over_words_by_hand():
    auc = xr.DataArray(
        [[[0.5, 1.0], [0.7, 1.0]], [[0.4, 0.9], [0.4, 0.5]]],
        dims=("case", "word", "variant"),
        coords={"word": ["red", "blue"], "variant": ["random", "resample"]},
    )
    found = comparison.means_over_words(auc.transpose("word", "variant", "case"), draws=50, seed=0)
    values = {variant: [round(one.value, 3) for one in each] for variant, each in found.items()}
    assert values == {"random": [0.6, 0.4], "resample": [1.0, 0.7]}
    assert all(one.n == 2 for each in found.values() for one in each)


# Against the functions of one row


def test_agreements_are_those_of_each_row(rows):
    human, methods = rows
    table = comparison.agreements(methods, human, draws=50, seed=1)
    assert table.index.tolist() == list(methods) and table.columns.tolist() == ["Pearson", "Spearman"]
    for name, row in methods.items():
        expected = discovery.agreement(row, human, draws=50, seed=1)
        assert (table.Pearson[name], table.Spearman[name]) == (expected.pearson, expected.spearman)
    assert table.Pearson["gaps"].n == 18
    assert comparison.agreements({}, human, draws=50, seed=1).empty


def test_advantages_are_those_of_each_pair_and_pairs_without_a_method_are_left_out(rows):
    human, methods = rows
    pairs = {"close over noise": ("close", "noise"), "close over nothing": ("close", "nothing")}
    table = comparison.advantages(methods, pairs, human, draws=50, seed=1)
    expected = discovery.advantage(methods["close"], methods["noise"], human, draws=50, seed=1)
    assert table.index.tolist() == ["close over noise"]
    assert table.Spearman["close over noise"] == expected.spearman and expected.spearman.value > 0


def test_shared_ends_are_those_that_the_core_counts(rows):
    human, methods = rows
    shared = comparison.shared(comparison.extremes({"people": human} | methods, count=5), "people")
    for end, least in (("most", False), ("least", True)):
        beyond = discovery.shared_extremes(methods["close"], human, count=5, least=least)
        assert shared[end]["close"] == round(beyond.value + 5 * 5 / 20)


def test_an_unknown_row_shares_nothing(rows):
    with pytest.raises(KeyError, match="nobody"):
        comparison.shared(comparison.extremes({"people": rows[0]}, count=5), "nobody")


# The purifier


def test_suspects_are_checked_for_each_word_and_side(shop, cache):
    words = [word for word in shop.words if shop.truth.kinds[word] == "visual"][:2]
    true = truths.shown(shop, words)
    recorded = market(shop, 1.5 * true[[words[0]]].to_numpy())
    table = purifier.checked(recorded, true, protocol=ONCE, seed=0, count=5)
    assert set(table.index.get_level_values("word")) == set(words)
    log_odds = recorded.visualness(words, protocol=ONCE, seed=0).log_odds.sel(word=words[0], variant="resample")
    test = (shop.table["split"] == "test").to_numpy()
    arrays = (log_odds.to_numpy()[test], shop.mention(words[0])[test], true[words[0]].to_numpy()[test])
    for side, missed in purifier.SIDES.items():
        expected = truths.purified(*arrays, count=5, missed=missed)
        assert table.loc[(words[0], side)].tolist() == [expected.precision, expected.base, expected.gain]


def test_a_word_whose_truth_is_not_known_is_left_out(shop, cache):
    word = next(word for word in shop.words if shop.truth.kinds[word] == "visual")
    true = atelier.applies(shop)[[word]].astype(float)
    recorded = market(shop, true.to_numpy())
    true.loc[shop.mention(word)] = np.nan
    table = purifier.checked(recorded, true, protocol=ONCE, seed=0, count=5)
    assert table.index.tolist() == [(word, "not in text, predicted most")]


def test_what_is_found_beyond_the_base_rate_by_hand():
    first, second = purifier.SIDES
    half, tenth = statistics.proportion(5, 10), statistics.proportion(1, 10)
    rows = {}
    for word in ("red", "blue"):
        rows[word, first] = [half, tenth, statistics.proportion_difference(half, tenth)]
        rows[word, second] = [tenth, tenth, statistics.proportion_difference(tenth, tenth)]
    rows["green", second] = rows["red", second]
    index = pd.MultiIndex.from_tuples(list(rows), names=["word", "suspects"])
    table = pd.DataFrame(list(rows.values()), index, ["right suspects", "base rate", "gain"], dtype=object)
    found = purifier.beyond_base_rate(table, draws=20, seed=0)
    assert found.loc[first, ["words", "mean precision", "mean base rate"]].tolist() == [2, 0.5, 0.1]
    assert found["words"][second] == 3 and found["gain"][second].value == 0
    assert found["gain"][first].value == pytest.approx(0.4) and found["gain"][first].n == 2


def test_a_side_of_which_too_few_words_are_known_is_an_error():
    index = pd.MultiIndex.from_tuples([], names=["word", "suspects"])
    table = pd.DataFrame([], index, ["right suspects", "base rate", "gain"], dtype=object)
    with pytest.raises(ValueError, match="length of at least 2"):
        purifier.beyond_base_rate(table, draws=20, seed=0)
