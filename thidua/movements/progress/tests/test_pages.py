"""Pages of targets: verdicts with their figures, filters, Excel, the board of a leader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from thidua.core import clock
from thidua.indicators.models import Indicator, Standard, Value
from thidua.movements.models import Plan, Target
from thidua.movements.progress.judging import judge
from thidua.movements.progress.tests.makers import (
    MULTIDIM,
    make_rate,
    make_standard,
    make_target,
    make_value,
)
from thidua.movements.progress.verdicts import Verdict
from thidua.movements.tests.makers import make_plan, make_task, phong_tho_plan
from thidua.organisations.tests.world import World, phong_tho

DAY = date(2024, 1, 15)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


@pytest.fixture
def plan(world: World) -> Plan:
    return phong_tho_plan(world)


@pytest.fixture
def standard(db: None) -> Standard:
    return make_standard()


@pytest.fixture
def rate(db: None) -> Indicator:
    return make_rate()


@pytest.fixture
def behind(world: World, plan: Plan, standard: Standard, rate: Indicator) -> Target:
    """Phong Thổ as published: 43.8 to 37.9, 6–7 points a year asked."""
    district = world.unit("phong-tho")
    for year, amount in ((2022, "43.8"), (2023, "37.9")):
        make_value(rate, district, year, amount, standard=standard)
    return make_target(plan, district)


def signed_in(client: Client, world: World, name: str = "thuong-truc") -> Client:
    client.force_login(world.people[name])
    return client


def test_target_is_judged_by_the_published_rate(behind: Target) -> None:
    judgement = judge(behind, on=DAY)

    assert (judgement.verdict, judgement.reached_words) == (Verdict.BEHIND, "5,90 điểm %/năm")


def test_counts_of_all_units_win_over_a_printed_rate(
    behind: Target, world: World, standard: Standard, rate: Indicator
) -> None:
    district = world.unit("phong-tho")
    assert rate.numerator is not None
    assert rate.denominator is not None
    make_value(rate.numerator, district, 2023, "6000", standard=standard)
    make_value(rate.denominator, district, 2023, "16000", standard=standard)

    judgement = judge(behind, on=DAY)

    assert judgement.reached_words == "6,30 điểm %/năm"
    assert judgement.verdict is Verdict.ON_THE_WAY


def test_list_shows_verdict_figure_and_line(client: Client, world: World, behind: Target) -> None:
    page = signed_in(client, world).get(reverse("progress:list")).content.decode()

    assert "Mức giảm tỷ lệ nghèo đa chiều" in page
    assert "5,90 điểm %/năm" in page
    assert "Chậm tiến độ" in page
    assert '<svg class="td-chart-small"' in page


def test_list_of_another_province_shows_nothing(client: Client, world: World, behind: Target) -> None:
    page = signed_in(client, world, "nguoi-la").get(reverse("progress:list")).content.decode()

    assert "Chưa có chỉ tiêu nào" in page


@pytest.mark.parametrize(("verdict", "count"), [("behind", 1), ("met", 0), ("unknown", 1)])
def test_list_filters_by_verdict(
    client: Client, world: World, plan: Plan, behind: Target, verdict: str, count: int
) -> None:
    make_target(plan, None, key="T2", entry={**MULTIDIM, "indicator": "other", "label_vi": "Khác"})

    found = signed_in(client, world).get(reverse("progress:list"), {"ket_luan": verdict})

    assert found.context["listing"].count == count


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"tim": "ngheo da chieu"}, 1),
        ({"tim": "thu nhap"}, 0),
        ({"don_vi": "phong tho"}, 1),
        ({"don_vi": "lang son"}, 0),
        ({"chu_de": "giam_ngheo"}, 1),
        ({"chu_de": "nong_thon_moi"}, 0),
    ],
)
def test_list_filters(
    client: Client, world: World, behind: Target, asked: dict[str, str], count: int
) -> None:
    found = signed_in(client, world).get(reverse("progress:list"), asked)

    assert found.context["listing"].count == count


def test_list_of_an_earlier_day_judges_by_what_was_known(
    client: Client, world: World, behind: Target
) -> None:
    page = signed_in(client, world).get(reverse("progress:list"), {"ngay": "2023-11-05"}).content.decode()

    assert "Chưa xác định được" in page
    assert f"/chi-tieu/{behind.pk}/?ngay=2023-11-05" in page


def test_list_downloads_as_excel(client: Client, world: World, behind: Target) -> None:
    found = signed_in(client, world).get(reverse("progress:list"), {"dang": "xlsx"})

    assert found["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_list_asks_the_database_as_often_for_many_targets(
    client: Client, world: World, plan: Plan, behind: Target, rate: Indicator, standard: Standard
) -> None:
    signed_in(client, world).get(reverse("progress:list"))

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(reverse("progress:list"))
        return len(found)

    with_one = count()
    for number in range(2):
        make_target(plan, world.unit("huoi-luong"), key=f"U{number}")
    with_three = count()
    for number in range(297):
        make_target(plan, world.unit("dao-san"), key=f"V{number}")

    assert [with_three, count()] == [with_one, with_one]


def test_target_page_shows_line_table_sentence_and_history(
    client: Client, world: World, behind: Target
) -> None:
    page = signed_in(client, world).get(reverse("progress:target", args=[behind.pk])).content.decode()

    assert '<svg class="td-chart"' in page
    assert "tức giảm 5,90 điểm % trong năm 2023; chỉ tiêu giảm 6–7 điểm %/năm." in page
    assert "Chưa có số liệu đầu kỳ (năm 2021) nên tính từ năm 2022." in page
    assert "43,80 %" in page
    assert "Kết luận sau mỗi số liệu" in page
    assert "Chưa xác nhận" in page


def test_every_figure_opens_its_source(client: Client, world: World, behind: Target) -> None:
    page = signed_in(client, world).get(reverse("progress:target", args=[behind.pk])).content.decode()

    for value in Value.objects.all():
        address = reverse("indicators:value", args=[value.pk])
        assert f'<a href="{address}">' in page
        assert client.get(address).status_code == 200
    assert client.get(reverse("indicators:indicator", args=["multidim_poverty_rate"])).status_code == 200


def test_target_page_of_a_target_without_indicator_says_why(client: Client, world: World, plan: Plan) -> None:
    target = make_target(plan, world.unit("phong-tho"), entry={**MULTIDIM, "indicator": "other"})

    page = signed_in(client, world).get(reverse("progress:target", args=[target.pk])).content.decode()

    assert "Chưa gắn với số liệu: chương trình chưa biết chỉ tiêu này đo bằng số liệu nào." in page


def test_target_page_is_hidden_from_other_provinces(client: Client, world: World, behind: Target) -> None:
    address = reverse("progress:target", args=[behind.pk])

    assert signed_in(client, world, "nguoi-la").get(address).status_code == 404
    assert signed_in(client, world, "lanh-dao").get(address).status_code == 200


def test_board_puts_the_worst_first_and_late_tasks_beside(
    client: Client, world: World, plan: Plan, behind: Target
) -> None:
    make_task(plan, world.unit("dao-san"), due_on=date(2023, 12, 1))

    page = signed_in(client, world, "lanh-dao").get(reverse("progress:dashboard"))

    board = page.context["board"]
    assert [(one.target, one.since) for one in board.behind] == [(behind, date(2023, 12, 31))]
    assert [(unit.label, unit.late, unit.oldest) for unit in board.late_units] == [
        ("xã Dào San", 1, date(2023, 12, 1))
    ]


def test_board_without_targets_teaches(client: Client, world: World) -> None:
    page = signed_in(client, world, "lanh-dao").get(reverse("progress:dashboard")).content.decode()

    assert "Không có chỉ tiêu nào chậm." in page


def test_pages_need_a_sign_in(client: Client, behind: Target) -> None:
    for name, args in (("list", []), ("dashboard", []), ("target", [behind.pk]), ("binding", [behind.pk])):
        assert client.get(reverse(f"progress:{name}", args=args)).status_code == 302


def test_plan_of_another_body_is_judged_on_its_own_place(world: World, rate: Indicator) -> None:
    province = make_plan(world.unit("lai-chau"))
    target = make_target(province, world.unit("lai-chau"))

    assert judge(target, on=DAY).missing == ("Tỷ lệ nghèo đa chiều năm 2020–2023 – hỏi tỉnh Lai Châu",)
