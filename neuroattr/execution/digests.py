"""What a chapter is made from, as one digest: its source and every module that it uses, found without running it."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from neuroattr import programs
from neuroattr.execution.project import Project

PRESENTATION = {"figures", "widgets", "chapter", "execution", "cli", "results"}  # change the look, never a number
RUNNERS = {"execution", "cli"}  # they run chapters and are in none of them, but for what they write into each
SHARED = ("data_manifest/*.toml", "requirements.lock")  # what every chapter depends on besides code


def modules(project: Project, source: Path) -> dict[str, Path]:
    """Modules of the project's package that a source imports, directly or through other modules: name to file.

    Notes
    -----
    Imports inside functions count. So does a text that is a dotted name in the package, because that is how a module
    is named that is imported by ``importlib`` only when needed.
    """
    found: dict[str, Path] = {}
    waiting = list(_named(project, source, package=()))
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = _file(project, name)
        if path is None:
            continue
        found[name] = path
        parts = tuple(name.split("."))
        inside = parts if path.name == "__init__.py" else parts[:-1]
        waiting += ".".join(parts[:-1]), *_named(project, path, package=inside)
    return found


def _file(project: Project, name: str) -> Path | None:
    place = project.root.joinpath(*name.split(".")) if name else project.root / "-"
    folder, module = place / "__init__.py", place.with_name(place.name + ".py")
    return folder if folder.is_file() else module if module.is_file() else None


def _named(project: Project, source: Path, package: tuple[str, ...]) -> tuple[str, ...]:
    """Names in the project's package that a source may import."""
    found = _imports(source, source.stat().st_mtime_ns, package)
    return tuple(name for name in found if name.split(".")[0] == project.package)


@functools.lru_cache(maxsize=4096)
def _tree(path: Path, changed: int) -> ast.Module:
    return ast.parse(path.read_bytes())


@functools.lru_cache(maxsize=4096)
def _imports(path: Path, changed: int, package: tuple[str, ...]) -> tuple[str, ...]:
    names: list[str] = []
    for node in ast.walk(_tree(path, changed)):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join((*above, *filter(None, [node.module])))
            names += (stem, *(f"{stem}.{alias.name}" for alias in node.names))
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"\w+(\.\w+)+", node.value)
        ):
            names.append(node.value)
    return tuple(names)


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
            for node in _tree(path, path.stat().st_mtime_ns).body:
                if isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    known = {project.package, *sys.stdlib_module_names}
    return sorted(name for name in found if name.partition(".")[0] not in known)


def _files(project: Project, source: Path, presentation: bool) -> list[Path]:
    """The modules' sources, and the data files that lie in their folders (papers' TOML, weights)."""
    paths: set[Path] = set()
    for name, path in modules(project, source).items():
        parts = name.split(".")
        if parts[1:2] and parts[1] in (RUNNERS if presentation else PRESENTATION):
            continue
        paths.add(path)
        if path.name == "__init__.py" and len(parts) > 1:
            inside = (file for file in path.parent.rglob("*") if file.is_file() and file.suffix not in {".py", ".pyc"})
            paths |= {file for file in inside if not any(part.startswith((".", "__")) for part in file.parts[-2:])}
    return sorted(paths)


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
        Else the one around the working folder.
    """
    project = project or Project.here()
    source = project.source(chapter)
    if not source.exists():
        return None
    content = _content if presentation else _code
    total = hashlib.sha256(content(source))
    for path in _files(project, source, presentation):
        total.update(f"\0{path.relative_to(project.root).as_posix()}\0".encode() + content(path))
    return total.hexdigest()


def reads_ledgers(project: Project, chapter: str) -> bool:
    """Whether a chapter itself imports the ledgers of others, or quotes their figures: it then comes after them."""
    direct = set(_named(project, project.source(chapter), package=()))
    return bool(direct & {f"{project.package}.{name}" for name in ("results", "execution", "quotations")})


def stage(project: Project, chapter: str) -> int:
    """When a chapter runs: 0, it measures; 1, one of a paper reads what those measured; 2, one that joins papers."""
    return 0 if not reads_ledgers(project, chapter) else 1 if "/" in chapter else 2


def _content(path: Path) -> bytes:
    stat = path.stat()
    return _hashed(path, stat.st_size, stat.st_mtime_ns)


def _code(path: Path) -> bytes:
    """What a source does, without comments and docstrings; of other files, what is in them."""
    return _structure(path, path.stat().st_mtime_ns) if path.suffix == ".py" else _content(path)


@functools.lru_cache(maxsize=4096)
def _structure(path: Path, changed: int) -> bytes:
    return programs.digest(_tree(path, changed)).encode()


@functools.lru_cache(maxsize=4096)
def _hashed(path: Path, size: int, changed: int) -> bytes:
    """Within one process a file is read once for all chapters; its size and time only guard this memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def key(project: Project, chapter: str, parameters: dict[str, Any]) -> str:
    """Digest of everything that an executed chapter depends on; contents count, never times.

    The kept ledgers of other profiles count, because they stand in the tables. For a page that reads what the
    others measured, all ledgers count that were written before its turn.
    """
    files = [path for pattern in SHARED for path in sorted(project.root.glob(pattern))]
    if turn := stage(project, chapter):
        later = {f"{name.replace('/', '.')}.json" for name in project.chapters() if stage(project, name) >= turn}
        made = sorted(project.root.glob("book/generated/ledger/**/*.json"))
        files += [path for path in made if path.name not in later]
    kept = sorted((project.root / "book" / "ledger").rglob("*.json"))
    files += [path for path in kept if path.parent.name != parameters.get("profile")]
    header = Path(__file__).with_name("pages.py")  # writes into every executed chapter
    total = hashlib.sha256(json.dumps([chapter, parameters], sort_keys=True).encode())
    total.update(str(code_digest(chapter, presentation=True, project=project)).encode() + _content(header))
    for path in files:
        total.update(f"\0{path.relative_to(project.root).as_posix()}\0".encode() + _content(path))
    return total.hexdigest()
