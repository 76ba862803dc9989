"""From the TOML of a paper to checked tables: required fields, their types, unique ids."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

COMPARABLE = ("same data", "stand-in data", "claim only", "")
KINDS = ("result", "setting", "data")
OUTCOMES = ("holds", "does not hold", "undecided", "")
NUMBER = (int, float)

Entry = dict[str, Any]

NUMBER_COLUMNS = ("id", "place", "table", "row", "column", "value", "unit", "kind")
EXTRA_COLUMNS = ("comparable", "reason", "note", "decimals")


class PaperError(ValueError):
    """An entry of a paper's file is missing a field, repeats an id, or has a value of the wrong kind."""


@dataclass(frozen=True)
class Field:
    """What an entry may hold under one name: its types, and the default that makes it optional."""

    types: tuple[type, ...]
    default: object = None
    required: bool = False
    among: tuple[str, ...] = ()


def _required(*types: type) -> Field:
    return Field(types, required=True)


def _text(among: tuple[str, ...] = ()) -> Field:
    return Field((str,), default="", among=among)


_PLACED = {"place": _required(str), "note": _text()}
_COMPARED = {"comparable": _text(COMPARABLE), "reason": _text()}
_CELL = {"unit": _text(), "decimals": Field((int,)), "kind": Field((str,), default="result", among=KINDS)}

SCHEMA = {
    "paper": {
        "title": _required(str),
        "authors": _required(list),
        "year": _required(int),
        "venue": _required(str),
        "bibtex": _required(str),
        "doi": _text(),
        "arxiv": _text(),
    },
    "constants": {
        **_PLACED,
        **_COMPARED,
        "value": _required(int, float, str, list),
        "unit": _text(),
        "what": _required(str),
        "kind": Field((str,), default="setting", among=KINDS),
        "printed": Field((bool,), default=True),
    },
    "numbers": {
        **_PLACED,
        **_COMPARED,
        **_CELL,
        "id": _required(str),
        "what": _required(str),
        "value": _required(*NUMBER),
    },
    "tables": {
        **_PLACED,
        **_COMPARED,
        "id": _required(str),
        "title": _required(str),
        "columns": _required(list),
        "rows": _required(list),
    },
    "columns": {**_CELL, "id": _required(str), "name": _required(str)},
    "rows": {"id": _required(str), "name": _text(), "values": _required(list)},
    "claims": {
        **_PLACED,
        "id": _required(str),
        "sentence": _required(str),
        "statistic": _text(),
        "above": Field(NUMBER),
        "below": Field(NUMBER),
        "each": _text(),
        "test": _text(),
        "printed": _text(OUTCOMES),
        "numbers": Field((list,), default=()),
        "same_as": _text(),
    },
    "choices": {
        "name": _required(str),
        "place": _required(str),
        "question": _required(str),
        "options": _required(list),
        "default": _required(str),
        "reason": _text(),
    },
    "errata": {name: _required(str) for name in ("id", "place", "printed", "reading", "why")},
    "words": {**_PLACED, "title": _required(str), "columns": _required(dict)},
    "sentences": {
        "id": _required(str),
        "place": _required(str),
        "class_name": _required(str),
        "text": _required(str),
        "attributes": _required(list),
    },
}
NAMED = ("constants", "words")
LISTED = ("numbers", "tables", "claims", "choices", "errata", "sentences")


def checked(document: Mapping[str, Any], *, file: str) -> dict[str, Any]:
    """Return `document` with every entry checked, its defaults filled in and its lists made tuples."""
    unknown = set(document) - {"paper", *NAMED, *LISTED}
    if unknown:
        raise PaperError(f"{file}: unknown table {sorted(unknown)[0]!r}; wanted: paper, {', '.join(NAMED + LISTED)}")
    result: dict[str, Any] = {"paper": _entry(document.get("paper", {}), "paper", f"{file}, [paper]")}
    result |= named(document, file=file)
    for part in LISTED:
        result[part] = [
            _entry(entry, part, f"{file}, [[{part}]] {_title(entry, position)}")
            for position, entry in enumerate(document.get(part, []), start=1)
        ]
        _unique([entry.get("id", entry.get("name")) for entry in result[part]], f"{file}, [[{part}]]")
    for choice in result["choices"]:
        if choice["default"] not in choice["options"]:
            raise PaperError(
                f"{file}, [[choices]] {choice['name']!r}: default {choice['default']!r} is none of its options"
            )
    return result


def named(document: Mapping[str, Any], *, file: str) -> dict[str, dict[str, Entry]]:
    """Return the constants and the tables of words of `document`, every entry checked."""
    return {
        part: {name: _entry(entry, part, f"{file}, [{part}.{name}]") for name, entry in document.get(part, {}).items()}
        for part in NAMED
    }


def numbers(checked: Mapping[str, Any], *, file: str) -> pd.DataFrame:
    """Return a DataFrame with a row for each printed number: of constants, single numbers and tables."""
    rows = [row for name, entry in checked["constants"].items() for row in _constant_rows(name, entry)]
    rows += [{**entry, "table": "", "row": entry["what"], "column": ""} for entry in checked["numbers"]]
    rows += [row for table in checked["tables"] for row in _table_rows(table, file=file)]
    _unique([row["id"] for row in rows], f"{file}, numbers")
    for row in rows:
        if row["comparable"] in ("stand-in data", "claim only") and not row["reason"]:
            raise PaperError(f"{file}, number {row['id']!r}: comparable = {row['comparable']!r} needs a reason")
    table = pd.DataFrame(rows, columns=[*NUMBER_COLUMNS, *EXTRA_COLUMNS])
    return table.astype({"value": float, "decimals": "Int64"})


def claims(checked: Mapping[str, Any], known: Collection[str], *, file: str) -> pd.DataFrame:
    """Return a DataFrame of the claims; the test of a claim with a statistic is written out from its bounds.

    `known` are the ids of the printed numbers that a claim may name.
    """
    rows = [{**claim, "test": _test(claim, f"{file}, [[claims]] {claim['id']!r}")} for claim in checked["claims"]]
    for claim in rows:
        missing = [name for name in claim["numbers"] if name not in known]
        if missing:
            raise PaperError(f"{file}, [[claims]] {claim['id']!r}: no printed number {missing[0]!r}")
    columns = ["id", "place", "sentence", "test"]
    columns += ["statistic", "above", "below", "each", "printed", "numbers", "note", "same_as"]
    return pd.DataFrame(rows, columns=columns).astype({"above": float, "below": float})


def words(checked: Mapping[str, Any], *, file: str) -> dict[str, pd.DataFrame]:
    """Return a dict of DataFrames of words: a row for each rank (from 1), a column for each list."""
    tables = {}
    for name, entry in checked["words"].items():
        lengths = {column: len(listed) for column, listed in entry["columns"].items()}
        if len(set(lengths.values())) != 1:
            raise PaperError(f"{file}, [words.{name}]: lists of different length: {lengths}")
        for column, listed in entry["columns"].items():
            _unique(listed, f"{file}, [words.{name}] {column!r}")
        tables[name] = pd.DataFrame(entry["columns"]).rename(index=lambda position: position + 1).rename_axis("rank")
        tables[name].attrs = {"place": entry["place"], "title": entry["title"], "note": entry["note"]}
    return tables


def frame(checked: Mapping[str, Any], part: str) -> pd.DataFrame:
    """Return the entries of one listed part as a DataFrame."""
    return pd.DataFrame(checked[part], columns=list(SCHEMA[part]))


def _entry(entry: Entry, part: str, where: str) -> Entry:
    """Return one entry with its fields checked against the schema of its part."""
    fields = SCHEMA[part]
    unknown = set(entry) - set(fields)
    if unknown:
        raise PaperError(f"{where}: unknown field {sorted(unknown)[0]!r}; wanted: {', '.join(fields)}")
    return {name: _value(entry.get(name), field, f"{where}, {name}") for name, field in fields.items()}


def _value(value: Any, field: Field, where: str) -> Any:
    if value is None:
        if field.required:
            raise PaperError(f"{where}: missing")
        return field.default
    right_type = isinstance(value, field.types) and (bool in field.types or not isinstance(value, bool))
    if not right_type:
        names = " or ".join(kind.__name__ for kind in field.types)
        raise PaperError(f"{where}: wanted {names}, got {value!r}")
    if field.among and value not in field.among:
        raise PaperError(f"{where}: wanted one of {', '.join(map(repr, field.among))}, got {value!r}")
    if field.required and value in ("", [], {}):
        raise PaperError(f"{where}: empty")
    return tuple(value) if isinstance(value, list) else value


def _title(entry: Entry, position: int) -> str:
    return repr(entry.get("id", entry.get("name", f"number {position}")))


def _unique(ids: Sequence[str], where: str) -> None:
    repeated = sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else []
    if repeated:
        raise PaperError(f"{where}: {repeated[0]!r} stands more than once")


def _constant_rows(name: str, entry: Entry) -> Iterator[Entry]:
    """Yield the rows of a printed constant: none for text, one for a number, one for each number of a list."""
    if not entry["printed"]:
        return
    values = entry["value"] if isinstance(entry["value"], tuple) else (entry["value"],)
    for position, value in enumerate(values, start=1):
        if isinstance(value, NUMBER):
            one = len(values) == 1
            given = {"id": name if one else f"{name}.{position}", "value": value, "decimals": None}
            yield {**entry, **given, "table": "", "row": entry["what"], "column": "" if one else str(position)}


def _table_rows(table: Entry, *, file: str) -> Iterator[Entry]:
    """Yield a row for each number of a printed table; a cell with a dash has none."""
    where = f"{file}, [[tables]] {table['id']!r}"
    columns = [_entry(column, "columns", f"{where}, column") for column in table["columns"]]
    for line in table["rows"]:
        row = _entry(line, "rows", f"{where}, row {_title(line, 0)}")
        if len(row["values"]) != len(columns):
            raise PaperError(f"{where}, row {row['id']!r}: {len(columns)} columns, but {len(row['values'])} values")
        for column, value in zip(columns, row["values"], strict=True):
            if value == "-":
                continue
            if not isinstance(value, NUMBER):
                raise PaperError(f"{where}, row {row['id']!r}: wanted a number or '-', got {value!r}")
            given = {"id": f"{table['id']}.{row['id']}.{column['id']}", "value": value}
            shared = {key: table[key] for key in ("place", "comparable", "reason", "note")}
            cell = {key: column[key] for key in ("unit", "decimals", "kind")}
            yield {**given, **shared, **cell, "table": table["title"], "row": row["name"], "column": column["name"]}


def _test(claim: Entry, where: str) -> str:
    """Return the sentence that says when a claim holds."""
    bounds = [name for name in ("above", "below") if claim[name] is not None]
    if bool(claim["statistic"]) == bool(claim["test"]) or len(bounds) != bool(claim["statistic"]):
        raise PaperError(f"{where}: wanted either a statistic with above or below, or a test in words")
    if claim["test"]:
        return str(claim["test"])
    side, other = ("above", "below") if bounds == ["above"] else ("below", "above")
    bound = f"{claim[side]:g}"
    scope = f" for each {claim['each']}" if claim["each"] else ""
    either = " for one of them" if claim["each"] else ""
    return (
        f"{claim['statistic'][0].upper()}{claim['statistic'][1:]}: holds where its 95 % interval lies {side} {bound}"
        f"{scope}; does not hold where it lies {other} {bound}{either}; undecided otherwise."
    )
