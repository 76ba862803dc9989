import numpy as np
import pytest
import scipy.stats
import xarray as xr

from neuroattr import discovery, statistics
from neuroattr.people import simulation


def box(answers):
    return xr.DataArray(
        np.asarray(answers), dims=("word", "pair", "vote"), coords={"word": [f"w{i}" for i in range(len(answers))]}
    )


def simulated(chances, *, pairs, seed, annotators=5):
    """Each word has a chance that all annotators of a pair choose the positive; else none."""
    shows = np.random.default_rng(seed).random((len(chances), pairs)) < np.asarray(chances)[:, None]
    return box(np.repeat(np.where(shows, 0, 2)[:, :, None], annotators, axis=2))


def test_equation_3_by_hand():
    # Positive votes of five: 4, 3, 5 and 0. More than three: two of four pairs; at least three: three of four.
    answers = box([[[0, 0, 0, 0, 1], [0, 0, 0, 2, 2], [0] * 5, [1, 1, 2, 2, 2]]])
    assert discovery.human_visualness(answers, theta=3).visualness.values == [0.5]
    assert discovery.human_visualness(answers, theta=3, strict=False).visualness.values == [0.75]


def test_the_interval_is_wilsons():
    human = discovery.human_visualness(simulated([0.3], pairs=50, seed=0), theta=3)
    n_agreed = round(float(human.visualness[0]) * 50)
    expected = scipy.stats.binomtest(n_agreed, 50).proportion_ci(method="wilson")
    np.testing.assert_allclose([human.low[0], human.high[0]], [expected.low, expected.high])
    assert human.pairs.values == [50]


def test_ballots_collect_judgements_in_any_order():
    table = [("red", 7, "positive"), ("due", 7, "none"), ("red", 9, "negative"), ("red", 7, "none")]
    found = discovery.ballots(*zip(*table, strict=True))
    assert found["word"].values.tolist() == ["red", "due"]
    assert found.values.tolist() == [[[0, 2], [1, -1]], [[2, -1], [-1, -1]]]


def test_pairs_that_nobody_judged_do_not_count():
    answers = box([[[0, 0], [-1, -1]], [[0, 0], [2, 2]]])
    human = discovery.human_visualness(answers, theta=1)
    assert human.visualness.values.tolist() == [1, 0.5] and human.pairs.values.tolist() == [1, 2]


def test_the_table_of_simulated_annotators_is_read():
    mentions = np.random.default_rng(0).random((40, 2)) < 0.5
    evidence = simulation.Evidence(
        [f"i{n}" for n in range(40)], ["red", "due"], mentions, mentions, np.array([0.9, 0.1])
    )
    panel = simulation.Panel(words=2, pairs=50, annotators=5, workers=9, error=0.05, guess=0.2)
    votes = simulation.votes(evidence, panel, seed=0)
    human = discovery.human_visualness(discovery.ballots(votes["word"], votes["pair"], votes["answer"]), theta=3)
    for word, judged in votes.groupby("word"):
        counts = judged[judged["answer"] == "positive"].groupby("pair").size()
        assert float(human.visualness.sel(word=word)) == pytest.approx((counts > 3).sum() / 50)
    assert human.visualness.sel(word="red") > human.visualness.sel(word="due") + 0.4


def test_the_ceiling_is_what_true_values_reach():
    chances = np.random.default_rng(0).beta(1, 2, 100)
    reached = [
        np.corrcoef(chances, discovery.human_visualness(simulated(chances, pairs=10, seed=s), theta=3).visualness)[0, 1]
        for s in range(20)
    ]
    found = discovery.noise_ceiling(simulated(chances, pairs=10, seed=0), theta=3, draws=40, seed=0)
    assert found.ceiling.value == pytest.approx(np.mean(reached), abs=0.03)
    assert found.reliability.low < found.reliability.value < found.reliability.high
    assert found.ceiling.value == pytest.approx(np.sqrt(found.reliability.value))
    assert found.ceiling.n == 100


def test_pure_noise_has_no_ceiling_and_certainty_a_full_one():
    noise = discovery.noise_ceiling(simulated(np.full(200, 0.5), pairs=20, seed=1), theta=3, draws=20, seed=0)
    assert noise.reliability.low < 0 < noise.reliability.high
    sure = discovery.noise_ceiling(simulated([0, 0, 1, 1, 1], pairs=4, seed=0), theta=3, draws=5, seed=0)
    assert sure.ceiling.value == pytest.approx(1)


def test_the_language_prior_by_hand():
    adjectives, nouns, counts = ["red", "red", "red", "due"], ["dress", "skirt", "car", "date"], [6, 1, 1, 2]
    options = {"words": ["due", "red", "sequined"], "objects": ["dress", "skirt"]}
    np.testing.assert_allclose(discovery.language_prior(adjectives, nouns, counts, **options), [0, 0.7, 0])
    found = discovery.language_prior(adjectives, nouns, counts, **options, total=1000)
    np.testing.assert_allclose(found, [0, 0.007, 0])


def test_agreement_is_that_of_scipy_with_an_interval():
    random = np.random.default_rng(0)
    human = random.random(60)
    machine = human + 0.3 * random.normal(size=60)
    found = discovery.agreement(machine, human, draws=200, seed=0)
    assert found.pearson.value == pytest.approx(scipy.stats.pearsonr(machine, human).statistic)
    assert found.spearman.value == pytest.approx(scipy.stats.spearmanr(machine, human).statistic)
    assert found.pearson.low < found.pearson.value < found.pearson.high and found.pearson.n == 60


def test_words_meet_by_name_and_those_without_a_value_stay_out():
    words = [f"w{i}" for i in range(12)]
    human = xr.DataArray(np.arange(12.0) ** 2, dims="word", coords={"word": words})
    machine = human[::-1][2:].copy() + np.array([0, 3, 0, 1, 0, 2, 0, 0, 5, 0])
    machine[4] = np.nan
    found = discovery.agreement(machine, human, draws=50, seed=0)
    assert found.spearman.n == 9 and found.spearman.value > 0.9


def test_the_advantage_of_a_row_is_paired():
    random = np.random.default_rng(0)
    human = random.random(80)
    close, far = human + 0.2 * random.normal(size=80), human + random.normal(size=80)
    found = discovery.advantage(close, far, human, draws=200, seed=0)
    expected = statistics.pearson(close, human).value - statistics.pearson(far, human).value
    assert found.pearson.value == pytest.approx(expected) and found.pearson.low > 0
    turned = discovery.advantage(far, close, human, draws=200, seed=0)
    assert turned.spearman.value == pytest.approx(-found.spearman.value)
    same = discovery.advantage(close, close, human, draws=20, seed=0).spearman
    assert (same.value, same.low, same.high) == (0, 0, 0)


def words_of(values):
    values = np.asarray(values, float)
    return xr.DataArray(values, dims="word", coords={"word": [f"w{i}" for i in range(len(values))]})


def test_lists_of_two_rows_share_words_beyond_chance_by_hand():
    # Of ten words the three largest are 9 8 7 and 9 8 0: two shared, chance shares 9 / 10.
    first, second = np.arange(10.0), np.array([7.5, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    found = discovery.shared_extremes(words_of(first), words_of(second), count=3)
    assert found.value == pytest.approx(2 - 0.9) and found.n == 3
    assert found.low == pytest.approx(3 * statistics.proportion(2, 3).low - 0.9)
    assert discovery.shared_extremes(words_of(first), words_of(first), count=3, least=True).value == pytest.approx(2.1)
    with pytest.raises(ValueError, match="lists of 10 need more than 10 words that both rows have; got 10"):
        discovery.shared_extremes(words_of(first), words_of(first), count=10)


def test_the_most_accurate_row_need_not_be_the_closest():
    human = np.random.default_rng(0).random(60)
    rows = {"close": words_of(human / 2), "accurate": words_of(0.9 + 0.01 * np.random.default_rng(1).random(60))}
    names, share = discovery.other_winner(rows, words_of(human), draws=50, seed=0)
    assert names == ("accurate", "close") and share.value == 1 and share.n == 50
    names, share = discovery.other_winner(
        {"close": rows["close"] + 1, **{"accurate": rows["accurate"]}}, words_of(human), draws=50, seed=0
    )
    assert names == ("close", "close") and share.value == 0


@pytest.mark.parametrize(("theta", "strict", "needed"), [(5, True, "> 5 asks for 6"), (0, False, ">= 0 asks for 0")])
def test_a_threshold_that_decides_nothing_is_refused(theta, strict, needed):
    with pytest.raises(ValueError, match=f"theta must ask for 1 to 5 of the 5 votes of a pair; {needed}"):
        discovery.human_visualness(simulated([0.5], pairs=3, seed=0), theta=theta, strict=strict)


def test_answers_that_are_none_of_the_three_are_refused():
    with pytest.raises(ValueError, match="answers must be positive, negative, none; got both"):
        discovery.ballots(["red"], [1], ["both"])
    with pytest.raises(ValueError, match="ballots need at least one judgement; got none"):
        discovery.ballots([], [], [])
    with pytest.raises(ValueError, match="words and pairs and answers must be equally long"):
        discovery.ballots(["red"], [1, 2], ["none"])


def test_votes_without_halves_are_refused():
    options = {"theta": 3, "draws": 3, "seed": 0}
    with pytest.raises(ValueError, match="a split half needs at least two pairs of every word"):
        discovery.noise_ceiling(simulated([0.5] * 5, pairs=1, seed=0), **options)
    with pytest.raises(ValueError, match="a noise ceiling needs at least four words; got 2"):
        discovery.noise_ceiling(simulated([0.5] * 2, pairs=6, seed=0), **options)
    with pytest.raises(ValueError, match="all words have the same human visualness: there is nothing to correlate"):
        discovery.noise_ceiling(simulated([1.0] * 5, pairs=6, seed=0), **options)
    with pytest.raises(ValueError, match="draws must be at least 1; got 0"):
        discovery.noise_ceiling(simulated([0, 1, 0, 1], pairs=6, seed=0), theta=3, draws=0, seed=0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"counts": [-1]}, "counts must not be negative"),
        ({"counts": [1, 2]}, "adjectives and nouns and counts must be equally long"),
        ({"objects": ["hat", "hat"]}, "objects must differ from each other; some are given twice"),
        ({"total": 0}, "total must be positive; got 0"),
    ],
)
def test_counts_that_cannot_be_are_refused(change, message):
    options = {"adjectives": ["red"], "nouns": ["hat"], "counts": [1], "words": ["red"], "objects": ["hat"]} | change
    with pytest.raises(ValueError, match=message):
        discovery.language_prior(**options)


def test_rows_that_cannot_be_compared_are_refused():
    with pytest.raises(ValueError, match="rows must be equally long, or all labelled by word"):
        discovery.agreement(np.ones(4), np.ones(5), draws=10, seed=0)
    table = xr.DataArray(np.ones((4, 2)), dims=("word", "draw"))
    with pytest.raises(ValueError, match="words are compared, so each row must have the one dimension 'word'"):
        discovery.agreement(table, table, draws=10, seed=0)
