"""Receptive fields: which pixels a unit of a layer can see.

A layer of a convolutional network is a grid of units. One unit of that grid sees a square of ``size`` pixels; its
right-hand neighbour sees the same square moved by ``stride`` pixels; the square of the first unit begins at pixel
``start``, which is negative where padding lets the unit look past the border.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float


@dataclass(frozen=True)
class ReceptiveField:
    """The square of pixels that one unit sees, and how the squares of a layer are laid out.

    Parameters
    ----------
    size : side of the square, pixels.
    stride : distance between the squares of neighbouring units, pixels; 0 where a layer is one unit wide.
    start : first pixel (row and column) of the square of the first unit; negative inside padding.
    """

    size: int
    stride: int
    start: int

    def window(self, row: int, column: int, side: int) -> tuple[int, int, int, int]:
        """Pixels (top, bottom, left, right; half open) of a ``side`` x ``side`` picture that unit (row, column) sees.

        Examples
        --------
        >>> ReceptiveField(size=3, stride=2, start=-1).window(0, 2, side=5)
        (0, 2, 3, 5)
        """
        top, left = self.start + row * self.stride, self.start + column * self.stride
        return (max(top, 0), min(top + self.size, side), max(left, 0), min(left + self.size, side))

    def centres(self, count: int) -> Float[np.ndarray, " count"]:
        """Where the squares of ``count`` neighbouring units have their centres, along rows or columns, in pixels.

        Raises
        ------
        ValueError : several units of a layer whose units all see the same square (stride 0).

        Notes
        -----
        Pixel i is centred at i. The first centre lies at :math:`b + (r - 1) / 2`, which is half a cell of the map only
        by chance: at 0 behind convolutions padded by half their kernel, at 14 in GoogLeNet's inception 4, whose
        poolings are not padded.

        Examples
        --------
        >>> ReceptiveField(size=3, stride=2, start=-1).centres(3)
        array([0., 2., 4.])
        """
        if self.stride == 0 and count > 1:
            raise ValueError(
                f"wanted a layer whose units see different squares of the picture, got {count} units that all see the "
                "same one: their places are not known. Take a convolutional layer, or one pooled from it"
            )
        return self.start + (self.size - 1) / 2 + self.stride * np.arange(count, dtype=float)

    def inside(self, count: int, side: int) -> Bool[np.ndarray, " count"]:
        """Which of ``count`` neighbouring units see no padding: their squares lie in a picture ``side`` pixels wide.

        Examples
        --------
        >>> ReceptiveField(size=3, stride=2, start=-1).inside(3, side=5)
        array([False,  True, False])
        """
        first = self.start + self.stride * np.arange(count)
        return (first >= 0) & (first + self.size <= side)


PIXEL = ReceptiveField(size=1, stride=1, start=0)


def whole(side: int) -> ReceptiveField:
    """The field of a unit that sees all of a ``side`` x ``side`` picture, such as those of dense layers."""
    return ReceptiveField(size=side, stride=0, start=0)


def grown(field: ReceptiveField, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> ReceptiveField:
    r"""The field after one more convolution or pooling.

    Parameters
    ----------
    field : of the layer below.
    kernel, stride, padding, dilation : of the convolution or pooling, in units of the layer below.

    Raises
    ------
    ValueError : kernel, stride or dilation below 1, or padding below 0.

    Notes
    -----
    With size :math:`r`, stride :math:`s` and start :math:`b` below:

    .. math:: r' = r + d (k - 1) s, \quad s' = t s, \quad b' = b - p s

    for kernel :math:`k`, stride :math:`t`, padding :math:`p` and dilation :math:`d`. The field says what a unit *can*
    see; how much each pixel matters falls off towards the edges (Luo et al. 2016).

    Source: Araujo, Norris, Sim 2019, doi:10.23915/distill.00021, equations 1-5.

    Examples
    --------
    >>> grown(PIXEL, kernel=11, stride=4)
    ReceptiveField(size=11, stride=4, start=0)
    """
    if min(kernel, stride, dilation) < 1 or padding < 0:
        raise ValueError(
            f"wanted kernel, stride and dilation of at least 1 and padding of at least 0, got kernel={kernel}, "
            f"stride={stride}, padding={padding}, dilation={dilation}"
        )
    return ReceptiveField(
        size=field.size + dilation * (kernel - 1) * field.stride,
        stride=field.stride * stride,
        start=field.start - padding * field.stride,
    )


def receptive_fields(stages: Iterable[tuple[int, int, int]]) -> list[ReceptiveField]:
    """The field after each stage of a chain.

    Parameters
    ----------
    stages : (kernel, stride, padding) of each convolution or pooling, from the picture upwards.

    Examples
    --------
    >>> [field.size for field in receptive_fields([(3, 1, 1), (3, 1, 1), (2, 2, 0)])]
    [3, 5, 6]
    """
    fields, field = [], PIXEL
    for kernel, stride, padding in stages:
        field = grown(field, kernel, stride, padding)
        fields.append(field)
    return fields


def joined(fields: Iterable[ReceptiveField]) -> ReceptiveField:
    """The field of a unit that combines units at the same place of several branches.

    Raises
    ------
    ValueError : no branch, or branches of different stride, whose units do not lie at the same places.
    """
    fields = list(fields)
    strides = {field.stride for field in fields}
    if len(strides) != 1:
        raise ValueError(
            f"wanted branches of one stride, got strides {sorted(strides)}; they cannot be added or stacked"
        )
    start = min(field.start for field in fields)
    end = max(field.start + field.size for field in fields)
    return ReceptiveField(size=end - start, stride=strides.pop(), start=start)
