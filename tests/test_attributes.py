"""The index of attributes: right features and votes, new attributes at run time, saved without pickles."""

import hashlib
import io
import json
import os
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from neuroattr import backbone
from neuroattr.attributes import AttributeIndex
from neuroattr.neighbours import Vote

COLOURS = {"red": (200, 30, 30), "green": (30, 180, 40), "blue": (30, 40, 210)}


class Scaled:
    """Preprocessing of the fake network; a plain object that keys can read."""

    def __call__(self, image):
        return torch.from_numpy(np.asarray(image, dtype="float32").transpose(2, 0, 1) / 255)

    def __array__(self, dtype=None, copy=None):
        return np.array([255.0])


class Tiny:
    """Two layers: the colours themselves, and the edges in two directions."""

    name, title, preprocess = "tiny", "Tiny", Scaled()
    layers, widths = ("colours", "edges"), {"colours": 3, "edges": 2}

    def __init__(self, digest="0" * 64):
        self.module, self.digest = torch.nn.Identity(), digest

    def responses(self, batch, layers=None):
        grey = batch.mean(1, keepdim=True)
        edges = [(grey[..., 1:, :-1] - grey[..., :-1, :-1]).abs(), (grey[..., :-1, 1:] - grey[..., :-1, :-1]).abs()]
        return {"colours": batch, "edges": torch.cat(edges, dim=1)}


def photos(n=18, seed=0):
    """Plain and striped patches in three colours, and their labels."""
    random = np.random.default_rng(seed)
    colours = np.resize(list(COLOURS), n).tolist()
    textures = np.repeat(["plain", "striped"], [n // 2, n - n // 2]).tolist()
    pictures = []
    for colour, texture in zip(colours, textures, strict=True):
        patch = np.ones((16, 16, 3)) * COLOURS[colour] + random.normal(0, 4, (16, 16, 3))
        patch[:: 4 if texture == "striped" else 99] *= 0.5
        pictures.append(Image.fromarray(patch.clip(0, 255).astype("uint8")))
    return pictures, {"colour": colours, "texture": textures}


@pytest.fixture(scope="module")
def index():
    layers = {"colour": "colours", "texture": "edges"}
    return AttributeIndex(Tiny(), layers, vote=Vote(3)).add(*photos(), ids=[f"p{i}" for i in range(18)])


def files(folder, n=3):
    pictures, _ = photos(n)
    for i, picture in enumerate(pictures):
        picture.save(folder / f"{i}.png")
    return [folder / f"{i}.png" for i in range(n)]


# --- adding and predicting ----------------------------------------------------------------------------------------


def test_features_are_the_means_of_the_maps(index):
    pictures, _ = photos()
    wanted = np.stack([np.asarray(picture).mean(axis=(0, 1)) / 255 for picture in pictures])
    np.testing.assert_allclose(index.features["colours"], wanted, atol=1e-5)


def test_new_pictures_get_the_class_of_their_neighbours(index):
    pictures, truth = photos(12, seed=1)
    found = index.predict(pictures)
    assert list(found.columns) == ["colour", "colour share", "texture", "texture share"]
    assert found["colour"].tolist() == truth["colour"] and found["texture"].tolist() == truth["texture"]
    assert (found["colour share"] == 1).all()
    assert list(index.predict(pictures[0], attributes=["texture"]).columns) == ["texture", "texture share"]


def test_a_class_and_an_attribute_can_be_added_at_run_time():
    pictures, truth = photos()
    index = AttributeIndex(Tiny(), {"colour": "colours"}, also=("edges",), vote=Vote(1)).add(pictures, truth["colour"])
    black = Image.fromarray(np.zeros((16, 16, 3), "uint8"))
    assert index.predict(black)["colour"].item() != "black"
    index.add([black], ["black"])
    assert index.predict(black)["colour"].item() == "black"
    index.read("texture", "edges").add(pictures, {"texture": truth["texture"]})
    assert len(index) == 19 and index.classes("texture") == ["plain", "striped"]
    assert index.predict(pictures[-1])["texture"].item() == "striped"
    assert index.labels["texture"][-1] is None  # of the black picture nothing was said


def test_one_layer_serves_every_attribute_that_is_named():
    pictures, truth = photos()
    index = AttributeIndex(Tiny(), "colours", vote=Vote(3)).add(pictures, pd.DataFrame(truth))
    assert index.layer_of == {"colour": "colours", "texture": "colours"}
    assert index.predict(pictures)["colour"].tolist() == truth["colour"]


def test_an_empty_label_is_no_class():
    pictures, labels = photos()
    gaps = ["", "  ", None, float("nan"), "nan"]
    index = AttributeIndex(Tiny(), {"colour": "colours"}).add(pictures, {"colour": [*gaps, *labels["colour"][5:]]})
    assert index.classes("colour") == sorted(COLOURS)
    assert index.summary()["examples"].sum() == len(index) - len(gaps)


def test_the_same_picture_is_kept_once_and_takes_new_labels():
    pictures, _ = photos(3)
    index = AttributeIndex(Tiny(), "colours").add([pictures[0], pictures[0]], {"colour": ["red", None]})
    assert len(index) == 1 and index.labels == {"colour": ["red"]}
    index.add(pictures[0], {"colour": ["crimson"]})
    assert len(index) == 1 and index.labels == {"colour": ["crimson"]}


def test_files_arrays_and_pictures_are_the_same_pictures(tmp_path):
    paths = files(tmp_path)
    arrays = [np.asarray(Image.open(path)) for path in paths]
    by_path = AttributeIndex(Tiny(), "colours").add([paths[0], str(paths[1]), paths[2]])
    by_array = AttributeIndex(Tiny(), "colours").add(arrays)
    assert by_path.ids == ["0.png", "1.png", "2.png"]
    np.testing.assert_array_equal(by_path.features["colours"], by_array.features["colours"])
    assert by_array.ids == AttributeIndex(Tiny(), "colours").add([Image.fromarray(a) for a in arrays]).ids


def test_a_picture_is_the_same_whichever_way_it_comes(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    half = np.zeros((16, 32, 4), "uint8")
    half[:, 16:] = (200, 30, 30, 255)
    Image.fromarray(half[..., :3]).save(tmp_path / "turned.jpg", exif=exif)
    Image.fromarray(half).save(tmp_path / "clear.png")
    Image.fromarray(half[..., 0].astype("uint16") * 257).save(tmp_path / "deep.png")
    for name in ("turned.jpg", "clear.png", "deep.png"):
        path, net = tmp_path / name, Tiny()
        net.preprocess = Resized()
        index = AttributeIndex(net, "colours", vote=Vote(1)).add([path, *files(tmp_path)], {"c": list("abcd")})
        for way in (str(path), Image.open(path), path.read_bytes(), {"bytes": None, "path": str(path)}):
            again = AttributeIndex(net, "colours").add(way)
            np.testing.assert_array_equal(again.features["colours"], index.features["colours"][:1])
            found = index.search(way, by="c", count=3)
            assert name not in found.index  # it is known again, and does not find itself


def test_pictures_of_different_sizes_and_modes_go_together():
    modes = ["RGB", "L", "RGBA", "P", "CMYK", "1", "LA", "I;16", "F"]
    pictures = [Image.new("L", (10 + i, 20 - i), 255).convert(mode if mode not in ("LA", "I;16", "F") else "L")
                for i, mode in enumerate(modes)]  # fmt: skip
    pictures[6:] = [
        Image.new("LA", (16, 15), (255, 9)),
        Image.new("I;16", (17, 13), 65535),
        Image.new("F", (4, 5), 1.0),
    ]
    net = Tiny()
    net.preprocess = Resized()
    index = AttributeIndex(net, "colours").add(pictures, {"c": modes}, ids=modes)
    np.testing.assert_allclose(index.features["colours"], 1)
    assert index.predict(tuple(pictures)).shape == index.predict(iter(pictures)).shape == (9, 2)


class Resized(Scaled):
    def __call__(self, image):
        return super().__call__(image.resize((8, 8)))


def test_files_of_one_name_are_named_by_their_folders(tmp_path):
    paths = []
    for number, place in enumerate(["train/a", "train/b", "test/a"]):
        (tmp_path / place).mkdir(parents=True)
        paths.append(tmp_path / place / "0.jpg")
        Image.new("RGB", (16, 16), (80 * number, 0, 0)).save(paths[-1])
    assert AttributeIndex(Tiny(), "colours").add(paths[:2]).ids == ["a/0.jpg", "b/0.jpg"]
    assert AttributeIndex(Tiny(), "colours").add(paths).ids == ["train/a/0.jpg", "train/b/0.jpg", "test/a/0.jpg"]
    assert AttributeIndex(Tiny(), "colours").add([paths[0], paths[0].parent / ".." / "a" / "0.jpg"]).ids == ["0.jpg"]
    index = AttributeIndex(Tiny(), "colours", vote=Vote(1))
    for path, label in zip(paths, "xyz", strict=True):  # class by class
        index.add([path], {"c": [label]})
    assert index.ids == ["0.jpg", "b/0.jpg", "a/0.jpg"]
    index.add(paths, {"c": list("uvw")})
    assert index.ids == ["0.jpg", "b/0.jpg", "a/0.jpg"] and index.labels["c"] == list("uvw")
    assert index.predict(paths)["c"].to_dict() == {"train/a/0.jpg": "u", "train/b/0.jpg": "v", "test/a/0.jpg": "w"}


def test_copies_of_a_file_in_two_folders_are_two_pictures(tmp_path):
    for place in "ab":
        (tmp_path / place).mkdir()
        Image.new("RGB", (16, 16), "red").save(tmp_path / place / "0.png")
    index = AttributeIndex(Tiny(), "colours").add([tmp_path / "a/0.png", tmp_path / "b/0.png"], {"c": ["x", "y"]})
    assert index.ids == ["a/0.png", "b/0.png"] and index.labels["c"] == ["x", "y"]
    assert index.search("b/0.png", by="c", count=1).index.tolist() == ["a/0.png"]


def test_a_name_that_is_no_text_is_kept_as_text(tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path / "caf") + b"\xe9.png")
    Image.new("RGB", (16, 16), "red").save(path)
    index = AttributeIndex(Tiny(), "colours", vote=Vote(1)).add(path, {"c": ["x"]})
    assert index.ids == ["caf\\xe9.png"]
    assert index.predict(path).index.tolist() == ["caf\\xe9.png"]


def test_an_index_saved_with_one_digest_a_picture_is_still_read(index, tmp_path):
    older = AttributeIndex.load(index.save(tmp_path / "index.npz"), Tiny())
    older.digests = [known[-1] for known in older.digests]
    again = AttributeIndex.load(older.save(tmp_path / "older.npz"), Tiny())
    assert again.digests == [(known,) for known in older.digests]
    assert again.add(photos()[0], ids=again.ids).ids == index.ids


def test_a_corpus_is_recorded_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    pictures, truth = photos(4)
    corpus = SimpleNamespace(name="patches", ids=pd.Index(list("abcd")), source=_Memory(pictures))
    index = AttributeIndex(Tiny(), "colours").add(corpus, {"colour": truth["colour"]})
    assert index.ids == list("abcd") and list(tmp_path.glob("activations/*/recording.zarr"))
    np.testing.assert_allclose(
        index.features["colours"], AttributeIndex(Tiny(), "colours").add(pictures).features["colours"], atol=1e-6
    )


class _Memory:
    def __init__(self, pictures):
        self.pictures = dict(zip("abcd", pictures, strict=True))

    def image(self, id):
        return self.pictures[id]

    def digest(self, id):
        return hashlib.sha256(self.pictures[id].tobytes()).hexdigest()


def test_summary_and_repr_say_what_is_known(index):
    assert repr(index) == (
        "<AttributeIndex of 18 pictures by Tiny: colour at colours (3 classes, 18 labelled); "
        "texture at edges (2 classes, 18 labelled)>"
    )
    assert index.summary().values.tolist()[0] == ["colour", "colours", "blue", 6]
    assert repr(AttributeIndex(Tiny(), "edges")) == "<AttributeIndex of 0 pictures by Tiny: no attribute>"


# --- searching ----------------------------------------------------------------------------------------------------


def test_a_search_by_one_attribute_keeps_that_one_and_by_both_keeps_both(index):
    (query,), _ = photos(1, seed=5)  # red and, as the only one of its half, striped
    assert set(index.search(query, by="colour", count=6)["colour"]) == {"red"}
    assert set(index.search(query, by="texture", count=9)["texture"]) == {"striped"}
    both = index.search(query, by=("colour", "texture"), count=3)
    assert set(both["colour"]) == {"red"} and set(both["texture"]) == {"striped"}
    assert both["distance"].is_monotonic_increasing
    assert list(both.columns) == ["distance", "colour distance", "texture distance", "colour", "texture"]


@pytest.mark.parametrize("rule", ["concatenated unit vectors", "reciprocal rank fusion", "re-rank the first N"])
def test_every_rule_of_fusion_searches(index, rule):
    (query,), _ = photos(1, seed=5)
    found = index.search(query, by=("colour", "texture"), rule=rule, count=3)
    assert len(found) == 3 and found["distance"].is_monotonic_increasing


def test_weights_decide_between_the_attributes(index):
    (query,), _ = photos(1, seed=5)
    only = index.search(query, by=("colour", "texture"), weights={"colour": 0, "texture": 1}, count=9)
    assert only.index.tolist() == index.search(query, by="texture", count=9).index.tolist()


def test_a_picture_of_the_index_does_not_find_itself(index):
    pictures, _ = photos()
    by_picture, by_name = (index.search(query, by="colour", count=17) for query in (pictures[4], "p4"))
    assert "p4" not in by_picture.index and by_picture.index.tolist() == by_name.index.tolist()
    np.testing.assert_allclose(by_picture["distance"], by_name["distance"], atol=1e-5)


# --- saving -------------------------------------------------------------------------------------------------------


def test_what_is_saved_comes_back_and_answers_the_same(index, tmp_path):
    pictures, _ = photos(6, seed=3)
    path = index.save(tmp_path / "index.npz")
    again = AttributeIndex.load(path, Tiny())
    assert repr(again) == repr(index) and again.ids == index.ids and again.vote == index.vote
    pd.testing.assert_frame_equal(again.predict(pictures), index.predict(pictures))
    settings = {"by": ("texture", "colour"), "count": 5}
    pd.testing.assert_frame_equal(again.search(pictures[0], **settings), index.search(pictures[0], **settings))
    again.add(pictures, {"colour": ["red"] * 6})
    assert len(again) == 24 and len(index) == 18


def test_an_index_is_saved_whole_or_not_at_all(index, tmp_path, monkeypatch):
    path = index.save(tmp_path / "index.npz")
    before = path.read_bytes()
    monkeypatch.setattr(np, "savez", lambda *arrays, **named: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match=r"^disk full$"):
        index.save(path)
    assert path.read_bytes() == before and [file.name for file in tmp_path.iterdir()] == ["index.npz"]


def test_a_network_that_changed_since_describes_no_more_pictures(tmp_path):
    network = backbone.load("caffenet-mini")
    pictures = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    index = AttributeIndex(network, {"colour": "conv4"}, vote=Vote(1)).add(pictures[:2], {"colour": ["red", "blue"]})
    before = index.described_by
    with torch.no_grad():
        network.module.conv1.weight.zero_()
    other = pictures[2:]
    for call in (lambda: index.add(other), lambda: index.predict(other), lambda: index.search(other[0], by="colour")):
        with pytest.raises(ValueError, match=r"^caffenet-mini has changed since the 2 pictures of this index were"):
            call()
    index.save(tmp_path / "a.npz")
    with pytest.raises(ValueError, match="made by another network"):
        AttributeIndex.load(tmp_path / "a.npz", network)
    assert AttributeIndex.load(tmp_path / "a.npz", backbone.load("caffenet-mini")).described_by == before


def test_a_file_with_pickles_is_refused(tmp_path):
    np.savez(tmp_path / "bad.npz", card=np.array([{"format": 1}], dtype=object))
    message = "bad.npz is no attribute index that can be read: ValueError: Object arrays cannot be loaded"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        AttributeIndex.load(tmp_path / "bad.npz", Tiny())


def test_a_damaged_file_is_refused(index, tmp_path):
    path = index.save(tmp_path / "index.npz")
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(ValueError, match=r"^index\.npz is no attribute index that can be read: "):
        AttributeIndex.load(path, Tiny())
    file = io.BytesIO()
    np.savez(file, card=np.frombuffer(json.dumps({"format": "other"}).encode(), np.uint8))
    path.write_bytes(file.getvalue())
    message = "ValueError: format 'other' instead of 'neuroattr attribute index 1'"
    with pytest.raises(ValueError, match=f"{re.escape(message)}$"):
        AttributeIndex.load(path, Tiny())


def test_an_index_of_another_network_is_refused_with_what_differs(index, tmp_path):
    path = index.save(tmp_path / "index.npz")
    message = (
        "the index at index.npz was made by another network:\n"
        f"  weights: wanted '{'1' * 64}', found '{'0' * 64}'\n"
        "Load that network, or add the pictures again to a new index."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        AttributeIndex.load(path, Tiny("1" * 64))


# --- errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda i: AttributeIndex(Tiny(), "conv9"), "layer must name layers of tiny (colours, edges); got conv9"),
        (lambda i: AttributeIndex(Tiny(), {}), "layer must name layers of tiny (colours, edges); got none"),
        (
            lambda i: AttributeIndex(Tiny(), "edges", vote=Vote(5, metric="cosine")),
            "an index measures euclidean distances; got a vote by 'cosine'",
        ),
        (lambda i: i.add([]), "at least one picture is needed; got none"),
        (lambda i: i.add("no.jpg"), "no picture at no.jpg; give the path of a file, a Pillow image or an array"),
        (lambda i: i.add(photos(2)[0], ids=["a"]), "ids must name each of 2 pictures; got 1"),
        (lambda i: i.add(photos(2)[0], ids="ab"), "ids must name each of 2 pictures; got 1"),
        (lambda i: i.add(photos(1)[0], batch=0), "batch must be at least 1 picture; got 0"),
        (lambda i: i.add(b"no picture"), "corrupt image: picture 0: not a picture format that Pillow reads"),
        (
            lambda i: i.add([*photos(2)[0], "no.jpg", b"", Image.new("RGB", (0, 0))], {"colour": ["red"] * 5}),
            "3 of 5 pictures cannot be read; leave them out:\n"
            "  no picture at no.jpg; give the path of a file, a Pillow image or an array\n"
            "  corrupt image: picture 3 is empty\n"
            "  corrupt image: picture 4 has 0 x 0 pixels: none",
        ),
        (
            lambda i: i.predict([f"{n}.jpg" for n in range(8)]),
            "8 of 8 pictures cannot be read; leave them out:\n"
            + "".join(
                f"  no picture at {n}.jpg; give the path of a file, a Pillow image or an array\n" for n in range(5)
            )
            + "  and 3 more",
        ),
        (
            lambda i: i.add(photos(2, seed=9)[0][1], ids=["p0"]),
            "the name 'p0' is already that of another picture; give other ids",
        ),
        (
            lambda i: i.add(photos(2)[0], ["red", "blue"]),
            "a plain list of labels needs an index of one attribute; this one has 2 (colour, texture). Give "
            "{attribute: labels}",
        ),
        (
            lambda i: i.add(photos(2)[0], {"colour": ["red"]}),
            "colour must have one label for each of 2 pictures; got 1",
        ),
        (
            lambda i: i.add(photos(1)[0], {"sleeve": ["long"]}),
            "no layer was given for 'sleeve': call read('sleeve', layer) first, with a layer out of colours, edges",
        ),
        (
            lambda i: i.read("sleeve", "conv9"),
            "this index keeps colours, edges, not 'conv9'; make it with also=('conv9',)",
        ),
        (
            lambda i: i.predict(photos(1)[0], attributes=["sleeve"]),
            "attributes of this index are colour, texture; got sleeve",
        ),
        (
            lambda i: AttributeIndex(Tiny(), "edges").add(photos(2)[0], {"c": ["a", "b"]}).predict(photos(1)[0]),
            "5 neighbours vote on c, but only 2 pictures are labelled; add examples, or make the index with "
            "vote=Vote(<fewer>)",
        ),
        (lambda i: i.search(photos(2)[0], by="colour"), "search takes one picture; got 2"),
        (
            lambda i: i.search(photos(1)[0], by="colour", count=99),
            "count must be between 1 and the 18 other pictures of the index; got 99",
        ),
        (lambda i: i.save("index.pickle"), "an index is saved as .npz; got 'index.pickle'"),
    ],
)
def test_errors_say_what_was_wanted_and_what_came(index, call, message):
    before = repr(index)
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call(index)
    assert repr(index) == before  # nothing was half added


def test_what_is_no_picture_is_refused(index):
    with pytest.raises(TypeError, match=r"^a picture is a path, a Pillow image or an array; got int$"):
        index.add([3])
    message = "an array must be H x W x 3 of uint8 to be a picture; got (4, 4, 3) of float64"
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        index.add(np.zeros((4, 4, 3)))


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"make one with AttributeIndex\(\.\.\.\)\.save\(path\)$"):
        AttributeIndex.load(tmp_path / "none.npz", Tiny())
