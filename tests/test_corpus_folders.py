"""Folders of pictures: everything in them is taken, or stands in the report with the reason."""

import json
import os
import re
import sys

import pytest
from PIL import Image

from neuroattr.corpus import Corpus, folders, storage

NAMES = iter(range(1, 10_000))


def picture(path, format="JPEG"):
    """A picture unlike all others at ``path``."""
    number = next(NAMES)
    folders.Path(path).parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), (number * 40 % 256, number * 80 % 256, number)).save(path, format)


@pytest.fixture
def root(tmp_path):
    """A folder with two classes of two pictures."""
    for name in ("hats/a.jpg", "hats/b.jpg", "shirts/a.jpg", "shirts/b.jpg"):
        picture(tmp_path / "root" / name)
    return tmp_path / "root"


FOUR = ["hats/a.jpg", "hats/b.jpg", "shirts/a.jpg", "shirts/b.jpg"]


# --- what is a picture
def test_pictures_are_taken_whatever_their_format_and_the_case_of_its_ending(root):
    for name, format in (
        ("c.jfif", "JPEG"),
        ("d.AVIF", "AVIF"),
        ("e.JPE", "JPEG"),
        ("f.TIF", "TIFF"),
        ("g.jp2", "JPEG2000"),
    ):
        picture(root / "hats" / name, format)
    (root / "hats" / "h.heic").write_bytes(b"\0\0\0\x18ftypheic")
    picture(root / "noending")
    picture(root / "hats" / "b.jpg.bak")
    (root / "list.csv").write_text("photo,title\n")
    mine = Corpus.from_folder(root)
    assert mine.ids.tolist() == sorted(
        [*FOUR, *(f"hats/{name}" for name in ("c.jfif", "d.AVIF", "e.JPE", "f.TIF", "g.jp2"))]
    )
    assert mine.report["picture format that cannot be read here"] == ["hats/h.heic"]
    assert mine.report["picture without the ending of one"] == ["hats/b.jpg.bak", "noending"]
    assert mine.report["other file"] == ["list.csv"]
    json.dumps(mine.report)


def test_formats_that_an_installed_plugin_opens_are_taken(root, monkeypatch):
    picture(root / "hats" / "c.heic")
    Image.init()
    monkeypatch.setitem(Image.EXTENSION, ".heic", "JPEG")
    assert "hats/c.heic" in Corpus.from_folder(root).ids


def test_hidden_and_system_files_are_no_pictures_and_no_categories(root):
    for name in (".ipynb_checkpoints/a-checkpoint.jpg", "__MACOSX/._a.jpg", "hats/._a.jpg", ".hidden.jpg"):
        picture(root / name)
    (root / "hats" / "Thumbs.db").write_bytes(b"\0")
    mine = Corpus.from_folder(root)
    assert mine.ids.tolist() == FOUR and set(mine.table["category"]) == {"hats", "shirts"}
    hidden = {".ipynb_checkpoints", "__MACOSX", "hats/._a.jpg", ".hidden.jpg", "hats/Thumbs.db"}
    assert set(mine.report[folders.HIDDEN]) == hidden


def test_a_hidden_folder_that_is_asked_for_is_read(tmp_path):
    picture(tmp_path / ".photos" / "a.jpg")
    assert Corpus.from_folder(tmp_path / ".photos").ids.tolist() == ["a.jpg"]


# --- links
def test_links_are_followed_once_and_never_round(root, tmp_path):
    picture(tmp_path / "elsewhere" / "coats" / "c.jpg")
    (root / "coats").symlink_to(tmp_path / "elsewhere" / "coats")
    (tmp_path / "elsewhere" / "coats" / "back").symlink_to(root / "hats")
    for name, target in (("round", root), ("up", tmp_path), ("again", root / "hats"), ("self", root / "self")):
        (root / name).symlink_to(target)
    (root / "gone.jpg").symlink_to(tmp_path / "gone.jpg")
    (root / "hats" / "linked.jpg").symlink_to(tmp_path / "elsewhere" / "coats" / "c.jpg")
    mine = Corpus.from_folder(root)
    assert mine.ids.tolist() == sorted(["coats/c.jpg", "hats/linked.jpg", *FOUR])
    assert mine.report["link to a folder that is read already"] == ["again", "coats/back"]
    assert mine.report["link to a folder that holds this one"] == ["round", "up"]
    assert mine.report["link to nothing"] == ["gone.jpg", "self"]
    assert mine.report["repeated image"] == ["hats/linked.jpg"]


@pytest.mark.skipif(sys.platform == "win32", reason="makes a pipe")
def test_what_is_no_file_is_named_and_not_waited_for(root):
    os.mkfifo(root / "pipe.jpg")
    assert Corpus.from_folder(root).report["neither file nor folder"] == ["pipe.jpg"]


def test_a_folder_that_cannot_be_read_is_named(root, monkeypatch):
    scan = os.scandir

    def refused(path):
        if str(path).endswith("shirts"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(folders.os, "scandir", refused)
    mine = Corpus.from_folder(root)
    assert mine.ids.tolist() == ["hats/a.jpg", "hats/b.jpg"]
    assert mine.report["folder that cannot be read (PermissionError)"] == ["shirts"]


# --- names
@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_not_utf8_are_taken_under_a_name_that_can_be_kept(root, tmp_path):
    os.rename(os.fsencode(root) + b"/hats/a.jpg", os.fsencode(root) + b"/hats/caf\xe9.jpg")  # noqa: PTH104
    mine = Corpus.from_folder(root)
    assert mine.ids[1] == mine.table["image"].iloc[1] == r"hats/caf\xe9.jpg"
    assert mine.image(r"hats/caf\xe9.jpg").size == (8, 8)
    assert mine.report["file name that is not UTF-8"] == [r"hats/caf\xe9.jpg"]
    storage.save(mine, tmp_path / "kept")
    assert storage.stored(tmp_path / "kept")["table"].index.tolist() == mine.ids.tolist()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell the two names apart")
def test_names_that_differ_in_case_only_are_both_taken_and_named(root):
    picture(root / "hats" / "A.JPG")
    picture(root / "Hats" / "c.jpg")
    mine = Corpus.from_folder(root)
    assert len(mine) == 6
    assert mine.report["names that differ in case only"] == ["Hats", "hats", "hats/A.JPG", "hats/a.jpg"]


# --- texts
def test_texts_beside_pictures_are_read_once_and_shared_texts_are_named(root):
    picture(root / "hats" / "b.png", "PNG")
    for name, said in (("a.TXT", "a red hat"), ("b.txt", "a soft hat"), ("b.png.txt", "a blue hat"), ("c.txt", "none")):
        (root / "hats" / name).write_text(said)
    picture(root / "shirts" / "b.png", "PNG")
    (root / "shirts" / "b.txt").write_text("a red shirt")
    for name in ("a.caption", "a.json"):
        (root / "shirts" / name).write_text("{}")
    (root / "shirts" / "other.json").write_text("{}")
    mine = Corpus.from_folder(root)
    assert mine.table["title"].to_dict() == {
        "hats/a.jpg": "a red hat", "hats/b.jpg": "a soft hat", "hats/b.png": "a blue hat",
        "shirts/a.jpg": "", "shirts/b.jpg": "a red shirt", "shirts/b.png": "a red shirt",
    }  # fmt: skip
    assert mine.report["text without a picture"] == ["hats/c.txt"]
    assert mine.report["text of several pictures"] == ["shirts/b.txt: shirts/b.jpg, shirts/b.png"]
    beside = "text beside a picture that is not read (only .txt is)"
    assert mine.report[beside] == ["shirts/a.caption", "shirts/a.json"]
    assert mine.report["other file"] == ["shirts/other.json"]


def test_texts_in_another_encoding_are_named_and_read_when_it_is_said(root):
    (root / "hats" / "a.txt").write_bytes("blue, for the café".encode("latin-1"))
    (root / "hats" / "b.txt").write_bytes("red, für dich".encode("utf-16"))
    (root / "shirts" / "a.txt").write_bytes("red, für dich".encode("utf-8-sig"))
    (root / "shirts" / "b.txt").write_bytes(b"soft")
    mine = Corpus.from_folder(root)
    assert mine.report["text in another encoding"] == ["hats/a.txt"]
    assert mine.report["encoding that would fit those texts"] == ["cp1252"]
    assert mine.table["title"].tolist() == ["", "red, für dich", "red, für dich", "soft"]
    told = Corpus.from_folder(root, encoding="latin-1")
    assert told.table["title"].tolist() == ["blue, for the café", "red, für dich", "red, für dich", "soft"]
    assert "text in another encoding" not in told.report and set(told.words) >= {"blue", "red", "soft"}
    with pytest.raises(
        ValueError, match=r'^encoding is the name of one, such as "utf-8" or "cp1252"; got \'ansi-ish\'$'
    ):
        Corpus.from_folder(root, encoding="ansi-ish")


def test_a_corpus_of_unread_texts_alone_says_which_encoding_may_help(root):
    (root / "hats" / "a.txt").write_bytes("blau für dich".encode("latin-1"))
    said = (
        "no picture has a text; the files beside them are in another encoding: pass encoding='cp1252' if it is that one"
    )
    assert Corpus.from_folder(root).report["no words"] == said


# --- folders as words
def test_class_folders_without_texts_say_that_there_are_no_words(root, caplog):
    mine = Corpus.from_folder(root, name="classes")
    said = (
        "no picture has a text; write a text beside each picture (blue.txt for blue.jpg), or take the names of the "
        'folders as words with words_from="folders"'
    )
    assert mine.words == () and mine.report["no words"] == said
    assert caplog.messages == [f"the corpus classes has no words: {said}"]


def test_names_of_folders_are_words_when_asked(root):
    picture(root / "hats" / "old ones" / "c.jpg")
    picture(root / "d.jpg")
    mine = Corpus.from_folder(root, words_from="folders", n_words=1)
    assert mine.frequency.to_dict() == {"hats": 3, "shirts": 2, "old ones": 1}
    assert mine.mention("hats").tolist() == [id.startswith("hats/") for id in mine.ids]
    assert mine.recipe["words"] == "folders" and mine.report["without category"] == ["d.jpg"]
    some = Corpus.from_folder(root, words_from="folders", words=["shirts", "coats"])
    assert some.words == ("shirts",) and some.report["words in no picture"] == ["coats"]


def test_one_folder_alone_tells_no_pictures_apart(root):
    mine = Corpus.from_folder(root / "hats", words_from="folders")
    assert mine.report["no words"].startswith("all pictures lie in one folder, or in none with a name that was given")


# --- errors
def test_a_folder_without_pictures_says_what_it_holds(tmp_path):
    (tmp_path / "a.heic").write_bytes(b"x")
    picture(tmp_path / "b")
    said = (
        "not in its folders either. What it holds: picture format that cannot be read here: 1, e.g. 'a.heic'; "
        "picture without the ending of one: 1, e.g. 'b'; rename or convert what is a picture"
    )
    with pytest.raises(ValueError, match=re.escape(said)):
        Corpus.from_folder(tmp_path)
    (tmp_path / "photos.zip").write_bytes(b"PK")
    with pytest.raises(
        ValueError, match=r"photos\.zip is none: it is a file; unpack it, if it is an archive, and give"
    ):
        Corpus.from_folder(tmp_path / "photos.zip")
