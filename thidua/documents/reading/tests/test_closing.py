"""The end of a document: who gets it, who signed it, and in which capacity."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.documents.reading import read_bytes
from thidua.documents.reading.closing import is_person_name

HEAD = "UBND TỈNH HÀ NAM\nSỞ Y TẾ\nSố: 45/KH-SYT\nHà Nam, ngày 06 tháng 3 năm 2023\nKẾ HOẠCH\nPhát động thi đua năm 2023\n\nI. NỘI DUNG\n\n1. Các đơn vị thực hiện./.\n\n"
RECIPIENTS = "Nơi nhận:\n- UBND tỉnh (để b/c);\n- Các phòng, ban;\n- Lưu: VT, NV (5b)."


def _record(tail: str) -> dict[str, Any]:
    return read_bytes((HEAD + tail).encode(), file_name="plan.txt")


def test_recipients_and_archive() -> None:
    record = _record(f"{RECIPIENTS}\n\nGIÁM ĐỐC\n\nTrần Thí Nghiệm")

    assert [(entry["name"], entry.get("note"), entry.get("purpose")) for entry in record["recipients"]] == [
        ("UBND tỉnh", "để b/c", "bao_cao"),
        ("Các phòng, ban", None, None),
    ]
    assert (record["archive"]["units"], record["archive"]["copies"]) == (["VT", "NV"], 5)


SIGNERS: dict[str, tuple[str, list[str], str | None, str | None, str, str, str]] = {
    # name: (tail, prefixes, on behalf of, signed for, title, capacity, name)
    "head": (f"{RECIPIENTS}\n\nGIÁM ĐỐC\n\nTrần Thí Nghiệm", [], None, None, "GIÁM ĐỐC", "thu_truong", "Trần Thí Nghiệm"),
    "title before the recipients": (f"GIÁM ĐỐC\n\n{RECIPIENTS}\n\nTrần Thí Nghiệm", [], None, None, "GIÁM ĐỐC", "thu_truong", "Trần Thí Nghiệm"),
    "deputy": (f"{RECIPIENTS}\n\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n\nTrần Thí Nghiệm", ["KT."], None, "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "ky_thay", "Trần Thí Nghiệm"),
    "collective, deputy": (
        f"{RECIPIENTS}\n\nTM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(Đã ký)\nTrần Thí Nghiệm",
        ["TM.", "KT."], "ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "thay_mat_tap_the_ky_thay", "Trần Thí Nghiệm"),
    "strokes for stops": (f"{RECIPIENTS}\n\nT/M ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nTrần Thí Nghiệm", ["TM."], "ỦY BAN NHÂN DÂN", None, "CHỦ TỊCH", "thay_mat_tap_the", "Trần Thí Nghiệm"),
    "by order": (f"{RECIPIENTS}\n\nTL. GIÁM ĐỐC\nCHÁNH VĂN PHÒNG\n\nTrần Thí Nghiệm", ["TL."], None, "GIÁM ĐỐC", "CHÁNH VĂN PHÒNG", "thua_lenh", "Trần Thí Nghiệm"),
    "by authorisation": (f"{RECIPIENTS}\n\nTUQ. GIÁM ĐỐC\nTRƯỞNG PHÒNG\n\nTrần Thí Nghiệm", ["TUQ."], None, "GIÁM ĐỐC", "TRƯỞNG PHÒNG", "thua_uy_quyen", "Trần Thí Nghiệm"),
    "acting": (f"{RECIPIENTS}\n\nQ. GIÁM ĐỐC\n\nTrần Thí Nghiệm", ["Q."], None, None, "GIÁM ĐỐC", "quyen", "Trần Thí Nghiệm"),
    "academic title and post": (f"{RECIPIENTS}\n\nGIÁM ĐỐC\n\nTS. Trần Thí Nghiệm - Bí thư Đảng ủy", [], None, None, "GIÁM ĐỐC", "thu_truong", "Trần Thí Nghiệm"),
    "beside the recipients": (
        "Nơi nhận:                          KT. GIÁM ĐỐC\n- UBND tỉnh (để b/c);               PHÓ GIÁM ĐỐC\n- Các phòng, ban;\n- Lưu: VT, NV (5b).\n\n                                   Trần Thí Nghiệm",
        ["KT."], None, "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "ky_thay", "Trần Thí Nghiệm"),
    "no recipients": ("GIÁM ĐỐC\n(Ký tên, đóng dấu)\nTrần Thí Nghiệm", [], None, None, "GIÁM ĐỐC", "thu_truong", "Trần Thí Nghiệm"),
    "markup": (f"{RECIPIENTS}\n\n**TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH**\n\nTrần Thí Nghiệm", ["TM."], "ỦY BAN NHÂN DÂN", None, "CHỦ TỊCH", "thay_mat_tap_the", "Trần Thí Nghiệm"),
    "body in two lines": (f"{RECIPIENTS}\n\nTM. ỦY BAN NHÂN DÂN\nXÃ THANH HẢI\nCHỦ TỊCH\n\nTrần Thí Nghiệm", ["TM."], "ỦY BAN NHÂN DÂN XÃ THANH HẢI", None, "CHỦ TỊCH", "thay_mat_tap_the", "Trần Thí Nghiệm"),
}  # fmt: skip


@pytest.mark.parametrize("form", SIGNERS)
def test_signature(form: str) -> None:
    tail, prefixes, on_behalf_of, signed_for, title, capacity, name = SIGNERS[form]

    signature = _record(tail)["signature"]

    assert signature["authority_prefix"] == prefixes
    assert signature["on_behalf_of"] == on_behalf_of
    assert signature.get("signed_for") == signed_for
    assert (signature["title"], signature["capacity"], signature["name"]) == (title, capacity, name)


def test_second_list_of_recipients_is_read_too() -> None:
    record = _record(
        f"{RECIPIENTS}\nGIÁM ĐỐC\nTrần Thí Nghiệm\nGửi bản giấy:\n- Các bệnh viện tuyến huyện;\n- Báo Hà Nam."
    )

    assert [entry["name"] for entry in record["recipients"]][2:] == [
        "Các bệnh viện tuyến huyện",
        "Báo Hà Nam",
    ]
    assert record["signature"]["name"] == "Trần Thí Nghiệm"


def test_recipient_cut_in_two_lines_is_whole() -> None:
    record = _record(
        "Nơi nhận:\n- Ủy ban Mặt trận Tổ quốc và các tổ chức chính trị - xã hội\ntỉnh (p/h);\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nTrần Thí Nghiệm"
    )

    assert len(record["recipients"]) == 1
    assert record["recipients"][0]["note"] == "p/h"


@pytest.mark.parametrize(
    ("recipient", "is_suspect"),
    [
        ("- Sở Công Thương (Cục phó);", True),
        ("- Cục Thuế tỉnh (Cục trưởng);", False),
        ("- Ban TĐKT, (Sở Nội vụ);", True),
        ("- Sở Nội vụ (TĐKT);", False),
    ],
)
def test_implausible_notes_are_flagged_and_kept(recipient: str, is_suspect: bool) -> None:
    entry = _record(f"Nơi nhận:\n{recipient}\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nTrần Thí Nghiệm")["recipients"][0]

    assert entry["raw"] == recipient
    assert ("suspect" in entry) is is_suspect


def test_missing_signature_is_null() -> None:
    record = _record("Nơi nhận:\n- UBND tỉnh;\n- Lưu: VT.")

    assert record["signature"] is None


@pytest.mark.parametrize(
    ("text", "is_name"),
    [("Trần Thí Nghiệm", True), ("H'Yim Thử", True), ("PGS.TS. Lò Văn Thử", True), ("Y Thử Niê - Ủy viên", True), ("Phó Giám đốc", False),
     ("Các phòng, ban", False), ("UBND tỉnh", False), ("Ngày 12 tháng 3", False)],
)  # fmt: skip
def test_person_names(text: str, is_name: bool) -> None:
    assert is_person_name(text) is is_name
