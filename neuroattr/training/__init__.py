"""Training: networks fine-tuned to words and categories, and how the small network of this package was distilled.

``python -m neuroattr.training --help`` shows the commands that made that small network.
"""

from neuroattr.training.finetuning import DamagedNetwork, Tuned, Tuning, finetune

__all__ = ["DamagedNetwork", "Tuned", "Tuning", "finetune"]
