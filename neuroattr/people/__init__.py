"""What people say of words: asked which of two pictures shows more of one, simulated, or in published norms.

`questions`, `Poll` and `page` ask (Discovery, section 4.3), as does the form of `neuroattr.annotation`;
``Corpus.with_votes`` reads the answers; `judgements` are those of a corpus, from its votes or else from `norms`.
Equation 3, human visualness, is `discovery.human_visualness`; how far votes can be trusted, `discovery.noise_ceiling`.
"""

from neuroattr.people.judgements import Judgements, judged, judgements, table, voters
from neuroattr.people.page import page
from neuroattr.people.poll import CHOICES, Poll, Question, questions

__all__ = [
    "CHOICES",
    "Judgements",
    "Poll",
    "Question",
    "judged",
    "judgements",
    "page",
    "questions",
    "table",
    "voters",
]
