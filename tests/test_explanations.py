"""The equations of *Summarization* beside the loops that they are written as, and its sentences word for word."""

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from neuroattr import explanations, papers

PAPER = papers.load("summarization")


def drawn(seed, images=12, filters=5, attributes=7):
    """Pooled responses, counts and weights of a small world; one filter is silent, one attribute is in no image."""
    rng = np.random.default_rng(seed)
    pooled = rng.gamma(1, size=(images, filters))
    pooled[:, 1] = 0
    counts = rng.poisson(0.7, size=(images, attributes))
    counts[:, 2], counts[0, 3], counts[1, 3] = 0, 1, 0
    return pooled, counts, rng.normal(size=(images, filters))


# ---- prior


def test_the_prior_by_hand():
    counts = np.array([[3, 0, 1], [1, 0, 1], [0, 0, 1], [0, 0, 1]])
    log2 = np.log(2)
    np.testing.assert_allclose(explanations.attribute_prior(counts, kind="tf-idf"), [1, 0, 0])
    counts[3] = 0, 1, 0  # D = 2, 1, 3 of 4; mean counts 2, 1, 1
    worth = np.array([2 * log2, 2 * log2, np.log(4 / 3)])
    np.testing.assert_allclose(explanations.attribute_prior(counts, kind="tf-idf"), worth / worth.sum())
    worth = np.array([4 * log2, 2 * log2, 3 * np.log(4 / 3)])
    np.testing.assert_allclose(explanations.attribute_prior(counts, kind="tf-idf sum"), worth / worth.sum())
    worth = np.array([log2, 2 * log2, np.log(4 / 3)])
    np.testing.assert_allclose(explanations.attribute_prior(counts, kind="idf"), worth / worth.sum())
    np.testing.assert_allclose(explanations.attribute_prior(counts, kind="uniform"), [1 / 3] * 3)


@pytest.mark.parametrize("kind", explanations.PRIORS)
@given(seed=st.integers(0, 99))
def test_a_prior_is_a_probability_and_sparse_counts_give_the_same_one(kind, seed):
    _, counts, _ = drawn(seed)
    prior = explanations.attribute_prior(counts, kind=kind)
    assert prior.min() >= 0 and prior.sum() == pytest.approx(1)
    np.testing.assert_array_equal(prior, explanations.attribute_prior(scipy.sparse.csr_matrix(counts), kind=kind))
    assert (prior[2] == 0) == (kind != "uniform")  # the attribute of no image


def test_a_prior_that_knows_nothing_is_refused():
    everywhere = np.array([[1, 0], [2, 0]])
    with pytest.raises(ValueError, match="all 2 are in none or in all of 2 images"):
        explanations.attribute_prior(everywhere, kind="tf-idf")
    assert explanations.attribute_prior(everywhere, kind="uniform").tolist() == [0.5, 0.5]
    with pytest.raises(ValueError, match="counts must not be negative"):
        explanations.attribute_prior(np.array([[-1, 1]]), kind="idf")
    with pytest.raises(ValueError, match=r"at least one image and one attribute; got shape \(0, 3\)"):
        explanations.attribute_prior(np.zeros((0, 3)), kind="idf")
    with pytest.raises(ValueError, match="images x attributes"):
        explanations.attribute_prior(np.ones(3), kind="idf")
    with pytest.raises(ValueError, match="kind of prior must be one of 'tf-idf'"):
        explanations.attribute_prior(np.ones((2, 2)), kind="bm25")
    with pytest.raises(ValueError, match="counts must be finite"):
        explanations.attribute_prior(np.array([[np.nan, 1]]), kind="idf")


# ---- filters


def looped(pooled, mentions, prior, *, images):
    """Equations 1, 2 and 4 as they are printed."""
    joint = np.zeros((pooled.shape[1], mentions.shape[1]))
    for j in range(mentions.shape[1]):
        for i in range(pooled.shape[1]):
            for k in range(len(pooled)):
                has = 1.0 if mentions[k, j] > 0 else 0.0
                of_image = has if images == "sum" else has / max(1, (mentions[:, j] > 0).sum())
                joint[i, j] += pooled[k, i] * of_image * prior[j]
    return joint


def sigma(pooled, scaling):
    """Equation 3, one filter after the other, in the words of the docstring."""
    scaled = []
    for filter in pooled.T:
        if scaling == "identity":
            scaled.append(filter)
        elif scaling == "softmax":
            scaled.append(np.exp(filter) / np.exp(filter).sum())
        elif scaling == "min-max":
            low, high = filter.min(), filter.max()
            scaled.append((filter - low) / (high - low) if high > low else filter * 0)
        elif scaling == "z-relu":
            spread = filter.std()
            scaled.append(np.clip((filter - filter.mean()) / spread, 0, None) if spread else filter * 0)
        else:
            by = {"max": filter.max(), "sum": filter.sum(), "l2": (filter**2).sum() ** 0.5}[scaling]
            scaled.append(filter / by if by else filter)
    return np.stack(scaled, axis=1)


@pytest.mark.parametrize("images", explanations.IMAGES)
@pytest.mark.parametrize("scaling", explanations.RESPONSES)
def test_the_attributes_of_filters_equal_the_double_loop(scaling, images):
    pooled, counts, _ = drawn(3)
    prior = explanations.attribute_prior(counts, kind="tf-idf")
    expected = looped(sigma(pooled, scaling), counts, prior, images=images)
    options = {"scaling": scaling, "images": images}
    joint = explanations.filter_attributes(pooled, counts, prior, evidence=False, **options)
    np.testing.assert_allclose(joint, expected, atol=1e-14)
    density = explanations.filter_attributes(pooled, scipy.sparse.csc_array(counts), prior, **options)
    alive = expected.sum(axis=1) > 0
    np.testing.assert_allclose(density[alive], expected[alive] / expected[alive].sum(axis=1, keepdims=True))
    np.testing.assert_allclose(density[~alive], np.tile(prior, ((~alive).sum(), 1)))  # a silent filter


@given(seed=st.integers(0, 99), scaling=st.sampled_from(explanations.RESPONSES))
def test_rows_sum_to_one_and_counts_say_no_more_than_that_an_image_has_it(seed, scaling):
    pooled, counts, _ = drawn(seed)
    prior = explanations.attribute_prior(counts, kind="uniform")
    density = explanations.filter_attributes(pooled, counts, prior, scaling=scaling)
    np.testing.assert_allclose(density.sum(axis=1), 1)
    np.testing.assert_array_equal(density, explanations.filter_attributes(pooled, counts > 0, prior, scaling=scaling))


def test_evidence_takes_away_whatever_factor_a_filter_was_scaled_by():
    pooled, counts, _ = drawn(5)
    prior = explanations.attribute_prior(counts, kind="idf")
    made = [explanations.filter_attributes(pooled, counts, prior, scaling=s) for s in ("identity", "max", "sum", "l2")]
    for other in made[1:]:
        np.testing.assert_allclose(made[0], other)


def test_sums_favour_what_a_third_of_the_images_have():
    """Under "sum" and IDF an attribute in D of N images weighs D log(N / D), which is largest at D = N / e."""
    n = 300
    mentions = np.tri(n, n, dtype=int).T[:, 1:]  # attribute j is in j + 1 images
    prior = explanations.attribute_prior(mentions, kind="idf")
    joint = explanations.filter_attributes(np.ones((n, 1)), mentions, prior, scaling="identity", evidence=False)
    assert np.argmax(joint[0]) + 2 == pytest.approx(n / np.e, abs=1)


def test_what_does_not_fit_is_said_about_filters():
    pooled, counts, _ = drawn(0)
    prior = np.full(7, 1 / 7)
    wrong = [
        ((pooled[:5], counts, prior), "must be of the same images; got 5 and 12"),
        ((pooled, counts, prior[:3]), "must be equally long; got prior 3, attributes 7"),
        ((pooled, counts, -prior), "a prior must not be negative"),
        ((pooled, counts, prior * 0), "nor zero for every attribute"),
        ((pooled[:, 0], counts, prior), "images x filters"),
        ((pooled * np.nan, counts, prior), "pooled responses must be finite"),
        ((pooled[:0], counts[:0], prior), "at least one image"),
    ]
    for arrays, message in wrong:
        with pytest.raises(ValueError, match=message):
            explanations.filter_attributes(*arrays, scaling="max")
    with pytest.raises(ValueError, match="scaling must be one of 'identity'"):
        explanations.filter_attributes(pooled, counts, prior, scaling="relu")
    with pytest.raises(ValueError, match="images must be one of 'sum', 'mean'"):
        explanations.filter_attributes(pooled, counts, prior, scaling="max", images="max")
    below = pooled - [[0, 0, 5, 0, 0]]
    with pytest.raises(
        ValueError, match=r"1 of 5 filters have negative ones\. Choose among 'min-max', 'softmax', 'z-relu'"
    ):
        explanations.filter_attributes(below, counts, prior, scaling="max")
    assert explanations.filter_attributes(below, counts, prior, scaling="z-relu").min() >= 0


# ---- images and classes


@pytest.mark.parametrize("scaling", explanations.IMPORTANCES)
def test_the_attributes_of_images_equal_the_double_loop(scaling):
    pooled, counts, weights = drawn(1)
    density = explanations.filter_attributes(
        pooled, counts, explanations.attribute_prior(counts, kind="idf"), scaling="max"
    )
    expected = np.zeros((len(pooled), counts.shape[1]))
    for i in range(len(pooled)):
        adds = [pooled[i, k] * weights[i, k] for k in range(pooled.shape[1])]
        if scaling == "softmax":
            importance = np.exp(adds) / np.exp(adds).sum()
        else:
            kept = [max(one, 0) for one in adds] if scaling == "relu" else adds
            total = sum(map(abs, kept))
            importance = np.array(kept) / total if total else np.full(len(kept), 1 / len(kept))
        for j in range(counts.shape[1]):
            expected[i, j] = sum(density[k, j] * importance[k] for k in range(pooled.shape[1]))
    importance = explanations.filter_importance(pooled, weights, scaling=scaling)
    np.testing.assert_allclose(np.abs(importance).sum(axis=1), 1)
    np.testing.assert_allclose(explanations.image_attributes(density, importance), expected, atol=1e-15)
    if scaling != "signed":
        np.testing.assert_allclose(expected.sum(axis=1), 1)


def test_weights_of_one_class_are_those_of_every_image():
    pooled, _, weights = drawn(2)
    one = explanations.filter_importance(pooled, weights[0], scaling="relu")
    np.testing.assert_array_equal(
        one, explanations.filter_importance(pooled, np.tile(weights[0], (12, 1)), scaling="relu")
    )
    with pytest.raises(ValueError, match=r"one class \(5\) or of each image's class \(12, 5\); got shape \(3, 5\)"):
        explanations.filter_importance(pooled, weights[:3], scaling="relu")


def test_where_no_filter_speaks_for_a_class_all_are_equally_important():
    against = explanations.filter_importance(np.ones((1, 4)), -np.ones(4), scaling="relu")
    assert against.tolist() == [[0.25] * 4]
    assert explanations.filter_importance(np.zeros((1, 4)), np.ones(4), scaling="signed").tolist() == [[0.25] * 4]
    with pytest.raises(ValueError, match="at least one filter"):
        explanations.filter_importance(np.ones((1, 0)), np.ones(0), scaling="relu")


def test_the_attributes_of_classes_are_those_of_an_image_that_excites_every_filter_alike():
    pooled, counts, _ = drawn(4)
    weights = np.random.default_rng(0).normal(size=(3, 5))
    density = explanations.filter_attributes(pooled, counts, np.full(7, 1 / 7), scaling="max")
    found = explanations.class_attributes(density, weights, scaling="relu")
    importance = explanations.filter_importance(np.ones((3, 5)), weights, scaling="relu")
    np.testing.assert_allclose(found, explanations.image_attributes(density, importance))
    np.testing.assert_allclose(explanations.contrast(found[0], found[1]), -explanations.contrast(found[1], found[0]))
    with pytest.raises(ValueError, match="of the same filters; got 4 and 5"):
        explanations.image_attributes(density, importance[:, :4])
    with pytest.raises(ValueError, match=r"got shapes \(7,\) and \(3,\)"):
        explanations.contrast(found[0], found[0][:3])


def test_other_filters_explain_an_attribute_away():
    """The paper's example: one filter answers to blue and black heads, another to blue ones alone."""
    pooled = np.array([[1.0, 1.0], [1.0, 0.0]])
    density = np.array([[0.5, 0.5], [1.0, 0.0]])  # attributes: blue head, black head
    importance = explanations.filter_importance(pooled, np.ones(2), scaling="relu")
    assert explanations.image_attributes(density, importance).tolist() == [[0.75, 0.25], [0.5, 0.5]]


def test_the_most_probable_come_first_and_equal_ones_in_their_order():
    values = np.array([[0.1, 0.4, 0.1, 0.4], [4, 3, 2, 1]])
    assert explanations.most_probable(values, count=3).tolist() == [[1, 3, 0], [0, 1, 2]]
    with pytest.raises(ValueError, match="between 1 and 4; got 5"):
        explanations.most_probable(values, count=5)


# ---- sentences


@pytest.mark.parametrize("id", PAPER.sentences["id"])
def test_the_sentences_of_the_paper_word_for_word(id):
    printed = PAPER.sentences.set_index("id").loc[id]
    made = explanations.sentence(printed.class_name, printed.attributes)
    assert made == printed.text.rstrip(".") + "."  # figures 1 and 8 print some without a full stop


def test_sentences_of_one_and_two_reasons():
    assert explanations.sentence("Wren", ["short beak"]) == "This is a Wren because it has short beak."
    two = "This is a Wren because it has short beak and brown crown."
    assert explanations.sentence("Wren", ["short beak", "brown crown"]) == two


def test_adjectives_of_one_noun_are_merged():
    cases = {
        ("black cheek patch", "red cheek patch"): ["black and red cheek patch"],
        ("black cheek patch", "white patch"): ["black cheek and white patch"],
        ("yellow crown", "bright yellow crown"): ["bright yellow crown"],
        ("red crown", "red crown"): ["red crown"],
        ("long bill", "long hooked bill", "black bill"): ["long hooked and black bill"],
        ("crown", "red crown", "long tail"): ["red crown", "long tail"],
        ("crown",): ["crown"],
        ("long orange bill", "short orange bill", "white throat"): ["long and short orange bill", "white throat"],
    }
    assert {given: explanations.merged(given) for given in cases} == cases


def test_sentences_about_nothing_are_refused():
    with pytest.raises(ValueError, match="at least one attribute"):
        explanations.sentence("Wren", [])
    with pytest.raises(ValueError, match="adjectives and a noun; got ' '"):
        explanations.sentence("Wren", [" "])
    with pytest.raises(ValueError, match="a blank name"):
        explanations.sentence(" ", ["red crown"])
    with pytest.raises(TypeError, match="got the one string 'red crown'"):
        explanations.sentence("Wren", "red crown")


# ---- grounding


def test_grounding_weighs_the_maps_of_the_filters():
    rng = np.random.default_rng(0)
    maps, weights = rng.normal(size=(2, 3, 4, 5)), rng.random((6, 3))
    expected = np.zeros((2, 6, 4, 5))
    for image in range(2):
        for attribute in range(6):
            for k in range(3):
                expected[image, attribute] += weights[attribute, k] * maps[image, k]
    np.testing.assert_allclose(explanations.grounding(maps, weights), expected)
    np.testing.assert_allclose(explanations.grounding(maps[0], weights[2]), expected[0, 2])
    np.testing.assert_allclose(explanations.grounding(maps, weights[2]), expected[:, 2])
    np.testing.assert_allclose(explanations.grounding(maps[1], weights), expected[1])
    with pytest.raises(ValueError, match="weights must be of the 3 filters; got 4"):
        explanations.grounding(maps, np.ones(4))
    with pytest.raises(ValueError, match=r"filters x rows x columns; got shape \(4, 5\)"):
        explanations.grounding(maps[0, 0], weights)
    with pytest.raises(ValueError, match=r"\(attributes x\) filters; got shape \(1, 1, 3\)"):
        explanations.grounding(maps, np.ones((1, 1, 3)))


def test_the_peak_of_a_map_is_its_first_largest_value():
    maps = np.zeros((2, 3, 4))
    maps[0, 2, 1] = maps[1, 0, 3] = maps[1, 2, 0] = 1
    assert explanations.peaks(maps).tolist() == [[2, 1], [0, 3]]
    with pytest.raises(ValueError, match="rows and columns"):
        explanations.peaks(np.ones(3))


@given(st.integers(0, 999), st.floats(0.01, 0.9))
def test_correct_keypoints_equal_a_loop(seed, alpha):
    rng = np.random.default_rng(seed)
    points, truth, sizes = rng.random((8, 2)) * 99, rng.random((8, 3, 2)) * 99, 20 + 80 * rng.random(8)
    truth[rng.random((8, 3)) < 0.4] = np.nan
    truth[:, 0] = rng.random((8, 2)) * 99
    expected = [
        any(np.hypot(*(point - one)) <= alpha * size for one in seen if not np.isnan(one).any())
        for point, seen, size in zip(points, truth, sizes, strict=True)
    ]
    assert explanations.pck(points, truth, sizes, alpha=alpha).tolist() == expected
    assert explanations.pck(points, truth[:, 0], 99, alpha=2).all()


def test_keypoints_that_cannot_be_judged_are_refused():
    points = np.zeros((3, 2))
    seen = np.zeros((3, 2, 2))
    seen[1] = np.nan
    wrong = [
        ((points, seen, 9), {"alpha": 0.1}, "1 of 3 have none, the first is number 1"),
        ((points, points[:2], 9), {"alpha": 0.1}, "of the same images"),
        ((points, points + np.inf, 9), {"alpha": 0.1}, "must be finite, or NaN"),
        ((points, points, 0), {"alpha": 0.1}, "object size must be positive"),
        ((points, points, [1, 2]), {"alpha": 0.1}, "one for each image"),
        ((points, points, 9), {"alpha": 0}, "alpha must be positive; got 0"),
    ]
    for arrays, options, message in wrong:
        with np.errstate(invalid="ignore"), pytest.raises(ValueError, match=message):
            explanations.pck(*arrays, **options)


def test_the_random_row_of_table_1_is_the_area_of_a_circle():
    printed = PAPER.numbers.set_index("id")["value"]
    for n, alpha in enumerate((0.1, 0.2, 0.3), start=1):
        assert round(100 * explanations.random_pck(alpha), 1) == printed[f"table1.random.pck{n}"]
        rng = np.random.default_rng(n)
        points = rng.random((200_000, 2))  # the truth is in the middle: no loss at the border
        hits = explanations.pck(points, np.full_like(points, 0.5), 1, alpha=alpha)
        assert hits.mean() == pytest.approx(explanations.random_pck(alpha), abs=0.004)
    with pytest.raises(ValueError, match="alpha must be positive"):
        explanations.random_pck(-1)
