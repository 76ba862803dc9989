"""Localising words in the pictures of a corpus, with a network of small whole numbers."""

import dataclasses
import tracemalloc

import numpy as np
import pandas as pd
import pytest
import torch
import xarray as xr

from neuroattr import occlusion, saliency
from neuroattr.corpus.regions import WordRegions
from neuroattr.occlusion.survey import resized
from neuroattr.saliency import Occlusion
from tests.test_occlusion import caffe, network, vgg

SIDE, SLIDING = 40, Occlusion((8, 16), 8)
WORDS = ["red", "black"]


def localiser(net, **changes):
    rng = np.random.default_rng(0)
    divergence = xr.DataArray(
        rng.random((2, len(net.units))), dims=("word", "unit"), coords={"word": WORDS}, name="divergence"
    )
    mean = torch.from_numpy(rng.integers(-3, 4, (3, SIDE, SIDE)).astype(np.float32))
    return occlusion.Localiser(net, divergence, mean, SLIDING, **{"count": 6, **changes})


def garment(shop, id):
    return shop.truth.regions(id)["garment"]


def some_targets(shop, *, side):
    """The garment, for two pictures of each word."""
    found = [(id, word, garment(shop, id)) for id, word in occlusion.pairs(shop, WORDS, images=2, seed=0)]
    table = pd.DataFrame([pair[:2] for pair in found], columns=["image", "word"])
    return occlusion.targets(WordRegions(table, pd.DataFrame(), [mask for *_, mask in found]), WORDS, side=side)


# ---- maps


def test_maps_of_many_words_from_one_pass_are_those_of_each(shop):
    net = caffe()
    own = localiser(net)
    found = own.located(shop.image(3), WORDS, counts=[1, 6])
    assert found.shape == (2, 2, SIDE, SIDE) and found.dims == ("word", "K", "row", "column")
    for word in WORDS:
        units = own.units(word)
        answers = occlusion.responses(
            net, occlusion.picture(net, shop.image(3), side=SIDE), own.mean, net.units.iloc[units], SLIDING
        )
        scores = own.divergence.sel(word=word).to_numpy()[units]
        maps = saliency.unit_maps(answers.maps, SLIDING, side=SIDE)
        expected = saliency.saliency_maps(maps, scores, counts=[1, 6])
        np.testing.assert_allclose(found.sel(word=word), expected, rtol=1e-4, atol=1e-5)


def test_a_picture_is_occluded_once_and_then_read_from_disk(shop, monkeypatch):
    own = localiser(caffe(), batch=32)
    asked = {id: own.asked(WORDS, besides=[0, 1]) for id in shop.ids[:3]}
    first = list(own.recorded(shop, asked, progress=False))
    monkeypatch.setattr(occlusion.Localiser, "responses", lambda *_: pytest.fail("computed again"))
    again = list(localiser(caffe(), batch=64).recorded(shop, asked, progress=False))
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.clean, other.clean)
        for size in SLIDING.sizes:
            np.testing.assert_array_equal(one.maps[size], other.maps[size])
        assert one.units.equals(other.units)


@pytest.mark.parametrize("change", ["stride", "mean", "weights", "method"])
def test_what_decides_the_responses_is_in_the_key(change):
    own = localiser(caffe())
    other = {
        "stride": lambda: own.with_stride(4),
        "mean": lambda: dataclasses.replace(own, mean=own.mean + 1),
        "weights": lambda: localiser(vgg()),
        "method": lambda: localiser(caffe(), method="incremental"),
    }[change]()
    records = [each._record() for each in (own, localiser(caffe(), batch=7), other)]
    assert records[0] == records[1] != records[2]


# ---- regions


def test_words_share_pictures_and_each_has_its_own_draw(shop):
    found = occlusion.pairs(shop, WORDS, images=4, seed=1)
    order = np.random.default_rng(1).permutation(len(shop)).tolist()
    for word in WORDS:
        rows = [row for row in order if shop.mention(word)[row]][:4]
        assert [image for image, other in found if other == word] == [shop.ids[row] for row in rows]


def test_regions_of_one_picture_stand_together_and_words_are_chosen(shop):
    rows = [("b", "red"), ("a", "black"), ("b", "hat"), ("a", "red"), ("b", "black")]
    places = WordRegions(pd.DataFrame(rows, columns=["image", "word"]), pd.DataFrame(), [np.eye(4, dtype=bool)] * 5)
    found = occlusion.targets(places, WORDS, side=8)
    assert [(one.image, one.word) for one in found] == [("b", "red"), ("b", "black"), ("a", "black"), ("a", "red")]
    assert all(one.region.shape == (8, 8) and one.region.mean() == 0.25 for one in found)
    fewer = occlusion.targets(places, WORDS, side=8, images=1)
    assert [(one.image, one.word) for one in fewer] == [("b", "red"), ("a", "black")]


def test_a_region_smaller_than_a_pixel_stays():
    region = np.zeros((100, 100), bool)
    region[71, 33] = True
    assert np.argwhere(resized(region, 10)).tolist() == [[7, 3]]


# ---- scores


def test_a_survey_equals_scoring_each_map_by_itself(shop):
    own, counts, thresholds = localiser(caffe(), count=5), [1, 2, 5], [0.25, 0.5]
    regions = some_targets(shop, side=SIDE)
    found = occlusion.survey(own, shop, regions, counts=counts, thresholds=thresholds, seed=4, progress=False)
    assert found["image"].values.tolist() == [target.image for target in regions]
    blind = np.random.default_rng(4).permutation(len(own.net.units))[:5]
    for row, target in enumerate(regions):
        maps = own.located(shop.image(target.image), [target.word], counts=counts)[0].to_numpy()
        region = target.region
        np.testing.assert_allclose(found["precision"][row], saliency.average_precision(maps, region), rtol=1e-4)
        expected = saliency.overlaps(maps, region, thresholds=np.array(thresholds))
        np.testing.assert_allclose(found["overlap"][row], expected, atol=2e-3)
        assert float(found["share"][row]) == region.mean()
        drawn = own.unit_maps(own.responses(shop.image(target.image), blind))
        unweighted = saliency.saliency_maps(drawn, np.ones(5), counts=counts)
        np.testing.assert_allclose(found["random"][row], saliency.average_precision(unweighted, region), rtol=1e-4)
        alone = own.unit_maps(own.responses(shop.image(target.image), own.units(target.word)))[..., 1::3, 1::3]
        np.testing.assert_allclose(
            found["single"][row], saliency.average_precision(alone, region[1::3, 1::3]), rtol=1e-4
        )


def test_another_word_is_scored_on_this_words_region(shop):
    """Of two words the one that is not the target's, if it is not said of the picture."""
    own = localiser(caffe())
    red, black = (shop.mention(word) for word in WORDS)
    id = shop.ids[int(np.flatnonzero(red & ~black)[0])]
    shown = [occlusion.Target(id, "red", resized(garment(shop, id), SIDE))]
    found = occlusion.survey(own, shop, shown, counts=[2, 6], thresholds=[0.5], seed=0, progress=False)
    maps = own.located(shop.image(id), ["black"], counts=[2, 6])[0].to_numpy()
    np.testing.assert_allclose(found["other"][0], saliency.average_precision(maps, shown[0].region), rtol=1e-4)


def test_longer_steps_are_part_of_the_fine_grid(shop):
    own = localiser(caffe()).with_stride(3)
    found = own.strides(shop.image(5), "red", times=[1, 2], count=4)
    assert found["stride"].values.tolist() == [3, 6]
    for stride in (3, 6):
        expected = own.with_stride(stride).located(shop.image(5), ["red"], counts=[4])[0, 0]
        np.testing.assert_allclose(found.sel(stride=stride), expected, atol=1e-5)


def test_an_exhibit_names_each_map_by_network_and_count(shop):
    own = localiser(caffe())
    target = some_targets(shop, side=SIDE)[0]
    found = occlusion.exhibit({"pre-trained": own, "tuned": own}, shop, target, counts=[1, 6])
    assert list(found["maps"]) == ["pre-trained, K = 1", "pre-trained, K = 6", "tuned, K = 1", "tuned, K = 6"]
    expected = own.located(shop.image(target.image), [target.word], counts=[6])[0, 0]
    np.testing.assert_array_equal(found["maps"]["tuned, K = 6"], expected)
    scored = saliency.average_precision(expected.to_numpy(), target.region)
    assert found["captions"]["tuned, K = 6"] == f"AP {scored:.2f}" and found["picture"].shape == (SIDE, SIDE, 3)
    assert list(occlusion.exhibit({"pre-trained": own}, shop, target, counts=[1])["maps"]) == ["K = 1"]


def test_another_rule_reads_the_same_responses(shop, monkeypatch):
    own, target = localiser(caffe()), some_targets(shop, side=SIDE)[:1]
    options = {"counts": [6], "thresholds": [0.5], "seed": 0, "progress": False}
    occlusion.survey(own, shop, target, **options)
    monkeypatch.setattr(occlusion.Localiser, "responses", lambda *_: pytest.fail("computed again"))
    assert "precision" in occlusion.survey(own.with_reading(inversion="drop", sigma=0.5), shop, target, **options)


def test_regions_lie_apart_if_they_hardly_overlap_where_both_are_seen():
    left, right, whole = np.zeros((3, 4, 4), bool)
    left[:, :2], right[:, 2:], whole[:] = True, True, True
    masks = {"a": {"left": left, "right": right}, "b": {"left": left, "whole": whole}}
    apart = occlusion.apart(masks.get, ["a", "b"])
    assert apart("left", "right") and not apart("left", "whole") and not apart("right", "whole")


def test_the_gradient_and_what_needs_no_network_are_scored_alike(shop):
    net = network(torch.nn.Flatten(), torch.nn.Linear(3 * 64, 2), layers={"out": 1}, side=8)
    regions = some_targets(shop, side=8)
    found = occlusion.gradients(net, shop, regions, WORDS, side=8, sigmas=[1.0], thresholds=[0.5])
    blind = occlusion.chance(regions)
    for row, target in enumerate(regions):
        shown = occlusion.picture(net, shop.image(target.image), side=8)
        expected = occlusion.smoothed_gradient(net, shown, WORDS.index(target.word), sigmas=[1.0])
        assert found["precision"][row] == saliency.average_precision(expected, target.region)
        assert blind["centre"][row] == saliency.average_precision(saliency.centre_prior((8, 8)), target.region)
        assert blind["share"][row] == target.region.mean()


# ---- memory


def test_memory_does_not_grow_with_the_number_of_positions():
    """36 times as many occluded pictures: the maps grow, what is held beside them does not."""
    net, mean = vgg(), torch.zeros(3, 32, 32)
    peaks = {}
    for stride in (6, 1):
        sliding, held = Occlusion((8,), stride), []
        net.module[0].register_forward_hook(lambda _, __, out, held=held: held.append(len(out)))
        occlusion.responses(net, mean + 1, mean, net.units.iloc[:2], sliding, batch=16, progress=False)
        peaks[stride] = max(held)
        assert sum(held) >= sliding.passes(side=32)
    assert peaks[1] <= 16 and peaks[6] <= 16
    tracemalloc.start()
    occlusion.responses(net, mean + 1, mean, net.units.iloc[:2], Occlusion((8,), 1), batch=16, progress=False)
    assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    tracemalloc.stop()


# ---- errors


def test_a_divergence_of_other_units_is_refused():
    with pytest.raises(ValueError, match="divergence must be of the 32 units of tiny; got 15"):
        occlusion.Localiser(caffe(), localiser(vgg()).divergence, torch.zeros(3, 8, 8), SLIDING, count=3)
