"""Norms and counts: small files in the layouts of the originals, and the real ones."""

import numpy as np
import pytest

from neuroattr import assets, discovery, papers
from neuroattr.people import norms


@pytest.fixture
def folder(tmp_path):
    """Three norms and one list of counts, with the traps of the originals."""
    (tmp_path / "Lancaster_sensorimotor_norms_for_39707_words.csv").write_text(
        "Word,Auditory.mean,Visual.mean\nRED,0.1,4.5\nNA,0.2,1.5\nDUE,0.3,1\n"
    )
    (tmp_path / "Concreteness_ratings_Brysbaert_et_al_BRM.txt").write_bytes(
        b"Word\tBigram\tConc.M\r\nred\t0\t4.2\r\nnull\t0\t2\r\n"
    )
    (tmp_path / "glasgow_norms.csv").write_text(
        "word,length,imageability\nred,3,6.1\nlight (bright),5,6\nlight (weight),5,3\nred (wine),3,2\n"
    )
    (tmp_path / "coca_adj_noun_winter.csv").write_text(
        "adjective,noun,freq\nred,dress,6\nred,dresses,1\nred,jeans,2\ndue,date,3\n"
    )
    return tmp_path


def test_norms_are_joined_by_word_in_the_order_asked(folder):
    table = norms.norms(["due", "Red", "na", "light"], folder)
    assert table.columns.tolist() == ["lancaster", "brysbaert", "glasgow"]
    assert table.index.tolist() == ["due", "Red", "na", "light"]
    np.testing.assert_array_equal(
        table.to_numpy(), [[1, np.nan, np.nan], [4.5, 4.2, 6.1], [1.5, np.nan, np.nan], [np.nan, np.nan, 4.5]]
    )
    assert norms.brysbaert(folder)["null"] == 2


def test_the_original_layout_of_glasgow_has_two_rows_of_names(folder):
    (folder / "glasgow_norms.csv").write_text(
        "Words,Length,AROU,,,IMAG,,,FAM,,\n,,M,SD,N,M,SD,N,M,SD,N\nred,3,4,1,33,6.1,0.9,33,6,1,33\n"
        "light (bright),5,4,1,33,6,0.9,33,6,1,33\nLight (weight),5,4,1,33,3,0.9,33,6,1,33\n"
    )
    assert norms.glasgow(folder).to_dict() == {"red": 6.1, "light": 4.5}


def test_the_language_prior_by_hand(folder):
    options = {"source": "coca", "folder": folder}
    found = norms.language_prior(["red", "due", "sequined"], ["dresses", "jeans"], **options)
    assert found.to_dict() == {"red": 0.75, "due": 0, "sequined": 0} and found.attrs["counted"] == 2
    known = norms.language_prior(["red", "due", "sequined"], ["dress", "jeans"], absent="left out", **options)
    assert known["due"] == 0 and np.isnan(known["sequined"])
    with pytest.raises(ValueError, match="absent must be one of zero, left out; got 'guessed'"):
        norms.language_prior(["red"], ["dress"], absent="guessed", **options)


def test_plurals_count_with_their_singular(folder):
    counts = norms.adjective_nouns("coca", folder)
    assert counts.values.tolist() == [["red", "dress", 7], ["red", "jean", 2], ["due", "date", 3]]
    assert counts.attrs["adjectives"] == 2


def test_an_unknown_source_is_refused(folder):
    with pytest.raises(ValueError, match="source must be one of coca, reviews; got 'books'"):
        norms.adjective_nouns("books", folder)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"wanted lancaster_sensorimotor.csv or Lancaster_sensorimotor_norms_"):
        norms.lancaster(tmp_path)


@pytest.mark.sample
def test_the_real_norms_have_their_words(cache):
    table = norms.norms(["red", "floral", "party", "soft", "new", "true", "null"])
    assert table.notna().all(axis=1)["red"]
    assert table["lancaster"]["party"] == pytest.approx(4.71, abs=0.01)
    assert table["lancaster"]["soft"] == pytest.approx(1.95, abs=0.01)
    assert 3.8 < table["lancaster"]["new"] < 4.1 and table["lancaster"]["true"] == 2.75
    assert len(norms.lancaster()) == 39_103 and len(norms.brysbaert()) > 39_900 and len(norms.glasgow()) > 4_500
    for read, low, high in ((norms.lancaster, 0, 5), (norms.brysbaert, 1, 5), (norms.glasgow, 1, 7)):
        assert read().between(low, high).all() and read().index.is_unique


@pytest.mark.sample
@pytest.mark.parametrize(("source", "adjectives"), [("coca", 405), ("reviews", 1_000)])
def test_the_real_counts_prefer_words_for_clothes(cache, source, adjectives):
    counts = norms.adjective_nouns(source)
    objects = [norms.singular(noun) for noun in papers.load("discovery").constants.prior_noun_list]
    assert counts.attrs["adjectives"] >= adjectives and len(set(objects)) == 20
    words = ["red", "black", "high", "honest"]
    prior = discovery.language_prior(counts["adjective"], counts["noun"], counts["count"], words=words, objects=objects)
    assert prior[1] > prior[2] >= prior[3] and prior.sum() < 1


@pytest.mark.sample
def test_the_asset_is_where_the_words_come_from(cache):
    assert (assets.folder("lexical") / "lexical" / norms.LANCASTER[0]).is_file()
