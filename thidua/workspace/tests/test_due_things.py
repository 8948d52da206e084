"""Due things of every app: found on their day for the unit whose they are, and not once they are done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thidua.awards.models import CandidateState, Consultation, ConsultationAnswer
from thidua.awards.tests.makers import consult, make_award_round, make_candidate
from thidua.core import clock
from thidua.movements.models import RegistrationCall, TaskState
from thidua.movements.tests.makers import at, make_task, phong_tho_plan
from thidua.notices.due import sources, still_due
from thidua.notices.models import Delivery
from thidua.notices.planning import remind
from thidua.organisations.tests.world import DAY, phong_tho
from thidua.oversight.models import RemedyState
from thidua.oversight.tests.makers import make_difficulty, make_inspection, make_minuted, make_remedy
from thidua.reports.models import Report
from thidua.reports.tests.makers import make_report, make_round

pytestmark = pytest.mark.django_db


def test_every_app_says_what_falls_due() -> None:
    assert {source.name for source in sources()} >= {
        "allocations",
        "arrivals",
        "campaigns",
        "candidates",
        "consultations",
        "council_conclusions",
        "council_meetings",
        "difficulties",
        "group_cross_checks",
        "group_self_scores",
        "group_verifications",
        "inspections",
        "opinions",
        "papers",
        "pledges",
        "postings",
        "registrations",
        "remedies",
        "reports",
        "sponsorships",
        "support_items",
        "tasks",
    }


def test_what_is_due_in_a_week_is_found_and_what_is_done_is_due_no_longer() -> None:
    world = phong_tho()
    day, commune = DAY + timedelta(days=7), world.unit("huoi-luong")
    with clock.fixed_on(DAY):
        plan = phong_tho_plan(world)
        task = make_task(plan, commune, due_on=day)
        RegistrationCall.objects.create(plan=plan, year=DAY.year, due_on=day)
        report = make_report(make_round(plan), commune, due_on=day)
        round_ = make_award_round(world.unit("phong-tho"), due_on=day)
        candidate = make_candidate(round_, commune)
        other = make_candidate(round_, world.unit("dao-san"), state=CandidateState.CONSULTING)
        inspection = make_inspection(plan, commune)
        remedy = make_remedy(make_minuted(inspection, commune), due_on=day)
        make_difficulty(plan, world.unit("dao-san"), commune, due_on=day)
        asking = consult(other, DAY, day, asked=commune)

        remind(now=at(DAY))

    mine = Delivery.objects.filter(user=world.people["huoi-luong"], rule="truoc-7")
    told = {(row.source, row.object_key) for row in mine}
    assert {name for name, _ in told} == {
        "tasks",
        "registrations",
        "reports",
        "candidates",
        "consultations",
        "remedies",
    }
    assert set(still_due(told, on=DAY).values()) == {day}

    type(task).objects.filter(pk=task.pk).update(state=TaskState.DONE)
    Report.objects.filter(pk=report.pk).update(is_owed=False)
    type(candidate).objects.filter(pk=candidate.pk).update(state=CandidateState.WITHDRAWN)
    Consultation.objects.filter(pk=asking.pk).update(answer=ConsultationAnswer.AGREES, answered_on=DAY)
    type(remedy).objects.filter(pk=remedy.pk).update(state=RemedyState.REPORTED)
    assert {name for name, _ in still_due(told, on=DAY)} == {"registrations"}
    # Only who decides may answer a difficulty, and a commune's officer does not.
    assert not Delivery.objects.filter(source="difficulties").exists()
