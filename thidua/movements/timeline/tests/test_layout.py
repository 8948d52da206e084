"""Events laid out by months: where each stands, what is late and what comes next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thidua.movements.timeline.layout import Event, EventKind, Standing, in_words, year_of

TODAY = date(2023, 11, 5)


def event(first: date, last: date | None = None, **fields: object) -> Event:
    given = {"uid": "x", "kind": EventKind.TASK, "title": "Báo cáo", "plan_id": 1, **fields}
    return Event(first=first, last=last or first, **given)  # type: ignore[arg-type]


def standings(*events: Event) -> list[Standing]:
    laid = year_of(events, year=2023, today=TODAY)
    return [one.standing for month in laid.months for one in month.events]


def test_event_stands_in_the_month_of_its_last_day() -> None:
    laid = year_of([event(date(2023, 10, 25), date(2023, 11, 9))], year=2023, today=TODAY)

    assert [month.number for month in laid.months if month.events] == [11]
    assert [month.number for month in laid.months if month.is_current] == [11]


def test_what_lasts_longer_than_a_month_stands_apart() -> None:
    laid = year_of([event(date(2022, 1, 1), date(2025, 12, 31))], year=2023, today=TODAY)

    assert (len(laid.long), laid.count) == (1, 1)
    assert laid.long[0].standing is Standing.NOW


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (event(date(2023, 11, 4)), Standing.LATE),
        (event(date(2023, 11, 4), is_done=True), Standing.DONE),
        (event(date(2023, 11, 4), kind=EventKind.MILESTONE), Standing.PAST),
        (event(date(2023, 11, 4), kind=EventKind.REGISTRATION), Standing.PAST),
        (event(date(2023, 11, 5)), Standing.NEXT),
        (event(date(2023, 11, 1), date(2023, 11, 9)), Standing.NOW),
    ],
)
def test_standing_against_today(one: Event, expected: Standing) -> None:
    assert standings(one) == [expected]


def test_only_the_nearest_day_is_next() -> None:
    assert standings(event(date(2023, 11, 9)), event(date(2023, 11, 9)), event(date(2023, 11, 20))) == [
        Standing.NEXT,
        Standing.NEXT,
        Standing.COMING,
    ]


def test_next_day_may_lie_in_the_following_year() -> None:
    found = [event(date(2023, 11, 1), is_done=True), event(date(2024, 1, 9))]

    assert year_of(found, year=2024, today=TODAY).months[0].events[0].standing is Standing.NEXT


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (event(date(2023, 11, 9)), "09/11/2023"),
        (event(date(2023, 11, 1), date(2023, 11, 9)), "01/11/2023 – 09/11/2023"),
        (event(date(2023, 1, 1), date(2023, 12, 31)), "năm 2023"),
        (event(date(2022, 1, 1), date(2025, 12, 31)), "2022 – 2025"),
    ],
)
def test_days_in_words(one: Event, words: str) -> None:
    assert in_words(one) == words


DAYS = st.dates(date(2022, 1, 1), date(2024, 12, 31))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(st.lists(st.tuples(DAYS, st.integers(0, 500)), max_size=30))
def test_every_event_of_the_year_stands_in_exactly_one_place(spans: list[tuple[date, int]]) -> None:
    events = [
        event(first, first + timedelta(days=length), uid=str(number))
        for number, (first, length) in enumerate(spans)
    ]

    laid = year_of(events, year=2023, today=TODAY)

    shown = [one.event.uid for month in laid.months for one in month.events]
    shown += [one.event.uid for one in laid.long]
    touching = [one.uid for one in events if one.first.year <= 2023 <= one.last.year]
    assert sorted(shown) == sorted(touching)
