"""A record as sections of items, and the source with its marks: pure, on the hand-made records."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from thidua.documents.plan_page import MARKED, Item, Place, Section, plan_page, spans
from thidua.documents.reading import read_path
from thidua.documents.reading.files import read
from thidua.documents.reading.score_folder import DATA
from thidua.documents.source_marks import ranges, source_lines
from thidua.documents.workbooks import plan_as_workbook

#: Invented documents of many kinds.
DEV = sorted((DATA.parent / "tests" / "plans" / "dev").glob("*.txt"))
GOLDEN = sorted((DATA / "golden").glob("[0-9]*.yaml"))


def lines_of(text: str) -> list[dict[str, Any]]:
    return [{"text": line} for line in text.split("\n")]


def sample(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A hand-made record and the lines it was made from."""
    record: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return record, lines_of((DATA / "plans" / f"{path.stem}.txt").read_text(encoding="utf-8"))


def section_of(record: dict[str, Any], key: str, lines: str = "") -> Section:
    page = plan_page(record, lines_of(lines), kinds=frozenset({key}))
    (section,) = page.sections
    return section


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_everything_of_a_record_stands_on_its_page(path: Path) -> None:
    record, lines = sample(path)
    counts = record["expected_counts"]

    shown = {section.key: section for section in plan_page(record, lines).sections}

    assert shown["chi-tieu"].count == counts["targets"]
    assert shown["nhiem-vu"].count == counts["tasks"]
    assert shown["tieu-chi"].count == counts["criteria"]
    assert len(shown["tieu-chi"].groups) == counts["subjects"]
    assert shown["moc"].count == len(record["milestones"])
    assert shown["can-xem-lai"].count == len(record["defects"]) + len(record["doubts"])
    assert shown["bo-cuc"].count == len(record["structure"])
    numbered = next((g.items for g in shown["vien-dan"].groups if g.title == "Văn bản có số"), ())
    assert len(numbered) == counts["citation_unique"]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_keys_of_items_are_unique_and_lead_to_lines_of_the_source(path: Path) -> None:
    record, lines = sample(path)

    items = list(plan_page(record, lines).items())

    keys = [item.key for item in items]
    assert len(keys) == len(set(keys))
    assert [item.key for item in items if item.lines and not 1 <= item.lines[-1] <= len(lines)] == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_marks_leave_every_letter_of_the_source_in_place(path: Path) -> None:
    record, lines = sample(path)
    items = list(plan_page(record, lines).items())

    shown = source_lines(lines, items, record["structure"])

    assert [line.number for line in shown] == list(range(1, len(lines) + 1))
    printed = ["".join(segment.text for segment in line.segments) for line in shown]
    assert printed == [line["text"] if line["text"].strip() else "" for line in lines]
    marked = {segment.kind for line in shown for segment in line.segments if segment.kind}
    assert marked <= MARKED


def test_quotes_of_targets_are_marked_exactly() -> None:
    record, lines = sample(GOLDEN[2])
    items = list(plan_page(record, lines, kinds=frozenset({"chi-tieu"})).items())

    shown = source_lines(lines, items, record["structure"])

    marked = [(segment.keys, segment.text) for segment in shown[18].segments if segment.kind]
    assert marked == [(target["id"], target["quote"]) for target in record["targets"]]


def test_nothing_said_is_said_in_words() -> None:
    section = section_of({"doc": {"type": "Kế hoạch", "title": None}}, "thong-tin")

    rows = {item.title: (item.measure, item.remark) for item in section.items}
    assert rows["Loại văn bản"] == ("Kế hoạch", "")
    assert rows["Trích yếu"] == ("", "Văn bản không ghi")
    assert rows["Số, ký hiệu"] == ("", "Văn bản không ghi")
    assert section_of({}, "chi-tieu").when_empty == "Văn bản không đặt chỉ tiêu bằng số."


def test_blank_number_and_date_say_what_is_missing() -> None:
    doc = {"symbol": "KH-UBND", "date": {"day": None, "month": 7, "year": 2022, "edtf": "2022-07"}}

    rows = {item.title: item for item in section_of({"doc": doc}, "thong-tin").items}

    assert (rows["Số, ký hiệu"].measure, rows["Số, ký hiệu"].remark) == ("…/KH-UBND", "chưa ghi số")
    assert (rows["Ngày ban hành"].measure, rows["Ngày ban hành"].remark) == ("07/2022", "chưa ghi ngày")


def citation(key: str, ref: str, issuer: str, line: int) -> dict[str, Any]:
    return {
        "id": key,
        "lines": [line],
        "raw": f"Kế hoạch số {ref}",
        "ref": ref,
        "issuer": issuer,
        "role": "reference",
    }


def test_document_cited_twice_stands_once_with_both_places() -> None:
    cited = [
        citation("C1", "152/KH-UBND", "UBND tỉnh A", 3),
        citation("C2", "152/KH-UBND", "UBND tỉnh B", 4),
        citation("C3", "152/KH-UBND", "UBND tỉnh A", 9),
    ]

    items = list(section_of({"citations": cited}, "vien-dan").items)

    assert [(item.code, item.where) for item in items] == [("VD1", "dòng 3, 9"), ("VD2", "dòng 4")]
    assert items[0].tags[0].text == "Văn bản được nhắc đến"


def test_doubt_links_the_items_it_names() -> None:
    record = {
        "doubts": ["T1, T2: hiểu là điểm phần trăm.", "Xem C9 và dòng 2."],
        "structure": [{"path": "p1", "kind": "doan", "lines": [1, 2]}],
        "targets": [
            {"id": "T1", "lines": [1], "quote": "a", "value": 1, "unit": "pct"},
            {"id": "T2", "lines": [2], "quote": "b", "value": 2, "unit": "pct"},
        ],
    }

    first, second = section_of(record, "can-xem-lai", "a\nb").items

    assert [(piece.text, piece.key) for piece in first.pieces] == [
        ("CT1", "T1"),
        (", ", ""),
        ("CT2", "T2"),
        (": hiểu là điểm phần trăm.", ""),
    ]
    assert first.where == "dòng 1, 2"
    assert ([piece.text for piece in second.pieces], second.where) == (["Xem C9 và dòng 2."], "dòng 2")


def test_milestones_stand_in_the_order_of_time_and_recurring_ones_last() -> None:
    whens: list[dict[str, Any]] = [
        {"year": 2025},
        {"recurrence": "annual", "month": 11, "day": 10, "bound": "before"},
        {"year": 2022, "quarter": 3},
        {"from": 2022, "to": 2025},
        {},
    ]
    record = {"milestones": [{"kind": "so_ket", "when": when, "lines": [1]} for when in whens]}

    groups = section_of(record, "moc", "a").groups

    assert [(group.title, [item.code for item in group.items]) for group in groups] == [
        ("Theo thời điểm", ["MT4", "MT3", "MT1", "MT5"]),
        ("Định kỳ", ["MT2"]),
    ]


def test_defects_stand_with_the_heavy_ones_first() -> None:
    defects = [
        {"kind": "typo", "severity": "minor", "lines": [2], "raw": "b"},
        {"kind": "missing_number", "severity": "major", "lines": [1], "raw": "a"},
        {"kind": "some_new_kind", "severity": "info", "lines": []},
    ]

    items = list(section_of({"defects": defects}, "can-xem-lai").items)

    assert [(item.title, item.tags[0].text) for item in items] == [
        ("Thiếu số văn bản", "Nặng"),
        ("Lỗi gõ", "Nhẹ"),
        ("Some new kind", "Ghi chú"),
    ]


def test_search_needs_no_accents_and_counts_on_the_chips() -> None:
    record, lines = sample(GOLDEN[2])

    page = plan_page(record, lines, search="thoat khoi DAC BIET")

    assert {item.key for item in page.items() if item.kind == "chi-tieu"} == {"T3", "T4"}
    assert next(chip.count for chip in page.chips if chip.key == "chi-tieu") == 2
    assert all(section.count for section in page.sections)


def test_search_for_a_subject_keeps_its_criteria() -> None:
    record, lines = sample(GOLDEN[2])

    page = plan_page(record, lines, kinds=frozenset({"tieu-chi"}), search="ho gia dinh")

    assert [group.head.key for group in page.sections[0].groups if group.head] == ["S4"]
    assert [item.key for item in page.sections[0].groups[0].items] == ["S4.c1", "S4.c2"]


def test_unknown_kind_filters_nothing() -> None:
    record, lines = sample(GOLDEN[4])

    assert len(plan_page(record, lines, kinds=frozenset({"gi-do"})).sections) == 12


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((19,), "19"), ((51, 49), "49, 51"), ((7, 8), "7, 8"), ((149, 150, 151, 153), "149–151, 153")],
)
def test_spans(numbers: tuple[int, ...], words: str) -> None:
    assert spans(numbers) == words


def test_many_lines_are_counted() -> None:
    item = Item(key="x", code="X", kind="moc", title="", places=(Place(tuple(range(3, 30, 3))),))

    assert item.where == "9 dòng, từ dòng 3"


TEXTS = ["- một hai", "", "ba bốn.", "năm"]


@pytest.mark.parametrize(
    ("lines", "quote", "found"),
    [
        ((1,), "hai", [(1, 6, 9)]),
        ((1,), "", [(1, 0, 9)]),
        ((1,), "không có", [(1, 0, 9)]),
        ((1, 3), "bốn", [(3, 3, 6)]),
        ((1, 3), "hai ba", [(1, 6, 9), (3, 0, 2)]),
        ((2, 99), "", []),
    ],
)
def test_words_are_found_in_their_lines(
    lines: tuple[int, ...], quote: str, found: list[tuple[int, int, int]]
) -> None:
    assert ranges(TEXTS, Place(lines, quote)) == found


def test_shorter_words_win_where_marks_overlap() -> None:
    task = Item(key="K1", code="NV1", kind="nhiem-vu", title="", places=(Place((1,), "một hai ba"),))
    target = Item(key="T1", code="CT1", kind="chi-tieu", title="", places=(Place((1,), "hai"),))

    (line,) = source_lines(lines_of("- một hai ba"), [task, target], [])

    assert [(segment.text, segment.kind, segment.keys) for segment in line.segments] == [
        ("- ", "", ""),
        ("một ", "nhiem-vu", "K1"),
        ("hai", "chi-tieu", "K1 T1"),
        (" ba", "nhiem-vu", "K1"),
    ]
    assert [pointer.code for pointer in line.pointers] == ["NV1", "CT1"]


def test_page_of_a_file_begins_at_its_first_line() -> None:
    lines = [{"text": "a", "page": 1}, {"text": "b", "page": 1}, {"text": "c", "page": 2}]

    assert [line.page for line in source_lines(lines, [], [])] == [None, None, 2]


def test_long_source_shows_what_matters_and_counts_the_rest() -> None:
    lines = lines_of("\n".join(f"dòng thứ {number}" for number in range(1, 5001)))
    target = Item(key="T1", code="CT1", kind="chi-tieu", title="", places=(Place((2500,)),))

    shown = source_lines(lines, [target], [])

    numbers = [line.number for line in shown]
    assert numbers == [1, 2, 3, 4, *range(2497, 2504), 4997, 4998, 4999, 5000]
    assert [line.skipped for line in shown if line.skipped] == [2492, 2493]


def test_line_points_to_an_item_where_its_lines_begin() -> None:
    item = Item(key="K1", code="NV1", kind="nhiem-vu", title="", places=(Place((1, 3, 4, 6)),))

    shown = source_lines(lines_of("a\n\nb\nc\nd\ne"), [item], [])

    assert [line.number for line in shown if line.pointers] == [1, 6]


@pytest.mark.parametrize("path", DEV, ids=lambda path: path.stem)
def test_every_kind_of_document_has_a_page_and_a_workbook(path: Path) -> None:
    record = read_path(path)
    lines = [{"text": line.text} for line in read(path.read_bytes(), file_name=path.name).lines]

    items = list(plan_page(record, lines).items())

    assert len({item.key for item in items}) == len(items)
    assert len(source_lines(lines, items, record["structure"])) == len(lines)
    assert plan_as_workbook(record, lines)[:2] == b"PK"
    # A word that nobody put into Vietnamese would show as the code it is.
    words = " ".join(tag.text for item in items for tag in item.tags)
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", words) == []


def test_task_of_nobody_named_says_so_and_why() -> None:
    task = {"id": "K1", "lines": [1], "quote": "a", "lead": ["Sở A"], "lead_explicit": False}

    section = section_of({"tasks": [task]}, "nhiem-vu", "a")

    assert [tag.text for item in section.items for tag in item.tags] == ["không nêu tên"]
    assert section.about == "«Không nêu tên»: câu không nói ai làm, hiểu là cơ quan ban hành."
