"""Files that show what a note or an activity says: taken in, and handed out to whom they concern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from thidua.core.errors import RuleNotMet
from thidua.documents import file_store
from thidua.movements.models import Activity, Evidence, TaskNote


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody hands it in."""

    file_name: str
    raw: bytes


def checked(uploads: Sequence[Upload]) -> list[Upload]:
    """The same files under clean names. Raises RuleNotMet at the first that cannot be kept."""
    if len(uploads) > settings.UPLOAD_MAX_FILES:
        raise RuleNotMet(
            "Chưa nhận được các tệp",
            why=f"mỗi lần gửi nhiều nhất {settings.UPLOAD_MAX_FILES} tệp",
            next_step="Bớt tệp, rồi gửi phần còn lại trong lần ghi sau",
        )
    return [
        Upload(file_store.check_evidence(upload.raw, file_name=upload.file_name), upload.raw)
        for upload in uploads
    ]


def attach(
    uploads: Sequence[Upload],
    *,
    now: datetime,
    note: TaskNote | None = None,
    activity: Activity | None = None,
) -> list[Evidence]:
    """Keep checked files with a note or an activity; the bytes are kept once under their hash."""
    return [
        Evidence.objects.create(
            note=note,
            activity=activity,
            file=file_store.store(upload.raw),
            file_name=upload.file_name,
            added_at=now,
        )
        for upload in uploads
    ]
