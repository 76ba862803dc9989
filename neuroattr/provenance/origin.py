"""Which code made a result, as one digest: of all that the function that makes it can reach."""

from __future__ import annotations

import functools
import hashlib
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from neuroattr.provenance import meaning
from neuroattr.provenance.closure import Tree

KEEPING = ("neuroattr.provenance", "neuroattr.assets")
"""What finds, locks and writes files: it decides where values lie and not what they are."""
NEUTRAL = frozenset({"tqdm", "filelock", "rich", "jaxtyping", "threadpoolctl", "typer", "matplotlib", "seaborn"})
"""Libraries that show, lock or check, and decide no value."""
DISTRIBUTIONS = {"PIL": "pillow", "skia": "skia-python", "sklearn": "scikit-learn", "umap": "umap-learn"}

Actor: TypeAlias = Callable[..., Any] | type[Any] | ModuleType | str


def code(*actors: Actor) -> dict[str, Any]:
    """Which code takes part when functions, classes or modules make a result, JSON-able.

    Parameters
    ----------
    actors
        The function that makes it, and the classes of the objects that it is given; a module may be named instead.

    Returns
    -------
    ``by``: modules of the actors; ``sha256``: of what all sources do that these reach, and of the data files that
    those name; ``libraries``: versions of what they import from outside.

    Notes
    -----
    Comments, layout and docstrings count in no digest. A class that is defined outside this package counts by the file
    it stands in, or by its own source in a notebook.
    """
    names = sorted({_module(actor) for actor in actors})
    own = [name for name in names if name.split(".")[0] == __package__.split(".")[0]]
    others = sorted({_text(actor) for actor in actors if _module(actor) not in own})
    return {"by": own, **described(own), **({"and": others} if others else {})}


def described(names: Iterable[str], tree: Tree | None = None) -> dict[str, Any]:
    """Digest and libraries of what some modules of the package reach.

    Raises
    ------
    LookupError
        A module that the package has not, or not any more.
    """
    tree = Tree(outside=KEEPING) if tree is None else tree
    modules = tree.modules(names)
    digest = hashlib.sha256()
    for name, path in modules.items():
        digest.update(f"{name} {meaning.joint_digest([path])}\n".encode())
    for path in tree.data(modules):
        digest.update(f"{path.relative_to(tree.root).as_posix()} {_hashed(path)}\n".encode())
    return {"sha256": digest.hexdigest(), "libraries": versions(tree.libraries(modules))}


def versions(libraries: Iterable[str]) -> dict[str, str]:
    """Versions of those libraries that decide values: all but the standard library's and `NEUTRAL` ones."""
    wanted = set(libraries) - NEUTRAL - set(sys.stdlib_module_names)
    found = {DISTRIBUTIONS.get(name, name): _version(DISTRIBUTIONS.get(name, name)) for name in wanted}
    return dict(sorted(found.items()))


@functools.cache
def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed"


def _module(actor: Actor) -> str:
    if isinstance(actor, str):
        return actor
    actor = inspect.unwrap(actor) if callable(actor) and not isinstance(actor, type) else actor
    actor = getattr(actor, "py_func", actor)  # of a compiled function
    return actor.__name__ if isinstance(actor, ModuleType) else actor.__module__


def _text(actor: Actor) -> str:
    """Name and digest of something from outside the package."""
    name = f"{_module(actor)}.{getattr(actor, '__qualname__', '')}"
    subject: Any = actor  # a text has no source, which inspect says by a TypeError
    try:
        file = inspect.getsourcefile(subject)
        made = meaning.joint_digest([Path(file)]) if file and Path(file).is_file() else _typed(subject)
    except (TypeError, OSError, SyntaxError):
        return f"{name}, whose source is not at hand"
    return f"{name} {made}"


def _typed(actor: Any) -> str:
    return meaning.digest(textwrap.dedent(inspect.getsource(actor)))


def _hashed(path: Path) -> str:
    stat = path.stat()
    return _contents(path, stat.st_size, stat.st_mtime_ns)


@functools.lru_cache(maxsize=1024)
def _contents(path: Path, size: int, changed: int) -> str:
    """Within one process a file is read once; its size and time only guard this memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unchanged(made: Mapping[str, Any]) -> bool:
    """Whether the code of a record, as `code` described it, is what the package holds now."""
    try:
        return all(made.get(name) == value for name, value in described(made["by"]).items())
    except (KeyError, TypeError, LookupError, SyntaxError):
        return False
