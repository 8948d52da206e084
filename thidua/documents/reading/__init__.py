"""The reader: a plan document goes in, a structured record comes out, every item tied to its sentence.

`read_bytes` and `read_path` read a file (DOCX, PDF with text, plain text, Markdown, saved HTML) into a record in
the schema `golden/1` (docs/reference/golden-1.md). Pure: no Django, no database, no clock, nothing kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import files
from .files import Unreadable
from .record import record_of

__all__ = ["Unreadable", "read_bytes", "read_path"]


def read_bytes(raw: bytes, *, file_name: str = "") -> dict[str, Any]:
    """The record of a file given as bytes. Raises `Unreadable` with what, why and what to do next."""
    return record_of(files.read(raw, file_name=file_name))


def read_path(path: str | Path) -> dict[str, Any]:
    """The record of a file on disk. Raises `Unreadable`, or OSError when the file cannot be opened."""
    path = Path(path)
    return read_bytes(path.read_bytes(), file_name=path.name)
