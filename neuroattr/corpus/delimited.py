"""Files of values separated by commas, read as the text they are: each fault is named with its line."""

import codecs
import csv
import io
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass

MARKS = (  # byte order marks; that of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "upright strokes", ",": "commas"}
# A spreadsheet takes a cell that begins so for a formula; the wide forms are those of East Asian keyboards.
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_LIMIT = threading.Lock()  # the longest field is a setting of the whole process


@dataclass(frozen=True)
class Rows:
    """A header, rows of as many strings, and the line of the file on which each row begins."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]

    def rows_inside(self, separator: str) -> list[int]:
        """Lines on which a value begins that holds what looks like rows: a mark that was closed too late does that."""
        commas = len(self.header) - 1
        found = []
        for line, row in zip(self.lines, self.rows, strict=True):
            inner = [piece for value in row for piece in value.splitlines()[1:] if piece.strip()]
            if commas and inner and all(piece.count(separator) == commas for piece in inner):
                found.append(line)
        return found


def escaped(value: str) -> str:
    """``value`` as a cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it.

    >>> escaped("=1+1"), unescaped(escaped("=1+1")), unescaped(escaped("'=1+1")), escaped("red")
    ("'=1+1", '=1+1', "'=1+1", 'red')
    """
    return f"'{value}" if _FORMULA.match(value) else value


def unescaped(value: str) -> str:
    """What ``escaped`` was given."""
    return value[1:] if value.startswith("'") and _FORMULA.match(value) else value


def decoded(data: bytes, *, name: str, encoding: str | None = None) -> str:
    """Bytes of a file as text, without its byte order mark.

    Parameters
    ----------
    encoding
        None: as the byte order mark says, or else UTF-8. Nothing is guessed.

    Raises
    ------
    ValueError
        For bytes that are not in this encoding, with the one that would fit, and for NUL characters.
    """
    mark = marked(data)
    _require_known(encoding, mark, name)
    try:
        said = data.decode(encoding or mark or "utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wanted = f"not {encoding or mark or 'UTF-8'}: line {line} has the byte 0x{data[error.start]:02x}"
        raise ValueError(f"{name} is {wanted}. {_remedy(data, error.start)}") from None
    if "\0" in said:
        line = said.count("\n", 0, said.index("\0")) + 1
        raise ValueError(f"line {line} of {name} has a NUL, which no text has. {_remedy(data, data.find(0))}")
    return said.removeprefix("\ufeff")


def marked(data: bytes) -> str | None:
    """The encoding that the byte order mark of ``data`` says; None without one."""
    return next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)


def fitting(data: bytes) -> str | None:
    """An encoding in which ``data``, which is not UTF-8, is text: "utf-16-le", "utf-16-be", "cp1252" or "latin-1".

    None where it is no text. An encoding that fits need not be the right one: look at what it gives.
    """
    if data.count(0) * 4 >= len(data):  # letters of Latin script in UTF-16 are each beside a zero
        return "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
    if 0 in data:
        return None
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def rows(said: str, *, name: str, separator: str = ",", settable: bool = False) -> Rows:
    """Header and rows of a text of separated values; lines without anything on them are no rows.

    Parameters
    ----------
    settable
        Whether the user can name another separator, which an error then says.

    Raises
    ------
    ValueError
        For an empty text, another separator, a quotation mark that is not closed, and a row with more or fewer values
        than the header; each with its line.
    """
    if not isinstance(separator, str) or len(separator) != 1 or separator in '"\r\n':
        raise ValueError(f'separator is one character, such as ",", ";" or "\\t"; got {separator!r}')
    found = list(_records(said, name, separator))
    if not found:
        raise ValueError(f"{name} is empty; wanted a line with the names of the columns and a line for each row")
    (_, header), body = found[0], found[1:]
    other = next((mark for mark in SEPARATORS if len(header) == 1 and mark != separator and mark in header[0]), None)
    if other is not None:
        remedy = f"pass separator={other!r}, or " if settable else ""
        raise ValueError(
            f"{name} is separated by {SEPARATORS[other]}, not by {SEPARATORS.get(separator, repr(separator))}: its "
            f"first line is {_short(header[0])}; {remedy}save it with {separator!r}"
        )
    _require_even(header, body, name, separator)
    return Rows(header, [row for _, row in body], [line for line, _ in body])


def _records(said: str, name: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Line and values of each record."""
    with _LIMIT:
        before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        try:
            reader = csv.reader(io.StringIO(said, newline=""), delimiter=separator, strict=True)
            line = 1
            for row in reader:
                if row:
                    yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            raise ValueError(
                f"line {line} of {name} cannot be read ({error}): a quotation mark that opens a value there is not "
                'closed, or one stands inside such a value; close it, and write "" for one inside'
            ) from None
        finally:
            csv.field_size_limit(before)


def _require_even(header: list[str], body: list[tuple[int, list[str]]], name: str, separator: str) -> None:
    uneven = [(line, row) for line, row in body if len(row) != len(header)]
    if not uneven:
        return
    line, row = uneven[0]
    if len(row) > len(header):
        why = f"a value with {separator!r} in it stands in quotation marks"
    else:
        why = f"each row has {len(header) - 1} {separator!r}, also where values are missing"
    others = f"; {len(uneven) - 1:,} other line(s) too" if len(uneven) > 1 else ""
    columns = _short(separator.join(header))
    raise ValueError(
        f"line {line} of {name} has {len(row)} values, its header {len(header)}: mend it ({why}). "
        f"The header is {columns}, the line {_short(separator.join(row))}{others}"
    )


def _require_known(encoding: str | None, marked: str | None, name: str) -> None:
    if encoding is None:
        return
    try:
        known = codecs.lookup(encoding).name
        "a".encode(encoding)  # refuses what is no encoding of text, such as "hex"
    except (LookupError, TypeError, UnicodeError):
        raise ValueError(f'encoding is the name of one, such as "utf-8" or "cp1252"; got {encoding!r}') from None
    if marked is not None and not known.startswith(marked):
        raise ValueError(f"{name} begins with the byte order mark of {marked}, not {encoding}: leave encoding out")


def _remedy(data: bytes, start: int) -> str:
    fit = fitting(data)
    if fit is None:
        return "It is damaged, or no text: write it again"
    line_start = max(data.rfind(b"\n", 0, start) + 1, start - 20)
    piece = data if fit.startswith("utf-16") else data[line_start : start + 20].split(b"\n")[0]
    said = _short(piece[:400].decode(fit, "replace").strip().split("\n")[0])
    return f"In {fit} it would say {said}: if that is right, pass encoding={fit!r}; or save the file as UTF-8"


def _short(said: str) -> str:
    return repr(said if len(said) <= 60 else f"{said[:59]}…")
