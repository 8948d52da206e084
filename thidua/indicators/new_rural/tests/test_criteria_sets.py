"""The sets of criteria: which year is judged by which, and what is not confirmed says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from thidua.indicators.definitions import BadDefinitions
from thidua.indicators.models import NewRuralLevel, Standard
from thidua.indicators.new_rural.criteria_sets import all_sets, read, set_of_year
from thidua.indicators.tests.makers import define
from thidua.organisations.models import UnitKind


def test_the_nineteen_criteria_and_the_one_that_reads_poverty() -> None:
    commune = all_sets()["ntm-xa-2021-2025"]
    assert [commune.criteria[place].name for place in (0, 10, 18)] == [
        "Quy hoạch",
        "Nghèo đa chiều",
        "Quốc phòng và An ninh",
    ]
    assert [one.number for one in commune.criteria if one.series == "multidim_poverty_rate"] == [11]
    assert [group for group, _ in commune.groups()] == [
        "Quy hoạch",
        "Hạ tầng kinh tế - xã hội",
        "Kinh tế và tổ chức sản xuất",
        "Văn hóa - Xã hội - Môi trường",
        "Hệ thống chính trị",
    ]
    assert {code: len(one.criteria) for code, one in all_sets().items()} == {
        "ntm-xa-2016-2020": 19,
        "ntm-xa-2021-2025": 19,
        "ntm-xa-nang-cao-2021-2025": 19,
        "ntm-xa-kieu-mau-2021-2025": 4,
        "ntm-huyen-2021-2025": 9,
        "ntm-xa-2026-2030": 10,
    }
    assert {code for code, one in all_sets().items() if one.confirmed} == {
        "ntm-xa-2021-2025",
        "ntm-xa-kieu-mau-2021-2025",
    }


@pytest.mark.django_db
def test_a_year_is_judged_by_the_set_that_held_for_most_of_it() -> None:
    define()
    assert set(all_sets()) <= set(Standard.objects.values_list("code", flat=True))
    found = {year: set_of_year(year) for year in (2015, 2021, 2022, 2025, 2026, 2031)}
    assert {year: one and one[1].code for year, one in found.items()} == {
        2015: None,
        2021: "ntm-xa-2016-2020",
        2022: "ntm-xa-2021-2025",
        2025: "ntm-xa-2021-2025",
        2026: "ntm-xa-2026-2030",
        2031: None,
    }
    advanced = set_of_year(2023, level=NewRuralLevel.ADVANCED)
    assert advanced is not None
    assert advanced[1].code == "ntm-xa-nang-cao-2021-2025"
    assert set_of_year(2026, kind=UnitKind.DISTRICT) is None


def test_a_wrong_set_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "new_rural.yaml"
    path.write_text(
        "- standard: a\n  level: dat_chuan\n  kind: commune\n  count: 3\n  note: x\n", encoding="utf-8"
    )
    with pytest.raises(BadDefinitions, match="new_rural.yaml, dòng 1: không hiểu 'confirmed'"):
        read(path)
    one = "- {standard: a, level: dat_chuan, kind: commune, count: 3, confirmed: true, note: x}\n"
    path.write_text(one * 2, encoding="utf-8")
    with pytest.raises(BadDefinitions, match="dòng 2: bộ «a» ghi hai lần"):
        read(path)
