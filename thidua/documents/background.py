"""What a worker does for documents: read slow files, delete what was removed.

Imported whenever Django starts, so the reader and its vocabulary are imported when a job runs.
"""

from __future__ import annotations

from django.utils import timezone

from thidua.core.errors import UserError
from thidua.documents.job_names import (
    ISSUE_PAPER,
    PURGE_DOCUMENT,
    PURGE_FORGOTTEN,
    READ_FILE,
    SIGN_PAPER,
)
from thidua.jobs.registry import job_kind
from thidua.jobs.worker import JobRefused, Progress


@job_kind(READ_FILE, label="đọc tệp kế hoạch", max_attempts=2)
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


@job_kind(PURGE_DOCUMENT, label="xóa văn bản đã bỏ")
def purge_document(_progress: Progress, *, document_id: int) -> None:
    from thidua.documents.plan_reading import purge

    purge(document_id, now=timezone.now())


@job_kind(PURGE_FORGOTTEN, label="xóa tệp không ai nhận")
def purge_forgotten(_progress: Progress) -> None:
    from thidua.documents.plan_reading import purge_forgotten

    purge_forgotten(now=timezone.now())


@job_kind(SIGN_PAPER, label="ký văn bản", max_attempts=2)
def sign_paper(_progress: Progress, *, paper_id: int, user_id: int, edition: int) -> None:
    _take_step("sign", paper_id=paper_id, user_id=user_id, edition=edition)


@job_kind(ISSUE_PAPER, label="phát hành văn bản", max_attempts=2)
def issue_paper(_progress: Progress, *, paper_id: int, user_id: int, edition: int) -> None:
    _take_step("issue", paper_id=paper_id, user_id=user_id, edition=edition)


def _take_step(step: str, *, paper_id: int, user_id: int, edition: int) -> None:
    """Sign or issue on behalf of who asked; done already, or changed since, it does nothing more."""
    from thidua.accounts.models import User
    from thidua.core import clock
    from thidua.documents.models import OutgoingPaper
    from thidua.documents.papers import issuing, signing_jobs
    from thidua.organisations.authority import acting

    paper = OutgoingPaper.objects.select_related("given", "signed_file").get(pk=paper_id)
    if paper.state != signing_jobs.FROM[step] or paper.edition != edition:
        return
    actor = acting(User.objects.get(pk=user_id), on=clock.today())
    try:
        {"sign": issuing.sign, "issue": issuing.issue}[step](paper, actor=actor, now=clock.now())
    except UserError as refusal:
        raise JobRefused(refusal.message) from refusal
