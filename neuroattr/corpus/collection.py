"""Corpus: pictures, the words that were said of them, and what is known about them besides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import scipy.sparse

from . import boilerplate, consistency, contrasts, crops, splits, tables
from . import votes as ballots
from . import words as vocabulary
from .annotations import Annotations
from .report import Report, line, summary
from .sources import ImageSource


@dataclass(frozen=True)
class Corpus:
    """N pictures and W words.

    Parameters
    ----------
    name
        What it is called in print, e.g. "atelier-shop".
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
        True for drawings, False for photographs, None where nobody knows: generated, real, or of unknown origin.
    report
        Faults that were found and what was done about them: a dict that prints one line for each.
    recipe
        Everything that made the corpus, as JSON-able values.
    """

    name: str
    table: pd.DataFrame
    words: tuple[str, ...]
    mentions: scipy.sparse.csr_array
    source: ImageSource
    annotations: Annotations = field(default_factory=Annotations)
    generated: bool | None = None
    report: Report = field(default_factory=Report)
    recipe: dict = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "words", tuple(self.words))
        object.__setattr__(self, "report", Report(self.report))
        object.__setattr__(self, "generated", consistency.origin(self.generated))
        object.__setattr__(self, "mentions", scipy.sparse.csr_array(self.mentions, dtype=bool))
        consistency.check(self.table, self.words, self.mentions, self.annotations)

    @classmethod
    def from_table(
        cls, frame, *, image_column, text_columns=(), words=None, n_words=250, id_column=None, category_column=None,
        group_column=None, root=None, seed=0, split_by="listing", name=None, boilerplate="keep", repeated=3,
        encoding=None, separator=",", generated=None,
    ):  # fmt: skip
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
        cls, folder, *, words=None, n_words=250, seed=0, split_by="listing", name=None, words_from="texts",
        encoding=None, generated=None,
    ):  # fmt: skip
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
        cls, dataset, *, image_column="image", text_columns=("text",), words=None, n_words=250, id_column=None,
        category_column=None, group_column=None, seed=0, split_by="listing", name=None, generated=None,
    ):  # fmt: skip
        """A corpus from one split of a Hugging Face data set (or anything with ``column_names`` and such rows)."""
        columns = tables.Columns(image_column, text_columns, id_column, category_column, group_column)
        options = tables.Options(words, n_words, seed, split_by, name)
        return cls(**tables.from_rows(dataset, columns, options), generated=generated)

    def __len__(self):
        return len(self.table)

    def __repr__(self):
        return line(self.table, self.words, self.report, name=self.name, generated=self.generated)

    @property
    def truth(self) -> Annotations:
        """The annotations, for who measures against them."""
        return self.annotations

    @property
    def ids(self):
        """Ids of the pictures, in row order."""
        return self.table.index

    @property
    def frequency(self):
        """Number of pictures whose text has each word (document frequency), by word."""
        return pd.Series(self.mentions.sum(axis=0), index=pd.Index(self.words, name="word"), name="pictures")

    def image(self, picture):
        """The picture with this id (string) or at this row (integer), as RGB."""
        return self.source.image(picture if isinstance(picture, str) else self.ids[picture])

    def subset(self, rows):
        """The same corpus with only these rows (positions or a bool mask), in that order; words are kept."""
        rows = np.asarray(rows)
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64)
        table = self.table.iloc[rows]
        return replace(
            self, table=table, mentions=self.mentions[rows], annotations=self.annotations.subset(table.index),
            recipe={**self.recipe, "rows": len(rows)},
        )  # fmt: skip

    def part(self, split):
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
        made = [*self.recipe.get("crops", []), {"margin": margin, "square": square, "fill": fill}]
        recipe = {**self.recipe, "crops": made}
        return replace(self, source=source, annotations=annotations, report=self.report | report, recipe=recipe)

    def mention(self, word):
        """Which pictures have ``word``: bool N."""
        if word not in self.words:
            hint = self.report["no words"] if not self.words and "no words" in self.report else None
            raise KeyError(vocabulary.unknown(word, self.words, name=self.name, hint=hint))
        return self.mentions[:, [self.words.index(word)]].toarray()[:, 0]

    def contrast(self, word, *, seed, match=(), balanced=True):
        """Pictures with ``word`` and pictures without it.

        Parameters
        ----------
        seed
            Of the draw; the same seed gives the same pictures.
        match
            Columns of the table ("category", "group") whose joint distribution must be equal on both sides.
        balanced
            As many negatives as positives; False gives all of both.

        Raises
        ------
        KeyError
            For a word that is not among ``words``, with the nearest ones.
        ValueError
            For a word that no picture has or that all have, a column that is not there, a match without balance, and
            a match that leaves nothing.
        """
        mention = contrasts.usable(self.mention(word), word, self.name)
        match = (match,) if isinstance(match, str) else tuple(match)
        strata = self.strata(match) if match else None
        return contrasts.contrast(word, mention, strata, match, balanced=balanced, seed=seed)

    def strata(self, match):
        """Number of the joint value of the columns ``match`` ("category", "group") for each picture: int N.

        ``contrast`` matches one word by it, ``neuroattr.discovery.matched_divergence`` all words at once. Pictures of
        which a column is missing are a stratum of their own: they are matched with each other.

        Raises
        ------
        ValueError
            For a column that is not there.
        """
        return contrasts.strata(self.table, match)

    def without_boilerplate(self, *, repeated=3):
        """The same pictures and words, without mentions that only boilerplate makes; words without any are left out.

        Parameters
        ----------
        repeated
            A sentence is boilerplate if so many descriptions of one group have it (``text.boilerplate``); titles
            count whole.

        Notes
        -----
        ``load("products", boilerplate="drop")`` and ``from_table(..., boilerplate="drop")`` choose the words themselves
        from what is left; this keeps those there are, for a comparison.
        """
        markup = "from" in self.recipe  # a user's own texts
        words, left, report = boilerplate.without(
            self.table, self.words, self.mentions, repeated=repeated, markup=markup
        )
        recipe = {**self.recipe, "without boilerplate repeated": repeated}
        return replace(self, words=words, mentions=left, report=self.report | report, recipe=recipe)

    def with_votes(self, votes, *, encoding=None):
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

    def summary(self):
        """What the corpus holds and which faults were found, as a table of two columns."""
        return summary(self.table, self.words, self.mentions, self.report, name=self.name)
