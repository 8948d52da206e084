"""Giving extra tasks, splitting, taking back, reminding, and writing activities down."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from thidua.audit.models import Entry
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.movements.models import (
    Activity,
    ActivityKind,
    PlanVersion,
    PlanVersionState,
    Reminder,
    Task,
    TaskState,
)
from thidua.movements.tasks import activities, following, giving, reminders
from thidua.movements.tasks.giving import Part
from thidua.movements.tasks.tests.conftest import NOW, Story
from thidua.movements.tests.makers import at
from thidua.notices.models import Notice
from thidua.organisations.models import Unit, UnitKind
from thidua.organisations.tests.world import DAY, make_unit


def village(story: Story) -> Unit:
    return make_unit("ban-moi", "bản Chang Hỏng", UnitKind.VILLAGE, parent=story.world.unit("huoi-luong"))


def test_extra_task_reaches_each_unit(story: Story) -> None:
    units = [story.world.unit("huoi-luong").pk, story.world.unit("dao-san").pk]
    tasks = giving.give_task(
        story.plan,
        unit_ids=[*units, units[0]],
        title=" Báo cáo nhanh ",
        due_on=DAY,
        actor=story.who("thuong-truc"),
        now=NOW,
        partner_ids=[story.world.unit("phong-noi-vu").pk],
    )
    assert [(task.unit_id, task.title, task.giver.key, task.state) for task in tasks] == [
        (units[0], "Báo cáo nhanh", "phong-tho", TaskState.GIVEN),
        (units[1], "Báo cáo nhanh", "phong-tho", TaskState.GIVEN),
    ]
    assert tasks[0].partners.get() == story.world.unit("phong-noi-vu")
    assert [notice.unit_id for notice in Notice.objects.order_by("pk")] == units
    assert Entry.objects.filter(action="movements.task.give").count() == 2


@pytest.mark.parametrize("username", ["huoi-luong", "tinh", "noi-vu", "nguoi-xem"])
def test_only_the_bodies_of_the_plan_give(story: Story, username: str) -> None:
    with pytest.raises(NotAllowed, match="giao nhiệm vụ"):
        giving.give_task(
            story.plan,
            unit_ids=[story.world.unit("huoi-luong").pk],
            title="x",
            due_on=None,
            actor=story.who(username),
            now=NOW,
        )


@pytest.mark.parametrize(
    ("unit", "title", "due_on", "why"),
    [
        ("huoi-luong", " ", None, "chưa ghi nội dung"),
        ("huoi-luong", "x", DAY - timedelta(days=1), "đã qua"),
        ("xa-phong-tho", "x", None, "không còn hoạt động"),
        ("lai-chau", "x", None, "là cấp trên"),
    ],
)
def test_unfit_extra_task_is_refused(
    story: Story, unit: str, title: str, due_on: date | None, why: str
) -> None:
    with pytest.raises(RuleNotMet, match=why):
        giving.give_task(
            story.plan,
            unit_ids=[story.world.unit(unit).pk],
            title=title,
            due_on=due_on,
            actor=story.who("thuong-truc"),
            now=NOW,
        )
    assert Task.objects.count() == 0


def test_plan_that_is_not_in_force_gives_nothing(story: Story) -> None:
    PlanVersion.objects.update(state=PlanVersionState.SUPERSEDED)
    with pytest.raises(RuleNotMet, match="chưa có hiệu lực"):
        giving.give_task(
            story.plan,
            unit_ids=[story.world.unit("huoi-luong").pk],
            title="x",
            due_on=None,
            actor=story.who("thuong-truc"),
            now=NOW,
        )


def test_split_gives_parts_to_lower_units(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    lower = village(story)
    (part,) = giving.split(
        task, [Part(lower.pk, "Rà soát bản", date(2023, 11, 7))], actor=story.who("huoi-luong"), now=NOW
    )
    assert (part.parent, part.unit, part.giver.key, part.due_on) == (
        task,
        lower,
        "huoi-luong",
        date(2023, 11, 7),
    )
    assert Notice.objects.get().unit == lower
    # The commune has no standing body: its officer answers for the parts.
    Task.objects.filter(pk=part.pk).update(state=TaskState.REPORTED)
    part.refresh_from_db()
    following.confirm(part, actor=story.who("huoi-luong"), now=NOW)
    assert part.state == TaskState.DONE


def test_split_after_the_reform_is_given_by_the_successor(story: Story) -> None:
    on = date(2025, 7, 10)
    task = story.task(state=TaskState.ACCEPTED, due_on=date(2025, 11, 9))
    lower = make_unit("thon", "bản Mới", UnitKind.VILLAGE, parent=story.world.unit("xa-phong-tho"))
    (part,) = giving.split(task, [Part(lower.pk, "Rà soát")], actor=story.who("xa-moi", on=on), now=at(on))
    assert (part.giver.key, part.due_on) == ("xa-phong-tho", date(2025, 11, 9))


@pytest.mark.parametrize(
    ("unit", "due_on", "why"),
    [
        ("dao-san", None, "không thuộc đơn vị"),
        ("huoi-luong", None, "không thuộc đơn vị"),
        ("ban-moi", date(2023, 11, 10), "muộn hơn hạn của nhiệm vụ"),
        ("ban-moi", date(2023, 11, 4), "đã qua"),
    ],
)
def test_unfit_part_is_refused(story: Story, unit: str, due_on: date | None, why: str) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    village(story)
    with pytest.raises(RuleNotMet, match=why):
        giving.split(
            task,
            [Part(Unit.objects.get(key=unit).pk, "x", due_on)],
            actor=story.who("huoi-luong"),
            now=NOW,
        )
    assert Task.objects.count() == 1


def test_cancel_takes_the_parts_along(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    (part,) = giving.split(task, [Part(village(story).pk, "x")], actor=story.who("huoi-luong"), now=NOW)
    with pytest.raises(NotAllowed):
        giving.cancel(task, reason="x", actor=story.who("huoi-luong"), now=NOW)
    giving.cancel(task, reason="Trùng kế hoạch tỉnh", actor=story.who("lanh-dao"), now=NOW)
    part.refresh_from_db()
    assert (task.state, part.state) == (TaskState.CANCELLED, TaskState.CANCELLED)


# --- reminders ------------------------------------------------------------------------------------


def test_one_notice_a_unit_for_many_tasks(story: Story) -> None:
    tasks = [story.task(title="Việc A"), story.task(title="Việc B"), story.task("dao-san", title="Việc C")]
    reminders.remind(tasks, text="Gửi trước thứ Sáu.", actor=story.who("thuong-truc"), now=NOW)
    assert list(Notice.objects.order_by("pk").values_list("unit__key", "text", "address")) == [
        (
            "huoi-luong",
            "Đôn đốc 2 nhiệm vụ: «Việc A»; «Việc B». Gửi trước thứ Sáu.",
            "/nhiem-vu/?xem=cua-toi",
        ),
        ("dao-san", "Đôn đốc 1 nhiệm vụ: «Việc C». Gửi trước thứ Sáu.", f"/nhiem-vu/{tasks[2].pk}/"),
    ]
    assert Reminder.objects.count() == 3
    assert Entry.objects.filter(action="movements.task.remind").count() == 2


def test_second_reminder_of_a_day_asks_first(story: Story) -> None:
    first, second = story.task(), story.task(title="Khác")
    reminders.remind([first], text="", actor=story.who("thuong-truc"), now=NOW)
    with pytest.raises(reminders.RemindedToday, match="hôm nay đã đôn đốc xã Huổi Luông"):
        reminders.remind([second], text="", actor=story.who("thuong-truc"), now=NOW)
    assert Reminder.objects.count() == 1
    reminders.remind([second], text="", actor=story.who("thuong-truc"), now=NOW, again=True)
    reminders.remind([first], text="", actor=story.who("thuong-truc"), now=NOW + timedelta(days=1))
    assert Reminder.objects.count() == 3


def test_reminder_refusals(story: Story) -> None:
    task = story.task()
    with pytest.raises(NotAllowed, match="đôn đốc đơn vị"):
        reminders.remind([task], text="", actor=story.who("dao-san"), now=NOW)
    with pytest.raises(RuleNotMet, match="chưa chọn"):
        reminders.remind([], text="", actor=story.who("thuong-truc"), now=NOW)
    with pytest.raises(RuleNotMet, match="không còn chờ"):
        reminders.remind(
            [task, story.task(state=TaskState.DONE)], text="", actor=story.who("thuong-truc"), now=NOW
        )
    assert (Reminder.objects.count(), Notice.objects.count()) == (0, 0)


# --- activities -----------------------------------------------------------------------------------


def test_activity_keeps_unknown_unknown(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    activity = activities.record_activity(
        story.plan,
        unit_id=task.unit_id,
        task=task,
        kind=ActivityKind.GIFT,
        title="Tặng bò giống",
        held_on=DAY,
        value_dong=150_000_000,
        actor=story.who("huoi-luong"),
        now=NOW,
    )
    assert (activity.people, activity.value_dong) == (None, 150_000_000)
    # An activity says what was done.
    following.report_done(task, actor=story.who("huoi-luong"), now=NOW)


def test_activity_refusals(story: Story) -> None:
    def write(username: str, **fields: object) -> Activity:
        arguments: dict[str, object] = {"kind": "khac", "title": "x", "held_on": DAY, **fields}
        return activities.record_activity(
            story.plan,
            unit_id=story.world.unit("huoi-luong").pk,
            actor=story.who(username),
            now=NOW,
            **arguments,  # type: ignore[arg-type]
        )

    with pytest.raises(NotAllowed, match="ghi hoạt động"):
        write("dao-san")
    with pytest.raises(RuleNotMet, match="chưa đến"):
        write("huoi-luong", held_on=DAY + timedelta(days=1))
    with pytest.raises(RuleNotMet, match="chưa ghi nội dung"):
        write("huoi-luong", title=" ")
    with pytest.raises(RuleNotMet, match="Nhận nhiệm vụ trước"):
        write("huoi-luong", task=story.task())
    assert Activity.objects.count() == 0
