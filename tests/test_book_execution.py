"""Chapters run when what they are made from has changed, and only then; a failure leaves the earlier result."""

import json
import os
from pathlib import Path

import pytest

from neuroattr.book import execution
from neuroattr.book.execution import Project, code_digest, digests, modules, notebooks, pages

CHAPTER = """# %% [markdown]
# # {title}
#
# A text.

# %% tags=["parameters", "remove-cell"]
profile = "plain"
corpus = "atelier-none"
k = 2
book = False

# %% [markdown]
# A sum.

# %%
from toy import {module}

{module}.answer() * k
"""
FILES = {
    "_toc.yml": "format: jb-book\nroot: index\n",
    "requirements.lock": "toy==1\n",
    "data_manifest/a.toml": "name = 'a'\n",
    "toy/__init__.py": '"""Toy."""\n',
    "toy/deep.py": "VALUE = 21\n",
    "toy/left.py": "from toy.deep import VALUE\n\n\ndef answer():\n    return VALUE\n",
    "toy/right/__init__.py": "from . import inner\n\nDATA = 'table.toml'\n\n\ndef answer():\n    return inner.ONE\n",
    "toy/right/inner.py": "ONE = 1\n",
    "toy/right/table.toml": "a = 1\n",
    "toy/figures.py": "COLOUR = 'red'\n",
    "toy/unused.py": "X = 1\n",
    "notebooks/profiles/plain.toml": 'corpus = "atelier-none"\n["paper/2_right"]\nk = 3\n',
    "notebooks/paper/1_left.py": CHAPTER.format(title="Left", module="left"),
    "notebooks/paper/2_right.py": CHAPTER.format(title="Right", module="right"),
}


@pytest.fixture
def project(tmp_path):
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return Project(tmp_path, package="toy")


def change(project, name, old, new):
    path = project.root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def keys(project, **parameters):
    return {chapter: digests.key(project, chapter, parameters) for chapter in project.chapters()}


def changed(project, before, **parameters):
    after = keys(project, **parameters)
    return [chapter.rpartition("_")[2] for chapter in after if before.get(chapter) != after[chapter]]


# What a chapter is made from


def test_a_chapter_is_made_from_the_modules_that_it_imports_through_others(project):
    assert set(modules(project, project.source("paper/1_left"))) == {"toy.left", "toy.deep"}
    assert set(modules(project, project.source("paper/2_right"))) == {"toy.right", "toy.right.inner"}


def test_a_module_named_in_a_text_counts_because_importlib_loads_it(project):
    (project.root / "toy" / "left.py").write_text('MAKERS = {"x": "toy.unused"}\n', encoding="utf-8")
    assert "toy.unused" in modules(project, project.source("paper/1_left"))


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("notebooks/paper/1_left.py", "A sum", "The sum", ["left"]),
        ("toy/deep.py", "21", "22", ["left"]),
        ("toy/right/inner.py", "1", "2", ["right"]),
        ("toy/right/table.toml", "1", "2", ["right"]),
        ("toy/unused.py", "1", "2", []),
        ("toy/__init__.py", "Toy", "Joy", []),  # it only passes names on
        ("toy/__init__.py", '"""Toy."""', "LEVEL = [1]", ["left", "right"]),
        ("requirements.lock", "1", "2", ["left", "right"]),
        ("data_manifest/a.toml", "'a'", "'b'", ["left", "right"]),
    ],
)
def test_a_change_touches_the_chapters_that_depend_on_it_and_no_other(project, name, old, new, expected):
    before = keys(project)
    change(project, name, old, new)
    assert changed(project, before) == expected


def test_parameters_are_part_of_the_key_and_times_of_files_are_not(project):
    before = keys(project)
    assert changed(project, before, k=3) == ["left", "right"]
    os.utime(project.root / "toy" / "deep.py", (1, 1))
    assert changed(project, before) == []


def test_the_code_behind_the_numbers_leaves_the_look_of_the_page_out(project):
    change(project, "toy/left.py", "from toy.deep", "from toy import figures\nfrom toy.deep")
    kinds = {"numbers": False, "page": True}
    before = {kind: code_digest("paper/1_left", presentation=look, project=project) for kind, look in kinds.items()}
    change(project, "toy/figures.py", "red", "blue")
    after = {kind: code_digest("paper/1_left", presentation=look, project=project) for kind, look in kinds.items()}
    assert before["numbers"] == after["numbers"]
    assert before["page"] != after["page"]


def test_the_code_behind_the_numbers_leaves_comments_and_docstrings_out(project):
    def digest():
        return code_digest("paper/1_left", project=project)

    before = digest()
    source = project.root / "toy" / "deep.py"
    code = source.read_text(encoding="utf-8")
    source.write_text(f'"""Another docstring."""\n\n# and a comment\n{code}', encoding="utf-8")
    os.utime(source, (7, 7))
    assert digest() == before
    source.write_text(f"{code}\nextra = 1\n", encoding="utf-8")
    os.utime(source, (8, 8))
    assert digest() != before


def test_a_chapter_that_is_gone_has_no_code(project):
    assert code_digest("paper/9_gone", project=project) is None


def test_chapters_stand_in_reading_order_and_are_named_by_their_beginning(project):
    for name in ("paper/10_last", "joined"):
        project.source(name).write_text("", encoding="utf-8")
    assert project.chapters() == ["paper/1_left", "paper/2_right", "paper/10_last", "joined"]
    assert project.named(["paper/2"]) == ["paper/2_right"]
    assert project.named(["paper/1_left"]) == ["paper/1_left"]
    with pytest.raises(ValueError, match=r"^no chapter begins with 'other'; there are: paper/1_left, paper/2_right, "):
        project.named(["other"])


# Running, all in one test: starting kernels costs seconds


def test_only_what_changed_is_executed_and_a_failure_keeps_the_earlier_page(project):
    def states(**options):
        report = execution.run(profile="plain", jobs=2, project=project, **options)
        return {outcome.chapter.rpartition("_")[2]: outcome.state for outcome in report.outcomes}, report

    assert states()[0] == {"left": "executed", "right": "executed"}
    page = json.loads(project.notebook("paper/2_right").read_text(encoding="utf-8"))
    assert [out["data"]["text/plain"] for cell in page["cells"] for out in cell.get("outputs", [])] == [["3"]]
    record = page["metadata"]["neuroattr"]
    assert record["parameters"] == {"corpus": "atelier-none", "k": 3, "profile": "plain", "book": True}
    assert record["peak_bytes"] > 1e7
    assert "<dt>Peak memory</dt>" in "".join(page["cells"][0]["source"])
    assert states()[0] == {"left": "up to date", "right": "up to date"}

    earlier = project.notebook("paper/1_left").read_bytes()
    change(project, "toy/deep.py", "VALUE = 21", "VALUE = 1 / 0")
    seen, report = states()
    assert seen == {"left": "failed", "right": "up to date"}
    (failure,) = report.failed
    place = "book/generated/failed/paper/1_left.ipynb"
    assert failure.message.startswith("ZeroDivisionError") and failure.message.endswith(f"see {place}")
    assert (project.root / place).exists()
    assert project.notebook("paper/1_left").read_bytes() == earlier

    project.source("paper/2_right").unlink()
    change(project, "toy/deep.py", "VALUE = 1 / 0", "VALUE = 2")
    assert states()[0] == {"left": "executed"}
    assert not project.notebook("paper/2_right").exists()
    assert not (project.root / place).exists()


def test_a_chapter_without_a_parameters_cell_is_refused_and_named(project):
    change(project, "notebooks/paper/1_left.py", ' tags=["parameters", "remove-cell"]', "")
    report = execution.run(["paper/1"], profile="plain", project=project)
    assert [outcome.state for outcome in report.outcomes] == ["failed"]
    assert str(report).startswith(
        "paper/1_left failed: 1_left.py has no cell with the tag 'parameters'; begin one with"
    )


def test_a_parameter_goes_to_the_chapters_that_have_it_and_one_that_none_has_is_refused(project):
    with pytest.raises(ValueError, match=r"^none of these chapters has a parameter 'q': paper/1_left, paper/2_right$"):
        execution.run(["paper"], profile="plain", parameters={"q": 1}, project=project)


def test_an_unknown_parameter_is_refused_with_those_that_there_are(project):
    with pytest.raises(ValueError, match=r"^paper/1_left has no parameter 'q'; it has: profile, corpus, k, book$"):
        execution.run(["paper/1"], profile="plain", parameters={"q": 1}, project=project)


def test_an_unknown_profile_is_refused_with_those_that_there_are(project):
    with pytest.raises(ValueError, match=r"^no profile 'ful'; there are: plain\. "):
        execution.run(profile="ful", project=project)


def test_a_chapter_without_a_title_is_refused():
    notebook = notebooks.nbformat.v4.new_notebook(cells=[notebooks.nbformat.v4.new_markdown_cell("No title")])
    with pytest.raises(ValueError, match=r"^a chapter begins with a text cell whose first line is its title"):
        pages.insert_header(notebook)


# The book


def test_the_header_calls_generated_data_generated_and_escapes_names():
    record = {
        "chapter": "a/b", "corpus": "<x>", "images": 6000, "generated": True, "network": "n", "seconds": 125.0,
        "peak_bytes": 1_400_000_000, "parameters": {"profile": "embedded"}, "time": "2026-01-02T03:04", "commit": "ab+",
    }  # fmt: skip
    header = pages.header(record)
    for words in (
        "&lt;x&gt;, 6,000 images",
        "generated data",
        "2 min 5 s",
        "1.4 GB",
        "2026-01-02, commit ab with local changes",
    ):
        assert words in header
    assert "real data" in pages.header({**record, "generated": False})
    unknown = pages.header({**record, "generated": None})
    assert "photographs or drawings: not said" in unknown and "real data" not in unknown


def test_a_book_with_a_page_missing_says_what_to_run(project, monkeypatch):
    monkeypatch.setattr(execution.builds, "vendor", lambda project: None)
    change(project, "_toc.yml", "root: index", "root: index\nchapters:\n- file: chapters/paper/1_left")
    (project.root / "book").mkdir()
    (project.root / "book" / "index.md").write_text("# A\n", encoding="utf-8")
    words = r"pages of _toc.yml that are not there: chapters/paper/1_left; .*: neuroattr run --profile plain$"
    with pytest.raises(FileNotFoundError, match=words):
        execution.build(profile="plain", project=project)


def test_the_table_of_contents_names_every_chapter_once():
    here = Project(Path(__file__).parents[1])
    named = [page.removeprefix("chapters/") for page in execution.contents(here) if page.startswith("chapters/")]
    assert sorted(named) == sorted([*here.chapters(), "build_information"])


def test_numbers_of_a_run_are_kept_and_those_of_lost_chapters_go(project):
    made, kept = project.generated / "ledger" / "plain", project.root / "book" / "ledger" / "plain"
    for folder, name in ((made, "a.json"), (kept, "old.json"), (kept, "paper.2_right.json")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}", encoding="utf-8")
    assert execution.keep_ledger("plain", project) == [kept / "a.json"]
    assert sorted(path.name for path in kept.iterdir()) == ["a.json", "paper.2_right.json"]
    assert execution.ledgers(project) == {"plain": (kept, made)}
    with pytest.raises(
        FileNotFoundError, match=r"^no numbers of profile 'ful' to keep; run: neuroattr run --profile ful$"
    ):
        execution.keep_ledger("ful", project)
