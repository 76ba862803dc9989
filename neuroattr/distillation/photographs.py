"""The photographs the small network learns from, and the part of them it never sees."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Clothing only: the terms of the bird and car photographs are said to be non-commercial.
SOURCES = {
    "fashion-product-images-sample": "fashion-dataset/images/*.jpg",
    "clothing-co-parsing-sample": "photos/*.jpg",
    "clothing-textures-sample": "*/*.jpg",
}


def photographs(folders: Mapping[str, Path]) -> list[Path]:
    """Paths of all photographs, in a fixed order.

    Parameters
    ----------
    folders : mapping of asset name to the folder it was unpacked into; the names are those of `SOURCES`.

    Raises
    ------
    FileNotFoundError : a folder holds no photograph.
    """
    found: list[Path] = []
    for name, pattern in SOURCES.items():
        root = Path(folders[name])
        inner = root if any(root.glob(pattern)) else root / name
        paths = sorted(inner.glob(pattern))
        if not paths:
            raise FileNotFoundError(
                f"wanted photographs {pattern} under {root} ({name}), found none; unpack the archive"
            )
        found += paths
    return found


def emphasised(paths: Sequence[Path | str], times: Mapping[str, int]) -> npt.NDArray[np.intp]:
    """Positions of the photographs, those of some archives several times.

    Parameters
    ----------
    paths : N photographs.
    times : mapping of asset name to how often its photographs count; others count once.
    """
    often = [next((n for name, n in times.items() if name in str(path)), 1) for path in paths]
    return np.repeat(np.arange(len(paths)), often)


def held_out(count: int, *, share: float, seed: int) -> npt.NDArray[np.bool_]:
    """A mask of the photographs to hold out, bool N.

    Parameters
    ----------
    count : number of photographs N.
    share : fraction to hold out.
    """
    mask = np.zeros(count, bool)
    mask[np.random.default_rng(seed).permutation(count)[: round(share * count)]] = True
    return mask


def twins(
    features: npt.NDArray[np.floating], mask: npt.NDArray[np.bool_], *, threshold: float = 0.98, block: int = 512
) -> npt.NDArray[np.bool_]:
    """Held-out photographs that are almost a photograph outside the held-out part, bool N.

    Parameters
    ----------
    features : N x D responses of the teacher's last pooled layer.
    mask : bool N, held out.
    threshold : cosine above which two photographs count as one.

    Notes
    -----
    A twin is dropped from the test, not added to the training part: catalogues repeat photographs of one product, and
    a test on them would measure memory.
    """
    unit = features.astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True) + 1e-12
    rest, found = unit[~mask].T, np.zeros(len(mask), bool)
    rows = np.flatnonzero(mask)
    for start in range(0, len(rows), block):
        some = rows[start : start + block]
        found[some] = (unit[some] @ rest).max(axis=1) > threshold
    return found
