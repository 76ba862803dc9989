"""Two runs side by side: which numbers and verdicts moved, and by how much."""

import numpy as np
import pandas as pd

NAMES = ["kind", "paper", "id"]
STATES = ("moved", "only before", "only after", "same")
PARTS = {"value": ("value",), "interval": ("low", "high"), "n": ("n",), "outcome": ("outcome",)}
"""What can move, and the columns that hold it."""


def changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return every measurement and verdict of two runs, what moved first.

    Parameters
    ----------
    before, after : DataFrame
        Runs as `results.read` returns them.

    Returns
    -------
    DataFrame
        kind, paper, id, chapter, title; ``state``, one of "moved", "only before", "only after" and "same"; ``what``
        moved, of "value", "interval", "n" and "outcome"; ``before`` and ``after`` (value, or outcome of a verdict),
        ``difference`` of the values, and ``in intervals``: the difference over half the width of the 95 % interval
        before, below 1 where it stayed within. A measurement moved if its value, its interval or its n is another; a
        verdict if its outcome is.

    Notes
    -----
    Values are compared as they stand in the ledgers, not rounded. What moved stands in the order of how far it did.
    """
    joined = before.merge(after, on=NAMES, how="outer", suffixes=(" before", " after"), indicator="where")
    there = joined["where"].map({"both": "", "left_only": "only before", "right_only": "only after"}).astype(str)
    verdicts = joined["kind"] == "verdict"
    half = (joined["high before"] - joined["low before"]) / 2
    difference = joined["value after"] - joined["value before"]
    table = joined[NAMES].copy()
    for name in ("chapter", "title"):
        table[name] = joined[f"{name} after"].where(there != "only before", joined[f"{name} before"])
    what = _moved(joined)
    table["state"] = there.where(there != "", np.where(what == "", "same", "moved"))
    table["what"] = what.where(there == "", "")
    for time in ("before", "after"):
        table[time] = joined[f"value {time}"].astype(object).where(~verdicts, joined[f"outcome {time}"])
    table["difference"], table["in intervals"] = difference, difference.abs() / half.where(half > 0)
    far = table["in intervals"].fillna(np.inf).where(table["state"] == "moved", 0)
    order = np.lexsort((*(table[name].astype(str) for name in NAMES[::-1]), -far, table["state"].map(STATES.index)))
    return table.iloc[order].reset_index(drop=True)


def summary(table: pd.DataFrame) -> str:
    """Return how much of a table of `changes` is in which state, as one line."""
    counts = table["state"].value_counts()
    outcomes = ((table["state"] == "moved") & (table["kind"] == "verdict")).sum()
    beyond = (table["in intervals"] > 1).sum()
    parts = [f"{counts.get(state, 0)} {state}" for state in STATES]
    return f"{', '.join(parts)}; {outcomes} verdicts changed, {beyond} values left their interval"


def _moved(joined: pd.DataFrame) -> pd.Series:
    """Which parts of each row differ, as "value, n"; empty where all are equal."""
    found = pd.Series("", joined.index)
    for part, columns in PARTS.items():
        same = pd.Series(True, joined.index)
        for name in columns:
            first, second = joined[f"{name} before"], joined[f"{name} after"]
            same &= (first == second).fillna(False).astype(bool) | (first.isna() & second.isna())
        found += np.where(same, "", f", {part}")
    return found.str.removeprefix(", ")
