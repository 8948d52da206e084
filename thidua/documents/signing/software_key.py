"""A key in a PKCS#12 file as a `Signer`, and a little authority of our own for demonstrations. Pure.

PAdES B-B: the signing time is the program's, not that of a timestamping service.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.stamp import StaticStampStyle

from thidua.core.errors import RuleNotMet
from thidua.documents.signing.loops import apart
from thidua.documents.signing.port import Mark

#: What certificates of a demonstration carry in their organisation.
DEMO = "Trình diễn - không có giá trị pháp lý"
KEY_BITS = 2048


@dataclass(frozen=True)
class SoftwareKey:
    """A key that lies in a file."""

    pkcs12: bytes
    passphrase: bytes

    @property
    def subject(self) -> str:
        return common_name(self._certificate)

    @property
    def is_demo(self) -> bool:
        return is_demo_certificate(self._certificate)

    @property
    def _certificate(self) -> x509.Certificate:
        _, certificate, _ = pkcs12.load_key_and_certificates(self.pkcs12, self.passphrase)
        assert certificate is not None
        return certificate

    def sign(self, pdf: bytes, mark: Mark) -> bytes:
        certificate = self._certificate
        if not certificate.not_valid_before_utc <= mark.at <= certificate.not_valid_after_utc:
            raise RuleNotMet(
                "Chưa ký được",
                why=f"chứng thư số của {common_name(certificate)} không còn hoặc chưa có hiệu lực vào lúc ký",
                next_step="Gia hạn chứng thư số rồi ký lại, hoặc ký tay trên bản giấy",
            )
        key = signers.SimpleSigner.load_pkcs12_data(self.pkcs12, [], passphrase=self.passphrase)
        if key is None:
            raise RuleNotMet(
                "Chưa ký được",
                why="không mở được tệp khóa ký số",
                next_step="Báo người quản trị nạp lại khóa",
            )
        metadata = PdfSignatureMetadata(
            field_name=mark.field_name,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=mark.reason,
            certify=bool(mark.allows),
            docmdp_permissions=MDPPerm.FILL_FORMS if mark.allows else MDPPerm.NO_CHANGES,
        )
        style = StaticStampStyle(
            background=PdfImage(_picture(mark.picture)), border_width=0, background_opacity=1
        )
        signer = _SignerAt(metadata, key, stamp_style=style, at=mark.at)
        target: io.BytesIO = apart(
            lambda: signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), existing_fields_only=True)
        )
        return target.getvalue()


class _SignerAt(PdfSigner):
    """Signs at the moment that it is told, which in a demonstration is not the machine's."""

    def __init__(self, *arguments: Any, at: datetime, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._at = at

    def init_signing_session(self, *arguments: Any, **more: Any) -> PdfSigningSession:
        session = super().init_signing_session(*arguments, **more)
        session.system_time = self._at
        return session


def _picture(png: bytes | None) -> Image.Image:
    if png is None:
        return Image.new("RGBA", (1, 1), (255, 255, 255, 0))
    return Image.open(io.BytesIO(png)).convert("RGBA")


def common_name(certificate: x509.Certificate) -> str:
    """Whom a certificate names."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def is_demo_certificate(certificate: x509.Certificate) -> bool:
    return any(
        attribute.value == DEMO
        for attribute in certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    )


# --- the authority of a demonstration -------------------------------------------------------------


@dataclass(frozen=True)
class DemoAuthority:
    """Issues keys for invented people and bodies. Its own key never leaves the data folder."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, *, since: datetime, until: datetime) -> DemoAuthority:
        key = _new_key()
        name = _name("Cơ quan chứng thực trình diễn Thi Đua")
        certificate = _certificate(name, name, key, key, since=since, until=until, is_authority=True)
        return cls(key, certificate)

    @classmethod
    def read(cls, key_pem: bytes, certificate_pem: bytes, passphrase: bytes) -> DemoAuthority:
        key = serialization.load_pem_private_key(key_pem, passphrase)
        assert isinstance(key, rsa.RSAPrivateKey)
        return cls(key, x509.load_pem_x509_certificate(certificate_pem))

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self, passphrase: bytes) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase),
        )

    def issue(
        self, name: str, *, passphrase: bytes, new_key: Callable[[], rsa.RSAPrivateKey] | None = None
    ) -> tuple[bytes, x509.Certificate]:
        """A PKCS#12 file for a person or a body, and its certificate, as long as the authority's."""
        key = (new_key or _new_key)()
        certificate = _certificate(
            _name(name),
            self.certificate.subject,
            key,
            self.key,
            since=self.certificate.not_valid_before_utc,
            until=self.certificate.not_valid_after_utc,
            is_authority=False,
        )
        packed = pkcs12.serialize_key_and_certificates(
            name.encode(),
            key,
            certificate,
            [self.certificate],
            serialization.BestAvailableEncryption(passphrase),
        )
        return packed, certificate


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, KEY_BITS)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, DEMO),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    signing_key: rsa.RSAPrivateKey,
    *,
    since: datetime,
    until: datetime,
    is_authority: bool,
) -> x509.Certificate:
    usage = {
        "digital_signature": not is_authority,
        "content_commitment": not is_authority,
        "key_encipherment": False,
        "data_encipherment": False,
        "key_agreement": False,
        "key_cert_sign": is_authority,
        "crl_sign": is_authority,
        "encipher_only": False,
        "decipher_only": False,
    }
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since.astimezone(UTC))
        .not_valid_after(until.astimezone(UTC) - timedelta(seconds=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), True)
        .add_extension(x509.KeyUsage(**usage), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), False)
    )
    return builder.sign(signing_key, hashes.SHA256())
