"""What a target is measured by: offers, refusals, who may change it, what stays in the log."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from thidua.core import clock
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.indicators.models import Indicator
from thidua.movements.models import Target, TargetBinding
from thidua.movements.progress.binding import (
    BadReaderMap,
    Measured,
    Unbound,
    bind,
    history_of,
    measured,
    parse_map,
    reader_map,
)
from thidua.movements.progress.tests.makers import MULTIDIM, make_indicator, make_rate, make_target
from thidua.movements.progress.trajectory import Form
from thidua.movements.tests.makers import phong_tho_plan
from thidua.organisations.tests.world import World, phong_tho

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


@pytest.fixture
def rate(db: None) -> Indicator:
    return make_rate()


@pytest.fixture
def target(world: World) -> Target:
    return make_target(phong_tho_plan(world), world.unit("phong-tho"))


def test_indicator_is_offered_from_the_code_and_the_scope(
    target: Target, world: World, rate: Indicator
) -> None:
    found = measured([target])[target.pk]

    assert isinstance(found, Measured)
    assert (found.indicator, found.unit_id, found.form, found.is_confirmed) == (
        rate,
        world.unit("phong-tho").pk,
        Form.FALL_PER_YEAR,
        False,
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"indicator": "other"}, "chương trình chưa biết chỉ tiêu này đo bằng số liệu nào"),
        ({"indicator": "rural_income_ratio"}, "chỉ tiêu thống kê tương ứng chưa có trong danh mục"),
        (
            {"scope_unit": None, "scope_text": "mỗi huyện nghèo trong danh sách"},
            "phạm vi «mỗi huyện nghèo trong danh sách» không phải một đơn vị cụ thể, "
            "cần chọn địa bàn lấy số liệu",
        ),
    ],
)
def test_what_cannot_be_bound_says_why(
    target: Target, rate: Indicator, changed: dict[str, Any], why: str
) -> None:
    for name, value in changed.items():
        setattr(target, name, value)

    assert measured([target])[target.pk] == Unbound(why)


def test_standing_body_binds_and_the_log_keeps_what_was_before(
    target: Target, world: World, rate: Indicator
) -> None:
    other = make_indicator("poor_hh", "Số hộ nghèo")
    actor = world.acting("thuong-truc")

    bind(target, indicator=rate, unit=None, actor=actor, now=NOW)
    bind(target, indicator=other, unit=world.unit("dao-san"), note="Đổi theo công văn", actor=actor, now=NOW)

    assert TargetBinding.objects.get().indicator == other
    newest, first = history_of(target)
    assert (first.action_label, newest.action_label) == (
        "Gắn chỉ tiêu với số liệu",
        "Đổi số liệu gắn với chỉ tiêu",
    )
    assert "Tỷ lệ nghèo đa chiều" in newest.details
    assert newest.reason == "Đổi theo công văn"


@pytest.mark.parametrize("name", ["huoi-luong", "lanh-dao", "nguoi-xem", "tinh", "nguoi-la"])
def test_others_may_not_bind(target: Target, world: World, rate: Indicator, name: str) -> None:
    with pytest.raises(NotAllowed):
        bind(target, indicator=rate, unit=None, actor=world.acting(name), now=NOW)

    assert not TargetBinding.objects.exists()


def test_segment_that_the_indicator_does_not_have_is_refused(
    target: Target, world: World, rate: Indicator
) -> None:
    with pytest.raises(RuleNotMet, match="không có phân tổ"):
        bind(target, indicator=rate, unit=None, segment="urban", actor=world.acting("thuong-truc"), now=NOW)


def test_target_without_a_place_needs_one(world: World, rate: Indicator) -> None:
    target = make_target(phong_tho_plan(world), None)

    with pytest.raises(RuleNotMet, match="Chọn địa bàn lấy số liệu"):
        bind(target, indicator=rate, unit=None, actor=world.acting("thuong-truc"), now=NOW)


def test_page_confirms_the_offer(client: Client, target: Target, world: World, rate: Indicator) -> None:
    client.force_login(world.people["thuong-truc"])
    address = reverse("progress:binding", args=[target.pk])

    with clock.fixed_on(date(2023, 11, 5)):
        page = client.get(address)
        answer = client.post(address, {"indicator": rate.pk})

    assert page.context["form"].initial["indicator"] == rate.pk
    assert answer.status_code == 302
    assert TargetBinding.objects.get(target=target).is_confirmed


def test_page_shows_a_refusal_beside_the_form(
    client: Client, target: Target, world: World, rate: Indicator
) -> None:
    make_indicator("x", "Khác", segments={"urban": "Thành thị"})
    client.force_login(world.people["thuong-truc"])

    with clock.fixed_on(date(2023, 11, 5)):
        page = client.post(
            reverse("progress:binding", args=[target.pk]), {"indicator": rate.pk, "segment": "urban"}
        )

    assert "không có phân tổ «urban»" in page.content.decode()


def test_page_refuses_who_may_not(client: Client, target: Target, world: World, rate: Indicator) -> None:
    client.force_login(world.people["huoi-luong"])

    with clock.fixed_on(date(2023, 11, 5)):
        assert client.get(reverse("progress:binding", args=[target.pk])).status_code == 403


def test_map_is_well_formed_and_knows_the_codes_of_the_plans() -> None:
    assert reader_map()[MULTIDIM["indicator"]].indicator == "multidim_poverty_rate"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"indicator": "a", "form": "sum"}, "cần indicator và form"),
        ({"form": "level"}, "cần indicator và form"),
        ({"indicator": "a", "form": "share_of"}, "base đi với form share_of"),
        ({"indicator": "a", "form": "level", "colour": 1}, "chỉ nhận"),
        ("a", "chỉ nhận"),
    ],
)
def test_wrong_line_of_the_map_is_refused_by_name(line: object, message: str) -> None:
    with pytest.raises(BadReaderMap, match=f"x.yaml, T: {message}"):
        parse_map({"T": line}, name="x.yaml")
