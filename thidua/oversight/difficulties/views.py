"""Pages under /vuong-mac/: the list, raising one, one difficulty, the published answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.text import row_key
from thidua.movements import raising
from thidua.movements.models import Plan, PlanVersionState
from thidua.movements.rights import DOING
from thidua.movements.tasks.acts import offered
from thidua.movements.visibility import visible_plans
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.oversight import taking_acts, terms
from thidua.oversight.difficulties import answering, lists, public
from thidua.oversight.difficulties.acts import ACTS, fitting
from thidua.oversight.difficulties.answering import About
from thidua.oversight.difficulties.forms import RaiseForm
from thidua.oversight.downloads import download
from thidua.oversight.models import Difficulty, Proof
from thidua.oversight.taking_acts import Refused
from thidua.tables.listing import listing, wants_workbook


@require_safe
@signed_in
def rows(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    shown = listing(
        request,
        lists.DIFFICULTIES,
        lists.rows_for(acting),
        plans=lists.plans_of(acting),
        acting=acting,
    )
    if wants_workbook(request):
        return shown.workbook()
    context = {
        "listing": shown,
        "sums": lists.sums_of(shown.rows, acting=acting),
        "may_raise": acting.has_role(*DOING),
        "term": terms.answer_term(acting.on),
    }
    return render(request, "difficulties/list.html", context)


@require_safe
@signed_in
def answers(request: HttpRequest) -> HttpResponse:
    """What was published, for everybody who signed in; the portal shows the same to strangers."""
    shown = listing(request, lists.ANSWERS, public.public_rows().select_related("plan"))
    if wants_workbook(request):
        return shown.workbook()
    return render(request, "difficulties/answers.html", {"listing": shown})


def difficulty_for(pk: int, *, acting: Acting) -> Difficulty:
    found = Difficulty.objects.filter(pk=pk).select_related("plan__movement", "guidance", "amendment").first()
    if found is None or not acting.may("difficulty.read", found):
        raise Http404("no such difficulty")
    return found


@require_safe
@signed_in
def difficulty(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _page(request, difficulty_for(pk, acting=acting), acting)


def _page(
    request: HttpRequest, one: Difficulty, acting: Acting, refused: Refused | None = None
) -> HttpResponse:
    passages = list(one.passages.order_by("since", "pk"))
    labels = tree.labels_on(
        {one.unit_id, one.receiver_id, *(passage.receiver_id for passage in passages)}, on=acting.on
    )
    found = offered(
        fitting(one, acting=acting),
        one,
        acting=acting,
        address=lambda key: reverse("difficulties:act", args=[one.pk, key]),
        refused=refused,
    )
    context = {
        "one": one,
        "unit": labels.get(one.unit_id, ""),
        "receiver": labels.get(one.receiver_id, ""),
        "is_late": one.is_late(on=acting.on),
        "passages": [(passage, labels.get(passage.receiver_id, "")) for passage in passages],
        "main_acts": [act for act in found if act.act.is_main or act.refusal],
        "other_acts": [act for act in found if not (act.act.is_main or act.refusal)],
        "about_label": raising.label_of(one.about_kind),
        "proofs": one.proofs.select_related("file").order_by("pk"),
        "term": terms.answer_term(acting.on),
        "refusal": refused[2] if refused and not any(act.refusal for act in found) else "",
        "history": history(one),
    }
    return render(request, "difficulties/difficulty.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Do one thing to a difficulty. A plain visit of the address leads to its page."""
    acting = who(request)
    one = difficulty_for(pk, acting=acting)
    if request.method != "POST":
        return redirect("difficulties:difficulty", pk)
    if key not in ACTS:
        raise Http404("no such act")
    return taking_acts.take(
        request,
        ACTS,
        key,
        one,
        acting=acting,
        now=clock.now(),
        back=reverse("difficulties:difficulty", args=[pk]),
        again=lambda refused: _page(request, one, acting, refused),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Raise a difficulty, from the page of a task, figure … (`?ve=nhiem-vu&so=12`) or on its own."""
    acting = who(request)
    kind, key = request.GET.get("ve", ""), row_key(request.GET.get("so", ""))
    subject = raising.subject_of(kind, key, acting=acting) if key is not None else None
    own = [
        mandate.unit_id
        for mandate in acting.mandates
        if mandate.role in DOING and acting.acts_for_living_unit(mandate)
    ]
    labels = tree.labels_on(own, on=acting.on)
    plans = list(
        visible_plans(acting).filter(versions__state=PlanVersionState.ADOPTED).order_by("-made_at")[:200]
    )
    bound: dict[str, Any] = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = RaiseForm(
        units=[(str(pk), label) for pk, label in sorted(labels.items(), key=lambda pair: pair[1])],
        plans=[(str(plan.pk), f"{plan.number} {plan.title}".strip()[:120]) for plan in plans],
        initial={"plan_id": subject.plan_id if subject else None},
        **bound,
    )
    refusal: RuleNotMet | None = None
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        plan_id = answers.pop("plan_id") or (subject.plan_id if subject else None)
        about = About(kind, key, subject.title, subject.address) if subject else None
        try:
            made = answering.raise_difficulty(
                plan=Plan.objects.filter(pk=plan_id).first() if plan_id else None,
                about=about,
                files=answers.pop("uploads"),
                actor=acting,
                now=clock.now(),
                **answers,
            )
        except RuleNotMet as refused:
            refusal = refused
        else:
            messages.success(request, "Đã gửi vướng mắc. Khi có trả lời, bạn sẽ nhận thông báo.")
            return redirect("difficulties:difficulty", made.pk)
    context = {
        "form": form,
        "refusal": refusal,
        "subject": subject,
        "subject_label": raising.label_of(kind),
        "may_raise": bool(own),
        "term": terms.answer_term(acting.on),
    }
    return render(request, "difficulties/new.html", context, status=422 if bound else 200)


@require_safe
@signed_in
def proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    acting = who(request)
    found = Proof.objects.filter(pk=pk, difficulty__isnull=False).select_related("file", "difficulty").first()
    if found is None or not acting.may("difficulty.read", found.difficulty):
        raise Http404("no such file")
    return download(found)
