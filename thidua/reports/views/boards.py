"""The board of a plan's rounds, and what the own units owe."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from thidua.core.text import row_key
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.reports import access, asked, board, tally
from thidua.reports.models import Report, Round, RoundState
from thidua.tables.listing import listing, wants_workbook

#: So many rounds fit side by side; the year chooses which.
MOST_ROUNDS = 6


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """To the board of the nearest plan with rounds, else to what the own units owe."""
    acting = who(request)
    plans = access.watched_plans(acting).filter(report_rounds__isnull=False).distinct()
    asked_plan = row_key(request.GET.get("ke_hoach", ""))
    mine = acting.unit_ids()
    found = list(plans.order_by("-made_at", "-pk")[:200])
    plan = next((one for one in found if one.pk == asked_plan), None) or next(
        (one for one in found if {one.owner_id, one.standing_body_id} & mine), None
    )
    if plan is None and found and not access.own_reports(acting).exists():
        plan = found[0]
    if plan is None:
        return redirect("reports:mine")
    year = request.GET.get("nam", "")
    query = f"?{urlencode({'nam': year})}" if year else ""
    return redirect(f"{reverse('reports:plan_board', args=[plan.pk])}{query}")


@require_safe
@signed_in
def plan_board(request: HttpRequest, plan_pk: int) -> HttpResponse:
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    everything = list(board.rounds_of(plan))
    years = sorted({one.year for one in everything})
    year = _year(request.GET.get("nam", ""), years, acting)
    shown = [one for one in everything if one.year == year]
    opened = [one for one in shown if one.state in Round.OPENED][:MOST_ROUNDS]
    cells = board.Cells(opened)
    ids = [one.pk for one in opened]
    found = listing(
        request,
        board.grid_table(opened, cells, on=acting.on),
        board.grid_units(ids, on=acting.on),
        round_ids=ids,
        on=acting.on,
    )
    found.kept = {"nam": str(year)} if year else {}
    if wants_workbook(request):
        cells.fill(None)
        return found.workbook()
    found.page.object_list = list(found.page.object_list)
    cells.fill([unit.pk for unit in found.page.object_list])
    tallies = tally.of_rounds([one.pk for one in shown])
    plans = access.watched_plans(acting).filter(report_rounds__isnull=False).distinct().order_by("-pk")[:200]
    context = {
        "plan": plan,
        "plans": [(one.pk, (one.number or one.title)[:90]) for one in plans],
        "year": year,
        "years": years,
        "rounds": [(one, tallies[one.pk], one.units_due_on < acting.on) for one in shown],
        "listing": found,
        "has_open": bool(opened),
        "open_asked": [one for one in asked.asked_of(plan) if not one.is_firm],
        "may_run": acting.may("round.run", Round(plan=plan)),
        "tabs": tabs(acting, here="bang"),
    }
    return render(request, "reports/board.html", context)


def _year(text: str, years: list[int], acting: Acting) -> int | None:
    wanted = row_key(text)
    if wanted in years:
        return wanted
    return min(years, key=lambda one: (abs(one - acting.on.year), one)) if years else None


def tabs(acting: Acting, *, here: str) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is this page."""
    found = [
        ("bang", "Bảng theo dõi", reverse("reports:board")),
        ("cua-toi", "Của đơn vị tôi", reverse("reports:mine")),
    ]
    if not access.watched_plans(acting).filter(report_rounds__isnull=False).exists():
        found = found[1:]
    return [(label, address, key == here) for key, label, address in found]


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """What the own units owe, the most urgent first, and what they have sent."""
    acting = who(request)
    rows = list(
        access.own_reports(acting)
        .exclude(round__state__in=[RoundState.PLANNED, RoundState.CANCELLED])
        .order_by("-due_on", "pk")[:300]
    )
    labels = tree.labels_on({row.unit_id for row in rows}, on=acting.on)
    several = len({row.unit_id for row in rows}) > 1
    owed: list[dict[str, Any]] = []
    sent: list[dict[str, Any]] = []
    for row in rows:
        line = {
            "report": row,
            "unit": labels.get(row.unit_id, "") if several else "",
            "cell": board.cell(row, on=acting.on),
            "is_late": row.state in Report.UNSENT and board.days_late(row, on=acting.on) > 0,
        }
        is_waiting = row.is_owed and row.state in Report.UNSENT and row.round.state == RoundState.OPEN
        (owed if is_waiting else sent).append(line)
    context = {
        "owed": sorted(owed, key=lambda line: line["report"].due_on),
        "sent": sent,
        "tabs": tabs(acting, here="cua-toi"),
    }
    return render(request, "reports/mine.html", context)
