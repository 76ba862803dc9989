"""The seven-layer networks of the paper: CaffeNet, AlexNet as BVLC released it, and the small one of this package."""

from collections import OrderedDict
from dataclasses import dataclass

from torch import nn

from neuroattr.backbone.initialisation import randomly_weighted
from neuroattr.backbone.normalisation import LocalResponseNorm, MeanDifference

LAYERS = ("norm1", "norm2", "conv3", "conv4", "pool5", "fc6", "fc7")


@dataclass(frozen=True)
class Widths:
    """Channels of the five convolutions and two hidden dense layers, and how the network is cut.

    Parameters
    ----------
    conv1 .. fc7 : channels of each layer.
    groups : groups of conv2, conv4 and conv5 (two in the networks that were trained on two graphics cards).
    side : width and height of the input, pixels.
    pool_first : pool before local response normalisation (CaffeNet) or after it (AlexNet).
    mean_picture : subtract a mean picture, not only a mean colour.
    """

    conv1: int = 96
    conv2: int = 256
    conv3: int = 384
    conv4: int = 384
    conv5: int = 256
    fc6: int = 4096
    fc7: int = 4096
    groups: int = 2
    side: int = 227
    pool_first: bool = True
    mean_picture: bool = True

    @property
    def cells(self) -> int:
        """Width and height of the map that pool5 gives, units."""
        edge = (self.side - 11) // 4 + 1
        for _ in range(3):
            edge = -(-(edge - 3) // 2) + 1  # Caffe rounds pooled sizes up
        return edge


CAFFENET = Widths()
ALEXNET = Widths(pool_first=False)
MINI = Widths(48, 128, 192, 192, 160, 768, 768, groups=1, side=127, mean_picture=False)


def caffenet(widths: Widths, *, seed: int) -> nn.Sequential:
    """The network with random weights: N x 3 x side x side to N x 1000 logits.

    The stages are named after Caffe's; ``conv3`` names the rectified map, as Caffe computes the rectifier in place.

    Source: Krizhevsky et al. 2012; Caffe's ``bvlc_reference_caffenet`` and ``bvlc_alexnet`` ``deploy.prototxt``.
    """
    w = widths
    return randomly_weighted(
        OrderedDict(
            [
                *([("mean", MeanDifference(w.side))] if w.mean_picture else []),
                *_rectified("conv1", nn.Conv2d(3, w.conv1, 11, stride=4)),
                *_pool_and_norm(1, w.pool_first),
                *_rectified("conv2", nn.Conv2d(w.conv1, w.conv2, 5, padding=2, groups=w.groups)),
                *_pool_and_norm(2, w.pool_first),
                *_rectified("conv3", nn.Conv2d(w.conv2, w.conv3, 3, padding=1)),
                *_rectified("conv4", nn.Conv2d(w.conv3, w.conv4, 3, padding=1, groups=w.groups)),
                *_rectified("conv5", nn.Conv2d(w.conv4, w.conv5, 3, padding=1, groups=w.groups)),
                ("pool5", nn.MaxPool2d(3, 2, ceil_mode=True)),
                ("flatten", nn.Flatten()),
                *_rectified("fc6", nn.Linear(w.conv5 * w.cells**2, w.fc6)),
                *_rectified("fc7", nn.Linear(w.fc6, w.fc7)),
                ("fc8", nn.Linear(w.fc7, 1000)),
            ]
        ),
        seed=seed,
    )


def _rectified(name: str, layer: nn.Module) -> list[tuple[str, nn.Module]]:
    return [(name, layer), (f"relu{name[-1]}", nn.ReLU())]


def _pool_and_norm(index: int, pool_first: bool) -> list[tuple[str, nn.Module]]:
    pool = (f"pool{index}", nn.MaxPool2d(3, 2, ceil_mode=True))
    norm = (f"norm{index}", LocalResponseNorm())
    return [pool, norm] if pool_first else [norm, pool]
