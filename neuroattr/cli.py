"""The ``neuroattr`` command: data, chapters, the book, and what they measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

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


def _stop(message: object) -> typer.Exit:
    """An exit that has told why, without a traceback."""
    complaints.print(f"[bold red]neuroattr:[/] {escape(str(message))}", soft_wrap=True)
    return typer.Exit(1)


def _parameters(texts: list[str] | None) -> dict[str, object]:
    """``["k=5", "word=red"]`` as ``{"k": 5, "word": "red"}``."""
    pairs = {}
    for text in texts or []:
        name, sign, value = text.partition("=")
        if not sign or not name.isidentifier():
            raise _stop(f"-p wants NAME=VALUE, got {text!r}; for example: -p backbone=resnet50")
        try:
            pairs[name] = json.loads(value)
        except json.JSONDecodeError:
            pairs[name] = value
    return pairs


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
    for name, asset in sorted(assets.manifest().items()):
        size = sum(file.bytes for file in asset.files) / 1e6
        table.add_row(name, f"{size:.1f}", escape(asset.licence), escape(asset.substitute_for or "-"))
    screen.print(table)


@assets_app.command("fetch")
def assets_fetch(names: Names = None) -> None:
    """Bring assets to this machine and verify them; what is there already is not fetched again."""
    from neuroattr import assets

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
    from neuroattr import assets, execution

    try:
        settings = {"profile": profile, "parameters": _parameters(parameters), "jobs": jobs, "force": force}
        report = execution.run(chapters or None, **settings)
        kept = execution.keep_ledger(profile) if keep_ledger and not report.failed else []
    except (ValueError, FileNotFoundError, NotADirectoryError, assets.UnwritableFolder, ImportError) as error:
        raise _stop(error) from None
    screen.print(escape(str(report)))
    for path in kept:
        screen.print(f"kept {path}")
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
    from neuroattr import assets, execution

    try:
        settings = {"profile": profile, "parameters": _parameters(parameters), "jobs": jobs, "force": force}
        report = execution.run(None, **settings)
        screen.print(escape(str(report)))
        if report.failed:
            raise _stop("the book was not built, because chapters failed (above)")
        index = execution.build(profile=profile)
    except (
        ValueError,
        FileNotFoundError,
        NotADirectoryError,
        assets.UnwritableFolder,
        ImportError,
        RuntimeError,
    ) as error:
        raise _stop(error) from None
    screen.print(f"The book: [bold]{Path(index).as_uri()}[/]", soft_wrap=True)
    if serve:
        execution.serve(Path(index).parent)


@app.command()
def report(paper: PaperKey = "discovery", csv: Csv = None) -> None:
    """Paper beside here: every printed number with what was measured on real and on generated data."""
    from neuroattr import execution, results

    try:
        runs = {
            name: results.read(*folders, code=execution.code_digest) for name, folders in execution.ledgers().items()
        }
        table = results.scoreboard(paper, runs)
    except (KeyError, ValueError, FileNotFoundError) as error:
        raise _stop(error) from None
    if csv:
        table.to_csv(csv, index=False)
    table = table.loc[table.kind != "setting", ["what", "place", "printed", *runs]]
    shown = Table(*table.columns)
    for row in table.astype(object).where(table.notna(), "").itertuples(index=False):
        shown.add_row(*(escape(f"{value:.4g}" if isinstance(value, float) else str(value)) for value in row))
    screen.print(shown)
