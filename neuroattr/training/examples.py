"""The pictures that a network is tuned with, and what it shall answer to them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from neuroattr.activations import passes
from neuroattr.corpus import Corpus
from neuroattr.training.tasks import Targets, Task


@dataclass(frozen=True)
class Examples:
    """All training and validation pictures of a corpus, and the answers to those that have one.

    Parameters
    ----------
    ids, digests : of the pictures; a digest is the SHA-256 of the bytes, or "unreadable".
    train, validation : `Targets` of either split; their rows count in ``ids``.
    """

    ids: list[str]
    digests: list[str]
    train: Targets
    validation: Targets

    @classmethod
    def of(cls, corpus: Corpus, task: Task) -> Examples:
        """Those of a corpus.

        Raises
        ------
        ValueError : one of the splits has no answers, or there are no labels.
        """
        seen = corpus.subset(corpus.table["split"].isin(("train", "validation")).to_numpy())
        split, targets = seen.table["split"].to_numpy(), task.targets(seen)
        train, validation = (targets.among(split[targets.rows] == name) for name in ("train", "validation"))
        if not (len(train.rows) and len(validation.rows) and targets.labels):
            raise ValueError(
                f"wanted labelled pictures to learn from and to validate on; {corpus.name} has {len(train.rows)} in "
                f"its train part and {len(validation.rows)} in its validation part, and {len(targets.labels)} labels"
            )
        ids = [str(id) for id in seen.ids]
        with ThreadPoolExecutor(passes.WORKERS) as pool:
            digests = passes.picture_digests(pool, corpus.source, ids)
        return cls(ids, digests, train, validation)

    @property
    def labels(self) -> tuple[str, ...]:
        """Of the answers, in the order of the logits."""
        return self.train.labels

    @property
    def splits(self) -> tuple[Targets, Targets]:
        """`Targets` of the training and of the validation pictures."""
        return self.train, self.validation
