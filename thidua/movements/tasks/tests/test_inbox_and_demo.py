"""What waits for whom, and the lived-in plan of a demonstration."""

from __future__ import annotations

from datetime import date

from thidua.audit.models import Entry
from thidua.movements.models import Activity, Reminder, Task, TaskNote, TaskState
from thidua.movements.tasks import demo, extensions, inbox
from thidua.movements.tasks.tests.conftest import NOW, Story
from thidua.movements.tests.makers import at
from thidua.organisations.tests.world import DAY

GIVEN = at(date(2023, 9, 1))


def test_what_waits_for_the_unit_and_for_the_giver(story: Story) -> None:
    own = story.task()
    story.task(title="Năm sau", starts_on=date(2024, 1, 1))
    reported = story.task("dao-san", state=TaskState.REPORTED)
    declined = story.task("dao-san", state=TaskState.DECLINED)
    story.task("mu-sang", state=TaskState.DECLINED, modality="khuyen_khich")
    late = story.task("mu-sang", state=TaskState.ACCEPTED, due_on=date(2023, 11, 4))
    asked = extensions.ask(late, until=date(2023, 12, 1), reason="x", actor=story.who("mu-sang"), now=NOW)
    unit, standing = story.who("huoi-luong"), story.who("thuong-truc")
    assert list(inbox.to_do(unit)) == [own]
    assert list(inbox.to_answer(unit)) == []
    assert set(inbox.to_answer(standing)) == {reported, declined}
    assert list(inbox.extensions_to_answer(standing)) == [asked]
    assert list(inbox.owed_late(standing)) == [late]
    assert list(inbox.owed_late(standing, unit_id=own.unit_id)) == []
    assert list(inbox.owed_late(unit)) == []


def test_lived_in_plan_says_that_it_is_an_example(story: Story) -> None:
    for number in range(24):
        story.task(
            ("huoi-luong", "dao-san", "phong-noi-vu")[number % 3],
            title=f"Việc {number}",
            due_on=date(2023, 10, 20) if number % 2 else date(2023, 11, 20),
            given_at=GIVEN,
            modality="giao" if number % 8 != 7 or number < 8 else "khuyen_khich",
        )
    assert demo.live(story.plan, DAY) == 24
    states = {state: Task.objects.filter(state=state).count() for state in TaskState}
    assert states[TaskState.CANCELLED] == 0
    assert all(count for state, count in states.items() if state != TaskState.CANCELLED)
    assert Activity.objects.count() == 3
    assert Reminder.objects.exists()
    assert all("(ví dụ)" in text for text in TaskNote.objects.values_list("text", flat=True))
    assert Entry.objects.order_by("-at")[0].at <= at(DAY, 23)
    entries = Entry.objects.count()
    assert demo.live(story.plan, DAY) == 0
    assert Entry.objects.count() == entries


def test_plan_can_be_lived_with_until_after_the_reform(story: Story) -> None:
    for number in range(8):
        story.task(title=f"Việc {number}", given_at=GIVEN, due_on=date(2025, 6, 1))
    assert demo.live(story.plan, date(2026, 3, 1)) == 8
    assert Reminder.objects.exists()


def test_plan_given_on_the_same_day_can_be_lived_with(story: Story) -> None:
    for number in range(8):
        story.task(title=f"Việc {number}", given_at=at(DAY, 7))
    assert demo.live(story.plan, DAY) == 8
