"""Late, nearly late, in time: boundary days, and the database says what the calculation says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from thidua.core.workdays import Holiday, WorkCalendar
from thidua.movements.models import Task, TaskState
from thidua.movements.tasks.lateness import (
    Judged,
    Lateness,
    by_unit,
    condition,
    judge,
    judged,
    last_near_day,
)
from thidua.movements.tests.makers import at, make_task, phong_tho_plan
from thidua.organisations.tests.world import phong_tho

#: "Trước ngày 10 tháng 11": the ninth is the last day in time.
DUE = date(2023, 11, 9)


def told(
    on: date,
    *,
    state: str = TaskState.ACCEPTED,
    due_on: date | None = DUE,
    reported_on: date | None = None,
    modality: str = "giao",
) -> Judged:
    return judge(
        state=state,
        due_on=due_on,
        modality=modality,
        reported_on=reported_on,
        on=on,
        near_until=last_near_day(on),
    )


def test_before_the_tenth_means_the_ninth_is_in_time_and_the_tenth_late() -> None:
    assert told(date(2023, 11, 9)) == Judged(Lateness.NEAR, 0)
    assert told(date(2023, 11, 10)) == Judged(Lateness.LATE, 1)


def test_near_begins_seven_working_days_before() -> None:
    # Thursday 9/11 is the seventh working day after Tuesday 31/10.
    assert last_near_day(date(2023, 10, 31)) == DUE
    assert told(date(2023, 10, 31)) == Judged(Lateness.NEAR, 9)
    assert told(date(2023, 10, 30)) == Judged(Lateness.ON_TIME, 10)


def test_public_holidays_do_not_count_towards_nearly_late() -> None:
    calendar = WorkCalendar({date(2023, 11, 3): Holiday("ngày nghỉ thử")})
    assert last_near_day(date(2023, 10, 31), calendar=calendar) == date(2023, 11, 10)


def test_without_a_deadline_nothing_is_late() -> None:
    assert told(date(2030, 1, 1), due_on=None) == Judged(Lateness.NO_DEADLINE)


@pytest.mark.parametrize("state", [TaskState.REPORTED, TaskState.DONE])
def test_what_was_reported_is_measured_by_the_day_of_the_report(state: str) -> None:
    assert told(date(2024, 1, 1), state=state, reported_on=DUE) == Judged(Lateness.IN_TIME)
    assert told(date(2024, 1, 1), state=state, reported_on=DUE + timedelta(days=1)) == Judged(
        Lateness.WAS_LATE, 1
    )


def test_declined_order_stays_owed_and_declined_invitation_does_not() -> None:
    day = date(2023, 11, 12)
    assert told(day, state=TaskState.DECLINED) == Judged(Lateness.LATE, 3)
    assert told(day, state=TaskState.DECLINED, modality="khuyen_khich") == Judged(Lateness.NOT_OWED)
    assert told(day, state=TaskState.CANCELLED) == Judged(Lateness.NOT_OWED)


def test_words() -> None:
    assert told(date(2023, 11, 12)).words == "Quá hạn 3 ngày"
    assert told(DUE).words == "Hạn hôm nay"
    assert told(date(2023, 11, 7)).words == "Còn 2 ngày"
    assert told(DUE, due_on=None).words == "Không có hạn"


def test_units_with_most_late_tasks_come_first() -> None:
    late, later, near = (
        Judged(Lateness.LATE, 2),
        Judged(Lateness.LATE, 9),
        Judged(Lateness.NEAR, 1),
    )
    rows = [(1, near), (2, late), (3, later), (4, late), (4, late)]
    assert [(one.unit_id, one.late, one.worst) for one in by_unit(rows)] == [
        (4, 2, 2),
        (3, 1, 9),
        (2, 1, 2),
        (1, 0, 0),
    ]


@pytest.mark.django_db
def test_database_says_the_same_as_the_calculation() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    on = date(2023, 11, 5)
    days = [None, *(on + timedelta(days=shift) for shift in (-30, -1, 0, 1, 10, 11, 60))]
    for state in TaskState.values:
        for modality in ("giao", "khuyen_khich"):
            for due_on in days:
                reported = [at(date(2023, 11, 4)), at(date(2023, 11, 5), 0)]
                for reported_at in reported if state in (TaskState.REPORTED, TaskState.DONE) else [None]:
                    make_task(
                        plan,
                        world.unit("huoi-luong"),
                        state=state,
                        modality=modality,
                        due_on=due_on,
                        reported_at=reported_at,
                    )
    for lateness in Lateness:
        expected = {task.pk for task in Task.objects.all() if judged(task, on=on).lateness is lateness}
        found = set(Task.objects.filter(condition(lateness, on=on)).values_list("pk", flat=True))
        if lateness is Lateness.NO_DEADLINE:
            expected = {pk for pk in expected if Task.objects.get(pk=pk).due_on is None}
        assert found == expected, lateness
    assert timezone.is_aware(Task.objects.exclude(reported_at=None)[0].reported_at)  # type: ignore[arg-type]
