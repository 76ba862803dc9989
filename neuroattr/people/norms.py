"""What people said of words without seeing pictures: published norms, and counts of adjectives before nouns."""

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from neuroattr import assets, discovery, text

LANCASTER = ("lancaster_sensorimotor.csv", "Lancaster_sensorimotor_norms_for_39707_words.csv")
BRYSBAERT = ("Concreteness_ratings_Brysbaert_et_al_BRM.txt",)
GLASGOW = ("glasgow_norms.csv", "13428_2018_1099_MOESM2_ESM.csv")
ABSENT = ("zero", "left out")
COUNTS = {"coca": "coca_adj_noun_winter.csv", "reviews": "clothing_reviews_adj_noun.csv"}
"""Counts of adjective-noun pairs: American English, but only 405 adjectives; and 23,486 reviews of clothes."""


def lancaster(folder: Path | str | None = None) -> pd.Series:
    """Visual strength of words, spelled as ``text.normalised`` does: how much a thing is experienced by sight, 0 to 5.

    Parameters
    ----------
    folder
        Folder with the file of the asset or of the original distribution; default: the asset "lexical".

    Notes
    -----
    Strength is not visualness in clothes: "party" has 4.7, "soft" 2.0, and "new" about 4. The norms (Lynott et al.
    2020, doi:10.3758/s13428-019-01316-z) stand in for votes that the paper never published.
    """
    table = _table(folder, LANCASTER)
    return _by_word(table, "visual" if "visual" in table else "visual.mean", "lancaster")


def brysbaert(folder: Path | str | None = None) -> pd.Series:
    """Concreteness of words, 1 to 5 (Brysbaert et al. 2014, doi:10.3758/s13428-013-0403-5); `folder` as `lancaster`."""
    return _by_word(_table(folder, BRYSBAERT, separator="\t"), "conc.m", "brysbaert")


def glasgow(folder: Path | str | None = None) -> pd.Series:
    """Imageability of words, 1 to 7 (Scott et al. 2019, doi:10.3758/s13428-018-1099-3); `folder` as `lancaster`.

    A word that is there only by its senses, as in "address (postal)", has their mean. The file may have one row of
    column names, as that of the asset, or the two of the original: IMAG over M, SD and N.
    """
    path = _file(folder, GLASGOW)
    table = _two_rows(path) if _has_two_rows(path) else _table(folder, GLASGOW)
    table["bare"] = table["word"].str.replace(r"\s*\(.*\)$", "", regex=True)
    whole = table["word"] == table["bare"]
    senses = table[~whole & ~table["bare"].isin(table.loc[whole, "bare"])]
    return _by_word(pd.concat([table[whole], senses]).assign(word=lambda rows: rows["bare"]), "imageability", "glasgow")


NORMS = {"lancaster": lancaster, "brysbaert": brysbaert, "glasgow": glasgow}


def norms(words: Iterable[str], folder: Path | str | None = None) -> pd.DataFrame:
    """All norms of these words, a row each, a column a norm; NaN where one does not have the word.

    Words may be in any spelling (see ``text.normalised``); `folder` as `lancaster`.

    Raises
    ------
    neuroattr.assets.MissingAsset
        Without the asset.
    """
    index = pd.Index([str(word) for word in words], name="word")
    spelled = index.map(text.normalised)
    return pd.DataFrame({name: read(folder).reindex(spelled).to_numpy() for name, read in NORMS.items()}, index)


def adjective_nouns(source: str, folder: Path | str | None = None) -> pd.DataFrame:
    """Counts of adjectives directly before nouns: columns adjective, noun (singular), count.

    Parameters
    ----------
    source
        "coca": 149,387 pairs, but of 405 adjectives only. "reviews": 22,901 pairs in reviews of clothes, tagged by
        machine.
    folder
        As `lancaster` takes it.

    Raises
    ------
    ValueError
        For another source.

    Notes
    -----
    Far less than the Google Books n-grams of the paper: of a word that neither list has, nothing is known, though its
    prior is 0. ``attrs["adjectives"]`` is the number of adjectives that there are counts for.
    """
    if source not in COUNTS:
        raise ValueError(f"source must be one of {', '.join(COUNTS)}; got {source!r}")
    table = _table(folder, (COUNTS[source],))
    table["noun"] = table["noun"].map(singular)
    counts = table.groupby(["adjective", "noun"], sort=False, as_index=False)["freq"].sum()
    counts = counts.rename(columns={"freq": "count"})
    counts.attrs["adjectives"] = int(counts["adjective"].nunique())
    return counts


def language_prior(
    words: Sequence[str],
    nouns: Iterable[str],
    *,
    source: str,
    absent: str = "zero",
    folder: Path | str | None = None,
) -> pd.Series:
    """Probability of each word before one of the nouns, by word, in the counts of a source.

    ``attrs["counted"]`` is the number of words that the source has.

    Parameters
    ----------
    nouns
        Nouns of clothing, singular or plural; the paper takes twenty.
    source, folder
        As `adjective_nouns` takes them.
    absent
        What a word that the source has never counted gets: "zero", as in the n-grams of a whole language, or "left
        out" (NaN), because a small list says nothing of it.

    Raises
    ------
    ValueError
        For another source, or another way to treat what is absent.

    Notes
    -----
    *Discovery* section 4.4, the row "Language prior" of table 1.
    """
    if absent not in ABSENT:
        raise ValueError(f"absent must be one of {', '.join(ABSENT)}; got {absent!r}")
    pairs = adjective_nouns(source, folder)
    objects = list(dict.fromkeys(map(singular, nouns)))
    counts = pairs["count"].to_numpy(float)
    values = discovery.language_prior(pairs["adjective"], pairs["noun"], counts, words=words, objects=objects)
    prior = pd.Series(values, pd.Index(list(words), name="word"), name=source)
    known = prior.index.isin(pairs["adjective"].unique())
    prior = prior if absent == "zero" else prior.where(known)
    prior.attrs["counted"] = int(known.sum())
    return prior


@functools.cache
def singular(noun: str) -> str:
    """The noun without a plural ending, alike for lists that fold plurals and those that do not.

    >>> [singular(noun) for noun in ("dresses", "dress", "jeans", "accessories", "scarf")]
    ['dress', 'dress', 'jean', 'accessory', 'scarf']
    """
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "ches", "shes", "xes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 3 else noun


def _table(folder: Path | str | None, names: Sequence[str], *, separator: str = ",") -> pd.DataFrame:
    """The first of these files in the folder, with lower-case column names and words; "NA" and "null" are words."""
    table = pd.read_csv(_file(folder, names), keep_default_na=False, na_values={}, sep=separator)
    table.columns = table.columns.str.lower()
    first = table.columns[0]
    table[first] = table[first].astype(str).str.lower()
    return table


def _file(folder: Path | str | None, names: Sequence[str]) -> Path:
    """The first of these files that is in the folder."""
    folder = assets.folder("lexical") / "lexical" if folder is None else Path(folder)
    path = next((folder / name for name in names if (folder / name).is_file()), None)
    if path is None:
        raise FileNotFoundError(f"wanted {' or '.join(names)} in {folder}, but it is not there")
    return path


def _has_two_rows(path: Path) -> bool:
    with path.open(encoding="utf-8-sig") as file:
        return [next(file, ""), next(file, "")][1].startswith(",")


def _two_rows(path: Path) -> pd.DataFrame:
    """Words and imageability of the original layout: the first row names a scale, the second its M, SD and N."""
    table = pd.read_csv(path, header=None, skiprows=2, keep_default_na=False, encoding="utf-8-sig")
    scales = pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns.str.lower().tolist()
    words = table[0].astype(str).str.lower()
    return pd.DataFrame({"word": words, "imageability": table[scales.index("imag")]})


def _by_word(table: pd.DataFrame, column: str, name: str) -> pd.Series:
    """Means of a column by word in one spelling; empty cells are no value."""
    values = pd.to_numeric(table[column], errors="coerce")
    return values.groupby(table["word"].map(text.normalised)).mean().dropna().rename(name)
