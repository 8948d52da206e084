"""Bytes kept under their hash, for documents and for whatever else people hand in.

Knows where bytes lie, what a file may be called, which kinds of evidence are taken; hides that the same file
twice is kept once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError

from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc
from thidua.documents.models import StoredFile

#: So much of a large file is in memory at once.
PIECE = 1024 * 1024


def hash_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def store(raw: bytes) -> StoredFile:
    """Keep bytes under their hash; bytes that are kept already are not written again."""
    stored, _ = StoredFile.objects.get_or_create(sha256=hash_of(raw), defaults={"size_bytes": len(raw)})
    if not default_storage.exists(stored.place):
        saved = default_storage.save(stored.place, ContentFile(raw))
        if saved != stored.place:  # somebody else was faster
            default_storage.delete(saved)
    return stored


def store_file(file: BinaryIO) -> StoredFile:
    """The same for a file that may be larger than memory: it is read twice, a piece at a time."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    stored, _ = StoredFile.objects.get_or_create(sha256=digest.hexdigest(), defaults={"size_bytes": size})
    if not default_storage.exists(stored.place):
        file.seek(0)
        saved = default_storage.save(stored.place, File(file))
        if saved != stored.place:  # somebody else was faster
            default_storage.delete(saved)
    return stored


def bytes_of(stored: StoredFile) -> bytes:
    """The bytes of a kept file."""
    with default_storage.open(stored.place) as file:
        content: bytes = file.read()
    return content


def let_go(stored: StoredFile) -> None:
    """Delete a kept file that nothing needs any more: no document, no reading, no evidence of an app above.

    The bytes go before the transaction ends: whoever stores the same bytes meanwhile waits for its end, finds
    them gone and writes them again.
    """
    with transaction.atomic():
        try:
            # Every key to a stored file protects it, so that apps above need no word here.
            gone, _ = StoredFile.objects.filter(pk=stored.pk).delete()
        except ProtectedError:
            return
        if gone:
            default_storage.delete(stored.place)


def clean_file_name(name: str) -> str:
    """The last part of a name, in NFC, without control characters; browsers may send a whole path."""
    last = PurePosixPath(nfc(name).replace("\\", "/")).name
    last = "".join(character for character in last if character.isprintable()).strip()
    stem, dot, suffix = last.rpartition(".")
    if len(last) > 200 and dot:
        last = f"{stem[: 199 - len(suffix)]}.{suffix[:20]}"
    return last[:200] or "khong-ten"


# --- evidence -------------------------------------------------------------------------------------


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return b"\0" not in raw


def _is_iso_image(raw: bytes) -> bool:
    return raw[4:8] == b"ftyp" and raw[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"avif"}


#: Ending of the name and what the bytes must look like: a name alone proves nothing.
EVIDENCE_KINDS: dict[str, Callable[[bytes], bool]] = {
    "pdf": lambda raw: raw.startswith(b"%PDF"),
    "docx": lambda raw: raw.startswith(b"PK\x03\x04"),
    "xlsx": lambda raw: raw.startswith(b"PK\x03\x04"),
    "jpg": lambda raw: raw.startswith(b"\xff\xd8\xff"),
    "jpeg": lambda raw: raw.startswith(b"\xff\xd8\xff"),
    "png": lambda raw: raw.startswith(b"\x89PNG\r\n\x1a\n"),
    "webp": lambda raw: raw.startswith(b"RIFF") and raw[8:12] == b"WEBP",
    "heic": _is_iso_image,
    "txt": _is_text,
}


def check_evidence(raw: bytes, *, file_name: str) -> str:
    """The cleaned name of a file that may be kept as evidence. Raises RuleNotMet with the reason."""
    name = clean_file_name(file_name)
    limit = settings.UPLOAD_MAX_BYTES
    what = f"Chưa nhận được tệp «{name}»"
    if not raw:
        raise RuleNotMet(what, why="tệp rỗng", next_step="Chọn lại tệp có nội dung")
    if len(raw) > limit:
        raise RuleNotMet(
            what,
            why=f"tệp lớn hơn {limit // 1024 // 1024} MB",
            next_step="Giảm cỡ ảnh, hoặc chia tệp thành nhiều phần",
        )
    looks_right = EVIDENCE_KINDS.get(name.rpartition(".")[2].lower())
    if looks_right is None:
        raise RuleNotMet(
            what,
            why="chỉ nhận PDF, Word (.docx), Excel (.xlsx), ảnh (.jpg, .png, .webp, .heic) và văn bản (.txt)",
            next_step="Lưu tệp theo một trong các dạng đó rồi gửi lại",
        )
    if not looks_right(raw):
        raise RuleNotMet(
            what,
            why="nội dung bên trong không đúng với đuôi tên tệp",
            next_step="Mở tệp, lưu lại đúng dạng rồi gửi lại",
        )
    return name
