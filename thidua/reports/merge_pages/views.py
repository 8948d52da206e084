"""Pages of the merged report: gaps first, figures with who is in them, answers piece by piece, its paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, row_key
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.documents.writing.characters import CannotBePrinted
from thidua.documents.writing.paper import Paper
from thidua.jobs.models import Job
from thidua.jobs.queue import enqueue
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.reports import lower_reports, merging, narrative, report_facts, report_paper
from thidua.reports.background import MERGE
from thidua.reports.lower_reports import labels
from thidua.reports.merge_pages import shown
from thidua.reports.models import Answer, PieceDecision, Report

#: So many pages of a paper are drawn on the page; the rest is in the file.
MOST_PICTURES = 12
_TYPES = {
    "pdf": ("application/pdf", "pdf"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
}


def _pictures(described: Paper, *, dots_per_inch: int) -> list[bytes]:
    # The drawing program takes a second to load: only pages that draw wait for it.
    from thidua.documents.writing.typesetting import page_pictures

    return page_pictures(described, dots_per_inch=dots_per_inch)


def _bytes(described: Paper, form: str) -> bytes:
    from thidua.documents.writing.typesetting import pdf_bytes
    from thidua.documents.writing.word import docx_bytes

    return pdf_bytes(described) if form == "pdf" else docx_bytes(described)


def _report(pk: int, acting: Acting, *, is_merged: bool = True) -> Report:
    """A report that the person may read; 404 for the rest, so that nobody learns that it exists."""
    found = (
        Report.objects.filter(pk=row_key(str(pk)) or 0)
        .select_related("round__plan__movement", "round__form", "unit", "receiver", "parent__round__plan")
        .first()
    )
    if found is None or not acting.may("report.read", found) or (is_merged and not found.is_merged):
        raise Http404("no such report")
    is_writer = acting.may("report.write", found)
    if found.state not in Report.RECEIVED and not is_writer:
        raise Http404("not sent yet")
    return found


@require_safe
@signed_in
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _merge_page(request, _report(pk, acting), acting)


def _merge_page(
    request: HttpRequest, found: Report, acting: Acting, *, refusal: RuleNotMet | None = None
) -> HttpResponse:
    page = shown.page_of(found, on=acting.on, asked=request.GET)
    context = _context(found, acting) | {
        "page": page,
        "job": _job_of(found),
        "refusal": refusal,
        "may_merge": found.is_writable and acting.may("report.write", found),
        "history": history(found)[:30],
        "warnings": _warnings(found, acting) if page.merging else (),
        "decisions": [
            (value, label) for value, label in PieceDecision.choices if value != PieceDecision.CHOSEN
        ],
    }
    name = "reports/merge.html#state" if request.headers.get("HX-Request") else "reports/merge.html"
    return render(request, name, context, status=422 if refusal else 200)


def _context(found: Report, acting: Acting) -> dict[str, Any]:
    ids = [one for one in (found.unit_id, found.receiver_id) if one is not None]
    names = labels(ids, on=max(acting.on, found.due_on) if found.is_writable else found.due_on)
    return {
        "report": found,
        "unit_label": names.get(found.unit_id, ""),
        "receiver_label": names.get(found.receiver_id or 0, ""),
    }


def _job_of(found: Report) -> Job | None:
    """The merging that is under way, or that failed last."""
    latest = Job.objects.filter(kind=MERGE, args__report_id=found.pk).order_by("-pk").first()
    return latest if latest is not None and latest.state != "done" else None


def _warnings(found: Report, acting: Acting) -> list[str]:
    """Edited sentences whose figures are no longer those of the data; only while somebody may mend them."""
    if not found.is_writable or not acting.may("report.write", found):
        return []
    now = report_facts.sentences(found, on=acting.on)
    warnings: list[str] = []
    for answer in Answer.objects.filter(report=found).exclude(trace=[]):
        drafted = narrative.from_json(answer.trace)
        warnings += narrative.follow(drafted, answer.text, now=now).warnings
    return warnings


@require_POST
@signed_in
def build(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge at once, or by a worker where there are many reports."""
    acting = who(request)
    found = _report(pk, acting)
    acting.require("report.write", found)
    if lower_reports.accepted(found).count() > shown.MANY:
        running = _job_of(found)
        if running is None or running.is_finished:
            enqueue(MERGE, args={"report_id": found.pk, "user_id": acting.user.pk}, requested_by=acting.user)
        messages.success(request, "Đang tổng hợp. Trang hiện kết quả khi xong.")
        return redirect("merging:merge", pk=found.pk)
    try:
        made = merging.build(found, actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        return _merge_page(request, found, acting, refusal=refusal)
    messages.success(
        request,
        f"Đã tổng hợp {len(made.sources)} báo cáo (lần {made.number}). "
        f"Còn {len(made.findings['gaps'])} chỗ thiếu, xem bên dưới.",
    )
    return redirect("merging:merge", pk=found.pk)


@require_POST
@signed_in
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes in of the pieces of one question; the text is put together anew where nobody changed it."""
    acting = who(request)
    found = _report(pk, acting)
    question = request.POST.get("cau", "")
    decisions = []
    for name, value in request.POST.items():
        if name.startswith("qd_") and value in PieceDecision.values:
            ref = name.removeprefix("qd_")
            decisions.append(
                (
                    ref,
                    PieceDecision(value),
                    request.POST.get(f"loi_{ref}", ""),
                    request.POST.get(f"ly_do_{ref}", ""),
                )
            )
    try:
        merging.decide_all(found, decisions, actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        return _merge_page(request, found, acting, refusal=refusal)
    messages.success(request, "Đã lưu. Bấm «Tổng hợp lại» để đưa vào báo cáo.")
    place = urlencode({"cau": question, "trang": request.POST.get("trang", "1")})
    return redirect(f"{reverse('merging:merge', args=[found.pk])}?{place}#noi-dung")


@require_POST
@signed_in
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Of two figures of one unit, which one counts."""
    acting = who(request)
    found = _report(pk, acting)
    ref, about = request.POST.get("so", ""), request.POST.get("cua", "")
    if not ref or "@" not in about or not about.rpartition("@")[2].isdigit():
        raise Http404("no such figure")
    try:
        merging.decide(found, ref, PieceDecision.CHOSEN, words=about, actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        return _merge_page(request, found, acting, refusal=refusal)
    messages.success(request, "Đã chọn số. Bấm «Tổng hợp lại» để tính lại.")
    return redirect("merging:merge", pk=found.pk)


# ---- the paper


@require_safe
@signed_in
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _paper_page(request, _report(pk, acting, is_merged=False), acting)


def _paper_page(
    request: HttpRequest, found: Report, acting: Acting, *, refusal: RuleNotMet | None = None
) -> HttpResponse:
    pictures = 0
    try:
        pictures = min(len(_pictures(_paper(found, acting), dots_per_inch=20)), MOST_PICTURES)
    except CannotBePrinted as problem:
        refusal = refusal or problem
    rows = OutgoingPaper.objects.filter(about_type="reports.report", about_id=str(found.pk)).exclude(
        state=PaperState.DROPPED
    )
    context = _context(found, acting) | {
        "pictures": range(1, pictures + 1),
        "papers": rows.select_related("given__book", "issued_file").order_by("-pk"),
        "may_draft": acting.may("report.write", found) or acting.may("report.send", found),
        "refusal": refusal,
    }
    return render(request, "reports/paper.html", context, status=422 if refusal else 200)


def _paper(found: Report, acting: Acting) -> Paper:
    """As of the day it was sent; a draft as of today."""
    day = found.sent_at.astimezone(clock.VIETNAM).date() if found.sent_at is not None else acting.on
    return report_paper.paper_of(found, on=day)


@require_safe
@signed_in
def paper_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    acting = who(request)
    found = _report(pk, acting, is_merged=False)
    if form not in _TYPES:
        raise Http404("no such form")
    content = _bytes(_paper(found, acting), form)
    kind, ending = _TYPES[form]
    name = "-".join(fold(found.round.title).split())
    response = HttpResponse(content, content_type=kind)
    where = "inline" if form == "pdf" else "attachment"
    response["Content-Disposition"] = f'{where}; filename="{name}.{ending}"'
    return response


@require_safe
@signed_in
def paper_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    acting = who(request)
    pages = _pictures(_paper(_report(pk, acting, is_merged=False), acting), dots_per_inch=70)
    if not 1 <= number <= min(len(pages), MOST_PICTURES):
        raise Http404("no such page")
    response = HttpResponse(pages[number - 1], content_type="image/png")
    response["Cache-Control"] = "private, max-age=60"
    return response


@require_POST
@signed_in
def draft_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the report to the papers of the body, where it is reviewed, signed, numbered and issued."""
    acting = who(request)
    found = _report(pk, acting, is_merged=False)
    try:
        kept = report_paper.draft(found, actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        return _paper_page(request, found, acting, refusal=refusal)
    messages.success(request, f"Đã soạn «{kept.title}» thành văn bản nháp, chờ soát và ký.")
    return redirect("merging:paper", pk=found.pk)
