"""The pages as people of the small world see them: what they show, refuse, count and hide."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.movements.models import (
    ExpectedUnit,
    Plan,
    Registration,
    RegistrationCall,
    RegistrationKind,
    RegistrationReminder,
    RegistrationState,
    RegistrationSummary,
    SubjectType,
    Task,
)
from thidua.movements.registrations import household_rows
from thidua.movements.tests.makers import at, make_registration, make_task, phong_tho_plan
from thidua.notices.models import Notice
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind, UnitVersion
from thidua.organisations.tests.world import DAY, World, make_unit, phong_tho
from thidua.tables.workbooks import Sheet, written

COMMUNES = ("huoi-luong", "dao-san", "mu-sang")


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


@pytest.fixture
def plan(world: World) -> Plan:
    plan = phong_tho_plan(world)
    plan.versions.update(first_year=2022, last_year=2025)
    for key in (*COMMUNES, "phong-noi-vu"):
        make_task(plan, world.unit(key), world.unit("phong-tho"))
    RegistrationCall.objects.create(plan=plan, year=2023, due_on=date(2023, 11, 1))
    return plan


def client_of(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def board_address(plan: Plan, kind: str = "tham-gia") -> str:
    return f"/dang-ky/{plan.pk}/2023/bang/{kind}/"


def household(plan: Plan, unit: Unit, name: str = "Giàng Thị Mẫu", **fields: object) -> Registration:
    given = {
        "kind": RegistrationKind.ESCAPE,
        "subject_type": SubjectType.HOUSEHOLD,
        "subject_name": name,
        "subject_address": "bản Làng Vây",
        "subject_key": name,
        "commitment": "Vay vốn nuôi trâu",
        "state": RegistrationState.PENDING,
        "sent_at": at(DAY),
        **fields,
    }
    return make_registration(plan, unit, **given)


def sheet_of(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


# --- the board ------------------------------------------------------------------------------------


def test_board_needs_a_sign_in(client: Client, plan: Plan) -> None:
    for address in ("/dang-ky/", board_address(plan), f"/dang-ky/{plan.pk}/2023/", "/dang-ky/danh-sach/"):
        assert client.get(address).status_code == 302


def test_board_address_leads_to_the_nearest_plan_and_year(world: World, plan: Plan) -> None:
    response = client_of(world, "huoi-luong").get("/dang-ky/")

    assert response["Location"] == board_address(plan)


def test_without_a_plan_the_board_says_what_will_be_here(world: World) -> None:
    assert (
        "Chưa có kế hoạch nào đang thực hiện" in client_of(world, "noi-vu").get("/dang-ky/").content.decode()
    )
    assert "chưa được giao làm việc" in client_of(world, "nguoi-la").get("/dang-ky/").content.decode()


def test_board_counts_units_by_standing(world: World, plan: Plan) -> None:
    make_registration(plan, world.unit("huoi-luong"), state="cho_duyet", sent_at=at(date(2023, 11, 3)))
    make_registration(plan, world.unit("dao-san"), state="da_duyet", sent_at=at(date(2023, 10, 30)))
    make_registration(plan, world.unit("mu-sang"), state="nhap")

    response = client_of(world, "thuong-truc").get(board_address(plan))

    assert [(tile.label, tile.count) for tile, _, _ in response.context["tiles"]] == [
        ("Chưa gửi", 2),
        ("Chờ duyệt", 1),
        ("Trả lại", 0),
        ("Đã duyệt", 1),
    ]
    cells = {
        row[1][0][1].text: [cell.text for _, cell in row[1][2:6]] for row in response.context["listing"].cells
    }
    assert cells == {
        "Phòng Nội vụ huyện Phong Thổ": ["Chưa gửi", "", "", "quá hạn 4 ngày"],
        "xã Dào San": ["Đã duyệt", "1", "30/10/2023", ""],
        "xã Huổi Luông": ["Chờ duyệt", "1", "03/11/2023", "gửi muộn 2 ngày"],
        "xã Mù Sang": ["Chưa gửi", "", "", "quá hạn 4 ngày"],
    }


def test_tile_filters_the_board(world: World, plan: Plan) -> None:
    make_registration(plan, world.unit("huoi-luong"), state="cho_duyet", sent_at=at(DAY))

    response = client_of(world, "thuong-truc").get(board_address(plan) + "?tinh_trang=cho_duyet")

    assert [row.label for row in response.context["listing"].page] == ["xã Huổi Luông"]
    assert response.context["expected"] == 4


def test_only_agencies_are_expected_to_help_and_communes_to_name_households(world: World, plan: Plan) -> None:
    client = client_of(world, "thuong-truc")

    def expected(kind: str) -> list[str]:
        page = client.get(board_address(plan, kind)).context["listing"].page
        return [row.label for row in page]

    assert expected("giup-do") == ["Phòng Nội vụ huyện Phong Thổ"]
    assert expected("thoat-ngheo") == ["xã Dào San", "xã Huổi Luông", "xã Mù Sang"]


def test_returned_and_inherited_registrations_count_for_the_successor(world: World, plan: Plan) -> None:
    make_registration(plan, world.unit("huoi-luong"), state="tra_lai", sent_at=at(DAY))

    with clock.fixed_on(date(2025, 7, 2)):
        response = client_of(world, "tinh").get(board_address(plan))

    standings = {row.label: row.standing for row in response.context["listing"].page}
    assert standings == {"xã Dào San": "chua_gui", "xã Phong Thổ": "tra_lai"}


def test_year_outside_the_plan_is_no_page(world: World, plan: Plan) -> None:
    client = client_of(world, "thuong-truc")

    assert client.get(f"/dang-ky/{plan.pk}/2030/bang/tham-gia/").status_code == 404
    assert client.get(f"/dang-ky/{plan.pk}/2023/bang/gi-do/").status_code == 404


def test_board_as_excel(world: World, plan: Plan) -> None:
    content = client_of(world, "thuong-truc").get(board_address(plan) + "?dang=xlsx").content

    assert [row[:3] for row in sheet_of(content)][:2] == [
        ["Đơn vị", "Loại", "Tình trạng"],
        ["Phòng Nội vụ huyện Phong Thổ", "Cơ quan nhà nước", "Chưa gửi"],
    ]


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "path",
    ["bang/tham-gia/", "bang/giup-do/", "", "duyet/", "noi-duoc-giup/", "tong-hop/"],
)
def test_query_count_does_not_grow_with_rows(world: World, plan: Plan, path: str) -> None:
    client = client_of(world, "thuong-truc")
    address = f"/dang-ky/{plan.pk}/2023/{path}"
    body = world.unit("phong-ldtbxh")
    helping = {"kind": RegistrationKind.HELP, "helped_unit": world.unit("dao-san")}
    make_registration(plan, body, state="cho_duyet", sent_at=at(DAY), **helping)
    household(plan, world.unit("huoi-luong"))
    client.get(address)
    with_one = queries(client, address)
    for number in range(3):
        new = make_unit(
            f"don-vi-{number}", f"Phòng {number}", UnitKind.AGENCY, parent=world.unit("phong-tho")
        )
        make_task(plan, new, world.unit("phong-tho"))
        make_registration(
            plan,
            new,
            kind=RegistrationKind.HELP,
            state="cho_duyet",
            sent_at=at(DAY),
            helped_unit=world.unit("mu-sang"),
        )
        make_registration(plan, body, state="cho_duyet", sent_at=at(DAY), subject_key=str(number))
        household(plan, world.unit("dao-san"), f"Hộ {number}")
    client.get(address)

    assert queries(client, address) == with_one


def test_list_query_count_does_not_grow_with_rows(world: World, plan: Plan) -> None:
    client = client_of(world, "thuong-truc")
    household(plan, world.unit("huoi-luong"))
    client.get("/dang-ky/danh-sach/")
    with_one = queries(client, "/dang-ky/danh-sach/")
    for number in range(3):
        household(plan, world.unit("dao-san"), f"Hộ {number}")

    assert queries(client, "/dang-ky/danh-sach/") == with_one


def test_board_of_3000_communes_needs_no_more_queries(world: World, plan: Plan) -> None:
    client = client_of(world, "thuong-truc")
    client.get(board_address(plan))
    with_four = queries(client, board_address(plan))
    units = Unit.objects.bulk_create(
        Unit(key=f"xa-{number}", kind=UnitKind.COMMUNE) for number in range(3000)
    )
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit=unit,
            parent=world.unit("phong-tho"),
            form="xã",
            name=f"{number}",
            label=f"xã {number}",
            label_order=f"{number:04}",
        )
        for number, unit in enumerate(units)
    )
    Task.objects.bulk_create(
        Task(plan=plan, unit=unit, giver=world.unit("phong-tho"), title="Báo cáo") for unit in units
    )
    tree.forget()
    client.get(board_address(plan))

    assert queries(client, board_address(plan)) == with_four
    assert client.get(board_address(plan)).context["expected"] == 3004


# --- what the standing body does ------------------------------------------------------------------


def test_those_who_did_not_send_are_reminded_in_one_act(world: World, plan: Plan) -> None:
    make_registration(plan, world.unit("huoi-luong"), state="cho_duyet", sent_at=at(DAY))
    client = client_of(world, "thuong-truc")

    response = client.post(board_address(plan) + "nhac/", {"noi_dung": ""}, follow=True)

    assert "Đã nhắc 3 đơn vị chưa gửi." in response.content.decode()
    assert set(Notice.objects.values_list("unit__key", "text")) == {
        (key, "Đề nghị gửi «Đăng ký tham gia phong trào» năm 2023 trước hết ngày 01/11/2023.")
        for key in ("dao-san", "mu-sang", "phong-noi-vu")
    }
    assert RegistrationReminder.objects.count() == 3
    assert Entry.objects.latest("number").action_label == "Nhắc các đơn vị chưa gửi đăng ký"
    reminders = {row.label: row.reminders for row in response.context["listing"].page}
    assert reminders["xã Mù Sang"] == 1
    assert reminders["xã Huổi Luông"] is None


def test_nobody_is_reminded_twice_on_one_day(world: World, plan: Plan) -> None:
    client = client_of(world, "thuong-truc")
    client.post(board_address(plan) + "nhac/")
    first = set(RegistrationReminder.objects.values_list("pk", flat=True))

    response = client.post(board_address(plan) + "nhac/")

    assert len(first) == 4
    assert "đều đã được nhắc trong hôm nay" in response.content.decode()
    assert set(RegistrationReminder.objects.values_list("pk", flat=True)) == first
    assert Notice.objects.count() == 4


@pytest.mark.parametrize("username", ["huoi-luong", "noi-vu", "nguoi-xem", "quan-tri", "tinh"])
def test_others_may_not_remind(world: World, plan: Plan, username: str) -> None:
    response = client_of(world, username).post(board_address(plan) + "nhac/")

    assert response.status_code == 403
    assert RegistrationReminder.objects.count() == 0


def test_due_day_and_helpers_are_set(world: World, plan: Plan) -> None:
    address = f"/dang-ky/{plan.pk}/2024/thiet-lap/"
    client = client_of(world, "thuong-truc")

    assert client.post(address, {"mau": "han", "han": "15/02/2024", "can": "2"}).status_code == 302
    call = RegistrationCall.objects.get(year=2024)
    assert (call.due_on, call.helpers_needed) == (date(2024, 2, 15), 2)
    wrong = client.post(address, {"mau": "han", "han": "31/02/2024", "can": "0"})
    assert wrong.status_code == 422
    assert "Ngày chưa đúng" in wrong.content.decode()


def test_unit_is_left_out_and_taken_back(world: World, plan: Plan) -> None:
    address = f"/dang-ky/{plan.pk}/2023/thiet-lap/"
    client = client_of(world, "thuong-truc")
    answers = {
        "mau": "ngoai-le",
        "n-loai": "tham_gia",
        "n-don_vi": "xa mu sang",
        "n-viec": "bo",
        "n-ly_do": "Đã đăng ký với tỉnh",
    }
    client.post(address, answers)
    board = client.get(board_address(plan)).context
    assert "xã Mù Sang" not in [row.label for row in board["listing"].page]

    client.post(f"{address}bo/{ExpectedUnit.objects.get().pk}/")

    assert client.get(board_address(plan)).context["expected"] == 4


def test_unit_that_the_plan_does_not_name_is_added(world: World, plan: Plan) -> None:
    answers = {
        "mau": "ngoai-le",
        "n-loai": "giup_do",
        "n-don_vi": "trung tam van hoa",
        "n-viec": "them",
        "n-ly_do": "Tự nguyện",
    }
    client = client_of(world, "thuong-truc")
    client.post(f"/dang-ky/{plan.pk}/2023/thiet-lap/", answers)

    page = client.get(board_address(plan, "giup-do")).context["listing"].page
    assert len(page) == 2


def test_unknown_or_ambiguous_unit_is_said(world: World, plan: Plan) -> None:
    address = f"/dang-ky/{plan.pk}/2023/thiet-lap/"
    answers = {"mau": "ngoai-le", "n-loai": "tham_gia", "n-viec": "them", "n-ly_do": "x"}
    client = client_of(world, "thuong-truc")

    assert "Có nhiều đơn vị khớp" in client.post(address, {**answers, "n-don_vi": "xã"}).content.decode()
    assert "Không có đơn vị này" in client.post(address, {**answers, "n-don_vi": "Hà Nội"}).content.decode()


def test_settings_are_for_the_body_that_runs_the_plan(world: World, plan: Plan) -> None:
    assert client_of(world, "huoi-luong").get(f"/dang-ky/{plan.pk}/2023/thiet-lap/").status_code == 403


def test_chosen_are_approved_and_sent_back(world: World, plan: Plan) -> None:
    rows = [make_registration(plan, world.unit(key), state="cho_duyet", sent_at=at(DAY)) for key in COMMUNES]
    address = f"/dang-ky/{plan.pk}/2023/duyet/"
    client = client_of(world, "lanh-dao")

    refused = client.post(address, {"viec": "tra-lai", "chon": [rows[0].pk], "ly_do": ""})
    assert refused.status_code == 422
    client.post(address, {"viec": "tra-lai", "chon": [rows[0].pk], "ly_do": "Thiếu số hộ"})
    client.post(address, {"viec": "duyet", "chon": [rows[1].pk, rows[2].pk]})

    assert list(Registration.objects.order_by("pk").values_list("state", "returned_reason")) == [
        ("tra_lai", "Thiếu số hộ"),
        ("da_duyet", ""),
        ("da_duyet", ""),
    ]


def test_deciding_is_for_the_body_that_runs_the_plan(world: World, plan: Plan) -> None:
    assert client_of(world, "huoi-luong").get(f"/dang-ky/{plan.pk}/2023/duyet/").status_code == 403


# --- what units do --------------------------------------------------------------------------------


def test_commune_registers_and_sends(world: World, plan: Plan) -> None:
    client = client_of(world, "huoi-luong")
    address = f"/dang-ky/{plan.pk}/2023/moi/tham-gia/"
    unit = world.unit("huoi-luong").pk
    assert client.get(address).status_code == 200
    answers = {"don_vi": unit, "nam": 2023, "doi_tuong": "agency", "ten": "", "cam_ket": "Giúp 20 hộ"}

    response = client.post(address, {**answers, "gui": "1"}, follow=True)

    assert Registration.objects.get().state == RegistrationState.PENDING
    assert "Đã gửi đăng ký" in response.content.decode()
    again = client.post(address, {**answers, "nhap": "1"})
    assert again.status_code == 422
    assert "đơn vị đã có đăng ký cho đối tượng này" in again.content.decode()


def test_form_says_what_is_missing(world: World, plan: Plan) -> None:
    client = client_of(world, "huoi-luong")
    response = client.post(
        f"/dang-ky/{plan.pk}/2023/moi/tham-gia/",
        {"don_vi": world.unit("huoi-luong").pk, "nam": 2023, "doi_tuong": "individual", "cam_ket": ""},
    )

    assert response.status_code == 422
    assert "Chưa ghi tên." in response.content.decode()
    assert "Chưa ghi mục này." in response.content.decode()


def test_agency_is_warned_of_a_crowded_place(world: World, plan: Plan) -> None:
    make_registration(
        plan,
        world.unit("phong-ldtbxh"),
        kind=RegistrationKind.HELP,
        state="da_duyet",
        helped_unit=world.unit("dao-san"),
    )
    answers = {
        "don_vi": world.unit("phong-noi-vu").pk,
        "nam": 2023,
        "noi_giup": world.unit("dao-san").pk,
        "thon": "bản Hợp 1",
        "cam_ket": "Giúp 3 hộ",
        "gui": "1",
    }
    client = client_of(world, "noi-vu")

    response = client.post(f"/dang-ky/{plan.pk}/2023/moi/giup-do/", answers, follow=True)

    assert "Nơi này đã có 1 cơ quan khác nhận giúp" in response.content.decode()
    shown = client.get(f"/dang-ky/{plan.pk}/2023/noi-duoc-giup/")
    assert (shown.context["alone"], shown.context["crowded"], shown.context["total"]) == (2, 1, 3)
    assert "Phòng Nội vụ huyện Phong Thổ (bản Hợp 1)" in shown.content.decode()


@pytest.mark.parametrize("path", ["moi/tham-gia/", "moi/thoat-ngheo/", "ho-tu-excel/"])
def test_onlooker_may_not_write(world: World, plan: Plan, path: str) -> None:
    assert client_of(world, "nguoi-xem").get(f"/dang-ky/{plan.pk}/2023/{path}").status_code == 403


def test_returned_is_mended_and_sent(world: World, plan: Plan) -> None:
    one = make_registration(
        plan, world.unit("huoi-luong"), state="tra_lai", returned_reason="Thiếu số hộ", subject_key="|"
    )
    client = client_of(world, "huoi-luong")
    page = client.get(f"/dang-ky/ban/{one.pk}/sua/")
    assert "Thiếu số hộ" in page.content.decode()

    client.post(
        f"/dang-ky/ban/{one.pk}/sua/",
        {
            "don_vi": one.unit_id,
            "nam": 2023,
            "doi_tuong": "agency",
            "cam_ket": "Giúp 20 hộ",
            "gui": "1",
        },
    )

    one.refresh_from_db()
    assert (one.state, one.commitment) == ("cho_duyet", "Giúp 20 hộ")


def test_steps_of_a_registration(world: World, plan: Plan) -> None:
    one = make_registration(plan, world.unit("huoi-luong"), subject_key="|")
    unit, body = client_of(world, "huoi-luong"), client_of(world, "thuong-truc")
    address = f"/dang-ky/ban/{one.pk}/"

    unit.post(address + "viec/", {"viec": "send"})
    assert body.post(address + "viec/", {"viec": "send_back", "ly_do": ""}).status_code == 422
    body.post(address + "viec/", {"viec": "approve"})
    assert body.get(address).context["registration"].state == "da_duyet"
    assert unit.post(address + "viec/", {"viec": "approve"}).status_code == 403
    unit.post(address + "viec/", {"viec": "withdraw", "ly_do": "Chuyển đơn vị"})

    one.refresh_from_db()
    assert one.state == "da_rut"
    assert unit.post(address + "viec/", {"viec": "gi-do"}).status_code == 404


def test_draft_is_seen_by_its_own_unit_only(world: World, plan: Plan) -> None:
    one = make_registration(plan, world.unit("huoi-luong"))

    assert client_of(world, "huoi-luong").get(f"/dang-ky/ban/{one.pk}/").status_code == 200
    for username in ("thuong-truc", "dao-san", "nguoi-la"):
        assert client_of(world, username).get(f"/dang-ky/ban/{one.pk}/").status_code == 404


def test_all_drafts_are_sent_at_once(world: World, plan: Plan) -> None:
    for number in range(2):
        household(plan, world.unit("huoi-luong"), f"Hộ {number}", state=RegistrationState.DRAFT, sent_at=None)
    client = client_of(world, "huoi-luong")

    response = client.post(f"/dang-ky/{plan.pk}/2023/gui-tat-ca/", follow=True)

    assert "Đã gửi 2 đăng ký." in response.content.decode()
    assert set(Registration.objects.values_list("state", flat=True)) == {"cho_duyet"}
    assert Notice.objects.get().text == "xã Huổi Luông gửi 2 đăng ký năm 2023."


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("username", "is_shown"),
    [
        ("huoi-luong", True),
        ("thuong-truc", True),
        ("lanh-dao", True),
        ("nguoi-xem", False),
        ("tinh", False),
    ],
)
def test_name_of_a_household_is_for_those_who_work_with_it(
    world: World, plan: Plan, username: str, is_shown: bool
) -> None:
    one = household(plan, world.unit("huoi-luong"))
    client = client_of(world, username)
    for address in (f"/dang-ky/ban/{one.pk}/", "/dang-ky/danh-sach/"):
        text = client.get(address).content.decode()
        assert ("Giàng Thị Mẫu" in text) is is_shown
        assert ("bản Làng Vây" in text) is is_shown
        assert ("nuôi trâu" in text) is is_shown
        assert (f"Hộ số {one.pk} (đã ẩn tên)" in text) is not is_shown


def test_unit_beside_sees_no_registration_of_a_household(world: World, plan: Plan) -> None:
    one = household(plan, world.unit("huoi-luong"))

    assert client_of(world, "dao-san").get(f"/dang-ky/ban/{one.pk}/").status_code == 404


def test_unit_between_sees_the_name(world: World) -> None:
    plan = phong_tho_plan(world)
    plan.versions.update(first_year=2022, last_year=2025)
    Plan.objects.filter(pk=plan.pk).update(
        owner=world.unit("lai-chau"), standing_body=world.unit("so-ldtbxh")
    )
    one = household(plan, world.unit("huoi-luong"))

    assert "Giàng Thị Mẫu" in client_of(world, "lanh-dao").get(f"/dang-ky/ban/{one.pk}/").content.decode()


def test_nobody_finds_by_a_name_that_they_may_not_read(world: World, plan: Plan) -> None:
    household(plan, world.unit("huoi-luong"), subject_key="giang thi mau|ban lang vay")

    def found(username: str) -> int:
        response = client_of(world, username).get("/dang-ky/danh-sach/?tim=giang+thi")
        return response.context["listing"].count  # type: ignore[no-any-return]

    assert (found("thuong-truc"), found("tinh")) == (1, 0)


def test_excel_hides_names_until_a_reason_is_given(world: World, plan: Plan) -> None:
    household(plan, world.unit("huoi-luong"))
    client = client_of(world, "thuong-truc")
    masked = client.get("/dang-ky/danh-sach/?dang=xlsx").content
    assert "Giàng Thị Mẫu" not in str(sheet_of(masked))
    assert "(đã ẩn tên)" in str(sheet_of(masked))
    answers = {"ke_hoach": plan.pk, "nam": 2023}
    assert client.post("/dang-ky/danh-sach/co-ten/", {**answers, "ly_do": " "}).status_code == 422

    named = client.post("/dang-ky/danh-sach/co-ten/", {**answers, "ly_do": "Lập danh sách vay vốn"})

    assert "Giàng Thị Mẫu" in str(sheet_of(named.content))
    entry = Entry.objects.get(object_type="movements.plan")
    assert (entry.action, entry.reason) == ("movements.registration.unmask", "Lập danh sách vay vốn")


def test_excel_with_names_holds_only_what_one_may_read(world: World, plan: Plan) -> None:
    household(plan, world.unit("huoi-luong"))

    response = client_of(world, "tinh").post(
        "/dang-ky/danh-sach/co-ten/", {"ke_hoach": plan.pk, "ly_do": "Tò mò"}
    )

    assert len(sheet_of(response.content)) == 1


# --- households from Excel ------------------------------------------------------------------------


def workbook(rows: list[list[object]]) -> SimpleUploadedFile:
    content = written([Sheet("Hộ", household_rows.COLUMNS, rows)])  # type: ignore[arg-type]
    return SimpleUploadedFile("ho.xlsx", content)


GOOD: list[list[object]] = [
    ["Giàng Thị Mẫu", "bản Làng Vây", 2023, "Nuôi trâu"],
    ["Lò Văn Ví", "bản Làng Vây", "2024", "Trồng chuối"],
]


def upload(client: Client, plan: Plan, world: World, rows: list[list[object]]) -> object:
    return client.post(
        f"/dang-ky/{plan.pk}/2023/ho-tu-excel/",
        {"tep": workbook(rows), "don_vi": world.unit("huoi-luong").pk},
    )


def test_households_are_shown_then_kept_and_a_second_time_left_out(world: World, plan: Plan) -> None:
    client = client_of(world, "huoi-luong")
    shown = upload(client, plan, world, GOOD)
    assert Registration.objects.count() == 0
    token = shown.context["token"]  # type: ignore[attr-defined]
    address = f"/dang-ky/{plan.pk}/2023/ho-tu-excel/nhap/"

    client.post(address, {"ban": token})
    client.post(address, {"ban": token})

    assert list(Registration.objects.order_by("pk").values_list("subject_name", "year", "state")) == [
        ("Giàng Thị Mẫu", 2023, "nhap"),
        ("Lò Văn Ví", 2024, "nhap"),
    ]
    again = upload(client, plan, world, GOOD)
    assert "Mọi hộ trong tệp đã có" in again.content.decode()  # type: ignore[attr-defined]


def test_each_wrong_cell_is_named_and_nothing_is_kept(world: World, plan: Plan) -> None:
    client = client_of(world, "huoi-luong")
    rows: list[list[object]] = [*GOOD, ["", "bản A", 2030, "x"], ["A", "B", "hai ba", ""], GOOD[0]]

    response = upload(client, plan, world, rows)

    errors = response.context["parsed"].errors  # type: ignore[attr-defined]
    assert [(error.cell, error.what) for error in errors] == [
        ("A4", "thiếu họ và tên chủ hộ"),
        ("C4", "năm 2030 nằm ngoài kế hoạch"),
        ("D5", "thiếu nội dung cam kết"),
        ("C5", "«hai ba» không phải năm"),
        ("A6", "hộ này đã có ở dòng 2"),
    ]
    assert response.context["token"] == ""  # type: ignore[attr-defined]


def test_file_that_is_no_workbook_is_refused(world: World, plan: Plan) -> None:
    response = client_of(world, "huoi-luong").post(
        f"/dang-ky/{plan.pk}/2023/ho-tu-excel/",
        {
            "tep": SimpleUploadedFile("ho.xlsx", b"khong phai Excel"),
            "don_vi": world.unit("huoi-luong").pk,
        },
    )

    assert response.status_code == 422
    assert "tệp không phải Excel (.xlsx)" in response.content.decode()


def test_preview_of_another_person_is_refused(world: World, plan: Plan) -> None:
    token = upload(client_of(world, "huoi-luong"), plan, world, GOOD).context["token"]  # type: ignore[attr-defined]
    address = f"/dang-ky/{plan.pk}/2023/ho-tu-excel/nhap/"

    for username, sent in (("dao-san", token), ("huoi-luong", token[:-2] + "xx")):
        assert client_of(world, username).post(address, {"ban": sent}).status_code == 422
    assert Registration.objects.count() == 0


def test_template_can_be_sent_back_as_it_is(world: World, plan: Plan) -> None:
    content = client_of(world, "huoi-luong").get(f"/dang-ky/{plan.pk}/2023/ho-tu-excel/mau/").content

    parsed = household_rows.parse(content, years=range(2022, 2026))

    assert (len(parsed.rows), parsed.errors) == (2, ())


# --- summaries ------------------------------------------------------------------------------------


def test_summary_goes_up_is_accepted_and_stays(world: World, plan: Plan) -> None:
    household(plan, world.unit("huoi-luong"), state=RegistrationState.APPROVED)
    make_registration(plan, world.unit("huoi-luong"), state="da_duyet")
    unit, body = client_of(world, "huoi-luong"), client_of(world, "thuong-truc")
    unit.post(f"/dang-ky/{plan.pk}/2023/tong-hop/lap/", {"don_vi": world.unit("huoi-luong").pk})
    summary = RegistrationSummary.objects.get()
    address = f"/dang-ky/tong-hop/{summary.pk}/"
    assert body.get(address).status_code == 404

    unit.post(address + "viec/", {"viec": "send"})
    assert body.post(address + "viec/", {"viec": "send_back", "ly_do": ""}).status_code == 422
    body.post(address + "viec/", {"viec": "send_back", "ly_do": "Thiếu bản Hợp"})
    household(plan, world.unit("huoi-luong"), "Lò Văn Ví", state=RegistrationState.APPROVED)
    assert unit.get(address).context["shown"].drift == 1
    unit.post(address + "viec/", {"viec": "build"})
    unit.post(address + "viec/", {"viec": "send"})
    body.post(address + "viec/", {"viec": "accept"})
    household(plan, world.unit("huoi-luong"), "Hộ sau", state=RegistrationState.APPROVED)

    page = unit.get(address)
    assert (page.context["summary"].state, page.context["shown"].total) == ("da_nhan", 3)
    assert page.context["shown"].household_total == 2
    assert unit.post(address + "viec/", {"viec": "build"}).status_code == 422
    assert "Giàng" not in page.content.decode()


def test_summary_as_excel_has_no_names(world: World, plan: Plan) -> None:
    household(plan, world.unit("huoi-luong"), state=RegistrationState.APPROVED)
    unit = client_of(world, "huoi-luong")
    unit.post(f"/dang-ky/{plan.pk}/2023/tong-hop/lap/", {"don_vi": world.unit("huoi-luong").pk})
    summary = RegistrationSummary.objects.get()

    book = CalamineWorkbook.from_filelike(
        io.BytesIO(unit.get(f"/dang-ky/tong-hop/{summary.pk}/?dang=xlsx").content)
    )

    assert book.get_sheet_by_name("Hộ theo xã").to_python() == [["Đơn vị", "Số hộ"], ["xã Huổi Luông", 1]]
    assert "Giàng" not in str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


def test_missing_units_stand_as_gaps(world: World, plan: Plan) -> None:
    make_registration(plan, world.unit("huoi-luong"), state="da_duyet")

    page = client_of(world, "thuong-truc").get(f"/dang-ky/{plan.pk}/2023/tong-hop/")

    assert [(gap.label, gap.sent, gap.expected, gap.missing) for gap in page.context["gaps"]] == [
        ("xã", 1, 3, ("xã Dào San", "xã Mù Sang")),
        ("cơ quan, đơn vị", 0, 1, ("Phòng Nội vụ huyện Phong Thổ",)),
    ]
    assert "chưa có, không phải bằng 0" in page.content.decode()


def test_others_do_not_build_a_summary(world: World, plan: Plan) -> None:
    response = client_of(world, "dao-san").post(
        f"/dang-ky/{plan.pk}/2023/tong-hop/lap/", {"don_vi": world.unit("huoi-luong").pk}
    )

    assert response.status_code == 403
    assert RegistrationSummary.objects.count() == 0
