"""Chapters that read others run after them, and again when what they read is another; the order is declared."""

import pytest

from neuroattr.book.execution import Project, digests, order, runs

NAMES = ("paper/1_first", "paper/2_second", "paper/3_all", "paper/4_last", "other/1_alone", "joined")


@pytest.fixture
def project(tmp_path):
    """Six chapters: 3 reads 1 and 2, 4 reads 3, and a page that joins papers reads all."""
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    found = Project(tmp_path, package="toy")
    for name in NAMES:
        found.source(name).parent.mkdir(parents=True, exist_ok=True)
        found.source(name).write_text('# %% tags=["parameters"]\nk = 1\n', encoding="utf-8")
    declare(
        found,
        '"paper/3_all" = ["paper/2_second", "paper/1_first"]\n"paper/4_last" = ["paper/3_all"]\n'
        'joined = ["paper", "other/1_alone"]\n',
    )
    return found


def declare(project, text):
    (project.notebooks / "reads.toml").write_text(text, encoding="utf-8")


def test_what_is_read_is_given_in_reading_order_and_a_folder_is_all_in_it(project):
    assert order.reads(project) == {
        "paper/3_all": ("paper/1_first", "paper/2_second"),
        "paper/4_last": ("paper/3_all",),
        "joined": ("other/1_alone", "paper/1_first", "paper/2_second", "paper/3_all", "paper/4_last"),
    }


def test_a_chapter_in_a_folder_that_it_reads_does_not_read_itself(project):
    declare(project, '"paper/4_last" = ["paper"]\n')
    assert order.reads(project) == {"paper/4_last": ("paper/1_first", "paper/2_second", "paper/3_all")}


def test_without_a_declaration_nobody_reads_anybody(project):
    (project.notebooks / "reads.toml").unlink()
    assert order.reads(project) == {}
    assert order.stages(project, project.chapters()) == [project.chapters()]


def test_chapters_of_a_stage_come_after_all_that_they_read(project):
    assert order.stages(project, project.chapters()) == [
        ["other/1_alone", "paper/1_first", "paper/2_second"], ["paper/3_all"], ["paper/4_last"], ["joined"],
    ]  # fmt: skip
    assert order.stages(project, ["joined", "paper/1_first"]) == [["paper/1_first"], ["joined"]]
    assert order.stages(project, []) == []


def test_a_run_keeps_to_the_order(project, monkeypatch):
    seen = []
    (project.notebooks / "profiles").mkdir()
    (project.notebooks / "profiles" / "plain.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(runs, "kernel_server", lambda _: runs.contextlib.nullcontext(None))
    monkeypatch.setattr(runs, "_together", lambda tasks, *_: seen.append([task[1] for task in tasks]) or [])
    runs.run(["joined", "paper/3_all", "paper/1_first"], profile="plain", project=project)
    assert seen == [["paper/1_first"], ["paper/3_all"], ["joined"]]


@pytest.mark.parametrize(
    ("ledger", "touched"),
    [
        ("plain/paper.1_first", ["paper/3_all", "joined"]),
        ("another/paper.1_first", ["paper/3_all", "joined"]),
        ("plain/paper.3_all", ["paper/4_last", "joined"]),
        ("plain/other.1_alone", ["joined"]),
        ("plain/joined", []),
        ("plain/of_no_chapter", []),
    ],
)
def test_a_ledger_is_in_the_keys_of_exactly_those_that_read_it(project, ledger, touched):
    before = {name: digests.key(project, name, {"profile": "plain"}) for name in NAMES}
    path = project.generated / "ledger" / f"{ledger}.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}", encoding="utf-8")
    after = {name: digests.key(project, name, {"profile": "plain"}) for name in NAMES}
    assert [name for name in NAMES if before[name] != after[name]] == touched


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '"paper/3_all" = ["paper/1_frist"]',
            "notebooks/reads.toml wants whole names of chapters, or of folders with other chapters; "
            "got 'paper/1_frist'; did you mean 'paper/1_first'",
        ),
        (
            'paper = ["joined"]',
            "notebooks/reads.toml wants whole names of chapters as readers; got 'paper'",
        ),
        (
            'joined = "paper"',
            'notebooks/reads.toml wants a list of chapters for each: "joined" = ["..."]; got \'paper\'',
        ),
        (
            '"paper/1_first" = ["paper/3_all"]\n"paper/3_all" = ["paper/2_second"]\n'
            '"paper/2_second" = ["paper/1_first"]',
            "chapters that read one another have no order: paper/1_first -> paper/3_all -> paper/2_second -> "
            "paper/1_first; take one of them out of notebooks/reads.toml",
        ),
        (
            'joined = ["joined"]',
            "chapters that read one another have no order: joined -> joined; take one of them out of "
            "notebooks/reads.toml",
        ),
    ],
)
def test_what_gives_no_order_is_refused(project, text, message):
    declare(project, text)
    with pytest.raises(ValueError) as refused:
        order.stages(project, NAMES)
    assert str(refused.value).startswith(message)


def test_a_file_that_is_no_toml_is_refused_by_its_name(project):
    declare(project, "joined = [")
    with pytest.raises(ValueError, match=r"^notebooks/reads\.toml cannot be read as TOML: "):
        order.reads(project)
