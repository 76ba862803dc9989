"""The corpus "products": Fashion Product Images as the role that Etsy has in the paper (Discovery, Section 3.1)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse

from neuroattr import checks, papers, text
from neuroattr.provenance import Kind, lines_digest

from . import catalogue, inspection, samples, splits, storage, tagging
from .annotations import Annotations
from .catalogue import photos
from .collection import Corpus
from .report import Findings

PAPER = papers.constants("discovery")
Sentence = tuple[str, ...]
BRAND_SHARE = 0.5  # a word of a brand's name is that name if so many of its products belong to such brands


@dataclass(frozen=True)
class Recipe:
    """How the corpus is made of the catalogue; see ``products``."""

    n_words: int
    seed: int
    deduplicate: bool
    threshold: float
    limit: int | None
    split_by: str
    share: float
    boilerplate: str
    repeated: int


def products(
    *,
    seed: int,
    n_words: int = PAPER.candidate_words,
    deduplicate: bool = True,
    threshold: float = PAPER.duplicate_threshold,
    limit: int | None = None,
    split_by: str = "listing",
    share: float = 0.0,
    boilerplate: str = "keep",
    repeated: int = 3,
    folder: str | Path | None = None,
) -> Corpus:
    """Products with photo, title, description, brand and catalogue attributes.

    Parameters
    ----------
    seed
        Of the split, of the pick among near-duplicates, and of ``limit``.
    n_words
        How many of the most frequent adjectives are candidate words (paper: 250).
    deduplicate, threshold
        Whether to remove near-duplicates, and their cosine distance (paper: 0.1, strictly below).
    limit
        Use only so many products, drawn at random.
    split_by
        50/25/25 by "listing" (the paper's) or by "shop" (the brand).
    share
        Least share of a word's occurrences that are adjectives, see ``text.Rule``; the paper has no such rule.
    boilerplate, repeated
        "keep" reads whole descriptions (the paper's way); "drop" leaves out sentences that ``repeated`` or more
        products of one brand have, see ``text.boilerplate``; titles are read whole, and the table keeps all text.
    folder
        Folder with styles.csv, styles/ and images/; default: the asset of 11,900 products.

    Returns
    -------
    Corpus
        category = articleType, group = brand; ``annotations.attributes`` holds the catalogue's attributes, which no
        word is read from. Faults are in ``report``.

    Raises
    ------
    ValueError
        If the folder has no styles.csv, or nothing usable is left; for another way to treat boilerplate.
    neuroattr.assets.MissingAsset
        Without ``folder`` where the asset is not at hand.
    """
    name = "products" if folder is None else f"products in {Path(folder).name}"
    folder = catalogue.located(folder)
    checks.one_of(boilerplate, tagging.BOILERPLATE, name="boilerplate")
    recipe = Recipe(n_words, seed, deduplicate, threshold, limit, split_by, share, boilerplate, repeated)
    tagged = tagging.best()
    state = storage.state(folder, folders=("styles", "images"), digested=("styles.csv",))
    lexicon = lines_digest(sorted(tagged.lexicon))
    record = KIND.record(name=name, files=state, recipe=recipe, tagger=tagged.name, lexicon=lexicon)
    return storage.kept(
        KIND, record, lambda: _made(name, folder, recipe, tagged, state), lambda ids: photos(folder, ids)
    )


def _made(name: str, folder: Path, recipe: Recipe, tagged: tagging.Tagging, state: str) -> Corpus:
    """The corpus from the files."""
    table, report = catalogue.styles(folder / "styles.csv")
    ids = sorted(table.index, key=lambda id: (len(id), id))  # numeric order
    table = table.loc[samples.limited(ids, recipe.limit, seed=recipe.seed, what="products")]
    checked = inspection.inspected(photos(folder, table.index), list(table.index))
    report |= inspection.faults(checked)
    table = table[(checked["fault"] == "").to_numpy()]
    if table.empty:
        raise ValueError(
            f"none of the {len(checked)} products in {folder} has a usable photo: {checked['detail'].iloc[0]}"
        )
    details, found = catalogue.details(folder / "styles", table.index)
    report |= {"products": len(checked)} | found
    if recipe.deduplicate:
        said = (table["productDisplayName"] + "\n" + details["description"]).tolist()
        twins = text.near_duplicates(
            said, details["brand"].tolist(), threshold=recipe.threshold, seed=recipe.seed, ids=list(table.index)
        )
        report |= _merged(twins.report, table)
        table, details = table.iloc[twins.keep], details.iloc[twins.keep]
    words, mentions, found = _words(table["productDisplayName"], details, recipe, tagged)
    groups = details["brand"] if recipe.split_by == "shop" else None
    arranged = pd.DataFrame(
        {
            "image": [f"{id}.jpg" for id in table.index],
            "title": table["productDisplayName"],
            "description": details["description"],
            "category": table["articleType"],
            "group": details["brand"],
            "split": splits.assigned(table.index, seed=recipe.seed, groups=groups),
            "department": table["masterCategory"],
            "subcategory": table["subCategory"],
        }
    ).rename_axis("image")
    attributes = catalogue.attributes(table, details["attributes"]).rename_axis("image")
    facts = {"corpus": "products", **asdict(recipe), "tagger": tagged.name, "state": state}
    facts["stop words sha256"] = text.stop_words_digest()
    annotations = Annotations(attributes, kinds=catalogue.kinds(words, attributes))
    return Corpus(
        name, arranged, words, mentions, photos(folder, table.index), annotations, generated=False,
        report=report | found, recipe=facts,
    )  # fmt: skip


def _words(
    titles: pd.Series, details: pd.DataFrame, recipe: Recipe, tagged: tagging.Tagging
) -> tuple[tuple[str, ...], scipy.sparse.csr_array, Findings]:
    """Candidate words, their mentions, and a report. A product's own brand name is not read."""
    said, brands = details["description"].tolist(), [text.tokens(brand) for brand in details["brand"]]
    rule = tagged.rule(excluded=_brand_words(titles, details, brands), share=recipe.share)
    whole = _documents(titles, said, brands)
    report, documents = {}, whole
    if recipe.boilerplate == "drop":
        left = text.boilerplate(said, details["brand"].tolist(), least=recipe.repeated)
        documents, tagged = _documents(titles, left.texts, brands), tagged.once()
        candidates = _candidates(whole, tagged, rule, recipe)
        report = left.report() | {"words that lost most to boilerplate": text.lost_mentions(
            _flat(whole), _flat(documents), candidates
        )}  # fmt: skip
    candidates = _candidates(documents, tagged, rule, recipe)
    found = text.mentions(_flat(documents), candidates)
    counts = text.document_frequency(found)
    order = sorted((w for w, n in enumerate(counts) if n < len(documents)), key=lambda w: (-counts[w], candidates[w]))
    words, mentions = tuple(candidates[w] for w in order), found[:, order]
    return (
        words,
        mentions,
        {
            "tagger": tagged.name,
            "brand names left out": sorted(rule.excluded),
            "words mostly of one brand": _words_of_one_brand(words, mentions, details["brand"]),
            **report,
        },
    )


def _documents(titles: Iterable[str], descriptions: Iterable[str], brands: Iterable[list[str]]) -> list[list[Sentence]]:
    """Sentences of title and description of each product, without the name of its brand."""
    return [
        [left for left in (_without(sentence, brand) for sentence in text.sentences(title + "\n" + said)) if left]
        for title, said, brand in zip(titles, descriptions, brands, strict=True)
    ]


def _candidates(documents: list[list[Sentence]], tagged: tagging.Tagging, rule: text.Rule, recipe: Recipe) -> list[str]:
    """The adjectives of most documents."""
    return list(text.adjectives(documents, tagged.tagger, rule=rule))[: recipe.n_words]


def _flat(documents: list[list[Sentence]]) -> list[list[str]]:
    return [[word for sentence in document for word in sentence] for document in documents]


def _without(sentence: Sentence, brand: list[str]) -> Sentence:
    return tuple(text.without_phrase(sentence, brand)) if brand and brand[0] in sentence else sentence


def _brand_words(titles: Iterable[str], details: pd.DataFrame, brands: Sequence[list[str]]) -> frozenset[str]:
    """Words of brand names that mean the brand: most products that mention them are of a brand so named."""
    parts = {word for brand in brands for word in brand}
    own: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for title, said, brand in zip(titles, details["description"], brands, strict=True):
        mentioned = parts.intersection(text.tokens(title + "\n" + said))
        all_.update(mentioned)
        own.update(mentioned.intersection(brand))
    return frozenset(word for word in parts if own[word] >= BRAND_SHARE * max(all_[word], 1))


def _words_of_one_brand(
    words: Sequence[str], mentions: scipy.sparse.csr_array, brands: pd.Series, *, share: float = 0.8
) -> dict[str, str]:
    """Words that one brand has most mentions of, with that brand: likely to be its boilerplate."""
    codes, names = pd.factorize(brands)
    mentions = mentions.tocsc()
    found = {}
    for w, word in enumerate(words):
        counts = np.bincount(codes[mentions.indices[mentions.indptr[w] : mentions.indptr[w + 1]]])
        if counts.max() >= share * counts.sum():
            found[word] = str(names[counts.argmax()])
    return found


def _merged(found: Findings, table: pd.DataFrame) -> Findings:
    """What near-duplicate removal did, with the titles of the largest clusters."""
    titles = table["productDisplayName"].to_numpy()
    return {
        "near-duplicates removed": found["removed"],
        "near-duplicate clusters by size": {str(size): n for size, n in found["clusters by size"].items()},
        "largest near-duplicate clusters": [titles[rows].tolist() for rows in found["largest"]],
    }


KIND = Kind("products", (_made,))
