"""An index of pictures that predicts attributes from examples and finds what is alike in one attribute or several."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from neuroattr import neighbours
from neuroattr.checks import is_missing
from neuroattr.gallery import naming, storage
from neuroattr.gallery.pictures import Described, described
from neuroattr.neighbours import Fusion, VectorIndex, Vote

VOTE = Vote(5, ties="nearest neighbour")


class AttributeIndex:
    """Pictures, their features at some hidden layers, and what is known of their attributes.

    Nothing is trained: a new class, or a whole new attribute, is there as soon as examples of it were added.

    Parameters
    ----------
    backbone
        A `backbone.Backbone`.
    layer
        The layer that knows the attributes: one name for all, or one for each, ``{"colour": "block2", "texture":
        "block4"}``.
    also
        More layers to keep features of, for attributes that may come later (`read`).
    vote
        How neighbours decide. Not quite the paper's: ties go to the nearest neighbour, because with few examples of a
        class the lowest label would win by its name.

    Examples
    --------
    >>> index = AttributeIndex(net, {"colour": "block2", "texture": "block4"})      # doctest: +SKIP
    >>> index.add(photos, {"colour": colours, "texture": textures})                # doctest: +SKIP
    >>> index.predict("dress.jpg")                                                  # doctest: +SKIP
    >>> index.search("dress.jpg", by=("colour", "texture"), weights={"colour": 2, "texture": 1})  # doctest: +SKIP
    """

    def __init__(
        self,
        backbone,
        layer: str | Mapping[str, str],
        *,
        also: Sequence[str] = (),
        vote: Vote = VOTE,
    ):
        if vote.metric != "euclidean":
            raise ValueError(f"an index measures euclidean distances; got a vote by {vote.metric!r}")
        self.backbone, self.vote = backbone, vote
        self.layer_of = {} if isinstance(layer, str) else dict(layer)
        self.default = layer if isinstance(layer, str) else None
        wanted = [*([layer] if isinstance(layer, str) else layer.values()), *also]
        self.layers = tuple(dict.fromkeys(wanted))
        unknown = [name for name in self.layers if name not in backbone.widths]
        if unknown or not self.layers:
            raise ValueError(
                f"layer must name layers of {backbone.name} ({', '.join(backbone.widths)}); "
                f"got {', '.join(map(str, unknown)) or 'none'}"
            )
        self.ids: list[str] = []
        self.digests: list[tuple[str, ...]] = []
        self.labels: dict[str, list[str | None]] = {name: [] for name in self.layer_of}
        self.features = {name: np.empty((0, backbone.widths[name]), np.float32) for name in self.layers}
        self._searched: dict = {}
        self.described_by = backbone.digest

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        known = [
            f"{name} at {layer} ({len(self.classes(name))} classes, {self._labelled(name).size:,} labelled)"
            for name, layer in self.layer_of.items()
        ]
        said = "; ".join(known) or "no attribute"
        return f"<AttributeIndex of {len(self):,} pictures by {self.backbone.title}: {said}>"

    def classes(self, attribute: str) -> list[str]:
        """Classes of an attribute of which there are examples, sorted."""
        self._check_attributes([attribute])
        return sorted({label for label in self.labels[attribute] if label is not None})

    def summary(self) -> pd.DataFrame:
        """Examples of each class: columns attribute, layer, label, examples."""
        rows = [
            (name, self.layer_of[name], label, self.labels[name].count(label))
            for name in self.labels
            for label in self.classes(name)
        ]
        return pd.DataFrame(rows, columns=["attribute", "layer", "label", "examples"])

    def read(self, attribute: str, layer: str) -> "AttributeIndex":
        """Read a new attribute, or one that has no examples yet, from one of the layers that the index keeps.

        Raises
        ------
        ValueError
            A layer that is not kept.
        """
        if layer not in self.layers:
            raise ValueError(
                f"this index keeps {', '.join(self.layers)}, not {layer!r}; make it with also=({layer!r},)"
            )
        self.layer_of[attribute] = layer
        self.labels.setdefault(attribute, [None] * len(self))
        return self

    def add(self, images, labels=None, *, ids: Iterable | None = None, batch: int = 32) -> "AttributeIndex":
        """Add pictures with what is known of them; pictures that are there already take the new labels.

        Parameters
        ----------
        images
            A corpus, or pictures as paths, Pillow images or arrays: however one comes, it is the same picture.
        labels
            For each attribute one label a picture, None, NaN or blank where it is not known: a mapping or a DataFrame.
            One plain list where the index has one attribute.
        ids
            Names of the pictures; see `described`. A file whose name is another picture's already is named by as many
            of its folders as tell them apart.
        batch
            Pictures in one forward pass.

        Raises
        ------
        ValueError
            Labels that do not fit, an attribute without a layer, a name that is another picture's already.
        """
        found = self._described(images, ids=ids, batch=batch)
        given = self._given_labels(labels, len(found.ids))
        found = self._named(found)
        for attribute in given:
            if attribute not in self.labels:
                self.read(attribute, self.default)
        position = {id: row for row, id in enumerate(self.ids)}
        new = []
        for row, id in enumerate(found.ids):
            if id not in position:
                position[id] = len(self.ids)
                self.ids.append(id)
                self.digests.append(found.digests[row])
                new.append(row)
        for layer, values in self.features.items():
            self.features[layer] = np.concatenate([values, found.features[layer][new]])
        for known in self.labels.values():
            known.extend([None] * len(new))
        for attribute, values in given.items():
            for id, value in zip(found.ids, values, strict=True):
                if value is not None:
                    self.labels[attribute][position[id]] = value
        self._searched.clear()
        return self

    def predict(self, images, *, attributes: Sequence[str] | None = None, batch: int = 32) -> pd.DataFrame:
        """Class of each attribute for each picture, with its share of the votes.

        Raises
        ------
        ValueError
            Fewer labelled pictures than neighbours that vote.
        """
        names = list(self.labels if attributes is None else attributes)
        self._check_attributes(names)
        for name in names:
            if self._labelled(name).size < self.vote.neighbours:
                raise ValueError(
                    f"{self.vote.neighbours} neighbours vote on {name}, but only {self._labelled(name).size} pictures "
                    "are labelled; add examples, or make the index with vote=Vote(<fewer>)"
                )
        found = self._described(images, ids=None, batch=batch)
        columns = {}
        for name in names:
            labels, shares = self._votes(name, found.features[self.layer_of[name]])
            columns |= {name: labels, f"{name} share": shares}
        return pd.DataFrame(columns, index=pd.Index(found.ids, name="image"))

    def search(
        self,
        image,
        *,
        by: str | Sequence[str],
        weights: Mapping[str, float] | None = None,
        rule: str = "sum of z-scored distances",
        count: int = 10,
    ) -> pd.DataFrame:
        """The pictures most like one in an attribute, or in several together, nearest first.

        Parameters
        ----------
        image
            One picture, or the name of one in the index (text that is such a name is not taken for a path). If it is
            in the index, it is not among those found.
        by
            Attributes; for "re-rank the first N" the first chooses and the others order.
        weights
            One for each attribute; equal if not given.
        rule
            One of `neighbours.FUSIONS`.
        count
            How many to find.

        Returns
        -------
        One row a picture: its joined ``distance``, the distance in each attribute, and its labels.
        """
        names = [by] if isinstance(by, str) else list(by)
        self._check_attributes(names)
        fusion = Fusion(rule, weights)
        found, place = self._query(image)
        others = len(self) - (place is not None)
        if not 1 <= count <= others:
            raise ValueError(f"count must be between 1 and the {others} other pictures of the index; got {count}")
        own = None if place is None else np.array([place])
        unit = rule == "concatenated unit vectors"
        distances = {
            name: self._index(self.layer_of[name], unit=unit).distances(_as_asked(found, self.layer_of[name], unit))
            for name in names
        }
        joined = neighbours.fused_distances(distances, fusion, own=own)
        rows = neighbours.ranked(joined, count=count)[0]
        table = {"distance": joined[0, rows]}
        table |= {f"{name} distance": distances[name][0, rows] for name in names}
        table |= {name: [known[row] for row in rows] for name, known in self.labels.items()}
        return pd.DataFrame(table, index=pd.Index([self.ids[row] for row in rows], name="image"))

    def save(self, path: Path | str) -> Path:
        """Write the index whole into one ``.npz`` file without pickles; `load` reads it."""
        return storage.save(self, Path(path))

    @classmethod
    def load(cls, path: Path | str, backbone) -> "AttributeIndex":
        """The index that was saved at `path`, with the network that made it.

        Raises
        ------
        ValueError
            A file that is no index, or was made by another network; the message names what differs.
        """
        return storage.load(cls, Path(path), backbone)

    def _described(self, images, *, ids: Iterable | None, batch: int) -> Described:
        """Features of pictures by the network that described those of the index."""
        digest = self.backbone.digest
        if len(self) and digest != self.described_by:
            raise ValueError(
                f"{self.backbone.name} has changed since the {len(self):,} pictures of this index were described, so "
                "new pictures cannot be compared with them; make a new index and add all pictures again"
            )
        self.described_by = digest
        return described(self.backbone, images, self.layers, ids=ids, batch=batch)

    def _query(self, image) -> tuple[Described, int | None]:
        """One picture, and its row if it is in the index."""
        if isinstance(image, str) and image in self.ids:
            row = self.ids.index(image)
            features = {layer: values[row : row + 1] for layer, values in self.features.items()}
            return Described([image], [self.digests[row]], features), row
        found = self._described(image, ids=None, batch=1)
        if len(found.ids) != 1:
            raise ValueError(f"search takes one picture; got {len(found.ids)}")
        rows = (row for row, known in enumerate(self.digests) if not set(known).isdisjoint(found.digests[0]))
        return found, next(rows, None)

    def _votes(self, name: str, queries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        labelled = self._labelled(name)
        classes = np.array(self.classes(name))
        codes = np.searchsorted(classes, np.array([self.labels[name][row] for row in labelled]))
        key = (name, "labelled")
        if key not in self._searched:
            self._searched[key] = VectorIndex(self.features[self.layer_of[name]][labelled])
        rows, distances = self._searched[key].nearest(queries, count=self.vote.neighbours)
        winners, shares = neighbours.winning(codes[rows], distances, self.vote, n_classes=len(classes))
        return classes[winners], shares

    def _labelled(self, name: str) -> np.ndarray:
        return np.flatnonzero([label is not None for label in self.labels[name]])

    def _index(self, layer: str, *, unit: bool) -> VectorIndex:
        if (layer, unit) not in self._searched:
            values = self.features[layer]
            values = neighbours.scaled(values, scaling="unit length") if unit else values
            self._searched[layer, unit] = VectorIndex(values)
        return self._searched[layer, unit]

    def _given_labels(self, labels, n: int) -> dict[str, list[str | None]]:
        if labels is None:
            return {}
        if not isinstance(labels, Mapping | pd.DataFrame):
            if len(self.labels) != 1:
                raise ValueError(
                    f"a plain list of labels needs an index of one attribute; this one has {len(self.labels)} "
                    f"({', '.join(self.labels) or 'none'}). Give {{attribute: labels}}"
                )
            labels = {next(iter(self.labels)): labels}
        given = {str(name): [None if is_missing(value) else str(value) for value in labels[name]] for name in labels}
        for name, values in given.items():
            if len(values) != n:
                raise ValueError(f"{name} must have one label for each of {n} pictures; got {len(values)}")
            if name not in self.labels and self.default is None:
                raise ValueError(
                    f"no layer was given for {name!r}: call read({name!r}, layer) first, with a layer out of "
                    f"{', '.join(self.layers)}"
                )
        return given

    def _named(self, found: Described) -> Described:
        """The same pictures under the names that they are kept by."""
        known, ids = dict(zip(self.ids, self.digests, strict=True)), []
        for id, path, digests in zip(found.ids, found.paths, found.digests, strict=True):
            ids.append(naming.settled(id, path, digests, known))
            if set(known.setdefault(ids[-1], digests)).isdisjoint(digests):
                raise ValueError(f"the name {ids[-1]!r} is already that of another picture; give other ids")
        return replace(found, ids=ids)

    def _check_attributes(self, names: Sequence[str]) -> None:
        unknown = [name for name in names if name not in self.labels]
        if unknown or not names:
            raise ValueError(
                f"attributes of this index are {', '.join(self.labels) or 'none yet'}; "
                f"got {', '.join(map(str, unknown)) or 'none'}"
            )


def _as_asked(found: Described, layer: str, unit: bool) -> np.ndarray:
    values = found.features[layer]
    return neighbours.scaled(values, scaling="unit length") if unit else values
