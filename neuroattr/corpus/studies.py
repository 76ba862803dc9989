"""Real data of Hidden layers, Section 3.1: clothing by colour, clothing by texture, and clothing labelled in both.

The paper gathered 100 pictures of each of ten colours and ten textures "using Kaggle and online resources" and did not
publish which. These are other pictures of the same classes: colours from the shop data set that the paper names,
textures from a collection of clothing by texture.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse

from neuroattr import assets

from . import catalogue, samples, storage
from .collection import Corpus
from .products import ASSET as PRODUCTS
from .sources import ImageSource
from .truth import Truth

TEXTURES = "clothing-textures-sample"
# The paper's colours in its order, and what the catalogue calls them.
COLOURS = {
    "red": "Red", "black": "Black", "blue": "Blue", "green": "Green", "yellow": "Yellow", "gray": "Grey",
    "brown": "Brown", "pink": "Pink", "purple": "Purple", "orange": "Orange",
}  # fmt: skip
PATTERNS = ("solid", "printed", "checked", "striped")  # those of the catalogue with more than 25 products
UNDRESSED = ("Innerwear", "Loungewear and Nightwear")  # left out of galleries
# What fills a colour that has too little apparel, the nearest to clothing first.
FALLBACK = (
    ("Headwear", "Ties", "Scarves", "Mufflers", "Stoles", "Gloves", "Socks"),
    ("Bags", "Shoes", "Sandal", "Flip Flops", "Belts", "Wallets"),
)
BASIC = {
    "products": "plain shop garments of the fashion products instead of the archive's own class: another source than "
    "the nine other textures, but the same kind of photo",
    "street": "street photos of whole persons from another data set: the background alone tells them from all others",
}
_AS_PRINTED = {"polka dots": "polka", "crows feet": "crows-feet"}


def colours(*, seed, each=100, folder=None):
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
        ``truth.attributes``: colour (the catalogue's base colour), pattern (where the catalogue states one) and kind.
        There are no words. ``report`` tells which colours were filled with other things than apparel, and which are
        short.

    Raises
    ------
    ValueError
        If the folder has no styles.csv, ``each`` is less than 1, or nothing usable is there.
    neuroattr.assets.MissingAsset
        Without ``folder`` where the asset is not at hand.

    Notes
    -----
    Base colours are matched by their exact name: Navy Blue and Maroon are not taken for blue and red. Innerwear and
    nightwear are left out.
    """
    recipe, home = {"corpus": "colours", "seed": seed, "each": each}, _products(folder)
    return _kept(recipe, (home,), _colours, lambda ids: _photos(home, ids))


def colours_and_patterns(*, seed, most=40, folder=None):
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
        ``truth.attributes``: colour, pattern (one of ``PATTERNS``) and kind, none missing. ``report`` lists the pairs
        with fewer than ``most``.

    Raises
    ------
    ValueError, neuroattr.assets.MissingAsset
        As ``colours``.
    """
    recipe, home = {"corpus": "colours-and-patterns", "seed": seed, "most": most}, _products(folder)
    return _kept(recipe, (home,), _colours_and_patterns, lambda ids: _photos(home, ids))


def textures(*, seed, each=100, basic="products", tenth="zebra", folder=None, products=None):
    """Clothing in ten textures, nine of them the paper's, ``each`` pictures a texture.

    Parameters
    ----------
    seed
        Of the draw and of the split.
    each
        Pictures a texture (paper: 100).
    basic
        Where plain clothing comes from: "products", shop photos of the fashion products, or "street", the archive's
        own class, which its background gives away.
    tenth
        What stands in for sequin, which the archive does not have: "zebra", as the archive proposes, "tartan", or None
        for nine textures. It is called by its own name.
    folder
        Folder with textures.csv and a folder for each texture; default: the asset.
    products
        Folder of the fashion products as in ``colours``, for ``basic="products"``.

    Returns
    -------
    Corpus
        ``truth.attributes``: texture. ``report`` tells the stand-in, the source of plain clothing and which textures
        are short.

    Raises
    ------
    ValueError
        For another ``basic`` or ``tenth``, ``each`` less than 1, or a folder without textures.csv.
    neuroattr.assets.MissingAsset
        Without folders where an asset is not at hand.
    """
    if basic not in BASIC:
        raise ValueError(f"basic is where plain clothing comes from, {' or '.join(map(repr, BASIC))}; got {basic!r}")
    home = assets.folder(TEXTURES) if folder is None else Path(folder)
    home = home if (home / "textures.csv").is_file() else home / TEXTURES
    if not (home / "textures.csv").is_file():
        raise ValueError(f"textures are a folder with textures.csv and a folder for each; {home.parent} has none")
    homes = (home, _products(products)) if basic == "products" else (home,)
    recipe = {"corpus": "textures", "seed": seed, "each": each, "basic": basic, "tenth": tenth}
    return _kept(recipe, homes, _textures, lambda ids: _cloths(homes, ids))


def _products(folder):
    home = assets.folder(PRODUCTS) / "fashion-dataset" if folder is None else Path(folder)
    if not (home / "styles.csv").is_file():
        raise ValueError(f"products are a folder with styles.csv, styles/ and images/; {home} has no styles.csv")
    return home


def _kept(recipe, folders, make, source):
    """The corpus from the cache, or made and kept there; ``source(ids)`` opens its pictures."""
    recipe = recipe | {"state": _digest([recipe, _sources(), [_state(folder) for folder in folders]])}
    home = assets.cache_folder() / "studies" / recipe["state"]
    fields = storage.stored(home)
    if fields is None:
        storage.save(make(folders, recipe, source), home)
        fields = storage.stored(home)
    return Corpus(source=source(fields["table"].index), **fields)


def _colours(folders, recipe, source):
    table = _wearable(folders[0])
    labels = _named_colours(table)
    rank = pd.Series(len(FALLBACK), table.index)
    for tier, kinds in reversed(list(enumerate(FALLBACK, start=1))):
        rank[table["subCategory"].isin(kinds)] = tier
    rank[table["masterCategory"] == "Apparel"] = 0
    ids, report = samples.balanced(labels, source(table.index), each=recipe["each"], seed=recipe["seed"], rank=rank)
    others = [id for id in ids if rank[id]]
    report["other things than apparel"] = {id: f"{labels[id]}, {table['articleType'][id]}" for id in others}
    details, faults = catalogue.details(folders[0] / "styles", ids)
    attributes = pd.DataFrame(
        {"colour": labels.loc[ids], "pattern": _patterns(details), "kind": table["articleType"].loc[ids]}
    )
    return _corpus(recipe, _listed(table.loc[ids], details), attributes, source, report | faults, classes=["colour"])


def _colours_and_patterns(folders, recipe, source):
    table = _wearable(folders[0])
    table = table[table["masterCategory"] == "Apparel"]
    details, _ = catalogue.details(folders[0] / "styles", table.index)
    attributes = pd.DataFrame(
        {"colour": _named_colours(table), "pattern": _patterns(details), "kind": table["articleType"]}
    )
    attributes = attributes[attributes["pattern"].isin(PATTERNS)]
    pairs = attributes["colour"] + " " + attributes["pattern"]
    order = [f"{colour} {pattern}" for colour in COLOURS for pattern in PATTERNS]
    pairs = pairs.sort_values(key=lambda column: column.map(order.index), kind="stable")
    ids, report = samples.balanced(pairs, source(pairs.index), each=recipe["most"], seed=recipe["seed"])
    report["pairs without a picture"] = sorted(set(order) - set(pairs))
    listed = _listed(table.loc[ids], details.loc[ids])
    return _corpus(recipe, listed, attributes.loc[ids], source, report, classes=["colour", "pattern"])


def _textures(folders, recipe, source):
    kinds = pd.read_csv(folders[0] / "textures.csv", keep_default_na=False, dtype=str).set_index("folder")
    named = _named_textures(kinds, recipe["tenth"])
    ids = {}
    for kind, name in named.items():
        if name == "basic" and recipe["basic"] == "products":
            plain = pd.read_csv(folders[0] / "solid_alternative_fashion_products.csv", dtype=str)["id"]
            ids |= dict.fromkeys((f"products-{id}" for id in plain), name)
        else:
            ids |= dict.fromkeys((f"{kind}-{path.stem}" for path in sorted((folders[0] / kind).glob("*.jpg"))), name)
    labels = pd.Series(ids, dtype=object)
    chosen, report = samples.balanced(labels, source(labels.index), each=recipe["each"], seed=recipe["seed"])
    report["basic"] = BASIC[recipe["basic"]]
    report["stands in for sequin"] = recipe["tenth"] or "nothing: nine textures"
    attributes = pd.DataFrame({"texture": labels.loc[chosen]})
    return _corpus(recipe, pd.DataFrame(index=chosen), attributes, source, report, classes=["texture"])


def _named_textures(kinds, tenth):
    """Name of each texture by its folder: the paper's, and its own for the one that stands in."""
    possible = [kind for kind in kinds.index if kinds["is_stand_in"][kind] == "1" or not kinds["paper_texture"][kind]]
    if tenth is not None and tenth not in possible:
        raise ValueError(f"tenth stands in for sequin: one of {', '.join(possible)}, or None; got {tenth!r}")
    own = kinds[(kinds["in_ten"] == "1") & (kinds["is_stand_in"] != "1")]["paper_texture"]
    named = {kind: _AS_PRINTED.get(name, name) for kind, name in own.items()}
    return named if tenth is None else named | {tenth: tenth}


def _wearable(folder):
    """Rows of the catalogue in one of the ten colours that are worn, or carried, and may be shown."""
    table, _ = catalogue.styles(folder / "styles.csv")
    wanted = (table["masterCategory"] == "Apparel") | table["subCategory"].isin(sum(FALLBACK, ()))
    return table[wanted & ~table["subCategory"].isin(UNDRESSED) & table["baseColour"].isin(COLOURS.values())]


def _named_colours(table):
    """The paper's name of the base colour, rows in the order of its ten colours."""
    names = {base: name for name, base in COLOURS.items()}
    return table["baseColour"].map(names).sort_values(key=lambda column: column.map(list(COLOURS).index), kind="stable")


def _patterns(details):
    """The catalogue's pattern in lower case; None where it states none."""
    stated = [json.loads(each).get("Pattern") for each in details["attributes"]]
    return pd.Series([each.lower() if isinstance(each, str) else None for each in stated], details.index, dtype=object)


def _listed(table, details):
    return pd.DataFrame(
        {"title": table["productDisplayName"], "category": table["articleType"], "group": details["brand"]}
    )


def _corpus(recipe, listed, attributes, source, report, *, classes):
    files = source(attributes.index).files
    table = listed.assign(
        image=[Path(files[id]).name for id in attributes.index],
        split=samples.parts(attributes[classes].agg(" ".join, axis=1), seed=recipe["seed"]),
    ).rename_axis("image")
    mentions = scipy.sparse.csr_array((len(table), 0), dtype=bool)
    truth = Truth(attributes.astype("category").rename_axis("image"))
    return Corpus(recipe["corpus"], table, (), mentions, source(table.index), truth, report=report, recipe=recipe)


def _photos(folder, ids):
    return ImageSource(folder / "images", {id: f"{id}.jpg" for id in ids})


def _cloths(folders, ids):
    """Photos of both archives: ids begin with the name of the texture's folder, or with "products"."""
    files = {}
    for id in ids:
        kind, name = id.split("-", 1)
        files[id] = str(folders[1] / "images" / f"{name}.jpg") if kind == "products" else f"{kind}/{name}.jpg"
    return ImageSource(folders[0], files)


def _state(folder):
    """What the files of a folder are, by name, size and time of change."""
    stats = ((path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file())
    return [f"{path.relative_to(folder).as_posix()} {stat.st_size} {stat.st_mtime_ns}" for path, stat in stats]


def _sources():
    """The code that makes these corpora: another version of it makes others."""
    here = Path(__file__).parent
    names = ("studies", "samples", "likeness", "catalogue", "sources", "splits")
    return [(here / f"{name}.py").read_text(encoding="utf-8") for name in names]


def _digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]
