"""Run the chapters that changed, side by side; the others keep their result."""

from __future__ import annotations

import contextlib
import functools
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from neuroattr import drawing
from neuroattr.book.execution import digests, library_names, notebooks, order, pages, profiles
from neuroattr.book.execution.kernel_server import kernel_server
from neuroattr.book.execution.library_folders import library_folders
from neuroattr.book.execution.parameters import fitting, near, refuse_own
from neuroattr.book.execution.project import Project
from neuroattr.book.execution.workers import Task, side_by_side

KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "matplotlib_inline.backend_inline")
"""What every kernel imports, whatever its chapter."""


@dataclass(frozen=True)
class Outcome:
    """What became of one chapter."""

    chapter: str
    state: Literal["executed", "up to date", "failed"]
    seconds: float = 0.0
    message: str = ""

    def __str__(self) -> str:
        ending = {"executed": f" in {pages.duration(self.seconds)}", "failed": f": {self.message}"}.get(self.state, "")
        return f"{self.chapter} {self.state}{ending}"


@dataclass(frozen=True)
class Report:
    """What became of all chapters of a run."""

    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> list[Outcome]:
        """Outcomes of the chapters that failed: none if all is well."""
        return [outcome for outcome in self.outcomes if outcome.state == "failed"]

    def __str__(self) -> str:
        counts = {state: sum(o.state == state for o in self.outcomes) for state in ("executed", "up to date", "failed")}
        lines = [str(outcome) for outcome in self.failed]
        return "\n".join([*lines, ", ".join(f"{count} {state}" for state, count in counts.items())])


def run(
    chapters: Sequence[str] | None = None,
    *,
    profile: str = "embedded",
    parameters: dict[str, Any] | None = None,
    jobs: int = 2,
    force: bool = False,
    project: Project | None = None,
    first: Callable[[Project], None] | None = None,
) -> Report:
    """Execute what is not up to date and put it into the book's folder.

    Parameters
    ----------
    chapters : names or their beginnings; all for None
    profile : str
        A file of parameters, ``notebooks/profiles/<profile>.toml``.
    parameters : dict
        For those of these chapters that have them, over those of the profile.
    jobs : int
        Chapters at the same time.
    force : bool
        Execute also what is up to date.
    project : Project, optional
        Else the one around the working folder.
    first : callable, optional
        ``first(project)`` is called when nothing was found wrong and nothing has started yet.

    Raises
    ------
    ValueError
        If a chapter or the profile is unknown, a parameter of the profile is unknown to a chapter it is for, or a
        given one to all chapters; if one is given that the command sets itself (``profile``, ``book``), or a value is
        of another kind than the chapter's own one; for corpora, networks and recipes that the library does not have,
        in chapters that are to be executed; and if it is declared wrongly which chapters read others. Nothing has
        started then.
    ImportError
        If a corpus is to be drawn and the drawing library cannot be loaded.
    """
    if not isinstance(jobs, int) or isinstance(jobs, bool) or jobs < 1:
        raise ValueError(f"jobs, the number of chapters at the same time, has to be 1 or more; got {jobs!r}")
    project = project or Project.here()
    names = project.named([chapters] if isinstance(chapters, str) else list(chapters) if chapters else None)
    settings, broken = _settings(project, names, profile, dict(parameters or {}))
    if any(str(value).startswith("atelier-") for chosen in settings.values() for value in chosen.values()):
        drawing.require()  # else every chapter with a generated corpus would fail for want of it, one by one
    if project.package == library_names.LIBRARY:
        for name, values in settings.items():
            if force or not _up_to_date(project, name, digests.key(project, name, values)):
                library_names.check(name, values, project.root)
    if first is not None:
        first(project)
    _remove_orphans(project)
    outcomes, address = list(broken), None
    with contextlib.ExitStack() as stack:
        stack.enter_context(library_folders())
        for stage in order.stages(project, settings):
            keys = {name: digests.key(project, name, settings[name]) for name in stage}
            fresh = [name for name in stage if not force and _up_to_date(project, name, keys[name])]
            outcomes += [Outcome(name, "up to date") for name in fresh]
            tasks = [(project, name, settings[name], keys[name]) for name in stage if name not in fresh]
            if tasks and address is None:
                loaded = digests.libraries(project, [task[1] for task in tasks])
                address = stack.enter_context(kernel_server([*KERNEL, *loaded]))
            outcomes += _together(tasks, jobs, address) if tasks else []
    return Report(tuple(sorted(outcomes, key=lambda outcome: names.index(outcome.chapter))))


def _settings(
    project: Project, names: list[str], profile: str, given: dict[str, Any]
) -> tuple[dict[str, dict[str, Any]], list[Outcome]]:
    """Parameters of each chapter, and the chapters whose source cannot be read."""
    refuse_own(given)
    shared = profiles.read_profile(project, profile)
    settings, broken, unused, had = {}, [], dict(given), set()
    for name in names:
        try:
            own = notebooks.parameters(project.source(name))
        except (ValueError, SyntaxError) as error:
            broken.append(Outcome(name, "failed", message=str(error)))
            continue
        had |= set(own)
        chosen = {key: value for key, value in given.items() if key in own or len(names) == 1}
        unused = {key: value for key, value in unused.items() if key not in chosen}
        sources = [(profiles.for_chapter(shared, name), f"{name}, by profile {profile!r},"), (chosen, name)]
        wanted: dict[str, Any] = {}
        for values, where in sources:
            wanted |= fitting(values, own, chapter=name, where=where)
        set_here = {"profile": profile, "book": True}
        settings[name] = {**wanted, **{key: value for key, value in set_here.items() if key in own}}
    if unused and settings:
        meant = "".join(near(name, had) for name in unused)
        raise ValueError(
            f"none of these chapters has a parameter {', '.join(map(repr, unused))}: {', '.join(names)}{meant}"
        )
    return settings, broken


def _up_to_date(project: Project, chapter: str, key: str) -> bool:
    """Whether the executed chapter was made from just this, and nothing that it shows was lost."""
    try:
        note = json.loads(project.notebook(chapter).read_text(encoding="utf-8"))["metadata"]["neuroattr"]
    except (FileNotFoundError, json.JSONDecodeError, KeyError):
        return False
    static = project.generated / "static"
    files = [*note.get("files", []), f"sources/{chapter}.py"]
    ledger = note.get("ledger")
    return (
        note["built_from"] == key
        and all((static / f).exists() for f in files)
        and (not ledger or (project.root / ledger).exists())
    )


def _together(tasks: list[Task], jobs: int, address: str | None) -> list[Outcome]:
    """Execute in separate processes; one that fails does not stop the others."""
    console = Console(stderr=True)
    columns = TextColumn("executing chapters"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    workers = min(jobs, len(tasks))
    work = functools.partial(notebooks.execute, threads=max(1, (os.cpu_count() or 1) // workers), server=address)
    folder = None if address is None else str(Path(address).parent)
    outcomes = []
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
        contextlib.closing(side_by_side(work, tasks, workers=workers, folder=folder)) as ended,
    ):
        bar = progress.add_task("", total=len(tasks))
        for (_, name, *_), well, what in ended:
            outcome = Outcome(name, "executed", what) if well else Outcome(name, "failed", message=what)
            outcomes.append(outcome)
            progress.advance(bar)
            console.print(str(outcome), markup=False, highlight=False, soft_wrap=True)
    return outcomes


def _remove_orphans(project: Project) -> None:
    """An executed chapter goes when its source is gone."""
    alive = set(project.chapters())
    for path in project.executed.rglob("*.ipynb"):
        name = path.relative_to(project.executed).with_suffix("").as_posix()
        if name not in alive:
            path.unlink()
