"""Who may do what to rounds and reports. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from django.urls import reverse

from thidua.documents.papers import owners
from thidua.movements.rights import DECIDING, DOING, PREPARING, issuing_units
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role
from thidua.reports.models import Correction, Report, ReportForm, Round

Units = tuple[int | None, ...]


def running_units(round_: Round) -> Units:
    """The body whose plan asks, and the one that runs it."""
    return issuing_units(round_.plan)


def form_units(form: ReportForm) -> Units:
    """The body that owns the form, and those that run a plan asking with it."""
    found = form.rounds.values_list("plan__owner_id", "plan__standing_body_id")
    return (form.owner_id, *(unit_id for pair in found for unit_id in pair))


def reporting_units(on_object: Report | Correction) -> Units:
    """The unit that reports; of a merged report also the body in whose name it is made."""
    report = on_object.figure.report if isinstance(on_object, Correction) else on_object
    if report.is_merged:
        return (report.unit_id, *issuing_units(report.round.plan))
    return (report.unit_id,)


def receiving_units(report: Report) -> Units:
    """The unit that it is sent to, and the bodies of the plan it is merged for."""
    found: list[int | None] = [report.receiver_id]
    if not report.is_merged:
        found += issuing_units(report.round.plan)
    elif report.parent is not None:
        found += issuing_units(report.parent.round.plan)
    if not any(found):
        found.append(report.round.plan.owner_id)
    return tuple(found)


def concerned_units(report: Report) -> Units:
    return (*reporting_units(report), *receiving_units(report))


def senders(report: Report) -> frozenset[Role]:
    """Officers send, too, unless the body that asks wants the leader's hand."""
    return frozenset() if report.round.leader_sends else DOING


for right in (
    Right("reportform.edit", "soạn mẫu báo cáo", PREPARING, form_units),
    Right("round.run", "mở, đóng đợt báo cáo và đôn đốc", DECIDING, running_units),
    Right("report.write", "viết báo cáo", DOING, reporting_units),
    Right("report.send", "gửi báo cáo", frozenset({Role.LEADER}), reporting_units, also=senders),
    Right("report.receive", "nhận, trả lại hay mở khóa báo cáo", DECIDING, receiving_units),
    Right("correction.decide", "đính chính số liệu đã báo cáo", DOING, reporting_units),
    Right("report.read", "xem báo cáo", frozenset(Role), concerned_units, reach=Reach.ABOVE),
):
    register(right)


def _people_of_paper(pk: str) -> Units:
    """Who may read a paper about a report: those of the report."""
    report = Report.objects.filter(pk=pk).select_related("round__plan", "parent__round__plan").first()
    return concerned_units(report) if report is not None else ()


def _drafters_of_paper(pk: str) -> Units:
    report = Report.objects.filter(pk=pk).select_related("round__plan").first()
    return reporting_units(report) if report is not None else ()


owners.register(
    owners.Owner(
        "reports.report",
        "Báo cáo",
        reading_units=lambda pk: [one for one in _people_of_paper(pk) if one is not None],
        drafting_units=lambda pk: [one for one in _drafters_of_paper(pk) if one is not None],
        address=lambda pk: reverse("merging:paper", args=[int(pk)]),
    )
)
