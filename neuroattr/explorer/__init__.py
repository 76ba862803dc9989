"""What the explorer shows of a word: how far units diverge, where they look, and what its classifier expects.

Everything here is computed for all words at once and turned into markup that needs no kernel; one picture is one
file, whatever the number of words that show it.
"""

from neuroattr.explorer.evidence import best_by_chance, resampled_interval
from neuroattr.explorer.panels import WordPanels, heading
from neuroattr.explorer.pictures import INCH, Pictures, Thumbnails
from neuroattr.explorer.places import Place, chosen_pictures, salient_places
from neuroattr.explorer.predictions import Prediction, best_with, predictions
from neuroattr.explorer.views import View, description, view, word_at_layer

__all__ = [
    "INCH",
    "Pictures",
    "Place",
    "Prediction",
    "Thumbnails",
    "View",
    "WordPanels",
    "best_by_chance",
    "best_with",
    "chosen_pictures",
    "description",
    "heading",
    "predictions",
    "resampled_interval",
    "salient_places",
    "view",
    "word_at_layer",
]
