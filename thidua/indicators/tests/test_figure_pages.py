"""Pages of figures: what they show, to whom, with how many queries; choosing and correcting; files out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from thidua.audit.models import Entry as LogEntry
from thidua.core import clock
from thidua.indicators import total_keeping
from thidua.indicators.models import Source, Stage, Value
from thidua.indicators.tests.figure_world import DAY, FigureWorld, figure_world, make_indicator
from thidua.organisations.models import Role, UnitKind
from thidua.organisations.tests.world import REFORM, make_person, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def made() -> FigureWorld:
    return figure_world()


def client_of(made: FigureWorld, username: str = "tinh") -> Client:
    client = Client()
    client.force_login(made.world.people[username])
    return client


def text_of(client: Client, address: str, *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:2000]
    return " ".join(response.content.decode().split())


def page_of(code: str, **answers: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in answers.items())
    return f"{reverse('indicators:indicator', args=[code])}?{query}"


def streamed(client: Client, address: str) -> str:
    return b"".join(client.get(address)).decode()


# --- the list -------------------------------------------------------------------------------------


def test_list_shows_indicators_with_their_newest_period(made: FigureWorld) -> None:
    made.give("poor_hh", "dao-san", 120)

    page = text_of(client_of(made), reverse("indicators:list"))

    assert "Số hộ nghèo" in page
    assert "năm 2023" in page
    assert "tính từ chỉ tiêu khác" in page


def test_list_is_searched_without_accents_and_filtered_by_system(made: FigureWorld) -> None:
    client = client_of(made)

    found = text_of(client, f"{reverse('indicators:list')}?tim=ty+le")
    none = text_of(client, f"{reverse('indicators:list')}?he_thong=ntm")

    assert "Tỷ lệ hộ nghèo" in found
    assert "Tổng số hộ dân cư" not in found
    assert "Không có dòng nào khớp" in none


def test_list_needs_the_same_queries_for_many_indicators(made: FigureWorld) -> None:
    client = client_of(made)
    address = reverse("indicators:list")
    text_of(client, address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        text_of(client, address)
    for number in range(30):
        make_indicator(f"more_{number}", f"Chỉ tiêu {number}")
    with CaptureQueriesContext(connection) as many:
        text_of(client, address)

    assert len(many) == len(few)


def test_list_as_excel_has_all_columns(made: FigureWorld) -> None:
    answer = client_of(made).get(f"{reverse('indicators:list')}?dang=xlsx")

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    assert [row[1] for row in rows] == ["Mã", "poor_hh", "total_households", "poor_hh_rate"]


def test_who_acts_for_nobody_is_refused(made: FigureWorld) -> None:
    page = text_of(client_of(made, "nguoi-la"), reverse("indicators:list"), status=403)

    assert "chưa được ủy nhiệm cho đơn vị nào" in page


# --- one indicator --------------------------------------------------------------------------------


def test_district_shows_sum_with_coverage_and_who_is_missing(made: FigureWorld) -> None:
    made.give("poor_hh", "huoi-luong", 120)
    made.give("poor_hh", "dao-san", 1080)

    page = text_of(client_of(made, "lanh-dao"), page_of("poor_hh"))

    assert "huyện Phong Thổ, năm 2023" in page
    assert "1.200" in page
    assert "2/3 cấp xã đã báo cáo" in page
    assert "1 cấp xã chưa có số liệu" in page
    assert "xã Mù Sang." in page


def test_missing_figure_is_said_and_never_zero(made: FigureWorld) -> None:
    made.give("poor_hh", "huoi-luong", 120)

    page = text_of(client_of(made, "lanh-dao"), page_of("poor_hh"))

    assert page.count("chưa có số liệu</span>") == 2
    assert ">0<" not in page


def test_nothing_arose_is_told_apart_from_missing(made: FigureWorld) -> None:
    made.give("poor_hh", "huoi-luong", None)

    page = text_of(client_of(made, "lanh-dao"), page_of("poor_hh"))

    assert "không phát sinh" in page
    assert "1/3 cấp xã đã báo cáo" in page


def test_published_value_stands_beside_the_sum_with_the_difference(made: FigureWorld) -> None:
    source = Source.objects.create(code="P01", title="Báo cáo của tỉnh")
    for unit, amount in (("huoi-luong", 100), ("dao-san", 200), ("mu-sang", 300)):
        made.give("poor_hh", unit, amount)
    made.give("poor_hh", "phong-tho", 610, source=source)

    page = text_of(client_of(made, "lanh-dao"), page_of("poor_hh"))

    assert 'Số công bố <a href="' in page
    assert "lệch <strong>+10</strong> so với tổng 600 của các đơn vị bên dưới" in page


def test_published_value_speaks_when_nothing_below_has_reported(made: FigureWorld) -> None:
    source = Source.objects.create(code="P01", title="Báo cáo của tỉnh")
    made.give("poor_hh", "lai-chau", 20961, source=source)

    page = text_of(client_of(made), page_of("poor_hh"))

    assert "20.961" in page
    assert "Số công bố của tỉnh Lai Châu, theo Báo cáo của tỉnh" in page


def test_rate_is_computed_from_counts(made: FigureWorld) -> None:
    for unit, poor, whole in (("huoi-luong", 100, 400), ("dao-san", 200, 500), ("mu-sang", 300, 600)):
        made.give("total_households", unit, whole)
        made.give("poor_hh", unit, poor)

    page = text_of(client_of(made, "lanh-dao"), page_of("poor_hh_rate"))

    assert "40,00" in page
    assert "25,00" in page


def test_change_is_against_the_year_before_of_the_same_standard(made: FigureWorld) -> None:
    made.give("poor_hh", "huoi-luong", 150, year=2022)
    made.give("poor_hh", "huoi-luong", 120)

    page = text_of(client_of(made, "huoi-luong"), page_of("poor_hh"))

    assert "−30 so với kỳ trước" in page


def test_sums_of_different_units_are_not_compared(made: FigureWorld) -> None:
    for unit in ("huoi-luong", "dao-san", "mu-sang"):
        made.give("poor_hh", unit, 150, year=2022)
    made.give("poor_hh", "huoi-luong", 120)

    page = text_of(client_of(made, "lanh-dao"), page_of("poor_hh"))

    assert "chưa đủ đơn vị báo cáo để so với kỳ trước" in page
    assert "−330" not in page


def test_units_of_today_take_over_what_their_predecessors_reported(made: FigureWorld) -> None:
    for unit, amount in (("huoi-luong", 100), ("dao-san", 200), ("mu-sang", 300)):
        made.give("poor_hh", unit, amount)

    total_keeping.rebuild(now=datetime(2025, 7, 1, 3, 0, tzinfo=UTC))
    with clock.fixed_on(REFORM):
        client = client_of(made)
        page = text_of(client, page_of("poor_hh", noi="xa-dao-san", theo="hien_nay"))
        province = text_of(client, page_of("poor_hh", noi="lai-chau", theo="hien_nay"))
        ended = text_of(client, page_of("poor_hh", noi="phong-tho", theo="hien_nay"))

    assert '<span class="td-figure">500</span>' in page
    assert '<span class="td-figure">600</span>' in province
    assert "huyện Phong Thổ không có trong cây đơn vị hiện nay" in ended


def test_order_of_the_units_below_puts_the_unknown_last(made: FigureWorld) -> None:
    made.give("poor_hh", "huoi-luong", 100)
    made.give("poor_hh", "mu-sang", 300)
    client = client_of(made, "lanh-dao")

    def order(way: str) -> list[str]:
        page = text_of(client, page_of("poor_hh", sap_xep=way))
        below = page[page.index("<table", page.index('id="ben-duoi"')) :]
        names = ("xã Huổi Luông", "xã Dào San", "xã Mù Sang")
        return sorted(names, key=lambda name: below.index(name))

    assert order("gia_tri") == ["xã Huổi Luông", "xã Mù Sang", "xã Dào San"]
    assert order("-gia_tri") == ["xã Mù Sang", "xã Huổi Luông", "xã Dào San"]


@pytest.mark.parametrize("code", ["poor_hh", "poor_hh_rate"])
def test_page_needs_the_same_queries_for_many_units(made: FigureWorld, code: str) -> None:
    for unit in ("huoi-luong", "dao-san", "mu-sang"):
        made.give("total_households", unit, 500)
        made.give("poor_hh", unit, 100)
    client = client_of(made, "lanh-dao")
    text_of(client, page_of(code))
    with CaptureQueriesContext(connection) as few:
        text_of(client, page_of(code))
    for number in range(12):
        key = f"xa-so-{number}"
        made.world.units[key] = make_unit(
            key, f"xã Số {number}", UnitKind.COMMUNE, parent=made.world.unit("phong-tho"), until=REFORM
        )
    for number in range(12):
        made.give("total_households", f"xa-so-{number}", 500)
        made.give("poor_hh", f"xa-so-{number}", 100)
    text_of(client, page_of(code))
    with CaptureQueriesContext(connection) as many:
        text_of(client, page_of(code))

    assert len(many) == len(few)


def test_commune_of_another_province_is_not_for_reading_but_the_province_is(made: FigureWorld) -> None:
    made.give("poor_hh", "huoi-luong", 100)
    other = make_unit("lang-son", "tỉnh Lạng Sơn", UnitKind.PROVINCE, parent=made.world.unit("viet-nam"))
    made.world.people["ban"] = make_person("ban", (other, Role.STANDING))
    client = client_of(made, "ban")

    refused = text_of(client, page_of("poor_hh", noi="huoi-luong"), status=403)
    value = Value.objects.get()
    also_refused = client.get(reverse("indicators:value", args=[value.pk]))

    assert "Đơn vị thuộc tỉnh khác" in refused
    assert also_refused.status_code == 403
    assert "100" in text_of(client, page_of("poor_hh", noi="lai-chau"))


# --- sources, choosing, correcting ----------------------------------------------------------------


def two_sources(made: FigureWorld) -> tuple[Value, Value]:
    first = Source.objects.create(code="P06", title="Nguồn thứ nhất")
    second = Source.objects.create(code="P07", title="Nguồn thứ hai")
    chosen = made.give("poor_hh", "lai-chau", 12248, source=first, stage=Stage.OFFICIAL)
    other = made.give("poor_hh", "lai-chau", 12250, source=second, stage=Stage.OFFICIAL)
    return chosen, other


def test_other_source_is_chosen_with_a_reason_and_totals_follow(made: FigureWorld) -> None:
    chosen, other = two_sources(made)
    client = client_of(made)
    assert "Chọn số này" in text_of(client, page_of("poor_hh"))

    answer = client.post(reverse("indicators:choose", args=[other.pk]), {"ly_do": "Quyết định mới hơn"})

    assert answer.status_code == 302
    chosen.refresh_from_db()
    other.refresh_from_db()
    assert (chosen.is_chosen, other.is_chosen, other.choice_reason) == (False, True, "Quyết định mới hơn")
    assert "12.250" in text_of(client, page_of("poor_hh"))
    assert LogEntry.objects.filter(action="indicators.value.choose").count() == 1


def test_choice_without_a_reason_changes_nothing(made: FigureWorld) -> None:
    chosen, other = two_sources(made)
    client = client_of(made)

    client.post(reverse("indicators:choose", args=[other.pk]), {"ly_do": ""})

    chosen.refresh_from_db()
    assert chosen.is_chosen
    assert "cần ghi lý do chọn" in text_of(client, reverse("indicators:value", args=[other.pk]))


def test_commune_officer_may_not_choose_for_the_province(made: FigureWorld) -> None:
    _, other = two_sources(made)

    answer = client_of(made, "huoi-luong").post(
        reverse("indicators:choose", args=[other.pk]), {"ly_do": "muốn thế"}
    )

    assert answer.status_code == 403


def test_correction_keeps_the_old_figure_in_the_history(made: FigureWorld) -> None:
    value = made.give("poor_hh", "huoi-luong", 120)
    client = client_of(made, "huoi-luong")
    address = reverse("indicators:value", args=[value.pk])

    wrong = client.post(address, {"so_moi": "1.1x", "ly_do": "đếm lại"})
    answer = client.post(address, {"so_moi": "110", "ly_do": "đếm lại"})

    assert wrong.status_code == 422
    assert "không phải là số" in wrong.content.decode()
    newer = Value.objects.get(replaces=value)
    assert answer["Location"] == reverse("indicators:value", args=[newer.pk])
    page = text_of(client, answer["Location"])
    assert "110" in page
    assert 'href="/so-lieu/gia-tri/' in page
    assert "đã được thay" in page


def test_correction_that_exceeds_the_whole_is_refused_beside_the_form(made: FigureWorld) -> None:
    made.give("total_households", "huoi-luong", 400)
    value = made.give("poor_hh", "huoi-luong", 120)

    answer = client_of(made, "huoi-luong").post(
        reverse("indicators:value", args=[value.pk]), {"so_moi": "500", "ly_do": "nhầm"}
    )

    assert answer.status_code == 422
    assert "lớn hơn tổng số hộ dân cư" in answer.content.decode()
    assert Value.objects.filter(indicator__code="poor_hh").count() == 1


# --- files out ------------------------------------------------------------------------------------


def test_excel_names_basis_stage_and_source(made: FigureWorld) -> None:
    made.give("poor_hh", "huoi-luong", 120)

    answer = client_of(made, "lanh-dao").get(page_of("poor_hh", dang="xlsx"))
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))

    below = book.get_sheet_by_name("Đơn vị bên dưới").to_python()
    explained = {str(row[0]): row[1] for row in book.get_sheet_by_name("Cách tính").to_python()}
    assert [(row[0], row[2], row[8], row[9]) for row in below[1:]] == [
        ("xã Dào San", "", "", ""),
        ("xã Huổi Luông", 120.0, "Sơ bộ", "đơn vị tự báo cáo"),
        ("xã Mù Sang", "", "", ""),
    ]
    assert explained["Tính theo"] == "Theo đơn vị lúc đó"


def test_csv_streams_every_known_figure_below(made: FigureWorld) -> None:
    made.give("poor_hh", "huoi-luong", 120)
    made.give("poor_hh", "mu-sang", None)

    lines = (
        streamed(client_of(made, "lanh-dao"), page_of("poor_hh", dang="csv")).lstrip("\ufeff").splitlines()
    )

    by_unit = {line.split(",")[5]: line.split(",") for line in lines[1:]}
    assert {key: line[7] for key, line in by_unit.items()} == {
        "phong-tho": "120",
        "huoi-luong": "120",
        "mu-sang": "0",
    }
    assert by_unit["phong-tho"][9:12] == ["Theo đơn vị lúc đó", "2", "3"]


def test_dhis2_names_unit_period_standard_and_leaves_totals_out(made: FigureWorld) -> None:
    made.give("poor_hh", "huoi-luong", 120)

    found = json.loads(streamed(client_of(made, "lanh-dao"), page_of("poor_hh", dang="dhis2")))

    assert found == {
        "dataValues": [
            {
                "dataElement": "poor_hh",
                "period": "2023",
                "orgUnit": "huoi-luong",
                "categoryOptionCombo": "default",
                "attributeOptionCombo": "ngheo-2022-2026",
                "value": "120",
                "comment": "cơ sở: Theo đơn vị lúc đó; mức độ: so_bo; nguồn: đơn vị tự báo cáo",
            }
        ]
    }


def test_a_share_opens_the_counts_it_was_computed_from(made: FigureWorld) -> None:
    for unit, whole, poor in (("huoi-luong", 1000, 400), ("dao-san", 500, 100)):
        made.give("total_households", unit, whole)
        last = made.give("poor_hh", unit, poor)
    client = client_of(made, "lanh-dao")

    commune = text_of(client, page_of("poor_hh_rate", noi="dao-san"))
    assert f'Tính từ: <a href="/so-lieu/gia-tri/{last.pk}/">Số hộ nghèo: ' in commune
    district = text_of(client, page_of("poor_hh_rate", noi="phong-tho"))
    assert (
        '<a href="/so-lieu/poor_hh/?noi=phong-tho">Số hộ nghèo: <span class="td-figure">500</span>'
        in district
    )


def test_units_below_are_also_shown_as_tiles(made: FigureWorld) -> None:
    for unit, whole, poor in (("huoi-luong", 1000, 400), ("dao-san", 500, 100)):
        made.give("total_households", unit, whole)
        made.give("poor_hh", unit, poor)
    client = client_of(made, "lanh-dao")

    for code, told in (("poor_hh_rate", "40,00 %"), ("poor_hh", "400 hộ"), ("total_households", "1.000 hộ")):
        page = text_of(client, page_of(code, noi="phong-tho"))
        assert f"<title>xã Huổi Luông: {told}" in page
        assert "<title>xã Mù Sang: chưa có số liệu" in page
    assert "<title>xã Dào San: 20,00 % (500 hộ)" in text_of(client, page_of("poor_hh_rate", noi="phong-tho"))
    assert "ban-do-o" not in text_of(client, page_of("poor_hh_rate", noi="dao-san"))


def test_the_rate_of_one_district_is_not_that_of_the_province(made: FigureWorld) -> None:
    """Nobody has reported, one district has published its counts: above it nothing is known."""
    for code, amount in (("total_households", 1000), ("poor_hh", 400)):
        made.give(code, "phong-tho", amount, stage=Stage.OFFICIAL)
    client = client_of(made, "tinh")

    assert '<span class="td-figure">40,00</span>' in text_of(client, page_of("poor_hh_rate", noi="phong-tho"))
    assert "40,00" not in text_of(client, page_of("poor_hh_rate", noi="lai-chau", ky="2022"))
    province = text_of(client, page_of("poor_hh_rate", noi="lai-chau", ky="2023"))
    assert '<span class="td-figure">40,00</span>' not in province
    assert ">40,00</a>" in province
