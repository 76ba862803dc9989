"""From a user's table, folder or data set to the fields of a Corpus, with every fault found on the way."""

import logging
import numbers
import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet

from neuroattr import checks, text

from . import delimited, folders, splits, tagging
from . import words as vocabulary
from .annotations import Annotations
from .columns import Columns, as_texts, embedded, path_fault, paths
from .faults import printable
from .folders import PICTURES
from .inspection import FAULTS, faults, inspected
from .report import Report
from .sources import ImageSource, RowSource

__all__ = ["Columns", "Options", "check", "from_folder", "from_rows", "from_table"]


@dataclass(frozen=True)
class Options:
    """How to make a corpus from a user's data; see ``Corpus.from_table``."""

    words: tuple[str, ...] | None = None
    n_words: int = 250
    seed: int = 0
    split_by: str = "listing"
    name: str | None = None
    boilerplate: str = "keep"
    repeated: int = 3
    words_from: str = "texts"
    encoding: str | None = None
    separator: str = ","

    def __post_init__(self):
        checks.one_of(self.boilerplate, tagging.BOILERPLATE, name="boilerplate")
        checks.one_of(self.words_from, vocabulary.WORDS_FROM, name="words_from")
        object.__setattr__(self, "words", vocabulary.given(self.words))
        if not isinstance(self.n_words, numbers.Integral) or self.n_words < 1:
            raise ValueError(f"n_words is how many words to take, 1 or more; got {self.n_words!r}")
        if self.split_by not in splits.SPLIT_BY:
            raise ValueError(f'split_by is "listing" or "shop"; got {self.split_by!r}')


def check(table):
    """Refuse a corpus table without unique string ids, without its columns, or with an unknown split."""
    absent = [column for column in ("image", "split") if column not in table]
    if absent:
        raise ValueError(f"a corpus table has the columns image and split; missing: {', '.join(absent)}")
    if not all(isinstance(id, str) for id in table.index):
        raise ValueError("the index of a corpus table holds the ids of the pictures as strings; use index.astype(str)")
    if not table.index.is_unique:
        twice = list(table.index[table.index.duplicated()].unique()[:5])
        raise ValueError(f"the ids of pictures must be unique; {twice} occur more than once")
    unknown = set(table["split"].unique()) - set(splits.SPLITS)
    if unknown:
        raise ValueError(f"the parts of a corpus are {', '.join(splits.SPLITS)}; got {sorted(map(str, unknown))}")


def from_table(frame, columns, options, *, root=None):
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
        source, table = ImageSource(root, table["image"].to_dict()), table.assign(image=table["image"].map(printable))
        report |= {"numbers read as text": remark} if remark else {}
    else:
        table, report = _arranged(frame, columns, [f"row {i}" for i in range(len(frame))])
        source = RowSource(rows, columns.image, {id: i for i, id in enumerate(table.index)})
    return _fields(table, source, options, {"from": "table"}, default_name=name, report=report)


def from_folder(folder, options):
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
    return _fields(table, source, options, {"from": "folder"}, default_name=default_name, report=Report(found.report))


def from_rows(dataset, columns, options):
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
    return _fields(table, source, options, {"from": "huggingface"}, default_name="my data set", report=report)


def _path(value, wanted):
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


def _read(path, options):
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


def _arranged(frame, columns, images):
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


def _require_unique(ids, columns, nameless):
    if ids.is_unique:
        return
    if columns.id is not None and len(nameless) > 1:
        said = f"{len(nameless)} rows have none, e.g. {', '.join(nameless[:3])}: fill column {columns.id!r}"
        raise ValueError(f"ids must be unique; {said}, or leave out id_column")
    twice = ids[ids.duplicated()].unique()
    remedy = "name a column of unique ids with id_column" if columns.id is None else "make them unique"
    raise ValueError(f"ids must be unique; {len(twice)} occur more than once, e.g. {twice[0]!r}: {remedy}")


def _fields(table, source, options, recipe, *, default_name, report):
    """Check pictures, find words, split: everything a Corpus takes."""
    table, found = _usable(table, source)
    report |= found
    texts = _texts(table)
    lacking = {name: table.index[table[name] == ""].tolist() for name in ("category", "group") if name in table}
    lacking = {"text": table.index[texts.str.strip() == ""].tolist(), **lacking}
    report |= {f"without {what}": ids for what, ids in lacking.items() if ids}
    if options.words_from == "folders":
        folder = table["category"] if "category" in table else [""] * len(table)
        words, mentions, found = vocabulary.of_folders(folder, options)
    else:
        words, mentions, found = vocabulary.of_texts(texts, _without_boilerplate(table, options), options)
    recipe = recipe | {"seed": options.seed, "split by": options.split_by, "words": found.pop("words from")}
    recipe |= {"boilerplate": options.boilerplate}
    report |= found
    name = options.name or default_name
    if not words:
        report["no words"] = _why_no_words(table, texts, options, report)
        logging.getLogger(__name__).warning("the corpus %s has no words: %s", name, report["no words"])
    groups = table["group"] if options.split_by == "shop" and "group" in table else None
    if options.split_by == "shop" and groups is None:
        raise ValueError('split_by="shop" needs the shops; name their column with group_column')
    table = table.assign(split=splits.assigned(table.index, seed=options.seed, groups=groups).to_numpy())
    return {
        "name": name, "table": table, "words": words, "mentions": mentions, "source": source,
        "annotations": Annotations(), "report": report, "recipe": recipe,
    }  # fmt: skip


def _usable(table, source):
    """The rows whose picture can be opened, and the others by their fault."""
    report, first = Report(), ""
    if isinstance(source, ImageSource):
        named = {id: path_fault(path, source.root) for id, path in source.files.items()}
        for id, (fault, remedy) in named.items():
            if fault:
                report.setdefault(fault, []).append(id)
                first = first or f"{source.files[id]!r} ({fault}): {remedy}"
        table = table[[not named[id][0] for id in table.index]]
    inspection = inspected(source, list(table.index))
    report |= faults(inspection)
    left = table[~inspection["fault"].isin(FAULTS).to_numpy()]
    if left.empty:
        count = sum(len(ids) for fault, ids in report.items() if fault != "repeated image")
        first = first or printable(inspection["detail"].iloc[0])
        raise ValueError(f"none of the {count} pictures can be used; the first: {first}")
    return left, report


def _why_no_words(table, texts, options, report):
    """One sentence: why there are none, and what to do."""
    if options.words_from == "folders":
        return "all pictures lie in one folder, or in none with a name that was given; words tell pictures apart"
    remedy = "name columns of texts with text_columns"
    if "title" in table and (texts.str.strip() == "").all():
        remedy = "write a text beside each picture (blue.txt for blue.jpg)"
        remedy += ', or take the names of the folders as words with words_from="folders"' if "category" in table else ""
    elif "title" in table:
        what = "adjective" if options.words is None else "given word"
        return f"no {what} is in some but not in all of the {len(table)} texts; name other words with words"
    if folders.FITTING in report:
        fit = report[folders.FITTING][0]
        remedy = f"the files beside them are in another encoding: pass encoding={fit!r} if it is that one"
    return f"no picture has a text; {remedy}"


def _texts(table):
    columns = [table[name] for name in ("title", "description") if name in table]
    if not columns:
        return pd.Series("", index=table.index, dtype=object)
    return (columns[0].str.cat(columns[1:], sep="\n") if len(columns) > 1 else columns[0]).map(text.plain)


def _without_boilerplate(table, options):
    """What is left of the texts (of the description, where there is one) and of which; None where all is kept.

    Without a column of shops all texts are one group.
    """
    column = next((name for name in ("description", "title") if name in table), None)
    if options.boilerplate == "keep" or column is None:
        return None
    groups = table["group"] if "group" in table else [""] * len(table)
    left = text.boilerplate(table[column].map(text.plain).tolist(), list(groups), least=options.repeated)
    return _texts(table.assign(**{column: left.texts})), left
