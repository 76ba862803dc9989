"""What a chapter is made from, as one digest: its source and every module that it uses, found without running it."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from neuroattr.book.execution import order
from neuroattr.book.execution.project import Project
from neuroattr.provenance import Tree, meaning

RUNNERS = {"book.execution", "cli"}  # they run chapters and are in none of them, but for what they write into each
PRESENTATION = RUNNERS | {"figures", "widgets", "provenance", "assets"}  # change the look, never a number
SHARED = ("data_manifest/*.toml", "requirements.lock")  # what every chapter depends on besides code


def modules(project: Project, source: Path) -> dict[str, Path]:
    """Modules of the project's package that a source reaches, see `provenance.Tree`: name to file."""
    return _tree(project).reached(source)


def libraries(project: Project, chapters: Iterable[str]) -> list[str]:
    """Modules from outside that the chapters, and what they use of the package, import as soon as they are read.

    Notes
    -----
    ``from a import b`` gives ``a`` and ``a.b``, which may be no module.
    """
    found: set[str] = set()
    for chapter in chapters:
        source = project.source(chapter)
        for path in (source, *modules(project, source).values()):
            for node in ast.parse(path.read_bytes()).body:
                if isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    known = {project.package, *sys.stdlib_module_names}
    return sorted(name for name in found if name.partition(".")[0] not in known)


def _tree(project: Project, *, outside: tuple[str, ...] = ()) -> Tree:
    """The package as it lies there now: a tree remembers what it found, and sources may change while a process runs."""
    return Tree(project.root / project.package, project.package, outside)


def _files(project: Project, source: Path, presentation: bool) -> list[Path]:
    """The modules' sources, and the data files that these name."""
    left = RUNNERS if presentation else PRESENTATION
    tree = _tree(project, outside=tuple(f"{project.package}.{name}" for name in sorted(left)))
    found = tree.reached(source)
    return sorted({*found.values(), *tree.data(found)})


def code_digest(chapter: str, *, presentation: bool = False, project: Project | None = None) -> str | None:
    """SHA-256 of a chapter and of every module of the package that it uses; None for a chapter that is gone.

    Parameters
    ----------
    chapter : str
        ``"discovery/04_1_divergence"``.
    presentation : bool
        Also what changes the look of a page but none of its numbers: modules of that sort, prose, comments and
        docstrings. Without them, a kept ledger is stale only where the code behind its numbers has changed:
        ``results.read(folder, code=execution.code_digest)``.
    project : Project, optional
        Else `Project.of_chapters`.
    """
    project = project or Project.of_chapters()
    source = project.source(chapter)
    if not source.exists():
        return None
    content = _content if presentation else _code
    total = hashlib.sha256(content(source))
    for path in _files(project, source, presentation):
        total.update(f"\0{path.relative_to(project.root).as_posix()}\0".encode() + content(path))
    return total.hexdigest()


def _content(path: Path) -> bytes:
    stat = path.stat()
    return _hashed(path, stat.st_size, stat.st_mtime_ns)


def _code(path: Path) -> bytes:
    """What a source does, without comments and docstrings; of other files, what is in them."""
    return meaning.joint_digest([path]).encode() if path.suffix == ".py" else _content(path)


@functools.lru_cache(maxsize=4096)
def _hashed(path: Path, size: int, changed: int) -> bytes:
    """Within one process a file is read once for all chapters; its size and time only guard this memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def key(project: Project, chapter: str, parameters: dict[str, Any]) -> str:
    """Digest of everything that an executed chapter depends on; contents count, never times.

    The kept ledgers of other profiles count, because they stand in the tables. Of the ledgers made here only those
    count that the chapter reads, as `order.reads` has it declared.
    """
    files = [path for pattern in SHARED for path in sorted(project.root.glob(pattern))]
    for name in order.reads(project).get(chapter, ()):
        files += sorted((project.generated / "ledger").glob(f"*/{name.replace('/', '.')}.json"))
    kept = sorted((project.root / "book" / "ledger").rglob("*.json"))
    files += [path for path in kept if path.parent.name != parameters.get("profile")]
    header = Path(__file__).with_name("pages.py")  # writes into every executed chapter
    total = hashlib.sha256(json.dumps([chapter, parameters], sort_keys=True).encode())
    total.update(str(code_digest(chapter, presentation=True, project=project)).encode() + _content(header))
    for path in files:
        total.update(f"\0{path.relative_to(project.root).as_posix()}\0".encode() + _content(path))
    return total.hexdigest()
