"""The explainer: what the filters of a classifier answer to, in words, and everything that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
import scipy.special
from jaxtyping import Float

from neuroattr import explanations
from neuroattr.backbone import Backbone
from neuroattr.corpus import Corpus
from neuroattr.corpus.attribute_counts import Words, attribute_counts
from neuroattr.explainers import storage
from neuroattr.explainers.answers import ClassDescription, Explanation, Explanations, FilterDescription, ordered
from neuroattr.explainers.pooled import PooledClassifier
from neuroattr.explainers.settings import Settings

KEPT = 20  # training pictures that activate a filter most


@dataclass(frozen=True, eq=False)
class Explainer:
    """A classifier, and the attributes of each of its filters.

    Attributes
    ----------
    classifier
        What is explained: F filters, C classes.
    attributes
        The T attributes, most often said first.
    joint
        p(t) p(f | t): F x T, equation 1 as printed; `density` is p(t | f).
    settings
        The choices that were made.
    top
        Ids of the training pictures that activate each filter most: F rows of str.
    top_responses
        Their pooled responses: F x K.
    report
        What was learned from, and what could not be used.
    """

    classifier: PooledClassifier
    attributes: tuple[str, ...] = field(repr=False)
    joint: Float[np.ndarray, "F T"] = field(repr=False)
    density: Float[np.ndarray, "F T"] = field(repr=False)
    settings: Settings = field(repr=False)
    top: tuple[tuple[str, ...], ...] = field(repr=False)
    top_responses: Float[np.ndarray, "F K"] = field(repr=False)
    report: dict[str, Any] = field(repr=False)

    @classmethod
    def fit(
        cls,
        network: Backbone | PooledClassifier,
        corpus: Corpus,
        *,
        labels: Sequence[str] | None = None,
        words: Words = "captions",
        settings: Settings | None = None,
        progress: bool = True,
        **options: Any,
    ) -> Explainer:
        """Learn the attributes of the filters from the training pictures of a corpus.

        Parameters
        ----------
        network
            A classifier with global pooling and one linear layer.
        corpus
            Its training part is learned from.
        labels
            Names of the classes in the order of the logits, where `network` is no `PooledClassifier`.
        words, options
            Where attributes come from: as `corpus.attribute_counts` takes them (synonyms, at_least ...).
        settings
            What the paper leaves open.
        progress
            Show bars, if there is a terminal.

        Raises
        ------
        ValueError
            Another kind of network, no training picture that can be read, no attribute.

        Notes
        -----
        *Summarization*, equations 1 to 4. ``report`` counts the training pictures, those that could not be read, those
        of which no attribute is said, and the classes of which there is none; attributes that every training picture
        has have no weight under a prior with IDF.
        """
        classifier = network if isinstance(network, PooledClassifier) else PooledClassifier.of(network, labels)
        chosen = Settings() if settings is None else settings
        if not (corpus.table["split"] == "train").any():
            raise ValueError(f"{corpus.name} has no training pictures to learn the attributes of filters from")
        training = corpus.part("train")
        read, pooled, unread = _pooled(classifier, training, progress)
        training = training.subset(read)
        counts, attributes = attribute_counts(training, words=words, **options)
        report = _report(classifier, training, counts, unread)
        prior = explanations.attribute_prior(counts, kind=chosen.prior)
        joint = explanations.filter_attributes(
            pooled, counts, prior, scaling=chosen.scaling, images=chosen.images, evidence=False
        )
        density = explanations.over_evidence(joint, prior) if chosen.evidence else joint
        best = np.argsort(-pooled, axis=0, kind="stable")[:KEPT].T
        ids = training.ids.to_numpy()
        top = tuple(tuple(map(str, ids[row])) for row in best)
        responses = np.take_along_axis(pooled.T, best, axis=1).astype(np.float64)
        return cls(classifier, attributes, joint, density, chosen, top, responses, report)

    def __repr__(self) -> str:
        return (
            f"Explainer({self.classifier!r}, {len(self.attributes):,} attributes, {self.report['pictures']:,} pictures)"
        )

    def explain(self, picture: Any, label: str | None = None) -> Explanation:
        """Why the network takes a picture for a class: the one it thinks most probable, or another.

        Parameters
        ----------
        picture
            A path, bytes, a Pillow picture or an array, as `corpus.sources.opened` takes it.
        label
            The class.

        Raises
        ------
        KeyError
            A class that the network does not know.
        ImageFault
            A picture that is missing or cannot be decoded.

        Notes
        -----
        *Summarization*, equations 5 and 6.
        """
        maps = self.classifier.maps(picture)
        pooled = maps.mean(axis=(1, 2))[None]
        probability = scipy.special.softmax(self.classifier.logits(pooled)[0])
        predicted = int(probability.argmax())
        number = predicted if label is None else self.classifier.number(label)
        importance = self._importance(pooled, self.classifier.weights[[number]])
        values = explanations.image_attributes(self.density, importance)
        return Explanation(
            self.classifier.labels[number],
            ordered(values[0], self.attributes, name="attribute"),
            ordered(importance[0], range(len(importance[0])), name="filter"),
            self._count,
            float(probability[number]),
            self.classifier.labels[predicted],
        )

    def explain_all(
        self, corpus: Corpus, *, labels: Sequence[str] | None = None, progress: bool = True
    ) -> Explanations:
        """Explanations of all pictures of a corpus, as products of matrices.

        Parameters
        ----------
        labels
            Class to explain of each picture; by default the one that the network thinks most probable.

        Raises
        ------
        KeyError
            A class that the network does not know.
        ValueError
            Other than one label a picture.
        """
        read, pooled, _ = _pooled(self.classifier, corpus, progress)
        ids = corpus.ids[read]
        logits = self.classifier.logits(pooled)
        best = logits.argmax(axis=1)
        numbers = best
        if labels is not None:
            if len(labels) != len(corpus):
                raise ValueError(f"wanted a label for each of {len(corpus)} pictures; got {len(labels)}")
            numbers = np.array([self.classifier.number(str(label)) for label in np.asarray(labels)[read]])
        values = explanations.image_attributes(self.density, self._importance(pooled, self.classifier.weights[numbers]))
        names = np.array(self.classifier.labels, dtype=object)
        probability = scipy.special.softmax(logits, axis=1)[np.arange(len(ids)), numbers]
        return Explanations(
            tuple(map(str, ids)), names[numbers], names[best], probability, self.attributes, values, self._count
        )

    def describe(self, label: str) -> ClassDescription:
        """What the network knows a class by (equations 7 and 8).

        Raises
        ------
        KeyError
            A class that the network does not know.
        """
        weights = self.classifier.weights[self.classifier.number(label)]
        importance = explanations.scaled_importance(weights, self.settings.importance)
        values = explanations.image_attributes(self.density, importance[None])[0]
        return ClassDescription(
            label,
            ordered(values, self.attributes, name="attribute"),
            ordered(importance, range(len(importance)), name="filter"),
            self._count,
        )

    def filter(self, number: int) -> FilterDescription:
        """What a filter answers to.

        Raises
        ------
        IndexError
            A number outside 0 .. F - 1.
        """
        if not 0 <= number < len(self.density):
            raise IndexError(f"filters are numbered from 0 to {len(self.density) - 1}; got {number}")
        return FilterDescription(
            int(number),
            ordered(self.density[number], self.attributes, name="attribute"),
            ordered(self.top_responses[number], self.top[number], name="picture"),
        )

    def grounding(self, picture: Any, attributes: Sequence[str]) -> Float[np.ndarray, "Q H W"]:
        """Where attributes are in a picture, a map each at the resolution of the layer (equation 9).

        Raises
        ------
        KeyError
            An attribute that the explainer does not know.
        """
        unknown = [name for name in attributes if name not in self.attributes]
        if unknown:
            raise KeyError(f"the explainer does not know the attribute {unknown[0]!r}; see its attributes")
        columns = [self.attributes.index(name) for name in attributes]
        return explanations.grounding(self.classifier.maps(picture), self.density[:, columns].T)

    def save(self, path: Path | str) -> None:
        """Write everything but the network to one file, whole or not at all: safetensors, with JSON inside."""
        kept = {name: getattr(self, name) for name in ("attributes", "top", "report")}
        arrays = {name: getattr(self, name) for name in storage.ARRAYS}
        storage.save(path, self.classifier, {**kept, "settings": asdict(self.settings)}, arrays)

    @classmethod
    def load(cls, path: Path | str, network: Backbone) -> Explainer:
        """The explainer that `save` wrote, for the network it was fitted to.

        Raises
        ------
        FileNotFoundError
            No such file.
        ValueError
            A file that is none or not whole, or a network with other weights.
        """
        return cls(**storage.load(path, network))

    @property
    def _count(self) -> int:
        """Attributes in a sentence: no more than there are."""
        return min(self.settings.count, len(self.attributes))

    def _importance(self, pooled: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return explanations.filter_importance(pooled, weights, scaling=self.settings.importance)


def _pooled(
    classifier: PooledClassifier, corpus: Corpus, progress: bool
) -> tuple[np.ndarray, np.ndarray, dict[str, str]]:
    """Which pictures can be read (bool N), their pooled responses, and why the others cannot."""
    recording = classifier.pooled(corpus, progress=progress)
    read = corpus.ids.isin(recording["image"].to_numpy())
    pooled = recording.sel(image=corpus.ids[read].to_numpy()).transpose("image", "unit").to_numpy()
    return np.asarray(read), pooled, dict(recording.attrs["skipped"])


def _report(
    classifier: PooledClassifier, training: Corpus, counts: scipy.sparse.csr_array, unread: dict[str, str]
) -> dict[str, Any]:
    """What an explainer was fitted to."""
    said = np.diff(counts.indptr) > 0
    in_pictures = np.asarray((counts > 0).sum(axis=0)).ravel()
    report: dict[str, Any] = {"pictures": len(training), "of which no attribute is said": int((~said).sum())}
    report["attributes that every picture has"] = int((in_pictures == len(training)).sum())
    if unread:
        report["pictures that cannot be read"] = unread
    if "category" in training.table:
        seen = set(training.table["category"][said].astype(str))
        if without := [label for label in classifier.labels if label not in seen]:
            report["classes without a training picture of which something is said"] = without
    return report
