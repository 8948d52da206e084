"""The pages of merging: gaps first, pieces decided, the paper seen, and only by those who may."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from thidua.accounts.models import User
from thidua.core import clock
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.indicators.models import Value
from thidua.jobs.models import Job
from thidua.jobs.worker import run_pending
from thidua.reports import merging
from thidua.reports.merge_pages import shown
from thidua.reports.models import Merging, PieceChoice, Report, ReportState
from thidua.reports.tests.test_merging import NOW, Merge, one

pytestmark = pytest.mark.django_db
__all__ = ["one"]


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.fixed_on(NOW.date()):
        yield


def client(username: str) -> Client:
    found = Client()
    found.force_login(User.objects.get(username=username))
    return found


def page(username: str, address: str) -> str:
    return client(username).get(address).content.decode()


def test_before_merging_the_page_says_who_is_missing(one: Merge) -> None:
    html = page("thuong-truc", f"/bao-cao/{one.merged.pk}/tong-hop/")

    assert "2/3" in html
    assert "xã Mù Sang: đã gửi." in html
    assert "Tổng hợp báo cáo" in html


def test_merging_on_the_page_shows_gaps_figures_and_units(one: Merge) -> None:
    address = f"/bao-cao/{one.merged.pk}/tong-hop/"
    done = client("thuong-truc").post(f"{address}lap/", follow=True)
    html = done.content.decode()

    assert "Đã tổng hợp 2 báo cáo (lần 1)." in html
    assert "Xã Mù Sang đã gửi báo cáo nhưng chưa được nhận." in html
    assert "700 hộ" in html
    poor = one.merged.figures.get(item=one.items["poor_and_near_poor_hh"])
    units = page("thuong-truc", f"{address}?so={poor.pk}")
    assert units.index("Xã Mù Sang") < units.index("Xã Dào San")
    assert ">300 hộ<" in units


def test_pieces_are_decided_on_the_page(one: Merge) -> None:
    address = f"/bao-cao/{one.merged.pk}/tong-hop/"
    ref = f"t{one.reports['dao-san'].pk}.ket-qua"
    who = client("thuong-truc")

    refused = who.post(f"{address}noi-dung/", {f"qd_{ref}": "bo"})
    assert (refused.status_code, PieceChoice.objects.count()) == (422, 0)
    assert "chưa ghi lý do" in refused.content.decode()

    who.post(f"{address}noi-dung/", {f"qd_{ref}": "bo", f"ly_do_{ref}": "đã nêu", "cau": "ket-qua"})
    who.post(f"{address}lap/")

    html = page("thuong-truc", f"{address}?cau=ket-qua")
    assert "không đưa vào" in html
    assert PieceChoice.objects.get().reason == "đã nêu"


def test_many_reports_are_merged_by_a_worker(one: Merge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "MANY", 1)
    address = f"/bao-cao/{one.merged.pk}/tong-hop/"
    client("thuong-truc").post(f"{address}lap/")

    job = Job.objects.get(kind="reports.merge")
    assert job.args["report_id"] == one.merged.pk
    assert not Merging.objects.exists()
    assert "Đang tổng hợp" in page("thuong-truc", address)

    run_pending()

    assert Merging.objects.get().report_id == one.merged.pk
    assert "Đang tổng hợp" not in page("thuong-truc", address)


def test_the_demonstration_of_reports_is_left_to_the_worker(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="THIDUA_DEMO chưa bật"):
        call_command("load_demo_reports")
    settings.DEMO = True
    for _ in range(2):
        call_command("load_demo_reports", verbosity=0)

    assert [job.kind for job in Job.objects.all()] == ["reports.live_demo"]
    run_pending()
    assert Job.objects.get().state == "done"


def test_an_edited_figure_is_warned_about(one: Merge) -> None:
    one.build()
    answer = one.answer("ket-qua")
    answer.text = answer.text.replace("700 hộ", "690 hộ")
    answer.save()

    html = page("thuong-truc", f"/bao-cao/{one.merged.pk}/tong-hop/")

    assert "không còn ghi 700 hộ" in html
    assert Value.objects.count() == 0


@pytest.mark.parametrize("username", ["dao-san", "nguoi-la", "tinh"])
def test_a_draft_is_seen_by_nobody_else(one: Merge, username: str) -> None:
    for path in ("tong-hop/", "van-ban/", "van-ban/tep/pdf/", "van-ban/trang/1/"):
        assert client(username).get(f"/bao-cao/{one.merged.pk}/{path}").status_code in (403, 404)
    assert client(username).post(f"/bao-cao/{one.merged.pk}/tong-hop/lap/").status_code in (403, 404)


def test_the_paper_is_seen_and_taken_along(one: Merge) -> None:
    one.build()
    who, address = client("thuong-truc"), f"/bao-cao/{one.merged.pk}/van-ban/"
    pdf = who.get(f"{address}tep/pdf/")
    word = who.get(f"{address}tep/docx/")

    assert pdf.content.startswith(b"%PDF-")
    text = "\n".join(row.text for row in docx.Document(io.BytesIO(word.content)).paragraphs)
    assert "Bản Hợp 1 có 5 hộ tự nguyện thoát nghèo" in text
    assert who.get(f"{address}trang/1/")["Content-Type"] == "image/png"
    assert who.get(f"{address}trang/99/").status_code == 404
    assert "Trang 1 của bản in thử" in who.get(address).content.decode()


def test_the_report_becomes_a_draft_among_the_papers_once(one: Merge) -> None:
    one.build()
    address = f"/bao-cao/{one.merged.pk}/van-ban/"
    who = client("thuong-truc")
    done = who.post(f"{address}soan/", follow=True).content.decode()
    again = who.post(f"{address}soan/")

    paper = OutgoingPaper.objects.get()
    assert (paper.kind, paper.symbol, paper.state) == ("bao_cao", "BC-UBND", PaperState.DRAFT)
    assert paper.unit_id == one.world.unit("phong-tho").pk
    assert (paper.about_type, paper.about_id) == ("reports.report", str(one.merged.pk))
    assert "chờ soát và ký" in done
    assert again.status_code == 422


def test_a_sent_report_is_merged_no_more(one: Merge) -> None:
    one.build()
    Report.objects.filter(pk=one.merged.pk).update(
        state=ReportState.SENT, sent_at=NOW, first_sent_on=NOW.date()
    )
    refused = client("thuong-truc").post(f"/bao-cao/{one.merged.pk}/tong-hop/lap/")

    assert refused.status_code in (403, 422)
    assert Merging.objects.count() == 1
    assert merging.choices_of(one.merged) == {}
