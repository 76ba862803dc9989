"""The corpus "birds": Caltech-UCSD Birds-200-2011 with the captions of Reed et al. (Summarization, Experiments)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
import scipy.sparse
from tqdm import tqdm

from neuroattr import assets, text
from neuroattr.provenance import Kind

from . import boxes, captions, class_phrases, inspection, points, splits, storage
from .annotations import Annotations
from .collection import Corpus
from .numbered import lines, numbered
from .sources import ImageSource

ASSET = "cub-200-2011-sample"
Crop = Literal["square", "box"]
Words = Literal["captions", "classes"]
NEAR_DUPLICATES = ((1413, 1460), (72, 97))
"""Numbers of photos that show nearly the same, found by a coarse image hash; there may be more."""
LISTS = ("images.txt", "image_class_labels.txt", "classes.txt", "train_test_split.txt", "bounding_boxes.txt")
PARTS, LOCATIONS = "parts/parts.txt", "parts/part_locs.txt"
ATTRIBUTES, PERCENTAGES = "attributes/attributes.txt", "attributes/class_attribute_labels_continuous.txt"


@dataclass(frozen=True)
class Recipe:
    """How the corpus is made of the files; see ``birds``."""

    seed: int
    validation: float
    apart: bool
    words: str
    n_words: int | None
    predicates: bool
    shared: bool
    percentage: float


def birds(
    *,
    seed: int,
    crop: Crop | None = "square",
    margin: float = 0.0,
    validation: float = 0.2,
    apart: bool = False,
    words: Words = "captions",
    n_words: int | None = None,
    predicates: bool = False,
    shared: bool = False,
    percentage: float = 50.0,
    folder: str | Path | None = None,
) -> Corpus:
    """Photos of birds with boxes, part points, classes and their attributes, and captions where there are some.

    Parameters
    ----------
    seed
        Of the draw of the validation part.
    crop, margin
        Pictures are cropped to ``"square"`` windows of side max(w, h) around the box, padded by the mean colour, to
        the ``"box"`` itself, or not at all (None); ``margin`` as in `Corpus.cropped`.
    validation
        Share of the training photos of each class that become the validation part.
    apart
        Leave out a training photo that shows nearly the same as another (`NEAR_DUPLICATES`), so that none of them is
        on both sides of a split.
    words
        Where words come from: ``"captions"``, the attributes that captions name (``text.phrases``); or
        ``"classes"``, those that at least ``percentage`` of the class's photos have in the table of class attributes,
        as phrases, for every photo of the class.
    n_words
        Only so many, the most frequent ones.
    predicates, shared
        Of ``text.Grammar``: how captions are read.
    folder
        Folder with images.txt, images/ and so on, as published; default: the asset of 50 classes.

    Returns
    -------
    Corpus
        ``table.category`` is the class, ``title`` the first caption; ``annotations`` has boxes, points, captions,
        classes, class_attributes and sizes. Missing and corrupt photos, boxes and points outside their photo, photos
        without captions, damaged and repeated captions are counted in ``report``.

    Raises
    ------
    ValueError
        For a folder without these files or with lines that are none, for no usable photo, no captions where words are
        to come from them, and other options.
    neuroattr.assets.MissingAsset
        Without ``folder`` where the asset is not at hand.
    """
    if words not in get_args(Words):
        raise ValueError(f'words come from "captions" or "classes"; got {words!r}')
    if crop is not None and crop not in get_args(Crop):
        raise ValueError(f'crop is "square", "box" or None; got {crop!r}')
    name = "birds" if folder is None else f"birds in {Path(folder).name}"
    folder = assets.folder(ASSET) / "CUB_200_2011" if folder is None else Path(folder)
    absent = [one for one in LISTS if not (folder / one).is_file()]
    if absent:
        raise ValueError(f"birds are a folder with {', '.join(LISTS)} and images/; {folder} has no {absent[0]}")
    recipe = Recipe(seed, validation, apart, words, n_words, predicates, shared, percentage)
    state = storage.state(folder)
    record = KIND.record(name=name, files=state, recipe=recipe)

    def source(ids: Sequence[str]) -> ImageSource:
        return _source(folder, _photos(folder)["file"][ids])

    made = storage.kept(KIND, record, lambda: _made(name, folder, recipe, state), source)
    return made if crop is None else made.cropped(margin=margin, square=crop == "square")


def _made(name: str, folder: Path, recipe: Recipe, state: str) -> Corpus:
    """The corpus from the files, its pictures whole."""
    photos = _photos(folder)
    report: dict[str, Any] = {"photos": len(photos)}
    looks = inspection.inspected(_source(folder, photos["file"]), list(photos.index))
    report |= inspection.faults(looks)
    photos = photos[(looks["fault"] == "").to_numpy()]
    if recipe.apart:
        photos, left_out = _without_near_duplicates(photos)
        report["near-duplicates left out of training"] = left_out
    if photos.empty:
        raise ValueError(f"none of the {len(looks)} photos in {folder} can be used: {looks['detail'].iloc[0]}")
    annotations, found = _annotations(folder, photos)
    words, mentions = _words(annotations, photos, recipe)
    said = annotations.captions.groupby("image")["text"].agg(list) if annotations.captions is not None else pd.Series()
    of_photo = [said.get(id, []) for id in photos.index]
    official = photos["split"]
    table = pd.DataFrame(
        {
            "image": photos["file"],
            "title": ["".join(mine[:1]) for mine in of_photo],
            "description": ["\n".join(mine[1:]) for mine in of_photo],
            "category": photos["label"],
            "split": splits.carved(official, photos["label"], share=recipe.validation, seed=recipe.seed),
        },
        index=photos.index,
    )
    facts = {"corpus": "birds", **asdict(recipe), "state": state}
    source = _source(folder, photos["file"])
    return Corpus(
        name, table, words, mentions, source, annotations, generated=False, report=report | found, recipe=facts
    )


def _photos(folder: Path) -> pd.DataFrame:
    """Every photo that is listed: number, file, label and official split; index: image, the file's name."""
    files = numbered(folder / "images.txt", (str,))[0]
    classes = numbered(folder / "classes.txt", (str,))[0]
    of_class = numbered(folder / "image_class_labels.txt", (int,))[0]
    training = numbered(folder / "train_test_split.txt", (int,))[0]
    for known, where in ((of_class, "image_class_labels.txt"), (training, "train_test_split.txt")):
        if len(unknown := files.index.difference(known.index)):
            raise ValueError(f"{folder / where} has a line for each photo; photo {unknown[0]} has none")
    if len(strange := set(of_class[files.index]) - set(classes.index)):
        raise ValueError(
            f"{folder / 'image_class_labels.txt'} has class {min(strange)}, which classes.txt does not know"
        )
    ids = pd.Index([Path(file).stem for file in files], name="image")
    if ids.has_duplicates:
        raise ValueError(f"photos are known by the names of their files; {ids[ids.duplicated()][0]!r} is there twice")
    return pd.DataFrame(
        {
            "number": files.index,
            "file": files.to_numpy(),
            "label": [label(classes[number]) for number in of_class[files.index]],
            "split": np.where(training[files.index] == 1, "train", "test"),
        },
        index=ids,
    )


def label(folder: str) -> str:
    """Name of a class from that of its folder: ``"Red winged Blackbird"`` of ``"010.Red_winged_Blackbird"``."""
    return folder.partition(".")[2].replace("_", " ") or folder


def _annotations(folder: Path, photos: pd.DataFrame) -> tuple[Annotations, dict[str, Any]]:
    """What the files say of the photos, mended, and a report of what was."""
    numbers = pd.Series(photos.index, index=photos["number"])
    source = _source(folder, photos["file"])
    shown = tqdm(photos.index, desc="measuring photos", unit="photo", disable=None, leave=False)
    sizes = pd.DataFrame([source.image(id).size for id in shown], photos.index, ["width", "height"])
    listed = pd.concat(numbered(folder / "bounding_boxes.txt", (float,) * 4), axis=1)
    listed.columns = ["x", "y", "width", "height"]
    fitted, report = boxes.fitted(listed.reindex(photos["number"]).set_axis(photos.index), sizes)
    known: dict[str, Any] = {"sizes": sizes, "boxes": fitted, "classes": photos[["label", "split"]]}
    if (folder / LOCATIONS).is_file():
        known["points"], found = points.fitted(_points(folder, numbers), sizes)
        report |= found
    if (folder / PERCENTAGES).is_file():
        known["class_attributes"] = _class_attributes(folder)
    if (folder / "text").is_dir():
        known["captions"], found = _captions(folder, photos)
        report |= found
    return Annotations(**known), report


def _points(folder: Path, numbers: pd.Series) -> pd.DataFrame:
    """Part points of the photos, each kind by its name."""
    names = numbered(folder / PARTS, (str,))[0]
    rows = lines(folder / LOCATIONS, (int, int, float, float, int))
    frame = pd.DataFrame(rows, columns=["image", "part", "x", "y", "visible"])
    frame = frame[frame["image"].isin(numbers.index)]
    return frame.assign(
        image=numbers[frame["image"]].to_numpy(), part=names[frame["part"]].to_numpy(), visible=frame["visible"] == 1
    ).reset_index(drop=True)


def _class_attributes(folder: Path) -> pd.DataFrame:
    """Percentages of the attributes, by class."""
    names = numbered(folder / ATTRIBUTES, (str,))[0]
    classes = numbered(folder / "classes.txt", (str,))[0]
    rows = lines(folder / PERCENTAGES, (float,) * len(names))
    if len(rows) != len(classes):
        raise ValueError(f"{folder / PERCENTAGES} has a line for each of {len(classes)} classes; got {len(rows)}")
    return pd.DataFrame(rows, pd.Index(map(label, classes), name="class"), names.tolist())


def _captions(folder: Path, photos: pd.DataFrame) -> tuple[pd.DataFrame | None, dict[str, Any]]:
    """Captions of the photos, blank ones left out, and what is odd about them."""
    rows, without, damaged, repeated = [], [], [], 0
    for id, file in photos["file"].items():
        path = folder / "text" / Path(file).with_suffix(".txt")
        said = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
        said = [line.strip() for line in said if line.strip()]
        rows += [(id, line) for line in said]
        without += [] if said else [id]
        damaged += [id] if any("\ufffd" in line for line in said) else []
        repeated += len(said) - len(set(said))
    report: dict[str, Any] = {"photos without captions": without, "photos with damaged captions": damaged}
    report["captions that repeat another of their photo"] = repeated
    found = pd.DataFrame(rows, columns=list(captions.COLUMNS))
    return (found if rows else None), {what: how for what, how in report.items() if how}


def _words(
    annotations: Annotations, photos: pd.DataFrame, recipe: Recipe
) -> tuple[tuple[str, ...], scipy.sparse.csr_array]:
    """The words, most frequent first, and which photos have them."""
    if recipe.words == "captions":
        if annotations.captions is None:
            raise ValueError('no photo has a caption; words="classes" takes them from the table of class attributes')
        grammar = text.Grammar(predicates=recipe.predicates, shared=recipe.shared)

        def named(caption: str) -> list[str]:
            return text.phrases(caption, grammar=grammar)

        counts, terms = captions.counts(annotations.captions, list(photos.index), named)
    else:
        if annotations.class_attributes is None:
            raise ValueError('there is no table of class attributes; words="captions" takes them from captions')
        table = class_phrases.phrases(annotations.class_attributes) >= recipe.percentage
        counts, terms = scipy.sparse.csr_array(table.loc[photos["label"]].to_numpy()), tuple(table.columns)
    frequency = text.document_frequency(counts > 0)
    kept = np.flatnonzero((frequency > 0) & (frequency < len(photos)))
    order = sorted(kept.tolist(), key=lambda term: (-frequency[term], terms[term]))[: recipe.n_words]
    return tuple(terms[n] for n in order), scipy.sparse.csr_array(counts[:, order] > 0)


def _without_near_duplicates(photos: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The photos without the training one of each pair of near-duplicates, and which these are."""
    training = dict(zip(photos["number"], photos["split"] == "train", strict=True))
    pairs = [pair for pair in NEAR_DUPLICATES if set(pair) <= set(training)]
    numbers = {next((n for n in reversed(pair) if training[n]), None) for pair in pairs} - {None}
    out = photos["number"].isin(numbers)
    return photos[~out], photos.index[out].tolist()


def _source(folder: Path, files: pd.Series) -> ImageSource:
    """The photos by their ids."""
    return ImageSource(folder / "images", files.to_dict())


KIND = Kind("birds", (_made,))
