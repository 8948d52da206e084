"""Printing certificates in bulk: asked for by a person, drawn by a worker, kept as one PDF or a zip.

A printing is drawn once; run again, it stays as it is. Hides that all pages are one run of the typesetter.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection
from datetime import datetime

import pypdfium2
from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards.decisions import certificates, designs, drawing
from thidua.awards.models import (
    AwardDecision,
    AwardState,
    Certificate,
    CertificateDesign,
    CertificatePrint,
    DecisionState,
)
from thidua.core.errors import RuleNotMet
from thidua.core.text import without_accents
from thidua.documents.file_store import store
from thidua.jobs.queue import enqueue

PRINT = "awards.print_certificates"
Steps = Callable[[int, int, str], None]


def ask(
    decision: AwardDecision,
    design: CertificateDesign,
    *,
    chosen: Collection[int] = (),
    is_apart: bool = False,
    address: str,
    actor: Actor,
    now: datetime,
) -> CertificatePrint:
    """Ask for the certificates of a decision, or of those chosen, without revoked ones.

    `address` is that of the site, for the codes. Raises NotAllowed, RuleNotMet when nothing is to be printed.
    """
    what = "Chưa in được"
    actor.require("certificate.print", decision)
    if decision.state != DecisionState.CARRIED_OUT:
        raise RuleNotMet(
            what, why="quyết định chưa phát hành", next_step="Phát hành quyết định, rồi in bằng, giấy khen"
        )
    if design.unit_id != decision.unit_id or design.form != decision.form:
        raise RuleNotMet(
            what, why="mẫu in của hình thức hoặc cơ quan khác", next_step="Chọn mẫu in của cơ quan mình"
        )
    wanted = set(chosen)
    rows = [
        one
        for one in certificates.of(decision)
        if one.award.state == AwardState.IN_FORCE and (not wanted or one.pk in wanted)
    ]
    if not rows:
        raise RuleNotMet(
            what, why="không có bằng nào còn hiệu lực để in", next_step="Chọn lại các dòng cần in"
        )
    with transaction.atomic():
        made = CertificatePrint.objects.create(
            unit_id=decision.unit_id,
            decision=decision,
            design=design,
            certificates=[one.pk for one in rows],
            is_apart=is_apart,
            address=address.rstrip("/"),
            made_by=actor.user,
            made_at=now,
        )
        made.job = enqueue(
            PRINT, args={"print_id": made.pk}, key=f"{PRINT}/{made.pk}", requested_by=actor.user
        )
        made.save(update_fields=["job"])
        record(
            "awards.certificateprint.ask",
            decision,
            label="In bằng, giấy khen",
            actor=actor,
            now=now,
            object_unit_id=decision.unit_id,
            details={"số bằng": len(rows), "mẫu in": design.pk, "phiên bản": design.number},
        )
    return made


def draw(printing: CertificatePrint, *, now: datetime, progress: Steps = lambda *_: None) -> None:
    """Draw and keep the file. Raises RuleNotMet for words that cannot be printed, which are kept beside.

    A printing that has its file stays as it is.
    """
    if printing.file_id is not None:
        return
    rows = _rows(printing)
    total = len(rows)
    progress(0, total, "dàn trang")
    texts = [certificates.text_of(one, address=printing.address) for one in rows]
    wanted = designs.layout_of(printing.design)
    decision = printing.decision
    try:
        raw = drawing.pdf(
            wanted,
            texts,
            title=f"Bằng, giấy khen theo Quyết định số {decision.number}" if decision else "Bằng, giấy khen",
            author=rows[0].giver if rows else "",
            made_on=decision.dated if decision else None,
            pictures=designs.pictures_of(printing.design),
        )
    except RuleNotMet as refusal:
        CertificatePrint.objects.filter(pk=printing.pk).update(refusal=refusal.message)
        raise
    if printing.is_apart:
        raw = _apart(raw, rows, progress)
    file = store(raw)
    with transaction.atomic():
        CertificatePrint.objects.filter(pk=printing.pk).update(file=file, refusal="")
        Certificate.objects.filter(pk__in=printing.certificates).update(printed_at=now)
    progress(total, total, "xong")


def _rows(printing: CertificatePrint) -> list[Certificate]:
    found = {
        one.pk: one
        for one in Certificate.objects.filter(pk__in=printing.certificates).select_related("award")
    }
    return [found[pk] for pk in printing.certificates if pk in found]


def _apart(raw: bytes, rows: list[Certificate], progress: Steps) -> bytes:
    """A zip with a PDF for each certificate, named by its golden-book number and name."""
    source = pypdfium2.PdfDocument(raw)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for at, one in enumerate(rows):
            single = pypdfium2.PdfDocument.new()
            single.import_pages(source, [at])
            page = io.BytesIO()
            single.save(page)
            name = without_accents(one.award.subject_name).strip().replace(" ", "-")
            safe = "".join(sign for sign in name if sign.isalnum() or sign == "-")[:60]
            number = one.award.golden_book_number or str(one.pk)
            entry = zipfile.ZipInfo(f"{number.replace('/', '-')}-{safe}.pdf", (1980, 1, 1, 0, 0, 0))
            packed.writestr(entry, page.getvalue())
            if at % 50 == 49:
                progress(at + 1, len(rows), "tách tệp")
    return target.getvalue()
