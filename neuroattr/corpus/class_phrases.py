"""Attribute tables of classes in words: ``has_wing_color::brown`` is "brown wing"."""

from __future__ import annotations

import re

import pandas as pd

from neuroattr.text import singular

# What the values of a group of attributes are put into. A group that is not here has the form has_<part>_<kind>:
# "has_wing_color" says something of the wing.
TEMPLATES = {
    "has_bill_length": "{} bill",
    "has_head_pattern": "{} head",
    "has_primary_color": "{} body",
    "has_shape": "{} shape",
    "has_size": "{} body",
    "has_upper_tail_color": "{} upper tail",
    "has_under_tail_color": "{} under tail",
    "has_upperparts_color": "{} upperparts",
    "has_underparts_color": "{} underparts",
}
VALUES = {  # that are no adjectives as they stand
    "about the same as head": "head-long", "longer than head": "long", "shorter than head": "short",
    "curved (up or down)": "curved", "eyebrow": "eyebrowed", "eyering": "ringed", "malar": "malar-striped",
    "unique pattern": "patterned", "cone": "conical", "needle": "needle-like", "dagger": "dagger-like",
    "hooked seabird": "hooked seabird-like", "specialized": "specialised", "multi-colored": "multicolored",
    "eyeline": "lined",
}  # fmt: skip
_GROUP = re.compile(r"has_(?P<part>\w+)_(?:color|colour|pattern|shape|length|size)")


def phrase(attribute: str) -> str:
    """An attribute of the form ``group::value`` as adjective and noun.

    Raises
    ------
    ValueError
        For another form, or a group of which no part can be read.

    Examples
    --------
    >>> phrase("has_wing_color::brown"), phrase("has_bill_shape::curved_(up_or_down)")
    ('brown wing', 'curved bill')
    """
    group, separator, value = attribute.partition("::")
    template = TEMPLATES.get(group)
    match = _GROUP.fullmatch(group)
    if not separator or not value.strip() or (template is None and match is None):
        raise ValueError(
            f"an attribute of a class is written has_<part>_<color, pattern, shape, length>::<value>; got {attribute!r}"
        )
    words = value.replace("_", " ").strip()
    words = VALUES.get(words, re.sub(r"\s*\(.*\)$", "", words))
    if template is None and match is not None:
        part = singular(match["part"].replace("_", " "))
        words = re.sub(rf"[ -]{part}s?$", "", words)  # "rounded-wings", "forked_tail"
        template = f"{{}} {part}"
    return str(template).format(words)


def phrases(table: pd.DataFrame) -> pd.DataFrame:
    """Class attributes by phrase: percentage of each class, in which attributes of one phrase have their largest.

    Parameters
    ----------
    table
        Index: class; columns: attributes as `phrase` takes them; percentages (``Annotations.class_attributes``).

    Raises
    ------
    ValueError
        As `phrase`.
    """
    named = table.copy()
    named.columns = pd.Index([phrase(attribute) for attribute in table.columns], name="attribute")
    return named.T.groupby(level=0, sort=False).max().T
