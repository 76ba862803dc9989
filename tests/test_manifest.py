"""The manifest: every asset fully described, and a reader that refuses half descriptions."""

import re
import tomllib
from pathlib import Path

import pytest

from neuroattr import assets
from neuroattr.assets import catalogue

FOLDER = catalogue.manifest_folder()
FILES = sorted(FOLDER.glob("*.toml"))
NAMES = {
    "bvlc_alexnet_relearned_fc6",
    "car-parts-sample",
    "clothing-co-parsing-sample",
    "clothing-textures-sample",
    "cub-200-2011-sample",
    "fashion-product-images-sample",
    "googlenet_bvlc",
    "html-manager",
    "lexical",
    "mathjax",
    "resnet50_pqf",
    "squeezenet1_1",
}


def test_every_asset_of_the_companion_is_in_the_manifest():
    assert set(assets.manifest()) == NAMES == {path.stem for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_asset_has_every_field(path):
    asset = catalogue.read(path)
    assert asset.title and asset.citation and asset.licence and asset.used_by
    assert asset.homepage.startswith("https://")
    assert asset.substitute_for or asset.npm, "say what the paper used, and why this is not it"
    for file in asset.files:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
        assert file.bytes > 0
        assert file.url == "" or file.url.startswith("https://")
        assert Path(file.name).name == file.name
        assert bool(file.member) == bool(asset.npm)


def test_file_names_are_unique_so_that_a_mirror_can_be_one_flat_folder():
    names = [file.name for asset in assets.manifest().values() for file in asset.files]
    assert len(names) == len(set(names))


def test_the_first_file_is_the_main_one():
    network = assets.manifest()["googlenet_bvlc"]
    assert network.file().name == "googlenet_bvlc.safetensors"
    assert network.file("googlenet_bvlc.json").bytes == 5820
    assert network.bytes == 14008760 + 5820


def test_an_unknown_file_name_is_refused():
    with pytest.raises(ValueError, match=r"^asset 'lexical' has no file 'lexicon.zip'; its files are: lexical.zip$"):
        assets.manifest()["lexical"].file("lexicon.zip")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'licence = "Released',
            'license = "Released',
            "other.toml: Asset lacks ['licence'] and does not know ['license']",
        ),
        ("bytes = 5820", "size = 5820", "other.toml: File lacks ['bytes'] and does not know ['size']"),
        (
            "BVLC GoogLeNet",
            "GoogLeNet",
            "other.toml: the asset's name is 'googlenet_bvlc', but its file is called 'other'",
        ),
    ],
)
def test_a_description_that_is_not_whole_is_refused(tmp_path, old, new, message):
    text = (FOLDER / "googlenet_bvlc.toml").read_text()
    assert old in text
    (tmp_path / "other.toml").write_text(text.replace(old, new))
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        catalogue.read(tmp_path / "other.toml")


def test_an_asset_without_files_is_refused(tmp_path):
    table = (FOLDER / "lexical.toml").read_text().split("[[files]]")[0] + "files = []\n"
    assert tomllib.loads(table)
    (tmp_path / "lexical.toml").write_text(table)
    with pytest.raises(ValueError, match=r"^lexical.toml: an asset needs at least one file$"):
        catalogue.read(tmp_path / "lexical.toml")


@pytest.mark.sample
def test_the_mirror_holds_what_the_manifest_says(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    state = {status.file: status.state for status in assets.verify() if not assets.manifest()[status.asset].npm}
    assert set(state.values()) == {"present"}
