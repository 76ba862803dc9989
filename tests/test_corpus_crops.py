"""Corpora cropped to the boxes of their objects: pictures, points, polygons, masks and digests."""

import hashlib
import re

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from neuroattr import provenance
from neuroattr.corpus import Annotations, Corpus, ImageFault, ImageSource, RowSource, boxes, crops, points, polygons
from neuroattr.provenance.origin import KEEPING

PIXELS = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)  # 6 wide, 4 high; red of row i, column j is 18 i + 3 j


def of(box, pixels=PIXELS, **known):
    """One picture "a" with a box (x, y, width, height)."""
    frame = pd.DataFrame({"image": ["a"], "split": ["train"]}, pd.Index(["a"], name="image"))
    sizes = pd.DataFrame({"width": [pixels.shape[1]], "height": [pixels.shape[0]]}, frame.index)
    annotations = Annotations(sizes=sizes, boxes=pd.DataFrame([box], frame.index, list(boxes.COLUMNS)), **known)
    source = RowSource([{"image": Image.fromarray(pixels)}], "image", {"a": 0})
    return Corpus("one", frame, (), scipy.sparse.csr_array((1, 0), dtype=bool), source, annotations)


def reds(corpus):
    return np.asarray(corpus.image("a"))[..., 0].tolist()


# --- by hand
def test_a_crop_shows_the_pixels_of_its_box():
    found = of((1, 1, 2, 2)).cropped()
    assert reds(found) == [[21, 24], [39, 42]]
    assert found.annotations.boxes.loc["a"].tolist() == [0, 0, 2, 2]
    assert found.annotations.sizes.loc["a"].tolist() == [2, 2]
    assert found.recipe["crops"] == [{"margin": 0.0, "square": True, "fill": "mean"}]
    assert found.source.path("a") is None and found.report == {}


def test_a_box_between_pixels_keeps_every_pixel_that_it_touches():
    assert reds(of((1.5, 1.25, 1, 0.5)).cropped(square=False)) == [[21, 24]]
    found = of((1.5, 1.25, 1, 0.5)).cropped(square=False)
    assert found.annotations.boxes.loc["a"].tolist() == [0.5, 0.25, 1, 0.5]


def test_a_margin_is_a_share_of_the_box_on_each_side():
    found = of((2, 1, 2, 2)).cropped(margin=0.5)
    assert found.image("a").size == (4, 4) and found.annotations.boxes.loc["a"].tolist() == [1, 1, 2, 2]
    assert of((0, 0, 5, 1)).cropped(margin=0.2, square=False).image("a").size == (7, 3)  # 1 each side; .2 touches a row


def test_a_square_has_the_longer_side_and_its_box_in_the_middle():
    wide = of((0, 1, 6, 1)).cropped()
    assert wide.image("a").size == (6, 6)
    assert wide.annotations.boxes.loc["a"].tolist() == [0, 2, 6, 1]  # two rows above it, three below
    assert [row[0] for row in reds(wide)] == [34, 0, 18, 36, 54, 34]  # the mean is 34.5


def test_what_lies_beyond_the_border_is_filled_by_the_mean_or_the_nearest_pixel():
    mean = np.rint(PIXELS.mean(axis=(0, 1))).astype(int).tolist()
    found = np.asarray(of((0, 0, 1, 3)).cropped().image("a"))
    assert found.shape == (3, 3, 3)
    assert (
        (found[:, 0] == mean).all()
        and found[:, 1, 0].tolist() == [0, 18, 36]
        and found[:, 2, 0].tolist() == [3, 21, 39]
    )
    assert reds(of((0, 0, 1, 3)).cropped(fill="edge")) == [[0, 0, 3], [18, 18, 21], [36, 36, 39]]


def test_the_crop_is_part_of_the_digest():
    whole = of((1, 1, 2, 2))
    crop = whole.cropped()
    wanted = hashlib.sha256(f"{whole.source.digest('a')} 1 1 2 2 mean".encode()).hexdigest()
    assert crop.source.digest("a") == wanted
    others = [whole, whole.cropped(margin=0.5), whole.cropped(fill="edge"), of((1, 2, 2, 2)).cropped(), crop.cropped()]
    assert len({crop.source.digest("a"), *(other.source.digest("a") for other in others)}) == 6


def test_what_is_recorded_of_crops_knows_the_code_that_opens_pictures():
    reach = provenance.Tree(outside=KEEPING).modules([crops.CroppedSource.__module__])
    assert {"neuroattr.corpus.sources", "neuroattr.corpus.bit_depth"} <= set(reach)


def test_parts_outside_the_crop_become_invisible_and_are_counted():
    rows = [
        ["a", "beak", 1.5, 1.5, True],
        ["a", "tail", 5, 3, True],
        ["a", "eye", 3, 1, True],
        ["a", "leg", 0, 0, False],
    ]
    outlines = [["a", "wing", 0, [1, 1, 4, 1, 4, 3]], ["a", "tail", 0, [4, 0, 6, 0, 6, 2]]]
    found = of(
        (1, 1, 2, 2), points=pd.DataFrame(rows, columns=points.COLUMNS),
        polygons=pd.DataFrame(outlines, columns=polygons.COLUMNS),
    ).cropped()  # fmt: skip
    assert found.annotations.points["visible"].tolist() == [True, False, False, False]
    assert found.annotations.points.loc[0, ["x", "y"]].tolist() == [0.5, 0.5]
    assert found.annotations.polygons["coordinates"].map(list).tolist() == [[0, 0, 3, 0, 3, 2]]
    assert found.report == {
        "part points outside the crop, made invisible": {"eye": 1, "tail": 1},
        "parts visible in no picture": ["eye", "leg", "tail"],
        "polygons outside the crop, left out": {"tail": 1},
    }
    again = found.cropped()
    assert again.annotations.points["visible"].sum() == 1 and len(again.recipe["crops"]) == 2
    assert "part points outside the crop, made invisible" in again.report


def test_masks_and_what_annotators_drew_are_cropped_too():
    mask = np.zeros((4, 6), bool)
    mask[1:3, 0:2] = True
    drawn = pd.DataFrame(
        [["a", "red", "x", 0, 0, 2, 2], ["a", "red", "y", 4, 0, 6, 1], ["a", "red", "z", *[np.nan] * 4]],
        columns=["image", "word", "annotator", "left", "top", "right", "bottom"],
    )
    found = of((0, 1, 1, 3), regions=lambda id: {"dress": mask}, drawn_boxes=drawn).cropped().annotations
    assert found.masks("a")["dress"].tolist() == [[False, True, True], [False, True, True], [False, False, False]]
    assert found.drawn_boxes.loc[0, ["left", "top", "right", "bottom"]].tolist() == [1, 0, 3, 1]
    assert found.drawn_boxes.loc[1:, "left":].isna().all(axis=None)


def test_a_crop_of_a_part_is_a_part_of_the_crop():
    whole = of((1, 1, 2, 2))
    assert whole.cropped().subset([0]).annotations.boxes.equals(whole.subset([0]).cropped().annotations.boxes)
    assert whole.cropped().image(0).tobytes() == whole.subset([0]).cropped().image(0).tobytes()


def test_a_colour_profile_stays_with_its_crop():
    picture = Image.fromarray(PIXELS)
    picture.info = {"icc_profile": b"profile"}
    for window in ((1, 1, 2, 2), (-1, 0, 3, 3)):
        assert crops.cropped_picture(picture, window, "mean").info == {"icc_profile": b"profile"}


# --- against slower ways
BOX = st.tuples(st.floats(0, 12), st.floats(0, 9), st.floats(0.1, 13), st.floats(0.1, 10))
CORNER = st.tuples(st.integers(-8, 50), st.integers(1, 39)).map(lambda xy: (xy[0] / 4, xy[1] / 4))
OPTIONS = st.fixed_dictionaries(
    {"margin": st.sampled_from([0.0, 0.1, 0.5]), "square": st.booleans(), "fill": st.sampled_from(["mean", "edge"])}
)
PICTURE = np.random.default_rng(0).integers(0, 256, (10, 13, 3), dtype=np.uint8)


def fitting(box):
    """The box, cut at the border of the picture."""
    x, y, width, height = box
    return x, y, min(width, PICTURE.shape[1] - x), min(height, PICTURE.shape[0] - y)


@settings(max_examples=80, deadline=None)
@given(BOX, OPTIONS)
def test_a_crop_is_what_a_loop_over_its_pixels_gives(box, options):
    found = of(fitting(box), PICTURE).cropped(**options)
    left, top, width, height = found.source.windows["a"]
    mean = np.rint(PICTURE.mean(axis=(0, 1))).astype(np.uint8)
    pixels = np.asarray(found.image("a"))
    assert pixels.shape == (height, width, 3) and (width == height or not options["square"])
    for i in range(height):
        for j in range(width):
            row, column = top + i, left + j
            near = PICTURE[np.clip(row, 0, 9), np.clip(column, 0, 12)]
            inside = 0 <= row < 10 and 0 <= column < 13
            assert (pixels[i, j] == (near if inside or options["fill"] == "edge" else mean)).all()


@settings(max_examples=80, deadline=None)
@given(BOX, OPTIONS, st.integers(0, 103).map(lambda v: v / 8), st.integers(0, 79).map(lambda v: v / 8))
def test_a_point_lies_on_the_same_pixel_in_the_crop(box, options, x, y):
    frame = pd.DataFrame([["a", "beak", x, y, True]], columns=points.COLUMNS)
    found = of(fitting(box), PICTURE, points=frame).cropped(**options)
    left, top, width, height = found.source.windows["a"]
    row = found.annotations.points.iloc[0]
    assert row.visible == (left <= x < left + width and top <= y < top + height)
    if row.visible:
        assert (np.asarray(found.image("a"))[int(row.y), int(row.x)] == PICTURE[int(y), int(x)]).all()


@settings(max_examples=80, deadline=None)
@given(BOX, OPTIONS, st.lists(CORNER, min_size=3, max_size=5).map(lambda corners: [v for xy in corners for v in xy]))
def test_the_mask_of_a_moved_polygon_is_the_crop_of_its_mask(box, options, ring):
    frame = pd.DataFrame([["a", "wing", 0, ring]], columns=polygons.COLUMNS)
    if not (max(ring[::2]) > 0 and min(ring[::2]) < 13):
        return  # outside the picture
    whole = of(fitting(box), PICTURE, polygons=frame)
    found = whole.cropped(**options)
    left, top, width, height = found.source.windows["a"]
    mask = polygons.mask([ring], width=80, height=80)
    moved = found.annotations.masks("a").get("wing", np.zeros((height, width), bool))
    for i, j in np.ndindex(height, width):
        if top + i >= 0 and left + j >= 0:
            assert moved[i, j] == mask[top + i, left + j]


@settings(max_examples=80, deadline=None)
@given(BOX, st.sampled_from([0.0, 0.1, 0.5]), st.booleans())
def test_a_window_is_the_smallest_around_its_box(box, margin, square):
    x, y, width, height = box
    frame = pd.DataFrame([box], ["a"], list(boxes.COLUMNS))
    left, top, wide, high = boxes.windows(frame, margin=margin, square=square).loc["a"]
    slack = 1e-5
    assert left <= x - margin * width + slack and left + wide >= x + width + margin * width - slack
    assert top <= y - margin * height + slack and top + high >= y + height + margin * height - slack
    longer = max(wide, high)
    assert longer < max(width, height) * (1 + 2 * margin) + 2 + slack
    assert not square or wide == high


def test_many_boxes_at_once_are_each_alone():
    rng = np.random.default_rng(0)
    ids = pd.Index([f"p{i}" for i in range(50)])
    frame = pd.DataFrame(rng.uniform(1, 30, (50, 4)).round(2), ids, list(boxes.COLUMNS))
    together = boxes.windows(frame, margin=0.1, square=True)
    for id in ids:
        assert boxes.windows(frame.loc[[id]], margin=0.1, square=True).loc[id].tolist() == together.loc[id].tolist()


# --- errors
def test_a_crop_that_cannot_be_made_says_why():
    whole = of((1, 1, 2, 2))
    bare = Corpus("bare", whole.table, (), whole.mentions, whole.source)
    message = "a crop needs the box of each picture; 1 of 1 have none, e.g. 'a': give annotations.boxes, or leave these"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        bare.cropped()
    for margin in (-0.1, np.nan, np.inf):
        with pytest.raises(
            ValueError, match=r"^margin is the share of a box's side to add on each side, 0 or more; got "
        ):
            whole.cropped(margin=margin)
    with pytest.raises(ValueError, match=r'^fill is "mean" or "edge": what lies beyond the border .*; got \'black\'$'):
        whole.cropped(fill="black")
    with pytest.raises(KeyError, match="no picture has the id 'b'; ids are the index of the corpus table"):
        whole.cropped().source.image("b")
    with pytest.raises(
        ValueError, match=r"2 x 2 pixels from \(7, 0\) lie outside 6 x 4: the box is that of another pict"
    ):
        crops.cropped_picture(Image.fromarray(PIXELS), (7, 0, 2, 2), "mean")


def test_a_picture_that_cannot_be_opened_is_at_fault_in_its_crop_too(tmp_path):
    source = crops.CroppedSource(ImageSource(tmp_path, {"a": "gone.png"}), {"a": (0, 0, 2, 2)}, "mean")
    for ask in (source.image, source.digest):
        with pytest.raises(ImageFault, match="missing image"):
            ask("a")
