"""A paper as PDF/A, drawn by typst with the font that goes with the program.

Hides the drawing program: one compiler for each thread, which keeps the template and the fonts between
papers. The same paper gives the same bytes on every machine; no moment of making goes into the file.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typst

from thidua.documents.writing.characters import FAMILY, FONTS
from thidua.documents.writing.form import form
from thidua.documents.writing.paper import Paper, Run
from thidua.documents.writing.printed import (
    FigureLine,
    Gap,
    Line,
    Printed,
    SignatureLine,
    TableLine,
    printed,
)

TEMPLATE = Path(__file__).parent / "paper.typ"
#: PDF/A-2a: archive form with structure; PDF/UA-1: readable by the blind.
STANDARDS: list[Any] = ["a-2a", "ua-1"]
POINTS_PER_MM = 72 / 25.4
#: Stamped into papers that have no day yet: PDF/A wants a day, and the clock would change the bytes.
UNDATED = date(2020, 3, 5)
#: A word longer than this may be broken anywhere, or it would run off the page.
LONGEST_WORD = 40
#: Dots per inch of pictures for Word.
PICTURE_DOTS = 200
_MAY_BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page, as pyHanko wants it: page from 0, points from the lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class SignaturePlaces:
    """Where the marks of signing stand. None: printed already, or not on this paper.

    `person` lies between title and name; `seal` covers a third of it from the left, in the seal's real size;
    `number`, `day`, `month`, `year` are the blanks of the head; `repeated` are the same blanks of each
    appendix, by these names; `appendices` are the upper right corners of the first pages of the appendices,
    for the text of an agency's signature on a file of its own.
    """

    person: Place
    seal: Place
    cosigner: Place | None = None
    number: Place | None = None
    day: Place | None = None
    month: Place | None = None
    year: Place | None = None
    appendices: tuple[Place, ...] = ()
    repeated: tuple[Mapping[str, Place], ...] = ()


def pdf_bytes(paper: Paper) -> bytes:
    """The paper as PDF/A-2a and PDF/UA-1. Raises CannotBePrinted and UnknownKind."""
    return _compiled(printed(paper), kind_of="pdf")[0]


def page_pictures(paper: Paper, *, dots_per_inch: int = 80) -> list[bytes]:
    """Each page as PNG, for a preview."""
    return _compiled(printed(paper), kind_of="png", dots_per_inch=dots_per_inch)


def signature_places(paper: Paper) -> SignaturePlaces:
    """Where signatures, seal, number and date stand in `pdf_bytes(paper)`."""
    text = _input(printed(paper))
    compiler = _compiler()
    compiler.compile(format="pdf", sys_inputs={"paper": text}, pdf_standards=STANDARDS)  # sets the input
    rows = json.loads(compiler.query("<place>", field="value"))
    found: dict[str, Place] = {}
    appendices: list[Place] = []
    repeated: list[dict[str, Place]] = []
    looks = form()
    wide, high = looks["page_width"], looks["page_height"]
    for row in rows:  # in the order of the paper
        if row["name"] == "appendix":
            wide, high = looks["page_width"], looks["page_height"]
            if printed(paper).appendices[len(appendices)].is_landscape:
                wide, high = high, wide
            right = (wide - looks["margin_right"]) * POINTS_PER_MM
            top = (high - 6) * POINTS_PER_MM
            appendices.append(
                Place(row["page"] - 1, right - row["w"], top - row["h"], right, top),
            )
            repeated.append({})
            continue
        above = high * POINTS_PER_MM - row["y"]
        place = Place(row["page"] - 1, row["x"], above - row["h"], row["x"] + row["w"], above)
        (repeated[-1] if repeated else found)[row["name"]] = place
    return SignaturePlaces(**found, appendices=tuple(appendices), repeated=tuple(filter(None, repeated)))


def picture_of_svg(svg: str, *, dots_per_inch: int = PICTURE_DOTS) -> bytes:
    """A drawing as PNG, with the fonts of the program; for Word, which many versions show no SVG."""
    source = (
        f'#set text(font: "{FAMILY}", lang: "vi")\n'
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        '#image(bytes(sys.inputs.svg), format: "svg")'
    )
    made = _compiler().compile(
        input=source.encode(), format="png", ppi=dots_per_inch, sys_inputs={"svg": svg}
    )
    assert isinstance(made, bytes)
    return made


# --- the compiler ---------------------------------------------------------------------------------

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


def _compiled(paper: Printed, *, kind_of: str, dots_per_inch: int | None = None) -> list[bytes]:
    made = _compiler().compile(
        input=TEMPLATE,
        format=kind_of,  # type: ignore[arg-type]
        ppi=dots_per_inch,
        sys_inputs={"paper": _input(paper)},
        pdf_standards=STANDARDS if kind_of == "pdf" else [],
    )
    if made is None:
        return []
    return [made] if isinstance(made, bytes) else list(made)


# --- what the template reads ----------------------------------------------------------------------


def _input(paper: Printed) -> str:
    looks = form()
    stamp = looks.stamps.get(paper.urgency.value)
    made_on = paper.dated or UNDATED
    values: dict[str, Any] = {
        "measures": {key: measure.use for key, measure in looks.measures.items()},
        "font": FAMILY,
        "made_on": {"year": made_on.year, "month": made_on.month, "day": made_on.day},
        "author": " ".join(paper.issuer),
        "stamp": stamp and {"name": stamp.name, "width": stamp.width, "height": stamp.height},
        "lines": [_line(line) for line in paper.lines],
        "signature": _signature(paper.signature),
        "cosigner": paper.cosigner and _signature(paper.cosigner),
        "appendices": [
            {
                "label": page.label,
                "title": page.title,
                "origin": [_part(part) for part in page.origin],
                "is_landscape": page.is_landscape,
                "lines": [_line(line) for line in page.lines],
            }
            for page in paper.appendices
        ],
    }
    for name in (
        "name",
        "superior",
        "issuer",
        "nation",
        "motto",
        "number_label",
        "draft_mark",
        "number",
        "symbol",
        "place",
        "day",
        "kind_name",
        "title",
        "subject",
        "decider",
        "bases",
        "enacting",
        "addressees_label",
        "addressees",
        "recipients_label",
        "recipients",
        "restriction",
        "drafter",
        "contact",
        "copy_mark",
    ):
        values[name] = _breakable(getattr(paper, name))
    return json.dumps(values, ensure_ascii=False)


def _line(line: Line) -> Mapping[str, Any]:
    if isinstance(line, TableLine):
        return {
            "style": "table",
            "depth": 0,
            "columns": _breakable(line.columns),
            "shares": line.shares,
            "is_number": line.is_number,
            "rows": [[_runs(cell) for cell in row] for row in line.rows],
            "bold_rows": line.bold_rows,
            "caption": line.caption,
            "note": line.note,
        }
    if isinstance(line, FigureLine):
        return {
            "style": "figure",
            "depth": 0,
            "svg": line.svg,
            "caption": line.caption,
            "alternative": line.alternative,
        }
    return {
        "style": line.style,
        "depth": line.depth,
        "marker": line.marker.text if line.marker else "",
        "label": line.label,
        "runs": _runs(line.runs),
        "length": sum(len(run.text) for run in line.runs),
    }


def _part(part: str | Gap) -> dict[str, str]:
    return {"gap": part.value} if isinstance(part, Gap) else {"t": _broken(part)}


def _runs(runs: tuple[Run, ...]) -> list[dict[str, Any]]:
    return [
        {"t": _broken(run.text), "b": run.is_bold, "i": run.is_italic, "n": _broken(run.note)} for run in runs
    ]


def _signature(one: SignatureLine) -> dict[str, Any]:
    return {
        "authority": one.authority,
        "name": one.name,
        "image": None if one.image is None else list(one.image),
    }


def _breakable(value: Any) -> Any:
    if isinstance(value, str):
        return _broken(value)
    if isinstance(value, tuple):
        return [_broken(text) for text in value]
    return value


def _broken(text: str) -> str:
    """Text in which endless words may be broken."""
    if len(text) <= LONGEST_WORD or all(len(word) <= LONGEST_WORD for word in text.split(" ")):
        return text
    return " ".join(word if len(word) <= LONGEST_WORD else _MAY_BREAK.join(word) for word in text.split(" "))
