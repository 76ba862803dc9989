"""Figures of Hidden layers show the values they are given; the hovering scatter is safe whatever it is told."""

import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from neuroattr import figures

RNG = np.random.default_rng(0)
LAYERS = ["block1", "block2", "block3"]
CLASSES = ["red", "black", "yellow"]
LABELS = np.array(CLASSES)[RNG.integers(3, size=40)]
POINTS = {layer: RNG.normal(size=(40, 2)) for layer in LAYERS}
PICTURES = [Image.new("RGB", (30, 20), (place, 0, 0)) for place in range(40)]
SVG = "{http://www.w3.org/2000/svg}"


def accuracies(index):
    value = np.linspace(0.5, 0.9, len(index))
    return pd.DataFrame({"accuracy": value, "low": value - 0.02, "high": value + 0.02}, index=index)


def scores():
    value = np.linspace(0.1, 0.6, len(LAYERS))
    parts = {
        "rand": value,
        "low": value - 0.1,
        "high": value + 0.1,
        "information": value + 0.1,
        "unclustered": 1 - value,
    }
    return pd.DataFrame(parts, index=LAYERS)


def drawings():
    sizes = [2, 8, 32]
    return {
        "layers": figures.accuracy_by_layer(
            {"colour": accuracies(LAYERS), "texture": accuracies(LAYERS)},
            printed={"colour": [0.9, 0.93, 0.92], "texture": [0.5, 0.8, 0.9]},
            chance=0.1,
        ),
        "clusters": figures.cluster_scores({"colour": scores(), "texture": scores()}),
        "embeddings": figures.embeddings(POINTS, LABELS, CLASSES),
        "sizes": figures.accuracy_by_size(
            {name: {"UMAP": accuracies(sizes), "PCA": accuracies(sizes)} for name in ("colour", "texture")},
            label="dimensions",
            references={"colour": 0.93, "texture": 0.9},
        ),
        "rankings": figures.rankings(PICTURES[0], {"colour": [(one, "red, polka") for one in PICTURES[1:8]]}),
    }


def scatter(captions=None, **changes):
    captions = [f"picture {row}" for row in range(40)] if captions is None else captions
    given = {"labels": LABELS, "classes": CLASSES, "sheet": "sheet.webp", "title": "all of them"} | changes
    labels, classes = given.pop("labels"), given.pop("classes")
    return figures.hovering_scatter(POINTS["block1"], labels, classes, captions, **given).decode()


@pytest.mark.parametrize("name", ["layers", "clusters", "embeddings", "sizes", "rankings"])
def test_every_figure_becomes_a_small_opaque_picture(name):
    content, suffix = figures.raster(drawings()[name])
    assert Image.open(io.BytesIO(content)).convert("RGB").getpixel((1, 1)) == (255, 255, 255)
    assert suffix == (".webp" if name == "rankings" else ".png") and len(content) < 100_000


def test_accuracies_stand_where_they_were_measured():
    axes = drawings()["layers"].axes[0]
    measured = [line.get_ydata() for line in axes.lines if len(line.get_xdata()) == 3 and line.get_marker() in "os"]
    assert all(np.allclose(line, [0.5, 0.7, 0.9]) for line in measured) and len(measured) == 2


def test_a_size_without_a_value_is_a_gap_but_keeps_its_place():
    frame = accuracies([2, 8, 32])
    frame.loc[32] = np.nan
    axes = figures.accuracy_by_size({"colour": {"UMAP": frame}}, label="dimensions").axes[0]
    assert axes.lines[0].get_xdata().tolist() == [2, 8]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["2", "8", "32"]


def test_classes_that_are_colours_are_drawn_in_them_and_each_class_has_a_shape():
    looks = figures.class_looks([*CLASSES, "orange"])
    assert looks["yellow"][0] == "#e6c700" and len({shape for _, shape in looks.values()}) == 4
    assert figures.class_looks(["red", "polka"])["red"][0] != looks["red"][0]


def test_the_hovering_scatter_has_each_image_once_with_its_tile_of_the_sheet():
    root = ET.fromstring(scatter())
    dots = [one for one in root.iter(f"{SVG}g") if one.get("class") == "dot"]
    tiles = {one.find(f"{SVG}title").text: one.find(f".//{SVG}svg").get("viewBox") for one in dots}
    assert tiles == {f"picture {row}": f"{row % 7 * 72} {row // 7 * 72} 72 72" for row in range(40)}
    assert Image.open(io.BytesIO(figures.picture_sheet(PICTURES))).size == (7 * 72, 6 * 72)


def test_the_dots_of_a_class_share_its_colour_and_fill_the_square():
    root = ET.fromstring(scatter())
    groups = [one for one in root.iter(f"{SVG}g") if one.get("class") == "class"]
    sizes = [len([dot for dot in one if dot.get("class") == "dot"]) for one in groups]
    assert sizes == [int((name == LABELS).sum()) for name in CLASSES]
    assert [one.get("fill") for one in groups] == [colour for colour, _ in figures.class_looks(CLASSES).values()]
    xs = [float(x) for x in re.findall(r"translate\(([\d.]+),[\d.]+\) scale\(4", scatter())]
    assert min(xs) == 16 and max(xs) == 544


def test_classes_are_reached_by_the_keyboard_and_say_how_many_images_they_have():
    keys = [one for one in ET.fromstring(scatter()).iter(f"{SVG}g") if one.get("class") == "key"]
    assert [one.get("tabindex") for one in keys] == ["0"] * 3
    assert keys[0].get("aria-label") == f"red: {(LABELS == 'red').sum()} images"


def test_nothing_that_it_is_told_becomes_markup():
    bad = '</title><script>alert("x")</script>'
    drawn = scatter([bad] * 40, classes=[*CLASSES, bad], title=bad, sheet='a"><script>')
    assert "<script" not in drawn and ET.fromstring(drawn).find(f"{SVG}title").text == bad


def test_as_many_captions_as_points_are_wanted():
    with pytest.raises(ValueError, match=r"^want a label and a caption for each of 40 points; got 40 and 1$"):
        scatter(["one"])


def test_a_label_that_is_no_class_is_refused():
    with pytest.raises(ValueError, match=r"^labels must be among the classes red, black; got yellow$"):
        scatter(classes=CLASSES[:2])


def test_a_ranking_without_pictures_is_refused():
    with pytest.raises(ValueError, match=r"^want pictures for each ranking, got \[0\]$"):
        figures.rankings(PICTURES[0], {"colour": []})
