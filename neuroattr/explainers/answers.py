"""What an explainer answers: about a picture, many pictures, a class, a filter."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from neuroattr import explanations

SHOWN = 10  # rows of what notebooks show


@dataclass(frozen=True, eq=False)
class ClassDescription:
    """What a network knows a class by.

    Attributes
    ----------
    label
        The class.
    attributes
        p(t | c) of every attribute, largest first (equation 7).
    filters
        p(f | c) of every filter, largest first (equation 8).
    count
        Attributes in the sentence.
    """

    label: str
    attributes: pd.Series = field(repr=False)
    filters: pd.Series = field(repr=False)
    count: int = field(repr=False)

    @property
    def sentence(self) -> str:
        """The strongest attributes as the reasons for the class."""
        return explanations.sentence(self.label, _first(self.attributes, self.count))

    def contrast(self, other: ClassDescription) -> pd.Series:
        """What speaks for this class and not for the other one, largest first (figure 1).

        Raises
        ------
        ValueError
            A description with other attributes.
        """
        return _contrast(self.attributes, other.attributes)

    def __str__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        return _page(self.sentence, {"attribute": self.attributes, "filter": self.filters})


@dataclass(frozen=True, eq=False)
class Explanation(ClassDescription):
    """Why a picture is taken for a class: `attributes` are p(t | x, c) and `filters` p(f | x, c) (equations 5, 6).

    Attributes
    ----------
    probability
        How probable the network thinks the class (softmax).
    predicted
        The class that the network thinks most probable.
    """

    probability: float
    predicted: str


@dataclass(frozen=True, eq=False)
class FilterDescription:
    """What a filter answers to.

    Attributes
    ----------
    number
        Of the filter, from 0.
    attributes
        p(t | f) of every attribute, largest first (equations 1 to 4).
    pictures
        Pooled responses of the training pictures that activate it most, by id, largest first.
    """

    number: int
    attributes: pd.Series = field(repr=False)
    pictures: pd.Series = field(repr=False)

    def __str__(self) -> str:
        return f"filter {self.number}: {', '.join(_first(self.attributes, SHOWN))}"

    def _repr_html_(self) -> str:
        return _page(f"Filter {self.number}", {"attribute": self.attributes, "picture": self.pictures})


@dataclass(frozen=True, eq=False)
class Explanations:
    """Explanations of many pictures.

    Attributes
    ----------
    ids
        Of the N pictures that could be read.
    labels
        Class that is explained, of each picture: str N.
    predicted
        Class that the network thinks most probable, of each picture: str N.
    probability
        Of the class that is explained: float N.
    attributes
        Names of the T attributes.
    values
        p(t | x, c): N x T.
    count
        Attributes in a sentence.
    """

    ids: tuple[str, ...]
    labels: np.ndarray
    predicted: np.ndarray
    probability: Float[np.ndarray, " N"]
    attributes: tuple[str, ...]
    values: Float[np.ndarray, "N T"]
    count: int

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"Explanations({len(self):,} pictures, {len(self.attributes):,} attributes)"

    def best(self, count: int | None = None) -> Int[np.ndarray, "N K"]:
        """Numbers of the strongest attributes of each picture, the strongest first."""
        return explanations.most_probable(self.values, count=self.count if count is None else count)

    def reasons(self, count: int | None = None) -> list[list[str]]:
        """The strongest attributes of each picture, before adjectives of one noun are merged."""
        return [[self.attributes[t] for t in row] for row in self.best(count)]

    def sentences(self) -> list[str]:
        """A sentence for each picture."""
        pairs = zip(self.labels, self.reasons(), strict=True)
        return [explanations.sentence(str(label), reasons) for label, reasons in pairs]


def ordered(values: np.ndarray, names: Any, *, name: str) -> pd.Series:
    """Values by name, largest first; equal ones in their order."""
    series = pd.Series(np.asarray(values, np.float64), index=pd.Index(names, name=name))
    return series.iloc[np.argsort(-series.to_numpy(), kind="stable")]


def _first(values: pd.Series, count: int) -> list[str]:
    return [str(name) for name in values.index[:count]]


def _contrast(one: pd.Series, other: pd.Series) -> pd.Series:
    if set(one.index) != set(other.index):
        raise ValueError("two explanations are compared attribute by attribute; these come from different explainers")
    names = list(one.index)
    difference = explanations.contrast(one.to_numpy(), other.reindex(names).to_numpy())
    return ordered(difference, names, name="attribute")


def _page(title: str, tables: Mapping[str, pd.Series]) -> str:
    """Markup with everything escaped."""
    made = [f"<p><strong>{html.escape(title)}</strong></p>"]
    for heading, values in tables.items():
        rows = "".join(
            f"<tr><th scope='row'>{html.escape(str(name))}</th><td>{value:.4g}</td></tr>"
            for name, value in values.iloc[:SHOWN].items()
        )
        made.append(f"<table><thead><tr><th>{html.escape(heading)}</th><th>value</th></tr></thead>{rows}</table>")
    return "".join(made)
