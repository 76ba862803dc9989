"""``neuroattr report``: paper beside here, and two runs beside one another."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neuroattr.cli import terminal

if TYPE_CHECKING:
    import pandas as pd

Paper = Annotated[
    str | None,
    typer.Argument(help="A paper's key, such as hidden_layers; discovery when none is named."),
]
Csv = Annotated[Path | None, typer.Option(help="Also write the table to this file.")]
Compare = Annotated[
    tuple[str, str] | None,
    typer.Option(
        metavar="BEFORE AFTER",
        help="Instead: what moved between two runs (folders of ledgers, or profiles), of all papers when none is "
        "named; exits with 1 if anything did.",
    ),
]


def report(paper: Paper = None, csv: Csv = None, compare: Compare = None) -> None:
    """Paper beside here: every printed number with what was measured on real and on generated data."""
    if compare is not None:
        return _compared(*compare, paper=paper, csv=csv)
    from neuroattr import results
    from neuroattr.book import execution

    with terminal.told():
        project = execution.Project.here()
        code = functools.partial(execution.code_digest, project=project)
        runs = {name: results.read(*folders, code=code) for name, folders in execution.ledgers(project).items()}
        table = results.scoreboard(paper or "discovery", runs)
        terminal.keep_csv(table, csv)
    terminal.show(table.loc[table.kind != "setting", ["what", "place", "printed", *runs]])


def _compared(before: str, after: str, *, paper: str | None, csv: Path | None) -> None:
    """Print what moved between two runs; the exit code is 1 if anything did."""
    from neuroattr import papers, results

    with terminal.told():
        table = results.changes(_run(before), _run(after))
        if paper is not None:
            papers.load(paper)  # a paper that there is not is refused, not found unmoved
            table = table[table["paper"] == paper]
        terminal.keep_csv(table, csv)
    moved = table[table["state"] != "same"]
    if len(moved):
        terminal.show(moved.drop(columns=["kind", "title"]))
    terminal.say(f"from {before} to {after}: {results.summary(table)}")
    if len(moved):
        raise typer.Exit(1)


def _run(name: str) -> pd.DataFrame:
    """All measurements and verdicts of one run: of a folder of ledgers, or of a profile of this checkout.

    Raises
    ------
    ValueError
        If it is neither, or has no ledger in it: two runs without a number would be equal.
    """
    from neuroattr import results
    from neuroattr.book import execution

    folders: tuple[Path, ...] = (Path(name),)
    if not folders[0].is_dir():
        try:
            profiles = execution.ledgers(execution.Project.here())
        except FileNotFoundError:  # outside a checkout there are folders only
            profiles = {}
        if name not in profiles:
            there = ", ".join(profiles) or "none"
            raise ValueError(f"wanted a folder of ledgers, or a profile that has some ({there}); got {name!r}")
        folders = profiles[name]
    if not any(any(folder.glob("*.json")) for folder in folders):
        raise ValueError(
            f"wanted ledgers to compare; {', '.join(map(str, folders))} holds none (*.json); a run writes them to "
            "book/generated/ledger/PROFILE"
        )
    return results.read(*folders)
