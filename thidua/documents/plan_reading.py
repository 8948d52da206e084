"""Taking in a file: read it, keep its bytes under their hash, keep the record.

Nothing is stored of a file that cannot be read. What takes long (recognising scans, large files) is left to a
worker: the bytes are kept until it has read them, and go when it could not.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from thidua.core.text import fold, sort_key
from thidua.documents.file_store import bytes_of, clean_file_name, hash_of, let_go, store
from thidua.documents.job_names import PURGE_DOCUMENT, PURGE_FORGOTTEN, READ_FILE
from thidua.documents.models import Document, Reading, Record
from thidua.documents.reading import Unreadable, files
from thidua.documents.reading.files import ocr
from thidua.documents.reading.files.refusals import refused
from thidua.documents.reading.model import Line, Origin, SourceText
from thidua.documents.reading.record import record_of
from thidua.jobs.queue import enqueue

#: Larger files are left to a worker, in bytes. Word and PDF files are mostly pictures and typefaces, so they
#: may be larger than a text for the same time of reading.
LARGE = 2 * 1024 * 1024
LARGE_TEXT = 1024 * 1024
#: Refusals of files that recognising letters would help.
NEEDS_OCR = frozenset({"scan_without_text", "image_without_ocr"})
#: Documents one browser may keep; far above what an office reads, below what fills a disk.
KEEP_AT_MOST = 500
#: How long a removed document can be taken back.
UNDO = timedelta(hours=1)

PageProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file: a document, or a reading that a worker goes on with."""

    document: Document | None = None
    reading: Reading | None = None
    was_known: bool = False


def take_in(raw: bytes, *, file_name: str, owner: str, now: datetime) -> TakenIn:
    """Read a file for a browser and keep it.

    The same bytes again give the document they gave before. Raises Unreadable, and then keeps nothing.
    """
    name = clean_file_name(file_name)
    if len(raw) > settings.UPLOAD_MAX_BYTES:
        raise too_large(len(raw))
    known = Document.objects.filter(owner=owner, file__sha256=hash_of(raw), removed_at__isnull=True).first()
    if known is not None:
        return TakenIn(document=known, was_known=True)
    # Once a month is often enough, and the key makes it so.
    enqueue(PURGE_FORGOTTEN, args={}, key=f"{PURGE_FORGOTTEN}:{now:%Y-%m}")
    if Document.objects.filter(owner=owner).count() >= KEEP_AT_MOST:
        raise Unreadable(
            "Chưa nhận thêm tệp",
            f"trình duyệt này đã đưa vào {KEEP_AT_MOST} văn bản",
            "Hãy gỡ bớt văn bản không còn dùng rồi thử lại.",
        )
    if len(raw) > (LARGE if raw.startswith((b"PK", b"%PDF")) else LARGE_TEXT):
        return TakenIn(reading=_leave_to_worker(raw, file_name=name, owner=owner, now=now))
    try:
        source = files.read(raw, file_name=name, max_bytes=settings.UPLOAD_MAX_BYTES)
    except Unreadable as refusal:
        if refusal.key not in NEEDS_OCR:
            raise
        if not ocr.is_available():
            raise refused("ocr_not_installed") from refusal
        return TakenIn(reading=_leave_to_worker(raw, file_name=name, owner=owner, now=now))
    return TakenIn(document=_keep(raw, source, file_name=name, owner=owner, now=now))


def too_large(size_bytes: int) -> Unreadable:
    """The refusal of a file over the limit, before its bytes are looked at."""
    size, limit = (
        f"{count / 1024 / 1024:.1f}".replace(".", ",") for count in (size_bytes, settings.UPLOAD_MAX_BYTES)
    )
    return refused("too_large", size_mb=size, limit_mb=limit.removesuffix(",0"))


def finish_reading(reading_id: int, *, progress: PageProgress, now: datetime) -> Reading | None:
    """What a worker does: read the kept file with every means, and keep the document or the refusal.

    None when the reading is gone or had already ended; running twice does no harm. Raises Unreadable after
    storing it in the reading and letting the bytes go.
    """
    reading = Reading.objects.select_related("file").filter(pk=reading_id, file__isnull=False).first()
    if reading is None or reading.file is None:
        return None
    raw = bytes_of(reading.file)
    try:
        source = files.read(
            raw,
            file_name=reading.file_name,
            max_bytes=settings.UPLOAD_MAX_BYTES,
            use_ocr=ocr.is_available(),
            progress=progress,
        )
    except Unreadable as refusal:
        refuse_reading(reading, refusal)
        raise
    document = _keep(raw, source, file_name=reading.file_name, owner=reading.owner, now=now)
    Reading.objects.filter(pk=reading.pk).update(document=document, file=None)
    reading.refresh_from_db()
    return reading


def refuse_reading(reading: Reading, refusal: Unreadable) -> None:
    """Keep why a reading ended without a document, and let its bytes go."""
    stored = reading.file
    reading.refused_what = refusal.what[:300]
    reading.refused_why = refusal.why[:500]
    reading.refused_next = refusal.next_step[:500]
    reading.file = None
    reading.save(update_fields=["refused_what", "refused_why", "refused_next", "file"])
    if stored is not None:
        let_go(stored)


def dismiss(reading: Reading) -> None:
    """Put a reading away: the refusal was seen, or the person no longer wants the file read."""
    stored = reading.file
    reading.delete()
    if stored is not None:
        let_go(stored)


def take_in_sample(path: Path, *, address: str, now: datetime) -> bool:
    """Read a sample into the database; True when anything changed. Raises Unreadable."""
    raw = path.read_bytes()
    source = files.read(raw, file_name=path.name)
    fields = fields_of(source, record_of(source), file_name=path.name)
    known = Document.objects.filter(address=address).select_related("file").first()
    if known is not None and known.file.sha256 == hash_of(raw):
        changed = [name for name, value in fields.items() if getattr(known, name) != value]
        if changed:
            Document.objects.filter(pk=known.pk).update(
                **{name: fields[name] for name in changed}, read_at=now
            )
        return bool(changed)
    with transaction.atomic():
        stored = store(raw)
        Document.objects.update_or_create(
            address=address,
            defaults={**fields, "file": stored, "is_sample": True, "owner": "", "read_at": now},
        )
    if known is not None:
        let_go(known.file)
    return True


def remove(document: Document, *, now: datetime) -> None:
    """Take a document out of every page; it can be taken back until UNDO has passed, and then is deleted."""
    with transaction.atomic():
        free = Document.objects.filter(pk=document.pk, removed_at__isnull=True, kept_for__isnull=True)
        if not free.update(removed_at=now):
            return
        enqueue(PURGE_DOCUMENT, args={"document_id": document.pk}, due_at=now + UNDO)


def take_back(document: Document) -> Document:
    """Undo `remove`. When the same file was put in again meanwhile, that document stays and is returned."""
    newer = Document.objects.filter(
        owner=document.owner, file=document.file_id, removed_at__isnull=True
    ).first()
    if newer is not None:
        return newer
    Document.objects.filter(pk=document.pk).update(removed_at=None)
    document.removed_at = None
    return document


def purge(document_id: int, *, now: datetime) -> None:
    """Delete a document that was removed long enough ago, with its bytes when nobody else has them."""
    document = (
        Document.objects.filter(pk=document_id, removed_at__lte=now - UNDO, kept_for__isnull=True)
        .select_related("file")
        .first()
    )
    if document is not None:
        document.delete()
        let_go(document.file)


def purge_forgotten(*, now: datetime) -> int:
    """Delete what no browser can reach any more, because its session has run out; returns how many documents.

    A session lives on with each upload: an owner is gone when the last upload is older than a session may be.
    """
    since = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    for reading in Reading.objects.filter(asked_at__lt=since).select_related("file"):
        dismiss(reading)
    owners = Document.objects.filter(is_sample=False).values("owner").annotate(last=Max("read_at"))
    gone = Document.objects.filter(
        owner__in=[row["owner"] for row in owners.filter(last__lt=since)], kept_for__isnull=True
    )
    count = 0
    for document in gone.select_related("file").defer("record_json", "lines_json"):
        document.delete()
        let_go(document.file)
        count += 1
    return count


# --- documents ------------------------------------------------------------------------------------


def _leave_to_worker(raw: bytes, *, file_name: str, owner: str, now: datetime) -> Reading:
    with transaction.atomic():
        reading = Reading.objects.create(owner=owner, file_name=file_name, file=store(raw), asked_at=now)
        reading.job = enqueue(READ_FILE, args={"reading_id": reading.pk})
        reading.save(update_fields=["job"])
    return reading


def _keep(raw: bytes, source: SourceText, *, file_name: str, owner: str, now: datetime) -> Document:
    fields = fields_of(source, record_of(source), file_name=file_name)
    try:
        with transaction.atomic():
            return Document.objects.create(
                address=new_address(), owner=owner, file=store(raw), read_at=now, **fields
            )
    except IntegrityError:
        # The same file came twice at the same moment.
        return Document.objects.get(owner=owner, file__sha256=hash_of(raw), removed_at__isnull=True)


def new_address() -> str:
    """A word that nobody can guess: 80 bits."""
    return secrets.token_hex(10)


def fields_of(source: SourceText, record: Record, *, file_name: str) -> dict[str, Any]:
    """The columns of a document, from what was read."""
    doc = record.get("doc") or {}
    title = doc.get("title") or ""
    issuer = (doc.get("issuer") or {}).get("name") or ""
    number = number_in_words(doc)
    counts = record.get("expected_counts") or {}
    return {
        "file_name": file_name,
        "type_name": (doc.get("type") or "")[:80],
        "title": title,
        "title_order": sort_key(title),
        "issuer": issuer,
        "issuer_order": sort_key(issuer),
        "number": number[:120],
        "dated": ((doc.get("date") or {}).get("edtf") or "")[:10],
        "theme": ((record.get("movement") or {}).get("theme") or "")[:60],
        "targets": counts.get("targets", 0),
        "tasks": counts.get("tasks", 0),
        "criteria": counts.get("criteria", 0),
        "to_check": len(record.get("defects") or []) + len(record.get("doubts") or []),
        "search_text": fold(" ".join([title, issuer, number, doc.get("type") or "", file_name])),
        "record_json": json.dumps(record, ensure_ascii=False, indent=2),
        "lines_json": json.dumps([_line(line) for line in source.lines], ensure_ascii=False),
    }


def number_in_words(doc: Record) -> str:
    """ "152/KH-UBND"; a number that was left blank is "…/KH-UBND"; empty when there is neither."""
    number, symbol = doc.get("number"), doc.get("symbol")
    if number and symbol:
        return f"{number}/{symbol}"
    return f"…/{symbol}" if symbol else str(number or "")


def _line(line: Line) -> dict[str, Any]:
    kept: dict[str, Any] = {"text": line.text}
    if line.page is not None:
        kept["page"] = line.page
    if line.origin is not Origin.BODY:
        kept["origin"] = line.origin.value
    if line.bold:
        kept["bold"] = True
    if line.centred:
        kept["centred"] = True
    if line.cell is not None:
        kept["cell"] = [line.cell.table, line.cell.row, line.cell.column, line.cell.columns]
    return kept
