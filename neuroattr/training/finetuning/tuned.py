"""Fine-tuned networks: a network that learned to name a corpus's words, or its categories, from its pictures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import pandas as pd

from neuroattr.backbone import Backbone, identity
from neuroattr.provenance import Kind, lines_digest
from neuroattr.training.finetuning import heads, making, storage
from neuroattr.training.finetuning.answering import recorded_answers
from neuroattr.training.finetuning.pictures import picture_digests
from neuroattr.training.finetuning.recipe import Tuning
from neuroattr.training.finetuning.tasks import task as known_task

KIND = Kind("tuned", (making.tuned, heads.with_head))


@dataclass(frozen=True, eq=False)
class Tuned:
    """A fine-tuned network.

    Attributes
    ----------
    network : `Backbone`, with the layers and the preprocessing of the one it was tuned from; its logits are those of
        the new layer.
    labels : words or categories, in the order of the logits.
    curves : by epoch: learning rate, training and validation loss of a picture (nats), validation measure, seconds.
    report : pictures that it learned from and was stopped by, faults, best epoch, why it stopped, seconds, measure.
    head : name of the new layer among the network's modules.
    """

    network: Backbone
    labels: tuple[str, ...]
    curves: pd.DataFrame = field(repr=False)
    report: dict = field(repr=False)
    head: str = field(repr=False)

    def __repr__(self):
        found = f"{self.report['measure']} {self.report['validation measure']:.3f} on validation pictures"
        return f"Tuned({self.network.title}, {len(self.labels)} labels, epoch {self.report['best epoch']}: {found})"

    def answers(self, corpus, *, progress=True):
        """Logits of each picture that can be read: DataFrame image x label, recorded once as activations are.

        Parameters
        ----------
        corpus : any `Corpus`.
        progress : show a bar.
        """
        return recorded_answers(self.network, self.head, self.labels, corpus, progress=progress)


def finetune(net, corpus, task, recipe=None, *, progress=True):
    """A network tuned to name the words or the categories of a corpus.

    Parameters
    ----------
    net : `Backbone` whose last layer is dense; it stays as it is.
    corpus : `Corpus`; its training part is learned from, its validation part says when to stop, its test part is
        never seen.
    task : "attributes" (each word by itself, a sigmoid; the words are ``corpus.words``) or "categories" (a softmax
        over the categories of the training part). Pictures without a category take no part; ``report["without an
        answer"]`` counts them.
    recipe : `Tuning`; None for `Tuning.suited_to` the network: the defaults, shortened for large networks.
    progress : show bars, if there is a terminal.

    Returns
    -------
    Tuned
        Read from the cache where the same was tuned before.

    Raises
    ------
    ValueError : unknown task or layers, no dense layer to replace, or no pictures to learn from.
    FloatingPointError : the descent went astray.

    Notes
    -----
    *Discovery*, section 4.4: "attribute-tuned" and "category-tuned". A killed process goes on after the last epoch
    that was over, with the same result (bit for bit on as many threads); a second process that wants the same network
    waits for it. The key is made of the network, the pictures' bytes, the labels, the recipe and the code.
    """
    kind, tuning = known_task(task), recipe or Tuning.suited_to(net)
    lessons = _Lessons.of(corpus, kind)
    record = _record(net, corpus, task, kind, tuning, lessons)
    module, head = heads.with_head(net, kind.start(lessons.targets[0]), seed=tuning.seed)

    def make(folder):
        learner = making.Learner(net, corpus, module, head, lessons, kind, tuning)
        storage.keep(folder, module, *making.tuned(learner, folder, title=f"{net.name}+{task}", progress=progress))

    folder = KIND.kept(record).made(make)
    curves, report = storage.restored(folder, module)
    network = heads.tuned_backbone(net, module, task=task, title=kind.title, corpus=corpus.name)
    return Tuned(network, lessons.targets[0].labels, curves, report, head)


def _record(net, corpus, task, kind, tuning, lessons):
    """Everything that decides a tuned network, JSON-able."""
    return KIND.record(
        *identity.actors(net),
        type(corpus.source),
        type(kind),
        network=identity.facts(net),
        task=task,
        labels=list(lessons.targets[0].labels),
        answers=[hashlib.sha256(part.values.tobytes()).hexdigest() for part in lessons.targets],
        pictures=[lines_digest(part) for part in lessons.used()],
        tuning=tuning,
        device=next(net.module.parameters()).device.type,
    )


@dataclass(frozen=True)
class _Lessons:
    """All training and validation pictures of a corpus, and the answers to those of either part that have one."""

    ids: list[str]
    digests: list[str]
    targets: tuple  # of the training and of the validation pictures; their rows count in ``ids``

    @classmethod
    def of(cls, corpus, kind):
        seen = corpus.subset(corpus.table["split"].isin(("train", "validation")).to_numpy())
        split, targets = seen.table["split"].to_numpy(), kind.targets(seen)
        parts = tuple(targets.among(split[targets.rows] == part) for part in ("train", "validation"))
        if not all(len(part.rows) for part in parts) or not targets.labels:
            raise ValueError(
                f"wanted labelled pictures to learn from and to validate on; {corpus.name} has {len(parts[0].rows)} in "
                f"its train part and {len(parts[1].rows)} in its validation part, and {len(targets.labels)} labels"
            )
        ids = [str(id) for id in seen.ids]
        return cls(ids, picture_digests(corpus.source, ids), parts)

    def used(self):
        """Ids and digests of the pictures of either part that have an answer."""
        return [[f"{self.ids[row]} {self.digests[row]}" for row in part.rows] for part in self.targets]
