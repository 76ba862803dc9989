"""The data of Hidden layers: balanced samples without look-alikes, from small copies of both layouts and the sample."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from neuroattr import corpus
from neuroattr.corpus import ImageSource, labelled, samples, thumbnails

HEADER = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"
FEW = 4  # apparel of each colour in the small catalogue; orange has one less, and a cap, a shoe and a watch


def picture(path, seed, margin=0):
    """A garment of random patches on white, so that no two are alike."""
    patches = np.random.default_rng(seed).integers(0, 200, (5, 4, 3), dtype=np.uint8)
    garment = Image.fromarray(patches).resize((40, 50), Image.Resampling.NEAREST)
    page = Image.new("RGB", (40 + 2 * margin, 50 + margin), "white")
    page.paste(garment, (margin, margin // 2))
    path.parent.mkdir(parents=True, exist_ok=True)
    page.save(path, quality=95)


def product(home, id, row, pattern=None, seed=None):
    with (home / "styles.csv").open("a") as table:
        table.write(f"{id},Women,{row},Summer,2011,Casual,Rosa Women Top\n")
    attributes = {"Pattern": pattern} if pattern else {}
    described = {"data": {"brandName": "Rosa", "articleAttributes": attributes, "productDescriptors": {}}}
    (home / "styles" / f"{id}.json").write_text(json.dumps(described))
    picture(home / "images" / f"{id}.jpg", id if seed is None else seed)


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Products of ten colours with two patterns; a copy, a broken photo, underwear, and three orange accessories."""
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "cache"))
    home = tmp_path / "fashion-dataset"
    (home / "styles").mkdir(parents=True)
    (home / "styles.csv").write_text(HEADER + "\n")
    for k, base in enumerate(labelled.COLOURS.values()):
        for i in range(FEW - (base == "Orange")):
            product(home, 100 * (k + 1) + i, f"Apparel,Topwear,Tops,{base}", ("Solid", "Checked")[i % 2])
    for id, sort in enumerate(("Accessories,Headwear,Caps", "Footwear,Shoes,Heels", "Accessories,Watches,Watches")):
        product(home, 2000 + id, f"{sort},Orange")
    product(home, 3000, "Apparel,Innerwear,Bra,Red", "Solid")
    product(home, 3001, "Apparel,Topwear,Tops,Navy Blue", "Solid")
    return home


@pytest.fixture
def textures(tmp_path, monkeypatch):
    """An archive of three textures, one plain, and a stand-in, with three pictures each."""
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "cache"))
    home = tmp_path / "textures"
    rows = ["dotted,polka dots,1,0", "houndstooth,crows feet,1,0", "solid,basic,1,0", "zebra,sequin,1,1", "tartan,,0,0"]
    home.mkdir()
    (home / "textures.csv").write_text("\n".join(["folder,paper_texture,in_ten,is_stand_in", *rows]) + "\n")
    for k, kind in enumerate(("dotted", "houndstooth", "solid", "zebra", "tartan")):
        for i in range(3):
            picture(home / kind / f"{i}.jpg", 10 * k + i)
    alternative = ["id,articleType,baseColour,productDisplayName", *(f"{100 + i},Tops,Red,Rosa Top" for i in range(4))]
    (home / "solid_alternative_fashion_products.csv").write_text("\n".join(alternative) + "\n")
    return home


@pytest.fixture
def source(tmp_path):
    """Six pictures: a and b are one photo with other margins, x is cut short."""
    for seed, (name, margin) in enumerate([("a", 0), ("c", 0), ("d", 0), ("e", 0), ("x", 0)]):
        picture(tmp_path / f"{name}.png", seed, margin)
    picture(tmp_path / "b.png", 0, margin=20)
    (tmp_path / "x.png").write_bytes((tmp_path / "x.png").read_bytes()[:60])
    return ImageSource(tmp_path, {id: f"{id}.png" for id in "abcdex"})


# --- by hand
def test_a_photo_with_wider_margins_is_the_same_photo_and_another_garment_is_not(source):
    a, b, c = (thumbnails.thumbnail(source.image(id)) for id in "abc")
    assert thumbnails.alike(a, np.stack([b, c]), distance=samples.DISTANCE).tolist() == [True, False]
    assert len(thumbnails.thumbnail(Image.new("RGB", (30, 20), "white"))) == 3 * thumbnails.SIDE**2


def test_look_alikes_and_broken_files_are_passed_over_and_short_classes_reported(source):
    labels = pd.Series({"a": "red", "c": "red", "b": "blue", "d": "blue", "e": "blue", "x": "blue"})
    ids, report = samples.balanced(labels, source, each=4, seed=0)
    assert set(ids) == {"b", "d", "e", "c"}
    assert report["corrupt image"] == ["x"]
    assert report["near-duplicates left out"] == {"a": "b"}
    assert report["classes with fewer than asked"] == {"blue": 3, "red": 1}


def test_a_class_is_filled_from_what_ranks_first(source):
    labels = pd.Series(dict.fromkeys("acde", "red"))
    rank = pd.Series({"a": 1, "c": 0, "d": 0, "e": 2})
    ids, _ = samples.balanced(labels, source, each=3, seed=0, rank=rank)
    assert set(ids[:2]) == {"c", "d"}
    assert ids[2] == "a"


def test_colours_are_balanced_and_a_short_one_is_filled_with_what_is_worn(shelf):
    found = corpus.load("colours", folder=shelf, each=FEW)
    colour = found.truth.attributes["colour"]
    assert colour.value_counts().to_dict() == dict.fromkeys(labelled.COLOURS, FEW)
    assert found.report["other things than apparel"] == {"2000": "orange, Caps"}
    assert found.report["underwear, nightwear and swimwear left out"] == 1
    assert set(found.truth.attributes["pattern"].dropna()) == {"solid", "checked"}
    assert found.truth.attributes["pattern"].isna().sum() == 1  # the cap: none is stated
    assert found.words == ()
    assert found.image(0).size == (40, 50)
    more = corpus.load("colours", folder=shelf, each=9)
    assert more.report["classes with fewer than asked"]["orange"] == FEW + 1  # the watch is not worn as clothing is
    assert not {"3000", "3001", "2002"} & set(more.ids)


def test_each_part_of_the_split_has_every_class(shelf):
    found = corpus.load("colours", folder=shelf, each=FEW)
    counts = pd.crosstab(found.truth.attributes["colour"], found.table["split"])
    assert counts[["train", "test", "validation"]].to_numpy().tolist() == [[2, 1, 1]] * 10


def test_items_for_retrieval_have_both_labels(shelf):
    found = corpus.load("colours-and-patterns", folder=shelf, most=1)
    pairs = found.truth.attributes[["colour", "pattern"]]
    assert not pairs.isna().any().any()
    assert pairs.value_counts().tolist() == [1] * 20
    assert len(found.report["pairs without a picture"]) == 20
    assert found.report["classes with fewer than asked"] == {}


def test_textures_have_the_papers_names_and_the_stand_in_its_own(textures, shelf):
    found = corpus.load("textures", folder=textures, products=shelf, each=3)
    counts = found.truth.attributes["texture"].value_counts().to_dict()
    assert counts == dict.fromkeys(("polka", "crows-feet", "basic", "zebra"), 3)
    assert found.report["stands in for sequin"] == "zebra"
    plain = found.ids[found.truth.attributes["texture"] == "basic"]
    assert all(id.startswith("products-") for id in plain)
    assert found.source.path(plain[0]).parent == shelf / "images"
    assert all(found.image(id).size == (40, 50) for id in found.ids)


def test_plain_clothing_and_the_tenth_texture_can_be_chosen(textures):
    found = corpus.load("textures", folder=textures, basic="street", tenth="tartan", each=2)
    assert set(found.truth.attributes["texture"]) == {"polka", "crows-feet", "basic", "tartan"}
    assert sum(id.startswith("solid-") for id in found.ids) == 2
    nine = corpus.load("textures", folder=textures, basic="street", tenth=None, each=2)
    assert set(nine.truth.attributes["texture"]) == {"polka", "crows-feet", "basic"}


# --- invariants
def test_the_draw_follows_the_seed_and_not_the_order_of_the_rows(shelf):
    drawn = [list(corpus.load("colours", folder=shelf, each=2, seed=seed).ids) for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    table, *rows = (shelf / "styles.csv").read_text().splitlines()
    (shelf / "styles.csv").write_text("\n".join([table, *rows[::-1]]) + "\n")
    assert list(corpus.load("colours", folder=shelf, each=2).ids) == drawn[0]


def test_what_is_kept_comes_back_the_same_and_is_made_again_when_a_picture_changes(shelf, monkeypatch):
    made = []
    balanced = samples.balanced
    monkeypatch.setattr(samples, "balanced", lambda *given, **options: made.append(1) or balanced(*given, **options))
    first, again = (corpus.load("colours", folder=shelf, each=2) for _ in range(2))
    assert made == [1]
    assert again.table.equals(first.table)
    assert again.truth.attributes.equals(first.truth.attributes)
    picture(shelf / "images" / "100.jpg", 99)
    corpus.load("colours", folder=shelf, each=2)
    assert made == [1, 1]


# --- errors
def test_wrong_wishes_are_refused(shelf, textures, tmp_path):
    for load, options, message in (
        ("colours", {"folder": tmp_path}, "products are a folder with styles.csv, styles/ and images/; "),
        ("textures", {"folder": tmp_path}, "textures are a folder with textures.csv and a folder for each; "),
        ("colours", {"folder": shelf, "each": 0}, "each is how many pictures of a class to draw, 1 or more; got 0"),
        (
            "textures",
            {"folder": textures, "basic": "plain"},
            "basic is where plain clothing comes from, 'products' or ",
        ),
        (
            "textures",
            {"folder": textures, "basic": "street", "tenth": "polka"},
            "tenth stands in for sequin: one of zebra, tartan, or None; got 'polka'",
        ),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
            corpus.load(load, **options)


def test_a_class_without_a_single_usable_picture_is_refused(source):
    with pytest.raises(ValueError, match=r"^none of the 1 pictures can be opened: corrupt image: .*x\.png"):
        samples.balanced(pd.Series({"x": "red"}), source, each=1, seed=0)


# --- the real sample
@pytest.mark.sample
def test_the_sample_has_a_hundred_of_each_colour_but_orange(cache):
    found = corpus.load("colours")
    counts = found.truth.attributes["colour"].value_counts()
    assert counts.drop("orange").to_dict() == dict.fromkeys(set(labelled.COLOURS) - {"orange"}, 100)
    assert found.report["classes with fewer than asked"] == {"orange": counts["orange"]}
    assert 80 <= counts["orange"] < 100
    assert {said.split(",")[0] for said in found.report["other things than apparel"].values()} == {"orange"}


@pytest.mark.sample
def test_the_sample_has_a_hundred_of_each_of_ten_textures(cache):
    found = corpus.load("textures")
    assert found.truth.attributes["texture"].value_counts().tolist() == [100] * 10
    assert found.report["classes with fewer than asked"] == {}
    assert found.image(found.ids[-1]).size


@pytest.mark.sample
def test_the_sample_has_every_pair_of_colour_and_pattern(cache):
    found = corpus.load("colours-and-patterns")
    pairs = found.truth.attributes[["colour", "pattern"]].value_counts()
    assert len(pairs) == 40
    assert pairs.max() == 40
    assert found.report["pairs without a picture"] == []
