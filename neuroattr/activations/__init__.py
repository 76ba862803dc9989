"""Activations of a network's units on every picture of a corpus, recorded once, on disk, keyed by their content."""

from neuroattr.activations.agreement import rank_agreement
from neuroattr.activations.recording import record
from neuroattr.activations.spatial import maps, vectors
from neuroattr.activations.store import StaleActivations, opened

__all__ = ["StaleActivations", "maps", "opened", "rank_agreement", "record", "vectors"]
