"""Person first, then number and date, then the seal: both signatures hold, and nothing else may change."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from asn1crypto import x509
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from thidua.core.errors import RuleNotMet
from thidua.documents.papers.tests.makers import a_paper
from thidua.documents.signing import blanks, pictures
from thidua.documents.signing.port import Mark
from thidua.documents.signing.tests.authority import SINCE, authority, key, trust
from thidua.documents.signing.verify import Checked, Since, Verdict, check, days_late
from thidua.documents.writing.paper import Appendix, Paragraph
from thidua.documents.writing.typesetting import pdf_bytes, signature_places

AT = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
FILLED = {blanks.NUMBER: "05", blanks.DAY: "05", blanks.MONTH: "11", blanks.YEAR: "2023"}
LEADER, BODY = "Vàng A Lềnh", "Ủy ban nhân dân huyện Phong Thổ"


@lru_cache
def signed() -> bytes:
    appendices = (
        Appendix("Danh sách", (Paragraph("Xã Dào San."),), "I"),
        Appendix("Biểu số liệu", (Paragraph("Xã Mù Sang."),), "II", is_landscape=True),
    )
    paper = replace(a_paper(symbol="BC-UBND"), appendices=appendices)
    prepared = blanks.with_blanks(pdf_bytes(paper), signature_places(paper))
    mark = Mark(blanks.PERSON, AT, "Ký", pictures.signature(LEADER), allows=blanks.filled_later(prepared))
    return key(LEADER).sign(prepared, mark)


@lru_cache
def numbered() -> bytes:
    return blanks.filled(signed(), FILLED)


@lru_cache
def issued() -> bytes:
    mark = Mark(blanks.SEAL, AT + timedelta(hours=1), "Phát hành", pictures.seal(BODY))
    return key(BODY).sign(numbered(), mark)


def checked(pdf: bytes, trusted: list[x509.Certificate] | None = None) -> Checked:
    return check(pdf, trusted=trust() if trusted is None else trusted)


def test_each_step_keeps_the_signatures_before_it() -> None:
    told = [
        [(one.signer, one.is_intact, one.is_trusted, one.since, one.covers_whole_file) for one in found]
        for found in (checked(pdf).findings for pdf in (signed(), numbered(), issued()))
    ]

    assert told == [
        [(LEADER, True, True, Since.NOTHING, True)],
        [(LEADER, True, True, Since.ALLOWED, False)],
        [(LEADER, True, True, Since.ALLOWED, False), (BODY, True, True, Since.NOTHING, True)],
    ]
    assert [checked(pdf).is_whole for pdf in (signed(), numbered(), issued())] == [True, False, True]
    assert [one.signed_at for one in checked(issued()).findings] == [AT, AT + timedelta(hours=1)]


def test_number_and_date_stand_in_the_file() -> None:
    in_appendices = {f"{name}_phu_luc_{at}": value for at in (1, 2) for name, value in FILLED.items()}
    assert {one.name: one.value for one in blanks.blanks_of(issued())} == FILLED | in_appendices


def test_key_of_a_demonstration_says_so() -> None:
    found = checked(issued())

    assert found.verdict is Verdict.DOUBTFUL
    assert all("Khóa trình diễn: chữ ký không có giá trị pháp lý." in one.sentences for one in found.findings)


def test_unknown_authority_is_told() -> None:
    without = checked(issued(), [])

    assert [one.is_trusted for one in without.findings] == [False, False]
    assert "Danh sách tin cậy đang trống" in " ".join(without.findings[0].sentences)
    assert without.is_whole


def test_filling_a_blank_after_the_seal_is_seen() -> None:
    found = checked(blanks.filled(issued(), {blanks.NUMBER: "06"}))

    assert found.verdict is Verdict.BAD
    assert [one.since for one in found.findings] == [Since.ALLOWED, Since.FORBIDDEN]
    assert not found.is_whole


def test_changing_a_page_after_the_signature_is_seen() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed()))
    page = writer.find_page_for_modification(0)[0].get_object()
    extra = writer.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re f"))
    contents = page.raw_get("/Contents")
    old = contents.get_object()
    both = list(old) if isinstance(old, generic.ArrayObject) else [contents]
    page["/Contents"] = generic.ArrayObject([*both, extra])
    writer.update_container(page)
    target = io.BytesIO()
    writer.write(target)

    found = checked(target.getvalue())

    assert (found.verdict, found.findings[0].since) == (Verdict.BAD, Since.FORBIDDEN)


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True))
def test_one_changed_byte_is_seen(share: float) -> None:
    raw = bytearray(issued())
    raw[int(share * len(raw))] ^= 1

    try:
        found = checked(bytes(raw))
    except RuleNotMet:
        return  # no PDF any more
    assert not found.is_whole or len(found.findings) < 2


#: Places in the container of the last signature that the signature itself does not cover: lengths, the name
#: of the algorithm and its parameter, the name of the signer, a certificate beside it.
@pytest.mark.parametrize("place", [5, 50, 63, 82, 83, 0.5, 0.73, 0.85, 0.93, 0.97])
def test_one_changed_byte_of_the_container_is_seen(place: float) -> None:
    raw = bytearray(issued())
    start = raw.rindex(b"/Contents <") + len(b"/Contents <")
    end = start + len(bytes(raw[start : raw.index(b">", start)]).rstrip(b"0"))
    raw[start + place if isinstance(place, int) else int(start + place * (end - start))] ^= 1

    try:
        found = checked(bytes(raw))
    except RuleNotMet:
        return  # no PDF any more
    assert not found.is_whole


def test_every_byte_of_the_room_for_a_signature_counts() -> None:
    raw = issued()
    end = raw.rindex(b"00>")

    found = checked(raw[:end] + b"01" + raw[end + 2 :])

    assert found.verdict is Verdict.BAD


def test_file_without_signature_and_no_file_at_all() -> None:
    found = checked(pdf_bytes(a_paper()))

    assert (found.findings, found.summary) == ((), "Tệp không có chữ ký số.")
    with pytest.raises(RuleNotMet, match="không phải tệp PDF"):
        checked(b"xin chao")


def test_key_does_not_sign_outside_its_time() -> None:
    with pytest.raises(RuleNotMet, match="không còn hoặc chưa có hiệu lực"):
        key(LEADER).sign(signed(), Mark(blanks.SEAL, SINCE - timedelta(days=1), "Ký"))


@pytest.mark.parametrize(("hours", "late"), [(-1, 0), (0, 0), (1, 1), (24, 1), (25, 2)])
def test_days_late(hours: int, late: int) -> None:
    assert days_late(AT + timedelta(hours=hours), AT) == late


@pytest.mark.skipif(
    shutil.which("pdfsig") is None or shutil.which("certutil") is None,
    reason="needs pdfsig (poppler-utils) and certutil (libnss3-tools)",
)
def test_another_program_says_the_same(tmp_path: Path) -> None:
    def run(*words: str) -> str:
        return subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path).stdout

    (tmp_path / "ca.pem").write_bytes(authority().certificate_pem)
    (tmp_path / "nss").mkdir()
    run("certutil", "-N", "-d", "nss", "--empty-password")
    run("certutil", "-A", "-d", "nss", "-n", "ca", "-t", "CT,C,C", "-i", "ca.pem")
    (tmp_path / "good.pdf").write_bytes(issued())
    raw = bytearray(issued())
    raw[len(pdf_bytes(a_paper(symbol="BC-UBND"))) // 2] ^= 1
    (tmp_path / "bad.pdf").write_bytes(bytes(raw))

    good, bad = (run("pdfsig", "-nssdir", "nss", name) for name in ("good.pdf", "bad.pdf"))

    assert good.count("Signature is Valid.") == 2
    assert good.count("Certificate is Trusted.") == 2
    assert good.count("- Total document signed") == 1
    assert "Digest Mismatch" in bad
