"""Ask people which of two pictures is more of a word (Discovery, Section 4.3): in a live notebook or on a web page.

>>> from neuroattr import annotation
>>> asked = annotation.questions(corpus, ["red", "new"], pairs=10, seed=0)     # doctest: +SKIP
>>> annotation.Form(annotation.Poll(asked, "votes.csv", annotator="Ann", seed=0), corpus)     # doctest: +SKIP
>>> judged = corpus.with_votes("votes.csv")     # doctest: +SKIP
"""

from neuroattr.annotation.form import Form
from neuroattr.annotation.page import page
from neuroattr.annotation.poll import CHOICES, Poll, Question, questions

__all__ = ["CHOICES", "Form", "Poll", "Question", "page", "questions"]
