"""Training: networks fine-tuned to words and categories, and how the small network of this package was distilled.

``python -m neuroattr.training --help`` shows the commands that made that small network.
"""

from neuroattr.training.finetuning import Tuned, Tuning, finetune

__all__ = ["Tuned", "Tuning", "finetune"]
