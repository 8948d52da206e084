"""Pages at a unit: the checklist for a phone, figures counted again, remedies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.indicators.models import Value
from thidua.movements.tasks.acts import offered
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.oversight import taking_acts
from thidua.oversight.downloads import download
from thidua.oversight.inspections import lists, papers, visiting
from thidua.oversight.inspections.acts import REMEDY_ACTS, VISIT_ACTS
from thidua.oversight.inspections.forms import FindingForm, RecheckForm
from thidua.oversight.models import ChecklistItem, Finding, Inspection, Proof, Remedy, Visit, VisitState
from thidua.oversight.taking_acts import Refused
from thidua.tables.listing import listing, wants_workbook


def visit_for(pk: int, *, acting: Acting) -> Visit:
    found = Visit.objects.filter(pk=pk).select_related("inspection__plan", "unit").first()
    if found is None or not acting.may("visit.read", found):
        raise Http404("no such visit")
    return found


def may_read_findings(visit: Visit, acting: Acting) -> bool:
    """The team always; the unit, and whoever stands above it, once the minutes say what was found."""
    return visit.state == VisitState.MINUTED or acting.may("inspection.record", visit)


@require_safe
@signed_in
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _page(request, visit_for(pk, acting=acting), acting)


def _page(request: HttpRequest, one: Visit, acting: Acting, refused: Refused | None = None) -> HttpResponse:
    reads = may_read_findings(one, acting)
    found = {finding.item_id: finding for finding in one.findings.prefetch_related("proofs")} if reads else {}
    items = [(item, found.get(item.pk)) for item in one.inspection.checklist.order_by("position", "pk")]
    filled = sum(finding is not None and finding.outcome != "" for _, finding in items)
    may_record = acting.may("inspection.record", one)
    acts = offered(
        VISIT_ACTS,
        one,
        acting=acting,
        address=lambda key: reverse("inspections:visit_act", args=[one.pk, key]),
        refused=refused,
    )
    is_open_breach = one.has_breach_signs and one.breach_ended_on is None
    acts = [
        act
        for act in acts
        if act.act.key != ("breach" if is_open_breach else "breach-end")
        and not (act.act.key == "minute" and filled < len(items))
    ]
    context = {
        "one": one,
        "label": tree.labels_on([one.unit_id], on=acting.on).get(one.unit_id, ""),
        "items": items,
        "filled": filled,
        "next": next((item for item, finding in items if not (finding and finding.outcome)), None),
        "reads": reads,
        "may_record": may_record,
        "is_recording": may_record and one.state == VisitState.RECORDING,
        "is_open_breach": is_open_breach,
        "reasons": one.reasons_json if may_record else [],
        "main_acts": [act for act in acts if act.act.is_main or act.refusal],
        "other_acts": [act for act in acts if not (act.act.is_main or act.refusal)],
        "rechecks": one.rechecks.select_related("value__indicator", "correction").order_by("pk")
        if reads
        else [],
        "remedies": one.remedies.order_by("due_on", "pk"),
        "papers": [paper for paper in papers.papers_about(one) if may_record or paper.state in paper.FINAL],
        "refusal": refused[2] if refused and not any(act.refusal for act in acts) else "",
        "history": history(one) if reads else [],
    }
    return render(request, "inspections/visit.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    acting = who(request)
    one = visit_for(pk, acting=acting)
    if request.method != "POST":
        return redirect("inspections:visit", pk)
    if key not in VISIT_ACTS:
        raise Http404("no such act")
    return taking_acts.take(
        request,
        VISIT_ACTS,
        key,
        one,
        acting=acting,
        now=clock.now(),
        back=reverse("inspections:visit", args=[pk]),
        again=lambda refused: _page(request, one, acting, refused),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """One item of the checklist, on a page of its own: large answers, words, photos; then the next one."""
    acting = who(request)
    one = visit_for(pk, acting=acting)
    acting.require("inspection.record", one)
    items = list(one.inspection.checklist.order_by("position", "pk"))
    here = next((place for place, row in enumerate(items) if row.pk == item_pk), None)
    if here is None:
        raise Http404("no such item")
    wanted: ChecklistItem = items[here]
    finding = Finding.objects.filter(visit=one, item=wanted).first()
    bound: dict[str, Any] = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = FindingForm(finding=finding, **bound)
    refusal: RuleNotMet | None = None
    after = items[here + 1] if here + 1 < len(items) else None
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        try:
            visiting.write(
                one,
                wanted,
                outcome=answers["outcome"],
                text=answers["text"],
                files=answers["uploads"],
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refused:
            refusal = refused
        else:
            messages.success(request, f"Đã lưu mục {here + 1}." if answers["outcome"] else "Đã lưu nháp.")
            if after is not None and request.POST.get("tiep"):
                return redirect("inspections:item", pk, after.pk)
            return redirect(f"{reverse('inspections:visit', args=[pk])}#muc-{wanted.pk}")
    context = {
        "one": one,
        "label": tree.labels_on([one.unit_id], on=acting.on).get(one.unit_id, ""),
        "item": wanted,
        "number": here + 1,
        "total": len(items),
        "before": items[here - 1] if here else None,
        "after": after,
        "form": form,
        "finding": finding,
        "proofs": finding.proofs.select_related("file").order_by("pk") if finding else [],
        "refusal": refusal,
        "is_recording": one.state == VisitState.RECORDING,
    }
    return render(request, "inspections/item.html", context, status=422 if bound else 200)


# --- figures counted again ------------------------------------------------------------------------


@require_safe
@signed_in
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    one = visit_for(pk, acting=acting)
    acting.require("inspection.record", one)
    return _figures(request, one, acting)


def _figures(
    request: HttpRequest, one: Visit, acting: Acting, wrong: tuple[int, RecheckForm, str] | None = None
) -> HttpResponse:
    known = {row.value_id: row for row in one.rechecks.select_related("value__indicator", "correction")}
    rows = []
    for value in visiting.figures_of(one):
        kept = known.get(value.pk)
        initial = {
            "found": f"{kept.found.normalize():f}".replace(".", ",") if kept else "",
            "note": kept.note if kept else "",
        }
        form = (
            wrong[1]
            if wrong and wrong[0] == value.pk
            else RecheckForm(initial=initial, auto_id=f"so-{value.pk}-%s")
        )
        rows.append((value, kept, form, wrong[2] if wrong and wrong[0] == value.pk else ""))
    context = {
        "one": one,
        "label": tree.labels_on([one.unit_id], on=acting.on).get(one.unit_id, ""),
        "rows": rows,
        "is_recording": one.state == VisitState.RECORDING,
        "may_run": acting.may("inspection.run", one),
    }
    return render(request, "inspections/figures.html", context, status=422 if wrong else 200)


def _value_of(one: Visit, value_pk: int) -> Value:
    return get_object_or_404(Value.objects.select_related("indicator"), pk=value_pk, unit_id=one.unit_id)


@require_POST
@signed_in
def recheck(request: HttpRequest, pk: int, value_pk: int) -> HttpResponse:
    acting = who(request)
    one = visit_for(pk, acting=acting)
    acting.require("inspection.record", one)
    value = _value_of(one, value_pk)
    form = RecheckForm(request.POST, auto_id=f"so-{value.pk}-%s")
    if not form.is_valid():
        return _figures(request, one, acting, (value.pk, form, "Chưa lưu được. Xem ô có ghi chú."))
    try:
        visiting.recheck(one, value, actor=acting, now=clock.now(), **form.cleaned_data)
    except RuleNotMet as refusal:
        return _figures(request, one, acting, (value.pk, form, refusal.message))
    messages.success(request, "Đã lưu số kiểm tra; số đã báo cáo vẫn giữ nguyên.")
    return redirect("inspections:figures", pk)


@require_POST
@signed_in
def correct(request: HttpRequest, pk: int, value_pk: int) -> HttpResponse:
    """Put the found figure forward as a correction of the unit's."""
    acting = who(request)
    one = visit_for(pk, acting=acting)
    kept = get_object_or_404(
        one.rechecks.select_related("value__indicator", "visit__inspection__plan"), value_id=value_pk
    )
    try:
        visiting.put_forward(kept, actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Đã đính chính theo số kiểm tra; số cũ vẫn xem được.")
    return redirect("inspections:figures", pk)


# --- remedies -------------------------------------------------------------------------------------


@require_safe
@signed_in
def remedies(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    shown = listing(request, lists.REMEDIES, lists.remedy_rows(acting), acting=acting)
    if wants_workbook(request):
        return shown.workbook()
    return render(request, "inspections/remedies.html", {"listing": shown})


def remedy_for(pk: int, *, acting: Acting) -> Remedy:
    found = Remedy.objects.filter(pk=pk).select_related("visit__inspection__plan", "finding__item").first()
    if found is None or not acting.may("visit.read", found):
        raise Http404("no such remedy")
    return found


@require_safe
@signed_in
def remedy(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _remedy_page(request, remedy_for(pk, acting=acting), acting)


def _remedy_page(
    request: HttpRequest, one: Remedy, acting: Acting, refused: Refused | None = None
) -> HttpResponse:
    inspection: Inspection = one.visit.inspection
    labels = tree.labels_on([one.visit.unit_id, inspection.unit_id], on=acting.on)
    acts = offered(
        REMEDY_ACTS,
        one,
        acting=acting,
        address=lambda key: reverse("inspections:remedy_act", args=[one.pk, key]),
        refused=refused,
    )
    context = {
        "one": one,
        "inspection": inspection,
        "unit": labels.get(one.visit.unit_id, ""),
        "body": labels.get(inspection.unit_id, ""),
        "is_late": one.is_late(on=acting.on),
        "acts": acts,
        "proofs": one.proofs.select_related("file").order_by("pk"),
        "refusal": refused[2] if refused and not any(act.refusal for act in acts) else "",
        "history": history(one),
    }
    return render(request, "inspections/remedy.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def remedy_act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    acting = who(request)
    one = remedy_for(pk, acting=acting)
    if request.method != "POST":
        return redirect("inspections:remedy", pk)
    if key not in REMEDY_ACTS:
        raise Http404("no such act")
    return taking_acts.take(
        request,
        REMEDY_ACTS,
        key,
        one,
        acting=acting,
        now=clock.now(),
        back=reverse("inspections:remedy", args=[pk]),
        again=lambda refused: _remedy_page(request, one, acting, refused),
    )


@require_safe
@signed_in
def proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A photo of a finding, or what shows a remedy."""
    acting = who(request)
    found = (
        Proof.objects.filter(pk=pk)
        .select_related("file", "finding__visit__inspection__plan", "remedy__visit__inspection__plan")
        .first()
    )
    about: Visit | Remedy | None = None
    if found is not None:
        about = found.finding.visit if found.finding is not None else found.remedy
    if found is None or about is None or not acting.may("visit.read", about):
        raise Http404("no such file")
    if isinstance(about, Visit) and not may_read_findings(about, acting):
        raise Http404("no such file")
    return download(found)
