"""One report as its unit writes and sends it, and as others read it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.text import row_key
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.reports import access, answer_page, board, correcting, filling, sending
from thidua.reports.forms import FileForm, UnlockForm
from thidua.reports.models import Attachment, Correction, FormItem, Report, ReportState, RoundState
from thidua.reports.readiness import items_for, lower_reports_missing

#: So many names of units stand on the page; the page of the round lists all.
MOST_NAMES = 60


@require_safe
@signed_in
def report(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.report_at(pk, acting=acting)
    if found.is_writable and found.round.state == RoundState.OPEN and acting.may("report.write", found):
        if not found.figures.exists() and not found.task_results.exists() and request.method == "GET":
            # Opening it for the first time fills it in; a second time it is there.
            filling.start(found, actor=acting, now=clock.now())
        return _writing(request, found, acting)
    return _reading(request, found, acting)


def _context(found: Report, acting: Acting) -> dict[str, Any]:
    labels = tree.labels_on(
        [one for one in (found.unit_id, found.receiver_id, found.passed_from_id) if one], on=acting.on
    )
    return {
        "report": found,
        "unit_label": labels.get(found.unit_id, ""),
        "receiver_label": labels.get(found.receiver_id or 0, ""),
        "passed_label": labels.get(found.passed_from_id or 0, ""),
        "cell": board.cell(found, on=acting.on),
        "history": history(found)[:40],
        "is_own": access.is_own(found, acting=acting),
        "may_watch": access.watched_plans(acting).filter(pk=found.round.plan_id).exists(),
    }


def _writing(
    request: HttpRequest,
    found: Report,
    acting: Acting,
    *,
    posted: Any = None,
    refusal: RuleNotMet | None = None,
    file_form: FileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = answer_page.page_of(found, on=acting.on, posted=posted)
    missing = _missing_labels(found, acting)
    context = _context(found, acting) | {
        "page": page,
        "file_form": file_form or FileForm(),
        "may_send": acting.may("report.send", found),
        "refusal": refusal,
        "gaps_named": (posted or {}).get("phan_thieu", found.gaps_named),
        "lower_missing": missing,
        "lower_more": max(0, len(missing) - MOST_NAMES),
    }
    return render(request, "reports/write.html", context, status=status)


def _missing_labels(found: Report, acting: Acting) -> list[str]:
    if not found.is_merged:
        return []
    unit_ids = list(lower_reports_missing(found).values_list("unit_id", flat=True))
    return sorted(tree.labels_on(unit_ids, on=acting.on).values())


def _reading(
    request: HttpRequest,
    found: Report,
    acting: Acting,
    *,
    unlock_form: UnlockForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    with_content = access.may_read_content(found, acting=acting)
    may_receive = acting.may("report.receive", found)
    running = filling.running_unlock(found, now=now)
    may_change = running is not None and acting.may("report.send", found)
    only = list(running.items.values_list("pk", flat=True)) if running is not None and may_change else None
    page = answer_page.page_of(found, on=acting.on, only=only, with_content=with_content)
    items = items_for(found) if may_receive else []
    context = _context(found, acting) | {
        "page": page,
        "with_content": with_content,
        "may_receive": may_receive and found.state == ReportState.SENT,
        "may_unlock": may_receive and found.is_locked and running is None,
        "may_lock": may_receive and running is not None,
        "may_let_off": found.is_owed
        and found.state in Report.UNSENT
        and acting.may("round.run", found.round),
        "may_recall": found.state == ReportState.SENT and acting.may("report.send", found),
        "may_correct": bool(page.waiting_corrections)
        and acting.may("correction.decide", page.waiting_corrections[0][0]),
        "running": running,
        "may_change": may_change,
        "unlock_form": unlock_form or UnlockForm(items=items),
        "mark_items": items,
        "frozen": found.frozen if with_content else None,
    }
    return render(request, "reports/report.html", context, status=status)


def _own(request: HttpRequest, pk: int) -> tuple[Report, Acting]:
    acting = who(request)
    return access.report_at(pk, acting=acting), acting


@require_POST
@signed_in
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves; with the second button saves and sends. What was typed stays on the page when it is refused."""
    found, acting = _own(request, pk)
    acting.require("report.write", found)
    written, is_readable = answer_page.written_from(request.POST, found)
    if not is_readable:
        return _writing(request, found, acting, posted=request.POST, status=422)
    edition = row_key(request.POST.get("lan", ""))
    now = clock.now()
    filling.save(found, written, edition=edition, actor=acting, now=now)
    if "lay_lai" in request.POST:
        filling.start(found, actor=acting, now=now)
        messages.success(request, "Đã lấy lại số liệu, nhiệm vụ mới nhất. Số đơn vị tự ghi được giữ nguyên.")
        return redirect("reports:report", pk=found.pk)
    if "gui" not in request.POST:
        messages.success(request, "Đã lưu. Báo cáo chưa gửi.")
        return redirect("reports:report", pk=found.pk)
    try:
        sending.send(found, gaps_named=request.POST.get("phan_thieu", ""), actor=acting, now=now)
    except RuleNotMet as refusal:
        found.refresh_from_db()
        return _writing(request, found, acting, posted=request.POST, refusal=refusal, status=422)
    messages.success(request, "Đã gửi báo cáo. Nơi nhận sẽ nhận hoặc trả lại kèm lý do.")
    return redirect("reports:report", pk=found.pk)


@require_POST
@signed_in
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft as it stands: the leader's button."""
    found, acting = _own(request, pk)
    sending.send(found, gaps_named=request.POST.get("phan_thieu", ""), actor=acting, now=clock.now())
    messages.success(request, "Đã gửi báo cáo.")
    return redirect("reports:report", pk=found.pk)


@require_POST
@signed_in
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    found, acting = _own(request, pk)
    sending.recall(found, actor=acting, now=clock.now())
    messages.success(request, "Đã rút báo cáo về. Sửa xong thì gửi lại.")
    return redirect("reports:report", pk=found.pk)


@require_POST
@signed_in
def change_unlocked(request: HttpRequest, pk: int) -> HttpResponse:
    found, acting = _own(request, pk)
    written, is_readable = answer_page.written_from(request.POST, found)
    if not is_readable:
        raise RuleNotMet(
            "Chưa gửi lại được",
            why="có số chưa đọc được",
            next_step="Viết số như 1.234 hoặc 12,5 rồi gửi lại",
        )
    filling.change_unlocked(found, written, actor=acting, now=clock.now())
    messages.success(request, "Đã sửa và gửi lại phần được mở khóa.")
    return redirect("reports:report", pk=found.pk)


# --- files ------------------------------------------------------------------------------------------------


@require_POST
@signed_in
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    found, acting = _own(request, pk)
    acting.require("report.write", found)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        item = FormItem.objects.filter(form=found.round.form_id, section="tep").order_by("position").first()
        try:
            filling.attach(
                found,
                upload.read(),
                file_name=upload.name,
                caption=form.cleaned_data["caption"],
                item=item,
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, "Đã kèm tệp.")
            return redirect("reports:report", pk=found.pk)
        except RuleNotMet as refusal:
            form.add_error("file", refusal.message)
    return _writing(request, found, acting, file_form=form, status=422)


def _attachment(found: Report, file_pk: int) -> Attachment:
    attachment = found.attachments.select_related("file", "report__round__plan").filter(pk=file_pk).first()
    if attachment is None:
        raise Http404("no such file")
    return attachment


@require_safe
@signed_in
def file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """Always as a download: whatever is inside must not run on this site."""
    found, acting = _own(request, pk)
    if not access.may_read_content(found, acting=acting):
        raise Http404("not yet sent")
    attachment = _attachment(found, file_pk)
    return FileResponse(
        default_storage.open(attachment.file.place),
        as_attachment=True,
        filename=attachment.file_name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )


@require_POST
@signed_in
def detach(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    found, acting = _own(request, pk)
    filling.detach(_attachment(found, file_pk), actor=acting, now=clock.now())
    messages.success(request, "Đã bỏ tệp.")
    return redirect("reports:report", pk=found.pk)


# --- corrections --------------------------------------------------------------------------------------------


@require_POST
@signed_in
def correct(request: HttpRequest, pk: int, correction_pk: int) -> HttpResponse:
    found, acting = _own(request, pk)
    correction = (
        Correction.objects.filter(pk=correction_pk, figure__report=found)
        .select_related(
            "figure__report__round__plan",
            "figure__report__parent__round",
            "figure__item",
            "figure__indicator",
        )
        .first()
    )
    if correction is None:
        raise Http404("no such correction")
    if request.POST.get("viec") == "giu":
        correcting.decline(correction, reason=request.POST.get("ly_do", ""), actor=acting, now=clock.now())
        messages.success(request, "Đã giữ nguyên số đã gửi.")
    else:
        correcting.accept(correction, actor=acting, now=clock.now())
        messages.success(request, "Đã đính chính. Số đã gửi vẫn được giữ để đối chiếu.")
    return redirect("reports:report", pk=found.pk)


@require_POST
@signed_in
def correct_all(request: HttpRequest, pk: int) -> HttpResponse:
    found, acting = _own(request, pk)
    count = correcting.accept_all(found, actor=acting, now=clock.now())
    messages.success(request, f"Đã đính chính {count} số.")
    return redirect("reports:report", pk=found.pk)
