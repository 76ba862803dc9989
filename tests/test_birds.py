"""The corpus "birds": a folder in the layout in which CUB-200-2011 is published, and the real one."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from neuroattr import corpus
from neuroattr.corpus import birds, class_phrases

PHOTOS = [  # file, class, training, box, captions
    ("001.Red_Wren/Red_Wren_1.jpg", 1, 1, (2, 3, 20, 10), "a bird with a red crown\nit has black and white wings"),
    ("001.Red_Wren/Red_Wren_2.jpg", 1, 1, (0, 0, 10, 10), "a red crown\na red crown"),
    ("001.Red_Wren/Red_Wren_3.jpg", 1, 0, (30, 5, 20, 10), "a\ufffdred\ufffdbelly"),
    ("002.Grey_Owl/Grey_Owl_1.jpg", 2, 1, (5, 5, 10, 20), ""),
    ("002.Grey_Owl/Grey_Owl_2.jpg", 2, 0, (5, 5, 20, 20), None),
]
ATTRIBUTES = ["has_crown_color::red", "has_bill_length::longer_than_head", "has_belly_pattern::solid"]


def written(folder, photos=PHOTOS):
    """A data set of 40 x 30 pixels a photo, with two parts and three attributes."""
    lists = {
        "images.txt": [file for file, *_ in photos],
        "image_class_labels.txt": [label for _, label, *_ in photos],
        "train_test_split.txt": [training for _, _, training, *_ in photos],
        "bounding_boxes.txt": [" ".join(map(str, box)) for *_, box, _ in photos],
        "classes.txt": ["001.Red_Wren", "002.Grey_Owl", "003.Dodo"],
        "parts/parts.txt": ["left eye", "tail"],
        "attributes/attributes.txt": ATTRIBUTES,
    }
    for name, values in lists.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(f"{n} {value}\n" for n, value in enumerate(values, start=1)))
    places = [f"{n} {part} {10 * part}.5 {n}.0 {int(part == 1)}" for n in range(1, len(photos) + 1) for part in (1, 2)]
    places[0] = "1 1 99.0 2.0 1"  # outside its photo
    (folder / "parts/part_locs.txt").write_text("\n".join(places))
    (folder / "attributes/class_attribute_labels_continuous.txt").write_text("90 10 50\n0 80 49.9\n1 1 1\n")
    for n, (file, *_, said) in enumerate(photos):
        path = folder / "images" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), (40 * n, 100, 100)).save(path)
        if said is not None:
            text = (folder / "text" / file).with_suffix(".txt")
            text.parent.mkdir(parents=True, exist_ok=True)
            text.write_text(said, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path, cache):
    return written(tmp_path / "CUB_200_2011")


def test_what_is_read_from_the_files(folder):
    made = corpus.load("birds", folder=folder, crop=None)
    assert made.name == "birds in CUB_200_2011" and made.generated is False
    assert made.table["category"].tolist() == ["Red Wren"] * 3 + ["Grey Owl"] * 2
    assert made.table["split"].tolist() == ["train", "train", "test", "train", "test"]  # too few to validate on
    assert made.table["title"].iloc[0] == "a bird with a red crown" and made.table["title"].iloc[3] == ""
    assert made.words == ("red crown", "black wing", "red belly", "white wing")
    assert made.mention("red crown").tolist() == [True, True, False, False, False]
    known = made.annotations
    assert known.boxes.loc["Red_Wren_3"].tolist() == [30, 5, 10, 10]  # clipped to 40 pixels
    points = known.points.set_index(["image", "part"])
    assert points.loc[("Red_Wren_2", "left eye"), ["x", "y", "visible"]].tolist() == [10.5, 2.0, True]
    assert not points.loc[("Red_Wren_1", "left eye"), "visible"]
    assert known.class_attributes.loc["Grey Owl"].tolist() == [0, 80, 49.9]
    assert len(known.captions) == 5
    assert made.report == {
        "photos": 5,
        "boxes that left their picture, clipped": {"Red_Wren_3": 10.0},
        "part points outside their picture, made invisible": {"left eye": 1},
        "parts visible in no picture": ["tail"],
        "photos without captions": ["Grey_Owl_1", "Grey_Owl_2"],
        "photos with damaged captions": ["Red_Wren_3"],
        "captions that repeat another of their photo": 1,
    }


def test_crops_are_squares_around_the_box_padded_by_the_mean(folder):
    made = corpus.load("birds", folder=folder)
    assert made.image("Red_Wren_1").size == (20, 20)
    assert np.ptp(np.asarray(made.image("Red_Wren_1")).reshape(-1, 3), axis=0).max() <= 2  # one colour, padding and all
    assert corpus.load("birds", folder=folder, crop="box").image("Red_Wren_1").size == (20, 10)
    assert corpus.load("birds", folder=folder, margin=0.5).image("Red_Wren_1").size == (40, 40)
    whole = corpus.load("birds", folder=folder, crop=None)
    assert whole.image("Red_Wren_1").size == (40, 30)
    assert whole.source.digest("Red_Wren_1") != made.source.digest("Red_Wren_1")


def test_a_validation_part_is_carved_out_of_training(folder):
    made = corpus.load("birds", folder=folder, validation=0.5)
    assert made.table.groupby("split", sort=True)["category"].agg(list).to_dict() == {
        "test": ["Red Wren", "Grey Owl"], "train": ["Red Wren", "Grey Owl"], "validation": ["Red Wren"],
    }  # fmt: skip


def test_words_from_the_table_of_class_attributes(folder):
    made = corpus.load("birds", folder=folder, words="classes")
    assert made.words == ("red crown", "solid belly", "long bill")
    assert made.mention("solid belly").tolist() == [True, True, True, False, False]  # 50 % and 49.9 %
    assert corpus.load("birds", folder=folder, words="classes", percentage=49).words == ("red crown", "long bill")


def test_how_captions_are_read_and_how_many_words_are_kept(folder):
    (folder / "text/001.Red_Wren/Red_Wren_1.txt").write_text("black wings and tail, its crown is red")
    assert corpus.load("birds", folder=folder).words == ("black wing", "red belly", "red crown")
    made = corpus.load("birds", folder=folder, shared=True, predicates=True, n_words=2)
    assert made.words == ("red crown", "black tail")


def test_training_photos_that_show_what_another_shows_are_left_out_by_option(folder, monkeypatch):
    monkeypatch.setattr(birds, "NEAR_DUPLICATES", ((3, 2), (1, 4), (5, 5)))
    made = corpus.load("birds", folder=folder, apart=True)
    assert made.report["near-duplicates left out of training"] == ["Red_Wren_2", "Grey_Owl_1"]
    assert made.ids.tolist() == ["Red_Wren_1", "Red_Wren_3", "Grey_Owl_2"]


def test_photos_that_cannot_be_used_are_counted(folder):
    (folder / "images/001.Red_Wren/Red_Wren_1.jpg").unlink()
    (folder / "images/001.Red_Wren/Red_Wren_2.jpg").write_bytes(b"no picture")
    made = corpus.load("birds", folder=folder)
    assert made.report["missing image"] == ["Red_Wren_1"] and made.report["corrupt image"] == ["Red_Wren_2"]
    assert len(made.ids) == 3
    for path in (folder / "images").rglob("*.jpg"):
        path.unlink()
    with pytest.raises(ValueError, match=r"none of the 5 photos in .* can be used"):
        corpus.load("birds", folder=folder)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("classes.txt", None, "has no classes.txt"),
        ("images.txt", "1 a.jpg\nx b.jpg\n", "images.txt, line 2: 2 values are wanted; got 'x b.jpg'"),
        ("images.txt", "1 a/b.jpg\n1 a/c.jpg\n", "images.txt: number 1 is there twice"),
        ("images.txt", "1 a/b.jpg\n2 c/b.jpg\n", "by the names of their files; 'b' is there twice"),
        ("bounding_boxes.txt", "1 0 0 9\n", r"bounding_boxes.txt, line 1: 5 values are wanted"),
        ("image_class_labels.txt", "1 1\n", "has a line for each photo; photo 2 has none"),
        ("image_class_labels.txt", "1 1\n2 1\n3 1\n4 9\n5 2\n", "has class 9, which classes.txt does not know"),
        ("attributes/class_attribute_labels_continuous.txt", "1 2 3\n", "a line for each of 3 classes; got 1"),
        ("attributes/attributes.txt", None, "there is no .*attributes.txt"),
    ],
)
def test_files_that_are_none_of_this_layout_are_named_with_their_line(folder, name, content, message):
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content)
    with pytest.raises(ValueError, match=message):
        corpus.load("birds", folder=folder)


def test_options_that_there_are_not(folder):
    with pytest.raises(ValueError, match=r"words come from .captions. or .classes.; got 'names'"):
        corpus.load("birds", folder=folder, words="names")
    with pytest.raises(ValueError, match='crop is "square", "box" or None'):
        corpus.load("birds", folder=folder, crop="round")
    for path in (folder / "text").rglob("*.txt"):
        path.write_text(" \n")
    with pytest.raises(ValueError, match='no photo has a caption; words="classes"'):
        corpus.load("birds", folder=folder)
    (folder / "attributes/class_attribute_labels_continuous.txt").unlink()
    with pytest.raises(ValueError, match="no table of class attributes"):
        corpus.load("birds", folder=folder, words="classes")


# ---- class attributes in words


@pytest.mark.parametrize(
    ("attribute", "said"),
    {
        "has_wing_shape::rounded-wings": "rounded wing",
        "has_tail_shape::fan-shaped_tail": "fan-shaped tail",
        "has_bill_length::about_the_same_as_head": "head-long bill",
        "has_size::very_large_(32_-_72_in)": "very large body",
        "has_under_tail_color::white": "white under tail",
        "has_head_pattern::eyebrow": "eyebrowed head",
        "has_primary_color::blue": "blue body",
        "has_shape::duck-like": "duck-like shape",
        "has_eye_color::red": "red eye",
    }.items(),
)
def test_class_attributes_in_words(attribute, said):
    assert class_phrases.phrase(attribute) == said


def test_attributes_of_one_phrase_are_one():
    table = pd.DataFrame({"has_bill_length::longer_than_head": [10.0, 80], "has_bill_shape::long": [30.0, 5]})
    assert class_phrases.phrases(table)["long bill"].tolist() == [30, 80]


@pytest.mark.parametrize("attribute", ["wing_color::brown", "has_wing_color", "has_wing_color:: ", "has_::red"])
def test_attributes_of_another_form_are_refused(attribute):
    with pytest.raises(ValueError, match="is written has_<part>"):
        class_phrases.phrase(attribute)


# ---- the real photos


@pytest.mark.sample
def test_the_real_birds_have_the_counts_of_their_readme(cache):
    made = corpus.load("birds", apart=True)
    assert len(made.ids) == 2887 and made.table["category"].nunique() == 50
    assert made.table["split"].value_counts().to_dict() == {"test": 1389, "train": 1198, "validation": 300}
    assert made.report["near-duplicates left out of training"] == [
        "Laysan_Albatross_0096_673",
        "Bronzed_Cowbird_0074_24045",
    ]
    assert len(made.report["boxes that left their picture, clipped"]) == 14
    assert len(made.report["photos with damaged captions"]) == 5
    assert made.annotations.class_attributes.shape == (200, 312)
    width, height = made.image(made.ids[0]).size
    assert width == height
