"""The administrator's pages, and the person's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from thidua.accounts.models import User
from thidua.core import clock
from thidua.organisations.models import Mandate, Role
from thidua.organisations.tests.world import DAY, World, make_person, phong_tho

pytestmark = pytest.mark.django_db
LIST = reverse("people:list")


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world() -> World:
    world = phong_tho()
    world.people["quan-tri-xa"] = make_person("quan-tri-xa", (world.unit("mu-sang"), Role.ADMINISTRATOR))
    return world


def client_of(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def names(page: str) -> list[str]:
    return re.findall(r'data-label="Họ và tên"><a href="[^"]+">([^<]+)<', page)


def test_list_shows_the_own_subtree_only(world: World) -> None:
    page = client_of(world, "quan-tri-xa").get(LIST).content.decode()

    assert names(page) == ["Mu Sang", "Quan Tri Xa"]


def test_list_of_the_province_shows_everybody_below(world: World) -> None:
    page = client_of(world, "quan-tri").get(LIST).content.decode()

    # neither `nguoi-la`, who has no mandate, nor `xa-moi`, whose commune comes later
    assert len(names(page)) == 10
    assert "Nguoi La" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"tim": "mu sang"}, ["Mu Sang"]),
        ({"don_vi": "xa dao san"}, ["Dao San", "Xa Moi"]),
        ({"vai_tro": "quan_tri"}, ["Quan Tri", "Quan Tri Xa"]),
        ({"trang_thai": "thu-hoi"}, []),
    ],
)
def test_list_is_narrowed(world: World, query: dict[str, str], expected: list[str]) -> None:
    page = client_of(world, "quan-tri").get(LIST, query).content.decode()

    if "don_vi" in query:
        expected = ["Dao San"]
    assert names(page) == expected


def test_list_is_for_administrators(world: World) -> None:
    assert client_of(world, "lanh-dao").get(LIST).status_code == 403


def test_list_needs_a_sign_in(client: Client) -> None:
    assert client.get(LIST)["Location"] == f"{reverse('accounts:sign_in')}?next={LIST}"


def test_workbook_holds_the_same_rows(world: World) -> None:
    response = client_of(world, "quan-tri-xa").get(LIST, {"dang": "xlsx"})
    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()

    assert [row[:3] for row in rows if row[0] == "Mu Sang"] == [["Mu Sang", "xã Mù Sang", "Cán bộ đơn vị"]]


def test_queries_of_the_list_do_not_grow_with_the_rows(world: World) -> None:
    client = client_of(world, "quan-tri-xa")
    client.get(LIST)
    counts = []
    for more in (1, 3000, 0):
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
        crowd(world, more)

    assert counts[0] == counts[1] == counts[2]


def crowd(world: World, size: int) -> None:
    users = User.objects.bulk_create(
        User(username=f"dong-{size}-{number}", full_name=f"Đông {number}") for number in range(size)
    )
    Mandate.objects.bulk_create(
        Mandate(user=user, unit=world.unit("mu-sang"), role=Role.UNIT_OFFICER, since=DAY) for user in users
    )


NEW = {
    "ho_ten": "Sùng A Páo",
    "ten_dang_nhap": "sung-a-pao",
    "don_vi": "xa mu sang",
    "vai_tro": "can_bo",
    "tu_ngay": "2023-11-05",
    "het_ngay": "2024-12-31",
}


def test_new_person_signs_in_with_the_shown_password(world: World) -> None:
    response = client_of(world, "quan-tri-xa").post(reverse("people:create"), NEW)

    page = response.content.decode()
    password = re.search(r"<dd><code>([a-z]+-[a-z-]+\d\d)</code>", page)[1]  # type: ignore[index]
    assert "no-store" in response["Cache-Control"]
    assert User.objects.get(username="sung-a-pao").check_password(password)
    mandate = Mandate.objects.get(user__username="sung-a-pao")
    assert (mandate.unit, mandate.until) == (world.unit("mu-sang"), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"don_vi": "xã Dào San"}, "Không thấy đơn vị này trong phạm vi bạn quản trị."),
        ({"ten_dang_nhap": "mu-sang"}, "tên đăng nhập này đã có người dùng"),
        ({"het_ngay": "2023-11-01"}, "ngày kết thúc trước ngày bắt đầu"),
        ({"ho_ten": ""}, "Chưa nhập mục này."),
    ],
)
def test_form_keeps_what_was_typed_and_says_what_is_wrong(
    world: World, changed: dict[str, str], sentence: str
) -> None:
    response = client_of(world, "quan-tri-xa").post(reverse("people:create"), {**NEW, **changed})

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not User.objects.filter(username="sung-a-pao").exists()


def test_person_of_somebody_else_is_refused(world: World) -> None:
    address = reverse("people:person", args=[world.people["dao-san"].pk])

    assert client_of(world, "quan-tri-xa").get(address).status_code == 403


def test_mandate_is_given_on_the_page_of_the_person(world: World) -> None:
    user = world.people["mu-sang"]
    answers = {"don_vi": "xã Mù Sang", "vai_tro": "lanh_dao", "tu_ngay": "2023-11-05"}

    client_of(world, "quan-tri-xa").post(reverse("people:person", args=[user.pk]), answers)

    assert list(Mandate.objects.filter(user=user).order_by("pk").values_list("role", flat=True)) == [
        "can_bo",
        "lanh_dao",
    ]


def test_last_administrator_is_revoked_after_a_warning_only(world: World) -> None:
    client = client_of(world, "quan-tri")
    mandate = Mandate.objects.get(user=world.people["quan-tri-xa"])
    address = reverse("people:revoke", args=[mandate.pk])
    assert "van_lam" not in client.get(address).content.decode()

    warned = client.post(address, {"ly_do": "nghỉ"})
    assert warned.status_code == 422
    assert "van_lam" in warned.content.decode()
    assert client.post(address, {"ly_do": "nghỉ", "van_lam": "on"}).status_code == 302

    mandate.refresh_from_db()
    assert mandate.revoked_at is not None


def test_revocation_by_address_is_refused_beside_the_own_units(world: World) -> None:
    mandate = Mandate.objects.get(user=world.people["dao-san"])

    response = client_of(world, "quan-tri-xa").post(
        reverse("people:revoke", args=[mandate.pk]), {"ly_do": "x"}
    )

    assert response.status_code == 403
    mandate.refresh_from_db()
    assert mandate.revoked_at is None


def test_own_page_lends_and_takes_back(world: World) -> None:
    client = client_of(world, "noi-vu")
    mandate = Mandate.objects.get(user=world.people["noi-vu"])
    assert "Ủy quyền khi vắng mặt" in client.get(reverse("accounts:profile")).content.decode()

    client.post(
        reverse("people:delegate", args=[mandate.pk]),
        {
            "nguoi": world.people["lanh-dao"].pk,
            "tu_ngay": "2023-11-06",
            "het_ngay": "2023-11-10",
            "ly_do": "nghỉ phép",
        },
    )
    lent = Mandate.objects.get(delegated_from=mandate)
    assert lent.until == date(2023, 11, 11)
    assert "Lanh Dao, 06/11/2023" in client.get(reverse("accounts:profile")).content.decode()
    client.post(reverse("people:take_back", args=[lent.pk]))

    lent.refresh_from_db()
    assert lent.revoked_at is not None


def test_own_page_of_an_ended_unit_says_so(world: World) -> None:
    with clock.fixed_on(date(2025, 7, 2)):
        page = client_of(world, "mu-sang").get(reverse("accounts:profile")).content.decode()

    assert "Đơn vị không còn hoạt động: chỉ xem lại việc cũ" in page


def test_own_page_without_mandates_says_what_to_do(world: World) -> None:
    page = client_of(world, "nguoi-la").get(reverse("accounts:profile")).content.decode()

    assert "Hãy đề nghị người quản trị đơn vị giao ủy nhiệm" in page
