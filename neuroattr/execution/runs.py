"""Run the chapters that changed, side by side; the others keep their result."""

from __future__ import annotations

import json
import os
import threading
import tomllib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from neuroattr import drawing
from neuroattr.execution import digests, notebooks, pages
from neuroattr.execution.homes import lent_homes
from neuroattr.execution.nursery import nursery
from neuroattr.execution.project import Project

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

    Raises
    ------
    ValueError
        If a chapter or the profile is unknown, a parameter of the profile is unknown to a chapter it is for, or a
        given one to all chapters.
    ImportError
        If a corpus is to be drawn and the drawing library cannot be loaded.
    """
    project = project or Project.here()
    names = project.named(list(chapters) if chapters else None)
    settings, broken = _settings(project, names, profile, parameters or {})
    if any(str(value).startswith("atelier-") for chosen in settings.values() for value in chosen.values()):
        drawing.require()  # else every chapter with a generated corpus would fail for want of it, one by one
    _remove_orphans(project)
    outcomes, address = list(broken), None
    with ExitStack() as stack:
        stack.enter_context(lent_homes())
        for turn in range(3):
            stage = [name for name in settings if digests.stage(project, name) == turn]
            keys = {name: digests.key(project, name, settings[name]) for name in stage}
            fresh = [name for name in stage if not force and up_to_date(project, name, keys[name])]
            outcomes += [Outcome(name, "up to date") for name in fresh]
            tasks = [(project, name, settings[name], keys[name]) for name in stage if name not in fresh]
            if tasks and address is None:
                loaded = digests.libraries(project, [task[1] for task in tasks])
                address = stack.enter_context(nursery([*KERNEL, *loaded]))
            outcomes += _together(tasks, jobs, address) if tasks else []
    order = {name: place for place, name in enumerate(names)}
    return Report(tuple(sorted(outcomes, key=lambda outcome: order[outcome.chapter])))


def _settings(
    project: Project, names: list[str], profile: str, given: dict[str, Any]
) -> tuple[dict[str, dict], list[Outcome]]:
    """Parameters of each chapter, and the chapters whose source cannot be read."""
    shared = read_profile(project, profile)
    settings, broken, unused = {}, [], dict(given)
    for name in names:
        try:
            known = notebooks.parameter_names(project.source(name))
        except (ValueError, SyntaxError) as error:
            broken.append(Outcome(name, "failed", message=str(error)))
            continue
        chosen = {key: value for key, value in given.items() if key in known or len(names) == 1}
        unused = {key: value for key, value in unused.items() if key not in chosen}
        wanted = {**_for_chapter(shared, name), **chosen}
        unknown = sorted(set(wanted) - set(known))
        if unknown:
            raise ValueError(f"{name} has no parameter {', '.join(map(repr, unknown))}; it has: {', '.join(known)}")
        own = {"profile": profile, "book": True}
        settings[name] = {**wanted, **{key: value for key, value in own.items() if key in known}}
    if unused and settings:
        raise ValueError(f"none of these chapters has a parameter {', '.join(map(repr, unused))}: {', '.join(names)}")
    return settings, broken


def read_profile(project: Project, profile: str) -> dict[str, Any]:
    """The parameters in a profile's file.

    Raises
    ------
    ValueError
        If there is no such profile.
    """
    folder = project.notebooks / "profiles"
    path = folder / f"{profile}.toml"
    if not path.is_file():
        there = sorted(file.stem for file in folder.glob("*.toml"))
        raise ValueError(
            f"no profile {profile!r}; there are: {', '.join(there)}. A profile is a file {folder.name}/NAME.toml"
        )
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _for_chapter(shared: dict[str, Any], chapter: str) -> dict[str, Any]:
    """A profile's parameters for one chapter: those for all, then those of its folder's table, then of its own."""
    chosen = {name: value for name, value in shared.items() if not isinstance(value, dict)}
    for table in (chapter.rpartition("/")[0], chapter):
        chosen |= shared.get(table, {})
    return chosen


def up_to_date(project: Project, chapter: str, key: str) -> bool:
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


def _together(tasks: list[tuple], jobs: int, address: str | None) -> list[Outcome]:
    """Execute in separate processes; one that fails does not stop the others."""
    console = Console(stderr=True)
    columns = TextColumn("executing chapters"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    workers = min(jobs, len(tasks))
    options = {"threads": max(1, (os.cpu_count() or 1) // workers), "nursery": address}
    outcomes = []
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
        ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool,
    ):
        bar = progress.add_task("", total=len(tasks))
        waiting = {pool.submit(notebooks.execute, *task, **options): task[1] for task in tasks}
        for job in as_completed(waiting):
            error = job.exception()
            name = waiting[job]
            outcome = Outcome(name, "failed", message=str(error)) if error else Outcome(name, "executed", job.result())
            outcomes.append(outcome)
            progress.advance(bar)
            console.print(str(outcome), markup=False, highlight=False, soft_wrap=True)
    return outcomes


def _end_with_parent() -> None:
    """In a worker: end when the command was killed, and with it the kernel, whose client is gone."""

    def watch() -> None:
        connection.wait([parent_process().sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _remove_orphans(project: Project) -> None:
    """An executed chapter goes when its source is gone."""
    alive = set(project.chapters())
    for path in project.executed.rglob("*.ipynb"):
        name = path.relative_to(project.executed).with_suffix("").as_posix()
        if name not in alive:
            path.unlink()
