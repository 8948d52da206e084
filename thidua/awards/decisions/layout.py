"""What stands where on a certificate: fields with their words, place in millimetres and letters.

Pure values. A full page draws everything itself; an overprint puts only words onto a blank that was printed
before, moved by the offset of the printer. Words are patterns: `{ten}` is filled for each certificate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc

RED, GOLD, INK = "#b3121d", "#b8862f", "#1f1a17"
A4, A3 = (297, 210), (420, 297)
#: Paper that printers take, in millimetres.
LEAST_SIDE, MOST_SIDE = 90, 500
LEAST_LETTERS, MOST_LETTERS = 5, 120
#: Letters of a field that is too long are made smaller, down to this share.
LEAST_SHRINK = 0.55
QR = "ma_qr"

#: What a pattern may name → what the officer reads about it.
PLACEHOLDERS: dict[str, str] = {
    "ten": "tên người, tập thể, hộ được khen",
    "chi_tiet": "chức vụ, đơn vị, địa chỉ",
    "thanh_tich": "thành tích như trong quyết định",
    "hinh_thuc": "tên hình thức khen thưởng",
    "co_quan": "chức danh cơ quan tặng",
    "so_quyet_dinh": "số, ký hiệu quyết định",
    "ngay": "ngày quyết định, hai chữ số",
    "thang": "tháng quyết định",
    "nam": "năm quyết định",
    "so_vang": "số vào sổ vàng",
    "dia_danh": "địa danh",
    "chuc_vu_ky": "chức vụ người ký",
    "nguoi_ky": "họ tên người ký",
    "ma": "mã kiểm tra",
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class DesignKind(StrEnum):
    FULL = "ca_trang"
    OVERPRINT = "in_chong"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Border(StrEnum):
    NONE = "khong"
    LINES = "duong_doi"
    MEANDER = "hoi_van"


@dataclass(frozen=True, slots=True)
class Field:
    """One text on the page: the upper left corner and the size of its box in mm, its letters in points.

    The code field (`ma_qr`) is a square of `width`.
    """

    key: str
    label: str
    text: str
    x: float
    y: float
    width: float
    height: float
    size: float
    align: Align = Align.CENTER
    is_bold: bool = False
    is_italic: bool = False
    colour: str = INK
    is_on: bool = True
    #: A line of the length of the words below them, as under the motto.
    is_ruled: bool = False

    @property
    def is_code(self) -> bool:
        return self.key == QR


@dataclass(frozen=True, slots=True)
class Layout:
    """A page of `width` × `height` mm. The offset moves all words, for printers that draw paper in askew."""

    kind: DesignKind
    width: float
    height: float
    fields: tuple[Field, ...]
    border: Border = Border.NONE
    has_emblem: bool = False
    has_drum: bool = False
    offset_x: float = 0
    offset_y: float = 0

    def field(self, key: str) -> Field:
        return next(one for one in self.fields if one.key == key)


@dataclass(frozen=True, slots=True)
class CertificateText:
    """The words of one certificate: values of `PLACEHOLDERS`, and the address its code leads to."""

    values: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


def usual(kind: DesignKind, *, form_name: str, size: tuple[float, float] = A4) -> Layout:
    """A layout to begin with, in the order of lines of the old specimen, scaled to the page.

    An overprint keeps only what a blank leaves open.
    """
    rows = [_scaled(one, size) for one in _rows(form_name)]
    if kind is DesignKind.OVERPRINT:
        open_on_blanks = {"ten", "chi_tiet", "thanh_tich", "quyet_dinh", "so_vang", "noi_ngay"}
        open_on_blanks |= {"nguoi_ky", QR}
        rows = [replace(one, is_on=one.key in open_on_blanks, colour=INK) for one in rows]
        return Layout(kind, *size, fields=tuple(rows))
    return Layout(kind, *size, fields=tuple(rows), border=Border.MEANDER, has_emblem=True, has_drum=True)


def _rows(form_name: str) -> tuple[Field, ...]:
    """On A4 across."""
    left = Align.LEFT
    return (
        Field(
            "quoc_hieu",
            "Quốc hiệu",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            48.5,
            19.5,
            200,
            7,
            15,
            is_bold=True,
        ),
        Field(
            "tieu_ngu",
            "Tiêu ngữ",
            "Độc lập - Tự do - Hạnh phúc",
            48.5,
            26,
            200,
            7,
            15,
            is_bold=True,
            is_ruled=True,
        ),
        Field("co_quan", "Cơ quan tặng", "{co_quan}", 38.5, 60, 220, 9, 18, is_bold=True, colour=RED),
        Field("tang", "Chữ «Tặng»", "TẶNG", 98.5, 70, 100, 7, 14, is_bold=True),
        Field(
            "hinh_thuc", "Tên hình thức", form_name.upper(), 38.5, 77.5, 220, 19, 44, is_bold=True, colour=RED
        ),
        Field("ten", "Người nhận", "{ten}", 33.5, 99, 230, 12, 25, is_bold=True),
        Field("chi_tiet", "Chức vụ, địa chỉ", "{chi_tiet}", 38.5, 111.5, 220, 8, 15, is_italic=True),
        Field("thanh_tich", "Thành tích", "{thanh_tich}", 38.5, 121, 220, 22, 16),
        Field(
            "quyet_dinh",
            "Số, ngày quyết định",
            "Quyết định số {so_quyet_dinh} ngày {ngay}/{thang}/{nam}",
            52,
            172,
            96,
            5.5,
            11,
            left,
        ),
        Field("so_vang", "Số vào sổ vàng", "Số sổ vàng: {so_vang}", 52, 178, 96, 5.5, 11, left),
        Field(
            "noi_ngay",
            "Nơi, ngày",
            "{dia_danh}, ngày {ngay} tháng {thang} năm {nam}",
            158,
            144,
            110,
            7,
            14,
            is_italic=True,
        ),
        Field("chuc_vu", "Chức vụ người ký", "{chuc_vu_ky}", 158, 151, 110, 12, 14, is_bold=True),
        Field("nguoi_ky", "Họ tên người ký", "{nguoi_ky}", 158, 181, 110, 7, 15, is_bold=True),
        Field(QR, "Mã kiểm tra (QR)", "", 29, 168, 18, 18, 8),
    )


def _scaled(one: Field, size: tuple[float, float]) -> Field:
    across, down = size[0] / A4[0], size[1] / A4[1]
    letters = min(across, down)
    return replace(
        one,
        x=round(one.x * across, 1),
        y=round(one.y * down, 1),
        width=round(one.width * (letters if one.is_code else across), 1),
        height=round(one.height * (letters if one.is_code else down), 1),
        size=round(one.size * letters, 1),
    )


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """The words of a pattern; a value that is not there leaves nothing."""
    return " ".join(_PLACEHOLDER.sub(lambda found: values.get(found[1], ""), pattern).split())


def check(layout: Layout) -> None:
    """Raises RuleNotMet for a page or a field that cannot be printed, with the name of the field."""
    what = "Chưa lưu được mẫu in"
    for side in (layout.width, layout.height):
        if not LEAST_SIDE <= side <= MOST_SIDE:
            raise RuleNotMet(
                what,
                why=f"cạnh giấy {side:g} mm ngoài khoảng {LEAST_SIDE}–{MOST_SIDE} mm",
                next_step="Ghi khổ giấy thật, ví dụ 297 × 210",
            )
    for one in layout.fields:
        _check_field(one, layout, what)


def _check_field(one: Field, layout: Layout, what: str) -> None:
    unknown = [name for name in _PLACEHOLDER.findall(one.text) if name not in PLACEHOLDERS]
    if unknown:
        raise RuleNotMet(
            what,
            why=f"ô «{one.label}» gọi {{{unknown[0]}}}, chương trình không có giá trị này",
            next_step="Dùng các tên trong bảng ghi chú dưới biểu mẫu",
        )
    if not LEAST_LETTERS <= one.size <= MOST_LETTERS or not _COLOUR.fullmatch(one.colour):
        raise RuleNotMet(
            what,
            why=f"ô «{one.label}» có cỡ chữ hoặc màu không in được",
            next_step=f"Cỡ chữ từ {LEAST_LETTERS} đến {MOST_LETTERS}, màu chọn trong bảng màu",
        )
    is_outside = one.x < 0 or one.y < 0 or one.width <= 0 or one.height <= 0
    if one.is_on and (
        is_outside or one.x + one.width > layout.width + 0.05 or one.y + one.height > layout.height + 0.05
    ):
        raise RuleNotMet(
            what,
            why=f"ô «{one.label}» nằm ngoài trang giấy {layout.width:g} × {layout.height:g} mm",
            next_step="Giảm khoảng cách từ mép trái, mép trên hoặc bề rộng của ô",
        )


def written(layout: Layout) -> str:
    """As JSON, for the database."""
    return json.dumps(asdict(layout), ensure_ascii=False, sort_keys=True)


def read(text: str) -> Layout:
    found: dict[str, Any] = json.loads(text)
    known = {one.name for one in fields(Field)}
    rows = tuple(
        Field(
            **{
                **{name: value for name, value in row.items() if name in known},
                "align": Align(row["align"]),
                "text": nfc(row["text"]),
            }
        )
        for row in found["fields"]
    )
    return Layout(
        **{**found, "fields": rows, "kind": DesignKind(found["kind"]), "border": Border(found["border"])}
    )
