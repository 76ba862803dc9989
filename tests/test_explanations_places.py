"""Table 1 of *Summarization*: parts of attributes, shares of pairs with intervals, and places named without looking."""

import numpy as np
import pytest
import scipy.sparse

from neuroattr import explanations, statistics


@pytest.mark.parametrize(
    ("attribute", "parts"),
    [
        ("long orange bill", ("beak",)),
        ("black eye ring", ("left eye", "right eye")),
        ("red cheek patch", ()),
        ("white wing bar", ("left wing", "right wing")),
        ("orange foot", ("left leg", "right leg")),
        ("white eyebrow", ()),
        ("throat", ("throat",)),
    ],
)
def test_an_attribute_is_where_its_noun_is(attribute, parts):
    assert explanations.parts_of(attribute) == parts


def test_a_head_is_nowhere_or_at_forehead_crown_and_eyes():
    assert explanations.parts_of("grey head") == ()
    assert explanations.parts_of("grey head", head=explanations.HEADS[1]) == (
        "forehead", "crown", "left eye", "right eye"
    )  # fmt: skip
    assert explanations.parts_of("grey body", head=explanations.HEADS[1]) == ()
    with pytest.raises(ValueError, match="head must be one of 'skip'"):
        explanations.parts_of("grey head", head="crown")
    with pytest.raises(ValueError, match="adjectives and a noun; got ' '"):
        explanations.parts_of(" ")


def test_all_fifteen_parts_have_a_noun_and_every_noun_a_reason():
    named = {part for parts, _ in explanations.NOUNS.values() for part in parts}
    assert named == set(explanations.CUB_PARTS) and len(named) == 15
    assert all(reason for _, reason in explanations.NOUNS.values())


def test_the_most_frequent_attributes_with_a_part_in_order():
    attributes = ["white belly", "small bird", "red head", "long bill", "blue wing"]
    counts = np.array([[1, 9, 2, 2, 0], [0, 9, 2, 1, 0]])
    expected = {"long bill": ("beak",), "white belly": ("belly",)}
    assert explanations.grounded(attributes, counts, count=2) == expected
    assert list(explanations.grounded(attributes, scipy.sparse.csr_array(counts), count=2)) == list(expected)
    with pytest.raises(ValueError, match="count must be between 1 and 2, the attributes that are said and have a part"):
        explanations.grounded(attributes, counts, count=3)
    with pytest.raises(ValueError, match="images x attributes"):
        explanations.grounded(attributes, counts[0], count=1)


def test_pairs_are_right_within_alpha_and_those_without_a_visible_point_are_known():
    nan = np.nan
    truth = np.array([[[0, 0], [10, 0]], [[nan, nan], [0, 5]], [[nan, nan], [nan, nan]]])
    assert explanations.visible(truth).tolist() == [True, True, False]
    points = np.array([[10, 2], [0, 0]])
    found = explanations.correct(points, truth[:2], 10, alphas=(0.2, 0.5))
    assert found.tolist() == [[True, True], [False, True]]
    with pytest.raises(ValueError, match="at least one alpha"):
        explanations.correct(points, truth[:2], 10, alphas=())
    with pytest.raises(ValueError, match="two coordinates; got 3"):
        explanations.visible(np.zeros((1, 1, 3)))


def test_the_average_over_pairs_resamples_images_and_the_one_over_attributes_weighs_them_alike():
    rng = np.random.default_rng(0)
    images, attributes = rng.integers(0, 9, 60), rng.choice(["a", "b", "c"], 60, p=[0.7, 0.2, 0.1])
    values = rng.random(60) < 0.5
    options = {"draws": 50, "seed": 4}
    pairs = explanations.pair_average(values, attributes, images, over="pairs", **options)
    each = explanations.pair_average(values, attributes, images, over="attributes", **options)
    assert pairs.value == pytest.approx(values.mean()) and pairs.n == 60
    assert each.value == pytest.approx(np.mean([values[attributes == one].mean() for one in "abc"]))
    for estimate, over in ((pairs, "pairs"), (each, "attributes")):
        means = []
        for counts in statistics.resampled_counts(len(np.unique(images)), **options):
            rows = np.concatenate(
                [np.tile(np.flatnonzero(images == i), n) for i, n in zip(np.unique(images), counts, strict=True)]
            )
            again, owners = values[rows], attributes[rows]
            groups = [again] if over == "pairs" else [again[owners == one] for one in np.unique(owners)]
            means.append(np.mean([group.mean() for group in groups]))
        np.testing.assert_allclose([estimate.low, estimate.high], np.quantile(means, [0.025, 0.975]))
    with pytest.raises(ValueError, match="average over must be one of 'pairs', 'attributes'"):
        explanations.pair_average(values, attributes, images, over="parts", **options)
    with pytest.raises(ValueError, match="at least one pair"):
        explanations.pair_average([], [], [], over="pairs", **options)


def test_places_named_without_looking():
    size = np.array([10.0, 20.0])
    assert explanations.centre_places(size).tolist() == [[5, 5], [10, 10]]
    truth = np.array([[[1, 2], [np.nan, np.nan]], [[6, 8], [np.nan, np.nan]], [[9, 9], [7, 9]]])
    args = truth, np.array([10, 20, 10]), np.array([0, 0, 1])
    places = explanations.mean_places(*args, of=np.array([0, 1, 2]), sizes=np.array([10, 100, 10]))
    np.testing.assert_allclose(places, [[2, 3], [80, 90], [5, 6]])  # the last: mean of all four visible points
    with pytest.raises(ValueError, match="needs a visible point"):
        explanations.mean_places(truth[:1] * np.nan, [10], [0], of=[0], sizes=[10])
    with pytest.raises(ValueError, match="sizes must be positive"):
        explanations.centre_places(np.array([1, 0]))


def test_random_places_lose_at_the_border_what_the_formula_does_not_know():
    size = np.full(40_000, 3.0)
    truth = explanations.random_places(size, seed=1)[:, None]
    found = explanations.correct(explanations.random_places(size, seed=2), truth, size, alphas=(0.1, 0.3)).mean(axis=0)
    expected = [np.pi * a**2 - 8 / 3 * a**3 + a**4 / 2 for a in (0.1, 0.3)]  # distances in a unit square
    np.testing.assert_allclose(found, expected, atol=0.006)
    assert (found < [explanations.random_pck(a) for a in (0.1, 0.3)]).all()


def test_controls_of_the_weights():
    density = np.array([[0.2, 0.8, 0.0], [0.2, 0.2, 0.2]])
    np.testing.assert_allclose(explanations.constant_weights(density), 0.5)
    other = explanations.other_weights(density, seed=0)
    assert sorted(map(tuple, other.T)) == sorted(map(tuple, density.T))
    for seed in range(9):
        assert (explanations.other_weights(np.arange(5.0)[None], seed=seed)[0] != np.arange(5)).all()
    with pytest.raises(ValueError, match="at least two attributes; got 1"):
        explanations.other_weights(np.ones((2, 1)), seed=0)
    share = np.array([0.5, 0.8, 0.0])  # of the first filter in each attribute
    z = (share - share.mean()) / share.std()
    np.testing.assert_allclose(explanations.contrast_weights(density)[0], np.maximum(z, 0) ** 2)
    assert not explanations.contrast_weights(np.ones((2, 3))).any()
