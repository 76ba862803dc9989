"""Distillation: views, training and the card of the small network, on drawn pictures and a teacher of three lines."""

import json
from itertools import count

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from neuroattr import backbone
from neuroattr.backbone.caffenet import Widths, caffenet
from neuroattr.distillation import learning, probes
from neuroattr.distillation.card import page
from neuroattr.distillation.learning import Recipe, StudentTrainer, batches, cycle, distance, distil, smooth
from neuroattr.distillation.photographs import emphasised, held_out, photographs, twins
from neuroattr.distillation.student import folded, student
from neuroattr.distillation.views import ViewRecipe, ViewStore, teacher, view_pair

torch.set_num_threads(1)
SMALL = Widths(4, 6, 6, 6, 5, 8, 8, groups=1, side=67, mean_picture=False)
VIEWS = ViewRecipe(views=4, side=71, look=67, seed=0)


@pytest.fixture
def paths(tmp_path):
    """Eight pictures of one colour each."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for i in range(8):
        Image.new("RGB", (40 + i, 60), (30 * i, 120, 255 - 30 * i)).save(folder / f"{i}.png")
    return sorted(folder.glob("*.png"))


def mean_colour(pictures):
    """A teacher whose first three answers are the mean colour."""
    logits, features = np.zeros((len(pictures), 1000)), np.ones((len(pictures), 1024))
    logits[:, :3] = pictures.mean((1, 2)) / 255
    features[:, ::2] = logits[:, :1]
    return logits, features


@pytest.fixture
def store(paths, tmp_path):
    made = ViewStore(tmp_path / "views", len(paths), VIEWS)
    made.fill(paths, mean_colour, partners=np.arange(6), block=5)
    return made


# Photographs


def test_photographs_are_found_in_each_archive(tmp_path):
    folders = {name: tmp_path / name for name in ("fashion-product-images-sample", "clothing-co-parsing-sample")}
    folders["clothing-textures-sample"] = tmp_path / "clothing-textures-sample"
    for inner in (
        "fashion-product-images-sample/fashion-dataset/images/1.jpg",
        "clothing-co-parsing-sample/photos/2.jpg",
    ):
        (tmp_path / inner).parent.mkdir(parents=True)
        (tmp_path / inner).touch()
    with pytest.raises(FileNotFoundError, match=r"^wanted photographs \*/\*.jpg under .*clothing-textures-sample"):
        photographs(folders)
    (tmp_path / "clothing-textures-sample" / "striped").mkdir(parents=True)
    (tmp_path / "clothing-textures-sample" / "striped" / "3.jpg").touch()
    assert [path.name for path in photographs(folders)] == ["1.jpg", "2.jpg", "3.jpg"]


def test_the_held_out_part_has_its_size_and_its_seed():
    one, same, other = (held_out(50, share=0.1, seed=seed) for seed in (0, 0, 1))
    assert one.sum() == 5
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_photographs_of_an_archive_can_count_more_than_once():
    assert emphasised(["x/1.jpg", "y/2.jpg", "x/3.jpg"], {"x/": 2}).tolist() == [0, 0, 1, 2, 2]


def test_twins_of_training_photographs_are_found_by_their_angle():
    """Photograph 2 is photograph 0 at twice the length; photograph 3 is the opposite of both."""
    features = np.array([[1, 0], [0, 1], [2, 0.01], [-1, 0]])
    assert twins(features, np.array([False, False, True, True])).tolist() == [False, False, True, False]


# Views


def test_the_first_view_is_the_central_part_of_a_warped_square(paths):
    pixels = np.random.default_rng(0).integers(0, 256, (90, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(paths[0])
    large, small = view_pair(paths, 0, VIEWS, np.arange(8))
    warped = Image.fromarray(pixels).resize((256, 256), Image.Resampling.BILINEAR)
    wanted = np.asarray(warped)[16:240, 16:240].astype(int)
    assert np.abs(large.astype(int) - wanted).max() <= 1
    assert small.shape == (71, 71, 3)


def test_views_are_the_same_each_time_and_differ_from_each_other(paths):
    pixels = np.random.default_rng(1).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(paths[0])
    rows = (0, 8, 16, 8)
    views = [view_pair(paths, row, VIEWS, np.arange(8))[1] for row in rows]
    assert np.array_equal(views[1], views[3])
    assert not np.array_equal(views[1], views[2])


def test_a_composition_takes_no_photograph_but_its_partners(paths):
    """View 3 of every photograph, with photograph 7 (red 210) alone as partner: reds lie between the two."""
    for photo in range(6):
        large, _ = view_pair(paths, 3 * 8 + photo, VIEWS, np.array([7]))
        assert large[..., 0].min() >= 30 * photo - 1
        assert 30 * photo + 10 < large[..., 0].max() <= 211


def test_the_teacher_labels_the_view_that_is_stored(store):
    stored = store.pixels[:3].mean((2, 3)) / 255
    np.testing.assert_allclose(store.logits[:3, :, :3], stored, atol=0.01)


def test_filling_goes_on_where_it_stopped(paths, tmp_path, store):
    calls = []

    def breaks(pictures):
        calls.append(len(pictures))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return mean_colour(pictures)

    half = ViewStore(tmp_path / "half", len(paths), VIEWS)
    with pytest.raises(KeyboardInterrupt):
        half.fill(paths, breaks, partners=np.arange(6), block=5)
    assert half.done == 10
    again = ViewStore(tmp_path / "half", len(paths), VIEWS)
    again.fill(paths, mean_colour, partners=np.arange(6), block=5)
    assert again.done == 32
    assert np.array_equal(again.pixels, store.pixels)
    assert np.array_equal(again.logits, store.logits)


def test_views_of_another_recipe_are_refused(store, paths):
    with pytest.raises(ValueError, match=r"holds views of another recipe .*; use an empty folder$"):
        ViewStore(store.folder, len(paths), ViewRecipe(views=5, side=71, look=67))


def test_the_teacher_gets_its_colours_in_its_own_order():
    """A trunk that keeps the mean colour, answers copied: blue less 104, green less 117, red less 123."""
    module = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Identity())
    pictures = np.full((3, 224, 224, 3), (200, 100, 50), np.uint8)
    logits, features = teacher(module, mean=(104.0, 117.0, 123.0), batch=2)(pictures)
    np.testing.assert_allclose(logits, np.tile([50 - 104, 100 - 117, 200 - 123], (3, 1)), rtol=0.01)
    assert features.shape == (3, 3)


# The student


def test_folding_batch_normalisation_changes_no_answer():
    network = student(SMALL, dropout=0.5, seed=0)
    pixels = torch.randn(4, 3, 67, 67, generator=torch.Generator().manual_seed(0))
    network.train()
    for _ in range(3):
        network(pixels)  # gives the batch statistics some values
    network.eval()
    plain = caffenet(SMALL, seed=1).eval()
    plain.load_state_dict(folded(network.state_dict()))
    torch.testing.assert_close(plain(pixels), network(pixels), atol=1e-4, rtol=1e-4)


def test_the_distance_to_the_teacher_by_hand():
    """One picture, two classes, T = 2: the teacher softens (2 ln 3, 0) to (3/4, 1/4), the student says (1/2, 1/2)."""
    found = distance(torch.zeros(1, 2), torch.tensor([[2 * np.log(3.0), 0.0]]), 2.0)
    wanted = 4 * (0.75 * np.log(0.75 / 0.5) + 0.25 * np.log(0.25 / 0.5))
    assert float(found) == pytest.approx(wanted, rel=1e-5)


def test_smoothing_keeps_a_slow_wave_and_drops_a_fast_one():
    """Cosines of 2 and of 8 half cycles over 11 pixels."""
    x = torch.arange(11) + 0.5
    slow, fast = (torch.cos(torch.pi / 11 * u * x).expand(1, 1, 11, 11) for u in (2, 8))
    torch.testing.assert_close(smooth(slow + fast, 6.0), slow, atol=1e-5, rtol=0)


def test_the_learning_rate_rises_once_and_ends_at_nothing():
    rates = [cycle(p) for p in np.linspace(0, 1, 101)]
    assert np.argmax(rates) == 4
    assert rates[-1] == pytest.approx(0)


def test_batches_hold_photographs_to_learn_from_only(store):
    recipe = Recipe(widths=SMALL, batch=16)
    source = batches(store, np.array([2, 5]), recipe, seed=0)
    pixels, logits, features = next(source)
    assert pixels.shape[1:] == (67, 67, 3)
    assert logits.shape == (len(pixels), 1000)
    assert features.shape == (len(pixels), 1024)
    assert len(pixels) == 16
    known = {tuple(row) for row in store.logits[:, [2, 5], :3].reshape(-1, 3).astype(np.float32).tolist()}
    assert {tuple(row) for row in logits[:, :3].tolist()} <= known


def test_a_student_learns_and_goes_on_from_its_checkpoint(store, tmp_path, monkeypatch):
    clock = count(0.0)
    monkeypatch.setattr(learning.time, "perf_counter", lambda: next(clock))  # every step takes a second
    recipe = Recipe(widths=SMALL, minutes=0.5, batch=8, rate=3e-3)
    exported = []
    rows = np.arange(6)
    first = distil(store, rows, recipe, tmp_path, every=8, export=lambda weights, a: exported.append((weights, a.step)))
    assert (first.step, exported[-1][1]) == (30, 30)
    assert sorted(exported[-1][0]) == sorted(caffenet(SMALL, seed=0).state_dict())
    again = StudentTrainer(recipe)
    again.restore(tmp_path / "checkpoint.pt")
    assert again.progress == 1
    for name, value in first.mean.items():
        assert torch.equal(again.mean[name], value)
    assert distil(store, rows, recipe, tmp_path).step == 30
    start = StudentTrainer(recipe)
    with torch.no_grad():
        batch = next(batches(store, rows, recipe, seed=1))
        assert first.loss(*batch) < start.loss(*batch)


# What is measured


def test_agreement_by_hand():
    """The teacher says 3, 0, 6; the student's best is 3, its second is 0, its seventh and last is 6."""
    theirs = np.eye(7)[[3, 0, 6]]
    mine = np.array([[0, 0, 0, 9, 0, 0, 0], [8, 9, 0, 0, 0, 0, 0], [7, 6, 5, 4, 3, 2, 1]])
    assert probes.agreement(mine, theirs) == (1, 2)


def test_a_balanced_draw_has_as_many_of_each_label():
    labelled = [(f"{i}.jpg", "red" if i % 3 else "blue") for i in range(30)]
    paths, labels = probes.balanced(labelled, most=8, seed=0)
    assert sorted(labels.tolist()) == ["blue"] * 8 + ["red"] * 8
    assert len(set(paths)) == 16


def test_a_probe_tells_what_can_be_told_and_guesses_what_cannot():
    random = np.random.default_rng(0)
    labels = np.repeat(["a", "b"], 100)
    told = random.standard_normal((200, 3)) + 4 * (labels == "a")[:, None]
    assert probes.accuracy(told, labels, seed=0) > 0.95
    assert 0.3 < probes.accuracy(random.standard_normal((200, 3)), labels, seed=0) < 0.7


def test_features_are_the_spatial_maximum_of_every_unit(paths):
    net = backbone.load("caffenet-mini", weights="random")
    found = probes.features(net, paths[:3], batch=2)
    batch = torch.stack([net.preprocess(Image.open(path)) for path in paths[:3]])
    np.testing.assert_allclose(found["conv3"], net.responses(batch)["conv3"].amax((2, 3)), rtol=1e-4, atol=1e-5)
    assert found["fc7"].shape == (3, 768)
    np.testing.assert_allclose(probes.logits(net, paths[:3], batch=2), net.logits(batch), rtol=1e-4, atol=1e-4)


# The card


def test_the_card_beside_the_shipped_weights_is_theirs():
    folder = backbone.catalogue.SHIPPED.parent
    record = json.loads((folder / "caffenet-mini.json").read_text())
    net = backbone.load("caffenet-mini")
    assert record["digest"] == net.digest
    assert record["layers"] == net.widths
    assert (folder / "caffenet-mini.md").read_text() == page(record)


def test_the_shipped_network_beats_chance_and_random_weights_by_its_card():
    record = json.loads((backbone.catalogue.SHIPPED.parent / "caffenet-mini.json").read_text())
    assert record["agreement"]["top1"]["interval"][0] > 0.5
    for task in record["probes"].values():
        best = {
            name: max(layer["mean"] for layer in task[name].values()) for name in ("caffenet-mini", "random weights")
        }
        assert best["caffenet-mini"] > best["random weights"] > task["chance"]
