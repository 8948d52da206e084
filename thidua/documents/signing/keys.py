"""Keys of people and seals of bodies: rows with the certificate, and PKCS#12 files beside the database.

Hides where the files lie and with what they are locked: a passphrase drawn from the secret key of the
installation. In a demonstration it issues keys of its own, which say so.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from thidua.accounts.models import User
from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.documents.file_store import bytes_of, store
from thidua.documents.models import SigningKey
from thidua.documents.signing import pictures
from thidua.documents.signing.software_key import DemoAuthority, SoftwareKey, common_name

DEMO_SINCE, DEMO_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
AUTHORITY_KEY, AUTHORITY_CERTIFICATE = "trinh-dien-ca.key", "trinh-dien-ca.pem"


def key_of(user: User | None, *, now: datetime) -> SigningKey | None:
    """The key with which a person signs at this moment; the newest when there are several."""
    return None if user is None else _valid(now).filter(user=user).order_by("-pk").first()


def seal_of(unit_id: int, *, now: datetime) -> SigningKey | None:
    """The seal of a body at this moment."""
    return _valid(now).filter(unit_id=unit_id).order_by("-pk").first()


def signer(key: SigningKey) -> SoftwareKey:
    """The `Signer` of a row. Raises RuleNotMet when its file is gone."""
    try:
        return SoftwareKey((_folder() / key.file_name).read_bytes(), _passphrase())
    except FileNotFoundError as error:
        raise RuleNotMet(
            "Chưa ký được",
            why=f"không còn tệp khóa của {key.subject} trên máy chủ",
            next_step="Báo người quản trị nạp lại khóa",
        ) from error


def picture_of(key: SigningKey) -> bytes | None:
    return bytes_of(key.picture) if key.picture is not None else None


def take_in(
    raw: bytes,
    passphrase: bytes,
    *,
    user: User | None = None,
    unit_id: int | None = None,
    picture: bytes | None,
    actor: Actor,
    now: datetime,
) -> SigningKey:
    """Keep a PKCS#12 file of an authority for a person or a body. Raises RuleNotMet when it does not open."""
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(raw, passphrase)
    except ValueError as error:
        raise RuleNotMet(
            "Chưa nạp được khóa",
            why="sai mật khẩu, hoặc đây không phải tệp PKCS#12 (.p12, .pfx)",
            next_step="Kiểm tra tệp và mật khẩu rồi nạp lại",
        ) from error
    if key is None or certificate is None:
        raise RuleNotMet(
            "Chưa nạp được khóa", why="tệp thiếu khóa hoặc chứng thư số", next_step="Xuất lại tệp đủ cả hai"
        )
    packed = pkcs12.serialize_key_and_certificates(
        common_name(certificate).encode(),
        key,  # type: ignore[arg-type]  # the library reads more kinds than it names for writing
        certificate,
        chain,
        serialization.BestAvailableEncryption(_passphrase()),
    )
    return _keep(
        packed, certificate, user=user, unit_id=unit_id, picture=picture, is_demo=False, actor=actor, now=now
    )


def make_demo_key(
    name: str, *, user: User | None = None, unit_id: int | None = None, actor: Actor, now: datetime
) -> SigningKey:
    """A key of the demonstration for an invented person or body; the one that exists when there is one."""
    known = key_of(user, now=now) if unit_id is None else seal_of(unit_id, now=now)
    if known is not None and (_folder() / known.file_name).exists():
        return known
    packed, certificate = demo_authority().issue(name, passphrase=_passphrase())
    picture = pictures.signature(name) if unit_id is None else pictures.seal(name)
    return _keep(
        packed, certificate, user=user, unit_id=unit_id, picture=picture, is_demo=True, actor=actor, now=now
    )


def demo_authority() -> DemoAuthority:
    """The authority of this installation's demonstration, made at its first use and put on the trust list."""
    key, certificate = _folder() / AUTHORITY_KEY, _folder() / AUTHORITY_CERTIFICATE
    if not key.exists() or not certificate.exists():
        made = DemoAuthority.make(since=DEMO_SINCE, until=DEMO_UNTIL)
        _write(certificate, made.certificate_pem)
        _write(key, made.key_pem(_passphrase()))
    found = DemoAuthority.read(key.read_bytes(), certificate.read_bytes(), _passphrase())
    listed = Path(settings.TRUST_DIR) / AUTHORITY_CERTIFICATE
    if not listed.exists():
        listed.parent.mkdir(parents=True, exist_ok=True)
        listed.write_bytes(found.certificate_pem)
    return found


# --- inside ---------------------------------------------------------------------------------------


def _valid(now: datetime) -> QuerySet[SigningKey]:
    return SigningKey.objects.filter(
        revoked_at__isnull=True, valid_since__lte=now, valid_until__gt=now
    ).select_related("picture")


def _keep(
    packed: bytes,
    certificate: x509.Certificate,
    *,
    user: User | None,
    unit_id: int | None,
    picture: bytes | None,
    is_demo: bool,
    actor: Actor,
    now: datetime,
) -> SigningKey:
    file_name = f"{secrets.token_hex(16)}.p12"
    _write(_folder() / file_name, packed)
    with transaction.atomic():
        key = SigningKey.objects.create(
            user=user,
            unit_id=unit_id,
            file_name=file_name,
            certificate_pem=certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"),
            subject=common_name(certificate)[:300],
            valid_since=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
            picture=store(picture) if picture else None,
            is_demo=is_demo,
        )
        record(
            "documents.signingkey.take_in",
            key,
            label="Nạp khóa ký số",
            actor=actor,
            now=now,
            object_unit_id=unit_id,
            details={"trình diễn": is_demo, "serial": format(certificate.serial_number, "x")},
        )
    return key


def _folder() -> Path:
    folder = Path(settings.KEYS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(path: Path, content: bytes) -> None:
    """Readable by the program's account only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _passphrase() -> bytes:
    return (
        hmac.new(settings.SECRET_KEY.encode(), b"documents.signing.keys", hashlib.sha256).hexdigest().encode()
    )
