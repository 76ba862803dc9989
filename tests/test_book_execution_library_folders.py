"""Chapters run for users whose home folder cannot be written: their libraries are lent folders."""

import os
from pathlib import Path

import pytest

from neuroattr.book.execution.library_folders import LIBRARIES, library_folders


@pytest.fixture
def homeless(tmp_path, monkeypatch):
    """A user without a home folder (a file is in its place), who has a cache."""
    (tmp_path / "home").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "cache"))
    for name in LIBRARIES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_home_that_can_be_written_is_left_alone(homeless, monkeypatch):
    monkeypatch.setenv("HOME", str(homeless / "other"))
    with library_folders():
        assert not set(LIBRARIES) & set(os.environ)


def test_without_a_home_each_library_has_a_folder_while_the_block_runs(homeless):
    with library_folders():
        places = [Path(os.environ[name]) for name in LIBRARIES]
        assert all(place.is_dir() for place in places)
        assert os.environ["NUMBA_CACHE_DIR"] == str(homeless / "cache" / "numba")
    assert not set(LIBRARIES) & set(os.environ)
    assert [place.exists() for place in places] == [False, False, True], "compiled code serves the next run"


def test_a_folder_that_is_named_is_left_alone(homeless, monkeypatch):
    monkeypatch.setenv("MPLCONFIGDIR", str(homeless / "named"))
    with library_folders():
        assert os.environ["MPLCONFIGDIR"] == str(homeless / "named")
    assert os.environ["MPLCONFIGDIR"] == str(homeless / "named")


def test_without_home_and_cache_compiled_code_is_kept_for_the_run(homeless, monkeypatch):
    (homeless / "closed").mkdir()
    monkeypatch.setenv("NEUROATTR_CACHE", str(homeless / "closed"))
    monkeypatch.setattr(os, "access", lambda path, mode: not Path(path).is_relative_to(homeless / "closed"))
    with library_folders():
        place = Path(os.environ["NUMBA_CACHE_DIR"])
        assert place.is_dir() and homeless not in place.parents
    assert not place.exists()


def test_a_user_without_any_home_is_lent_folders(homeless, monkeypatch):
    def unknown(self):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", lambda self: unknown(self) if str(self).startswith("~") else self)
    with library_folders():
        assert set(LIBRARIES) <= set(os.environ)


def test_folders_go_when_the_block_fails(homeless):
    with pytest.raises(ValueError, match="stop"), library_folders():
        raise ValueError("stop")
    assert not set(LIBRARIES) & set(os.environ)
