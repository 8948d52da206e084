"""Bytes of unknown encoding -> text, for plain text and web pages.

Order: the byte order mark, the encoding that the file declares, UTF-8 when it is valid, then the encodings of
old Vietnamese files.
"""

from __future__ import annotations

import codecs

from thidua.core.legacy import NotText, decode_bytes

from .lines import MAX_LETTERS
from .refusals import refused

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: of UTF-8 bytes that may be broken before the file counts as another encoding
_MAX_BROKEN_SHARE = 0.001
_ENCODING_NAMES = {"tcvn3": "TCVN3", "vni": "VNI", "viscii": "VISCII", "cp1258": "windows-1258"}
_LOST = "\N{REPLACEMENT CHARACTER}"


def decode(raw: bytes, *, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text and remarks for the user; raises `binary` when no encoding makes it text."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            text = raw[len(mark) :].decode(name if name == "utf-8" else _byte_order(mark), "replace")
            return _checked(text, raw)
    if b"\x00" in raw[:4096]:
        return _utf16_without_mark(raw), ()
    try:
        return raw.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    lenient = raw.decode("utf-8", "replace")
    if (
        lenient.count(_LOST) <= max(1, len(raw) * _MAX_BROKEN_SHARE)
        and not lenient.replace(_LOST, "").isascii()
    ):
        return _checked(lenient, raw)
    if declared:
        try:
            return raw.decode(_known_as(declared)), ()
        except (LookupError, UnicodeDecodeError):
            pass
    return _old_encoding(raw)


def _byte_order(mark: bytes) -> str:
    return {
        codecs.BOM_UTF32_LE: "utf-32-le",
        codecs.BOM_UTF32_BE: "utf-32-be",
        codecs.BOM_UTF16_LE: "utf-16-le",
        codecs.BOM_UTF16_BE: "utf-16-be",
    }[mark]


def _checked(text: str, raw: bytes) -> tuple[str, tuple[str, ...]]:
    lost = text.count(_LOST)
    if lost > max(2, len(raw) * _MAX_BROKEN_SHARE):
        raise refused("binary")
    return text, ((f"{lost} ký tự hỏng đã được thay bằng «{_LOST}».",) if lost else ())


def _utf16_without_mark(raw: bytes) -> str:
    """Text of two bytes a letter whose mark is missing: the NULs stand on one side only."""
    sample = raw[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    try:
        if odd > 0 and even == 0:
            return raw.decode("utf-16-le")
        if even > 0 and odd == 0:
            return raw.decode("utf-16-be")
    except UnicodeDecodeError:
        pass
    raise refused("binary")


def _known_as(declared: str) -> str:
    """Python's name of a declared encoding; browsers read Latin-1 as Windows-1252."""
    name = declared.strip().strip("\"'").lower()
    return {"iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1258": "cp1258", "unicode": "utf-8"}.get(
        name, name
    )


def _old_encoding(raw: bytes) -> tuple[str, tuple[str, ...]]:
    if len(raw) > MAX_LETTERS:
        raise refused("too_complex")
    try:
        text, name = decode_bytes(raw)
    except NotText as error:
        raise refused("binary") from error
    return text, (f"Tệp dùng bảng mã cũ ({_ENCODING_NAMES.get(name, name)}), đã chuyển sang Unicode.",)
