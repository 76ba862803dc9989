"""Attributes of pictures and what each layer of a network says of them: what the chapters of *Hidden layers* share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from PIL import Image

from neuroattr import activations, neighbours
from neuroattr import corpus as corpora
from neuroattr.corpus import Corpus
from neuroattr.neighbours import Folds, Validation, Vote

THUMBNAIL = 144  # pixels: an inch at the resolution of the figures


@dataclass(frozen=True, eq=False)
class Study:
    """One attribute: N labelled pictures and their features at each layer.

    Attributes
    ----------
    attribute
        "colour", "texture", ...
    corpus
        The pictures that could be read and are labelled.
    spaces
        Features of each layer, shallow to deep, N x D.
    order
        Classes as they are to be listed; those that are not among the labels are left out, others come last.
    """

    attribute: str
    corpus: Corpus
    spaces: Mapping[str, np.ndarray] = field(repr=False)
    order: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.corpus)

    def __repr__(self) -> str:
        return f"Study({self.attribute}: {len(self):,} images of {self.corpus.name}, {len(self.classes)} classes)"

    @cached_property
    def labels(self) -> np.ndarray:
        """Class of each picture, N."""
        return self.corpus.truth.attributes[self.attribute].astype(str).to_numpy()

    @cached_property
    def classes(self) -> list[str]:
        """Classes in the order of the paper; what stands in for one of them comes last."""
        there = set(self.labels.tolist())
        return [*(name for name in self.order if name in there), *sorted(there - set(self.order))]

    def validations(self, vote: Vote, folds: Folds) -> dict[str, Validation]:
        """Cross-validated vote of the neighbours at each layer (*Hidden layers*, table 1)."""
        return {
            layer: neighbours.cross_validated(values, self.labels, vote, folds) for layer, values in self.spaces.items()
        }

    def layer(self, block: int, vote: Vote, folds: Folds) -> str:
        """The paper's block, where the network has it; else the layer of highest accuracy.

        Notes
        -----
        The second is chosen on the pictures that it is measured on, as the paper chose its blocks.
        """
        if f"block{block}" in self.spaces:
            return f"block{block}"
        found = self.validations(vote, folds)
        return list(found)[neighbours.best_depth(found, draws=1, seed=folds.seed)[0]]

    def picture(self, row: int) -> Image.Image:
        """The picture at a row, its longer side `THUMBNAIL` pixels."""
        image = self.corpus.image(int(row)).copy()
        image.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
        return image

    def examples(self, count: int, *, seed: int) -> dict[str, np.ndarray]:
        """Rows of pictures drawn at random from each class."""
        rng = np.random.default_rng(seed)
        rows = {name: np.flatnonzero(self.labels == name) for name in self.classes}
        return {name: rng.choice(own, min(count, len(own)), replace=False) for name, own in rows.items()}


@dataclass(frozen=True, eq=False)
class Studies:
    """The study of colour and that of texture by one network; of the same pictures, if they are labelled in both."""

    colour: Study
    texture: Study

    def __iter__(self) -> Iterator[Study]:
        return iter((self.colour, self.texture))

    def __len__(self) -> int:
        return sum(len(source) for source in self.sources.values())

    @property
    def sources(self) -> dict[str, Study]:
        """One study of each corpus, by the corpus's name."""
        return {study.corpus.name: study for study in (self.texture, self.colour)}

    @property
    def name(self) -> str:
        """Names of the corpora."""
        return " and ".join(dict.fromkeys(study.corpus.name for study in self))

    @property
    def generated(self) -> bool | None:
        """Whether the pictures of either are drawings; None where that is not known."""
        said = [study.corpus.generated for study in self]
        return True if any(said) else None if None in said else False

    @property
    def recipe(self) -> dict:
        """Everything that made the corpora."""
        return {study.corpus.name: study.corpus.recipe for study in self}

    @property
    def layers(self) -> list[str]:
        """Layers, shallow to deep."""
        return list(self.colour.spaces)

    def is_of(self, blocks: Sequence[str]) -> bool:
        """Whether the layers are these blocks."""
        return self.layers == list(blocks)


def studies(
    network, *, colours: str, textures: str, orders: Mapping[str, Sequence[str]], seed: int, **attributes: str
) -> Studies:
    """Two corpora by name through a network, the maps of each layer averaged over their places (section 3.2).

    Parameters
    ----------
    network
        A `backbone.Backbone`.
    colours, textures
        Names of corpora; with one name for both the pictures are recorded once.
    orders
        Classes of "colour" and "texture" in the order of the paper; corpora write "crows-feet" for "crows feet".
    seed
        Of the choice of pictures.
    attributes
        What the corpora call the two, where it is another word: ``texture="pattern"``.
    """
    found = {name: recorded(network, name, seed=seed) for name in dict.fromkeys((colours, textures))}
    both = {}
    for attribute, name in (("colour", colours), ("texture", textures)):
        corpus, spaces = found[name]
        both[attribute] = Study(
            attributes.get(attribute, attribute), corpus, spaces, [name.replace(" ", "-") for name in orders[attribute]]
        )
    return Studies(**both)


def recorded(network, name: str, *, seed: int) -> tuple[Corpus, dict[str, np.ndarray]]:
    """A corpus less the pictures that cannot be read, and the features of each layer."""
    corpus = corpora.load(name, seed=seed)
    recording = activations.record(network, corpus, pooling="mean").load()
    read = set(recording["image"].values.tolist()) - set(recording.attrs["skipped"])
    rows = np.array([id in read for id in corpus.ids])
    corpus = corpus if rows.all() else corpus.subset(rows)
    return corpus, neighbours.spaces(recording.sel(image=list(corpus.ids)))


def explained(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Share of each unit's variance that lies between the classes, D values in [0, 1]; NaN for units that never vary.

    Notes
    -----
    The correlation ratio, eta squared. Classes that mean nothing would get about (classes - 1) / (N - 1).
    """
    classes, codes = np.unique(labels, return_inverse=True)
    member = np.eye(len(classes))[codes]  # N x C
    values = np.asarray(features, np.float64)
    centred = values - values.mean(axis=0)
    means = member.T @ centred / member.sum(axis=0)[:, None]
    between, total = (member.sum(axis=0)[:, None] * means**2).sum(axis=0), (centred**2).sum(axis=0)
    return np.where(total > 0, between / np.where(total > 0, total, 1), np.nan)
