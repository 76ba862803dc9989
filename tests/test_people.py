"""What people say of the words of a corpus: votes where there are any, else norms."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from neuroattr import discovery, people
from neuroattr.people import norms


def test_people_are_votes_where_there_are_any(shop):
    words = people.judged(shop)[:5]
    found = people.judgements(shop, words, theta=3)
    votes = shop.truth.votes
    expected = discovery.human_visualness(discovery.ballots(votes["word"], votes["pair"], votes["answer"]), theta=3)
    xr.testing.assert_equal(found.visualness, expected.visualness.sel(word=words))
    assert (found.low <= found.visualness).all() and (found.visualness <= found.high).all()
    (majority,) = found.others.values()
    assert (majority >= found.visualness).all() and found.note == "simulated annotators"
    assert people.table(found).shape == (5, 2)


def test_all_words_that_were_judged_are_taken_where_none_are_given(shop):
    found = people.judgements(shop, theta=3)
    assert found.visualness["word"].to_numpy().tolist() == people.judged(shop)


def test_a_norm_stands_in_for_votes_and_says_so(shop, monkeypatch):
    rated = {"lancaster": [4.0, 3.0], "brysbaert": [2.0, np.nan], "glasgow": [6.0, 5.0]}
    monkeypatch.setattr(norms, "lancaster", lambda: pd.Series([4.0, 3.0], index=["red", "blue"]))
    monkeypatch.setattr(norms, "norms", lambda words: pd.DataFrame(rated, index=words))
    corpus = replace(shop, annotations=replace(shop.annotations, votes=None))
    found = people.judgements(corpus, ["red", "blue"], theta=3)
    assert found.visualness.to_series().to_dict() == {"red": 4.0, "blue": 3.0}
    assert found.title == "Lancaster visual strength (0 to 5)" and found.source == "Lancaster visual strength"
    assert found.note == "Lancaster visual strength in place of votes" and found.low is found.ballots is None
    assert people.table(found).columns.tolist() == [found.title, *found.others]


def test_words_that_nobody_judged_are_refused(shop):
    with pytest.raises(ValueError, match="nobody judged sequinned; ask of the words in people"):
        people.judgements(shop, ["sequinned"], theta=3)


@pytest.mark.sample
def test_norms_stand_in_for_votes(shop, cache):
    corpus = replace(shop, annotations=replace(shop.annotations, votes=None))
    words = [word for word in people.judged(corpus) if word in ("red", "black", "striped", "casual")]
    found = people.judgements(corpus, words, theta=3)
    assert found.ballots is None and len(found.others) == 2 and np.isfinite(found.visualness).all()


def test_words_in_another_spelling_are_judged_by_norms(shop, monkeypatch):
    rated = pd.Series([4.0, 3.0], pd.Index(["red", "café"], name="word"))
    monkeypatch.setattr(norms, "lancaster", lambda: rated)
    words = ["RED", "Cafe\u0301", "blue"]
    corpus = replace(
        shop, words=words, mentions=shop.mentions[:, :3], annotations=replace(shop.annotations, votes=None, kinds=None)
    )
    assert people.judged(corpus) == ["RED", "Cafe\u0301"]


@pytest.mark.parametrize(("generated", "simulated"), [(True, True), (False, False), (None, False)])
def test_only_votes_on_drawings_are_called_simulated(generated, simulated):
    assert ("simulated" in people.voters(SimpleNamespace(generated=generated))) is simulated
