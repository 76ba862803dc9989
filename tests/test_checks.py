"""The shared checks of input: each error says what was wanted and what came."""

import re

import numpy as np
import pytest

from neuroattr import checks


def test_what_is_right_comes_back_unchanged():
    values = np.arange(6.0).reshape(2, 3)
    assert checks.array(values, name="values", dimensions="images x units") is values
    assert checks.finite(values, name="values") is values
    assert checks.same_length(texts="ab", groups=[1, 2]) == 2
    assert checks.between(0.5, 0, 1, name="share") == 0.5
    assert checks.one_of("exact", ("exact", "fast"), name="kind") == "exact"
    checks.require(True, "never said")


@pytest.mark.parametrize(
    ("check", "error", "message"),
    [
        (lambda: checks.require(False, "bins must be 2 or more; got 1"), ValueError, "bins must be 2 or more; got 1"),
        (
            lambda: checks.array([1, 2], name="values", dimensions="images x units"),
            ValueError,
            "values must be images x units; got shape (2,)",
        ),
        (
            lambda: checks.array(["a"], name="values", dimensions="images"),
            TypeError,
            "values must be real numbers; got dtype <U1. Convert it with astype(float)",
        ),
        (
            lambda: checks.finite([[0, np.nan], [np.inf, 0]], name="values"),
            ValueError,
            "values must be finite; got 1 NaN and 1 infinite of 4 values, the first at (0, 1). Drop or mend them first",
        ),
        (
            lambda: checks.same_length(texts="ab", groups="a"),
            ValueError,
            "texts and groups must be equally long; got texts 2, groups 1",
        ),
        (
            lambda: checks.between(float("nan"), 0, 1, name="share"),
            ValueError,
            "share must be between 0 and 1; got nan",
        ),
        (
            lambda: checks.one_of("slow", ("exact", "fast"), name="kind"),
            ValueError,
            "kind must be one of 'exact', 'fast'; got 'slow'",
        ),
    ],
)
def test_an_error_says_what_was_wanted_and_what_came(check, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        check()
