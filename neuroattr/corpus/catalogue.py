"""The layout of the Kaggle *Fashion Product Images* data: styles.csv, styles/<id>.json and images/<id>.jpg."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from neuroattr import assets, papers, text

from .report import Findings
from .sources import ImageSource

ASSET = "fashion-product-images-sample"
COLUMNS = (
    "id", "gender", "masterCategory", "subCategory", "articleType", "baseColour", "season", "year", "usage",
    "productDisplayName",
)  # fmt: skip
DESCRIPTORS = ("description", "style_note", "size_fit_desc", "materials_care_desc")
NOT_STATED = {"", "NA", "N/A"}  # of an attribute or a descriptor in the json files
UNTOLD = {"NA", "Multi", "Other", "Self Design", "Washed", "Superhero", "Brand Logo"}  # values that name no look
LEAST_VISUAL = ("human least", "pretrained-resample least", "attribute-direct least")  # columns of the paper's Table 2
_BLANKS = re.compile(r"\s+")


def located(folder: str | Path | None) -> Path:
    """The folder with styles.csv, styles/ and images/; None: that of the asset.

    Raises
    ------
    ValueError
        If it has no styles.csv.
    neuroattr.assets.MissingAsset
        Without ``folder`` where the asset is not at hand.
    """
    home = assets.folder(ASSET) / "fashion-dataset" if folder is None else Path(folder)
    if not (home / "styles.csv").is_file():
        raise ValueError(f"products are a folder with styles.csv, styles/ and images/; {home} has no styles.csv")
    return home


def photos(folder: Path, ids: Iterable[str]) -> ImageSource:
    """Opens the photos of products."""
    return ImageSource(folder / "images", {id: f"{id}.jpg" for id in ids})


def styles(path: str | Path) -> tuple[pd.DataFrame, Findings]:
    """The rows of styles.csv and a report of what was repaired.

    Returns
    -------
    table : DataFrame of strings, index: id, columns: ``COLUMNS`` but id
    report : dict

    Notes
    -----
    The name is the last field and is not quoted where it has commas: all after the ninth comma belongs to it. The
    text NA is a value. Stray spaces, also doubled ones, are removed.

    Raises
    ------
    ValueError
        For another header, for a row with fewer fields, and for ids that occur more than once.
    """
    header, *lines = Path(path).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    if tuple(header.split(",")) != COLUMNS:
        raise ValueError(f"styles.csv begins with the columns {', '.join(COLUMNS)}; {path} begins with {header!r}")
    lines = [line for line in lines if line.strip()]
    rows = [line.split(",", len(COLUMNS) - 1) for line in lines]
    short = [row[0] for row in rows if len(row) < len(COLUMNS)]
    if short:
        raise ValueError(f"a row of styles.csv has {len(COLUMNS)} fields; the rows of ids {short[:5]} have fewer")
    clean = [[_BLANKS.sub(" ", field).strip() for field in row] for row in rows]
    stray = sum(row != neat for row, neat in zip(rows, clean, strict=True))
    for row in clean:
        row[-1] = row[-1][1:-1].replace('""', '"') if re.fullmatch('".*"', row[-1]) else row[-1]
    table = pd.DataFrame(clean, columns=COLUMNS).set_index("id")
    if not table.index.is_unique:
        twice = table.index[table.index.duplicated()].unique()
        raise ValueError(f"ids in styles.csv must be unique; {len(twice)} occur more than once, e.g. {twice[0]}")
    return table, {
        "names with commas": [
            row[0] for row, line in zip(clean, lines, strict=True) if line.count(",") >= len(COLUMNS)
        ],
        "rows with stray spaces": stray,
        "rows with NA": int((table == "NA").any(axis=1).sum()),
    }


def details(folder: str | Path, ids: Sequence[str]) -> tuple[pd.DataFrame, Findings]:
    """What styles/<id>.json say: brand, description as plain text, catalogue attributes; and a report of faults.

    Returns
    -------
    table : DataFrame, index ``ids``
        brand, description (plain text), attributes (JSON object of those that are stated).
    report : dict
    """
    progress = tqdm(ids, desc="reading descriptions", unit="product", disable=None, leave=False)
    rows = {id: _detail(Path(folder) / f"{id}.json") for id in progress}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["brand", "description", "attributes", "fault"])
    found = {fault: table.index[table["fault"] == fault].tolist() for fault in sorted(set(table["fault"]) - {""})}
    return table.drop(columns="fault"), found


def _detail(path: Path) -> tuple[str, str, str, str]:
    try:
        data = json.loads(path.read_text(encoding="utf-8", errors="replace"))["data"]
        descriptors, attributes = data.get("productDescriptors") or {}, data.get("articleAttributes") or {}
        brand = _BLANKS.sub(" ", data.get("brandName") or "").strip()
    except OSError:
        return "", "", "{}", "missing json"
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", "", "{}", "corrupt json"
    markup = [_value(descriptors.get(name)) for name in DESCRIPTORS] if isinstance(descriptors, dict) else []
    parts = dict.fromkeys(part for part in map(text.plain, markup) if part not in NOT_STATED)
    stated = {key: value for key, value in attributes.items() if value not in NOT_STATED} if attributes else {}
    fault = "" if parts else "empty description"
    if any(map(text.damaged, markup)):
        fault = fault or "damaged characters in description"
    return brand, "\n".join(parts), json.dumps(stated, ensure_ascii=False), fault


def _value(descriptor: object) -> str:
    value = descriptor.get("value") if isinstance(descriptor, dict) else descriptor
    return value if isinstance(value, str) else ""


def attributes(table: pd.DataFrame, stated: Iterable[str]) -> pd.DataFrame:
    """Catalogue attributes as categories: N x A, missing where not stated.

    Parameters
    ----------
    table : DataFrame
        As ``styles`` gives it; its colour, gender, season, usage and year are attributes.
    stated : N strings
        The attributes of the json files, each a JSON object.
    """
    columns = table[["baseColour", "gender", "season", "usage", "year"]]
    further = pd.DataFrame([json.loads(each) for each in stated], index=table.index)
    clash = {name: f"{name} (catalogue)" for name in further if name in columns}
    stated_or_not = pd.concat([columns, further.rename(columns=clash)], axis=1)
    return stated_or_not.astype(str).where(stated_or_not.notna()).astype("category")


def kinds(words: Sequence[str], attributes: pd.DataFrame) -> pd.Series:
    """What is known of the kind of some words: "visual" or "non-visual", by word; other words are absent.

    Parameters
    ----------
    words : W strings
    attributes : DataFrame N x A
        As ``attributes`` gives them.

    Notes
    -----
    Visual are the words that the catalogue itself uses for colours and patterns. Non-visual are the words that the
    paper found least visual, by people or by a network (Discovery, Table 2). Both lists are stated, none is measured
    on the pictures; most words are on neither. Words are found in any spelling, as ``text.mentions`` finds them.
    """
    columns = [name for name in ("baseColour", "Pattern", "Print or Pattern Type") if name in attributes]
    values = {str(value) for name in columns for value in attributes[name].dropna().unique()}
    visual = [text.tokens(value) for value in sorted(values - UNTOLD)]
    least = papers.words("discovery")["table2"]
    service = [text.tokens(word) for name, listed in least.items() if name in LEAST_VISUAL for word in listed]
    by_word = {}
    for word in words:
        if text.mentions(visual, [word]).nnz:
            by_word[word] = "visual"
        elif text.tokens(word) in service:
            by_word[word] = "non-visual"
    return pd.Series(by_word, name="kind", dtype=object).rename_axis("word")
