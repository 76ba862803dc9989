"""atelier-shop: a generated shop of clothing, with everything known about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from neuroattr import papers, text
from neuroattr.assets import write_whole
from neuroattr.corpus import Annotations, Corpus, ImageSource
from neuroattr.corpus.sources import of_id
from neuroattr.corpus.splits import assigned
from neuroattr.people import simulation
from neuroattr.provenance import Kind

from . import chunks, listings, pictures, vocabulary
from .items import DETAILS, Item, recalled

KIND = Kind("listings", (listings.listed,))
NAME = "atelier-shop"
PAPER = papers.constants("discovery")
# As Discovery, Section 4.3, asked: 100 words, 50 pairs, 5 annotators; the workers' faults are ours.
PANEL = simulation.Panel(words=100, pairs=50, annotators=5, workers=40, error=0.06, guess=0.25)
_SINGLE = ("kind", "colour", "second", "texture", "sleeve", "neckline", "length", "style")


@dataclass(frozen=True)
class Regions:
    """Masks of the parts of a picture, by its id, drawn when asked for."""

    items: dict[str, Item] = field(repr=False)
    size: int

    def __call__(self, id: str) -> dict[str, np.ndarray]:
        """Part -> bool H x W."""
        from .rendering import masks

        return masks(of_id(self.items, id), self.size)


def shop(n: int = 6000, *, size: int = 160, seed: int, deduplicate: bool = True) -> Corpus:
    """A generated market place: `n` listings with pictures of `size` x `size` pixels, texts, shops and ground truth.

    Parameters
    ----------
    n
        Number of listings that are drawn; about 40 % are near-duplicates of others of their shop.
    size
        Side of the pictures in pixels.
    seed
        Of everything; the same seed gives the same texts and pictures.
    deduplicate
        Whether to remove near-duplicates as the paper does (Section 3.1; cosine distance below 0.1 within a shop).

    Returns
    -------
    Corpus
        ``words`` and ``mentions`` are read from the texts. Of the ``annotations``, ``attributes`` hold the record of
        each product and its look (equal for near-duplicates); ``visibility`` and ``kinds`` are as ``words.toml`` states
        them; ``regions(id)`` draws the masks of the parts; ``votes`` are simulated judgements of pairs; ``applies``
        tells which words are true of which pictures.

    Notes
    -----
    Listings and pictures are kept in the cache, each under a key of what it shows and the code and the libraries that
    make it; a run that was interrupted goes on where it was.

    Raises
    ------
    ValueError
        If `n` is less than 1 or `size` less than 16.
    """
    if n < 1:
        raise ValueError(f"a shop needs at least 1 listing, got n={n}")
    pictures.require_size(size)
    table = _listed(n, seed)
    items = dict(zip(table.index, _items(table), strict=True))

    def assembled(folder: Path) -> Corpus:
        kept, removed = _distinct(table, seed) if deduplicate else (table, {})
        return _assembled(folder, kept, items, recipe, removed)

    recipe = {"corpus": NAME, "n": n, "size": size, "seed": seed, "deduplicate": deduplicate}
    return pictures.corpus_of(items, recipe, size, renderer=chunks.RENDERING, assembled=assembled)


def _distinct(listed: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, dict[str, int]]:
    """The listings without near-duplicates, split anew, and what was removed."""
    said = [f"{row.title}\n{row.description}" for row in listed.itertuples()]
    twins = text.near_duplicates(
        said, listed["group"].tolist(), threshold=PAPER.duplicate_threshold, seed=seed, ids=list(listed.index)
    )
    kept = listed.iloc[np.sort(twins.keep)]
    kept = kept.assign(split=assigned(kept.index, seed=seed))
    return kept, {"listings before": len(listed), "near-duplicates removed": len(listed) - len(kept)}


def applies(corpus: Corpus) -> pd.DataFrame:
    """Which words are true of which pictures of a generated corpus: bool N x W, ids by the corpus's words.

    Raises
    ------
    ValueError
        If the corpus is not generated, or has no words.
    """
    if not corpus.generated or corpus.annotations.applies is None:
        raise ValueError(
            f"what is true of a picture is known for generated corpora with words only, got the corpus {corpus.name!r}"
        )
    return corpus.annotations.applies.loc[corpus.ids, list(corpus.words)].rename_axis(columns="word")


def _listed(n: int, seed: int) -> pd.DataFrame:
    """Table of the listings and their products, made once."""

    def make(folder: Path) -> None:
        with write_whole(folder / "listings.parquet") as path:
            listings.listed(n, seed=seed).to_parquet(path)

    table = pd.read_parquet(KIND.kept(KIND.record(n=n, seed=seed)).made(make) / "listings.parquet")
    table.insert(0, "image", [pictures.relative_path(i, id) for i, id in enumerate(table.index)])
    return table


def _items(records: pd.DataFrame) -> list[Item]:
    """The products of a table of their records."""
    details = records["details"].astype(str).map(lambda joined: [detail for detail in joined.split("|") if detail])
    columns = {name: records[name].astype(object).where(records[name].notna(), None) for name in _SINGLE}
    known = pd.DataFrame({**columns, "details": details, "seed": records["seed"]})
    return [recalled(values) for values in known.to_dict("records")]


def _assembled(
    folder: Path, listed: pd.DataFrame, drawn: Mapping[str, Item], recipe: dict[str, Any], removed: dict[str, int]
) -> Corpus:
    documents = [text.tokens(f"{row.title}\n{row.description}") for row in listed.itertuples()]
    mentions = text.mentions(documents, [word.word for word in vocabulary.words()])
    frequency = text.document_frequency(mentions)
    order = np.argsort(-frequency, kind="stable")
    order = order[frequency[order] > 0]
    mentions = mentions[:, order]
    known = [vocabulary.words()[w] for w in order]
    names = pd.Index([word.word for word in known], name="word")
    items = {id: drawn[id] for id in listed.index}
    visibility = pd.Series([word.visible for word in known], names, name="visibility")
    true = vocabulary.applicability(list(items.values()))[:, order]
    evidence = simulation.Evidence(list(listed.index), list(names), mentions.toarray(), true, visibility.to_numpy())
    annotations = Annotations(
        attributes=_attributes(listed),
        visibility=visibility,
        kinds=pd.Series([word.kind for word in known], names, name="kind"),
        regions=Regions(items, recipe["size"]),
        votes=simulation.votes(evidence, PANEL, seed=recipe["seed"]),
        applies=pd.DataFrame(true, pd.Index(listed.index, name="image"), names),
    )
    table = listed[["image", "title", "description", "category", "group", "split"]]
    source = ImageSource(folder, dict(zip(listed.index, listed["image"], strict=True)))
    repeated = int(listed["look"].duplicated().sum())
    report = {**removed, "near-duplicates by construction, not removed": repeated}
    return Corpus(
        NAME, table, tuple(names), mentions, source, annotations, generated=True, report=report, recipe=recipe
    )


def _attributes(listed: pd.DataFrame) -> pd.DataFrame:
    """The record of each product as categories, one column a detail, and the look that near-duplicates share."""
    attributes = listed[[*_SINGLE, "details", "look"]].astype({"look": str}).astype("category")
    for detail in DETAILS:
        attributes[detail] = _has(listed["details"], detail)
    return attributes


def _has(details: Sequence[str], detail: str) -> pd.Categorical:
    present = ["yes" if detail in joined.split("|") else "no" for joined in details]
    return pd.Categorical(present, categories=["no", "yes"])
