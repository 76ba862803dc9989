"""The student while it learns: the small network with batch normalisation, which is folded away afterwards."""

from collections import OrderedDict
from collections.abc import Mapping

import torch
from torch import nn

from neuroattr.backbone.caffenet import Widths, caffenet

NORMALISED = ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7")


def student(widths: Widths, *, dropout: float, seed: int) -> nn.Sequential:
    """`caffenet(widths)` with batch normalisation after every layer with weights but the last.

    Parameters
    ----------
    dropout : share of fc6 and fc7 set to zero in training.
    """
    stages: list[tuple[str, nn.Module]] = []
    for name, stage in caffenet(widths, seed=seed).named_children():
        stages.append((name, stage))
        if name in NORMALISED:
            kind = nn.BatchNorm2d if isinstance(stage, nn.Conv2d) else nn.BatchNorm1d
            stages.append((f"{name}_bn", kind(stage.weight.shape[0])))
        if name in ("relu6", "relu7"):
            stages.append((f"{name}_drop", nn.Dropout(dropout)))
    return nn.Sequential(OrderedDict(stages))


def folded(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Weights of the plain network that answers as the student does outside training: state dict, float32.

    Parameters
    ----------
    state : state dict of `student`.

    Notes
    -----
    :math:`\\gamma (W x + b - \\mu) / \\sqrt{\\sigma^2 + \\epsilon} + \\beta` is a layer with weights
    :math:`s W` and bias :math:`s (b - \\mu) + \\beta`, where :math:`s = \\gamma / \\sqrt{\\sigma^2 + \\epsilon}`.
    """
    plain = {}
    for name in (*NORMALISED, "fc8"):
        weight, bias = state[f"{name}.weight"].float(), state[f"{name}.bias"].float()
        if name in NORMALISED:
            gamma, beta, mean, variance = (
                state[f"{name}_bn.{part}"].float() for part in ("weight", "bias", "running_mean", "running_var")
            )
            scale = gamma / (variance + 1e-5).sqrt()  # 1e-5: torch's epsilon
            weight = weight * scale.reshape(-1, *[1] * (weight.ndim - 1))
            bias = scale * (bias - mean) + beta
        plain[f"{name}.weight"], plain[f"{name}.bias"] = weight, bias
    return plain
