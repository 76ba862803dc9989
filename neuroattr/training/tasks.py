"""What a network is tuned to: words or categories, with the loss that is lowered and the measure that is reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from sklearn.metrics import average_precision_score

from neuroattr import checks
from neuroattr.corpus import Corpus

Values = npt.NDArray[np.float32] | npt.NDArray[np.int64]
"""Rows x labels of zeros and ones, or the label of each row."""


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
    rows: npt.NDArray[np.intp]
    values: Values

    def among(self, kept: npt.NDArray[np.bool_]) -> Targets:
        """Only those of the rows where ``kept`` (bool) is true."""
        return replace(self, rows=self.rows[kept], values=self.values[kept])


@dataclass(frozen=True)
class Task:
    """One kind of answer.

    Parameters
    ----------
    name : as `finetune` takes it.
    title : of a network tuned to it, behind the name of the network.
    measure : name of what `score` gives.
    targets : corpus -> `Targets`; the labels are those of its training part.
    biases : `Targets` of the training pictures -> biases of the new layer, one a label: its log odds, or log share.
    loss : logits B x labels, values -> sum over the batch.
    score : logits N x labels, values (arrays) -> the measure, larger is better.
    """

    name: str
    title: str
    measure: str
    targets: Callable[[Corpus], Targets]
    biases: Callable[[Targets], npt.NDArray[np.floating]]
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    score: Callable[[npt.NDArray[np.float32], Values], float]


def _words(corpus: Corpus) -> Targets:
    return Targets(corpus.words, np.arange(len(corpus)), corpus.mentions.toarray().astype(np.float32))


def _categories(corpus: Corpus) -> Targets:
    """A picture without a category (empty, blank, None, NaN) takes no part: it is no class of its own."""
    if "category" not in corpus.table:
        raise ValueError(f'task "categories" needs a column category in the table of {corpus.name}; there is none')
    category, split = corpus.table["category"], corpus.table["split"]
    known = checks.known(category, name="category")
    labels = sorted(category[split.eq("train") & known].astype(str).unique())
    number = pd.Index(labels).get_indexer(category.astype(str))  # -1: one that no training picture has
    rows = np.flatnonzero((number >= 0) & known)
    return Targets(tuple(labels), rows, number[rows].astype(np.int64))


def _word_log_odds(targets: Targets) -> npt.NDArray[np.floating]:
    share = (targets.values.sum(axis=0) + 0.5) / (len(targets.values) + 1)
    return np.asarray(np.log(share / (1 - share)))


def _category_log_shares(targets: Targets) -> npt.NDArray[np.floating]:
    counts = np.bincount(targets.values, minlength=len(targets.labels)) + 1
    return np.asarray(np.log(counts / counts.sum()))


def _word_loss(logits: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, values, reduction="sum")


def _category_loss(logits: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.cross_entropy(logits, values, reduction="sum")


def mean_average_precision(logits: npt.NDArray[np.floating], values: npt.NDArray[Any]) -> float:
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


def accuracy(logits: npt.NDArray[np.floating], values: npt.NDArray[Any]) -> float:
    """Share of pictures whose largest logit is that of their category."""
    return float((logits.argmax(axis=1) == values).mean())


WORDS = Task(
    "attributes",
    "attribute-tuned",
    "mean average precision",
    _words,
    _word_log_odds,
    _word_loss,
    mean_average_precision,
)
CATEGORIES = Task(
    "categories", "category-tuned", "accuracy", _categories, _category_log_shares, _category_loss, accuracy
)
TASKS = {task.name: task for task in (WORDS, CATEGORIES)}


def task(name: str) -> Task:
    """The `Task` of that name.

    Raises
    ------
    ValueError : unknown name.
    """
    if name not in TASKS:
        raise ValueError(f"wanted a task out of {', '.join(TASKS)}; got {name!r}")
    return TASKS[name]
