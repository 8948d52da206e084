"""Not written yet."""

from __future__ import annotations

from typing import Any

from ..model import SourceText
from .refusals import refused


def read(raw: bytes, *, file_name: str, sha256: str, **options: Any) -> SourceText:
    raise refused("binary")


def read_image(raw: bytes, *, file_name: str, sha256: str) -> SourceText:
    raise refused("ocr_not_installed")
