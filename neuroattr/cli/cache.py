"""``neuroattr cache``: what is kept of what was computed, from what, how large, and removing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from neuroattr.cli import terminal

if TYPE_CHECKING:
    from neuroattr.provenance import Entry

group = typer.Typer(
    help="What is kept of what was computed: from what, how large, and which of it no current code can use.",
    no_args_is_help=True,
)
Kind = Annotated[str | None, typer.Option(help="Only results of this kind, such as activations; all by default.")]
Everything = Annotated[bool, typer.Option("--all", help="Remove also what the current code would use; asks first.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@group.command("list")
def list_(kind: Kind = None) -> None:
    """Every kept result, largest first: what it was made from, and whether the current code would use it."""
    with terminal.told():
        found = _entries(kind)
    table = Table("kind", "name", "size", "state", "of use", "made from")
    for entry in found:
        used = "[green]yes[/]" if entry.usable else "[yellow]no[/]"
        table.add_row(entry.kind, entry.path.name, _size(entry), entry.state, used, escape(entry.facts))
    if found:
        terminal.screen.print(table)
    terminal.say(_sum(found))
    if any(entry.state == "begun" for entry in found):
        terminal.say("begun: of a run that goes on or was stopped; or arrays that are added when they are asked for")


@group.command()
def size(kind: Kind = None) -> None:
    """How much is kept of each kind, and how much of it no current code can use."""
    with terminal.told():
        found = _entries(kind)
    table = Table("kind", "results", "size", "of no use")
    for name in sorted({entry.kind for entry in found}):
        own = [entry for entry in found if entry.kind == name]
        table.add_row(name, str(len(own)), _size(*own), _size(*(entry for entry in own if not entry.usable)))
    if found:
        terminal.screen.print(table)
    terminal.say(_sum(found))


@group.command()
def clear(kind: Kind = None, everything: Everything = False, yes: Yes = False) -> None:
    """Remove what no current code can use; with --all, everything that is kept."""
    from neuroattr import provenance

    with terminal.told():
        meant = [entry for entry in _entries(kind) if everything or not entry.usable]
        if everything and meant and not yes:
            _ask(meant)
        removed = provenance.clear(kind=kind, everything=everything)
    for entry in removed:
        terminal.say(f"removed {entry.kind}/{entry.path.name} ({_size(entry)})")
    terminal.say(f"{_size(*removed)} freed, {_number(removed)} removed")
    held = {entry.path for entry in meant} - {entry.path for entry in removed}
    if held:
        terminal.say(f"{len(held)} left, because a running process is using them")


def _ask(meant: list[Entry]) -> None:
    """Go on only where somebody says yes."""
    try:
        agreed = typer.confirm(f"Remove {_sum(meant)}?")
    except typer.Abort:  # an interrupt, or nobody there to be asked
        terminal.say("")
        agreed = False
    if not agreed:
        raise terminal.stop("nothing was removed; without a question: neuroattr cache clear --all --yes")


def _entries(kind: str | None) -> list[Entry]:
    """What is kept, of one kind where one is named.

    Raises
    ------
    ValueError
        If nothing of that kind is kept, but of others.
    """
    from neuroattr import provenance

    found = provenance.entries()
    kinds = sorted({entry.kind for entry in found})
    if kind is not None and kinds and kind not in kinds:
        raise ValueError(f"nothing of kind {kind!r} is kept; of these kinds there is something: {', '.join(kinds)}")
    return [entry for entry in found if kind in {None, entry.kind}]


def _number(found: list[Entry]) -> str:
    return f"{len(found)} result{'s' * (len(found) != 1)}"


def _size(*found: Entry) -> str:
    from neuroattr.provenance import size_text

    return size_text(sum(entry.size for entry in found))


def _sum(found: list[Entry]) -> str:
    """``12 results, 3.4 MB, in FOLDER``."""
    from neuroattr.assets import cache_folder

    return f"{_number(found)}, {_size(*found)}, in {cache_folder()}"
