"""What of a paper decides results: its constants and its tables of words."""

import difflib
import functools
import tomllib
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any

import pandas as pd

from neuroattr.papers import reading


class Constants:
    """The constants of a paper, read as attributes: ``constants.prime_units``. They cannot be changed."""

    __slots__ = ("_entries", "_key")
    _entries: dict[str, dict[str, Any]]
    _key: str

    def __init__(self, key: str, entries: dict[str, dict[str, Any]]) -> None:
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "_entries", entries)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # asked for by copy, pickle and the display of notebooks
            raise AttributeError(name)
        return self._entry(name)["value"]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(
            f"constants of {self._key!r} cannot be changed ({name} = {value!r}); pass another value to the function"
        )

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"constants of {self._key!r} cannot be deleted ({name})")

    def __dir__(self) -> list[str]:
        return [*self._entries, "place", "table"]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __repr__(self) -> str:
        return f"Constants({self._key!r}: {', '.join(self._entries)})"

    def __reduce__(self) -> tuple[type, tuple[str, dict[str, dict[str, Any]]]]:
        return Constants, (self._key, self._entries)

    def place(self, name: str) -> str:
        """Return where constant `name` is printed."""
        return str(self._entry(name)["place"])

    def table(self) -> pd.DataFrame:
        """Return a DataFrame with a row for each constant: value, unit, place, printed, what, note."""
        columns = ("value", "unit", "place", "printed", "what", "note")
        rows = {name: [entry[column] for column in columns] for name, entry in self._entries.items()}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(columns)).rename_axis("name")

    def _entry(self, name: str) -> dict[str, Any]:
        if name not in self._entries:
            near = nearest(name, self._entries)
            raise AttributeError(f"{self._key!r} has no constant {name!r}{near}; there are: {', '.join(self._entries)}")
        return self._entries[name]


def constants(key: str) -> Constants:
    """Return the `Constants` of the paper `key`.

    Raises
    ------
    KeyError
        If there is no such paper.
    PaperError
        If one of them lacks a field or has one of the wrong kind.

    Examples
    --------
    >>> constants("discovery").prime_units
    100
    """
    return Constants(key, _settings(key)["constants"])


def words(key: str) -> dict[str, pd.DataFrame]:
    """Return the tables of words of the paper `key`: dict of id to DataFrame, a row for each rank."""
    return reading.words(_settings(key), file=f"settings/{key}.toml")


def settings_text(key: str) -> str:
    """Return the TOML of the constants and words of the paper `key`."""
    file = resources.files(__name__).joinpath(f"{key}.toml")
    if not file.is_file():
        names = (each.name for each in resources.files(__name__).iterdir())
        known = sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))
        raise KeyError(f"no paper {key!r}{nearest(key, known)}; there are: {', '.join(known)}")
    return file.read_text(encoding="utf-8")


@functools.cache
def _settings(key: str) -> dict[str, dict[str, reading.Entry]]:
    return reading.named(tomllib.loads(settings_text(key)), file=f"settings/{key}.toml")


def nearest(name: object, names: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"`` for the closest of `names`, or nothing."""
    close = difflib.get_close_matches(str(name), list(names), n=3, cutoff=0.5)
    return f" (did you mean {' or '.join(map(repr, close))}?)" if close else ""
