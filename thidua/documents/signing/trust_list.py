"""Whose word counts in this installation: the certificates in the folder `THIDUA_TRUST_DIR`."""

from __future__ import annotations

from pathlib import Path

from asn1crypto import x509
from django.conf import settings

from thidua.documents.signing.certificates import read_folder


def trusted() -> list[x509.Certificate]:
    return read_folder(Path(settings.TRUST_DIR))
