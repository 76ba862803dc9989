"""Captions of drawn birds: what people say of a picture, with their omissions, synonyms and mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .bird import COLOURS, PARTS, Bird

EACH = 10
"""Captions of a picture."""
WRONG_COLOUR, WRONG_PART = 0.03, 0.02
"""Chance that a part is given another colour, or that its attribute is said of another part."""
SHAPES_SAID = {
    "cone": "thick", "pointed": "pointy", "hooked": "hooked", "curved": "curved", "flat": "flat", "needle": "thin",
}  # fmt: skip
"""What people call the shapes of beaks."""
NOUNS = {
    "crown": ("crown",), "forehead": ("forehead",), "eyebrow": ("eyebrow",), "eye": ("eye",),
    "cheek patch": ("cheek patch",), "throat": ("throat",), "nape": ("nape",), "breast": ("breast", "chest"),
    "belly": ("belly",), "wing": ("wing",), "back": ("back",), "tail": ("tail",), "legs": ("leg", "foot"),
    "beak": ("beak", "bill"),
}  # fmt: skip
"""What a part is called, in the singular."""
_PLURALS = {"eye": "eyes", "wing": "wings", "leg": "legs", "foot": "feet", "eyebrow": "eyebrows"}
_SALIENCE = {
    "crown": 5, "forehead": 1, "eyebrow": 2, "eye": 2, "cheek patch": 2, "throat": 3, "nape": 1, "breast": 5,
    "belly": 5, "wing": 5, "back": 3, "tail": 3, "legs": 2, "beak": 6,
}  # fmt: skip
_FRAMES = (
    "this bird has {}.",
    "a bird with {}.",
    "the bird has {}.",
    "this is a bird that has {}.",
    "there is a bird with {}.",
    "here is a bird; it has {}.",
    "the picture shows a bird with {}.",
    "one can see {} on this bird.",
)


@dataclass(frozen=True)
class Mention:
    """An attribute that a caption says.

    Parameters
    ----------
    part : of `PARTS`, that the attribute is said of.
    attribute : adjectives and noun, in the singular, as said.
    true : whether it is so in the picture.
    """

    part: str
    attribute: str
    true: bool


@dataclass(frozen=True)
class Caption:
    """A text about a bird, and what it says."""

    text: str
    mentions: tuple[Mention, ...]


def captions(bird: Bird, hidden: Sequence[str] = (), *, seed: int, each: int = EACH) -> list[Caption]:
    """What `each` people write about a bird.

    Parameters
    ----------
    bird
        What is in the picture.
    hidden
        Parts of `PARTS` that cannot be seen in it: nobody speaks of them, unless by mistake.
    seed
        Of who writes what.

    Raises
    ------
    ValueError
        No caption, an unknown part, or a bird nothing of which can be seen.
    """
    if each < 1:
        raise ValueError(f"a picture has at least 1 caption; got each={each}")
    if unknown := set(hidden) - set(PARTS):
        raise ValueError(f"parts are {', '.join(PARTS)}; got {min(unknown)!r}")
    seen = [part for part in PARTS if part in bird.markings and part not in hidden]
    if len(seen) < 2:
        raise ValueError("a caption speaks of two parts or more; fewer can be seen of this bird")
    rng = np.random.default_rng([bird.seed, seed])
    return [_caption(bird, seen, rng) for _ in range(each)]


def _caption(bird: Bird, seen: list[str], rng: np.random.Generator) -> Caption:
    weights = np.array([_SALIENCE[part] for part in seen], float)
    count = min(int(rng.integers(2, 5)), len(seen))
    chosen = [seen[k] for k in rng.choice(len(seen), count, replace=False, p=weights / weights.sum())]
    mentions = [_mention(bird, part, seen, rng) for part in chosen]
    phrases = [_phrase(mention.attribute) for mention in mentions]
    listed = f"{', '.join(phrases[:-1])} and {phrases[-1]}"
    return Caption(_FRAMES[int(rng.integers(len(_FRAMES)))].format(listed), tuple(mentions))


def _mention(bird: Bird, part: str, seen: list[str], rng: np.random.Generator) -> Mention:
    """What is said of a part, sometimes wrongly."""
    adjectives, said_of = _adjectives(bird, part, rng), part
    colour = bird.markings[part].colour
    if rng.random() < WRONG_COLOUR:
        other = str(rng.choice([name for name in COLOURS if name != colour]))
        adjectives = [other if word == colour else word for word in adjectives]
    if rng.random() < WRONG_PART:
        said_of = str(rng.choice([name for name in seen if name != part]))
    true = set(adjectives) <= _all_adjectives(bird, said_of)
    words = ["gray" if word == "grey" and rng.random() < 0.5 else word for word in adjectives]
    noun = str(rng.choice(NOUNS[said_of]))
    return Mention(said_of, " ".join([*words, noun]), true)


def _adjectives(bird: Bird, part: str, rng: np.random.Generator) -> list[str]:
    """Adjectives that somebody chooses for a part, at least one."""
    mark = bird.markings[part]
    colour = [mark.colour]
    if part == "beak":
        length = [bird.beak_length] if bird.beak_length != "medium" and rng.random() < 0.5 else []
        shape = [SHAPES_SAID[bird.beak]] if rng.random() < 0.4 else []
        return [*length, *shape, *(colour if rng.random() < 0.7 or not (length or shape) else [])]
    if part == "tail" and bird.tail_length != "medium" and rng.random() < 0.5:
        return [bird.tail_length, *(colour if rng.random() < 0.5 else [])]
    if mark.pattern != "plain" and rng.random() < 0.5:
        return [mark.pattern]
    return colour


def _all_adjectives(bird: Bird, part: str) -> set[str]:
    """Every adjective that is true of a part."""
    mark = bird.markings[part]
    true = {mark.colour} | ({mark.pattern} if mark.pattern != "plain" else set())
    if part == "beak":
        true |= {SHAPES_SAID[bird.beak], bird.beak_length}
    if part == "tail":
        true.add(bird.tail_length)
    return true


def _phrase(attribute: str) -> str:
    """An attribute as it is written: pairs in the plural, others with an article."""
    words, noun = attribute.split()[:-1], attribute.split()[-1]
    if noun in _PLURALS:
        return " ".join([*words, _PLURALS[noun]])
    return f"{'an' if words[0][0] in 'aeiou' else 'a'} {attribute}"
