"""Reads certificates of a trust list from files: PEM or DER, one or many a file. Pure."""

from __future__ import annotations

import logging
from pathlib import Path

from asn1crypto import pem, x509

logger = logging.getLogger(__name__)
ENDINGS = (".pem", ".crt", ".cer", ".der")


def read_folder(folder: Path) -> list[x509.Certificate]:
    """The certificates of a folder; a file that holds none is named in the log and left out."""
    found: list[x509.Certificate] = []
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        if path.suffix.lower() not in ENDINGS:
            continue
        try:
            found.extend(read_certificates(path.read_bytes()))
        except (OSError, ValueError) as error:
            logger.warning("trust list: %s holds no certificate (%s)", path.name, error)
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
