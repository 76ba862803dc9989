"""The drawing library, asked for before the first module that draws: what the system lacks is said, with the remedy."""

from neuroattr import drawing

drawing.require()
