"""The products adapter: a small copy of the upstream layout with its faults, and the real sample."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from neuroattr import assets, corpus
from neuroattr.corpus import catalogue, products, tagging

HEADER = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"
ROWS = [
    "11,Women,Apparel,Topwear,Tops,Red,Summer,2011,Casual,Rosa  Women Soft Red Top",
    "12,Women,Apparel,Topwear,Tops,NA,Summer,2011,NA,Rosa Women Soft Blue Top ",
    "13,Men,Apparel,Topwear,Shirts,White,Fall,2012,Casual,Red Tape Men White, Blue and Orange Shirt",
    '14,Men,Apparel,Topwear,Shirts,White,Fall,2012,Casual,"Rosa Men White, Long Shirt"',
    "15,Men,Footwear,Shoes,Heels,Black,Fall,2012,Casual,Acme Men Black Acme Heels",
    "16,Men,Footwear,Shoes,Heels,Black,Fall,2012,Casual,Acme Men Red Flat Heels",
    "9,Men,Footwear,Shoes,Heels,Black,Fall,2012,Casual,Zeta Men Red Flat Heels",
]
BRANDS = {"11": "Rosa", "12": "Rosa", "13": "Red Tape", "14": "Rosa", "15": "Acme", "16": "Acme", "9": "Zeta"}


def record(id, description="", **attributes):
    value = {"description": {"descriptorType": "description", "value": description}} if description is not None else {}
    return {
        "data": {"id": int(id), "brandName": BRANDS[id], "articleAttributes": attributes, "productDescriptors": value}
    }


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Seven products: one photo missing, one cut short, one there twice; one json broken."""
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(tagging, "best", tagging.pattern)
    home = tmp_path / "fashion-dataset"
    for part in ("styles", "images"):
        (home / part).mkdir(parents=True)
    (home / "styles.csv").write_text("\n".join([HEADER, *ROWS]) + "\n")
    same = "<p>A soft, warm cotton top with long sleeves<br />Machine wash &amp; dry in shade, casual fit</p>"
    for id in BRANDS:
        details = record(id, same if id in {"11", "12"} else "<p>&nbsp;</p>", Pattern="Solid", Fit="NA")
        (home / "styles" / f"{id}.json").write_text(json.dumps(details))
        Image.effect_noise((30, 40), 60).convert("RGB").save(home / "images" / f"{id}.jpg")
    (home / "styles" / "16.json").write_text("{")
    (home / "images" / "9.jpg").unlink()
    whole = (home / "images" / "15.jpg").read_bytes()
    (home / "images" / "15.jpg").write_bytes(whole[: len(whole) // 2])
    (home / "images" / "14.jpg").write_bytes((home / "images" / "13.jpg").read_bytes())
    return home


# --- by hand
def test_rows_with_unquoted_commas_na_and_stray_spaces_are_read_whole(folder):
    table, report = catalogue.styles(folder / "styles.csv")
    assert table.index.tolist() == ["11", "12", "13", "14", "15", "16", "9"]
    assert table.productDisplayName["13"] == "Red Tape Men White, Blue and Orange Shirt"
    assert table.productDisplayName["14"] == "Rosa Men White, Long Shirt"
    assert table.productDisplayName["11"] == "Rosa Women Soft Red Top"
    assert table.baseColour["12"] == table.usage["12"] == "NA"
    assert report == {"names with commas": ["13", "14"], "rows with stray spaces": 2, "rows with NA": 1}


def test_products_become_a_corpus_and_faults_are_counted(folder):
    found = corpus.load("products", folder=folder, deduplicate=False)
    assert found.ids.tolist() == ["11", "12", "13", "14", "16"]
    assert found.report["products"] == 7
    assert found.report["missing image"] == ["9"]
    assert found.report["corrupt image"] == ["15"]
    assert found.report["repeated image"] == ["14"]
    assert found.report["corrupt json"] == ["16"]
    assert found.report["empty description"] == ["13", "14"]
    assert found.table.loc["11", ["category", "group", "department"]].tolist() == ["Tops", "Rosa", "Apparel"]
    assert found.image("13").size == (30, 40)
    assert not found.generated
    json.dumps([found.report, found.recipe])


def test_near_duplicates_of_a_brand_are_merged(folder):
    found = corpus.load("products", folder=folder)
    assert len(set(found.ids) & {"11", "12"}) == 1
    assert found.report["near-duplicates removed"] == 1
    assert found.report["near-duplicate clusters by size"] == {"2": 1}
    assert found.report["largest near-duplicate clusters"] == [["Rosa Women Soft Red Top", "Rosa Women Soft Blue Top"]]


def test_a_brands_own_name_is_not_read_as_a_word(folder):
    found = corpus.load("products", folder=folder, deduplicate=False)
    assert {"red", "blue", "white", "soft"} <= set(found.words)
    assert found.ids[found.mention("red")].tolist() == ["11", "16"]  # not the shirt of Red Tape
    assert "rosa" in found.report["brand names left out"]
    assert "red" not in found.report["brand names left out"]


def test_what_a_brand_repeats_gives_no_words_if_boilerplate_is_dropped(folder):
    kept = corpus.load("products", folder=folder, deduplicate=False)
    left = corpus.load("products", folder=folder, deduplicate=False, boilerplate="drop", repeated=2)
    assert "warm" in kept.words and "warm" not in left.words  # of the description that two tops of Rosa share
    assert left.ids[left.mention("soft")].tolist() == ["11", "12"]  # of their titles
    assert left.table.equals(kept.table)
    assert left.report["boilerplate sentences"] == 2
    assert left.report["texts with boilerplate"] == 2
    assert left.report["most frequent boilerplate"][0][::2] == ["Rosa", 2]
    assert left.report["words that lost most to boilerplate"]["warm"] == [2, 0]
    assert left.summary().loc["boilerplate left out, of all sentences", "count"] == 4
    assert left.recipe["boilerplate"] == "drop" and kept.recipe["boilerplate"] == "keep"
    json.dumps([left.report, left.recipe])


def test_catalogue_attributes_are_truth_and_not_words(folder):
    found = corpus.load("products", folder=folder, deduplicate=False)
    attributes = found.truth.attributes
    assert attributes.loc["12", "baseColour"] == "NA"  # a value of the table
    assert attributes.loc["11", "Pattern"] == "Solid"
    assert "Fit" not in attributes  # NA in a json file: not stated
    assert attributes["Pattern"].isna().tolist() == [False] * 4 + [True]
    assert "solid" not in found.words


def test_the_corpus_is_kept_and_made_again_when_a_file_changes(folder, monkeypatch):
    first = corpus.load("products", folder=folder)
    made = []
    monkeypatch.setattr(products, "_made", lambda *given: made.append(given) or first)
    again = corpus.load("products", folder=folder)
    assert not made
    assert again.table.equals(first.table)
    assert again.words == first.words
    assert (again.mentions != first.mentions).nnz == 0
    assert again.truth.attributes.astype(object).equals(first.truth.attributes.astype(object))
    (folder / "styles" / "11.json").write_text(json.dumps(record("11", "A new description")))
    corpus.load("products", folder=folder)
    assert len(made) == 1


def test_a_limit_takes_that_many_at_random(folder):
    drawn = {seed: corpus.load("products", folder=folder, limit=4, deduplicate=False, seed=seed) for seed in (0, 1, 2)}
    assert all(found.report["products"] == 4 for found in drawn.values())
    assert len({tuple(found.ids) for found in drawn.values()}) > 1


# --- errors
@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["id,name"], "styles.csv begins with the columns id, gender, masterCategory"),
        ([HEADER, "11,Women"], "a row of styles.csv has 10 fields; the rows of ids ['11'] have fewer"),
        ([HEADER, ROWS[0], ROWS[0]], "ids in styles.csv must be unique; 1 occur more than once, e.g. 11"),
    ],
)
def test_a_broken_table_is_refused(tmp_path, lines, message):
    (tmp_path / "styles.csv").write_text("\n".join(lines))
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        catalogue.styles(tmp_path / "styles.csv")


def test_a_folder_without_the_layout_and_an_empty_limit_are_refused(folder, tmp_path):
    with pytest.raises(
        ValueError, match=r"products are a folder with styles\.csv, styles/ and images/; .* has no styles"
    ):
        corpus.load("products", folder=tmp_path)
    with pytest.raises(ValueError, match="limit is how many products to use, 1 or more; got 0"):
        corpus.load("products", folder=folder, limit=0)
    for photo in (folder / "images").iterdir():
        photo.unlink()
    with pytest.raises(ValueError, match=r"none of the 7 products in .* has a usable photo: .*9\.jpg cannot be read"):
        corpus.load("products", folder=folder)


# --- the real sample
@pytest.mark.sample
def test_the_table_of_the_sample_is_read_whole(cache):
    table, report = catalogue.styles(assets.folder(catalogue.ASSET) / "fashion-dataset" / "styles.csv")
    assert len(table) == 11_900
    assert report["names with commas"] == ["4854", "23103", "23112"]
    assert table.productDisplayName["4854"] == "Newfeel Unisex White, Blue and Orange Casual Shoes"


@pytest.mark.sample
def test_titles_of_the_sample_agree_with_its_json_files_and_colours_are_found(cache):
    found = corpus.load("products", limit=1500, deduplicate=False, seed=0)
    assert len(found) == 1500
    assert {"black", "white", "blue", "red", "printed", "striped", "casual"} <= set(found.words)
    assert not {"puma", "nike", "adidas", "benetton"} & set(found.words)
    named = found.truth.attributes["baseColour"].str.lower().to_numpy()
    for colour in ("black", "blue", "red"):
        said, stated = found.mention(colour), named == colour
        assert said[stated].mean() > 0.8, colour
        assert np.corrcoef(said, stated)[0, 1] > 0.3, colour


def test_words_of_the_catalogues_colours_and_patterns_are_visual_and_the_papers_least_visual_words_are_not():
    attributes = pd.DataFrame({"baseColour": ["Navy Blue", "Multi"], "Pattern": ["Striped", None]})
    kinds = catalogue.kinds(["navy", "striped", "multi", "great", "soft"], attributes)
    assert kinds.to_dict() == {"navy": "visual", "striped": "visual", "great": "non-visual"}
    kinds = catalogue.kinds(["NAVY", "Navy Blue", "Ｇｒｅａｔ", "avy"], attributes)
    assert kinds.to_dict() == {"NAVY": "visual", "Navy Blue": "visual", "Ｇｒｅａｔ": "non-visual"}


def test_another_way_to_treat_boilerplate_is_refused(folder):
    with pytest.raises(ValueError, match="boilerplate must be one of 'keep', 'drop'; got 'remove'"):
        corpus.load("products", folder=folder, boilerplate="remove")
