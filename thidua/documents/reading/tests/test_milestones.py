"""Milestones of small invented plans."""

from typing import Any

import pytest

from thidua.documents.reading.context import Context
from thidua.documents.reading.milestones import find_milestones
from thidua.documents.reading.model import Line, SourceText
from thidua.documents.reading.outline import outline_of
from thidua.documents.reading.tasks import find_tasks


def _milestones(*body: str, heading: str = "V. TỔ CHỨC THỰC HIỆN") -> list[dict[str, Any]]:
    text = ["KẾ HOẠCH", "Tổ chức phong trào thi đua", "Sở Mẫu xây dựng kế hoạch như sau:", heading, *body]
    source = SourceText(
        lines=tuple(Line(number, line) for number, line in enumerate(text, 1)), format="txt", sha256=""
    )
    outline = outline_of(source)
    context = Context(issuer="Sở Mẫu")
    return find_milestones(outline, context, find_tasks(outline, context))


KINDS: list[tuple[str, str, dict[str, Any]]] = [
    ("Văn phòng tham mưu sơ kết vào năm 2024.", "so_ket", {"year": 2024, "raw": "vào năm 2024"}),
    (
        "Các đơn vị tiến hành tổng kết trong tháng 12/2026.",
        "tong_ket",
        {"year": 2026, "month": 12, "bound": "within", "raw": "trong tháng 12/2026"},
    ),
    (
        "Các đơn vị phát động phong trào trước ngày 15/3/2024.",
        "phat_dong",
        {"year": 2024, "month": 3, "day": 15, "bound": "before", "raw": "trước ngày 15/3/2024"},
    ),
    (
        "Văn phòng tham mưu ban hành Kế hoạch trong tháng 02 năm 2024.",
        "ban_hanh_ke_hoach",
        {"year": 2024, "month": 2, "bound": "within", "raw": "trong tháng 02 năm 2024"},
    ),
    (
        "Các xã báo cáo về Phòng Nội vụ trước ngày 10 tháng 11 hằng năm.",
        "bao_cao_nam",
        {
            "month": 11, "day": 10, "bound": "before", "recurrence": "annual",
            "raw": "trước ngày 10 tháng 11 hằng năm",
        },
    ),
    (
        "Các xã báo cáo tiến độ vào ngày 18 hằng tháng.",
        "bao_cao_dinh_ky",
        {"day": 18, "recurrence": "monthly", "raw": "ngày 18 hằng tháng"},
    ),
    (
        "Văn phòng định kỳ tổng hợp báo cáo theo quy định.",
        "bao_cao_dinh_ky",
        {"recurrence": "periodic", "raw": "định kỳ"},
    ),
    (
        "Hằng năm, Thanh tra Sở tổ chức kiểm tra việc thực hiện.",
        "kiem_tra_hang_nam",
        {"recurrence": "annual", "raw": "Hằng năm"},
    ),
    (
        "Phòng Nội vụ tổ chức đôn đốc các xã hằng năm.",
        "don_doc_hang_nam",
        {"recurrence": "annual", "raw": "hằng năm"},
    ),
    (
        "Hội đồng tiến hành bình xét khen thưởng hằng năm cho các tập thể.",
        "khen_thuong_hang_nam",
        {"recurrence": "annual", "raw": "hằng năm"},
    ),
    (
        "Tuyên truyền nhân Tháng cao điểm “Vì người nghèo” hàng năm.",
        "thang_cao_diem",
        {"recurrence": "annual", "raw": "Tháng cao điểm “Vì người nghèo” hàng năm"},
    ),
    (
        "Năm 2031: tổng kết phong trào, hoàn thành trước ngày 30/9/2031.",
        "tong_ket",
        {"year": 2031, "month": 9, "day": 30, "bound": "before", "raw": "trước ngày 30/9/2031"},
    ),
    (
        "Các xã gửi kết quả về Phòng Nội vụ trước ngày 15 hằng tháng.",
        "bao_cao_dinh_ky",
        {"day": 15, "recurrence": "monthly", "bound": "before", "raw": "trước ngày 15 hằng tháng"},
    ),
    (
        "Tổ chức lễ phát động. Thời gian: trước ngày 20/4/2031. Chủ trì: Phòng Nội vụ.",
        "phat_dong",
        {"year": 2031, "month": 4, "day": 20, "bound": "before", "raw": "trước ngày 20/4/2031"},
    ),
    (
        "Tổ chức thăm, tặng quà hộ nghèo nhân dịp Lễ, Tết.",
        "tham_tang_qua",
        {"recurrence": "annual", "raw": "nhân dịp Lễ, Tết"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "kind", "when"), KINDS)
def test_find_one_milestone(sentence: str, kind: str, when: dict[str, Any]) -> None:
    (found,) = _milestones(f"1. {sentence}")

    assert (found["kind"], found["when"], found["path"], found["lines"]) == (kind, when, "V.1", [5])


@pytest.mark.parametrize(
    "sentence",
    [
        "Trên cơ sở kết quả chấm điểm, các đơn vị công bố trước ngày 15/12.",
        "Tổng kết Chương trình mục tiêu quốc gia giai đoạn 2021 - 2025.",
        "Bố trí kinh phí khen thưởng hằng năm.",
        "Văn phòng bố trí kinh phí lễ phát động, xong việc chuẩn bị trước ngày 20/2/2031.",
        "Trên cơ sở kết quả sơ kết năm 2031, điều chỉnh kế hoạch.",
        "Sơ kết, tổng kết phong trào theo quy định.",
    ],
)
def test_find_no_milestone(sentence: str) -> None:
    assert _milestones(f"1. {sentence}") == []


def test_same_event_in_several_places_is_one_milestone() -> None:
    (found,) = _milestones(
        "1. Các đơn vị tổng kết phong trào vào năm 2026.", "2. Văn phòng hướng dẫn tổng kết vào năm 2026."
    )

    assert (found["path"], found["lines"]) == ("V.1; V.2", [5, 6])


def test_wording_of_the_section_on_progress_is_kept() -> None:
    (found,) = _milestones(
        "1. Các đơn vị tổng kết phong trào vào năm 2026.",
        "VI. TIẾN ĐỘ THỰC HIỆN",
        "1. Năm 2026: các đơn vị tổng kết phong trào.",
        heading="V. GIẢI PHÁP",
    )

    assert (found["when"]["raw"], found["path"]) == ("Năm 2026", "V.1; VI.1")


def test_label_of_a_clause_is_its_time() -> None:
    found = _milestones("1. Năm 2024: phát động phong trào; năm 2026: tổng kết.")

    assert [(item["kind"], item["when"]["year"]) for item in found] == [
        ("tong_ket", 2026),
        ("phat_dong", 2024),
    ]


def test_who_is_the_lead_of_the_task() -> None:
    (found,) = _milestones("1. Văn phòng Sở tham mưu tổ chức sơ kết vào năm 2024.")

    assert found["who"] == "Văn phòng Sở (tham mưu)"
