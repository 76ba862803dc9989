"""Drawn birds with exact ground truth."""
