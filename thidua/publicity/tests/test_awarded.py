"""Awards on the portal: what is in force and decided; households are neither named nor guessed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from thidua.awards.models import AwardState, AwardSubjectType, RegisteredAward
from thidua.awards.register.tests.makers import register
from thidua.core import clock
from thidua.organisations.models import Unit
from thidua.organisations.tests.world import World, phong_tho

pytestmark = pytest.mark.django_db
ADDRESS = "/cong/khen-thuong/"
HOUSE = "Giàng Thị Kín"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.fixed_on(date(2024, 11, 5)):
        yield phong_tho()


def make_house(world: World) -> RegisteredAward:
    return register(
        HOUSE,
        world.unit("phong-tho"),
        subject_type=AwardSubjectType.HOUSEHOLD,
        home=world.unit("huoi-luong"),
        unit_name="bản Kín, xã Huổi Luông",
    )


def text(client: Client, **asked: Any) -> str:
    return client.get(ADDRESS, asked).content.decode()


def keeper(world: World) -> Unit:
    return world.unit("phong-tho")


def test_awards_are_found_without_accents_and_narrowed(world: World, client: Client) -> None:
    register("Lò Văn Mẫu", keeper(world))
    register(world.unit("huoi-luong"), keeper(world), decided_year=2022, decided_on=date(2022, 5, 1))

    assert "Lò Văn Mẫu" in text(client)
    assert "Lò Văn Mẫu" in text(client, tim="lo van mau")
    assert "Không có khoản nào khớp" in text(client, tim="khong ai ca")
    assert "Lò Văn Mẫu" not in text(client, nam="2022")
    assert "Lò Văn Mẫu" in text(client, nam="1800", hinh_thuc="khong-co", cap="x", trang="x")
    assert "Lò Văn Mẫu" in text(client, so="12/QĐ-UBND", nam="2023")
    assert "Lò Văn Mẫu" in client.get("/cong/tim/?tim=lo+van").content.decode()
    assert "12/QĐ-UBND" in client.get("/cong/").content.decode()
    assert client.get(ADDRESS)["Cache-Control"] == "public, max-age=60"


def test_what_was_revoked_or_lies_ahead_is_left_out(world: World, client: Client) -> None:
    row = register("Lò Văn Thôi", keeper(world))
    RegisteredAward.objects.filter(pk=row.pk).update(state=AwardState.REVOKED, revoked_on=date(2024, 1, 1))
    register("Lò Văn Không Số", keeper(world), decision_number="")
    register("Lò Văn Mai Sau", keeper(world), decided_year=2024, decided_on=date(2024, 11, 6))
    assert "Lò Văn" not in text(client)


def test_household_is_neither_named_nor_found_by_name(world: World, client: Client) -> None:
    make_house(world)
    shown = text(client)
    assert "Một hộ gia đình" in shown
    assert "xã Huổi Luông" in shown
    for address in (ADDRESS, "/cong/", "/cong/tim/", "/cong/du-lieu/khen-thuong/"):
        for asked in ({}, {"tim": "giang thi"}):
            body = client.get(address, asked).content.decode()
            assert HOUSE not in body
            assert "bản Kín" not in body
    assert "Không có khoản nào khớp" in text(client, tim="giang thi kin")
    (row,) = json.loads(client.get("/cong/du-lieu/khen-thuong.json").content)["rows"]
    assert (row["ten"], row["don_vi"], row["so_quyet_dinh"]) == (
        "Một hộ gia đình",
        "xã Huổi Luông",
        "12/QĐ-UBND",
    )


def test_order_within_a_decision_does_not_tell_the_name_of_a_household(world: World, client: Client) -> None:
    for name in ("An Văn Mẫu", "Vàng Văn Mẫu"):
        register(name, keeper(world))
    make_house(world)
    body = text(client)
    assert body.index("Một hộ gia đình") < body.index("An Văn Mẫu") < body.index("Vàng Văn Mẫu")


def test_long_list_has_pages_and_asks_no_more_questions(world: World, client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        return len(queries)

    first = register("Lò Văn Mẫu 000", keeper(world))
    client.get(ADDRESS)
    one = asked()
    rows = []
    for number in range(1, 52):
        row = RegisteredAward.objects.get(pk=first.pk)
        row.pk, row.subject_name, row.name_order = None, f"Lò Văn Mẫu {number:03}", f"{number:03}"
        rows.append(row)
    RegisteredAward.objects.bulk_create(rows)
    assert asked() == one
    assert "Lò Văn Mẫu 051" not in text(client, tim="lo van")
    later = text(client, tim="lo van", trang="2")
    assert "Trang 2/2" in later
    assert "?tim=lo+van&amp;trang=1" in later
