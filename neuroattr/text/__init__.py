"""Texts and what they say: HTML to text, words, adjectives, near-duplicates. Strings and arrays only."""

from .adjectives import Rule, adjectives
from .boilerplate import Boilerplate, boilerplate, lost_mentions
from .duplicates import Duplicates, connected, near_duplicates
from .markup import damaged, plain
from .normalisation import normalised, whole_characters
from .noun_phrases import Grammar, phrases, singular
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
    "Grammar",
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
    "phrases",
    "plain",
    "sentences",
    "singular",
    "stop_words_digest",
    "tokens",
    "whole_characters",
    "without_phrase",
]
