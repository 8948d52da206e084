"""One authority and a few keys for all tests of a run: making RSA keys takes a while."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from asn1crypto import x509

from thidua.documents.signing.certificates import read_certificates
from thidua.documents.signing.software_key import DemoAuthority, SoftwareKey

SINCE, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
PASSPHRASE = b"thu"


@lru_cache
def authority() -> DemoAuthority:
    return DemoAuthority.make(since=SINCE, until=UNTIL)


@lru_cache
def key(name: str) -> SoftwareKey:
    return SoftwareKey(authority().issue(name, passphrase=PASSPHRASE)[0], PASSPHRASE)


def trust() -> list[x509.Certificate]:
    return read_certificates(authority().certificate_pem)
