"""Certificates as PDF or pictures, all of a job in one run of typst.

Hides the drawing program and its input. The same words give the same bytes. A thousand certificates are one
document of a thousand pages: fonts, ornaments and pictures are read once.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typst

from thidua.awards.decisions import ornaments, quick_codes
from thidua.awards.decisions.layout import A4, LEAST_SHRINK, CertificateText, Layout, filled
from thidua.documents.writing.characters import FAMILY, FONTS, printable_lines

TEMPLATE = Path(__file__).parent / "certificate.typ"
STANDARDS: list[Any] = ["a-2b"]
UNDATED = date(2020, 3, 5)


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a body puts on its paper instead of our drawing: PNG, JPEG or SVG as bytes."""

    background: bytes | None = None
    emblem: bytes | None = None


def pdf(
    layout: Layout,
    texts: Sequence[CertificateText],
    *,
    title: str = "Bằng, giấy khen",
    author: str = "",
    made_on: date | None = None,
    pictures: Pictures = Pictures(),
) -> bytes:
    """All certificates as one PDF/A-2b, a page each. Raises CannotBePrinted for a sign the font lacks."""
    job = _job(layout, texts, title=title, author=author, made_on=made_on, pictures=pictures)
    return _compiled(job, "pdf")[0]


def preview(
    layout: Layout,
    text: CertificateText,
    *,
    pictures: Pictures = Pictures(),
    dots_per_inch: int = 80,
    has_frames: bool = False,
) -> bytes:
    """One certificate as PNG; with frames the boxes of the fields are seen."""
    job = _job(layout, [text], title="Xem trước", author="", made_on=None, pictures=pictures)
    job["frames"] = has_frames
    return _compiled(job, "png", dots_per_inch)[0]


def calibration(layout: Layout) -> bytes:
    """A page with a ruler grid and cross marks, to be printed and laid over a blank. Offsets move nothing."""
    job = _job(layout, [CertificateText()], title="Trang căn chỉnh", author="", made_on=None)
    inset = 20
    middle = (layout.width / 2, layout.height / 2)
    corners = [(x, y) for x in (inset, layout.width - inset) for y in (inset, layout.height - inset)]
    job |= {"grid": True, "crosses": [*corners, middle], "drawing": "", "fields": [], "pages": [[]]}
    return _compiled(job, "pdf")[0]


_kept = threading.local()


def _compiler() -> typst.Compiler:
    """One for each thread: a compiler remembers its last input."""
    found: typst.Compiler | None = getattr(_kept, "compiler", None)
    if found is None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
        found = _kept.compiler = typst.Compiler(
            input=TEMPLATE, root=TEMPLATE.parent, font_paths=fonts, ignore_system_fonts=True
        )
    return found


def _compiled(job: dict[str, Any], kind: str, dots_per_inch: int | None = None) -> list[bytes]:
    made = _compiler().compile(
        input=TEMPLATE,
        format=kind,  # type: ignore[arg-type]
        ppi=dots_per_inch,
        sys_inputs={"job": json.dumps(job, ensure_ascii=False)},
        pdf_standards=STANDARDS if kind == "pdf" else [],
        pdf_tags=False,
    )
    assert made is not None
    return [made] if isinstance(made, bytes) else list(made)


def _job(
    layout: Layout,
    texts: Sequence[CertificateText],
    *,
    title: str,
    author: str,
    made_on: date | None,
    pictures: Pictures = Pictures(),
) -> dict[str, Any]:
    shown = [one for one in layout.fields if one.is_on]
    day = made_on or UNDATED
    has_code = any(one.is_code for one in shown)
    codes = [""] * len(texts)
    if has_code and all(one.address for one in texts):
        codes = [quick_codes.svg(one) for one in quick_codes.matrices([text.address for text in texts])]
    return {
        "title": title,
        "author": author,
        "made_on": {"year": day.year, "month": day.month, "day": day.day},
        "font": FAMILY,
        "width": layout.width,
        "height": layout.height,
        "offset_x": layout.offset_x,
        "offset_y": layout.offset_y,
        "least_shrink": LEAST_SHRINK,
        "drawing": ""
        if pictures.background
        else ornaments.drawing(layout, with_star=pictures.emblem is None),
        "picture": _numbers(pictures.background),
        "emblem": _numbers(pictures.emblem) if layout.has_emblem else None,
        "emblem_height": round(23 * layout.height / A4[1], 1),
        "emblem_y": round(35 * layout.height / A4[1], 1),
        "grid": False,
        "frames": False,
        "crosses": [],
        "fields": [
            {
                "x": one.x,
                "y": one.y,
                "width": one.width,
                "height": one.height,
                "size": one.size,
                "align": one.align.value,
                "bold": one.is_bold,
                "italic": one.is_italic,
                "colour": one.colour,
                "code": one.is_code,
                "ruled": one.is_ruled,
            }
            for one in shown
        ],
        "pages": [
            [code if one.is_code else printable_lines(filled(one.text, text.values)) for one in shown]
            for text, code in zip(texts, codes, strict=True)
        ],
    }


def _numbers(raw: bytes | None) -> list[int] | None:
    return None if raw is None else list(raw)
