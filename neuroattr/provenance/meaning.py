"""Digests of Python sources by what they do: comments, layout and docstrings change none of them."""

import ast
import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def digest(source: str | bytes | ast.Module) -> str:
    """SHA-256 of what a source, or its syntax tree, does.

    Notes
    -----
    It is taken of the syntax tree, written out one way for all versions of Python: versions differ in which fields a
    node has, so what is empty is left out, and in which characters they print, so all is ASCII. A docstring
    counts as nothing, and so does the ``pass`` that stands where there is none.

    Examples
    --------
    >>> digest('def f(x):\\n    "Twice."\\n    return x+x  # so') == digest("def f(x): return x + x")
    True
    """
    tree = source if isinstance(source, ast.Module) else ast.parse(source)
    entries: list[str] = []
    _enter(tree, entries)
    return hashlib.sha256("\0".join(entries).encode()).hexdigest()


def joint_digest(paths: Iterable[Path]) -> str:
    """SHA-256 of what several source files do, in their order; where they lie and what they are called is not in it."""
    return hashlib.sha256("".join(_kept(path, path.stat().st_mtime_ns) for path in paths).encode()).hexdigest()


@functools.lru_cache(maxsize=4096)
def _kept(path: Path, changed: int) -> str:
    """Within one process a file is parsed once; its time only guards this memory."""
    return digest(path.read_bytes())


def _enter(node: Any, entries: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _enter(item, entries)
    elif not isinstance(node, ast.AST):
        entries.append(ascii(node))
    else:
        entries.append(type(node).__name__)
        for name in node._fields:
            value = _telling(node, name)
            if value is not None and value != []:
                entries.append(f".{name}")
                _enter(value, entries)
        entries.append(".")


def _telling(node: ast.AST, name: str) -> Any:
    """A field of a node, without what only documents it and without empty pieces of text between {}."""
    value: Any = getattr(node, name, None)
    if isinstance(node, ast.JoinedStr):  # Python 3.12.1 puts such a piece behind a format in a format
        return [piece for piece in value if not (isinstance(piece, ast.Constant) and piece.value == "")]
    if name != "body" or not isinstance(node, DOCUMENTED):
        return value
    rest = value if ast.get_docstring(node, clean=False) is None else value[1:]
    return [statement for statement in rest if not isinstance(statement, ast.Pass)]
