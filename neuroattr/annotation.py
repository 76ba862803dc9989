"""The poll of `neuroattr.people`, with its form for a live notebook.

>>> from neuroattr import annotation
>>> asked = annotation.questions(corpus, ["red", "new"], pairs=10, seed=0)     # doctest: +SKIP
>>> annotation.Form(annotation.Poll(asked, "votes.csv", annotator="Ann", seed=0), corpus)     # doctest: +SKIP
>>> judged = corpus.with_votes("votes.csv")     # doctest: +SKIP
"""

from neuroattr.people.form import Form
from neuroattr.people.page import page
from neuroattr.people.poll import CHOICES, Poll, Question, questions

__all__ = ["CHOICES", "Form", "Poll", "Question", "page", "questions"]
