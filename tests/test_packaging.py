"""The files that tell others how to install, cite and build agree with one another."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import neuroattr

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
CONDA_NAMES = {"matplotlib-base": "matplotlib", "pytorch": "torch"}
ONLY_BY_PIP = {"skia-python", "textblob", "pydata-sphinx-theme", "sphinx-book-theme", "jupyter-client"}


def requirements(*extras):
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in PROJECT["optional-dependencies"][extra])]
    return {r.name: str(r.specifier) for r in map(Requirement, texts)}


def tracked():
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_environment_yml_installs_what_pyproject_asks_for():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    conda = {r.name: str(r.specifier) for r in map(Requirement, (x for x in listed if isinstance(x, str)))}
    conda = {CONDA_NAMES.get(name, name): bound for name, bound in conda.items() if name not in {"pip", "make"}}
    assert conda.pop("python") == PROJECT["requires-python"]
    wanted = {name: bound for name, bound in requirements("book", "live").items() if name not in ONLY_BY_PIP}
    assert conda == wanted
    assert listed[-1] == {"pip": ["-e .[book,live,test]"]}


def test_the_lock_file_holds_a_version_inside_the_bounds_of_every_dependency():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9.\-]+)==([^ \\;]+)", lock, flags=re.MULTILINE))
    for name, bound in requirements("bench", "book", "live", "test").items():
        assert Requirement(f"{name}{bound}").specifier.contains(pinned[name]), name


def test_the_version_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert PROJECT["version"] == neuroattr.__version__ == citation["version"]


def test_the_readme_fits_on_a_page_and_links_to_files_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 100
    for text in (readme, (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
        assert links and [link for link in links if not (ROOT / link).exists()] == []


def test_the_library_example_of_the_readme_runs(shop, monkeypatch, tmp_path):
    from neuroattr import corpus

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", readme, flags=re.DOTALL).group(1)
    assert len(example.strip().splitlines()) <= 12
    monkeypatch.setattr(corpus, "load", lambda name, **options: shop)
    exec(compile(example, "README.md", "exec"), {})


def test_no_committed_text_names_a_registry_host_or_a_path_of_a_machine():
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs"))]
    folders = ["/".join(("", *parts)) for parts in (("work", ""), ("root", ""), ("home", ""), ("tmp", "bash"))]
    named = []
    for path in tracked():
        if path.suffix in {".py", ".md", ".yml", ".toml", ".lock", ".cff", ".json", ".bib", ".css", ".js", ""}:
            text = path.read_text(encoding="utf-8", errors="ignore")
            named += [f"{path.relative_to(ROOT)}: {word}" for word in [*hosts, *folders] if word in text]
    assert named == []


def test_no_committed_file_is_huge_or_an_executed_notebook():
    for path in tracked():
        assert path.suffix != ".ipynb"
        assert path.stat().st_size <= 8 << 20, path


def test_no_room_is_left_out_when_types_are_checked_and_no_chapter_when_style_is():
    assert not [each for each in SETTINGS["tool"]["mypy"]["overrides"] if "ignore_errors" in each]
    assert not {"exclude", "extend-exclude", "per-file-target-version"} & set(SETTINGS["tool"]["ruff"])
    assert "notebooks/*" not in SETTINGS["tool"]["ruff"]["lint"]["per-file-ignores"]


def test_the_package_says_that_it_is_typed_and_its_types_are_checked_with_its_style():
    assert (ROOT / "neuroattr" / "py.typed").read_bytes() == b""
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nlint:")[1].split("\n\n")[0]
    assert "/ruff check ." in recipe and "/mypy" in recipe
