"""Corpus: pictures, the words that were said of them, and what is known about them besides."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse
from PIL import Image

from . import boilerplate, consistency, contrasts, crops, splits, tables
from . import votes as ballots
from . import words as vocabulary
from .annotations import Annotations
from .contrasts import Contrast
from .report import Findings, Report, line, summary
from .sources import Source


@dataclass(frozen=True)
class Corpus:
    """N pictures and W words.

    Parameters
    ----------
    name
        In print, e.g. "atelier-shop".
    table : DataFrame
        One row a picture; index: unique string ids, named "image". Columns: image, split, and where they exist title,
        description, category, group (shop or brand).
    words
        The W candidate words, most frequent first.
    mentions : sparse bool N x W
        Which pictures' texts have which word.
    source
        Opens pictures: ``image(id)``, ``digest(id)``, ``path(id)``.
    annotations
        What is known besides: words that are true of a picture, boxes, part points, captions, classes ...
    generated
        True for drawings, False for photographs, None where nobody knows.
    report
        Faults that were found and what was done about them: a dict that prints one line for each.
    recipe
        Everything that made the corpus, as JSON-able values.
    """

    name: str
    table: pd.DataFrame
    words: tuple[str, ...]
    mentions: scipy.sparse.csr_array
    source: Source
    annotations: Annotations = field(default_factory=Annotations)
    generated: bool | None = None
    report: Findings = field(default_factory=Report)
    recipe: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(self.words))
        object.__setattr__(self, "report", Report(self.report))
        object.__setattr__(self, "generated", consistency.origin(self.generated))
        object.__setattr__(self, "mentions", scipy.sparse.csr_array(self.mentions, dtype=bool))
        consistency.check(self.table, self.words, self.mentions, self.annotations)

    @classmethod
    def from_table(
        cls, frame: pd.DataFrame | str | os.PathLike[str], *, image_column: str, text_columns: Sequence[str] = (),
        words: Sequence[str] | None = None, n_words: int = 250, id_column: str | None = None,
        category_column: str | None = None, group_column: str | None = None, root: str | os.PathLike[str] | None = None,
        seed: int = 0, split_by: str = "listing", name: str | None = None, boilerplate: str = "keep",
        repeated: int = 3, encoding: str | None = None, separator: str = ",", generated: bool | None = None,
    ) -> Corpus:  # fmt: skip
        """A corpus from a table of pictures and texts.

        Parameters
        ----------
        frame : DataFrame, or path of a .csv or .parquet file
            Values of a .csv file are taken as the text they are: "00123" stays "00123".
        image_column
            Path of each picture, relative to ``root``; or the pictures themselves, as bytes or ``{bytes, path}``.
        text_columns
            Texts about the picture; the first is kept as its title, the others together as its description.
        words
            Candidate words, in any spelling and script (see ``text.mentions``); None extracts the ``n_words`` most
            frequent adjectives of the texts.
        id_column, category_column, group_column
            Ids (default: the image column), categories and shops or brands.
        root
            Folder of the pictures (default: the folder of the table's file, or the current one).
        seed, split_by
            The 50/25/25 split: by "listing" or by "shop" (no shop in two parts).
        boilerplate, repeated
            "drop" takes no words from sentences that ``repeated`` or more descriptions of one shop have (of all, where
            no group column is named; of titles, where there is no second text); ``report`` says what that cost.
        encoding, separator
            Of a .csv file. None: UTF-8, or as its byte order mark says.
        generated
            False for photographs, True for drawings; a table does not tell, so without it nobody knows.

        Raises
        ------
        ValueError
            For missing and repeated columns, repeated ids, lines with more or fewer values than the header, other
            encodings and separators, and tables without a usable picture. Single pictures that are missing,
            corrupt or huge, and empty texts, are counted in ``report`` instead; those pictures are left out.
        """
        columns = tables.Columns(image_column, text_columns, id_column, category_column, group_column)
        options = tables.Options(
            words, n_words, seed, split_by, name, boilerplate, repeated, encoding=encoding, separator=separator
        )
        return cls(**tables.from_table(frame, columns, options, root=root), generated=generated)

    @classmethod
    def from_folder(
        cls, folder: str | os.PathLike[str], *, words: Sequence[str] | None = None, n_words: int = 250, seed: int = 0,
        split_by: str = "listing", name: str | None = None, words_from: str = "texts", encoding: str | None = None,
        generated: bool | None = None,
    ) -> Corpus:  # fmt: skip
        """A corpus from a folder of pictures, each with an optional text file of the same name beside it.

        Folders inside it become the categories. ``shirts/blue.jpg`` takes its text from ``shirts/blue.txt`` (or
        ``shirts/blue.jpg.txt``). Links are followed; what is neither a picture nor such a text stands in ``report``.

        Parameters
        ----------
        words, n_words
            As for ``from_table``.
        words_from
            "texts", or "folders": then the names of the folders that a picture lies in are its words, all of them
            whatever ``n_words`` is.
        encoding
            Of the texts. None: UTF-8, or as a byte order mark says; a text in another is named in ``report``.
        """
        options = tables.Options(words, n_words, seed, split_by, name, words_from=words_from, encoding=encoding)
        return cls(**tables.from_folder(folder, options), generated=generated)

    @classmethod
    def from_huggingface(
        cls, dataset: Any, *, image_column: str = "image", text_columns: Sequence[str] = ("text",),
        words: Sequence[str] | None = None, n_words: int = 250, id_column: str | None = None,
        category_column: str | None = None, group_column: str | None = None, seed: int = 0, split_by: str = "listing",
        name: str | None = None, generated: bool | None = None,
    ) -> Corpus:  # fmt: skip
        """A corpus from one split of a Hugging Face data set (or anything with ``column_names`` and such rows)."""
        columns = tables.Columns(image_column, text_columns, id_column, category_column, group_column)
        options = tables.Options(words, n_words, seed, split_by, name)
        return cls(**tables.from_rows(dataset, columns, options), generated=generated)

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        return line(self.table, self.words, self.report, name=self.name, generated=self.generated)

    @property
    def truth(self) -> Annotations:
        """The annotations, for who measures against them."""
        return self.annotations

    @property
    def ids(self) -> pd.Index:
        """Ids of the pictures, in row order."""
        return self.table.index

    @property
    def frequency(self) -> pd.Series:
        """Number of pictures whose text has each word (document frequency), by word."""
        return pd.Series(self.mentions.sum(axis=0), index=pd.Index(self.words, name="word"), name="pictures")

    def image(self, picture: str | int) -> Image.Image:
        """The picture with this id (string) or at this row (integer), as RGB."""
        return self.source.image(picture if isinstance(picture, str) else self.ids[picture])

    def subset(self, rows: Sequence[int] | np.ndarray) -> Corpus:
        """The same corpus with only these rows (positions or a bool mask), in that order; words are kept."""
        rows = np.asarray(rows)
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64)
        table = self.table.iloc[rows]
        return replace(
            self, table=table, mentions=self.mentions[rows], annotations=self.annotations.subset(table.index),
            recipe={**self.recipe, "rows": len(rows)},
        )  # fmt: skip

    def part(self, split: str) -> Corpus:
        """Only the "train", "test" or "validation" pictures."""
        if split not in splits.SPLITS:
            raise ValueError(f"the parts of a corpus are {', '.join(splits.SPLITS)}; got {split!r}")
        return self.subset((self.table["split"] == split).to_numpy())

    def cropped(self, *, margin: float = 0.0, square: bool = True, fill: crops.Fill = "mean") -> Corpus:
        """The same corpus with every picture cropped to the box of its object, and its annotations with it.

        Parameters
        ----------
        margin
            What is added on each side, as a share of the box's width or height.
        square
            Extend the shorter side around the middle to the longer one: side max(w, h).
        fill
            What is put where the crop reaches over the border: "mean", the mean colour of the whole picture, or
            "edge", its nearest pixel.

        Returns
        -------
        Corpus
            Pictures open as their crops, whose numbers are in their digests. Boxes, points, polygons and masks are in
            the pixels of the crops; ``report`` counts the parts that lie outside.

        Raises
        ------
        ValueError
            If a picture has no box, for a margin below 0 and another fill.
        """
        window = crops.windows(self.annotations, self.ids, margin=margin, square=square)
        source = crops.CroppedSource(self.source, crops.as_mapping(window), fill)
        annotations, report = crops.cropped(self.annotations, window)
        made = {"margin": margin, "square": square, "fill": fill}
        recipe = {**self.recipe, "crops": [*self.recipe.get("crops", []), made]}
        return replace(self, source=source, annotations=annotations, report=self.report | report, recipe=recipe)

    def mention(self, word: str) -> np.ndarray:
        """Which pictures have ``word``: bool N."""
        if word not in self.words:
            hint = None if self.words else self.report.get("no words")
            raise KeyError(vocabulary.unknown(word, self.words, name=self.name, hint=hint))
        return np.asarray(self.mentions[:, [self.words.index(word)]].toarray()[:, 0])

    def contrast(self, word: str, *, seed: int, match: str | Sequence[str] = (), balanced: bool = True) -> Contrast:
        """Pictures with ``word`` and pictures without it.

        Parameters
        ----------
        match
            Columns of the table ("category", "group") whose joint distribution must be equal on both sides.
        balanced
            As many negatives as positives, drawn by ``seed``; False gives all of both.

        Raises
        ------
        KeyError
            For a word that is not among ``words``, with the nearest ones.
        ValueError
            For a column that is not there, and as ``contrasts.contrast``.
        """
        positive = self.mention(word)
        return contrasts.contrast(self.table, positive, match, balanced=balanced, seed=seed, word=word, name=self.name)

    def strata(self, match: str | Sequence[str]) -> np.ndarray:
        """Number of the joint value of the columns ``match`` ("category", "group") for each picture: int N.

        ``contrast`` matches one word by it, ``neuroattr.discovery.matched_divergence`` all words at once. Pictures of
        which a column is missing are a stratum of their own. A ValueError names a column that is not there.
        """
        return contrasts.strata(self.table, match)

    def without_boilerplate(self, *, repeated: int = 3) -> Corpus:
        """The same pictures and words, without mentions that only boilerplate makes; words without any are left out.

        Parameters
        ----------
        repeated
            So many descriptions of a group make a sentence boilerplate (``text.boilerplate``); titles count whole.

        Notes
        -----
        ``load("products", boilerplate="drop")`` and ``from_table(..., boilerplate="drop")`` choose the words themselves
        from what is left; this keeps those there are, for a comparison.
        """
        own = "from" in self.recipe  # a user's texts, which may have markup
        kept = boilerplate.without(self.table, self.words, self.mentions, repeated=repeated, markup=own)
        recipe = {**self.recipe, "without boilerplate repeated": repeated}
        return replace(self, words=kept[0], mentions=kept[1], report=self.report | kept[2], recipe=recipe)

    def with_votes(self, votes: Any, *, encoding: str | None = None) -> Corpus:
        """The same corpus with people's judgements of pairs of pictures as ``annotations.votes``.

        Parameters
        ----------
        votes
            A CSV file that ``neuroattr.annotation`` wrote, a table with the columns of ``annotations.votes``, or
            several of either, one of each annotator; who judged a pair twice is taken at the last word.
        encoding
            Of the files. None: UTF-8, or as a byte order mark says.

        Raises
        ------
        ValueError
            For pictures or words that are not in the corpus, and files that disagree on the pictures of a pair.
        """
        table = ballots.joined(votes, self.ids, self.words, encoding=encoding)
        torn = table.attrs.pop("torn")
        report = self.report | ({"votes whose last line has no end, left out": torn} if torn else {})
        return replace(self, annotations=replace(self.annotations, votes=table), report=report)

    def summary(self) -> pd.DataFrame:
        """What the corpus holds and which faults were found, as a table of two columns."""
        return summary(self.table, self.words, self.mentions, self.report, name=self.name)
