"""Files in, lines with provenance out: `read(raw)` and `read_path(path)`, or one clear `Unreadable`."""

from .intake import MAX_BYTES, read, read_path
from .refusals import Unreadable

__all__ = ["MAX_BYTES", "Unreadable", "read", "read_path"]
