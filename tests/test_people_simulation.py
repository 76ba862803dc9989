"""Simulated annotators: what they say by hand, and what is no panel or no evidence."""

import dataclasses

import numpy as np
import pytest

from neuroattr.people import simulation

PANEL = simulation.Panel(words=2, pairs=4, annotators=5, workers=9, error=0.05, guess=0.2)


def test_votes_of_perfect_workers_say_what_the_pictures_show():
    mentions = np.array([[1, 1], [0, 0], [0, 0]], bool)
    applies = np.array([[1, 0], [0, 1], [0, 1]], bool)
    evidence = simulation.Evidence(["a", "b", "c"], ["red", "blue"], mentions, applies, np.array([1.0, 1.0]))
    panel = simulation.Panel(words=2, pairs=4, annotators=3, workers=5, error=0.0, guess=0.0)
    answers = simulation.votes(evidence, panel, seed=0).groupby("word")["answer"].unique()
    assert answers["red"].tolist() == ["positive"]
    assert answers["blue"].tolist() == ["negative"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pairs": 0}, r"^pairs must be at least 1, got 0$"),
        ({"workers": 3}, r"^5 annotators of a word need as many workers, got 3$"),
        ({"guess": 1.0}, r"^guess must lie in \[0, 1\), got 1.0$"),
    ],
)
def test_an_impossible_panel_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(PANEL, **change)


def test_evidence_of_other_shapes_is_refused():
    with pytest.raises(ValueError, match=r"^applies must be N x W = \(2, 1\), got \(1, 1\)$"):
        simulation.Evidence(["a", "b"], ["red"], np.zeros((2, 1), bool), np.zeros((1, 1), bool), np.ones(1))
    with pytest.raises(ValueError, match=r"^visibility must hold one number for each of 1 words$"):
        simulation.Evidence(["a", "b"], ["red"], np.zeros((2, 1), bool), np.zeros((2, 1), bool), np.ones(2))
