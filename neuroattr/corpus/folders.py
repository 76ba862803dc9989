"""What lies in a folder of pictures: pictures, the texts beside them, and the rest by the reason."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from . import delimited
from .faults import printable

PICTURES = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".avif", ".avifs", ".bmp", ".dib", ".gif", ".tif",
    ".tiff", ".jp2", ".j2k", ".jpf", ".jpx", ".ppm", ".pgm", ".pbm", ".pnm", ".tga",
)  # fmt: skip
# Pictures too, but whether they can be opened depends on what is installed beside Pillow.
OTHER_PICTURES = (
    ".heic", ".heif", ".hif", ".jxl", ".psd", ".svg", ".svgz", ".raw", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf",
    ".rw2", ".raf",
)  # fmt: skip
BESIDE = (".caption", ".captions", ".json", ".xml", ".tags", ".yaml", ".yml", ".md", ".html")  # texts that are not read
BY_CONTENT = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
SYSTEM = {"__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "@eadir", "$recycle.bin", "system volume information"}

Reasons = dict[str, list[str]]  # names by why they were not taken

HIDDEN = "hidden or system file or folder"
FORMAT = "picture format that cannot be read here"
NO_ENDING = "picture without the ending of one"
ENCODING = "text in another encoding"
FITTING = "encoding that would fit those texts"


@dataclass(frozen=True)
class Listing:
    """Pictures of a folder in order, paths relative to it; their texts; and everything else by the reason."""

    pictures: list[str]
    texts: list[str]
    report: Reasons


def listed(folder: str | Path, *, encoding: str | None = None) -> Listing:
    """Everything below ``folder``, links to folders followed.

    Parameters
    ----------
    encoding
        Of the texts without a byte order mark; None: UTF-8.
    """
    files, report = _walked(Path(folder))
    pictures, notes, others = [], {}, []
    for name in files:
        stem, suffix = os.path.splitext(name)  # noqa: PTH122 (these are no paths of this system: always "/")
        if suffix.lower() == ".txt":
            notes[stem] = name  # sorted: of blue.TXT and blue.txt the second
        elif _opened(suffix.lower()):
            pictures.append(name)
        else:
            others.append(name)
    stems = {name.rpartition(".")[0] for name in pictures} | set(pictures)
    for name in others:
        report.setdefault(_reason(Path(folder), name, stems), []).append(name)
    texts, of_texts = _texts(Path(folder), pictures, notes, encoding)
    unread = sorted(set(files) - set(pictures) - set(others) - {note for note in _paired(pictures, notes) if note})
    report |= of_texts | {"text without a picture": unread} | _same_but_for_case(pictures)
    strange = [name for name in pictures if printable(name) != name]
    report |= {"file name that is not UTF-8": strange}
    return Listing(pictures, texts, {why: [printable(one) for one in names] for why, names in report.items() if names})


def _walked(folder: Path) -> tuple[list[str], Reasons]:
    """Paths of all files in order, and what was not entered or is no file by the reason."""
    files: list[str] = []
    report: Reasons = {}
    above = {_identity(path) for path in (folder.resolve(), *folder.resolve().parents)}
    entered, inside = set(), [""]
    links: list[str] = []
    while inside or links:
        link = not inside
        here = links.pop(0) if link else inside.pop()
        identity = _identity(folder / here)
        if here and identity in above:
            report.setdefault("link to a folder that holds this one", []).append(here)
            continue
        if identity in entered:
            report.setdefault("link to a folder that is read already", []).append(here)
            continue
        entered.add(identity)
        try:
            with os.scandir(folder / here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            report.setdefault(f"folder that cannot be read ({type(error).__name__})", []).append(here)
            continue
        for entry in entries:
            name, kind = f"{here}/{entry.name}" if here else entry.name, _kind(entry)
            taken = {"file": files, "folder": inside, "link": links}.get(kind)
            (report.setdefault(kind, []) if taken is None else taken).append(name)
    return sorted(files), report


def _kind(entry: os.DirEntry[str]) -> str:
    """ "file", "folder", "link" (to a folder), or why it is none of these."""
    if entry.name.startswith(".") or entry.name.casefold() in SYSTEM:
        return HIDDEN
    if entry.is_symlink() and not Path(entry.path).exists():
        return "link to nothing"
    if entry.is_dir():
        return "link" if entry.is_symlink() else "folder"
    return "file" if entry.is_file() else "neither file nor folder"


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _opened(suffix: str) -> bool:
    """Whether files with this ending are pictures that this installation opens."""
    Image.init()
    return suffix in PICTURES + OTHER_PICTURES and Image.EXTENSION.get(suffix) in Image.OPEN


def _reason(folder: Path, name: str, stems: set[str]) -> str:
    """Why a file is not taken."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122
    if suffix.lower() in PICTURES + OTHER_PICTURES:
        return FORMAT
    if suffix.lower() in BESIDE and stem in stems:
        return "text beside a picture that is not read (only .txt is)"
    try:
        with Image.open(folder / name, formats=BY_CONTENT):
            return NO_ENDING
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "other file"


def _paired(pictures: Sequence[str], notes: Mapping[str, str]) -> list[str | None]:
    """The text file of each picture, or None: blue.jpg.txt before blue.txt."""
    return [notes.get(name) or notes.get(name.rpartition(".")[0]) for name in pictures]


def _texts(
    folder: Path, pictures: Sequence[str], notes: Mapping[str, str], encoding: str | None
) -> tuple[list[str], Reasons]:
    """The text of each picture, "" where there is none or none that can be read; and the faults."""
    paired = _paired(pictures, notes)
    known: dict[str, str] = {}
    shared: Reasons = {}
    report: Reasons = {}
    for picture, note in zip(pictures, paired, strict=True):
        if note is not None:
            shared.setdefault(note, []).append(picture)
    for note in shared:
        data = b""
        try:
            data = (folder / note).read_bytes()
            of = None if delimited.marked(data) else encoding
            known[note] = delimited.decoded(data, name=printable(note), encoding=of)
        except OSError:
            report.setdefault("text that cannot be read", []).append(note)
        except ValueError:
            delimited.decoded(b"", name=note, encoding=encoding)  # an encoding that does not exist is the user's fault
            report.setdefault(ENCODING, []).append(note)
            fit = delimited.fitting(data)
            if fit is not None and fit not in report.setdefault(FITTING, []):
                report[FITTING].append(fit)
    several = [f"{note}: {', '.join(names)}" for note, names in shared.items() if len(names) > 1]
    return [known.get(note or "", "") for note in paired], report | {"text of several pictures": several}


def _same_but_for_case(pictures: Sequence[str]) -> Reasons:
    """Names and folders that a system that does not tell a from A would take for one."""
    names = {*pictures, *(name.rpartition("/")[0] for name in pictures)} - {""}
    alike: Reasons = {}
    for name in sorted(names):
        alike.setdefault(name.casefold(), []).append(name)
    return {"names that differ in case only": [name for group in alike.values() if len(group) > 1 for name in group]}
