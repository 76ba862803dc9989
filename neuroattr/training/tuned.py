"""A fine-tuned network, made once and kept: weights, learning curves, report."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from safetensors.torch import load_file, save_file

from neuroattr.assets import write_whole
from neuroattr.backbone import Backbone, identity
from neuroattr.corpus import Corpus
from neuroattr.provenance import Kind, lines_digest
from neuroattr.training import fitting, layers, tasks
from neuroattr.training.examples import Examples
from neuroattr.training.logits import recorded_logits
from neuroattr.training.tuning import Tuning

KIND = Kind("tuned", (fitting.fitted, layers.with_head))
WEIGHTS, REPORT = "weights.safetensors", "report.json"


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
    report: dict[str, Any] = field(repr=False)
    head: str = field(repr=False)

    def __repr__(self) -> str:
        found = f"{self.report['measure']} {self.report['validation measure']:.3f} on validation pictures"
        return f"Tuned({self.network.title}, {len(self.labels)} labels, epoch {self.report['best epoch']}: {found})"

    def answers(self, corpus: Corpus, *, progress: bool = True) -> pd.DataFrame:
        """Logits of each picture that can be read: DataFrame image x label, recorded once as activations are."""
        return recorded_logits(self.network, self.head, self.labels, corpus, progress=progress)


def finetune(net: Backbone, corpus: Corpus, task: str, recipe: Tuning | None = None, *, progress: bool = True) -> Tuned:
    """A network tuned to name the words or the categories of a corpus.

    Parameters
    ----------
    net : network whose last layer is dense; it stays as it is.
    corpus : its training part is learned from, its validation part says when to stop, its test part is never seen.
    task : "attributes" (each word by itself, a sigmoid; the words are ``corpus.words``) or "categories" (a softmax
        over the categories of the training part). Pictures without a category take no part; ``report["without an
        answer"]`` counts them.
    recipe : None for `Tuning.suited_to` the network: the defaults, shortened for large networks.
    progress : show bars, if there is a terminal.

    Returns
    -------
    Tuned
        Read from the cache where the same was tuned before.

    Raises
    ------
    ValueError : unknown task or layers, no dense layer to replace, or no pictures to learn from.
    FloatingPointError : the loss is no longer finite.

    Notes
    -----
    *Discovery*, section 4.4: "attribute-tuned" and "category-tuned". A killed process goes on after the last epoch
    that was over, with the same result (bit for bit on as many threads); a second process that wants the same network
    waits for it. The key is made of the network, the pictures' bytes, the labels, the recipe and the code.
    """
    chosen, tuning = tasks.task(task), recipe or Tuning.suited_to(net)
    examples = Examples.of(corpus, chosen)
    module, head = layers.with_head(net, chosen.biases(examples.train), seed=tuning.seed)
    setup = fitting.Setup(net, corpus, chosen, tuning, examples, module, head)

    def make(folder: Path) -> None:
        curves, report = fitting.fitted(setup, folder, progress=progress)
        state = {name: value.detach().cpu().contiguous() for name, value in module.state_dict().items()}
        with write_whole(folder / WEIGHTS) as path:
            save_file(state, path)
        with write_whole(folder / REPORT) as path:
            path.write_text(json.dumps({"curves": curves, "report": report}, indent=1), encoding="utf-8")

    folder = KIND.kept(_record(setup)).made(make)
    module.load_state_dict(load_file(folder / WEIGHTS))
    kept = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    curves = pd.DataFrame(kept["curves"], index=pd.RangeIndex(1, len(kept["curves"]) + 1, name="epoch"))
    network = layers.tuned_backbone(net, module, task=task, title=chosen.title, corpus=corpus.name)
    return Tuned(network, examples.labels, curves, kept["report"], head)


def _record(setup: fitting.Setup) -> dict[str, Any]:
    """Everything that decides a tuned network, JSON-able."""
    examples = setup.examples
    pictures = [f"{id} {digest}" for id, digest in zip(examples.ids, examples.digests, strict=True)]
    return KIND.record(
        *identity.actors(setup.net),
        type(setup.corpus.source),
        type(setup.task),
        network=identity.facts(setup.net),
        task=setup.task.name,
        labels=list(examples.labels),
        answers=[hashlib.sha256(split.values.tobytes()).hexdigest() for split in examples.splits],
        pictures=[lines_digest(pictures[row] for row in split.rows) for split in examples.splits],
        tuning=setup.tuning,
        device=next(setup.net.module.parameters()).device.type,
    )
