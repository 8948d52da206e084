"""Pages of the register by the test client: who sees what, looking up, entering, correcting, revoking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from python_calamine import CalamineWorkbook

from thidua.awards.models import AwardState, RegisterCoverage, RegisteredAward
from thidua.awards.register.tests.makers import register
from thidua.awards.register.tests.test_list_import import USUAL, person, sheet
from thidua.awards.tests.makers import make_record
from thidua.core import clock
from thidua.organisations.tests.world import World, phong_tho

pytestmark = pytest.mark.django_db
TODAY = date(2024, 11, 5)
LATER = date(2025, 12, 1)


@pytest.fixture
def world() -> Iterator[World]:
    with clock.fixed_on(TODAY):
        yield phong_tho()


def client_of(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def body(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_an_award_is_found_without_accents_by_any_of_its_words(world: World) -> None:
    district = world.unit("phong-tho")
    register(make_record(world.unit("huoi-luong"), "Vàng Thị Mẫu"), district)
    register(world.unit("dao-san"), district, subject_name="xã Dào San", decision_number="99/QĐ-UBND")
    client = client_of(world, "lanh-dao")

    for words, found in (
        ("vang thi mau", "Vàng Thị Mẫu"),
        ("99/qd", "xã Dào San"),
        ("giay khen dao", "xã Dào San"),
        ("huoi luong 2023", "Vàng Thị Mẫu"),
    ):
        page = body(client, f"/khen-thuong/so/?tim={words}")
        assert found in page
        assert "1 dòng theo bộ lọc" in page
    assert "Không có dòng nào khớp" in body(client, "/khen-thuong/so/?tim=vang&nam=2022")


def test_excel_holds_every_column_and_unknown_is_empty(world: World) -> None:
    register("Lò Văn Mẫu", world.unit("phong-tho"), bonus=0)

    answer = client_of(world, "lanh-dao").get("/khen-thuong/so/?dang=xlsx")

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    found = dict(zip(rows[0], rows[1], strict=True))
    assert (found["Tên"], found["Người trực tiếp"], found["Tiền thưởng (đồng)"]) == ("Lò Văn Mẫu", "", 0)
    assert (found["Ngày quyết định"], found["Cấp"]) == (date(2023, 12, 20), "Cấp sở, đơn vị")


def test_the_person_sees_the_own_record_and_strangers_see_nothing(world: World) -> None:
    record = make_record(world.unit("huoi-luong"), "Vàng Thị Mẫu", user=world.people["nguoi-la"])
    award = register(record, world.unit("phong-tho"))

    assert "12/QĐ-UBND" in body(client_of(world, "nguoi-la"), "/khen-thuong/so/cua-toi/")
    assert "chưa gắn với hồ sơ" in body(client_of(world, "dao-san"), "/khen-thuong/so/cua-toi/")
    stranger = client_of(world, "dao-san")
    assert "Vàng Thị Mẫu" not in body(stranger, "/khen-thuong/so/")
    assert stranger.get(f"/khen-thuong/so/{award.pk}/").status_code == 404
    assert stranger.get(f"/khen-thuong/so/nguoi/{record.pk}/").status_code == 404
    assert "Vàng Thị Mẫu" in body(client_of(world, "huoi-luong"), f"/khen-thuong/so/nguoi/{record.pk}/")


def test_the_record_of_a_unit_holds_that_of_its_predecessors(world: World) -> None:
    register(world.unit("huoi-luong"), world.unit("phong-tho"))
    with clock.fixed_on(LATER):
        page = body(client_of(world, "xa-moi"), f"/khen-thuong/so/don-vi/{world.unit('xa-phong-tho').pk}/")

    assert "xã Huổi Luông" in page
    assert "Gồm cả của đơn vị trước sắp xếp" in page


def test_an_award_is_typed_in_corrected_and_revoked(world: World) -> None:
    client = client_of(world, "lanh-dao")
    sent = {
        "keeper": str(world.unit("phong-tho").pk),
        "subject_type": "commune",
        "subject_name": "xã Huổi Luông",
        "form": "giay-khen",
        "decided_year": "2022",
        "issuer_name": "Ủy ban nhân dân huyện Phong Thổ",
    }
    assert client.post("/khen-thuong/so/moi/", sent | {"decided_year": ""}).status_code == 422
    assert client.post("/khen-thuong/so/moi/", sent).status_code == 302
    award = RegisteredAward.objects.get()
    assert (award.subject_key, award.decided_on) == (f"unit:{world.unit('huoi-luong').pk}", None)
    page = body(client, f"/khen-thuong/so/{award.pk}/")
    assert "năm 2022 (chưa rõ ngày)" in page
    address = f"/khen-thuong/so/{award.pk}/"

    changed = sent | {"decision_number": "45/QĐ-UBND", "reason": "Thiếu số"}
    assert client.post(f"{address}dinh-chinh/", changed).status_code == 302
    newer = RegisteredAward.objects.get(corrects=award)
    assert (newer.decision_number, newer.subject_key) == ("45/QĐ-UBND", award.subject_key)

    revoking = {"revoked_on": "2024-11-01", "by": "Quyết định 90/QĐ-UBND", "reason": "Kê khai sai"}
    client.post(f"/khen-thuong/so/{newer.pk}/huy-bo/", revoking)
    newer.refresh_from_db()
    assert newer.state == AwardState.REVOKED
    assert "Đã hủy bỏ ngày 01/11/2024" in body(client, f"/khen-thuong/so/{newer.pk}/")
    client.post(f"/khen-thuong/so/{newer.pk}/con-hieu-luc/", {"ly_do": "Ghi nhầm"})
    newer.refresh_from_db()
    assert newer.state == AwardState.IN_FORCE


def test_a_row_of_nobody_is_tied_on_its_page(world: World) -> None:
    award = register("Lò Văn Mẫu", world.unit("phong-tho"), home=world.unit("huoi-luong"))
    person = make_record(world.unit("huoi-luong"), position="Bí thư chi bộ")
    client = client_of(world, "lanh-dao")
    assert "Bí thư chi bộ, xã Huổi Luông" in body(client, f"/khen-thuong/so/{award.pk}/")

    client.post(f"/khen-thuong/so/{award.pk}/ghep/", {"doi_tuong": f"person:{person.pk}"})

    award.refresh_from_db()
    assert award.person == person
    assert client_of(world, "mu-sang").post(f"/khen-thuong/so/{award.pk}/ghep/").status_code == 404


def test_a_list_is_handed_in_looked_at_and_entered(world: World) -> None:
    client = client_of(world, "lanh-dao")
    assert client.get("/khen-thuong/so/nhap/mau/").content.startswith(b"PK")
    keeper = str(world.unit("phong-tho").pk)

    def hand_in(raw: bytes) -> HttpResponseBase:
        upload = SimpleUploadedFile("so-cu.xlsx", raw)
        return client.post("/khen-thuong/so/nhap/", {"keeper": keeper, "file": upload})

    assert "không phải tệp Excel" in hand_in(b"abc").content.decode()  # type: ignore[attr-defined]
    wrong = body(client, hand_in(sheet({**USUAL, "A": ""})).url)  # type: ignore[attr-defined]
    assert "Ô A2" in wrong
    assert "Đưa 1 khoản" not in wrong
    address = hand_in(sheet(USUAL, person())).url  # type: ignore[attr-defined]
    assert "Đưa 2 khoản vào sổ" in body(client, address)

    client.post(f"{address}viec/", {"viec": "nhap"})

    assert RegisteredAward.objects.count() == 2
    assert "Đã vào sổ 2 khoản" in body(client, address)
    assert client_of(world, "huoi-luong").get(address).status_code == 404


def test_a_leader_says_that_the_register_is_complete(world: World) -> None:
    client = client_of(world, "lanh-dao")
    unit = world.unit("phong-tho")

    client.post("/khen-thuong/so/da-du/", {"unit": str(unit.pk), "ground": "Đã rà sổ từ 2015"})

    assert RegisterCoverage.objects.get().declared_on == TODAY
    assert "Đã rà sổ từ 2015" in body(client, "/khen-thuong/so/da-du/")
    assert client_of(world, "huoi-luong").get("/khen-thuong/so/da-du/").status_code == 403
