"""atelier-street: the generated street photos as a corpus, with tags merged by the translation table."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from neuroattr import papers, text
from neuroattr.assets import write_whole
from neuroattr.corpus import Annotations, Corpus, ImageSource, translation
from neuroattr.corpus.sources import of_id
from neuroattr.corpus.splits import assigned
from neuroattr.provenance import Kind

from .. import pictures
from . import box_annotators, rendering, tags
from .looks import Look, looks

NAME = "atelier-street"
PAPER = papers.constants("discovery")
TASK = box_annotators.Task(words=PAPER.saliency_tags, images=PAPER.saliency_images, annotators=PAPER.saliency_workers)
_RENDERING = "neuroattr.atelier.street_photos.rendering"
BOXES = Kind("boxes", (box_annotators.drawn,))


@dataclass(frozen=True)
class Regions:
    """Masks of the tags of a picture, by its id, drawn when asked for."""

    looks: dict[str, Look] = field(repr=False)
    size: int

    def __call__(self, id: str) -> dict[str, np.ndarray]:
        """Tag -> bool H x W, for tags that are true of the picture, name a place in it, and can be seen there."""
        return tags.regions(of_id(self.looks, id), self.size)

    def with_person(self, id: str) -> dict[str, np.ndarray]:
        """The same, and as "everyone" the whole person."""
        return {**self(id), "everyone": rendering.seen(self.looks[id], self.size) > 0}


def street(n: int = 1600, *, size: int = 160, seed: int) -> Corpus:
    """Generated street photos: `n` people who wear several things, before clutter, with tags, masks and boxes.

    Parameters
    ----------
    n
        Number of photos.
    size
        Side of the pictures in pixels.
    seed
        Of everything; the same seed gives the same pictures and tags.

    Returns
    -------
    Corpus
        ``table.title`` holds the tags as they were typed, ``group`` the author. ``words`` are the tags after merging
        by ``corpus.translation.table("street")``. Of the ``annotations``, ``regions(id)`` gives the mask of each tag
        that is true of the picture, has a place and can be seen; ``drawn_boxes`` what three simulated workers drew for
        ten pictures of each of the fifty most frequent words (Discovery, Section 6); ``visibility`` and ``kinds`` are
        as ``tags.toml`` states them; ``attributes`` hold style, season, scene, and what is worn; ``applies`` which
        words are true of which photo.

    Notes
    -----
    Pictures and boxes are kept in the cache, under keys of what they show and of the code and libraries that make them.

    Raises
    ------
    ValueError
        If `n` is less than 1 or `size` less than 16.
    """
    if n < 1:
        raise ValueError(f"an album needs at least 1 photo, got n={n}")
    pictures.require_size(size)
    recipe = {"corpus": NAME, "n": n, "size": size, "seed": seed}
    shown = {f"photo-{i:05d}": look for i, look in enumerate(looks(n, seed=seed))}

    def assembled(folder: Path) -> Corpus:
        return _assembled(folder, shown, recipe)

    return pictures.corpus_of(shown, recipe, size, renderer=_RENDERING, assembled=assembled)


def _assembled(folder: Path, shown: dict[str, Look], recipe: dict[str, Any]) -> Corpus:
    ids = pd.Index(shown, name="image")
    typed = tags.typed(list(shown.values()), seed=recipe["seed"])
    joined = translation.merged(typed, translation.table("street"))
    known = {tag.word: tag for tag in tags.tags()}
    frequency = pd.Series([word for words in joined.words for word in words]).value_counts()
    words = tuple(sorted(frequency.index, key=lambda word: (-frequency[word], word)))
    mentions = text.mentions(joined.words, words)
    names = pd.Index(words, name="word")
    regions = Regions(dict(shown), recipe["size"])
    true, column = tags.applicability(list(shown.values())), {tag.word: w for w, tag in enumerate(tags.tags())}
    annotations = Annotations(
        attributes=_attributes(shown, ids),
        visibility=pd.Series([known[word].visible for word in words], names, name="visibility"),
        kinds=pd.Series([known[word].kind for word in words], names, name="kind"),
        regions=regions,
        drawn_boxes=_boxes(list(ids), words, mentions.toarray(), regions, recipe["seed"]),
        applies=pd.DataFrame(true[:, [column[word] for word in words]], ids, names),
    )
    places = [pictures.relative_path(row, id) for row, id in enumerate(ids)]
    table = pd.DataFrame(
        {
            "image": places,
            "title": [" ".join(mine) for mine in typed],
            "group": [f"user-{look.author:03d}" for look in shown.values()],
            "split": assigned(ids, seed=recipe["seed"]),
        },
        index=ids,
    )
    report = {
        "different tags as typed": len(joined.audit) + len(joined.unknown),
        "tags that the table knows": len(joined.audit),
        "tags that the table does not know": joined.unknown.index.tolist(),
    }
    source = ImageSource(folder, dict(zip(ids, places, strict=True)))
    return Corpus(NAME, table, words, mentions, source, annotations, generated=True, report=report, recipe=recipe)


def _boxes(ids: list[str], words: tuple[str, ...], mentions: np.ndarray, regions: Regions, seed: int) -> pd.DataFrame:
    """What the workers drew, made once."""
    looks = pictures.digest(regions.looks, _RENDERING)
    record = BOXES.record(Regions, looks=looks, size=regions.size, words=words, mentions=mentions, task=TASK, seed=seed)

    def make(folder: Path) -> None:
        made = box_annotators.drawn(ids, words, mentions, regions.with_person, TASK, seed=seed)
        with write_whole(folder / "boxes.parquet") as path:
            made.to_parquet(path)

    return pd.read_parquet(BOXES.kept(record).made(make) / "boxes.parquet")


def _attributes(shown: dict[str, Look], ids: pd.Index) -> pd.DataFrame:
    """Style, season, scene, and what is worn, joined by |."""
    rows = [
        {"style": look.style, "season": look.season, "scene": look.scene, "worn": "|".join(t.name for t in look.worn)}
        for look in shown.values()
    ]
    return pd.DataFrame(rows, index=ids).astype("category")
