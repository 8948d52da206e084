"""The pages of reports: the board, a round, one's own, writing and sending, receiving, forms."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from thidua.core import clock
from thidua.movements.tests.makers import at, make_task
from thidua.reports.models import Report, ReportState, Round, RoundState
from thidua.reports.tests.makers import ask, make_merged, make_report, make_round
from thidua.reports.tests.test_sending import NOW, Asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():  # type: ignore[no-untyped-def]
    with clock.fixed_on(date(2023, 11, 5)):
        yield


@pytest.fixture
def asked() -> Asked:
    return Asked()


def signed_in(asked: Asked, username: str) -> Client:
    client = Client()
    client.force_login(asked.world.people[username])
    return client


def html(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_board_shows_each_unit_with_the_state_of_its_report(asked: Asked) -> None:
    make_report(asked.round, asked.world.unit("dao-san"), state=ReportState.SENT)
    late = make_report(asked.round, asked.world.unit("mu-sang"), due_on=date(2023, 11, 1))
    client = signed_in(asked, "thuong-truc")

    assert client.get("/bao-cao/").headers["Location"] == f"/bao-cao/ke-hoach/{asked.plan.pk}/"
    page = html(client, f"/bao-cao/ke-hoach/{asked.plan.pk}/")

    assert "<strong>1/3</strong> đã gửi, <strong>1</strong> đúng hạn" in page
    assert "quá hạn 4 ngày" in page
    assert f"/bao-cao/{late.pk}/" in page
    assert "còn 4 ngày" in page


def test_board_narrows_and_goes_to_excel(asked: Asked) -> None:
    make_report(asked.round, asked.world.unit("dao-san"), state=ReportState.SENT)
    client = signed_in(asked, "thuong-truc")
    address = f"/bao-cao/ke-hoach/{asked.plan.pk}/"

    sent = html(client, f"{address}?tinh_hinh=da_gui")
    book = client.get(f"{address}?dang=xlsx").content

    assert "xã Dào San" in sent
    assert "xã Huổi Luông" not in sent
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[:2] for row in rows] == [
        ["Đơn vị", "Năm 2023"],
        ["xã Dào San", "Đã gửi (06/11/2023)"],
        ["xã Huổi Luông", "Chưa gửi (còn 4 ngày)"],
    ]


def test_unit_is_led_to_its_own_reports(asked: Asked) -> None:
    client = signed_in(asked, "huoi-luong")

    assert client.get("/bao-cao/").headers["Location"] == "/bao-cao/cua-toi/"
    page = html(client, "/bao-cao/cua-toi/")

    assert "Báo cáo năm 2023" in page
    assert f'href="/bao-cao/{asked.report.pk}/"' in page


def test_unit_sees_what_is_filled_in_writes_and_sends(asked: Asked) -> None:
    asked.figures.give("poor_hh", "huoi-luong", 118)
    client = signed_in(asked, "huoi-luong")
    address = f"/bao-cao/{asked.report.pk}/"

    page = html(client, address)
    assert 'value="118"' in page
    assert "có sẵn trong hệ thống, mức sơ bộ" in page

    fields = {
        f"so_{asked.poor.pk}": "118",
        f"so_{asked.total.pk}": "1.000",
        f"tl_{asked.question.pk}": "Đã làm nhà.",
        "lan": "1",
    }
    saved = client.post(f"{address}viet/", {**fields, "luu": "1"})
    assert saved.status_code == 302
    asked.report.refresh_from_db()
    assert (asked.report.state, asked.report.edition) == (ReportState.DRAFT, 2)

    client.post(f"{address}viet/", {**fields, "lan": "2", "gui": "1"})
    asked.report.refresh_from_db()
    assert asked.report.state == ReportState.SENT
    poor = asked.report.figures.get(item=asked.poor)
    assert (poor.origin, str(poor.counted)) == ("he_thong", "118.0000")
    assert "Rút về để sửa" in html(client, address)


def test_newer_figures_are_fetched_on_request_and_typed_ones_stay(asked: Asked) -> None:
    client = signed_in(asked, "huoi-luong")
    address = f"/bao-cao/{asked.report.pk}/viet/"
    client.post(address, {f"so_{asked.poor.pk}": "120", f"so_{asked.total.pk}": ""})
    asked.figures.give("poor_hh", "huoi-luong", 118)
    asked.figures.give("total_households", "huoi-luong", 1001)

    client.post(address, {f"so_{asked.poor.pk}": "120", f"so_{asked.total.pk}": "", "lay_lai": "1"})

    amounts = {one.item: str(one.amount) for one in asked.report.figures.all()}
    assert (amounts[asked.poor], amounts[asked.total]) == ("120.0000", "1001.0000")


def test_page_of_a_report_asks_as_much_for_many_items_as_for_few(asked: Asked) -> None:
    client = signed_in(asked, "huoi-luong")
    address = f"/bao-cao/{asked.report.pk}/"
    counts = []
    for more in (0, 12):
        for n in range(more):
            ask(asked.form, f"cau-{n}", is_required=False)
            make_task(asked.plan, asked.world.unit("huoi-luong"), title=f"Việc {n}")
        client.post(f"{address}viet/", {"lay_lai": "1"})
        html(client, address)  # the tree of the day is kept after the first visit
        with CaptureQueriesContext(connection) as caught:
            html(client, address)
        counts.append(len(caught))

    assert counts[0] == counts[1]


def test_number_that_cannot_be_read_stays_on_the_page_and_saves_nothing(asked: Asked) -> None:
    client = signed_in(asked, "huoi-luong")

    response = client.post(
        f"/bao-cao/{asked.report.pk}/viet/", {f"so_{asked.poor.pk}": "12x", f"so_{asked.total.pk}": "5"}
    )

    assert response.status_code == 422
    page = response.content.decode()
    assert 'value="12x"' in page
    assert "Chưa đọc được số này" in page
    assert not asked.report.figures.filter(amount=5).exists()


def test_sending_with_gaps_says_which_and_keeps_the_draft(asked: Asked) -> None:
    client = signed_in(asked, "huoi-luong")

    response = client.post(f"/bao-cao/{asked.report.pk}/viet/", {f"so_{asked.poor.pk}": "5", "gui": "1"})

    assert response.status_code == 422
    assert "Chưa gửi được báo cáo" in response.content.decode()
    asked.report.refresh_from_db()
    assert asked.report.state == ReportState.DRAFT


def test_stale_page_does_not_overwrite(asked: Asked) -> None:
    client = signed_in(asked, "huoi-luong")
    address = f"/bao-cao/{asked.report.pk}/viet/"
    client.post(address, {f"so_{asked.poor.pk}": "5", "lan": "1"})

    response = client.post(address, {f"so_{asked.poor.pk}": "6", "lan": "1"})

    assert response.status_code == 409
    assert str(asked.report.figures.get(item=asked.poor).amount) == "5.0000"


def test_receiver_sees_nothing_of_a_draft(asked: Asked) -> None:
    officer = signed_in(asked, "huoi-luong")
    officer.post(f"/bao-cao/{asked.report.pk}/viet/", {f"tl_{asked.question.pk}": "Bí mật nháp"})

    page = html(signed_in(asked, "thuong-truc"), f"/bao-cao/{asked.report.pk}/")

    assert "Đơn vị chưa gửi báo cáo này." in page
    assert "Bí mật nháp" not in page


def test_receiver_returns_with_a_mark_that_the_unit_sees_at_its_place(asked: Asked) -> None:
    asked.sent()
    client = signed_in(asked, "thuong-truc")
    page = html(client, f"/bao-cao/{asked.report.pk}/")
    assert "Đã làm nhà cho 12 hộ." in page
    assert "Nhận báo cáo" in page

    client.post(
        f"/bao-cao/{asked.report.pk}/tra-lai/", {"ly_do": "Xem lại", f"cho_{asked.poor.pk}": "Cao quá"}
    )

    page = html(signed_in(asked, "huoi-luong"), f"/bao-cao/{asked.report.pk}/")
    assert "<strong>Bị trả lại:</strong> Xem lại" in page
    assert "Cần sửa: Cao quá" in page


def test_receiver_accepts_unlocks_and_the_unit_changes_only_that(asked: Asked) -> None:
    asked.sent()
    client, officer = signed_in(asked, "thuong-truc"), signed_in(asked, "huoi-luong")
    address = f"/bao-cao/{asked.report.pk}/"

    client.post(f"{address}nhan/")
    client.post(
        f"{address}mo-khoa/", {"items": [asked.poor.pk], "last_day": "2023-11-07", "reason": "Nhập nhầm"}
    )
    page = html(officer, address)
    assert "Được mở khóa đến" in page
    assert f'name="so_{asked.poor.pk}"' in page
    assert f'name="so_{asked.total.pk}"' not in page
    officer.post(f"{address}sua-phan-mo/", {f"so_{asked.poor.pk}": "119", f"gt_{asked.poor.pk}": ""})

    assert str(asked.report.figures.get(item=asked.poor).amount) == "119.0000"
    assert "sau mở khóa" in html(client, address)


def test_round_page_counts_reminds_and_accepts_all(asked: Asked) -> None:
    asked.sent()
    make_report(asked.round, asked.world.unit("dao-san"), due_on=date(2023, 11, 1))
    make_merged(asked.round)
    client = signed_in(asked, "thuong-truc")
    address = f"/bao-cao/dot/{asked.round.pk}/"

    page = html(client, address)
    assert "Nhận cả 1 báo cáo đang chờ" in page
    assert "1 đơn vị quá hạn" in page
    client.post(f"{address}don-doc/", {"noi_dung": "Gửi ngay", "ai": "cham"})
    client.post(f"{address}nhan-tat-ca/")
    again = client.post(f"{address}don-doc/", {"noi_dung": "Gửi ngay", "ai": "cham"})

    assert again.status_code == 422
    assert "được đôn đốc hôm nay" in again.content.decode()
    asked.report.refresh_from_db()
    assert asked.report.state == ReportState.ACCEPTED
    assert "<strong>1 đơn vị</strong>" in html(client, address)


def test_officer_plans_an_irregular_round_opens_it_and_adds_a_unit(asked: Asked) -> None:
    client = signed_in(asked, "thuong-truc")
    unit = asked.world.unit("dao-san")
    make_task(asked.plan, unit)
    html(client, f"/bao-cao/ke-hoach/{asked.plan.pk}/dot-moi/")
    response = client.post(
        f"/bao-cao/ke-hoach/{asked.plan.pk}/dot-moi/",
        {
            "kind": "dot_xuat",
            "since": "2023-01-01",
            "last_day": "2023-10-31",
            "opens_on": "2023-11-05",
            "units_due_on": "2023-11-15",
            "units": [unit.pk],
            "reason": "Công văn 12",
        },
    )
    assert response.status_code == 302, response.content.decode()
    round_ = Round.objects.get(kind="dot_xuat")
    page = html(client, f"/bao-cao/dot/{round_.pk}/")
    assert "Sẽ hỏi 1 đơn vị" in page
    assert "Lập mẫu để xem và sửa trước" in page
    made = [client.post(f"/bao-cao/dot/{round_.pk}/viec/", {"viec": "mau"}).headers["Location"] for _ in "ab"]
    round_.refresh_from_db()
    assert made == [f"/bao-cao/mau/{round_.form_id}/"] * 2

    client.post(f"/bao-cao/dot/{round_.pk}/viec/", {"viec": "open"})
    client.post(f"/bao-cao/dot/{round_.pk}/them-don-vi/", {"don_vi": "xã Mù Sang"})

    round_.refresh_from_db()
    assert round_.state == RoundState.OPEN
    assert sorted(one.unit.key for one in round_.reports.all()) == ["dao-san", "mu-sang"]


def test_form_is_changed_before_the_round_opens_and_renewed_afterwards(asked: Asked) -> None:
    client = signed_in(asked, "thuong-truc")
    asked.round.state = RoundState.PLANNED
    asked.round.save()
    form = asked.form
    html(client, f"/bao-cao/mau/{form.pk}/")
    html(client, f"/bao-cao/mau/{form.pk}/muc/")

    added = client.post(
        f"/bao-cao/mau/{form.pk}/muc/",
        {"section": "cau_hoi", "title": "Kiến nghị với tỉnh", "lifts": "kien_nghi"},
    )
    assert added.status_code == 302, added.content.decode()
    item = form.items.get(title="Kiến nghị với tỉnh")
    client.post(f"/bao-cao/mau/{form.pk}/muc/{item.pk}/viec/", {"viec": "len"})
    client.post(f"/bao-cao/mau/{form.pk}/", {"name": "Mẫu mới", "intro": "Ghi ngắn", "explain_percent": "30"})
    assert "Kiến nghị với tỉnh" in html(client, f"/bao-cao/mau/{form.pk}/xem-truoc/?loai=commune")

    asked.round.state, asked.round.opened_at = RoundState.OPEN, NOW
    asked.round.save()
    refused = client.post(f"/bao-cao/mau/{form.pk}/muc/{item.pk}/viec/", {"viec": "bo"})
    assert refused.status_code == 422
    later = make_round(asked.plan, form, year=2024, state=RoundState.PLANNED)
    client.post(f"/bao-cao/mau/{form.pk}/phien-ban-moi/")
    later.refresh_from_db()
    assert later.form is not None
    assert (later.form.number, later.form.replaces) == (2, form)
    assert later.form.items.count() == form.items.count()


def test_photo_is_attached_and_only_who_may_read_gets_it(asked: Asked) -> None:
    ask(asked.form, "tep", "tep", is_required=False)  # type: ignore[arg-type]
    officer = signed_in(asked, "huoi-luong")
    address = f"/bao-cao/{asked.report.pk}/"

    wrong = officer.post(f"{address}tep/", {"file": SimpleUploadedFile("anh.jpg", b"khong phai anh")})
    right = officer.post(
        f"{address}tep/", {"file": SimpleUploadedFile("anh.jpg", b"\xff\xd8\xff..."), "caption": "Nhà mới"}
    )

    assert (wrong.status_code, right.status_code) == (422, 302)
    [attachment] = asked.report.attachments.all()
    assert officer.get(f"{address}tep/{attachment.pk}/").status_code == 200
    assert signed_in(asked, "thuong-truc").get(f"{address}tep/{attachment.pk}/").status_code == 404
    assert signed_in(asked, "dao-san").get(f"{address}tep/{attachment.pk}/").status_code == 404


def test_stranger_and_other_commune_do_not_learn_that_a_report_exists(asked: Asked) -> None:
    asked.sent()
    for username in ("dao-san", "nguoi-la"):
        client = signed_in(asked, username)
        assert client.get(f"/bao-cao/{asked.report.pk}/").status_code == 404
        assert client.get(f"/bao-cao/dot/{asked.round.pk}/").status_code == 404
        assert client.get(f"/bao-cao/mau/{asked.form.pk}/").status_code == 404


def test_report_of_an_ended_commune_is_read_by_its_successor(asked: Asked) -> None:
    Report.objects.filter(pk=asked.report.pk).update(
        state=ReportState.ACCEPTED, sent_at=NOW, first_sent_on=date(2023, 11, 5)
    )
    with clock.fixed_on(date(2025, 8, 1)):
        page = html(signed_in(asked, "xa-moi"), f"/bao-cao/{asked.report.pk}/")

    assert "xã Huổi Luông" in page
    assert at(date(2025, 8, 1)) > NOW
