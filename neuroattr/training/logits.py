"""The logits of a tuned network for the pictures of a corpus, recorded once."""

from collections.abc import Sequence

import pandas as pd
import torch
from torch import nn

from neuroattr import activations
from neuroattr.backbone import Backbone, structure
from neuroattr.corpus import Corpus


def recorded_logits(net: Backbone, head: str, labels: Sequence[str], corpus: Corpus, *, progress: bool) -> pd.DataFrame:
    """Logits of each picture that can be read: DataFrame image x label.

    Parameters
    ----------
    head : name of the last dense layer among the network's modules.
    labels : of the logits.

    Notes
    -----
    Where the deepest named layer is what that layer gets, as fc7 is, the activations of all layers are recorded (they
    are wanted anyway) and the logits computed from them; else the logits themselves are recorded.
    """
    last = net.module.get_submodule(head)
    if is_fed_by_deepest(net, last):
        units = activations.record(net, corpus, progress=progress)
        found = units.isel(unit=units["layer"].to_numpy() == net.layers[-1])
        values = found.to_numpy() @ last.weight.cpu().numpy().T + last.bias.cpu().numpy()
    else:
        whole = Backbone(
            net.module,
            name=net.name,
            title=net.title,
            nodes={"logits": head},
            preprocess=net.preprocess,
            licence=net.licence,
        )
        found = activations.record(whole, corpus, progress=progress)
        values = found.to_numpy()
    ids = pd.Index(found["image"].to_numpy(), name="image")
    return pd.DataFrame(values, index=ids, columns=pd.Index(labels, name="label"))


def is_fed_by_deepest(net: Backbone, dense: nn.Linear) -> bool:
    """Whether the dense layer gets just what the deepest named layer answers; tried on a picture of noise."""
    given: list[torch.Tensor] = []
    hook = dense.register_forward_pre_hook(structure.looking(lambda _, inputs: given.append(inputs[0])))
    side, device = net.preprocess.crop, dense.weight.device
    noise = 60 * torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(0)).to(device)
    try:
        with torch.no_grad():
            net.logits(noise)
    finally:
        hook.remove()
    with torch.no_grad():
        deepest = net.responses(noise, net.layers[-1:])[net.layers[-1]]
    return bool(deepest.shape == given[0].shape and torch.allclose(deepest, given[0], rtol=1e-4, atol=1e-6))
