"""Measurements over many words of a recorded corpus: methods side by side, contrasts, layers, noise, truth, strides."""
