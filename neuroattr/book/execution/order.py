"""Which chapters read what others measured, as ``notebooks/reads.toml`` declares it, and the order that follows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from neuroattr.book.execution.parameters import near
from neuroattr.book.execution.project import Project

FILE = "reads.toml"


def reads(project: Project) -> dict[str, tuple[str, ...]]:
    """Chapters by those that read them: for each chapter that reads others, their names in reading order.

    Raises
    ------
    ValueError
        If the file is no TOML, names what is neither a chapter nor a folder of chapters, or has chapters read one
        another in a circle, so that none could be the first to run.
    """
    path = project.notebooks / FILE
    if not path.exists():
        return {}
    where = path.relative_to(project.root).as_posix()
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:  # no TOML, or no text
        raise ValueError(f"{where} cannot be read as TOML: {error}") from None
    everything = project.chapters()
    found = {}
    for chapter, names in declared.items():
        if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
            raise ValueError(f'{where} wants a list of chapters for each: "{chapter}" = ["..."]; got {names!r}')
        wanted = {one for name in names for one in _named(name, chapter, everything, where)}
        _named(chapter, "", everything, where, folders=False)
        found[chapter] = tuple(one for one in everything if one in wanted)
    _refuse_circles(found, where)
    return found


def stages(project: Project, chapters: Iterable[str]) -> list[list[str]]:
    """Some chapters in the order in which they run: those of a stage side by side, after those of the stages before.

    Notes
    -----
    The stage of a chapter depends on all that it reads, whether those are among these chapters or not.
    """
    chapters, sorter = list(chapters), TopologicalSorter(reads(project))
    for chapter in chapters:
        sorter.add(chapter)
    sorter.prepare()
    found = []
    while sorter.is_active():
        ready = sorter.get_ready()
        sorter.done(*ready)
        found.append([chapter for chapter in chapters if chapter in ready])
    return list(filter(None, found))


def _named(name: str, reader: str, everything: list[str], where: str, *, folders: bool = True) -> list[str]:
    """The chapter of a name, or those of a folder other than the one that reads them."""
    if name in everything:
        return [name]
    inside = [one for one in everything if one.startswith(f"{name}/") and one != reader] if folders else []
    if not inside:
        kinds = "chapters, or of folders with other chapters" if folders else "chapters as readers"
        raise ValueError(f"{where} wants whole names of {kinds}; got {name!r}{near(name, everything)}")
    return inside


def _refuse_circles(read: Mapping[str, tuple[str, ...]], where: str) -> None:
    """Raise ValueError if chapters read one another."""
    try:
        TopologicalSorter(read).prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise ValueError(
            f"chapters that read one another have no order: {circle}; take one of them out of {where}"
        ) from None
