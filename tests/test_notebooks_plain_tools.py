"""Chapters work under the tools that people have: jupytext and papermill, without a kernel or a language named."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from neuroattr.book.execution import Project

ROOT = Path(__file__).parents[1]
PROJECT = Project(ROOT)


def plain(folder, *words):
    """What a tool says that is called in a folder, as anybody would call it; it has to succeed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run([sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def elsewhere(tmp_path):
    """A folder outside the checkout with a copy of the chapter of open choices, the one that loads least."""
    shutil.copy(PROJECT.source("choices"), tmp_path / "choices.py")
    return tmp_path


def test_jupytext_and_papermill_execute_a_chapter_in_any_folder(elsewhere):
    plain(elsewhere, "jupytext", "--to", "ipynb", "choices.py")
    plain(elsewhere, "papermill", "choices.ipynb", "out.ipynb", "-p", "seed", "1", "-p", "profile", "mine")
    done = json.loads((elsewhere / "out.ipynb").read_text(encoding="utf-8"))
    assert done["metadata"]["kernelspec"]["name"] == "python3"
    assert done["metadata"]["papermill"]["parameters"] == {"seed": 1, "profile": "mine"}
    injected = [cell for cell in done["cells"] if "injected-parameters" in cell["metadata"].get("tags", [])]
    assert len(injected) == 1 and "seed = 1" in "".join(injected[0]["source"])
    assert any("<table" in str(output) for cell in done["cells"] for output in cell.get("outputs", []))
    assert sorted(path.name for path in elsewhere.iterdir()) == ["choices.ipynb", "choices.py", "out.ipynb"]


def test_a_chapter_that_jupyter_saves_again_is_the_same_file(tmp_path):
    """With the setting beside the chapters, the header stays as it is and no metadata gathers in the cells."""
    names = PROJECT.chapters()
    shutil.copy(PROJECT.notebooks / "jupytext.toml", tmp_path)
    copies = {name: tmp_path / f"{name.replace('/', '.')}.py" for name in names}
    for name, copy in copies.items():
        shutil.copy(PROJECT.source(name), copy)
    plain(tmp_path, "jupytext", "--quiet", "--to", "ipynb", *(copy.name for copy in copies.values()))
    for copy in copies.values():
        copy.unlink()
    plain(tmp_path, "jupytext", "--quiet", "--to", "py:percent", *(f"{copy.stem}.ipynb" for copy in copies.values()))
    changed = [name for name, copy in copies.items() if copy.read_bytes() != PROJECT.source(name).read_bytes()]
    assert changed == []


def test_a_chapter_finds_the_numbers_of_others_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Project.of_chapters() == PROJECT
    (tmp_path / "_toc.yml").write_text("", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    assert Project.of_chapters() == Project(tmp_path)
