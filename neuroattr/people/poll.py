"""What is asked, in which order, what was answered, and where it is written: no screen in it."""

import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock

from neuroattr.corpus import Corpus, votes

CHOICES = ("left", "right", "none")
"""What an annotator can answer."""

HEADER = (*votes.COLUMNS, "left")


@dataclass(frozen=True)
class Question:
    """A pair of pictures for a word: one whose text has it, one whose text has not."""

    word: str
    pair: int
    positive_id: str
    negative_id: str

    @property
    def key(self) -> tuple[str, str]:
        """Word and pair, as a file of votes has them."""
        return self.word, str(self.pair)


def questions(
    corpus: Corpus, words: Iterable[str], *, pairs: int, seed: int, match: Sequence[str] = ()
) -> tuple[Question, ...]:
    """Pairs drawn at random for each word, the same for the same seed and corpus whatever the other words are.

    Parameters
    ----------
    words
        Words of the corpus; the paper asks about its 100 most frequent ones.
    pairs
        Of each word, as many as there are pictures for at most (paper: 50).
    match
        Columns of the corpus ("category") in which the two pictures of a pair agree; the paper has none.

    Raises
    ------
    KeyError, ValueError
        For a word that the corpus does not have, or has of all or no pictures; fewer than one pair.
    """
    if pairs < 1:
        raise ValueError(f"pairs is how many to ask about each word, 1 or more; got {pairs}")
    ids, asked = corpus.ids.to_numpy(), []
    strata = corpus.strata(match) if match else np.zeros(len(corpus), np.int64)
    for word in words:
        sides = corpus.contrast(word, seed=seed, match=match)
        random = np.random.default_rng([seed, zlib.crc32(word.encode())])
        positives, negatives = (random.permutation(rows) for rows in (sides.positives, sides.negatives))
        # Both sides have as many pictures of each stratum: the k-th of one is paired with the k-th of the other.
        positives, negatives = (rows[np.argsort(strata[rows], kind="stable")] for rows in (positives, negatives))
        chosen = random.permutation(min(len(positives), len(negatives)))[:pairs]
        asked += [Question(word, pair, str(ids[positives[k]]), str(ids[negatives[k]])) for pair, k in enumerate(chosen)]
    return tuple(asked)


class Poll:
    """One annotator's way through the questions; every answer is in the file before the next question comes.

    Parameters
    ----------
    questions
        As `questions` draws them.
    path
        CSV file that answers are added to; it may hold those of others. Answers of this annotator that are there are
        not asked for again.
    annotator
        Name, one line. It decides order and sides, so that the same person finds the same poll again.
    seed
        Of order and sides, hidden from who answers.

    Raises
    ------
    ValueError
        Without questions or a name; if the file holds other pictures under the same number of a pair, or is none that
        answers can be added to: of other columns, in another encoding, no votes at all.
    """

    def __init__(self, questions: Sequence[Question], path: Path | str, *, annotator: str, seed: int):
        if not questions:
            raise ValueError("a poll needs at least one question; got none")
        if not isinstance(annotator, str):
            raise ValueError(f"annotator is the name of who answers, a string; got {annotator!r}")
        if not annotator.strip():
            raise ValueError("a poll needs the name of who answers; any one will do, but not an empty one")
        self.path, self.annotator = Path(path), annotator.strip()
        random = np.random.default_rng([seed, zlib.crc32(self.annotator.encode())])
        self.questions = tuple(questions[k] for k in random.permutation(len(questions)))
        self.swapped = random.random(len(questions)) < 0.5  # True: the negative is on the left
        for question in questions:  # a name of two lines is refused now, not at the first answer
            votes.line((self.annotator, question.word, question.positive_id, question.negative_id))
        self.answered = self._earlier()
        self.at = self._next()

    @property
    def current(self) -> Question | None:
        """The question that is open; None when all are answered."""
        return self.questions[self.at] if self.at < len(self.questions) else None

    @property
    def pictures(self) -> tuple[str, str]:
        """Ids of the pictures on the left and on the right.

        Raises
        ------
        ValueError
            When nothing is left to ask.
        """
        question = self._open()
        sides = question.positive_id, question.negative_id
        return sides[::-1] if self.swapped[self.at] else sides

    @property
    def progress(self) -> tuple[int, int]:
        """How many questions are answered, of how many."""
        return len(self.answered), len(self.questions)

    def answer(self, choice: str) -> None:
        """Write the answer to the open question ("left", "right" or "none") and go on to the next.

        Raises
        ------
        ValueError
            For another choice, or when nothing is left to ask.
        """
        if choice not in CHOICES:
            raise ValueError(f"the answers are {', '.join(CHOICES)}; got {choice!r}")
        question = self._open()
        left, right = ("negative", "positive") if self.swapped[self.at] else ("positive", "negative")
        said = {"left": left, "right": right, "none": "none"}[choice]
        record = (question.word, question.pair, question.positive_id, question.negative_id, self.annotator, said, left)
        append(self.path, [votes.line(record)])
        self.answered[question.key] = self.at
        self.at = self._next()

    def back(self) -> None:
        """Open the question that was answered last again; a new answer replaces the old one when votes are read."""
        if self.answered:
            self.at = self.answered.pop(list(self.answered)[-1])

    def _open(self) -> Question:
        if self.current is None:
            raise ValueError(f"all {len(self.questions)} questions are answered; the votes are in {self.path.name}")
        return self.current

    def _next(self) -> int:
        unanswered = (k for k, asked in enumerate(self.questions) if asked.key not in self.answered)
        return next(unanswered, len(self.questions))

    def _earlier(self) -> dict[tuple[str, str], int]:
        """Questions that the file has answers of this annotator to, in the order of the file, and their places."""
        data = self.path.read_bytes() if self.path.is_file() else b""
        if votes.line(HEADER).startswith(data):  # no file, or a header that was cut off
            return {}
        place = {question.key: k for k, question in enumerate(self.questions)}
        answered = {}
        table = votes.read(self.path)
        if tuple(table.columns) != HEADER or b"\0" in data or b"\n" not in data:  # votes, but added lines would not fit
            raise ValueError(
                f"{self.path.name} is no file that answers can be added to: wanted UTF-8, lines that end in \\n and "
                f"the columns {', '.join(HEADER)}; take another file, and give both to with_votes"
            )
        for row in table.itertuples():
            key = row.word, row.pair
            if key not in place:
                continue
            wanted = self.questions[place[key]]
            if (row.positive_id, row.negative_id) != (wanted.positive_id, wanted.negative_id):
                raise ValueError(
                    f"{self.path.name} has votes on other pictures for pair {row.pair} of {row.word!r}: it is of "
                    "another corpus or seed; take another file"
                )
            if row.annotator == self.annotator:
                answered[key] = place[key]
        return answered


def append(path: Path, lines: Iterable[bytes]) -> None:
    """Add whole lines to a file of votes, with a header if it is new, and see them on the disk.

    What a killed writer left behind the last whole line is cut off first. A hidden lock beside the file lets several
    notebooks write to one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock")), path.open("a+b") as file:
        file.seek(0)
        whole = file.read().rpartition(b"\n")
        end = len(whole[0]) + len(whole[1])
        file.truncate(end)
        file.write(b"".join([*([] if end else [votes.line(HEADER)]), *lines]))
        file.flush()
        os.fsync(file.fileno())
