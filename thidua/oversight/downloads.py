"""Handing out a file of evidence: always as a download, for whatever is inside must not run on this site."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse

from thidua.oversight.models import Proof


def download(found: Proof) -> FileResponse:
    return FileResponse(
        default_storage.open(found.file.place),
        as_attachment=True,
        filename=found.file_name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
