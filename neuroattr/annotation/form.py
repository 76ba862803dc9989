"""The poll as a form in a live notebook; without a kernel, a picture of it."""

import base64
import html
import io

import ipywidgets as w
from PIL import Image

from neuroattr.annotation.poll import Poll
from neuroattr.corpus import Corpus
from neuroattr.widgets import picture

LABELS = {"left": "← left", "none": "neither, or both alike", "right": "right →"}


def photograph(corpus: Corpus, id: str, *, size: int) -> bytes:
    """A picture of the corpus as JPEG, its longer side `size` pixels."""
    image = corpus.image(id).convert("RGB")
    image.thumbnail((size, size), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=88)
    return written.getvalue()


class Form(w.VBox):
    """Two pictures, the question, three answers and a way back.

    Parameters
    ----------
    poll
        Its state is the form's; answers go to its file.
    corpus
        Where the pictures are.
    size
        Most pixels of a picture's side.
    live
        False draws the form without anything to press, for a page that no kernel answers.

    Attributes
    ----------
    buttons : dict of ipywidgets.Button
        "left", "none", "right" and "back"; ``click()`` presses them.
    """

    def __init__(self, poll: Poll, corpus: Corpus, *, size: int = 240, live: bool = True):
        self.poll, self._corpus, self._size = poll, corpus, size
        self.question, self.state = w.HTML(), w.HTML()
        self.sides = [w.HTML() for _ in range(2)]  # an Image of ipywidgets has no text for those who do not see it
        self.buttons = {
            choice: w.Button(description=label, disabled=not live, layout=w.Layout(width="auto"))
            for choice, label in LABELS.items()
        }
        self.buttons["back"] = w.Button(description="back", disabled=not live, layout=w.Layout(width="auto"))
        for choice in LABELS:
            self.buttons[choice].on_click(lambda _, choice=choice: self._answered(choice))
        self.buttons["back"].on_click(lambda _: self._backed())
        self._live = live
        super().__init__(
            [self.question, w.HBox(self.sides), w.HBox([self.buttons[name] for name in LABELS]),
             w.HBox([self.buttons["back"], self.state])]
        )  # fmt: skip
        self.add_class("poll")
        self._show()

    def _answered(self, choice: str) -> None:
        self.poll.answer(choice)
        self._show()

    def _backed(self) -> None:
        self.poll.back()
        self._show()

    def _show(self) -> None:
        """Bring everything that is seen in line with the poll."""
        answered, all_ = self.poll.progress
        self.state.value = f"{answered} of {all_} answered by {html.escape(self.poll.annotator)}"
        asked = self.poll.current
        for name, button in self.buttons.items():
            button.disabled = not self._live or (not answered if name == "back" else asked is None)
        if asked is None:
            self.question.value = f"Thank you. The votes are in {html.escape(self.poll.path.name)}."
            for side in self.sides:
                side.layout.visibility = "hidden"
            return
        self.question.value = f"Which picture is more <b>{html.escape(asked.word)}</b>?"
        for side, name, id in zip(self.sides, ("Left", "Right"), self.poll.pictures, strict=True):
            content = base64.b64encode(photograph(self._corpus, id, size=self._size)).decode()
            side.value = picture(f"data:image/jpeg;base64,{content}", f"{name} picture", self._size, self._size)
            side.layout.visibility = "visible"
