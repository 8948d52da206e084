"""What the receiver does with a report: accept, return with marks, unlock, let off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.organisations.signed_in import signed_in, who
from thidua.reports import access, filling, rounds, sending
from thidua.reports.forms import UnlockForm
from thidua.reports.readiness import items_for


@require_POST
@signed_in
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    report = access.report_at(pk, acting=acting)
    sending.accept(report, actor=acting, now=clock.now())
    messages.success(request, "Đã nhận báo cáo. Số liệu được khóa như đã gửi.")
    return redirect("reports:report", pk=report.pk)


@require_POST
@signed_in
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The reason for the whole, and a remark at each place: fields `cho_<item>`."""
    acting = who(request)
    report = access.report_at(pk, acting=acting)
    marks = {
        item: request.POST.get(f"cho_{item.pk}", "")[:1000]
        for item in items_for(report)
        if request.POST.get(f"cho_{item.pk}", "").strip()
    }
    reason = request.POST.get("ly_do", "")[:2000]
    sending.send_back(report, reason=reason, marks=marks, actor=acting, now=clock.now())
    messages.success(request, "Đã trả lại báo cáo. Đơn vị thấy lý do và các chỗ cần sửa.")
    return redirect("reports:report", pk=report.pk)


@require_POST
@signed_in
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    report = access.report_at(pk, acting=acting)
    acting.require("report.receive", report)
    items = items_for(report)
    form = UnlockForm(request.POST, items=items)
    if not form.is_valid():
        raise RuleNotMet(
            "Chưa mở khóa được báo cáo",
            why="; ".join(str(error).rstrip(".") for errors in form.errors.values() for error in errors),
            next_step="Điền đủ rồi mở khóa",
        )
    chosen = {int(one) for one in form.cleaned_data["items"]}
    sending.unlock(
        report,
        items=[item for item in items if item.pk in chosen],
        until=form.until(),
        reason=form.cleaned_data["reason"],
        actor=acting,
        now=clock.now(),
    )
    messages.success(request, "Đã mở khóa. Đơn vị sửa một lần rồi báo cáo tự khóa lại.")
    return redirect("reports:report", pk=report.pk)


@require_POST
@signed_in
def lock_again(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    report = access.report_at(pk, acting=acting)
    running = filling.running_unlock(report, now=clock.now())
    if running is not None:
        sending.lock_again(running, actor=acting, now=clock.now())
        messages.success(request, "Đã khóa lại báo cáo.")
    return redirect("reports:report", pk=report.pk)


@require_POST
@signed_in
def let_off(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    report = access.report_at(pk, acting=acting)
    rounds.let_off(report, reason=request.POST.get("ly_do", "")[:500], actor=acting, now=clock.now())
    messages.success(request, "Đơn vị không phải gửi báo cáo này nữa.")
    return redirect("reports:round", pk=report.round_id)
