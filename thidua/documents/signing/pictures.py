"""Pictures for keys of a demonstration: a blue stroke for a person, a red round seal for a body. Pure.

Transparent PNG, as NĐ 30/2020, Annex I, II.7.d and II.8 want them. Real offices load the scan of a real
signature and seal.
"""

from __future__ import annotations

import hashlib
import io
import math

from PIL import Image, ImageDraw, ImageFont

from thidua.documents.writing.characters import FONTS

BLUE, RED = (24, 64, 160, 255), (196, 22, 28, 255)
SCALE = 3


def signature(name: str) -> bytes:
    """A drawn stroke that is always the same for the same name, and unlike others'."""
    width, height = 220 * SCALE, 100 * SCALE
    picture = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    seed = hashlib.sha256(name.encode()).digest()
    points = []
    for step in range(160):
        t = step / 159
        wave = math.sin(t * (5 + seed[0] % 5) * math.pi + seed[1]) * (1 - t * 0.6)
        curl = math.cos(t * (3 + seed[2] % 4) * math.pi + seed[3]) * 0.35
        points.append((width * (0.06 + 0.86 * t + curl * 0.05), height * (0.5 + 0.33 * wave * (0.6 + curl))))
    draw.line(points, fill=BLUE, width=3 * SCALE, joint="curve")
    draw.line([(width * 0.1, height * 0.86), (width * 0.9, height * 0.74)], fill=BLUE, width=2 * SCALE)
    return _png(picture)


def seal(name: str) -> bytes:
    """A round seal with two rings, a star and the name of the body around it."""
    size = 150 * SCALE
    picture = Image.new("RGBA", (size, size), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    centre = size / 2
    for inset, width in ((2, 4), (11, 2), (42, 2)):
        box = (inset * SCALE, inset * SCALE, size - inset * SCALE, size - inset * SCALE)
        draw.ellipse(box, outline=RED, width=width * SCALE // 2)
    star = []
    for corner in range(10):
        radius = (26 if corner % 2 == 0 else 10) * SCALE
        angle = math.pi * corner / 5 - math.pi / 2
        star.append((centre + radius * math.cos(angle), centre + radius * math.sin(angle)))
    draw.polygon(star, fill=RED)
    _around(picture, name.upper()[:44] + " ★ TRÌNH DIỄN ★ ", centre, 48.5 * SCALE)
    return _png(picture)


def _around(picture: Image.Image, text: str, centre: float, radius: float) -> None:
    """Letters on a circle, each turned towards the middle."""
    font = ImageFont.truetype(str(FONTS / "LiberationSerif-Bold.ttf"), 12 * SCALE)
    text = text.replace("★", "*")
    step = min(2 * math.pi / len(text), 0.2)
    begin = -math.pi / 2 - step * (len(text) - 1) / 2
    for place, letter in enumerate(text):
        angle = begin + step * place
        tile = Image.new("RGBA", (24 * SCALE, 24 * SCALE), (255, 255, 255, 0))
        ImageDraw.Draw(tile).text((12 * SCALE, 12 * SCALE), letter, font=font, fill=RED, anchor="mm")
        turned = tile.rotate(-math.degrees(angle) - 90, resample=Image.Resampling.BICUBIC)
        x = centre + (radius + 9 * SCALE) * math.cos(angle) - 12 * SCALE
        y = centre + (radius + 9 * SCALE) * math.sin(angle) - 12 * SCALE
        picture.alpha_composite(turned, (round(x), round(y)))


def _png(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, format="PNG", optimize=True)
    return target.getvalue()
