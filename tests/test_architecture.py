"""The picture of the design, held: which way imports point, what belongs in the core, how large things may grow.

What each room may import stands on the page ``book/architecture.md``, and nowhere else.
"""

import ast
import functools
import re
from pathlib import Path

import pytest

from neuroattr.provenance import Tree, closure

PACKAGE = Path(__file__).parents[1] / "neuroattr"
PAGE = Path(__file__).parents[1] / "book" / "architecture.md"
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
    return {parts[1] for parts in names if parts[0] == "neuroattr" and len(parts) > 1} - {module(path), "__version__"}


def by_name(path):
    """The package's own modules that a source names in a text to load them."""
    if not loads(path):
        return set()
    texts = closure.read(path, ("neuroattr", *path.relative_to(PACKAGE).parent.parts))
    names = [*texts.strings, *(module for module, _ in texts.imports.values())]
    return {name.split(".")[1] for name in names if name.startswith("neuroattr.")} - inside(path) - {module(path)}


def loads(path):
    """Whether a source imports modules by their names."""
    return {"importlib", "importlib.import_module"} & set(imported(path)) or "__import__(" in path.read_text("utf-8")


def table(title):
    """The rows of the page below a heading, as lists of cells; names in code are given without the marks."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {title}", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("| ").split("|") for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in (row if len(row) == 3 else [*row, ""])] for row in rows]


def named(cell):
    return set(re.findall("`([^`]+)`", cell))


@functools.cache
def rooms(title):
    """What the rooms of a section of the page import, as it says."""
    return {first.strip("`"): named(imports) for first, _, imports in table(title)}


def real():
    """What the rooms import, as it is."""
    graph = {module(path): set() for path in SOURCES if not module(path).startswith("__")}
    for path in SOURCES:
        if module(path) in graph:
            graph[module(path)] |= inside(path)
    return graph


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


def circle(graph):
    """A circle in a graph, as a path that ends where it begins; empty where there is none."""
    done = set()

    def visit(name, above):
        if name in above:
            return [*above[above.index(name) :], name]
        if name in done:
            return []
        found = next(filter(None, (visit(other, [*above, name]) for other in sorted(graph.get(name, ())))), [])
        done.add(name)
        return found

    return next(filter(None, (visit(name, []) for name in sorted(graph))), [])


def test_a_circle_is_found_where_there_is_one():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_imports_between_rooms_make_no_circle():
    assert circle(real()) == []


def test_imports_between_files_make_no_circle_not_even_by_names_in_texts():
    tree, graph = Tree(PACKAGE), {}
    for path in SOURCES:
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        graph[name] = tree.direct(name, texts=bool(loads(path)))
    assert circle(graph) == []


# The page


def test_the_page_lists_every_room_once_the_core_apart():
    core, shell = rooms("Core"), rooms("Shell")
    assert set(core) == {name for name in CORE if name in real()}
    assert sorted([*core, *shell]) == sorted(real())


def test_the_page_says_what_each_room_imports():
    said, graph = rooms("Core") | rooms("Shell"), real()
    wrong = {
        f"the cell of `{name}` must be": ", ".join(f"`{other}`" for other in sorted(graph[name]))
        for name in graph
        if said.get(name) != graph[name]
    }
    assert wrong == {}


def test_the_core_does_not_import_the_shell_as_the_page_says():
    for name, imports in rooms("Core").items():
        assert imports <= set(rooms("Core")), name
    assert [path for path in SOURCES if module(path) in CORE and by_name(path)] == []


def test_the_page_lists_every_file_that_loads_modules_by_name():
    said = {first.strip("`"): named(loaded) for first, loaded, _ in table("Modules loaded by their names")}
    assert set(said) == {path.relative_to(PACKAGE).as_posix() for path in SOURCES if loads(path)}
    for file, loaded in said.items():
        assert by_name(PACKAGE / file) <= loaded, file
        assert loaded <= set(real()), file
        texts = (PACKAGE / file).read_text(encoding="utf-8")
        assert [name for name in loaded if name not in texts] == [], file


def test_what_the_page_says_where_to_find_is_there():
    section = PAGE.read_text(encoding="utf-8").split("\n## Where is", 1)[1]
    found = re.findall(r"\| `([\w/]+)\.py` \| `(\w+)` \|", section)
    assert len(found) == section.count("\n| ") - 2 >= 10
    for file, name in found:
        text = (PACKAGE / f"{file}.py").read_text(encoding="utf-8")
        assert re.search(rf"^(def |class |){name}\b", text, re.MULTILINE), f"{file}.py defines no {name}"


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
    assert len(text.splitlines()) <= 300
    assert not FORBIDDEN_NAMES & set(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_functions_have_sixty_lines_at_most_beside_their_docstring(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            first = node.body[0]
            documented = first.end_lineno - first.lineno + 1 if ast.get_docstring(node) else 0
            assert node.end_lineno - node.lineno + 1 - documented <= 60, node.name


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
