"""Pages of decisions: the list, a new one from a round, one with its lines and acts, taking back, mending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit.reader import history
from thidua.awards.decisions import access, carrying_out, decision_papers, lists, money, preparing, revoking
from thidua.awards.decisions.forms import (
    CorrectionForm,
    DecisionForm,
    LineForm,
    ListForm,
    RevocationForm,
    SubmissionForm,
)
from thidua.awards.duplicates import form_name
from thidua.awards.models import (
    AwardDecision,
    AwardRound,
    AwardRoundState,
    Candidate,
    DecisionKind,
    RegisteredAward,
)
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_number
from thidua.core.text import row_key
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook

#: So many boxes fit on one page; longer lists are taken whole.
MOST_SHOWN = 500
KINDS = (DecisionKind.AWARD, DecisionKind.SUBMISSION)


@require_safe
@signed_in
def decisions(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = access.decisions(acting).select_related("round").annotate(line_count=Count("lines"))
    bodies = rows.order_by().values_list("unit_id", flat=True).distinct()
    found = listing(request, lists.decision_table(tree.labels_on(bodies[:500], on=acting.on)), rows)
    if wants_workbook(request):
        return found.workbook()
    return render(
        request, "awards/decisions/list.html", {"listing": found, "rounds": _rounds_with_work(acting)}
    )


def _rounds_with_work(acting: Acting) -> list[AwardRound]:
    """Rounds of the own bodies in which somebody passed and waits for a decision."""
    mine = acting.units_for("awardround.run")
    return list(
        AwardRound.objects.filter(
            Q(deciding_body_id__in=mine) | Q(standing_body_id__in=mine),
            state__in=(AwardRoundState.OPEN, AwardRoundState.CLOSED),
            candidates__state="hd_dong_y",
        )
        .distinct()
        .order_by("-due_on")[:20]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Choose who goes on the list: by what is to be done and by form."""
    acting = who(request)
    round_ = access.round_at(round_pk, acting=acting)
    groups: dict[tuple[str, str], list[Candidate]] = {}
    for kind in KINDS:
        for one in preparing.ready(round_, kind=kind, on=acting.on):
            groups.setdefault((kind.value, one.form), []).append(one)
    asked = (request.GET.get("loai", ""), request.GET.get("hinh_thuc", ""))
    chosen = asked if asked in groups else next(iter(groups), None)
    rows = groups.get(chosen, []) if chosen else []
    is_submission = chosen is not None and chosen[0] == DecisionKind.SUBMISSION
    given = request.POST or None
    form: ListForm | SubmissionForm = (
        SubmissionForm(given, rounds=_rounds_above(round_, acting)) if is_submission else ListForm(given)
    )
    error = ""
    if request.method == "POST" and chosen and form.is_valid():
        wanted = set(request.POST.getlist("chon"))
        picked = [one for one in rows if "tat-ca" in wanted or str(one.pk) in wanted]
        try:
            made = preparing.prepare(
                round_,
                picked,
                kind=chosen[0],
                **_given(form.cleaned_data, acting),
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, f"Đã lập danh sách {len(picked)} đối tượng. Kiểm tra rồi soạn văn bản.")
            return redirect("awards:decision", pk=made.pk)
        except (RuleNotMet, ChangedMeanwhile) as refusal:
            error = refusal.message
    tabs = [
        (
            f"{DecisionKind(kind).label}: {form_name(code, acting.on)}",
            f"?loai={kind}&hinh_thuc={code}",
            len(members),
            (kind, code) == chosen,
        )
        for (kind, code), members in groups.items()
    ]
    context = {
        "round": round_,
        "tabs": tabs,
        "rows": rows[:MOST_SHOWN],
        "is_long": len(rows) > MOST_SHOWN,
        "count": len(rows),
        "form": form,
        "is_submission": is_submission,
        "error": error,
    }
    return render(request, "awards/decisions/new.html", context, status=422 if error else 200)


def _given(cleaned: dict[str, Any], acting: Acting) -> dict[str, Any]:
    if "to_round" not in cleaned:
        return {"fund": cleaned["fund"] or "quy_cap_nay", "fund_note": cleaned["fund_note"]}
    to_round = AwardRound.objects.filter(pk=cleaned["to_round"] or 0).first()
    return {"to_round": to_round, "to_body": cleaned["to_body"]}


def _rounds_above(round_: AwardRound, acting: Acting) -> list[tuple[int, str]]:
    above = [version.unit_id for version in tree.ancestors(round_.deciding_body_id, on=acting.on)]
    rows = AwardRound.objects.filter(deciding_body_id__in=above, state=AwardRoundState.OPEN).exclude(
        deciding_body_id=round_.deciding_body_id
    )
    return [(one.pk, one.name) for one in rows.order_by("-due_on")[:50]]


@require_safe
@signed_in
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.decision_at(pk, acting=acting)
    may_prepare = acting.may("decision.prepare", found)
    paper = found.paper
    is_open = found.is_prepared and (paper is None or paper.is_open or paper.state == "da_bo")
    may_change = may_prepare and is_open
    rows = found.lines.select_related("award", "bonus")
    table = lists.line_table(found, may_change=may_change)
    shown = listing(request, table, rows)
    if wants_workbook(request):
        return shown.workbook()
    total = money.total_of(found) if found.gives else None
    context = {
        "decision": found,
        "listing": shown,
        "body": tree.labels_on([found.unit_id], on=acting.on).get(found.unit_id, ""),
        "form_name": form_name(found.form, found.dated or acting.on) if found.form else "",
        "total": total,
        "fund": money.fund_of(found),
        "may_prepare": may_prepare,
        "may_change": may_change,
        "may_carry_out": found.gives_to_be_carried_out and acting.may("decision.carry_out", found),
        "may_print": found.gives and not found.is_prepared and acting.may("certificate.print", found),
        "changes": _changes(found),
        "history": history(found)[:30],
    }
    return render(request, "awards/decisions/decision.html", context)


def _changes(found: AwardDecision) -> list[tuple[str, str, str]]:
    if found.kind != DecisionKind.CORRECTION or not found.is_prepared:
        return []
    lines = found.lines.select_related("award__certificate")
    return [one for line in lines for one in decision_papers.changes_of(line)]


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.decision_at(pk, acting=acting)
    step, now = request.POST.get("viec", ""), clock.now()
    try:
        if step == "soan":
            kept = preparing.draft_paper(found, actor=acting, now=now)
            messages.success(request, "Đã soạn văn bản. Đọc lại, trình soát và ký.")
            return redirect(reverse("papers:paper", args=[kept.pk]))
        if step == "ghi":
            carrying_out.carry_out(found, actor=acting, now=now)
            messages.success(request, "Đã ghi kết quả theo văn bản.")
        elif step == "bo":
            preparing.drop(found, reason=request.POST.get("ly_do", ""), actor=acting, now=now)
            messages.success(request, "Đã bỏ. Các đề nghị trở lại chờ quyết định.")
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:decision", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.decision_at(pk, acting=acting)
    acting.require("decision.prepare", found)
    form = DecisionForm(request.POST or None, initial=DecisionForm.of(found))
    if request.method == "POST" and form.is_valid():
        try:
            preparing.change(found, **form.cleaned_data, actor=acting, now=clock.now())
            messages.success(request, "Đã lưu. Soạn lại văn bản để chữ mới vào văn bản.")
            return redirect("awards:decision", pk=pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "decision": found, "title": "Sửa quyết định"}
    return render(request, "awards/decisions/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def line(request: HttpRequest, pk: int, line_pk: int) -> HttpResponse:
    """The words of one subject; off the list."""
    acting = who(request)
    found = access.line_at(pk, line_pk, acting=acting)
    form = LineForm(request.POST or None, initial=LineForm.of(found))
    now = clock.now()
    if request.method == "POST":
        try:
            if request.POST.get("viec") == "bo":
                preparing.take_out(found, actor=acting, now=now)
                messages.success(request, "Đã bỏ khỏi danh sách.")
                return redirect("awards:decision", pk=pk)
            if form.is_valid():
                preparing.reword(found, **form.cleaned_data, actor=acting, now=now)
                messages.success(request, "Đã lưu. Soạn lại văn bản để chữ mới vào văn bản.")
                return redirect("awards:decision", pk=pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "decision": found.decision, "line": found}
    return render(request, "awards/decisions/line.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def revoke(request: HttpRequest, award_pk: int) -> HttpResponse:
    acting = who(request)
    award = access.award_at(award_pk, acting=acting)
    law = revoking.grounds(acting.on)
    form = RevocationForm(request.POST or None, on=acting.on)
    if request.method == "POST" and form.is_valid():
        try:
            made = revoking.revoke([award], **form.cleaned_data, actor=acting, now=clock.now())
            messages.success(request, "Đã lập quyết định hủy bỏ. Soạn văn bản, ký, phát hành để có hiệu lực.")
            return redirect("awards:decision", pk=made.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {
        "form": form,
        "award": award,
        "law": law,
        "said": decision_papers.award_in_words(award),
        "paid_words": f"{format_number(decision_papers.paid_for(award))} đồng",
    }
    return render(request, "awards/decisions/revoke.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correct(request: HttpRequest, award_pk: int) -> HttpResponse:
    acting = who(request)
    award = access.award_at(award_pk, acting=acting)
    form = CorrectionForm(request.POST or None, initial=_words_of(award))
    if request.method == "POST" and form.is_valid():
        try:
            made = revoking.correct(award, **form.cleaned_data, actor=acting, now=clock.now())
            messages.success(request, "Đã lập đính chính. Soạn công văn, ký, phát hành để có hiệu lực.")
            return redirect("awards:decision", pk=made.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "award": award, "said": decision_papers.award_in_words(award)}
    return render(request, "awards/decisions/correct.html", context, status=422 if form.errors else 200)


def _words_of(award: RegisteredAward) -> dict[str, str]:
    certificate = getattr(award, "certificate", None)
    return {
        "name": award.subject_name,
        "detail": certificate.detail if certificate is not None else award.unit_name,
        "achievement": award.achievement,
    }


def keys_of(request: HttpRequest) -> set[int]:
    """The rows that were ticked."""
    found = (row_key(one) for one in request.POST.getlist("chon"))
    return {pk for pk in found if pk is not None}
