"""An old list from Excel: errors by cell, a preview, all or nothing, once however often it comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from xlsxwriter import Workbook

from thidua.awards.models import ImportState, RegisteredAward, RegisterImport
from thidua.awards.register import list_import, old_lists
from thidua.awards.register.tests.makers import NOW, ON, register
from thidua.awards.tests.makers import make_record
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.households.tests.makers import make_household
from thidua.movements.tests.makers import phong_tho_plan
from thidua.organisations.tests.world import World, phong_tho

pytestmark = [pytest.mark.django_db, pytest.mark.database]
COLUMNS = [heading.letter for heading in old_lists.HEADINGS]
USUAL = {
    "A": "Xã, phường",
    "B": "xã Huổi Luông",
    "G": "Bằng khen của bộ, ban, ngành, tỉnh",
    "J": "12/QĐ-UBND",
    "K": "20/12/2019",
    "M": "Ủy ban nhân dân tỉnh Lai Châu",
}


@pytest.fixture
def world() -> World:
    return phong_tho()


def sheet(*rows: dict[str, Any]) -> bytes:
    """A file with the heads of the template and these cells by letter."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(old_lists.SHEET)
        page.write_row(0, 0, [heading.title for heading in old_lists.HEADINGS])
        for number, cells in enumerate(rows, 1):
            for letter, value in cells.items():
                page.write(number, COLUMNS.index(letter), value)
    return out.getvalue()


def person(name: str = "Lò Văn Mẫu", **cells: Any) -> dict[str, Any]:
    return {**USUAL, "A": "Cá nhân", "B": name, "D": "xã Huổi Luông", **cells}


def handed_in(world: World, rows: Sequence[dict[str, Any]]) -> RegisterImport:
    return list_import.hand_in(
        sheet(*rows),
        file_name="so-cu.xlsx",
        keeper=world.unit("phong-tho"),
        actor=world.acting("lanh-dao", on=ON),
        now=NOW,
    )


def test_the_template_comes_back_as_it_went_out(world: World) -> None:
    offered = list_import.offered(world.unit("phong-tho"), on=ON)

    found = old_lists.read(old_lists.template(offered), offered, on=ON)

    assert [error.place for error in found.errors] == ["B2"]
    assert "chưa có khoản nào" in found.errors[0].what


def test_each_wrong_cell_is_named_and_nothing_enters(world: World) -> None:
    batch = handed_in(
        world,
        [
            USUAL,
            {**USUAL, "A": "Bản", "K": "", "R": "một triệu"},
            {**USUAL, "K": "31/02/2019", "P": "01/01/2019", "S": "x" * 41},
            {"A": "Cá nhân", "G": "Giấy khen", "L": "1800"},
        ],
    )

    staging = list_import.stage(batch, on=ON)

    assert [error.place for error in staging.errors] == ["A3", "K3", "R3", "S4", "K4", "Q4", "B5", "G5", "L5"]
    with pytest.raises(RuleNotMet, match="còn 9 ô sai"):
        list_import.enter(batch, tie_by_name=False, actor=world.acting("lanh-dao", on=ON), now=NOW)
    assert RegisteredAward.objects.count() == 0


def test_a_list_enters_once_and_ties_by_code_not_by_name(world: World) -> None:
    plan = phong_tho_plan(world)
    assert plan.movement is not None
    coded = make_record(world.unit("huoi-luong"), "Vàng Thị Mẫu", staff_code="HL-7", sex="nu")
    named = make_record(world.unit("huoi-luong"))
    house = make_household(world.unit("huoi-luong"), "HL-01")
    rows = [
        {**USUAL, "H": "Khen thưởng phong trào thi đua", "I": plan.movement.name, "R": 3_600_000},
        person("Vàng Thị Mẫu", C="HL-7"),
        person(F="Không"),
        person("Tẩn A Mẫu", K="", L=2018),
        {**USUAL, "A": "Hộ gia đình", "B": "Hộ ông Mẫu", "C": "HL-01", "D": "xã Huổi Luông"},
    ]
    batch = handed_in(world, rows)
    staging = list_import.stage(batch, on=ON)
    assert (staging.errors, staging.known, staging.tied) == ([], 0, 3)
    assert [(one.row, one.text) for one in staging.untied] == [
        (4, "trùng họ tên và đơn vị với một hồ sơ, chưa có mã để ghép chắc chắn"),
        (5, "chưa thấy trong chương trình"),
    ]
    actor = world.acting("lanh-dao", on=ON)

    made = list_import.enter(batch, tie_by_name=True, actor=actor, now=NOW)

    assert [one.subject_key for one in made] == [
        f"unit:{world.unit('huoi-luong').pk}",
        f"person:{coded.pk}",
        f"person:{named.pk}",
        "",
        f"household:{house.pk}",
    ]
    commune, _, by_name, unknown, _ = RegisteredAward.objects.order_by("pk")
    assert (commune.movement, commune.bonus, commune.level) == (plan.movement, 3_600_000, "bo-tinh")
    assert commune.issuer == world.unit("lai-chau")
    assert (by_name.is_direct_worker, unknown.is_direct_worker) == (False, None)
    assert (unknown.decided_on, unknown.decided_year, unknown.unit) == (None, 2018, world.unit("huoi-luong"))
    assert (batch.state, batch.entered_count) == (ImportState.ENTERED, 5)
    with pytest.raises(RuleNotMet, match="«Đã vào sổ»"):
        list_import.enter(batch, tie_by_name=True, actor=actor, now=NOW)

    again = list_import.stage(handed_in(world, [*rows, person("Tẩn A Mẫu", K="", L=2018)]), on=ON)

    assert (again.known, len(again.new)) == (5, 1)


def test_what_may_be_one_achievement_is_told_before_it_enters(world: World) -> None:
    award = register(world.unit("huoi-luong"), world.unit("phong-tho"), commendation_type="")
    batch = handed_in(world, [{**USUAL, "K": "25/12/2023"}, person(), person(J="13/QĐ-UBND")])

    staging = list_import.stage(batch, on=ON)

    assert [(one.row, one.award_id) for one in staging.duplicates] == [(2, award.pk), (4, None)]
    assert "đã được tặng «Giấy khen" in staging.duplicates[0].text
    assert staging.duplicates[1].text.startswith("dòng 3 của tệp cũng tặng")


def test_a_golden_book_number_that_is_taken_stops_the_whole_list(world: World) -> None:
    batch = handed_in(world, [{**USUAL, "S": "1"}, {**USUAL, "B": "xã Dào San", "S": "1"}])

    with pytest.raises(RuleNotMet, match="số vào sổ vàng đã dùng"):
        list_import.enter(batch, tie_by_name=False, actor=world.acting("lanh-dao", on=ON), now=NOW)

    batch.refresh_from_db()
    assert (RegisteredAward.objects.count(), batch.state) == (0, ImportState.WAITING)


def test_only_the_keeping_body_hands_in(world: World) -> None:
    with pytest.raises(NotAllowed):
        list_import.hand_in(
            sheet(USUAL),
            file_name="so-cu.xlsx",
            keeper=world.unit("phong-tho"),
            actor=world.acting("huoi-luong", on=ON),
            now=NOW,
        )


def test_a_name_means_the_unit_of_that_day(world: World) -> None:
    batch = list_import.hand_in(
        sheet(
            {**USUAL, "B": "xã Dào San", "K": "20/12/2019"}, {**USUAL, "B": "xã Dào San", "K": "20/11/2025"}
        ),
        file_name="so-cu.xlsx",
        keeper=world.unit("lai-chau"),
        actor=world.acting("tinh", on=date(2025, 12, 1)),
        now=NOW,
    )

    staging = list_import.stage(batch, on=date(2025, 12, 1))

    assert [new.subject_unit for new in staging.new] == [world.unit("dao-san"), world.unit("xa-dao-san")]
