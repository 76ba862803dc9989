"""What a network knows: its agreement with a teacher, and linear probes of its layers."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from neuroattr.activations import passes
from neuroattr.backbone import Backbone
from neuroattr.backbone.evaluation import placement
from neuroattr.corpus.sources import opened

COLOURS = ("Red", "Black", "Blue", "Green", "Yellow", "Grey", "Brown", "Pink", "Purple", "Orange")  # Hidden layers' ten
CATALOGUE = "fashion-dataset"
N_CATEGORIES = 15
TEST_SHARE = 0.3
Labelled = list[tuple[Path, str]]


def tasks(folders: Mapping[str, Path]) -> dict[str, Labelled]:
    """Labelled photographs of each probe: dict of task to a list of (path, label), all that there are.

    Parameters
    ----------
    folders : mapping of asset name to its unpacked folder.
    """
    fashion = _inner(folders["fashion-product-images-sample"], CATALOGUE)
    rows = [line.split(",", 9) for line in (fashion / "styles.csv").read_text(encoding="utf-8").splitlines()[1:]]
    shown = [(fashion / "images" / f"{row[0]}.jpg", row[4], row[5]) for row in rows]
    shown = [row for row in shown if row[0].exists()]
    kinds, counts = np.unique([kind for _, kind, _ in shown], return_counts=True)
    frequent = set(kinds[np.argsort(-counts, kind="stable")[:N_CATEGORIES]])
    textures = Path(folders["clothing-textures-sample"])
    return {
        "colours": [(path, colour) for path, _, colour in shown if colour in COLOURS],
        "textures": [(path, path.parent.name) for path in sorted(textures.glob("*/*.jpg"))],
        "categories": [(path, kind) for path, kind, _ in shown if kind in frequent],
    }


def balanced(labelled: Labelled, *, most: int, seed: int) -> tuple[list[Path], npt.NDArray[np.str_]]:
    """As many of each label, at most ``most``: (paths, labels), drawn without replacement.

    >>> balanced([("a.jpg", "x"), ("b.jpg", "y"), ("c.jpg", "x")], most=5, seed=0)[1].tolist()
    ['x', 'y']
    """
    random = np.random.default_rng(seed)
    paths, labels = (np.array(side, dtype=object) for side in zip(*labelled, strict=True))
    kinds, counts = np.unique(labels.astype(str), return_counts=True)
    size = min(most, counts.min())
    rows = np.concatenate([random.choice(np.flatnonzero(labels == kind), size, replace=False) for kind in kinds])
    return paths[rows].tolist(), labels[rows].astype(str)


def features(net: Backbone, paths: Sequence[Path], *, batch: int = 32) -> dict[str, npt.NDArray[np.float32]]:
    """Spatial maximum of every unit: dict of layer to float32 N x C."""
    device, _ = placement(net.module)
    values = _answered(net, paths, lambda some: passes.pooled(net, some, net.layers, device, "max"), batch)
    ends = np.cumsum(list(net.widths.values()))[:-1]
    return dict(zip(net.layers, np.split(values, ends, axis=1), strict=True))


def logits(net: Backbone, paths: Sequence[Path], *, batch: int = 32) -> npt.NDArray[np.float32]:
    """Logits of every photograph, float32 N x classes."""
    device, _ = placement(net.module)
    return _answered(net, paths, lambda some: net.logits(passes.stacked(some, device)).cpu().numpy(), batch)


def accuracy(values: npt.NDArray[np.floating], labels: npt.NDArray[np.str_], *, seed: int) -> float:
    """Share of test photographs that a linear probe names rightly; 70 % train it, 30 % test it, every label alike.

    Parameters
    ----------
    values : N x C responses of one layer.
    labels : N names, equally frequent.
    """
    some, rest = train_test_split(np.arange(len(labels)), test_size=TEST_SHARE, stratify=labels, random_state=seed)
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.03, max_iter=500, tol=1e-3))
    return float(probe.fit(values[some], labels[some]).score(values[rest], labels[rest]))


def agreement(mine: npt.NDArray[np.floating], theirs: npt.NDArray[np.floating]) -> tuple[int, int]:
    """Photographs on which a student's first answer, or first five, hold the teacher's first: (top1, top5) counts.

    Parameters
    ----------
    mine, theirs : logits N x classes of the student and of the teacher.

    >>> agreement(np.eye(6), np.roll(np.eye(6), 1, axis=1))
    (0, 5)
    """
    wanted = theirs.argmax(1)
    best = np.argsort(-mine, axis=1, kind="stable")[:, :5]
    return int((best[:, 0] == wanted).sum()), int((best == wanted[:, None]).any(1).sum())


def _answered(
    net: Backbone, paths: Sequence[Path], answer: Callable[[Sequence[torch.Tensor]], npt.NDArray[Any]], size: int
) -> npt.NDArray[Any]:
    """``answer(pictures)`` of all photographs, one row each."""
    groups = passes.grouped(slice(0, len(paths)), size)
    with ThreadPoolExecutor(passes.WORKERS) as pool:
        pictures = passes.batches(pool, lambda path: net.preprocess(opened(path)), paths, groups)
        device, _ = placement(net.module)
        with passes.forward(net.module, pictures, lambda some: answer(some.pictures), device=device) as answered:
            bar = tqdm(answered, total=len(groups), desc=net.title, unit="batch", disable=None)
            return np.concatenate([values for _, values in bar])


def _inner(folder: Path, name: str) -> Path:
    """The folder ``name``, at most two levels below ``folder``."""
    found = [place for place in (Path(folder) / name, *Path(folder).glob(f"*/{name}")) if place.is_dir()]
    if not found:
        raise FileNotFoundError(f"wanted {name} in {folder}, found none; unpack the archive anew")
    return found[0]
