"""Hidden truth and label noise: by hand on small tables, and on the small generated shop."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from neuroattr import atelier
from neuroattr.discovery import Protocol
from neuroattr.recorded import Recorded
from neuroattr.studies import noise, truths


def catalogued(shop):
    """The shop with the attributes of a catalogue, as if it were real: three pictures are red, or of unknown colour."""
    colours = pd.Categorical(["navy blue", "red", None, *["white"] * (len(shop) - 3)])
    attributes = pd.DataFrame({"baseColour": colours}, shop.ids)
    return replace(shop, generated=False, annotations=replace(shop.annotations, attributes=attributes))


def test_the_truth_of_a_generated_shop_is_its_recipe(shop):
    words = [word for word in shop.words if shop.truth.kinds[word] == "visual"][:4]
    found = truths.shown(shop, words)
    np.testing.assert_array_equal(found, atelier.applies(shop)[list(found)].astype(float))


def test_the_truth_of_a_catalogue_is_what_it_states(shop):
    found = truths.shown(catalogued(shop), ["red", "blue", "elegant"])
    assert found.columns.tolist() == ["red", "blue"]
    np.testing.assert_array_equal(found["red"].iloc[:4], [0, 1, np.nan, 0])
    assert found["blue"].iloc[0] == 1 and found["blue"].sum() == 1


def test_words_are_found_in_the_catalogue_in_any_spelling_and_of_several_tokens(shop):
    found = truths.shown(catalogued(shop), ["RED", "Navy Blue", "navy", "avy"])
    assert found.columns.tolist() == ["RED", "Navy Blue", "navy"]
    assert found.iloc[:2].to_numpy().tolist() == [[0, 1, 1], [1, 0, 0]]


def test_a_corpus_without_attributes_has_no_hidden_truth(shop):
    corpus = replace(shop, generated=False, annotations=replace(shop.annotations, attributes=None))
    with pytest.raises(ValueError, match="nothing is known of the pictures of atelier-shop but their texts"):
        truths.shown(corpus, ["red"])


def test_suspects_are_checked_by_hand():
    log_odds = np.array([5.0, 4, 3, 2, 1, 0, -1, -2])
    mention = np.array([False, False, True, False, False, True, True, False])
    true = np.array([1.0, 0, 1, np.nan, 1, 0, 1, 0])
    # Without the word and known: pictures 0 1 4 7, of which 0 and 4 are true; the two surest are 0 and 1.
    found = truths.purified(log_odds, mention, true, count=2, missed=True)
    assert found.rows.tolist() == [0, 1] and found.precision.value == 0.5 and found.base.value == 0.5
    # With the word: 2 5 6, of which 5 is untrue; the least sure are 6 and 5.
    found = truths.purified(log_odds, mention, true, count=2, missed=False)
    assert found.rows.tolist() == [6, 5] and found.precision.value == 0.5
    assert found.gain.value == pytest.approx(0.5 - 1 / 3)
    assert truths.purified(log_odds, mention, np.full(8, np.nan), count=2, missed=True) is None


def test_noise_comes_at_its_rates_and_grows_from_the_same_errors():
    true = np.arange(20_000).reshape(-1, 2) % 4 == 0
    found = noise.noisy(true, missed=0.3, invented=0.1, seed=0)
    assert (~found[true]).mean() == pytest.approx(0.3, abs=0.02)
    assert found[~true].mean() == pytest.approx(0.1, abs=0.02)
    more = noise.noisy(true, missed=0.6, invented=0.1, seed=0)
    assert not (more & ~found).any()
    np.testing.assert_array_equal(noise.noisy(true, missed=0, invented=0, seed=0), true)
    with pytest.raises(ValueError, match=r"invented is a chance and lies in \[0, 1\]; got 2"):
        noise.noisy(true, missed=0, invented=2, seed=0)


def test_more_noise_makes_worse_classifiers(shop, tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    word = next(word for word in shop.words if shop.truth.kinds[word] == "visual")
    true = atelier.applies(shop)[[word]].to_numpy()
    values = np.random.default_rng(0).normal(size=(len(shop), 120)).astype(np.float32)
    values[:, :20] += 1.5 * true
    responses = xr.DataArray(
        values, dims=("image", "unit"), coords={"image": shop.ids.to_numpy()}, attrs={"key": {"made": "up"}}
    )
    recorded = Recorded(shop, None, responses, progress=False)
    rates = [{"missed": 0, "invented": 0}, {"missed": 0.6, "invented": 0.35}]
    protocol = Protocol(draws=1, variants=("random", "initial"), penalties=(0.01, 1.0))
    found = noise.degraded(recorded, [word], true, rates, protocol=protocol, seed=0)
    assert found.dims == ("case", "word", "variant") and found.shape == (2, 1, 2)
    assert (found[0] > 0.9).all() and (found[0] > found[1]).all()
