"""The generated swatches: crossed, balanced, held fixed at will, and what their records say."""

import re

import numpy as np
import pandas as pd
import pytest

from neuroattr import atelier, corpus
from neuroattr.atelier import chunks, swatch_corpus
from neuroattr.atelier.items import record
from neuroattr.atelier.swatch_corpus import Design

SMALL = {"each": 10, "size": 32}


@pytest.fixture(scope="module")
def swatches(cache):
    """One picture of each colour and texture, 32 pixels."""
    return corpus.load("atelier-swatches", **SMALL)


def frame(design):
    return pd.DataFrame([record(item) for item in swatch_corpus.designed(design).values()])


# --- by hand
def test_a_thousand_swatches_serve_both_studies_and_retrieval_by_both():
    made = frame(Design(100, 160, 0, {}))
    assert len(made) == 1000
    assert made["colour"].value_counts().to_dict() == dict.fromkeys(atelier.COLOURS, 100)
    assert made["texture"].value_counts().to_dict() == dict.fromkeys(atelier.TEXTURES, 100)
    assert (pd.crosstab(made["colour"], made["texture"]) == 10).all(axis=None)


def test_the_corpus_knows_both_labels_of_every_picture(swatches):
    assert len(swatches) == 100
    assert swatches.generated
    assert swatches.words == ()
    attributes = swatches.annotations.attributes
    assert list(attributes) == ["colour", "texture", "kind", "second", "style"]
    assert len(attributes[["colour", "texture"]].drop_duplicates()) == 100
    assert swatches.table["split"].value_counts().to_dict() == {"train": 50, "test": 25, "validation": 25}
    assert swatches.table["category"].tolist() == attributes["kind"].tolist()
    id = swatches.ids[7]
    assert swatches.image(7).size == (32, 32)
    assert swatches.annotations.regions(id)["garment"].shape == (32, 32)


def test_a_fixed_texture_leaves_the_garments_and_their_colours_as_they_are():
    free, fixed = frame(Design(10, 160, 0, {})), frame(Design(10, 160, 0, {"texture": "basic"}))
    assert set(fixed["texture"]) == {"basic"}
    assert fixed.drop(columns="texture").equals(free.drop(columns="texture"))
    plain = frame(Design(10, 160, 0, {"colour": "red", "kind": "scarf"}))
    assert set(plain["colour"]) == {"red"}
    assert set(plain["kind"]) == {"scarf"}
    assert plain["texture"].value_counts().to_dict() == dict.fromkeys(atelier.TEXTURES, 10)
    assert "red" not in set(plain["second"])


# --- an independent look at the pixels
def test_plain_swatches_have_the_hue_of_their_colour(cache):
    hues = {"red": 0, "yellow": 51, "green": 128, "blue": 220, "purple": 275}
    plain = corpus.load("atelier-swatches", **SMALL, fixed={"texture": "basic"})
    colour = plain.annotations.attributes["colour"]
    for name, hue in hues.items():
        found = [_hue(plain, id) for id in plain.ids[colour == name]]
        away = np.abs((np.array(found) - hue + 180) % 360 - 180)
        assert np.median(away) < 25, name


def _hue(swatches, id):
    """Circular mean hue of the garment in degrees, weighted by chroma."""
    inside = swatches.annotations.regions(id)["garment"]
    r, g, b = (np.asarray(swatches.image(id), float)[inside] / 255).T
    return np.degrees(np.arctan2(np.sqrt(3) * (g - b).sum(), (2 * r - g - b).sum())) % 360


# --- invariants
def test_neither_kind_nor_style_tells_colour_or_texture():
    made = frame(Design(100, 160, 3, {}))
    for label in ("colour", "texture"):
        for nuisance, spread in (("kind", 2), ("style", 5)):
            counts = pd.crosstab(made[label], made[nuisance])
            assert counts.to_numpy().max() - counts.to_numpy().min() <= spread, (label, nuisance)


def test_the_order_of_the_pictures_tells_no_label():
    made = frame(Design(100, 160, 0, {}))
    same = (made["colour"].to_numpy()[1:] == made["colour"].to_numpy()[:-1]).mean()
    assert abs(same - 0.1) < 0.04


def test_the_same_seed_gives_the_same_products_and_another_seed_others():
    first, again, other = (swatch_corpus.designed(Design(10, 160, seed, {})) for seed in (4, 4, 5))
    assert first == again
    assert first != other


def test_pictures_are_drawn_once_and_again_where_a_chunk_is_missing(cache, swatches, monkeypatch):
    printed = []
    real = chunks.draw_chunks
    monkeypatch.setattr(chunks, "draw_chunks", lambda jobs: printed.extend(jobs) or real(jobs))
    again = corpus.load("atelier-swatches", **SMALL)
    assert printed == []
    assert again.table.equals(swatches.table)
    assert again.annotations.attributes.equals(swatches.annotations.attributes)
    home = again.source.root
    before = again.source.digest(again.ids[0])
    (home / "whole.json").unlink()
    for picture in (home / "images" / "0000").iterdir():
        picture.unlink()
    (home / "images" / "0000").rmdir()
    (home / "images" / ".part-of-a-killed-run").mkdir()
    corpus.load("atelier-swatches", **SMALL)
    assert [len(job.items) for job in printed] == [chunks.SIZE]
    assert again.source.digest(again.ids[0]) == before
    assert not (home / "images" / ".part-of-a-killed-run").exists()


# --- errors
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"each": 15}, "each is how many pictures of every colour and of every texture, a multiple of 10 so that"),
        ({"each": 0}, "each is how many pictures of every colour and of every texture, a multiple of 10 so that"),
        ({"size": 8}, "pictures need a size of at least 16 pixels, got size=8"),
        ({"fixed": {"sleeve": "long"}}, "fixed names one of colour, texture, kind, style; got 'sleeve'"),
        ({"fixed": {"texture": "plain"}}, "no texture is called 'plain'; choose one of squared, striped, flowers"),
    ],
)
def test_wrong_wishes_are_refused(options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        corpus.load("atelier-swatches", **options)
