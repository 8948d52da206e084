"""The file of definitions: what it must say, how it refuses, and that loading twice changes nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from thidua.indicators import definitions
from thidua.indicators.models import Indicator, Standard, System

FILE = settings.BASE_DIR / "data" / "indicators" / "definitions.yaml"

SMALL = """\
segments:
  urban: Khu vực thành thị
indicators:
  - code: all_hh
    name: Tổng số hộ
    kind: count
    system: ra_soat
    measure: hộ
    aggregation: sum
    confirmed: true
  - code: poor_hh
    name: Số hộ nghèo
    kind: count
    system: ra_soat
    measure: hộ
    aggregation: sum
    part_of: all_hh
    confirmed: true
"""


def refusal(tmp_path: Path, text: str) -> str:
    path = tmp_path / "definitions.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(definitions.BadDefinitions) as caught:
        definitions.read(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: count", "kind: number", "dòng 4: «kind: number» chưa đúng, chọn count, amount"),
        ("part_of: all_hh", "part_of: nobody", "dòng 11: part_of «nobody» chưa có trong phần indicators"),
        ("code: poor_hh", "code: all_hh", "dòng 11: mã «all_hh» đã có ở dòng 4, hãy đặt mã khác"),
        ("    part_of: all_hh\n", "    colour: red\n", "dòng 17: không hiểu khóa «colour»"),
        (
            "    part_of: all_hh\n",
            "    lowest: rất ít\n",
            "dòng 17: «lowest: rất ít» chưa đúng, ở đây cần số",
        ),
        ("    part_of: all_hh\n", "    segments: [rural]\n", "dòng 11: phân tổ «rural» chưa có"),
        ("    part_of: all_hh\n", "    part_of: poor_hh\n", "part_of đi vòng: poor_hh → poor_hh"),
        (
            "    measure: hộ\n    aggregation: sum\n    part",
            "    aggregation: sum\n    part",
            "thiếu khóa «measure»",
        ),
        ("aggregation: sum\n    part", "aggregation: ratio\n    part", "dòng 11: tỷ số cần «numerator»"),
        ("indicators:\n", "indicator:\n", "không hiểu phần «indicator»"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number(tmp_path: Path, old: str, new: str, expected: str) -> None:
    text = SMALL.replace(old, new) if old != "kind: count" else SMALL.replace(old, new, 1)
    assert text != SMALL
    assert expected in refusal(tmp_path, text)


def test_parts_of_two_systems_never_mix(tmp_path: Path) -> None:
    text = SMALL.replace("system: ra_soat", "system: dieu_tra", 1)
    assert "dòng 11: part_of «all_hh» thuộc hệ thống số liệu khác (dieu_tra)" in refusal(tmp_path, text)


def test_broken_yaml_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    assert "dòng 2: không đọc được YAML" in refusal(tmp_path, "a: [\nb: }")
    assert refusal(tmp_path, "") == "definitions.yaml, dòng 1: tệp trống"


@pytest.mark.django_db
def test_the_shipped_file_loads_and_loading_again_changes_nothing() -> None:
    read = definitions.read(FILE)
    first = definitions.load(read)
    again = definitions.load(read)
    assert (first.indicators, first.standards) == (Indicator.objects.count(), Standard.objects.count())
    assert first.is_changed
    assert again.changed == 0


@pytest.mark.django_db
def test_named_bases_systems_and_first_years() -> None:
    definitions.load(definitions.read(FILE))
    rate = Indicator.objects.get(code="ethnic_poor_hh_rate")
    assert (rate.numerator.code, rate.denominator.code) == ("minority_poor_hh", "minority_hh")  # type: ignore[union-attr]
    assert Indicator.objects.get(code="communes_ntm_advanced_share").denominator.code == "communes_total"  # type: ignore[union-attr]
    of_ntm = Indicator.objects.get(code="communes_ntm_advanced_share_of_ntm")
    assert (of_ntm.denominator.code, of_ntm.base) == ("communes_ntm", "số xã đạt chuẩn nông thôn mới")  # type: ignore[union-attr]
    assert Indicator.objects.get(code="survey_multidim_poverty_rate").system == System.SURVEY
    assert Indicator.objects.get(code="poor_hh").lowest == Decimal(0)
    assert dict(Standard.objects.filter(code__startswith="ngheo").values_list("code", "baseline_year")) == {
        "ngheo-2016-2020": 2015,
        "ngheo-2022-2026": 2021,
        "ngheo-2027-2030": 2026,
    }


@pytest.mark.django_db
def test_loading_puts_right_what_was_changed_and_leaves_others_alone() -> None:
    read = definitions.read(FILE)
    definitions.load(read)
    Indicator.objects.filter(code="poor_hh").update(name="Sai")
    Indicator.objects.create(
        code="own", name="Của tỉnh", kind="count", system="bao_cao", measure="cái", aggregation="sum"
    )
    assert definitions.load(read).changed == 1
    assert Indicator.objects.get(code="poor_hh").name == "Số hộ nghèo"
    assert Indicator.objects.get(code="own").name == "Của tỉnh"
