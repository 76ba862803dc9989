"""Two runs compared: nothing that moved is missed, nothing that stayed is named."""

import numpy as np
import pandas as pd

from neuroattr import results
from neuroattr.results import Context, Ledger


def run(folder, **values):
    context = Context(corpus="atelier-shop", network="caffenet-mini", profile="embedded", generated=True, code="")
    ledger = Ledger("discovery/04_1_divergence", context)
    for id, (value, low, high, n) in values.items():
        ledger.record(id, value, n=n, interval=(low, high), title=f"the {id}")
    ledger.verdict("tagger-errors", values["a"][0] > 1, evidence="a")
    ledger.save(folder)
    return results.read(folder)


def test_what_moved_comes_first_with_how_far(tmp_path):
    before = run(tmp_path / "1", a=(2, 1, 3, 9), b=(2, 1, 3, 9), c=(2, 1, 3, 9), gone=(1, 0, 2, 9), n=(2, 1, 3, 9))
    after = run(tmp_path / "2", a=(0.5, 0, 1, 9), b=(2.1, 1, 3, 9), c=(2, 1, 3, 9), new=(1, 0, 2, 9), n=(2, 1, 3, 8))
    table = results.changes(before, after)
    named = table.set_index("id")
    assert dict(named["state"]) == {
        "tagger-errors": "moved", "a": "moved", "b": "moved", "n": "moved",
        "gone": "only before", "new": "only after", "c": "same",
    }  # fmt: skip
    assert list(table["id"])[:4] == ["tagger-errors", "a", "b", "n"]
    assert (named.loc["tagger-errors", "before"], named.loc["tagger-errors", "after"]) == ("holds", "does not hold")
    assert named.loc["a", "difference"] == -1.5 and named.loc["a", "in intervals"] == 1.5
    assert np.isclose(named.loc["b", "in intervals"], 0.1)
    assert named.loc["gone", "before"] == 1 and pd.isna(named.loc["gone", "after"])
    assert results.summary(table) == (
        "4 moved, 1 only before, 1 only after, 1 same; 1 verdicts changed, 1 values left their interval"
    )


def test_a_run_compared_with_itself_has_only_the_same(tmp_path):
    one = run(tmp_path, a=(2, 1, 3, 9))
    assert set(results.changes(one, one)["state"]) == {"same"}


def test_a_row_says_what_of_it_moved(tmp_path):
    before = run(tmp_path / "1", a=(2, 1, 3, 9), b=(2, 1, 3, 9), c=(2, 1, 3, 9), gone=(1, 0, 2, 9))
    after = run(tmp_path / "2", a=(0.5, 0, 1, 9), b=(2, 1, 3, 8), c=(2, 1, 3, 9))
    what = results.changes(before, after).set_index("id")["what"]
    assert dict(what) == {"a": "value, interval", "b": "n", "c": "", "gone": "", "tagger-errors": "outcome"}
