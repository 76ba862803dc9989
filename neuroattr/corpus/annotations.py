"""Annotations: what is known about the pictures of a corpus apart from their words."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype

from . import boxes, captions, classes, points, polygons, schemas

KINDS = ("visual", "abstract", "context", "non-visual")
BY_PICTURE = ("attributes", "applies", "sizes", "boxes", "classes")  # index: image
BY_ROW = ("drawn_boxes", "points", "polygons", "captions")  # several rows a picture, named in the column image
CHECKED = ("applies", "sizes", "boxes", "classes", "points", "polygons", "captions")  # speak of pictures there are


@dataclass(frozen=True)
class Annotations:
    """What is known about pictures; None where nothing is. Pixels are counted from the left upper corner, 0, 0.

    Discovery and Hidden layers hold all of it out and measure against it; Summarization learns from captions and
    classes, Visual Concepts measures against points and polygons.

    Parameters
    ----------
    attributes
        Categorical columns (colour, pattern, sleeve length ...), one row a picture: N x A, index: image.
    visibility
        How visible each word is in a picture that has it, in [0, 1], by word.
    kinds
        One of ``KINDS`` for each word.
    regions
        ``regions(id) -> dict[str, bool H x W]``: masks of the parts of a picture, drawn or read when asked for.
    votes
        Annotators' votes, one row a judgement: word, pair, positive_id, negative_id, annotator, answer ("positive",
        "negative" or "none").
    drawn_boxes
        What annotators drew for a word, one row a judgement: image, word, annotator, and left, top, right, bottom in
        pixels (half open), missing where no box was drawn; ``corpus.regions.agreed`` joins them to one region.
    applies
        Which words are true of which picture, whatever its texts say: bool N x W, index: image, columns: words.
    sizes
        Width and height of each picture in pixels, index: image.
    boxes
        The box of the object of each picture: x, y, width, height; index: image (``corpus.boxes.check``).
    points
        Part points, one row a part of a picture: image, part, x, y, visible (``corpus.points.check``).
    polygons
        Outlines of parts, one row a polygon: image, part, instance, coordinates (``corpus.polygons.checked``).
    captions
        Texts, one row a text: image, text (``corpus.captions``).
    classes
        label and official split of each picture, index: image (``corpus.classes.check``).
    class_attributes
        Percentage of each class's pictures that have an attribute; index: class, one column an attribute.

    Raises
    ------
    TypeError, ValueError
        For tables that are not as said here. What data sets get wrong (boxes and points outside their pictures) is
        mended and counted by ``boxes.fitted``, ``points.fitted`` and ``polygons.fitted``.
    """

    attributes: pd.DataFrame | None = None
    visibility: pd.Series | None = None
    kinds: pd.Series | None = None
    regions: Callable[[str], dict[str, np.ndarray]] | None = None
    votes: pd.DataFrame | None = None
    drawn_boxes: pd.DataFrame | None = None
    applies: pd.DataFrame | None = None
    sizes: pd.DataFrame | None = None
    boxes: pd.DataFrame | None = None
    points: pd.DataFrame | None = None
    polygons: pd.DataFrame | None = None
    captions: pd.DataFrame | None = None
    classes: pd.DataFrame | None = None
    class_attributes: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        if self.visibility is not None and not self.visibility.dropna().between(0, 1).all():
            raise ValueError("annotations.visibility lies in [0, 1]; use NaN for words without a known visibility")
        if self.kinds is not None and not set(self.kinds.unique()) <= set(KINDS):
            strange = sorted(map(str, set(self.kinds) - set(KINDS)))
            raise ValueError(f"annotations.kinds are among {KINDS}; got {strange}")
        if self.applies is not None:
            schemas.by_picture(self.applies, name="annotations.applies")
            if not all(map(is_bool_dtype, self.applies.dtypes)):
                raise TypeError("annotations.applies is True or False for each picture and word; use astype(bool)")
        if self.sizes is not None:
            schemas.sizes(self.sizes)
        if self.captions is not None:
            captions.check(self.captions)
        if self.classes is not None:
            classes.check(self.classes)
        if self.class_attributes is not None:
            classes.check_attributes(self.class_attributes, self.classes)
        self._check_places()

    def _check_places(self) -> None:
        if self.boxes is not None:
            boxes.check(self.boxes, self.sizes)
        if self.points is not None:
            points.check(self.points, self.sizes)
        if self.polygons is not None:
            if self.sizes is None:
                raise ValueError("annotations.polygons need annotations.sizes: width and height of each picture")
            object.__setattr__(self, "polygons", polygons.checked(self.polygons, self.sizes))

    def __repr__(self) -> str:
        known = [field.name for field in fields(self) if getattr(self, field.name) is not None]
        return f"Annotations({', '.join(known) or 'nothing'})"

    def check(self, ids: pd.Index) -> None:
        """Refuse annotations of other pictures than ``ids``.

        Raises
        ------
        ValueError
            With the first unknown id.
        """
        for name in CHECKED:
            table = getattr(self, name)
            if table is not None:
                images = table.index if name in BY_PICTURE else table["image"]
                schemas.known(images, ids, name=f"annotations.{name}")

    def subset(self, ids: Iterable[str]) -> Annotations:
        """The annotations of the pictures ``ids`` only; tables by picture in the order of the ids.

        Raises
        ------
        KeyError
            If there are attributes, and none of one of the pictures.
        """
        index = pd.Index(ids)
        kept = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in BY_PICTURE:
            table = kept[name]
            if table is not None:
                kept[name] = table.loc[index if name == "attributes" else index[index.isin(table.index)]]
        for name in BY_ROW:
            if kept[name] is not None:
                kept[name] = kept[name][kept[name]["image"].isin(index)]
        if self.votes is not None:
            kept["votes"] = self.votes[self.votes.positive_id.isin(index) & self.votes.negative_id.isin(index)]
        return Annotations(**kept)

    def masks(self, id: str) -> dict[str, np.ndarray]:
        """Part -> bool H x W of one picture, by ``regions`` or else by ``polygons``; parts without a pixel are absent.

        Raises
        ------
        ValueError
            If neither is known.
        """
        if self.regions is not None:
            return self.regions(id)
        if self.polygons is None or self.sizes is None:
            raise ValueError(f"there are no masks: neither regions nor polygons are known, but {self!r}")
        if id not in self._polygon_rows:
            return {}
        width, height = self.sizes.loc[id, ["width", "height"]]
        return polygons.masks(self.polygons.iloc[self._polygon_rows[id]], width=int(width), height=int(height))

    @functools.cached_property
    def _polygon_rows(self) -> dict[str, np.ndarray]:
        assert self.polygons is not None
        return dict(self.polygons.groupby("image").indices)


Truth = Annotations  # its name while it held ground truth only
