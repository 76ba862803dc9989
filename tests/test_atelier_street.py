"""atelier-street: generated street photos, their tags, masks and boxes."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from neuroattr import atelier, corpus, saliency
from neuroattr.atelier.items import Item
from neuroattr.atelier.street_photos import box_annotators, looks, rendering, tags
from neuroattr.atelier.street_photos.corpus import TASK
from neuroattr.atelier.street_photos.looks import Look, Worn
from neuroattr.corpus import regions, translation

T_SHIRT = Item("t-shirt", "red", "black", "striped", "short", "round", "regular", seed=1)
JEANS = Item("trousers", "blue", "yellow", "basic", length="long", seed=2)
SNEAKERS = Item("boots", "green", "yellow", "basic", length="ankle", seed=3)
PLAIN = Look(
    (Worn("t-shirt", T_SHIRT), Worn("trousers", JEANS, "denim"), Worn("sneakers", SNEAKERS)),
    "casual", "summer", "street", 0, 6,
)  # fmt: skip


@pytest.fixture(scope="module")
def street(cache):
    return corpus.load("atelier-street", n=96, size=64, seed=0)


def true_tags(look):
    return {tag.word for tag in tags.tags() if tag.applies(look)}


def test_what_is_true_of_a_look_follows_from_what_is_worn():
    visual = {tag.word for tag in tags.tags() if tag.has_place}
    worn = {"t-shirt", "pants", "jeans", "sneakers", "red", "blue", "border-stripes", "denim"}
    assert true_tags(PLAIN) & visual == worn
    assert {"casual", "relaxed", "summer", "hot-day"} <= true_tags(PLAIN)


def test_masks_show_what_the_tags_name_where_it_is():
    masks = tags.regions(PLAIN, 128)
    places = {word: np.argwhere(mask).mean(axis=0)[0] for word, mask in masks.items()}
    assert places["t-shirt"] < places["pants"] < places["sneakers"]
    assert np.array_equal(masks["t-shirt"], masks["red"]) and np.array_equal(masks["jeans"], masks["denim"])
    assert not (masks["t-shirt"] & masks["pants"]).any()
    assert set(masks) <= true_tags(PLAIN)


def test_a_mask_lies_where_the_picture_has_that_colour():
    picture = rendering.draw(PLAIN, 128).astype(int)
    masks = tags.regions(PLAIN, 128)

    def redness(pixels):
        return (pixels[:, 0] - pixels[:, 1:].mean(axis=1)).mean()

    assert redness(picture[masks["red"]]) > redness(picture[~masks["red"]]) + 30


def test_what_is_worn_over_something_hides_it():
    coat = Worn("coat", Item("coat", "black", "red", "basic", "long", "collar", "long", seed=4))
    covered = dataclasses.replace(PLAIN, worn=(*PLAIN.worn, coat))
    before, after = tags.regions(PLAIN, 128), tags.regions(covered, 128)
    assert after["pants"].sum() < before["pants"].sum() and after["coat"].sum() > after["pants"].sum()
    assert "sleeveless" not in true_tags(covered)


def test_seasons_moods_and_chatter_have_no_place(street):
    placeless = {tag.word for tag in tags.tags() if not tag.has_place}
    assert {"summer", "girly", "coordinate"} <= placeless
    assert not any(placeless & set(street.annotations.regions(id)) for id in street.ids[:20])


def test_everything_follows_from_the_seed(cache, street, monkeypatch, tmp_path):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    again = corpus.load("atelier-street", n=96, size=64, seed=0)
    pd.testing.assert_frame_equal(street.table, again.table)
    pd.testing.assert_frame_equal(street.annotations.drawn_boxes, again.annotations.drawn_boxes)
    assert [street.source.digest(id) for id in street.ids[:5]] == [again.source.digest(id) for id in street.ids[:5]]
    assert looks.looks(24, seed=0)[:2] != looks.looks(24, seed=1)[:2]


def test_a_look_comes_back_from_its_record():
    assert all(looks.recalled(looks.record(look)) == look for look in (PLAIN, *looks.looks(8, seed=2)))


def test_tags_are_merged_by_the_table_the_words_are_in(street):
    typed = [title.split() for title in street.table.title]
    joined = translation.merged(typed, translation.table("street"))
    assert [set(words) for words in joined.words] == [
        {street.words[w] for w in street.mentions[[row]].nonzero()[1]} for row in range(len(street))
    ]
    assert len(joined.audit) > 2 * len(street.words)
    assert {"japanese", "synonyms", "typos"} <= set(joined.audit["why"])
    assert len(joined.unknown) and street.report["tags that the table does not know"] == joined.unknown.index.tolist()


def test_users_miss_and_invent_tags_at_their_stated_rates():
    many_looks = looks.looks(600, seed=5)
    joined = translation.merged(tags.typed(many_looks, seed=5), translation.table("street"))
    true = tags.applicability(many_looks)
    said = np.array([[tag.word in words for tag in tags.tags()] for words in joined.words])
    column = [tag.word for tag in tags.tags()].index("coordinate")
    assert said[:, column].mean() == pytest.approx(tags.tags()[column].invent, abs=0.07)
    miss = np.array([tag.miss for tag in tags.tags()])
    expected = (true * (1 - miss)).sum() / true.sum()
    assert said[true].mean() == pytest.approx(expected, abs=0.03)


def test_every_tag_has_a_form_and_every_word_of_the_table_is_a_tag():
    assert {tag.word for tag in tags.tags()} == set(translation.table("street")["word"])


def test_what_applies_is_known_for_each_word(street):
    true = atelier.applies(street)
    assert true.shape == (len(street), len(street.words))
    named = set(street.annotations.regions(street.ids[0]))
    assert named <= set(true.columns[true.iloc[0]]) | (named - set(street.words))
    looks = [street.annotations.regions.looks[id] for id in street.ids]
    slow = pd.DataFrame([[tag.applies(look) for tag in tags.tags()] for look in looks], street.ids)
    slow.columns = [tag.word for tag in tags.tags()]
    pd.testing.assert_frame_equal(true, slow[list(street.words)], check_names=False)


def test_regions_are_what_two_of_three_boxes_share(street):
    places = regions.agreed(street, votes_needed=2)
    row = places.table.iloc[0]
    drawn = street.annotations.drawn_boxes.query("image == @row.image and word == @row.word").dropna()
    votes = np.zeros((64, 64), int)
    for box in drawn.itertuples():
        votes[box.top : box.bottom, box.left : box.right] += 1
    assert np.array_equal(places.masks[0], votes >= 2) and row.pixels == (votes >= 2).sum()
    asked = street.annotations.drawn_boxes.groupby(["word", "image"]).ngroups
    assert len(places.table) + len(places.dropped) == asked
    assert len(street.annotations.drawn_boxes) == asked * TASK.annotators


def test_boxes_are_drawn_around_what_the_tag_names(street):
    places = regions.agreed(street, votes_needed=2)
    visual = places.table[places.table["word"].map(street.annotations.kinds) == "visual"]
    overlap = []
    for k in visual.index[:60]:
        mask = street.annotations.regions(visual.image[k]).get(visual.word[k])
        if mask is not None:
            overlap.append((mask & places.masks[k]).sum() / mask.sum())
    assert np.mean(overlap) > 0.75


def test_mostly_nobody_finds_a_place_for_what_has_none(street):
    places = regions.agreed(street, votes_needed=2)
    share = pd.concat([places.table, places.dropped])["word"].map(street.annotations.kinds)
    found = places.table["word"].map(street.annotations.kinds)
    rate = found.value_counts() / share.value_counts()
    assert rate["visual"] > 0.75 and rate["non-visual"] < 0.3


def test_workers_who_make_no_mistakes_draw_the_bounds_of_the_mask():
    mask = np.zeros((40, 30), bool)
    mask[10:20, 5:25] = True
    exact = box_annotators.Task(1, 1, 3, slack=0.0, careless=0.0, guess=0.0)
    asked = (["a"], ["w"], np.ones((1, 1), bool))
    drawn = box_annotators.drawn(*asked, lambda id: {"w": mask, "everyone": mask}, exact, seed=0)
    assert (drawn[["left", "top", "right", "bottom"]] - [5, 10, 25, 20]).abs().max().max() <= 3  # a hand trembles
    nothing = box_annotators.drawn(*asked, lambda id: {"everyone": mask}, exact, seed=0)
    assert nothing.left.isna().all()
    votes = saliency.box_votes([[(10, 20, 5, 25)]] * 3, mask.shape)
    assert np.array_equal(saliency.agreed_region(votes, votes_needed=2), mask)


def test_a_part_of_the_album_keeps_its_own_boxes(street):
    part = street.subset(np.arange(10))
    assert set(part.annotations.drawn_boxes.image) <= set(part.ids) and len(part.annotations.drawn_boxes) < len(
        street.annotations.drawn_boxes
    )


def test_the_picture_source_and_the_masks_know_their_ids(street):
    with pytest.raises(KeyError, match="no picture has the id 'x'"):
        street.annotations.regions("x")
    assert street.image(0).size == (64, 64)


def test_wrong_numbers_and_names_are_refused():
    with pytest.raises(ValueError, match="an album needs at least 1 photo, got n=0"):
        atelier.street(0, seed=0)
    with pytest.raises(ValueError, match="pictures need a size of at least 16 pixels, got size=8"):
        atelier.street(4, size=8, seed=0)
    with pytest.raises(ValueError, match="size must be at least 16 pixels, got 8"):
        rendering.draw(PLAIN, 8)
    with pytest.raises(ValueError, match="n must be 0 or more looks, got -1"):
        looks.looks(-1, seed=0)
    with pytest.raises(ValueError, match="unknown thing to wear 'cape'; choose one of dress, "):
        Worn("cape", T_SHIRT)
    with pytest.raises(ValueError, match="hat takes its cloth from a hat, not from a t-shirt"):
        Worn("hat", T_SHIRT)
    with pytest.raises(ValueError, match="unknown fabric 'silk'; choose one of woven, denim"):
        Worn("t-shirt", T_SHIRT, "silk")
    with pytest.raises(ValueError, match="unknown season 'monsoon'"):
        dataclasses.replace(PLAIN, season="monsoon")
    with pytest.raises(ValueError, match="each thing is worn once, got t-shirt, t-shirt"):
        dataclasses.replace(PLAIN, worn=(PLAIN.worn[0],) * 2)
    with pytest.raises(ValueError, match="5 annotators of a picture need as many workers, got 4"):
        box_annotators.Task(1, 1, 5, workers=4)
    with pytest.raises(ValueError, match="words must be at least 1, got 0"):
        box_annotators.Task(0, 1, 1)
