"""Labelled pictures and what each layer of a network says of them: what the chapters of *Hidden layers* share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from neuroattr import neighbours, papers
from neuroattr.backbone import Backbone
from neuroattr.corpus import Corpus
from neuroattr.neighbours import Folds, Validation, Vote
from neuroattr.recorded.recorded import Recorded, load


@dataclass(frozen=True, eq=False)
class Labelled:
    """N pictures labelled in one attribute, and their features at each layer.

    Attributes
    ----------
    attribute
        "colour", "texture", ...: a column of the corpus's attributes.
    recorded
        The pictures, recorded with the mean of each map.
    order
        Classes as they are to be listed; those that are not among the labels are left out, others come last.
    """

    attribute: str
    recorded: Recorded = field(repr=False)
    order: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.corpus)

    def __repr__(self) -> str:
        return f"Labelled({self.attribute}: {len(self):,} pictures of {self.corpus.name}, {len(self.classes)} classes)"

    @property
    def corpus(self) -> Corpus:
        """The pictures that could be read."""
        return self.recorded.corpus

    @property
    def spaces(self) -> dict[str, np.ndarray]:
        """Features of each layer, shallow to deep: N x D."""
        return self.recorded.spaces

    @cached_property
    def labels(self) -> np.ndarray:
        """Class of each picture, N."""
        attributes = self.corpus.truth.attributes
        if attributes is None:
            raise ValueError(f"labels are a column of attributes, and {self.corpus.name} has none")
        labels: np.ndarray = attributes[self.attribute].astype(str).to_numpy()
        return labels

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
        validations = self.validations(vote, folds)
        return list(validations)[neighbours.best_depth(validations, draws=1, seed=folds.seed)[0]]

    def examples(self, count: int, *, seed: int) -> dict[str, np.ndarray]:
        """Rows of pictures drawn at random from each class."""
        rng = np.random.default_rng(seed)
        rows = {name: np.flatnonzero(self.labels == name) for name in self.classes}
        return {name: rng.choice(own, min(count, len(own)), replace=False) for name, own in rows.items()}


@dataclass(frozen=True, eq=False)
class ColourAndTexture:
    """Pictures labelled by colour and by texture, through one network; the same ones, if they are labelled in both."""

    colour: Labelled
    texture: Labelled

    def __iter__(self) -> Iterator[Labelled]:
        return iter((self.colour, self.texture))

    def __len__(self) -> int:
        return sum(len(source) for source in self.sources.values())

    @property
    def sources(self) -> dict[str, Labelled]:
        """One of each corpus, by the corpus's name."""
        return {labelled.corpus.name: labelled for labelled in (self.texture, self.colour)}

    @property
    def name(self) -> str:
        """Names of the corpora."""
        return " and ".join(dict.fromkeys(labelled.corpus.name for labelled in self))

    @property
    def generated(self) -> bool | None:
        """Whether the pictures of either are drawings; None where that is not known."""
        generated = [labelled.corpus.generated for labelled in self]
        return True if any(generated) else None if None in generated else False

    @property
    def recipe(self) -> dict[str, Any]:
        """Everything that made the corpora."""
        return {labelled.corpus.name: labelled.corpus.recipe for labelled in self}

    @property
    def layers(self) -> list[str]:
        """Layers, shallow to deep."""
        return list(self.colour.spaces)

    def has_layers(self, names: Sequence[str]) -> bool:
        """Whether the layers are these, and no others."""
        return self.layers == list(names)


def colour_and_texture(
    network: Backbone, *, colours: str, textures: str, seed: int, **attributes: str
) -> ColourAndTexture:
    """Two corpora by name through a network, the maps of each layer averaged over their places (section 3.2).

    Parameters
    ----------
    colours, textures
        Names of corpora; with one name for both the pictures are recorded once.
    seed
        Of the choice of pictures.
    attributes
        What the corpora call the two, where it is another word: ``texture="pattern"``.

    Notes
    -----
    Classes come in the order of the paper; corpora write "crows-feet" for its "crows feet".
    """
    paper = papers.constants("hidden_layers")
    recorded = {name: load(name, network, seed=seed, pooling="mean") for name in dict.fromkeys((colours, textures))}
    both = {}
    for attribute, name, order in (("colour", colours, paper.colours), ("texture", textures, paper.textures)):
        called = attributes.get(attribute, attribute)
        both[attribute] = Labelled(called, recorded[name], [label.replace(" ", "-") for label in order])
    return ColourAndTexture(**both)


def correlation_ratio(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
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
