from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse
import scipy.stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.preprocessing import StandardScaler

from neuroattr import discovery
from neuroattr.discovery import examples as examples_module
from neuroattr.discovery.classifiers import fitted, halves
from neuroattr.discovery.examples import Features
from neuroattr.discovery.protocol import Protocol

WORDS = ("striped", "faint", "genuine")


@pytest.fixture(scope="module")
def examples():
    """240 images, 80 units; units 0 to 4 see "striped" well, 5 to 9 see "faint" a little, nothing sees "genuine"."""
    random = np.random.default_rng(0)
    values = random.normal(size=(240, 80)).astype(np.float32) + 1
    mentions = random.random((240, 3)) < [0.4, 0.4, 0.3]
    values[:, :5] += 2 * mentions[:, :1]
    values[:, 5:10] += 0.5 * mentions[:, 1:2]
    split = np.array(["train", "test", "train", "validation"] * 60)
    return discovery.Examples(values, scipy.sparse.csr_array(mentions), split, WORDS)


PRIME = np.array([np.arange(12), np.arange(5, 17), np.arange(20, 32)])
QUICK = Protocol(draws=2, penalties=(0.01, 1.0))


def plain(examples, *, shared=False, standardised=True):
    return Features(examples.values, np.flatnonzero(examples.split == "train"), standardised, shared)


def test_naive_bayes_has_the_log_odds_of_normal_densities(examples):
    protocol = replace(QUICK, initial="naive bayes", variants=("initial",))
    features = plain(examples)
    made = fitted(examples, features, 1, PRIME[1], 0, protocol=protocol, seed=0)["initial"]
    values, others = (features.rows(rows, PRIME[1]) for rows in (made.learned, made.tested))
    positive, negative = (
        scipy.stats.norm.logpdf(others, side.mean(axis=0), side.std(axis=0)).sum(axis=1) for side in np.split(values, 2)
    )
    np.testing.assert_allclose(made.decide(made.tested), positive - negative, rtol=1e-6)


def test_the_random_baseline_is_a_scikit_learn_pipeline(examples):
    protocol = replace(QUICK, penalties=(0.1,), variants=("random",), tolerance=1e-9)
    made = fitted(examples, plain(examples), 1, PRIME[1], 0, protocol=protocol, seed=3)["random"]
    values = examples.values.astype(float)  # scikit-learn computes in single precision what is given so
    scaler = StandardScaler().fit(values[examples.split == "train"])
    expected = LogisticRegression(C=0.1, tol=1e-10, max_iter=10_000).fit(
        scaler.transform(values[made.learned]), halves(made.learned)
    )
    log_odds = expected.decision_function(scaler.transform(values[made.tested]))
    np.testing.assert_allclose(made.decide(made.tested), log_odds, atol=1e-5)
    assert made.accuracy(made.tested) == ((log_odds > 0) == halves(made.tested)).mean()


def test_the_penalty_is_the_best_on_validation(examples):
    protocol = replace(QUICK, penalties=(1e-4, 0.01, 1.0, 100.0), variants=("initial",))
    made = fitted(examples, plain(examples), 1, PRIME[1], 0, protocol=protocol, seed=0)["initial"]
    rows = examples.drawn(1, 0, seed=0)["validation"]
    accuracies = [
        fitted(examples, plain(examples), 1, PRIME[1], 0, protocol=replace(protocol, penalties=(C,)), seed=0)[
            "initial"
        ].accuracy(rows)
        for C in protocol.penalties
    ]
    best = int(np.argmax(accuracies))
    assert protocol.penalties[best] == made.C


def test_visualness_ranks_words_as_units_see_them(examples):
    found = discovery.visualness(examples, PRIME, protocol=QUICK, seed=0)
    assert found.accuracy.dims == ("word", "variant", "draw") and found.accuracy.shape == (3, 3, 2)
    mean = found.accuracy.mean("draw")
    assert (mean.sel(word="striped") > 0.85).all()
    assert (mean.sel(word="striped") > mean.sel(word="faint")).all()
    assert (abs(mean.sel(word="genuine") - 0.5) < 0.2).all()
    assert found.features.values.tolist() == [80, 12, 80]
    assert set(np.unique(found.C)) <= set(QUICK.penalties)


def test_shared_inner_products_and_word_by_word_are_the_same(examples):
    together = discovery.visualness(examples, PRIME, protocol=QUICK, seed=0)
    for word in range(3):
        for draw in range(2):
            made = fitted(examples, plain(examples), word, PRIME[word], draw, protocol=QUICK, seed=0)
            for v, classifier in enumerate(made.values()):
                assert classifier.accuracy(classifier.tested) == together.accuracy[word, v, draw]


def test_products_of_blocks_are_products_of_features(examples, monkeypatch):
    monkeypatch.setattr(examples_module, "LOADED", 7)
    rows = np.array([3, 100, 7])
    expected = plain(examples).rows(rows) @ plain(examples).rows(np.arange(20)).T
    for shared in (True, False):
        found = plain(examples, shared=shared).products(rows, np.arange(20))
        np.testing.assert_allclose(found, expected, atol=1e-10)


def test_a_constant_unit_is_zero_and_not_nan():
    values = np.ones((8, 2), np.float32)
    assert (Features(values, np.arange(8), True, False).rows(np.arange(8)) == 0).all()


def test_a_word_is_judged_the_same_whatever_the_others_are(examples):
    whole = discovery.visualness(examples, PRIME, protocol=QUICK, seed=0)
    alone = discovery.Examples(examples.values, examples.mentions[:, [1]], examples.split, WORDS[1:2])
    found = discovery.visualness(alone, PRIME[1:2], protocol=QUICK, seed=0)
    np.testing.assert_array_equal(found.accuracy[0], whole.accuracy[1])


def test_draws_are_balanced_and_stay_in_their_part(examples):
    for part, rows in examples.drawn(0, 1, seed=5).items():
        assert (examples.split[rows] == part).all()
        assert examples.mention(0)[rows].tolist() == halves(rows).tolist()
        assert len(set(rows)) == len(rows)
    others = examples.drawn(0, 2, seed=5)["train"]
    assert set(others) != set(examples.drawn(0, 1, seed=5)["train"])


def test_matched_examples_match_in_every_part(examples):
    strata = np.random.default_rng(1).choice(["dress", "shoe"], 240)
    matched = replace(examples, strata=strata)
    for rows in matched.drawn(0, 0, seed=0).values():
        positives, negatives = np.split(strata[rows], 2)
        assert sorted(positives) == sorted(negatives)


def test_strata_that_leave_nothing_are_refused(examples):
    matched = replace(examples, strata=examples.mention(0))
    message = "no stratum of the train images has images with 'striped' and without it; leave the word out, or match by"
    with pytest.raises(ValueError, match=message):
        matched.drawn(0, 0, seed=0)


def test_resampling_keeps_the_surest_half_of_the_smaller_side(examples):
    protocol = replace(QUICK, pool="all")
    made = fitted(examples, plain(examples), 0, PRIME[0], 0, protocol=protocol, seed=0)
    pool = examples.split == "train"
    positives = np.flatnonzero(pool & examples.mention(0))
    negatives = np.flatnonzero(pool & ~examples.mention(0))
    count = round(0.5 * min(len(positives), len(negatives)))
    decide = made["initial"].decide
    expected = [
        *positives[np.argsort(-decide(positives))[:count]],
        *negatives[np.argsort(decide(negatives))[:count]],
    ]
    assert made["resample"].learned.tolist() == expected


@pytest.mark.parametrize(
    "change",
    [
        {"initial": "naive bayes"},
        {"initial": "svm"},
        {"sides": "positives"},
        {"ranked": "validation"},
        {"pool": "all"},
        {"test_resampled": True},
        {"share": 0.1},
        {"penalties": (1.0,), "standardised": False},
    ],
    ids=str,
)
def test_every_choice_finds_the_visual_word(examples, change):
    found = discovery.visualness(examples, PRIME, protocol=replace(QUICK, **change), seed=0)
    assert (found.accuracy.sel(word="striped").mean("draw") > 0.7).all()
    assert found.attrs[next(iter(change))] == str(next(iter(change.values())))


def test_choices_choose_the_images_they_say(examples):
    def learned(**change):
        protocol = replace(QUICK, **change)
        return fitted(examples, plain(examples), 0, PRIME[0], 0, protocol=protocol, seed=0)["resample"]

    drawn = examples.drawn(0, 0, seed=0)
    assert set(learned().learned) < set(drawn["train"])
    assert not set(learned(pool="all").learned) <= set(drawn["train"])
    assert (examples.split[learned(ranked="validation").learned] == "validation").all()
    assert set(learned(test_resampled=True).tested) < set(drawn["test"])
    usual, positives = learned().learned, learned(sides="positives").learned
    half = len(usual) // 2
    assert usual[:half].tolist() == positives[:half].tolist() and set(usual[half:]) != set(positives[half:])


def test_direct_precision_judges_the_same_test_images(examples):
    scores = np.random.default_rng(0).normal(size=(240, 3))
    found = discovery.direct_precision(examples, scores, draws=2, seed=4)
    rows = examples.drawn(2, 1, seed=4)["test"]
    expected = average_precision_score(halves(rows), scores[rows, 2])
    assert found.sel(word="genuine").values[1] == pytest.approx(expected)


@pytest.mark.parametrize("variant", ["random", "initial", "resample"])
def test_a_word_classifier_reads_activations_as_they_are(examples, variant):
    protocol = replace(QUICK, draws=1)
    found = discovery.word_classifier(examples, "striped", PRIME[0], variant=variant, protocol=protocol, seed=0)
    made = fitted(examples, plain(examples), 0, PRIME[0], 0, protocol=protocol, seed=0)[variant]
    np.testing.assert_allclose(found.log_odds(examples.values), made.decide(np.arange(240)), atol=1e-6)
    assert (found.accuracy, found.tested, found.learned) == (
        made.accuracy(made.tested),
        len(made.tested),
        len(made.learned),
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"variants": ()}, "variants must name at least one of random, initial, resample"),
        ({"variants": ("best",)}, "each of variants must be one of 'random', 'initial', 'resample'; got 'best'"),
        ({"initial": "tree"}, "initial must be one of 'logistic', 'naive bayes', 'svm'; got 'tree'"),
        ({"share": 0}, "share must be above 0 and at most 1; got 0"),
        ({"sides": "one"}, "sides must be one of 'both', 'positives'; got 'one'"),
        ({"ranked": "test"}, "ranked must be one of 'train', 'validation'; got 'test'"),
        ({"pool": "some"}, "pool must be one of 'drawn', 'all'; got 'some'"),
        ({"penalties": (0.0,)}, r"penalties must be one or more positive C; got \(0.0,\)"),
        ({"draws": 0}, "draws must be at least 1; got 0"),
        ({"tolerance": 0}, "tolerance must be between 1e-12 and 1; got 0"),
    ],
)
def test_a_protocol_that_cannot_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Protocol(**change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values": np.ones(3)}, r"values must be images x units; got shape \(3,\)"),
        ({"values": np.full((240, 2), np.inf)}, "values must be finite; got 0 NaN and 480 infinite"),
        ({"mentions": np.ones((5, 3))}, r"mentions must be 240 images x 3 words; got shape \(5, 3\)"),
        ({"split": ["tset"] * 240}, r"split must say train, validation, test for each of 240 images; got 240 of"),
        ({"strata": ["a"]}, "strata must hold a label for each of 240 images"),
        ({"mentions": np.zeros((240, 3))}, r"3 word\(s\) have no contrast among the 120 train images \(striped, fai"),
    ],
)
def test_examples_that_do_not_fit_are_refused(examples, change, message):
    with pytest.raises(ValueError, match=message):
        replace(examples, **change)


def test_what_does_not_fit_the_examples_is_refused(examples):
    options = {"protocol": QUICK, "seed": 0}
    with pytest.raises(ValueError, match=r"prime must hold a row of units for each of 3 words; got shape \(2, 12\)"):
        discovery.visualness(examples, PRIME[:2], **options)
    with pytest.raises(ValueError, match="prime must hold positions of the 80 units; got others"):
        discovery.visualness(examples, PRIME + 70, **options)
    with pytest.raises(ValueError, match=r"scores must be 240 images x 3 words; got \(240, 2\)"):
        discovery.direct_precision(examples, np.ones((240, 2)), draws=1, seed=0)
    with pytest.raises(ValueError, match="word must be one of the 3 words; got 'red'"):
        discovery.word_classifier(examples, "red", PRIME[0], variant="random", **options)
    with pytest.raises(ValueError, match="variant must be one of random, initial, resample; got 'best'"):
        discovery.word_classifier(examples, "striped", PRIME[0], variant="best", **options)
    bayes = {"protocol": replace(QUICK, initial="naive bayes"), "seed": 0}
    with pytest.raises(ValueError, match="a naive bayes classifier has no coefficients; use initial='logistic'"):
        discovery.word_classifier(examples, "striped", PRIME[0], variant="initial", **bayes)
