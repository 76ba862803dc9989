"""The ``neuroattr`` command: data, chapters, the book, and what they measured."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from neuroattr import __version__

app = typer.Typer(
    help="Which words can a network see, where in it, and why: run the chapters, build the book, manage the data.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
assets_app = typer.Typer(
    help="The data sets and networks: what there is, where it lies, whether it is whole.", no_args_is_help=True
)
app.add_typer(assets_app, name="assets")

screen = Console()
complaints = Console(stderr=True)

Profile = Annotated[str, typer.Option(help="Parameters of all chapters: embedded (generated data), sample (real) ...")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Chapters executed at the same time.")]
Parameter = Annotated[
    list[str] | None, typer.Option("-p", metavar="NAME=VALUE", help="A parameter of the chapters; JSON or text.")
]
Force = Annotated[bool, typer.Option("--force", help="Execute also what is up to date.")]
Serve = Annotated[bool, typer.Option("--serve", help="Then serve it at 127.0.0.1 until Ctrl-C.")]
Keep = Annotated[bool, typer.Option("--keep-ledger", help="Copy the numbers to book/ledger, where git keeps them.")]
Names = Annotated[list[str] | None, typer.Argument(help="Assets; all when none is named.")]
Chapters = Annotated[
    list[str] | None,
    typer.Argument(help="Chapters such as discovery/04_1 (a beginning is enough); all when none is named."),
]
PaperKey = Annotated[str, typer.Argument(help="A paper's key, such as discovery or hidden_layers.")]
Csv = Annotated[Path | None, typer.Option(help="Also write the table to this file.")]


def _stop(message: object, code: int = 1) -> typer.Exit:
    """An exit that has told why, without a traceback."""
    complaints.print(f"[bold red]neuroattr:[/] {escape(str(message))}", soft_wrap=True)
    return typer.Exit(code)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Errors that are for the reader end the command with their words; an interrupt with what it leaves."""
    try:
        yield
    except KeyboardInterrupt:
        raise _stop("interrupted; what was done by then is kept, and the same command does the rest", 130) from None
    except KeyError as error:
        raise _stop(error.args[0] if error.args else error) from None
    except (ValueError, OSError, RuntimeError, ImportError) as error:
        raise _stop(error if str(error) else repr(error)) from None


def _settings(profile: str, parameters: list[str] | None, jobs: int, force: bool) -> dict[str, Any]:
    """What ``execution.run`` is to be called with."""
    from neuroattr.execution.parameters import pairs

    return {"profile": profile, "parameters": pairs(parameters or []), "jobs": jobs, "force": force}


def _version(wanted: bool) -> None:
    if wanted:
        screen.print(__version__)
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]


@app.callback()
def main(version: Version = False) -> None:
    """Run the chapters, build the book, manage the data."""


@assets_app.command("list")
def assets_list() -> None:
    """Every asset of the manifest: size, licence, and what it stands in for."""
    from neuroattr import assets

    table = Table("asset", "MB", "licence", "stands in for")
    with _told():
        known = assets.manifest()
    for name, asset in sorted(known.items()):
        size = sum(file.bytes for file in asset.files) / 1e6
        table.add_row(name, f"{size:.1f}", escape(asset.licence), escape(asset.substitute_for or "-"))
    screen.print(table)


@assets_app.command("fetch")
def assets_fetch(names: Names = None) -> None:
    """Bring assets to this machine and verify them; what is there already is not fetched again."""
    from neuroattr import assets

    with _told():
        known = assets.manifest()
    failed = []
    for name in names or sorted(known):
        try:
            files = known[name].files if name in known else ()
            places = [assets.path(name, file.name) for file in files] or [assets.path(name)]
            screen.print(f"[green]whole[/]   {name}  {escape(str(places[0].parent))}", soft_wrap=True)
        except (ValueError, OSError) as error:
            failed.append(name)
            complaints.print(f"[red]missing[/] {name}: {escape(str(error))}", soft_wrap=True)
    if failed:
        raise _stop(f"{len(failed)} of {len(names or known)} assets could not be brought: {', '.join(failed)}")


@assets_app.command("verify")
def assets_verify() -> None:
    """Hash every file that is here; exits with 1 if one is damaged (a missing one is reported, not an error)."""
    from neuroattr import assets

    table = Table("asset", "file", "state", "place")
    with _told():
        records = assets.verify()
    for record in records:
        colour = {"present": "green", "missing": "yellow"}.get(record.state, "red")
        table.add_row(record.asset, record.file, f"[{colour}]{record.state}[/]", escape(str(record.where or "-")))
    screen.print(table)
    if any(record.state == "corrupt" for record in records):
        raise _stop("damaged files are never used; delete them and run: neuroattr assets fetch")


@app.command()
def run(
    chapters: Chapters = None,
    profile: Profile = "embedded",
    parameters: Parameter = None,
    jobs: Jobs = 2,
    force: Force = False,
    keep_ledger: Keep = False,
) -> None:
    """Execute chapters that changed; the others keep their result."""
    from neuroattr import execution
    from neuroattr.execution.processes import ending_by_signals

    with _told(), ending_by_signals():
        report = execution.run(chapters or None, **_settings(profile, parameters, jobs, force))
        kept = execution.keep_ledger(profile) if keep_ledger and not report.failed else []
    screen.print(escape(str(report)), soft_wrap=True)
    for path in kept:
        screen.print(f"kept {escape(str(path))}", soft_wrap=True)
    if report.failed:
        raise typer.Exit(1)


@app.command()
def book(
    profile: Profile = "embedded",
    parameters: Parameter = None,
    jobs: Jobs = 2,
    force: Force = False,
    serve: Serve = False,
) -> None:
    """Execute what changed, build the html and say where to open it."""
    from neuroattr import execution
    from neuroattr.execution.processes import ending_by_signals

    with _told(), ending_by_signals():
        report = execution.run(None, **_settings(profile, parameters, jobs, force))
        screen.print(escape(str(report)), soft_wrap=True)
        if report.failed:
            raise ValueError("the book was not built, because chapters failed (above)")
        index = execution.build(profile=profile)
    screen.print(f"The book: [bold]{escape(Path(index).as_uri())}[/]", soft_wrap=True)
    if serve:
        with _told():
            execution.serve(Path(index).parent)


@app.command()
def report(paper: PaperKey = "discovery", csv: Csv = None) -> None:
    """Paper beside here: every printed number with what was measured on real and on generated data."""
    from neuroattr import assets, execution, results

    with _told():
        runs = {
            name: results.read(*folders, code=execution.code_digest) for name, folders in execution.ledgers().items()
        }
        table = results.scoreboard(paper, runs)
        if csv:
            with assets.write_whole(csv) as part:
                table.to_csv(part, index=False)
    table = table.loc[table.kind != "setting", ["what", "place", "printed", *runs]]
    shown = Table(*table.columns)
    for row in table.astype(object).where(table.notna(), "").itertuples(index=False):
        shown.add_row(*(escape(f"{value:.4g}" if isinstance(value, float) else str(value)) for value in row))
    screen.print(shown)


if __name__ == "__main__":
    app()
