"""What is known of the pictures of a corpus: checked, kept in step with its rows, stored, rasterised, counted."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path as Outline

from neuroattr.corpus import (
    Annotations,
    Corpus,
    ImageSource,
    boxes,
    captions,
    points,
    polygons,
    regions,
    splits,
    storage,
)

IDS = pd.Index(["a", "b", "c"], name="image")
SIZES = pd.DataFrame({"width": [10, 8, 6], "height": [6, 8, 10]}, IDS)


def table(rows, columns, index=IDS):
    return pd.DataFrame(rows, index, columns)


def everything():
    """Three pictures of which everything is known."""
    return Annotations(
        attributes=pd.DataFrame({"colour": ["red", "blue", "red"]}, IDS, dtype="category"),
        kinds=pd.Series({"red": "visual"}, name="kinds").rename_axis("word"),
        drawn_boxes=pd.DataFrame({
            "image": ["a", "c"], "word": ["red", "red"], "annotator": ["x", "y"],
            "left": [1.0, np.nan], "top": [2.0, np.nan], "right": [3.0, np.nan], "bottom": [4.0, np.nan],
        }),
        applies=pd.DataFrame([[True, False], [False, True], [True, True]], IDS, pd.Index(["red", "new"], name="word")),
        sizes=SIZES,
        boxes=table([[1, 2, 4, 3], [0, 0, 8, 8], [1.5, 2, 3, 7.5]], boxes.COLUMNS),
        points=pd.DataFrame(
            [["a", "beak", 1.5, 2.5, True], ["a", "tail", 0, 0, False], ["b", "tail", 3, 3, True]],
            columns=points.COLUMNS,
        ),
        polygons=pd.DataFrame(
            [["a", "wing", 0, [1, 1, 4, 1, 4, 3]], ["c", "wing", 0, [0, 0, 2, 0, 2, 2, 0, 2]]], columns=polygons.COLUMNS
        ),
        captions=pd.DataFrame([["a", "a red bird"], ["a", "red red"], ["c", ""]], columns=captions.COLUMNS),
        classes=pd.DataFrame({"label": ["jay", "jay", "wren"], "split": ["train", "test", "train"]}, IDS),
        class_attributes=pd.DataFrame(
            {"has_bill::long": [0.0, 12.5], "has_bill::short": [100.0, 50.0]}, pd.Index(["jay", "wren"], name="class")
        ),
    )  # fmt: skip


def of(annotations, words=("red", "new")):
    frame = pd.DataFrame({"image": [f"{id}.png" for id in IDS], "split": ["train", "test", "train"]}, IDS)
    mentions = scipy.sparse.csr_array((len(IDS), len(words)), dtype=bool)
    return Corpus("birds", frame, words, mentions, ImageSource("none", {}), annotations)


# --- by hand
def test_a_part_of_a_corpus_has_the_annotations_of_its_pictures_in_its_order():
    found = of(everything()).subset([2, 0]).annotations
    for name in ("attributes", "applies", "sizes", "boxes", "classes"):
        assert getattr(found, name).index.tolist() == ["c", "a"]
    assert found.points["part"].tolist() == ["beak", "tail"]
    assert found.captions["text"].tolist() == ["a red bird", "red red", ""]
    assert found.polygons["image"].tolist() == ["a", "c"]
    assert len(of(everything()).part("test").annotations.captions) == 0
    assert found.class_attributes is not None and len(found.class_attributes) == 2
    assert of(everything()).truth.boxes.loc["a", "width"] == 4


def test_pictures_of_which_nothing_is_known_stay_in_a_part():
    known = Annotations(boxes=table([[1, 2, 4, 3]], boxes.COLUMNS, ["b"]))
    assert of(known).subset([0, 1]).annotations.boxes.index.tolist() == ["b"]
    assert repr(known) == "Annotations(boxes)" and repr(Annotations()) == "Annotations(nothing)"


def test_annotations_come_back_from_disk_the_same(tmp_path):
    whole = of(everything())
    storage.save(whole, tmp_path / "kept")
    back = storage.stored(tmp_path / "kept")["annotations"]
    for name in storage.TABLES:
        if name == "votes":
            continue
        wanted, found = getattr(whole.annotations, name), getattr(back, name)
        if name == "polygons":
            assert [xy.tolist() for xy in found["coordinates"]] == [xy.tolist() for xy in wanted["coordinates"]]
            wanted, found = wanted.drop(columns="coordinates"), found.drop(columns="coordinates")
        pd.testing.assert_frame_equal(
            found, wanted, check_dtype=False, check_index_type=False, check_column_type=False, check_categorical=False
        )
    assert repr(back) == repr(whole.annotations)


def test_boxes_that_leave_their_picture_are_clipped_and_counted():
    given_boxes = table([[-2, 1, 5, 8], [9, 9, 2, 2], [1.25, 2, 3, 7.5]], boxes.COLUMNS)
    found, report = boxes.fitted(given_boxes, SIZES)
    assert found.loc["a"].tolist() == [0, 1, 3, 5] and found.loc["c"].tolist() == [1.25, 2, 3, 7.5]
    assert report == {
        "boxes that left their picture, clipped": {"a": 3.0}, "boxes outside their picture, left out": ["b"],
    }  # fmt: skip
    assert boxes.fitted(found, SIZES)[1] == {}


def test_points_outside_their_picture_become_invisible_and_are_counted():
    rows = [
        ["a", "beak", 10, 2, True],
        ["a", "eye", 9.99, 0, True],
        ["b", "beak", -1, 2, False],
        ["b", "eye", 1, 9, True],
    ]
    found, report = points.fitted(pd.DataFrame(rows, columns=points.COLUMNS), SIZES)
    assert found["visible"].tolist() == [False, True, False, False]
    assert found["x"].isna().tolist() == found["y"].isna().tolist() == [True, False, True, True]
    assert report == {
        "part points outside their picture, made invisible": {"beak": 1, "eye": 1},
        "parts visible in no picture": ["beak"],
    }


def test_a_mask_has_the_pixels_whose_centres_lie_in_the_polygon():
    square = polygons.mask([[1, 1, 4, 1, 4, 3, 1, 3]], width=6, height=4)
    assert square.sum() == 6 and square[1:3, 1:4].all()
    left, right = [0, 0, 2.5, 0, 2.5, 4, 0, 4], [2.5, 0, 6, 0, 6, 4, 2.5, 4]
    both = [polygons.mask([ring], width=6, height=4) for ring in (left, right)]
    assert (both[0] ^ both[1]).all()  # each pixel in one of them
    assert polygons.mask([[-9, -9, 99, -9, 99, 99, -9, 99]], width=6, height=4).all()  # cut off at the border
    assert polygons.mask([left, right], width=6, height=4).all()


def test_masks_join_the_instances_of_a_part_and_leave_out_what_has_no_pixel():
    rows = [
        ["a", "wheel", 0, [0, 0, 2, 0, 2, 2, 0, 2]], ["a", "wheel", 1, [4, 0, 6, 0, 6, 2, 4, 2]],
        ["a", "light", 0, [7.1, 1.1, 7.2, 1.1, 7.2, 1.2]],
    ]  # fmt: skip
    known = Annotations(sizes=SIZES, polygons=pd.DataFrame(rows, columns=polygons.COLUMNS))
    found = known.masks("a")
    assert set(found) == {"wheel"} and found["wheel"].shape == (6, 10)
    assert found["wheel"][:2, [0, 1, 4, 5]].all() and found["wheel"].sum() == 8
    assert known.masks("b") == {}
    places = regions.masks(of(known), [("a", "wheel"), ("a", "light")])
    assert places.table["pixels"].tolist() == [8] and places.dropped["word"].tolist() == ["light"]


def test_captions_count_each_term_of_each_picture():
    counted, terms = captions.counts(everything().captions, ["c", "a", "b"], str.split)
    assert terms == ("red", "a", "bird")
    assert counted.toarray().tolist() == [[0, 0, 0], [3, 1, 1], [0, 0, 0]]
    counted, terms = captions.counts(everything().captions, ["a"], str.split, vocabulary=["bird", "blue"])
    assert terms == ("bird", "blue") and counted.toarray().tolist() == [[1, 0]] and counted.dtype == np.int64
    counted, terms = captions.counts(everything().captions, ["b"], str.split)
    assert counted.shape == (1, 0) and terms == ()


def test_validation_is_carved_out_of_train_class_by_class():
    labels = pd.Series(["jay"] * 10 + ["wren"] * 4 + ["owl"], [f"p{i:02d}" for i in range(15)])
    official = pd.Series((["train"] * 8 + ["test"] * 2) + ["train"] * 4 + ["train"], labels.index)
    found = splits.carved(official, labels, share=0.25, seed=0)
    assert (found[official == "test"] == "test").all() and found.index.equals(official.index)
    validation = labels[found == "validation"].value_counts().to_dict()
    assert validation == {"jay": 2, "wren": 1}  # the only owl stays in train
    other = splits.carved(official[::-1], labels[::-1], share=0.25, seed=0)
    assert other.reindex(found.index).equals(found)
    assert not splits.carved(official, labels, share=0.25, seed=1).equals(found)
    assert splits.carved(official, labels, share=0, seed=0).tolist() == official.tolist()
    assert (splits.carved(official, labels, share=0.99, seed=0) == "train").groupby(labels).sum().min() == 1


# --- against slower ways
def slowly_inside(x, y, ring):
    """The ray to the left, edge by edge (the plain form of the rule)."""
    inside, corners = False, list(zip(ring[::2], ring[1::2], strict=True))
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (y0 <= y) != (y1 <= y) and x0 + (y - y0) * (x1 - x0) / (y1 - y0) <= x:
            inside = not inside
    return inside


PLACE = st.floats(-3, 12).map(lambda v: round(v, 2))
CORNER = st.tuples(PLACE, PLACE)


@settings(max_examples=60, deadline=None)
@given(st.lists(CORNER, min_size=3, max_size=7).map(lambda corners: [v for xy in corners for v in xy]))
def test_a_mask_is_what_a_ray_for_each_pixel_says(ring):
    slow = [[slowly_inside(j + 0.5, i + 0.5, ring) for j in range(9)] for i in range(7)]
    assert np.array_equal(polygons.mask([ring], width=9, height=7), np.array(slow))


def test_a_mask_agrees_with_another_library():
    rng = np.random.default_rng(0)
    centres = np.stack(np.meshgrid(np.arange(40) + 0.5, np.arange(30) + 0.5), axis=-1).reshape(-1, 2)
    for _ in range(20):
        angles = np.sort(rng.uniform(0, 2 * np.pi, 9))
        ring = np.array([20, 15]) + rng.uniform(3, 18, (9, 1)) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        wanted = Outline(np.vstack([ring, ring[:1]]), closed=True).contains_points(centres).reshape(30, 40)
        assert np.array_equal(polygons.mask([ring.ravel()], width=40, height=30), wanted)


def test_counts_are_those_of_a_plain_loop():
    rng = np.random.default_rng(0)
    ids = [f"p{i}" for i in range(12)]
    texts = [" ".join(rng.choice(["red", "wing", "long", "bill"], 5)) for _ in range(40)]
    frame = pd.DataFrame({"image": rng.choice(ids, 40), "text": texts})
    counted, terms = captions.counts(frame, ids, str.split)
    for n, id in enumerate(ids):
        said = [token for text in frame["text"][frame["image"] == id] for token in text.split()]
        assert counted[[n]].toarray()[0].tolist() == [said.count(term) for term in terms]


# --- errors
def points_with(**changes):
    return pd.DataFrame([["a", "beak", 1.0, 2.0, True]], columns=points.COLUMNS).assign(**changes)


def polygon(coordinates, **changes):
    return pd.DataFrame([["a", "wing", 0, coordinates]], columns=polygons.COLUMNS).assign(**changes)


@pytest.mark.parametrize(
    ("known", "kind", "message"),
    [
        ({"boxes": [1]}, TypeError, "annotations.boxes is a DataFrame; got list"),
        (
            {"boxes": table([[1, 1, 1, 1]] * 2, boxes.COLUMNS, ["a", "a"])}, ValueError,
            "annotations.boxes has one row a picture; 1 pictures have more, e.g. 'a'",
        ),
        (
            {"boxes": table([[1, 1, 1, 1]], boxes.COLUMNS, [7])}, TypeError,
            "the index of annotations.boxes holds the ids of the pictures as strings; use index.astype(str)",
        ),
        (
            {"boxes": table([[1, 1, 1]], ["x", "y", "width"], ["a"])}, ValueError,
            "annotations.boxes has the columns x, y, width, height; missing: height",
        ),
        (
            {"boxes": table([["1", 1, 1, 1]], boxes.COLUMNS, ["a"])}, TypeError,
            "annotations.boxes: x holds numbers; got ",
        ),
        (
            {"boxes": table([[1, np.nan, 1, 1]], boxes.COLUMNS, ["a"])}, ValueError,
            "annotations.boxes: x, y, width, height must be finite; 1 of 1 rows are not, the first 'a': leave",
        ),
        (
            {"boxes": table([[1, 1, 0, 1]], boxes.COLUMNS, ["a"])}, ValueError,
            "annotations.boxes: a box has a width and a height above 0; 1 have not, e.g. that of 'a': leave them out",
        ),
        (
            {"boxes": table([[1, 1, 9.5, 1]], boxes.COLUMNS, ["a"]), "sizes": SIZES}, ValueError,
            "annotations.boxes: a box lies in its picture; 1 leave it, e.g. that of 'a': clip them with boxes.fitted(",
        ),
        (
            {"boxes": table([[1, 1, 1, 1]], boxes.COLUMNS, ["z"]), "sizes": SIZES}, ValueError,
            "annotations.boxes needs the size of each of its pictures; 1 are not in annotations.sizes, e.g. 'z'",
        ),
        (
            {"sizes": SIZES * 0.25}, ValueError,
            "annotations.sizes: width and height are whole numbers of pixels, 1 or more; got 1.5",
        ),
        (
            {"points": points_with().drop(columns="visible")}, ValueError,
            "annotations.points has the columns image, part, x, y, visible; missing: visible",
        ),
        (
            {"points": points_with(visible=1)}, TypeError,
            "annotations.points: visible is True or False; got int64: use astype(bool)",
        ),
        (
            {"points": points_with(part=3)}, TypeError,
            "annotations.points: part holds strings, none missing; got integer: use astype(str), drop the rest",
        ),
        (
            {"points": pd.concat([points_with(), points_with()])}, ValueError,
            "annotations.points: a part has one point in a picture; 'beak' of 'a' has more: name left and right apart",
        ),
        (
            {"points": points_with(x=np.nan)}, ValueError,
            "annotations.points: a visible point has an x and a y; 1 have not, e.g. 'beak' of 'a': say visible=False",
        ),
        (
            {"points": points_with(x=10), "sizes": SIZES}, ValueError,
            "annotations.points: a visible point lies in its picture; 1 do not, e.g. 'beak' of 'a': make them",
        ),
        (
            {"polygons": polygon([1, 1, 4, 1, 4, 3])}, ValueError,
            "annotations.polygons need annotations.sizes: width and height of each picture",
        ),
        (
            {"polygons": polygon([1, 1, 4, 1]), "sizes": SIZES}, ValueError,
            "annotations.polygons: a polygon is x0, y0, x1, y1, ... of three or more corners; row 0 has shape (4,)",
        ),
        (
            {"polygons": polygon([1, 1, 4, 1, 4, np.nan]), "sizes": SIZES}, ValueError,
            "annotations.polygons: coordinates must be finite; row 0 has others: leave that polygon out",
        ),
        (
            {"polygons": polygon([11, 1, 14, 1, 14, 3]), "sizes": SIZES}, ValueError,
            "annotations.polygons: a polygon lies in its picture; 1 lie outside, e.g. one of 'wing' of 'a': leave them",
        ),
        (
            {"polygons": polygon(0).drop(columns="coordinates"), "sizes": SIZES}, ValueError,
            "annotations.polygons has the columns image, part, instance, coordinates; missing: coordinates",
        ),
        (
            {"captions": pd.DataFrame({"image": ["a"], "text": [None]})}, TypeError,
            "annotations.captions: text holds strings, none missing; got ",
        ),
        ({"captions": ["a bird"]}, TypeError, "annotations.captions is a DataFrame; got list"),
        (
            {"classes": pd.DataFrame({"label": ["jay"], "split": ["validation"]}, ["a"])}, ValueError,
            "annotations.classes: an official split is \"train\" or \"test\"; got ['validation']: see splits.carved",
        ),
        (
            {"class_attributes": pd.DataFrame({"long": [101.0]}, ["jay"])}, ValueError,
            "annotations.class_attributes are percentages from 0 to 100; 'long' of 'jay' is 101: leave that attribute",
        ),
        (
            {"class_attributes": pd.DataFrame({"long": [np.nan]}, ["jay"])}, ValueError,
            "annotations.class_attributes are percentages from 0 to 100; 'long' of 'jay' is nan: leave that attribute",
        ),
        (
            {"class_attributes": pd.DataFrame({"long": [1.0, 2.0]}, ["jay", "jay"])}, ValueError,
            "annotations.class_attributes: each class is there once; 'jay' is there twice",
        ),
        ({"class_attributes": {}}, TypeError, "annotations.class_attributes is a DataFrame; got dict"),
        (
            {
                "class_attributes": pd.DataFrame({"long": [1.0]}, ["jay"]),
                "classes": pd.DataFrame({"label": ["jay", "wren"]}, ["a", "b"]),
            }, ValueError,
            "annotations.class_attributes has a row for each class; 1 have none, e.g. 'wren': leave out the pictures",
        ),
        (
            {"applies": pd.DataFrame({"red": [1]}, ["a"])}, TypeError,
            "annotations.applies is True or False for each picture and word; use astype(bool)",
        ),
    ],
)  # fmt: skip
def test_annotations_that_are_not_as_they_should_be_say_what_to_do(known, kind, message):
    with pytest.raises(kind, match=f"^{re.escape(message)}"):
        Annotations(**known)


@pytest.mark.parametrize("name", ["applies", "sizes", "boxes", "points", "polygons", "captions", "classes"])
def test_a_corpus_refuses_annotations_of_pictures_that_it_has_not(name):
    wanted = everything().subset(["a"])
    sizes = pd.concat([SIZES, SIZES.rename(lambda id: f"other {id}")])
    strange = getattr(wanted, name)
    strange = strange.assign(image="other a") if "image" in strange else strange.rename(lambda id: f"other {id}")
    known = {name: strange} if name == "sizes" else {name: strange, "sizes": sizes if name == "polygons" else None}
    message = r"^annotations\.\w+ speaks of pictures of the corpus; \d ids are none of its 3, e.g. 'other a': keep "
    with pytest.raises(ValueError, match=message):
        of(Annotations(**known))


def test_masks_need_regions_or_polygons():
    with pytest.raises(
        ValueError, match=r"^there are no masks: neither regions nor polygons are known, but Annot.*boxes"
    ):
        Annotations(boxes=everything().boxes).masks("a")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"share": 1}, "share is the part of the training pictures to validate on, from 0 to below 1; got 1"),
        ({"official": pd.Series({"a": "dev"})}, 'an official split is "train" or "test"; got [\'dev\']'),
        ({"labels": pd.Series({"b": "jay"})}, "each picture needs a label; 1 have none, e.g. 'a'"),
        ({"official": pd.Series({"a": "test"})}, "validation is carved out of the train part of an official split; it"),
    ],
)
def test_validation_that_cannot_be_carved_says_why(changes, message):
    request = {"official": pd.Series({"a": "train"}), "labels": pd.Series({"a": "jay"}), "share": 0.1} | changes
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        splits.carved(**request, seed=0)


def test_a_vocabulary_names_each_term_once():
    with pytest.raises(
        ValueError, match=r"^the terms of a vocabulary must differ from each other; some are there twice$"
    ):
        captions.counts(everything().captions, ["a"], str.split, vocabulary=["a", "a"])


def test_a_table_that_is_replaced_is_checked_again():
    with pytest.raises(ValueError, match="a box lies in its picture"):
        replace(everything(), sizes=SIZES - 3)
