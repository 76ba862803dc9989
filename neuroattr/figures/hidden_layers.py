"""Figures of *Hidden layers*: accuracy and clusters by layer, embeddings, dimensions, examples, rankings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from neuroattr.figures.pictures import Picture, bare
from neuroattr.figures.style import INK, MUTED, NEGATIVE, POSITIVE, WIDE, styled

# What a colour is called is what it is drawn in; other classes take these in turn. Each class has a shape of its own.
NAMED = {
    "red": "#d62728", "black": "#111111", "blue": "#1f5fd0", "green": "#2a9d3a", "yellow": "#e6c700",
    "gray": "#8c8c8c", "brown": "#7b4a12", "pink": "#ff8fc0", "purple": "#7b2cbf", "orange": "#f77f00",
}  # fmt: skip
OTHERS = (
    "#0072b2", "#c44e00", "#009e73", "#aa4499", "#56b4e9", "#806000", "#111111", "#e6c700", "#e3526f", "#8c8c8c",
)  # fmt: skip
SHAPES = "os^vDPX<>*"
LINES = ("-", "--", ":", "-.")


def class_looks(classes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Colour and marker of each class: a class that is called as a colour is drawn in it."""
    named = all(name in NAMED for name in classes)
    return {
        name: (NAMED[name] if named else OTHERS[place % len(OTHERS)], SHAPES[place % len(SHAPES)])
        for place, name in enumerate(classes)
    }


@styled
def accuracy_by_layer(
    found: Mapping[str, pd.DataFrame], *, printed: Mapping[str, Sequence[float]] | None = None, chance: float
) -> Figure:
    """Accuracy of each attribute at each layer with its interval, beside the printed one where there is one.

    Parameters
    ----------
    found
        For each attribute rows by layer with columns accuracy, low, high.
    printed
        For each attribute the paper's accuracy at the same layers.
    chance
        Accuracy of a guess, a dashed line.
    """
    figure = Figure(figsize=(WIDE, 3.1))
    axes = figure.subplots()
    layers = list(next(iter(found.values())).index)
    for place, (name, frame) in enumerate(found.items()):
        colour, at = (NEGATIVE, POSITIVE)[place % 2], np.arange(len(layers)) + 0.06 * (2 * place - 1)
        spread = [frame["accuracy"] - frame["low"], frame["high"] - frame["accuracy"]]
        axes.errorbar(
            at, frame["accuracy"], spread, fmt=f"{'os'[place % 2]}-", color=colour, lw=1.8, ms=5, capsize=2, label=name
        )
        if printed is not None:
            axes.plot(at, printed[name], "D:", color=colour, lw=1, ms=5, mfc="white", label=f"{name}, paper")
    axes.axhline(chance, color=MUTED, ls="--", lw=1, label="chance")
    axes.set_xticks(range(len(layers)), layers)
    axes.set(ylim=(0, 1.02), ylabel="accuracy")
    figure.legend(loc="outside upper right", ncols=5, fontsize=8)
    return figure


@styled
def cluster_scores(found: Mapping[str, pd.DataFrame]) -> Figure:
    """Figure 3 of the paper: agreement of clusters with classes by layer, one panel an attribute.

    Parameters
    ----------
    found
        For each attribute rows by layer with columns rand, low, high, information, and unclustered, the share of
        images that no cluster took.
    """
    figure = Figure(figsize=(WIDE, 2.9))
    panels = figure.subplots(1, len(found), sharey=True, squeeze=False)[0]
    for axes, (name, frame) in zip(panels, found.items(), strict=True):
        at = np.arange(len(frame))
        axes.bar(at - 0.2, frame["rand"], 0.38, color=NEGATIVE, label="adjusted Rand index")
        spread = [np.maximum(frame["rand"] - frame["low"], 0), np.maximum(frame["high"] - frame["rand"], 0)]
        axes.errorbar(at - 0.2, frame["rand"], spread, fmt="none", ecolor=INK, lw=1, capsize=2)
        axes.bar(
            at + 0.2, frame["information"], 0.38, color=POSITIVE, hatch="///", edgecolor="white",
            label="adjusted mutual information",
        )  # fmt: skip
        axes.plot(at, frame["unclustered"], "x:", color=MUTED, lw=1, ms=5, label="share of images in no cluster")
        axes.set_xticks(at, list(frame.index), fontsize=8)
        axes.set_title(name)
    panels[0].set(ylim=(min(0.0, *(float(frame["low"].min()) for frame in found.values())), 1.05), ylabel="score")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=8)
    return figure


@styled
def embeddings(points: Mapping[str, npt.ArrayLike], labels: Sequence[str], classes: Sequence[str]) -> Figure:
    """Images of each layer in two dimensions, one panel a layer, each class in its colour and shape.

    Parameters
    ----------
    points
        For each layer float [N, 2].
    labels
        [N], the class of each image.
    classes
        In the order of the legend.
    """
    of = np.asarray(labels)
    across = len(points) if len(points) <= 5 else 4
    down = -(-len(points) // across)
    figure = Figure(figsize=(WIDE, 0.55 + 1.95 * down))
    panels = figure.subplots(down, across, squeeze=False).ravel()
    for axes, (layer, places) in zip(panels, points.items(), strict=False):
        for name, (colour, shape) in class_looks(classes).items():
            own = np.asarray(places)[of == name]
            axes.plot(own[:, 0], own[:, 1], shape, ms=2.6, color=colour, alpha=0.75, mew=0, label=name)
        bare(axes)
        axes.set_title(layer)
    for axes in panels[len(points) :]:
        axes.set_axis_off()
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=5, fontsize=8, markerscale=2.4)
    return figure


@styled
def accuracy_by_size(
    curves: Mapping[str, Mapping[str, pd.DataFrame]],
    *,
    label: str,
    measured: str = "accuracy",
    references: Mapping[str, float] | None = None,
) -> Figure:
    """Accuracy against a number (dimensions, examples, neighbours), one panel an attribute, one line a method.

    Parameters
    ----------
    curves
        For each attribute and method rows by number with columns accuracy, low, high; rows without a value are gaps.
    label
        Of the numbers, on a logarithmic axis of base 2.
    measured
        What the accuracy is one of.
    references
        For each attribute an accuracy to compare with, a horizontal line.
    """
    figure = Figure(figsize=(WIDE, 3.2))
    panels = figure.subplots(1, len(curves), sharey=True, squeeze=False)[0]
    for axes, (name, methods) in zip(panels, curves.items(), strict=True):
        for place, (method, frame) in enumerate(methods.items()):
            frame = frame.dropna(subset=["accuracy"])
            colour = (POSITIVE, NEGATIVE, "#009e73", "#aa4499", INK)[place % 5]
            style = f"{'osD^v'[place % 5]}{LINES[place % 4]}"
            axes.plot(frame.index, frame["accuracy"], style, color=colour, lw=1.6, ms=4, label=method)
            axes.fill_between(frame.index, frame["low"], frame["high"], color=colour, alpha=0.12, lw=0)
        if references is not None:
            axes.axhline(references[name], color=MUTED, ls="--", lw=1)
            axes.annotate("all units", (1, references[name]), (-2, 2), xycoords=("axes fraction", "data"),
                          textcoords="offset points", ha="right", fontsize=8, color=MUTED)  # fmt: skip
        axes.set_xscale("log", base=2)
        numbers = sorted({number for frame in methods.values() for number in frame.index})
        axes.set_xticks(numbers, [str(number) for number in numbers], fontsize=8)
        axes.minorticks_off()
        axes.set_title(name)
        axes.set_xlabel(label)
    panels[0].set_ylabel(measured)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=5, fontsize=8)
    return figure


@styled
def rankings(query: Picture, found: Mapping[str, Sequence[tuple[Picture, str]]], *, across: int = 4) -> Figure:
    """Figure 6 of the paper: what each ranking finds, one panel a ranking, the query on its top left.

    Parameters
    ----------
    query
        PIL image or uint8 [H, W, 3].
    found
        For each ranking pairs of picture and caption, nearest first.
    across
        Pictures in a row.
    """
    if not found or not all(len(row) for row in found.values()):
        raise ValueError(f"want pictures for each ranking, got {[len(row) for row in found.values()]}")
    down = -(-(1 + max(map(len, found.values()))) // across)
    figure = Figure(figsize=(WIDE, 0.35 + 0.85 * down), layout="constrained")
    for part, (name, row) in zip(figure.subfigures(1, len(found), squeeze=False)[0], found.items(), strict=True):
        part.suptitle(name, fontsize=9.5, x=0.02, ha="left")
        panels = part.subplots(down, across, squeeze=False, gridspec_kw={"wspace": 0.03, "hspace": 0.03}).ravel()
        for axes in panels:
            bare(axes)
        _framed(panels[0], query, "query")
        for axes, (picture, caption) in zip(panels[1:], row, strict=False):
            axes.imshow(np.asarray(picture))
            axes.set_xlabel(caption, fontsize=6, labelpad=1)
    return figure


def _framed(axes: Axes, picture: Picture, caption: str) -> None:
    axes.imshow(np.asarray(picture))
    axes.spines[:].set(visible=True, color=POSITIVE, linewidth=2)
    axes.set_xlabel(caption, fontsize=6.5, labelpad=1, fontweight="bold")
