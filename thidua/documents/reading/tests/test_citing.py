"""Cited documents with their roles, the movement with its names, short names, notes and defects."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.documents.reading import read_bytes

HEAD = "SỞ NỘI VỤ\nSố: 12/KH-SNV\nLai Châu, ngày 05 tháng 6 năm 2023\n{type}\nTổ chức phong trào thi đua “Đoàn kết, sáng tạo” giai đoạn 2023 - 2025\n\n{preamble}\n\n"
TAIL = "\n\nNơi nhận:\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nLò Văn Thử\n"
OWN = "Sở Nội vụ xây dựng kế hoạch như sau:"


def _record(body: str, *, preamble: str = OWN, type_line: str = "KẾ HOẠCH") -> dict[str, Any]:
    return read_bytes(
        (HEAD.format(type=type_line, preamble=preamble) + body + TAIL).encode(), file_name="plan.txt"
    )


PLAN = "Kế hoạch số 15/KH-UBND ngày 10/01/2023 của UBND tỉnh về phong trào thi đua “Đoàn kết, sáng tạo”"
LAW = "Nghị định số 98/2023/NĐ-CP ngày 31/12/2023 của Chính phủ quy định chi tiết thi hành một số điều của Luật Thi đua, khen thưởng"


def test_plan_carried_out_is_the_parent() -> None:
    record = _record("I. NỘI DUNG\n\n1. Thi đua.", preamble=f"Thực hiện {PLAN}, {OWN}")

    assert record["parent_plan_ids"] == ["C1"]
    assert record["citations"][0]["issuer"] == "Ủy ban nhân dân tỉnh Lai Châu"
    assert record["citations"][0]["role"] == "parent_plan"


def test_grounds_are_no_parents() -> None:
    record = _record("I. NỘI DUNG\n\n1. Thi đua.", preamble=f"Căn cứ {LAW};\n\nThực hiện {PLAN}, {OWN}")

    assert [(citation["ref"], citation["role"]) for citation in record["citations"]] == [
        ("98/2023/NĐ-CP", "legal_basis"),
        ("15/KH-UBND", "parent_plan"),
    ]
    assert record["parent_plan_ids"] == ["C2"]


def test_report_carries_out_no_plan() -> None:
    record = _record(
        "I. KẾT QUẢ\n\n1. Đã làm.",
        preamble=f"Thực hiện {PLAN}, Sở Nội vụ báo cáo như sau:",
        type_line="BÁO CÁO",
    )

    assert record["parent_plan_ids"] == []


def test_papers_to_make_known_and_basis_of_targets() -> None:
    body = (
        "I. MỤC ĐÍCH\n\n1. Thực hiện mục tiêu, chỉ tiêu theo Nghị quyết số 25/2021/QH15 ngày 28/7/2021 của Quốc hội.\n\n"
        f"II. NỘI DUNG\n\n1. Tuyên truyền, phổ biến {PLAN}; Quyết định số 666/QĐ-TTg ngày 02/6/2022 của Thủ tướng Chính phủ."
    )

    citations = _record(body, preamble=f"Thực hiện {PLAN}, {OWN}")["citations"]

    assert [(citation["ref"], citation["role"], citation["occurrence"]) for citation in citations] == [
        ("15/KH-UBND", "parent_plan", "first"),
        ("25/2021/QH15", "target_basis", "first"),
        ("15/KH-UBND", "to_disseminate", "repeat"),
        ("666/QĐ-TTg", "to_disseminate", "first"),
    ]


def test_repeat_without_issuer_takes_the_first_one() -> None:
    body = "I. NỘI DUNG\n\n1. Phổ biến Kế hoạch số 15/KH-UBND ngày 10/01/2023."

    citations = _record(body, preamble=f"Thực hiện {PLAN}, {OWN}")["citations"]

    assert citations[1]["issuer_raw"] is None
    assert citations[1]["issuer"] == "Ủy ban nhân dân tỉnh Lai Châu"


@pytest.mark.parametrize(
    ("sentence", "raw"),
    [
        ("Thực hiện theo quy định của pháp luật về thi đua, khen thưởng.", "quy định của pháp luật về thi đua, khen thưởng"),
        ("Áp dụng Bộ tiêu chí xã nông thôn mới tỉnh Lai Châu giai đoạn 2021-2025.", "Bộ tiêu chí xã nông thôn mới tỉnh Lai Châu giai đoạn 2021-2025"),
    ],
)  # fmt: skip
def test_references_without_number(sentence: str, raw: str) -> None:
    assert raw in [
        reference["raw"] for reference in _record(f"I. NỘI DUNG\n\n1. {sentence}")["unnumbered_refs"]
    ]


def test_movement_with_period_and_other_names() -> None:
    body = (
        "I. NỘI DUNG\n\n1. Gắn với phong trào “Cả nước chung sức xây dựng nông thôn mới”, cuộc vận động “Ngày vì cộng đồng” và Quỹ “Nghĩa tình”.\n\n"
        "2. Xây dựng mô hình “Công sở xanh”; phấn đấu theo tinh thần “kỷ cương đi trước, việc tốt theo sau”."
    )

    movement = _record(body)["movement"]

    assert movement["name"] == "Đoàn kết, sáng tạo"
    assert movement["period"] == {"from": 2023, "to": 2025, "raw": "giai đoạn 2023 - 2025"}
    assert {entry["text"]: entry["relation"] for entry in movement["names"]} == {
        "Đoàn kết, sáng tạo": "self",
        "Cả nước chung sức xây dựng nông thôn mới": "other_movement",
        "Ngày vì cộng đồng": "campaign",
        "Nghĩa tình": "fund",
    }
    assert [slogan["text"] for slogan in movement["slogans"]] == ["kỷ cương đi trước, việc tốt theo sau"]


def test_name_in_capitals_is_written_as_a_sentence_writes_it() -> None:
    text = HEAD.format(type="KẾ HOẠCH", preamble=OWN).replace(
        "Tổ chức phong trào thi đua “Đoàn kết, sáng tạo” giai đoạn 2023 - 2025",
        "TỔ CHỨC PHONG TRÀO THI ĐUA “ĐOÀN KẾT, SÁNG TẠO” NĂM 2023",
    )
    record = read_bytes(
        (text + "I. NỘI DUNG\n\n1. Hưởng ứng phong trào thi đua “Đoàn kết, sáng tạo”." + TAIL).encode(),
        file_name="plan.txt",
    )

    assert record["movement"]["name"] == "Đoàn kết, sáng tạo"
    assert record["movement"]["period"] == {"from": 2023, "to": 2023, "raw": "NĂM 2023"}


def test_short_names_and_capitals_left_undefined() -> None:
    body = "I. NỘI DUNG\n\n1. Hội đồng Thi đua - Khen thưởng (sau đây viết tắt là HĐTĐ) và Ban Chỉ đạo (BCĐ) tham mưu UBND, MTTQ."

    record = _record(body)

    assert [(entry["short"], entry["full"]) for entry in record["abbreviations"]] == [
        ("HĐTĐ", "Hội đồng Thi đua - Khen thưởng"),
        ("BCĐ", "Ban Chỉ đạo"),
    ]
    assert record["undefined_abbreviations"] == ["UBND", "MTTQ", "VT"]


def test_footnote_has_its_anchor() -> None:
    record = _record("I. TIÊU CHÍ\n\n1. Quy mô¹ hộ nghèo giảm.\n\n¹ Là tổng số hộ nghèo.\n\n2. Thi đua.")

    note = record["footnotes"][0]
    assert (note["mark"], note["anchor_text"], note["text"]) == ("¹", "Quy mô¹", "Là tổng số hộ nghèo.")


def _defects(record: dict[str, Any]) -> list[tuple[str, str]]:
    return [(defect["kind"], defect["severity"]) for defect in record["defects"]]


def test_sound_plan_has_no_major_defect() -> None:
    record = _record("I. NỘI DUNG\n\n1. Phấn đấu 5/12 (đạt 41,7%) xã đạt chuẩn nông thôn mới.")

    assert [kind for kind, severity in _defects(record) if severity != "info"] == []


def test_share_that_does_not_fit_its_count_is_reported() -> None:
    record = _record("I. MỤC TIÊU\n\n1. Đến năm 2025 có 5/12 (đạt 41,6%) xã đạt chuẩn nông thôn mới.")

    assert ("arithmetic", "minor") in _defects(record)


def test_award_standard_of_another_movement_is_reported() -> None:
    text = (
        HEAD.format(type="KẾ HOẠCH", preamble=OWN)
        + "I. KHEN THƯỞNG\n\n1. Theo hướng dẫn của phong trào thi đua “Chung sức xây dựng nông thôn mới”."
        + TAIL
    ).replace("“Đoàn kết, sáng tạo”", "“Chung tay vì người nghèo”")

    assert ("wrong_movement", "major") in _defects(read_bytes(text.encode(), file_name="plan.txt"))


def test_report_sets_no_targets_and_no_tasks() -> None:
    body = "I. KẾT QUẢ\n\n1. Các phòng thực hiện đạt 95% hồ sơ đúng hạn; Văn phòng Sở tham mưu tổng kết trước ngày 15/12/2023."

    report, plan = _record(body, type_line="BÁO CÁO"), _record(body.replace("KẾT QUẢ", "NỘI DUNG"))

    assert plan["tasks"]
    assert (report["targets"], report["tasks"], report["milestones"]) == ([], [], [])
