"""From a read document to tasks of units: the five sample plans, what stands in the way, and no doubles."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from thidua.audit.models import Entry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.movements.models import (
    ItemKind,
    Milestone,
    PartyName,
    PlanVersion,
    PlanVersionState,
    Target,
    Task,
    TaskPartner,
)
from thidua.movements.plans import adoption, drafting, parties
from thidua.movements.plans.tests.makers import DAY, NOW, decide_all, issuer_of, sample_document, started
from thidua.notices.models import Notice
from thidua.organisations.authority import acting
from thidua.organisations.models import Role, Unit, UnitKind
from thidua.organisations.tests.world import make_person, make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("number", "items", "tasks", "targets"),
    [(0, 37, 20, 3), (1, 25, 13, 3), (2, 76, 86, 4), (3, 46, 40, 7), (4, 35, 21, 0)],
)
def test_each_sample_plan_is_adopted_with_nothing_but_confirming(
    number: int, items: int, tasks: int, targets: int
) -> None:
    issuer = issuer_of(number)
    officer = issuer.acting()
    proposed = drafting.beginnings(sample_document(number), actor=officer)
    assert proposed.owner == issuer.owner
    assert proposed.standing_body == issuer.standing_body

    version = started(number, issuer)
    decide_all(version, actor=officer)
    found = adoption.adopt(version, actor=officer, now=NOW)

    version.refresh_from_db()
    document = sample_document(number)
    assert version.state == PlanVersionState.ADOPTED
    assert version.items.count() == items
    assert Task.objects.filter(plan=version.plan).count() == len(found.rows) == tasks
    assert Target.objects.filter(plan=version.plan).count() == targets
    assert document.kept_for == issuer.owner
    assert [entry.action for entry in Entry.objects.filter(action="movements.planversion.adopt")] == [
        "movements.planversion.adopt"
    ]


def test_a_yearly_report_is_owed_by_each_unit_in_each_year_the_day_before_the_day_named() -> None:
    issuer = issuer_of(2)
    version = started(2, issuer)
    decide_all(version, actor=issuer.acting())
    adoption.adopt(version, actor=issuer.acting(), now=NOW)

    rows = Task.objects.filter(item__key="K20", unit=issuer.standing_body).order_by("year")
    assert [(task.year, task.due_on, task.starts_on) for task in rows] == [
        (2022, date(2022, 11, 19), None),
        (2023, date(2023, 11, 19), date(2023, 1, 1)),
        (2024, date(2024, 11, 19), date(2024, 1, 1)),
        (2025, date(2025, 11, 19), date(2025, 1, 1)),
    ]
    communes = {"huoi-luong", "dao-san", "tt-phong-tho"}
    owing = set(Task.objects.filter(item__key="K19", year=2023).values_list("unit__key", flat=True))
    assert communes <= owing
    partners = TaskPartner.objects.filter(task__item__key="K11")
    assert set(partners.values_list("unit__key", flat=True)) == {"phong-noi-vu", "phong-ldtbxh"}


def test_each_unit_is_told_once_and_the_document_is_kept() -> None:
    issuer = issuer_of(2)
    version = started(2, issuer)
    decide_all(version, actor=issuer.acting())
    adoption.adopt(version, actor=issuer.acting(), now=NOW)

    told = Notice.objects.filter(kind="plan.adopted").values_list("unit_id", flat=True)
    asked = set(Task.objects.exclude(unit=issuer.owner).values_list("unit_id", flat=True))
    assert sorted(told) == sorted(asked)


def test_milestones_of_every_year_are_dated() -> None:
    issuer = issuer_of(2)
    version = started(2, issuer)
    decide_all(version, actor=issuer.acting())
    adoption.adopt(version, actor=issuer.acting(), now=NOW)

    rows = Milestone.objects.filter(kind="bao_cao_nam", item__key="M7").order_by("last_day")
    assert [row.last_day for row in rows] == [date(year, 11, 9) for year in (2022, 2023, 2024, 2025)]


def test_sentences_of_an_adopted_plan_can_be_found_without_accents() -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    decide_all(version, actor=issuer.acting())
    assert not version.items.exclude(search_text="").exists()

    adoption.adopt(version, actor=issuer.acting(), now=NOW)

    assert not version.items.filter(kind=ItemKind.TASK, search_text="").exists()
    assert version.items.filter(search_text__contains="ho ngheo").exists()


def test_adopting_twice_makes_nothing_twice() -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    decide_all(version, actor=issuer.acting())
    stale = PlanVersion.objects.get(pk=version.pk)
    adoption.adopt(version, actor=issuer.acting(), now=NOW)
    before = (Task.objects.count(), Target.objects.count(), Milestone.objects.count())

    with pytest.raises(RuleNotMet, match="Đang có hiệu lực"):
        adoption.adopt(stale, actor=issuer.acting(), now=NOW)
    assert (Task.objects.count(), Target.objects.count(), Milestone.objects.count()) == before


def test_adoption_waits_until_every_item_and_name_is_settled() -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    with pytest.raises(RuleNotMet, match="Còn 25 mục chưa xem"):
        adoption.adopt(version, actor=issuer.acting(), now=NOW)

    drafting.accept_clear(version, actor=issuer.acting(), now=NOW)
    for item in version.items.filter(decision="chua_xem"):
        drafting.accept(item, seen=drafting.seen_of(item), actor=issuer.acting(), now=NOW)
    with pytest.raises(RuleNotMet, match="tên gọi chưa xác nhận đơn vị"):
        adoption.adopt(version, actor=issuer.acting(), now=NOW)
    assert Task.objects.count() == 0


def test_a_preview_that_is_out_of_date_is_not_adopted() -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    decide_all(version, actor=issuer.acting())
    version.refresh_from_db()
    seen = version.edition
    item = version.items.filter(kind=ItemKind.TASK).first()
    assert item is not None
    drafting.drop(item, note="", seen=drafting.seen_of(item), actor=issuer.acting(), now=NOW)

    with pytest.raises(ChangedMeanwhile):
        adoption.adopt(version, actor=issuer.acting(), now=NOW, edition=seen)
    assert Task.objects.count() == 0


def test_who_has_no_mandate_at_the_issuer_may_neither_draft_nor_adopt() -> None:
    issuer = issuer_of(1)
    stranger_unit = make_unit("so-khac", "Sở Khác tỉnh Đắk Nông", parent=Unit.objects.get(key="dak-nong"))
    stranger = acting(make_person("nguoi-so-khac", (stranger_unit, Role.STANDING)), on=DAY)
    with pytest.raises(NotAllowed):
        drafting.start(
            sample_document(1),
            owner=issuer.owner,
            standing_body=issuer.standing_body,
            actor=stranger,
            now=NOW,
        )
    version = started(1, issuer)
    decide_all(version, actor=issuer.acting())
    with pytest.raises(NotAllowed):
        adoption.adopt(version, actor=stranger, now=NOW)
    leader = acting(issuer.leader, on=DAY)
    with pytest.raises(NotAllowed):
        drafting.accept_clear(version, actor=leader, now=NOW)
    adoption.adopt(version, actor=leader, now=NOW)


def test_a_lower_place_cannot_be_made_the_standing_body_of_a_plan() -> None:
    issuer = issuer_of(2)
    commune = Unit.objects.get(key="huoi-luong")
    officer = acting(make_person("can-bo-xa", (commune, Role.STANDING)), on=DAY)
    with pytest.raises(RuleNotMet, match="cơ quan thường trực"):
        drafting.start(sample_document(2), owner=issuer.owner, standing_body=commune, actor=officer, now=NOW)


def test_hundreds_of_tasks_take_no_more_queries_than_a_few() -> None:
    issuer = issuer_of(3)
    for one in range(60):
        make_unit(f"them-{one}", f"Phòng Thêm {one}", UnitKind.DIVISION, parent=issuer.owner)
    version = started(3, issuer)
    decide_all(version, actor=issuer.acting())
    with CaptureQueriesContext(connection) as queries:
        adoption.adopt(version, actor=issuer.acting(), now=NOW)
    assert Task.objects.count() > 400
    assert len(queries) <= 100


def test_names_that_a_mended_task_brings_in_wait_for_a_person() -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    item = version.items.get(key="K5")
    before = set(version.parties.values_list("name", flat=True))
    drafting.mend(
        item,
        {**item.entry, "lead": ["Phòng Nghiệp vụ 2"]},
        seen=drafting.seen_of(item),
        actor=issuer.acting(),
        now=NOW,
    )
    after = set(version.parties.values_list("name", flat=True))
    assert after - before == {"Phòng Nghiệp vụ 2"}
    assert before - after == {"Các phòng thuộc Thanh tra tỉnh"}
    party = PartyName.objects.get(version=version, name="Phòng Nghiệp vụ 2")
    assert not party.is_confirmed
    assert [row.unit.key for row in party.units.all()] == ["ttr-dn-3"]


def test_of_two_people_who_decide_on_one_item_the_second_is_told() -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    first, second = version.items.get(key="K1"), version.items.get(key="K1")
    seen = drafting.seen_of(first)
    drafting.accept(first, seen=seen, actor=issuer.acting(), now=NOW)
    with pytest.raises(ChangedMeanwhile, match="Mở lại trang"):
        drafting.drop(second, note="", seen=seen, actor=issuer.acting(), now=NOW)
    other = version.items.get(key="K2")
    drafting.accept(other, seen=drafting.seen_of(other), actor=issuer.acting(), now=NOW)


def test_a_decision_is_undone_to_what_was_read() -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    item = version.items.get(key="T1")
    drafting.mend(
        item,
        {**item.entry, "value": 4},
        note="Theo kế hoạch tỉnh",
        seen=drafting.seen_of(item),
        actor=issuer.acting(),
        now=NOW,
    )
    assert (item.decision, item.entry["value"], item.decision_note) == ("sua", 4, "Theo kế hoạch tỉnh")
    drafting.undo(item, seen=drafting.seen_of(item), actor=issuer.acting(), now=NOW)
    item.refresh_from_db()
    assert (item.decision, item.content, item.decision_note) == ("chua_xem", item.as_read, "")


def test_a_name_confirmed_without_a_unit_is_refused() -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    party = version.parties.first()
    assert party is not None
    with pytest.raises(RuleNotMet, match="chưa chọn đơn vị"):
        parties.confirm(party, unit_ids=(), is_outside=False, actor=issuer.acting(), now=NOW)
