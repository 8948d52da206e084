"""Excel files: a plan with one sheet for each kind, and the list of read plans.

Every value is written as text or number, never as a formula: a plan that says «=1+1» must stay a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from thidua.documents.models import Document
from thidua.documents.plan_page import Item, Section, plan_page
from thidua.documents.sentences import STRUCTURE, THEMES, edtf_in_words, named

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A name, the columns with their widths in letters, and the rows."""

    name: str
    columns: tuple[tuple[str, int], ...]
    rows: list[tuple[Cell, ...]]


def plan_as_workbook(record: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> bytes:
    """The plan as an Excel file."""
    return _written(plan_sheets(record, lines))


def list_as_workbook(documents: Iterable[Document]) -> bytes:
    """The list as an Excel file."""
    columns = (
        ("Trích yếu", 70),
        ("Loại", 14),
        ("Cơ quan ban hành", 40),
        ("Số, ký hiệu", 18),
        ("Ngày ban hành", 14),
        ("Chủ đề", 16),
        ("Chỉ tiêu", 9),
        ("Nhiệm vụ", 9),
        ("Tiêu chí", 9),
        ("Cần xem lại", 11),
        ("Nguồn", 10),
        ("Tệp", 34),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            document.title,
            document.type_name,
            document.issuer,
            document.number,
            edtf_in_words(document.dated),
            THEMES.get(document.theme, ""),
            document.targets,
            document.tasks,
            document.criteria,
            document.to_check,
            "Bản mẫu" if document.is_sample else "Của tôi",
            document.file_name,
        )
        for document in documents
    ]
    return _written([Sheet("Kế hoạch đã đọc", columns, rows)])


def plan_sheets(record: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> list[Sheet]:
    """What the workbook of a plan holds; the codes are those of the page."""
    page = plan_page(record, lines)
    sections = {section.key: section for section in page.sections}
    targets = {target["id"]: target for target in record.get("targets") or []}
    return [
        _general(sections["thong-tin"]),
        Sheet(
            "Chỉ tiêu",
            (
                ("Mã", 8),
                ("Chỉ tiêu", 48),
                ("Mức", 30),
                ("Giá trị", 10),
                ("Đến giá trị", 10),
                ("Thời hạn", 18),
                ("Thời kỳ", 30),
                ("Phạm vi", 24),
                ("Số ghi kèm", 30),
                ("Nguyên văn", 70),
                ("Dòng", 10),
            ),
            [
                (
                    item.code,
                    item.title,
                    item.measure,
                    *_figures(targets[item.key]),
                    *_facts(item, "Thời hạn", "Thời kỳ", "Phạm vi", "Số ghi kèm"),
                    item.quote,
                    _lines(item),
                )
                for item in sections["chi-tieu"].items
            ],
        ),
        Sheet(
            "Nhiệm vụ",
            (
                ("Mã", 8),
                ("Ai làm", 40),
                ("Nội dung (nguyên văn)", 80),
                ("Phối hợp", 40),
                ("Thời hạn", 20),
                ("Định kỳ", 16),
                ("Báo cáo cho", 26),
                ("Cách giao", 26),
                ("Dòng", 10),
            ),
            [
                (
                    item.code,
                    item.title,
                    item.quote,
                    *_facts(item, "Phối hợp", "Thời hạn", "Định kỳ", "Báo cáo cho"),
                    "; ".join(tag.text for tag in item.tags),
                    _lines(item),
                )
                for item in sections["nhiem-vu"].items
            ],
        ),
        _criteria(sections["tieu-chi"]),
        _grouped(sections["khen-thuong"], "Khen thưởng", with_facts=("Hạng", "Thẩm quyền")),
        Sheet(
            "Mốc thời gian",
            (("Mã", 8), ("Việc", 28), ("Khi nào", 32), ("Ai làm", 60), ("Dòng", 12)),
            [
                (item.code, item.title, item.measure, *_facts(item, "Ai làm"), _lines(item))
                for item in sections["moc"].items
            ],
        ),
        _grouped(sections["vien-dan"], "Căn cứ", with_facts=("Cơ quan ban hành", "Về việc", "Nhắc đến")),
        _grouped(sections["noi-nhan"], "Nơi nhận", with_facts=()),
        _grouped(sections["noi-dung"], "Nội dung", with_facts=()),
        _structure(record, lines),
        _to_check(sections["can-xem-lai"]),
    ]


def _general(section: Section) -> Sheet:
    return Sheet(
        "Thông tin chung",
        (("Mục", 26), ("Nội dung", 100), ("Ghi chú", 40), ("Dòng", 12)),
        [(item.title, item.measure, item.remark, _lines(item)) for item in section.items],
    )


def _criteria(section: Section) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for group in section.groups:
        for item in group.items:
            kind = item.tags[0].text if item.tags else ""
            rule = " ".join([item.lead_in, *(f"• {point}" for point in item.points)]).strip()
            rows.append((item.code, group.title, item.quote, kind, rule, _lines(item)))
    columns = (
        ("Mã", 8),
        ("Đối tượng", 40),
        ("Tiêu chí (nguyên văn)", 80),
        ("Loại", 12),
        ("Quy tắc", 70),
        ("Dòng", 10),
    )
    return Sheet("Tiêu chí", columns, rows)


def _grouped(section: Section, name: str, *, with_facts: tuple[str, ...]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            item.code,
            group.title,
            item.title or item.quote,
            "; ".join(filter(None, [*(tag.text for tag in item.tags), item.remark, *item.points])),
            *_facts(item, *with_facts),
            _lines(item),
        )
        for group in section.groups
        for item in group.items
    ]
    facts = tuple((label, 36) for label in with_facts)
    columns = (("Mã", 8), ("Nhóm", 24), ("Nội dung", 80), ("Ghi chú", 36), *facts, ("Dòng", 10))
    return Sheet(name, columns, rows)


def _structure(record: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            node["path"],
            named(STRUCTURE, node["kind"]),
            node.get("marker"),
            " ".join(lines[number - 1]["text"].strip() for number in node["lines"] if number <= len(lines)),
            ", ".join(map(str, node["lines"])),
        )
        for node in record.get("structure") or []
    ]
    columns = (("Vị trí", 14), ("Loại", 20), ("Ký hiệu", 9), ("Nguyên văn", 110), ("Dòng", 12))
    return Sheet("Cấu trúc", columns, rows)


def _to_check(section: Section) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            item.code,
            group.title,
            "; ".join(tag.text for tag in item.tags),
            item.title or "".join(piece.text for piece in item.pieces),
            item.quote,
            *_facts(item, "Nên là"),
            _lines(item),
        )
        for group in section.groups
        for item in group.items
    ]
    columns = (
        ("Mã", 8),
        ("Nhóm", 28),
        ("Mức độ", 10),
        ("Nội dung", 70),
        ("Nguyên văn", 50),
        ("Nên là", 36),
        ("Dòng", 12),
    )
    return Sheet("Nghi vấn & lỗi", columns, rows)


def _figures(target: Mapping[str, Any]) -> tuple[Cell, Cell]:
    low = target.get("value_min", target.get("value"))
    return (
        low if isinstance(low, int | float) and not isinstance(low, bool) else None,
        target.get("value_max"),
    )


def _facts(item: Item, *labels: str) -> tuple[str, ...]:
    values = {fact.label: fact.value for fact in item.facts}
    return tuple(values.get(label, "") for label in labels)


def _lines(item: Item) -> str:
    return ", ".join(map(str, item.lines))


def _written(sheets: Sequence[Sheet]) -> bytes:
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as workbook:
        head = workbook.add_format(
            {
                "bold": True,
                "bg_color": "#A6192E",
                "font_color": "#FFFFFF",
                "text_wrap": True,
                "valign": "vcenter",
            }
        )
        text = workbook.add_format({"text_wrap": True, "valign": "top"})
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            page.set_landscape()
            page.set_paper(9)  # A4
            page.fit_to_pages(1, 0)
            page.repeat_rows(0)
            for column, (title, width) in enumerate(sheet.columns):
                page.set_column(column, column, width, text)
                page.write_string(0, column, title, head)
            for number, row in enumerate(sheet.rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, int | float):
                        page.write_number(number, column, value, text)
                    elif value:
                        page.write_string(number, column, value, text)
            page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
    return out.getvalue()
