"""Subjects, their criteria and the rules that a machine can check, on invented sentences."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.documents.reading.context import Context
from thidua.documents.reading.criteria import find_subjects
from thidua.documents.reading.model import Line, SourceText
from thidua.documents.reading.outline import outline_of


def subjects_in(*lines: str, part: str = "ĐỐI TƯỢNG, TIÊU CHÍ THI ĐUA") -> list[dict[str, Any]]:
    """The subjects of a plan whose second part holds `lines`."""
    text = (
        *("KẾ HOẠCH", "Tổ chức phong trào thi đua", "Ủy ban nhân dân tỉnh ban hành như sau:"),
        *(
            "I. YÊU CẦU",
            "Bảo đảm thiết thực.",
            f"II. {part}",
            *lines,
            "III. TỔ CHỨC THỰC HIỆN",
            "Sở Nội vụ theo dõi./.",
        ),
    )
    numbered = tuple(Line(number, line) for number, line in enumerate(text, 1))
    return find_subjects(outline_of(SourceText(lines=numbered, format="txt", sha256="")), Context())


def rule_of(text: str, subject: str = "tập thể") -> dict[str, Any] | None:
    """The rule of one criterion."""
    (only,) = subjects_in(f"1. Đối với {subject}:", f"- {text}")
    (criterion,) = only["criteria"]
    rule: dict[str, Any] | None = criterion["rule"]
    return rule


@pytest.mark.parametrize(
    ("label", "subject_type"),
    [
        ("Đối với các sở, ban, ngành cấp tỉnh", "agency"),
        ("Đối với cơ quan, đơn vị", "agency"),
        ("Đối với tập thể các phòng thuộc Sở", "collective"),
        ("Đối với cấp xã", "commune"),
        ("Đối với các xã, phường, đặc khu", "commune"),
        ("Đối với thôn, bản", "village"),
        ("Đối với các ấp, khu phố", "village"),
        ("Đối với hộ gia đình", "household"),
        ("Đối với hộ nông dân", "household"),
        ("Đối với cán bộ, công chức, viên chức", "individual"),
        ("Đối với người lao động", "individual"),
        ("Đối với doanh nghiệp, hợp tác xã", "organisation_enterprise"),
        ("Đối với các tổ chức, doanh nghiệp", "organisation_enterprise"),
    ],
)
def test_type_of_subject_by_its_label(label: str, subject_type: str) -> None:
    (subject,) = subjects_in(f"1. {label}:", "- Có nhiều đóng góp cho phong trào.")
    assert subject["subject_type"] == subject_type


def test_each_bullet_is_one_criterion_whatever_its_sentences() -> None:
    (subject,) = subjects_in(
        "a) Đối với cấp xã:", "- Thực hiện tốt chính sách. Huy động nguồn lực;", "- Có cách làm hay."
    )
    assert subject["label"] == "Cấp xã"
    assert [criterion["text"] for criterion in subject["criteria"]] == [
        "Thực hiện tốt chính sách. Huy động nguồn lực;",
        "Có cách làm hay.",
    ]


def test_each_sentence_of_a_running_paragraph_is_a_criterion() -> None:
    (subject,) = subjects_in(
        "1. Đối tượng, tiêu chí",
        "Đối tượng: Công chức, người lao động.",
        "Tiêu chí thi đua: Hoàn thành đúng tiến độ nhiệm vụ được giao.",
        "Kịp thời tham mưu cơ chế. Tích cực tuyên truyền.",
    )
    assert subject["label"] == "Công chức, người lao động"
    assert [(criterion["kind"], criterion["text"]) for criterion in subject["criteria"]] == [
        ("checkable", "Hoàn thành đúng tiến độ nhiệm vụ được giao."),
        ("qualitative", "Kịp thời tham mưu cơ chế."),
        ("qualitative", "Tích cực tuyên truyền."),
    ]


def test_subject_and_criterion_in_one_line() -> None:
    first, second = subjects_in(
        "1. Đối với tập thể: Có phong trào sôi nổi.",
        "2. Đối với cá nhân: Gương mẫu đi đầu.",
        part="TIÊU CHUẨN KHEN THƯỞNG",
    )
    assert (first["label"], first["criteria"][0]["text"]) == ("Tập thể", "Có phong trào sôi nổi.")
    assert (second["label"], second["criteria"][0]["text"]) == ("Cá nhân", "Gương mẫu đi đầu.")


def test_subject_that_begins_the_sentence() -> None:
    (subject,) = subjects_in("Công chức, viên chức và người lao động có nhiều đóng góp cho phong trào.")
    assert subject["label"] == "Công chức, viên chức và người lao động"
    assert subject["criteria"][0]["text"] == "có nhiều đóng góp cho phong trào."


def test_quota_of_awards_is_no_criterion() -> None:
    lines = ("1. Tập thể: Giấy khen của Giám đốc Sở, không quá 05 tập thể.", "2. Cá nhân: 10 cá nhân.")
    assert subjects_in(*lines, part="HÌNH THỨC KHEN THƯỞNG") == []


# --- rules ------------------------------------------------------------------------------------------------


def test_rate_that_falls_in_consecutive_years() -> None:
    text = (
        "Xã vùng cao, biên giới giảm tỷ lệ nghèo đa chiều từ 4%/năm trở lên, "
        "trong 3 năm liên tục trước khi trình khen thưởng."
    )
    assert rule_of(text, subject="cấp xã") == {
        "all_of": [
            {
                "indicator": "multidim_poverty_rate_decrease",
                "op": "gte",
                "value": 4,
                "unit": "pct_point",
                "per": "year",
                "window": {"consecutive_years": 3, "anchor": "before_award_submission"},
                "applies_to": "xã vùng cao, biên giới",
            }
        ]
    }


def test_either_of_two_conditions() -> None:
    assert rule_of("Đăng ký hỗ trợ ít nhất 01 xã hoặc 01 thôn đặc biệt khó khăn.") == {
        "any_of": [
            {"indicator": "registered_supported_communes", "op": "gte", "value": 1, "unit": "commune"},
            {
                "indicator": "registered_supported_villages",
                "op": "gte",
                "value": 1,
                "unit": "village",
                "applies_to": "thôn đặc biệt khó khăn",
            },
        ]
    }


def test_points_and_a_fact_together() -> None:
    assert rule_of("Đạt từ 90 điểm trở lên trong 02 năm liên tục và không có cá nhân bị kỷ luật.") == {
        "all_of": [
            {
                "indicator": "emulation_score",
                "op": "gte",
                "value": 90,
                "unit": "point",
                "window": {"consecutive_years": 2},
            },
            {"indicator": "no_member_disciplined", "op": "is", "value": True, "unit": "bool"},
        ]
    }


def test_different_thresholds_for_different_subjects() -> None:
    rule = rule_of(
        "Ủng hộ từ 50 triệu đồng trở lên đối với tập thể, từ 10 triệu đồng trở lên đối với cá nhân."
    )
    assert rule is not None
    assert [(part["value"], part["unit"], part["applies_to"]) for part in rule["any_of"]] == [
        (50, "million_vnd", "tập thể"),
        (10, "million_vnd", "cá nhân"),
    ]


def test_footnotes_say_what_the_baseline_is() -> None:
    lines = (
        "1. Đối với cấp xã:",
        "- Đối với xã khu vực III quy mô¹ hộ nghèo và hộ cận nghèo giảm trên 60% so với đầu kỳ².",
        "¹ Là tổng số hộ tại thời điểm bình xét khen thưởng.",
        "² Là năm đầu của kỳ điều tra.",
    )
    (subject,) = subjects_in(*lines)
    assert subject["criteria"][0]["rule"] == {
        "all_of": [
            {
                "indicator": "poor_and_near_poor_hh_count_decrease",
                "op": "gt",
                "value": 60,
                "unit": "pct_change",
                "baseline": "đầu kỳ (fn.2)",
                "measured_at": "thời điểm bình xét khen thưởng (fn.1)",
                "applies_to": "xã khu vực III",
            }
        ]
    }


def test_sure_facts_are_rules_even_without_figures() -> None:
    text = (
        "Tự nguyện đăng ký thoát nghèo; sử dụng vốn vay từ Ngân hàng Chính "
        "sách đúng mục đích, trả gốc đúng hạn."
    )
    assert rule_of(text, subject="hộ gia đình") == {
        "all_of": [
            {"indicator": "registered_to_escape_poverty", "op": "is", "value": True, "unit": "bool"},
            {
                "indicator": "loan_used_for_purpose_and_repaid_on_time",
                "op": "is",
                "value": True,
                "unit": "bool",
                "applies_to": "vốn vay từ Ngân hàng Chính sách",
            },
        ]
    }


@pytest.mark.parametrize(
    "text",
    [
        "Có nhiều đóng góp, giúp đỡ các xã khó khăn.",
        "Gương mẫu chấp hành chủ trương của Đảng, chính sách của Nhà nước.",
        "Có sáng kiến được công nhận.",
        "Thực hiện tốt Chương trình giai đoạn 2021-2025 theo Quyết định số 90/QĐ-TTg.",
    ],
)
def test_no_rule_is_invented(text: str) -> None:
    assert rule_of(text) is None


@pytest.mark.parametrize(
    ("text", "op", "value", "unit"),
    [
        ("Hoàn thành 100% kế hoạch được giao.", "stated", 100, "pct"),
        ("Hoàn thành từ 105% kế hoạch trở lên.", "gte", 105, "pct"),
        ("Giúp đỡ ít nhất 01 hộ nghèo về vốn, giống.", "gte", 1, "household"),
        ("Tạo việc làm thường xuyên cho tối thiểu 20 lao động.", "gte", 20, "person"),
        ("Đạt từ 90/100 điểm trở lên.", "gte", 90, "point"),
        ("Có thu nhập cao hơn từ 1,2 lần trở lên so với bình quân chung.", "gte", 1.2, "ratio"),
        ("Được ít nhất 20 phiếu khen của người dân.", "gte", 20, "slip"),
        ("Có thời gian công tác từ 12 tháng trở lên.", "gte", 12, "month"),
    ],
)
def test_figure_in_a_criterion_is_a_rule(text: str, op: str, value: float, unit: str) -> None:
    rule = rule_of(text)
    assert rule is not None
    (condition,) = rule["all_of"]
    assert (condition["op"], condition["value"], condition["unit"]) == (op, value, unit)


def test_figure_behind_from_alone_is_a_least_value() -> None:
    rule = rule_of("Có 100% đảng viên hoàn thành tốt nhiệm vụ, trong đó có từ 20% hoàn thành xuất sắc.")
    assert rule is not None
    assert [(part["op"], part["value"]) for part in rule["all_of"]] == [("stated", 100), ("gte", 20)]


def test_range_of_points() -> None:
    rule = rule_of("Tổng điểm đạt từ 80 đến dưới 90 điểm.")
    assert rule is not None
    (condition,) = rule["all_of"]
    assert (condition["op"], condition["value_min"], condition["value_max"]) == ("between", 80, 90)


def test_number_of_times_is_no_ratio() -> None:
    rule = rule_of("Tham gia hiến máu từ 05 lần trở lên.")
    assert rule is not None
    assert rule["all_of"][0]["unit"] == "times"


@pytest.mark.parametrize(
    ("heading", "label", "subject_type"),
    [
        ("1. Tiêu chí đối với tập thể", "Tập thể", "collective"),
        ("1. Tiêu chuẩn xét khen thưởng đối với cá nhân", "Cá nhân", "individual"),
        ("a) Điều kiện áp dụng đối với hộ gia đình", "Hộ gia đình", "household"),
        ("1. Về phía doanh nghiệp:", "Doanh nghiệp", "organisation_enterprise"),
        ("1. Thôn, bản đạt các tiêu chí sau:", "Thôn, bản", "village"),
        ("1. BHXH các huyện:", "BHXH các huyện", "agency"),
    ],
)
def test_subject_behind_words_of_criteria(heading: str, label: str, subject_type: str) -> None:
    (subject,) = subjects_in(heading, "- Có nhiều đóng góp cho phong trào.")

    assert (subject["label"], subject["subject_type"]) == (label, subject_type)


def test_award_in_a_label_does_not_hide_the_subject() -> None:
    (subject,) = subjects_in("1. Cá nhân được xét tặng Bằng khen của Bộ trưởng: có 02 sáng kiến trở lên.")

    assert subject["label"] == "Cá nhân"
    assert subject["criteria"][0]["text"] == "có 02 sáng kiến trở lên."


def test_who_takes_part_is_no_criterion() -> None:
    line = "Toàn thể người lao động có hợp đồng lao động từ 12 tháng trở lên."

    assert subjects_in(line, part="ĐỐI TƯỢNG THAM GIA") == []


def test_figure_in_brackets_for_a_part_of_them() -> None:
    rule = rule_of(
        "Tỷ lệ hài lòng của người dân đạt từ 90% trở lên (đối với từng xã từ 80% trở lên).", "huyện"
    )

    assert rule is not None
    whole, part = rule["all_of"]
    assert (whole["value"], part["value"], part["applies_to"]) == (90, 80, "từng xã")
    assert whole["indicator"] == part["indicator"]
    assert "applies_to" not in whole


def test_figure_that_describes_for_whom_another_holds() -> None:
    rule = rule_of(
        "Xã xuất phát dưới 08 tiêu chí tăng từ 05 tiêu chí trở lên; xã đạt trên 10 tiêu chí tăng 02 tiêu chí.",
        "xã",
    )

    assert rule is not None
    assert [(each["value"], each["applies_to"]) for each in rule["any_of"]] == [
        (5, "Xã xuất phát dưới 08 tiêu chí"),
        (2, "xã đạt trên 10 tiêu chí"),
    ]


def test_workers_are_no_recognition() -> None:
    """Without accents "công nhân" looks like "công nhận"."""
    rule = rule_of("Có giải pháp giúp công nhân tiết kiệm 30 triệu đồng/năm trở lên.")

    assert rule is not None
    assert [each["unit"] for each in rule["all_of"]] == ["million_vnd"]
