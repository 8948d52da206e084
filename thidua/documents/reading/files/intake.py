"""The door: bytes come in, lines with provenance go out, or one clear refusal.

Nothing is written to disk, no macro is run, no address in a file is fetched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from ..model import SourceText
from . import docx, html, ocr, pdf, plain
from .kinds import Kind, image_kind, recognise
from .refusals import refused

MAX_BYTES = 20 * 1024 * 1024

#: told the pages done and the pages in all
Progress = Callable[[int, int], None]


def read(
    raw: bytes,
    *,
    file_name: str = "",
    max_bytes: int = MAX_BYTES,
    use_ocr: bool = False,
    progress: Progress | None = None,
) -> SourceText:
    """The lines of a file of any readable kind; the kind is told from the bytes.

    `use_ocr` lets scans and pictures go through Tesseract, page by page, which takes seconds a page: only for
    jobs. Raises Unreadable, whose `key` is one of `refusals.REFUSALS`.
    """
    if len(raw) > max_bytes:
        raise refused("too_large", size_mb=_megabytes(len(raw)), limit_mb=_megabytes(max_bytes))
    recognised = recognise(raw, file_name=file_name)
    kind = recognised.kind
    sha256 = hashlib.sha256(raw).hexdigest()
    if recognised.archive is not None:
        return docx.read(recognised.archive, file_name=file_name, sha256=sha256)
    if kind is Kind.PDF:
        return pdf.read(raw, file_name=file_name, sha256=sha256, use_ocr=use_ocr, progress=progress)
    if kind is Kind.HTML:
        return html.read(raw, file_name=file_name, sha256=sha256)
    if kind is Kind.IMAGE:
        if not use_ocr:
            raise refused("image_without_ocr", kind=image_kind(raw))
        return ocr.read_image(raw, file_name=file_name, sha256=sha256)
    return plain.read(raw, file_name=file_name, sha256=sha256, markdown=kind is Kind.MARKDOWN)


def read_path(
    path: str | Path, *, max_bytes: int = MAX_BYTES, use_ocr: bool = False, progress: Progress | None = None
) -> SourceText:
    """Like `read`, for a file on disk; a file over the limit is refused before it is loaded."""
    path = Path(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(max_bytes + 1)
            size = stream.seek(0, 2) if len(raw) > max_bytes else len(raw)
    except OSError as error:
        raise refused("missing_file") from error
    if size > max_bytes:
        raise refused("too_large", size_mb=_megabytes(size), limit_mb=_megabytes(max_bytes))
    return read(raw, file_name=path.name, max_bytes=max_bytes, use_ocr=use_ocr, progress=progress)


def _megabytes(count: int) -> str:
    return f"{count / 1024 / 1024:.1f}".replace(".", ",").removesuffix(",0")
