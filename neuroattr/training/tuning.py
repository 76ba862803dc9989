"""How a network is tuned: every choice the paper leaves open, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from neuroattr.backbone import Backbone

LARGE = 20_000_000  # parameters


@dataclass(frozen=True)
class Tuning:
    """Stochastic gradient descent from a trained network; the paper prints none of this, so all of it is our choice.

    Parameters
    ----------
    epochs : passes over the training pictures, at most.
    batch : pictures a step.
    rate : learning rate of the layers the network had.
    head_factor : that of the new layer over ``rate``.
    momentum : of the descent.
    weight_decay : pull of weights towards zero.
    step : epochs after which both rates are multiplied by ``drop``, again and again.
    drop : that factor.
    patience : epochs without a better validation loss after which it stops; the best epoch is kept.
    dropout : share of the new layer's inputs set to zero while learning.
    flips : mirror half of the pictures, drawn anew in each epoch.
    frozen : layers to keep as they are, with everything that feeds them; () lets all learn.
    precision : "bfloat16" (products in half precision, weights and sums in float32) or "float32".
    seed : of the new layer, the order of the pictures, the flips and the dropout.

    Raises
    ------
    ValueError : a number out of its range, or an unknown precision.
    """

    epochs: int = 10
    batch: int = 32
    rate: float = 1e-3
    head_factor: float = 10.0
    momentum: float = 0.9
    weight_decay: float = 5e-4
    step: int = 7
    drop: float = 0.1
    patience: int = 3
    dropout: float = 0.5
    flips: bool = True
    frozen: tuple[str, ...] = ()
    precision: str = "bfloat16"
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "frozen", tuple(self.frozen))  # a list, where a file of parameters gave it
        limits = {"epochs": 1, "batch": 1, "step": 1, "patience": 1}
        low = [f"{name}={getattr(self, name)}" for name, least in limits.items() if getattr(self, name) < least]
        low += [f"{name}={getattr(self, name)}" for name in ("rate", "head_factor", "drop") if getattr(self, name) <= 0]
        low += [f"{name}={getattr(self, name)}" for name in ("momentum", "dropout") if not 0 <= getattr(self, name) < 1]
        low += [f"weight_decay={self.weight_decay}"] if self.weight_decay < 0 else []
        if low:
            raise ValueError(
                "wanted epochs, batch, step and patience of at least 1, rate, head_factor and drop above 0, momentum "
                f"and dropout from 0 to below 1, weight_decay of at least 0; got {', '.join(low)}"
            )
        if self.precision not in ("bfloat16", "float32"):
            raise ValueError(f"wanted precision 'bfloat16' or 'float32', got {self.precision!r}")

    @classmethod
    def suited_to(cls, net: Backbone) -> Tuning:
        """The defaults; for a network of more than 20 million parameters, one that ends in minutes on a processor.

        The large ones learn for eight epochs and keep their first two layers as they are, with what feeds these: what
        the two answer is then computed once instead of in every epoch.
        """
        if sum(parameter.numel() for parameter in net.module.parameters()) <= LARGE:
            return cls()
        return cls(epochs=8, step=6, frozen=net.layers[:2])

    def rate_in(self, epoch: int) -> float:
        """Learning rate in an epoch (the first is 1), of the layers the network had."""
        return self.rate * self.drop ** ((epoch - 1) // self.step)
