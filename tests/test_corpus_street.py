"""Street photos of Clothing Co-Parsing, tags merged by a table, and regions of words."""

import re

import numpy as np
import pandas as pd
import pytest
import scipy.io
from PIL import Image

from neuroattr import corpus
from neuroattr.corpus import regions, translation
from neuroattr.corpus.street import AnnotationFault, annotation, street

LABELS = ("null", "bag", "dress", "heels", "purse", "shoes", "skin")


@pytest.fixture
def folder(tmp_path):
    """Five photos of 8 x 6 pixels in the layout of the published set: three with pixels, two with labels only."""
    for place in ("photos", "annotations/pixel-level", "annotations/image-level"):
        (tmp_path / place).mkdir(parents=True)
    names = np.empty((1, len(LABELS)), object)
    names[0] = [np.array([label]) for label in LABELS]
    scipy.io.savemat(tmp_path / "label_list.mat", {"label_list": names})
    for k in range(1, 6):
        Image.new("RGB", (8, 6), (40 * k, 90, 20)).save(tmp_path / "photos" / f"{k:04d}.jpg")
    worn = np.zeros((6, 8))  # double, as published
    worn[1:3, 2:5], worn[4:, :2], worn[4:, 6:] = 2, 3, 5
    for k in (1, 2, 3):
        scipy.io.savemat(tmp_path / f"annotations/pixel-level/{k:04d}.mat", {"groundtruth": np.roll(worn, k - 1, 1)})
    for k in (4, 5):
        scipy.io.savemat(tmp_path / f"annotations/image-level/{k:04d}.mat", {"tags": np.array([[0], [4], [6], [4]])})
    return tmp_path


def test_labels_become_words_and_masks_are_joined_by_word(cache, folder):
    photos = street(folder=folder, seed=0)
    assert set(photos.words) == {"shoes", "dress", "bag"}
    assert photos.table.title["0001"] == "null dress heels shoes"
    assert photos.table.annotation.tolist() == ["pixel"] * 3 + ["image"] * 2
    found = photos.truth.regions("0001")
    assert {word: int(mask.sum()) for word, mask in found.items()} == {"dress": 6, "shoes": 8}  # heels are shoes
    assert found["shoes"][4:, :2].all() and found["shoes"][4:, 6:].all()
    assert photos.truth.regions("0004") == {}  # labels without pixels
    assert photos.mention("bag").tolist() == [False, False, False, True, True]
    assert photos.report["repeated labels"] == ["0004", "0005"]


def test_the_corpus_is_read_from_the_cache_and_made_anew_when_a_file_changes(cache, folder, monkeypatch):
    first = street(folder=folder, seed=0)
    with monkeypatch.context() as context:
        context.setattr("neuroattr.corpus.street._made", None)  # would fail if it were called
        again = street(folder=folder, seed=0)
    pd.testing.assert_frame_equal(first.table, again.table)
    assert again.truth.regions("0001")["dress"].sum() == 6
    (folder / "annotations/image-level/0005.mat").unlink()
    assert len(street(folder=folder, seed=0)) == 4


def test_missing_and_corrupt_files_are_skipped_and_counted(cache, folder):
    (folder / "photos/0002.jpg").write_bytes((folder / "photos/0002.jpg").read_bytes()[:150])
    (folder / "annotations/pixel-level/0003.mat").write_bytes(b"MATLAB 5.0 MAT-file, cut short")
    (folder / "annotations/image-level/0004.mat").unlink()
    (folder / "photos/0006.jpg").write_bytes((folder / "photos/0005.jpg").read_bytes())
    scipy.io.savemat(folder / "annotations/image-level/0006.mat", {"tags": np.array([[1]])})
    photos = street(folder=folder, seed=0)
    assert list(photos.ids) == ["0001", "0005"]
    expected = {"corrupt image": ["0002"], "corrupt annotation": ["0003"], "missing annotation": ["0004"],
                "repeated image": ["0006"]}  # fmt: skip
    assert {kind: photos.report[kind] for kind in expected} == expected


def test_a_mask_of_another_size_than_its_photo_is_no_mask(cache, folder):
    Image.new("RGB", (16, 12), (10, 90, 20)).save(folder / "photos/0001.jpg")
    assert street(folder=folder, seed=0).truth.regions("0001") == {}


def test_a_limit_draws_the_same_photos_again(cache, folder):
    drawn = street(folder=folder, seed=3, limit=3)
    assert len(drawn) == 3 and list(drawn.ids) == list(street(folder=folder, seed=3, limit=3).ids)
    with pytest.raises(ValueError, match="limit is how many photos to use, 1 or more; got 0"):
        street(folder=folder, seed=3, limit=0)


def test_a_folder_of_something_else_is_refused(cache, tmp_path):
    with pytest.raises(ValueError, match=re.escape(f"{tmp_path} has no label_list.mat")):
        street(folder=tmp_path, seed=0)


def test_nothing_usable_is_an_error_that_says_what_was_found(cache, folder):
    for path in folder.rglob("0*.mat"):
        path.write_bytes(b"")
    with pytest.raises(ValueError, match=r"none of the 5 photos .* can be used: .*corrupt annotation"):
        street(folder=folder, seed=0)


def test_an_annotation_that_is_not_there_says_so(folder):
    with pytest.raises(AnnotationFault, match=r"missing annotation: there is no .*0009\.mat"):
        annotation(folder, "0009", "pixel")


# Translation


@pytest.fixture
def known():
    entries = {
        "skirt": {"japanese": ["スカート"], "synonyms": ["skirts"], "typos": ["skrit"]},
        "t-shirt": {"japanese": ["Tシャツ"]},
        "nothing": {"dropped": ["skin"]},
    }
    return translation.of_entries(entries)


def test_synonyms_translations_and_typos_become_one_word(known):
    said = [["スカート", "skrit"], ["#Skirts", "Ｔシャツ"], ["skin"], ["ootd"], []]
    joined = translation.merged(said, known)
    assert joined.words == [["skirt"], ["skirt", "t-shirt"], [], [], []]
    audit = joined.audit.reset_index()[["tag", "word", "why", "pictures"]].to_numpy().tolist()
    assert sorted(audit) == sorted(
        [["スカート", "skirt", "japanese", 1], ["skrit", "skirt", "typos", 1], ["skirts", "skirt", "synonyms", 1],
         ["tシャツ", "t-shirt", "japanese", 1], ["skin", "", "dropped", 1]]
    )  # fmt: skip
    assert joined.unknown.index.tolist() == ["ootd"]


def test_a_tag_that_is_not_known_comes_with_the_nearest_that_is(known):
    unknown = translation.merged([["skirtt"], ["skirtt", "♡"]], known).unknown
    assert unknown.loc["skirtt"].tolist() == [2, "skirt"] and unknown.loc["♡"].tolist() == [1, ""]


@pytest.mark.parametrize("tag", ["Denim Shirt", "#denim-shirt", "ｄｅｎｉｍ＿ｓｈｉｒｔ", " denim・shirt "])
def test_what_no_one_means_by_a_tag_is_taken_off(tag):
    assert translation.normalised(tag) == "denim-shirt"


@pytest.mark.parametrize("name", ["street", "clothing"])
def test_a_shipped_table_knows_its_own_words_and_gives_each_tag_one(name):
    table = translation.table(name)
    assert table.index.is_unique and table.index.map(translation.normalised).equals(table.index)
    words = [word for word in table["word"].unique() if word]
    assert set(words) <= set(table.index)


def test_one_tag_for_two_words_is_refused():
    with pytest.raises(ValueError, match=re.escape("a tag becomes one word; the table has several for {'top': ")):
        translation.of_entries({"top": {}, "shirt": {"synonyms": ["top"]}})


def test_an_unknown_reason_and_an_unknown_table_are_refused():
    with pytest.raises(ValueError, match="tags of 'top' are listed as japanese, synonyms, typos, or as dropped"):
        translation.of_entries({"top": {"french": ["haut"]}})
    with pytest.raises(ValueError, match="the translation tables are clothing, street; got 'wear'"):
        translation.table("wear")


# Regions


def test_masks_are_given_for_the_pairs_that_have_one(cache, folder):
    photos = street(folder=folder, seed=0)
    places = regions.masks(photos, [("0001", "dress"), ("0001", "bag"), ("0004", "bag")])
    assert places.table.to_numpy().tolist() == [["0001", "dress", 6]]
    assert places.dropped.to_numpy().tolist() == [["0001", "bag"], ["0004", "bag"]]
    assert np.array_equal(places.masks[0], photos.truth.regions("0001")["dress"])


def test_regions_need_boxes_or_masks(cache, folder):
    photos = street(folder=folder, seed=0)
    with pytest.raises(ValueError, match="nobody drew boxes in street photos in"):
        regions.agreed(photos, votes_needed=2)
    bare = corpus.Corpus("bare", photos.table, photos.words, photos.mentions, photos.source)
    with pytest.raises(
        ValueError, match=re.escape("bare has neither regions nor polygons; what is known of it: Annotations(nothing)")
    ):
        regions.masks(bare, [])


@pytest.mark.sample
def test_the_real_photos_have_the_counts_of_their_readme(cache):
    photos = corpus.load("street")
    assert photos.report["photos"] == 2098 and photos.report["repeated image"] == ["1707"]
    assert len(photos.report["repeated labels"]) == 18
    assert photos.table.annotation.value_counts().to_dict() == {"image": 1093, "pixel": 1004}
    assert photos.report["labels that the table does not know"] == []
    found = photos.truth.regions("0001")
    assert {"shoes", "skirt", "tights"} <= set(found) <= set(photos.words)
    assert next(iter(found.values())).shape == photos.image("0001").size[::-1]
