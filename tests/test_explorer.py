"""What the explorer shows: intervals that cover, pictures that are shared, and markup that is safe."""

import re

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from PIL import Image

from neuroattr import backbone, discovery, explorer, occlusion, saliency, statistics
from neuroattr.recorded import Recorded

EVEN = np.full((1, 8), 50)
OCCLUSION = saliency.Occlusion((32,), 32)


@pytest.fixture(scope="module")
def seen(shop):
    """The classifiers of two words on units of which one sees the first word."""
    random = np.random.default_rng(0)
    values = random.random((len(shop), 6)).astype("float32")
    values[:, 1] += 2 * shop.mention(shop.words[0])
    coords = {"image": list(shop.ids), "layer": ("unit", list("aaabbb")), "channel": ("unit", [0, 1, 2] * 2)}
    responses = xr.DataArray(values, dims=("image", "unit"), coords=coords)
    words, protocol = list(shop.words[:2]), discovery.Protocol(draws=1, penalties=(1.0,))
    recorded = Recorded(shop, None, responses, bins=8)
    found = explorer.predictions(recorded, words, variant="resample", protocol=protocol, seed=0)
    return recorded, words, found


@pytest.fixture(scope="module")
def panels(shop, seen):
    recorded, words, found = seen
    files = []

    def put(name, content, suffix):
        files.append((name, suffix, len(content)))
        return f"{len(files)}{suffix}"

    heat = np.zeros((40, 40))
    heat[3, 36] = 1
    first = explorer.Place(shop.ids[0], Image.new("RGB", (40, 40), "red"), {1: heat, 8: heat.T})
    places = {words[0]: [first], words[1]: []}
    made = explorer.WordPanels(recorded, words, explorer.Pictures(shop, put), found, places, seed=0)
    return made, files


def test_the_interval_of_equal_histograms_begins_at_nothing_and_that_of_different_ones_does_not():
    other = np.array([[5, 10, 20, 40, 60, 80, 90, 95]])
    low, high = explorer.resampled_interval(EVEN, EVEN, smoothing="pooled", seed=0)
    assert low[0] == 0 < high[0] < 0.1
    measured = statistics.symmetric_kl(EVEN, other, smoothing="pooled")[0]
    low, high = explorer.resampled_interval(EVEN, other, smoothing="pooled", seed=0)
    assert 0 < low[0] < measured < high[0]


def test_the_interval_covers_the_true_divergence_nearly_as_often_as_it_says():
    random, p = np.random.default_rng(1), np.array([0.3, 0.3, 0.2, 0.2])
    q = p[::-1]
    truth = float(((p - q) * np.log(p / q)).sum())
    positive, negative = random.multinomial(300, p, 200), random.multinomial(900, q, 200)
    low, high = explorer.resampled_interval(positive, negative, smoothing="epsilon", seed=0)
    assert np.mean((low <= truth) & (truth <= high)) >= 0.9


def test_more_images_make_the_interval_narrower():
    widths = []
    for times in (1, 16):
        low, high = explorer.resampled_interval(times * EVEN, times * (EVEN + np.arange(8)), smoothing="pooled", seed=0)
        widths.append(high - low)
    assert widths[1] < 0.5 * widths[0]


def test_the_best_of_many_units_without_association_stays_below_its_bound_as_often_as_it_says():
    random, flat = np.random.default_rng(0), np.full(16, 1 / 16)
    best = statistics.symmetric_kl(
        random.multinomial(2000, flat, (300, 20)), random.multinomial(4000, flat, (300, 20)), smoothing="epsilon"
    ).max(1)
    assert 0.92 <= np.mean(best < explorer.best_by_chance(2000, 4000, bins=16, units=20)) <= 0.98


def test_few_pictures_serve_all_words_and_keep_the_order_of_the_candidates():
    candidates = {"red": ["a", "b", "c"], "blue": ["d", "b"], "new": ["e", "b"]}
    assert explorer.chosen_pictures(candidates, each=1) == {"red": ["b"], "blue": ["b"], "new": ["b"]}
    assert explorer.chosen_pictures(candidates, each=2) == {"red": ["a", "b"], "blue": ["d", "b"], "new": ["e", "b"]}
    assert explorer.chosen_pictures({"old": []}, each=2) == {"old": []}


def test_predictions_rank_test_images_only_and_the_first_have_the_word(shop, seen):
    _, words, found = seen
    one = found[words[0]]
    assert set(one.log_odds.index) == set(shop.part("test").ids) and one.log_odds.is_monotonic_decreasing
    assert one.said.to_numpy()[:3].all() and one.accuracy.value > 0.9
    assert explorer.best_with(one, count=2) == list(one.log_odds.index[:2])


def test_every_word_of_a_picture_gets_the_maps_that_a_pass_of_its_own_would_give(shop):
    net = backbone.load("caffenet-mini", weights="random", seed=0)
    random = np.random.default_rng(0)
    divergence = {word: random.random(len(net.units)) for word in ("red", "blue")}
    chosen, id = {"red": [shop.ids[0]], "blue": [shop.ids[0]]}, shop.ids[0]
    mean = occlusion.mean_picture(net, shop, count=4, seed=0)
    found = explorer.salient_places(net, shop, chosen, divergence, OCCLUSION, counts=(1, 8), mean=mean)
    for word, scores in divergence.items():
        units = np.argsort(-scores)[:8]
        answers = occlusion.responses(
            net, occlusion.picture(net, shop.image(id)), mean, net.units.iloc[units], OCCLUSION, progress=False
        )
        unit_maps = saliency.unit_maps(answers.maps, OCCLUSION, side=answers.side)
        maps = saliency.saliency_maps(unit_maps, scores[units], counts=(1, 8))
        assert np.allclose(found[word][0].maps[8], maps[1], atol=1e-5)
        assert found[word][0].shown.size == (127, 127)


def test_a_picture_is_one_file_however_often_it_is_shown(panels):
    made, files = panels
    for word in made.words:
        for layer in made.layers:
            made.prime_units(layer=layer, word=word)
        made.predicted(word=word)
    ids = [name for name, *_ in files]
    assert len(ids) == len(set(ids)) == len(made.pictures)
    assert max(size for *_, size in files) < 8000


def test_a_panel_names_word_layer_interval_and_chance(panels):
    made, _ = panels
    word = made.words[0]
    best = made.units(word, "a")[0]
    assert best.title == "a · 1" and best.low < best.value < best.high
    text = re.sub("<[^>]+>", "", made.prime_units(layer="a", word=word))
    assert f"“{word}” at a: the best of 3 units (channel 1) diverges by {best} nats: more than" in text
    table = made.by_layer(word=word)
    assert table.count("<tr data-layer=") == 2 and f"{made.chance(word, 'a'):.2f}" in table


def test_every_picture_of_a_panel_has_a_text_and_waits_until_it_is_near(panels):
    made, _ = panels
    word = made.words[0]
    html = made.prime_units(layer="b", word=word) + made.predicted(word=word) + made.salient(k="8", word=word)
    tags = re.findall("<img [^>]+>", html)
    assert len(tags) == 3 * 6 + 2 * 12 + 2
    assert all(re.search('alt="[^"]+"', tag) and 'loading="lazy"' in tag for tag in tags)
    assert len(re.findall("<svg[^>]+role='img' aria-label='[^']+'", html)) == 3


def test_the_sides_of_a_word_differ_by_their_frame_and_by_their_text(panels):
    made, _ = panels
    word = made.words[0]
    tags = re.findall("<img [^>]+>", made.predicted(word=word))
    for tag in tags:
        assert ('class="with"' in tag) == (f", with “{word}”" in tag) != (f", without “{word}”" in tag)


def test_the_peak_of_a_map_is_told_in_words(panels):
    made, _ = panels
    word, other = made.words
    assert "peak in the upper right" in made.salient(k="1", word=word)
    assert "peak in the lower left" in made.salient(k="8", word=word)
    assert made.salient(k="1", word=other) == "<p>No test image has this word.</p>"


def test_words_are_never_markup(shop, panels):
    made, _ = panels
    odds = pd.Series([1.0, 0.0], list(shop.ids[:2]))
    one = explorer.Prediction(odds, odds > 0, statistics.proportion(1, 2))
    strange = explorer.WordPanels(made.recorded, made.words, made.pictures, {"<b>": one}, {"<b>": []}, seed=0)
    html = strange.predicted(word="<b>")
    assert "<b>" not in html and "&lt;b&gt;" in html


def test_what_cannot_be_shown_is_refused():
    with pytest.raises(ValueError, match=r"^an interval needs at least two draws; got 1$"):
        explorer.resampled_interval(EVEN, EVEN, smoothing="pooled", seed=0, draws=1)
    with pytest.raises(ValueError, match=r"^every unit needs images on both sides of the word$"):
        explorer.resampled_interval(EVEN, 0 * EVEN, smoothing="pooled", seed=0)


def test_a_panel_has_a_heading_and_the_key_to_its_signs():
    assert explorer.heading("A & B", "units").startswith("<h3 class='panel'>A &amp; B</h3><p class='key'>")
