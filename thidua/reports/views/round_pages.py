"""One round: days, form, how far it has come, its reports; opening, closing, reminding, more units."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.text import row_key
from thidua.organisations import matching, tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.reports import access, asked, board, owing, reminding, rounds, sending, tally
from thidua.reports.forms import RoundForm, round_initial
from thidua.reports.models import Report, ReportState, Round, RoundState
from thidua.tables.listing import listing, wants_workbook


@require_safe
@signed_in
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    round_ = access.round_at(pk, acting=acting)
    found = listing(
        request, board.round_table(on=acting.on), board.round_rows(round_, on=acting.on), on=acting.on
    )
    if wants_workbook(request):
        return found.workbook()
    return render(request, "reports/round.html", _context(request, round_, acting) | {"listing": found})


def _context(request: HttpRequest, round_: Round, acting: Acting) -> dict[str, object]:
    now = clock.now()
    is_open = round_.state == RoundState.OPEN
    may_run = acting.may("round.run", round_)
    tiles = board.tiles(round_, on=acting.on) if round_.state in Round.OPENED else []
    asked_now = request.GET.get("tinh_hinh", "")
    place = row_key(request.GET.get("o", "")) or round_.plan.owner_id
    below = tally.below(round_.pk, place, on=acting.on) if place and round_.state in Round.OPENED else []
    merged = round_.reports.filter(is_merged=True).select_related("unit").first()
    labels = tree.labels_on(
        [
            one
            for one in (merged.unit_id if merged else None, merged.receiver_id if merged else None, place)
            if one
        ],
        on=acting.on,
    )
    planned = owing.units_of(round_, on=acting.on) if round_.state == RoundState.PLANNED else None
    planned_labels = sorted(tree.labels_on(planned.unit_ids[:200], on=acting.on).values()) if planned else []
    return {
        "round": round_,
        "plan": round_.plan,
        "last_day": round_.until - timedelta(days=1),
        "tally": tally.of_rounds([round_.pk])[round_.pk],
        "tiles": [(tile, tile.standing == asked_now) for tile in tiles],
        # Where each place owes one report the list above says the same.
        "below": below if any(one.tally.expected > 1 for one in below) else [],
        "place_label": labels.get(place or 0, ""),
        "merged": merged,
        "merged_cell": board.cell(merged, on=acting.on) if merged else None,
        "merged_labels": labels,
        "merged_unit": labels.get(merged.unit_id, "") if merged else "",
        "merged_receiver": labels.get(merged.receiver_id or 0, "") if merged else "",
        "planned_count": len(planned.unit_ids) if planned else 0,
        "planned_labels": planned_labels,
        "steps": [
            (step, step.needs_reason)
            for step in workflow.possible(round_, actor=acting)
            if step.name != "open" or round_.state == RoundState.PLANNED
        ],
        "may_run": may_run,
        "may_change": may_run and round_.state in Round.LIVING,
        "late_count": reminding.late(round_, now=now).count() if is_open and may_run else 0,
        "waiting_count": reminding.waiting(round_).count() if is_open and may_run else 0,
        "sent_count": round_.reports.filter(state=ReportState.SENT, is_merged=False).count()
        if is_open and may_run
        else 0,
        "usual_text": reminding.usual_text(round_, now=now),
        "reminders": reminding.history(round_) if may_run else [],
        "history": history(round_)[:30],
        "is_open": is_open,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """A round asked for by an officer: irregular, or one the plan calls "định kỳ" and no more."""
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    acting.require("round.run", Round(plan=plan))
    form = RoundForm(request.POST or None, plan=plan, on=acting.on, initial=_new_initial(acting.on))
    if request.method == "POST" and form.is_valid():
        try:
            round_ = rounds.plan_one(plan, form.wanted(), actor=acting, now=clock.now())
            messages.success(request, "Đã lập đợt. Mở ngay, hoặc để chương trình tự mở đúng ngày.")
            return redirect("reports:round", pk=round_.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {
        "form": form,
        "plan": plan,
        "round": None,
        "open_asked": [one for one in asked.asked_of(plan) if not one.is_firm],
    }
    return render(request, "reports/round_form.html", context, status=422 if form.errors else 200)


def _new_initial(on: date) -> dict[str, object]:
    return {
        "since": date(on.year, 1, 1),
        "last_day": on,
        "opens_on": on,
        "units_due_on": on + timedelta(days=10),
        "merged_due_on": on + timedelta(days=10 + asked.MERGING_DAYS),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    round_ = access.round_at(pk, acting=acting)
    acting.require("round.run", round_)
    form = RoundForm(
        request.POST or None, plan=round_.plan, on=acting.on, round_=round_, initial=round_initial(round_)
    )
    if request.method == "POST" and form.is_valid():
        try:
            rounds.change(round_, form.wanted(), actor=acting, now=clock.now())
            messages.success(request, "Đã lưu đợt báo cáo.")
            return redirect("reports:round", pk=round_.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "plan": round_.plan, "round": round_}
    return render(request, "reports/round_form.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    round_ = access.round_at(pk, acting=acting)
    reason, now = request.POST.get("ly_do", "")[:1000], clock.now()
    wanted = request.POST.get("viec", "")
    if wanted == "open":
        rounds.open_round(round_, actor=acting, now=now)
        messages.success(request, "Đã mở đợt và báo cho các đơn vị.")
    elif wanted == "mau":
        form = rounds.make_form(round_, actor=acting, now=now)
        return redirect("reports:form", pk=form.pk)
    elif wanted == "close":
        rounds.close(round_, actor=acting, now=now)
        messages.success(request, "Đã đóng đợt.")
    elif wanted == "reopen":
        rounds.reopen(round_, reason=reason, actor=acting, now=now)
        messages.success(request, "Đã mở lại đợt.")
    elif wanted == "cancel":
        rounds.cancel(round_, reason=reason, actor=acting, now=now)
        messages.success(request, "Đã bỏ đợt.")
        return redirect("reports:plan_board", plan_pk=round_.plan_id)
    else:
        raise RuleNotMet("Chưa làm được", why="không có việc này", next_step="Mở lại trang và chọn việc")
    return redirect("reports:round", pk=round_.pk)


@require_POST
@signed_in
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    round_ = access.round_at(pk, acting=acting)
    count = reminding.remind(
        round_,
        text=request.POST.get("noi_dung", "")[:500],
        only_late=request.POST.get("ai") != "tat-ca",
        actor=acting,
        now=clock.now(),
    )
    messages.success(request, f"Đã đôn đốc {count} đơn vị.")
    return redirect("reports:round", pk=round_.pk)


@require_POST
@signed_in
def accept_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept every report of the round that waits; all or none."""
    acting = who(request)
    round_ = access.round_at(pk, acting=acting)
    acting.require("round.run", round_)
    waiting = list(
        Report.objects.filter(round=round_, is_merged=False, state=ReportState.SENT).select_related(
            "round__plan", "parent"
        )
    )
    count = sending.accept_many(waiting, actor=acting, now=clock.now())
    messages.success(request, f"Đã nhận {count} báo cáo.")
    return redirect("reports:round", pk=round_.pk)


@require_POST
@signed_in
def ask_also(request: HttpRequest, pk: int) -> HttpResponse:
    """One more unit, by its name."""
    acting = who(request)
    round_ = access.round_at(pk, acting=acting)
    acting.require("round.run", round_)
    unit_id = _unit_named(request.POST.get("don_vi", ""), round_, acting)
    rounds.ask_also(round_, unit_id, actor=acting, now=clock.now())
    messages.success(request, "Đã thêm đơn vị và báo cho họ.")
    return redirect("reports:round", pk=round_.pk)


def _unit_named(name: str, round_: Round, acting: Acting) -> int:
    near = round_.plan.owner_id
    found = matching.find(name, near=near, on=acting.on) if near is not None and name.strip() else None
    if found is None or len(found.unit_ids) != 1:
        raise RuleNotMet(
            "Chưa thêm được đơn vị",
            why=f"không tìm thấy một đơn vị duy nhất tên «{name[:100]}»",
            next_step="Ghi tên đầy đủ như trong danh sách đơn vị",
        )
    return found.unit_ids[0]
