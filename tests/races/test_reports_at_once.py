"""Two people, or two processes, at one report or round at once: one wins, nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from tests.at_once import at_once
from thidua.audit import verifying
from thidua.audit.log import System
from thidua.audit.models import Entry
from thidua.movements.tests.makers import at, phong_tho_plan
from thidua.notices.models import Notice
from thidua.organisations.tests.world import phong_tho
from thidua.reports import correcting, filling, reminding, rounds, sending
from thidua.reports.filling import WrittenReport
from thidua.reports.models import Correction, Reminding, Report, ReportState, Round, RoundState
from thidua.reports.tests.makers import ask, make_form, make_report, make_round
from thidua.reports.tests.test_sending import NOW, Asked

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(*acts: Callable[[], object]) -> list[str]:
    """What became of acts that began together: "done", or the name of what was raised."""
    return sorted(
        type(outcome).__name__ if isinstance(outcome, Exception) else "done" for outcome in at_once(*acts)
    )


def loaded(report: Report) -> Report:
    return Report.objects.select_related("round__plan", "round__form", "unit", "parent").get(pk=report.pk)


def test_recalled_and_accepted_at_once() -> None:
    asked = Asked()
    asked.sent()

    told = outcomes(
        partial(sending.recall, loaded(asked.report), actor=asked.officer, now=NOW),
        partial(sending.accept, loaded(asked.report), actor=asked.standing, now=NOW),
    )

    assert told == ["ChangedMeanwhile", "done"]
    asked.report.refresh_from_db()
    assert asked.report.state in (ReportState.DRAFT, ReportState.ACCEPTED)
    assert verifying.verify().is_whole


def test_two_accept_one_report() -> None:
    asked = Asked()
    asked.sent()

    told = outcomes(
        *(partial(sending.accept, loaded(asked.report), actor=asked.standing, now=NOW) for _ in range(2))
    )

    assert told == ["ChangedMeanwhile", "done"]
    assert Notice.objects.filter(kind="report.accepted").count() == 1


def test_two_send_one_report() -> None:
    asked = Asked()
    filling.save(asked.report, asked.written(), actor=asked.officer, now=NOW)

    told = outcomes(
        *(partial(sending.send, loaded(asked.report), actor=asked.officer, now=NOW) for _ in range(2))
    )

    assert told == ["ChangedMeanwhile", "done"]
    assert asked.report.submissions.count() == 1


def test_two_save_the_same_page() -> None:
    asked = Asked()
    filling.save(asked.report, asked.written(), actor=asked.officer, now=NOW)

    told = outcomes(
        *(
            partial(
                filling.save,
                loaded(asked.report),
                WrittenReport(answers={asked.question.pk: f"Bản {n}"}),
                edition=2,
                actor=asked.officer,
                now=NOW,
            )
            for n in range(2)
        )
    )

    assert told == ["ChangedMeanwhile", "done"]


def test_two_open_the_page_for_the_first_time() -> None:
    asked = Asked()

    told = outcomes(
        *(partial(filling.start, loaded(asked.report), actor=asked.officer, now=NOW) for _ in range(2))
    )

    assert told == ["done", "done"]
    assert asked.report.figures.count() == 3


def test_two_workers_open_one_round() -> None:
    world = phong_tho()
    form = make_form(world.unit("phong-ldtbxh"))
    ask(form, "ket-qua")
    keys = ("huoi-luong", "dao-san", "mu-sang")
    round_ = make_round(
        phong_tho_plan(world),
        form,
        state=RoundState.PLANNED,
        asked_unit_ids=[world.unit(key).pk for key in keys],
    )

    told = outcomes(
        *(
            partial(
                rounds.open_round,
                Round.objects.select_related("plan", "form").get(pk=round_.pk),
                actor=System(on=date(2023, 10, 10)),
                now=at(date(2023, 10, 10)),
            )
            for _ in range(2)
        )
    )

    assert told == ["ChangedMeanwhile", "done"]
    assert round_.reports.count() == 4
    assert Notice.objects.filter(kind="report.asked").count() == 3


def test_two_remind_at_once() -> None:
    world = phong_tho()
    round_ = make_round(phong_tho_plan(world))
    make_report(round_, world.unit("huoi-luong"))
    late = at(date(2023, 11, 12))

    told = outcomes(
        *(
            partial(
                reminding.remind, Round.objects.get(pk=round_.pk), actor=world.acting("thuong-truc"), now=late
            )
            for _ in range(2)
        )
    )

    assert told == ["RuleNotMet", "done"]
    assert Reminding.objects.count() == 1


def test_two_decide_on_one_correction() -> None:
    asked = Asked()
    asked.accepted()
    figure = asked.report.figures.get(item=asked.poor)
    correction = figure.corrections.create(old_amount=120, new_amount=115, new_stage="chinh_thuc")

    def again() -> Correction:
        return Correction.objects.select_related("figure__report__round__plan", "figure__report__parent").get(
            pk=correction.pk
        )

    told = outcomes(
        partial(correcting.accept, again(), actor=asked.officer, now=NOW),
        partial(correcting.decline, again(), reason="Không", actor=asked.officer, now=NOW),
    )

    assert told == ["ChangedMeanwhile", "done"]
    assert correcting.in_force([figure])[figure.pk].amount in (Decimal(115), Decimal(120))
    assert Entry.objects.filter(object_type="reports.correction").count() == 1


def test_unlocked_part_is_changed_once() -> None:
    asked = Asked()
    asked.accepted()
    sending.unlock(
        asked.report,
        items=[asked.question],
        until=at(date(2023, 11, 7)),
        reason="Thiếu",
        actor=asked.standing,
        now=NOW,
    )

    told = outcomes(
        *(
            partial(
                filling.change_unlocked,
                loaded(asked.report),
                WrittenReport(answers={asked.question.pk: f"Bản {n}"}),
                actor=asked.officer,
                now=NOW,
            )
            for n in range(2)
        )
    )

    assert told[1] == "done"
    assert told[0] in ("ChangedMeanwhile", "RuleNotMet")
    assert asked.report.submissions.count() == 2
