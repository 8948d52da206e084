"""What a worker does for documents: read slow files, delete what was removed.

Imported whenever Django starts, so the reader and its vocabulary are imported when a job runs.
"""

from __future__ import annotations

from django.utils import timezone

from thidua.documents.job_names import PURGE_DOCUMENT, PURGE_FORGOTTEN, READ_FILE
from thidua.jobs.registry import job_kind
from thidua.jobs.worker import JobRefused, Progress


@job_kind(READ_FILE, max_attempts=2)
def read_file(progress: Progress, *, reading_id: int) -> None:
    from thidua.documents.plan_reading import finish_reading
    from thidua.documents.reading import Unreadable

    def show_pages(done: int, total: int) -> None:
        progress.report(done, total, f"trang {done}/{total}")

    progress.report(0, None, "đang mở tệp")
    try:
        finish_reading(reading_id, progress=show_pages, now=timezone.now())
    except Unreadable as refusal:
        raise JobRefused(refusal.message) from refusal


@job_kind(PURGE_DOCUMENT)
def purge_document(_progress: Progress, *, document_id: int) -> None:
    from thidua.documents.plan_reading import purge

    purge(document_id, now=timezone.now())


@job_kind(PURGE_FORGOTTEN)
def purge_forgotten(_progress: Progress) -> None:
    from thidua.documents.plan_reading import purge_forgotten

    purge_forgotten(now=timezone.now())
