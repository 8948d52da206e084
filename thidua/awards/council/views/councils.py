"""Councils and the list of meetings; one council with its members; a new meeting."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.audit.reader import history
from thidua.awards.council import access, composition, forming, lists, sessions
from thidua.awards.council.forms import CouncilForm, MemberForm, SessionForm, usual_values
from thidua.awards.council.rights import RUNNING
from thidua.awards.models import Candidate, CouncilMember, CouncilState
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.core.text import row_key
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = access.sessions(acting).select_related("council")
    found = listing(request, lists.session_table(), rows)
    if wants_workbook(request):
        return found.workbook()
    context = {
        "listing": found,
        "councils": access.councils(acting).order_by("state", "-since")[:20],
        "may_form": bool(_units(acting)),
    }
    return render(request, "awards/council/list.html", context)


def _units(acting: Acting) -> list[Unit]:
    """Bodies that this person may keep a council for: the own ones, and the body above an office."""
    mine = list(acting.unit_ids(RUNNING))
    above = {
        version.parent_id for version in (tree.last_version(unit, on=acting.on) for unit in mine) if version
    }
    alive = set(tree.labels_on({*mine, *(key for key in above if key)}, on=acting.on))
    return list(Unit.objects.filter(pk__in=alive).order_by("pk")[:50])


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    units = _units(acting)
    if not units:
        raise NotAllowed(
            "Bạn chưa được lập hội đồng",
            why="việc này của cơ quan thường trực hoặc lãnh đạo cơ quan có hội đồng",
            next_step="Đề nghị cơ quan thường trực lập",
        )
    labels = tree.labels_on([unit.pk for unit in units], on=acting.on)
    choices = [(str(unit.pk), labels.get(unit.pk, "")) for unit in units]
    own = [unit for unit in units if unit.pk in acting.unit_ids(RUNNING)]
    form = CouncilForm(request.POST or None, units=choices, initial=usual_values(own, acting.on))
    if request.method == "POST" and form.is_valid():
        try:
            made = forming.form_council(form.council(), actor=acting, now=clock.now())
            messages.success(request, "Đã lập hội đồng. Ghi các thành viên theo quyết định.")
            return redirect("council:council", pk=made.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "title": "Lập hội đồng", "button": "Lập hội đồng"}
    return render(request, "awards/council/form.html", context, status=422 if form.errors else 200)


@require_safe
@signed_in
def council(request: HttpRequest, pk: int) -> HttpResponse:
    return _council_page(request, pk)


def _council_page(request: HttpRequest, pk: int, form: MemberForm | None = None) -> HttpResponse:
    acting = who(request)
    found = access.council_at(pk, acting=acting)
    seats = composition.seats(found)
    may_keep = acting.may("council.keep", found)
    substitutes: dict[int, list[CouncilMember]] = {}
    for one in found.members.filter(substitutes_for__isnull=False).order_by("pk"):
        substitutes.setdefault(one.substitutes_for_id or 0, []).append(one)
    labels = tree.labels_on(
        {found.unit_id, found.standing_body_id, *(seat.unit_id for seat in seats if seat.unit_id)},
        on=acting.on,
    )
    quorum = composition.quorum_of(found, members=len(seats), on=acting.on)
    if may_keep and form is None and found.state != CouncilState.ENDED:
        form = MemberForm(seats=seats, on=acting.on)
    context = {
        "council": found,
        "body": labels.get(found.unit_id, ""),
        "standing": labels.get(found.standing_body_id, ""),
        "seats": [(seat, labels.get(seat.unit_id or 0, ""), substitutes.get(seat.pk, [])) for seat in seats],
        "findings": composition.findings(found, on=acting.on),
        "law": composition.law_of(found, on=acting.on),
        "quorum": quorum,
        "form": form,
        "may_keep": may_keep,
        "may_remove": may_keep and found.state == CouncilState.FORMING,
        "may_call": found.state == CouncilState.IN_FORCE
        and any(unit in acting.unit_ids(RUNNING) for unit in (found.unit_id, found.standing_body_id)),
        "waiting": access.waiting_candidates(found).count(),
        "steps": workflow.possible(found, actor=acting),
        "meetings": found.sessions.order_by("-meets_at")[:20],
        "history": history(found)[:30],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "awards/council/council.html", context, status=status)


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.council_at(pk, acting=acting)
    step = request.POST.get("viec", "")
    try:
        if step == "found":
            forming.found(found, actor=acting, now=clock.now())
            messages.success(request, "Hội đồng đã vào hoạt động.")
        elif step == "end":
            forming.end(found, reason=request.POST.get("ly_do", ""), actor=acting, now=clock.now())
            messages.success(request, "Đã kết thúc nhiệm kỳ.")
        elif step == "bo":
            member = found.members.filter(pk=row_key(request.POST.get("thanh_vien", "")) or 0).first()
            if member is None:
                raise Http404("no such member")
            forming.remove_member(member, actor=acting, now=clock.now())
            messages.success(request, "Đã bỏ thành viên.")
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
    return redirect("council:council", pk=pk)


@require_POST
@signed_in
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.council_at(pk, acting=acting)
    acting.require("council.keep", found)
    form = MemberForm(request.POST, seats=composition.seats(found), on=acting.on)
    if not form.is_valid():
        return _council_page(request, pk, form)
    try:
        chosen = form.cleaned_data["substitutes_for"]
        if chosen:
            seat = found.members.get(pk=int(chosen))
            forming.add_substitute(seat, form.seat(), actor=acting, now=clock.now())
        else:
            forming.add_member(found, form.seat(), actor=acting, now=clock.now())
        messages.success(request, "Đã thêm vào hội đồng.")
    except RuleNotMet as refusal:
        form.add_error(None, refusal.message)
        return _council_page(request, pk, form)
    return redirect("council:council", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_session(request: HttpRequest, pk: int) -> HttpResponse:
    """A meeting, with the candidates that wait for this council ticked."""
    acting = who(request)
    found = access.council_at(pk, acting=acting)
    acting.require("council.keep", found)
    now = clock.now()
    usual = {
        "title": f"Họp xét khen thưởng năm {acting.on.year}",
        "meets_at": timezone.localtime(now).replace(hour=8, minute=0, second=0, microsecond=0)
        + timedelta(days=3),
    }
    form = SessionForm(request.POST or None, initial=usual)
    waiting = list(access.waiting_candidates(found)[:500])
    keys = {row_key(key) for key in request.POST.getlist("de_nghi")}
    if request.method == "POST" and form.is_valid():
        chosen: list[Candidate] = [one for one in waiting if one.pk in keys]
        try:
            made = sessions.call_session(found, candidates=chosen, actor=acting, now=now, **form.cleaned_data)
            messages.success(request, "Đã lập cuộc họp. Xem lại chương trình rồi mời họp.")
            return redirect("council:session", pk=made.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {
        "form": form,
        "council": found,
        "waiting": [(one, request.method != "POST" or one.pk in keys) for one in waiting],
    }
    return render(request, "awards/council/new_session.html", context, status=422 if form.errors else 200)
