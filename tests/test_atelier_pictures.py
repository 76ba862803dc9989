"""Pictures of the generated corpus: records, drawing, masks, colours."""

import colorsys
import hashlib
from dataclasses import replace

import numpy as np
import pytest

from neuroattr.atelier import rendering, scenes
from neuroattr.atelier.cloth import Cloth
from neuroattr.atelier.items import COLOURS, CUTS, DETAILS, KINDS, STYLES, TEXTURES, Item, items
from neuroattr.atelier.palettes import ink, mixed, palette, shaded
from neuroattr.atelier.patterns import tile
from neuroattr.atelier.rendering import draw, masks
from neuroattr.atelier.silhouettes.pieces import Piece, line, outline

SECOND = dict(
    zip(
        COLOURS, ("yellow", "red", "yellow", "pink", "black", "pink", "yellow", "green", "yellow", "green"), strict=True
    )
)


def product(kind="dress", colour="blue", texture="basic", *, details=(), style="casual", seed=0):
    """An item with the first option of each part its kind can have."""
    cut = CUTS[kind]
    first = [options[0] if options else None for options in (cut.sleeves, cut.necklines, cut.lengths)]
    return Item(kind, colour, SECOND[colour], texture, *first, frozenset(details), style, seed)


def colour_name(rgb):
    """Name of a mean colour by hue, saturation and value, written without looking at the palette's code."""
    h, s, v = colorsys.rgb_to_hsv(*(np.asarray(rgb) / 255))
    if v < 0.30 and s < 0.35:
        return "black"
    if s < 0.17:
        return "gray"
    hue = 360 * h
    if hue < 12 or hue >= 345:
        return "red" if s > 0.57 else "pink"
    if hue < 41:
        return "brown" if v < 0.60 else "orange"
    return next(
        name
        for bound, name in ((75, "yellow"), (175, "green"), (250, "blue"), (304, "purple"), (345, "pink"))
        if hue < bound
    )


def test_a_red_shirt_on_white_is_red_in_the_middle_and_pale_in_the_corners():
    picture = draw(product("t-shirt", "red", style="minimal", seed=4), 64)
    assert picture.shape == (64, 64, 3) and picture.dtype == np.uint8
    middle, corner = picture[28:40, 28:36].mean((0, 1)), picture[:6, :6].mean((0, 1))
    assert middle[0] > 1.7 * middle[1] and middle[0] > 1.7 * middle[2]
    assert corner.min() > 120 and np.ptp(corner) < 40


def test_the_same_item_and_size_give_the_same_bytes():
    for item in items(6, seed=8):
        digests = {hashlib.sha256(draw(replace(item), 48).tobytes()).hexdigest() for _ in range(3)}
        assert len(digests) == 1
        assert all((a == b).all() for a, b in zip(masks(item, 48).values(), masks(item, 48).values(), strict=True))


def test_another_seed_gives_another_picture_of_the_same_product():
    item = product(details=("bow",))
    assert (draw(item, 48) != draw(replace(item, seed=1), 48)).mean() > 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_every_texture_of_a_kind_draws_inside_the_frame(kind):
    for seed, texture in enumerate(TEXTURES):
        item = product(kind, COLOURS[seed], texture, style=STYLES[seed % 7], seed=seed)
        picture, found = draw(item, 48), masks(item, 48)
        garment = found["garment"]
        assert picture.std() > 5
        assert 0.04 < garment.mean() < 0.75
        assert not (garment[0].any() or garment[-1].any() or garment[:, 0].any() or garment[:, -1].any())


def test_a_texture_changes_the_cloth_and_nothing_but_the_cloth():
    plain = product("coat", "gray", seed=3)
    blotted = replace(plain, texture="polka")
    moved = np.abs(draw(plain, 64).astype(int) - draw(blotted, 64)).max(-1) > 30
    found = masks(plain, 64)
    assert moved[found["pattern"]].mean() > 0.1
    assert moved[~found["garment"]].mean() < 0.01


def test_a_larger_picture_shows_the_same_scene():
    for item in items(5, seed=21):
        large = draw(item, 128).reshape(64, 2, 64, 2, 3).mean((1, 3))
        assert np.abs(large - draw(item, 64)).mean() < 9
        double = masks(item, 128)["garment"].reshape(64, 2, 64, 2).mean((1, 3))
        single = masks(item, 64)["garment"]
        assert np.abs(double - single).mean() < 0.03


def test_the_garment_mask_is_where_the_picture_differs_from_its_background():
    for kind in KINDS:
        tries = (product(kind, "black", style="minimal", seed=seed) for seed in range(50))
        item = next(i for i in tries if rendering.background(i, 96).min() > 150)  # nothing as dark as the garment
        difference = np.abs(draw(item, 96).astype(int) - rendering.background(item, 96)).max(-1) > 60
        garment = masks(item, 96)["garment"]
        assert (difference & garment).sum() > 0.9 * garment.sum(), kind
        assert (difference & ~garment).sum() < 0.08 * garment.sum(), kind  # anti-aliasing, hard shadows


def test_parts_lie_inside_the_garment_and_details_have_their_masks():
    for kind in KINDS:
        for detail in CUTS[kind].details:
            found = masks(product(kind, details=[detail], seed=2), 64)
            assert found[detail].any(), (kind, detail)
            assert not any((part & ~found["garment"]).any() for part in found.values())


def test_only_parts_that_a_kind_has_are_reported():
    assert set(masks(product("bag"), 48)) == {"garment", "pattern"}
    assert set(masks(product("coat"), 48)) == {"garment", "pattern", "neckline", "sleeves"}
    assert "neckline" not in masks(product("skirt"), 48)


def test_long_sleeves_are_larger_than_short_ones():
    dress = product("dress", seed=5)
    areas = [
        masks(replace(dress, sleeve=s), 96).get("sleeves", np.zeros(1)).sum() for s in ("sleeveless", "short", "long")
    ]
    assert areas[0] == 0 < areas[1] < areas[2]


def test_the_mean_colour_of_plain_cloth_names_it():
    rng = np.random.default_rng(1)
    right = []
    for n in range(120):
        item = product(
            KINDS[rng.integers(14)], COLOURS[n % 10], style=STYLES[rng.integers(7)], seed=int(rng.integers(1e6))
        )
        mean = draw(item, 48)[masks(item, 48)["pattern"]].mean(0)
        right.append(colour_name(mean) == item.colour)
    assert np.mean(right) > 0.95


def test_a_tile_repeats_without_a_seam():
    rng = np.random.default_rng(0)
    for texture in TEXTURES:
        item = product(colour="yellow", texture=texture)
        colours = palette(item, np.random.default_rng(3))
        pixels = tile(texture, colours, scale=1.0, resolution=3.0, rng=rng).image.toarray()[..., :3].astype(int)
        for turned in (pixels, pixels.transpose(1, 0, 2)):  # across the seam nothing jumps more than within
            within = np.abs(np.diff(turned, axis=1)).mean((0, 2)).max()
            assert np.abs(turned[:, 0] - turned[:, -1]).mean() < 1.5 * within + 6, texture


def test_colours_mix_and_shade_as_by_hand():
    assert mixed((0, 0, 0), (1.0, 0.5, 0), 0.5) == (0.5, 0.25, 0)
    assert shaded((0.5, 0.2, 0.0), 0.5) == (0.25, 0.1, 0.0)
    assert shaded((0.5, 0.5, 0.5), 2.0) == (0.75, 0.75, 0.75)
    assert ink((1.0, 0.0, 0.5)) == 0xFFFF0080


def test_a_longer_sample_begins_with_the_shorter_one():
    assert items(30, seed=2)[:10] == items(10, seed=2)
    assert items(10, seed=2) != items(10, seed=3)


def test_every_kind_colour_and_texture_has_three_percent_and_the_tail_is_long():
    sample = items(4000, seed=0)
    for field, values in (("kind", KINDS), ("colour", COLOURS), ("texture", TEXTURES), ("style", STYLES)):
        share = {v: np.mean([getattr(item, field) == v for item in sample]) for v in values}
        assert min(share.values()) >= 0.03, share
        assert max(share.values()) > 2 * min(share.values())
    assert all(sum(d in item.details for item in sample) > 80 for d in DETAILS)


def test_colour_and_texture_are_independent_given_style():
    """Pearson's chi-square summed over styles stays near its degrees of freedom; style itself moves both."""
    sample = items(6000, seed=5)
    total = freedom = 0.0
    for style in STYLES:
        table = np.zeros((10, 10))
        for item in sample:
            if item.style == style:
                table[COLOURS.index(item.colour), TEXTURES.index(item.texture)] += 1
        expected = table.sum(1, keepdims=True) * table.sum(0) / table.sum()
        total += ((table - expected) ** 2 / expected).sum()
        freedom += 81
    assert abs(total - freedom) < 4 * np.sqrt(2 * freedom)


def test_pose_keeps_any_shape_inside_the_frame():
    rng = np.random.default_rng(0)
    for _ in range(50):
        box = rendering.skia.Rect.MakeXYWH(*rng.uniform(-50, 50, 2), *rng.uniform(20, 140, 2))
        seen = scenes.pose(box, "casual", rng).mapRect(box)
        assert seen.left() > 0 and seen.top() > 0 and seen.right() < scenes.FRAME and seen.bottom() < scenes.FRAME


def test_a_contour_of_corners_is_a_polygon():
    square = outline([(0, 0), (10, 0), (10, 10), (0, 10)])
    assert square.computeTightBounds() == rendering.skia.Rect.MakeWH(10, 10)
    assert square.contains(9.5, 0.5) and not square.contains(10.5, 0.5)
    assert not line((0, 0), (1, 1)).isLastContourClosed()


def test_an_unknown_kind_is_refused_with_the_choice():
    with pytest.raises(ValueError, match=r"^unknown kind 'toga'; choose one of dress, t-shirt, blouse, .*, boots$"):
        Item("toga", "red", "blue", "basic")


def test_an_unknown_texture_is_refused_with_the_choice():
    message = r"^unknown texture 'tweed'; choose one of squared, striped, .*, sequin$"
    with pytest.raises(ValueError, match=message):
        replace(product(), texture="tweed")
    with pytest.raises(ValueError, match=message):
        tile("tweed", palette(product(), np.random.default_rng(0)), scale=1, resolution=1, rng=np.random.default_rng(0))


def test_a_pattern_in_the_colour_of_its_ground_is_refused():
    with pytest.raises(
        ValueError, match=r"^second must differ from colour, both are 'red'; choose another of COLOURS$"
    ):
        Item("bag", "red", "red", "striped")


def test_a_part_that_a_kind_cannot_have_is_refused():
    with pytest.raises(ValueError, match=r"^a bag has no sleeve, but sleeve='long' came; leave it None$"):
        Item("bag", "red", "blue", "basic", sleeve="long")
    with pytest.raises(ValueError, match=r"^a t-shirt cannot have sleeve None; choose one of short$"):
        Item("t-shirt", "red", "blue", "basic")
    with pytest.raises(ValueError, match=r"^a hat cannot have detail 'zipper'; choose from bow, logo, belt$"):
        Item("hat", "red", "blue", "basic", details=frozenset({"zipper"}))


def test_a_negative_number_of_items_is_refused():
    with pytest.raises(ValueError, match=r"^n must be 0 or more items, got -1$"):
        items(-1, seed=0)


def test_a_picture_too_small_for_its_parts_is_refused():
    for make in (draw, masks):
        with pytest.raises(
            ValueError, match=r"^size must be at least 16 pixels, got 8; parts vanish in smaller pictures$"
        ):
            make(product(), 8)


def test_an_unknown_material_is_refused():
    material: Cloth = rendering.cloth(product(), scale=1.0, resolution=1.5)
    with pytest.raises(ValueError, match=r"^unknown material 'tinfoil'; choose cloth, rib, .*$"):
        material.paint(Piece("body", outline([(0, 0), (1, 0), (0, 1)]), "tinfoil"))
