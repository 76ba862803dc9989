"""What code a result can have come from: the modules of the package that a function reaches, found without running it.

A module reaches what it imports, anywhere in it, and what it names in a text ("neuroattr.corpus.street", for
``import_module``). An ``__init__`` that only passes names on is looked through: who takes `Corpus` from
``neuroattr.corpus`` reaches the module that defines it and not its siblings.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

EVERYTHING = "*"
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Source:
    """What one source file says of other modules.

    Attributes
    ----------
    imports
        ``(module, name)`` by the local name that it binds; the name is None for ``import module``.
    uses
        Attributes that are read of each local name; `EVERYTHING` where it is used as it is.
    strings
        Texts in it that look like the dotted name of a module.
    suffixes
        Ends of file names that are written in it: the data files that it may read.
    passes_on
        Whether it does nothing but import, and list, names (of an ``__init__``).
    """

    imports: Mapping[str, tuple[str, str | None]]
    uses: Mapping[str, frozenset[str]]
    strings: tuple[str, ...]
    suffixes: tuple[str, ...]
    passes_on: bool


@dataclass(frozen=True)
class Tree:
    """The sources of a package, as they lie in a folder.

    Parameters
    ----------
    root
        Folder of the package.
    package
        Its name; that of the folder by default.
    outside
        Modules that are never entered, as libraries are not: what keeps results has no part in their values.
    """

    root: Path = PACKAGE
    package: str = ""
    outside: tuple[str, ...] = ()
    _found: dict[tuple[str, str | None, frozenset[str]], set[str]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not self.package:
            object.__setattr__(self, "package", self.root.name)

    def path(self, module: str) -> Path | None:
        """File of a module; None where the package has none of that name."""
        package, *parts = module.split(".")
        if package != self.package:
            return None
        place = self.root.joinpath(*parts)
        folder, file = place / "__init__.py", place.with_name(f"{place.name}.py")
        return folder if folder.is_file() else file if parts and file.is_file() else None

    def _present(self, module: str) -> Path:
        path = self.path(module)
        if path is None:
            raise LookupError(f"wanted a module of {self.package}; {module!r} is none")
        return path

    def modules(self, names: Iterable[str]) -> dict[str, Path]:
        """Modules that some modules of the package reach, themselves among them: name to file, sorted by name.

        Raises
        ------
        LookupError
            A name that is no module of the package.
        """
        names = list(names)
        absent = [name for name in names if self.path(name) is None]
        if absent:
            raise LookupError(f"wanted modules of {self.package}; {', '.join(map(repr, absent))} is none")
        return self._closed(names)

    def reached(self, source: Path) -> dict[str, Path]:
        """Modules that a source outside the package reaches, such as a chapter."""
        return self._closed(self._targets(source, package=()))

    def direct(self, module: str, *, texts: bool = True) -> set[str]:
        """Modules that a module names itself, in an import or, with `texts`, in a text; itself is not among them."""
        path = self._present(module)
        return set(self._targets(path, _package(module, path), texts=texts)) - {module}

    def _closed(self, names: Iterable[str]) -> dict[str, Path]:
        found: dict[str, Path] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            path = self.path(name)
            if name in found or path is None or self._is_outside(name):
                continue
            found[name] = path
            waiting += self._targets(path, _package(name, path))
            waiting += self._parents(tuple(name.split(".")))
        return dict(sorted(found.items()))

    def _is_outside(self, name: str) -> bool:
        return any(name == other or name.startswith(f"{other}.") for other in self.outside)

    def _parents(self, parts: tuple[str, ...]) -> Iterator[str]:
        """Packages around a module whose ``__init__`` does something: it runs before the module does."""
        for depth in range(1, len(parts)):
            name = ".".join(parts[:depth])
            path = self.path(name)
            if path is not None and not read(path).passes_on:
                yield name

    def _targets(self, path: Path, package: tuple[str, ...], *, texts: bool = True) -> list[str]:
        """Modules that a source names: defined names are followed to the module that defines them."""
        source, found = read(path, package), set()
        for local, (module, name) in source.imports.items():
            if module.split(".")[0] != self.package:
                continue
            uses = source.uses.get(local, frozenset())
            found |= self._origins(module, name, uses)
        for text in source.strings if texts else ():
            if text.split(".")[0] == self.package:
                found |= self._origins(text, None, frozenset({EVERYTHING}))
        return sorted(found)

    def _origins(self, module: str, name: str | None, uses: frozenset[str]) -> set[str]:
        """Modules that define a name of a module, or the attributes used of it where it is a module itself."""
        key = (module, name, uses)
        if key not in self._found:
            self._found[key] = set()  # a circle adds nothing
            self._found[key] = self._looked_up(module, name, uses)
        return self._found[key]

    def _looked_up(self, module: str, name: str | None, uses: frozenset[str]) -> set[str]:
        path = self.path(module)
        if path is None:  # the dotted name of something in a module: "neuroattr.corpus.street.street"
            above, _, last = module.rpartition(".")
            return self._origins(above, last, uses) if above else set()
        if name is None:
            if path.name != "__init__.py" or not read(path).passes_on:
                return {module}.union(*(self._submodule(module, use) for use in uses))
            names = self._exported(module) if EVERYTHING in uses else uses
            return set().union(*(self._origins(module, each, frozenset({EVERYTHING})) for each in sorted(names)))
        if name == EVERYTHING:
            return self._origins(module, None, frozenset({EVERYTHING}))
        if path.name == "__init__.py":
            source = read(path, tuple(module.split(".")))
            if source.passes_on and name in source.imports:
                return self._origins(*source.imports[name], uses)
            if self.path(f"{module}.{name}") is not None:
                return self._origins(f"{module}.{name}", None, uses or frozenset({EVERYTHING}))
            if source.passes_on:  # __file__, __all__ ...: of the folder as a whole
                return set() if name.startswith("__") else {module}
        return {module}

    def _submodule(self, module: str, name: str) -> set[str]:
        return {f"{module}.{name}"} if self.path(f"{module}.{name}") is not None else set()

    def _exported(self, module: str) -> set[str]:
        return set(read(self._present(module), tuple(module.split("."))).imports)

    def data(self, modules: Mapping[str, Path]) -> list[Path]:
        """Files beside the modules that are no sources, of which one of the modules writes the name, or its end.

        Beside a module are the files of its folder, and of folders in it that are no packages.
        """
        found = set()
        for path in modules.values():
            ends = read(path).suffixes
            if ends:
                found |= {file for file in _beside(path.parent) if file.name.endswith(ends)}
        return sorted(found)

    def libraries(self, modules: Mapping[str, Path]) -> set[str]:
        """Names of the packages from outside, and of the standard library, that modules import."""
        names = set()
        for module, path in modules.items():
            source = read(path, _package(module, path))
            names |= {name.split(".")[0] for name, _ in source.imports.values()}
        return names - {self.package, "", "__future__"}


def _package(module: str, path: Path) -> tuple[str, ...]:
    """Parts of the name of the package that a module is in, or is."""
    parts = tuple(module.split("."))
    return parts if path.name == "__init__.py" else parts[:-1]


def _beside(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if not (path / "__init__.py").exists() and not path.name.startswith((".", "__")):
                yield from _beside(path)
        elif path.suffix not in {".py", ".pyc"}:
            yield path


def read(path: Path, package: tuple[str, ...] = ()) -> Source:
    """What a source says of other modules; `package` names the package that its relative imports start from."""
    return _read(path, path.stat().st_mtime_ns, path.stat().st_size, package)


@functools.lru_cache(maxsize=8192)
def _read(path: Path, changed: int, size: int, package: tuple[str, ...]) -> Source:
    tree = ast.parse(path.read_bytes())
    imports: dict[str, tuple[str, str | None]] = {}
    uses: dict[str, set[str]] = {}
    texts: list[str] = []
    owned = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports |= {alias.asname or alias.name: (alias.name, None) for alias in node.names}
            for alias in node.names:  # import a.b.c binds a: all of a.b.c is meant
                uses.setdefault(alias.asname or alias.name, set()).update(() if alias.asname else (EVERYTHING,))
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join((*above, *filter(None, [node.module])))
            imports |= {_local(node, alias): (stem, alias.name) for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            uses.setdefault(node.value.id, set()).add(node.attr)
            owned.add(node.value)
        elif isinstance(node, ast.Name) and node not in owned:
            uses.setdefault(node.id, set()).add(EVERYTHING)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append(node.value)
    later = _later(tree)
    return Source(
        imports=imports | later,
        uses={name: frozenset(attributes) for name, attributes in uses.items()},
        strings=() if later else tuple(dict.fromkeys(text for text in texts if DOTTED.fullmatch(text))),
        suffixes=tuple(dict.fromkeys(text for text in texts if re.fullmatch(r"[\w-]*(\.\w+)+", text))),
        passes_on=path.name == "__init__.py" and all(map(_passes_on, tree.body)),
    )


def _local(node: ast.ImportFrom, alias: ast.alias) -> str:
    return f"{EVERYTHING}{node.module}" if alias.name == EVERYTHING else alias.asname or alias.name


def _later(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """Names that a module imports when first asked for: a table of name to dotted module beside ``__getattr__``."""
    if not any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body):
        return {}
    found: dict[str, tuple[str, str]] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            try:
                table = ast.literal_eval(node.value)
            except ValueError:
                continue
            if all(isinstance(text, str) and DOTTED.fullmatch(text) for text in table.values()):
                found |= {name: (module, name) for name, module in table.items()}
    return found


def _passes_on(node: ast.stmt) -> bool:
    """Whether a statement of an ``__init__`` only imports or lists names."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    if isinstance(node, ast.Assign):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        return all(re.fullmatch("__\\w+__|_LATER", name) for name in names) and len(names) == len(node.targets)
    if isinstance(node, ast.FunctionDef):
        return node.name == "__getattr__"
    return isinstance(node, ast.Import | ast.ImportFrom)
