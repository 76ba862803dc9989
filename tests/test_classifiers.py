"""A word learned from pictures, kept in a file, and applied to new pictures."""

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file
from scipy.special import expit

from neuroattr import backbone, classifiers
from neuroattr.corpus import Corpus, ImageFault
from neuroattr.discovery import Protocol
from neuroattr.recorded import Recorded


def picture(red, random):
    colour = np.array([200, 40, 40] if red else [40, 40, 200]) + random.normal(0, 20, (40, 40, 3))
    return Image.fromarray(colour.clip(0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def reds(tmp_path_factory, cache):
    """72 pictures, half of them red and called so, the others blue."""
    folder, random = tmp_path_factory.mktemp("pictures"), np.random.default_rng(0)
    for n in range(72):
        home = folder / ("hats" if n % 4 < 2 else "scarves")
        home.mkdir(exist_ok=True)
        picture(n % 2, random).save(home / f"{n}.png")
        (home / f"{n}.txt").write_text("a red thing" if n % 2 else "a blue thing")
    return Corpus.from_folder(folder, words=["red", "blue"], seed=0)


@pytest.fixture(scope="module")
def network():
    return backbone.load("caffenet-mini", weights="random", seed=0)


@pytest.fixture(scope="module")
def pictures(reds, network):
    return Recorded.of(reds, network, progress=False)


@pytest.fixture(scope="module")
def recording(pictures):
    return pictures.responses


@pytest.fixture(scope="module")
def red(pictures):
    return pictures.classifier("red", seed=0)


def test_a_word_is_told_in_new_pictures(red):
    random = np.random.default_rng(9)
    found = red.predict([picture(True, random), picture(False, random)])
    assert found[0] > 0.5 > found[1]
    assert red.accuracy.value > 0.9 and red.accuracy.n == red.linear.tested


def test_pictures_and_their_recording_give_the_same_odds(reds, red, recording):
    confidence = red.confidence(recording)
    assert confidence.index.tolist() == recording["image"].values.tolist() and confidence.name == "red"
    paths = [reds.source.path(id) for id in recording["image"].values[:3]]
    np.testing.assert_allclose(red.predict(paths, batch=2), expit(confidence.to_numpy()[:3]), atol=1e-4)
    assert red.predict([]).shape == (0,)


def test_a_turned_picture_has_the_odds_of_the_upright_one(red, tmp_path):
    upright, exif = picture(True, np.random.default_rng(9)), Image.Exif()
    exif[0x0112] = 6
    upright.rotate(90, expand=True).save(tmp_path / "a.png", exif=exif)
    with Image.open(tmp_path / "a.png") as seen:
        np.testing.assert_allclose(
            red.predict([tmp_path / "a.png", seen, np.asarray(upright)]), red.predict([upright])[0]
        )
    with pytest.raises(ImageFault, match=r"^missing image: .*gone\.png cannot be read \(FileNotFoundError\)$"):
        red.predict([tmp_path / "gone.png"])


def test_it_is_the_same_after_it_was_kept(red, network, recording, tmp_path):
    red.save(tmp_path / "red.safetensors")
    again = classifiers.load(tmp_path / "red.safetensors", network=network)
    assert repr(again) == repr(red) and again.recipe == red.recipe
    np.testing.assert_array_equal(again.confidence(recording), red.confidence(recording))
    assert [path.name for path in tmp_path.iterdir()] == ["red.safetensors"]


def test_it_says_what_it_is(red):
    assert repr(red).startswith("WordClassifier('red', resample, 2,256 units of ")
    assert f"learned from {red.linear.learned} pictures of {red.corpus}, accuracy {red.accuracy}" in repr(red)


@pytest.mark.parametrize(("variant", "units"), [("initial", 100), ("random", 2256)])
def test_other_ways_to_learn(pictures, variant, units):
    protocol = Protocol(penalties=(0.01,))
    made = pictures.classifier("blue", seed=1, variant=variant, match=["category"], protocol=protocol)
    assert len(made.linear.units) == units and made.accuracy.value > 0.9
    assert made.linear.C == 0.01 and made.recipe["match"] == ["category"]


def test_another_network_is_refused(red, tmp_path):
    red.save(tmp_path / "red.safetensors")
    other = backbone.load("caffenet-mini", weights="random", seed=1)
    message = r"the classifier of 'red' reads caffenet-mini of weights \w{12}, but this network \(caffenet-mini\) has "
    with pytest.raises(ValueError, match=message):
        classifiers.load(tmp_path / "red.safetensors", network=other)


def test_what_is_no_classifier_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no classifier at .*absent"):
        classifiers.load(tmp_path / "absent")
    (tmp_path / "noise").write_bytes(b"noise")
    with pytest.raises(ValueError, match="noise is no classifier of a word"):
        classifiers.load(tmp_path / "noise")
    save_file({"units": np.arange(3)}, tmp_path / "other")
    with pytest.raises(ValueError, match="other must be a file of format 'neuroattr word classifier 1'; got None"):
        classifiers.load(tmp_path / "other")


def test_what_cannot_be_learned_is_refused(pictures):
    with pytest.raises(KeyError, match="'rde' is none of the 2 words"):
        pictures.classifier("rde", seed=0)
    with pytest.raises(ValueError, match=r"match names columns of the table, .*; got \['brand'\]"):
        pictures.classifier("red", seed=0, match="brand")


def test_a_recording_of_other_units_is_refused(red, recording):
    message = r"the recording must hold all units of caffenet-mini, 2256 in norm1, .*; it has 50 in norm1, norm2"
    with pytest.raises(ValueError, match=message):
        red.confidence(recording[:, :50])
