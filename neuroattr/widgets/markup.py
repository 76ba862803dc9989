"""Pictures and documents as markup in which everything that came from outside is escaped."""

from __future__ import annotations

import html
from importlib import resources

LIVE = {
    ".bd-content .widget-subarea": ":is(.choices.choices, .poll.poll)",
    ".bd-content .choices": ".choices.choices",
    'html[data-theme="dark"]': '[data-jp-theme-light="false"]',
    "--pst-color-text-base": "--jp-content-font-color1",
    "--pst-color-text-muted": "--jp-content-font-color2",
    "--pst-color-accent": "--jp-brand-color1",
    "--pst-color-primary-text": "--jp-ui-inverse-font-color1",
    "--pst-color-primary": "--jp-brand-color1",
}
"""What the book's style sheet calls a place or a colour, and what JupyterLab calls it."""


def picture(src: str, alt: str, width: int, height: int, *, lazy: bool = False, kind: str = "") -> str:
    """One ``<img>`` with everything escaped; width and height (CSS pixels) keep the page still while it loads.

    Parameters
    ----------
    lazy : bool
        Fetched only when it comes near the window: for pages with many pictures.
    kind : str
        Class for the style sheet.

    Raises
    ------
    ValueError
        If the text for people who do not see the picture is empty.
    """
    if not alt.strip():
        raise ValueError("every picture needs a text for people who do not see it; pass alt='what the picture shows'")
    more = (f' class="{html.escape(kind)}"' if kind else "") + (' loading="lazy"' if lazy else "")
    return f'<img src="{html.escape(src)}" alt="{html.escape(alt)}" width="{int(width)}" height="{int(height)}"{more}>'


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


def live_style() -> str:
    """A ``<style>`` that gives choices in a live notebook, where the book has no style sheet, the look of the book."""
    rules = resources.files(__package__).joinpath("choices.css").read_text(encoding="utf-8")
    for book, lab in LIVE.items():
        rules = rules.replace(book, lab)
    return f"<style>{rules}</style>"
