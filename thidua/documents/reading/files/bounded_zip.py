"""A zip archive read by part name within fixed limits, whatever its headers promise.

Word files are zip archives from strangers. Nothing is unpacked to disk, nested archives are never opened,
and a name such as `../../etc/passwd` does no harm because parts are only looked up, never written.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from .refusals import refused

MAX_ENTRIES = 4_000
#: bytes that one part, and all parts read together, may unpack to
MAX_PART_BYTES = 48 * 1024 * 1024
MAX_TOTAL_BYTES = 96 * 1024 * 1024
#: what the directory may claim in all; real files stay below, with all their pictures
MAX_CLAIMED_BYTES = 1024 * 1024 * 1024
#: text compresses about tenfold, repetitive XML fiftyfold; a bomb a thousandfold
MAX_RATIO = 250
_RATIO_MATTERS_ABOVE = 4 * 1024 * 1024
_CENTRAL_HEADER = b"PK\x01\x02"


class BoundedZip:
    """The parts of a zip archive held in memory; reading past the limits raises `zip_bomb`."""

    def __init__(self, raw: bytes, *, corrupt_key: str = "corrupt_docx") -> None:
        self._corrupt_key = corrupt_key
        self._bytes_read = 0
        # zipfile builds an object for each entry before anybody can count them
        if raw.count(_CENTRAL_HEADER) > MAX_ENTRIES:
            raise refused("zip_bomb")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as error:
            raise refused(corrupt_key) from error
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_CLAIMED_BYTES:
            raise refused("zip_bomb")
        self._entries = {entry.filename: entry for entry in entries}

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The whole part, unpacked; refused when it is missing, damaged or packed in an unknown way."""
        entry = self._entries.get(name)
        if entry is None:
            raise refused(self._corrupt_key)
        if entry.flag_bits & 0x1:
            raise refused("encrypted_zip")
        try:
            with self._zip.open(entry) as stream:
                part = stream.read(MAX_PART_BYTES + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
        ) as error:
            raise refused(self._corrupt_key) from error
        self._bytes_read += len(part)
        if len(part) > MAX_PART_BYTES or self._bytes_read > MAX_TOTAL_BYTES:
            raise refused("zip_bomb")
        if len(part) > _RATIO_MATTERS_ABOVE and len(part) > MAX_RATIO * max(entry.compress_size, 1):
            raise refused("zip_bomb")
        return part
