"""From a user's table, folder or data set to the fields of a Corpus, with every fault found on the way."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from neuroattr import checks, text

from . import splits, tagging
from .inspection import FAULTS, faults, inspected
from .sources import ImageSource, RowSource
from .truth import Truth

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff")


@dataclass(frozen=True)
class Columns:
    """Which column of a user's table is what."""

    image: str
    texts: tuple[str, ...] = ()
    id: str | None = None
    category: str | None = None
    group: str | None = None

    def __post_init__(self):
        if isinstance(self.texts, str) or not all(isinstance(column, str) for column in self.texts):
            raise ValueError('text_columns is a sequence of names of columns; write text_columns=("title",)')
        object.__setattr__(self, "texts", tuple(self.texts))

    def named(self):
        """All columns that are named."""
        return [name for name in (self.image, *self.texts, self.id, self.category, self.group) if name is not None]


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

    def __post_init__(self):
        checks.one_of(self.boilerplate, tagging.BOILERPLATE, name="boilerplate")
        if isinstance(self.words, str):
            raise ValueError(f'words is a sequence of words, not one string; write words=("{self.words}",)')
        if self.n_words < 1:
            raise ValueError(f"n_words is how many words to take, 1 or more; got {self.n_words}")
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
    unknown = set(table["split"].unique()) - set(splits.PARTS)
    if unknown:
        raise ValueError(f"the parts of a corpus are {', '.join(splits.PARTS)}; got {sorted(map(str, unknown))}")


def from_table(frame, columns, options, *, root=None):
    """Fields of a Corpus from a DataFrame, or a .csv or .parquet file."""
    name, folder = "my pictures", Path()
    if not isinstance(frame, pd.DataFrame):
        path = Path(frame)
        name, folder, frame = path.stem, path.parent, _read(path)
    root = folder if root is None else Path(root)
    table = _arranged(frame, columns)
    source = ImageSource(root, table["image"].to_dict())
    return _fields(table, source, options, {"from": "table"}, default_name=name)


def from_folder(folder, options):
    """Fields of a Corpus from a folder of pictures with texts beside them."""
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"from_folder takes a folder of pictures; {folder} is none")
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES and path.is_file())
    if not files:
        raise ValueError(f"{folder} holds no pictures ({', '.join(PICTURES)}), not in its folders either")
    notes = [path.with_suffix(".txt") for path in files]
    names = [path.relative_to(folder).as_posix() for path in files]
    table = {
        "image": names,
        "title": [note.read_text(encoding="utf-8", errors="replace") if note.is_file() else "" for note in notes],
    }
    if any("/" in name for name in names):
        table["category"] = [name.rpartition("/")[0] for name in names]
    table = pd.DataFrame(table, index=pd.Index(names, name="image"))
    source = ImageSource(folder, dict(zip(names, names, strict=True)))
    return _fields(table, source, options, {"from": "folder"}, default_name=folder.resolve().name)


def from_rows(dataset, columns, options):
    """Fields of a Corpus from one split of a Hugging Face data set, or what looks like one."""
    names = getattr(dataset, "column_names", None)
    if not isinstance(names, list):
        said = f"the splits {sorted(names)}" if isinstance(names, dict) else type(dataset).__name__
        raise ValueError(f'from_huggingface takes one split, as load_dataset(..., split="train") gives; got {said}')
    _require_columns(names, columns)
    others = [name for name in columns.named() if name != columns.image]
    frame = pd.DataFrame({name: list(dataset[name]) for name in others}, index=range(len(dataset)))
    frame[columns.image] = [f"row {i}" for i in range(len(dataset))]
    table = _arranged(frame, columns)
    source = RowSource(dataset, columns.image, {id: i for i, id in enumerate(table.index)})
    return _fields(table, source, options, {"from": "huggingface"}, default_name="my data set")


def _read(path):
    readers = {".csv": pd.read_csv, ".parquet": pd.read_parquet}
    if path.suffix.lower() not in readers:
        raise ValueError(f"from_table reads .csv and .parquet files and DataFrames; got {path.name}")
    if not path.is_file():
        raise FileNotFoundError(f"there is no table {path}")
    # "NA" and "None" are words, an empty cell is none
    options = {"keep_default_na": False, "na_values": [""]} if path.suffix.lower() == ".csv" else {}
    return readers[path.suffix.lower()](path, **options)


def _require_columns(names, columns):
    absent = [name for name in columns.named() if name not in names]
    if absent:
        raise ValueError(
            f"the table has no column {', '.join(map(repr, absent))}; it has {', '.join(map(repr, names))}"
        )


def _arranged(frame, columns):
    """The user's columns under the names of a corpus table, as strings; index: unique ids."""
    _require_columns(list(frame.columns), columns)
    if frame.empty:
        raise ValueError("the table has no rows")
    text_of = {name: frame[name].map(_as_text) for name in columns.named()}
    ids = text_of[columns.id or columns.image]
    table = pd.DataFrame({"image": text_of[columns.image]})
    if columns.texts:
        table["title"] = text_of[columns.texts[0]]
    if len(columns.texts) > 1:
        table["description"] = text_of[columns.texts[1]].str.cat(
            [text_of[name] for name in columns.texts[2:]], sep="\n"
        )
    for role, name in (("category", columns.category), ("group", columns.group)):
        if name is not None:
            table[role] = text_of[name]
    table.index = pd.Index(ids, name="image", dtype=object)
    if not table.index.is_unique:
        twice = table.index[table.index.duplicated()].unique()
        remedy = "name a column of unique ids with id_column" if columns.id is None else "make them unique"
        raise ValueError(f"ids must be unique; {len(twice)} occur more than once, e.g. {twice[0]!r}: {remedy}")
    return table


def _as_text(value):
    """A cell as text: lists (tags) joined by commas, missing as ""."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) or type(value).__name__ == "ndarray":
        return ", ".join(map(str, value))
    return "" if pd.isna(value) else str(value)


def _fields(table, source, options, recipe, *, default_name):
    """Check pictures, find words, split: everything a Corpus takes."""
    inspection = inspected(source, list(table.index))
    report = faults(inspection)
    table = table[~inspection["fault"].isin(FAULTS).to_numpy()]
    if table.empty:
        raise ValueError(
            f"none of the {len(inspection)} pictures can be used; the first: {inspection['detail'].iloc[0]}"
        )
    texts = _texts(table)
    without = table.index[texts.str.strip() == ""].tolist()
    if without:
        report["without text"] = without
    words, mentions, found = _words(texts, _without_boilerplate(table, options), options)
    groups = table["group"] if options.split_by == "shop" and "group" in table else None
    if options.split_by == "shop" and groups is None:
        raise ValueError('split_by="shop" needs the shops; name their column with group_column')
    table = table.assign(split=splits.assigned(table.index, seed=options.seed, groups=groups).to_numpy())
    recipe = recipe | {"seed": options.seed, "split by": options.split_by, "words": found.pop("words from")}
    recipe |= {"boilerplate": options.boilerplate}
    return {
        "name": options.name or default_name, "table": table, "words": words, "mentions": mentions, "source": source,
        "truth": Truth(), "report": report | found, "recipe": recipe,
    }  # fmt: skip


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


def _words(texts, without, options):
    """Words (most frequent first), their mentions, and what was found on the way."""
    tagged = tagging.pattern().once()
    kept, left = (texts, None) if without is None else without
    documents = [text.tokens(each) for each in kept]
    candidates = _candidates(kept, tagged, options)
    source = tagged.name if options.words is None else "given"
    mentions = text.mentions(documents, candidates)
    frequency = text.document_frequency(mentions)
    absent = [word for word, n in zip(candidates, frequency, strict=True) if n == 0]
    everywhere = [word for word, n in zip(candidates, frequency, strict=True) if n == len(documents)]
    order = sorted((i for i, n in enumerate(frequency) if 0 < n < len(documents)), key=lambda i: -frequency[i])
    order = order[: options.n_words] if options.words is None else order
    found = {"words from": source, "words in no picture": absent, "words in every picture": everywhere}
    found = {key: value for key, value in found.items() if value}
    if left is not None:
        before, whole = _candidates(texts, tagged, options)[: options.n_words], [text.tokens(each) for each in texts]
        lost = text.lost_mentions(whole, documents, before)
        found |= left.report() | {"words that lost most to boilerplate": lost}
    return tuple(candidates[i] for i in order), mentions[:, order], found


def _candidates(texts, tagged, options):
    """The words that were given, or all adjectives."""
    if options.words is not None:
        return list(options.words)
    return list(text.adjectives([text.sentences(each) for each in texts], tagged.tagger))
