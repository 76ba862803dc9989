"""Clothing by the base colour, and by the base colour and the pattern, that a shop's catalogue states."""

import json
from pathlib import Path

import pandas as pd

from neuroattr.provenance import Kind

from .. import catalogue, samples
from ..catalogue import located, photos
from ..collection import Corpus
from ..report import Findings
from .corpora import Recipe, kept, labelled

# The paper's colours in its order, and what the catalogue calls them.
COLOURS = {
    "red": "Red", "black": "Black", "blue": "Blue", "green": "Green", "yellow": "Yellow", "gray": "Grey",
    "brown": "Brown", "pink": "Pink", "purple": "Purple", "orange": "Orange",
}  # fmt: skip
PATTERNS = ("solid", "printed", "checked", "striped")  # the others of the catalogue have 21 products at most
# Left out; sports bras and the like stand among the tops.
UNDRESSED = ("Innerwear", "Loungewear and Nightwear", "Stockings", "Swimwear")
UNDRESSED_TITLE = r"(?i)\b(?:bras?|bikini|swimsuit)\b"
# What fills a colour that has too little apparel, the nearest to clothing first.
FALLBACK = (
    ("Headwear", "Ties", "Scarves", "Mufflers", "Stoles", "Gloves", "Socks"),
    ("Bags", "Shoes", "Sandal", "Flip Flops", "Belts", "Wallets"),
)
# Seen on contact sheets of the asset (seed 0, 100 a colour); the labels were left as they are.
LABELS_SEEN = {
    "all": "the colour is the product's: skin, other garments and white ground are in the picture too; of checked and "
    "striped garments the named colour is often not the largest, and packs of three show three colours",
    "brown": "about a third look dark gray, olive, black or brick red",
    "purple": "about a quarter look near black, lilac gray or blue and white checked",
    "gray": "about a fifth look beige, white, or blue and white checked",
    "green": "about a fifth look teal, near white or yellow",
    "red": "from brick over crimson to magenta; about a fifth are checks in several colours",
    "blue": "from navy to almost white, with some lilac and teal",
    "orange": "reaches from coral to amber; the accessories that fill it stand alone on white",
}


def colours(*, seed: int, each: int = 100, folder: str | Path | None = None) -> Corpus:
    """Clothing in the ten colours of the paper, ``each`` pictures a colour.

    Parameters
    ----------
    seed
        Of the draw and of the split.
    each
        Pictures a colour (paper: 100).
    folder
        Folder with styles.csv, styles/ and images/; default: the asset of 11,900 products.

    Returns
    -------
    Corpus
        ``annotations.attributes``: colour (the catalogue's base colour), pattern (missing where the catalogue states
        none) and kind. There are no words. ``report`` tells which colours were filled with other things than apparel,
        which are short, and how true the labels look.

    Raises
    ------
    ValueError
        If the folder has no styles.csv, ``each`` is less than 1, or nothing usable is there.
    neuroattr.assets.MissingAsset
        Without ``folder`` where the asset is not at hand.

    Notes
    -----
    Base colours are matched by their exact name: Navy Blue and Maroon are not taken for blue and red. Underwear,
    nightwear, hosiery and swimwear are left out, and of pictures that look the same one is kept.
    """
    home = located(folder)
    recipe = {"corpus": "colours", "seed": seed, "each": each, "classes": ["colour"]}
    return kept(COLOURS_KIND, recipe, (home,), _colours, lambda ids: photos(home, ids))


def colours_and_patterns(*, seed: int, most: int = 40, folder: str | Path | None = None) -> Corpus:
    """Apparel that the catalogue labels with both a colour of the paper and a pattern, for retrieval by both.

    Parameters
    ----------
    seed
        Of the draw and of the split.
    most
        At most so many pictures a pair of colour and pattern.
    folder
        As in ``colours``.

    Returns
    -------
    Corpus
        ``annotations.attributes``: colour, pattern (one of ``PATTERNS``) and kind, none missing. ``report`` lists the
        pairs with fewer than ``most``.

    Raises
    ------
    ValueError, neuroattr.assets.MissingAsset
        As ``colours``.

    Notes
    -----
    Pattern goes with kind: checked and most striped garments are shirts, printed ones T-shirts with one picture on the
    chest. Who finds the kind finds much of the pattern, so compare within a kind.
    """
    home = located(folder)
    recipe = {"corpus": "colours-and-patterns", "seed": seed, "most": most, "classes": ["colour", "pattern"]}
    return kept(PAIRS_KIND, recipe, (home,), _colours_and_patterns, lambda ids: photos(home, ids))


def _colours(folders: tuple[Path, ...], recipe: Recipe) -> tuple[pd.DataFrame, pd.DataFrame, Findings]:
    table, left_out = _wearable(folders[0])
    labels, rank = _named(table), _rank(table)
    ids, report = samples.balanced(
        labels, photos(folders[0], table.index), each=recipe["each"], seed=recipe["seed"], rank=rank
    )
    table = table.loc[ids]
    details, faults = catalogue.details(folders[0] / "styles", ids)
    attributes = pd.DataFrame({"colour": labels[ids], "pattern": _patterns(details), "kind": table["articleType"]})
    others = {id: f"{labels[id]}, {table['articleType'][id]}" for id in ids if rank[id]}
    report |= faults | left_out | {"other things than apparel": others, "labels as seen": LABELS_SEEN}
    return _listed(table, details), attributes, report


def _colours_and_patterns(folders: tuple[Path, ...], recipe: Recipe) -> tuple[pd.DataFrame, pd.DataFrame, Findings]:
    table, left_out = _wearable(folders[0])
    table = table[table["masterCategory"] == "Apparel"]
    details, faults = catalogue.details(folders[0] / "styles", table.index)
    attributes = pd.DataFrame({"colour": _named(table), "pattern": _patterns(details), "kind": table["articleType"]})
    attributes = attributes[attributes["pattern"].isin(PATTERNS)]
    pairs = attributes["colour"] + " " + attributes["pattern"]
    ids, report = samples.balanced(pairs, photos(folders[0], pairs.index), each=recipe["most"], seed=recipe["seed"])
    wanted = {f"{colour} {pattern}" for colour in COLOURS for pattern in PATTERNS}
    faults = {fault: sorted(set(found) & set(ids)) for fault, found in faults.items()}
    report |= (
        faults | left_out | {"pairs without a picture": sorted(wanted - set(pairs)), "labels as seen": LABELS_SEEN}
    )
    return _listed(table.loc[ids], details.loc[ids]), attributes.loc[ids], report


def _wearable(folder: Path) -> tuple[pd.DataFrame, Findings]:
    """Rows of the catalogue in one of the ten colours that are worn or carried, and how many were left out."""
    table, _ = catalogue.styles(folder / "styles.csv")
    wanted = (table["masterCategory"] == "Apparel") | table["subCategory"].isin(sum(FALLBACK, ()))
    table = table[wanted & table["baseColour"].isin(COLOURS.values())]
    undressed = table["subCategory"].isin(UNDRESSED) | table["articleType"].isin(UNDRESSED)
    undressed |= table["productDisplayName"].str.contains(UNDRESSED_TITLE)
    return table[~undressed], {"underwear, nightwear and swimwear left out": int(undressed.sum())}


def _named(table: pd.DataFrame) -> pd.Series:
    """The paper's names of the base colours."""
    return table["baseColour"].map({base: name for name, base in COLOURS.items()})


def _rank(table: pd.DataFrame) -> pd.Series:
    """0 for apparel, more for what is further from it."""
    rank = pd.Series(len(FALLBACK), table.index)
    for tier, kinds in enumerate(FALLBACK, start=1):
        rank[table["subCategory"].isin(kinds)] = tier
    rank[table["masterCategory"] == "Apparel"] = 0
    return rank


def _patterns(details: pd.DataFrame) -> pd.Series:
    """The catalogue's pattern in lower case; None where it states none."""
    stated = [json.loads(each).get("Pattern") for each in details["attributes"]]
    return pd.Series([each.lower() if isinstance(each, str) else None for each in stated], details.index, dtype=object)


def _listed(table: pd.DataFrame, details: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {"title": table["productDisplayName"], "category": table["articleType"], "group": details["brand"]}
    )


COLOURS_KIND = Kind("colours", (_colours, labelled))
PAIRS_KIND = Kind("colours-and-patterns", (_colours_and_patterns, labelled))
