"""The pages around a decision, from the round to the printed file, without a browser."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from thidua.awards.decisions import designs, drawing, layout, printing
from thidua.awards.decisions.tests.makers import NOW, decided, issue, passed_round, with_clerk
from thidua.awards.models import (
    AwardDecision,
    Bonus,
    Certificate,
    CertificateDesign,
    CertificatePrint,
    RegisteredAward,
)
from thidua.core import clock
from thidua.core.text import nfc
from thidua.jobs.worker import run_pending
from thidua.organisations.tests.world import DAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world() -> World:
    return with_clerk()


def signed_in_as(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def test_from_the_round_to_paid_and_handed_over(world: World) -> None:
    round_ = passed_round(world)
    client = signed_in_as(world, "thuong-truc")
    page = client.get(reverse("awards:new_decision", args=[round_.pk]))
    assert "xã Huổi Luông" in page.text

    rows = [str(one.pk) for one in round_.candidates.filter(state="hd_dong_y")]
    answer = client.post(
        reverse("awards:new_decision", args=[round_.pk]), {"chon": rows, "fund": "quy_cap_nay"}
    )
    decision = AwardDecision.objects.get()
    assert answer.headers["Location"] == reverse("awards:decision", args=[decision.pk])
    client.post(reverse("awards:decision_act", args=[decision.pk]), {"viec": "soan"})
    decision.refresh_from_db()
    assert decision.paper is not None
    issue(decision.paper, world)

    shown = client.get(reverse("awards:decision", args=[decision.pk])).text
    assert "01/QĐ-UBND" in shown
    assert "2.700.000 đồng" in shown
    bonuses = [str(one.pk) for one in Bonus.objects.all()]
    client.post(
        reverse("awards:decision_bonuses", args=[decision.pk]),
        {"chon": bonuses, "paid_on": "2023-11-05", "note": "PC 1"},
    )
    assert Bonus.objects.filter(paid_on=DAY).count() == 3
    rows = [str(one.pk) for one in Certificate.objects.all()]
    client.post(
        reverse("awards:decision_hand_over", args=[decision.pk]), {"chon": rows[:2], "on": "2023-11-05"}
    )
    assert Certificate.objects.filter(handed_on=DAY).count() == 2
    book = client.get(reverse("awards:decision_hand_over", args=[decision.pk]), {"dang": "xlsx"})
    assert "spreadsheetml" in book.headers["Content-Type"]


@pytest.mark.parametrize("wanted", ["pdf", "zip"])
def test_certificates_are_printed_by_a_worker(world: World, wanted: str) -> None:
    decision = decided(world)
    client = signed_in_as(world, "van-thu")
    client.post(
        reverse("awards:print_certificates", args=[decision.pk]), {"kind": "ca_trang", "dang": wanted}
    )
    asked = CertificatePrint.objects.get()
    assert "Đang in" in client.get(reverse("awards:print", args=[asked.pk])).text

    assert run_pending() == 1

    answer = client.get(reverse("awards:print_file", args=[asked.pk]))
    raw = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    if wanted == "zip":
        packed = zipfile.ZipFile(io.BytesIO(raw))
        assert packed.namelist() == ["1-Xa-Dao-San.pdf", "2-Xa-Huoi-Luong.pdf", "3-Ba-Giang-Thi-Vi-Du.pdf"]
        raw = packed.read("3-Ba-Giang-Thi-Vi-Du.pdf")
    document = pypdfium2.PdfDocument(raw)
    words = nfc(document[len(document) - 1].get_textpage().get_text_range())
    assert "Bà Giàng Thị Ví Dụ" in words
    assert "Quyết định số 01/QĐ-UBND ngày 05/11/2023" in words
    assert "Số sổ vàng: 3" in words
    assert Certificate.objects.exclude(printed_at=None).count() == 3
    # drawn again, it stays
    first = CertificatePrint.objects.get().file_id
    printing.draw(CertificatePrint.objects.select_related("design", "decision").get(), now=NOW)
    assert CertificatePrint.objects.get().file_id == first


def test_a_design_is_changed_by_versions(world: World) -> None:
    client = signed_in_as(world, "thuong-truc")
    passed_round(world)
    district = world.unit("phong-tho")
    client.post(
        reverse("awards:new_design"),
        {"unit": district.pk, "form": "giay-khen", "kind": "in_chong", "size": "a3"},
    )
    first = CertificateDesign.objects.get()
    found = designs.layout_of(first)
    assert (found.width, found.height) == tuple(map(float, layout.A3))
    values: dict[str, object] = {
        "width": 420,
        "height": 297,
        "border": "khong",
        "offset_x": "2.5",
        "offset_y": "-1",
    }
    for one in found.fields:
        for name in ("text", "x", "y", "width", "height", "size", "colour"):
            values[f"{one.key}-{name}"] = getattr(one, name)
        values[f"{one.key}-align"] = one.align.value
        for name in ("is_on", "is_bold", "is_italic"):
            if getattr(one, name):
                values[f"{one.key}-{name}"] = "on"
    wrong = client.post(reverse("awards:design", args=[first.pk]), {**values, "ten-x": "900"})
    assert wrong.status_code == 422
    assert "nằm ngoài trang giấy" in wrong.text
    client.post(reverse("awards:design", args=[first.pk]), {**values, "ten-x": "70"})

    second = CertificateDesign.objects.get(number=2)
    now_is = designs.layout_of(second)
    assert (now_is.offset_x, now_is.offset_y, now_is.field("ten").x) == (2.5, -1.0, 70.0)
    client.post(reverse("awards:design", args=[second.pk]), {"viec": "dung"})
    assert designs.in_use(district.pk, "giay-khen", "in_chong") == second
    picture = client.get(reverse("awards:design_picture", args=[second.pk]), {"khung": "1"})
    assert picture.content.startswith(b"\x89PNG")
    ruler = client.get(reverse("awards:design_calibration", args=[second.pk])).content
    assert ruler == drawing.calibration(now_is)


def test_anybody_may_check_without_signing_in(world: World) -> None:
    decided(world)
    code = Certificate.objects.get(award__person__isnull=False).code
    guest = Client()

    shown = guest.get(f"/kiem-tra-khen-thuong/{code}/")
    assert "Có thật, còn hiệu lực" in shown.text
    assert "Bà Giàng Thị Ví Dụ" in shown.text
    assert shown.headers["Cache-Control"] == "public, max-age=60"
    assert not shown.cookies
    assert guest.get("/kiem-tra-khen-thuong/KHONGCOTHAT1/").status_code == 404
    by_name = guest.get("/kiem-tra-khen-thuong/", {"so": "01/QĐ-UBND", "ten": "Giang Thi Vi Du"})
    assert "Có thật" in by_name.text
    half = guest.get("/kiem-tra-khen-thuong/", {"so": "01/QĐ-UBND", "ten": ""}).content.decode()
    assert "Ghi cả họ tên như trên bằng" in half
    assert "Không tìm thấy" not in half
    assert "không bắt buộc" not in half
    by_code = guest.get("/kiem-tra-khen-thuong/", {"ma": code.lower()})
    assert by_code.headers["Location"] == f"/kiem-tra-khen-thuong/{code}/"


def test_a_unit_sees_the_decision_about_it_and_a_stranger_none(world: World) -> None:
    decision = decided(world)
    address = reverse("awards:decision", args=[decision.pk])
    assert signed_in_as(world, "huoi-luong").get(address).status_code == 200
    assert signed_in_as(world, "mu-sang").get(address).status_code == 404
    assert signed_in_as(world, "huoi-luong").get(
        reverse("awards:print_certificates", args=[decision.pk])
    ).status_code in (403, 404)


def test_a_revocation_and_a_correction_begin_from_an_award(world: World) -> None:
    decided(world)
    award = RegisteredAward.objects.get(person__isnull=False)
    client = signed_in_as(world, "thuong-truc")
    page = client.get(reverse("awards:revoke_award", args=[award.pk]))
    assert "kê khai gian dối" in page.text.lower()
    client.post(
        reverse("awards:revoke_award", args=[award.pk]),
        {"ground": "kê khai gian dối", "reason": "Kết luận số 5"},
    )
    made = AwardDecision.objects.get(kind="huy_bo")
    assert "Quyết định hủy bỏ, thu hồi" in client.get(reverse("awards:decision", args=[made.pk])).text
    other = RegisteredAward.objects.exclude(pk=award.pk).first()
    assert other is not None
    client.post(
        reverse("awards:correct_award", args=[other.pk]),
        {"name": "Xã Đúng", "detail": "", "achievement": other.achievement, "reason": "Sai tên"},
    )
    letter = AwardDecision.objects.get(kind="dinh_chinh")
    assert "Xã Đúng" in client.get(reverse("awards:decision", args=[letter.pk])).text
