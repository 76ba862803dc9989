"""What of a paper decides results: its constants and its tables of words."""

import difflib
import functools
import tomllib
from importlib import resources

import pandas as pd

from neuroattr.papers import reading


class Constants:
    """The constants of a paper, read as attributes: ``constants.prime_units``. They cannot be changed."""

    __slots__ = ("_entries", "_key")

    def __init__(self, key, entries):
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "_entries", entries)

    def __getattr__(self, name):
        if name.startswith("_"):  # asked for by copy, pickle and the display of notebooks
            raise AttributeError(name)
        return self._entry(name)["value"]

    def __setattr__(self, name, value):
        raise AttributeError(
            f"constants of {self._key!r} cannot be changed ({name} = {value!r}); pass another value to the function"
        )

    def __delattr__(self, name):
        raise AttributeError(f"constants of {self._key!r} cannot be deleted ({name})")

    def __dir__(self):
        return [*self._entries, "place", "table"]

    def __iter__(self):
        return iter(self._entries)

    def __len__(self):
        return len(self._entries)

    def __contains__(self, name):
        return name in self._entries

    def __repr__(self):
        return f"Constants({self._key!r}: {', '.join(self._entries)})"

    def __reduce__(self):
        return Constants, (self._key, self._entries)

    def place(self, name):
        """Return where constant `name` is printed."""
        return self._entry(name)["place"]

    def table(self):
        """Return a DataFrame with a row for each constant: value, unit, place, printed, what, note."""
        columns = ("value", "unit", "place", "printed", "what", "note")
        rows = {name: [entry[column] for column in columns] for name, entry in self._entries.items()}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(columns)).rename_axis("name")

    def _entry(self, name):
        if name not in self._entries:
            near = nearest(name, self._entries)
            raise AttributeError(f"{self._key!r} has no constant {name!r}{near}; there are: {', '.join(self._entries)}")
        return self._entries[name]


def constants(key):
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


def words(key):
    """Return the tables of words of the paper `key`: dict of id to DataFrame, a row for each rank."""
    return reading.words(_settings(key), file=f"settings/{key}.toml")


def settings_text(key):
    """Return the TOML of the constants and words of the paper `key`."""
    file = resources.files(__name__).joinpath(f"{key}.toml")
    if not file.is_file():
        names = (each.name for each in resources.files(__name__).iterdir())
        known = sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))
        raise KeyError(f"no paper {key!r}{nearest(key, known)}; there are: {', '.join(known)}")
    return file.read_text(encoding="utf-8")


@functools.cache
def _settings(key):
    return reading.named(tomllib.loads(settings_text(key)), file=f"settings/{key}.toml")


def nearest(name, names):
    """Return ``" (did you mean 'x'?)"`` for the closest of `names`, or nothing."""
    close = difflib.get_close_matches(str(name), list(names), n=3, cutoff=0.5)
    return f" (did you mean {' or '.join(map(repr, close))}?)" if close else ""
