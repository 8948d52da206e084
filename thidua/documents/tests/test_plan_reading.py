"""Taking files in: stored by hash, read, kept or refused without a trace; samples; removal."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import override_settings

from thidua.documents import file_store, plan_reading
from thidua.documents.models import Document, Reading, StoredFile
from thidua.documents.reading import Unreadable, read_path
from thidua.documents.reading.files import ocr
from thidua.documents.reading.files.tests.makers.hostile import HOSTILE, Hostile
from thidua.documents.reading.score_folder import DATA
from thidua.jobs.models import Job
from thidua.jobs.worker import run_pending

pytestmark = pytest.mark.django_db

PLANS = sorted((DATA / "plans").glob("*.txt"))
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
BAD = {hostile.name: hostile for hostile in HOSTILE}


def taken(path: Path = PLANS[1], *, owner: str = "trinh-duyet-1", name: str = "") -> Document:
    result = plan_reading.take_in(path.read_bytes(), file_name=name or path.name, owner=owner, now=NOW)
    assert result.document is not None
    return result.document


def stored_files() -> list[str]:
    return sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def test_document_keeps_file_record_and_what_the_list_shows() -> None:
    document = taken(PLANS[2])

    assert document.record == read_path(PLANS[2])
    assert [line["text"] for line in document.lines] == PLANS[2].read_text(encoding="utf-8").split("\n")
    assert document.issuer == "Ủy ban nhân dân huyện Phong Thổ"
    assert (document.number, document.dated, document.theme) == ("…/KH-UBND", "2022", "giam_ngheo")
    assert "phong tho" in document.search_text
    assert file_store.bytes_of(document.file) == PLANS[2].read_bytes()
    assert stored_files() == [document.file.sha256]


def test_same_file_twice_is_one_document() -> None:
    first = taken()
    again = plan_reading.take_in(PLANS[1].read_bytes(), file_name="khac.txt", owner=first.owner, now=NOW)

    assert (again.document, again.was_known) == (first, True)
    assert (Document.objects.count(), StoredFile.objects.count(), len(stored_files())) == (1, 1, 1)


def test_same_file_of_two_browsers_is_two_documents_and_one_file() -> None:
    first, second = taken(), taken(owner="trinh-duyet-2")

    assert first.address != second.address
    assert (Document.objects.count(), StoredFile.objects.count(), len(stored_files())) == (2, 1, 1)


@pytest.mark.parametrize(
    "hostile",
    [
        BAD[name]
        for name in ("rong.docx", "cu.doc", "bom.docx", "khoa.docx", "cut.docx", "chay.exe", "nul.txt")
    ],
    ids=lambda hostile: hostile.name,
)
def test_refused_file_leaves_nothing(hostile: Hostile) -> None:
    with pytest.raises(Unreadable) as refusal:
        plan_reading.take_in(hostile.make(), file_name=hostile.name, owner="a", now=NOW)

    assert refusal.value.key == hostile.key
    assert refusal.value.why
    assert refusal.value.next_step
    assert (Document.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert stored_files() == []


@override_settings(UPLOAD_MAX_BYTES=1024 * 1024)
def test_file_over_the_limit_is_refused() -> None:

    with pytest.raises(Unreadable, match="giới hạn là 1 MB"):
        plan_reading.take_in(b"a" * (1024 * 1024 + 1), file_name="to.txt", owner="a", now=NOW)

    assert StoredFile.objects.count() == 0


def test_number_of_documents_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_reading, "KEEP_AT_MOST", 1)
    taken(PLANS[0])

    with pytest.raises(Unreadable, match="Hãy gỡ bớt"):
        taken(PLANS[1])


# --- left to a worker -----------------------------------------------------------------------------


def left_to_worker(raw: bytes, name: str, monkeypatch: pytest.MonkeyPatch) -> Reading:
    monkeypatch.setattr(plan_reading, "LARGE_TEXT", 10)
    reading = plan_reading.take_in(raw, file_name=name, owner="a", now=NOW).reading
    assert reading is not None
    return reading


def test_large_file_is_read_by_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = left_to_worker(PLANS[1].read_bytes(), "to.txt", monkeypatch)
    assert Document.objects.count() == 0

    run_pending()

    reading.refresh_from_db()
    assert reading.document is not None
    assert reading.document.record == read_path(PLANS[1]) | {
        "seed": read_path(PLANS[1])["seed"] | {"file": "to.txt"}
    }
    assert reading.file is None
    assert reading.job is not None
    assert reading.job.state == "done"


def test_worker_that_reads_twice_makes_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = left_to_worker(PLANS[1].read_bytes(), "to.txt", monkeypatch)
    run_pending()

    again = plan_reading.finish_reading(reading.pk, progress=lambda done, total: None, now=NOW)

    assert again is None
    assert Document.objects.count() == 1


def test_worker_that_cannot_read_keeps_the_reason_and_no_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = left_to_worker(BAD["cu.doc"].make(), "cu.doc", monkeypatch)
    assert len(stored_files()) == 1

    run_pending()

    reading.refresh_from_db()
    assert reading.refused_what == "Tệp là văn bản Word kiểu cũ (.doc)"
    assert reading.refused_next.startswith("Hãy mở tệp bằng Word")
    assert reading.job is not None
    assert reading.job.state == "failed"
    assert (stored_files(), StoredFile.objects.count(), Document.objects.count()) == ([], 0, 0)


def test_scan_is_left_to_a_worker_where_letters_can_be_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_available", lambda: True)

    result = plan_reading.take_in(BAD["quet.pdf"].make(), file_name="quet.pdf", owner="a", now=NOW)

    assert result.reading is not None
    assert result.reading.job is not None
    assert result.reading.job.args == {"reading_id": result.reading.pk}


def test_scan_is_refused_with_a_way_out_where_they_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_available", lambda: False)

    with pytest.raises(Unreadable, match="tesseract-ocr-vie"):
        plan_reading.take_in(BAD["quet.pdf"].make(), file_name="quet.pdf", owner="a", now=NOW)

    assert StoredFile.objects.count() == 0


def test_dismissed_reading_takes_its_bytes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = left_to_worker(PLANS[1].read_bytes(), "to.txt", monkeypatch)

    plan_reading.dismiss(reading)

    assert (Reading.objects.count(), StoredFile.objects.count(), stored_files()) == (0, 0, [])
    run_pending()
    assert reading.job is not None
    assert Job.objects.get(pk=reading.job.pk).state == "done"  # it found nothing to do


# --- removal --------------------------------------------------------------------------------------


def test_removed_document_is_deleted_with_its_bytes_after_the_time_for_undo() -> None:
    document = taken()

    plan_reading.remove(document, now=NOW)

    assert Document.objects.filter(removed_at__isnull=True).count() == 0
    assert Job.objects.get(kind="documents.purge_document").due_at == NOW + plan_reading.UNDO
    plan_reading.purge(document.pk, now=NOW + plan_reading.UNDO)
    assert (Document.objects.count(), stored_files()) == (0, [])


def test_document_taken_back_is_not_deleted() -> None:
    document = taken()
    plan_reading.remove(document, now=NOW)

    plan_reading.take_back(document)
    plan_reading.purge(document.pk, now=NOW + timedelta(days=1))

    assert Document.objects.get().removed_at is None
    assert len(stored_files()) == 1


def test_bytes_stay_while_another_document_needs_them() -> None:
    first, second = taken(), taken(owner="trinh-duyet-2")

    plan_reading.remove(first, now=NOW)
    plan_reading.purge(first.pk, now=NOW + plan_reading.UNDO)

    assert file_store.bytes_of(second.file) == PLANS[1].read_bytes()


def test_file_put_in_again_after_removal_wins_over_taking_back() -> None:
    removed = taken()
    plan_reading.remove(removed, now=NOW)
    again = taken()

    assert plan_reading.take_back(removed) == again
    assert Document.objects.filter(removed_at__isnull=True).count() == 1


def test_document_that_no_session_reaches_is_deleted() -> None:
    forgotten, again = taken(PLANS[0]), taken(PLANS[0], owner="trinh-duyet-2")
    taken(PLANS[1], owner="trinh-duyet-3")
    later = NOW + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)
    plan_reading.take_in(PLANS[2].read_bytes(), file_name="moi.txt", owner=again.owner, now=later)
    call_command("load_samples", verbosity=0)

    assert plan_reading.purge_forgotten(now=later) == 2

    assert not Document.objects.filter(pk=forgotten.pk).exists()
    assert Document.objects.filter(owner=again.owner).count() == 2
    assert Document.objects.filter(is_sample=True).count() == 5


def test_forgotten_documents_are_looked_for_once_a_month() -> None:
    taken(PLANS[0])
    taken(PLANS[1])

    assert Job.objects.filter(kind="documents.purge_forgotten").count() == 1
    assert run_pending() == 1
    assert Document.objects.count() == 2


# --- samples --------------------------------------------------------------------------------------


def test_samples_are_loaded_once() -> None:
    call_command("load_samples", verbosity=0)
    before = list(Document.objects.order_by("address").values())

    call_command("load_samples", verbosity=0)

    assert list(Document.objects.order_by("address").values()) == before
    assert [row["address"] for row in before] == ["mau-000", "mau-001", "mau-002", "mau-003", "mau-004"]
    assert {row["is_sample"] for row in before} == {True}
    assert len(stored_files()) == 5


def test_sample_that_changed_is_read_again(tmp_path: Path) -> None:
    shutil.copy(PLANS[1], tmp_path / "001_a.txt")
    call_command("load_samples", dir=tmp_path, verbosity=0)

    shutil.copy(PLANS[2], tmp_path / "001_a.txt")
    call_command("load_samples", dir=tmp_path, verbosity=0)

    document = Document.objects.get()
    assert document.issuer == "Ủy ban nhân dân huyện Phong Thổ"
    assert stored_files() == [document.file.sha256]


def test_sample_read_by_an_older_reader_is_brought_up_to_date() -> None:
    call_command("load_samples", verbosity=0)
    Document.objects.filter(address="mau-002").update(record_json="{}", targets=0)

    call_command("load_samples", verbosity=0)

    document = Document.objects.get(address="mau-002")
    assert document.record == read_path(PLANS[2])
    assert document.targets == len(document.record["targets"])


# --- what always holds ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"owner": ""}, "document_is_a_sample_or_has_an_owner"),
        ({"is_sample": True}, "document_is_a_sample_or_has_an_owner"),
    ],
)
def test_document_belongs_to_a_browser_or_is_a_sample(values: dict[str, object], constraint: str) -> None:
    document = taken()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**values)


def test_file_is_kept_once_and_never_empty() -> None:
    document = taken()

    for values in ({"sha256": "abc"}, {"size_bytes": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.objects.filter(pk=document.file.pk).update(**values)


def test_ended_reading_keeps_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = left_to_worker(PLANS[1].read_bytes(), "to.txt", monkeypatch)

    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(refused_what="Tệp hỏng")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\a\\Kế hoạch.docx", "Kế hoạch.docx"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\r\n.txt", "ab.txt"),
        ("", "khong-ten"),
        ("x" * 300 + ".docx", "x" * 195 + ".docx"),
    ],
)
def test_file_name_is_only_a_name(sent: str, kept: str) -> None:
    assert file_store.clean_file_name(sent) == kept


def test_bytes_are_not_written_again() -> None:
    stored = file_store.store(b"abc")
    place = Path(settings.MEDIA_ROOT) / stored.place
    written_at = place.stat().st_mtime_ns

    assert file_store.store(b"abc") == stored
    assert place.stat().st_mtime_ns == written_at
    assert default_storage.exists(stored.place)
