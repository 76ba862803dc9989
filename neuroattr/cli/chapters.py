"""``neuroattr run`` and ``neuroattr book``: execute the chapters, and build the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from neuroattr.cli import terminal

Chapters = Annotated[
    list[str] | None,
    typer.Argument(help="Chapters such as discovery/04_1 (a beginning is enough); all when none is named."),
]
Profile = Annotated[str, typer.Option(help="Parameters of all chapters: embedded (generated data), sample (real) ...")]
Parameter = Annotated[
    list[str] | None, typer.Option("-p", metavar="NAME=VALUE", help="A parameter of the chapters; JSON or text.")
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Chapters executed at the same time.")]
Force = Annotated[bool, typer.Option("--force", help="Execute also what is up to date.")]
Serve = Annotated[bool, typer.Option("--serve", help="Then serve it at 127.0.0.1 until Ctrl-C.")]
Keep = Annotated[bool, typer.Option("--keep-ledger", help="Copy the numbers to book/ledger, where git keeps them.")]


def run(
    chapters: Chapters = None,
    profile: Profile = "embedded",
    parameters: Parameter = None,
    jobs: Jobs = 2,
    force: Force = False,
    keep_ledger: Keep = False,
) -> None:
    """Execute chapters that changed; the others keep their result."""
    from neuroattr.book import execution
    from neuroattr.book.execution.processes import ending_by_signals

    with ending_by_signals(), terminal.told():
        report = execution.run(chapters or None, **_settings(profile, parameters, jobs, force))
        kept = execution.keep_ledger(profile) if keep_ledger and not report.failed else []
    terminal.say(report)
    for path in kept:
        terminal.say(f"kept {path}")
    if report.failed:
        raise typer.Exit(1)


def book(
    profile: Profile = "embedded",
    parameters: Parameter = None,
    jobs: Jobs = 2,
    force: Force = False,
    serve: Serve = False,
) -> None:
    """Execute what changed, build the html and say where to open it."""
    from neuroattr.book import execution
    from neuroattr.book.execution.processes import ending_by_signals

    with ending_by_signals(), terminal.told():
        # What pages need from elsewhere is fetched first: it would be a pity if it could not after all chapters ran.
        report = execution.run(None, **_settings(profile, parameters, jobs, force), first=execution.vendor)
        terminal.say(report)
        if report.failed:
            raise ValueError("the book was not built, because chapters failed (above)")
        index = execution.build(profile=profile)
    terminal.screen.print(f"The book: [bold]{escape(Path(index).as_uri())}[/]", soft_wrap=True)
    if serve:
        with terminal.told():
            execution.serve(Path(index).parent)


def _settings(profile: str, parameters: list[str] | None, jobs: int, force: bool) -> dict[str, Any]:
    """What ``execution.run`` is to be called with."""
    from neuroattr.book.execution.parameters import pairs

    return {"profile": profile, "parameters": pairs(parameters or []), "jobs": jobs, "force": force}
