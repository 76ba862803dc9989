"""Parameters that name something of the library, held against what it has, before a kernel starts."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from neuroattr.book.execution.parameters import is_whole, near, of_kind, shown

LIBRARY = "neuroattr"
"""Only projects of this package have chapters whose parameters are known here."""

# Names of the library: what they are of, and the module and its member that has them. The two stand apart because a
# text that is a dotted name becomes, for the digests, a part of every page that reads ledgers.
CORPORA, NETWORKS = ("corpus", "corpus", "names"), ("network", "backbone", "names")
NAMES = {
    "corpus": CORPORA,
    "backbone": NETWORKS,
    "others": NETWORKS,
    "tasks": ("task", "training", "tasks", "TASKS"),
    "prior_source": ("list of counts", "people", "norms", "COUNTS"),
}
ENDINGS = ("corpus", "backbone")  # of street_corpus, noise_backbone ...
LARGEST_SEED = 2**32 - 1


def check(chapter: str, settings: Mapping[str, Any], root: Path) -> None:
    """Raise ValueError for a corpus, network or recipe that the library does not have, a seed, or a table that is none.

    Notes
    -----
    The library is asked, and that means to import it: some seconds, so ask only for what is to be executed.
    """
    for name, value in settings.items():
        ending = name.rpartition("_")[2]
        source = NAMES.get(name) or (NAMES[ending] if ending in ENDINGS else None)
        if source:
            for one in value if isinstance(value, list | tuple) else [value]:
                _check_name(chapter, name, one, source)
        elif ending == "seed" and not (is_whole(value) and 0 <= value <= LARGEST_SEED):
            raise ValueError(f"{chapter} wants a whole number from 0 to {LARGEST_SEED} as {name}; got {shown(value)}")
        elif name == "table" and value and not (root / value).is_file():
            raise ValueError(
                f"{chapter} wants the path of a file as {name}, whole or from {root}; got {shown(value)}, where no "
                "file is. Empty, an example is written"
            )
        elif name == "tuning":
            _check_tuning(chapter, name, value, settings.get("backbone"))


def _asked(*path: str) -> Any:
    """A member of the library."""
    return getattr(importlib.import_module(".".join(("neuroattr", *path[:-1]))), path[-1])


def _check_name(chapter: str, parameter: str, name: Any, source: tuple[str, ...]) -> None:
    kind, *path = source
    asked = _asked(*path)
    names = list(asked() if callable(asked) else asked)
    if name not in names:
        there = f"there are: {', '.join(names)}" if len(names) <= 12 else f"{'.'.join(path)}() of neuroattr lists all"
        raise ValueError(
            f"{chapter} wants the name of a {kind} as {parameter}; got {shown(name)}{near(name, names)} ({there})"
        )


def _check_tuning(chapter: str, parameter: str, choices: Mapping[str, Any], backbone: str | None) -> None:
    """Choices of a recipe: their names and values, and the layers that are to be frozen."""
    recipe = _asked("training", "Tuning")
    known = recipe.__dataclass_fields__
    for name in choices:
        if name not in known:
            raise ValueError(
                f"{chapter} wants choices of training.Tuning as {parameter}; got {name!r}{near(name, known)} "
                f"(there are: {', '.join(known)})"
            )
        own = known[name].default
        of_kind(f"{parameter}: {name}", choices[name], own, where=chapter)
    try:
        recipe(**choices)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{chapter} cannot use {parameter} = {shown(choices)}: {error}") from None
    if choices.get("frozen") and backbone:
        layers = _asked("backbone", "load")(backbone, weights="random").layers
        for layer in choices["frozen"]:
            if layer not in layers:
                raise ValueError(
                    f"{chapter} wants layers of {backbone} to be frozen; got {layer!r}{near(layer, layers)} "
                    f"(there are: {', '.join(layers)})"
                )
