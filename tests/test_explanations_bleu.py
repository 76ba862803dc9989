"""Table 3 of *Summarization*: BLEU beside that of nltk."""

import warnings

import numpy as np
import pytest
from nltk.translate.bleu_score import SmoothingFunction, corpus_bleu, sentence_bleu

from neuroattr import explanations

RNG = np.random.default_rng(3)


def said(words):
    return RNG.choice(list("abcdefg"), words).tolist()


SENTENCES = [said(n) for n in (1, 2, 3, 5, 8, 12, 9, 7)]
REFERENCES = [[said(n) for n in RNG.integers(1, 14, 3)] for _ in SENTENCES]


@pytest.mark.parametrize("smoothing", explanations.SMOOTHINGS)
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_bleu_equals_that_of_nltk(order, smoothing):
    method, weights = getattr(SmoothingFunction(), f"method{smoothing}"), (1 / order,) * order
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pairs = list(zip(SENTENCES, REFERENCES, strict=True))
        single = [sentence_bleu(known, one, weights, smoothing_function=method) for one, known in pairs]
        whole = corpus_bleu(REFERENCES[3:], SENTENCES[3:], weights, smoothing_function=method)
    grid = explanations.bleu_grid(
        SENTENCES, REFERENCES
    )  # what is zero here is 1e-77 in nltk, its smallest float to 1/4
    np.testing.assert_allclose(grid[order, smoothing][1:], single[1:], rtol=1e-12, atol=1e-70)
    counted = sum(explanations.matches(*pair) for pair in pairs[3:])  # of at least four words
    np.testing.assert_allclose(
        explanations.bleu(counted, order=order, smoothing=smoothing), whole, rtol=1e-12, atol=1e-70
    )


def test_a_sentence_too_short_for_an_order_has_no_n_gram_though_nltk_counts_one():
    pairs = [(["a"], [["a"]]), (["a", "b"], [["a", "b"]])]
    counted = sum(explanations.matches(*pair) for pair in pairs)
    assert explanations.bleu(counted, order=2, smoothing=0) == pytest.approx(1)
    whole = corpus_bleu([known for _, known in pairs], [one for one, _ in pairs], (0.5, 0.5))
    assert whole == pytest.approx((1 * 1 / 2) ** 0.5)


def test_bleu_by_hand():
    counted = explanations.matches(["a", "b", "b", "c"], [["a", "b", "d", "e", "f"], ["b", "b"]], orders=2)
    assert counted.tolist() == [[3, 4], [2, 3], [4, 5]]
    assert explanations.bleu(counted, order=2, smoothing=0) == pytest.approx(np.exp(-1 / 4) * (3 / 4 * 2 / 3) ** 0.5)
    nothing = explanations.matches(["z"], [["a"]])
    assert explanations.bleu(nothing, order=1, smoothing=4) == 0


def test_the_class_is_stripped_once():
    assert explanations.stripped("This is a Eared Grebe because it has red eye.") == "red eye."
    assert explanations.stripped("a bird with a red eye") == "a bird with a red eye"


def test_bad_input_of_bleu():
    with pytest.raises(ValueError, match="a sentence with words and at least one reference"):
        explanations.matches([], [["a"]])
    with pytest.raises(ValueError, match="orders must be at least 1; got 0"):
        explanations.matches(["a"], [["a"]], orders=0)
    with pytest.raises(ValueError, match="order must be between 1 and 4; got 5"):
        explanations.bleu(explanations.matches(["a"], [["a"]]), order=5, smoothing=0)
    with pytest.raises(ValueError, match="smoothing must be one of 0, 1, 4; got 2"):
        explanations.bleu(explanations.matches(["a"], [["a"]]), order=1, smoothing=2)
    with pytest.raises(ValueError, match="at least one sentence"):
        explanations.bleu_grid([], [])
