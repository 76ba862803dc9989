"""Near-duplicates left in: copies of training pictures in the test part make a classifier look better than it is."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import xarray as xr

from neuroattr.corpus import Corpus, ImageSource
from neuroattr.discovery import Protocol
from neuroattr.recorded import Recorded
from neuroattr.studies import near_duplicates

ONCE = Protocol(variants=("random",), draws=1, penalties=(1.0,))


@pytest.fixture
def copied(cache):
    """40 looks, each ten times, whose word follows nothing but the look: only copies can give it away."""
    rng = np.random.default_rng(0)
    clusters = np.repeat(np.arange(40), 10)
    ids = pd.Index([f"p{row:03d}" for row in range(400)], name="image")
    table = pd.DataFrame({"image": ids, "split": "train"}, index=ids)
    said = (rng.random(40) < 0.5)[clusters]
    values = rng.normal(size=(40, 60)).astype(np.float32)[clusters] + 0.01 * rng.normal(size=(400, 60)).astype(
        np.float32
    )
    corpus = Corpus("toy", table, ("new",), scipy.sparse.csr_array(said[:, None]), ImageSource(".", {}))
    coords = {"image": ids, "layer": ("unit", ["fc"] * 60), "channel": ("unit", range(60))}
    responses = xr.DataArray(values, dims=("image", "unit"), coords=coords, attrs={"key": "toy"})
    return Recorded(corpus, None, responses, progress=False), clusters, np.arange(0, 400, 10)


def test_each_way_has_as_many_listings_and_clusters_stay_whole_where_they_are_to(copied):
    recorded, clusters, keep = copied
    found = near_duplicates.with_and_without(recorded, clusters, keep, count=36, seed=0)
    assert tuple(found) == near_duplicates.WAYS
    place = dict(zip(recorded.corpus.ids, clusters, strict=True))
    spread = {}
    for way, one in found.items():
        assert len(one.corpus) == 36
        assert list(one.responses.image.to_numpy()) == list(one.corpus.ids)
        parts = one.corpus.table["split"].groupby([place[id] for id in one.corpus.ids]).nunique()
        spread[way] = len(parts), int(parts.max())
    assert spread == {
        near_duplicates.WAYS[0]: (4, 3),
        near_duplicates.WAYS[1]: (4, 1),
        near_duplicates.WAYS[2]: (36, 1),
    }
    assert found[near_duplicates.WAYS[0]].corpus.ids.equals(found[near_duplicates.WAYS[1]].corpus.ids)


def test_copies_in_the_test_part_give_away_a_word_that_nothing_shows(copied):
    recorded, clusters, keep = copied
    whole = {
        way: replace_parts(recorded, way, clusters)
        if "kept" in way
        else near_duplicates.with_and_without(recorded, clusters, keep, count=40, seed=1)[way]
        for way in near_duplicates.WAYS
    }
    found = near_duplicates.accuracies(whole, at_least=1, most=5, protocol=ONCE, seed=0).loc["new"]
    assert found[near_duplicates.WAYS[0]] > 0.9
    assert found[near_duplicates.WAYS[1]] < 0.8 and found[near_duplicates.WAYS[2]] < 0.8


def replace_parts(recorded, way, clusters):
    """All 400 listings, split as the way says."""
    from neuroattr.corpus.splits import assigned

    parts = assigned(recorded.corpus.ids, seed=0, groups=clusters if "cluster" in way else None).to_numpy()
    return replace(recorded, corpus=replace(recorded.corpus, table=recorded.corpus.table.assign(split=parts)))


def test_more_listings_than_there_are_without_copies_are_refused(copied):
    recorded, clusters, keep = copied
    with pytest.raises(ValueError, match=r"^count must be from 1 to the 40 listings without near-duplicates; got 41$"):
        near_duplicates.with_and_without(recorded, clusters, keep, count=41, seed=0)
