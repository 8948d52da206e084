"""`advance`: right, state, reason, guard, change and row of the log are one thing, also for two at once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import transaction

from tests.at_once import at_once
from thidua.audit import verifying
from thidua.audit.log import System, record
from thidua.audit.models import ChainHead, Entry
from thidua.audit.workflow import StateTable, Transition, advance, possible, register, table_of, tables
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.movements.models import Task, TaskState
from thidua.movements.tests.makers import make_task, phong_tho_plan
from thidua.organisations.tests.world import DAY, World, phong_tho

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
SYSTEM = System(on=DAY)


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


@pytest.fixture
def task(world: World) -> Task:
    return make_task(phong_tho_plan(world), world.unit("huoi-luong"), title="Nộp báo cáo năm")


def test_step_changes_the_state_and_writes_one_row(world: World, task: Task) -> None:
    entry = advance(task, "accept", actor=world.acting("huoi-luong"), now=NOW, changes={"accepted_at": NOW})

    stored = Task.objects.get()
    assert (task.state, task.accepted_at) == (TaskState.ACCEPTED, NOW)
    assert (stored.state, stored.accepted_at) == (TaskState.ACCEPTED, NOW)
    assert Entry.objects.get() == entry
    assert (entry.action, entry.action_label) == ("movements.task.accept", "Nhận nhiệm vụ")
    assert (entry.state_before, entry.state_after) == ("da_giao", "dang_lam")
    assert (entry.object_type, entry.object_id) == ("movements.task", str(task.pk))
    assert entry.actor == "Huoi Luong, cán bộ đơn vị, xã Huổi Luông"
    assert (entry.user, entry.unit_id) == (world.people["huoi-luong"], task.unit_id)
    assert entry.object_unit_id == task.unit_id
    assert entry.details == '{"set.accepted_at":"2023-11-05T03:00:00.000000"}'


def refused(task: Task, name: str, kind: type[Exception], match: str, **arguments: object) -> None:
    before = task.state
    with pytest.raises(kind, match=match):
        advance(task, name, now=NOW, **arguments)  # type: ignore[arg-type]
    assert (task.state, Task.objects.get().state) == (before, before)
    assert Entry.objects.count() == 0


def test_right_is_asked_first(world: World, task: Task) -> None:
    refused(task, "accept", NotAllowed, "xã Huổi Luông", actor=world.acting("dao-san"))


def test_state_must_allow_the_step(world: World, task: Task) -> None:
    why = "trạng thái hiện nay là «Chờ nhận», việc này chỉ làm được khi ở «Đang thực hiện»"
    refused(task, "report_done", RuleNotMet, why, actor=world.acting("huoi-luong"))


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_reason_must_say_something(world: World, task: Task, reason: str) -> None:
    refused(task, "decline", RuleNotMet, "chưa ghi lý do", actor=world.acting("huoi-luong"), reason=reason)


def test_reason_stands_in_the_log(world: World, task: Task) -> None:
    entry = advance(task, "decline", actor=world.acting("huoi-luong"), now=NOW, reason=" Không có thôn này ")

    assert entry.reason == "Không có thôn này"


def test_guard_refuses(world: World, task: Task) -> None:
    Task.objects.update(state=TaskState.ACCEPTED)
    task.refresh_from_db()
    refused(task, "report_done", RuleNotMet, "chưa ghi đã làm được gì", actor=world.acting("huoi-luong"))


def test_who_holds_an_old_copy_is_told(world: World, task: Task) -> None:
    """Two open the page; one accepts, then the other declines what is no longer waiting."""
    copy = Task.objects.get()
    advance(task, "accept", actor=world.acting("huoi-luong"), now=NOW)

    with pytest.raises(ChangedMeanwhile, match="người khác vừa thay đổi trạng thái"):
        advance(copy, "decline", actor=world.acting("huoi-luong"), now=NOW, reason="Muộn")
    assert Task.objects.get().state == TaskState.ACCEPTED
    assert Entry.objects.count() == 1


def test_rollback_leaves_neither_change_nor_row(world: World, task: Task) -> None:
    class PowerCut(Exception):
        pass

    def accept_until_the_power_is_cut() -> None:
        with transaction.atomic():
            advance(task, "accept", actor=world.acting("huoi-luong"), now=NOW)
            raise PowerCut

    with pytest.raises(PowerCut):
        accept_until_the_power_is_cut()
    assert Task.objects.get().state == TaskState.GIVEN
    assert Entry.objects.count() == 0
    assert not ChainHead.objects.filter(number__gt=0).exists()


def test_possible_steps_are_those_of_state_and_right(world: World, task: Task) -> None:
    def names(username: str) -> list[str]:
        return [step.name for step in possible(task, actor=world.acting(username))]

    assert names("huoi-luong") == ["accept", "decline"]
    assert names("thuong-truc") == ["cancel"]
    assert names("nguoi-xem") == []


def test_every_registered_table_can_be_walked_from_its_beginning() -> None:
    for table in tables():
        reached, waiting = {str(table.initial)}, [str(table.initial)]
        while waiting:
            for step in table.possible_from(waiting.pop()):
                if step.target not in reached:
                    reached.add(str(step.target))
                    waiting.append(str(step.target))
        assert reached == {str(value) for value in table.states.values}, table.model


def test_table_with_an_unknown_state_is_refused() -> None:
    good = table_of(Task())
    bad = StateTable(
        model=good.model,
        title=good.title,
        states=TaskState,
        initial=TaskState.GIVEN,
        transitions=(Transition("x", "X", ("khac",), TaskState.DONE, right="task.answer"),),
    )

    with pytest.raises(ValueError, match=r"movements.Task.x: unknown states \['khac'\]"):
        register(bad)
    assert table_of(Task()) is good


# --- at once ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    for turn in range(5):
        task = make_task(plan, world.unit("huoi-luong"), title=f"Việc {turn}")
        accepting, declining = Task.objects.get(pk=task.pk), Task.objects.get(pk=task.pk)
        first, second = world.acting("huoi-luong"), world.acting("huoi-luong")

        outcomes = at_once(
            partial(advance, accepting, "accept", actor=first, now=NOW),
            partial(advance, declining, "decline", actor=second, now=NOW, reason="Không phải việc của xã"),
        )

        kinds = sorted(type(outcome).__name__ for outcome in outcomes)
        assert kinds == ["ChangedMeanwhile", "Entry"]
        (winner,) = [outcome for outcome in outcomes if isinstance(outcome, Entry)]
        task.refresh_from_db()
        assert task.state == winner.state_after
    assert Entry.objects.count() == 5
    assert verifying.verify().is_whole


@pytest.mark.django_db(transaction=True)
def test_many_writers_keep_a_chain_without_gap() -> None:
    world = phong_tho()
    target = world.unit("viet-nam")

    def write() -> int:
        for _ in range(10):
            record("test.act", target, label="Thử", actor=SYSTEM, now=NOW)
        return 10

    assert at_once(write, write, write, write) == [10, 10, 10, 10]
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 41))
    assert verifying.verify().is_whole
