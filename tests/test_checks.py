"""The shared checks of input: each error says what was wanted and what came."""

import re

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import torch
import xarray as xr

from neuroattr import checks


def test_anything_that_holds_an_array_is_taken():
    rows = [[1.0, 2.0], [3.0, 4.0]]
    tensor = torch.tensor(rows, requires_grad=True)
    held = [rows, tuple(rows), pd.DataFrame(rows), xr.DataArray(rows), tensor, tensor.to(torch.bfloat16), list(tensor),
            np.ma.masked_invalid(rows)]  # fmt: skip
    for values in held:
        found = checks.array(values, name="values", dimensions="images x units")
        assert type(found) is np.ndarray and found.tolist() == rows


def test_labels_are_numbered_and_gaps_are_told_from_text():
    assert checks.coded(["shoe", "hat", "None"], name="strata").tolist() == [2, 1, 0]
    assert checks.coded(pd.Series([3, 1, 3]), name="strata").tolist() == [1, 0, 1]
    assert checks.known(["hat", "", " ", "nan", "<NA>", "None"], name="labels").tolist() == [True, *[False] * 4, True]
    assert checks.known(np.array([1, 0]), name="labels").all()


def test_truth_values_are_zeros_and_ones():
    assert checks.truths([0, 1.0, True], name="labels").tolist() == [False, True, True]


def test_sparse_mentions_stay_sparse():
    mentions = scipy.sparse.csr_array(np.eye(3))
    assert checks.mentioned(mentions) is mentions


def test_what_is_right_comes_back_unchanged():
    values = np.arange(6.0).reshape(2, 3)
    assert checks.array(values, name="values", dimensions="images x units") is values
    assert checks.finite(values, name="values") is values
    assert checks.same_length(texts="ab", groups=[1, 2]) == 2
    checks.between(0.5, 0, 1, name="share")
    checks.one_of("exact", ("exact", "fast"), name="kind")
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
            lambda: checks.plain(scipy.sparse.eye_array(3), name="values"),
            TypeError,
            "values must be an array; got a sparse matrix of shape (3, 3). Pass its toarray()",
        ),
        (
            lambda: checks.finite(np.ma.array([1.0, 2.0], mask=[True, False]), name="values"),
            ValueError,
            "values must be known everywhere; 1 values are masked. Drop them, or use filled()",
        ),
        (
            lambda: checks.plain([[1, 2], [3]], name="values"),
            ValueError,
            "values must be an array; got rows of different lengths. Make them equally long",
        ),
        (
            lambda: checks.plain(None, name="values"),
            TypeError,
            "values must be an array; got NoneType. Pass a list or an array of it",
        ),
        (
            lambda: checks.plain(xr.Dataset({"a": 1, "b": 2}), name="values"),
            TypeError,
            "values must be an array; got a Dataset of a, b. Pass one",
        ),
        (
            lambda: checks.numbers(np.array([1, None], object), name="scores"),
            TypeError,
            "scores must be real numbers; got dtype object. Convert it with astype(float)",
        ),
        (
            lambda: checks.truths([-1, 1, 1], name="labels"),
            ValueError,
            "labels must be true or false, or 0 and 1; got -1 among 3 values. Compare first, as in labels > 0, and "
            "leave out what is not known",
        ),
        (
            lambda: checks.truths(["no", "yes"], name="labels"),
            TypeError,
            "labels must be real numbers; got dtype <U3. Convert it with astype(float)",
        ),
        (
            lambda: checks.mentioned([[1.0, np.nan]]),
            ValueError,
            "mentions must be finite; got 1 NaN and 0 infinite of 2 values, the first at (0, 1). Drop or mend them "
            "first",
        ),
        (
            lambda: checks.coded(["hat", None, np.nan], name="strata"),
            ValueError,
            "strata must be known for all images; 2 of 3 are missing. Leave those images out, or give them a label of "
            "their own",
        ),
        (
            lambda: checks.coded([[1], [2]], name="strata"),
            ValueError,
            "strata must be one label for each image; got shape (2, 1)",
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
