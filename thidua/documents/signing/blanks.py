"""The blanks of a paper: where number and date go after the person signed, and where the signatures stand.

Knows how PDF forms are built; hides that an incremental update writes into a field which the first signature
left open, so that both signatures stay valid (decision 0015). Pure.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import typst
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec

from thidua.documents.writing.characters import FAMILY, FONTS
from thidua.documents.writing.typesetting import Place, SignaturePlaces

#: Names of the fields, as other programs show them.
PERSON, SEAL = "chu_ky_nguoi_co_tham_quyen", "chu_ky_co_quan"
NUMBER, DAY, MONTH, YEAR = "so_van_ban", "ngay", "thang", "nam"
#: What a field of an appendix has behind the name, and the number of the appendix behind it.
_REPEATED = "_phu_luc_"
#: A blank is 0.9 of its letters high, and the letters stand 0.2 above its lower edge: `paper.typ`.
BLANK_HEIGHT, BASELINE = 0.9, 0.2
_READ_ONLY, _PRINTED = 1, 4


def with_blanks(pdf: bytes, places: SignaturePlaces, *, has_seal: bool = True) -> bytes:
    """The paper with empty fields for number, date, person and seal, where `places` says."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    later = []
    for name, place in _texts(places):
        _add_text(writer, name, place)
        later.append(name)
    later.extend([SEAL] if has_seal else [])
    fields.append_signature_field(
        writer,
        SigFieldSpec(
            PERSON,
            on_page=places.person.page,
            box=_box(places.person),
            field_mdp_spec=FieldMDPSpec(FieldMDPAction.EXCLUDE, later) if later else None,
            doc_mdp_update_value=MDPPerm.FILL_FORMS,
        ),
    )
    if has_seal:
        fields.append_signature_field(
            writer,
            SigFieldSpec(
                SEAL,
                on_page=places.seal.page,
                box=_box(places.seal),
                field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL),
            ),
        )
    return _bytes_of(writer)


def filled(pdf: bytes, values: Mapping[str, str]) -> bytes:
    """The paper with words in its blanks, as an incremental update. Blanks that it lacks are left out.

    `values` by the names of the head; each appendix repeats them.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    changed = False
    for reference in writer.root["/AcroForm"]["/Fields"]:
        one = reference.get_object()
        name = str(one["/T"])
        of_head = name.partition(_REPEATED)[0]
        if of_head not in values:
            continue
        left, bottom, right, top = (float(value) for value in one["/Rect"])
        one["/V"] = pdf_string(values[of_head])
        # Only the number of the head stands upright.
        picture = _Drawn(_drawn(values[of_head], right - left, top - bottom, is_italic=name != NUMBER))
        picture.set_writer(writer)  # type: ignore[no-untyped-call]  # pyHanko's own
        one["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(picture.as_form_xobject())})
        writer.update_container(one)
        changed = True
    return _bytes_of(writer) if changed else pdf


@dataclass(frozen=True, slots=True)
class Blank:
    """One field as a file holds it."""

    name: str
    value: str


def blanks_of(pdf: bytes) -> list[Blank]:
    """The text fields of a file with their words."""
    root = PdfFileReader(io.BytesIO(pdf)).root
    form = root.get("/AcroForm", {})
    found = (reference.get_object() for reference in form.get("/Fields", ()))
    return [
        Blank(str(one["/T"]), str(one.get("/V", ""))) for one in found if one.get("/FT") == pdf_name("/Tx")
    ]


def filled_later(pdf: bytes) -> tuple[str, ...]:
    """Names of the fields that the person's signature leaves open: the blanks, and the seal."""
    return (*(blank.name for blank in blanks_of(pdf)), SEAL)


# --- inside ---------------------------------------------------------------------------------------


def _texts(places: SignaturePlaces) -> Iterator[tuple[str, Place]]:
    names = {"number": NUMBER, "day": DAY, "month": MONTH, "year": YEAR}
    for what, name in names.items():
        place: Place | None = getattr(places, what)
        if place is not None:
            yield name, place
    for at, repeated in enumerate(places.repeated, 1):
        for what, place in repeated.items():
            yield f"{names[what]}{_REPEATED}{at}", place


def _box(place: Place) -> tuple[int, int, int, int]:
    """Whole points, as the library wants them; outwards, so that nothing is cut off."""
    return (int(place.left), int(place.bottom), round(place.right + 0.5), round(place.top + 0.5))


def _add_text(writer: IncrementalPdfFileWriter, name: str, place: Place) -> None:
    page = writer.find_page_for_modification(place.page)[0]
    rectangle = [place.left, place.bottom, place.right, place.top]
    empty = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): _numbers([0, 0, place.right - place.left, place.top - place.bottom]),
            pdf_name("/Resources"): generic.DictionaryObject(),
        },
        stream_data=b"",
    )
    widget = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): pdf_string(name),
            pdf_name("/TU"): pdf_string(_told(name)),
            pdf_name("/V"): pdf_string(""),
            pdf_name("/DA"): pdf_string("0 g"),
            pdf_name("/Ff"): generic.NumberObject(_READ_ONLY),
            pdf_name("/F"): generic.NumberObject(_PRINTED),
            pdf_name("/P"): page,
            pdf_name("/Rect"): _numbers(rectangle),
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(empty)}),
        }
    )
    reference = writer.add_object(widget)
    writer.register_annotation(page, reference)
    root = writer.root
    if "/AcroForm" not in root:
        root["/AcroForm"] = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject()})
        writer.update_root()
    form = root["/AcroForm"]
    form["/Fields"].append(reference)
    writer.update_container(form)


def _told(name: str) -> str:
    """What a reader aloud says of a field."""
    of_head, _, appendix = name.partition(_REPEATED)
    words = {NUMBER: "Số văn bản", DAY: "Ngày", MONTH: "Tháng", YEAR: "Năm"}[of_head]
    return f"{words}, phụ lục {appendix}" if appendix else words


def _numbers(values: list[float]) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(round(value, 2)) for value in values)


class _Drawn(PdfContent):
    """A page of another PDF, held in memory, as what a field shows."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        self.resources.xobject["/Drawn"] = page
        left, bottom, right, top = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Drawn Do"


_fonts = threading.local()


def _drawn(text: str, width: float, height: float, *, is_italic: bool) -> bytes:
    """The words as a page of exactly this size, in the font of papers."""
    found: typst.Fonts | None = getattr(_fonts, "found", None)
    if found is None:
        found = _fonts.found = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
        )
    size = height / BLANK_HEIGHT
    # The number leans on the stroke behind it, days stand in the middle of their gap.
    style, side = ("italic", "center") if is_italic else ("normal", "right")
    source = (
        f"#set page(width: {width:.2f}pt, height: {height:.2f}pt, margin: 0pt, fill: none)\n"
        f'#set text(font: "{FAMILY}", size: {size:.2f}pt, style: "{style}", bottom-edge: "baseline")\n'
        f"#place(bottom + {side}, dy: -{size * BASELINE:.2f}pt, sys.inputs.words)"
    )
    made = typst.compile(
        source.encode(), font_paths=found, ignore_system_fonts=True, sys_inputs={"words": text}
    )
    assert isinstance(made, bytes)
    return made


def _bytes_of(writer: IncrementalPdfFileWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
