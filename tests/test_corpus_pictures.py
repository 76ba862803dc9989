"""The one way in for pictures: depth, turns, transparency, and everything that is no picture."""

import io
import os
import re
import struct

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageCms

from neuroattr.corpus import Corpus, ImageFault, ImageSource, RowSource
from neuroattr.corpus.faults import printable
from neuroattr.corpus.inspection import inspected
from neuroattr.corpus.sources import FORMATS, contents, opened

RAMP = np.tile(np.arange(256, dtype=np.uint8), (8, 1))  # black on the left, white on the right
GREY = Image.fromarray(RAMP)
DEEP = Image.fromarray(RAMP.astype(np.uint16) * 257)
UNIT = Image.fromarray((RAMP / 255).astype(np.float32))


def encoded(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def red(picture):
    """The first channel: what a grey picture became."""
    return np.asarray(opened(picture))[..., 0]


def turned(image, orientation=6):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(image, "JPEG", exif=exif, quality=100)


def tiff(values, *, bits, kind=1, white=1):
    """One strip of numbers as a TIFF, little-endian: what no writer at hand makes."""
    height, width = values.shape
    data = values.tobytes()
    tags = {
        256: width,
        257: height,
        258: bits,
        259: 1,
        262: white,
        273: 8,
        277: 1,
        278: height,
        279: len(data),
        339: kind,
    }
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(tags)) + entries + b"\0" * 4


# --- more than 8 bits
@pytest.mark.parametrize(
    "picture",
    [
        encoded(DEEP, "PNG"),
        encoded(DEEP, "TIFF"),
        encoded(DEEP, "PPM"),
        encoded(DEEP, "JPEG2000"),
        Image.open(io.BytesIO(encoded(DEEP, "PNG"))),
        DEEP,
        Image.frombytes("I;16B", DEEP.size, np.asarray(DEEP).astype(">u2").tobytes()),
        np.asarray(DEEP),
        encoded(UNIT, "TIFF"),
        UNIT,
        tiff(np.asarray(DEEP), bits=16),
        tiff(65535 - np.asarray(DEEP), bits=16, white=0),
        tiff(1 - np.asarray(UNIT), bits=32, kind=3, white=0),
        tiff(RAMP.astype(np.uint32) * 0x01010101, bits=32),
    ],
    ids=lambda picture: type(picture).__name__,
)
def test_deep_pictures_are_scaled_by_the_range_of_their_type(picture):
    np.testing.assert_array_equal(red(picture), RAMP)


def test_twelve_bits_are_scaled_by_twelve_bits():
    packed = b"".join(bytes([v >> 4, (v & 15) << 4 | v >> 8, v & 255]) for v in (0, 2048, 4095))
    data = np.frombuffer(packed, np.uint8).reshape(1, -1)
    file = tiff(data, bits=12).replace(struct.pack("<HHII", 256, 4, 1, 9), struct.pack("<HHII", 256, 4, 1, 6))
    assert red(file).tolist() == [[0, 0, 128, 128, 255, 255]]


def test_a_transparent_level_of_16_bits_becomes_white_and_no_other():
    values = np.array([[0, 300, 301, 65535]], np.uint16)
    assert red(encoded(Image.fromarray(values), "PNG", transparency=300)).tolist() == [[0, 255, 1, 255]]


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (Image.fromarray(RAMP.astype(np.float32)), "floating-point from 0 to 255, a range whose black and white"),
        (Image.fromarray((RAMP / 255 - 0.5).astype(np.float32)), "floating-point from -0.5 to 0.5"),
        (Image.fromarray(np.full((2, 2), np.nan, np.float32)), "floating-point from nan to nan"),
        (Image.fromarray(np.full((2, 2), np.inf, np.float32)), "floating-point from inf to inf"),
        (DEEP.convert("I"), "signed 32-bit integers from 0 to 65535"),
        (encoded(DEEP.convert("I"), "TIFF"), "signed 32-bit integers from 0 to 65535"),
        (tiff(np.full((2, 2), -3, np.int16), bits=16, kind=2), "signed 32-bit integers from -3 to -3"),
    ],
)
def test_numbers_whose_range_cannot_be_known_are_refused(picture, said):
    with pytest.raises(ImageFault, match=f"^corrupt image: the picture: its numbers are {re.escape(said)}"):
        opened(picture)


def test_a_data_set_counts_what_cannot_be_known_and_keeps_what_is_scaled():
    rows = [DEEP, encoded(DEEP, "TIFF"), Image.fromarray(RAMP.astype(np.float32)), np.asarray(DEEP), RAMP / 255]
    source = RowSource([{"image": value} for value in rows], "image", {f"r{i}": i for i in range(5)})
    found = inspected(source, [f"r{i}" for i in range(5)])
    assert found["fault"].tolist() == ["", "", "corrupt image", "", "corrupt image"]
    assert found["detail"].iloc[4] == (
        "row 4: an array must be H x W x 3 of uint8 to be a picture; got (8, 256) of float64"
    )
    np.testing.assert_array_equal(np.asarray(source.image("r0")), np.asarray(source.image("r3")))
    assert source.digest("r0") == source.digest("r3")


# --- modes, turns, transparency
@pytest.mark.parametrize("mode", ["L", "P", "RGB", "RGBA", "RGBX", "RGBa", "LA", "La", "PA", "CMYK", "YCbCr", "HSV"])
def test_every_mode_gives_the_same_picture(mode):
    via = {"RGBX": "RGB", "RGBa": "RGBA", "La": "LA", "PA": "LA", "HSV": "RGB"}.get(mode, "L")
    np.testing.assert_array_equal(red(GREY.convert(via).convert(mode)), RAMP)


def test_lab_and_adobes_inverted_cmyk_are_right():
    spaces = [ImageCms.createProfile(name) for name in ("sRGB", "LAB")]
    lab = ImageCms.applyTransform(GREY.convert("RGB"), ImageCms.buildTransform(*spaces, "RGB", "LAB"))
    for picture in (lab, encoded(lab, "TIFF"), encoded(GREY.convert("CMYK"), "JPEG", quality=100)):
        np.testing.assert_allclose(red(picture), RAMP, atol=2)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "La", "RGBa"])
def test_transparent_parts_are_white_in_every_mode(mode):
    via = "LA" if mode in ("LA", "La") else "RGBA"
    clear = Image.new(via, (2, 2), (9, 0) if via == "LA" else (9, 9, 9, 0)).convert(mode)
    assert red(clear).min() == 255


def test_the_transparent_colours_of_palettes_and_of_16_bits_are_white():
    palette = GREY.convert("P")
    assert red(encoded(palette, "PNG", transparency=0))[0, :2].tolist() == [255, 1]
    assert red(encoded(palette, "GIF", transparency=0))[0, 0] == 255
    deep = GREY.convert("RGB")
    deep.info["transparency"] = (0x0512, 0x0534, 0x0556)  # as Pillow leaves it of a PNG of 16 bits
    assert red(deep)[0, 4:7].tolist() == [4, 255, 6]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_once_whichever_way_it_comes(orientation, tmp_path):
    data = turned(GREY.resize((64, 16)), orientation)
    (tmp_path / "a.jpg").write_bytes(data)
    loaded = Image.open(io.BytesIO(data))
    ways = [data, tmp_path / "a.jpg", str(tmp_path / "a.jpg"), Image.open(io.BytesIO(data)), loaded.convert("RGB")]
    ways += [bytearray(data), {"bytes": data, "path": None}, {"bytes": None, "path": str(tmp_path / "a.jpg")}]
    ways += [opened(data), np.asarray(opened(data))]
    pictures = [opened(way) for way in ways]
    assert {picture.size for picture in pictures} == {(16, 64) if orientation > 4 else (64, 16)}
    assert len({picture.tobytes() for picture in pictures}) == 1


def test_what_is_given_stays_as_it_was():
    given = Image.new("RGB", (40, 40), "red")
    opened(given).thumbnail((4, 4))
    assert given.size == (40, 40)
    assert opened(given) is not given


def test_of_several_frames_the_first_is_taken():
    frames = [Image.new("L", (4, 4), level) for level in (10, 200)]
    for format in ("GIF", "TIFF", "PNG", "WEBP"):
        data = encoded(frames[0], format, save_all=True, append_images=frames[1:])
        assert abs(int(red(data)[0, 0]) - 10) <= 2, format


def test_two_palettes_over_the_same_numbers_are_two_pictures():
    one, other = (Image.new("P", (4, 4)) for _ in range(2))
    one.putpalette([255, 0, 0])
    other.putpalette([0, 0, 255])
    source = RowSource([{"image": one}, {"image": other}], "image", {"a": 0, "b": 1})
    assert source.digest("a") != source.digest("b")


# --- what is no picture
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000", "PPM"])
@pytest.mark.filterwarnings("ignore")  # of Pillow, about what it skips
def test_damage_of_any_kind_is_a_fault_of_the_picture(format):
    data, random = encoded(GREY.convert("RGB"), format), np.random.default_rng(0)
    np.testing.assert_allclose(red(data), RAMP, atol=12)
    with pytest.raises(ImageFault, match=r"^corrupt image: "):
        opened(data[: len(data) // 2])
    for _ in range(100):
        damaged = bytearray(data)
        for place in random.integers(0, len(data), 5):
            damaged[place] = random.integers(256)
        try:
            opened(bytes(damaged))
        except ImageFault:
            continue


@pytest.mark.parametrize(
    "error", [RuntimeError("x"), NotImplementedError(), MemoryError(), AssertionError("y"), KeyError("z")]
)
def test_whatever_a_decoder_raises_is_a_fault_of_the_picture(monkeypatch, error):
    def load(self):
        raise error

    pictures = encoded(GREY, "BMP"), GREY
    monkeypatch.setattr(Image.Image, "load", load)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    kind = "huge image" if isinstance(error, MemoryError) else "corrupt image"
    for picture in pictures:
        with pytest.raises(ImageFault, match=rf"^{kind}: the picture") as caught:
            opened(picture)
        assert type(error).__name__ in str(caught.value) or kind == "huge image"


def test_an_interruption_is_nobodys_fault(monkeypatch):
    def load(self):
        raise KeyboardInterrupt

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    with pytest.raises(KeyboardInterrupt):
        opened(encoded(GREY, "BMP"))


def test_only_listed_formats_are_opened_whatever_a_file_is_called(tmp_path, monkeypatch):
    def run(*arguments, **options):
        raise AssertionError("a program was started")

    monkeypatch.setattr("PIL.EpsImagePlugin.Ghostscript", run)
    said = f"EPS, which is not opened; save it as one of {', '.join(FORMATS)}"
    (tmp_path / "a.jpg").write_bytes(encoded(GREY.convert("RGB"), "EPS"))
    with pytest.raises(ImageFault, match=f"^corrupt image: .*a.jpg: it begins like {re.escape(said)}$"):
        opened(tmp_path / "a.jpg")
    with Image.open(tmp_path / "a.jpg") as eps, pytest.raises(ImageFault, match=f"the picture: {re.escape(said)}$"):
        opened(eps)
    with pytest.raises(ImageFault, match=r"^corrupt image: the picture: it begins like DDS, which is not opened; "):
        opened(encoded(GREY.convert("RGB"), "DDS"))
    with pytest.raises(ImageFault, match=r"^corrupt image: the picture: it begins like AVIF, but is damaged$"):
        opened(encoded(GREY.convert("RGB"), "AVIF")[:100])


def test_paths_that_are_no_files_say_what_they_are(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "gone.jpg")
    (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
    (tmp_path / "empty.jpg").touch()
    cases = {
        tmp_path: r"missing image: .* is a folder, not a file",
        tmp_path / "pipe.jpg": r"missing image: .*pipe\.jpg is a pipe or device, not a file",
        "/dev/zero": "missing image: /dev/zero is a pipe or device, not a file",
        tmp_path / "link.jpg": r"missing image: .*link\.jpg cannot be read \(FileNotFoundError\)",
        tmp_path / "loop.jpg": r"missing image: .*loop\.jpg cannot be read \(OSError\)",
        tmp_path / ("x" * 400): r"missing image: .* cannot be read \(OSError\)",
        "a\0b.jpg": r"missing image: a\\0b\.jpg cannot be read \(embedded null byte\)",
        "\ud800.jpg": r"missing image: \\ud800\.jpg cannot be read \(.*surrogates not allowed\)",
        "caf\udce9.jpg": r"missing image: caf\\xe9\.jpg cannot be read \(FileNotFoundError\)",
        tmp_path / "empty.jpg": r"corrupt image: .*empty\.jpg is empty",
    }
    for path, message in cases.items():
        with pytest.raises(ImageFault, match=f"^{message}$"):
            opened(path)


def test_files_of_any_name_are_read(tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path / "caf") + b"\xe9.png")
    GREY.save(path)
    np.testing.assert_array_equal(red(path), RAMP)
    assert printable(path).endswith("caf\\xe9.png")


def test_a_file_too_large_for_any_picture_is_not_read(tmp_path):
    with (tmp_path / "a.png").open("wb") as file:
        file.truncate(800_000_000)  # no bytes on disk
    with pytest.raises(ImageFault, match=r"^huge image: .*a\.png has 800,000,000 bytes, more than 715,827,880$"):
        contents(tmp_path / "a.png")


def test_pictures_without_pixels_and_narrow_ones():
    for empty in (Image.new("RGB", (0, 0)), np.zeros((0, 5, 3), np.uint8), Image.new("F", (3, 0))):
        with pytest.raises(ImageFault, match=r"^corrupt image: the picture has \d x 0 pixels: none$"):
            opened(empty)
    assert opened(Image.new("L", (1, 10_000))).size == (1, 10_000)


def test_what_is_no_picture_is_no_fault_of_one():
    for thing in (3, None, [GREY], {"label": 3}):
        with pytest.raises(TypeError, match=r"^a picture is a path, a Pillow image or an array; got \w+$"):
            opened(thing)
    for array in (np.zeros((4, 4, 2), np.uint8), np.zeros((4, 4, 3)), np.zeros(4, np.uint8), np.zeros((4, 4), int)):
        with pytest.raises(TypeError, match=r"^an array must be H x W x 3 of uint8 to be a picture; got \(4"):
            opened(array)


# --- rows and whole corpora
class Raising:
    """A data set that decodes as it is read."""

    column_names = ["image", "text"]

    def __init__(self, cells):
        self.cells = cells

    def __len__(self):
        return len(self.cells)

    def __getitem__(self, key):
        if key == "text":
            return ["red"] * (len(self) - 1) + ["blue"]
        if isinstance(self.cells[key], Exception):
            raise self.cells[key]
        return {"image": self.cells[key], "text": "red"}


@pytest.mark.filterwarnings("ignore")  # of Pillow, about what it skips
def test_bad_rows_are_skipped_counted_and_named(tmp_path):
    cut = Image.open(io.BytesIO(encoded(GREY, "BMP")[:1500]))
    closed = Image.open(io.BytesIO(encoded(GREY, "PNG")))
    closed.close()
    GREY.save(tmp_path / "a.png")
    cells = [
        GREY, RuntimeError("decoder"), NotImplementedError(), StopIteration(), cut, closed, None, float("nan"),
        {"bytes": None, "path": None}, {"bytes": None, "path": str(tmp_path / "gone.png")}, {"bytes": b"", "path": "x"},
        {"bytes": None, "path": str(tmp_path / "a.png")}, {"bytes": encoded(DEEP, "PNG"), "path": None}, [[1], [3]],
        Image.new("RGB", (0, 3)), turned(GREY),
    ]  # fmt: skip
    mine = Corpus.from_huggingface(Raising(cells), words=("red", "blue"))
    assert mine.report["corrupt image"] == [f"row {i}" for i in (1, 2, 3, 4, 5, 10, 14)]
    assert mine.report["missing image"] == [f"row {i}" for i in (6, 7, 8, 9, 13)]
    assert list(mine.ids) == [f"row {i}" for i in (0, 11, 12, 15)]
    assert mine.image("row 15").size == (8, 256)
    with pytest.raises(ImageFault, match=r"^corrupt image: row 1 cannot be read: RuntimeError: decoder$"):
        mine.source.image("row 1")
    with pytest.raises(ImageFault, match=r"^missing image: row 8 holds NoneType, not a picture$"):
        mine.source.digest("row 8")
    with pytest.raises(KeyError, match="no picture has the id 'row 99'; ids are the index of the corpus table"):
        mine.source.image("row 99")


def test_bad_files_are_skipped_counted_and_named(tmp_path):
    for i in range(3):
        Image.fromarray(RAMP // (i + 1)).save(tmp_path / f"{i}.png")
    (tmp_path / "avif.jpg").write_bytes(encoded(GREY.convert("RGB"), "AVIF")[:-40])
    (tmp_path / "eps.jpg").write_bytes(encoded(GREY.convert("RGB"), "EPS"))
    (tmp_path / "dds.jpg").write_bytes(encoded(GREY.convert("RGB"), "DDS")[:60])
    (tmp_path / "folder.jpg").mkdir()
    os.mkfifo(tmp_path / "pipe.jpg")
    files = ["0.png", "1.png", "2.png", "avif.jpg", "eps.jpg", "dds.jpg", "folder.jpg", "pipe.jpg", "a\0b.jpg"]
    table = pd.DataFrame({"file": files, "text": ["red", "blue"] * 4 + ["red"], "id": list("abcdefghi")})
    options = {"image_column": "file", "text_columns": ("text",), "id_column": "id", "words": ("red", "blue")}
    mine = Corpus.from_table(table, root=tmp_path, **options)
    assert list(mine.ids) == ["a", "b", "c"]
    assert mine.report["missing image"] == ["g", "h"]
    assert mine.report["path with a NUL"] == ["i"]
    assert mine.report["corrupt image"] == ["d", "e", "f"]


def test_an_id_that_is_no_text_is_counted_before_anything_stores_it(tmp_path):
    GREY.save(tmp_path / "a.png")
    found = inspected(ImageSource(tmp_path, {"a": "a.png", "b\udcff": "a.png"}), ["a", "b\udcff"])
    assert found["fault"].tolist() == ["", "missing image"]
    assert found["detail"].iloc[1] == "b\\xff is no name in UTF-8, and cannot be kept; rename the file"


def test_a_source_of_somebody_else_may_raise_anything():
    class Own:
        def digest(self, id):
            return "0" * 64

        def image(self, id):
            raise LookupError("no such key")

    found = inspected(Own(), ["a"])
    assert found.loc["a"].tolist() == ["corrupt image", "a: LookupError: no such key", "0" * 64]
