"""An index of pictures that predicts attributes from examples and finds what is alike in one attribute or several."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from neuroattr import neighbours
from neuroattr.attributes import naming, storage
from neuroattr.attributes.labels import Labels, by_attribute, coded
from neuroattr.attributes.lookup import Lookup
from neuroattr.attributes.pictures import Described, Picture, Pictures, described
from neuroattr.backbone import Backbone
from neuroattr.neighbours import Fusion, Vote

VOTE = Vote(5, ties="nearest neighbour")


class AttributeIndex:
    """Pictures, their features at some hidden layers, and what is known of their attributes.

    Nothing is trained: a new class, or a whole new attribute, is there as soon as examples of it were added.

    Parameters
    ----------
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
        self, backbone: Backbone, layer: str | Mapping[str, str], *, also: Sequence[str] = (), vote: Vote = VOTE
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
        self._lookup = Lookup(self.features)
        self.described_by = backbone.digest

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        known = [
            f"{name} at {layer} ({len(self.classes(name))} classes, {self._count(name):,} labelled)"
            for name, layer in self.layer_of.items()
        ]
        said = "; ".join(known) or "no attribute"
        return f"<AttributeIndex of {len(self):,} pictures by {self.backbone.title}: {said}>"

    def classes(self, attribute: str) -> list[str]:
        """Classes of an attribute of which there are examples, sorted."""
        self._check_attributes([attribute])
        return list(coded(self.labels[attribute])[1])

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

    def add(
        self, images: Pictures, labels: Labels | None = None, *, ids: Iterable[object] | None = None, batch: int = 32
    ) -> "AttributeIndex":
        """Add pictures with what is known of them; pictures that are there already take the new labels.

        Parameters
        ----------
        images
            However one comes, it is the same picture.
        labels
            None, NaN or blank where one is not known.
        ids
            Names of the pictures; see `described` and, of files, `naming.settled_all`.
        batch
            Pictures in one forward pass.

        Raises
        ------
        ValueError
            Labels that do not fit, an attribute without a layer, a name that is another picture's already.
        """
        added = self._described(images, ids=ids, batch=batch)
        given = by_attribute(labels, list(self.labels), n=len(added.ids))
        layers = {attribute: self._layer_to_read(attribute) for attribute in given}
        known = dict(zip(self.ids, self.digests, strict=True))
        names = naming.settled_all(added.ids, added.paths, added.digests, known)
        for attribute, layer in layers.items():
            self.read(attribute, layer)
        position = {id: row for row, id in enumerate(self.ids)}
        new = []
        for row, id in enumerate(names):
            if id not in position:
                position[id] = len(self.ids)
                self.ids.append(id)
                self.digests.append(added.digests[row])
                new.append(row)
        for layer, features in self.features.items():
            self.features[layer] = np.concatenate([features, added.features[layer][new]])
        for column in self.labels.values():
            column.extend([None] * len(new))
        for attribute, values in given.items():
            for id, value in zip(names, values, strict=True):
                if value is not None:
                    self.labels[attribute][position[id]] = value
        self._lookup = Lookup(self.features)
        return self

    def predict(self, images: Pictures, *, attributes: Sequence[str] | None = None, batch: int = 32) -> pd.DataFrame:
        """Class of each attribute for each picture, with its share of the votes.

        Raises
        ------
        ValueError
            Fewer labelled pictures than neighbours that vote.
        """
        names = list(self.labels if attributes is None else attributes)
        self._check_attributes(names)
        for name in names:
            if self._count(name) < self.vote.neighbours:
                raise ValueError(
                    f"{self.vote.neighbours} neighbours vote on {name}, but only {self._count(name)} pictures are "
                    "labelled; add examples, or make the index with vote=Vote(<fewer>)"
                )
        queries = self._described(images, ids=None, batch=batch)
        columns = {}
        for name in names:
            layer = self.layer_of[name]
            voted = self._lookup.votes(name, layer, self.labels[name], queries.features[layer], self.vote)
            columns[name], columns[f"{name} share"] = voted
        return pd.DataFrame(columns, index=pd.Index(queries.ids, name="image"))

    def search(
        self,
        image: Picture,
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

        Returns
        -------
        One row a picture: its joined ``distance``, the distance in each attribute, and its labels.
        """
        names = [by] if isinstance(by, str) else list(by)
        self._check_attributes(names)
        fusion = Fusion(rule, weights)
        query, row = self._query(image)
        others = len(self) - (row is not None)
        if not 1 <= count <= others:
            raise ValueError(f"count must be between 1 and the {others} other pictures of the index; got {count}")
        own = None if row is None else np.array([row])
        unit = rule == "concatenated unit vectors"
        layers = {name: self.layer_of[name] for name in names}
        distances = {
            name: self._lookup.distances(layer, query.features[layer], unit=unit) for name, layer in layers.items()
        }
        joined = neighbours.fused_distances(distances, fusion, own=own)
        rows = neighbours.ranked(joined, count=count)[0]
        table = {"distance": joined[0, rows]}
        table |= {f"{name} distance": distances[name][0, rows] for name in names}
        table |= {name: [known[row] for row in rows] for name, known in self.labels.items()}
        return pd.DataFrame(table, index=pd.Index([self.ids[row] for row in rows], name="image"))

    def save(self, path: Path | str) -> Path:
        """Write the index whole into one ``.npz`` file without pickles; `load` reads it."""
        card = {
            "network": {**storage.network(self.backbone, self.layers), "weights": self.described_by},
            "default": self.default,
            "layer_of": self.layer_of,
            "layers": list(self.layers),
            "vote": dataclasses.asdict(self.vote),
            "ids": self.ids,
            "digests": self.digests,
            "labels": self.labels,
        }
        return storage.write(Path(path), card, self.features)

    @classmethod
    def load(cls, path: Path | str, backbone: Backbone) -> "AttributeIndex":
        """The index that was saved at `path`, with the network that made it.

        Raises
        ------
        ValueError
            A file that is no index, or was made by another network; the message names what differs.
        """
        card, features = storage.read(Path(path), backbone)
        layer = card["layer_of"] if card["default"] is None else card["default"]
        index = cls(backbone, layer, also=card["layers"], vote=Vote(**card["vote"]))
        index.layer_of, index.ids = card["layer_of"], card["ids"]
        index.digests = [(each,) if isinstance(each, str) else tuple(each) for each in card["digests"]]  # once only one
        index.labels, index.features, index._lookup = card["labels"], features, Lookup(features)
        return index

    def _described(self, images: Pictures, *, ids: Iterable[object] | None, batch: int) -> Described:
        """Features of pictures by the network that described those of the index."""
        digest = self.backbone.digest
        if len(self) and digest != self.described_by:
            raise ValueError(
                f"{self.backbone.name} has changed since the {len(self):,} pictures of this index were described, so "
                "new pictures cannot be compared with them; make a new index and add all pictures again"
            )
        self.described_by = digest
        return described(self.backbone, images, self.layers, ids=ids, batch=batch)

    def _query(self, image: Picture) -> tuple[Described, int | None]:
        """One picture, and its row if it is in the index."""
        if isinstance(image, str) and image in self.ids:
            row = self.ids.index(image)
            features = {layer: values[row : row + 1] for layer, values in self.features.items()}
            return Described([image], [self.digests[row]], features), row
        query = self._described(image, ids=None, batch=1)
        if len(query.ids) != 1:
            raise ValueError(f"search takes one picture; got {len(query.ids)}")
        rows = (row for row, known in enumerate(self.digests) if not set(known).isdisjoint(query.digests[0]))
        return query, next(rows, None)

    def _count(self, attribute: str) -> int:
        """How many pictures are labelled in an attribute."""
        return len(self) - self.labels[attribute].count(None)

    def _layer_to_read(self, attribute: str) -> str:
        layer = self.layer_of.get(attribute, self.default)
        if layer is None:
            raise ValueError(
                f"no layer was given for {attribute!r}: call read({attribute!r}, layer) first, with a layer out of "
                f"{', '.join(self.layers)}"
            )
        return layer

    def _check_attributes(self, names: Sequence[str]) -> None:
        unknown = [name for name in names if name not in self.labels]
        if unknown or not names:
            raise ValueError(
                f"attributes of this index are {', '.join(self.labels) or 'none yet'}; "
                f"got {', '.join(map(str, unknown)) or 'none'}"
            )
