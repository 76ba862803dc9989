"""A sentence that gives attributes as the reasons for a class."""

from __future__ import annotations

from collections.abc import Sequence

from neuroattr.checks import require


def sentence(class_name: str, attributes: Sequence[str]) -> str:
    """``This is a {class} because it has {attribute}, {attribute}, and {attribute}.``

    Parameters
    ----------
    class_name
        As it is to be read; the article stays "a", as printed ("a American Pipit").
    attributes
        The reasons, the strongest first: adjectives and a noun each, ``"long orange bill"``. Adjectives of one noun are
        merged (`merged`).

    Raises
    ------
    TypeError
        One string in place of several.
    ValueError
        No class, no attribute, or a blank one.

    Notes
    -----
    The template of *Summarization*, Aggregating filter attribute p.d.f.s, with the commas of its figure 3.

    Examples
    --------
    >>> sentence("Eared Grebe", ["black crown", "long neck", "red crown"])
    'This is a Eared Grebe because it has black and red crown and long neck.'
    """
    require(bool(str(class_name).strip()), "a sentence is about a class; got a blank name")
    reasons = merged(attributes)
    listed = f"{', '.join(reasons[:-1])}, and {reasons[-1]}" if len(reasons) > 2 else " and ".join(reasons)
    return f"This is a {class_name} because it has {listed}."


def merged(attributes: Sequence[str]) -> list[str]:
    """Attributes with the adjectives of each noun in one: ``"brown and black crown"``.

    A noun stands where its first attribute stood, and its adjectives in their order. What all its attributes end with
    is said once (``"black cheek patch"`` and ``"red cheek patch"``), and what another attribute says already is left
    out (``"orange bill"`` and ``"long bill"`` beside ``"long orange bill"``).

    Raises
    ------
    TypeError
        One string in place of several.
    ValueError
        No attribute, or a blank one.

    Examples
    --------
    >>> merged(["long orange bill", "white throat", "orange bill", "black bill"])
    ['long orange and black bill', 'white throat']
    """
    if isinstance(attributes, str):
        raise TypeError(f"attributes are several; got the one string {attributes!r}. Put it into a list")
    groups: dict[str, list[tuple[str, ...]]] = {}
    for attribute in attributes:
        words = tuple(attribute.split())
        require(bool(words), f"an attribute has adjectives and a noun; got {attribute!r}")
        groups.setdefault(words[-1], []).append(words)
    require(bool(groups), "a sentence needs at least one attribute as its reason; got none")
    return [_joined(group) for group in groups.values()]


def _joined(group: list[tuple[str, ...]]) -> str:
    """Attributes of one noun in one."""
    different = list(dict.fromkeys(group))
    said = [one for one in different if not any(set(one) < set(other) for other in different)]
    shared = 1
    while len({one[-shared - 1 :] for one in said}) == 1 and shared < min(map(len, said)) - 1:
        shared += 1
    adjectives = [" ".join(one[:-shared]) for one in said]
    return " ".join([*filter(None, [" and ".join(adjectives)]), *said[0][-shared:]])
