"""Captions of drawn birds: read back by the parser of captions, wrong as often as said, silent about what is hidden."""

import numpy as np
import pytest

from neuroattr import text
from neuroattr.atelier.birds.bird import PARTS
from neuroattr.atelier.birds.captions import NOUNS, WRONG_COLOUR, WRONG_PART, captions
from neuroattr.atelier.birds.species import species

BIRDS = [kind.bird(seed) for seed in range(20) for kind in species()]
SAID = [caption for bird in BIRDS for caption in captions(bird, seed=0)]


def test_captions_are_read_as_they_were_meant():
    """Every attribute of every caption, in its order, by the parser that knows nothing of how they were written."""
    for caption in SAID:
        meant = [" ".join(mention.attribute.split()) for mention in caption.mentions]
        assert text.phrases(caption.text) == meant, caption.text


def test_mistakes_are_as_frequent_as_said():
    """A wrong part may have the attribute all the same, so the share lies between that of wrong colours and the sum."""
    wrong = np.array([not mention.true for caption in SAID for mention in caption.mentions])
    spread = np.sqrt(wrong.mean() / len(wrong))
    assert wrong.mean() + 4 * spread > WRONG_COLOUR / 2
    assert wrong.mean() - 4 * spread < WRONG_COLOUR + WRONG_PART
    assert wrong.sum() > 100


def test_true_mentions_are_true():
    for bird in BIRDS[:60]:
        for caption in captions(bird, seed=1):
            for mention in caption.mentions:
                adjectives = [word.replace("gray", "grey") for word in mention.attribute.split()]
                mark = bird.markings[mention.part]
                colours = {"beak": bird.beak_length, "tail": bird.tail_length}
                known = {mark.colour, mark.pattern, colours.get(mention.part)}
                if mention.true and mention.part != "beak":
                    assert set(adjectives) - known <= set(" ".join(NOUNS[mention.part]).split())


def test_synonyms_and_omissions():
    words = {word for caption in SAID for word in caption.text.split()}
    assert {"bill", "beak", "grey", "gray"} <= {word.strip(".,;") for word in words}
    parts = [{mention.part for mention in caption.mentions} for caption in SAID]
    assert all(1 <= len(found) <= 4 for found in parts)
    assert set().union(*parts) == set(PARTS)
    assert len({caption.text for caption in SAID}) > len(SAID) / 2


def test_hidden_parts_are_not_spoken_of():
    for bird in BIRDS[:40]:
        for caption in captions(bird, ["legs", "beak"], seed=0):
            assert not {"legs", "beak"} & {mention.part for mention in caption.mentions}


def test_the_same_people_write_the_same():
    assert captions(BIRDS[0], seed=3) == captions(BIRDS[0], seed=3)
    assert captions(BIRDS[0], seed=3) != captions(BIRDS[0], seed=4)
    assert len(captions(BIRDS[0], seed=3, each=4)) == 4


def test_captions_that_cannot_be_written():
    with pytest.raises(ValueError, match="at least 1 caption"):
        captions(BIRDS[0], seed=0, each=0)
    with pytest.raises(ValueError, match="got 'fin'"):
        captions(BIRDS[0], ["fin"], seed=0)
    with pytest.raises(ValueError, match="two parts or more"):
        captions(BIRDS[0], PARTS[1:], seed=0)
