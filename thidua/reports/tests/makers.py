"""Forms, rounds and reports for tests, in one call each. Nothing is asked that the test does not say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from thidua.indicators.models import Indicator
from thidua.movements.models import Plan
from thidua.movements.tests.makers import at
from thidua.organisations.models import Unit
from thidua.reports.models import (
    FormItem,
    FormSection,
    Report,
    ReportFigure,
    ReportForm,
    ReportState,
    Round,
    RoundKind,
    RoundState,
)

OPENED = at(date(2023, 10, 10))


def make_form(owner: Unit, **fields: Any) -> ReportForm:
    return ReportForm.objects.create(owner=owner, **{"name": "Mẫu báo cáo năm", **fields})


def ask(form: ReportForm, key: str, section: FormSection = FormSection.QUESTIONS, **fields: Any) -> FormItem:
    """One item of a form, after the others."""
    fields = {"title": key.replace("-", " ").capitalize(), "position": form.items.count() + 1, **fields}
    return FormItem.objects.create(form=form, key=key, section=section, **fields)


def ask_figure(form: ReportForm, indicator: Indicator, **fields: Any) -> FormItem:
    fields = {"title": indicator.name, **fields}
    return ask(form, indicator.code, FormSection.FIGURES, indicator=indicator, **fields)


def make_round(plan: Plan, form: ReportForm | None = None, **fields: Any) -> Round:
    """The yearly round of 2023, open; units report by 9/11, the merged report goes by 19/11."""
    year = fields.get("year", 2023)
    state = fields.get("state", RoundState.OPEN)
    usual: dict[str, Any] = {
        "kind": RoundKind.YEARLY,
        "year": year,
        "title": f"Báo cáo năm {year}",
        "since": date(year, 1, 1),
        "until": date(year + 1, 1, 1),
        "opens_on": date(year, 10, 10),
        "units_due_on": date(year, 11, 9),
        "merged_due_on": date(year, 11, 19),
        "state": RoundState.OPEN,
        "opened_at": OPENED if state in Round.OPENED else None,
    }
    if form is None and plan.owner is not None:
        form = make_form(plan.owner)
    return Round.objects.create(plan=plan, form=form, **{**usual, **fields})


def make_report(round_: Round, unit: Unit, **fields: Any) -> Report:
    """A report of one unit to the body that runs the plan; moments fit a state that was sent."""
    usual: dict[str, Any] = {
        "receiver_id": round_.plan.standing_body_id or round_.plan.owner_id,
        "due_on": round_.units_due_on,
        "made_at": OPENED,
    }
    if fields.get("state") in Report.RECEIVED:
        usual |= {"sent_at": at(date(2023, 11, 6)), "first_sent_on": date(2023, 11, 6)}
    return Report.objects.create(round=round_, unit=unit, **{**usual, **fields})


def make_merged(round_: Round, **fields: Any) -> Report:
    """The report of the body that merges; reports of the round made before are merged into it."""
    unit = round_.plan.standing_body or round_.plan.owner
    assert unit is not None
    assert round_.merged_due_on is not None
    merged = make_report(
        round_, unit, **{"is_merged": True, "receiver_id": None, "due_on": round_.merged_due_on, **fields}
    )
    round_.reports.filter(is_merged=False, parent__isnull=True).update(parent=merged)
    return merged


def make_figure(
    report: Report, item: FormItem, amount: int | str | None = None, **fields: Any
) -> ReportFigure:
    """The figure of one item; without an amount nobody knows it."""
    assert item.indicator is not None
    usual: dict[str, Any] = {
        "indicator": item.indicator,
        "standard": item.standard,
        "segment": item.segment,
        "since": report.round.since,
        "until": report.round.until,
        "amount": None if amount is None else Decimal(amount),
    }
    return ReportFigure.objects.create(report=report, item=item, **{**usual, **fields})


__all__ = [
    "ReportState",
    "ask",
    "ask_figure",
    "make_figure",
    "make_form",
    "make_merged",
    "make_report",
    "make_round",
]
