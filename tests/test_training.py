"""Fine-tuning: a rule that is learned, steps that are those of a formula, results that no interruption changes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from sklearn.metrics import average_precision_score
from torch import nn

from neuroattr import activations, backbone, corpus, papers, provenance, training
from neuroattr.assets import cache_folder
from neuroattr.backbone import Backbone, Preprocess, structure
from neuroattr.backbone.caffenet import Widths, caffenet
from neuroattr.training import Tuning, layers, tasks, trainer, tuned
from neuroattr.training.examples import Examples
from neuroattr.training.fitting import Setup
from neuroattr.training.logits import is_fed_by_deepest
from neuroattr.training.pictures import scaled
from neuroattr.training.tuning import LARGE

torch.set_num_threads(1)
LAYERS = ("norm1", "norm2", "conv3", "conv4", "pool5", "fc6", "fc7")
SMALL = Widths(4, 6, 6, 6, 5, 8, 8, groups=1, side=67, mean_picture=False)
PLAIN = Tuning(epochs=2, batch=8, step=1, dropout=0.0, flips=False, precision="float32")
COLOURS = {"red": (200, 30, 30), "green": (30, 180, 40), "blue": (40, 40, 210)}


@pytest.fixture(autouse=True)
def _cached(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def net():
    """The small network's layers, a few channels wide, with random weights."""
    rectified = {"conv3": "relu3", "conv4": "relu4", "fc6": "relu6", "fc7": "relu7"}
    nodes = {layer: rectified.get(layer, layer) for layer in LAYERS}
    shown = Preprocess(resize=70, crop=67, warp=True, order="BGR")
    return Backbone(caffenet(SMALL, seed=0), name="tiny", title="Tiny", nodes=nodes, preprocess=shown, licence="none")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Sixty pictures of one colour each; the words are the colour and "bright", the category is the colour's."""
    folder, random, rows = tmp_path_factory.mktemp("drawn"), np.random.default_rng(0), []
    for number in range(60):
        colour = list(COLOURS)[number % 3]
        pixels = np.clip(np.array(COLOURS[colour]) + random.normal(0, 25, (20, 20, 3)), 0, 255).astype(np.uint8)
        Image.fromarray(pixels).resize((80, 80)).save(folder / f"{number:02d}.png")
        rows.append({"id": f"p{number:02d}", "image": f"{number:02d}.png", "text": colour, "category": f"{colour} box"})
    options = {"image_column": "image", "text_columns": ("text",), "id_column": "id", "category_column": "category"}
    return corpus.Corpus.from_table(pd.DataFrame(rows), words=list(COLOURS), root=folder, name="boxes", **options)


def weights(module):
    return {name: value.clone() for name, value in module.state_dict().items()}


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


def prepared(net, drawn, recipe, kind="attributes"):
    """A `Trainer` over the drawn pictures, as `finetune` makes one, and the whole module."""
    task, shown = tasks.task(kind), drawn.subset(drawn.table.split.isin(("train", "validation")).to_numpy())
    targets, split = task.targets(shown), shown.table.split.to_numpy()
    parts = [targets.among(split[targets.rows] == part) for part in ("train", "validation")]
    module, head = layers.with_head(net, task.biases(parts[0]), seed=recipe.seed)
    layers.freeze(net, module, recipe.frozen)
    array = np.stack([np.asarray(net.preprocess.picture(shown.image(i))) for i in range(len(shown))])
    inputs = trainer.Pixels(array, net.preprocess, torch.device("cpu"))
    answers = [(part.rows, part.values) for part in parts]
    return trainer.Trainer(module, module.get_submodule(head), inputs, answers, task, recipe), shown


# A worked example


@pytest.mark.parametrize("task", ["attributes", "categories"])
def test_a_rule_that_pictures_follow_is_learned(net, drawn, task):
    recipe = Tuning(epochs=12, batch=6, rate=3e-3, step=10, dropout=0.0, patience=12)
    tuned = training.finetune(net, drawn, task, recipe)
    answers = tuned.answers(drawn)
    test = drawn.part("test").ids
    named = answers.loc[test].to_numpy().argmax(axis=1)
    wanted = [label.split()[0] for label in np.array(tuned.labels)[named]]
    assert np.mean(drawn.table.title.loc[test] == wanted) >= 0.9
    assert tuned.curves["training loss"].iloc[-1] < 0.5 * tuned.curves["training loss"].iloc[0]
    assert tuned.report["validation measure"] >= 0.9


def test_average_precision_by_hand():
    """Ranked 1, 0, 1: precision 1 at the first hit, 2/3 at the second; the word that all have is left out."""
    logits, values = np.array([[3.0, 0], [2.0, 0], [1.0, 0]]), np.array([[1.0, 1], [0, 1], [1, 1]])
    assert tasks.mean_average_precision(logits, values) == pytest.approx((1 + 2 / 3) / 2)


def test_the_rate_falls_by_steps():
    recipe = Tuning(rate=1.0, step=2, drop=0.1)
    assert [round(recipe.rate_in(epoch), 6) for epoch in (1, 2, 3, 4, 5)] == [1, 1, 0.1, 0.1, 0.01]


# Oracles


def test_one_step_is_gradient_momentum_and_decay_by_hand(net, drawn):
    """v = g + decay w; v' = momentum v + g' + decay w'; w -= rate v, ten times as much for the new layer."""
    recipe = replace(PLAIN, epochs=1, batch=15, momentum=0.5, weight_decay=0.01, rate=1e-3)
    ours, shown = prepared(net, drawn, recipe)
    rows, values = ours.train
    order = np.random.default_rng([recipe.seed, 1]).permutation(len(rows))
    module, _ = layers.with_head(net, np.zeros(3), seed=0)
    module.load_state_dict(weights(ours.module))
    module.requires_grad_(True)
    pictures = torch.stack([net.preprocess(shown.image(int(row))) for row in rows])
    speed = {name: torch.zeros_like(p) for name, p in module.named_parameters()}
    for start in range(0, len(order), 15):
        some = order[start : start + 15]
        loss = nn.functional.binary_cross_entropy_with_logits(
            module(pictures[some]), torch.from_numpy(values[some]), reduction="sum"
        )
        gradients = torch.autograd.grad(loss / len(some), list(module.parameters()))
        with torch.no_grad():
            for (name, p), gradient in zip(module.named_parameters(), gradients, strict=True):
                speed[name] = 0.5 * speed[name] + gradient + 0.01 * p
                p -= (1e-2 if name.startswith("fc8") else 1e-3) * speed[name]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trainer.tqdm, "update", lambda *_: None)
        ours.run_epoch(trainer.tqdm(disable=True))
    for name, wanted in module.named_parameters():
        torch.testing.assert_close(dict(ours.module.named_parameters())[name], wanted, rtol=2e-5, atol=1e-7)


def test_pictures_are_scaled_as_the_network_wants_them(net, drawn):
    picture = drawn.image(0)
    pixels = torch.from_numpy(np.asarray(net.preprocess.picture(picture)).copy())[None]
    assert torch.equal(scaled(pixels, net.preprocess)[0], net.preprocess(picture))


def test_maps_of_frozen_layers_give_what_the_whole_network_gives(net, drawn):
    module, _ = layers.with_head(net, np.zeros(3), seed=0)
    beginning, rest = layers.divided(net, module, ("norm1", "norm2"))
    array = np.stack([np.asarray(net.preprocess.picture(drawn.image(i))) for i in range(3)])
    pixels, rows = trainer.Pixels(array, net.preprocess, torch.device("cpu")), np.arange(3)
    mirrored = np.array([False, True, True])
    place = os.environ["NEUROATTR_CACHE"] + ".npy"
    maps = trainer.recorded_maps(beginning, pixels, place, precision="float32", progress=False)
    with torch.no_grad():
        whole, cut = module(pixels.batch(rows, mirrored)), rest(maps.batch(rows, mirrored))
    torch.testing.assert_close(cut, whole, rtol=2e-3, atol=2e-3)  # maps are kept in half precision
    assert not torch.allclose(whole, module(pixels.batch(rows, ~mirrored)), rtol=2e-3, atol=2e-3)


def test_the_measure_is_that_of_scikit_learn():
    random = np.random.default_rng(0)
    logits, values = random.normal(size=(40, 3)), (random.random((40, 3)) < 0.4).astype(float)
    wanted = np.mean([average_precision_score(values[:, i], logits[:, i]) for i in range(3)])
    assert tasks.mean_average_precision(logits, values) == pytest.approx(wanted)


# What must not change, and what must


def test_a_tuned_network_has_the_same_layers_and_other_weights(net, drawn):
    before = weights(net.module)
    tuned = training.finetune(net, drawn, "attributes", PLAIN).network
    assert (tuned.layers, tuned.widths, tuned.preprocess) == (net.layers, net.widths, net.preprocess)
    assert tuned.receptive_fields == net.receptive_fields
    assert (tuned.name, tuned.title) == ("tiny+attributes", "Tiny, attribute-tuned")
    assert tuned.digest != net.digest
    assert same(weights(net.module), before)
    assert not any(p.requires_grad for p in tuned.module.parameters())


def test_answers_are_the_logits_of_the_new_layer_and_units_are_recorded_as_ever(net, drawn):
    tuned = training.finetune(net, drawn, "categories", PLAIN)
    few = drawn.subset([5, 2, 9])
    answers = tuned.answers(few)
    wanted = tuned.network.logits(torch.stack([net.preprocess(few.image(i)) for i in range(3)]))
    np.testing.assert_allclose(answers.to_numpy(), wanted, rtol=1e-4, atol=1e-5)
    assert list(answers.columns) == list(tuned.labels) == ["blue box", "green box", "red box"]
    assert list(answers.index) == list(few.ids)
    assert activations.record(tuned.network, few).shape == (3, len(net.units))


def test_answers_need_no_second_pass_where_the_deepest_layer_is_recorded(net, drawn, monkeypatch):
    tuned = training.finetune(net, drawn, "categories", PLAIN)
    assert is_fed_by_deepest(tuned.network, tuned.network.module.fc8)
    activations.record(tuned.network, drawn)
    monkeypatch.setattr(activations.passes, "pooled", lambda *_: pytest.fail("passed again"))
    assert tuned.answers(drawn).shape == (60, 3)


def test_answers_are_recorded_themselves_where_it_is_not(drawn):
    residual = backbone.load("resnet18", weights="random", seed=0)
    assert not is_fed_by_deepest(residual, residual.module.fc)
    few = drawn.subset(np.arange(3))
    tuned = training.Tuned(residual, tuple(map(str, range(1000))), pd.DataFrame(), {}, "fc")
    wanted = residual.logits(torch.stack([residual.preprocess(few.image(i)) for i in range(3)]))
    np.testing.assert_allclose(tuned.answers(few).to_numpy(), wanted, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("frozen", [("norm2",), ("norm1", "conv4"), ("fc7",)])
def test_frozen_layers_and_what_feeds_them_stay_as_they_are(net, drawn, frozen):
    tuned = training.finetune(net, drawn, "attributes", replace(PLAIN, frozen=frozen)).network
    before, after = weights(net.module), weights(tuned.module)
    deepest = max(LAYERS.index(layer) for layer in frozen)
    stages = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7"]
    for depth, stage in enumerate(stages):
        assert torch.equal(before[f"{stage}.weight"], after[f"{stage}.weight"]) == (depth <= deepest), stage


def test_a_residual_network_is_tuned_behind_its_frozen_blocks(drawn):
    residual = backbone.load("resnet18", weights="random", seed=0)
    few = drawn.subset(np.r_[np.flatnonzero(drawn.table.split == "train")[:8], np.flatnonzero(drawn.table.split == "validation")[:4]])  # fmt: skip # noqa: E501
    recipe = replace(PLAIN, epochs=1, frozen=("block1", "block2", "block3", "block4"))
    tuned = training.finetune(residual, few, "categories", recipe)
    before, after = weights(residual.module), weights(tuned.network.module)
    assert tuned.head == "fc"
    changed = {name.split(".")[0] for name in before if name in after and before[name].shape == after[name].shape
               and not torch.equal(before[name], after[name])}  # fmt: skip
    assert changed == {"layer4"}
    assert torch.equal(before["layer4.0.bn1.running_mean"], after["layer4.0.bn1.running_mean"])


def test_the_test_part_is_never_opened(net, drawn, monkeypatch):
    opened, image = set(), type(drawn.source).image
    monkeypatch.setattr(type(drawn.source), "image", lambda self, id: opened.add(id) or image(self, id))
    training.finetune(net, drawn, "attributes", PLAIN)
    assert opened == set(drawn.ids) - set(drawn.part("test").ids)


def test_pictures_that_cannot_be_read_are_left_out_and_counted(net, drawn, tmp_path):
    for path in sorted(drawn.source.root.glob("*.png")):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    broken = [drawn.part(part).ids[0] for part in ("train", "validation", "test")]
    for id in broken:
        (tmp_path / drawn.source.files[id]).write_bytes(b"no picture")
    damaged = replace(drawn, source=replace(drawn.source, root=tmp_path))
    report = training.finetune(net, damaged, "attributes", PLAIN).report
    assert set(report["skipped"]) == set(broken[:2])
    assert (report["training pictures"], report["validation pictures"]) == (29, 14)


def test_whatever_a_decoder_raises_leaves_one_picture_out(net, drawn, monkeypatch):
    broken, kind = drawn.part("train").ids[0], type(drawn.source)
    for name in ("image", "digest"):
        own = getattr(kind, name)

        def raising(self, id, own=own):
            if id == broken:
                raise RuntimeError("decoder")
            return own(self, id)

        monkeypatch.setattr(kind, name, raising)
    report = training.finetune(net, drawn, "attributes", PLAIN).report
    assert report["skipped"] == {broken: "RuntimeError: decoder"}


def test_pictures_without_a_category_or_of_one_never_learned_are_counted(net, drawn):
    table = drawn.table.copy()
    first = {part: table.index[table.split == part][0] for part in ("train", "validation")}
    table.loc[first["train"], "category"] = None
    table.loc[first["validation"], "category"] = "hat"
    tuned = training.finetune(net, replace(drawn, table=table), "categories", PLAIN)
    assert tuned.labels == ("blue box", "green box", "red box")
    assert tuned.report["without an answer"] == 2


@pytest.mark.parametrize("empty", ["", "  ", None, float("nan"), pd.NA, "nan"])
def test_an_empty_cell_is_no_category(drawn, empty):
    table = drawn.table.copy().astype({"category": object})
    table.iloc[:7, table.columns.get_loc("category")] = empty
    targets = tasks.task("categories").targets(replace(drawn, table=table))
    assert targets.labels == ("blue box", "green box", "red box")
    assert targets.rows.tolist() == list(range(7, 60))


@pytest.mark.parametrize("kind", [torch.float64, torch.bfloat16])
def test_a_network_in_another_precision_is_tuned_in_single_and_stays_as_it_is(drawn, kind):
    nodes, shown = {"pool5": "pool5", "fc7": "relu7"}, Preprocess(resize=70, crop=67, warp=True)
    module = caffenet(SMALL, seed=0).to(kind).train()
    own = Backbone(module, name="tiny", title="Tiny", nodes=nodes, preprocess=shown, licence="none")
    tuned = training.finetune(own, drawn, "categories", replace(PLAIN, epochs=1, frozen=("pool5",)))
    assert {weight.dtype for weight in tuned.network.module.parameters()} == {torch.float32}
    assert {weight.dtype for weight in module.parameters()} == {kind}
    assert all(stage.training for stage in module.modules())
    assert all(weight.requires_grad and weight.grad is None for weight in module.parameters())


class Rectified(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = torch.nn.Linear(3, 4)

    def forward(self, pixels):
        return self.dense(pixels.mean((2, 3))).relu_()


def test_a_dense_layer_whose_answers_are_rectified_in_place_is_not_the_last():
    shown = Preprocess(resize=8, crop=8)
    own = Backbone(Rectified(), name="tiny", title="Tiny", nodes={"d": "dense"}, preprocess=shown, licence="none")
    with pytest.raises(ValueError, match=r"^tiny has no dense layer \(nn.Linear\) that gives its answers"):
        layers.with_head(own, np.zeros(2), seed=0)


def test_it_stops_when_validation_gets_no_better_and_keeps_the_best_epoch(net, drawn):
    tuned = training.finetune(net, drawn, "attributes", replace(PLAIN, epochs=30, rate=0.05, step=30, patience=2))
    losses = tuned.curves["validation loss"].to_numpy()
    assert tuned.report["best epoch"] == 1 + losses.argmin()
    assert len(losses) < 30
    assert len(losses) - tuned.report["best epoch"] == 2
    assert tuned.report["stopped"] == "no better validation loss for 2 epochs"
    ours, _ = prepared(net, drawn, PLAIN)
    ours.module.load_state_dict(weights(tuned.network.module))
    assert ours.validate()[1] == pytest.approx(losses.min(), rel=1e-5)


# Interrupted, at the same time, again


def test_a_resumed_tuning_ends_with_the_same_bits(net, drawn, monkeypatch):
    recipe = replace(PLAIN, epochs=4, dropout=0.3, flips=True, precision="bfloat16")
    whole = training.finetune(net, drawn, "attributes", recipe)
    monkeypatch.setenv("NEUROATTR_CACHE", os.environ["NEUROATTR_CACHE"] + "-second")
    learn, calls = trainer.Trainer.run_epoch, []

    def interrupted(self, bar):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(self.epoch)
        learn(self, bar)

    with monkeypatch.context() as patched:
        patched.setattr(trainer.Trainer, "run_epoch", interrupted)
        with pytest.raises(KeyboardInterrupt):
            training.finetune(net, drawn, "attributes", recipe)
    resumed = training.finetune(net, drawn, "attributes", recipe)
    assert resumed.network.digest == whole.network.digest
    timeless = [c for c in whole.curves if c != "seconds"]
    pd.testing.assert_frame_equal(resumed.curves[timeless], whole.curves[timeless], check_exact=True)


KILLED = """
import sys, time; from pathlib import Path; import torch; torch.set_num_threads(1)
from neuroattr import backbone, corpus, training
from neuroattr.training import trainer
save = trainer.Trainer.save
trainer.Trainer.save = lambda self, path: (save(self, path), time.sleep(600))
shown = corpus.Corpus.from_folder(Path(sys.argv[1]), words=["striped"], name="kept")
training.finetune(backbone.load("caffenet-mini"), shown, "categories", training.Tuning(epochs=2))
"""


@pytest.fixture
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # sums are taken in another order by more threads
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
def test_after_kill_nothing_counts_and_the_rest_gives_the_same_bits(drawn, tmp_path, monkeypatch):
    for id, category in drawn.table.category.items():
        (tmp_path / "kept" / category).mkdir(parents=True, exist_ok=True)
        (tmp_path / "kept" / category / f"{id}.png").write_bytes(drawn.source.path(id).read_bytes())
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path / "kept")])
    tuned = tmp_path / "cache" / "tuned"
    while process.poll() is None and not list(tuned.glob("*/checkpoint.pt")):
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (folder,) = (path.parent for path in tuned.glob("*/checkpoint.pt"))
    assert sorted(path.name for path in folder.iterdir()) == ["checkpoint.pt", "record.json"]
    kept = corpus.Corpus.from_folder(tmp_path / "kept", words=["striped"], name="kept")
    mini, recipe = backbone.load("caffenet-mini"), Tuning(epochs=2)
    resumed = training.finetune(mini, kept, "categories", recipe)
    assert (folder / "whole.json").exists()
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "second"))
    assert training.finetune(mini, kept, "categories", recipe).network.digest == resumed.network.digest


def test_a_network_is_the_same_to_others_while_it_is_looked_at(net, monkeypatch):
    before, logits, meanwhile = net.digest, Backbone.logits, []

    def seen(self, batch):
        meanwhile.append(net.digest)
        return logits(self, batch)

    monkeypatch.setattr(Backbone, "logits", seen)
    layers._last_dense(net)
    is_fed_by_deepest(net, net.module.fc8)
    assert set(meanwhile) == {before} and len(meanwhile) == 2


def test_who_looks_at_a_network_does_not_see_the_passes_of_other_threads(net):
    seen = []
    hook = net.module.fc8.register_forward_hook(structure.looking(lambda _, __, out: seen.append(len(out))))
    side = net.preprocess.crop
    other = threading.Thread(target=net.logits, args=(torch.zeros(3, 3, side, side),))
    other.start()
    other.join()
    net.logits(torch.zeros(2, 3, side, side))
    hook.remove()
    assert seen == [2]


def test_two_at_the_same_time_train_once(net, drawn, monkeypatch):
    learn, epochs, results = trainer.Trainer.run_epoch, [], []
    monkeypatch.setattr(trainer.Trainer, "run_epoch", lambda self, bar: (epochs.append(1), learn(self, bar)))
    tasks_ = [threading.Thread(target=lambda: results.append(training.finetune(net, drawn, "attributes", PLAIN)))
              for _ in range(2)]  # fmt: skip
    for thread in tasks_:
        thread.start()
    for thread in tasks_:
        thread.join()
    assert len(epochs) == PLAIN.epochs
    assert results[0].network.digest == results[1].network.digest


def test_the_same_again_is_read_and_not_learned(net, drawn, monkeypatch):
    first = training.finetune(net, drawn, "attributes", PLAIN)
    monkeypatch.setattr(trainer.Trainer, "run_epoch", lambda *_: pytest.fail("learned again"))
    again = training.finetune(net, drawn, "attributes", PLAIN)
    assert again.network.digest == first.network.digest
    pd.testing.assert_frame_equal(again.curves, first.curves)
    assert again.report == first.report
    (folder,) = (path.parent for path in cache_folder().glob("tuned/*/whole.json"))
    assert {path.name for path in folder.iterdir()} - {".verified"} == {
        "whole.json", "record.json", "report.json", "weights.safetensors",
    }  # fmt: skip


def test_the_key_changes_with_everything_that_decides_the_result(net, drawn):
    shown, ids = tasks.task("attributes").targets(drawn), list(drawn.ids)
    first, second = (shown.among(np.isin(shown.rows, rows)) for rows in (range(30), range(30, 60)))

    def key(net=net, task="attributes", tuning=PLAIN, train=first, validation=second, changed=None):
        examples = Examples(ids, ["other" if row == changed else "same" for row in range(60)], train, validation)
        setup = Setup(net, drawn, tasks.task(task), tuning, examples, net.module, "fc8")
        return provenance.key(tuned._record(setup))

    def inverted(targets):
        return replace(targets, values=1 - targets.values)

    other_net = Backbone(
        caffenet(SMALL, seed=1), name="tiny", title="Tiny", nodes=net.nodes, preprocess=net.preprocess, licence="none"
    )
    keys = [
        key(),
        key(net=other_net),
        key(task="categories"),
        key(train=inverted(first)),
        key(validation=inverted(second)),
        key(train=replace(first, labels=("x", "y", "z"))),
        key(changed=0),
        key(changed=59),
        *(key(tuning=replace(PLAIN, **{name: value})) for name, value in {
            "epochs": 3, "batch": 9, "rate": 0.1, "head_factor": 2.0, "momentum": 0.1, "weight_decay": 0.0, "step": 2,
            "drop": 0.5, "patience": 9, "dropout": 0.1, "flips": True, "frozen": ("norm1",), "precision": "bfloat16",
            "seed": 1,
        }.items()),
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)
    assert key() == keys[0]


def test_a_list_of_frozen_layers_is_as_good_as_a_tuple():
    assert Tuning(frozen=["norm1"]) == Tuning(frozen=("norm1",))


def test_the_page_of_open_choices_tells_the_defaults():
    reason = papers.load("discovery").choices.set_index("name").loc["fine_tuning", "reason"]
    recipe = Tuning()
    for said in (
        f"batches of {recipe.batch},",
        f"at most {recipe.epochs} epochs",
        f"a tenth after {recipe.step},",
        f"weight decay {recipe.weight_decay:.0e}".replace("e-0", "e-"),
        f"more than {LARGE // 10**6} million",
    ):
        assert said in reason
    assert (recipe.drop, recipe.dropout, recipe.flips, recipe.frozen) == (0.1, 0.5, True, ())


def test_large_networks_have_a_shorter_recipe(net):
    assert Tuning.suited_to(net) == Tuning()
    large = backbone.load("alexnet_bvlc", weights="random", seed=0)
    assert Tuning.suited_to(large) == Tuning(epochs=8, step=6, frozen=("norm1", "norm2"))


# Errors


def test_an_unknown_task_is_refused(net, drawn):
    with pytest.raises(ValueError, match="wanted a task out of attributes, categories; got 'words'"):
        training.finetune(net, drawn, "words")


def test_an_unknown_frozen_layer_is_refused(net, drawn):
    with pytest.raises(ValueError, match=r"wanted frozen layers of tiny out of norm1, norm2, .*; got conv9"):
        training.finetune(net, drawn, "attributes", replace(PLAIN, frozen=("norm1", "conv9")))


def test_numbers_out_of_range_are_refused():
    with pytest.raises(ValueError, match=r"wanted epochs, batch, .*; got epochs=0, rate=-1, dropout=1"):
        Tuning(epochs=0, rate=-1, dropout=1)
    with pytest.raises(ValueError, match="wanted precision 'bfloat16' or 'float32', got 'half'"):
        Tuning(precision="half")


def test_a_network_without_a_dense_layer_at_its_end_is_refused(drawn):
    squeeze = backbone.load("squeezenet1_1", weights="random", seed=0)
    with pytest.raises(ValueError, match=r"squeezenet1_1 has no dense layer \(nn.Linear\) that gives its answers"):
        training.finetune(squeeze, drawn, "attributes", PLAIN)


def test_a_corpus_without_categories_is_refused(net, drawn):
    bare = replace(drawn, table=drawn.table.drop(columns="category"))
    with pytest.raises(ValueError, match='task "categories" needs a column category in the table of boxes'):
        training.finetune(net, bare, "categories", PLAIN)


def test_a_corpus_without_validation_pictures_is_refused(net, drawn):
    with pytest.raises(ValueError, match="boxes has 30 in its train part and 0 in its validation part, and 3 labels"):
        training.finetune(net, drawn.part("train"), "attributes", PLAIN)


def test_a_loss_that_is_no_number_is_an_error(net, drawn):
    with pytest.raises(FloatingPointError, match=r"the loss became (nan|inf) in epoch \d+, at a .* lower Tuning.rate"):
        training.finetune(net, drawn, "attributes", replace(PLAIN, rate=1e30, epochs=9))


def test_changed_weights_are_not_taken_for_what_was_written(net, drawn, caplog):
    first = training.finetune(net, drawn, "attributes", PLAIN)
    (path,) = cache_folder().glob("tuned/*/weights.safetensors")
    state = load_file(path)
    state["conv1.bias"] += 1
    save_file(state, path)
    again = training.finetune(net, drawn, "attributes", PLAIN)
    assert again.network.digest == first.network.digest
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.endswith("is damaged (weights.safetensors has other bytes than were written): it is made again")


def test_a_word_that_no_validation_picture_has_has_no_measure():
    with pytest.raises(ValueError, match="no word has validation pictures with it and without it"):
        tasks.mean_average_precision(np.zeros((2, 1)), np.zeros((2, 1)))


def test_the_report_is_plain(net, drawn):
    json.dumps(training.finetune(net, drawn, "attributes", PLAIN).report)
