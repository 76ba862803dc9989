"""Views: from a word to its units, and from a unit to its images."""

import numpy as np
import pytest
import xarray as xr

from neuroattr import explorer, statistics
from neuroattr.recorded import Recorded


@pytest.fixture(scope="module")
def recorded(shop):
    """One unit that sees the first word and three that see nothing."""
    rng = np.random.default_rng(0)
    values = rng.random((len(shop), 4)).astype("float32")
    values[:, 2] += 3 * shop.mention(shop.words[0])
    responses = xr.DataArray(
        values,
        dims=("image", "unit"),
        coords={"image": list(shop.ids), "layer": ("unit", ["a", "a", "b", "b"]), "channel": ("unit", [0, 1, 0, 1])},
    )
    return Recorded(shop, None, responses, bins=8)


def test_the_unit_that_sees_a_word_comes_first_and_its_strongest_images_have_the_word(recorded):
    view = explorer.view(recorded, recorded.corpus.words[0], count=2, across=5)
    assert view.units[0] == 2 and view.titles[0] == "b · 0"
    assert recorded.corpus.mention(recorded.corpus.words[0])[view.strongest[0]].all()


def test_a_view_counts_what_a_histogram_counts(recorded):
    view = explorer.view(recorded, recorded.corpus.words[1], "a", count=2)
    values = recorded.responses.to_numpy()[:, view.units]
    _, edges = statistics.unit_codes(values, bins=8)
    said = recorded.corpus.mention(recorded.corpus.words[1])
    for k in range(2):
        assert np.array_equal(view.positive[k], np.histogram(values[said, k], edges[k])[0])
        assert np.array_equal(view.negative[k], np.histogram(values[~said, k], edges[k])[0])


def test_a_layer_limits_the_units_of_a_view(recorded):
    assert set(explorer.view(recorded, recorded.corpus.words[0], "a", count=9).units) == {0, 1}


def test_a_word_at_a_layer_is_drawn_and_described(recorded):
    from neuroattr import figures

    word = recorded.corpus.words[0]
    assert figures.word_layer(**explorer.word_at_layer(recorded, word, "b")).axes
    said = explorer.description(recorded, word, "b")
    assert f"“{word}” at b" in said and "is in b" in said


def test_thumbnails_are_small_and_made_once(recorded):
    small = explorer.Thumbnails(recorded.corpus, 50)
    assert max(small.thumbnail(3).size) == 50
    assert small.grid([[3, 4], [3]])[1][0] is small.thumbnail(np.int64(3))


def test_an_unknown_layer_is_refused(recorded):
    with pytest.raises(ValueError, match=r"^wanted one of the layers a, b; got 'z'$"):
        explorer.view(recorded, recorded.corpus.words[0], "z")
