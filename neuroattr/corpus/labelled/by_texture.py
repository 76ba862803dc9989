"""Clothing by texture, from an archive with a folder for each."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from neuroattr import assets
from neuroattr.provenance import Kind

from .. import catalogue, samples
from ..collection import Corpus
from ..report import Findings
from ..sources import ImageSource
from . import by_colour
from .corpora import Recipe, kept, labelled

ASSET = "clothing-textures-sample"
BASIC = {
    "products": "plain shop garments of the fashion products instead of the archive's own class: another source than "
    "the nine other textures, though also shop photos; most show a person, on white",
    "street": "street photos of whole persons from another data set: the background alone tells them from all others",
}
# As the other parts of the library write them; textures.csv has the paper's plain words.
NAMES = {"polka dots": "polka", "crows feet": "crows-feet"}
# Seen on contact sheets of the asset (seed 0, 100 a texture); the labels were left as they are.
LABELS_SEEN = {
    "all": "web photos of tops and waistcoats, some of dogs' clothes and of folded or cropped cloth",
    "polka": "about a quarter show no dots even at 256 pixels, and nearly half look plain at 84: the dots are fine",
    "crows-feet": "about a third look plain or finely checked",
    "zebra": "about half are zebra stripes; about a fifth show the animal, the rest are brocades and other prints",
    "squared": "gingham, tartan, chessboard and fine checks, with a few argyles, houndstooths and plain garments",
    "leopard": "about a tenth show an animal or fur",
    "paisley": "with brocade waistcoats whose ornament is hardly seen, and ethnic prints",
    "striped": "about a tenth have stripes too fine to see, or blocks of colour",
    "argyle": "some are one row of diamonds on a plain shirt, a few are plain",
    "flowers": "a few plain or abstract garments",
    "basic": "with logos and contrasting trim; two or three are striped",
}


def textures(
    *,
    seed: int,
    each: int = 100,
    basic: str = "products",
    tenth: str | None = "zebra",
    folder: str | Path | None = None,
    products: str | Path | None = None,
) -> Corpus:
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
        What stands in for sequin, which the archive does not have: "zebra", as the archive proposes, "tartan",
        "herringbone", or None for nine textures. It is called by its own name.
    folder
        Folder with textures.csv and a folder for each texture; default: the asset.
    products
        Folder of the fashion products as in ``colours``, for ``basic="products"``.

    Returns
    -------
    Corpus
        ``annotations.attributes``: texture. There are no words. ``report`` tells the stand-in, the source of plain
        clothing, which textures are short, and how true the labels look.

    Raises
    ------
    ValueError
        For another ``basic`` or ``tenth``, ``each`` less than 1, or a folder without textures.csv.
    neuroattr.assets.MissingAsset
        Without folders where an asset is not at hand.
    """
    if basic not in BASIC:
        raise ValueError(f"basic is where plain clothing comes from, {' or '.join(map(repr, BASIC))}; got {basic!r}")
    homes = _homes(folder, products, basic)
    recipe = {"corpus": "textures", "seed": seed, "each": each, "basic": basic, "tenth": tenth, "classes": ["texture"]}
    return kept(KIND, recipe, homes, _textures, lambda ids: _photos(homes, ids))


def _homes(folder: str | Path | None, products: str | Path | None, basic: str) -> tuple[Path, ...]:
    home = assets.folder(ASSET) if folder is None else Path(folder)
    if not (home / "textures.csv").is_file():
        raise ValueError(f"textures are a folder with textures.csv and a folder for each; {home} has no textures.csv")
    if basic != "products":
        return (home,)
    return home, assets.folder(catalogue.ASSET) / "fashion-dataset" if products is None else Path(products)


def _textures(folders: tuple[Path, ...], recipe: Recipe) -> tuple[pd.DataFrame, pd.DataFrame, Findings]:
    kinds = pd.read_csv(folders[0] / "textures.csv", keep_default_na=False, dtype=str).set_index("folder")
    found: dict[str, str] = {}
    for kind, name in _named(kinds, recipe["tenth"]).items():
        if name == "basic" and recipe["basic"] == "products":
            plain = pd.read_csv(folders[0] / "solid_alternative_fashion_products.csv", dtype=str)
            plain = plain[~plain["productDisplayName"].str.contains(by_colour.UNDRESSED_TITLE)]
            found |= dict.fromkeys((f"products-{id}" for id in plain["id"]), name)
        else:
            found |= dict.fromkeys((f"{kind}-{path.stem}" for path in sorted((folders[0] / kind).glob("*.jpg"))), name)
    labels = pd.Series(found, dtype=object)
    ids, report = samples.balanced(labels, _photos(folders, labels.index), each=recipe["each"], seed=recipe["seed"])
    report |= {
        "stands in for sequin": recipe["tenth"] or "nothing: nine textures",
        "source of basic": BASIC[recipe["basic"]],
        "labels as seen": LABELS_SEEN,
    }
    return pd.DataFrame(index=ids), pd.DataFrame({"texture": labels[ids]}), report


def _named(kinds: pd.DataFrame, tenth: str | None) -> dict[str, str]:
    """Name of each texture by its folder: the paper's, and its own for the one that stands in."""
    possible = kinds.index[(kinds["is_stand_in"] == "1") | (kinds["paper_texture"] == "")]
    if tenth is not None and tenth not in possible:
        raise ValueError(f"tenth stands in for sequin: one of {', '.join(possible)}, or None; got {tenth!r}")
    own = kinds[(kinds["in_ten"] == "1") & (kinds["is_stand_in"] != "1")]["paper_texture"]
    named = {kind: NAMES.get(name, name) for kind, name in own.items()}
    return named if tenth is None else named | {tenth: tenth}


def _photos(folders: tuple[Path, ...], ids: Iterable[str]) -> ImageSource:
    """Opens photos of both archives: ids begin with the name of the texture's folder, or with "products"."""
    files = {}
    for id in ids:
        kind, name = id.split("-", 1)
        files[id] = str(folders[1] / "images" / f"{name}.jpg") if kind == "products" else f"{kind}/{name}.jpg"
    return ImageSource(folders[0], files)


KIND = Kind("textures", (_textures, labelled))
