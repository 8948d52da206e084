"""Tables of criteria: drafted, from Excel, in force, replaced."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from thidua.awards.groups import tables
from thidua.awards.groups.table_files import HEADINGS, SHEET
from thidua.awards.groups.tables import Fullness
from thidua.awards.groups.tests.makers import NOW, SYSTEM, make_season, make_table
from thidua.awards.models import ScoreItem, ScoreItemKind, ScoreTable, ScoreTableState
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.indicators.tests.figure_world import make_indicator
from thidua.organisations.tests.world import World, phong_tho
from thidua.tables.workbooks import Cell, Sheet, written

pytestmark = pytest.mark.django_db


def draft(world: World) -> ScoreTable:
    table = ScoreTable(owner=world.unit("phong-tho"), name="  Bảng   năm 2023 ")
    return tables.keep_table(table, actor=world.acting("lanh-dao"), now=NOW)


def texts(table: ScoreTable) -> list[str]:
    return list(table.items.order_by("position").values_list("text", flat=True))


def file_of(*rows: tuple[Cell, ...]) -> bytes:
    head = tuple((heading.title, 10) for heading in HEADINGS)
    return written([Sheet(SHEET, head, rows)])


def test_draft_is_written_line_by_line_and_stands_once_in_force() -> None:
    world = phong_tho()
    leader = world.acting("lanh-dao")
    table = draft(world)
    assert table.name == "Bảng năm 2023"
    with pytest.raises(RuleNotMet, match="chưa có tiêu chí điểm chuẩn nào"):
        tables.put_in_force(table, actor=leader, now=NOW)
    for text, kind, points in (
        ("Nhóm một", ScoreItemKind.SECTION, Decimal(3)),
        ("Kinh tế", ScoreItemKind.BASE, Decimal(90)),
        ("Thưởng", ScoreItemKind.BONUS, Decimal("7.5")),
        ("Nộp muộn", ScoreItemKind.PENALTY, Decimal(10)),
    ):
        item = ScoreItem(table=table, text=text, kind=kind, points=points)
        tables.put_item(item, actor=leader, now=NOW)
    # a heading holds no points, whatever was sent
    assert table.items.get(text="Nhóm một").points is None
    assert tables.fullness(table) == Fullness(Decimal(90), Decimal("7.5"), Decimal("7.5"), Decimal(10))
    assert [(one.kind, one.section is None) for one in tables.items_of(table)][:2] == [
        ("nhom", True),
        ("chuan", False),
    ]
    tables.move_item(table.items.get(text="Thưởng"), up=True, actor=leader, now=NOW)
    assert texts(table) == ["Nhóm một", "Thưởng", "Kinh tế", "Nộp muộn"]
    tables.remove_item(table.items.get(text="Nộp muộn"), actor=leader, now=NOW)

    tables.put_in_force(table, actor=leader, now=NOW)

    kept = table.items.get(text="Kinh tế")
    acts = (
        lambda: tables.put_item(kept, actor=leader, now=NOW),
        lambda: tables.remove_item(kept, actor=leader, now=NOW),
        lambda: tables.move_item(kept, up=True, actor=leader, now=NOW),
        lambda: tables.keep_table(table, actor=leader, now=NOW),
        lambda: tables.drop_table(table, actor=leader, now=NOW),
        lambda: tables.keep_items_from_excel(table, tables.table_template(table), actor=leader, now=NOW),
    )
    for act in acts:
        with pytest.raises(RuleNotMet, match="các tiêu chí không đổi nữa"):
            act()
    assert texts(table) == ["Nhóm một", "Thưởng", "Kinh tế"]


def test_new_table_takes_the_lines_of_the_old_one_and_ends_it() -> None:
    world = phong_tho()
    leader = world.acting("lanh-dao")
    old = make_table(world)

    new = tables.copy_table(old, actor=leader, now=NOW)

    assert (new.state, new.replaces, new.bonus_cap, texts(new)) == (
        ScoreTableState.DRAFT,
        old,
        Decimal(6),
        texts(old),
    )
    tables.put_in_force(new, actor=leader, now=NOW)
    old.refresh_from_db()
    assert (old.state, old.items.count()) == (ScoreTableState.ENDED, 7)


def test_lines_that_make_no_sense_are_refused() -> None:
    world = phong_tho()
    table = make_table(world, state=ScoreTableState.DRAFT)
    leader = world.acting("lanh-dao")
    wrong = (
        ({"points": None}, "chưa có điểm tối đa"),
        ({"points": Decimal(-1)}, "điểm không lớn hơn 0"),
        ({"text": "  "}, "chưa ghi nội dung"),
        ({"breaks_ties": 2}, "«2 Xây dựng Đảng» đã có thứ tự 2"),
        ({"indicator": make_indicator("ty-le", "Tỷ lệ"), "zero_at": Decimal(1)}, "hai mức khác nhau"),
        ({"position": 2}, "vị trí 2 đã có tiêu chí khác"),
    )
    for fields, why in wrong:
        item = ScoreItem(table=table, **{"text": "Mới", "points": Decimal(5), **fields})
        with pytest.raises(RuleNotMet, match=why):
            tables.put_item(item, actor=leader, now=NOW)
    assert table.items.count() == 7


def test_table_is_the_owners_and_a_draft_that_a_group_has_chosen_stays() -> None:
    world = phong_tho()
    table = make_table(world, state=ScoreTableState.DRAFT)
    for username in ("huoi-luong", "nguoi-xem", "quan-tri", "noi-vu"):
        with pytest.raises(NotAllowed):
            tables.keep_table(table, actor=world.acting(username), now=NOW)
    make_season(world, table=table)
    with pytest.raises(RuleNotMet, match="đã có cụm, khối chọn bảng này"):
        tables.drop_table(table, actor=SYSTEM, now=NOW)


def test_written_table_reads_back_as_it_was() -> None:
    world = phong_tho()
    table = make_table(world, state=ScoreTableState.DRAFT)
    poor = make_indicator("ty-le-ho-ngheo", "Tỷ lệ hộ nghèo")
    item = table.items.get(number="1")
    item.indicator, item.zero_at, item.full_at = poor, Decimal("20.5"), Decimal(5)
    item.needs_evidence, item.guide = True, "Theo số liệu rà soát"
    tables.put_item(item, actor=SYSTEM, now=NOW)
    fields = (
        *("position", "number", "text", "kind", "points", "guide", "needs_evidence"),
        *("indicator", "zero_at", "full_at", "breaks_ties"),
    )
    before = list(table.items.order_by("position").values_list(*fields))

    raw = tables.table_template(table)
    assert CalamineWorkbook.from_filelike(BytesIO(raw)).sheet_names == ["Tiêu chí", "Hướng dẫn", "Danh mục"]
    found = tables.keep_items_from_excel(table, raw, actor=world.acting("lanh-dao"), now=NOW)

    assert (found.errors, len(found.rows)) == ((), 7)
    assert list(table.items.order_by("position").values_list(*fields)) == before


def test_each_wrong_cell_is_told_and_nothing_is_taken_in() -> None:
    world = phong_tho()
    table = make_table(world, state=ScoreTableState.DRAFT)
    before = texts(table)
    raw = file_of(
        ("I", "Nhóm", "Nhóm tiêu chí", 5),
        ("1", "", "Điểm chuẩn", "mười"),
        ("2", "Hai", "Điểm cộng", 10),
        ("3", "Ba", "Điểm chuẩn", "2,505"),
        ("4", "Bốn", "Điểm chuẩn", "2,5", "", "có", "khong-co"),
        ("5", "Năm", "Điểm thưởng", 5, "", "", "", 1, 2, 1),
        ("6", "Sáu", "Điểm trừ", 0, "", "", "", "", "", 1),
    )

    found = tables.keep_items_from_excel(table, raw, actor=world.acting("lanh-dao"), now=NOW)

    assert [error.place for error in found.errors] == ["D2", "B3", "D3", "C4", "D5", "G6", "H7", "I7", "J8"]
    assert str(found.errors[1]) == "Ô B3: thiếu nội dung. Ghi nội dung tiêu chí, hoặc xóa cả dòng."
    assert texts(table) == before
    with pytest.raises(RuleNotMet, match="không phải tệp Excel"):
        tables.read_table_from_excel(b"khong phai")
