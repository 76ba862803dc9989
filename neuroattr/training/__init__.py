"""Fine-tuned networks: a network that learned to name a corpus's words, or its categories, from its pictures."""

from neuroattr.training.tuned import Tuned, finetune
from neuroattr.training.tuning import Tuning

__all__ = ["Tuned", "Tuning", "finetune"]
