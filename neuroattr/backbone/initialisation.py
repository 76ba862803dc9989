"""Random weights that keep the spread of the responses from layer to layer."""

from collections import OrderedDict

import torch
from torch import nn


def randomly_weighted(stages: OrderedDict[str, nn.Module], *, seed: int) -> nn.Sequential:
    """The stages in sequence, convolutions and dense layers drawn from a normal distribution of variance 2 / inputs.

    Parameters
    ----------
    stages : ordered mapping of name to module.
    seed : of the weights; torch's own generator is left as it is. Biases are zero.

    Source: He et al. 2015, equation 10.
    """
    network = nn.Sequential(stages)
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
            nn.init.zeros_(module.bias)
    return network
