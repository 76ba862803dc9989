"""What the studies share: a corpus of labelled pictures without words, made once and kept in the cache."""

from pathlib import Path

import scipy.sparse

from neuroattr import assets, programs

from .. import samples, storage
from ..collection import Corpus
from ..truth import Truth


def kept(recipe, folders, make, source):
    """The corpus of the recipe from the cache, or made and kept there.

    Parameters
    ----------
    recipe : dict
        Everything that makes the corpus, apart from the files and the code; "corpus" is its name.
    folders
        Where the files are; the corpus is made again when one of them changes.
    make : callable
        ``make(folders, recipe) -> table, attributes, report``, the first two by picture id.
    source : callable
        ``source(ids) -> ImageSource``.
    """
    recipe = recipe | {"state": storage.key([recipe, _sources(), [_state(folder) for folder in folders]])}
    home = assets.cache_folder() / "studies" / recipe["state"]
    if storage.stored(home) is None:
        table, attributes, report = make(folders, recipe)
        storage.save(_corpus(recipe, table, attributes, report, source(attributes.index)), home)
    fields = storage.stored(home)
    return Corpus(source=source(fields["table"].index), **fields)


def _corpus(recipe, table, attributes, report, source):
    labels = attributes[list(recipe["classes"])].agg(" ".join, axis=1)
    table = table.assign(
        image=[Path(source.files[id]).name for id in attributes.index], split=samples.parts(labels, seed=recipe["seed"])
    )
    return Corpus(
        recipe["corpus"], table.rename_axis("image"), (), scipy.sparse.csr_array((len(table), 0), dtype=bool), source,
        Truth(attributes.astype("category").rename_axis("image")), generated=False, report=report, recipe=recipe,
    )  # fmt: skip


def _state(folder):
    """What the files of a folder are: the digest of the archive it was unpacked from, or names, sizes and times."""
    unpacked = assets.cache_folder() / "unpacked"
    if unpacked in folder.parents:  # its name carries the digest
        return folder.relative_to(unpacked).as_posix()
    stats = ((path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file())
    return [f"{path.relative_to(folder).as_posix()} {stat.st_size} {stat.st_mtime_ns}" for path, stat in stats]


def _sources():
    """The code that makes these corpora: another version of it makes others."""
    here = Path(__file__).parent
    paths = [*sorted(here.glob("*.py")), *(here.parent / f"{name}.py" for name in ("samples", "likeness", "catalogue"))]
    return programs.joint_digest(paths)
