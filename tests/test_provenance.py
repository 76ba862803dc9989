"""Keys that cannot go stale: every module is changed in a copy, and exactly what reaches it gets another key."""

import ast
import importlib
import json
import pkgutil
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

import neuroattr
from neuroattr import assets, provenance
from neuroattr.provenance import Kept, Kind, Tree, code, kept, meaning
from neuroattr.provenance.origin import KEEPING, described, unchanged

PACKAGE = Path(neuroattr.__file__).parent
MODULES = sorted(
    ".".join(("neuroattr", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
)
EXPECTED = {
    "activations", "boxes", "colours", "colours-and-patterns", "listings", "maps", "occlusion", "pictures", "pixels",
    "products", "street", "textures", "tuned", "vectors", "visualness",
}  # fmt: skip


@pytest.fixture(scope="module")
def kinds():
    """All kinds of kept results of the package: their names, and the modules of those who make them."""
    for found in pkgutil.walk_packages([str(PACKAGE)], "neuroattr."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    return {name: kind.record()["code"]["by"] for name, kind in kept.NAMES.items() if name in EXPECTED}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The package's sources in another folder, to be changed."""
    folder = tmp_path_factory.mktemp("copy") / "neuroattr"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def changed(path):
    """The source of a file with one line of meaning more, at its end, so that no other line moves."""
    tree = ast.parse(path.read_bytes())
    tree.body.append(ast.parse("_changed = 1").body[0])
    return ast.unparse(tree)


def digests(kinds, folder):
    tree = Tree(folder, "neuroattr", KEEPING)
    return {name: described(by, tree)["sha256"] for name, by in kinds.items()}


def test_all_kinds_of_kept_results_are_known(kinds):
    assert set(kinds) == EXPECTED


def test_a_line_of_meaning_in_any_module_changes_the_keys_of_exactly_those_results_that_can_reach_it(kinds, copy):
    before = digests(kinds, copy)
    tree = Tree(copy, "neuroattr", KEEPING)
    reach = {name: set(tree.modules(by)) for name, by in kinds.items()}
    wrong = {}
    for module in MODULES:
        path = tree.path(module)
        source = path.read_bytes()
        path.write_text(changed(path), encoding="utf-8")
        after = digests(kinds, copy)
        path.write_bytes(source)
        different = {name for name in kinds if after[name] != before[name]}
        if path.name != "__init__.py" and different != {name for name in kinds if module in reach[name]}:
            wrong[module] = different
    assert wrong == {}
    assert digests(kinds, copy) == before


def test_a_comment_and_a_docstring_in_any_module_change_no_key(kinds, copy):
    before = digests(kinds, copy)
    sources = {path: path.read_bytes() for path in copy.rglob("*.py")}
    for path, source in sources.items():
        path.write_bytes(source + b"\n# a comment\n")
    try:
        assert digests(kinds, copy) == before
    finally:
        for path, source in sources.items():
            path.write_bytes(source)


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        ("neuroattr.receptive", "occlusion"),
        ("neuroattr.saliency.occluders", "occlusion"),
        ("neuroattr.statistics.counts", "visualness"),
        ("neuroattr.corpus.samples", "colours"),
        ("neuroattr.corpus.splits", "textures"),
        ("neuroattr.corpus.translation", "street"),
        ("neuroattr.text.tokens", "products"),
        ("neuroattr.atelier.wording", "listings"),
        ("neuroattr.atelier.palettes", "pictures"),
        ("neuroattr.activations.passes", "pixels"),
        ("neuroattr.training.trainer", "tuned"),
    ],
)
def test_results_know_the_modules_that_they_were_found_not_to_know(kinds, module, kind):
    assert module in Tree(outside=KEEPING).modules(kinds[kind])


def test_what_a_module_names_itself_is_told_apart_from_what_it_reaches():
    tree = Tree()
    assert tree.direct("neuroattr.receptive") == set()
    assert "neuroattr.atelier" not in tree.direct("neuroattr.corpus.registry", texts=False)
    assert "neuroattr.corpus.street" in tree.direct("neuroattr.corpus.registry")
    assert "neuroattr.statistics.codes" not in tree.direct("neuroattr.depth.shares") != set()


def test_words_of_a_paper_count_where_they_decide_and_its_claims_nowhere(kinds, copy):
    before = digests(kinds, copy)
    read = {"products", "colours", "colours-and-patterns", "textures"}
    for file, different in (("discovery.toml", set()), ("settings/discovery.toml", read)):
        path = copy / "papers" / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text + "\n# changed\n", encoding="utf-8")
        after = digests(kinds, copy)
        path.write_text(text, encoding="utf-8")
        assert {name for name in kinds if after[name] != before[name]} == different


class TestWhatRunsIsReached:
    """The closure against its oracle: whatever of the package runs while a result is made must be in its key."""

    @pytest.fixture(autouse=True)
    def cache(self, tmp_path, monkeypatch):
        monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "cache"))

    def check(self, monkeypatch, kind, make):
        """Run ``make()``; the modules of the package that ran while results of the kind were made, and their keys."""
        records, ran = [], set()
        real_record, real_made = Kind.record, Kept.made
        arrays = provenance.arrays.kept_arrays

        def record(self, *actors, **facts):
            found = real_record(self, *actors, **facts)
            if self.name == kind:
                records.append(found)
            return found

        def watch(frame, event, _):
            if event == "call":
                ran.add(frame.f_globals.get("__name__", ""))

        def watched(fill):
            def run(*arguments, **options):
                sys.setprofile(watch)
                try:
                    return fill(*arguments, **options)
                finally:
                    sys.setprofile(None)

            return run

        def made(self, fill):
            return real_made(self, watched(fill) if self.record["kind"] == kind else fill)

        monkeypatch.setattr(Kind, "record", record)
        monkeypatch.setattr(Kept, "made", made)
        monkeypatch.setattr("neuroattr.occlusion.localiser.kept_arrays", lambda p, f, **o: arrays(p, watched(f), **o))
        make()
        tree = Tree(outside=KEEPING)
        reach = set().union(*(tree.modules(found["code"]["by"]) for found in records))
        own = {name for name in ran if name.startswith("neuroattr.")}
        return own, reach

    def unreached(self, own, reach, besides=()):
        return sorted(name for name in own - reach if not name.startswith((*KEEPING, *besides)))

    def test_listings_pictures_and_boxes(self, monkeypatch):
        from neuroattr import atelier

        for kind, make in {
            "listings": lambda: atelier.shop(12, size=16, seed=0),
            "boxes": lambda: atelier.street(12, size=32, seed=0),
        }.items():
            own, reach = self.check(monkeypatch, kind, make)
            assert own
            assert (
                self.unreached(own, reach, ("neuroattr.atelier.shop_corpus", "neuroattr.atelier.street_photos.corpus"))
                == []
            )

    def test_activations_and_tuned_networks(self, monkeypatch):
        from neuroattr import activations, atelier, backbone, training

        shop, net = atelier.shop(48, size=32, seed=0), backbone.load("caffenet-mini")
        own, reach = self.check(monkeypatch, "activations", lambda: activations.record(net, shop, layers=["norm1"]))
        keeping = (  # where values go, not what; ids and bytes of the pictures are in the key
            "neuroattr.activations.recording", "neuroattr.activations.store", "neuroattr.corpus.collection",
        )  # fmt: skip
        assert "neuroattr.activations.passes" in own
        assert self.unreached(own, reach, keeping) == []
        tuning = training.Tuning(epochs=1, frozen=("norm1",))
        own, reach = self.check(monkeypatch, "tuned", lambda: training.finetune(net, shop, "categories", tuning))
        keeping = (
            "neuroattr.training.tuned",
            "neuroattr.corpus.collection",
        )  # fmt: skip
        assert "neuroattr.training.tuning" in own
        assert self.unreached(own, reach, keeping) == []

    def test_answers_to_occluded_pictures(self, monkeypatch):
        import xarray as xr

        from neuroattr import atelier, backbone, occlusion, saliency

        shop, net = atelier.shop(8, size=32, seed=0), backbone.load("caffenet-mini")
        scores = np.random.default_rng(0).random((1, len(net.units)))
        divergence = xr.DataArray(scores, dims=("word", "unit"), coords={"word": ["red"]})
        mean = occlusion.mean_picture(net, shop, seed=0, side=64)
        sliding = saliency.Occlusion(sizes=(32,), stride=32)
        localiser = occlusion.Localiser(net, divergence, mean, sliding, count=3)
        asked = {shop.ids[0]: localiser.units("red")}
        own, reach = self.check(monkeypatch, "occlusion", lambda: list(localiser.recorded(shop, asked)))
        assert "neuroattr.saliency.occluders" in own
        keeping = ("neuroattr.occlusion.localiser", "neuroattr.corpus")  # pictures count by their bytes
        assert self.unreached(own, reach, keeping) == []


FACTS = {"seed": 0}


def fill(folder):
    """What the kind of these tests keeps."""
    (folder / "deep").mkdir(exist_ok=True)
    (folder / "values.txt").write_text("1 2 3")
    (folder / "deep" / "more.txt").write_text("4")


@pytest.fixture
def trial(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    kind = Kind("trial", (meaning.digest,))
    yield kind.kept(kind.record(**FACTS))
    del kept.NAMES["trial"]


def counted(calls):
    def make(folder):
        calls.append(folder)
        fill(folder)

    return make


def test_a_result_is_made_once(trial):
    calls = []
    for _ in range(3):
        assert (trial.made(counted(calls)) / "values.txt").read_text() == "1 2 3"
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda f: (f / "values.txt").unlink(), "values.txt is gone"),
        (lambda f: (f / "deep" / "more.txt").write_text(""), "deep/more.txt has 0 of 1 bytes"),
        (lambda f: (f / "values.txt").write_text("1 2 4"), "values.txt has other bytes than were written"),
        (lambda f: (f / kept.MARK).write_text(""), "whole.json cannot be read"),
        (lambda f: (f / kept.MARK).write_text('{"record": {}}'), "whole.json cannot be read"),
    ],
)
def test_a_damaged_result_is_noticed_said_in_one_line_and_made_again(trial, caplog, harm, said):
    calls = []
    harm(trial.made(counted(calls)))
    folder = trial.made(counted(calls))
    assert (folder / "values.txt").read_text() == "1 2 3" and (folder / "deep" / "more.txt").read_text() == "4"
    assert len(calls) == 2
    assert [record.getMessage() for record in caplog.records] == [f"{folder} is damaged ({said}): it is made again"]


def test_what_a_killed_run_left_is_there_when_the_next_begins(trial):
    def killed(folder):
        fill(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trial.made(killed)
    assert not trial.is_whole()
    found = []
    trial.made(lambda folder: found.append((folder / "values.txt").exists()))
    assert found == [True]


def test_a_result_in_a_folder_that_cannot_be_written_is_read(trial, monkeypatch):
    trial.made(fill)
    (trial.path / kept.MEMORY).unlink()

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(kept, "write_whole", refused)
    monkeypatch.setattr(kept, "locked", refused)
    assert (trial.made(refused) / "values.txt").read_text() == "1 2 3"


def test_a_cache_that_cannot_be_written_is_named_with_what_to_do(trial):
    trial.path.parent.write_text("a file in the way")
    with pytest.raises(assets.UnwritableFolder, match=r"wanted to write .*\.lock in .* or name another cache in"):
        trial.made(fill)


def test_arrays_of_a_damaged_file_are_made_again(tmp_path, caplog):
    path, made = tmp_path / "a.npz", []

    def make():
        made.append(1)
        return {"x": np.arange(1000.0)}

    for _ in range(2):
        assert provenance.kept_arrays(path, make, record={"a": 1})["x"][-1] == 999
    assert len(made) == 1
    contents = bytearray(path.read_bytes())
    for harmed in (contents[:-100], b"", contents[:500] + b"!" + contents[501:]):
        path.write_bytes(harmed)
        assert provenance.kept_arrays(path, make, record={"a": 1})["x"][7] == 7
    assert len(made) == 4 and len(caplog.records) == 3
    assert all(record.getMessage().startswith(f"{path} is damaged (") for record in caplog.records)


def test_the_cache_tells_what_it_holds_and_clears_what_no_code_can_use(trial):
    trial.made(fill)
    old = Kept(trial.path.with_name("old"), {**trial.record, "code": {**trial.record["code"], "sha256": "0" * 64}})
    old.made(fill)
    (trial.path.with_name("broken")).mkdir()
    (trial.path.with_name("broken") / kept.RECORD).write_text("")
    found = {entry.path.name: entry for entry in provenance.entries()}
    assert {name: (entry.state, entry.usable) for name, entry in found.items()} == {
        trial.path.name: ("whole", True), "old": ("whole", False), "broken": ("unreadable", False),
    }  # fmt: skip
    assert "no current code can use it" in str(found["old"]) and "seed 0" in str(found["old"])
    assert {entry.path.name for entry in provenance.clear()} == {"old", "broken"}
    assert [entry.path for entry in provenance.entries()] == [trial.path]
    assert provenance.clear(kind="another", everything=True) == []
    assert len(provenance.clear(everything=True)) == 1 and provenance.entries() == []


def test_code_of_the_class_of_a_dataclass_among_the_facts_is_in_the_key():
    from neuroattr.training import Tuning

    kind = Kind("tuning trial", (meaning.digest,))
    del kept.NAMES["tuning trial"]
    assert "neuroattr.training.tuning" in kind.record(tuning=Tuning())["code"]["by"]


def test_a_class_from_outside_counts_by_its_source(tmp_path, monkeypatch):
    path = tmp_path / "mine.py"
    monkeypatch.syspath_prepend(str(tmp_path))
    found = []
    for number in (1, 1, 2):
        path.write_text(f"class Net:\n    factor = {number}  # number {len(found)}\n")
        sys.modules.pop("mine", None)
        importlib.invalidate_caches()
        found.append(code(importlib.import_module("mine").Net)["and"])
    assert found[0] == found[1] != found[2]


def test_a_class_of_a_notebook_counts_by_its_own_source(monkeypatch):
    class Net:
        """Stands in for one that was written in a cell."""

    monkeypatch.setattr("inspect.getsourcefile", lambda _: "<ipython-input-1>")
    found = []
    for source in (
        "class Net:\n    factor = 1\n",
        "    class Net:\n        factor = 1  # half\n",
        "class Net:\n    factor = 2\n",
    ):
        monkeypatch.setattr("inspect.getsource", lambda _, source=source: source)
        found.append(code(Net)["and"])
    assert found[0] == found[1] != found[2]
    assert "not at hand" not in found[0][0]


def test_a_record_whose_code_has_changed_or_gone_is_no_longer_current():
    made = json.loads(json.dumps(code(meaning.digest)))
    assert unchanged(made)
    assert not unchanged({**made, "sha256": "0" * 64})
    assert not unchanged({**made, "by": ["neuroattr.gone"]})
    assert not unchanged({})


def test_arrays_that_cannot_be_read_back_are_told_and_not_returned_as_none(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance.arrays, "read_arrays", lambda path: None)
    path = tmp_path / "values.npz"
    with pytest.raises(provenance.DamagedResult) as damaged:
        provenance.kept_arrays(path, lambda: {"a": np.zeros(2)}, record={"kind": "sums"})
    assert str(damaged.value) == (
        f"wanted the arrays that were just written to {path}, which cannot be read: is the disk full?"
    )
