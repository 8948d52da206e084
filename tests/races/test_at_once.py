"""Two people, or two processes, do the same thing in the same moment: one wins, nothing happens twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from tests.at_once import at_once
from thidua.audit import verifying
from thidua.audit.log import System
from thidua.audit.models import Entry
from thidua.jobs.models import Job
from thidua.jobs.queue import enqueue
from thidua.jobs.tests import kinds as kinds
from thidua.movements.models import (
    Extension,
    ItemDecision,
    PlanItem,
    PlanVersion,
    PlanVersionState,
    Registration,
    Reminder,
    Task,
)
from thidua.movements.plans import adoption, drafting
from thidua.movements.plans.tests.makers import NOW as ADOPTED_AT
from thidua.movements.plans.tests.makers import decide_all, issuer_of, started
from thidua.movements.registrations import deciding
from thidua.movements.tasks import extensions, following
from thidua.movements.tasks.reminders import remind
from thidua.movements.tests.makers import make_registration, make_task, phong_tho_plan
from thidua.notices.models import Notice
from thidua.organisations import catalogue, changes, tree, unit_import
from thidua.organisations.models import (
    Succession,
    TreeNode,
    TreeSnapshot,
    Unit,
    UnitImport,
    UnitKind,
    UnitVersion,
)
from thidua.organisations.tests.test_catalogue import BEFORE, FROM, HEAD, SUCCESSIONS
from thidua.organisations.tests.test_spreadsheets import file_of
from thidua.organisations.tests.test_unit_import import row
from thidua.organisations.tests.world import DAY, phong_tho

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
TURNS = 4


def outcomes(*acts: Callable[[], object]) -> list[str]:
    """What became of acts that began together: "done", or the name of what was raised."""
    found = []
    for outcome in at_once(*acts):
        found.append(type(outcome).__name__ if isinstance(outcome, Exception) else "done")
    return sorted(found)


def test_two_accept_one_task() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    for turn in range(TURNS):
        task = make_task(plan, world.unit("huoi-luong"), title=f"Việc {turn}")

        told = outcomes(
            *(
                partial(
                    following.accept, Task.objects.get(pk=task.pk), actor=world.acting("huoi-luong"), now=NOW
                )
                for _ in range(2)
            )
        )

        assert told == ["ChangedMeanwhile", "done"]
        assert Entry.objects.filter(object_type="movements.task", object_id=str(task.pk)).count() == 1
    assert verifying.verify().is_whole


def test_one_grants_and_one_refuses_an_extension() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    for _ in range(TURNS):
        task = make_task(plan, world.unit("huoi-luong"), state="dang_lam", due_on=date(2023, 11, 9))
        asked = extensions.ask(
            task, until=date(2023, 11, 30), reason="Mưa lũ", actor=world.acting("huoi-luong"), now=NOW
        )

        def loaded(asked: Extension = asked) -> Extension:
            return Extension.objects.select_related("task__plan").get(pk=asked.pk)

        told = outcomes(
            partial(extensions.grant, loaded(), actor=world.acting("thuong-truc"), now=NOW),
            partial(extensions.refuse, loaded(), reason="Không", actor=world.acting("lanh-dao"), now=NOW),
        )

        assert told == ["ChangedMeanwhile", "done"]
        asked.refresh_from_db()
        task.refresh_from_db()
        assert (asked.state, task.due_on) in {
            ("dong_y", date(2023, 11, 30)),
            ("khong_dong_y", date(2023, 11, 9)),
        }
    assert Notice.objects.filter(kind__in=["extension.granted", "extension.refused"]).count() == TURNS
    assert verifying.verify().is_whole


def test_two_grant_one_extension() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    for _ in range(TURNS):
        task = make_task(plan, world.unit("huoi-luong"), state="dang_lam", due_on=date(2023, 11, 9))
        asked = extensions.ask(
            task, until=date(2023, 11, 30), reason="Mưa lũ", actor=world.acting("huoi-luong"), now=NOW
        )

        told = outcomes(
            *(
                partial(
                    extensions.grant,
                    Extension.objects.select_related("task__plan").get(pk=asked.pk),
                    actor=world.acting(username),
                    now=NOW,
                )
                for username in ("thuong-truc", "lanh-dao")
            )
        )

        assert told == ["ChangedMeanwhile", "done"]
        task.refresh_from_db()
        assert task.due_on == date(2023, 11, 30)
    assert Notice.objects.filter(kind="extension.granted").count() == TURNS


def test_two_ask_for_an_extension_of_one_task() -> None:
    world = phong_tho()
    task = make_task(
        phong_tho_plan(world), world.unit("huoi-luong"), state="dang_lam", due_on=date(2023, 11, 9)
    )

    told = outcomes(
        *(
            partial(
                extensions.ask,
                Task.objects.get(pk=task.pk),
                until=date(2023, 11, 30),
                reason="Mưa lũ",
                actor=world.acting("huoi-luong"),
                now=NOW,
            )
            for _ in range(2)
        )
    )

    assert told == ["RuleNotMet", "done"]
    assert (Extension.objects.count(), Entry.objects.count()) == (1, 1)


def test_the_doer_withdraws_while_the_giver_grants() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    for _ in range(TURNS):
        task = make_task(plan, world.unit("huoi-luong"), state="dang_lam", due_on=date(2023, 11, 9))
        asked = extensions.ask(
            task, until=date(2023, 11, 30), reason="Mưa lũ", actor=world.acting("huoi-luong"), now=NOW
        )
        one, other = (
            Extension.objects.select_related("task__plan").get(pk=asked.pk),
            Extension.objects.select_related("task__plan").get(pk=asked.pk),
        )

        told = outcomes(
            partial(extensions.grant, one, actor=world.acting("thuong-truc"), now=NOW),
            partial(extensions.withdraw, other, actor=world.acting("huoi-luong"), now=NOW),
        )

        assert told == ["ChangedMeanwhile", "done"]
        task.refresh_from_db()
        asked.refresh_from_db()
        assert (task.due_on == date(2023, 11, 30)) == (asked.state == "dong_y")


def test_two_decide_on_one_registration() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    sent = make_registration(plan, world.unit("huoi-luong"), state="cho_duyet")

    told = outcomes(
        *(
            partial(
                deciding.approve,
                Registration.objects.select_related("plan").get(pk=sent.pk),
                actor=world.acting(username),
                now=NOW,
            )
            for username in ("thuong-truc", "lanh-dao")
        )
    )

    assert told == ["ChangedMeanwhile", "done"]
    assert Entry.objects.count() == 1


def test_two_adopt_one_draft() -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    decide_all(version, actor=issuer.acting())

    told = outcomes(
        *(
            partial(
                adoption.adopt, PlanVersion.objects.get(pk=version.pk), actor=issuer.acting(), now=ADOPTED_AT
            )
            for _ in range(2)
        )
    )

    assert told in (["RuleNotMet", "done"], ["ChangedMeanwhile", "done"])
    version.refresh_from_db()
    assert version.state == PlanVersionState.ADOPTED
    assert Task.objects.count() == 13
    assert Entry.objects.filter(action="movements.planversion.adopt").count() == 1
    assert (
        Counter(Notice.objects.filter(kind="plan.adopted").values_list("unit_id", flat=True)).most_common(1)[
            0
        ][1]
        == 1
    )
    assert verifying.verify().is_whole


def test_one_adopts_while_another_mends_an_item() -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    decide_all(version, actor=issuer.acting())
    item = version.items.get(key="K1")
    content = {**item.entry, "quote": "Nội dung do người khác vừa sửa"}

    told = outcomes(
        partial(
            adoption.adopt,
            PlanVersion.objects.get(pk=version.pk),
            actor=issuer.acting(),
            now=ADOPTED_AT,
            edition=PlanVersion.objects.get(pk=version.pk).edition,
        ),
        partial(
            drafting.mend,
            PlanItem.objects.select_related("version__plan").get(pk=item.pk),
            content,
            seen=drafting.seen_of(item),
            actor=issuer.acting(),
            now=ADOPTED_AT,
        ),
    )

    assert told in (["ChangedMeanwhile", "done"], ["RuleNotMet", "done"])
    version.refresh_from_db()
    item.refresh_from_db()
    was_mended = item.decision == ItemDecision.MENDED
    assert (version.state == PlanVersionState.ADOPTED) != was_mended
    assert Task.objects.exists() != was_mended


def test_two_mend_one_item() -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    for turn in range(TURNS):
        item = version.items.get(key="K1")
        seen = drafting.seen_of(item)

        told = outcomes(
            *(
                partial(
                    drafting.mend,
                    PlanItem.objects.select_related("version__plan").get(pk=item.pk),
                    {**item.entry, "quote": f"Lần {turn}, người {who}"},
                    seen=seen,
                    actor=issuer.acting(),
                    now=ADOPTED_AT,
                )
                for who in "ab"
            )
        )

        assert told == ["ChangedMeanwhile", "done"]
        assert version.items.get(key="K1").entry["quote"] in (f"Lần {turn}, người a", f"Lần {turn}, người b")
    assert verifying.verify().is_whole


def test_two_build_one_snapshot() -> None:
    phong_tho()
    tree.forget()

    found = at_once(*(partial(tree.snapshot_on, DAY) for _ in range(4)))

    assert len({getattr(one, "pk", one) for one in found}) == 1
    assert TreeSnapshot.objects.count() == 1
    assert TreeNode.objects.count() == UnitVersion.objects.filter(tree.valid_on(DAY)).count()


def test_two_remind_one_unit() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    for turn in range(TURNS):
        task = make_task(plan, world.unit(("huoi-luong", "dao-san", "mu-sang", "phong-noi-vu")[turn]))

        told = outcomes(
            *(
                partial(
                    remind,
                    [Task.objects.select_related("plan").get(pk=task.pk)],
                    text="",
                    actor=world.acting(username),
                    now=NOW,
                )
                for username in ("thuong-truc", "lanh-dao")
            )
        )

        assert told == ["RemindedToday", "done"]
        assert Reminder.objects.filter(task=task).count() == 1
        assert Notice.objects.filter(unit=task.unit).count() == 1


def test_two_enqueue_one_job() -> None:
    found = at_once(
        *(partial(enqueue, "tests.count", args={"to": 1}, key="nhac-2023-11-05") for _ in range(4))
    )

    assert len({getattr(one, "pk", one) for one in found}) == 1
    assert Job.objects.count() == 1


def test_two_load_the_units(tmp_path: Path) -> None:
    (tmp_path / "units_before_2025-07-01.csv").write_text(HEAD + BEFORE, encoding="utf-8")
    (tmp_path / "units_from_2025-07-01.csv").write_text(HEAD + FROM, encoding="utf-8")
    (tmp_path / "unit_successions_2025-07-01.csv").write_text(SUCCESSIONS, encoding="utf-8")

    found = at_once(*(partial(catalogue.load, tmp_path, actor=System(on=DAY), now=NOW) for _ in range(3)))

    totals = Counter(str(getattr(one, "total", one)) for one in found)
    assert (totals["0"], len(totals)) == (2, 2)
    assert Counter(Unit.objects.values_list("key", flat=True)).most_common(1)[0][1] == 1
    assert Succession.objects.count() == len(set(Succession.objects.values_list("predecessor", "successor")))
    assert Entry.objects.filter(action="organisations.catalogue.load").count() == 1
    assert verifying.verify().is_whole


def test_two_take_in_the_same_units_from_excel() -> None:
    world = phong_tho()
    raw = file_of(row("bản Ma Lù Thàng", "xã Huổi Luông"), row("bản Pô Tô", "xã Huổi Luông"))
    actor = world.acting("quan-tri")
    kept = [unit_import.keep(raw, file_name="don-vi.xlsx", actor=actor, now=NOW) for _ in range(2)]

    told = outcomes(
        *(partial(unit_import.carry_out, one, actor=world.acting("quan-tri"), now=NOW) for one in kept)
    )

    assert told == ["done", "done"]
    assert UnitVersion.objects.filter(label__startswith="bản ").count() == 2
    assert UnitImport.objects.filter(change__isnull=False).count() == 1


def test_one_file_is_taken_in_twice_at_once() -> None:
    world = phong_tho()
    raw = file_of(row("bản Ma Lù Thàng", "xã Huổi Luông"))
    kept = unit_import.keep(raw, file_name="don-vi.xlsx", actor=world.acting("quan-tri"), now=NOW)

    told = outcomes(
        *(
            partial(
                unit_import.carry_out,
                UnitImport.objects.get(pk=kept.pk),
                actor=world.acting("quan-tri"),
                now=NOW,
            )
            for _ in range(2)
        )
    )

    assert told == ["ChangedMeanwhile", "done"]
    assert UnitVersion.objects.filter(label="bản Ma Lù Thàng").count() == 1


def test_two_change_one_unit() -> None:
    world = phong_tho()
    unit = world.unit("dao-san")
    previews = [
        changes.plan_rename(unit.pk, on=date(2024, 1, 1), name="Dào San Mới"),
        changes.plan_move(unit.pk, world.unit("lai-chau").pk, on=date(2024, 1, 1)),
    ]

    told = outcomes(
        *(
            partial(changes.carry_out, preview, actor=world.acting("quan-tri"), now=NOW)
            for preview in previews
        )
    )

    assert told in (["ChangedMeanwhile", "done"], ["RuleNotMet", "done"])
    held = UnitVersion.objects.filter(tree.valid_on(date(2024, 6, 1)), unit=unit)
    assert held.count() == 1
    assert tree.node_of(unit.pk, on=date(2024, 6, 1)) is not None


def test_two_establish_one_unit() -> None:
    world = phong_tho()
    new = changes.NewUnit(UnitKind.AGENCY, "Sở Y tế tỉnh Lai Châu", parent_id=world.unit("lai-chau").pk)
    previews = [changes.plan_establish(new, on=date(2024, 1, 1)) for _ in range(2)]

    told = outcomes(
        *(
            partial(changes.carry_out, preview, actor=world.acting("quan-tri"), now=NOW)
            for preview in previews
        )
    )

    assert told in (["ChangedMeanwhile", "done"], ["RuleNotMet", "done"])
    assert UnitVersion.objects.filter(label="Sở Y tế tỉnh Lai Châu").count() == 1
