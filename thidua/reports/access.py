"""What a person may open of rounds and reports; 404 for the rest, so that nobody learns that it exists."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from thidua.movements.models import Plan
from thidua.movements.visibility import units_below
from thidua.organisations.authority import Acting
from thidua.reports.models import Report, ReportForm, Round


def watched_plans(acting: Acting) -> QuerySet[Plan]:
    """Plans whose rounds are this person's matter: of own units, run by them, or of units below."""
    mine = acting.unit_ids()
    return Plan.objects.filter(
        Q(owner__in=mine) | Q(standing_body__in=mine) | Q(owner__in=units_below(acting))
    ).select_related("owner", "standing_body")


def plan_at(pk: int, *, acting: Acting) -> Plan:
    plan = watched_plans(acting).filter(pk=pk).first()
    if plan is None:
        raise Http404("no such plan")
    return plan


def round_at(pk: int, *, acting: Acting) -> Round:
    round_ = (
        Round.objects.filter(pk=pk, plan__in=watched_plans(acting))
        .select_related("plan__owner", "plan__standing_body", "form")
        .first()
    )
    if round_ is None:
        raise Http404("no such round")
    return round_


def own_reports(acting: Acting) -> QuerySet[Report]:
    """What the own units owe or have sent, with what they took over."""
    mine = acting.unit_ids()
    merging = Q(is_merged=True) & (Q(round__plan__owner__in=mine) | Q(round__plan__standing_body__in=mine))
    return Report.objects.filter(Q(unit__in=mine) | merging).select_related(
        "round__plan", "unit", "round__form"
    )


def report_at(pk: int, *, acting: Acting) -> Report:
    """A report of own units, one that came to them, or one of units below."""
    report = (
        Report.objects.filter(pk=pk)
        .select_related("round__plan", "round__form", "unit", "parent__round__plan", "receiver")
        .first()
    )
    if report is None or not acting.may("report.read", report):
        raise Http404("no such report")
    return report


def may_read_content(report: Report, *, acting: Acting) -> bool:
    """Whoever writes it sees it always; others only while it is in the receiver's hands."""
    return report.state in Report.RECEIVED or is_own(report, acting=acting)


def is_own(report: Report, *, acting: Acting) -> bool:
    mine = acting.unit_ids()
    if report.unit_id in mine:
        return True
    plan = report.round.plan
    return report.is_merged and bool({plan.owner_id, plan.standing_body_id} & mine)


def form_at(pk: int, *, acting: Acting) -> ReportForm:
    form = ReportForm.objects.filter(pk=pk).select_related("owner", "replaces").first()
    if form is None:
        raise Http404("no such form")
    asked = Round.objects.filter(form=form, plan__in=watched_plans(acting)).exists()
    if not asked and form.owner_id not in acting.unit_ids() and not acting.may("reportform.edit", form):
        raise Http404("no such form")
    return form
