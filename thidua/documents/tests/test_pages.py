"""The list and the page of a plan, without a browser: rights, filters, uploads, downloads, queries."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from thidua.documents import access, file_store, plan_reading
from thidua.documents.models import Document, Reading
from thidua.documents.reading import read_path
from thidua.documents.reading.files.tests.makers.hostile import HOSTILE
from thidua.documents.reading.score_folder import DATA
from thidua.jobs.models import Job, JobState
from thidua.jobs.worker import run_pending

pytestmark = pytest.mark.django_db

PLANS = sorted((DATA / "plans").glob("*.txt"))
BAD = {hostile.name: hostile for hostile in HOSTILE}
LIST = "/doc-ke-hoach/"


@pytest.fixture
def samples() -> None:
    call_command("load_samples", verbosity=0)


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def bad_upload(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, BAD[name].make())


def put_in(client: Client, path: Path = PLANS[1]) -> Document:
    """Upload a plan as a plain form does and return its row."""
    client.post(LIST, {"tep": upload(path)})
    return Document.objects.get(
        owner=client.session[access.SESSION_KEY], file_name=path.name, removed_at__isnull=True
    )


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- the list -------------------------------------------------------------------------------------


def test_empty_list_teaches() -> None:
    text = text_of(Client().get(LIST))

    assert "Chưa có kế hoạch nào." in text
    assert "thidua load-samples" in text


@pytest.mark.usefixtures("samples")
@pytest.mark.parametrize(
    ("query", "addresses"),
    [
        ("", ["mau-000", "mau-001", "mau-002", "mau-003", "mau-004"]),
        ("tim=lang+son", ["mau-000", "mau-004"]),
        ("tim=dak+nong", ["mau-001"]),
        ("tim=Ban Dân tộc", ["mau-004"]),
        ("chu_de=nong_thon_moi", ["mau-003", "mau-004"]),
        ("nguon=cua-toi", []),
        ("nguon=gi-do&chu_de=khac", ["mau-000", "mau-001", "mau-002", "mau-003", "mau-004"]),
        ("sap_xep=co-quan", ["mau-004", "mau-000", "mau-003", "mau-001", "mau-002"]),
        ("sap_xep=ngay&chu_de=giam_ngheo", ["mau-000", "mau-001", "mau-002"]),
    ],
)
def test_list_is_searched_filtered_and_ordered(query: str, addresses: list[str]) -> None:
    Document.objects.update(read_at=datetime(2026, 11, 20, tzinfo=UTC))

    response = Client().get(f"{LIST}?{query}")

    assert [row["document"].address for row in response.context["rows"]] == addresses


def test_search_that_finds_nothing_says_what_to_do() -> None:
    text = text_of(Client().get(f"{LIST}?tim=khong+co"))

    assert "Không có kế hoạch nào khớp." in text
    assert "bỏ lọc" in text


@pytest.mark.usefixtures("samples")
def test_list_as_workbook_holds_what_is_filtered() -> None:
    response = Client().get(f"{LIST}danh-sach.xlsx?tim=lang+son")

    assert response["Content-Disposition"] == 'attachment; filename="ke-hoach-da-doc.xlsx"'
    assert response.content[:2] == b"PK"


def copies(count: int, *, owner: str) -> None:
    """Further rows like the first sample, each with a file of its own."""
    first = Document.objects.filter(is_sample=True).first()
    assert first is not None
    for number in range(count):
        first.pk, first.is_sample, first.owner = None, False, owner
        first.address = f"them-{number}"
        first.file = file_store.store(f"{number}".encode())
        first.save(force_insert=True)


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.usefixtures("samples")
def test_list_asks_the_database_the_same_for_one_three_and_many_rows() -> None:
    client = Client()
    put_in(client, PLANS[0])
    counts = [queries_of(client, f"{LIST}?nguon=cua-toi")]
    owner = client.session[access.SESSION_KEY]
    copies(2, owner=owner)
    counts.append(queries_of(client, f"{LIST}?nguon=cua-toi"))
    Document.objects.filter(address__startswith="them-").delete()
    copies(24, owner=owner)
    counts.append(queries_of(client, f"{LIST}?nguon=cua-toi"))

    assert counts == [counts[0]] * 3
    assert counts[0] <= 5


@pytest.mark.usefixtures("samples")
def test_plan_asks_the_database_the_same_whatever_it_holds() -> None:
    counts = [queries_of(Client(), f"{LIST}mau-00{number}/") for number in range(5)]

    assert counts == [1] * 5


@pytest.mark.usefixtures("samples")
def test_long_list_is_cut_into_pages() -> None:
    client = Client()
    put_in(client)
    copies(30, owner=client.session[access.SESSION_KEY])

    response = client.get(f"{LIST}?nguon=cua-toi&trang=2")

    assert len(response.context["rows"]) == 6
    assert "?nguon=cua-toi&amp;trang=1" in text_of(response)


# --- uploads --------------------------------------------------------------------------------------


def test_one_file_of_a_plain_form_leads_to_its_plan() -> None:
    client = Client()

    response = client.post(LIST, {"tep": upload(PLANS[2])})

    document = Document.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{LIST}{document.address}/")
    assert "Của tôi" in text_of(client.get(LIST))


def test_bad_file_among_good_ones_does_not_stop_them() -> None:
    client = Client()

    response = client.post(LIST, {"tep": [upload(PLANS[0]), bad_upload("cu.doc"), upload(PLANS[1])]})

    text = text_of(response)
    assert response.status_code == 200
    assert Document.objects.count() == 2
    assert text.count("Đã đọc xong") == 2
    assert "<strong>Tệp là văn bản Word kiểu cũ (.doc).</strong> Vì sao: dạng .doc" in text
    assert "Làm gì tiếp: Hãy mở tệp bằng Word" in text


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("cu.doc", "Tệp là văn bản Word kiểu cũ (.doc)"),
        ("bom.docx", "Tệp bị từ chối vì không an toàn"),
        ("rong.docx", "Tệp rỗng"),
        ("bang.xlsx", "Tệp không phải văn bản"),
        ("khoa.pdf", "Tệp PDF có mật khẩu"),
        ("cut.pdf", "Tệp PDF bị hỏng"),
    ],
)
def test_refused_file_says_what_why_and_what_next(name: str, what: str) -> None:
    response = Client().post(LIST, {"tep": bad_upload(name)}, headers={"HX-Request": "true"})

    text = text_of(response)
    assert response.status_code == 422
    assert f"<strong>{what}.</strong> Vì sao: " in text
    assert "Làm gì tiếp: " in text
    assert "<html" not in text
    assert Document.objects.count() == 0


def test_file_over_the_limit_is_refused(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024

    response = Client().post(LIST, {"tep": SimpleUploadedFile("to.txt", b"a" * (1024 * 1024 + 1))})

    assert response.status_code == 422
    assert "tệp 1,0 MB, giới hạn là 1 MB" in text_of(response)


def test_form_without_a_file_says_so() -> None:
    response = Client().post(LIST)

    assert response.status_code == 422
    assert "Chưa có tệp nào được gửi." in text_of(response)


def test_upload_from_elsewhere_is_refused() -> None:
    response = Client(enforce_csrf_checks=True).post(LIST, {"tep": upload(PLANS[0])})

    assert response.status_code == 403
    assert Document.objects.count() == 0


def test_same_file_again_opens_what_is_there() -> None:
    client = Client()
    document = put_in(client)

    response = client.post(LIST, {"tep": upload(PLANS[1])}, headers={"HX-Request": "true"})

    assert "Đã có từ trước" in text_of(response)
    assert f"{LIST}{document.address}/" in text_of(response)


def test_slow_file_shows_its_progress_until_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_reading, "LARGE_TEXT", 10)
    client = Client()
    posted = client.post(LIST, {"tep": upload(PLANS[1])}, headers={"HX-Request": "true"})
    reading = Reading.objects.get()
    assert f'hx-get="{LIST}dang-doc/{reading.pk}/"' in text_of(posted)
    assert "Đang chờ" in text_of(client.get(LIST))

    run_pending()

    answer = client.get(f"{LIST}dang-doc/{reading.pk}/", headers={"HX-Request": "true"})
    assert "Đã đọc xong" in text_of(answer)
    assert answer["HX-Trigger"] == "van-ban-moi"
    assert "hx-get" not in text_of(answer)
    document = Document.objects.get()
    assert client.get(f"{LIST}dang-doc/{reading.pk}/")["Location"] == f"{LIST}{document.address}/"


def test_slow_file_that_cannot_be_read_says_why_until_it_is_put_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_reading, "LARGE", 10)
    client = Client()
    client.post(LIST, {"tep": bad_upload("cut.pdf")})
    run_pending()
    assert "<strong>Tệp PDF bị hỏng.</strong>" in text_of(client.get(LIST))

    client.post(f"{LIST}dang-doc/{Reading.objects.get().pk}/bo-qua/")

    assert "Tệp PDF bị hỏng" not in text_of(client.get(LIST))
    assert Reading.objects.count() == 0


def test_file_on_which_the_program_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_reading, "LARGE_TEXT", 10)
    client = Client()
    client.post(LIST, {"tep": upload(PLANS[1])})
    reading = Reading.objects.get()
    Job.objects.filter(kind="documents.read_file").update(state=JobState.FAILED, finished_at=reading.asked_at)

    text = text_of(client.get(f"{LIST}dang-doc/{reading.pk}/", headers={"HX-Request": "true"}))

    assert "Vì sao: chương trình gặp lỗi khi đọc tệp này." in text
    assert "hx-get" not in text
    listed = text_of(client.get(LIST))
    assert "Vì sao: chương trình gặp lỗi khi đọc tệp này." in listed


# --- rights ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page", ["", "ban-ghi.json", "ban-ghi.yaml", "ke-hoach.xlsx", "tep-goc"], ids=lambda page: page or "trang"
)
def test_document_is_seen_only_from_the_browser_that_put_it_in(page: str) -> None:
    mine, other = Client(), Client()
    document = put_in(mine)
    put_in(other, PLANS[0])
    address = f"{LIST}{document.address}/{page}"
    assert mine.get(address).status_code == 200

    refused = other.get(address)

    assert refused.status_code == 404
    assert "<h1>Không có văn bản này</h1>" in text_of(refused)
    assert "mỗi trình duyệt chỉ xem được văn bản của mình" in text_of(refused)
    assert "Mở lại bằng trình duyệt đã đưa văn bản vào" in text_of(refused)
    assert Client().get(address).status_code == 404
    assert document.title not in text_of(Client().get(LIST))


@pytest.mark.parametrize("act", ["go", "lay-lai"])
def test_document_is_changed_only_from_the_browser_that_put_it_in(act: str) -> None:
    document = put_in(Client())

    assert Client().post(f"{LIST}{document.address}/{act}/").status_code == 404

    document.refresh_from_db()
    assert document.removed_at is None


def test_reading_is_seen_only_from_the_browser_that_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_reading, "LARGE_TEXT", 10)
    mine = Client()
    mine.post(LIST, {"tep": upload(PLANS[1])})
    reading = Reading.objects.get()

    other = Client()
    assert other.get(f"{LIST}dang-doc/{reading.pk}/").status_code == 404
    assert other.post(f"{LIST}dang-doc/{reading.pk}/bo-qua/").status_code == 404
    assert mine.post(f"{LIST}dang-doc/{reading.pk}/bo-qua/").status_code == 302


@pytest.mark.usefixtures("samples")
def test_nobody_removes_a_sample() -> None:
    response = Client().post(f"{LIST}mau-002/go/")

    assert response.status_code == 403
    assert "Không gỡ được bản mẫu" in text_of(response)
    assert Document.objects.get(address="mau-002").removed_at is None


def test_removed_document_can_be_taken_back() -> None:
    client = Client()
    document = put_in(client)

    removed = client.post(f"{LIST}{document.address}/go/", follow=True)
    assert "Hoàn tác" in text_of(removed)
    assert client.get(f"{LIST}{document.address}/").status_code == 404
    back = client.post(f"{LIST}{document.address}/lay-lai/", follow=True)

    assert "Đã lấy lại" in text_of(back)
    assert client.get(f"{LIST}{document.address}/").status_code == 200


def test_looking_leaves_no_cookie_of_a_session() -> None:
    client = Client()

    client.get(LIST)

    assert "sessionid" not in client.cookies


# --- the plan -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("samples")
@pytest.mark.parametrize("number", range(5))
def test_downloads_hold_what_the_reader_gives(number: int) -> None:
    record, address = read_path(PLANS[number]), f"{LIST}mau-00{number}/"
    client = Client()

    downloaded = client.get(f"{address}ban-ghi.json")
    assert json.loads(downloaded.content) == record
    assert list(json.loads(downloaded.content)) == list(record)
    assert downloaded["Content-Disposition"] == f'attachment; filename="{PLANS[number].stem}.json"'
    assert yaml.safe_load(client.get(f"{address}ban-ghi.yaml").content) == record
    assert client.get(f"{address}ke-hoach.xlsx").content[:2] == b"PK"
    original = client.get(f"{address}tep-goc")
    assert b"".join(original.streaming_content) == PLANS[number].read_bytes()  # type: ignore[attr-defined]
    assert original["Content-Type"] == "application/octet-stream"


@pytest.mark.usefixtures("samples")
def test_every_item_links_to_a_line_that_is_there() -> None:
    text = text_of(Client().get(f"{LIST}mau-002/"))

    lines = set(re.findall(r'id="(dong-\d+)"', text))
    items = re.findall(r'id="(muc-[^"]+)"', text)
    assert len(lines) == 164
    assert len(items) == len(set(items))
    assert set(re.findall(r'href="#(dong-\d+)"', text)) <= lines
    assert set(re.findall(r'href="#(muc-[^"]+)"', text)) <= set(items)


@pytest.mark.usefixtures("samples")
def test_plan_is_filtered_by_kind_and_words() -> None:
    client = Client()

    page = client.get(f"{LIST}mau-002/?loai=chi-tieu&loai=moc").context["page"]
    assert [section.key for section in page.sections] == ["chi-tieu", "moc"]
    page = client.get(f"{LIST}mau-002/?loai=chi-tieu&tim=dan+toc+thieu+so").context["page"]
    assert [item.title for item in page.items()] == ["Mức giảm tỷ lệ hộ nghèo dân tộc thiểu số"]
    assert "Không có mục nào khớp với «xyz»" in text_of(client.get(f"{LIST}mau-002/?tim=xyz"))


def test_text_of_a_file_is_never_markup() -> None:
    client = Client()
    content = "KẾ HOẠCH\n<script>alert(1)</script> & phong trào\n1. <b>Mục đích</b>\n".encode()

    response = client.post(LIST, {"tep": SimpleUploadedFile("<img src=x>.txt", content)}, follow=True)

    text = text_of(response)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; phong trào" in text
    assert "<script>alert" not in text
    assert "<img" not in text
    assert (
        json.loads(client.get(f"{response.redirect_chain[0][0]}ban-ghi.json").content)["schema"] == "golden/1"
    )


def test_undo_ends_with_its_time() -> None:
    client = Client()
    document = put_in(client)
    client.post(f"{LIST}{document.address}/go/")
    document.refresh_from_db()
    assert document.removed_at is not None

    plan_reading.purge(document.pk, now=document.removed_at + plan_reading.UNDO + timedelta(seconds=1))

    assert client.post(f"{LIST}{document.address}/lay-lai/").status_code == 404
