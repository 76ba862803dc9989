"""Fixed views of the photographs and what the teacher answers to each, stored so that the student never waits.

View 0 is the whole photograph as the networks look at it (warped square, central part). The others are random crops,
and some are compositions of two photographs; the teacher labels exactly the view that the student sees.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import nn
from tqdm import tqdm

from neuroattr.assets import write_whole
from neuroattr.corpus.sources import opened

TEACHER_SIDE = 224
CENTRE = 224 / 256  # both networks look at the central part of a warped square
FEATURES = 1024

Pixels = npt.NDArray[np.uint8]
Pair = tuple[Pixels, Pixels]
"""A view for the teacher and for the student."""
Box = tuple[float, float, float, float]
"""Left, top, right and bottom, pixels."""
Answer = Callable[[Pixels], tuple[npt.NDArray[Any], npt.NDArray[Any]]]


@dataclass(frozen=True)
class ViewRecipe:
    """What makes the views.

    Parameters
    ----------
    views : number of views of each photograph.
    side : width and height stored for the student, pixels; it looks at random squares of ``look`` pixels in them.
    look : width and height of the student's input, pixels.
    area : smallest share of a photograph that a random crop covers.
    composed : numbers of the views that are made of two photographs.
    seed : of crops and partners.
    """

    views: int = 6
    side: int = 135
    look: int = 127
    area: float = 0.3
    composed: tuple[int, ...] = (3, 5)
    seed: int = 0


class ViewStore:
    """Views and answers on disk: ``pixels`` V x N x S x S x 3, ``logits`` V x N x 1000, ``features`` V x N x 1024.

    ``done`` counts the rows (view-major) that are complete, so that filling the store can stop and go on.
    """

    def __init__(self, folder: Path, count: int, recipe: ViewRecipe) -> None:
        self.folder, self.count, self.recipe = Path(folder), count, recipe
        self.folder.mkdir(parents=True, exist_ok=True)
        made = {**asdict(recipe), "composed": list(recipe.composed), "count": count}
        kept = self.folder / "recipe.json"
        if kept.exists() and json.loads(kept.read_text()) != made:
            raise ValueError(
                f"{self.folder} holds views of another recipe ({kept.read_text()}), wanted {made}; use an empty folder"
            )
        fresh = not kept.exists()
        self.pixels = self._array("pixels", (recipe.side, recipe.side, 3), np.uint8, fresh)
        self.logits = self._array("logits", (1000,), np.float16, fresh)
        self.features = self._array("features", (FEATURES,), np.float16, fresh)
        if fresh:
            with write_whole(kept) as path:
                Path(path).write_text(json.dumps(made))

    def _array(self, name: str, shape: tuple[int, ...], dtype: type[np.generic], fresh: bool) -> npt.NDArray[Any]:
        path, shape = self.folder / f"{name}.npy", (self.recipe.views, self.count, *shape)
        return np.lib.format.open_memmap(
            path, mode="w+" if fresh else "r+", dtype=dtype, shape=None if not fresh else shape
        )

    @property
    def done(self) -> int:
        mark = self.folder / "done"
        return int(mark.read_text()) if mark.exists() else 0

    def fill(
        self,
        paths: Sequence[Path],
        answer: Answer,
        *,
        partners: npt.NDArray[np.intp],
        block: int = 256,
        threads: int = 2,
    ) -> None:
        """Make and label what is missing.

        Parameters
        ----------
        paths : N photographs.
        partners : positions of the photographs that may enter a composition: never those held out.
        answer : callable, uint8 RGB B x 224 x 224 x 3 -> (logits B x 1000, features B x 1024).
        """
        total, start = self.recipe.views * self.count, self.done
        blocks = [range(first, min(first + block, total)) for first in range(start, total, block)]
        with ThreadPoolExecutor(threads) as pool, tqdm(total=total, initial=start, unit="view", disable=None) as bar:
            ahead = deque(self._begun(pool, paths, rows, partners) for rows in blocks[:1])
            for rows, following in zip(blocks, [*blocks[1:], range(0)], strict=True):
                ahead.append(
                    self._begun(pool, paths, following, partners)
                )  # decoded while the teacher looks at this block
                large, small = (
                    np.stack(side) for side in zip(*(pair.result() for pair in ahead.popleft()), strict=True)
                )
                logits, features = answer(large)
                where = np.divmod(np.asarray(rows), self.count)
                self.pixels[where], self.logits[where], self.features[where] = small, logits, features
                with write_whole(self.folder / "done") as mark:
                    mark.write_text(str(rows[-1] + 1))
                bar.update(len(rows))

    def _begun(
        self, pool: ThreadPoolExecutor, paths: Sequence[Path], rows: range, partners: npt.NDArray[np.intp]
    ) -> list[Future[Pair]]:
        return [pool.submit(view_pair, paths, row, self.recipe, partners) for row in rows]


def view_pair(paths: Sequence[Path], row: int, recipe: ViewRecipe, partners: npt.NDArray[np.intp]) -> Pair:
    """View ``row`` (view-major) for the teacher and for the student: uint8 RGB squares of 224 and ``side`` pixels."""
    view, photo = divmod(row, len(paths))
    random = np.random.default_rng([recipe.seed, row])
    pair = _crop(paths[photo], view, recipe, random)
    if view not in recipe.composed:
        return pair
    other = _crop(paths[random.choice(partners)], view, recipe, random)
    return _composed(pair, other, random)


def _crop(path: Path, view: int, recipe: ViewRecipe, random: np.random.Generator) -> Pair:
    image = opened(path)
    box = _central(image.size) if view == 0 else _random_box(image.size, recipe.area, random)
    large = image.resize((TEACHER_SIDE, TEACHER_SIDE), Image.Resampling.BILINEAR, box=box)
    wider = _grown(box, recipe.side / recipe.look, image.size)
    small = image.resize((recipe.side, recipe.side), Image.Resampling.BILINEAR, box=wider)
    return np.asarray(large), np.asarray(small)


def _central(size: tuple[int, int]) -> Box:
    width, height = size
    x, y = width * (1 - CENTRE) / 2, height * (1 - CENTRE) / 2
    return (x, y, width - x, height - y)


def _random_box(size: tuple[int, int], area: float, random: np.random.Generator) -> Box:
    width, height = size
    share, shape = random.uniform(area, 1), np.exp(random.uniform(-1, 1) * np.log(4 / 3) / 2)
    w, h = min(width, width * np.sqrt(share) * shape), min(height, height * np.sqrt(share) / shape)
    x, y = random.uniform(0, width - w), random.uniform(0, height - h)
    return (x, y, x + w, y + h)


def _grown(box: Box, factor: float, size: tuple[int, int]) -> Box:
    """The box with its centre kept, larger by ``factor`` as far as the photograph goes."""
    left, top, right, bottom = box
    dx, dy = (right - left) * (factor - 1) / 2, (bottom - top) * (factor - 1) / 2
    return (max(0, left - dx), max(0, top - dy), min(size[0], right + dx), min(size[1], bottom + dy))


def _composed(pair: Pair, other: Pair, random: np.random.Generator) -> Pair:
    """Two views as one: half the time blended, half the time a rectangle of the second pasted into the first."""
    if random.random() < 0.5:
        weight = random.uniform(0.25, 0.75)
        large, small = (
            np.rint(a * weight + b * (1 - weight)).astype(np.uint8) for a, b in zip(pair, other, strict=True)
        )
        return large, small
    top, left = random.uniform(0, 0.5, 2)
    height, width = random.uniform(0.4, 0.7, 2)
    pasted = []
    for a, b in zip(pair, other, strict=True):
        side, whole = len(a), a.copy()
        window = np.s_[int(top * side) : int((top + height) * side), int(left * side) : int((left + width) * side)]
        whole[window] = b[window]
        pasted.append(whole)
    return pasted[0], pasted[1]


def teacher(module: nn.Sequential, *, mean: Sequence[float], compiled: bool = False, batch: int = 64) -> Answer:
    """What a BVLC GoogLeNet answers to uint8 RGB pictures: a callable for `ViewStore.fill`.

    Parameters
    ----------
    module : ``backbone.googlenet.googlenet()`` with its weights.
    mean : three numbers, BGR, of the 0..255 scale.
    batch : pictures at once.
    compiled : compile it (needs a C++ compiler; 6 times faster in bfloat16 on a processor that has it).
    """
    module = module.eval().to(memory_format=torch.channels_last)
    trunk, last = module[:-1], module[-1]
    run = torch.compile(trunk) if compiled else trunk
    centre = torch.tensor(mean)

    def pooled(pictures: Pixels) -> torch.Tensor:
        some = torch.from_numpy(np.ascontiguousarray(pictures[..., ::-1]))  # RGB -> BGR
        full = torch.nn.functional.pad(some.float() - centre, (0, 0, 0, 0, 0, 0, 0, batch - len(some)))
        with torch.autocast("cpu", torch.bfloat16):
            return run(full.permute(0, 3, 1, 2))[: len(some)].float()  # one shape, compiled once

    def answer(pictures: Pixels) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.float16]]:
        with torch.no_grad():
            features = torch.cat([pooled(pictures[first : first + batch]) for first in range(0, len(pictures), batch)])
            return last(features).half().numpy(), features.half().numpy()

    return answer
