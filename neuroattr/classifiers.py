"""A classifier of one word, as `Recorded.classifier` learns it: to keep, to open again, to apply to any picture."""

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file
from scipy.special import expit

from neuroattr import backbone, statistics
from neuroattr.activations import passes
from neuroattr.assets import write_whole
from neuroattr.backbone.evaluation import placement
from neuroattr.corpus.sources import opened
from neuroattr.discovery import LinearClassifier

FORMAT = "neuroattr word classifier 1"


@dataclass(frozen=True, eq=False)
class WordClassifier:
    """Tells how likely a picture shows a word.

    Attributes
    ----------
    word, variant, corpus
        What was learned, in which way (see `discovery.Protocol`), and the name of the corpus.
    network
        What it reads.
    linear
        Units, coefficients and intercept for activations as they are.
    accuracy
        On balanced test images, as a `statistics.Estimate`.
    recipe
        Everything else that made it: protocol, seed, matched columns.
    """

    word: str
    variant: str
    corpus: str
    network: backbone.Backbone = field(repr=False)
    linear: LinearClassifier = field(repr=False)
    accuracy: statistics.Estimate
    recipe: dict[str, Any] = field(repr=False)

    @classmethod
    def of(
        cls,
        linear: LinearClassifier,
        word: str,
        variant: str,
        corpus: str,
        network: backbone.Backbone,
        recipe: dict[str, Any],
    ) -> "WordClassifier":
        """A classifier that was just learned: its accuracy gets an interval, its recipe the form it has in a file."""
        accuracy = statistics.proportion(round(linear.accuracy * linear.tested), linear.tested)
        return cls(word, variant, corpus, network, linear, accuracy, json.loads(json.dumps(recipe)))

    def __repr__(self) -> str:
        return (
            f"WordClassifier({self.word!r}, {self.variant}, {len(self.linear.units):,} units of {self.network.title}, "
            f"learned from {self.linear.learned:,} pictures of {self.corpus}, accuracy {self.accuracy})"
        )

    def predict(self, images: Iterable[Any], *, batch: int = 32) -> np.ndarray:
        """Probability of the word for each picture, float64 N; pictures as `corpus.sources.opened` takes them.

        Raises
        ------
        ImageFault
            A picture that is missing or cannot be decoded.

        Notes
        -----
        Learned from as many pictures with the word as without: 0.5 means as likely as not where half of the pictures
        have it. The texts it learned from were noisy, so the probability is of being called the word.
        """
        images, probabilities = list(images), []
        device, _ = placement(self.network.module)
        with passes.placed(self.network.module, device, "float32"):
            for start in range(0, len(images), batch):
                pictures = [self.network.preprocess(opened(image)) for image in images[start : start + batch]]
                values = passes.pooled(self.network, pictures, self.network.layers, device, "max")
                probabilities.append(expit(self.linear.log_odds(values)))
        return np.concatenate(probabilities) if probabilities else np.empty(0)

    def confidence(self, recording: xr.DataArray) -> pd.Series:
        """Log odds of the word for each picture of a recording, by id: what ranks most and least predicted pictures."""
        _check_units(recording, self.network)
        log_odds = self.linear.log_odds(recording.transpose("image", "unit").to_numpy())
        return pd.Series(log_odds, index=pd.Index(recording["image"].to_numpy(), name="image"), name=self.word)

    def save(self, path: Path | str) -> None:
        """Write it to one file (safetensors, with a description as JSON inside), whole or not at all."""
        facts = {
            "format": FORMAT,
            "word": self.word,
            "variant": self.variant,
            "corpus": self.corpus,
            "network": self.network.name,
            "network digest": self.network.digest,
            "layers": list(self.network.layers),
            "intercept": self.linear.intercept,
            "C": self.linear.C,
            "learned": self.linear.learned,
            "accuracy": dataclasses.astuple(self.accuracy),
            "recipe": self.recipe,
        }
        arrays = {"units": self.linear.units.astype(np.int64), "coefficients": self.linear.coefficients}
        with write_whole(path) as temporary:
            save_file(arrays, temporary, metadata={"neuroattr": json.dumps(facts)})


def load(path: Path | str, *, network: backbone.Backbone | None = None) -> WordClassifier:
    """The classifier that `WordClassifier.save` wrote.

    Parameters
    ----------
    network
        The network it reads; by default the one of that name with its default weights.

    Raises
    ------
    FileNotFoundError
        No such file.
    ValueError
        A file that is no such classifier, or a network with other weights than it was learned on.
    """
    facts, arrays = _read(Path(path))
    network = backbone.load(facts["network"]) if network is None else network
    if network.digest != facts["network digest"]:
        raise ValueError(
            f"the classifier of {facts['word']!r} reads {facts['network']} of weights {facts['network digest'][:12]}, "
            f"but this network ({network.name}) has {network.digest[:12]}; pass the one it was learned on as network="
        )
    accuracy = statistics.Estimate(*facts["accuracy"])
    fitted = (facts["intercept"], facts["C"], accuracy.value, accuracy.n, facts["learned"])
    linear = LinearClassifier(arrays["units"], arrays["coefficients"], *fitted)
    return WordClassifier(facts["word"], facts["variant"], facts["corpus"], network, linear, accuracy, facts["recipe"])


def _check_units(recording: xr.DataArray, network: backbone.Backbone) -> None:
    wanted, recorded = network.units["layer"].tolist(), recording["layer"].to_numpy().tolist()
    if wanted != recorded:
        raise ValueError(
            f"the recording must hold all units of {network.name}, {len(wanted)} in {', '.join(network.layers)}; "
            f"it has {len(recorded)} in {', '.join(dict.fromkeys(recorded))}"
        )


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What `save` described and the arrays it kept."""
    if not path.is_file():
        raise FileNotFoundError(f"no classifier at {path}")
    try:
        with safe_open(path, "np") as file:
            facts = json.loads((file.metadata() or {}).get("neuroattr", "{}"))
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(f"{path} is no classifier of a word: {error}") from error
    if facts.get("format") != FORMAT:
        raise ValueError(f"{path} must be a file of format {FORMAT!r}; got {facts.get('format')!r}")
    return facts, arrays
