"""How cloth looks: a pattern bent by folds and lit from the side, and the plain materials of trims."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from .palettes import Palette, ink, luminance, mixed, shaded
from .patterns import Tile
from .silhouettes.pieces import Drape, Piece

# Height of the cloth h(u) over the piece, u across the folds: the pattern slides by h, light follows dh/du.
_FOLDS = skia.RuntimeEffect.MakeForShader(
    """
    uniform shader cloth;
    uniform float4 across;  // direction across the folds (x, y), origin along them, flare
    uniform float4 wave;    // two frequencies and two phases of the folds
    uniform float4 wrinkle; // frequency, phase, strength of creases across the folds; sheen
    uniform float4 volume;  // centre, 1 / half width, darkening towards the sides, ramp
    uniform float4 light;   // strength of folds in light, in displacement, ambient, direction
    half4 main(float2 p) {
        float2 b = float2(-across.y, across.x);
        float v = dot(p, b) - across.z;
        float u = dot(p, across.xy) / (1 + across.w * max(v, 0));
        float ramp = mix(1, clamp(v * 0.035, 0, 1.25), volume.w);
        float t1 = wave.x * u + wave.z + 0.9 * sin(0.06 * v + wave.w);
        float t2 = wave.y * u + wave.w + 1.3 * sin(0.09 * v + wave.z);
        float t3 = wrinkle.x * v + wrinkle.y + 2.2 * sin(0.13 * u + wave.z);
        float patch = 0.5 + 0.5 * sin(0.05 * u + 0.07 * v + wrinkle.y);
        float slope = ramp * (cos(t1) + 0.55 * cos(t2)) + wrinkle.z * patch * cos(t3);
        float height = ramp * (sin(t1) + 0.55 * sin(t2));
        half4 c = cloth.eval(p + light.y * (across.xy * height + b * wrinkle.z * sin(t3)));
        float s = (u - volume.x) * volume.y;
        float shade = light.z + light.x * slope - volume.z * s * s - light.w * s * 0.10;
        float gleam = wrinkle.w * pow(clamp(0.5 + 0.32 * slope - 0.25 * s * s, 0, 1), 5);
        return half4(clamp(c.rgb * shade + gleam, 0, 1), 1);
    }
    """
)


@dataclass(frozen=True)
class Cloth:
    """A garment's materials under one light."""

    colours: Palette
    pattern: Tile
    strength: float  # of folds, 0.5 crisp .. 1.5 crumpled
    sheen: float  # of satin or leather, 0..0.5
    side: float  # where the light comes from, -1 left .. 1 right
    phase: tuple[float, ...]  # three, in radians

    def paint(self, piece: Piece) -> skia.Paint:
        """Paint of one piece by its role."""
        colours = self.colours
        if piece.role == "cloth":
            return skia.Paint(AntiAlias=True, Shader=self.folded(self.pattern.shader(piece.grain), piece.drape))
        flat = {
            "rib": shaded(colours.ground, 0.82) if luminance(colours.ground) > 0.2 else shaded(colours.ground, 1.2),
            "ground": colours.ground,
            "trim": colours.trim,
            "second": colours.second,
            "lining": shaded(colours.ground, 0.42 if luminance(colours.ground) > 0.2 else 0.75),
            "leather": colours.leather,
            "metal": colours.metal,
            "cord": mixed(colours.accent, (0.9, 0.88, 0.85), 0.5),
            "accent": colours.accent,
            "lace": mixed((0.97, 0.95, 0.91), colours.ground, 0.12),
            "sole": shaded(colours.leather, 0.6),
            "zip": shaded(colours.ground, 0.5) if luminance(colours.ground) > 0.2 else (0.45, 0.45, 0.47),
        }
        if piece.role not in flat:
            raise ValueError(f"unknown material {piece.role!r}; choose cloth, {', '.join(flat)}")
        return skia.Paint(AntiAlias=True, Shader=self.folded(skia.Shaders.Color(ink(flat[piece.role])), piece.drape))

    def folded(self, shader: skia.Shader, drape: Drape) -> skia.Shader:
        """`shader` bent and lit as `drape` hangs."""
        a = np.deg2rad(drape.angle)
        c, s = float(np.cos(a)), float(np.sin(a))
        dark = luminance(self.colours.ground) < 0.2  # dark cloth shows its folds by gleam, pale cloth by shadow
        depth = self.strength * drape.depth
        frequency = 2 * np.pi / drape.period
        values = (  # in the order in which the shader declares them
            (c, s, drape.origin, drape.flare),
            (frequency, 1.73 * frequency, self.phase[0] + drape.centre, self.phase[1]),
            (0.42, self.phase[2] + drape.centre, 0.28 * min(depth, 1.2), self.sheen + (0.07 if dark else 0.0)),
            (drape.centre, 1 / drape.half_width, 0.26, drape.ramp),
            (0.115 * depth, 0.55 * depth, 1.03, self.side),
        )
        return _FOLDS.makeShader(skia.Data(np.array(values, np.float32).tobytes(), copy=True), shader, 1)
