"""Excel files: a plan with one sheet for each kind, and the list of read plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from thidua.documents.models import Document
from thidua.documents.plan_page import Item, Section, plan_page
from thidua.documents.sentences import STRUCTURE, THEMES, edtf_in_words, named
from thidua.tables.workbooks import Cell, Sheet, written


def plan_as_workbook(record: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> bytes:
    """The plan as an Excel file."""
    return written(plan_sheets(record, lines))


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
    return written([Sheet("Kế hoạch đã đọc", columns, rows)])


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
