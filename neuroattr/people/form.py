"""The poll as a form in a live notebook; without a kernel, a picture of it."""

import base64
import html
import io
import time

import ipywidgets as w
from PIL import Image

from neuroattr.corpus import Corpus, ImageFault
from neuroattr.people.page import LABELS, photograph
from neuroattr.people.poll import Poll
from neuroattr.widgets import live_style, picture

STYLE = """<style>
.poll, .poll .widget-hbox { overflow: visible; }
.poll button { flex: none; }
.poll .asked { font-size: 1.2em; }
.poll .side { display: flex; align-items: center; justify-content: center; width: 100%; aspect-ratio: 1; }
.poll .side img { max-width: 100%; height: auto; }
</style>"""
GAP = 8  # pixels between the pictures, their margins included


class Form(w.VBox):  # type: ignore[misc]  # ipywidgets has no types
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
    pause
        Seconds for which a new question takes no answer: the second half of a double click, a key held down, and
        presses that waited for a busy kernel were meant for the question before.

    Attributes
    ----------
    buttons : dict of ipywidgets.Button
        "left", "none", "right" and "back"; ``click()`` presses them.
    """

    def __init__(self, poll: Poll, corpus: Corpus, *, size: int = 240, live: bool = True, pause: float = 0.25):
        self.poll, self._corpus, self._size, self._live, self._pause = poll, corpus, size, live, pause
        self._pressed = 0.0
        self.question, self.state, self.trouble = w.HTML(), w.HTML(), w.HTML()
        side = w.Layout(width=f"{size}px", max_width="50%")
        self.sides = [w.HTML(layout=side) for _ in range(2)]  # an Image has no text for those who do not see it
        self.buttons = {
            name: w.Button(description=label, disabled=not live, layout=w.Layout(width="auto"))
            for name, label in {**LABELS, "back": "back"}.items()
        }
        for choice in LABELS:
            self.buttons[choice].on_click(lambda _, choice=choice: self._answered(choice))
        self.buttons["back"].on_click(lambda _: self._backed())
        # One layout of both rows: the answers lie below the pictures, and they come and go together.
        self._rows = w.Layout(width=f"{2 * size + GAP}px", max_width="100%", justify_content="space-between")
        pair = w.HBox(self.sides, layout=self._rows)
        answers = w.HBox([self.buttons[name] for name in LABELS], layout=self._rows)
        below = w.HBox([self.buttons["back"], self.state])
        style = w.HTML(STYLE + (live_style() if live else ""), layout=w.Layout(display="none"))
        super().__init__([self.question, pair, answers, below, self.trouble, style])
        self.add_class("poll")
        self._show()

    def _answered(self, choice: str) -> None:
        early = time.monotonic() - self._pressed < self._pause
        self._pressed = time.monotonic()  # a key that is held down never gets old enough
        if early or self.buttons[choice].disabled:
            return
        try:
            self.poll.answer(choice)
        except OSError as error:
            why = error.strerror or error
            self._warn(
                f"This answer is not kept: {self.poll.path.name} cannot be written ({why}). If another program has it "
                "open, close it there; then answer again."
            )
            return
        self._show()
        if self.poll.current is None:
            self.buttons["back"].focus()  # else the keyboard is lost with the button that it pressed

    def _backed(self) -> None:
        self.poll.back()
        self._show()

    def _show(self) -> None:
        """Bring everything that is seen in line with the poll."""
        name, file = html.escape(self.poll.annotator), html.escape(self.poll.path.name)
        asked, (answered, all_) = self.poll.current, self.poll.progress
        self._warn("")
        if asked is None:
            self.question.value = f"<span class='asked'>Thank you, {name}. All answers are in {file}.</span>"
        else:
            self.question.value = f"<span class='asked'>Which picture is more <b>{html.escape(asked.word)}</b>?</span>"
            asked = asked if self._pictured() else None
        self._rows.display = "none" if asked is None else None
        for choice in LABELS:
            self.buttons[choice].disabled = not self._live or asked is None
        self.buttons["back"].disabled = not self._live
        self.state.value = f"{answered} of {all_} answered by {name}, kept in {file}"
        self._pressed = time.monotonic()

    def _pictured(self) -> bool:
        """Show both pictures, or say that one cannot be read."""
        try:
            shown = [photograph(self._corpus, id, size=self._size) for id in self.poll.pictures]
        except ImageFault as fault:
            self._warn(f"This pair cannot be shown: {fault}")
            return False
        for side, name, content in zip(self.sides, ("Left", "Right"), shown, strict=True):
            with Image.open(io.BytesIO(content)) as image:
                scale = self._size / max(image.size)
                width, height = (round(scale * length) for length in image.size)
            address = f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
            side.value = f"<div class='side'>{picture(address, f'{name} picture', width, height)}</div>"
        return True

    def _warn(self, words: str) -> None:
        self.trouble.value = f"<strong role='alert'>{html.escape(words)}</strong>" if words else ""
