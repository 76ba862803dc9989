"""Corpora: from a user's data, split, contrasted, stored."""

import dataclasses
import json
import re

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from PIL import Image

from neuroattr import corpus
from neuroattr.corpus import (
    Annotations,
    Corpus,
    ImageFault,
    ImageSource,
    RowSource,
    sources,
    splits,
    storage,
    tagging,
)


def picture(colour="red", size=(12, 10), mode="RGB"):
    return Image.new(mode, size, colour)


@pytest.fixture
def folder(tmp_path):
    """Eight pictures: four red dresses, four blue hats."""
    for i in range(8):
        picture((10 * i, 0, 0)).save(tmp_path / f"{i}.jpg")
    return tmp_path


@pytest.fixture
def frame():
    said = ["a red soft dress"] * 4 + ["a blue soft hat", "a blue hat", "a blue hat", "a hat"]
    return pd.DataFrame({"file": [f"{i}.jpg" for i in range(8)], "said": said, "kind": ["dress"] * 4 + ["hat"] * 4})


def small(n=40, seed=0):
    """A corpus without pictures: word "even" in every second row, "few" in three, category by thirds."""
    ids = [f"p{i:02d}" for i in range(n)]
    table = pd.DataFrame(
        {"image": ids, "category": [f"c{i % 3}" for i in range(n)], "group": [f"s{i // 9}" for i in range(n)]}
    )
    table["split"] = splits.assigned(ids, seed=seed).to_numpy()
    table.index = pd.Index(ids, name="image")
    even, few = np.arange(n) % 2 == 0, np.arange(n) < 3
    mentions = scipy.sparse.csr_array(np.stack([even, few, np.zeros(n, bool), np.ones(n, bool)], axis=1))
    known = Annotations(
        attributes=pd.DataFrame({"colour": ["red", "blue"] * (n // 2)}, index=table.index, dtype="category")
    )
    return Corpus("small", table, ("even", "few", "never", "always"), mentions, ImageSource("none", {}), known)


# --- by hand
def test_five_lines_make_a_corpus_of_ones_own_photos(folder, frame):
    frame.to_csv(folder / "mine.csv", index=False)
    mine = Corpus.from_table(folder / "mine.csv", image_column="file", text_columns=("said",), category_column="kind")
    assert mine.words == ("soft", "red", "blue")
    assert mine.frequency.to_dict() == {"soft": 5, "red": 4, "blue": 3}
    assert repr(mine) == "Corpus('mine': 8 pictures, 3 words; train 4, test 2, validation 2)"
    assert mine.image("3.jpg").size == mine.image(3).size == (12, 10)
    assert mine.table.category.tolist() == ["dress"] * 4 + ["hat"] * 4
    assert mine.mention("blue").tolist() == [False] * 4 + [True] * 3 + [False]
    assert mine.summary().loc["pictures in train", "count"] == 4
    json.dumps([mine.report, mine.recipe])


@pytest.mark.parametrize(("generated", "said"), [(None, ":"), (False, ", real:"), (True, ", generated:")])
def test_whether_pictures_are_photographs_is_told_by_who_knows_it(folder, frame, generated, said):
    frame.to_csv(folder / "mine.csv", index=False)
    mine = Corpus.from_table(folder / "mine.csv", image_column="file", text_columns=("said",), generated=generated)
    assert mine.generated is generated and repr(mine).startswith(f"Corpus('mine'{said}")
    assert mine.subset([0, 1]).generated is mine.part("train").generated is generated
    assert Corpus.from_folder(folder, generated=generated).generated is generated


def test_an_origin_of_pictures_that_is_none_is_refused(folder, frame):
    told = r"^generated is True for drawings, False for photographs, None where nobody knows; got 'no'$"
    with pytest.raises(ValueError, match=told):
        Corpus.from_table(frame, image_column="file", root=folder, generated="no")


def test_a_parquet_table_with_given_words_ids_and_tags(folder, frame):
    frame["id"] = [f"n{i}" for i in range(8)]
    frame["tags"] = [["knee-length", "silk"]] * 2 + [[]] * 6
    frame.to_parquet(folder / "mine.parquet")
    mine = Corpus.from_table(
        folder / "mine.parquet", image_column="file", text_columns=("said", "tags"), id_column="id",
        words=("silk", "blue hat", "a", "velvet"), name="shop",
    )  # fmt: skip
    assert mine.words == ("silk", "blue hat")
    assert mine.ids[0] == "n0"
    assert mine.report == {"words in no picture": ["velvet"], "words in every picture": ["a"]}


@pytest.mark.parametrize("columns", [("said",), ("title", "said")])
def test_sentences_that_a_shop_repeats_give_no_words_on_request(folder, frame, columns):
    frame["title"], frame["shop"] = "a plain thing", ["a"] * 4 + ["b"] * 4
    frame["said"] += ". Wash with similar items; warm water."
    options = {"image_column": "file", "text_columns": columns, "group_column": "shop", "root": folder, "n_words": 2}
    kept = Corpus.from_table(frame, **options)
    left = Corpus.from_table(frame, **options, boilerplate="drop", repeated=4)
    assert "blue" in left.words and not {"similar", "warm"} & set(left.words)
    assert left.frequency["blue"] == 3 and "red" not in left.words  # one shop says "a red soft dress" of four things
    assert left.report["boilerplate sentences"] == 3 and left.report["texts with boilerplate"] == 8
    assert left.table.equals(kept.table)
    json.dumps([left.report, left.recipe])


def test_mentions_in_boilerplate_alone_can_be_taken_out_afterwards(folder, frame):
    frame["title"], frame["shop"] = ["a soft thing", *["a thing"] * 7], "a"
    mine = Corpus.from_table(
        frame, image_column="file", text_columns=("title", "said"), group_column="shop", root=folder
    )
    left = mine.without_boilerplate(repeated=3)
    assert mine.frequency.to_dict() == {"soft": 5, "red": 4, "blue": 3}
    assert left.words == ("blue", "soft")
    assert left.frequency.tolist() == [3, 2]  # "soft" by a title and by "a blue soft hat", said once
    assert left.report["words that lost most to boilerplate"] == {"red": [4, 0], "soft": [5, 2]}
    assert left.report["boilerplate sentences"] == 1 and len(left) == len(mine)
    with pytest.raises(ValueError, match="boilerplate is found in descriptions or titles; the table has image, cat"):
        small().without_boilerplate()


def test_faulty_pictures_and_texts_are_left_out_and_counted(folder, frame, monkeypatch):
    monkeypatch.setattr(sources, "MAX_PIXELS", 1000)
    (folder / "0.jpg").unlink()
    whole = (folder / "1.jpg").read_bytes()
    (folder / "1.jpg").write_bytes(whole[: len(whole) // 2])
    picture(size=(40, 40)).save(folder / "2.jpg")
    (folder / "3.jpg").write_bytes((folder / "4.jpg").read_bytes())
    frame.loc[7, "said"] = None
    mine = Corpus.from_table(frame, image_column="file", text_columns=("said",), root=folder)
    assert len(mine) == 5
    assert mine.report == {
        "missing image": ["0.jpg"],
        "corrupt image": ["1.jpg"],
        "huge image": ["2.jpg"],
        "repeated image": ["4.jpg"],
        "without text": ["7.jpg"],
    }


def test_a_folder_gives_texts_beside_and_categories_above(tmp_path):
    for kind in ("dress", "hat"):
        (tmp_path / kind).mkdir()
        for i in range(2):
            picture().save(tmp_path / kind / f"{i}.png")
    (tmp_path / "hat" / "0.txt").write_text("A blue hat")
    mine = Corpus.from_folder(tmp_path)
    assert mine.words == ("blue",)
    assert mine.ids.tolist() == ["dress/0.png", "dress/1.png", "hat/0.png", "hat/1.png"]
    assert mine.table.category.tolist() == ["dress", "dress", "hat", "hat"]
    assert mine.report["without text"] == ["dress/0.png", "dress/1.png", "hat/1.png"]


class Rows:
    """The part of a Hugging Face data set that is used."""

    column_names = ["image", "text"]

    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, key):
        return [row[key] for row in self.rows] if isinstance(key, str) else self.rows[key]


def test_a_data_set_with_decoded_rows_gives_a_corpus():
    rows = Rows(
        [{"image": picture(), "text": "red"}, {"image": picture(), "text": "blue"}, {"image": None, "text": ""}]
    )
    mine = Corpus.from_huggingface(rows, words=("red", "blue"))
    assert len(mine) == 2
    assert mine.image(0).getpixel((0, 0)) == (255, 0, 0)
    assert mine.source.path("row 0") is None
    assert mine.report == {"missing image": ["row 2"], "repeated image": ["row 1"]}


def test_rows_may_hold_encoded_pictures(folder):
    data = (folder / "3.jpg").read_bytes()
    source = RowSource([{"image": {"bytes": data, "path": None}}], "image", {"a": 0})
    assert source.image("a").size == (12, 10)
    assert source.digest("a") == ImageSource(folder, {"a": "3.jpg"}).digest("a")


def test_pictures_are_rgb_upright_and_on_white(tmp_path):
    picture((255, 0, 0, 0), mode="RGBA").save(tmp_path / "clear.png")
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    picture().save(tmp_path / "turned.jpg", exif=exif)
    picture(7, mode="L").save(tmp_path / "grey.png")
    source = ImageSource(tmp_path, {"clear": "clear.png", "turned": "turned.jpg", "grey": "grey.png"})
    assert source.image("clear").getpixel((0, 0)) == (255, 255, 255)
    assert source.image("turned").size == (10, 12)
    assert source.image("grey").getpixel((0, 0)) == (7, 7, 7)


def test_the_split_of_the_paper_has_its_sizes_in_its_order():
    assert splits.sizes(173_175) == (86_587, 43_294, 43_294)
    assert [sum(splits.sizes(n)) for n in range(6)] == list(range(6))


def test_a_contrast_has_as_many_pictures_with_the_word_as_without():
    drawn = small().contrast("few", seed=0)
    assert drawn.positives.tolist() == [0, 1, 2]
    assert len(drawn.negatives) == 3
    assert not set(drawn.negatives) & {0, 1, 2}
    assert drawn.report["negatives dropped"] == 34
    assert repr(drawn) == "Contrast('few', 3 positives, 3 negatives)"
    assert len(small().contrast("few", seed=0, balanced=False).negatives) == 37


# --- invariants
@pytest.mark.parametrize("match", [("category",), ("group",), ("category", "group"), "category"])
def test_matched_negatives_have_the_joint_distribution_of_the_positives(match):
    whole = small(90)
    drawn = whole.contrast("even", seed=1, match=match)
    columns = [match] if isinstance(match, str) else list(match)
    values = whole.table.reset_index(drop=True)[columns]
    sides = [values.iloc[rows].value_counts().sort_index() for rows in (drawn.positives, drawn.negatives)]
    pd.testing.assert_series_equal(*sides)
    assert whole.mention("even")[drawn.positives].all()
    assert not whole.mention("even")[drawn.negatives].any()
    assert drawn.report["positives dropped"] == 45 - len(drawn.positives)
    assert drawn.report["matched by"] == columns


def test_the_seed_decides_a_contrast():
    whole = small(90)
    first, again, other = (whole.contrast("few", seed=seed).negatives.tolist() for seed in (1, 1, 2))
    assert first == again != other


def test_a_split_depends_on_the_seed_but_not_on_the_order_of_rows():
    ids = [f"i{i}" for i in range(101)]
    first = splits.assigned(ids, seed=3)
    assert first.value_counts().to_dict() == {"train": 50, "test": 26, "validation": 25}
    assert splits.assigned(ids[::-1], seed=3).reindex(ids).tolist() == first.tolist()
    assert splits.assigned(ids, seed=4).tolist() != first.tolist()


def test_a_split_by_shop_leaves_every_shop_whole():
    rng = np.random.default_rng(0)
    ids, shops = [f"i{i}" for i in range(400)], rng.zipf(1.6, 400) % 60
    parts = splits.assigned(ids, seed=0, groups=shops)
    assert pd.Series(parts.to_numpy()).groupby(shops).nunique().max() == 1
    assert abs((parts == "train").mean() - 0.5) < 0.05
    other = splits.assigned(ids[::-1], seed=0, groups=shops[::-1])
    assert other.reindex(ids).tolist() == parts.tolist()


def test_parts_share_words_and_keep_mentions_and_annotations_in_step():
    whole = small()
    train = whole.part("train")
    assert train.words == whole.words
    assert len(train) == 20
    assert train.mention("even").tolist() == whole.mention("even")[(whole.table.split == "train").to_numpy()].tolist()
    assert train.annotations.attributes.index.equals(train.ids)
    assert whole.subset([5, 2]).ids.tolist() == ["p05", "p02"]


def test_a_stored_corpus_comes_back_the_same(tmp_path):
    whole = small()
    assert storage.stored(tmp_path / "kept") is None
    storage.save(whole, tmp_path / "kept")
    back = Corpus(source=whole.source, **storage.stored(tmp_path / "kept"))
    pd.testing.assert_frame_equal(back.table, whole.table, check_dtype=False, check_index_type=False)
    pd.testing.assert_frame_equal(back.annotations.attributes, whole.annotations.attributes, check_index_type=False)
    assert (back.mentions != whole.mentions).nnz == 0
    assert (back.words, back.name, back.generated) == (whole.words, whole.name, whole.generated)


def test_what_is_known_of_the_words_is_stored_too(tmp_path):
    votes = pd.DataFrame({"word": ["even"], "positive_id": ["p00"], "negative_id": ["p01"], "answer": ["none"]})
    kinds, visibility = pd.Series({"even": "visual"}, name="kind"), pd.Series({"even": 0.5}, name="visibility")
    whole = dataclasses.replace(small(), annotations=Annotations(kinds=kinds, visibility=visibility, votes=votes))
    storage.save(whole, tmp_path / "kept")
    back = storage.stored(tmp_path / "kept")["annotations"]
    assert back.kinds.to_dict() == {"even": "visual"} and back.visibility.to_dict() == {"even": 0.5}
    pd.testing.assert_frame_equal(back.votes, votes, check_dtype=False)


def test_annotations_keep_votes_within_a_part():
    votes = pd.DataFrame({"word": ["a", "a"], "positive_id": ["x", "y"], "negative_id": ["z", "x"]})
    known = Annotations(votes=votes, kinds=pd.Series({"a": "visual"}), visibility=pd.Series({"a": 0.5}))
    assert len(known.subset(["x", "z"]).votes) == 1
    assert repr(known) == "Annotations(visibility, kinds, votes)"


def test_the_tagger_inside_the_package_tags_without_any_asset():
    tags = tagging.pattern().tagger([("men", "blue", "striped", "shirt", ",", "v-neck"), ("soft",)])
    assert tags[0][1:4] == ["JJ", "JJ", "NN"]
    assert [len(each) for each in tags] == [6, 1]


def test_without_the_lexical_asset_the_tagger_inside_is_taken_by_name(monkeypatch):
    def missing(name):
        raise tagging.assets.MissingAsset(name)

    monkeypatch.setattr(tagging.assets, "folder", missing)
    tagging.perceptron.cache_clear()
    assert tagging.best().name == "textblob pattern tagger"


@pytest.mark.sample
def test_the_perceptron_and_its_lexicon_find_the_colours_of_titles(cache):
    tagged = tagging.perceptron()
    assert {"blue", "striped", "printed", "orange", "navy"} <= tagged.lexicon
    assert tagged.tagger([("the", "soft", "shirt")]) == [["DT", "JJ", "NN"]]


# --- errors
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"image_column": "photo"}, "the table has no column 'photo'; it has 'file', 'said', 'kind'"),
        ({"text_columns": "said"}, 'text_columns is a sequence of names of columns; write text_columns=("title",)'),
        ({"words": "red"}, 'words is a sequence of words, not one string; write words=("red",)'),
        ({"n_words": 0}, "n_words is how many words to take, 1 or more; got 0"),
        ({"split_by": "day"}, 'split_by is "listing" or "shop"; got \'day\''),
        ({"split_by": "shop"}, 'split_by="shop" needs the shops; name their column with group_column'),
        ({"id_column": "kind"}, "ids must be unique; 2 occur more than once, e.g. 'dress': make them unique"),
    ],
)
def test_a_wrong_request_says_what_to_do(folder, frame, changes, message):
    options = {"image_column": "file", "text_columns": ("said",), "root": folder} | changes
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Corpus.from_table(frame, **options)


def test_repeated_files_ask_for_a_column_of_ids(folder, frame):
    frame.loc[1, "file"] = "0.jpg"
    with pytest.raises(
        ValueError, match=r"1 occur more than once, e.g. '0.jpg': name a column of unique ids with id_column"
    ):
        Corpus.from_table(frame, image_column="file", root=folder)


def test_a_table_without_usable_pictures_says_what_was_wrong_with_the_first(tmp_path, frame):
    with pytest.raises(ValueError, match=r"none of the 8 pictures can be used; the first: .*0\.jpg cannot be read"):
        Corpus.from_table(frame, image_column="file", root=tmp_path)


def test_tables_and_folders_that_are_not_there(tmp_path, frame):
    with pytest.raises(FileNotFoundError, match=r"there is no table .*gone\.csv"):
        Corpus.from_table(tmp_path / "gone.csv", image_column="file")
    with pytest.raises(ValueError, match=r"from_table reads \.csv and \.parquet files and DataFrames; got mine\.xlsx"):
        Corpus.from_table(tmp_path / "mine.xlsx", image_column="file")
    with pytest.raises(ValueError, match="the table has no rows"):
        Corpus.from_table(frame.iloc[:0], image_column="file")
    with pytest.raises(ValueError, match=r"from_folder takes a folder of pictures; .*gone is none"):
        Corpus.from_folder(tmp_path / "gone")
    with pytest.raises(ValueError, match=r"holds no pictures \(\.jpg, .*\), not in its folders either"):
        Corpus.from_folder(tmp_path)
    with pytest.raises(ValueError, match=r'takes one split, as load_dataset\(\.\.\., split="train"\) gives; got list'):
        Corpus.from_huggingface([])


def test_a_contrast_that_cannot_be_made_says_why():
    whole = small()
    with pytest.raises(KeyError, match=r".evn. is none of the 4 words of small; did you mean .even.\?"):
        whole.contrast("evn", seed=0)
    with pytest.raises(
        ValueError, match="a contrast needs pictures with and without the word; 'never' is in none of the 40"
    ):
        whole.contrast("never", seed=0)
    with pytest.raises(ValueError, match="'always' is in all of the 40 pictures of small: choose another word"):
        whole.contrast("always", seed=0)
    with pytest.raises(ValueError, match=r"match names columns of the table, .*; got \['brand'\]"):
        whole.contrast("even", seed=0, match=("brand",))
    with pytest.raises(ValueError, match="matched negatives are drawn one for one: use balanced=True with match"):
        whole.contrast("even", seed=0, match=("category",), balanced=False)
    with pytest.raises(ValueError, match="no image has pictures with 'even' and without it: match fewer columns"):
        whole.contrast("even", seed=0, match=("image",))
    with pytest.raises(ValueError, match="the parts of a corpus are train, test, validation; got 'dev'"):
        whole.part("dev")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"words": ("a",)}, "mentions is N x W = 40 x 1 (rows of the table, words); got 40 x 4"),
        ({"words": ("a", "a", "b", "c")}, "words must differ from each other; some are there twice"),
        (
            {"table": lambda t: t.drop(columns="split")},
            "a corpus table has the columns image and split; missing: split",
        ),
        (
            {"table": lambda t: t.set_index(pd.RangeIndex(40))},
            "the index of a corpus table holds the ids of the pictures as strings; use index.astype(str)",
        ),
        (
            {"table": lambda t: t.set_index(pd.Index(["a"] * 40))},
            "the ids of pictures must be unique; ['a'] occur more than once",
        ),
        (
            {"table": lambda t: t.assign(split="dev")},
            "the parts of a corpus are train, test, validation; got ['dev']",
        ),
    ],
)
def test_a_corpus_refuses_parts_that_do_not_fit(changes, message):
    whole = small()
    table = changes.get("table", lambda t: t)(whole.table)
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Corpus("x", table, changes.get("words", whole.words), whole.mentions, whole.source)


def test_pictures_that_cannot_be_used_say_why(tmp_path, monkeypatch):
    (tmp_path / "text.jpg").write_text("not a picture")
    picture(size=(2000, 1200)).save(tmp_path / "big.png")
    source = ImageSource(tmp_path, {"text": "text.jpg", "gone": "gone.jpg", "big": "big.png"})
    with pytest.raises(ImageFault, match=r"^corrupt image: .*text\.jpg: not a picture format that Pillow reads$"):
        source.image("text")
    with pytest.raises(ImageFault, match=r"^missing image: .*gone\.jpg cannot be read \(FileNotFoundError\)$"):
        source.image("gone")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1_000_000)
    with pytest.raises(ImageFault, match=r"^huge image: .*big\.png"):
        source.image("big")
    with pytest.raises(KeyError, match="no picture has the id 'other'; ids are the index of the corpus table"):
        source.path("other")


def test_annotations_refuse_what_they_do_not_know():
    with pytest.raises(ValueError, match=r"annotations\.visibility lies in \[0, 1\]; use NaN for words without"):
        Annotations(visibility=pd.Series({"red": 1.5}))
    with pytest.raises(ValueError, match=r"annotations\.kinds are among .*; got \['optical'\]"):
        Annotations(kinds=pd.Series({"red": "optical"}))


def test_an_unknown_corpus_names_the_known_ones():
    assert {"atelier-shop", "products"} <= set(corpus.names())
    with pytest.raises(ValueError, match=r"the corpora are atelier-shop, .*; got 'etsy'\. For your own pictures: "):
        corpus.load("etsy")


def test_boilerplate_in_html_is_found_afterwards_as_it_is_while_words_are_chosen(folder, frame):
    frame["shop"] = "a"
    frame["said"] = [f"<p>a {colour} thing</p><p>नीली wash</p>" for colour in ("red", "blue") * 4]
    frame["said"] += [f"<p>n{i}</p>" for i in range(8)]
    frame.loc[0, "said"] = "नी\u200dली hat"
    options = {"image_column": "file", "text_columns": ("said",), "group_column": "shop", "root": folder}
    options |= {"words": ["नीली", "wash", "n1"]}
    left = Corpus.from_table(frame, **options, boilerplate="drop", repeated=5)
    after = Corpus.from_table(frame, **options).without_boilerplate(repeated=5)
    assert left.frequency.to_dict() == {"नीली": 1, "n1": 1}
    assert Corpus.from_table(frame, **options).frequency.to_dict() == {"wash": 7, "n1": 1}
    assert after.frequency.to_dict() == {"n1": 1}


def test_texts_with_half_characters_make_a_corpus_that_can_be_written(folder, frame):
    frame = frame.astype(object)
    frame.loc[0, ["said", "kind"]] = "a red\ud800 hat \ud83d\ude00", "hat\udc00"
    frame["shop"] = "a"
    mine = Corpus.from_table(
        frame, image_column="file", text_columns=("said", "kind"), category_column="kind", root=folder, words=["red"]
    )
    assert mine.table.title.iloc[0] == "a red\N{REPLACEMENT CHARACTER} hat \N{GRINNING FACE}"
    assert mine.table.category.iloc[0] == mine.table.description.iloc[0] == "hat\N{REPLACEMENT CHARACTER}"
    assert mine.mention("red")[0]
    mine.table.to_json(folder / "mine.json", force_ascii=False)
    mine.table.to_csv(folder / "mine.csv")
