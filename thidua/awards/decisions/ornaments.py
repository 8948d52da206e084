"""The drawing under the words of a full-page certificate: border, bronze drum, star. Pure SVG.

The emblem of the State is not drawn: its specimen was not read. A gold star on red holds its place until the
body puts its own picture there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import cos, pi, sin

from thidua.awards.decisions.layout import A4, GOLD, RED, Border, Layout

PAPER = "#fffdf5"
#: Share of ink of the drum behind the words.
DRUM = 0.13


def drawing(layout: Layout, *, with_star: bool = True) -> str:
    """The whole page as SVG, in millimetres; empty where the layout wants nothing drawn."""
    return _drawing(
        layout.width, layout.height, layout.border, layout.has_drum, layout.has_emblem and with_star
    )


@lru_cache(maxsize=64)
def _drawing(width: float, height: float, border: Border, has_drum: bool, has_star: bool) -> str:
    scale = min(width / A4[0], height / A4[1])
    parts = []
    if border is not Border.NONE:
        parts.append(f'<rect width="{width}" height="{height}" fill="{PAPER}"/>')
    if has_drum:
        parts.append(_drum(width / 2, height * 0.6, 62 * scale))
    if border is not Border.NONE:
        parts.append(_border(width, height, scale, has_meander=border is Border.MEANDER))
    if has_star:
        parts.append(_star_on_red(width / 2, 47.6 * height / A4[1], 9.4 * scale))
    if not parts:
        return ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}">{"".join(parts)}</svg>'
    )


def _line(margin: float, width: float, height: float, thick: float, colour: str) -> str:
    return (
        f'<rect x="{margin:.2f}" y="{margin:.2f}" width="{width - 2 * margin:.2f}" '
        f'height="{height - 2 * margin:.2f}" fill="none" stroke="{colour}" stroke-width="{thick:.2f}"/>'
    )


def _border(width: float, height: float, scale: float, *, has_meander: bool) -> str:
    outer, inner = 7 * scale, 14 * scale
    parts = [
        _line(outer, width, height, 1.1 * scale, GOLD),
        _line(outer + 1.2 * scale, width, height, 0.3 * scale, RED),
        _line(inner, width, height, 0.3 * scale, RED),
        _line(inner + 1.0 * scale, width, height, 0.7 * scale, GOLD),
    ]
    if has_meander:
        band = (outer + 1.2 * scale + inner) / 2
        parts.append(_meander(width, height, band, 3.4 * scale))
        for x in (band, width - band):
            for y in (band, height - band):
                parts.append(_corner(x, y, 2.1 * scale))
    return "".join(parts)


#: One turn of the fret (hồi văn), in a square of 1: a line that comes in below and goes out below.
_TURN = ((0, 1), (0, 0), (1, 0), (1, 0.72), (0.42, 0.72), (0.42, 0.36), (0.68, 0.36))


def _meander(width: float, height: float, band: float, tall: float) -> str:
    """The fret along all four sides, as one path."""
    gap = 2.2 * tall / 3.4
    strokes = []
    across, down = width - 2 * band - 2 * gap, height - 2 * band - 2 * gap
    sides: tuple[tuple[float, Callable[[float, float], tuple[float, float]]], ...] = (
        (across, lambda a, b: (band + gap + a, band + b)),
        (across, lambda a, b: (width - band - gap - a, height - band - b)),
        (down, lambda a, b: (width - band - b, band + gap + a)),
        (down, lambda a, b: (band + b, height - band - gap - a)),
    )
    for length, place in sides:
        count = max(int(length / (tall * 1.28)), 1)
        step = length / count
        for at in range(count):
            points = [
                place(at * step + (a * 0.78 + 0.11) * step, (b - 0.5) * tall * (0.86)) for a, b in _TURN
            ]
            strokes.append("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points))
    return (
        f'<path d="{"".join(strokes)}" fill="none" stroke="{GOLD}" stroke-width="{tall * 0.1:.2f}" '
        'stroke-linejoin="miter"/>'
    )


def _corner(x: float, y: float, half: float) -> str:
    """A lozenge with a red heart."""

    def lozenge(r: float) -> str:
        return f"{x:.2f},{y - r:.2f} {x + r:.2f},{y:.2f} {x:.2f},{y + r:.2f} {x - r:.2f},{y:.2f}"

    return (
        f'<rect x="{x - half:.2f}" y="{y - half:.2f}" width="{2 * half:.2f}" height="{2 * half:.2f}" '
        f'fill="{PAPER}" stroke="{GOLD}" stroke-width="{half * 0.16:.2f}"/>'
        f'<polygon points="{lozenge(half * 0.86)}" fill="{GOLD}"/>'
        f'<polygon points="{lozenge(half * 0.42)}" fill="{RED}"/>'
    )


def _ring(x: float, y: float, r: float, thick: float) -> str:
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{r:.2f}" fill="none" stroke-width="{thick:.2f}"/>'


def _drum(x: float, y: float, r: float) -> str:
    """The face of a bronze drum, faint: a star of fourteen rays, rings, teeth, dots."""
    rings = (1.0, 0.975, 0.86, 0.84, 0.66, 0.64, 0.48, 0.465, 0.34)
    parts = [_ring(x, y, r * share, r * 0.006) for share in rings]
    parts.append(_teeth(x, y, r * 0.885, r * 0.95, 84))
    parts.append(_teeth(x, y, r * 0.505, r * 0.615, 48))
    parts.append(_dots(x, y, r * 0.75, r * 0.045, 32))
    parts.append(_dots(x, y, r * 0.405, r * 0.022, 40))
    parts.append(f'<polygon points="{_star(x, y, r * 0.315, r * 0.1, 14)}" fill="{GOLD}" stroke="none"/>')
    return f'<g stroke="{GOLD}" fill="none" opacity="{DRUM}">{"".join(parts)}</g>'


def _teeth(x: float, y: float, inner: float, outer: float, count: int) -> str:
    strokes = []
    for at in range(count):
        angles = [2 * pi * (at + part) / count for part in (0.1, 0.5, 0.9)]
        radii = (inner, outer, inner)
        points = [(x + r * sin(a), y - r * cos(a)) for a, r in zip(angles, radii, strict=True)]
        strokes.append("M" + "L".join(f"{a:.2f} {b:.2f}" for a, b in points) + "Z")
    return f'<path d="{"".join(strokes)}" fill="{GOLD}" stroke="none"/>'


def _dots(x: float, y: float, radius: float, size: float, count: int) -> str:
    """Small rings with a point in the middle, joined by tangents as on the drums."""
    parts = []
    for at in range(count):
        angle = 2 * pi * at / count
        cx, cy = x + radius * sin(angle), y - radius * cos(angle)
        parts.append(_ring(cx, cy, size, size * 0.22))
        parts.append(
            f'<circle cx="{cx:.2f}" cy="{cy:.2f}" r="{size * 0.3:.2f}" fill="{GOLD}" stroke="none"/>'
        )
    return "".join(parts)


def _star(x: float, y: float, outer: float, inner: float, rays: int) -> str:
    points = []
    for at in range(2 * rays):
        r = outer if at % 2 == 0 else inner
        points.append(f"{x + r * sin(pi * at / rays):.3f},{y - r * cos(pi * at / rays):.3f}")
    return " ".join(points)


def _star_on_red(x: float, y: float, r: float) -> str:
    rays = "".join(
        f'<line x1="{x + r * 1.04 * sin(a):.2f}" y1="{y - r * 1.04 * cos(a):.2f}" '
        f'x2="{x + r * 1.2 * sin(a):.2f}" y2="{y - r * 1.2 * cos(a):.2f}"/>'
        for a in (2 * pi * at / 48 for at in range(48))
    )
    return (
        f'<g stroke="{GOLD}" stroke-width="{r * 0.045:.2f}" stroke-linecap="round">{rays}</g>'
        f'<circle cx="{x}" cy="{y}" r="{r * 0.98:.2f}" fill="{GOLD}"/>'
        f'<circle cx="{x}" cy="{y}" r="{r * 0.9:.2f}" fill="{RED}"/>'
        f'<circle cx="{x}" cy="{y}" r="{r * 0.82:.2f}" fill="none" stroke="#f3cf6d" '
        f'stroke-width="{r * 0.025:.2f}"/>'
        f'<polygon points="{_star(x, y, r * 0.66, r * 0.255, 5)}" fill="#f6d24a"/>'
    )
