"""What drawing needs of the operating system is asked for before long work, and said with what to do."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from neuroattr import assets, cli, drawing
from neuroattr.book import execution

ROOT = Path(drawing.__file__).parents[1]
ADVICE = (
    "Debian, Ubuntu: apt-get install libgl1 libegl1 libexpat1. Fedora: dnf install libglvnd-glx libglvnd-egl expat. "
    "No screen and no graphics card are needed. Then start again"
)
BARE = """
import importlib.abc, sys

class Bare(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "skia":
            raise {error}

sys.meta_path.insert(0, Bare())
"""
NO_LIBRARY = BARE.format(error='ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")')
NO_PACKAGE = BARE.format(error="ModuleNotFoundError(\"No module named 'skia'\", name='skia')")


def run(code):
    """A fresh Python's exit code, and the last line that it complains with."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    return done.returncode, (done.stderr.strip().splitlines() or [""])[-1]


@pytest.fixture
def bare(monkeypatch):
    """A machine whose drawing library cannot be loaded."""

    def refuse():
        raise drawing.MissingLibrary("generated corpora are drawn with skia-python, which cannot be loaded")

    monkeypatch.setattr(drawing, "require", refuse)


def test_here_nothing_is_missing():
    assert drawing.absent() is None
    drawing.require()


@pytest.mark.parametrize(
    "name", ["neuroattr.atelier", "neuroattr.atelier.rendering", "neuroattr.atelier.street_photos.rendering"]
)
def test_without_a_system_library_the_message_names_it_and_its_packages(name):
    code, complaint = run(f"{NO_LIBRARY}\nimport {name}")
    assert code == 1
    assert complaint == (
        "neuroattr.drawing.MissingLibrary: generated corpora are drawn with skia-python, which cannot be loaded: "
        f"libEGL.so.1: cannot open shared object file: No such file or directory. {ADVICE}"
    )


def test_a_generated_corpus_says_so_at_once():
    code, complaint = run(f"{NO_LIBRARY}\nfrom neuroattr import corpus\ncorpus.load('atelier-shop', n=8, seed=0)")
    assert code == 1 and "neuroattr.drawing.MissingLibrary: generated corpora are drawn with skia-python" in complaint


def test_without_the_package_the_message_says_how_to_install_it():
    code, complaint = run(f"{NO_PACKAGE}\nimport neuroattr.atelier")
    assert code == 1
    assert complaint == (
        "ModuleNotFoundError: generated corpora are drawn with skia-python, which is not installed: "
        "pip install skia-python"
    )


def test_what_draws_nothing_needs_no_drawing_library():
    names = "activations, annotation, attributes, backbone, cli, corpus, discovery, occlusion, people, recorded"
    rooms = f"from neuroattr import {names}, studies\nfrom neuroattr.book import chapter, excerpts, execution"
    assert run(f"{NO_LIBRARY}\n{rooms}") == (0, "")


def test_missing_libraries_are_found_by_plain_python_before_anything_is_installed(monkeypatch):
    """As `make setup` asks: the file alone, with nothing but the standard library."""
    asked = runpy.run_path(drawing.__file__)
    assert asked["absent"]() is None
    monkeypatch.setattr(drawing, "_loads", lambda name: name == "libexpat.so.1")
    assert drawing.absent() == (
        "generated corpora are drawn with skia-python, which needs libraries of the operating system that are not "
        f"here: libGL.so.1, libEGL.so.1. {ADVICE}"
    )
    assert not drawing.absent.__globals__["sys"].flags.isolated
    assert set(re.findall("^import (.*)$", Path(drawing.__file__).read_text(encoding="utf-8"), re.M)) == {
        "ctypes",
        "sys",
    }
    assert '"neuroattr/drawing.py")["absent"]()' in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_a_library_that_is_nowhere_is_not_loaded():
    assert not drawing._loads("libof-this-test.so.1")


def test_other_systems_bring_the_libraries_along(monkeypatch):
    monkeypatch.setattr(drawing, "_loads", lambda name: False)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert drawing.absent() is None


def test_apt_txt_lists_what_the_message_says():
    listed = (ROOT / "apt.txt").read_text(encoding="utf-8").split()
    assert listed == list(drawing.LIBRARIES.values())
    assert all(package in drawing.ADVICE for package in listed)


# --- before the chapters start ------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path):
    """A project of one chapter with a generated corpus."""
    for name, text in {
        "_toc.yml": "format: jb-book\nroot: index\n",
        "requirements.lock": "toy==1\n",
        "toy/__init__.py": '"""Toy."""\n',
        "notebooks/profiles/embedded.toml": 'corpus = "atelier-shop"\n',
        "notebooks/only.py": '# %% [markdown]\n# # Only\n\n# %% tags=["parameters"]\ncorpus = "x"\n\n# %%\n1 + 1\n',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return execution.Project(tmp_path, package="toy")


def test_a_run_with_a_generated_corpus_stops_before_its_first_chapter(project, bare):
    with pytest.raises(drawing.MissingLibrary, match="generated corpora are drawn with skia-python"):
        execution.run(project=project)
    assert not list(project.root.rglob("*.ipynb"))


def test_a_run_without_a_generated_corpus_starts(project, bare):
    report = execution.run(project=project, parameters={"corpus": "products"})
    assert not report.failed


@pytest.mark.parametrize("command", ["run", "book"])
@pytest.mark.parametrize(
    "error",
    [drawing.MissingLibrary("libEGL.so.1"), assets.UnwritableFolder("NEUROATTR_CACHE"), NotADirectoryError("a file")],
)
def test_the_command_says_what_the_machine_lacks_without_a_traceback(monkeypatch, command, error):
    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(execution, "run", refuse)
    result = CliRunner().invoke(cli.app, [command])
    assert result.exit_code == 1 and isinstance(result.exception, SystemExit)
    assert str(error) in result.output
