"""What pages say of a PDF: its signatures in words, whether we issued it, its pages as pictures."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pypdfium2
from django.conf import settings

from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.documents.file_store import hash_of
from thidua.documents.models import OutgoingPaper
from thidua.documents.papers import visible
from thidua.documents.signing import verify
from thidua.documents.signing.trust_list import trusted
from thidua.organisations.authority import Acting

TONES = {verify.Verdict.GOOD: "success", verify.Verdict.DOUBTFUL: "warning", verify.Verdict.BAD: "error"}
TAGS = {verify.Verdict.GOOD: "good", verify.Verdict.DOUBTFUL: "warning", verify.Verdict.BAD: "late"}
VERDICTS = {
    verify.Verdict.GOOD: "Hợp lệ",
    verify.Verdict.DOUBTFUL: "Cần xem xét",
    verify.Verdict.BAD: "Không hợp lệ",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One signature as a page shows it."""

    finding: verify.Finding
    verdict: str
    tag: str
    signed_at: str
    lateness: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A file as a page shows it; `issued` is the paper of ours that is byte for byte this file."""

    summary: str
    tone: str
    is_whole: bool
    signatures: list[Told]
    sha256: str
    issued: OutgoingPaper | None


def told(pdf: bytes, *, due_on: date | None = None, issued_for: Acting | None = None) -> Checked:
    """Raises RuleNotMet when it is no PDF."""
    found = verify.check(pdf, trusted=trusted())
    digest = hash_of(pdf)
    issued = None
    if issued_for is not None:
        own = visible.outgoing(issued_for)
        issued = own.filter(issued_file__sha256=digest, state__in=OutgoingPaper.FINAL).first()
    tone = "error" if found.findings and not found.is_whole else TONES[found.verdict]
    return Checked(
        summary=found.summary,
        tone=tone,
        is_whole=found.is_whole,
        signatures=[
            Told(
                finding=one,
                verdict=VERDICTS[one.verdict],
                tag=TAGS[one.verdict],
                signed_at=_moment(one.signed_at),
                lateness=_lateness(one.signed_at, due_on),
            )
            for one in found.findings
        ],
        sha256=digest,
        issued=issued,
    )


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M:%S ngày %d/%m/%Y}" if moment else "không ghi giờ ký"


def _lateness(moment: datetime | None, due_on: date | None) -> str:
    if due_on is None or moment is None:
        return ""
    end = datetime.combine(due_on + timedelta(days=1), time.min, tzinfo=VIETNAM).astimezone(UTC)
    late = verify.days_late(moment, end)
    day = format_date(due_on)
    return f"Ký muộn {late} ngày so với hạn {day}." if late else f"Ký đúng hạn {day}."


def content_of(file: Any) -> bytes:
    if file.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        raise RuleNotMet("Chưa nhận được tệp", why=f"tệp lớn hơn {limit} MB", next_step="Chọn tệp nhỏ hơn")
    content: bytes = file.read()
    return content


def picture(pdf: bytes, page: int, *, dots_per_inch: int) -> bytes | None:
    """One page, from 1, with what stands in its fields, as PNG; None when there is none."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        if not 1 <= page <= len(document):
            return None
        image = document[page - 1].render(scale=dots_per_inch / 72, may_draw_forms=True).to_pil()
    target = io.BytesIO()
    image.save(target, format="PNG", optimize=True)
    return target.getvalue()


def page_count(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)
