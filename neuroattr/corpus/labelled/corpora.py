"""A corpus of labelled pictures without words, made once and kept in the cache."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import scipy.sparse

from neuroattr.provenance import Kind

from .. import samples, storage
from ..annotations import Annotations
from ..collection import Corpus
from ..report import Findings
from ..sources import ImageSource

Recipe = dict[str, Any]


def kept(
    kind: Kind,
    recipe: Recipe,
    folders: tuple[Path, ...],
    make: Callable[[tuple[Path, ...], Recipe], tuple[pd.DataFrame, pd.DataFrame, Findings]],
    source: Callable[[pd.Index], ImageSource],
) -> Corpus:
    """The corpus of the recipe from the cache, or made and kept there.

    Parameters
    ----------
    recipe
        Everything that makes the corpus, apart from the files and the code; "corpus" is its name.
    folders
        Where the files are; the corpus is made again when one of them changes.
    make
        ``make(folders, recipe) -> table, attributes, report``, the first two by picture id.
    source
        Opens the pictures of these ids.
    """
    recipe = recipe | {"state": [storage.state(folder) for folder in folders]}

    def made() -> Corpus:
        table, attributes, report = make(folders, recipe)
        return labelled(recipe, table, attributes, report, source(attributes.index))

    return storage.kept(kind, kind.record(recipe=recipe), made, source)


def labelled(
    recipe: Recipe, table: pd.DataFrame, attributes: pd.DataFrame, report: Findings, source: ImageSource
) -> Corpus:
    """The corpus of a table of pictures and their labels."""
    labels = attributes[list(recipe["classes"])].agg(" ".join, axis=1)
    split = samples.stratified_split(labels, seed=recipe["seed"])
    table = table.assign(image=[Path(source.files[id]).name for id in attributes.index], split=split)
    return Corpus(
        recipe["corpus"], table.rename_axis("image"), (), scipy.sparse.csr_array((len(table), 0), dtype=bool), source,
        Annotations(attributes.astype("category").rename_axis("image")), generated=False, report=report, recipe=recipe,
    )  # fmt: skip
