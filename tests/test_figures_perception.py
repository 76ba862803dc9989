"""Figures of visualness draw what they are given, and refuse what they cannot draw."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from neuroattr import figures
from neuroattr.statistics import Estimate

RNG = np.random.default_rng(0)
WORDS = ["red", "new", "warm", "wet"]
SCORES = pd.DataFrame({"a": [0.9, 0.5, 0.6, np.nan], "b": [0.8, 0.4, 0.7, 0.1]}, index=WORDS)
KINDS = pd.Series({"red": "visual", "new": "non-visual"})
ROWS = {"random": [Estimate(0.5, 0.3, 0.6, 9)] * 2, "prior": [Estimate(0.1, -0.1, 0.3, 9)] * 2}


def drawings():
    return {
        "confidence": figures.confidence(RNG.normal(1, 1, 40), RNG.normal(-1, 1, 60), share=0.5, word="red"),
        "scatter": figures.scatter(SCORES, KINDS, labels=("a", "b"), diagonal=True),
        "lines": figures.lines(SCORES[["b"]].reset_index(drop=True).rename_axis("share"), label="b", chance=0.5),
        "agreements": figures.agreements(ROWS, printed={"random": (0.7, 0.6)}, ceiling=0.9),
        "degradation": figures.degradation(
            {"missed": {"random": [Estimate(0.9, 0.8, 1.0, 5)] * 2, "resample": [Estimate(0.8, 0.7, 0.9, 5)] * 2}},
            {"missed": [0.0, 0.5]},
            label="AUC",
            chance=0.5,
        ),
    }


def test_the_kept_share_of_each_side_is_the_surest_one():
    axes = figures.confidence([1, 2, 3, 4], [-1, -2, -3, -4], share=0.5, word="red").axes[0]
    x, y = axes.collections[0].get_paths()[0].vertices.T
    area = abs(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))
    assert area / np.ptp(x) * 32 == 2 and axes.lines[0].get_ydata()[:-1].sum() == 4, "of 32 bins"
    assert x[y > 0].min() > 2


def test_words_without_a_value_are_left_out_and_those_of_no_kind_are_marked():
    axes = drawings()["scatter"].axes[0]
    drawn = {line.get_label(): len(line.get_xdata()) for line in axes.lines[:3]}
    assert drawn == {"visual (1)": 1, "non-visual (1)": 1, "kind not known (1)": 1}
    assert {note.get_text() for note in axes.texts} == {"red", "new", "warm"}


def test_the_first_row_stands_on_top_and_only_printed_rows_have_a_diamond():
    axes = drawings()["agreements"].axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["prior", "random"]
    diamonds = [line.get_ydata()[0] for line in axes.lines if line.get_marker() == "D" and len(line.get_ydata())]
    assert diamonds == [1]


def test_names_in_a_scatter_lie_upon_no_other_name():
    points = pd.DataFrame({"a": RNG.normal(size=60), "b": RNG.normal(size=60)}, [f"word{i}" for i in range(60)])
    figure = figures.scatter(points / 50, pd.Series(dtype=object), labels=("a", "b"), named=12)
    boxes = [note.get_window_extent() for note in figure.axes[0].texts]
    assert len(boxes) > 12
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])


def test_noise_is_drawn_as_a_line_with_intervals_for_each_method():
    axes = drawings()["degradation"].axes[0]
    assert [line.get_label() for line in axes.lines[:2]] == ["random", "resample"]
    np.testing.assert_allclose(axes.lines[0].get_ydata(), [0.9, 0.9])
    assert axes.get_xlabel() == "missed" and axes.get_ylabel() == "AUC"


@pytest.mark.parametrize("name", drawings())
def test_every_figure_becomes_a_picture(name):
    content, _ = figures.raster(drawings()[name])
    assert np.asarray(Image.open(io.BytesIO(content)).convert("L")).std() > 5


def test_an_empty_side_is_refused():
    with pytest.raises(ValueError, match=r"want images on both sides and a share in \(0, 1\], got \[0, 1\] and 0.5"):
        figures.confidence([], [1.0], share=0.5, word="red")
