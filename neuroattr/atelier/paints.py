"""Paints of one colour: filled, as a line, and blurred."""

from __future__ import annotations

import skia

from .palettes import RGB, ink


def fill(colour: RGB, alpha: float = 1.0) -> skia.Paint:
    """Paint that fills."""
    return skia.Paint(AntiAlias=True, Color=ink(colour, alpha))


def stroke(colour: RGB, width: float, alpha: float = 1.0) -> skia.Paint:
    """Paint that draws a line."""
    return skia.Paint(AntiAlias=True, Color=ink(colour, alpha), Style=skia.Paint.kStroke_Style, StrokeWidth=width)


def blurred(paint: skia.Paint, sigma: float) -> skia.Paint:
    """The same paint with soft edges."""
    paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.BlurStyle.kNormal_BlurStyle, sigma))
    return paint
