"""What a network is tuned to: words or categories, with the loss that is lowered and the measure that is reported."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
from sklearn.metrics import average_precision_score

from neuroattr import checks


@dataclass(frozen=True)
class Targets:
    """What the network shall answer.

    Parameters
    ----------
    labels : in the order of the logits.
    rows : rows of the corpus that have an answer.
    values : float32 rows x labels of zeros and ones, or int64 rows.
    """

    labels: tuple[str, ...]
    rows: np.ndarray
    values: np.ndarray

    def among(self, kept):
        """Only those of the rows where ``kept`` (bool) is true."""
        return replace(self, rows=self.rows[kept], values=self.values[kept])


@dataclass(frozen=True)
class Task:
    """One kind of answer.

    Parameters
    ----------
    title : of a network tuned to it, behind the name of the network.
    measure : name of what `score` gives.
    targets : corpus -> `Targets`; the labels are those of its training part.
    start : `Targets` of the training pictures -> biases of the new layer, one a label: the log odds of each label.
    loss : logits B x labels, values -> sum over the batch.
    score : logits N x labels, values (arrays) -> the measure, larger is better.
    """

    title: str
    measure: str
    targets: Callable
    start: Callable
    loss: Callable
    score: Callable


def _words(corpus):
    return Targets(corpus.words, np.arange(len(corpus)), corpus.mentions.toarray().astype(np.float32))


def _categories(corpus):
    """A picture without a category (empty, blank, None, NaN) takes no part: it is no class of its own."""
    if "category" not in corpus.table:
        raise ValueError(f'task "categories" needs a column category in the table of {corpus.name}; there is none')
    category, split = corpus.table["category"], corpus.table["split"]
    known = checks.known(category, name="category")
    labels = sorted(category[split.eq("train") & known].astype(str).unique())
    number = pd.Index(labels).get_indexer(category.astype(str))  # -1: one that no training picture has
    rows = np.flatnonzero((number >= 0) & known)
    return Targets(tuple(labels), rows, number[rows].astype(np.int64))


def _word_odds(targets):
    share = (targets.values.sum(axis=0) + 0.5) / (len(targets.values) + 1)
    return np.log(share / (1 - share))


def _category_odds(targets):
    counts = np.bincount(targets.values, minlength=len(targets.labels)) + 1
    return np.log(counts / counts.sum())


def _word_loss(logits, values):
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, values, reduction="sum")


def _category_loss(logits, values):
    return torch.nn.functional.cross_entropy(logits, values, reduction="sum")


def mean_average_precision(logits, values):
    """Mean over the words of the average precision of their logits.

    Parameters
    ----------
    logits : N x W.
    values : N x W of zeros and ones; words that no picture has, or all have, are left out.

    Raises
    ------
    ValueError : no word has pictures on both sides.
    """
    both = (values.min(axis=0) < 1) & (values.max(axis=0) > 0)
    if not both.any():
        raise ValueError("no word has validation pictures with it and without it: give a larger corpus, or more words")
    return float(average_precision_score(values[:, both], logits[:, both], average="macro"))


def accuracy(logits, values):
    """Share of pictures whose largest logit is that of their category."""
    return float((logits.argmax(axis=1) == values).mean())


TASKS = {
    "attributes": Task(
        "attribute-tuned", "mean average precision", _words, _word_odds, _word_loss, mean_average_precision
    ),
    "categories": Task("category-tuned", "accuracy", _categories, _category_odds, _category_loss, accuracy),
}


def task(name):
    """The `Task` of that name.

    Raises
    ------
    ValueError : unknown name.
    """
    if name not in TASKS:
        raise ValueError(f"wanted a task out of {', '.join(TASKS)}; got {name!r}")
    return TASKS[name]
