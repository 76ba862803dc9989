"""Explainers: the numbers of their loops, what they keep, and what they say of networks and texts they cannot use."""

import dataclasses
from collections import OrderedDict

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from torch import nn

from neuroattr import backbone, corpus, explanations
from neuroattr.backbone import Backbone, Preprocess
from neuroattr.corpus import Annotations
from neuroattr.corpus.attribute_counts import SYNONYMS, attribute_counts
from neuroattr.explainers import Explainer, PooledClassifier, Settings

torch.set_num_threads(1)
COLOURS = {"red": (200, 30, 30), "green": (30, 180, 40), "blue": (40, 40, 210)}
LABELS = tuple(f"{colour} bird" for colour in COLOURS)


@pytest.fixture(autouse=True)
def _cached(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "cache"))


def stages(*, filters=6, classes=3, bias=True):
    """A convolution, global pooling, a linear layer."""
    return OrderedDict(
        conv=nn.Conv2d(3, filters, 3, stride=2),
        relu=nn.ReLU(),
        pool=nn.AdaptiveAvgPool2d(1),
        flat=nn.Flatten(),
        linear=nn.Linear(filters, classes, bias=bias),
    )


def network_of(parts, nodes=None):
    torch.manual_seed(0)
    module = nn.Sequential(parts)
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.5)
    shown = Preprocess(resize=20, crop=20, warp=True)
    names = {"maps": "relu"} if nodes is None else nodes
    return Backbone(module.eval(), name="tiny", title="Tiny", nodes=names, preprocess=shown, licence="none")


@pytest.fixture
def network():
    return network_of(stages())


@pytest.fixture(scope="module")
def birds(tmp_path_factory):
    """Thirty squares of a colour: their captions name it, and of every third a beak, too."""
    folder, random, rows, said = tmp_path_factory.mktemp("birds"), np.random.default_rng(0), [], []
    for number in range(30):
        colour, id = list(COLOURS)[number % 3], f"p{number:02d}"
        pixels = np.clip(np.array(COLOURS[colour]) + random.normal(0, 40, (24, 24, 3)), 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{id}.png")
        rows.append({"id": id, "image": f"{id}.png", "text": colour, "category": f"{colour} bird"})
        said += [(id, f"a bird with a {colour} wing and a {colour} belly.")] * 2
        said += [(id, "it has a gray bill.")] if number % 4 == 0 else []
    options = {"image_column": "image", "text_columns": ("text",), "id_column": "id", "category_column": "category"}
    made = corpus.Corpus.from_table(pd.DataFrame(rows), words=list(COLOURS), root=folder, name="squares", **options)
    classes = pd.DataFrame({"label": made.table["category"]})
    table = pd.DataFrame(
        {f"has_wing_color::{colour}": [90.0 if colour in label else 5.0 for label in LABELS] for colour in COLOURS},
        pd.Index(LABELS, name="class"),
    )
    known = Annotations(captions=pd.DataFrame(said, columns=["image", "text"]), classes=classes, class_attributes=table)
    return dataclasses.replace(made, annotations=known)


@pytest.fixture
def explainer(network, birds):
    return Explainer.fit(network, birds, labels=LABELS)


# ------------------------------------------------------------------------------------------------------- attributes


def test_attributes_of_captions_are_counted(birds):
    counts, attributes = attribute_counts(birds)
    assert attributes[-1] == "gray bill"
    assert set(attributes) == {"gray bill", *(f"{colour} {part}" for colour in COLOURS for part in ("wing", "belly"))}
    dense = pd.DataFrame(counts.toarray(), birds.ids, attributes)
    for id, row in dense.iterrows():
        colour, number = birds.table.category[id].split()[0], int(id[1:])
        assert row[f"{colour} wing"] == row[f"{colour} belly"] == 2
        assert row["gray bill"] == (number % 4 == 0)
        assert row.sum() == 4 + (number % 4 == 0)


def test_synonyms_are_one_attribute(birds):
    said = pd.concat(
        [birds.annotations.captions, pd.DataFrame({"image": ["p00"], "text": ["a grey beak"]})], ignore_index=True
    )
    both = dataclasses.replace(birds, annotations=dataclasses.replace(birds.annotations, captions=said))
    apart, names = attribute_counts(both)
    joined, fewer = attribute_counts(both, synonyms=SYNONYMS)
    assert {"gray bill", "grey beak"} <= set(names)
    assert "grey beak" in fewer
    assert "gray bill" not in fewer
    assert joined.sum() == apart.sum()
    assert joined[0, fewer.index("grey beak")] == 2


def test_attributes_of_classes_are_those_of_its_table(birds):
    counts, attributes = attribute_counts(birds, words="classes")
    assert set(attributes) == {f"{colour} wing" for colour in COLOURS}
    for row, label in enumerate(birds.table.category):
        assert [attributes[t] for t in np.flatnonzero(counts.toarray()[row])] == [f"{label.split()[0]} wing"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"words": "poems"}, 'words come from "captions" or "classes"'),
        ({"at_least": 1000}, "no attribute that its captions name at least 1000 times"),
        ({"words": "classes", "percentage": 0}, "percentage must be above 0"),
    ],
)
def test_attributes_that_cannot_be_counted(birds, options, says):
    with pytest.raises(ValueError, match=says):
        attribute_counts(birds, **options)


def test_attributes_without_a_source(birds):
    bare = dataclasses.replace(birds, annotations=Annotations())
    with pytest.raises(ValueError, match='words="classes" takes attributes of classes'):
        attribute_counts(bare)
    with pytest.raises(ValueError, match='words="captions" takes them from captions'):
        attribute_counts(bare, words="classes")


@pytest.mark.parametrize("said", ["", "дрозд с чёрным клювом", "\ufffd\ufffd", "<b></b>"])
def test_captions_that_say_nothing_are_no_attribute(birds, said):
    silent = pd.DataFrame({"image": ["p00"], "text": [said]})
    other = dataclasses.replace(birds, annotations=Annotations(captions=silent))
    with pytest.raises(ValueError, match="no attribute that its captions name"):
        attribute_counts(other)


def test_markup_in_captions_is_no_word(birds):
    said = pd.DataFrame({"image": ["p00"], "text": ["<b>a red</b> wing &amp; <i>a black beak</i>"]})
    _, attributes = attribute_counts(dataclasses.replace(birds, annotations=Annotations(captions=said)))
    assert set(attributes) == {"red wing", "black beak"}


# ------------------------------------------------------------------------------------------------ pooled classifiers


@pytest.mark.parametrize("bias", [True, False])
def test_a_pooled_classifier_answers_as_its_network(birds, bias):
    network = network_of(stages(bias=bias))
    found = PooledClassifier.of(network, LABELS)
    assert (found.layer, found.labels) == ("maps", LABELS)
    batch = torch.stack([network.preprocess(birds.source.image(id)) for id in birds.ids])
    with torch.no_grad():
        wanted = network.logits(batch).numpy()
    np.testing.assert_allclose(found.logits(found.pooled(birds).to_numpy()), wanted, rtol=1e-4, atol=1e-4)


def test_the_layer_is_found_among_several(birds):
    parts = OrderedDict(first=nn.Conv2d(3, 6, 3), active=nn.ReLU(), **{**stages(), "conv": nn.Conv2d(6, 6, 3)})
    network = network_of(parts, {"early": "active", "late": "relu"})
    assert PooledClassifier.of(network).layer == "late"
    with pytest.raises(ValueError, match=r"the mean of none of early \(6, 18, 18\)"):
        PooledClassifier.of(network_of(parts, {"early": "active"}))


def test_maps_come_in_batches_and_alone(network, birds):
    found = PooledClassifier.of(network, LABELS)
    groups = list(found.streamed_maps(birds, batch=7))
    assert [id for ids, _ in groups for id in ids] == list(birds.ids)
    assert max(len(maps) for _, maps in groups) == 7
    together = np.concatenate([maps for _, maps in groups])
    alone = np.stack([found.maps(birds.source.image(id)) for id in birds.ids])
    np.testing.assert_allclose(together, alone, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(together.mean((2, 3)), found.pooled(birds).to_numpy(), rtol=1e-4, atol=1e-5)
    with pytest.raises(ValueError, match="at least 1 picture"):
        next(found.streamed_maps(birds, batch=0))


def two_layers():
    return OrderedDict(**stages(classes=5), more=nn.ReLU(), second=nn.Linear(5, 3))


def without_pooling():
    return OrderedDict(conv=nn.Conv2d(3, 6, 3, stride=2), relu=nn.ReLU(), flat=nn.Flatten(), linear=nn.Linear(486, 3))


def maximum():
    return OrderedDict(**{**stages(), "pool": nn.AdaptiveMaxPool2d(1)})


def rectified():
    return OrderedDict(**stages(), last=nn.Sigmoid())


def convolutional():
    return OrderedDict(conv=nn.Conv2d(3, 3, 3), relu=nn.ReLU(), pool=nn.AdaptiveAvgPool2d(1), flat=nn.Flatten())


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (two_layers, "the linear layers of tiny are: linear, second"),
        (without_pooling, r"it gets 486 values that are the mean of none of maps \(6, 9, 9\)"),
        (maximum, "must get the mean of a layer's maps"),
        (rectified, "is not what its linear layer linear gives"),
        (convolutional, "the linear layers of tiny are: none"),
    ],
)
def test_networks_that_are_no_pooled_classifiers(parts, says):
    with pytest.raises(ValueError, match=says):
        PooledClassifier.of(network_of(parts()))


def test_caffenet_is_none():
    with pytest.raises(ValueError, match="one linear layer"):
        PooledClassifier.of(backbone.load("caffenet-mini"))


@pytest.mark.parametrize("labels", [("a", "b"), ("a", "b", "a")])
def test_each_class_has_its_label(network, labels):
    with pytest.raises(ValueError, match="tells 3 classes apart and needs as many different labels"):
        PooledClassifier.of(network, labels)


# -------------------------------------------------------------------------------------------------------- explainers


def test_an_explanation_is_that_of_the_loops(explainer, birds):
    training = birds.part("train")
    counts, attributes = attribute_counts(training)
    pooled = explainer.classifier.pooled(training).to_numpy().astype(float)
    mentioned, prior = counts.toarray() > 0, explanations.attribute_prior(counts, kind="tf-idf")
    density = np.zeros((6, len(attributes)))
    for f in range(6):
        largest = pooled[:, f].max()
        for t in range(len(attributes)):
            density[f, t] = prior[t] * sum(pooled[k, f] / largest for k in range(len(pooled)) if mentioned[k, t])
    np.testing.assert_allclose(explainer.joint, density, rtol=1e-6)
    density /= density.sum(axis=1, keepdims=True)
    picture = birds.source.image(birds.ids[0])
    explained = explainer.explain(picture, "green bird")
    responses = explainer.classifier.maps(picture).mean((1, 2))
    added = np.maximum(responses * explainer.classifier.weights[1], 0)
    expected = pd.Series((added / added.sum()) @ density, attributes)
    np.testing.assert_allclose(explained.attributes, expected[explained.attributes.index], rtol=1e-5)
    assert explained.attributes.is_monotonic_decreasing
    assert explained.sentence == explanations.sentence("green bird", list(explained.attributes.index[:5]))


def test_all_at_once_are_those_one_by_one(explainer, birds):
    found = explainer.explain_all(birds.part("test"))
    for row, id in enumerate(found.ids):
        one = explainer.explain(birds.source.image(id))
        assert one.label == one.predicted == found.labels[row] == found.predicted[row]
        assert one.probability == pytest.approx(found.probability[row], rel=1e-4)
        assert one.sentence == found.sentences()[row]
        np.testing.assert_allclose(found.values[row], one.attributes[list(found.attributes)], rtol=1e-3, atol=1e-7)


def test_classes_that_are_asked_for(explainer, birds):
    test = birds.part("test")
    found = explainer.explain_all(test, labels=["blue bird"] * len(test))
    assert set(found.labels) == {"blue bird"}
    assert explainer.explain(test.source.image(test.ids[0]), "blue bird").label == "blue bird"
    with pytest.raises(KeyError, match="does not know the class 'penguin'; it knows red bird, green bird, blue bird"):
        explainer.explain(test.source.image(test.ids[0]), "penguin")
    with pytest.raises(ValueError, match="a label for each"):
        explainer.explain_all(test, labels=["blue bird"])


def test_descriptions_of_classes_and_filters(explainer, birds):
    described = explainer.describe("red bird")
    weights = np.maximum(explainer.classifier.weights[0], 0)
    expected = pd.Series(weights / weights.sum() @ explainer.density, explainer.attributes)
    np.testing.assert_allclose(described.attributes, expected[described.attributes.index], rtol=1e-6)
    contrast = described.contrast(explainer.describe("blue bird"))
    assert contrast.is_monotonic_decreasing
    assert contrast.sum() == pytest.approx(0, abs=1e-9)
    told = explainer.filter(2)
    assert told.attributes.sum() == pytest.approx(1)
    training = explainer.classifier.pooled(birds.part("train"))
    assert told.pictures.index[0] == training["image"].to_numpy()[training.to_numpy()[:, 2].argmax()]
    with pytest.raises(IndexError, match="numbered from 0 to 5; got 6"):
        explainer.filter(6)
    with pytest.raises(IndexError, match="got -1"):
        explainer.filter(-1)


def test_where_an_attribute_is(explainer, birds):
    picture = birds.source.image(birds.ids[0])
    maps = explainer.grounding(picture, ["red wing", "gray bill"])
    column = explainer.density[:, explainer.attributes.index("gray bill")]
    expected = np.tensordot(column, explainer.classifier.maps(picture), 1)
    np.testing.assert_allclose(maps[1], expected, rtol=1e-5)
    with pytest.raises(KeyError, match="does not know the attribute 'red nose'"):
        explainer.grounding(picture, ["red nose"])


def test_only_training_pictures_are_learned_from(network, birds):
    said = birds.annotations.captions
    outside = ~said["image"].isin(birds.part("train").ids)
    other = said.assign(text=said["text"].where(~outside, "a purple crest."))
    changed = dataclasses.replace(birds, annotations=dataclasses.replace(birds.annotations, captions=other))
    one, two = (Explainer.fit(network, given, labels=LABELS) for given in (birds, changed))
    assert one.attributes == two.attributes
    assert np.array_equal(one.density, two.density)


def test_the_report_counts_what_could_not_be_used(network, birds):
    train = birds.part("train")
    silent = train.ids[train.table.category == "red bird"]
    said = birds.annotations.captions
    said = said[~said["image"].isin(silent)]
    shared = pd.DataFrame({"image": [id for id in train.ids if id not in silent], "text": "a small tail"})
    texts = pd.concat([said, shared], ignore_index=True)
    given = dataclasses.replace(birds, annotations=dataclasses.replace(birds.annotations, captions=texts))
    report = Explainer.fit(network, given, labels=LABELS).report
    assert report["pictures"] == len(train)
    assert report["of which no attribute is said"] == len(silent)
    assert report["classes without a training picture of which something is said"] == ["red bird"]
    everywhere = pd.DataFrame({"image": list(train.ids), "text": "a small tail"})
    all_have = dataclasses.replace(
        birds,
        annotations=dataclasses.replace(
            birds.annotations, captions=pd.concat([birds.annotations.captions, everywhere], ignore_index=True)
        ),
    )
    fitted = Explainer.fit(network, all_have, labels=LABELS)
    assert fitted.report["attributes that every picture has"] == 1
    assert (fitted.density[:, fitted.attributes.index("small tail")] == 0).all()


def test_a_corpus_without_training_pictures(network, birds):
    with pytest.raises(ValueError, match="has no training pictures"):
        Explainer.fit(network, birds.part("test"), labels=LABELS)


@pytest.mark.parametrize(
    "wrong", [{"prior": "x"}, {"scaling": "x"}, {"images": "x"}, {"importance": "x"}, {"count": 0}]
)
def test_unknown_choices(wrong):
    with pytest.raises(ValueError, match=r"x|count"):
        Settings(**wrong)


def test_choices_change_the_answer(network, birds):
    paper = Explainer.fit(network, birds, labels=LABELS)
    for choice in ({"prior": "uniform"}, {"scaling": "z-relu"}, {"images": "mean"}):
        other = Explainer.fit(network, birds, labels=LABELS, settings=Settings(**choice))
        assert not np.allclose(paper.density, other.density)
    signed = Explainer.fit(network, birds, labels=LABELS, settings=Settings(importance="signed"))
    assert (signed.describe("red bird").filters < 0).any()


# ----------------------------------------------------------------------------------------------------------- storage


def test_saved_and_loaded_bit_for_bit(explainer, network, birds, tmp_path):
    explainer.save(tmp_path / "one.safetensors")
    again = Explainer.load(tmp_path / "one.safetensors", network)
    for name in ("joint", "density", "top_responses"):
        assert np.array_equal(getattr(again, name), getattr(explainer, name))
    for name in ("attributes", "settings", "top", "report"):
        assert getattr(again, name) == getattr(explainer, name)
    picture = birds.source.image(birds.ids[3])
    pd.testing.assert_series_equal(again.explain(picture).attributes, explainer.explain(picture).attributes)


def test_files_that_are_no_explainer(explainer, network, tmp_path):
    path = tmp_path / "one.safetensors"
    explainer.save(path)
    with pytest.raises(ValueError, match="Load the one it was fitted to"):
        Explainer.load(path, network_of(stages(bias=False)))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="no explainer, or not whole"):
        Explainer.load(path, network)
    with pytest.raises(FileNotFoundError, match="no explainer at"):
        Explainer.load(tmp_path / "none", network)
    from safetensors.numpy import save_file

    save_file({"joint": np.zeros(2)}, tmp_path / "other")
    with pytest.raises(ValueError, match="must be a file of format"):
        Explainer.load(tmp_path / "other", network)


# ----------------------------------------------------------------------------------------------------- what is shown


def test_what_notebooks_show_is_escaped(network, birds):
    label = "<script>alert(1)</script>"
    explainer = Explainer.fit(network, birds, labels=(label, "b", "c"))
    explained = explainer.explain(birds.source.image(birds.ids[0]), label)
    for shown in (explained._repr_html_(), explainer.describe(label)._repr_html_()):
        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown
    assert "<table>" in explainer.filter(0)._repr_html_()


def test_how_they_are_printed(explainer, birds):
    assert repr(explainer).startswith("Explainer(PooledClassifier(Tiny: 6 filters of maps, 3 classes), 7 attributes")
    assert str(explainer.describe("red bird")).startswith("This is a red bird because it has ")
    assert str(explainer.explain(birds.source.image(birds.ids[0]))).startswith("This is a ")
    assert str(explainer.filter(0)).startswith("filter 0: ")
    found = explainer.explain_all(birds.part("test"))
    assert repr(found) == f"Explanations({len(found)} pictures, 7 attributes)"


def test_only_what_is_alike_is_contrasted(network, birds, explainer):
    other = Explainer.fit(network, birds, labels=LABELS, words="classes")
    with pytest.raises(ValueError, match="come from different explainers"):
        explainer.describe("red bird").contrast(other.describe("red bird"))
