"""Parameters of chapters: written as pairs, and held against the kinds of the chapters' own ones."""

from __future__ import annotations

import ast
import difflib
import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

OWN = {
    "profile": "choose it by --profile, in Python by run(profile=...)",
    "book": "every chapter that is executed here is made for the book; to see one otherwise, open it in Jupyter",
}
"""Parameters that the command sets itself, and what to use instead."""


class Spelled(str):
    """A value as it was written on the command line; what it says depends on the kind of the parameter."""

    __slots__ = ()


def pairs(texts: Iterable[str]) -> dict[str, Spelled]:
    """``["k=5", "word=red"]`` as ``{"k": "5", "word": "red"}``, values as they were written.

    Raises
    ------
    ValueError
        If one is no pair, names what the command sets itself, or names a parameter again.
    """
    found: dict[str, Spelled] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.isidentifier():
            raise ValueError(
                f"-p wants NAME=VALUE, without spaces around the sign; got {text!r}. For example: -p backbone=resnet50"
            )
        if name in found:
            raise ValueError(
                f"-p wants a parameter once; got {name} twice, as {found[name]!r} and as {value!r}. Leave one out"
            )
        refuse_own({name: value})
        found[name] = Spelled(value)
    return found


def refuse_own(given: Mapping[str, Any], *, where: str = "parameters") -> None:
    """Raise ValueError for those that the command sets itself: they would be overwritten."""
    for name, instead in OWN.items():
        if name in given:
            raise ValueError(
                f"{name!r} is none of the parameters to be given: the command sets it; {where} has {name} = "
                f"{shown(given[name])}. Leave it out and {instead}"
            )


def near(name: str, names: Iterable[str]) -> str:
    """What may have been meant, to be put after a message; nothing, if no name is close."""
    by_lower = {one.lower(): one for one in names}
    close = [by_lower[one] for one in difflib.get_close_matches(str(name).lower(), by_lower, n=3, cutoff=0.6)]
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else ""


def of_kind(name: str, value: Any, default: Any, *, where: str) -> Any:
    """The value, of the kind of a chapter's own one: a number stays a number, and a text a text.

    Parameters
    ----------
    name : str
    value : what was given; read by the kind, if it is `Spelled`
    default : the chapter's own value; Ellipsis if that is not written out, which fits all
    where : str
        For the message.

    Raises
    ------
    ValueError
        If it is of another kind.
    """
    read = _read(value, default) if isinstance(value, Spelled) else value
    kind = next((kind for kind in KINDS if kind[0](default)), None)
    if kind is None or kind[1](read, default):
        return read
    example = f"-p {name}={shown(default)!r}" if isinstance(default, list | dict) else f"-p {name}={shown(default)}"
    raise ValueError(
        f"{where} wants {kind[2]} as {name}; got {shown(value)}. Its own value is {shown(default)}; "
        f"on the command line: {example}"
    )


def fitting(values: Mapping[str, Any], own: Mapping[str, Any], *, chapter: str, where: str) -> dict[str, Any]:
    """The values, each of the kind of the chapter's own one.

    Raises
    ------
    ValueError
        If the chapter has no such parameter, or a value is of another kind.
    """
    unknown = sorted(set(values) - set(own))
    if unknown:
        meant = "".join(near(name, own) for name in unknown)
        raise ValueError(f"{chapter} has no parameter {', '.join(map(repr, unknown))}; it has: {', '.join(own)}{meant}")
    return {name: of_kind(name, value, own[name], where=where) for name, value in values.items()}


def is_whole(value: Any) -> bool:
    """Whether it is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _is_list_like(value: Any, default: list[Any] | tuple[Any, ...]) -> bool:
    """A list whose entries are of the kind of those of the chapter's own, where all of these are of one kind."""
    if not isinstance(value, list | tuple):
        return False
    fit = next((fit for of, fit, _ in KINDS[:4] if default and all(map(of, default))), None)
    return fit is None or all(fit(one, default[0]) for one in value)


KINDS: tuple[tuple[Callable[[Any], bool], Callable[[Any, Any], bool], str], ...] = (
    (lambda own: isinstance(own, bool), lambda value, own: isinstance(value, bool), "true or false"),
    (is_whole, lambda value, own: is_whole(value), "a whole number"),
    (lambda own: isinstance(own, float), lambda value, own: _is_number(value), "a finite number"),
    (
        lambda own: isinstance(own, str),
        lambda value, own: isinstance(value, str) and bool(value.strip() or not own),
        "a text",
    ),
    (lambda own: isinstance(own, list | tuple), _is_list_like, "a list"),
    (lambda own: isinstance(own, dict), lambda value, own: isinstance(value, dict), "named values"),
)
"""Whether a chapter's own value is of a kind, whether another one is then, and what to call the kind."""


def _read(text: Spelled, default: Any) -> Any:
    """A written value: JSON, or as Python writes it, or a text. Where a text is wanted, ``5`` is one."""
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if not isinstance(default, str) or isinstance(value, str):
            return value
    return str(text)


def shown(value: Any) -> str:
    """A value as it is shown in messages: as JSON, but texts in the quotes of Python."""
    if isinstance(value, str):
        return repr(str(value)) if value else "nothing"
    try:
        return json.dumps(value)
    except TypeError:
        return repr(value)
