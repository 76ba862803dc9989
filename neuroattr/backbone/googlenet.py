"""GoogLeNet as BVLC released it: local response normalisation, biases, no batch normalisation."""

from collections import OrderedDict

import torch
from torch import nn

from neuroattr.backbone.initialisation import randomly_weighted
from neuroattr.backbone.normalisation import LocalResponseNorm

# channels of each branch: 1x1 | 3x3 reduce, 3x3 | 5x5 reduce, 5x5 | pool projection (Szegedy et al. 2015, table 1)
INCEPTION = {
    "inception3a": (192, 64, 96, 128, 16, 32, 32),
    "inception3b": (256, 128, 128, 192, 32, 96, 64),
    "inception4a": (480, 192, 96, 208, 16, 48, 64),
    "inception4b": (512, 160, 112, 224, 24, 64, 64),
    "inception4c": (512, 128, 128, 256, 24, 64, 64),
    "inception4d": (512, 112, 144, 288, 32, 64, 64),
    "inception4e": (528, 256, 160, 320, 32, 128, 128),
    "inception5a": (832, 256, 160, 320, 32, 128, 128),
    "inception5b": (832, 384, 192, 384, 48, 128, 128),
}
LAYERS = ("norm1", "norm2", *INCEPTION)


class Convolution(nn.Module):  # type: ignore[misc]  # mypy does not read torch
    """A convolution with bias and its rectifier; the weights keep torchvision's key ``<name>.conv``."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, padding: int = 0) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding)
        self.relu = nn.ReLU()

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return self.relu(self.conv(maps))


class Inception(nn.Module):  # type: ignore[misc]  # mypy does not read torch
    """Four branches beside each other, joined by channel."""

    def __init__(
        self, inputs: int, one: int, reduce3: int, three: int, reduce5: int, five: int, projection: int
    ) -> None:
        super().__init__()
        self.branch1 = Convolution(inputs, one, 1)
        self.branch2 = nn.Sequential(Convolution(inputs, reduce3, 1), Convolution(reduce3, three, 3, padding=1))
        self.branch3 = nn.Sequential(Convolution(inputs, reduce5, 1), Convolution(reduce5, five, 5, padding=2))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, padding=1), Convolution(inputs, projection, 1))

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.branch1(maps), self.branch2(maps), self.branch3(maps), self.branch4(maps)], 1)


def googlenet(*, seed: int) -> nn.Sequential:
    """The network with random weights: 3 x 224 x 224 in BGR, 0..255 less the mean, to N x 1000 logits.

    Source: Szegedy et al. 2015; layer order, ceiling pools and LRN after BVLC's ``deploy.prototxt``.
    """
    pool = {"kernel_size": 3, "stride": 2, "ceil_mode": True}
    blocks = {name: Inception(*widths) for name, widths in INCEPTION.items()}
    third = [(name, blocks[name]) for name in ("inception3a", "inception3b")]
    fourth = [(f"inception4{x}", blocks[f"inception4{x}"]) for x in "abcde"]
    fifth = [(name, blocks[name]) for name in ("inception5a", "inception5b")]
    return randomly_weighted(
        OrderedDict(
            [
                ("conv1", Convolution(3, 64, 7, stride=2, padding=3)),
                ("pool1", nn.MaxPool2d(**pool)),
                ("norm1", LocalResponseNorm()),
                ("conv2", Convolution(64, 64, 1)),
                ("conv3", Convolution(64, 192, 3, padding=1)),
                ("norm2", LocalResponseNorm()),
                ("pool2", nn.MaxPool2d(**pool)),
                *third,
                ("pool3", nn.MaxPool2d(**pool)),
                *fourth,
                ("pool4", nn.MaxPool2d(**pool)),
                *fifth,
                ("avgpool", nn.AdaptiveAvgPool2d(1)),
                ("flatten", nn.Flatten()),
                ("fc", nn.Linear(1024, 1000)),
            ]
        ),
        seed=seed,
    )
