"""Panels that show one view for each choice of some controls; the front end alone swaps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ipywidgets as w
from ipywidgets.widgets.widget_string import HTMLStyle

from neuroattr.widgets.markup import live_style

FEW = 8  # so many options are buttons, all of them seen at once; more are a list


@dataclass(frozen=True)
class Control:
    """Something to choose.

    Parameters
    ----------
    name
        What panels call it; also its name in the address of a page: ``#word=red``.
    options
        Shown as plain text, whatever they contain.
    first
        Chosen at first; else the first one.
    label
        Shown before it; the name unless given.

    Raises
    ------
    ValueError
        If there is no option, one is there twice, or the first is none of them.
    """

    name: str
    options: Sequence[str]
    first: str | None = None
    label: str = ""

    def __post_init__(self) -> None:
        options = tuple(str(option) for option in self.options)
        if not options or len(set(options)) < len(options):
            twice = sorted({option for option in options if options.count(option) > 1})
            raise ValueError(f"a choice of {self.name} needs options, each once; got {len(options)}, repeated: {twice}")
        if self.first is not None and self.first not in options:
            raise ValueError(f"no {self.name} {self.first!r} to show first; there are {list(options)}")
        object.__setattr__(self, "options", options)
        object.__setattr__(self, "label", self.label or self.name.capitalize())

    def widget(self) -> w.Dropdown | w.ToggleButtons:
        """The control itself: buttons where all options fit on a line, else a list."""
        shared = {
            "options": self.options,
            "index": self.options.index(self.first) if self.first else 0,
            "description": self.label,
        }
        if len(self.options) > FEW:
            control = w.Dropdown(**shared)
        else:
            control = w.ToggleButtons(**shared, tooltip=self.label, style={"button_width": "auto"})
        control.add_class("choice")
        control.add_class(f"choice-{self.name}")
        return control


@dataclass(frozen=True)
class Panel:
    """What is shown for each choice.

    Parameters
    ----------
    over
        Names of the controls that it follows. With two, the shorter one first: a panel of 7 layers and 40 words then
        has 1 + 7 links instead of 1 + 40.
    view
        ``view(word="red", layer="conv4")`` gives the HTML of one choice; what it holds must be escaped already.
    intro
        HTML that stays above it.
    """

    over: Sequence[str]
    view: Callable[..., str]
    intro: str = ""


class Choices(w.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Controls, and below them panels that follow them by links of the front end, so that no kernel is needed.

    Parameters
    ----------
    lazy
        True in a live notebook: a view is asked for when it is first chosen. False on a built page: all are asked
        for now, because nobody will answer later.
    linked
        On a built page, the address follows the choice, and a choice in the address is shown.

    Raises
    ------
    ValueError
        If a panel follows a control that is not there.

    Notes
    -----
    One ``Layout`` and one style are shared by all views, because each of them costs 1.1 KB of page.
    """

    def __init__(
        self, controls: Sequence[Control], panels: Sequence[Panel], *, lazy: bool = False, linked: bool = False
    ):
        self.controls = {control.name: control.widget() for control in controls}
        self._options = {control.name: control.options for control in controls}
        for panel in panels:
            unknown = [name for name in panel.over if name not in self.controls]
            if unknown:
                raise ValueError(f"a panel follows {unknown}, but the controls are {list(self.controls)}")
        self._panels = list(panels)
        self._links: list[w.Link] = []
        self._layout, self._style = w.Layout(), HTMLStyle()
        self._views: list[dict[tuple[str, ...], w.HTML]] = [{} for _ in panels]
        below = []
        for place, panel in enumerate(panels):
            below += [self._html(panel.intro)] if panel.intro else []
            below.append(self._stack(place, tuple(panel.over), {}, lazy))
        below += [w.HTML(live_style(), layout=w.Layout(display="none"))] if lazy else []
        super().__init__([*self.controls.values(), *below])
        self.add_class("choices")
        if linked:
            self.add_class("linked")
        if lazy:
            self.on_choice(lambda **choice: self._fill(choice))
            self._fill(self.choice)

    @property
    def choice(self) -> dict[str, str]:
        """What is chosen, by control."""
        return {name: control.value for name, control in self.controls.items()}

    def on_choice(self, call: Callable[..., None]) -> None:
        """In a live notebook, ``call(word="red", layer="fc7")`` at each change. On a built page nothing calls it."""
        for control in self.controls.values():
            control.observe(lambda _: call(**self.choice), "value")

    def _html(self, value: str) -> w.HTML:
        return w.HTML(value, layout=self._layout, style=self._style)

    def _stack(self, place: int, over: tuple[str, ...], fixed: dict[str, str], lazy: bool) -> w.Stack:
        name, *rest = over
        children = []
        for option in self._options[name]:
            chosen = {**fixed, name: option}
            if rest:
                children.append(self._stack(place, tuple(rest), chosen, lazy))
            else:
                view = self._html("" if lazy else self._panels[place].view(**chosen))
                self._views[place][tuple(chosen.values())] = view
                children.append(view)
        control = self.controls[name]
        stack = w.Stack(children, selected_index=control.index, layout=self._layout)
        self._links.append(w.jslink((control, "index"), (stack, "selected_index")))
        return stack

    def _fill(self, choice: dict[str, str]) -> None:
        for panel, views in zip(self._panels, self._views, strict=True):
            chosen = {name: choice[name] for name in panel.over}
            view = views[tuple(chosen.values())]
            if not view.value:
                view.value = panel.view(**chosen)
