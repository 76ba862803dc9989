"""What is asked of a run is held against chapters, profiles and library before anything starts."""

import contextlib
import re
import shutil
from pathlib import Path

import pytest

from neuroattr.book import execution
from neuroattr.book.execution import Project, library_names, notebooks, profiles, runs
from neuroattr.book.execution.parameters import Spelled, of_kind, pairs

HERE = Project(Path(__file__).parents[1])
OWN = """# %% [markdown]
# # A

# %% tags=["parameters"]
profile = "plain"
corpus = "atelier-shop"
backbone: str = "caffenet-mini"
seed = 0
book = False
bins = 10
share = 0.5
word = "red"
deep = True
sizes = [24, 48]
others = []
tuning = {}
table = ""
computed = bins * 2
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of two chapters; nothing of it is executed: what would start says with which parameters."""
    files = {
        "_toc.yml": "format: jb-book\nroot: index\n",
        "notebooks/paper/1_one.py": OWN,
        "notebooks/paper/10_ten.py": OWN.replace("bins = 10", "bins = 10\nalone = 1"),
        "notebooks/other/1_one.py": OWN,
        "notebooks/profiles/plain.toml": "",
        "notebooks/profiles/sample.toml": "bins = 5\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    started = []
    monkeypatch.setattr(runs, "kernel_server", lambda libraries: contextlib.nullcontext())
    monkeypatch.setattr(runs, "_together", lambda tasks, jobs, address: started.extend(tasks) or [])
    project = Project(tmp_path)
    monkeypatch.setattr(Project, "here", lambda: project)
    return project, started


def refused(project, message, chapters=("paper/1_one",), **options):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        execution.run(list(chapters), **{"profile": "plain", **options}, project=project[0])
    assert project[1] == []


# As written


def test_pairs_are_kept_as_written_and_only_the_first_sign_divides():
    assert pairs(["k=5", "word=a=b", "table="]) == {"k": "5", "word": "a=b", "table": ""}


@pytest.mark.parametrize("text", ["bins", "=5", "bins =5", "--force", "2k=1", ""])
def test_what_is_no_pair_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=rf"^-p wants NAME=VALUE, .*; got '{re.escape(text)}'. For example: -p back"):
        pairs([text])


def test_a_parameter_given_twice_is_refused():
    with pytest.raises(
        ValueError, match=r"^-p wants a parameter once; got k twice, as '1' and as '2'\. Leave one out$"
    ):
        pairs(["k=1", "k=2"])


@pytest.mark.parametrize(
    ("text", "default", "value"),
    [
        ("5", 1, 5),
        ("1e-3", 0.5, 0.001),
        ("2", 0.5, 2),
        ("true", False, True),
        ("False", True, False),
        ("5", "red", "5"),
        ("true", "red", "true"),
        ('"red"', "blue", "red"),
        ("a=b", "blue", "a=b"),
        ("", "", ""),
        ("[1, 2]", [3], [1, 2]),
        ("['a', 'b']", ["c"], ["a", "b"]),
        ("[]", [3], []),
        ("[0, 1]", [0.5], [0, 1]),
        ('{"epochs": 4}', {}, {"epochs": 4}),
        ("anything", ..., "anything"),
        ("null", None, None),
    ],
)
def test_a_written_value_is_read_by_the_kind_of_the_chapters_own(text, default, value):
    found = of_kind("k", Spelled(text), default, where="a")
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "default", "kind"),
    [
        ("many", 10, "a whole number"),
        ("", 10, "a whole number"),
        ("1.5", 10, "a whole number"),
        ("true", 10, "a whole number"),
        ("null", 10, "a whole number"),
        ("NaN", 0.5, "a finite number"),
        ("1e999", 0.5, "a finite number"),
        ("half", 0.5, "a finite number"),
        ("no", False, "true or false"),
        ("0", True, "true or false"),
        ("", "red", "a text"),
        ("24", [1], "a list"),
        ("red,blue", ["a"], "a list"),
        ("[1, 2]", ["a"], "a list"),
        ("[1.5]", [1], "a list"),
        ("epochs=4", {}, "named values"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_the_kind_and_the_chapters_own(text, default, kind):
    with pytest.raises(
        ValueError, match=rf"^a wants {kind} as k; got .*\. Its own value is .*; on the command line: -p k="
    ):
        of_kind("k", Spelled(text), default, where="a")


def test_the_message_of_another_kind_shows_how_to_write_it():
    with pytest.raises(ValueError) as refusal:
        of_kind("sizes", Spelled("24"), [24, 48], where="explorer")
    assert str(refusal.value) == (
        "explorer wants a list as sizes; got '24'. Its own value is [24, 48]; on the command line: -p sizes='[24, 48]'"
    )


# Before a run


def test_what_the_command_sets_itself_is_refused_with_what_to_use(project):
    start = "'profile' is none of the parameters to be given: the command sets it; parameters has profile = 'sample'. "
    refused(project, f"{start}Leave it out and choose it by --profile", parameters={"profile": "sample"})
    refused(project, "'book' is none of the parameters to be given", parameters={"book": False})
    (project[0].notebooks / "profiles" / "plain.toml").write_text('["paper"]\nbook = false\n', encoding="utf-8")
    refused(project, "'book' is none of the parameters to be given: the command sets it; the table 'paper' of note")


def test_a_given_value_reaches_the_chapter_in_its_kind(project):
    given = {"bins": Spelled("7"), "word": Spelled("5")}
    execution.run(["paper/1_one"], profile="sample", parameters=given, project=project[0])
    (task,) = project[1]
    assert task[2] == {"bins": 7, "word": "5", "profile": "sample", "book": True}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("bins", "many", "paper/1_one wants a whole number as bins; got 'many'"),
        ("bin", 3, "paper/1_one has no parameter 'bin'; it has: profile, corpus, "),
        (
            "backbone",
            "alexnot",
            "paper/1_one wants the name of a network as backbone; got 'alexnot'; did you mean 'alexne",
        ),
        (
            "corpus",
            "atelier-shopp",
            "paper/1_one wants the name of a corpus as corpus; got 'atelier-shopp'; did you mean",
        ),
        (
            "others",
            ["resnet5"],
            "paper/1_one wants the name of a network as others; got 'resnet5'; did you mean 'resnet",
        ),
        ("seed", -1, "paper/1_one wants a whole number from 0 to 4294967295 as seed; got -1"),
        ("table", "none.csv", "paper/1_one wants the path of a file as table, whole or from "),
        (
            "tuning",
            {"epoch": 3},
            "paper/1_one wants choices of training.Tuning as tuning; got 'epoch'; did you mean 'epochs'",
        ),
        ("tuning", {"epochs": "x"}, "paper/1_one wants a whole number as tuning: epochs; got 'x'"),
        ("tuning", {"precision": "float16"}, 'paper/1_one cannot use tuning = {"precision": "float16"}: wanted prec'),
        (
            "tuning",
            {"frozen": ["norm9"]},
            "paper/1_one wants layers of caffenet-mini to be frozen; got 'norm9'; did you",
        ),
    ],
)
def test_a_wrong_value_is_refused_before_anything_starts(project, name, value, message):
    refused(project, message, parameters={name: value, **({"backbone": "caffenet-mini"} if name == "tuning" else {})})


def test_a_value_in_a_profile_is_checked_as_one_on_the_command_line(project):
    path = project[0].notebooks / "profiles" / "plain.toml"
    path.write_text('["paper/1_one"]\nbins = "many"\n', encoding="utf-8")
    refused(project, "paper/1_one, by profile 'plain', wants a whole number as bins; got 'many'")
    path.write_text('street_corpus = 1\nbackbone = "alexnot"\n', encoding="utf-8")
    refused(project, "paper/1_one has no parameter 'street_corpus'")
    path.write_text('backbone = "alexnot"\n', encoding="utf-8")
    refused(project, "paper/1_one wants the name of a network as backbone; got 'alexnot'")


@pytest.mark.parametrize("text", ['["paper/1"]\nbins = 3\n', '["papers"]\nbins = 3\n', "[tuning]\nepochs = 3\n"])
def test_a_table_for_no_chapter_is_refused(project, text):
    (project[0].notebooks / "profiles" / "plain.toml").write_text(text, encoding="utf-8")
    refused(project, "a table of a profile has the whole name of a chapter, or of a folder of chapters; notebooks/prof")


def test_a_profile_that_is_no_toml_is_named(project):
    (project[0].notebooks / "profiles" / "plain.toml").write_text("bins = \n", encoding="utf-8")
    refused(project, "notebooks/profiles/plain.toml cannot be read as TOML: Invalid value (at line 1, column 8)")


@pytest.mark.parametrize(
    "name", ["sampl", "sample.toml", "notebooks/profiles/sample.toml", "../profiles/sample", "Sample"]
)
def test_an_unknown_profile_is_refused_with_the_nearest(project, name):
    refused(
        project,
        f"no profile {name!r}; there are: plain, sample. A profile is a file profiles/NAME.toml; did you mean 'sample",
        profile=name,
    )


@pytest.mark.parametrize("jobs", [0, -1, 1.5, True, None])
def test_a_number_of_jobs_that_is_none_is_refused(project, jobs):
    refused(project, f"jobs, the number of chapters at the same time, has to be 1 or more; got {jobs!r}", jobs=jobs)


# Chapters


@pytest.mark.parametrize(
    "name",
    ["paper/10", "paper/10_ten", "paper/10_ten.py", "notebooks/paper/10_ten.py", "./notebooks/paper/10_ten.py",
     "book/chapters/paper/10_ten.ipynb", "10", "10_ten", "paper/10_ten/"],
)  # fmt: skip
def test_a_chapter_is_found_by_name_number_and_path(project, name):
    assert project[0].named([name]) == ["paper/10_ten"]
    assert project[0].named([str(project[0].root / "notebooks/paper/10_ten.py")]) == ["paper/10_ten"]


def test_a_folder_names_its_chapters_and_that_of_the_sources_all(project):
    assert project[0].named(["paper/"]) == ["paper/1_one", "paper/10_ten"]
    assert project[0].named(["notebooks/"]) == project[0].named(None) == project[0].chapters()


def test_a_number_of_several_chapters_is_refused_with_them(project):
    with pytest.raises(
        ValueError, match=r"^'1_' is the beginning of several chapters, name one: other/1_one, paper/1_"
    ):
        project[0].named(["1_"])


@pytest.mark.parametrize(("name", "meant"), [("Paper/1_one", "paper/1_one"), ("papr/1_one", "paper/1_one"), ("", "")])
def test_a_name_of_no_chapter_is_refused_with_the_nearest(project, name, meant):
    with pytest.raises(ValueError, match=rf"^no chapter begins with '{name}'; there are: .*{meant}"):
        project[0].named([name])


# What is in this repository


def test_the_profiles_here_give_every_chapter_what_it_and_the_library_have():
    for profile in (path.stem for path in (HERE.notebooks / "profiles").glob("*.toml")):
        settings, broken = runs._settings(HERE, HERE.chapters(), profile, {})
        assert broken == []
        for name, values in settings.items():
            library_names.check(name, {**notebooks.parameters(HERE.source(name)), **values}, HERE.root)


def test_profiles_of_toys_may_have_names_of_their_own(project, tmp_path):
    shutil.rmtree(project[0].notebooks / "other")
    toy = Project(project[0].root, package="toy")
    assert profiles.read_profile(toy, "sample") == {"bins": 5}
    execution.run(["paper/1_one"], profile="plain", parameters={"corpus": "my-own"}, project=toy)
    assert project[1][0][2]["corpus"] == "my-own"
