"""Fixed views of the photographs and what the teacher answers to each, stored so that the student never waits.

View 0 is the whole photograph as the networks look at it (warped square, central part). The others are random crops,
and some are compositions of two photographs; the teacher labels exactly the view that the student sees.
"""

import json
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from neuroattr.assets import write_whole
from neuroattr.corpus.sources import opened

TEACHER_SIDE = 224
CENTRE = 224 / 256  # both networks look at the central part of a warped square
FEATURES = 1024


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

    def __init__(self, folder, count, recipe):
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

    def _array(self, name, shape, dtype, fresh):
        path, shape = self.folder / f"{name}.npy", (self.recipe.views, self.count, *shape)
        return np.lib.format.open_memmap(
            path, mode="w+" if fresh else "r+", dtype=dtype, shape=None if not fresh else shape
        )

    @property
    def done(self):
        mark = self.folder / "done"
        return int(mark.read_text()) if mark.exists() else 0

    def fill(self, paths, answer, *, partners, block=256, threads=2):
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

    def _begun(self, pool, paths, rows, partners):
        return [pool.submit(view_pair, paths, row, self.recipe, partners) for row in rows]


def view_pair(paths, row, recipe, partners):
    """View ``row`` (view-major) for the teacher and for the student: uint8 RGB squares of 224 and ``side`` pixels."""
    view, photo = divmod(row, len(paths))
    random = np.random.default_rng([recipe.seed, row])
    pair = _crop(paths[photo], view, recipe, random)
    if view not in recipe.composed:
        return pair
    other = _crop(paths[random.choice(partners)], view, recipe, random)
    return _composed(pair, other, random)


def _crop(path, view, recipe, random):
    image = opened(path)
    box = _central(image.size) if view == 0 else _random_box(image.size, recipe.area, random)
    large = image.resize((TEACHER_SIDE, TEACHER_SIDE), Image.Resampling.BILINEAR, box=box)
    wider = _grown(box, recipe.side / recipe.look, image.size)
    small = image.resize((recipe.side, recipe.side), Image.Resampling.BILINEAR, box=wider)
    return np.asarray(large), np.asarray(small)


def _central(size):
    width, height = size
    x, y = width * (1 - CENTRE) / 2, height * (1 - CENTRE) / 2
    return (x, y, width - x, height - y)


def _random_box(size, area, random):
    width, height = size
    share, shape = random.uniform(area, 1), np.exp(random.uniform(-1, 1) * np.log(4 / 3) / 2)
    w, h = min(width, width * np.sqrt(share) * shape), min(height, height * np.sqrt(share) / shape)
    x, y = random.uniform(0, width - w), random.uniform(0, height - h)
    return (x, y, x + w, y + h)


def _grown(box, factor, size):
    """The box with its centre kept, larger by ``factor`` as far as the photograph goes."""
    left, top, right, bottom = box
    dx, dy = (right - left) * (factor - 1) / 2, (bottom - top) * (factor - 1) / 2
    return (max(0, left - dx), max(0, top - dy), min(size[0], right + dx), min(size[1], bottom + dy))


def _composed(pair, other, random):
    """Two views as one: half the time blended, half the time a rectangle of the second pasted into the first."""
    if random.random() < 0.5:
        weight = random.uniform(0.25, 0.75)
        blend = (a * weight + b * (1 - weight) for a, b in zip(pair, other, strict=True))
        return tuple(np.rint(mixed).astype(np.uint8) for mixed in blend)
    top, left = random.uniform(0, 0.5, 2)
    height, width = random.uniform(0.4, 0.7, 2)
    pasted = []
    for a, b in zip(pair, other, strict=True):
        side, whole = len(a), a.copy()
        window = np.s_[int(top * side) : int((top + height) * side), int(left * side) : int((left + width) * side)]
        whole[window] = b[window]
        pasted.append(whole)
    return tuple(pasted)


def teacher(module, *, mean, compiled=False, batch=64):
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

    @torch.no_grad()
    def answer(pictures):
        parts = []
        for first in range(0, len(pictures), batch):
            some = torch.from_numpy(np.ascontiguousarray(pictures[first : first + batch, ..., ::-1]))  # RGB -> BGR
            full = torch.nn.functional.pad(some.float() - centre, (0, 0, 0, 0, 0, 0, 0, batch - len(some)))
            with torch.autocast("cpu", torch.bfloat16):
                parts.append(run(full.permute(0, 3, 1, 2))[: len(some)].float())  # one shape, compiled once
        features = torch.cat(parts)
        return last(features).half().numpy(), features.half().numpy()

    return answer
