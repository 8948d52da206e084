"""Files and photos beside difficulties and guidance: taken in; the same file sent twice is kept once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from thidua.documents import file_store
from thidua.movements.tasks.evidence import Upload, checked
from thidua.oversight.models import Proof


def attach(files: Sequence[Upload], *, now: datetime, **owner: Any) -> list[Proof]:
    """Keep files with their owner (`difficulty=…`). A form sent again after a broken connection adds nothing.

    Raises RuleNotMet at the first file that cannot be kept.
    """
    found = []
    for upload in checked(files):
        stored = file_store.store(upload.raw)
        proof, _ = Proof.objects.get_or_create(
            **owner, file=stored, defaults={"file_name": upload.file_name, "added_at": now}
        )
        found.append(proof)
    return found
