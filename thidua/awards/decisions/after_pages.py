"""What follows a decision: bonus money, handing over, printing certificates and the file that comes out."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from thidua.awards.decisions import access, certificates, designs, lists, money, printing
from thidua.awards.decisions.decision_pages import keys_of
from thidua.awards.decisions.forms import HandOverForm, PayForm
from thidua.awards.models import Bonus, Certificate, CertificateDesign, CertificateDesignKind
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import row_key
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bonuses(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.decision_at(pk, acting=acting)
    may_pay = not found.is_prepared and acting.may("bonus.pay", found)
    rows = Bonus.objects.filter(line__decision=found).select_related("line__decision", "line__award")
    form = PayForm(request.POST or None, initial={"paid_on": acting.on})
    if request.method == "POST":
        try:
            back = row_key(request.POST.get("thu_hoi", ""))
            if back is not None:
                one = rows.filter(pk=back).first()
                if one is None:
                    raise Http404("no such bonus")
                note = request.POST.get("note", "")
                money.returned(one, on=acting.on, note=note, actor=acting, now=clock.now())
                messages.success(request, "Đã ghi thu hồi tiền thưởng.")
                return redirect("awards:decision_bonuses", pk=pk)
            if form.is_valid():
                chosen = list(rows.filter(pk__in=keys_of(request)))
                count = money.pay(chosen, **form.cleaned_data, actor=acting, now=clock.now())
                messages.success(request, f"Đã ghi chi {count} khoản.")
                return redirect("awards:decision_bonuses", pk=pk)
        except (RuleNotMet, ChangedMeanwhile) as refusal:
            form.is_valid()
            form.add_error(None, refusal.message)
    shown = listing(request, lists.bonus_table(found, may_pay=may_pay), rows)
    if wants_workbook(request):
        return shown.workbook()
    context = {
        "decision": found,
        "listing": shown,
        "total": money.total_of(found),
        "fund": money.fund_of(found),
        "form": form,
        "may_pay": may_pay,
        "due": [one for one in rows if one.to_return and not one.returned_on] if may_pay else [],
    }
    return render(request, "awards/decisions/bonuses.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Danh sách nhận, trao: printed for signing, ticked off afterwards."""
    acting = who(request)
    found = access.decision_at(pk, acting=acting)
    may_act = not found.is_prepared and acting.may("certificate.hand_over", found)
    form = HandOverForm(request.POST or None, initial={"on": acting.on})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            count = certificates.hand_over(
                dict.fromkeys(keys_of(request), given["received_by"]),
                decision=found,
                on=given["on"],
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, f"Đã ghi trao {count} bằng, giấy khen.")
            return redirect("awards:decision_hand_over", pk=pk)
        except (RuleNotMet, ChangedMeanwhile) as refusal:
            form.add_error(None, refusal.message)
    rows = Certificate.objects.filter(
        award__decision_lines__decision=found, award__decision_lines__is_alive=True
    ).select_related("award")
    shown = listing(request, lists.certificate_table(found, may_act=may_act), rows)
    if wants_workbook(request):
        return shown.workbook()
    context = {"decision": found, "listing": shown, "form": form, "may_act": may_act}
    return render(request, "awards/decisions/hand_over.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def print_certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the design; a worker draws."""
    acting = who(request)
    found = access.decision_at(pk, acting=acting)
    acting.require("certificate.print", found)
    error = ""
    if request.method == "POST":
        try:
            kind = request.POST.get("kind", "")
            if kind not in CertificateDesignKind.values:
                raise RuleNotMet(
                    "Chưa in được", why="chưa chọn cách in", next_step="Chọn in cả trang hoặc in lên phôi"
                )
            design = designs.ensure_for_printing(found.unit, found.form, kind, actor=acting, now=clock.now())
            made = printing.ask(
                found,
                design,
                is_apart=request.POST.get("dang") == "zip",
                address=request.build_absolute_uri("/").rstrip("/"),
                actor=acting,
                now=clock.now(),
            )
            return redirect("awards:print", pk=made.pk)
        except RuleNotMet as refusal:
            error = refusal.message
    used = CertificateDesign.objects.filter(unit=found.unit, form=found.form, is_in_use=True)
    context = {
        "decision": found,
        "kinds": [
            (kind, label, next((one for one in used if one.kind == kind), None))
            for kind, label in CertificateDesignKind.choices
        ],
        "count": sum(one.award.state == "hieu_luc" for one in certificates.of(found)),
        "prints": found.prints.select_related("design", "job").order_by("-pk")[:20],
        "error": error,
    }
    return render(request, "awards/decisions/print.html", context, status=422 if error else 200)


@require_safe
@signed_in
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a printing is; the file when it is there."""
    found = access.print_at(pk, acting=who(request))
    template = "awards/decisions/printed.html"
    if request.headers.get("HX-Request"):
        template += "#state"
    return render(request, template, {"printing": found, "job": found.job, "decision": found.decision})


@require_safe
@signed_in
def printed_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = access.print_at(pk, acting=who(request))
    if found.file is None:
        raise Http404("not drawn yet")
    ending = "zip" if found.is_apart else "pdf"
    number = found.decision.number.split("/")[0] if found.decision else str(found.pk)
    return FileResponse(
        default_storage.open(found.file.place),
        as_attachment=True,
        filename=f"bang-giay-khen-{number}.{ending}",
        content_type="application/zip" if found.is_apart else "application/pdf",
    )
