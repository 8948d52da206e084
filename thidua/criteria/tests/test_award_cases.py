"""The worked cases of the law of commendation: `lawbook/examples/khen_thuong_*.yaml`."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.criteria import lawbook
from thidua.criteria.award_law.worked_cases import WorkedCase, worked_cases


def all_cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{group.key}: {case.title}")
        for group in worked_cases()
        for case in group.cases
    ]


@pytest.mark.parametrize("case", all_cases())
def test_program_comes_to_what_the_lawyer_expects(case: WorkedCase) -> None:
    assert case.found == case.expected


def test_every_file_of_cases_is_run() -> None:
    files = {path.stem for path in (lawbook.FOLDER / "examples").glob("khen_thuong_*.yaml")}

    assert {f"khen_thuong_{group.key}" for group in worked_cases()} == files
    assert all(len(group.cases) >= 10 for group in worked_cases())


@pytest.mark.parametrize(
    ("title", "given", "expected"),
    [
        (
            "Nhân trước, làm tròn sau: không phải 2 × 5.220.000",
            "Bằng khen của Thủ tướng Chính phủ, tập thể, quyết định ngày 30/06/2023",
            "10.430.000 đồng",
        ),
        (
            "Quá bán của 8 là 5: 4 phiếu bằng nhau không đủ",
            "quá 50 % tổng số thành viên; 8 thành viên: 4 đồng ý, 4 không",
            "không đạt, cần 5, phiếu ngang nhau",
        ),
        (
            "20 xã chưa biết đạt hay không: từ 4 đến 5 chỗ, chưa nói được",
            "128 đơn vị: 85 đạt, 20 chưa biết; 5 % của 85–105 đơn vị đạt chuẩn, làm tròn xuống",
            "từ 4 đến 5",
        ),
        (
            "Hộ gia đình thời Nghị định 91: chưa biết mức",
            "Giấy khen của Chủ tịch Ủy ban nhân dân xã, hộ gia đình, quyết định ngày 31/12/2023",
            "chưa biết, chương trình không đoán",
        ),
    ],
)
def test_cases_are_told_in_words(title: str, given: str, expected: str) -> None:
    (case,) = [one for group in worked_cases() for one in group.cases if one.title == title]

    assert (case.given, case.expected) == (given, expected)


def test_wrong_expectation_is_seen() -> None:
    assert not WorkedCase("", "", "1.000 đồng", "2.000 đồng").agrees
