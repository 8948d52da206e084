"""Pages of households: who sees names, what is logged, masked exports, equal query counts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.criteria import lawbook
from thidua.documents.file_store import bytes_of, hash_of
from thidua.households.classes import PovertyClass
from thidua.households.models import Assessment, BulkFile, Household
from thidua.households.standards import standard_of
from thidua.households.tests.makers import COMPLETE, make_assessment, make_household, make_review
from thidua.indicators.models import Indicator, Value
from thidua.jobs.worker import run_pending
from thidua.organisations.models import Role, UnitKind
from thidua.organisations.tests.world import DAY, World, make_person, make_unit, phong_tho

NAME = "Giàng Thị Mẫu"
REGISTER, REVIEW = "/ho-gia-dinh/huoi-luong/", "/ho-gia-dinh/huoi-luong/ra-soat/2023/"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(db: None) -> World:
    world = phong_tho()
    world.people["chu-tich"] = make_person("chu-tich", (world.unit("huoi-luong"), Role.LEADER))
    commune = world.unit("huoi-luong")
    household = make_household(commune, "HL-001", NAME)
    make_household(commune, "HL-002", "Lý A Sò")
    make_assessment(household, make_review(commune, 2022), PovertyClass.POOR)
    make_assessment(household, make_review(commune, 2023, **COMPLETE), PovertyClass.NEAR_POOR)
    return world


def signed_in(client: Client, world: World, username: str) -> Client:
    client.force_login(world.people[username])
    return client


def text_of(content: bytes) -> str:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return "\n".join(
        str(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
    )


def test_officer_of_the_commune_reads_names_and_that_is_logged(client: Client, world: World) -> None:
    signed_in(client, world, "huoi-luong")

    for address in (REGISTER, f"{REVIEW}ket-qua/"):
        assert NAME in client.get(address).content.decode()

    opened = Entry.objects.filter(action="households.household.read").order_by("number")
    assert [(row.user, row.details) for row in opened] == [
        (world.people["huoi-luong"], '{"rows":2,"what":"sổ hộ"}'),
        (world.people["huoi-luong"], '{"rows":2,"what":"kết quả 2023"}'),
    ]


@pytest.mark.parametrize("username", ["thuong-truc", "lanh-dao", "tinh", "quan-tri", "nguoi-xem"])
def test_levels_above_see_counts_and_never_a_name(client: Client, world: World, username: str) -> None:
    signed_in(client, world, username)
    household = world.unit("huoi-luong").households.get(code="HL-001")

    if username not in {"thuong-truc"}:
        counts = client.get(REGISTER)
        assert counts.status_code == 200
        assert "Các đợt rà soát" in counts.content.decode()
    for address in (
        "/ho-gia-dinh/",
        "/ho-gia-dinh/?dang=xlsx",
        REGISTER,
        f"{REGISTER}?tim=giang",
        f"{REGISTER}?dang=xlsx",
        REVIEW,
        f"{REVIEW}ket-qua/",
        f"{REVIEW}ket-qua/?dang=xlsx",
        f"{REVIEW}ho/{household.pk}/",
        f"{REGISTER}ho/{household.pk}/",
    ):
        response = client.get(address)
        content = response.content.decode(errors="ignore")
        if response.content.startswith(b"PK"):
            content = text_of(response.content)
        assert NAME not in content, address
        assert "Giàng" not in content, address
    assert client.post(f"{REGISTER}co-ten/", {"ly_do": "Cần"}).status_code == 403
    assert client.post(f"{REVIEW}ket-qua/", {"ly_do": "Cần"}).status_code == 403


def test_other_commune_sees_nothing(client: Client, world: World) -> None:
    signed_in(client, world, "dao-san")

    assert client.get(REGISTER).status_code == 403
    assert client.get(REVIEW).status_code == 403


def test_export_is_masked_and_unmasked_for_a_reason(client: Client, world: World) -> None:
    signed_in(client, world, "huoi-luong")

    for address, post in ((REGISTER, f"{REGISTER}co-ten/"), (f"{REVIEW}ket-qua/", f"{REVIEW}ket-qua/")):
        masked = text_of(client.get(f"{address}?dang=xlsx").content)
        assert ("G. T. M." in masked, NAME in masked) == (True, False)
        assert client.post(post, {"ly_do": " "}).status_code == 422
        assert NAME in text_of(client.post(post, {"ly_do": "Làm thẻ bảo hiểm y tế"}).content)
    reasons = Entry.objects.filter(action="households.household.unmask").values_list("reason", flat=True)
    assert list(reasons) == ["Làm thẻ bảo hiểm y tế"] * 2


def survey_answers(**changed: str) -> dict[str, str]:
    return {"khu_vuc": "nong_thon", "diem_b1": "120", **{f"th{n}": "0" for n in range(1, 13)}, **changed}


def test_survey_explains_while_answering_and_saves(client: Client, world: World) -> None:
    signed_in(client, world, "huoi-luong")
    household = world.unit("huoi-luong").households.get(code="HL-002")
    address = f"{REVIEW}ho/{household.pk}/"

    part = client.post(address, survey_answers(th1="1", th4="1", th9="1"), headers={"HX-Request": "true"})
    assert "Phân loại: Hộ nghèo" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert Assessment.objects.filter(household=household).count() == 0
    page = client.post(address, {**survey_answers(th1="1"), "xem": "1"}).content.decode()
    assert "Phân loại: Hộ cận nghèo" in page
    assert Assessment.objects.filter(household=household).count() == 0

    saved = client.post(address, {**survey_answers(th1="1", th4="1", th9=""), "luu": "1"}, follow=True)

    assert "Chưa xác định được" in saved.content.decode()
    assert "Cần hỏi thêm: Nguồn nước sinh hoạt." in saved.content.decode()
    assert Assessment.objects.get(household=household).deprivations == "10010000-000"


def test_household_is_added_and_a_double_code_is_refused(client: Client, world: World) -> None:
    signed_in(client, world, "huoi-luong")
    given = {"ma": "HL-003", "chu_ho": "Vàng A Páo", "khu_vuc": "nong_thon", "tu_ngay": "2023-01-01"}

    added = client.post(f"{REGISTER}ho/moi/", given, follow=True)
    again = client.post(f"{REGISTER}ho/moi/", given)

    assert "Hộ HL-003: Vàng A Páo" in added.content.decode()
    assert "mã hộ này đã có trong xã" in again.content.decode()


def test_leader_recognises_and_the_page_freezes(client: Client, world: World) -> None:
    Indicator.objects.create(
        code="poor_hh", name="Số hộ nghèo", kind="count", system="ra_soat", measure="hộ", aggregation="sum"
    )
    signed_in(client, world, "chu-tich")

    page = client.post(
        f"{REVIEW}viec/", {"viec": "cong-nhan", "so": "45/QĐ-UBND", "ngay": "2023-11-03"}, follow=True
    ).content.decode()

    assert "Đã công nhận kết quả" in page
    assert "Công nhận theo 45/QĐ-UBND ngày 03/11/2023" in page
    assert "Lưu các bước" not in page
    assert Value.objects.get().amount == 0


def test_refusal_to_recognise_says_what_is_missing(client: Client, world: World) -> None:
    world.unit("huoi-luong").reviews.filter(year=2023).update(households_total=None)
    signed_in(client, world, "chu-tich")

    response = client.post(f"{REVIEW}viec/", {"viec": "cong-nhan", "so": "45", "ngay": "2023-11-03"})

    assert response.status_code == 422
    assert "chưa ghi tổng số hộ của xã" in response.content.decode().lower()


@pytest.mark.parametrize("address", [REGISTER, f"{REVIEW}ket-qua/", REVIEW, "/ho-gia-dinh/"])
def test_query_count_does_not_depend_on_rows(client: Client, world: World, address: str) -> None:
    signed_in(client, world, "huoi-luong")
    commune = world.unit("huoi-luong")
    review = commune.reviews.get(year=2023)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for number in range(10, 40):
        make_assessment(make_household(commune, f"HL-{number}"), review, PovertyClass.POOR)

    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(few)


def csv_upload(rows: str) -> SimpleUploadedFile:
    heading = "Mã hộ,Khu vực,DTTS,Điểm B1," + ",".join(f"TH{n}" for n in range(1, 13))
    return SimpleUploadedFile("ho.csv", f"{heading}\n{rows}".encode())


POOR_ROW = "1,nông thôn,1,120,1,1,1,0,0,0,0,0,0,0,0,0\n"


@pytest.mark.django_db(transaction=True)
def test_file_is_handed_in_classified_and_entered_once(client: Client) -> None:
    world = phong_tho()
    Indicator.objects.create(
        code="poor_hh", name="Số hộ nghèo", kind="count", system="ra_soat", measure="hộ", aggregation="sum"
    )
    signed_in(client, world, "huoi-luong")
    given = {"dia_ban": "huoi-luong", "nam": "2023"}

    page = client.post("/ho-gia-dinh/tep/", {**given, "tep": csv_upload(POOR_ROW)}, follow=True)
    assert "Đang làm" in page.content.decode()
    assert run_pending() == 1
    one = BulkFile.objects.get()
    assert "1 dòng tốt, 0 dòng lỗi" in client.get(f"/ho-gia-dinh/tep/{one.pk}/").content.decode()
    for sentence in ("Đã ghi 1 số liệu sơ bộ, 0 số đã có sẵn", "Đã ghi 0 số liệu sơ bộ, 1 số đã có sẵn"):
        assert sentence in client.post(f"/ho-gia-dinh/tep/{one.pk}/dua-vao/", follow=True).content.decode()
    client.post("/ho-gia-dinh/tep/", {**given, "tep": csv_upload(POOR_ROW)})

    assert (BulkFile.objects.count(), Value.objects.count()) == (1, 1)
    assert (Value.objects.get().amount, Value.objects.get().unit) == (Decimal(1), world.unit("huoi-luong"))
    signed_in(client, world, "dao-san")
    assert client.get(f"/ho-gia-dinh/tep/{one.pk}/").status_code == 403


def test_file_that_is_too_large_is_refused(client: Client, world: World, settings: Any) -> None:
    settings.HOUSEHOLD_FILE_MAX_BYTES = 1024 * 1024
    signed_in(client, world, "huoi-luong")

    page = client.post(
        "/ho-gia-dinh/tep/",
        {"dia_ban": "huoi-luong", "nam": "2023", "tep": csv_upload(POOR_ROW + " " * 1024 * 1024)},
    ).content.decode()

    assert "tệp lớn hơn 1 MB" in page
    assert BulkFile.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_file_with_bad_rows_is_told_and_not_entered(client: Client) -> None:
    world = phong_tho()
    signed_in(client, world, "huoi-luong")

    client.post(
        "/ho-gia-dinh/tep/",
        {"dia_ban": "huoi-luong", "nam": "2023", "tep": csv_upload(POOR_ROW + POOR_ROW)},
    )
    run_pending()

    one = BulkFile.objects.get()
    page = client.get(f"/ho-gia-dinh/tep/{one.pk}/").content.decode()
    assert "mã hộ «1» đã có ở dòng 2" in page
    assert client.post(f"/ho-gia-dinh/tep/{one.pk}/dua-vao/").status_code == 422


def test_day_of_the_page_is_fixed() -> None:
    assert clock.today() == date(2023, 11, 5)


# --- villages, local standards, large files --------------------------------------------------------


def test_village_is_chosen_and_its_people_read_the_household(client: Client, world: World) -> None:
    village = make_unit("ban-mot", "bản Một", UnitKind.VILLAGE, parent=world.unit("huoi-luong"))
    world.people["truong-ban"] = make_person("truong-ban", (village, Role.UNIT_OFFICER))
    signed_in(client, world, "huoi-luong")
    address = f"{REGISTER}ho/{world.unit('huoi-luong').households.get(code='HL-001').pk}/"
    form = client.get(address).context["form"]
    assert [label for _, label in form.fields["thon_don_vi"].choices][1:] == ["bản Một"]

    sent = {name: form.initial.get(name) or "" for name in form.fields}
    assert client.post(address, {**sent, "thon_don_vi": village.pk}).status_code == 302
    one = Household.objects.get(code="HL-001")
    assert (one.village, one.village_name) == (village, "bản Một")
    assert client.post(address, {**sent, "thon_don_vi": world.unit("dao-san").pk}).status_code == 200
    assert Household.objects.get(code="HL-001").village == village

    theirs = signed_in(Client(), world, "truong-ban").get(REGISTER).content.decode()
    assert NAME in theirs
    assert "Lý A Sò" not in theirs


def test_commune_without_villages_writes_the_name_only(client: Client, world: World) -> None:
    form = signed_in(client, world, "huoi-luong").get(f"{REGISTER}ho/moi/").context["form"]
    assert "thon_don_vi" not in form.fields


@pytest.fixture
def _local_standard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The lawbook with a standard of the province: 160 points instead of 140."""
    shutil.copytree(lawbook.FOLDER, tmp_path / "lawbook")
    text = (
        "place: lai-chau\ncitation: Nghị quyết của tỉnh mẫu\n"
        "since: 2022-01-01\nuntil: 2026-01-01\nparameters:\n"
        "  poverty.income_line.rural: {value: 1800000, unit: đồng, name: Chuẩn riêng, confirmed: false}\n"
        "  poverty.b1.line.rural: {value: 160, unit: điểm, name: Điểm riêng, confirmed: false}\n"
    )
    (tmp_path / "lawbook" / "local" / "lai_chau.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(lawbook, "FOLDER", tmp_path / "lawbook")
    for cached in (lawbook.book, standard_of):
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in (lawbook.book, standard_of):
        cached.cache_clear()


@pytest.mark.usefixtures("_local_standard")
def test_the_standard_of_the_province_is_explained_beside_the_national_one(
    client: Client, world: World
) -> None:
    one = world.unit("huoi-luong").households.get(code="HL-001")
    answers = {f"th{place}": "1" if place < 4 else "0" for place in range(1, 13)}
    sent = {"khu_vuc": "nong_thon", "diem_b1": "150", **answers}
    signed_in(client, world, "huoi-luong")
    address = f"{REVIEW}ho/{one.pk}/"
    sent["khu_vuc"] = client.get(address).context["form"].initial["khu_vuc"]
    page = " ".join(client.post(address, {**sent, "xem": "1"}).content.decode().split())
    assert "Theo chuẩn quốc gia: Không nghèo, không cận nghèo" in page
    assert "Theo chuẩn của tỉnh: Hộ nghèo" in page
    assert "Hai chuẩn cho hai kết quả" in page
    assert "Nghị quyết của tỉnh mẫu" in page

    client.post(address, {**sent, "luu": "1"})
    saved = Assessment.objects.get(household=one, review__year=2023)
    assert (saved.local_class, saved.national_class == PovertyClass.POOR) == (PovertyClass.POOR, False)


def test_without_a_standard_of_the_province_only_the_national_one_is_shown(
    client: Client, world: World
) -> None:
    one = world.unit("huoi-luong").households.get(code="HL-001")
    page = signed_in(client, world, "huoi-luong").get(f"{REVIEW}ho/{one.pk}/").content.decode()
    assert "Theo chuẩn của tỉnh" not in page


def test_large_file_is_kept_piece_by_piece(client: Client, world: World, settings: Settings) -> None:
    """More than what forms keep in memory; and over the limit it is refused before anything is kept."""
    head = "mã hộ,khu vực,điểm B1\n"
    raw = (head + "".join(f"h{number},nông thôn,120\n" for number in range(150_000))).encode()
    assert len(raw) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    signed_in(client, world, "huoi-luong")
    sent = {"dia_ban": "huoi-luong", "nam": "2023", "tep": SimpleUploadedFile("ho.csv", raw)}
    assert client.post("/ho-gia-dinh/tep/", sent).status_code == 302
    kept = BulkFile.objects.get().file
    assert (kept.size_bytes, kept.sha256) == (len(raw), hash_of(raw))
    assert bytes_of(kept) == raw

    settings.HOUSEHOLD_FILE_MAX_BYTES = 1024
    sent["tep"] = SimpleUploadedFile("ho-2.csv", raw + b"x,1,2\n")
    refused = client.post("/ho-gia-dinh/tep/", sent)
    assert "lớn hơn" in refused.content.decode()
    assert BulkFile.objects.count() == 1
