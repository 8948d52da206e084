"""Forms of commendation, standards and recipients, on invented parts of plans."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.documents.reading.awards import find_award
from thidua.documents.reading.context import Context
from thidua.documents.reading.model import Line, SourceText
from thidua.documents.reading.outline import outline_of

DEPARTMENT = Context(issuer="Sở Nội vụ tỉnh Hà Nam", issuer_level="so_tinh", province="Hà Nam")


def award_in(
    *lines: str, part: str = "HÌNH THỨC KHEN THƯỞNG", context: Context = DEPARTMENT, refs: Any = ()
) -> dict[str, Any]:
    """The awards of a plan whose second part holds `lines`."""
    text = (
        *("KẾ HOẠCH", "Tổ chức phong trào thi đua", "Sở Nội vụ ban hành như sau:"),
        *(
            "I. YÊU CẦU",
            "Bảo đảm thiết thực.",
            f"II. {part}",
            *lines,
            "III. TỔ CHỨC THỰC HIỆN",
            "Văn phòng theo dõi./.",
        ),
    )
    numbered = tuple(Line(number, line) for number, line in enumerate(text, 1))
    return find_award(outline_of(SourceText(lines=numbered, format="txt", sha256="")), context, refs=refs)


def names_in(*lines: str, **how: Any) -> list[str]:
    return [form["name"] for form in award_in(*lines, **how)["forms"]]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("- Bằng khen của Chủ tịch UBND tỉnh;", ["Bằng khen của Chủ tịch UBND tỉnh"]),
        ("- Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh.", ["Bằng khen của Chủ tịch UBND tỉnh"]),
        ("- Huân chương Lao động (hạng Ba): 01 tập thể.", ["Huân chương Lao động hạng Ba"]),
        (
            "- Huân chương Lao động hạng Nhì, hạng Ba;",
            ["Huân chương Lao động hạng Nhì", "Huân chương Lao động hạng Ba"],
        ),
        (
            "- Cờ thi đua của Chính phủ, Bằng khen của Thủ tướng Chính phủ.",
            ["Cờ thi đua của Chính phủ", "Bằng khen của Thủ tướng Chính phủ"],
        ),
        (
            "- Giấy khen của Thủ trưởng sở, ban, ngành, Chủ tịch UBND cấp huyện: 10 tập thể.",
            ["Giấy khen của Thủ trưởng sở, ban, ngành", "Giấy khen của Chủ tịch UBND cấp huyện"],
        ),
        (
            "- Giấy khen của thủ trưởng các cơ quan, đơn vị; Chủ tịch UBND cấp xã",
            ["Giấy khen của Thủ trưởng các cơ quan, đơn vị", "Giấy khen của Chủ tịch UBND cấp xã"],
        ),
        (
            "- Đề nghị Thủ tướng Chính phủ tặng Bằng khen; Chủ tịch UBND tỉnh tặng Bằng khen, Cờ thi đua.",
            [
                "Bằng khen của Thủ tướng Chính phủ",
                "Bằng khen của Chủ tịch UBND tỉnh",
                "Cờ thi đua của Chủ tịch UBND tỉnh",
            ],
        ),
        ("- Kỷ niệm chương “Vì sức khỏe nhân dân”.", ["Kỷ niệm chương “Vì sức khỏe nhân dân”"]),
        ("- Giay khen cua Giam doc Cong ty kem tien thuong.", ["Giay khen cua Giam doc Cong ty"]),
    ],
)
def test_forms_named_in_an_item(line: str, names: list[str]) -> None:
    assert [name.casefold() for name in names_in(line)] == [name.casefold() for name in names]


def test_giver_before_the_form_is_the_authority() -> None:
    (form,) = award_in("- Chủ tịch UBND huyện tặng Giấy khen kèm tiền thưởng cho 15 tập thể.")["forms"]
    assert form == {
        "name": "Giấy khen của Chủ tịch UBND huyện",
        "as_printed": "Chủ tịch UBND huyện tặng Giấy khen",
        "line": 7,
        "level": "huyen",
        "authority": "Chủ tịch UBND huyện",
        "authority_stated": True,
    }


def test_form_without_authority_is_given_by_the_head_of_the_issuer() -> None:
    (form,) = award_in("- Giấy khen.")["forms"]
    assert (form["name"], form["authority"], form["authority_stated"]) == (
        "Giấy khen của Giám đốc Sở",
        "Giám đốc Sở",
        False,
    )


def test_same_form_printed_twice_is_one() -> None:
    lines = (
        "1. Tập thể",
        "a) Bằng khen của Chủ tịch UBND tỉnh: hoàn thành tốt.",
        "2. Cá nhân",
        "a) Bằng khen của Chủ tịch UBND tỉnh: gương mẫu.",
    )
    assert names_in(*lines) == ["Bằng khen của Chủ tịch UBND tỉnh"]


@pytest.mark.parametrize(
    "line",
    [
        "1. Kịp thời biểu dương, khen thưởng các tập thể, cá nhân tiêu biểu.",
        "1. Đề xuất khen thưởng đối với cá nhân có thành tích xuất sắc.",
        "1. Văn phòng tham mưu, trình cấp có thẩm quyền tặng thưởng theo quy định.",
    ],
)
def test_plan_without_forms_gets_none(line: str) -> None:
    assert award_in(line, part="NỘI DUNG THI ĐUA")["forms"] == []


def test_plan_without_part_on_awards_is_searched_for_who_gives_what() -> None:
    line = (
        "1. Kết thúc đợt thi đua, Cục xét khen thưởng: Cờ thi đua của Cục Thuế "
        "cho 01 đơn vị; Giấy khen của Cục trưởng cho 08 tập thể."
    )
    assert names_in(line, part="NỘI DUNG THI ĐUA") == ["Cờ thi đua của Cục Thuế", "Giấy khen của Cục trưởng"]


def test_standards_point_at_the_references_they_cite() -> None:
    line = "b) Tiêu chuẩn khen thưởng: thực hiện theo quy định của pháp luật về thi đua, khen thưởng."
    refs = [{"id": "U1", "lines": [8], "raw": "quy định của pháp luật về thi đua, khen thưởng"}]
    award = award_in("a) Giấy khen của Giám đốc Sở.", line, refs=refs)
    assert award["standards"] == [{"path": "II.b", "lines": [8], "ref": "U1", "text": line[3:]}]


def test_recipients_are_those_of_sentences_that_commend() -> None:
    award = award_in(
        "- Giấy khen của Giám đốc Sở cho tập thể, cá nhân.", "- Đề nghị khen thưởng hộ gia đình tiêu biểu."
    )
    assert award["recipients_mentioned"] == ["tập thể", "cá nhân", "hộ gia đình"]
    assert award_in("1. Vận động các hộ gia đình tham gia.", part="NỘI DUNG")["recipients_mentioned"] == []


def test_award_that_somebody_already_has_is_not_offered() -> None:
    lines = (
        "1. Cá nhân đạt từ 90 điểm được tặng Giấy khen của Giám đốc Sở.",
        "2. Bằng khen của Chủ tịch UBND tỉnh: có 02 năm liên tục được tặng Giấy khen của Hiệu trưởng.",
        "3. Đã được tặng Kỷ niệm chương “Vì sự nghiệp xanh”.",
    )
    assert names_in(*lines) == ["Giấy khen của Giám đốc Sở", "Bằng khen của Chủ tịch UBND tỉnh"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("- Bằng khen UBND tỉnh: 05 tập thể.", ["Bằng khen của UBND tỉnh"]),
        ("- Giấy khen Giám đốc Sở Nội vụ;", ["Giấy khen của Giám đốc Sở Nội vụ"]),
        (
            "Giám đốc các sở, Chủ tịch UBND cấp xã chủ động tặng Giấy khen theo thẩm quyền.",
            ["Giấy khen của Giám đốc các sở, Chủ tịch UBND cấp xã"],
        ),
        (
            "- Bằng “Lao động sáng tạo” của Tổng Liên đoàn.",
            ["Bằng Lao động sáng tạo của Tổng Liên đoàn"],
        ),
        (
            "- UBND tỉnh: tặng Cờ thi đua, Bằng khen;",
            ["Cờ thi đua của UBND tỉnh", "Bằng khen của UBND tỉnh"],
        ),
        ("Hình thức khen thưởng gồm: Giấy khen; tiền thưởng kèm theo.", ["Giấy khen của Giám đốc Sở"]),
        (
            "Hội đồng gửi hồ sơ trước ngày 15/11 để Chủ tịch UBND huyện tặng Giấy khen.",
            ["Giấy khen của Chủ tịch UBND huyện"],
        ),
        # how many may be given, not that it is given
        ("Tỷ lệ cá nhân được tặng Giấy khen của Giám đốc Sở không quá 30%.", []),
    ],
)
def test_forms_in_sentences_and_without_of(line: str, names: list[str]) -> None:
    assert names_in(line) == names


def test_giver_in_the_sentence_is_stated() -> None:
    (form,) = award_in("Đề nghị Chủ tịch nước tặng Huân chương Lao động.")["forms"]

    assert (form["authority"], form["authority_stated"]) == ("Chủ tịch nước", True)
