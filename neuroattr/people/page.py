"""The poll as one file of HTML: it asks nothing of a server, and hands its votes over as a CSV file."""

import base64
import html
import io
import json
from collections.abc import Sequence
from importlib import resources

from PIL import Image

from neuroattr.corpus import Corpus
from neuroattr.people.poll import HEADER, Question

LABELS = {"left": "← left", "none": "neither, or both alike", "right": "right →"}


def photograph(corpus: Corpus, id: str, *, size: int) -> bytes:
    """A picture of the corpus as JPEG, its longer side `size` pixels."""
    image = corpus.image(id).convert("RGB")
    image.thumbnail((size, size), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=88)
    return written.getvalue()


def page(questions: Sequence[Question], corpus: Corpus, *, title: str, size: int = 240) -> str:
    """A page that asks the questions; it works from a disk, without a network, in any browser of today.

    Parameters
    ----------
    questions
        As `questions` draws them.
    corpus
        Where the pictures are; they are inside the page, each once.
    title
        Headline.
    size
        Most pixels of a picture's side.

    Raises
    ------
    ValueError
        Without questions.

    Notes
    -----
    Order and sides are shuffled by the annotator's name. Answers are kept in the browser until they are downloaded, so
    a page that was closed goes on where it stopped. Its votes have the columns of a `Poll`; ``Corpus.with_votes``
    reads them. The page may not load or send anything: its own policy forbids it.
    """
    if not questions:
        raise ValueError("a page of votes needs at least one question; got none")
    ids = list(dict.fromkeys(id for asked in questions for id in (asked.positive_id, asked.negative_id)))
    number = {id: k for k, id in enumerate(ids)}
    data = {
        "title": title,
        "header": HEADER,
        "labels": LABELS,
        "ids": ids,
        "pictures": [base64.b64encode(photograph(corpus, id, size=size)).decode() for id in ids],
        "questions": [
            [asked.word, asked.pair, number[asked.positive_id], number[asked.negative_id]] for asked in questions
        ],
        "size": size,
    }
    # In a script nothing is escaped but what could end it; the page itself writes text, never markup.
    inside = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    template = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    return template.replace("{{title}}", html.escape(title)).replace("{{data}}", inside)
