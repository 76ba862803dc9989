"""Measured beside printed: what a chapter found, kept with all it depends on, and joined to the papers' numbers.

A chapter writes into a `Ledger`; a folder of saved ledgers is one run of the book (``book/ledger/sample`` is the last
run on real data, ``book/generated/ledger/embedded`` the run on generated data). The tables take such runs by label::

    ledgers = {"sample": "book/ledger/sample", "embedded": "book/generated/ledger/embedded"}
    comparison("discovery", place="Table 1", ledgers=ledgers)
"""

from neuroattr.results.changes import changes, summary
from neuroattr.results.entries import Context, LedgerError, Measurement, Verdict, outcome
from neuroattr.results.ledger import Ledger
from neuroattr.results.runs import read
from neuroattr.results.standing import GROUPS, standing
from neuroattr.results.tables import claims_table, comparison, counts, scoreboard, shown

__all__ = [
    "GROUPS",
    "Context",
    "Ledger",
    "LedgerError",
    "Measurement",
    "Verdict",
    "changes",
    "claims_table",
    "comparison",
    "counts",
    "outcome",
    "read",
    "scoreboard",
    "shown",
    "standing",
    "summary",
]
