"""The species: enough of them, drawable, several in pairs that one attribute tells apart."""

import itertools
from collections import Counter

import numpy as np
import pytest

from neuroattr.atelier.birds import rendering
from neuroattr.atelier.birds.bird import PARTS
from neuroattr.atelier.birds.proportions import require_drawable
from neuroattr.atelier.birds.species import JUVENILE, species

NAMES = [kind.name for kind in species()]


def different(one, other):
    first, second = one.attributes(), other.attributes()
    return [name for name in first if first[name] != second[name]]


def test_there_are_enough_species_and_no_two_look_alike():
    assert len(NAMES) == len(set(NAMES)) >= 24
    assert all(different(one, other) for one, other in itertools.combinations(species(), 2))


def test_several_pairs_differ_in_one_attribute():
    pairs = {
        (one.name, other.name): different(one, other)
        for one, other in itertools.combinations(species(), 2)
        if len(different(one, other)) == 1
    }
    assert len(pairs) >= 12
    assert len({attribute for (attribute,) in pairs.values()}) >= 6


def test_several_species_share_a_shape():
    assert sum(count > 1 for count in Counter(kind.shape for kind in species()).values()) >= 6


@pytest.mark.parametrize("kind", species(), ids=NAMES)
def test_every_bird_of_a_species_can_be_drawn(kind):
    birds = [kind.bird(seed) for seed in range(12)]
    for bird in birds:
        require_drawable(bird)
        assert bird.surroundings in kind.surroundings
        assert max(rendering.box(bird, 64)[2:]) > 20
    assert birds[0] == kind.bird(0)
    assert len({bird.seed for bird in birds}) == len(birds)
    assert {bird.view for bird in birds} == {"left", "right"}
    assert rendering.draw(birds[0], 64).std() > 10


def test_young_birds_are_as_many_as_said_and_differ():
    kind = next(kind for kind in species() if kind.young)
    birds = [kind.bird(seed) for seed in range(400)]
    young = [bird for bird in birds if bird.age == "juvenile"]
    spread = np.sqrt(JUVENILE * (1 - JUVENILE) / len(birds))
    assert abs(len(young) / len(birds) - JUVENILE) < 4 * spread
    assert all(bird.markings == kind.markings | kind.young for bird in young)
    assert all(bird.markings == kind.markings for bird in birds if bird.age == "adult")
    assert any(kind.markings[part] != mark for part, mark in kind.young.items())


def test_swimmers_swim():
    for kind in species():
        poses = {kind.bird(seed).pose for seed in range(12)}
        assert (poses == {"swimming"}) == (kind.shape in ("duck", "grebe"))


def test_young_birds_of_two_species_do_not_look_alike():
    looks = Counter(
        (
            kind.shape,
            kind.beak,
            kind.beak_length,
            kind.tail_length,
            repr({part: (kind.markings | kind.young).get(part) for part in PARTS}),
        )
        for kind in species()
    )
    assert max(looks.values()) == 1
