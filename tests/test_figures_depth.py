"""Figures of depth draw what they are given, and refuse what they cannot draw."""

import io

import numpy as np
import pytest
import xarray as xr
from PIL import Image

from neuroattr import figures
from neuroattr.figures import depth


def by_layer(values, layers=("norm1", "conv3", "fc6")):
    middle = np.asarray(values, float)
    columns = {"value": middle, "low": middle - 0.1, "high": middle + 0.1}
    return xr.Dataset({name: ("layer", column) for name, column in columns.items()}, {"layer": list(layers)})


KINDS = {"context": (0.4, 0.3, 0.5), "non-visual": (0.0, -0.1, 0.1)}


def drawings():
    two = {"share": by_layer([0.3, 0.5, 0.2]), "corrected": by_layer([0.2, 0.6, 0.2])}
    return {
        "by_layer": depth.by_layer(two, value="value", label="share", level=1 / 3, level_label="even"),
        "panels_by_layer": depth.panels_by_layer({"S": two, "max": two}, value="value", label="Pearson"),
        "dumbbells": depth.dumbbells(KINDS, KINDS, labels=("plain", "within"), axis="nats"),
    }


def test_each_series_has_a_mark_at_its_values_and_layers_keep_their_order():
    axes = drawings()["by_layer"].axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["norm1", "conv3", "fc6"]
    dots = {line.get_label(): line for line in axes.lines if line.get_marker() in depth.MARKS}
    assert dots["share"].get_ydata().tolist() == [0.3, 0.5, 0.2]
    assert dots["share"].get_marker() != dots["corrected"].get_marker()


def test_the_first_name_stands_on_top():
    axes = drawings()["dumbbells"].axes[0]
    heights = dict(zip([label.get_text() for label in axes.get_yticklabels()], axes.get_yticks(), strict=True))
    assert heights["context"] > heights["non-visual"]


@pytest.mark.parametrize("name", drawings())
def test_every_figure_becomes_a_picture(name):
    content, _ = figures.raster(drawings()[name])
    assert np.asarray(Image.open(io.BytesIO(content)).convert("L")).std() > 5


def test_series_of_other_layers_are_refused():
    other = by_layer([0, 0, 0], ("norm1", "conv3", "fc7"))
    with pytest.raises(ValueError, match="must have the layers norm1, conv3, fc6; others in: b"):
        depth.by_layer({"a": by_layer([0, 0, 0]), "b": other}, value="value", label="x")


def test_more_series_than_marks_are_refused():
    with pytest.raises(ValueError, match="draws 1 to 4 series, each with its own mark; got 0"):
        depth.by_layer({}, value="value", label="x")


def test_values_of_other_names_are_refused():
    with pytest.raises(ValueError, match="same names; got context, non-visual and visual"):
        depth.dumbbells(KINDS, {"visual": (0, 0, 0)}, labels=("a", "b"), axis="nats")


def test_panels_share_their_scale_and_have_their_titles():
    axes = drawings()["panels_by_layer"].axes
    assert [one.get_title("left") for one in axes] == ["S", "max"] and axes[0].get_ylim() == axes[1].get_ylim()


def test_panels_of_other_series_are_refused():
    one, other = {"a": by_layer([0, 0, 0])}, {"b": by_layer([0, 0, 0])}
    with pytest.raises(ValueError, match="all panels must have the series a; got b"):
        depth.panels_by_layer({"first": one, "second": other}, value="value", label="x")


def test_an_average_picture_is_the_mean_of_stretched_pictures():
    pictures = [Image.new("RGB", (4, 8), (100, 0, 20)), Image.new("RGB", (6, 6), (200, 0, 21))]
    assert (depth.average_picture(pictures, side=5) == [150, 0, 20]).all()  # 20.5 is rounded to even
    with pytest.raises(ValueError, match="want at least one picture to average, got none"):
        depth.average_picture([], side=5)
