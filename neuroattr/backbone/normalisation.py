"""Stages of the Caffe networks that torch lacks or is slow at."""

import torch
from torch import nn


class LocalResponseNorm(nn.Module):  # type: ignore[misc]  # mypy does not read torch
    r"""Caffe's normalisation across channels.

    Parameters
    ----------
    size : channels summed over, odd.
    alpha, beta, k : the constants of the equation.

    Notes
    -----
    .. math:: y_c = x_c \Big/ \Big(k + \frac{\alpha}{n} \sum_{c'=c-\lfloor n/2 \rfloor}^{c+\lfloor n/2 \rfloor}
              x_{c'}^2\Big)^{\beta}

    with :math:`n` = ``size``; channels beyond the edges count as zero. torch's own module pools over a fifth axis and
    calls ``pow``, which takes as long as the convolution before it; here the window is a sum of shifted views, and for
    the usual :math:`\beta = 3/4` the power is two square roots. Always computed in float32.

    Source: Krizhevsky et al. 2012, section 3.3; Caffe's ``LRNLayer`` divides alpha by the size.
    """

    pointwise = True  # every unit stays at its place: see `geometry`

    def __init__(self, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        super().__init__()
        if size % 2 == 0:
            raise ValueError(f"wanted an odd number of channels to normalise over, got size={size}; use {size + 1}")
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        with torch.autocast(maps.device.type, enabled=False):
            wide = maps.float()
            half, channels = self.size // 2, wide.shape[1]
            padded = nn.functional.pad(wide.square(), (0, 0, 0, 0, half, half))  # N x (C + 2 half) x H x W
            window = sum(padded[:, i : i + channels] for i in range(self.size))
            scale = self.k + self.alpha / self.size * window
            power = scale.sqrt() * scale.sqrt().sqrt() if self.beta == 0.75 else scale.pow(self.beta)
            return (wide / power).to(maps.dtype)

    def extra_repr(self) -> str:
        return f"size={self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


class MeanDifference(nn.Module):  # type: ignore[misc]  # mypy does not read torch
    """Subtracts what the mean picture differs from its mean colour, which preprocessing has subtracted already.

    Parameters
    ----------
    side : width and height of the input, pixels.
    """

    pointwise = True

    def __init__(self, side: int) -> None:
        super().__init__()
        self.register_buffer("picture", torch.zeros(3, side, side))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return pixels - self.picture
