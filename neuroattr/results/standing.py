"""What is left of claims once every run has judged them: which stand, which fall, which stay open."""

import pandas as pd

from neuroattr.results.entries import LedgerError
from neuroattr.results.ledger import OUTCOMES

GROUPS = ("stands", "on drawings only", "divided", "falls", "open", "untested")


def standing(outcomes: pd.DataFrame, *, decisive: str | None = None) -> pd.Series:
    """Return the group of each claim, as one of `GROUPS`.

    Parameters
    ----------
    outcomes : DataFrame
        A row for each claim and a column for each run: "holds", "does not hold", "undecided", or missing where the
        claim was not tested.
    decisive : str, optional
        The run on photographs, where there is one beside a run on drawings: what does not hold there does not stand.

    Returns
    -------
    Series
        ``stands``: holds in the decisive run (in any, if none is named) and fails in none. ``on drawings only``: holds
        in another run, but the decisive one left it undecided or untested. ``divided``: holds in one run and fails in
        another. ``falls``: fails in at least one run and holds in none. ``open``: undecided wherever it was tested.
        ``untested``: no run has judged it.

    Raises
    ------
    LedgerError
        For another outcome than those, and a decisive run that is not among the columns.

    Examples
    --------
    >>> table = pd.DataFrame({"real": ["holds", "undecided"], "drawn": ["holds", "holds"]}, index=["a", "b"])
    >>> standing(table, decisive="real").to_dict()
    {'a': 'stands', 'b': 'on drawings only'}
    """
    if decisive is not None and decisive not in outcomes:
        raise LedgerError(f"decisive names one of the runs {list(outcomes)}; got {decisive!r}")
    unknown = sorted(set(pd.unique(outcomes.melt()["value"].dropna())) - set(OUTCOMES.values()))
    if unknown:
        raise LedgerError(f"an outcome is one of {list(OUTCOMES.values())}, or missing; got {unknown}")
    holds, fails = (outcomes == "holds"), (outcomes == "does not hold").any(axis=1)
    found = pd.Series("untested", outcomes.index, name="group", dtype=object)
    found[(outcomes == "undecided").any(axis=1)] = "open"
    found[holds.any(axis=1)] = "stands" if decisive is None else "on drawings only"
    if decisive is not None:
        found[holds[decisive]] = "stands"
    found[fails] = "falls"
    found[fails & holds.any(axis=1)] = "divided"
    return found
