"""Choices that work on a page without a kernel and, in a live notebook, also call Python."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import ipywidgets as w
from ipywidgets.widgets.widget_string import HTMLStyle


def picture(src: str, alt: str, width: int, height: int) -> str:
    """One ``<img>`` with everything escaped; width and height (CSS pixels) keep the page still while it loads.

    Raises
    ------
    ValueError
        If the text for people who do not see the picture is empty.
    """
    if not alt.strip():
        raise ValueError("every picture needs a text for people who do not see it; pass alt='what the picture shows'")
    return f'<img src="{html.escape(src)}" alt="{html.escape(alt)}" width="{int(width)}" height="{int(height)}">'


class WordLayer(w.VBox):
    """One leaf for each (word, layer). The front end alone swaps them, by links, so no kernel is needed.

    Parameters
    ----------
    words, layers : sequences of str
        Shown as plain text, whatever they contain.
    leaf : callable
        ``leaf(word, layer)`` gives the HTML of one leaf; what it holds must be escaped already (see ``picture``).
    lazy : bool
        True in a live notebook: a leaf is asked for when it is first chosen. False on a built page: all are asked
        for now, because nobody will answer later.
    word, layer : str, optional
        Chosen at first; else the first ones.

    Notes
    -----
    The outer stack is over the layers, the shorter axis: ``1 + L`` links instead of ``1 + W``. One ``Layout`` and
    one style are shared by all leaves, because each of them costs 1.1 KB of page.
    """

    def __init__(
        self,
        words: Sequence[str],
        layers: Sequence[str],
        leaf: Callable[[str, str], str],
        *,
        lazy: bool = False,
        word: str | None = None,
        layer: str | None = None,
    ):
        words, layers = _unique(words, "words"), _unique(layers, "layers")
        first, deep = _place(word, words, "word"), _place(layer, layers, "layer")
        self._leaf = leaf
        self.word = w.Dropdown(options=words, index=first, description="Word")
        self.layer = w.ToggleButtons(
            options=layers, index=deep, description="Layer", tooltip="Layer", style={"button_width": "auto"}
        )
        layout, style = w.Layout(), HTMLStyle()
        self._leaves = {
            (one, other): w.HTML("" if lazy else leaf(one, other), layout=layout, style=style)
            for other in layers
            for one in words
        }
        stacks = [w.Stack([self._leaves[a, b] for a in words], selected_index=first, layout=layout) for b in layers]
        outer = w.Stack(stacks, selected_index=deep, layout=layout)
        self._links = [w.jslink((self.layer, "index"), (outer, "selected_index"))]
        self._links += [w.jslink((self.word, "index"), (stack, "selected_index")) for stack in stacks]
        super().__init__([self.word, self.layer, outer])
        self.add_class("word-layer")
        if lazy:
            self.on_choice(self._fill)
            self._fill(*self.choice)

    @property
    def choice(self) -> tuple[str, str]:
        """The chosen word and layer."""
        return self.word.value, self.layer.value

    def on_choice(self, call: Callable[[str, str], None]) -> None:
        """In a live notebook, ``call(word, layer)`` at each change. On a built page nothing calls it."""
        for control in (self.word, self.layer):
            control.observe(lambda _: call(*self.choice), "value")

    def _fill(self, word: str, layer: str) -> None:
        leaf = self._leaves[word, layer]
        if not leaf.value:
            leaf.value = self._leaf(word, layer)


class LayerChoice(w.VBox):
    """One leaf for each layer, swapped by the front end alone.

    Parameters
    ----------
    layers : sequence of str
        Shown as plain text.
    leaf : callable
        ``leaf(layer)`` gives the HTML of one leaf, escaped already.
    lazy : bool
        As in `WordLayer`.
    layer : str, optional
        Chosen at first; else the first one.
    """

    def __init__(
        self, layers: Sequence[str], leaf: Callable[[str], str], *, lazy: bool = False, layer: str | None = None
    ):
        layers = _unique(layers, "layers")
        first = _place(layer, layers, "layer")
        self._leaf = leaf
        self.layer = w.ToggleButtons(
            options=layers, index=first, description="Layer", tooltip="Layer", style={"button_width": "auto"}
        )
        layout, style = w.Layout(), HTMLStyle()
        self._leaves = {name: w.HTML("" if lazy else leaf(name), layout=layout, style=style) for name in layers}
        stack = w.Stack(list(self._leaves.values()), selected_index=first, layout=layout)
        self._link = w.jslink((self.layer, "index"), (stack, "selected_index"))
        super().__init__([self.layer, stack])
        self.add_class("layer-choice")
        if lazy:
            self.layer.observe(lambda _: self._fill(), "value")
            self._fill()

    def _fill(self) -> None:
        leaf = self._leaves[self.layer.value]
        if not leaf.value:
            leaf.value = self._leaf(self.layer.value)


def document(src: str, title: str, width: int, height: int) -> str:
    """One SVG document with a style and pictures of its own, which an ``<img>`` would not show; all escaped.

    Raises
    ------
    ValueError
        If the title is empty.
    """
    if not title.strip():
        raise ValueError("every document in a page needs a title for people who do not see it")
    shape = f"width:100%;max-width:{int(width)}px;aspect-ratio:{int(width)}/{int(height)}"
    words = html.escape(title)
    return (
        f'<object type="image/svg+xml" data="{html.escape(src)}" aria-label="{words}" style="{shape}">{words}</object>'
    )


def live_only(widget: w.DOMWidget) -> w.DOMWidget:
    """Mark a widget that only a kernel can answer; the book's style sheet hides it on a built page."""
    widget.add_class("live-only")
    return widget


def _unique(names: Sequence[str], what: str) -> list[str]:
    names = [str(name) for name in names]
    if not names or len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(
            f"an explorer needs at least one of its {what}, each once; got {len(names)}, repeated: {twice}"
        )
    return names


def _place(name: str | None, names: list[str], what: str) -> int:
    if name is None:
        return 0
    if name not in names:
        raise ValueError(f"no {what} {name!r} to show first; there are {names}")
    return names.index(name)
