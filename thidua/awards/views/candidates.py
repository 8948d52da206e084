"""Candidates: the list, a new one, the page of one with its dossier, and the acts on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.audit.reader import history
from thidua.awards import (
    access,
    certified,
    checks,
    dossiers,
    holding,
    lists,
    moving,
    nominating,
    papers,
    process,
    suggesting,
)
from thidua.awards.duplicates import form_name
from thidua.awards.forms import (
    AppraisalForm,
    CandidateForm,
    CertifiedFactForm,
    ConsultationForm,
    HoldEndForm,
    HoldForm,
)
from thidua.awards.models import (
    AwardRound,
    Candidate,
    CandidateState,
    Hold,
    PersonRecord,
)
from thidua.awards.nominating import Proposal
from thidua.awards.views.people import own_units
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.core.text import row_key
from thidua.households.models import Household
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook

#: Steps that are taken elsewhere: on a form of their own, by the council, with a decision.
WITH_PAGE = frozenset(
    {"appraise", "consult", "pass_council", "fail_council", "reconsider", "take_from_council", "decide"}
)
FIELDS = ("form", "achievement", "form_reason", "simplified_reason")


@require_safe
@signed_in
def all_candidates(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = access.candidates(acting).select_related("round")
    labels: dict[int, str] = {}
    found = listing(request, lists.candidate_table(labels, with_round=True), rows)
    if wants_workbook(request):
        proposers = rows.order_by().values_list("proposer_id", flat=True).distinct()
        labels.update(tree.labels_on(proposers, on=acting.on))
        return found.workbook()
    found.page.object_list = shown = list(found.page.object_list)
    labels.update(tree.labels_on({row.proposer_id for row in shown}, on=acting.on))
    return render(request, "awards/candidates.html", {"listing": found})


def _proposers(round_: AwardRound, acting: Acting) -> dict[int, str]:
    """Own units; of a round of the past its body, whose people type in what was decided."""
    if round_.is_past and acting.may("awardround.run", round_):
        return tree.labels_on([round_.deciding_body_id], on=acting.on)
    return own_units(acting)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    round_ = access.round_at(pk, acting=acting)
    units = _proposers(round_, acting)
    suggested = row_key(request.GET.get("goi_y", "") or request.POST.get("goi_y", ""))
    suggestion = access.suggestion_at(suggested, acting=acting) if suggested else None
    if suggestion is not None and suggestion.set.round_id != round_.pk:
        raise Http404("suggestion of another round")
    # another page may name the subject: the ranking of a cluster or bloc does
    subject = suggestion.subject_key if suggestion is not None else request.GET.get("doi_tuong", "")[:80]
    form = CandidateForm(
        request.POST or None, round_=round_, units=units, on=acting.on, initial={"subject": subject}
    )
    if request.method == "POST" and form.is_valid():
        try:
            proposer = Unit.objects.get(pk=int(form.cleaned_data["proposer"]))
            proposal = _proposal(form.cleaned_data, proposer, suggestion)
            if round_.is_past:
                made = nominating.enter_past(
                    round_,
                    proposal,
                    proposer=proposer,
                    number=form.cleaned_data["number"],
                    decided_on=form.cleaned_data["decided_on"],
                    body=form.cleaned_data["body"],
                    actor=acting,
                    now=clock.now(),
                )
                messages.success(request, "Đã nhập lại việc khen thưởng đã qua.")
                return redirect("awards:candidate", pk=made.pk)
            made = nominating.propose(round_, proposal, proposer=proposer, actor=acting, now=clock.now())
            messages.success(request, "Đã lập đề nghị. Soạn hoặc đưa giấy tờ vào hồ sơ, rồi gửi.")
            return redirect("awards:candidate", pk=made.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "round": round_, "suggestion": suggestion, "has_units": bool(units)}
    return render(request, "awards/candidate_form.html", context, status=422 if form.errors else 200)


def _proposal(found: dict[str, Any], proposer: Unit, suggestion: Any) -> Proposal:
    key = found.get("subject", "")
    unit = person = household = None
    if found.get("household_code"):
        code = found["household_code"].strip()
        household = Household.objects.filter(commune=proposer, code=code, erased_at__isnull=True).first()
        if household is None:
            raise RuleNotMet(
                "Chưa lập được đề nghị",
                why=f"xã không có hộ mang mã {code}",
                next_step="Kiểm tra mã hộ trong sổ hộ của xã",
            )
    elif key.startswith("unit:"):
        unit = Unit.objects.get(pk=int(key.removeprefix("unit:")))
    elif key.startswith("person:"):
        person = PersonRecord.objects.get(pk=int(key.removeprefix("person:")))
    case = found.get("simplified_case", "")
    return Proposal(
        found["form"],
        unit=unit,
        person=person,
        household=household,
        achievement=found["achievement"],
        form_reason=found["form_reason"],
        simplified_case=int(case) if case else None,
        simplified_reason=found["simplified_reason"],
        suggestion=suggestion,
    )


@require_safe
@signed_in
def candidate(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.candidate_at(pk, acting=acting)
    may_write = _may_write(found, acting)
    dossier = (
        dossiers.of(found, on=acting.on) if may_write and found.is_open else getattr(found, "dossier", None)
    )
    return render(request, "awards/candidate.html", _context(found, dossier, acting, may_write=may_write))


def _may_write(found: Candidate, acting: Acting) -> bool:
    try:
        nominating.may_propose(found, acting)
    except NotAllowed:
        return False
    return True


def _context(found: Candidate, dossier: Any, acting: Acting, *, may_write: bool) -> dict[str, Any]:
    receives = acting.may("candidate.receive", found)
    consultations = list(found.consultations.select_related("asked").order_by("pk"))
    units = {found.proposer_id, found.home_id, found.round.deciding_body_id}
    units |= {one.asked_id for one in consultations if one.asked_id}
    labels = tree.labels_on(units, on=acting.on)
    passed = checks.overridden(found)
    findings = [(one, passed.get(one.key)) for one in checks.findings(found, on=acting.on)]
    rows = list(dossier.papers.select_related("file", "paper").order_by("position", "pk")) if dossier else []
    writable = papers.writable()
    steps = process.path(found, on=acting.on)
    at = next((number for number, one in enumerate(steps) if found.state in one.states), None)
    own = {"send", "recall", "withdraw"}
    possible = [one for one in workflow.possible(found, actor=acting) if one.name not in WITH_PAGE]
    return {
        "candidate": found,
        "round": found.round,
        "body": labels.get(found.round.deciding_body_id, ""),
        "proposer": labels.get(found.proposer_id, ""),
        "form_name": form_name(found.form, acting.on),
        "first_form": form_name(found.first_form, acting.on) if found.first_form else "",
        "last_day": date.fromordinal(found.until.toordinal() - 1),
        "steps": [(one, number == at) for number, one in enumerate(steps)],
        "is_ended": found.state in Candidate.ENDED,
        "findings": findings,
        "may_override": acting.may("candidate.override", found),
        "dossier": dossier,
        "facts": certified.of(dossier),
        "fact_form": CertifiedFactForm(auto_id="xn_%s") if may_write and found.is_open else None,
        "papers": [(row, writable.get(row.code, ("", ""))[1], row.has_open_part) for row in rows],
        "missing": [row for row in rows if row.is_missing],
        "may_write": may_write and found.is_open,
        "may_add": (may_write and found.is_open)
        or (receives and found.state not in (*Candidate.OPEN, *Candidate.ENDED)),
        "criteria": _criteria(found),
        "appraisals": list(found.appraisals.select_related("user").order_by("-made_at", "-pk")),
        "consultations": [
            (one, one.asked_name or labels.get(one.asked_id or 0, ""), one.is_open(on=acting.on))
            for one in consultations
        ],
        "receives": receives,
        "appraisal_form": AppraisalForm(round_=found.round, on=acting.on)
        if receives and found.state == CandidateState.SENT
        else None,
        "consultation_form": ConsultationForm(initial={"due_on": moving.answer_due(acting.on)})
        if receives and found.state == CandidateState.APPRAISED
        else None,
        "hold_form": HoldForm(on=acting.on, initial={"since": acting.on})
        if acting.may("hold.enter", Hold(unit_id=found.home_id)) and found.state not in Candidate.ENDED
        else None,
        "end_form": HoldEndForm(prefix=None, auto_id="kt_%s", initial={"until": acting.on}),
        "holds": list(
            Hold.objects.filter(holding.open_on(acting.on), subject_key=found.subject_key).order_by("pk")
        ),
        "acts": [one for one in possible if one.name in own or receives or one.right == "candidate.decide"],
        "rounds_above": _rounds_above(found, acting),
        "continued": found.continued_by.select_related("round").first(),
        "may_export": acting.may("candidate.read", found),
        "history": history(found)[:40],
    }


def _criteria(found: Candidate) -> list[tuple[suggesting.Explained, tuple[str, str]]]:
    if found.verdict is None:
        return []
    return [
        (one, lists.outcome_shown(one.outcome.value, one.is_near)) for one in suggesting.why(found.verdict)
    ]


def _rounds_above(found: Candidate, acting: Acting) -> list[AwardRound]:
    """Open rounds of bodies above that offer something to such a subject."""
    if found.state not in (CandidateState.PASSED, CandidateState.APPRAISED):
        return []
    above = [one.unit_id for one in tree.ancestors(found.round.deciding_body_id, on=acting.on)][:-1]
    return list(
        AwardRound.objects.filter(
            deciding_body_id__in=above,
            state__in=AwardRound.TAKING,
            commendation_type=found.round.commendation_type,
            forms__subject_type=found.subject_type,
        )
        .distinct()
        .order_by("-due_on")[:20]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.candidate_at(pk, acting=acting)
    nominating.may_propose(found, acting)
    case = found.simplified_case
    initial = {name: getattr(found, name) for name in FIELDS}
    initial["simplified_case"] = "" if case is None else str(case)
    form = CandidateForm(
        request.POST or None, round_=found.round, units={}, on=acting.on, is_change=True, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        fields: dict[str, Any] = {name: form.cleaned_data[name].strip() for name in FIELDS}
        chosen = form.cleaned_data["simplified_case"]
        fields["simplified_case"] = int(chosen) if chosen else None
        try:
            seen = row_key(request.POST.get("lan_sua", "")) or 0
            nominating.change(found, fields, seen=seen, actor=acting, now=clock.now())
            messages.success(request, "Đã lưu đề nghị.")
            return redirect("awards:candidate", pk=pk)
        except (RuleNotMet, ChangedMeanwhile) as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "round": found.round, "candidate": found, "has_units": True}
    return render(request, "awards/candidate_form.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of the candidate."""
    acting = who(request)
    found = access.candidate_at(pk, acting=acting)
    step, reason, now = request.POST.get("viec", ""), request.POST.get("ly_do", ""), clock.now()
    try:
        if step == "post":
            where = request.POST.get("noi_dang", "") or "Cổng thông tin điện tử"
            moving.post([found], where=where, actor=acting, now=now)
        elif step == "forward":
            _forward(found, request, acting)
        elif step == "note_award":
            _note_award(found, request, acting)
        elif step in PLAIN:
            PLAIN[step](found, actor=acting, now=now)
        elif step in WITH_REASON:
            WITH_REASON[step](found, reason=reason, actor=acting, now=now)
        else:
            raise Http404("no such act")
        found.refresh_from_db()
        messages.success(request, f"Đề nghị: {found.get_state_display().lower()}.")
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:candidate", pk=pk)


PLAIN: dict[str, Any] = {
    "send": moving.send,
    "recall": moving.recall,
    "end_consulting": moving.end_consulting,
    "to_council": moving.to_council,
}
WITH_REASON: dict[str, Any] = {
    "withdraw": moving.withdraw,
    "send_back": moving.send_back,
    "take_back": moving.take_back,
    "refuse": moving.refuse,
}


def _forward(found: Candidate, request: HttpRequest, acting: Acting) -> None:
    chosen = row_key(request.POST.get("dot", ""))
    to = next((one for one in _rounds_above(found, acting) if one.pk == chosen), None)
    form = ""
    if to is not None:
        offered = to.forms.filter(subject_type=found.subject_type).order_by("position", "pk")
        same = offered.filter(form=found.form).first()
        form = (same or offered[0]).form
    moving.forward(found, to=to, form=form, actor=acting, now=clock.now())


def _note_award(found: Candidate, request: HttpRequest, acting: Acting) -> None:
    try:
        dated = date.fromisoformat(request.POST.get("ngay", ""))
    except ValueError:
        raise RuleNotMet(
            "Chưa ghi được kết quả", why="ngày quyết định chưa đúng", next_step="Ghi ngày theo quyết định"
        ) from None
    moving.note_award(
        found,
        number=request.POST.get("so", "")[:120],
        dated=dated,
        body=request.POST.get("co_quan", "")[:300],
        actor=acting,
        now=clock.now(),
    )
