"""Checks the signatures of any PDF: who, when, the whole file, what changed since, by whose word. Pure.

Says it in Vietnamese sentences. Knows a trust list that is handed in; asks no network. The signing time is
what the signer's machine claimed unless a timestamp stands beside it, and the finding says which.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from asn1crypto import parser, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import InvalidVersion, load_der_x509_certificate
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from thidua.core.errors import RuleNotMet
from thidua.documents.signing.loops import apart
from thidua.documents.signing.software_key import DEMO

# A broken file is told to the user, not to the log.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

#: What damaged or hostile files make the libraries raise.
_BROKEN = (
    *(PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError),
    ArithmeticError,  # a number that is none
)


class Verdict(StrEnum):
    GOOD = "tot"
    DOUBTFUL = "can_xem"
    BAD = "hong"


class Since(StrEnum):
    """What happened to the file after the signature."""

    NOTHING = "khong"
    ALLOWED = "duoc_phep"
    FORBIDDEN = "khong_duoc_phep"
    UNKNOWN = "khong_ro"


@dataclass(frozen=True, slots=True)
class Finding:
    """One signature and what is to be said of it, sentence by sentence."""

    field_name: str
    signer: str
    organisation: str
    issuer: str
    signed_at: datetime | None
    #: A timestamping service vouches for the time.
    is_time_sure: bool
    #: The signed bytes are as they were, and the signature fits them and the certificate.
    is_intact: bool
    #: No later revision follows.
    covers_whole_file: bool
    since: Since
    is_trusted: bool
    is_demo: bool
    reason: str
    valid_since: datetime | None
    valid_until: datetime | None
    sentences: tuple[str, ...]
    #: What lies beside the signature in its container (certificates, names of algorithms) is as it was.
    is_container_sound: bool = True

    @property
    def verdict(self) -> Verdict:
        if not self.is_intact or self.since is Since.FORBIDDEN:
            return Verdict.BAD
        good = (
            self.is_trusted
            and self.since is not Since.UNKNOWN
            and not self.is_demo
            and self.is_container_sound
        )
        return Verdict.GOOD if good else Verdict.DOUBTFUL


@dataclass(frozen=True, slots=True)
class Checked:
    """A file with its signatures, in the order in which they were set."""

    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """That of the worst signature; a file without one is doubtful."""
        if not self.findings:
            return Verdict.DOUBTFUL
        order = [Verdict.BAD, Verdict.DOUBTFUL, Verdict.GOOD]
        return min((one.verdict for one in self.findings), key=order.index)

    @property
    def is_whole(self) -> bool:
        """Every signature fits, nothing forbidden changed, and the last one covers the whole file."""
        return (
            bool(self.findings)
            and all(one.is_intact and one.since in (Since.NOTHING, Since.ALLOWED) for one in self.findings)
            and any(one.covers_whole_file for one in self.findings)
            and all(one.is_container_sound for one in self.findings)
        )

    @property
    def summary(self) -> str:
        if not self.findings:
            return "Tệp không có chữ ký số."
        if self.verdict is Verdict.BAD:
            return "Chữ ký KHÔNG hợp lệ: nội dung đã bị thay đổi, hoặc chữ ký bị hỏng."
        if not all(one.is_container_sound for one in self.findings):
            return "Chữ ký khớp, nhưng khối chữ ký có phần bị sửa hoặc không kiểm chứng được."
        if not self.is_whole:
            return "Chữ ký khớp, nhưng phần thêm vào sau chữ ký cuối cùng chưa được ký."
        if any(one.is_demo for one in self.findings):
            return "Tệp còn nguyên vẹn. Chữ ký bằng khóa trình diễn, không có giá trị pháp lý."
        if self.verdict is Verdict.DOUBTFUL:
            return "Tệp còn nguyên vẹn, nhưng chưa xác nhận được người ký: xem chuỗi chứng thực bên dưới."
        return "Chữ ký hợp lệ, tệp còn nguyên vẹn, người ký được chứng thực."


def check(pdf: bytes, *, trusted: Sequence[x509.Certificate]) -> Checked:
    """Every signature of a file. Raises RuleNotMet when it is no PDF that can be opened."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted:
            raise RuleNotMet(
                "Chưa kiểm tra được tệp", why="tệp đặt mật khẩu", next_step="Bỏ mật khẩu rồi kiểm tra lại"
            )
        embedded = list(reader.embedded_regular_signatures)
    except _BROKEN as error:
        raise RuleNotMet(
            "Chưa kiểm tra được tệp",
            why="đây không phải tệp PDF, hoặc tệp đã hỏng",
            next_step="Chọn đúng tệp PDF gốc, không phải bản chụp hay bản chuyển đổi",
        ) from error
    return Checked(tuple(_finding(one, pdf, trusted) for one in embedded))


def _finding(one: EmbeddedPdfSignature, pdf: bytes, trusted: Sequence[x509.Certificate]) -> Finding:
    try:
        return _judged(one, pdf, trusted)
    except _BROKEN as error:
        return Finding(
            field_name=str(getattr(one, "field_name", "")),
            signer="không đọc được",
            organisation="",
            issuer="",
            signed_at=None,
            is_time_sure=False,
            is_intact=False,
            covers_whole_file=False,
            since=Since.UNKNOWN,
            is_trusted=False,
            is_demo=False,
            reason="",
            valid_since=None,
            valid_until=None,
            sentences=(f"Chữ ký hỏng, không đọc được ({type(error).__name__}).",),
        )


def _judged(one: EmbeddedPdfSignature, pdf: bytes, trusted: Sequence[x509.Certificate]) -> Finding:
    signed_at = one.self_reported_timestamp
    status = apart(lambda: validate_pdf_signature(one, _context(trusted, one, signed_at)))
    certificate = one.signer_cert
    is_intact = bool(status.intact and status.valid) and _has_clean_padding(one)
    covers = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    since = _since(status, covers=covers)
    stamp = status.timestamp_validity
    is_time_sure = stamp is not None and stamp.valid and stamp.intact
    if is_time_sure and stamp is not None:
        signed_at = stamp.timestamp
    is_demo = DEMO in _values(certificate.subject, "organization_name")
    is_trusted = bool(status.trusted)
    is_container_sound = _is_container_sound(one, trusted)
    return Finding(
        field_name=one.field_name,
        signer=_first(certificate.subject, "common_name") or certificate.subject.human_friendly,
        organisation=_first(certificate.subject, "organization_name"),
        issuer=_first(certificate.issuer, "common_name") or certificate.issuer.human_friendly,
        signed_at=signed_at,
        is_time_sure=is_time_sure,
        is_intact=is_intact,
        covers_whole_file=covers,
        since=since,
        is_trusted=is_trusted,
        is_demo=is_demo,
        reason=str(one.sig_object.get("/Reason", "") or ""),
        valid_since=certificate.not_valid_before,
        valid_until=certificate.not_valid_after,
        sentences=tuple(
            _sentences(
                status,
                is_intact=is_intact,
                covers=covers,
                since=since,
                is_trusted=is_trusted,
                is_demo=is_demo,
                is_time_sure=is_time_sure,
                issuer=_first(certificate.issuer, "common_name"),
                has_trust_list=bool(trusted),
                is_container_sound=is_container_sound,
            )
        ),
        is_container_sound=is_container_sound,
    )


def _sentences(
    status: PdfSignatureStatus,
    *,
    is_intact: bool,
    covers: bool,
    since: Since,
    is_trusted: bool,
    is_demo: bool,
    is_time_sure: bool,
    issuer: str,
    has_trust_list: bool,
    is_container_sound: bool,
) -> Iterable[str]:
    if is_intact:
        yield "Nội dung đã ký còn nguyên vẹn, chữ ký khớp với chứng thư số."
    else:
        yield "Nội dung KHÔNG còn như lúc ký, hoặc chữ ký không khớp với chứng thư số."
    if covers and since is Since.NOTHING:
        yield "Chữ ký bao trùm toàn bộ tệp; không có gì thêm vào sau khi ký."
    elif since is Since.ALLOWED:
        yield "Sau chữ ký này chỉ có phần được phép: điền số, ngày vào ô để trống và chữ ký tiếp theo."
    elif since is Since.FORBIDDEN:
        yield "Sau chữ ký này tệp bị thay đổi trái với những gì người ký cho phép."
    elif since is Since.UNKNOWN:
        yield "Có phần thêm vào sau chữ ký mà chương trình không xác định được là gì."
    if is_trusted:
        yield f"Chuỗi chứng thực dẫn tới một nơi có trong danh sách tin cậy ({issuer})."
    elif status.revoked:
        yield f"Chứng thư số đã bị thu hồi ({issuer})."
    elif not has_trust_list:
        yield "Danh sách tin cậy đang trống nên chưa xác nhận được ai cấp chứng thư số."
    else:
        yield (
            f"Nơi cấp chứng thư số ({issuer}) không có trong danh sách tin cậy, "
            "hoặc chứng thư số không có hiệu lực lúc ký."
        )
    if not is_container_sound:
        yield "Khối chữ ký kèm chứng thư số hoặc ghi chú đã bị sửa, hoặc không kiểm chứng được."
    if is_demo:
        yield "Khóa trình diễn: chữ ký không có giá trị pháp lý."
    if not is_time_sure:
        yield "Giờ ký lấy theo máy của người ký, không có dấu thời gian của bên thứ ba."


def _context(
    trusted: Sequence[x509.Certificate], one: EmbeddedPdfSignature, moment: datetime | None
) -> ValidationContext:
    """Judged for the moment of signing, so that a signature outlives its certificate."""
    return ValidationContext(
        trust_roots=list(trusted),
        other_certs=list(one.other_embedded_certs),
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def _since(status: PdfSignatureStatus, *, covers: bool) -> Since:
    if not status.docmdp_ok:
        return Since.FORBIDDEN
    level = status.modification_level
    if covers and level in (None, ModificationLevel.NONE):
        return Since.NOTHING
    if level in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING):
        return Since.ALLOWED
    return Since.FORBIDDEN if level is ModificationLevel.OTHER else Since.UNKNOWN


def _has_clean_padding(one: EmbeddedPdfSignature) -> bool:
    """The room behind the signature holds zeros only: nobody signs it, so nothing may hide there."""
    content = bytes(one.pkcs7_content)
    return not content[_der_length(content) :].strip(b"\0")


def _is_container_sound(one: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate]) -> bool:
    """Whether what the signature itself does not cover is what its signer put there.

    The certificates beside the signer's must each be vouched for by one beside them or in the trust list, and
    the algorithm named at the head must be the one that was used: a changed byte there leaves the signature
    valid, since nobody signs it.
    """
    content = bytes(one.pkcs7_content)
    if not _is_filled(content[: _der_length(content)]):
        return False
    if not _names_its_signer(one):
        return False
    used = str(one.signer_info["digest_algorithm"]["algorithm"].native)
    for each in one.signed_data["digest_algorithms"]:
        if each["algorithm"].native != used or each["parameters"].dump() not in (b"", b"\x05\x00"):
            return False
    known = {each.dump(): each for each in (*trusted, *one.other_embedded_certs, one.signer_cert)}
    beside = [each for each in one.other_embedded_certs if each.dump() not in {t.dump() for t in trusted}]
    return all(any(_vouches(issuer, each) for issuer in known.values()) for each in beside)


def _names_its_signer(one: EmbeddedPdfSignature) -> bool:
    """Whether the container says by letter whose signature it holds, and in the version that goes with it."""
    sid, certificate = one.signer_info["sid"], one.signer_cert
    if sid.name == "issuer_and_serial_number":
        named = sid.chosen["issuer"].dump(), sid.chosen["serial_number"].native
        is_named = bool(named == (certificate.issuer.dump(), certificate.serial_number))
        version = "v1"
    else:
        is_named, version = sid.chosen.native == certificate.key_identifier, "v3"
    return (
        is_named
        and one.signer_info["version"].native == version
        and one.signed_data["version"].native in ("v1", "v3", "v4", "v5")
    )


def _is_filled(content: bytes, depth: int = 0) -> bool:
    """Whether the parts of a DER object fill it exactly, at every depth; libraries skip wrong lengths."""
    place = 0
    while place < len(content):
        _, is_constructed, _, header, inside, trailer = parser.parse(content[place:])
        if header[:1] == b"\0":  # the zeros behind, taken in by a length that is too great
            return False
        if is_constructed and depth < 40 and not _is_filled(inside, depth + 1):
            return False
        place += len(header) + len(inside) + len(trailer)
    return place == len(content)


def _vouches(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    if certificate.issuer != issuer.subject:
        return False
    try:
        load_der_x509_certificate(certificate.dump()).verify_directly_issued_by(
            load_der_x509_certificate(issuer.dump())
        )
    except (ValueError, TypeError, InvalidSignature, InvalidVersion, UnsupportedAlgorithm):
        return False
    return True


def _der_length(content: bytes) -> int:
    """How many bytes the DER object at the beginning takes."""
    first = content[1]
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(content[2 : 2 + count], "big")


def _values(name: x509.Name, key: str) -> list[str]:
    found: Any = name.native.get(key, "")
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def _first(name: x509.Name, key: str) -> str:
    return _values(name, key)[0]


def days_late(signed_at: datetime, deadline: datetime) -> int:
    """Days, begun ones counted, by which a signature came after its deadline; 0 when in time."""
    late = (signed_at - deadline).total_seconds()
    return max(0, -int(-late // 86400)) if late > 0 else 0
