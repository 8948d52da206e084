"""Asking for a later deadline: granted, refused, withdrawn, and what is not let through."""

from __future__ import annotations

from datetime import date

import pytest

from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.movements.models import Extension, ExtensionState, Task, TaskState
from thidua.movements.tasks import extensions, giving
from thidua.movements.tasks.tests.conftest import NOW, Story
from thidua.notices.models import Notice

LATER = date(2023, 11, 20)


def asked(story: Story, task: Task, until: date = LATER) -> Extension:
    return extensions.ask(task, until=until, reason="Mưa lũ chia cắt", actor=story.who("huoi-luong"), now=NOW)


def test_grant_moves_the_deadline_and_keeps_the_old(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED, year=2023)
    extension = asked(story, task)
    extensions.grant(extension, actor=story.who("thuong-truc"), now=NOW, answer="Đồng ý")
    task.refresh_from_db()
    extension.refresh_from_db()
    assert (task.due_on, extension.due_before, extension.state, extension.answer) == (
        LATER,
        date(2023, 11, 9),
        ExtensionState.GRANTED,
        "Đồng ý",
    )
    assert list(Notice.objects.order_by("pk").values_list("unit__key", "text")) == [
        ("phong-ldtbxh", f"Đơn vị đề nghị gia hạn đến 20/11/2023: «{task.title}»"),
        ("huoi-luong", f"Đồng ý gia hạn đến 20/11/2023: «{task.title}»"),
    ]


def test_refusal_needs_a_reason(story: Story) -> None:
    extension = asked(story, story.task(state=TaskState.ACCEPTED))
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        extensions.refuse(extension, reason="", actor=story.who("thuong-truc"), now=NOW)
    extensions.refuse(extension, reason="Tỉnh tổng hợp ngày 15", actor=story.who("thuong-truc"), now=NOW)
    extension.refresh_from_db()
    assert (extension.state, extension.answer) == (ExtensionState.REFUSED, "Tỉnh tổng hợp ngày 15")
    assert Task.objects.get().due_on == date(2023, 11, 9)


@pytest.mark.parametrize("until", [date(2023, 11, 9), date(2023, 11, 5), date(2023, 11, 1)])
def test_day_must_be_later_than_today_and_the_old(story: Story, until: date) -> None:
    with pytest.raises(RuleNotMet, match="hạn mới phải sau"):
        asked(story, story.task(state=TaskState.ACCEPTED), until)


def test_late_task_must_ask_for_a_day_to_come(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED, due_on=date(2023, 10, 1))
    with pytest.raises(RuleNotMet, match="hạn mới phải sau hôm nay"):
        asked(story, task, date(2023, 11, 5))
    asked(story, task, date(2023, 11, 6))


def test_second_question_waits_for_the_first(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    asked(story, task)
    with pytest.raises(RuleNotMet, match="đang chờ trả lời"):
        asked(story, task, date(2023, 12, 1))
    assert Extension.objects.count() == 1


def test_asking_without_deadline_or_in_a_wrong_state_is_refused(story: Story) -> None:
    with pytest.raises(RuleNotMet, match="không có hạn"):
        asked(story, story.task(state=TaskState.ACCEPTED, due_on=None))
    with pytest.raises(RuleNotMet, match="«Hoàn thành»"):
        asked(story, story.task(state=TaskState.DONE))
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        extensions.ask(
            story.task(state=TaskState.ACCEPTED),
            until=LATER,
            reason=" ",
            actor=story.who("huoi-luong"),
            now=NOW,
        )


def test_rights(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    with pytest.raises(NotAllowed):
        extensions.ask(task, until=LATER, reason="x", actor=story.who("dao-san"), now=NOW)
    extension = asked(story, task)
    with pytest.raises(NotAllowed):
        extensions.grant(extension, actor=story.who("huoi-luong"), now=NOW)
    with pytest.raises(NotAllowed):
        extensions.withdraw(extension, actor=story.who("thuong-truc"), now=NOW)
    extensions.withdraw(extension, actor=story.who("huoi-luong"), now=NOW)
    assert Extension.objects.get().state == ExtensionState.WITHDRAWN


def test_of_two_answers_one_wins(story: Story) -> None:
    extension = asked(story, story.task(state=TaskState.ACCEPTED))
    same = Extension.objects.get()
    extensions.refuse(extension, reason="Không kịp", actor=story.who("thuong-truc"), now=NOW)
    with pytest.raises(ChangedMeanwhile):
        extensions.grant(same, actor=story.who("lanh-dao"), now=NOW)
    assert Task.objects.get().due_on == date(2023, 11, 9)


def test_grant_after_the_deadline_moved_takes_nothing(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    extension = asked(story, task)
    Task.objects.update(due_on=date(2023, 11, 15))
    with pytest.raises(ChangedMeanwhile, match="vừa thay đổi"):
        extensions.grant(extension, actor=story.who("thuong-truc"), now=NOW)
    assert Extension.objects.get().state == ExtensionState.ASKED


def test_cancelling_the_task_closes_the_question(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    asked(story, task)
    giving.cancel(task, reason="Trùng", actor=story.who("thuong-truc"), now=NOW)
    assert Extension.objects.get().state == ExtensionState.WITHDRAWN


def test_part_is_not_due_after_the_whole(story: Story) -> None:
    whole = story.task(state=TaskState.ACCEPTED, due_on=date(2023, 11, 15))
    part = story.task("dao-san", parent=whole, state=TaskState.ACCEPTED, giver=story.world.unit("huoi-luong"))
    extension = extensions.ask(part, until=LATER, reason="Mưa", actor=story.who("dao-san"), now=NOW)
    with pytest.raises(RuleNotMet, match="nhiệm vụ cấp trên"):
        extensions.grant(extension, actor=story.who("huoi-luong"), now=NOW)
