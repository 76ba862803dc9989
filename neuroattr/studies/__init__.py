"""Measurements over many words that take minutes, kept word by word: label noise, near-duplicates, truth."""
