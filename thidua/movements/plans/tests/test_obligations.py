"""Times of a record as days that units owe something on, and times as officers type them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from thidua.movements.plans import typed_times
from thidua.movements.plans.obligations import Years, dues, obligations, span_of

GIVEN = date(2022, 8, 1)
YEARS = Years.of(first_year=2021, last_year=2025, dated="2022-07", adopted_on=GIVEN)


def days(
    entry: dict[str, Any], *, given_on: date = GIVEN
) -> list[tuple[int | None, date | None, date | None]]:
    return [(due.year, due.due_on, due.starts_on) for due in dues(entry, years=YEARS, given_on=given_on)]


def test_before_a_day_of_each_year_is_due_the_day_before() -> None:
    entry = {"deadline": {"month": 11, "day": 10, "bound": "before"}, "recurrence": "annual"}
    assert days(entry) == [
        (2022, date(2022, 11, 9), None),
        (2023, date(2023, 11, 9), date(2023, 1, 1)),
        (2024, date(2024, 11, 9), date(2024, 1, 1)),
        (2025, date(2025, 11, 9), date(2025, 1, 1)),
    ]


def test_of_a_yearly_task_what_was_over_is_not_given_any_more() -> None:
    entry = {"deadline": {"month": 11, "day": 10, "bound": "before"}, "recurrence": "annual"}
    assert [row[0] for row in days(entry, given_on=date(2024, 11, 9))] == [2024, 2025]
    assert [row[0] for row in days(entry, given_on=date(2024, 11, 10))] == [2025]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (None, (None, None, None)),
        ({"year": 2025, "raw": "Năm 2025"}, (None, date(2025, 12, 31), date(2025, 1, 1))),
        ({"year": 2025, "raw": "đến năm 2025"}, (None, date(2025, 12, 31), None)),
        ({"year": 2025, "applies_to": "tổng kết"}, (None, date(2025, 12, 31), None)),
        ({"year": 2024, "month": 2}, (None, date(2024, 2, 29), date(2024, 2, 1))),
        ({"year": 2023, "quarter": 3}, (None, date(2023, 9, 30), date(2023, 7, 1))),
        ({"year": 2022, "quarter": 3, "bound": "from"}, (None, None, None)),
        ({"year": 2023, "bound": "before"}, (None, date(2022, 12, 31), None)),
        ({"from": 2022, "to": 2025}, (None, date(2025, 12, 31), None)),
        ({"from": "2023-03", "to": "2023-05-15"}, (None, date(2023, 5, 15), date(2023, 3, 1))),
    ],
)
def test_a_time_becomes_days(when: dict[str, Any] | None, expected: tuple[Any, ...]) -> None:
    assert days({"deadline": when}) == [expected]


def test_interim_and_final_review_are_two_obligations() -> None:
    found = dues({"deadline": {"so_ket": 2023, "tong_ket": 2025}}, years=YEARS, given_on=GIVEN)
    assert [(due.heading, due.year, due.due_on) for due in found] == [
        ("Sơ kết năm 2023", 2023, date(2023, 12, 31)),
        ("Tổng kết năm 2025", 2025, date(2025, 12, 31)),
    ]


def test_periodic_without_an_interval_names_no_day() -> None:
    assert days({"recurrence": "periodic (interval not stated)"}) == [(None, None, None)]


def test_each_unit_owes_once_and_no_unit_helps_itself() -> None:
    rows = obligations(
        "K1", {}, title="Việc", unit_ids=[1, 2, 1], partner_ids=[2, 3, 3], years=YEARS, given_on=GIVEN
    )
    assert [(row.unit_id, row.partner_ids) for row in rows] == [(1, (3,)), (2, (3,))]


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("20/11/2026", {"day": 20, "month": 11, "year": 2026}),
        ("trước ngày 10 tháng 11 hằng năm", {"bound": "before", "day": 10, "month": 11}),
        ("11/2026", {"month": 11, "year": 2026}),
        ("quý III/2026", {"quarter": 3, "year": 2026}),
        ("Năm 2025", {"year": 2025}),
        ("từ năm 2022 đến năm 2025", {"from": 2022, "to": 2025}),
        ("sơ kết 2023, tổng kết năm 2025", {"so_ket": 2023, "tong_ket": 2025}),
    ],
)
def test_a_typed_time_is_read(text: str, when: dict[str, Any]) -> None:
    found = typed_times.when_of(text)
    assert found == {**when, "raw": text}
    again = typed_times.when_of(typed_times.typed(found))
    assert again is not None
    assert {key: value for key, value in again.items() if key != "raw"} == when
    assert span_of(again) == span_of(found)


@pytest.mark.parametrize("text", ["sớm", "31/02/2024", "2025-2022", "13/2024", "quý V/2024"])
def test_what_is_no_time_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        typed_times.when_of(text)
