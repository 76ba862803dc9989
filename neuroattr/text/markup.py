"""Plain text from HTML: what a shop's descriptions say, without how they are set."""

import html
import re

# A tag begins with a letter or a slash, so that "size < 40" stays text; attributes may hold ">" inside quotes.
_TAG = r"""<(?:!--.*?--|/?[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*|!\w[^>]*|\?[^>]*)>"""
_HIDDEN = re.compile(r"<(script|style|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|code|em|font|i|ins|mark|o:p|s|small|span|strong|sub|sup|u)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>",
    re.IGNORECASE,
)
_ANY = re.compile(_TAG, re.DOTALL)
# What is left of a non-breaking space after UTF-8 was read as Latin-1 several times: runs of Ã, Â and question marks.
_DAMAGE = re.compile(r"(?:[ÃÂ�][?\u0080-\u00bf]*){2,}|[ÃÂ�]\?+|�")
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*")


def plain(markup):
    """The text of ``markup``: entities decoded, block elements and line breaks as one newline, damage as a blank.

    >>> plain("<p>Soft &amp; <b>blue</b><br />Size &lt; 40</p>")
    'Soft & blue\\nSize < 40'

    Notes
    -----
    Inline elements leave nothing behind (``t-<b>shirt</b>`` is one word), block elements leave a newline, because
    shops put no full stop at the end of a line and the next line is another sentence.
    """
    text = _HIDDEN.sub("\n", markup)
    text = _ANY.sub("\n", _INLINE.sub("", text))
    text = _DAMAGE.sub(" ", html.unescape(text))
    return _BREAKS.sub("\n", _BLANKS.sub(" ", text)).strip()


def damaged(markup):
    """Whether ``markup`` holds characters that were decoded wrongly."""
    return bool(_DAMAGE.search(html.unescape(markup)))
