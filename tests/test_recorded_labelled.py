"""Labelled pictures beside the features of each layer."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from neuroattr import neighbours
from neuroattr.recorded import ColourAndTexture, Labelled, correlation_ratio
from neuroattr.recorded import labelled as module

VOTE, FOLDS = neighbours.Vote(3), neighbours.Folds(4, 1, 0)
LABELS = np.repeat(["red", "black", "teal"], 8)


class Pictures(SimpleNamespace):
    def __len__(self):
        return len(LABELS)


def labelled(attribute="colour", layers=("norm1", "fc7"), name="atelier-swatches"):
    rng = np.random.default_rng(0)
    known = (LABELS[:, None] == np.unique(LABELS)).astype(float)
    spaces = {layers[0]: 9 * known + rng.normal(size=known.shape), layers[1]: rng.normal(size=known.shape)}
    truth = SimpleNamespace(attributes=pd.DataFrame({attribute: pd.Categorical(LABELS)}))
    corpus = Pictures(name=name, generated=name.startswith("atelier"), truth=truth, recipe={"seed": 0})
    return Labelled(attribute, SimpleNamespace(corpus=corpus, spaces=spaces), order=["black", "red", "blue"])


def test_the_share_explained_of_two_classes_by_hand():
    # Around the mean 2: classes at 1 and 3, within them one away; 4 of the 8 squares lie between.
    assert correlation_ratio(np.array([[0.0], [2], [2], [4]]), np.array(list("aabb"))) == pytest.approx(0.5)


def test_the_share_explained_is_one_minus_what_the_class_means_leave():
    rng = np.random.default_rng(1)
    values, labels = rng.normal(size=(30, 4)), rng.integers(3, size=30)
    left = values - np.stack([values[labels == label].mean(0) for label in labels])
    assert correlation_ratio(values, labels) == pytest.approx(1 - left.var(0) / values.var(0))


def test_a_unit_that_never_varies_explains_nothing_that_could_be_said():
    assert np.isnan(correlation_ratio(np.zeros((4, 1)), np.array(list("aabb")))).all()


def test_classes_come_in_the_order_of_the_paper_and_strangers_last():
    assert labelled().classes == ["black", "red", "teal"]


def test_without_the_papers_blocks_the_layer_of_highest_accuracy_is_taken():
    assert labelled().layer(2, VOTE, FOLDS) == "norm1"
    assert labelled(layers=("block1", "block2")).layer(2, VOTE, FOLDS) == "block2"


def test_examples_are_of_their_class_and_the_same_for_the_same_seed():
    first, second = (labelled().examples(3, seed=1) for _ in range(2))
    assert all((LABELS[rows] == name).all() and len(set(rows)) == 3 for name, rows in first.items())
    assert all(np.array_equal(rows, second[name]) for name, rows in first.items())


def test_two_attributes_of_the_same_pictures_count_them_once():
    same = ColourAndTexture(labelled(), labelled("texture"))
    apart = ColourAndTexture(labelled(name="colours"), labelled("texture", name="textures"))
    assert (len(same), same.name, same.generated) == (24, "atelier-swatches", True)
    assert (len(apart), apart.name, apart.generated) == (48, "colours and textures", False)
    assert same.has_layers(["norm1", "fc7"]) and not same.has_layers(["block1", "block2"])


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [(True, False, True), (False, False, False), (None, False, None), (None, True, True), (None, None, None)],
)
def test_pictures_are_photographs_only_if_both_are_known_to_be(first, second, together):
    colour, texture = labelled(), labelled(attribute="texture", name="textures")
    colour.corpus.generated, texture.corpus.generated = first, second
    assert ColourAndTexture(colour, texture).generated is together


def test_two_corpora_are_recorded_by_the_mean_of_each_map_and_one_of_both_names_once(monkeypatch):
    asked = []

    def load(name, network, *, seed, pooling):
        asked.append((name, seed, pooling))
        return labelled(name=name).recorded

    monkeypatch.setattr(module, "load", load)
    both = module.colour_and_texture("network", colours="a", textures="b", seed=1, texture="pattern")
    assert asked == [("a", 1, "mean"), ("b", 1, "mean")] and [one.attribute for one in both] == ["colour", "pattern"]
    assert "crows-feet" in both.texture.order and "red" in both.colour.order
    module.colour_and_texture("network", colours="c", textures="c", seed=1)
    assert len(asked) == 3
