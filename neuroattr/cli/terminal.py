"""What a command shows on the terminal, and how it ends: in words, with an exit code, never by a traceback."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

screen = Console()
complaints = Console(stderr=True)


def stop(message: object, code: int = 1) -> typer.Exit:
    """An exit that has told why, without a traceback."""
    complaints.print(f"[bold red]neuroattr:[/] {escape(str(message))}", soft_wrap=True)
    return typer.Exit(code)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Errors that are for the reader end the command with their words; an interrupt with what it leaves."""
    try:
        yield
    except typer.Exit:  # a RuntimeError, but it has told
        raise
    except KeyboardInterrupt:
        raise stop("interrupted; what was done by then is kept, and the same command does the rest", 130) from None
    except KeyError as error:
        raise stop(error.args[0] if error.args else error) from None
    except (ValueError, OSError, RuntimeError, ImportError) as error:
        raise stop(error if str(error) else repr(error)) from None


def say(message: object) -> None:
    """Print a line, whatever brackets are in it; long ones are left to the terminal to wrap."""
    screen.print(escape(str(message)), soft_wrap=True)


def show(frame: pd.DataFrame) -> None:
    """Print a table: numbers as everywhere (`results.shown`), nothing where a value is missing."""
    from neuroattr import results

    table = Table(*map(str, frame.columns))
    for row in frame.astype(object).where(frame.notna(), "").itertuples(index=False):
        table.add_row(*(escape(results.shown(value) if isinstance(value, float) else str(value)) for value in row))
    screen.print(table)


def keep_csv(frame: pd.DataFrame, path: Path | None) -> None:
    """Write a table to a CSV file, whole or not at all, where one was named."""
    from neuroattr import assets

    if path is not None:
        with assets.write_whole(path) as part:
            frame.to_csv(part, index=False)
