"""A corpus of labelled pictures without words, made once and kept in the cache."""

from pathlib import Path

import scipy.sparse

from .. import samples, storage
from ..annotations import Annotations
from ..collection import Corpus


def kept(kind, recipe, folders, make, source):
    """The corpus of the recipe from the cache, or made and kept there.

    Parameters
    ----------
    kind : provenance.Kind
    recipe : dict
        Everything that makes the corpus, apart from the files and the code; "corpus" is its name.
    folders
        Where the files are; the corpus is made again when one of them changes.
    make : callable
        ``make(folders, recipe) -> table, attributes, report``, the first two by picture id.
    source : callable
        ``source(ids) -> ImageSource``.
    """
    recipe = recipe | {"state": [storage.state(folder) for folder in folders]}

    def made():
        table, attributes, report = make(folders, recipe)
        return labelled(recipe, table, attributes, report, source(attributes.index))

    return storage.kept(kind, kind.record(recipe=recipe), made, source)


def labelled(recipe, table, attributes, report, source):
    """The corpus of a table of pictures and their labels."""
    labels = attributes[list(recipe["classes"])].agg(" ".join, axis=1)
    split = samples.stratified_split(labels, seed=recipe["seed"])
    table = table.assign(image=[Path(source.files[id]).name for id in attributes.index], split=split)
    return Corpus(
        recipe["corpus"], table.rename_axis("image"), (), scipy.sparse.csr_array((len(table), 0), dtype=bool), source,
        Annotations(attributes.astype("category").rename_axis("image")), generated=False, report=report, recipe=recipe,
    )  # fmt: skip
