"""The command itself: its groups, and what it says of itself."""

from __future__ import annotations

from typing import Annotated

import typer

from neuroattr import __version__
from neuroattr.cli import assets, cache, chapters, report, terminal

app = typer.Typer(
    help="Which words can a network see, where in it, and why: run the chapters, build the book, manage the data.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command()(chapters.run)
app.command()(chapters.book)
app.command()(report.report)
app.add_typer(assets.group, name="assets")
app.add_typer(cache.group, name="cache")


def _version(wanted: bool) -> None:
    if wanted:
        terminal.screen.print(__version__)
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]


@app.callback()
def main(version: Version = False) -> None:
    """Run the chapters, build the book, manage the data."""
