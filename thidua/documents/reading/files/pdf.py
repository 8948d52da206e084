"""PDF files: the text layer with its places on paper, or OCR of scanned pages when asked for.

The letters are read by pdfium in a process of its own (`pdf_process`), because a hostile PDF can keep or
crash the program that reads it.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable

from ..model import SourceText
from .lines import LineCollector, cleaned
from .pdf_process import read_apart
from .refusals import refused

#: unpacked content that may stand in one stream and in all together; drawings of real plans stay far below
_MAX_STREAM_BYTES = 48 * 1024 * 1024
_MAX_STREAMS_BYTES = 160 * 1024 * 1024
_MAX_SECONDS = 2.0
_STREAM = re.compile(rb"stream\r?\n")


def read(
    raw: bytes,
    *,
    file_name: str,
    sha256: str,
    use_ocr: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> SourceText:
    """The paragraphs of a PDF; scanned pages go through OCR when `use_ocr`, else a remark names them."""
    _refuse_bombs(raw)
    reading = read_apart(raw, use_ocr=use_ocr, progress=progress)
    if len(reading.scanned) == reading.pages and not use_ocr:
        raise refused("scan_without_text")
    remarks: tuple[str, ...] = ()
    if reading.scanned:
        listed = ", ".join(map(str, reading.scanned[:10])) + (" …" if len(reading.scanned) > 10 else "")
        remarks = (
            f"Chữ ở trang {listed} do máy nhận dạng (OCR), cần đối chiếu với bản gốc."
            if use_ocr
            else f"Trang {listed} chỉ có hình ảnh, chưa đọc được chữ.",
        )
    collector = LineCollector()
    for line in reading.lines:
        collector.add(
            cleaned(line.text).strip(),
            origin=line.origin,
            page=line.page,
            cell=line.cell,
            bold=line.is_bold,
            centred=line.is_centred,
            whole_paragraph=True,
        )
    if collector.is_blank:
        raise refused("scan_without_text")
    return collector.source(
        form="pdf", sha256=sha256, file_name=file_name, remarks=remarks, ocr=bool(reading.scanned) and use_ocr
    )


def _refuse_bombs(raw: bytes) -> None:
    """Unpacks every packed stream up to a limit, because pdfium itself would unpack it to the end.

    Pictures are left out: pdfium does not open them to read text.
    """
    total = 0
    deadline = time.monotonic() + _MAX_SECONDS
    for match in _STREAM.finditer(raw):
        dictionary = raw[max(0, match.start() - 600) : match.start()]
        dictionary = dictionary[dictionary.rfind(b"obj") + 3 :]
        if b"FlateDecode" not in dictionary and b"/Fl" not in dictionary:
            continue
        if re.search(rb"/Subtype\s*/Image", dictionary):
            continue
        unpacked = _unpacked_size(raw, match.end())
        total += unpacked
        is_packed_twice = dictionary.count(b"FlateDecode") > 1
        if unpacked > _MAX_STREAM_BYTES or total > _MAX_STREAMS_BYTES or time.monotonic() > deadline:
            raise refused("pdf_bomb")
        if is_packed_twice and unpacked > 1024 * 1024:
            raise refused("pdf_bomb")


def _unpacked_size(raw: bytes, start: int) -> int:
    unpacker = zlib.decompressobj()
    size = 0
    position = start
    chunk: bytes = b""
    try:
        while not unpacker.eof and size <= _MAX_STREAM_BYTES:
            chunk = unpacker.unconsumed_tail or raw[position : position + 65_536]
            if not unpacker.unconsumed_tail:
                position += len(chunk)
            if not chunk:
                break
            size += len(unpacker.decompress(chunk, 4 * 1024 * 1024))
    except zlib.error:
        pass
    return size
