"""The corpus "street": Clothing Co-Parsing as the role that Wear has in the paper (Discovery, Section 3.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy.io
from tqdm import tqdm

from neuroattr import assets, text
from neuroattr.provenance import Kind

from . import inspection, samples, splits, storage, translation
from .annotations import Annotations
from .collection import Corpus
from .report import Findings
from .sources import ImageSource, opened

ASSET = "clothing-co-parsing-sample"
TABLE = "clothing"
KINDS = {"pixel": "groundtruth", "image": "tags"}  # of annotations: folder (…-level) and the variable in its files


class AnnotationFault(ValueError):
    """An annotation that cannot be used; ``kind`` says why, in the words of the report."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind


@dataclass(frozen=True)
class Masks:
    """Where each word is in a picture, from its pixel-level annotation, by the picture's id.

    Parameters
    ----------
    root : folder with annotations/ and photos/
    words : word of each label number; empty for labels that are left out
    pixel : ids with a pixel-level annotation
    """

    root: Path
    words: tuple[str, ...] = field(repr=False)
    pixel: frozenset[str] = field(repr=False)

    def __call__(self, id: str) -> dict[str, np.ndarray]:
        """Word -> bool H x W; nothing for a picture whose annotation has no pixels, or others than the photo has.

        Raises
        ------
        AnnotationFault
            If the file has gone or is damaged since the corpus was made.
        """
        if id not in self.pixel:
            return {}
        numbers = annotation(self.root, id, "pixel")
        photo = opened(self.root / "photos" / f"{id}.jpg")
        if numbers.shape != (photo.height, photo.width):
            return {}
        found: dict[str, np.ndarray] = {}
        for number in np.unique(numbers):
            word = self.words[number]
            if word:
                found[word] = found.get(word, False) | (numbers == number)
        return found


def street(*, seed: int, limit: int | None = None, folder: str | Path | None = None) -> Corpus:
    """Street photos with the garments that annotators named, and pixel masks of about half of them.

    Parameters
    ----------
    seed
        Of the split and of ``limit``.
    limit
        Use only so many photos, drawn at random.
    folder
        Folder with photos/, annotations/ and label_list.mat, as published or reduced; default: the asset.

    Returns
    -------
    Corpus
        ``table.title`` holds the labels as they are in the files, ``table.annotation`` "pixel" or "image"; ``words``
        are the labels merged by ``corpus.translation.table("clothing")``; ``annotations.regions(id)`` gives the masks
        of a picture by word. Missing and corrupt files are skipped and counted in ``report``.

    Raises
    ------
    ValueError
        If the folder has no label_list.mat, or nothing usable is left.
    neuroattr.assets.MissingAsset
        Without ``folder`` where the asset is not at hand.
    """
    name = "street" if folder is None else f"street photos in {Path(folder).name}"
    folder = assets.folder(ASSET) if folder is None else Path(folder)
    if not (folder / "label_list.mat").is_file():
        raise ValueError(
            f"street photos are a folder with label_list.mat, photos/ and annotations/; {folder} has no label_list.mat"
        )
    words = translation.table(TABLE)["word"].to_dict()
    labels = label_names(folder)
    recipe = {"corpus": "street", "seed": seed, "limit": limit, "merged": {label: words.get(label) for label in labels}}
    state = storage.state(folder)
    record = KIND.record(name=name, files=state, recipe=recipe)
    made = storage.kept(
        KIND, record, lambda: _made(name, folder, labels, recipe | {"state": state}), lambda ids: _source(folder, ids)
    )
    pixel = frozenset(made.ids[made.table["annotation"] == "pixel"])
    masks = Masks(folder, tuple(words.get(label, "") for label in labels), pixel)
    return replace(made, annotations=replace(made.annotations, regions=masks))


def label_names(folder: Path) -> tuple[str, ...]:
    """Names of the labels, by their number."""
    names = scipy.io.loadmat(folder / "label_list.mat")["label_list"].ravel()
    return tuple(str(np.asarray(name).ravel()[0]) for name in names)


def annotation(folder: str | Path, id: str, kind: str) -> np.ndarray:
    """Label numbers of a picture: of each pixel (kind "pixel", H x W), or a list (kind "image").

    Raises
    ------
    AnnotationFault
        If the file is missing or damaged, or lacks its variable.
    """
    path = Path(folder) / "annotations" / f"{kind}-level" / f"{id}.mat"
    if not path.is_file():
        raise AnnotationFault("missing annotation", f"there is no {path}")
    try:
        numbers = scipy.io.loadmat(path, variable_names=[KINDS[kind]])[KINDS[kind]]
    except Exception as error:  # scipy's reader raises whatever the damage makes it stumble over
        raise AnnotationFault("corrupt annotation", f"{path}: {type(error).__name__}: {error}") from None
    return np.asarray(numbers).astype(np.int64)


def _made(name: str, folder: Path, labels: Sequence[str], recipe: dict[str, Any]) -> Corpus:
    ids = sorted(path.stem for path in (folder / "photos").glob("*.jpg"))
    ids = samples.limited(ids, recipe["limit"], seed=recipe["seed"], what="photos")
    checked = inspection.inspected(_source(folder, ids), ids)
    report: Findings = {"photos": len(ids), **inspection.faults(checked)}
    usable = checked.index[(checked["fault"] == "") & ~((checked["digest"] != "") & checked["digest"].duplicated())]
    rows = {}
    for id in tqdm(usable, desc="reading annotations", unit="photo", disable=None, leave=False):
        try:
            rows[id] = _read(folder, id, labels, report)
        except AnnotationFault as fault:
            report.setdefault(fault.kind, []).append(id)
    if not rows:
        raise ValueError(f"none of the {len(ids)} photos in {folder} can be used: {report}")
    joined = translation.merged([tags for _, tags in rows.values()], translation.table(TABLE))
    report["labels that the table does not know"] = joined.unknown.index.tolist()
    counts = pd.Series([word for mine in joined.words for word in mine]).value_counts()
    words = tuple(sorted(counts.index[counts < len(rows)], key=lambda word: (-counts[word], word)))
    index = pd.Index(rows, name="image")
    table = pd.DataFrame(
        {
            "image": [f"{id}.jpg" for id in rows],
            "title": [" ".join(tags) for _, tags in rows.values()],
            "annotation": [kind for kind, _ in rows.values()],
            "split": splits.assigned(index, seed=recipe["seed"]),
        },
        index=index,
    )
    mentions = text.mentions(joined.words, words)
    source = _source(folder, index)
    return Corpus(name, table, words, mentions, source, Annotations(), generated=False, report=report, recipe=recipe)


def _read(folder: Path, id: str, labels: Sequence[str], report: Findings) -> tuple[str, list[str]]:
    """Kind of a photo's annotation and its labels, each once; oddities go to the report."""
    kind = "pixel" if (folder / "annotations" / "pixel-level" / f"{id}.mat").is_file() else "image"
    numbers = annotation(folder, id, kind)
    if numbers.size and not 0 <= numbers.min() <= numbers.max() < len(labels):
        raise AnnotationFault("corrupt annotation", f"{id} has label {numbers.max()} of {len(labels)}")
    if kind == "image" and len(set(numbers.ravel().tolist())) < numbers.size:
        report.setdefault("repeated labels", []).append(id)
    return kind, [labels[number] for number in np.unique(numbers)]


def _source(folder: Path, ids: Iterable[str]) -> ImageSource:
    return ImageSource(folder / "photos", {id: f"{id}.jpg" for id in ids})


KIND = Kind("street", (_made,))
