"""An amendment leaves the tasks of unchanged items alone and carries the rest through."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from thidua.core.errors import RuleNotMet
from thidua.movements.models import (
    ItemDecision,
    ItemKind,
    PlanItem,
    PlanVersion,
    PlanVersionState,
    Target,
    Task,
    TaskState,
)
from thidua.movements.plans import adoption, amendments, differences, drafting
from thidua.movements.plans.drafting import kept_items
from thidua.movements.plans.tests.makers import NOW, Issuer, decide_all, issuer_of, sample_document, started
from thidua.notices.models import Notice

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=200)


@pytest.fixture
def issuer() -> Issuer:
    return issuer_of(1)


@pytest.fixture
def adopted(issuer: Issuer) -> PlanVersion:
    version = started(1, issuer)
    decide_all(version, actor=issuer.acting())
    adoption.adopt(version, actor=issuer.acting(), now=NOW)
    return version


def amended(version: PlanVersion, issuer: Issuer, now: datetime = LATER) -> PlanVersion:
    return amendments.start(
        version.plan, note="Giãn thời hạn sơ kết", actor=issuer.acting(on=now.date()), now=now
    )


def mended(item: PlanItem, issuer: Issuer, **changes: object) -> None:
    drafting.mend(
        item,
        {**item.entry, **changes},
        seen=drafting.seen_of(item),
        actor=issuer.acting(on=LATER.date()),
        now=LATER,
    )


def test_tasks_of_unchanged_items_stay_and_earlier_version_is_superseded(
    adopted: PlanVersion, issuer: Issuer
) -> None:
    before = {task.pk: (task.title, task.due_on, task.state, task.year) for task in Task.objects.all()}
    version = amended(adopted, issuer)
    adoption.adopt(version, actor=issuer.acting(on=LATER.date()), now=LATER)

    after = {task.pk: (task.title, task.due_on, task.state, task.year) for task in Task.objects.all()}
    assert after == before
    adopted.refresh_from_db()
    assert (adopted.state, version.state) == (PlanVersionState.SUPERSEDED, PlanVersionState.ADOPTED)
    assert Task.objects.exclude(item__version=version).count() == 0
    assert Target.objects.filter(is_current=True).count() == 3
    assert not Notice.objects.filter(kind="plan.amended").exists()


def test_a_new_deadline_is_carried_through_and_told(adopted: PlanVersion, issuer: Issuer) -> None:
    version = amended(adopted, issuer)
    item = version.items.get(key="K8")
    mended(item, issuer, deadline={"so_ket": 2023, "raw": "sơ kết 2023"})
    found = adoption.preview(version, on=LATER.date())
    assert found.changes is not None
    assert [task.year for task in found.changes.cancelled] == [2025]

    item = version.items.get(key="K5")
    mended(item, issuer, deadline={"year": 2024, "month": 6, "raw": "6/2024"})
    adoption.adopt(version, actor=issuer.acting(on=LATER.date()), now=LATER)

    rows = Task.objects.filter(item__key="K5")
    assert {task.due_on for task in rows} == {date(2024, 6, 30)}
    told = Notice.objects.filter(kind="plan.amended").values_list("unit__key", flat=True)
    assert set(told) == {"ttr-dn-1", "ttr-dn-2", "ttr-dn-3"}
    assert Task.objects.get(item__key="K8", year=2025).state == TaskState.CANCELLED


def test_tasks_of_a_dropped_item_are_cancelled_but_finished_ones_stay(
    adopted: PlanVersion, issuer: Issuer
) -> None:
    done, open_one = Task.objects.filter(item__key="K5").order_by("pk")
    Task.objects.filter(pk=done.pk).update(state=TaskState.DONE, done_at=NOW)
    version = amended(adopted, issuer)
    item = version.items.get(key="K5")
    drafting.drop(item, note="", seen=drafting.seen_of(item), actor=issuer.acting(on=LATER.date()), now=LATER)
    adoption.adopt(version, actor=issuer.acting(on=LATER.date()), now=LATER)

    done.refresh_from_db()
    open_one.refresh_from_db()
    assert (done.state, open_one.state) == (TaskState.DONE, TaskState.CANCELLED)


def test_a_granted_extension_survives_an_amendment_of_something_else(
    adopted: PlanVersion, issuer: Issuer
) -> None:
    task = Task.objects.get(item__key="K8", year=2023)
    Task.objects.filter(pk=task.pk).update(due_on=date(2024, 2, 1))
    version = amended(adopted, issuer)
    mended(version.items.get(key="K6"), issuer, quote="Tham mưu tổ chức thực hiện.")
    adoption.adopt(version, actor=issuer.acting(on=LATER.date()), now=LATER)
    task.refresh_from_db()
    assert task.due_on == date(2024, 2, 1)


def test_an_amended_amendment_still_finds_the_first_tasks(adopted: PlanVersion, issuer: Issuer) -> None:
    before = set(Task.objects.values_list("pk", flat=True))
    second = amended(adopted, issuer)
    adoption.adopt(second, actor=issuer.acting(on=LATER.date()), now=LATER)
    adopted.plan.refresh_from_db()
    third = amended(second, issuer, now=LATER + timedelta(days=300))
    adoption.adopt(third, actor=issuer.acting(on=third.made_at.date()), now=LATER + timedelta(days=300))
    assert set(Task.objects.values_list("pk", flat=True)) == before
    assert Task.objects.exclude(state=TaskState.GIVEN).count() == 0


def test_the_same_document_again_changes_nothing(adopted: PlanVersion, issuer: Issuer) -> None:
    version = amendments.start(
        adopted.plan,
        sample_document(1),
        note="Văn bản ban hành lại",
        actor=issuer.acting(on=LATER.date()),
        now=LATER,
    )
    assert set(version.items.values_list("decision", flat=True)) == {ItemDecision.ACCEPTED}
    found = differences.between(kept_items(adopted), kept_items(version))
    assert (found.rows, found.unchanged) == ((), 25)


def test_only_one_amendment_is_open_at_a_time(adopted: PlanVersion, issuer: Issuer) -> None:
    amended(adopted, issuer)
    with pytest.raises(RuleNotMet, match="đang có một bản nháp"):
        amended(adopted, issuer)


def test_difference_is_told_word_by_word(adopted: PlanVersion, issuer: Issuer) -> None:
    version = amended(adopted, issuer)
    item = version.items.get(key="T3")
    mended(item, issuer, value=2)
    drafting.add(
        version,
        ItemKind.PURPOSE,
        {"text": "Thêm mục đích."},
        actor=issuer.acting(on=LATER.date()),
        now=LATER,
    )
    found = differences.between(kept_items(adopted), kept_items(version))
    assert [(row.change, row.card.item.key) for row in found.rows] == [("sua", "T3"), ("them", "PX1")]
    changed = found.rows[0].pieces
    assert [(piece.text.strip(), piece.change) for piece in changed if piece.change] == [
        ("1,5", "bo"),
        ("2", "them"),
    ]
