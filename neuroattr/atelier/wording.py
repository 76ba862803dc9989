"""Title and description of one listing, from the words that are to be mentioned in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from .choices import choice
from .items import Item
from .vocabulary import Word

NAME = "\x00"  # stands for the proper noun, which is all that near-duplicates differ in
PLURAL = frozenset({"trousers", "shorts", "boots"})
_SLOTS = ("it", "it_object", "its", "is", "has", "this", "s")
_SINGULAR = dict(zip(_SLOTS, ("it", "it", "its", "is", "has", "this", "s"), strict=True), name=NAME)
_PLURAL = dict(zip(_SLOTS, ("they", "them", "their", "are", "have", "these", ""), strict=True), name=NAME)
_OTHER_THINGS = ("scarf", "blouse", "bag", "skirt", "cardigan", "headscarf", "jacket")
_ACCESSORIES = frozenset({"bag", "hat", "scarf", "boots"})
_OF_GARMENTS = re.compile(
    r"\b(?:bust|cuffs|fit|hem|rolled|shoulders|size|sizes|waistband|wear|weekend)\b", re.IGNORECASE
)
_NAMED_TWICE = 60  # tokens; in shorter texts a name said twice would be a difference of more than a name


def _cased_both(slots: dict[str, str]) -> dict[str, str]:
    """The slots, and with a capital the same slots that begin with one."""
    return slots | {name[0].upper() + name[1:]: text[:1].upper() + text[1:] for name, text in slots.items()}


_SINGULAR_FORMS, _PLURAL_FORMS = _cased_both(_SINGULAR), _cased_both(_PLURAL)


@dataclass(frozen=True)
class Voice:
    """How one shop writes: the joint and case of its titles, its talkativeness, and the sentences it repeats."""

    joint: str
    capitals: bool
    talk: float
    boilerplate: tuple[str, ...]


@cache
def phrases() -> dict[str, Any]:
    """The sentences and names that texts are made of, as ``phrases.toml`` holds them."""
    return tomllib.loads(resources.files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))


def voice(rng: np.random.Generator) -> Voice:
    """A shop's way of writing."""
    sections = phrases()["boilerplate"]
    kept = [name for name in sections if rng.random() < 0.5]
    repeated = tuple(choice(rng, sections[name]) for name in kept)
    joint, capitals = choice(rng, phrases()["titles"]["joints"]), rng.random() < 0.6
    return Voice(joint, capitals, float(rng.uniform(0.5, 3.5)), repeated)


def written(item: Item, words: Sequence[Word], style: Voice, rng: np.random.Generator) -> tuple[str, str]:
    """Title and description that mention each of ``words``, and no other candidate word; NAME is left open.

    Parameters
    ----------
    words
        The words to mention, true of the item or not. What is not true of it is said of something else: another
        colour to order it in, a thing to wear it with.
    """
    return _Writer(item, words, style, rng).written()


class _Writer:
    """The state of writing one listing: what has been said so far."""

    def __init__(self, item: Item, words: Sequence[Word], style: Voice, rng: np.random.Generator) -> None:
        self.item, self.style, self.rng = item, style, rng
        words = [words[i] for i in rng.permutation(len(words))]
        told = ("colour", "tone", "pattern", "cut")
        self.true = {place: [w for w in words if w.place == place and w.applies(item)] for place in told}
        self.false = {place: [w for w in words if w.place == place and not w.applies(item)] for place in told}
        self.moods = [w for w in words if w.place == "mood"]
        self.own = [w for w in words if w.place in ("made", "service")]
        self.said: set[str] = set()
        self.plural = item.kind in PLURAL
        self.noun = choice(rng, phrases()["nouns"][item.kind])

    def written(self) -> tuple[str, str]:
        title = self._title()
        named = self.rng.random() < 0.5
        opening = self._opening(named)
        about = self._shuffled([*self._look(), *self._moods()])
        own = [self._sentence(choice(self.rng, self._fitting(w.says)), w) for w in self.own]
        fillers = self.rng.permutation(self._fitting(phrases()["filler"]["any"]))[: self.rng.poisson(self.style.talk)]
        service = self._shuffled([*own, *(self._sentence(str(filler)) for filler in fillers)])
        end = [sentence for sentence in self._fitting(self.style.boilerplate) if self.rng.random() < 0.8]
        description = _paragraphs([opening, *about, *service], end, self.rng)
        if not named or (len(description.split()) > _NAMED_TWICE and self.rng.random() < 0.5):
            title = self._cased(f"{NAME} ") + title if self.rng.random() < 0.5 else f"{title}{self.style.joint}{NAME}"
        return title, description

    def _title(self) -> str:
        moods = self._new(self.moods, 0.45)[:2]
        leading, trailing = (moods[:1], moods[1:]) if self.rng.random() < 0.6 else ([], moods)
        cuts = self._new(self.true["cut"], 0.4)[:2]
        colours, patterns = self._new(self.true["colour"], 0.75)[:2], self._new(self.true["pattern"], 0.75)[:1]
        head = [*(w.as_ for w in leading), *self._coloured(colours), *(w.as_ for w in patterns)]
        parts = [" ".join([*head, self.noun])]
        parts += [_bare(choice(self.rng, w.phrases(self.item)).format(w=w.word)) for w in cuts]
        if trailing:
            again = choice(self.rng, phrases()["nouns"][self.item.kind])
            parts.append(" ".join([*(w.as_ for w in trailing), again]))
        endings = self.rng.permutation(self._fitting(phrases()["titles"]["endings"]))
        parts += [str(ending) for ending in endings[: self.rng.integers(0 if head else 1, 3)]]
        self.said |= {w.word for w in (*moods, *cuts, *colours, *patterns)}
        title = self.style.joint.join(parts)
        return self._cased(title) if self.style.capitals else title[0].upper() + title[1:]

    def _opening(self, named: bool) -> str:
        colours = self._again(self.true["colour"])[:2]
        patterns = self._again(self.true["pattern"])[:1]
        self.said |= {w.word for w in (*colours, *patterns)}
        np_ = " ".join([*self._coloured(colours), *(w.as_ for w in patterns), self.noun])
        template = choice(self.rng, phrases()["look"]["named" if named else "opening"])
        return self._sentence(template, np=np_)

    def _look(self) -> list[str]:
        look = phrases()["look"]
        more = self._again(self.true["colour"] + self.true["pattern"], 0.0)
        parts = self._again(self.true["cut"], 0.0)
        texts = [choice(self.rng, w.phrases(self.item)).format(w=w.word) for w in parts]
        others = [w for place in ("pattern", "cut") for w in self.false[place]]
        things = [_article(f"{w.as_} {choice(self.rng, w.other or _OTHER_THINGS)}") for w in others]
        return [
            *self._listed(look["more"], [w.as_ for w in more]),
            *self._listed(look["tone"], [w.word for w in self.true["tone"]]),
            *self._listed(look["parts"], texts),
            *self._listed(look["shade"], [w.word for w in self.false["colour"]]),
            *self._listed(look["with"], things),
            *self._listed(look["backdrop"], [w.word for w in self.false["tone"]]),
        ]

    def _moods(self) -> list[str]:
        moods, sentences = self._again(self.moods, 0.25), []
        while moods:
            size = int(self.rng.integers(1, 4))
            kind = "short_mood" if size == 1 and self.rng.random() < 0.4 else "mood"
            sentences += self._listed(phrases()["look"][kind], [w.word for w in moods[:size]])
            moods = moods[size:]
        return sentences

    def _listed(self, templates: Sequence[str], texts: Sequence[str]) -> list[str]:
        if not texts:
            return []
        listed = texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
        return [self._sentence(choice(self.rng, templates), list=listed)]

    def _sentence(self, template: str, word: Word | None = None, **slots: str) -> str:
        if word is not None:
            slots["w"] = word.word
        if "np" in slots:
            slots["a_np"] = f"a pair of {slots['np']}" if self.plural else _article(slots["np"])
        return template.format_map({**(_PLURAL_FORMS if self.plural else _SINGULAR_FORMS), **_cased_both(slots)})

    def _new(self, words: Sequence[Word], chance: float) -> list[Word]:
        return [w for w in words if self.rng.random() < chance]

    def _coloured(self, words: Sequence[Word]) -> list[str]:
        """The colours as one adjective, "navy blue and orange": shades first, what only the pattern shows last."""
        shades = [w.word for w in words if "shows" not in w.follows[0]]
        named = [w.word for w in words if "shows" in w.follows[0]]
        ground = [*shades, *(word for word in named if _is_ground(word, self.item))]
        pattern = [word for word in named if not _is_ground(word, self.item)]
        return [" and ".join(filter(None, [" ".join(ground), *pattern]))] if words else []

    def _again(self, words: Sequence[Word], chance: float = 0.6) -> list[Word]:
        """The words that were not said yet, and with a chance those that were."""
        return [w for w in words if w.word not in self.said or self.rng.random() < chance]

    def _shuffled(self, sentences: Sequence[str]) -> list[str]:
        return [sentences[i] for i in self.rng.permutation(len(sentences))]

    def _fitting(self, sentences: Sequence[str]) -> Sequence[str]:
        """The sentences without talk of body sizes where the item is no garment; all, if that leaves none."""
        if self.item.kind not in _ACCESSORIES:
            return sentences
        return [s for s in sentences if not _OF_GARMENTS.search(s)] or sentences

    def _cased(self, text: str) -> str:
        return re.sub(r"(?<![\w'])[a-z]", lambda match: match[0].upper(), text) if self.style.capitals else text


def _paragraphs(body: Sequence[str], end: Sequence[str], rng: np.random.Generator) -> str:
    cut = int(rng.integers(1, len(body) + 1))
    blocks = [" ".join(part) for part in (body[:cut], body[cut:], end) if part]
    return "\n".join(blocks)


def _is_ground(word: str, item: Item) -> bool:
    return word.replace("grey", "gray") == item.colour


def _article(text: str) -> str:
    return f"{'an' if text[0] in 'aeiou' and not text.startswith('one ') else 'a'} {text}"


def _bare(phrase: str) -> str:
    return re.sub(r"^an? ", "", phrase)
