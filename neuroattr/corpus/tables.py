"""A user's table, folder or data set read as the table of a Corpus, with every fault found on the way."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet

from neuroattr import text

from . import assembly, delimited, folders
from .assembly import Options
from .columns import Columns, as_texts, embedded, path_fault, paths
from .faults import printable
from .folders import PICTURES
from .report import Report
from .sources import ImageSource, RowSource, Source

__all__ = ["Columns", "Options", "from_folder", "from_rows", "from_table"]


def from_table(
    frame: pd.DataFrame | str | os.PathLike[str],
    columns: Columns,
    options: Options,
    *,
    root: str | os.PathLike[str] | None = None,
) -> dict[str, Any]:
    """Fields of a Corpus from a DataFrame, or a .csv or .parquet file."""
    name, folder = "my pictures", Path()
    if not isinstance(frame, pd.DataFrame):
        path = _path(frame, "from_table takes a DataFrame or the path of a .csv or .parquet file")
        name, folder, frame = path.stem, path.parent, _read(path, options)
    elif options.encoding is not None or options.separator != ",":
        raise ValueError("encoding and separator are of .csv files; got a DataFrame, which is read already")
    root = folder if root is None else Path(root)
    columns.require(frame.columns, frame.index.name)
    if frame.empty:
        raise ValueError("the table has no rows")
    rows = embedded(frame, columns.image)
    if rows is None:
        files, remark = paths(frame, columns.image)
        table, report = _arranged(frame, columns, files)
        source: Source = ImageSource(root, table["image"].to_dict())
        table = table.assign(image=table["image"].map(printable))
        report |= {"numbers read as text": remark} if remark else {}
    else:
        table, report = _arranged(frame, columns, [f"row {i}" for i in range(len(frame))])
        source = RowSource(rows, columns.image, {id: i for i, id in enumerate(table.index)})
    return assembly.fields(table, source, options, {"from": "table"}, default_name=name, report=report)


def from_folder(folder: str | os.PathLike[str], options: Options) -> dict[str, Any]:
    """Fields of a Corpus from a folder of pictures with texts beside them."""
    folder = _path(folder, "from_folder takes a folder of pictures")
    if not folder.is_dir():
        hint = ": it is a file; unpack it, if it is an archive, and give the folder" if folder.is_file() else ""
        raise ValueError(f"from_folder takes a folder of pictures; {folder} is none{hint}")
    found = folders.listed(folder, encoding=options.encoding)
    if not found.pictures:
        there = "; ".join(f"{why}: {len(names)}, e.g. {names[0]!r}" for why, names in found.report.items())
        said = f"{folder} holds no pictures ({', '.join(PICTURES)}), not in its folders either"
        raise ValueError(f"{said}. What it holds: {there}; rename or convert what is a picture" if there else said)
    names = [printable(name) for name in found.pictures]
    table = {"image": names, "title": found.texts}
    if any("/" in name for name in names):
        table["category"] = [name.rpartition("/")[0] for name in names]
    table = pd.DataFrame(table, index=pd.Index(names, name="image"))
    source = ImageSource(folder, dict(zip(names, found.pictures, strict=True)))
    default_name = printable(folder.resolve().name)
    return assembly.fields(
        table, source, options, {"from": "folder"}, default_name=default_name, report=Report(found.report)
    )


def from_rows(dataset: Any, columns: Columns, options: Options) -> dict[str, Any]:
    """Fields of a Corpus from one split of a Hugging Face data set, or what looks like one."""
    names = getattr(dataset, "column_names", None)
    if not isinstance(names, list):
        said = f"the splits {sorted(names)}" if isinstance(names, dict) else type(dataset).__name__
        raise ValueError(f'from_huggingface takes one split, as load_dataset(..., split="train") gives; got {said}')
    columns.require(names)
    if not len(dataset):
        raise ValueError("the table has no rows")
    if isinstance(dataset[0][columns.image], str):
        raise ValueError(
            f"column {columns.image!r} holds strings, not pictures: cast_column({columns.image!r}, Image()) of the "
            "data set opens paths; or take from_table(dataset.to_pandas(), ..., root=...)"
        )
    others = [name for name in columns.named() if name != columns.image]
    frame = pd.DataFrame({name: list(dataset[name]) for name in others}, index=range(len(dataset)))
    table, report = _arranged(frame, columns, [f"row {i}" for i in range(len(dataset))])
    source = RowSource(dataset, columns.image, {id: i for i, id in enumerate(table.index)})
    return assembly.fields(table, source, options, {"from": "huggingface"}, default_name="my data set", report=report)


def _path(value: object, wanted: str) -> Path:
    """``value`` as a Path, or an error that says what was wanted."""
    remedy = ""
    if isinstance(value, str | os.PathLike):
        fault, remedy = path_fault(os.fspath(value), "")
        if fault:
            raise ValueError(f"{wanted}; got {os.fspath(value)!r} ({fault}): {remedy}")
        return Path(value)
    if isinstance(value, list | tuple) and value and all(isinstance(one, str | os.PathLike) for one in value):
        remedy = '; of a list of paths, make pd.DataFrame({"photo": paths})'
    elif hasattr(value, "column_names") and hasattr(value, "features"):
        remedy = "; for a data set of Hugging Face there is from_huggingface"
    elif hasattr(value, "to_pandas"):
        remedy = "; give its to_pandas()"
    raise ValueError(f"{wanted}; got {type(value).__module__}.{type(value).__qualname__}{remedy}")


def _read(path: Path, options: Options) -> pd.DataFrame:
    """The table of a file: of a .csv all values as strings, its index the lines of the file, named "line"."""
    kind = path.suffix.lower()
    if kind not in {".csv", ".parquet"}:
        raise ValueError(
            f"from_table reads .csv and .parquet files and DataFrames; got {path.name}: read it with pandas, "
            "dtype=str, and give the DataFrame; from_folder takes a folder"
        )
    if not path.is_file():
        raise FileNotFoundError(f"there is no table {path}")
    if kind == ".csv":
        said = delimited.decoded(path.read_bytes(), name=path.name, encoding=options.encoding)
        found = delimited.rows(said, name=path.name, separator=options.separator, settable=True)
        if not found.rows:
            raise ValueError(f"the table has no rows: {path.name} is a header alone")
        frame = pd.DataFrame(found.rows, columns=found.header, index=pd.Index(found.lines, name="line"), dtype=object)
        frame.attrs["rows inside"] = [f"line {line}" for line in found.rows_inside(options.separator)]
        return frame
    if options.encoding is not None or options.separator != ",":
        raise ValueError(f"encoding and separator are of .csv files; got {path.name}")
    try:  # not by pandas: it hides columns in an index and makes floats of whole numbers with gaps
        with pyarrow.parquet.ParquetFile(path) as file:
            return file.read().to_pandas(ignore_metadata=True, integer_object_nulls=True)
    except (ValueError, OSError) as error:
        raise ValueError(f"{path.name} cannot be read as parquet ({str(error).splitlines()[0]})") from None


def _arranged(frame: pd.DataFrame, columns: Columns, images: list[str]) -> tuple[pd.DataFrame, Report]:
    """The user's columns under the names of a corpus table, as strings, index: unique ids; and what was found.

    Rows without an id that name no picture either are left out.
    """
    read = {name: as_texts(frame, name) for name in columns.named() if name != columns.image}
    # A path may hold bytes that are no characters; what is printed and hashed may not.
    texts = {name: [text.whole_characters(cell) for cell in said] for name, (said, _) in read.items()}
    texts[columns.image] = images
    remarks = [remark for _, remark in read.values() if remark]
    table = {"image": images}
    if columns.texts:
        table["title"] = texts[columns.texts[0]]
    if len(columns.texts) > 1:
        table["description"] = ["\n".join(row) for row in zip(*(texts[c] for c in columns.texts[1:]), strict=True)]
    table |= {role: texts[name] for role, name in (("category", columns.category), ("group", columns.group)) if name}
    ids = [printable(id) for id in texts[columns.image if columns.id is None else columns.id]]
    line = "line" if frame.index.name == "line" else "row"
    places = [f"{line} {label if line == 'line' else n}" for n, label in enumerate(frame.index)]
    table = pd.DataFrame(table, index=pd.Index(ids, name="image", dtype=object), dtype=object)
    nameless = [place for id, place in zip(ids, places, strict=True) if not id]
    report = Report({"numbers read as text": "; ".join(remarks)} if remarks else {})
    if frame.attrs.get("rows inside"):
        report["value that holds whole rows (a quotation mark that is not closed?)"] = frame.attrs["rows inside"]
    if nameless and columns.id is None:
        report["row without a picture"] = nameless
        table = table[table.index != ""]
        if table.empty:
            raise ValueError(f"column {columns.image!r} names no picture in any of the {len(frame)} rows")
    elif nameless:
        report["row without an id"] = nameless
    _require_unique(table.index, columns, nameless)
    return table, report


def _require_unique(ids: pd.Index, columns: Columns, nameless: Sequence[str]) -> None:
    if ids.is_unique:
        return
    if columns.id is not None and len(nameless) > 1:
        said = f"{len(nameless)} rows have none, e.g. {', '.join(nameless[:3])}: fill column {columns.id!r}"
        raise ValueError(f"ids must be unique; {said}, or leave out id_column")
    twice = ids[ids.duplicated()].unique()
    remedy = "name a column of unique ids with id_column" if columns.id is None else "make them unique"
    raise ValueError(f"ids must be unique; {len(twice)} occur more than once, e.g. {twice[0]!r}: {remedy}")
