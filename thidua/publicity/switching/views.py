"""What of the own bodies is public: the list, one plan or paper, the switch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.movements.models import Plan
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.publicity import publishing
from thidua.publicity.rights import DECIDING
from thidua.publicity.switching import lists
from thidua.publicity.switching.forms import PublicationForm
from thidua.tables.listing import listing, wants_workbook

Thing = Plan | OutgoingPaper


def _plans(acting: Acting) -> QuerySet[Plan]:
    mine = acting.unit_ids(DECIDING)
    return Plan.objects.filter(
        Q(owner_id__in=mine) | Q(standing_body_id__in=mine), pk__in=publishing.in_force().values("plan_id")
    )


def _papers(acting: Acting) -> QuerySet[OutgoingPaper]:
    return OutgoingPaper.objects.filter(
        unit_id__in=acting.unit_ids(DECIDING), state=PaperState.ISSUED
    ).select_related("given")


@require_safe
@signed_in
def plans(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = lists.with_publication(_plans(acting), key="plan")
    owners = rows.order_by().values_list("owner_id", flat=True).distinct()
    table = lists.plans_table(tree.labels_on([pk for pk in owners[:500] if pk], on=acting.on))
    return _list(request, table, rows, tab="plans")


@require_safe
@signed_in
def papers(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = lists.with_publication(_papers(acting), key="paper")
    table = lists.papers_table(tree.labels_on(acting.unit_ids(DECIDING), on=acting.on))
    return _list(request, table, rows, tab="papers")


def _list(request: HttpRequest, table: Any, rows: QuerySet[Any], *, tab: str) -> HttpResponse:
    found = listing(request, table, rows)
    if wants_workbook(request):
        return found.workbook()
    return render(request, "publicity/switches.html", {"listing": found, "tab": tab})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = _plans(acting).filter(pk=pk).first()
    if found is None:
        raise Http404
    return _switch(request, found, acting, shown_at=reverse("portal:plan", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = _papers(acting).filter(pk=pk).first()
    if found is None:
        raise Http404
    return _switch(request, found, acting, shown_at=reverse("portal:paper_pdf", args=[pk]))


def _switch(request: HttpRequest, thing: Thing, acting: Acting, *, shown_at: str) -> HttpResponse:
    publication = publishing.of(thing, now=clock.now())
    initial = {"summary": publication.summary, "shows_file": publication.shows_file}
    form = PublicationForm(request.POST or None, initial=initial, label_suffix="")
    if isinstance(thing, OutgoingPaper):
        # The paper is its file; there is nothing to choose.
        del form.fields["shows_file"], form.fields["summary"]
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("viec") == "rut":
                publishing.withdraw(
                    publication, reason=request.POST.get("ly_do", ""), actor=acting, now=clock.now()
                )
                messages.success(request, "Đã rút khỏi cổng công khai. Người xem không còn thấy nữa.")
            else:
                publishing.publish(thing, **form.cleaned_data, actor=acting, now=clock.now())
                messages.success(request, "Đã công khai. Trang trên cổng mới nhất sau một phút.")
        except RuleNotMet as error:
            refusal = error
        else:
            return redirect(request.path)
    context = {
        "thing": thing,
        "is_plan": isinstance(thing, Plan),
        "publication": publication,
        "form": form,
        "refusal": refusal,
        "may_switch": acting.may("publication.switch", publication),
        "shown_at": shown_at if publication.is_published else "",
        "history": [] if publication._state.adding else history(publication)[:30],
    }
    return render(request, "publicity/switch.html", context, status=422 if refusal else 200)
