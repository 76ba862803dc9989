"""A classifier of one word, learned from a corpus: to keep, to open again, and to apply to any picture."""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file
from scipy.special import expit

from neuroattr import activations, backbone, discovery, papers, statistics
from neuroattr.activations import passes
from neuroattr.assets import write_whole
from neuroattr.backbone.evaluation import placement
from neuroattr.corpus.sources import opened
from neuroattr.discovery import LinearClassifier, Protocol

FORMAT = "neuroattr word classifier 1"


@dataclass(frozen=True, eq=False)
class WordClassifier:
    """Tells how likely a picture shows a word.

    Attributes
    ----------
    word, variant, corpus
        What was learned, in which way (see `discovery.Protocol`), and the name of the corpus.
    network
        The `backbone.Backbone` it reads.
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
    recipe: dict = field(repr=False)

    def __repr__(self) -> str:
        return (
            f"WordClassifier({self.word!r}, {self.variant}, {len(self.linear.units):,} units of {self.network.title}, "
            f"learned from {self.linear.learned:,} pictures of {self.corpus}, accuracy {self.accuracy})"
        )

    def predict(self, images: Iterable, *, batch: int = 32) -> np.ndarray:
        """Probability of the word for each picture, float64 N.

        Parameters
        ----------
        images
            Pictures as `corpus.sources.opened` takes them: paths, PIL pictures, arrays.
        batch
            Pictures in one forward pass.

        Raises
        ------
        ImageFault
            A picture that is missing or cannot be decoded.

        Notes
        -----
        Learned from as many pictures with the word as without: 0.5 means as likely as not where half of the pictures
        have it. The texts it learned from were noisy, so the probability is of being called the word.
        """
        images, found = list(images), []
        device, _ = placement(self.network.module)
        with passes.placed(self.network.module, device, "float32"):
            for start in range(0, len(images), batch):
                pictures = [self.network.preprocess(opened(image)) for image in images[start : start + batch]]
                values = passes.pooled(self.network, pictures, self.network.layers, device, "max")
                found.append(expit(self.linear.log_odds(values)))
        return np.concatenate(found) if found else np.empty(0)

    def confidence(self, recording: xr.DataArray) -> pd.Series:
        """Log odds of the word for each picture of a recording, by id: what ranks most and least predicted pictures."""
        _check_units(recording, self.network)
        odds = self.linear.log_odds(recording.transpose("image", "unit").to_numpy())
        return pd.Series(odds, index=pd.Index(recording["image"].to_numpy(), name="image"), name=self.word)

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


def fit(
    corpus,
    word: str,
    network: backbone.Backbone,
    *,
    seed: int,
    variant: str = "resample",
    match: Sequence[str] = (),
    protocol: Protocol | None = None,
    recording: xr.DataArray | None = None,
) -> WordClassifier:
    """Learn to see a word from the pictures of a corpus and the words said of them.

    Parameters
    ----------
    corpus
        A `corpus.Corpus`, for example of your own pictures.
    word
        One of its words, with pictures in each part.
    network
        A `backbone.Backbone`.
    seed
        Seed of the balanced draw.
    variant
        "resample" (the paper's classifier), "random" (the baseline) or "initial" (on prime units alone).
    match
        Columns ("category", "group") that pictures with and without the word shall agree in.
    protocol
        Other choices than the default ones.
    recording
        Activations of the corpus, if they are at hand; else they are recorded, or read from the cache.

    Raises
    ------
    KeyError
        A word that the corpus has not, with the nearest ones.
    ValueError
        A word without contrast in some part, a column that is not there, a recording of other units.

    Notes
    -----
    *Discovery* section 4.2. Bins, smoothing and number of prime units of the divergence are the paper's constants.
    """
    paper = papers.constants("discovery")
    protocol = Protocol() if protocol is None else protocol
    match = (match,) if isinstance(match, str) else tuple(match)
    corpus.mention(word)  # says which words are near, if there is no such word
    recording = activations.record(network, corpus) if recording is None else recording
    _check_units(recording, network)
    recorded = corpus.subset(corpus.ids.isin(recording["image"].to_numpy()))
    values = recording.sel(image=recorded.ids.to_numpy()).transpose("image", "unit").to_numpy()
    mentions = recorded.mention(word)[:, None]
    examples = discovery.Examples(values, mentions, recorded.table["split"], [word], _strata(recorded, match))
    train = np.flatnonzero(examples.split == "train")
    divergence = discovery.unit_divergence(
        values[train], mentions[train], bins=paper.bins, smoothing=paper.smoothing, words=[word]
    )
    prime = discovery.prime_units(divergence[0], count=min(paper.prime_units, values.shape[1]))
    linear = discovery.word_classifier(examples, word, prime, variant=variant, protocol=protocol, seed=seed)
    accuracy = statistics.proportion(round(linear.accuracy * linear.tested), linear.tested)
    recipe = {"seed": seed, "match": match, "protocol": dataclasses.asdict(protocol), "pictures": len(recorded)}
    recipe = json.loads(json.dumps(recipe))  # lists for tuples, as it will be when read again
    return WordClassifier(word, variant, corpus.name, network, linear, accuracy, recipe)


def _strata(corpus, match):
    """The joint value of some columns for each picture; None for no column."""
    absent = [column for column in match if column not in corpus.table]
    if absent:
        raise ValueError(f"match names columns of the table, {list(corpus.table.columns)}; got {absent}")
    return corpus.table[list(match)].astype(str).agg("\0".join, axis=1).to_numpy() if match else None


def _check_units(recording, network):
    wanted, found = network.units["layer"].tolist(), recording["layer"].to_numpy().tolist()
    if wanted != found:
        raise ValueError(
            f"the recording must hold all units of {network.name}, {len(wanted)} in {', '.join(network.layers)}; "
            f"it has {len(found)} in {', '.join(dict.fromkeys(found))}"
        )


def _read(path):
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
