"""Drawn birds: the same bytes from the same record, parts where they are said to be, colours that can be told apart."""

from dataclasses import replace

import numpy as np
import pytest

from neuroattr.atelier.birds import rendering
from neuroattr.atelier.birds.bird import COLOURS, LENGTHS, PARTS, PATTERNS, POINTS, SHAPES, SURROUNDINGS, Bird, Marking
from neuroattr.explanations import CUB_PARTS

SIZE = 160
PLAIN = Bird(
    species="x",
    shape="finch",
    size=14,
    markings={part: Marking("brown") for part in PARTS},
    beak="cone",
    beak_length="medium",
    tail_length="medium",
    age="adult",
    pose="perched",
    view="left",
    surroundings="branch",
    scale=0.75,
    place=(0.5, 0.5),
    seed=3,
)


def placed(shape):
    """A bird of a shape, posed and surrounded as it lives."""
    if shape in ("duck", "grebe"):
        return replace(PLAIN, shape=shape, pose="swimming", surroundings="water")
    return replace(PLAIN, shape=shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_its_parts_in_the_picture(shape):
    bird = placed(shape)
    pixels, seen = rendering.draw(bird, SIZE), rendering.masks(bird, SIZE)
    assert (pixels.dtype, pixels.shape) == (np.uint8, (SIZE, SIZE, 3))
    assert np.array_equal(pixels, rendering.draw(bird, SIZE))
    assert set(seen) == {*PARTS, "bird"}
    hidden = {"legs"} if bird.pose == "swimming" else set()
    assert {part for part, mask in seen.items() if not mask.any()} <= hidden
    for part in ("eyebrow", "eye", "cheek patch"):
        assert seen[part].sum() >= 6, part


@pytest.mark.parametrize("shape", SHAPES)
def test_masks_do_not_overlap_and_lie_in_the_bird(shape):
    seen = rendering.masks(placed(shape), SIZE)
    total = sum(seen[part].astype(int) for part in PARTS)
    assert total.max() == 1
    assert not (total.astype(bool) & ~seen["bird"]).any()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("view", ["left", "right"])
def test_points_lie_in_their_parts_and_hidden_ones_are_absent(shape, view):
    bird = replace(placed(shape), view=view)
    seen, found = rendering.masks(bird, SIZE), rendering.points(bird, SIZE)
    other = "right" if view == "left" else "left"
    assert set(found) <= set(POINTS)
    assert not any(name.startswith(other) for name in found)
    for name, (x, y) in found.items():
        part = {"leg": "legs"}.get(name.split()[-1], name.split()[-1])
        assert seen[part][int(y), int(x)], name


def test_a_bird_that_faces_right_has_its_beak_to_the_right():
    beak = {view: rendering.points(replace(PLAIN, view=view), SIZE) for view in ("left", "right")}
    assert beak["left"]["beak"][0] < beak["left"]["tail"][0]
    assert beak["right"]["beak"][0] > beak["right"]["tail"][0]


def test_points_are_those_that_attributes_are_looked_for_at():
    assert sorted(POINTS) == sorted(CUB_PARTS)


def test_the_box_is_that_of_the_mask():
    x, y, width, height = rendering.box(PLAIN, SIZE)
    mask = rendering.masks(PLAIN, SIZE)["bird"]
    inside = mask[y : y + height, x : x + width]
    assert inside.sum() == mask.sum()
    assert inside[0].any()
    assert inside[-1].any()
    assert inside[:, 0].any()
    assert inside[:, -1].any()


@pytest.mark.parametrize("part", ["breast", "wing", "crown"])
def test_colours_of_a_part_can_be_told_apart(part):
    """The mean colour of a part in one light is nearest to that of the same name in another, lights made equal."""
    means = np.empty((2, len(COLOURS), 3))
    for seed in range(2):
        for number, colour in enumerate(COLOURS):
            bird = replace(PLAIN, markings={**PLAIN.markings, part: Marking(colour)}, seed=seed)
            means[seed, number] = rendering.draw(bird, SIZE)[rendering.masks(bird, SIZE)[part]].mean(axis=0)
    first, second = means / means.mean(axis=(1, 2), keepdims=True)
    distances = np.linalg.norm(first[:, None] - second[None], axis=-1)
    nearest = distances.argmin(axis=0)
    wrong = [(COLOURS[n], COLOURS[nearest[n]]) for n in range(len(COLOURS)) if nearest[n] != n]
    assert not wrong


@pytest.mark.parametrize("pattern", [pattern for pattern in PATTERNS if pattern != "plain"])
def test_a_pattern_puts_its_second_colour_on_the_part(pattern):
    plain = replace(PLAIN, markings={**PLAIN.markings, "breast": Marking("white")})
    drawn = replace(PLAIN, markings={**PLAIN.markings, "breast": Marking("white", pattern, "black")})
    mask = rendering.masks(plain, SIZE)["breast"]
    assert np.array_equal(mask, rendering.masks(drawn, SIZE)["breast"])
    light, dark = (rendering.draw(bird, SIZE)[mask].mean(axis=1) for bird in (plain, drawn))
    assert dark.min() < light.min() - 30
    assert dark.mean() < light.mean() - 5


def test_a_part_that_a_species_lacks_has_no_pixels():
    markings = {part: mark for part, mark in PLAIN.markings.items() if part not in ("eyebrow", "cheek patch")}
    seen = rendering.masks(replace(PLAIN, markings=markings), SIZE)
    assert not seen["eyebrow"].any()
    assert not seen["cheek patch"].any()
    assert seen["crown"].any()


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_surroundings_change_the_picture_but_not_the_bird(surroundings):
    bird = replace(PLAIN, surroundings=surroundings)
    plain, other = rendering.masks(PLAIN, SIZE), rendering.masks(bird, SIZE)
    assert all(np.array_equal(plain[part], other[part]) for part in plain)
    if surroundings != PLAIN.surroundings:
        outside = ~plain["bird"]
        assert not np.array_equal(rendering.draw(PLAIN, SIZE)[outside], rendering.draw(bird, SIZE)[outside])


def test_lengths_are_longer():
    beaks = [rendering.masks(replace(PLAIN, beak_length=length), SIZE)["beak"].sum() for length in LENGTHS]
    assert beaks == sorted(beaks)
    assert beaks[-1] > beaks[0]


def test_faults_are_drawn():
    clean = rendering.draw(PLAIN, SIZE).astype(float)
    reddish = rendering.draw(replace(PLAIN, cast=(1.3, 1.0, 0.6)), SIZE).astype(float)
    blurred = rendering.draw(replace(PLAIN, blur=0.03), SIZE).astype(float)
    assert reddish[..., 0].mean() > clean[..., 0].mean()
    assert reddish[..., 2].mean() < 0.75 * clean[..., 2].mean()
    assert np.abs(np.diff(blurred, axis=0)).mean() < np.abs(np.diff(clean, axis=0)).mean()


def test_another_seed_is_another_individual():
    assert not np.array_equal(rendering.draw(PLAIN, SIZE), rendering.draw(replace(PLAIN, seed=4), SIZE))


@pytest.mark.parametrize(
    "wrong",
    [
        {"shape": "pterosaur"},
        {"beak": "saw"},
        {"markings": {**PLAIN.markings, "breast": Marking("octarine")}},
        {"markings": {part: mark for part, mark in PLAIN.markings.items() if part != "wing"}},
    ],
)
def test_records_that_cannot_be_drawn(wrong):
    with pytest.raises(ValueError, match=r"pterosaur|saw|octarine|wing"):
        rendering.draw(replace(PLAIN, **wrong), SIZE)


def test_pictures_too_small_and_birds_outside():
    with pytest.raises(ValueError, match="16"):
        rendering.draw(PLAIN, 8)
    with pytest.raises(ValueError, match="no pixel of the bird"):
        rendering.box(replace(PLAIN, place=(4.0, 4.0)), SIZE)
