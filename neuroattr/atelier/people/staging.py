"""From a look to its photograph and to the map of what is seen where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace

import numpy as np
import skia

from neuroattr.atelier import scenes
from neuroattr.atelier.cloth import Cloth
from neuroattr.atelier.details import details
from neuroattr.atelier.items import Item
from neuroattr.atelier.items import recalled as item_recalled
from neuroattr.atelier.items import record as item_record
from neuroattr.atelier.palettes import ink, luminance, shaded
from neuroattr.atelier.patterns import Tile
from neuroattr.atelier.people import backdrops, bodies, footwear
from neuroattr.atelier.people.looks import FOOTWEAR, Look, Worn
from neuroattr.atelier.rendering import SMALLEST, cloth, paint_piece
from neuroattr.atelier.silhouettes import Piece, Silhouette, silhouette

_BODY, _POSE, _LIGHT, _BACKDROP, _CAMERA, _WEARING, _SHAPE = range(9, 16)
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
    colour: tuple[float, float, float] | None = None
    clip: skia.Path | None = None
    seams: tuple[skia.Path, ...] = ()
    stitches: tuple[skia.Path, ...] = ()


@dataclass(frozen=True)
class Staged:
    """Everything in front of the backdrop, from back to front, and pixels of the frame per centimetre."""

    layers: tuple[Layer, ...]
    unit: float
    feet: tuple[float, float]  # in the frame


def record(look: Look) -> dict:
    """The look as JSON-able values."""
    worn = [{"name": thing.name, "item": item_record(thing.item), "fabric": thing.fabric} for thing in look.worn]
    return {**asdict(look), "worn": worn}


def recalled(values: Mapping) -> Look:
    """The look of which `values` are the record."""
    worn = tuple(Worn(thing["name"], item_recalled(thing["item"]), thing["fabric"]) for thing in values["worn"])
    return Look(**{**{each.name: values[each.name] for each in fields(Look)}, "worn": worn})


def draw(look: Look, size: int) -> np.ndarray:
    """Photograph of `look`: uint8 size x size x 3, the same bytes whenever look and size are the same.

    Raises
    ------
    ValueError
        If `size` is below 16 pixels.
    """
    staged, lit = stage(look), scenes.light(look.style, _stream(look, _LIGHT))
    surface = _surface(size)
    canvas = surface.getCanvas()
    canvas.scale(size / scenes.FRAME, size / scenes.FRAME)
    backdrops.paint(canvas, look.scene, lit, _stream(look, _BACKDROP))
    _ground_shadow(canvas, staged, lit)
    materials = _materials(look, staged.unit * size / scenes.FRAME, lit.side)
    for layer in staged.layers:
        _paint(canvas, layer, materials)
    pixels = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)[..., :3]
    return scenes.photographed(pixels, look.style, _stream(look, _CAMERA))


def seen(look: Look, size: int, staged: Staged | None = None) -> np.ndarray:
    """Which layer is seen at each pixel: its position plus 1, 0 where the backdrop is; int size x size."""
    staged = stage(look) if staged is None else staged
    surface = _surface(size)
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorBLACK)
    canvas.scale(size / scenes.FRAME, size / scenes.FRAME)
    for k, layer in enumerate(staged.layers, start=1):
        canvas.save()
        canvas.concat(layer.matrix)
        if layer.clip is not None:
            canvas.clipPath(layer.clip, False)
        canvas.drawPath(layer.piece.path, skia.Paint(AntiAlias=False, Color=skia.ColorSetRGB(k % 256, k // 256, 0)))
        canvas.restore()
    pixels = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType).astype(np.int64)
    return pixels[..., 0] + 256 * pixels[..., 1]


def stage(look: Look) -> Staged:
    """Put the clothes of `look` on a person, and the person into the frame."""
    person = bodies.body(_stream(look, _BODY))
    rng = _stream(look, _WEARING)
    dressing = _Dressing(look, person, rng)
    trousers = look.thing("trousers")
    if trousers is not None:  # feet stand where the legs of the trousers end
        hem = dressing.shape("trousers").places.hems[-1]
        person = replace(person, feet=abs(float(np.mean([x for x, _ in hem]))) * _FIT["trousers"][0])
        dressing = _Dressing(look, person, _stream(look, _WEARING))
    layers = dressing.layers()
    matrix, unit = _framing(person, _stream(look, _POSE))
    placed = tuple(replace(layer, matrix=skia.Matrix.Concat(matrix, layer.matrix)) for layer in layers)
    ground = matrix.mapXY(0.0, bodies.GROUND)
    return Staged(placed, unit, (float(ground.x()), float(ground.y())))


@dataclass
class _Dressing:
    """Clothes put on one person, thing by thing."""

    look: Look
    person: bodies.Body
    rng: np.random.Generator
    shapes: dict[str, Silhouette] = field(default_factory=dict)

    def shape(self, name: str) -> Silhouette:
        if name not in self.shapes:
            thing = self.look.thing(name)
            self.shapes[name] = silhouette(thing.item, np.random.default_rng([thing.item.seed, _SHAPE]))
        return self.shapes[name]

    def layers(self) -> list[Layer]:
        """Everything from back to front."""
        look, person, rng = self.look, self.person, self.rng
        outer = look.thing("coat", "cardigan")
        tucked = bool(rng.random() < (0.85 if look.thing("skirt") else 0.35))
        sack, straps = footwear.backpack(rng) if look.thing("backpack") else ([], [])
        found = self._pieces("backpack", sack)
        found += [_bodily(part) for part in bodies.behind(person)]
        for name in ("socks", "tights"):
            if look.thing(name):
                found += self._pieces(name, footwear.stockings(name, person))
        shoes = look.thing(*FOOTWEAR)
        found += self._pieces(shoes.name, self._shoes(shoes)) if shoes else []
        top, below = look.thing("t-shirt", "blouse", "hoodie"), look.thing("skirt", "trousers", "shorts")
        order = [top, below] if tucked else [below, top]
        for thing in (look.thing("dress"), *order):
            if thing is not None:
                hidden = outer is not None
                cut = tucked and thing is top and below is not None
                found += self._garment(thing, sleeves=not hidden, waist=cut)
        if outer is not None:
            found += self._garment(outer, opened=outer.name == "coat" and rng.random() < 0.5)
        found += self._pieces("backpack", straps)
        found += self._garment(look.thing("scarf")) if look.thing("scarf") else []
        found += [_bodily(part) for part in bodies.head(person)]
        for name in ("glasses", "sunglasses"):
            if look.thing(name):
                found += self._pieces(name, footwear.spectacles(name))
        found += self._garment(look.thing("hat")) if look.thing("hat") else []
        if look.thing("bag"):
            found += self._bag()
        return found

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

    def _shoes(self, thing: Worn) -> list[Piece]:
        return footwear.shoes(thing.name, thing.item.length == "knee", self.person, self.rng)

    def _garment(self, thing: Worn, *, sleeves: bool = True, waist: bool = False, opened: bool = False) -> list[Layer]:
        """A garment of the shop on the body: without its inside, its sleeves along the arms."""
        shape, at = self.shape(thing.name), self._position(thing.name)
        matrix, _ = _fitted(thing.name)
        clip = _above(43.0) if waist else _beside(shape, self.rng) if opened else None
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
        result = [layer for layer in result if layer.piece.part == "sleeves"] + [
            layer for layer in result if layer.piece.part != "sleeves"
        ]
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

    def _bag(self) -> list[Layer]:
        shape, side = self.shape("bag"), 1 if self.rng.random() < 0.5 else -1
        high = min(piece.path.computeTightBounds().top() for piece in shape.pieces)
        scale = _FIT["bag"][0]
        x, y = bodies.hand(self.person, side)
        matrix = skia.Matrix()
        matrix.setTranslate(x + side * 1.0, y + 3.5 - scale * high)
        matrix.preScale(scale, scale)
        at = self._position("bag")
        return [
            self._layer(piece, at, matrix)
            for piece in (*shape.pieces, *details(self.look.thing("bag").item, shape, self.rng))
        ]


def _fitted(name: str) -> tuple[skia.Matrix, float]:
    wide, high, y = _FIT[name]
    matrix = skia.Matrix()
    matrix.setTranslate(0, y)
    matrix.preScale(wide, high)
    return matrix, wide


def _bodily(part: bodies.Part) -> Layer:
    return Layer(Piece(part.name, part.path, part.name), -1, skia.Matrix(), part.colour)


def _above(y: float) -> skia.Path:
    path = skia.Path()
    path.addRect(skia.Rect.MakeLTRB(-100, -60, 100, y))
    return path


def _beside(shape: Silhouette, rng: np.random.Generator) -> skia.Path:
    """Everything but a gap down the front, through which one sees what is worn below an open coat."""
    path = skia.Path()
    path.addRect(skia.Rect.MakeLTRB(-120, -60, 120, 200))
    top, half = shape.places.front[0][1] - 16, rng.uniform(3, 8)
    path.addPoly(
        [
            skia.Point(0, top - 14),
            skia.Point(half, top + 18),
            skia.Point(half + 3, 190),
            skia.Point(-half - 3, 190),
            skia.Point(-half, top + 18),
        ],
        True,
    )
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


def _materials(look: Look, resolution: float, side: float) -> list[Cloth]:
    """The cloth of each thing under the light of the scene; `resolution` is the picture's pixels per centimetre."""
    made = []
    for thing in look.worn:
        material = cloth(thing.item, scale=1.45, resolution=resolution)
        if thing.fabric == "denim":
            material = _denim(thing.item, material, resolution)
        made.append(replace(material, side=side))
    return made


def _denim(item: Item, material: Cloth, resolution: float) -> Cloth:
    """Indigo twill: threads of white through blue, washed out more or less."""
    rng = np.random.default_rng([item.seed, 2])
    wash = rng.uniform(0, 1)
    ground = tuple((1 - wash) * a + wash * b for a, b in zip((0.16, 0.22, 0.36), (0.44, 0.55, 0.68), strict=True))
    side = max(16, round(10 * resolution))
    veil = (
        rng.normal(0, 0.05, (side, side, 1))
        + 0.05 * np.sin(np.add.outer(np.arange(side), np.arange(side)) * 1.6)[..., None]
    )
    pixels = np.full((side, side, 4), 255, np.uint8)
    pixels[..., :3] = np.clip((np.array(ground) + veil) * 255, 0, 255)
    image = skia.Image.fromarray(pixels, skia.ColorType.kRGBA_8888_ColorType)
    colours = replace(material.colours, ground=ground, trim=shaded(ground, 0.8))
    return replace(material, colours=colours, pattern=Tile(image, 10.0, 10.0), sheen=0.0)


def _paint(canvas: skia.Canvas, layer: Layer, materials: list[Cloth]) -> None:
    canvas.save()
    canvas.concat(layer.matrix)
    if layer.clip is not None:
        canvas.clipPath(layer.clip, True)
    if layer.colour is not None:
        _paint_flat(canvas, layer)
    else:
        material = materials[layer.thing]
        paint_piece(canvas, layer.piece, material)
        dark = luminance(material.colours.ground) < 0.2
        for path in layer.seams:
            canvas.drawPath(path, _pen(0.5 if dark else 0.3, 0.7))
        for path in layer.stitches:
            canvas.drawPath(path, _pen(0.24, 0.5))
    canvas.restore()


def _paint_flat(canvas: skia.Canvas, layer: Layer) -> None:
    """Skin, hair, soles: one colour, darker towards the edge."""
    path = layer.piece.path
    canvas.drawPath(path, skia.Paint(AntiAlias=True, Color=ink(layer.colour)))
    if layer.piece.role in ("skin", "hair"):
        canvas.save()
        canvas.clipPath(path, True)
        rim = skia.Paint(
            AntiAlias=True, Color=ink((0.15, 0.06, 0.04), 0.30), Style=skia.Paint.kStroke_Style, StrokeWidth=2.4
        )
        rim.setMaskFilter(skia.MaskFilter.MakeBlur(skia.BlurStyle.kNormal_BlurStyle, 1.0))
        canvas.drawPath(path, rim)
        canvas.restore()
    elif layer.piece.role == "rubber":
        canvas.drawPath(path, _pen(0.35, 0.35))


def _ground_shadow(canvas: skia.Canvas, staged: Staged, lit: scenes.Light) -> None:
    x, y = staged.feet
    wide = 24 * staged.unit
    paint = skia.Paint(AntiAlias=True, Color=ink((0.03, 0.03, 0.05), min(0.55, 1.5 * lit.darkness)))
    paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.BlurStyle.kNormal_BlurStyle, 1.2))
    shift = -8 * lit.side * staged.unit
    canvas.drawOval(skia.Rect.MakeLTRB(x + shift - wide, y - 1.6, x + shift + wide, y + 2.2), paint)


def _pen(alpha: float, width: float) -> skia.Paint:
    return skia.Paint(AntiAlias=True, Color=ink((0, 0, 0), alpha), Style=skia.Paint.kStroke_Style, StrokeWidth=width)


def _surface(size: int) -> skia.Surface:
    if size < SMALLEST:
        raise ValueError(
            f"size must be at least {SMALLEST} pixels, got {size}; small things vanish in smaller pictures"
        )
    return skia.Surface(size, size)


def _stream(look: Look, purpose: int) -> np.random.Generator:
    return np.random.default_rng([look.seed, purpose])
