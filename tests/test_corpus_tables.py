"""Users' tables: CSV as the text it is, typed columns, columns of pictures, and what does not fit."""

import io
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from neuroattr.corpus import Corpus, delimited, storage, tables
from neuroattr.corpus.report import Report

WORDS = ("red", "blue")


@pytest.fixture
def folder(tmp_path):
    """Six pictures, 0.jpg to 5.jpg."""
    for i in range(6):
        Image.new("RGB", (8, 8), (40 * i, 0, 0)).save(tmp_path / f"{i}.jpg")
    return tmp_path


@pytest.fixture
def read(folder):
    """A corpus of the given content of a CSV file."""

    def of(content, **options):
        path = folder / "mine.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Corpus.from_table(path, **{"image_column": "photo", "text_columns": ("title",)} | options)

    return of


def framed(folder, columns, **options):
    frame = columns if isinstance(columns, pd.DataFrame) else pd.DataFrame(columns)
    return Corpus.from_table(frame, **{"image_column": "photo", "root": folder} | options)


# --- text is text
def test_ids_of_a_csv_are_the_text_that_stands_there(read):
    rows = ["00123,0.jpg,red,NA", ",1.jpg,red,1.0", "2e1,2.jpg,blue,true", "123456789012345678,3.jpg,None,007"]
    mine = read("\n".join(["sku,photo,title,shop", *rows, "123456789012345679,4.jpg,nan,null", ""]), id_column="sku")
    assert mine.ids.tolist() == ["00123", "", "2e1", "123456789012345678", "123456789012345679"]
    assert mine.table["title"].tolist() == ["red", "red", "blue", "None", "nan"]
    assert mine.report["row without an id"] == ["line 3"]
    shops = read("photo,title,shop\n0.jpg,red,NA\n1.jpg,blue,\n", group_column="shop")
    assert shops.table["group"].tolist() == ["NA", ""] and shops.report["without group"] == ["1.jpg"]


def test_whole_numbers_that_became_floats_by_a_gap_are_whole_again_and_said(folder):
    photos = ["0.jpg", "1.jpg", "2.jpg"]
    mine = framed(folder, {"photo": photos, "sku": [1.0, np.nan, 20.0]}, id_column="sku")
    assert mine.ids.tolist() == ["1", "", "20"]
    assert mine.report["numbers read as text"].startswith(
        "column 'sku': whole numbers that came as floats; zeros before"
    )
    mixed = framed(folder, {"photo": photos, "sku": [1.5, 2.0, 3.0]}, id_column="sku")
    assert mixed.ids.tolist() == ["1.5", "2.0", "3.0"] and "numbers read as text" not in mixed.report


@pytest.mark.parametrize("sku", [[123456789012345678, np.nan, 3], np.array([2**24 + 1, 1, 2], np.float32)])
def test_floats_too_large_to_be_whole_numbers_are_refused(folder, sku):
    with pytest.raises(
        ValueError, match=r"column 'sku' holds whole numbers as floats, among them .* read the file with"
    ):
        framed(folder, {"photo": ["0.jpg", "1.jpg", "2.jpg"], "sku": sku}, id_column="sku")


def test_parquet_keeps_whole_numbers_with_gaps(folder):
    skus = pd.array([2**60 + 1, None, 2**60 + 2], dtype="Int64")
    frame = pd.DataFrame({"photo": ["0.jpg", "1.jpg", "2.jpg"], "sku": skus, "kind": pd.Categorical(["a", None, "b"])})
    frame.to_parquet(folder / "mine.parquet")
    mine = Corpus.from_table(folder / "mine.parquet", image_column="photo", id_column="sku", category_column="kind")
    assert mine.ids.tolist() == ["1152921504606846977", "", "1152921504606846978"]
    assert mine.table["category"].tolist() == ["a", "", "b"]


# --- the shape of a file
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "title,photo\nred dress, soft,3.jpg\nblue hat, old,4.jpg\n",
            "line 2 of mine.csv has 3 values, its header 2: mend it (a value with ',' in it stands in "
            "quotation marks). "
            "The header is 'title,photo', the line 'red dress, soft,3.jpg'; 1 other line(s) too",
        ),
        (
            'photo,title,x\n0.jpg,"a\nb",\n1.jpg,red\n',
            "line 4 of mine.csv has 2 values, its header 3: mend it (each row has 2 ',', also where values "
            "are missing). "
            "The header is 'photo,title,x', the line '1.jpg,red'",
        ),
        (
            "photo,title\r\n0.jpg,red\r1.jpg,blue\n2.jpg,red,x\n",
            "line 4 of mine.csv has 3 values, its header 2: mend it (a value with ',' in it stands in "
            "quotation marks). "
            "The header is 'photo,title', the line '2.jpg,red,x'",
        ),
        (
            "photo;title\n0.jpg;red, soft\n",
            "mine.csv is separated by semicolons, not by commas: its first line is 'photo;title'; pass separator=';', "
            "or save it with ','",
        ),
        (
            "photo\ttitle\n0.jpg\tred\n",
            "mine.csv is separated by tabs, not by commas: its first line is 'photo\\ttitle'; pass separator='\\t', "
            "or save it with ','",
        ),
        (
            "photo;title, long\n0.jpg;red, soft\n",
            "the table has no column 'photo', 'title'; it has 'photo;title', ' long': the names seem to be "
            "separated by "
            "';'; pass separator=';'",
        ),
        (
            "0.jpg,red\n1.jpg,blue\n",
            "the table has no column 'photo', 'title'; it has '0.jpg', 'red': its first line seems to be a "
            "row; give it a "
            "line with the names of the columns",
        ),
        (
            "photo, title\n0.jpg,red\n",
            "the table has no column 'title'; it has 'photo', ' title': ' title' has blanks or marks around its name; "
            "mend the header or write the name so",
        ),
        (
            "sep=,\nphoto,title\n",
            "the table has no column 'photo', 'title'; it has 'sep=', '': 'sep=' is a line for spreadsheets; "
            "take it away",
        ),
        ("Photo,title\n0.jpg,red\n", "the table has no column 'photo'; it has 'Photo', 'title': write 'Photo'"),
        (
            "photo,title,title\n0.jpg,red,blue\n",
            "the table has the column 'title' 2 times, so which is meant is not known: rename all but one",
        ),
        (
            'photo,title\n0.jpg,red\n1.jpg,"blue\n2.jpg,red\n',
            "line 3 of mine.csv cannot be read (unexpected end of data): a quotation mark that opens a "
            "value there is not "
            'closed, or one stands inside such a value; close it, and write "" for one inside',
        ),
        (
            "photo,title\n0.jpg,r\0ed\n",
            "line 2 of mine.csv has a NUL, which no text has. It is damaged, or no text: write it again",
        ),
        ("", "mine.csv is empty; wanted a line with the names of the columns and a line for each row"),
        ("\ufeff\n\n", "mine.csv is empty; wanted a line with the names of the columns and a line for each row"),
        ("photo,title\n", "the table has no rows: mine.csv is a header alone"),
        ("photo,title\n,red\n,\n", "column 'photo' names no picture in any of the 2 rows"),
        (
            "photo,title\n0.jpg,rote Röcke\n".encode("latin-1"),
            "mine.csv is not UTF-8: line 2 has the byte 0xf6. In cp1252 it would say '0.jpg,rote Röcke': if "
            "that is right, "
            "pass encoding='cp1252'; or save the file as UTF-8",
        ),
        (
            "photo,title\n0.jpg,red\n".encode("utf-16-le"),
            "line 1 of mine.csv has a NUL, which no text has. In utf-16-le it would say 'photo,title': if "
            "that is right, "
            "pass encoding='utf-16-le'; or save the file as UTF-8",
        ),
    ],
)
def test_a_file_of_another_shape_is_refused_with_its_line(read, content, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read(content)


def test_ids_that_are_missing_are_named_by_their_lines(read):
    message = "ids must be unique; 2 rows have none, e.g. line 2, line 3: fill column 'sku', or leave out id_column"
    with pytest.raises(ValueError, match=f"^{message}$"):
        read("sku,photo,title\n,0.jpg,red\n,1.jpg,blue\n", id_column="sku")


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("photo;title\n0.jpg;red, soft Röcke\n1.jpg;blue\n", {"separator": ";"}),
        ('photo,title\n0.jpg,"red, soft Röcke"\n1.jpg,blue\n'.encode("latin-1"), {"encoding": "latin-1"}),
        ('photo,title\n0.jpg,"red, soft Röcke"\n1.jpg,blue\n'.encode("utf-16"), {}),
        ('photo,title\n0.jpg,"red, soft Röcke"\n1.jpg,blue\n'.encode("utf-8-sig"), {"encoding": "utf-8"}),
        ('photo,title\r0.jpg,"red, soft Röcke"\r\n\n1.jpg,blue', {}),
    ],
)
def test_encodings_separators_and_line_ends_give_the_same_table(read, content, options):
    assert read(content, **options).table["title"].to_dict() == {"0.jpg": "red, soft Röcke", "1.jpg": "blue"}


def test_values_may_be_longer_than_the_limit_of_the_csv_module(read):
    mine = read('photo,title\n0.jpg,"' + "red " * 50_000 + '"\n1.jpg,blue\n', words=WORDS)
    assert len(mine.table["title"].iloc[0]) == 200_000 and mine.words == WORDS


def test_rows_without_a_picture_and_rows_inside_a_value_are_reported(read):
    mine = read('photo,title\n0.jpg,red\n,blue\n1.jpg,"blue\n2.jpg,red\n3.jpg,x"\n', words=WORDS)
    assert mine.report["row without a picture"] == ["line 3"]
    assert mine.report["value that holds whole rows (a quotation mark that is not closed?)"] == ["line 4"]


def test_what_reads_files_refuses_what_it_cannot_honour(folder, read):
    for encoding in ("klingon", "hex", 8):
        with pytest.raises(ValueError, match=rf'^encoding is the name of one, such as "utf-8" .*; got {encoding!r}$'):
            read("photo,title\n", encoding=encoding)
    with pytest.raises(ValueError, match="begins with the byte order mark of utf-8, not cp1252: leave encoding out"):
        read("\ufeffphoto,title\n", encoding="cp1252")
    with pytest.raises(ValueError, match=r"separator is one character, such as .*; got '::'"):
        read("photo,title\n", separator="::")
    with pytest.raises(ValueError, match=r"encoding and separator are of \.csv files; got a DataFrame"):
        framed(folder, {"photo": ["0.jpg"]}, encoding="utf-8")
    (folder / "bad.parquet").write_text("photo,title")
    with pytest.raises(ValueError, match=r"encoding and separator are of \.csv files; got bad\.parquet"):
        Corpus.from_table(folder / "bad.parquet", image_column="photo", separator=";")
    with pytest.raises(ValueError, match=r"bad\.parquet cannot be read as parquet \("):
        Corpus.from_table(folder / "bad.parquet", image_column="photo")
    with pytest.raises(
        ValueError, match=r"of a \.csv or \.parquet file; got builtins\.list; of a list of paths, make pd.DataFrame"
    ):
        Corpus.from_table([folder / "0.jpg"], image_column="photo")
    with pytest.raises(ValueError, match=r"from_folder takes a folder of pictures; got builtins\.NoneType"):
        Corpus.from_folder(None)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ("https://x.example/a.csv", "got 'https://x.example/a.csv' (address, not a file): download to a folder first"),
        ("~/a.csv", "got '~/a.csv' (path with ~): write the whole path; ~ is not replaced"),
        (pa.table({"photo": ["0.jpg"]}), "got pyarrow.lib.Table; give its to_pandas()"),
        (io.StringIO("photo"), "got _io.StringIO"),
    ],
)
def test_tables_that_are_elsewhere_or_of_another_kind_are_named(frame, message):
    wanted = f"from_table takes a DataFrame or the path of a .csv or .parquet file; {message}"
    with pytest.raises(ValueError, match=f"^{re.escape(wanted)}"):
        Corpus.from_table(frame, image_column="photo")


# --- columns
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"text_columns": ("said", "said")}, "text_columns names 'said' more than once; name each column once"),
        ({"text_columns": None}, 'text_columns is a sequence of names of columns; write text_columns=("title",)'),
        ({"image_column": None}, "image_column is the name of one column; got None"),
        ({"id_column": ["said"]}, "id_column is the name of one column; got ['said']"),
        (
            {"id_column": "key"},
            "the table has no column 'key'; it has 'photo', 'said': 'key' is its index; use frame.res",
        ),
    ],
)
def test_columns_that_cannot_be_are_refused(folder, options, message):
    index = pd.Index(["a"], name="key")
    with pytest.raises(ValueError, match=re.escape(message)):
        framed(folder, pd.DataFrame({"photo": ["0.jpg"], "said": ["red"]}, index=index), **options)


def test_a_column_that_pandas_would_keep_as_the_index_of_a_parquet_file_is_a_column(folder):
    pd.DataFrame({"photo": ["0.jpg", "1.jpg"], "said": ["red", "blue"]}).set_index("photo").to_parquet(
        folder / "a.parquet"
    )
    assert Corpus.from_table(folder / "a.parquet", image_column="photo").ids.tolist() == ["0.jpg", "1.jpg"]


def test_a_repeated_column_of_a_parquet_file_is_named(folder):
    table = pa.Table.from_arrays([pa.array([one]) for one in ("0.jpg", "red", "blue")], names=["photo", "said", "said"])
    pq.write_table(table, folder / "a.parquet")
    with pytest.raises(ValueError, match="the table has the column 'said' 2 times"):
        Corpus.from_table(folder / "a.parquet", image_column="photo", text_columns=["said"])


def test_a_repeated_column_of_a_frame_is_named(folder):
    frame = pd.DataFrame([["0.jpg", "red", "blue"]], columns=["photo", "said", "said"])
    with pytest.raises(ValueError, match="the table has the column 'said' 2 times"):
        framed(folder, frame, text_columns=["said"])
    assert len(framed(folder, frame)) == 1  # nobody asked for it


def test_texts_are_read_from_bytes_and_lists_and_refused_from_dicts(folder):
    said = ["rote Röcke".encode(), ["red", None, "soft"]]
    mine = framed(folder, {"photo": ["0.jpg", "1.jpg"], "said": said}, text_columns=["said"])
    assert mine.table["title"].tolist() == ["rote Röcke", "red, soft"]
    for value, message in (
        (b"R\xf6cke", "column 'said' holds bytes that are no UTF-8; decode it to strings first"),
        ({"en": "red"}, "column 'said' holds dicts with 'en'; name a column of strings, or make one"),
    ):
        with pytest.raises(ValueError, match=f"^{message}$"):
            framed(folder, {"photo": ["0.jpg"], "said": [value]}, text_columns=["said"])


@pytest.mark.parametrize("kind", ["bytes", "dict", "decoded"])
def test_a_column_may_hold_the_pictures_themselves(folder, kind):
    data = [(folder / f"{i}.jpg").read_bytes() for i in range(4)]
    made = {
        "bytes": data,
        "dict": [{"bytes": one, "path": f"{i}.jpg"} for i, one in enumerate(data)],
        "decoded": [Image.new("RGB", (8, 8), (i, 0, 0)) for i in range(4)],
    }[kind]
    frame = pd.DataFrame({"photo": pd.Series(made, dtype=object), "said": ["red", "red", "blue", "blue"]})
    mine = framed(folder, frame, text_columns=["said"], words=WORDS)
    assert mine.ids.tolist() == ["row 0", "row 1", "row 2", "row 3"] and mine.words == WORDS
    assert mine.image("row 2").size == (8, 8) and mine.source.path("row 2") is None
    if kind != "decoded":
        frame.to_parquet(folder / "rows.parquet")
        again = Corpus.from_table(folder / "rows.parquet", image_column="photo", text_columns=["said"], words=WORDS)
        assert again.ids.equals(mine.ids) and again.image(3).size == (8, 8)


def test_dicts_without_bytes_name_files(folder):
    mine = framed(folder, {"photo": [{"bytes": None, "path": "0.jpg"}, {"bytes": None, "path": "1.jpg"}]})
    assert mine.ids.tolist() == ["0.jpg", "1.jpg"] and mine.source.path("1.jpg") == folder / "1.jpg"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (["0.jpg", "1.jpg"], "row 0 holds a list of 2: one row is one picture, so use frame.explode(column)"),
        (np.zeros((4, 4, 3)), "row 0 holds an array of shape (4, 4, 3): make a picture of it with PIL.Image.fromarray"),
        ({"url": "x"}, 'row 0 holds a dict with \'url\': one with "bytes" or "path" can be opened'),
        ({"0.jpg"}, "row 0 holds set: write the path of its file"),
    ],
)
def test_what_is_neither_path_nor_picture_is_refused(folder, value, message):
    whole = f"column 'photo' holds a path or a picture in each row; {message}"
    with pytest.raises(ValueError, match=f"^{re.escape(whole)}$"):
        framed(folder, pd.DataFrame({"photo": pd.Series([value], dtype=object)}))


def test_paths_of_elsewhere_are_left_out_by_their_kind(folder):
    (folder / "www.x.jpg").write_bytes((folder / "5.jpg").read_bytes())
    named = ["0.jpg", "https://shop.example/1.jpg", "s3://b/2.jpg", r"photos\3.jpg", r"C:\x\4.jpg", "~/5.jpg", " 1.jpg"]
    mine = framed(folder, {"photo": [*named, "www.x.jpg", "a\0b"]})
    assert mine.ids.tolist() == ["0.jpg", "www.x.jpg"]
    assert mine.report["address, not a file"] == named[1:3]
    assert mine.report["path of a Windows computer"] == named[3:5]
    assert mine.report["path with ~"] == ["~/5.jpg"] and mine.report["path with blanks around it"] == [" 1.jpg"]
    assert mine.report["path with a NUL"] == ["a\\0b"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "https://x.example/1.jpg",
            "(address, not a file): download to a folder first, and name what is there",
        ),
        (
            r"photos\a.jpg",
            '(path of a Windows computer): write "/" for "\\", as in frame[column].str.replace("\\\\", "/")',
        ),
        (
            r"C:\x\a.jpg",
            "(path of a Windows computer): copy to this computer first, and name what is here",
        ),
    ],
)
def test_a_table_of_such_paths_alone_says_what_to_do(folder, path, message):
    with pytest.raises(
        ValueError, match=re.escape(f"none of the 1 pictures can be used; the first: {path!r} {message}")
    ):
        framed(folder, {"photo": [path]})


def test_a_data_set_of_paths_says_how_to_open_them():
    class Rows(list):
        column_names = ["image", "text"]

    with pytest.raises(
        ValueError, match=r"column 'image' holds strings, not pictures: cast_column\('image', Image\(\)\)"
    ):
        Corpus.from_huggingface(Rows([{"image": "a.jpg", "text": "red"}]))
    with pytest.raises(ValueError, match=r"^the table has no rows$"):
        Corpus.from_huggingface(Rows())


# --- words
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["red", float("nan")], "words are strings; number 2 of 2 is nan (float): leave out what is missing"),
        ([None, "red"], "words are strings; number 1 of 2 is None (NoneType): leave out what is missing"),
        ([3], "words are strings; number 1 of 1 is 3 (int): leave out what is missing and write numbers as strings"),
        (["red", " "], "words have letters or digits; number 2 of 2 is ' ': leave it out"),
        (["red", "Red "], "words must differ from each other in lower case; 'red' and 'Red ' do not: leave one out"),
        ([], "words is empty; name one or more, or leave it out: then the texts' adjectives are taken"),
        (5, 'words is a sequence of words, such as ("red", "soft"); got int'),
        ({"red": 1}, 'words is a sequence of words, such as ("red", "soft"); got dict'),
    ],
)
def test_words_that_are_none_are_named(folder, words, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        framed(folder, {"photo": ["0.jpg"]}, words=words)


def test_words_may_come_from_anything_that_has_them_in_turn(folder):
    columns = {"photo": ["0.jpg", "1.jpg"], "said": ["a red dress", "a Blue hat"]}
    for words in (["red", " Blue  hat "], pd.Series(["red", "Blue  hat"]), (word for word in ("red", "Blue  hat"))):
        assert framed(folder, columns, text_columns=["said"], words=words).words == ("red", "Blue  hat")


def test_a_corpus_refuses_words_that_are_no_strings(folder):
    mine = framed(folder, {"photo": ["0.jpg", "1.jpg"], "said": ["red", "blue"]}, text_columns=["said"])
    with pytest.raises(ValueError, match=r"^words are strings; got nan: leave out what is missing, write numbers as"):
        Corpus("x", mine.table, (float("nan"), "red"), mine.mentions, mine.source)
    with pytest.raises(KeyError, match=r"'RED' is none of the 2 words of my pictures; did you mean 'red'\?"):
        mine.mention("RED")


def test_a_corpus_without_words_says_why(folder, caplog):
    mine = framed(folder, {"photo": ["0.jpg", "1.jpg"]})
    assert mine.report["no words"] == "no picture has a text; name columns of texts with text_columns"
    assert caplog.messages == [f"the corpus my pictures has no words: {mine.report['no words']}"]
    assert '0 words (why: .report["no words"])' in repr(mine)
    with pytest.raises(KeyError, match="'red' is none of the 0 words of my pictures; no picture has a text; name"):
        mine.mention("red")
    said = framed(folder, {"photo": ["0.jpg"], "said": ["red"]}, text_columns=["said"], words=["green"])
    assert said.report["no words"].startswith("no given word is in some but not in all of the 1 texts")


# --- the report
def test_a_report_prints_a_line_for_each_entry_and_is_whole_inside(tmp_path, folder):
    mine = framed(folder, {"photo": ["0.jpg", *(f"gone {i}.jpg" for i in range(3000))]}, words=["red"])
    assert repr(mine.report).splitlines()[1] == (
        "  missing image: 3,000, e.g. 'gone 0.jpg', 'gone 1.jpg', 'gone 2.jpg'"
    )
    assert str(mine.report) == repr(mine.report) and len(repr(mine.report)) < 600
    assert len(mine.report["missing image"]) == 3000
    storage.save(mine, tmp_path / "kept")
    again = Corpus(source=mine.source, **storage.stored(tmp_path / "kept"))
    for report in (again.report, mine.subset([0]).report, mine.report | {}, {} | mine.report, mine.report.copy()):
        assert type(report) is Report and report == mine.report


def test_a_report_shortens_what_is_long():
    report = Report({"lost": {"red": [4, 0], "soft": [5, 2]}, "n": 3, "one": ["x" * 100], "none": []})
    assert repr(report).splitlines()[1:] == [
        "  lost: 2: red [4, 0], soft [5, 2]", "  n: 3", f"  one: 1: '{'x' * 58}…", "  none: 0",
    ]  # fmt: skip
    assert repr(Report()) == "Report without entries"
    with pytest.raises(TypeError):
        report | 3


def test_cells_like_formulas_are_escaped_and_come_back():
    for value in ("=1+1", "'=1", "''@x", "+a", "-12.jpg", "@b", "\tc", "＝d", "red", "'tis", "", "'"):
        assert delimited.unescaped(delimited.escaped(value)) == value
        assert delimited.escaped(value)[:1] not in {*"=+-@\t＝"}


def test_options_of_folders_are_checked():
    with pytest.raises(ValueError, match="words_from must be one of 'texts', 'folders'; got 'names'"):
        tables.Options(words_from="names")
