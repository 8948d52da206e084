"""Entries of the lawbook in Vietnamese: their group, their value as people read it, what changed between two.

Hides how values are written: codes become the names of what they stand for, shares become percent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from thidua.core.formats import format_date, format_number, format_percent
from thidua.criteria import shapes
from thidua.criteria.law_shapes import shape_of
from thidua.criteria.lawbook import FOREVER, Lawbook, Parameter

NOT_READ = "chưa đối chiếu văn bản gốc"

#: Group → its name and the beginnings of the keys that belong to it, in the order of the page.
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "thoi-ky": (
        "Thời kỳ pháp luật",
        ("award.era", "award.governing_date", "award.transition", "award.draft_law"),
    ),
    "nguyen-tac": ("Nguyên tắc, tạm dừng", ("award.principle", "award.hold", "award.hold_ends")),
    "doi-tuong": ("Đối tượng, loại hình", ("award.subject", "award.type")),
    "hinh-thuc": ("Hình thức, danh hiệu", ("award.kind", "award.form", "award.precedence")),
    "tieu-chuan": ("Tiêu chuẩn", ("award.standard", "award.waiting")),
    "tham-quyen": (
        "Thẩm quyền, đường trình",
        ("award.decider", "award.authority", "award.route", "award.role"),
    ),
    "tien-thuong": ("Tiền thưởng", ("award.bonus", "pay.base_salary")),
    "ho-so": (
        "Hồ sơ, mẫu",
        (
            *("award.paper", "award.dossier", "award.dossier_rule", "award.template"),
            *("award.report_outline", "award.simplified"),
        ),
    ),
    "thoi-han": (
        "Trình tự, thời hạn, công khai",
        (
            *("award.procedure", "award.processing", "award.publicity", "award.publicity_forms"),
            *("award.publicity_where", "award.publicity_answer", "award.yearly_deadline"),
        ),
    ),
    "hoi-dong": (
        "Hội đồng, bỏ phiếu, lấy ý kiến",
        ("award.council", "award.vote", "award.vote_rules", "award.recusal", "award.consultation"),
    ),
    "sau-quyet-dinh": (
        "Bằng, trao, thu hồi, quyền",
        ("award.certificate", "award.ceremony", "award.revocation", "award.right"),
    ),
    "phong-trao": (
        "Phong trào, phân bổ",
        ("award.movement", "award.movement_rule", "award.quota"),
    ),
    "thong-ke": ("Thống kê", ("award.statistics",)),
    "chuan-ngheo": ("Chuẩn nghèo", ("poverty",)),
    "ra-soat": ("Rà soát hộ nghèo", ("review",)),
    "kiem-tra": ("Kiểm tra, vướng mắc", ("oversight",)),
    "cong-khai": ("Công khai", ("publicity",)),
}
OTHER = "khac"

#: Units that name the sort of entry and would say nothing after its value.
_WORDS_FOR_UNITS = ("đồng", "ngày", "năm", "tháng", "lần", "chỉ số", "điểm", "mm", "phần", "hộ", "m²")


def group_of(key: str) -> str:
    """The group of a key: the longest beginning that fits."""
    found = [
        (len(start), group)
        for group, (_, starts) in GROUPS.items()
        for start in starts
        if key == start or key.startswith(f"{start}.")
    ]
    return max(found)[1] if found else OTHER


def group_name(group: str) -> str:
    return GROUPS[group][0] if group in GROUPS else "Khác"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a value: a label, plain text, or parts of its own."""

    text: str = ""
    label: str = ""
    parts: tuple[Part, ...] = field(default=())

    @property
    def flat(self) -> str:
        """On one line."""
        inner = "; ".join(part.flat for part in self.parts) if self.parts else self.text
        return f"{self.label}: {inner}" if self.label else inner


def value_of(parameter: Parameter, book: Lawbook) -> Part:
    """The value with its unit, as a tree to print."""
    if parameter.value is None:
        return Part("không định, hoặc không còn")
    part = _part(shape_of(parameter.key), parameter.value, book)
    if isinstance(parameter.value, int | Decimal) and parameter.unit.startswith(_WORDS_FOR_UNITS):
        return Part(f"{part.text} {parameter.unit}")
    return part


def _part(shape: shapes.Shape | None, value: Any, book: Lawbook, label: str = "") -> Part:
    match shape, value:
        case shapes.Either(inner), _:
            return _part(inner, value, book, label)
        case shapes.Record(), Mapping():
            parts = [
                _part(inner, value[name], book, name_of_field)
                for name, (name_of_field, inner) in shape.fields.items()
                if name in value
            ]
            return Part(label=label, parts=tuple(parts))
        case shapes.ListOf(inner), tuple():
            return Part(label=label, parts=tuple(_part(inner, one, book) for one in value))
        case _, Mapping():
            return Part(label=label, parts=tuple(_part(None, one, book, key) for key, one in value.items()))
        case _, tuple():
            return Part(label=label, parts=tuple(_part(None, one, book) for one in value))
        case _:
            return Part(_plain(shape, value, book), label)


def _plain(shape: shapes.Shape | None, value: Any, book: Lawbook) -> str:
    match shape, value:
        case shapes.OneOf(words), _:
            return words[value]
        case shapes.Code(prefixes), _:
            return _name_of(prefixes, value, book)
        case shapes.Share(), _:
            share = Fraction(value)
            exact = share * 100
            return format_percent(int(exact)) if exact.denominator == 1 else f"{value}"
        case shapes.MonthDay(), _:
            month, day = value.split("-")
            return f"{int(day)}/{int(month)}"
        case _, bool():
            return "có" if value else "không"
        case _, int() | Decimal():
            return format_number(value)
        case _, date():
            return format_date(value)
        case _, None:
            return "không"
        case _:
            return str(value)


def _name_of(prefixes: tuple[str, ...], code: str, book: Lawbook) -> str:
    """The newest name of what a code stands for."""
    for prefix in prefixes:
        history = book.history(prefix + code)
        if history:
            value = history[-1].value
            return str(value["name"] if isinstance(value, Mapping) else value)
    return code


def days_of(parameter: Parameter) -> str:
    """ "từ 01/07/2025", "01/01/2024 – 30/06/2025"."""
    if parameter.until == FOREVER:
        return f"từ {format_date(parameter.since)}"
    return f"{format_date(parameter.since)} – {format_date(parameter.until - timedelta(days=1))}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What one entry says otherwise than the one before: words gone, words new."""

    gone: tuple[str, ...]
    new: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.gone or self.new)


def difference(before: Parameter, after: Parameter, book: Lawbook) -> Difference:
    """Piece by piece: fields of a table, items of a list, or the whole value."""
    old, new = _pieces(value_of(before, book)), _pieces(value_of(after, book))
    return Difference(
        tuple(one for one in old if one not in new), tuple(one for one in new if one not in old)
    )


def _pieces(part: Part) -> list[str]:
    return [one.flat for one in part.parts] if part.parts else [part.flat]
