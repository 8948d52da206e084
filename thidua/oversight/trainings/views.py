"""Pages under /tap-huan/: classes, their people, the roll; guidance documents."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.text import row_key
from thidua.movements.models import Plan, PlanVersionState
from thidua.movements.rights import DECIDING
from thidua.movements.visibility import visible_plans
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.oversight.downloads import download
from thidua.oversight.models import Participant, Proof, Training, TrainingState
from thidua.oversight.trainings import classes, lists
from thidua.oversight.trainings.forms import GuidanceForm, PersonForm, ReasonForm, TrainingForm
from thidua.tables.listing import listing, wants_workbook

#: So many units below are offered as boxes.
MOST_BOXES = 400


@require_safe
@signed_in
def rows(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    shown = listing(request, lists.TRAININGS, lists.rows_for(acting))
    if wants_workbook(request):
        return shown.workbook()
    context = {"listing": shown, "may_plan": acting.has_role(*DECIDING)}
    return render(request, "trainings/list.html", context)


def own_choices(acting: Acting) -> dict[str, Any]:
    """Bodies that this person decides for, and plans in force that they see."""
    own = [
        mandate.unit_id
        for mandate in acting.mandates
        if mandate.role in DECIDING and acting.acts_for_living_unit(mandate)
    ]
    labels = tree.labels_on(own, on=acting.on)
    plans = visible_plans(acting).filter(versions__state=PlanVersionState.ADOPTED).order_by("-made_at")[:200]
    return {
        "units": [(str(pk), label) for pk, label in labels.items()],
        "plans": [(str(plan.pk), f"{plan.number} {plan.title}".strip()[:120]) for plan in plans],
    }


def invitable(acting: Acting) -> list[tuple[str, str]]:
    """What stands below the own bodies, or beside an office."""
    found: dict[str, str] = {}
    for mandate in acting.mandates:
        version = tree.version_on(mandate.unit_id, on=acting.on)
        if version is None or mandate.role not in DECIDING:
            continue
        root = mandate.unit_id if version.unit.is_place else version.parent_id
        for row in tree.children(root, on=acting.on)[:MOST_BOXES] if root else ():
            if row.unit_id != mandate.unit_id:
                found[str(row.unit_id)] = row.label
    return list(found.items())


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    choices = own_choices(acting)
    bound: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    form = TrainingForm(
        **choices, invitable=invitable(acting), initial={"first_on": acting.on, "last_on": acting.on}, **bound
    )
    refusal: RuleNotMet | None = None
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            made = classes.plan_class(
                form.planned(),
                unit_id=answers["unit_id"],
                invited=answers["invited"],
                plan=Plan.objects.filter(pk=answers["plan_id"]).first() if answers["plan_id"] else None,
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refused:
            refusal = refused
        else:
            messages.success(request, "Đã lập lớp tập huấn. Các đơn vị được mời đã được báo.")
            return redirect("trainings:training", made.pk)
    context = {"form": form, "refusal": refusal, "may": bool(choices["units"]), "is_class": True}
    return render(request, "trainings/new.html", context, status=422 if bound else 200)


def training_for(pk: int, *, acting: Acting) -> Training:
    found = Training.objects.filter(pk=pk).select_related("plan").first()
    if found is None or not acting.may("training.read", found):
        raise Http404("no such class")
    return found


@require_safe
@signed_in
def training(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _page(request, training_for(pk, acting=acting), acting)


def _page(
    request: HttpRequest,
    one: Training,
    acting: Acting,
    *,
    refusal: str = "",
    person: PersonForm | None = None,
) -> HttpResponse:
    may_run = acting.may("training.run", one)
    invited = list(one.units.values_list("pk", flat=True))
    labels = tree.labels_on({one.unit_id, *invited}, on=acting.on)
    mine = acting.unit_ids()
    people = list(one.participants.order_by("unit_id", "name"))
    if not may_run:
        people = [row for row in people if row.unit_id in mine]
    units = [
        (str(pk), labels.get(pk, ""))
        for pk in invited
        if (may_run or pk in mine) and acting.may("training.register", Participant(training=one, unit_id=pk))
    ]
    may_register = one.state == TrainingState.PLANNED
    context = {
        "one": one,
        "unit": labels.get(one.unit_id, ""),
        "invited": [labels.get(pk, "") for pk in invited],
        "people": [(row, labels.get(row.unit_id, "")) for row in people],
        "came": sum(row.came is True for row in people),
        "may_run": may_run,
        "may_roll": may_run and one.state != TrainingState.CANCELLED and one.first_on <= acting.on,
        "form": (person or PersonForm(units=units)) if may_register and units else None,
        "cancelling": ReasonForm() if may_run and one.state == TrainingState.PLANNED else None,
        "refusal": refusal,
        "history": history(one) if may_run else [],
    }
    return render(request, "trainings/training.html", context, status=422 if refusal else 200)


@require_POST
@signed_in
def put_down(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    one = training_for(pk, acting=acting)
    labels = tree.labels_on(one.units.values_list("pk", flat=True), on=acting.on)
    form = PersonForm(request.POST, units=[(str(key), label) for key, label in labels.items()])
    if not form.is_valid():
        return _page(
            request, one, acting, refusal="Chưa đăng ký được. Xem lại họ tên và đơn vị.", person=form
        )
    try:
        classes.put_down(one, actor=acting, now=clock.now(), **form.cleaned_data)
    except RuleNotMet as refusal:
        return _page(request, one, acting, refusal=refusal.message, person=form)
    messages.success(request, "Đã đăng ký người dự.")
    return redirect("trainings:training", pk)


@require_POST
@signed_in
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """The boxes that are ticked came; all others did not."""
    acting = who(request)
    one = training_for(pk, acting=acting)
    keys = [key for text in request.POST.getlist("co_mat") if (key := row_key(text)) is not None]
    try:
        came, total = classes.call_the_roll(one, keys, actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        return _page(request, one, acting, refusal=refusal.message)
    messages.success(request, f"Đã điểm danh: {came}/{total} người có mặt.")
    return redirect("trainings:training", pk)


@require_POST
@signed_in
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    one = training_for(pk, acting=acting)
    try:
        classes.cancel(one, reason=request.POST.get("reason", ""), actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        return _page(request, one, acting, refusal=refusal.message)
    messages.success(request, "Đã hủy lớp. Các đơn vị được mời đã được báo.")
    return redirect("trainings:training", pk)


# --- guidance -------------------------------------------------------------------------------------


@require_safe
@signed_in
def guidance_rows(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    shown = listing(request, lists.GUIDANCE, lists.visible_guidance(acting).select_related("plan"))
    if wants_workbook(request):
        return shown.workbook()
    context = {"listing": shown, "may_plan": acting.has_role(*DECIDING)}
    return render(request, "trainings/guidance_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_guidance(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    choices = own_choices(acting)
    bound: dict[str, Any] = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = GuidanceForm(**choices, **bound)
    refusal: RuleNotMet | None = None
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        plan_id = answers.pop("plan_id")
        try:
            made = classes.write_guidance(
                plan=Plan.objects.filter(pk=plan_id).first() if plan_id else None,
                files=answers.pop("uploads"),
                actor=acting,
                now=clock.now(),
                **answers,
            )
        except RuleNotMet as refused:
            refusal = refused
        else:
            messages.success(request, "Đã ra hướng dẫn.")
            return redirect("trainings:guidance", made.pk)
    context = {"form": form, "refusal": refusal, "may": bool(choices["units"]), "is_class": False}
    return render(request, "trainings/new.html", context, status=422 if bound else 200)


@require_safe
@signed_in
def guidance(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    one = lists.visible_guidance(acting).filter(pk=pk).select_related("plan").first()
    if one is None:
        raise Http404("no such guidance")
    context = {
        "one": one,
        "unit": tree.labels_on([one.unit_id], on=acting.on).get(one.unit_id, ""),
        "proofs": one.proofs.select_related("file").order_by("pk"),
    }
    return render(request, "trainings/guidance.html", context)


@require_safe
@signed_in
def proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    acting = who(request)
    found = (
        Proof.objects.filter(pk=pk, guidance__in=lists.visible_guidance(acting))
        .select_related("file")
        .first()
    )
    if found is None:
        raise Http404("no such file")
    return download(found)
