"""The whole way of a word in one picture, drawn from values that were computed."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from neuroattr.figures.pictures import Picture, bare, tiled
from neuroattr.figures.style import INK, MUTED, NEGATIVE, POSITIVE, WIDE, styled


@dataclass(frozen=True)
class Stages:
    """What the picture shows of each stage.

    Attributes
    ----------
    word : str
    listings : pairs of picture and text
    positives, negatives : sequences of pictures
    sizes : (int, int)
        Images with and without the word.
    positive, negative : [B]
        Histogram of the prime unit on both sides.
    unit : str
        Name of the prime unit.
    scores : float [U]
        Divergence of all units, nats.
    layers : [U] of str
    strongest : sequence of pictures
        Images that excite the prime unit most.
    """

    word: str
    listings: Sequence[tuple[Picture, str]]
    positives: Sequence[Picture]
    negatives: Sequence[Picture]
    sizes: tuple[int, int]
    positive: npt.NDArray[np.float64]
    negative: npt.NDArray[np.float64]
    unit: str
    scores: npt.NDArray[np.float64]
    layers: npt.NDArray[np.str_]
    strongest: Sequence[Picture]


@styled
def framework(stages: Stages) -> Figure:
    """Figure 1 of *Discovery*: web data, the two sets of a word, divergence of activations, what prime units give."""
    figure = Figure(figsize=(WIDE, 4.3))
    figure.set_layout_engine("none")
    quarters = figure.subfigures(2, 2, squeeze=False, width_ratios=[1.15, 1])
    (web, sets), (divergence, outcome) = quarters
    _web(web, stages)
    _sets(sets, stages)
    _divergence(divergence, stages)
    _outcome(outcome, stages)
    return figure


def _titled(part: SubFigure, number: int, words: str) -> None:
    part.text(0.03, 0.93, f"{number}  {words}", fontsize=9.5, weight="bold", color=INK)


def _web(part: SubFigure, stages: Stages) -> None:
    _titled(part, 1, "Pictures and texts, as found")
    height = 0.8 / len(stages.listings)
    for row, (picture, text) in enumerate(stages.listings):
        base = 0.84 - (row + 1) * height
        axes = part.add_axes((0.03, base, 0.22, 0.94 * height))
        axes.imshow(np.asarray(picture))
        bare(axes)
        lines = textwrap.shorten(text, 150, placeholder=" …").replace(stages.word, stages.word.upper())
        part.text(0.28, base + 0.47 * height, textwrap.fill(lines, 44), fontsize=7, va="center", color=INK)


def _sets(part: SubFigure, stages: Stages) -> None:
    _titled(part, 2, f"With and without “{stages.word}”")
    sides = (
        (stages.positives, POSITIVE, "with", stages.sizes[0]),
        (stages.negatives, NEGATIVE, "without", stages.sizes[1]),
    )
    for place, (pictures, colour, said, size) in enumerate(sides):
        axes = part.add_axes((0.03 + 0.49 * place, 0.04, 0.46, 0.74))
        axes.imshow(tiled(pictures, across=4, side=120, margin=4))
        bare(axes)
        part.text(0.03 + 0.49 * place, 0.81, f"{said}: {size:,} images", fontsize=8, color=colour)


def _divergence(part: SubFigure, stages: Stages) -> None:
    _titled(part, 3, "How far each unit's activations diverge")
    axes = part.add_axes((0.13, 0.2, 0.34, 0.56))
    _pair(axes, stages)
    axes.set_title(f"best unit: {stages.unit}", fontsize=8)
    axes = part.add_axes((0.63, 0.2, 0.34, 0.56))
    ordered = np.sort(stages.scores)[::-1]
    axes.plot(np.arange(1, len(ordered) + 1), ordered, color=MUTED, lw=1.2)
    axes.fill_between(np.arange(1, 101), ordered[:100], color=POSITIVE, alpha=0.7, lw=0)
    axes.set(xscale="log", ylim=(0, None))
    axes.set_xlabel("units, best first", fontsize=8)
    axes.set_ylabel("S (nats)", fontsize=8)
    axes.set_title(f"all {len(ordered):,} units; prime: 100", fontsize=8)
    axes.tick_params(labelsize=7)


def _pair(axes: Axes, stages: Stages) -> None:
    bins = np.arange(len(stages.positive))
    axes.bar(bins, stages.negative / stages.negative.sum(), 1, color=NEGATIVE, alpha=0.4, lw=0, label="P⁻")
    axes.step(bins, stages.positive / stages.positive.sum(), where="mid", color=POSITIVE, lw=1.5, label="P⁺")
    axes.set_xlabel("bin of the activation", fontsize=8)
    axes.set_ylabel("share of images", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.legend(fontsize=7, loc="upper left")


def _outcome(part: SubFigure, stages: Stages) -> None:
    _titled(part, 4, "What the prime units tell")
    axes = part.add_axes((0.14, 0.2, 0.36, 0.56))
    names = list(dict.fromkeys(stages.layers))
    best = [float(stages.scores[stages.layers == name].max()) for name in names]
    axes.barh(range(len(names)), best, color=[POSITIVE if value == max(best) else MUTED for value in best])
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.invert_yaxis()
    axes.set_xlabel("best S of the layer (nats)", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.grid(visible=False)
    axes.set_title("depth of the word", fontsize=8)
    axes = part.add_axes((0.56, 0.06, 0.42, 0.7))
    axes.imshow(tiled(stages.strongest, across=3, side=120, margin=4))
    bare(axes)
    axes.set_title("what excites the best unit", fontsize=8)
