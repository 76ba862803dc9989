"""How occluders slide over a picture: their sizes, where they stand, how their maps are smoothed and signed."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from neuroattr.checks import one_of, require

INVERSIONS = ("peaks", "drop", "absolute", "centre")
"""Rules that make the places that matter high; `neuroattr.saliency.oriented` describes them."""


@dataclass(frozen=True)
class Occlusion:
    """What slides over the picture, and what is made of the responses.

    Parameters
    ----------
    sizes
        Sides of the square occluders, pixels.
    stride
        Step of the occluders, pixels.
    sigma
        Standard deviation of the Gaussian filter over each response map, in sides of its occluder. The paper says
        "proportional to the occluder size"; a quarter is this project's reading.
    inversion
        When a response map is turned over, one of `INVERSIONS`.

    Examples
    --------
    >>> Occlusion(sizes=(24, 48), stride=4).passes(side=64)
    146
    """

    sizes: tuple[int, ...]
    stride: int
    sigma: float = 0.25
    inversion: str = "peaks"

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", tuple(int(size) for size in self.sizes))
        require(
            len(self.sizes) > 0 and min(self.sizes) >= 1, f"sizes must be pixels of at least 1; got {list(self.sizes)}"
        )
        require(len(set(self.sizes)) == len(self.sizes), f"sizes must differ; got {list(self.sizes)}")
        require(self.stride >= 1, f"stride must be at least 1 pixel; got {self.stride}")
        require(self.sigma >= 0, f"sigma must not be negative; got {self.sigma}")
        one_of(self.inversion, INVERSIONS, name="inversion")

    @property
    def sigmas(self) -> tuple[float, ...]:
        """Standard deviation of the Gaussian of each size, pixels."""
        return tuple(self.sigma * size for size in self.sizes)

    def positions(self, size: int, *, side: int) -> Int[np.ndarray, " P"]:
        """First pixels of an occluder of this size along one side of the picture, all fully inside it.

        Raises
        ------
        ValueError
            An occluder larger than the picture.
        """
        require(size <= side, f"an occluder of {size} pixels does not fit into a picture of {side}; use smaller sizes")
        return np.arange(0, side - size + 1, self.stride)

    def passes(self, *, side: int) -> int:
        """Occluded pictures of a square picture, over all sizes: P x P each."""
        return sum(len(self.positions(size, side=side)) ** 2 for size in self.sizes)

    def scaled(self, factor: float) -> "Occlusion":
        """The same occlusion of a picture `factor` times as large: for networks of small input; sizes stay >= 1."""
        sizes = tuple(dict.fromkeys(max(1, round(size * factor)) for size in self.sizes))
        return Occlusion(sizes, max(1, round(self.stride * factor)), self.sigma, self.inversion)
