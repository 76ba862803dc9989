"""From a look to the person who wears it: every piece of clothing and of the body, where it lies in the frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import skia

from .. import scenes
from ..details import details
from ..palettes import RGB
from ..silhouettes import Piece, Silhouette, present, silhouette
from . import bodies, footwear
from .looks import FOOTWEAR, Look, Worn

BODY, POSE, LIGHT, BACKGROUND, CAMERA, WEARING, SHAPE = range(9, 16)  # independent streams of random numbers
# Width and height of a garment on a person against the same garment laid flat, and where its origin comes to lie.
_FIT = {
    "dress": (0.93, 1.0, 0.0), "t-shirt": (0.88, 1.0, 0.0), "blouse": (0.9, 1.0, 0.0), "hoodie": (0.88, 1.0, 0.0),
    "cardigan": (0.92, 1.0, -0.5), "coat": (0.94, 1.0, -0.8), "scarf": (0.62, 0.62, -1.0), "hat": (0.52, 0.52, -26.0),
    "skirt": (0.92, 1.0, 38.0), "trousers": (0.78, 0.98, 38.0), "shorts": (0.8, 0.98, 38.0), "bag": (0.62, 0.62, 0.0),
}  # fmt: skip
_FLAT = {"rubber": (0.93, 0.92, 0.90), "dark": (0.07, 0.07, 0.08)}


@dataclass(frozen=True)
class Layer:
    """One shape of a picture, in the order of painting.

    `thing` is the position of what it belongs to among the things that are worn, -1 for the body; `matrix` takes it
    into the frame; `colour` is set where it is of one colour, `clip` where a part of it lies open or tucked away.
    """

    piece: Piece
    thing: int
    matrix: skia.Matrix
    colour: RGB | None = None
    clip: skia.Path | None = None
    seams: tuple[skia.Path, ...] = ()
    stitches: tuple[skia.Path, ...] = ()


@dataclass(frozen=True)
class Figure:
    """Everything in front of the background, from back to front, and units of the frame per centimetre."""

    layers: tuple[Layer, ...]
    unit: float
    feet: tuple[float, float]  # in the frame


def figure(look: Look) -> Figure:
    """Put the clothes of `look` on a person, and the person into the frame."""
    person = bodies.body(stream(look, BODY))
    trousers = look.thing("trousers")
    if trousers is not None:  # feet stand where the legs of the trousers end
        hem = _shape(trousers).places.hems[-1]
        person = replace(person, feet=abs(float(np.mean([x for x, _ in hem]))) * _FIT["trousers"][0])
    layers = _Dressing(look, person, stream(look, WEARING)).layers()
    matrix, unit = _framing(person, stream(look, POSE))
    placed = tuple(replace(layer, matrix=skia.Matrix.Concat(matrix, layer.matrix)) for layer in layers)
    ground = matrix.mapXY(0.0, bodies.GROUND)
    return Figure(placed, unit, (float(ground.x()), float(ground.y())))


@dataclass(frozen=True)
class _Dressing:
    """Clothes put on one person, thing by thing."""

    look: Look
    person: bodies.Body
    rng: np.random.Generator

    def layers(self) -> list[Layer]:
        """Everything from back to front."""
        look, person, rng = self.look, self.person, self.rng
        outer = look.thing("coat", "cardigan")
        tucked = bool(rng.random() < (0.85 if look.thing("skirt") else 0.35))
        sack, straps = footwear.backpack(rng) if look.thing("backpack") else ([], [])
        layers = self._pieces("backpack", sack)
        layers += [_bodily(part) for part in bodies.behind(person)]
        for name in ("socks", "tights"):
            if look.thing(name):
                layers += self._pieces(name, footwear.stockings(name, person))
        if shoes := look.thing(*FOOTWEAR):
            pair = footwear.shoes(shoes.name, shoes.item.length == "knee", person, rng)
            layers += self._pieces(shoes.name, pair)
        top, below = look.thing("t-shirt", "blouse", "hoodie"), look.thing("skirt", "trousers", "shorts")
        order = [top, below] if tucked else [below, top]
        for thing in (look.thing("dress"), *order):
            if thing is not None:
                cut = tucked and thing is top and below is not None
                layers += self._garment(thing, sleeves=outer is None, waist=cut)
        if outer is not None:
            layers += self._garment(outer, opened=outer.name == "coat" and rng.random() < 0.5)
        layers += self._pieces("backpack", straps)
        if scarf := look.thing("scarf"):
            layers += self._garment(scarf)
        layers += [_bodily(part) for part in bodies.head(person)]
        for name in ("glasses", "sunglasses"):
            if look.thing(name):
                layers += self._pieces(name, footwear.spectacles(name))
        if hat := look.thing("hat"):
            layers += self._garment(hat)
        if bag := look.thing("bag"):
            layers += self._bag(bag)
        return layers

    def _position(self, name: str) -> int:
        return next((k for k, thing in enumerate(self.look.worn) if thing.name == name), -1)

    def _pieces(self, name: str, pieces: Iterable[Piece]) -> list[Layer]:
        """Pieces that are already where they belong."""
        at = self._position(name)
        return [self._layer(piece, at, skia.Matrix()) for piece in pieces]

    def _layer(self, piece: Piece, thing: int, matrix: skia.Matrix) -> Layer:
        if piece.role == "skin":
            return Layer(piece, -1, matrix, self.person.skin)
        return Layer(piece, thing, matrix, _FLAT.get(piece.role))

    def _garment(self, thing: Worn, *, sleeves: bool = True, waist: bool = False, opened: bool = False) -> list[Layer]:
        """A garment of the shop on the body: without its inside, its sleeves along the arms."""
        shape, at, matrix = _shape(thing), self._position(thing.name), _fitted(thing.name)
        clip = _above(43.0) if waist else _beside_gap(shape, self.rng) if opened else None
        kept = [p for p in shape.pieces if not (p.part == "neckline" and p.role == "lining") and p.role != "shadow"]
        result, count = [], 0
        for piece in kept:
            if piece.part == "sleeves":
                if not sleeves:
                    continue
                count += piece.role == "cloth"
                result.append(self._layer(piece, at, self._along_arm(piece, matrix, (count - 1) % 2)))
            else:
                result.append(replace(self._layer(piece, at, matrix), clip=clip))
        result.sort(key=lambda layer: layer.piece.part != "sleeves")
        added = details(thing.item, shape, np.random.default_rng([thing.item.seed, 1]))
        if result:
            result[-1] = replace(result[-1], seams=shape.seams, stitches=shape.stitches)
        return result + [replace(self._layer(piece, at, matrix), clip=clip) for piece in added]

    def _along_arm(self, piece: Piece, matrix: skia.Matrix, side: int) -> skia.Matrix:
        """Turn a sleeve about its shoulder until it lies along the arm."""
        sign = 2 * side - 1
        turn = -sign * (self.person.arms[side] + sign * piece.drape.angle)
        turned = skia.Matrix()
        turned.setRotate(turn, sign * 20.0, 4.0)
        return skia.Matrix.Concat(matrix, turned)

    def _bag(self, thing: Worn) -> list[Layer]:
        shape, side = _shape(thing), 1 if self.rng.random() < 0.5 else -1
        high = min(piece.path.computeTightBounds().top() for piece in shape.pieces)
        scale = _FIT["bag"][0]
        x, y = bodies.hand(self.person, side)
        matrix = skia.Matrix()
        matrix.setTranslate(x + side * 1.0, y + 3.5 - scale * high)
        matrix.preScale(scale, scale)
        at, pieces = self._position("bag"), (*shape.pieces, *details(thing.item, shape, self.rng))
        return [self._layer(piece, at, matrix) for piece in pieces]


def _shape(thing: Worn) -> Silhouette:
    return silhouette(thing.item, np.random.default_rng([thing.item.seed, SHAPE]))


def _fitted(name: str) -> skia.Matrix:
    wide, high, y = _FIT[name]
    matrix = skia.Matrix()
    matrix.setTranslate(0, y)
    matrix.preScale(wide, high)
    return matrix


def _bodily(part: bodies.Part) -> Layer:
    return Layer(Piece(part.name, part.path, part.name), -1, skia.Matrix(), part.colour)


def _above(y: float) -> skia.Path:
    path = skia.Path()
    path.addRect(skia.Rect.MakeLTRB(-100, -60, 100, y))
    return path


def _beside_gap(shape: Silhouette, rng: np.random.Generator) -> skia.Path:
    """Everything but a gap down the front, through which one sees what is worn below an open coat."""
    path = skia.Path()
    path.addRect(skia.Rect.MakeLTRB(-120, -60, 120, 200))
    top, half = present(shape.places.front)[0][1] - 16, rng.uniform(3, 8)
    gap = [(0, top - 14), (half, top + 18), (half + 3, 190), (-half - 3, 190), (-half, top + 18)]
    path.addPoly([skia.Point(x, y) for x, y in gap], True)
    path.setFillType(skia.PathFillType.kEvenOdd)
    return path


def _framing(person: bodies.Body, rng: np.random.Generator) -> tuple[skia.Matrix, float]:
    """Matrix from the body's centimetres to the frame: mostly the whole person, sometimes cut at the knees."""
    close = rng.random() < 0.3
    unit = person.height * (rng.uniform(0.72, 0.92) if close else rng.uniform(0.51, 0.56))
    matrix = skia.Matrix()
    matrix.setRotate(float(rng.normal(0, 1.6)), 50, 50)
    x = float(np.clip(rng.normal(50, 5), 38, 62))
    y = rng.uniform(33, 37) * unit if close else scenes.FRAME - rng.uniform(2.5, 4.5) - bodies.GROUND * unit
    matrix.preTranslate(x, y + (rng.uniform(0, 5) if close else 0))
    matrix.preScale(unit * (1 if rng.random() < 0.5 else -1), unit)
    return matrix, float(unit)


def stream(look: Look, purpose: int) -> np.random.Generator:
    """One generator per purpose, so that e.g. the pose stays when the background draws more numbers."""
    return np.random.default_rng([look.seed, purpose])
