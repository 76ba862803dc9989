"""``neuroattr assets``: the data sets and networks, where they lie, and whether they are whole."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from neuroattr.cli import terminal

group = typer.Typer(
    help="The data sets and networks: what there is, where it lies, whether it is whole.", no_args_is_help=True
)
Names = Annotated[list[str] | None, typer.Argument(help="Assets; all when none is named.")]


@group.command("list")
def list_() -> None:
    """Every asset of the manifest: size, licence, and what it stands in for."""
    from neuroattr import assets

    table = Table("asset", "MB", "licence", "stands in for")
    with terminal.told():
        known = assets.manifest()
    for name, asset in sorted(known.items()):
        size = sum(file.bytes for file in asset.files) / 1e6
        table.add_row(name, f"{size:.1f}", escape(asset.licence), escape(asset.substitute_for or "-"))
    terminal.screen.print(table)


@group.command()
def fetch(names: Names = None) -> None:
    """Bring assets to this machine and verify them; what is there already is not fetched again."""
    from neuroattr import assets

    with terminal.told():
        known = assets.manifest()
    failed = []
    for name in names or sorted(known):
        try:
            files = known[name].files if name in known else ()
            places = [assets.path(name, file.name) for file in files] or [assets.path(name)]
            terminal.screen.print(f"[green]whole[/]   {name}  {escape(str(places[0].parent))}", soft_wrap=True)
        except (ValueError, OSError) as error:
            failed.append(name)
            terminal.complaints.print(f"[red]missing[/] {name}: {escape(str(error))}", soft_wrap=True)
    if failed:
        raise terminal.stop(f"{len(failed)} of {len(names or known)} assets could not be brought: {', '.join(failed)}")


@group.command()
def verify() -> None:
    """Hash every file that is here; exits with 1 if one is damaged (a missing one is reported, not an error)."""
    from neuroattr import assets

    table = Table("asset", "file", "state", "place")
    with terminal.told():
        records = assets.verify()
    for record in records:
        colour = {"present": "green", "missing": "yellow"}.get(record.state, "red")
        table.add_row(record.asset, record.file, f"[{colour}]{record.state}[/]", escape(str(record.where or "-")))
    terminal.screen.print(table)
    if any(record.state == "corrupt" for record in records):
        raise terminal.stop("damaged files are never used; delete them and run: neuroattr assets fetch")
