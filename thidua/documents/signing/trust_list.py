"""Whose word counts: the certificates in the folder `THIDUA_TRUST_DIR`, PEM or DER, one or many a file."""

from __future__ import annotations

import logging
from pathlib import Path

from asn1crypto import pem, x509
from django.conf import settings

logger = logging.getLogger(__name__)
ENDINGS = (".pem", ".crt", ".cer", ".der")


def trusted() -> list[x509.Certificate]:
    """The certificates of the trust list; a file that is none is named in the log and left out."""
    folder = Path(settings.TRUST_DIR)
    found: list[x509.Certificate] = []
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        if path.suffix.lower() not in ENDINGS:
            continue
        try:
            found.extend(read_certificates(path.read_bytes()))
        except (OSError, ValueError) as error:
            logger.warning("trust list: %s is no certificate (%s)", path.name, error)
    return found


def read_certificates(raw: bytes) -> list[x509.Certificate]:
    """Raises ValueError for what is no certificate."""
    if not pem.detect(raw):
        return [_checked(raw)]
    return [_checked(der) for kind, _, der in pem.unarmor(raw, multiple=True) if kind == "CERTIFICATE"]


def _checked(der: bytes) -> x509.Certificate:
    certificate = x509.Certificate.load(der)
    _ = certificate.subject.native  # reads it: a wrong one is refused here and not while checking
    return certificate
