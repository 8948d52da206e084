"""Units from files: small lists of invented places, and once the real ones."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from thidua.audit.log import System
from thidua.audit.models import Entry
from thidua.organisations import catalogue, catalogue_files, tree
from thidua.organisations.models import BEGINNING, FOREVER, Change, Membership, Succession, Unit, UnitVersion
from thidua.organisations.successions import heirs_on

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)
REFORM = date(2025, 7, 1)
HEAD = "code,name,kind,level,parent_code,valid_from,valid_to,source\n"
BEFORE = (
    "12,Lai,tỉnh,province,,,2025-07-01,DM\n"
    "67,Đắk,tỉnh,province,,,2025-07-01,DM\n"
    "109,Phong,huyện,district,12,,2025-07-01,DM\n"
    "03490,Luông,xã,commune,109,,2025-07-01,DM\n"
    "03571,Dào,xã,commune,109,,2025-07-01,DM\n"
    "03580,Sìn,xã,commune,109,,2025-07-01,DM\n"
)
FROM = (
    "12,Lai,tỉnh,province,,2025-07-01,,QĐ 19/2025/QĐ-TTg\n"
    "68,Lâm,tỉnh,province,,2025-07-01,,QĐ 19/2025/QĐ-TTg; 202/2025/QH15\n"
    "03571,Dào,xã,commune,12,2025-07-01,,QĐ 19/2025/QĐ-TTg; 1670/NQ-UBTVQH15\n"
    "03580,Sìn,xã,commune,12,2025-07-01,2026-09-01,QĐ 19/2025/QĐ-TTg; 1670/NQ-UBTVQH15\n"
    "03580,Sìn,phường,commune,12,2026-09-01,,36/2026/QH16\n"
)
SUCCESSIONS = (
    "old_code,old_name,old_level,new_code,new_name,part,source\n"
    "12,Tỉnh Lai,province,12,Tỉnh Lai,whole,x\n"
    "67,Tỉnh Đắk,province,68,Tỉnh Lâm,whole,202/2025/QH15\n"
    "109,Huyện Phong,district,,,,72/2025/QH15\n"
    "03490,Xã Luông,commune,03571,Xã Dào,whole,1670/NQ-UBTVQH15\n"
    "03571,Xã Dào,commune,03571,Xã Dào,whole,1670/NQ-UBTVQH15\n"
    "03580,Xã Sìn,commune,03580,Xã Sìn,whole,1670/NQ-UBTVQH15\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "units_before_2025-07-01.csv").write_text(HEAD + BEFORE, encoding="utf-8")
    (tmp_path / "units_from_2025-07-01.csv").write_text(HEAD + FROM, encoding="utf-8")
    (tmp_path / "unit_successions_2025-07-01.csv").write_text(SUCCESSIONS, encoding="utf-8")
    return tmp_path


def load(folder: Path) -> catalogue.Loaded:
    return catalogue.load(folder, actor=System(on=date(2026, 10, 1)), now=NOW)


def lives(key: str) -> list[tuple[str, str | None, date, date]]:
    rows = UnitVersion.objects.filter(unit__key=key).order_by("since").select_related("parent")
    return [(row.label, row.parent.key if row.parent else None, row.since, row.until) for row in rows]


def test_load_one_unit_goes_on_where_the_succession_is_whole_and_alone(folder: Path) -> None:
    load(folder)

    assert lives("before-12") == [
        ("tỉnh Lai", "viet-nam", BEGINNING, REFORM),
        ("tỉnh Lai", "viet-nam", REFORM, FOREVER),
    ]
    assert lives("before-03580") == [
        ("xã Sìn", "before-109", BEGINNING, REFORM),
        ("xã Sìn", "before-12", REFORM, date(2026, 9, 1)),
        ("phường Sìn", "before-12", date(2026, 9, 1), FOREVER),
    ]
    assert not Unit.objects.filter(key__in=["from-12", "from-03580"]).exists()


def test_load_a_code_with_another_meaning_is_another_unit(folder: Path) -> None:
    load(folder)

    assert lives("before-03571") == [("xã Dào", "before-109", BEGINNING, REFORM)]
    assert lives("from-03571") == [("xã Dào", "before-12", REFORM, FOREVER)]
    rows = Succession.objects.values_list("predecessor__key", "successor__key", "is_whole")
    assert set(rows) == {
        ("before-67", "from-68", True),
        ("before-03490", "from-03571", True),
        ("before-03571", "from-03571", True),
    }


def test_load_a_district_without_successor_leaves_its_matters_to_the_province(folder: Path) -> None:
    load(folder)

    district, province = Unit.objects.get(key="before-109"), Unit.objects.get(key="before-12")
    assert heirs_on(district.pk, on=REFORM) == [province.pk]


def test_load_names_the_act_of_each_change(folder: Path) -> None:
    load(folder)

    ended = UnitVersion.objects.get(unit__key="before-109", ended_by__act__number="72/2025/QH15")
    began = UnitVersion.objects.get(unit__key="before-03580", made_by__act__number="36/2026/QH16")
    assert (ended.until, began.form) == (REFORM, "phường")


def test_load_again_changes_nothing(folder: Path) -> None:
    load(folder)
    counts = [model._default_manager.count() for model in (Unit, UnitVersion, Succession, Change, Entry)]

    again = load(folder)

    assert again.total == 0
    assert counts == [
        model._default_manager.count() for model in (Unit, UnitVersion, Succession, Change, Entry)
    ]


def test_load_a_later_change_comes_as_one_more_file(folder: Path) -> None:
    load(folder)
    (folder / "units_from_2027-01-01.csv").write_text(
        HEAD + "68,Lâm Đắk,thành phố,province,,2027-01-01,,5/2026/QH16\n", encoding="utf-8"
    )

    loaded = load(folder)

    assert (loaded.units, loaded.versions) == (0, 2)
    assert lives("from-68") == [
        ("tỉnh Lâm", "viet-nam", REFORM, date(2027, 1, 1)),
        ("thành phố Lâm Đắk", "viet-nam", date(2027, 1, 1), FOREVER),
    ]


def test_load_leaves_alone_what_people_changed(folder: Path) -> None:
    load(folder)
    by_hand = Change.objects.create(kind="rename", takes_effect_on=date(2026, 1, 1), summary="Đổi tên")
    UnitVersion.objects.filter(unit__key="from-68").update(
        name="Tên mới", label="tỉnh Tên mới", made_by=by_hand
    )

    loaded = load(folder)

    assert (loaded.versions, loaded.left_alone) == (0, ["from-68"])
    assert lives("from-68")[0][0] == "tỉnh Tên mới"


def test_load_refuses_a_list_with_an_unknown_level(folder: Path) -> None:
    (folder / "units_from_2027-01-01.csv").write_text(
        HEAD + "1,A,khu,area,,2027-01-01,,x\n", encoding="utf-8"
    )

    with pytest.raises(catalogue_files.WrongFile, match="units_from_2027-01-01.csv: 1: level 'area'"):
        load(folder)

    assert not Unit.objects.exists()


def test_load_the_real_lists() -> None:
    """The counts that the lists state for themselves, on three days; and every unit stands under one."""
    load(settings.BASE_DIR / "data" / "units")

    def count(on: date) -> Counter[str]:
        rows = UnitVersion.objects.filter(tree.valid_on(on)).exclude(form="")
        return Counter(rows.values_list("form", flat=True))

    assert count(date(2025, 6, 30)) == {
        "tỉnh": 57, "thành phố": 6 + 87, "huyện": 508, "thị xã": 52, "quận": 49,
        "xã": 7692, "phường": 1726, "thị trấn": 617,
    }  # fmt: skip
    assert count(REFORM) == {"tỉnh": 28, "thành phố": 6, "xã": 2621, "phường": 687, "đặc khu": 13}
    assert count(date(2026, 9, 20)) == {"tỉnh": 25, "thành phố": 9, "xã": 2599, "phường": 709, "đặc khu": 13}
    for day in (date(2023, 11, 5), date(2025, 6, 30), REFORM):
        assert [row.label for row in tree.roots(on=day)] == ["Việt Nam"]
    poor = Membership.objects.filter(grouping__kind="huyen_ngheo", confirmed=True)
    assert set(poor.values_list("unit__key", flat=True)) == {
        "before-109", "before-184", "before-661", "before-667",
    }  # fmt: skip
    heirs = heirs_on(Unit.objects.get(key="thanh-tra-tinh-dak-nong").pk, on=REFORM)
    assert [Unit.objects.get(pk=pk).key for pk in heirs] == ["thanh-tra-tinh-lam-dong"]
