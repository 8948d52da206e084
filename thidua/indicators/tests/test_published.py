"""The published figures of both movements as they arrive: sources, stages, standards, units of the day."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings

from thidua.core.errors import UserError
from thidua.indicators import definitions, published, values
from thidua.indicators.models import Source, Value
from thidua.indicators.tests.makers import NOW, PROGRAM, indicator, standard
from thidua.organisations.models import Unit, UnitKind
from thidua.organisations.tests.world import REFORM, make_unit

pytestmark = pytest.mark.django_db

FOLDER = settings.BASE_DIR / "data" / "indicators"


@pytest.fixture
def units() -> dict[str, Unit]:
    found = {"viet-nam": make_unit("viet-nam", "Việt Nam", UnitKind.NATION)}
    for key, label in (
        ("lang-son", "tỉnh Lạng Sơn"),
        ("quang-binh", "tỉnh Quảng Bình"),
        ("dak-nong", "tỉnh Đắk Nông"),
        ("lai-chau", "tỉnh Lai Châu"),
        ("kon-tum", "tỉnh Kon Tum"),
    ):
        until = {} if key in ("lang-son", "lai-chau") else {"until": REFORM}
        found[key] = make_unit(key, label, UnitKind.PROVINCE, parent=found["viet-nam"], **until)
    for key, label, above in (
        ("phong-tho", "huyện Phong Thổ", "lai-chau"),
        ("dak-glong", "huyện Đăk Glong", "dak-nong"),
        ("tuy-duc", "huyện Tuy Đức", "dak-nong"),
        ("gia-nghia", "thành phố Gia Nghĩa", "dak-nong"),
    ):
        found[key] = make_unit(key, label, UnitKind.DISTRICT, parent=found[above], until=REFORM)
    return found


def load() -> published.Published:
    read = definitions.read(FOLDER / "definitions.yaml")
    definitions.load(read)
    return published.load(FOLDER, read, actor=PROGRAM, now=NOW)


def rows(unit: Unit, code: str, number: int, segment: str = "") -> list[tuple[str, str, str, bool]]:
    found = Value.objects.filter(unit=unit, indicator__code=code, since__year=number, segment=segment)
    return [
        (f"{value.amount:f}".rstrip("0").rstrip("."), value.stage, value.source.code, value.is_chosen)  # type: ignore[union-attr]
        for value in found.select_related("source").order_by("source__code", "stage")
    ]


def test_loading_counts_what_is_kept_out_and_loading_again_adds_nothing(units: dict[str, Unit]) -> None:
    report = load()
    assert (report.targets, report.unnamed_series) == (14, 2)
    assert report.outside == {"region": 18, "group": 1}
    assert set(report.unmatched) == {"Cư Jút", "Krông Nô", "Đắk Mil", "Đắk Song", "Đắk R'lấp"}
    assert report.new == Value.objects.count() > 150
    again = load()
    assert (again.new, again.chosen) == (0, 0)


def test_lang_son_2025_has_a_forecast_and_an_official_result_that_counts(units: dict[str, Unit]) -> None:
    load()
    assert rows(units["lang-son"], "poor_hh_rate", 2025) == [
        ("2.32", "chinh_thuc", "P02", True),
        ("1.36", "uoc", "P04", False),
    ]
    assert rows(units["lang-son"], "poor_and_near_poor_hh", 2021) == [("46758", "chinh_thuc", "P03", True)]
    assert rows(units["lang-son"], "poor_and_near_poor_hh", 2025) == [("18221", "chinh_thuc", "P02", True)]
    assert rows(units["lang-son"], "multidim_poverty_rate", 2024) == [("11.36", "chinh_thuc", "P03", True)]


def test_quang_binh_2022_has_two_sources_and_one_is_chosen_with_the_reason(units: dict[str, Unit]) -> None:
    load()
    assert rows(units["quang-binh"], "near_poor_hh", 2022) == [
        ("12248", "chinh_thuc", "P06", True),
        ("12250", "chinh_thuc", "P07", False),
    ]
    chosen = Value.objects.get(
        unit=units["quang-binh"], indicator__code="near_poor_hh", segment="", since__year=2022, is_chosen=True
    )
    assert "12.248 và 12.250" in chosen.choice_reason
    assert (chosen.source.number, chosen.source.url[:22]) == ("QĐ 3627/QĐ-UBND", "https://quangbinh.gov.")  # type: ignore[union-attr]
    assert rows(units["quang-binh"], "ethnic_poor_hh_rate", 2022) == [("58.17", "chinh_thuc", "P27", True)]
    assert rows(units["quang-binh"], "poor_hh", 2022, "no_labour") == [("5656", "chinh_thuc", "P07", True)]


def test_somebodys_own_choice_and_correction_stay_when_loading_again(units: dict[str, Unit]) -> None:
    load()
    other = Value.objects.get(
        indicator__code="near_poor_hh", segment="", source__code="P07", since__year=2022
    )
    values.choose(other, reason="Theo Sở", actor=PROGRAM, now=NOW)
    load()
    other.refresh_from_db()
    assert (other.is_chosen, other.choice_reason) == (True, "Theo Sở")


def test_new_rural_counts_keep_their_denominator_and_their_day(units: dict[str, Unit]) -> None:
    load()
    assert rows(units["quang-binh"], "communes_ntm", 2023) == [
        ("88", "thuong_xuyen", "N03", True),
        ("97", "uoc", "N03", False),
    ]
    assert rows(units["quang-binh"], "communes_ntm", 2025) == [("97", "thuong_xuyen", "N04", True)]
    value = Value.objects.get(unit=units["quang-binh"], indicator__code="communes_ntm", since__year=2025)
    assert value.note == "Tính đến 23/06/2025"
    assert rows(units["viet-nam"], "communes_ntm_advanced_share_of_ntm", 2025) == [
        ("42.4", "thuong_xuyen", "N05", True)
    ]
    assert rows(units["quang-binh"], "communes_recognised_for_year", 2021) == [
        ("4", "chinh_thuc", "N01", True)
    ]


def test_places_are_the_units_of_the_day_and_the_review_never_mixes_with_the_survey(
    units: dict[str, Unit],
) -> None:
    load()
    assert rows(units["phong-tho"], "multidim_poverty_rate", 2022) == [("43.8", "chinh_thuc", "P18", True)]
    assert rows(units["phong-tho"], "multidim_poverty_rate", 2024) == [("32.5", "uoc", "P18", True)]
    assert rows(units["dak-glong"], "poor_hh", 2015) == [("8256", "chinh_thuc", "P12", True)]
    assert rows(units["viet-nam"], "survey_multidim_poverty_rate", 2022) == [
        ("4.3", "chinh_thuc", "P24", True)
    ]
    assert rows(units["viet-nam"], "multidim_poverty_rate", 2022) == [("7.52", "chinh_thuc", "P20", True)]
    assert Value.objects.get(
        unit=units["viet-nam"], indicator__code="poor_hh", since__year=2021
    ).standard == (standard("ngheo-2016-2020"))


def test_sources_print_their_address_and_a_vietnamese_title(units: dict[str, Unit]) -> None:
    load()
    titles = set(Source.objects.values_list("title", flat=True))
    assert "Cổng thông tin điện tử tỉnh Quảng Bình, 28/12/2022" in titles
    assert not any("Portal" in title or "Republished" in title for title in titles)
    assert indicator("poor_hh").values.filter(source__isnull=True).count() == 0
    assert Value.objects.exclude(amount__gte=Decimal(0)).count() == 0
    assert not issubclass(definitions.BadDefinitions, UserError)
