"""Fine-tuned networks: a network that learned to name a corpus's words, or its categories, from its pictures."""

from neuroattr.training.finetuning.recipe import Tuning
from neuroattr.training.finetuning.tuned import Tuned, finetune

__all__ = ["Tuned", "Tuning", "finetune"]
