"""Figures of saliency draw what they are given, and refuse what they cannot draw."""

import io

import numpy as np
import pytest
import xarray as xr
from PIL import Image

from neuroattr import figures
from neuroattr.figures import saliency
from neuroattr.statistics import Estimate

COUNTS, THRESHOLDS = [1, 2, 4, 8], np.linspace(0, 1, 5)


def curve(level):
    middle = level + 0.01 * np.arange(4)
    columns = {"value": middle, "low": middle - 0.05, "high": middle + 0.05}
    return xr.Dataset({name: ("K", values) for name, values in columns.items()}, {"K": COUNTS})


def overlap(level):
    values = level * np.outer([1, 2, 3, 4], 1 - THRESHOLDS)
    return xr.DataArray(values, dims=("K", "threshold"), coords={"K": COUNTS, "threshold": THRESHOLDS})


def row(title="red", columns=("K = 1", "tuned, K = 8")):
    rng = np.random.default_rng(0)
    region = np.zeros((20, 20), bool)
    region[4:9, 0:12] = True
    maps = {column: rng.random((20, 20)) for column in columns}
    return saliency.Row(title, rng.integers(0, 256, (20, 20, 3), np.uint8), region, maps, {columns[0]: "AP .5"})


def drawings():
    baseline = Estimate(0.3, 0.2, 0.4, 9)
    return {
        "panels": saliency.panels([[("one", row().picture), ("two", np.eye(4))], [("three", np.eye(3))]], titles="ab"),
        "by_count": saliency.by_count({"pre": curve(0.3), "tuned": curve(0.5)}, {"gradient": baseline, "chance": 0.1}),
        "by_threshold": saliency.by_threshold({"pre": overlap(0.1)}, overlap(0.1).sel(K=1), name="gradient"),
        "examples": saliency.examples({"found": [row(columns=["K"])] * 3, "missed": [row(columns=["K"])]}),
        "gallery": saliency.gallery([row(), row("hat")]),
        "estimates": saliency.estimates({"a": {"x": baseline, "y": baseline}, "b": {"y": baseline}}, axis="loss"),
    }


def test_curves_lie_at_their_values_and_baselines_are_level():
    axes = drawings()["by_count"].axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    np.testing.assert_allclose(lines["pre"].get_ydata(), curve(0.3)["value"])
    assert set(lines["gradient"].get_ydata()) == {0.3} and set(lines["chance"].get_ydata()) == {0.1}
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2", "4", "8"]


def test_every_number_of_units_has_its_line_of_overlaps():
    axes = drawings()["by_threshold"].axes[0]
    assert [line.get_label() for line in axes.lines] == ["K = 1", "K = 2", "K = 4", "K = 8", "gradient"]
    np.testing.assert_allclose(axes.lines[3].get_ydata(), 0.4 * (1 - THRESHOLDS))


def test_a_gallery_shows_people_first_and_the_score_below():
    figure = drawings()["gallery"]
    assert [axes.get_title(loc="left") for axes in figure.axes[:3]] == ["people", "K = 1", "tuned\nK = 8"]
    assert figure.axes[1].get_xlabel() == "AP .5" and figure.axes[3].get_ylabel() == "hat"


def test_examples_stand_in_pairs_of_picture_and_map():
    figure = drawings()["examples"]
    assert len(figure.axes) == 12 and figure.axes[0].get_title(loc="left") == "red"
    assert figure.axes[1].get_xlabel() == "AP .5" and figure.axes[6].get_ylabel() == "missed"
    assert len(figure.axes[7].images) == 1 and not figure.axes[8].images


def test_a_map_is_laid_over_a_grey_picture_on_its_own_scale():
    picture, values = np.full((2, 2, 3), 200, np.uint8), np.array([[0.4, 0.6], [0.5, 0.6]])
    found = saliency.overlaid(picture, values, weight=1.0)
    assert found.dtype == np.uint8 and (found[0, 1] == found[1, 1]).all() and (found[0, 0] != found[0, 1]).any()
    np.testing.assert_array_equal(found, saliency.overlaid(picture, 5 * values - 2, weight=1.0))
    np.testing.assert_allclose(saliency.overlaid(picture, np.zeros((2, 2)), weight=0.0), picture)


def test_the_first_name_stands_on_top_and_groups_side_by_side():
    axes = drawings()["estimates"].axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    heights = dict(zip(names, axes.get_yticks(), strict=True))
    assert heights["x"] > heights["y"]
    first, second = axes.lines[0].get_ydata(), axes.lines[1].get_ydata()
    assert first[1] > heights["y"] > second[0]


@pytest.mark.parametrize("name", drawings())
def test_every_figure_becomes_a_picture(name):
    content, _ = figures.raster(drawings()[name])
    assert np.asarray(Image.open(io.BytesIO(content)).convert("L")).std() > 5


def test_nothing_to_show_is_refused():
    with pytest.raises(ValueError, match=r"want rows with the same columns of maps; got \[\]"):
        saliency.gallery([])
    with pytest.raises(ValueError, match="want rows with the same columns of maps; got"):
        saliency.gallery([row(), row(columns=("K = 1",))])
    with pytest.raises(ValueError, match="want examples with one map each"):
        saliency.examples({"found": [row()]})
    with pytest.raises(ValueError, match=r"want panels and a title for each row; got \[1\] and 0 titles"):
        saliency.panels([[("one", np.eye(2))]], titles=[])
