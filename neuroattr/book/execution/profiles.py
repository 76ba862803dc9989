"""Profiles: files of parameters, for all chapters, for those of a folder and for single ones."""

from __future__ import annotations

import difflib
import tomllib
from typing import Any

from neuroattr.book.execution.parameters import near, refuse_own
from neuroattr.book.execution.project import Project


def read_profile(project: Project, profile: str) -> dict[str, Any]:
    """The parameters in a profile's file.

    Raises
    ------
    ValueError
        If there is no such profile, its file cannot be read, it has what the command sets itself, or a table for no
        chapter.
    """
    folder = project.notebooks / "profiles"
    there = sorted(file.stem for file in folder.glob("*.toml"))
    if profile not in there:
        raise ValueError(
            f"no profile {profile!r}; there are: {', '.join(there)}. A profile is a file {folder.name}/NAME.toml"
            f"{near(str(profile).rpartition('/')[2].removesuffix('.toml'), there)}"
        )
    path = folder / f"{profile}.toml"
    where = path.relative_to(project.root).as_posix()
    try:
        shared = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:  # no TOML, or no text
        raise ValueError(f"{where} cannot be read as TOML: {error}") from None
    refuse_own(shared, where=where)
    for name, table in shared.items():
        if isinstance(table, dict):
            refuse_own(table, where=f"the table {name!r} of {where}")
            _check_table(project, name, where)
    return shared


def _check_table(project: Project, name: str, where: str) -> None:
    """A table is for a chapter or a folder of them; the one of a chapter that is gone may stay."""
    chapters = project.chapters()
    names = [*sorted({chapter.rpartition("/")[0] for chapter in chapters} - {""}), *chapters]
    if name in names:
        return
    meant = [one for one in names if one.startswith(name)] or difflib.get_close_matches(name, names, cutoff=0.85)
    if meant or name.rpartition("/")[0] not in names:
        raise ValueError(
            f"a table of a profile has the whole name of a chapter, or of a folder of chapters; {where} has {name!r}"
            f"{near(name, names)} (a parameter that is itself a table stands in the table of its chapter)"
        )


def for_chapter(shared: dict[str, Any], chapter: str) -> dict[str, Any]:
    """A profile's parameters for one chapter: those for all, then those of its folder's table, then of its own."""
    chosen = {name: value for name, value in shared.items() if not isinstance(value, dict)}
    for table in (chapter.rpartition("/")[0], chapter):
        chosen |= shared.get(table, {})
    return chosen
