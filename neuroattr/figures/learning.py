"""Learning curves: how the losses fall and the measure rises, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from neuroattr.figures.style import INK, MUTED, NEGATIVE, POSITIVE, WIDE, styled

COLUMNS = ("training loss", "validation loss", "validation measure")


@styled
def learning_curves(curves: Mapping[str, pd.DataFrame], measures: Mapping[str, str]) -> Figure:
    """Losses above, the validation measure below, one column a network; a dashed line at the epoch that was kept.

    Parameters
    ----------
    curves : {title: DataFrame by epoch}
        As `neuroattr.training.finetune` gives them.
    measures : {title: str}
        What each network's validation measure is called.

    Raises
    ------
    ValueError
        Nothing to draw, more than three networks, columns or measures that are missing.

    Notes
    -----
    The kept epoch is that of the lowest validation loss. Losses of different tasks have different units (sums over
    words, one category), so the columns do not share their scales.
    """
    if not 1 <= len(curves) <= 3 or set(curves) != set(measures):
        raise ValueError(
            f"learning_curves draws 1 to 3 networks and needs the name of each one's measure; got curves of "
            f"{', '.join(curves) or 'none'} and measures of {', '.join(measures) or 'none'}"
        )
    for title, table in curves.items():
        if absent := [column for column in COLUMNS if column not in table] or ([] if len(table) else ["epochs"]):
            raise ValueError(f"the curves of {title} have no {', '.join(absent)}")
    figure = Figure(figsize=(WIDE, 3.8))
    panels = figure.subplots(2, len(curves), sharex="col", squeeze=False, height_ratios=(3, 2))
    for column, (title, table) in enumerate(curves.items()):
        above, below = panels[:, column]
        best = table["validation loss"].idxmin()
        above.plot(table.index, table["training loss"], "o-", color=NEGATIVE, ms=3.5, label="training")
        above.plot(table.index, table["validation loss"], "s-", color=POSITIVE, ms=3.5, label="validation")
        below.plot(table.index, table["validation measure"], "s-", color=POSITIVE, ms=3.5)
        for axes in (above, below):
            axes.axvline(best, color=MUTED, ls="--", lw=1, label="kept" if axes is above else None)
        side = "right" if best > table.index.to_numpy().mean() else "left"
        said = f" {table['validation measure'].loc[best]:.3f} "
        below.text(best, 0.06, said, transform=below.get_xaxis_transform(), ha=side, color=INK)  # curves rise above it
        above.set(title=title, ylabel="loss (nats a picture)" if column == 0 else "")
        below.set(xlabel="epoch", ylabel=fill(measures[title], 12))
        below.xaxis.set_major_locator(MaxNLocator(integer=True))
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", fontsize=8, ncols=3)
    return figure
