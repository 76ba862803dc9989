"""The atlas: from a word to its units, and from a unit to its images."""

import numpy as np
import pytest
import xarray as xr

from neuroattr import statistics
from neuroattr.atlas import Atlas


@pytest.fixture(scope="module")
def atlas(shop):
    """One unit that sees the first word and three that see nothing."""
    rng = np.random.default_rng(0)
    values = rng.random((len(shop), 4)).astype("float32")
    values[:, 2] += 3 * shop.mention(shop.words[0])
    responses = xr.DataArray(
        values,
        dims=("image", "unit"),
        coords={"image": list(shop.ids), "layer": ("unit", ["a", "a", "b", "b"]), "channel": ("unit", [0, 1, 0, 1])},
    )
    return Atlas(shop, responses, shop.words[:5], bins=8)


def test_the_unit_that_sees_a_word_comes_first_and_its_strongest_images_have_the_word(atlas):
    view = atlas.view(atlas.words[0], count=2, across=5)
    assert view.units[0] == 2 and view.titles[0] == "b · 0"
    assert atlas.corpus.mention(atlas.words[0])[view.strongest[0]].all()


def test_a_view_counts_what_a_histogram_counts(atlas):
    view = atlas.view(atlas.words[1], "a", count=2)
    values = atlas.responses.to_numpy()[:, view.units]
    _, edges = statistics.unit_codes(values, bins=8)
    said = atlas.corpus.mention(atlas.words[1])
    for k in range(2):
        assert np.array_equal(view.positive[k], np.histogram(values[said, k], edges[k])[0])
        assert np.array_equal(view.negative[k], np.histogram(values[~said, k], edges[k])[0])


def test_a_layer_limits_the_units_of_a_view(atlas):
    assert set(atlas.view(atlas.words[0], "a", count=9).units) == {0, 1}


def test_a_leaf_is_drawn_and_described(atlas):
    from neuroattr import figures

    word = atlas.words[0]
    assert figures.word_layer(**atlas.leaf(word, "b")).axes
    assert f"“{word}” at b" in atlas.description(word, "b") and "is in b" in atlas.description(word, "b")


def test_thumbnails_are_small_and_made_once(atlas):
    assert max(atlas.thumbnail(3).size) <= 120
    assert atlas.thumbnail(3) is atlas.thumbnail(3)


def test_an_unknown_layer_and_foreign_responses_are_refused(atlas):
    with pytest.raises(ValueError, match="no layer 'z'; the atlas has a, b"):
        atlas.view(atlas.words[0], "z")
    with pytest.raises(ValueError, match="wants the responses to the 240 images"):
        Atlas(atlas.corpus, atlas.responses[::-1], atlas.words, bins=8)
