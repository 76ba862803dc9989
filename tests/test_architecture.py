"""The picture of the design, held: which way imports point, what belongs in the core, how large things may grow."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "neuroattr"
CORE = {
    "checks", "statistics", "text", "receptive",
    "discovery", "depth", "saliency", "neighbours", "explanations", "concepts",
}  # fmt: skip
TOPICS = {"discovery", "depth", "saliency", "neighbours", "explanations", "concepts"}
CORE_LIBRARIES = {"numpy", "scipy", "sklearn", "numba", "xarray", "jaxtyping"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "common", "base", "config", "misc", "core"}
SOURCES = sorted(PACKAGE.rglob("*.py"))


def module(path):
    """The first name below the package: 'statistics' for statistics/codes.py and for statistics.py."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path):
    """Full dotted names that a source imports anywhere in it, relative imports resolved."""
    package = ("neuroattr", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            stem = ".".join(part for part in (start, node.module) if part)
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def inside(path):
    """Names of the package's own modules that a source imports."""
    names = (name.split(".") for name in imported(path))
    return {parts[1] for parts in names if parts[0] == "neuroattr" and len(parts) > 1} - {module(path)}


@pytest.mark.parametrize("path", [p for p in SOURCES if module(p) in CORE], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_core_knows_arrays_and_strings_only(path):
    import sys

    outside = {name.split(".")[0] for name in imported(path)} - {"neuroattr"} - set(sys.stdlib_module_names)
    assert outside <= CORE_LIBRARIES
    assert not ({name.split(".")[0] for name in imported(path)} & {"pathlib", "os", "shutil", "urllib", "socket"})
    assert inside(path) <= CORE


@pytest.mark.parametrize("path", [p for p in SOURCES if module(p) in TOPICS], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_topics_of_different_papers_never_import_each_other(path):
    assert not inside(path) & TOPICS


def test_imports_between_modules_make_no_circle():
    graph = {}
    for path in SOURCES:
        if module(path) != "__init__":
            graph.setdefault(module(path), set()).update(inside(path) - {"__version__"})
    seen, done = [], set()

    def visit(name):
        assert name not in seen, " -> ".join([*seen, name])
        if name in done:
            return
        seen.append(name)
        for other in sorted(graph.get(name, ())):
            visit(other)
        seen.pop()
        done.add(name)

    for name in sorted(graph):
        visit(name)


def test_only_assets_reads_the_cache_setting():
    readers = {
        module(p) for p in SOURCES if "NEUROATTR_CACHE" in p.read_text(encoding="utf-8") and _reads_environment(p)
    }
    assert readers <= {"assets"}


def _reads_environment(path):
    return any(name in {"os", "os.environ", "os.getenv"} for name in imported(path))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_says_what_it_is_and_stays_readable(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a module begins with one line that says what it is"
    assert len(text.splitlines()) <= 400
    assert not FORBIDDEN_NAMES & set(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_public_function_has_a_docstring(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    public = [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_is_read_by_pickle(path):
    names = set(imported(path))
    assert not {name for name in names if name.split(".")[0] in {"pickle", "joblib", "dill", "cloudpickle"}}
    text = path.read_text(encoding="utf-8")
    assert text.count("torch.load(") == text.count("weights_only=True")
    assert "allow_pickle=True" not in text
