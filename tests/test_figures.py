"""Figures take arrays and return figures, look the same each time, and refuse what they cannot draw."""

import io

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from neuroattr import figures

LAYERS = ["norm1", "conv3", "fc7"]
OF = np.repeat(LAYERS, [4, 6, 8])
RNG = np.random.default_rng(0)
DIVERGENCE = RNG.gamma(2, 0.05, len(OF))
PLUS, MINUS = RNG.integers(1, 9, (2, 3, 8))
PHOTOS = [[np.full((12, 8, 3), 40 * shade, np.uint8) for shade in range(4)] for _ in range(3)]
TITLES = ["a", "b", "c"]
SHARES = pd.DataFrame([[0.6, 0.3, 0.1], [0.2, 0.3, 0.5]], ["red", "elegant"], LAYERS)


def drawings():
    return {
        "by layer": figures.divergence_by_layer(DIVERGENCE, OF, word="red", expected=0.1, chosen="conv3"),
        "histograms": figures.histograms(PLUS, MINUS, word="red", titles=TITLES),
        "units": figures.prime_units(PLUS, MINUS, PHOTOS, word="red", titles=TITLES),
        "leaf": figures.word_layer(
            DIVERGENCE, OF, PLUS, MINUS, PHOTOS, word="red", chosen="fc7", titles=TITLES, expected=0.1
        ),
        "words": figures.words_by_layer(SHARES, label="share", even=1 / 3),
        "grid": figures.image_grid(PHOTOS, titles=TITLES, captions=[["x"] * 4] * 3),
        "ranking": figures.ranking(
            [1.0, 3.0, 2.0], TITLES, label="nats", low=[0, 2, 1], high=[2, 4, 3], stressed=["b"]
        ),
    }


def test_the_histograms_are_drawn_as_shares_that_sum_to_one():
    panel = figures.histograms([[1, 1, 2]], [[4, 4, 0]], word="red", titles=["u"]).axes[0]
    heights = [patch.get_data().values.tolist() for patch in panel.patches]
    assert heights == [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.25, 0.25, 0.5]]


def test_compared_panels_share_one_scale():
    for figure in (drawings()["histograms"], drawings()["units"]):
        scales = {axes.get_ylim() for axes in figure.axes if axes.patches}
        assert len(scales) == 1


def test_words_keep_their_order_and_an_even_share_has_no_colour():
    axes = drawings()["words"].axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["red", "elegant"]
    assert [label.get_text() for label in axes.get_xticklabels()] == LAYERS
    low, high = axes.collections[0].get_clim()
    assert (low + high) / 2 == pytest.approx(1 / 3)


def test_words_by_layer_refuse_what_has_no_colour():
    with pytest.raises(ValueError, match="wanted finite values of at least one word, got 2 words x 3"):
        figures.words_by_layer(SHARES.where(SHARES > 0.1), label="share", even=1 / 3)


def test_the_ranking_puts_the_largest_on_top_and_stresses_by_shape_too():
    axes = drawings()["ranking"].axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "c", "b"]
    assert [line.get_marker() for line in axes.lines] == ["o", "o", "s"]


@pytest.mark.parametrize("name", drawings())
def test_every_figure_becomes_a_small_opaque_picture_of_the_stated_size(name):
    figure = drawings()[name]
    content, suffix = figures.raster(figure)
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    expected = np.round(figure.get_size_inches() * figures.DPI)
    assert np.abs(np.array(picture.size) - expected).max() <= 1
    assert picture.getpixel((1, 1)) == (255, 255, 255)
    assert suffix == (".webp" if name in ("units", "leaf", "grid") else ".png")
    assert len(content) < 100_000


def test_the_same_figure_gives_the_same_bytes():
    first, second = (drawings()["by layer"] for _ in range(2))
    assert figures.raster(first) == figures.raster(second)
    assert figures.vector(first) == figures.vector(second)


def test_drawing_leaves_the_settings_of_matplotlib_alone():
    before = dict(mpl.rcParams)
    figures.raster(drawings()["histograms"])
    assert dict(mpl.rcParams) == before


def test_the_two_colours_of_the_sides_are_told_apart_by_anyone_and_read_on_white():
    def luminance(colour):
        rgb = np.array(to_rgb(colour))
        return np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    for colour in (figures.POSITIVE, figures.NEGATIVE, figures.MUTED, figures.INK):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5
    # For protanopes and deuteranopes red and green fall together: blue and yellowness remain.
    positive, negative = np.array(to_rgb(figures.POSITIVE)), np.array(to_rgb(figures.NEGATIVE))
    assert abs((positive[2] - positive[:2].mean()) - (negative[2] - negative[:2].mean())) > 0.5


def test_as_many_layers_as_units_are_wanted():
    with pytest.raises(
        ValueError, match=r"^want one layer name for each unit, got \(2,\) divergences and \(3,\) names$"
    ):
        figures.divergence_by_layer([1, 2], LAYERS, word="red")


def test_histograms_of_two_shapes_are_refused():
    with pytest.raises(
        ValueError, match=r"^want two stacks of histograms \[K, B\] of one shape, got \(1, 2\) and \(1, 3\)$"
    ):
        figures.histograms([[1, 2]], [[1, 2, 3]], word="red", titles=["u"])


def test_an_empty_histogram_is_refused():
    with pytest.raises(
        ValueError, match=r"^want histograms with some mass, got an empty one; the word needs images on both"
    ):
        figures.histograms([[0, 0]], [[1, 2]], word="red", titles=["u"])


def test_a_unit_without_pictures_is_refused():
    with pytest.raises(ValueError, match=r"^want a row of pictures for each of 3 units, got rows of \[4, 4\]$"):
        figures.prime_units(PLUS, MINUS, PHOTOS[:2], word="red", titles=TITLES)


def test_a_grid_without_images_is_refused():
    with pytest.raises(ValueError, match=r"^want at least one image, got none$"):
        figures.image_grid([])
