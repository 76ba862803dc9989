"""Texts and what they say: HTML to text, words, adjectives, near-duplicates. Strings and arrays only."""

from .adjectives import Rule, adjectives
from .boilerplate import Boilerplate, boilerplate, lost_mentions
from .duplicates import Duplicates, connected, near_duplicates
from .markup import damaged, plain
from .normalisation import normalised, whole_characters
from .tokens import (
    bags,
    document_frequency,
    mentions,
    sentences,
    stop_words_digest,
    tokens,
    without_phrase,
)

__all__ = [
    "Boilerplate",
    "Duplicates",
    "Rule",
    "adjectives",
    "bags",
    "boilerplate",
    "connected",
    "damaged",
    "document_frequency",
    "lost_mentions",
    "mentions",
    "near_duplicates",
    "normalised",
    "plain",
    "sentences",
    "stop_words_digest",
    "tokens",
    "whole_characters",
    "without_phrase",
]
