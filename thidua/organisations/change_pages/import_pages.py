"""Pages of taking in units from Excel: hand in, look, carry out. Long files are a worker's."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.jobs.models import Job
from thidua.jobs.queue import enqueue
from thidua.organisations import unit_import
from thidua.organisations.authority import Acting
from thidua.organisations.background import CARRY_OUT_IMPORT, CHECK_IMPORT
from thidua.organisations.models import Role, UnitImport
from thidua.organisations.signed_in import signed_in, who
from thidua.organisations.spreadsheets import HEADINGS, KINDS, MOST_BYTES, SHEET
from thidua.tables.workbooks import Sheet, download, written

#: Smaller files are done while the person waits.
SMALL_BYTES = 60_000
SMALL_ROWS = 1_000
SHOWN_ERRORS = 100


def _administrator(request: HttpRequest) -> Acting:
    acting = who(request)
    if not acting.has_role(Role.ADMINISTRATOR):
        raise NotAllowed(
            "Bạn chưa được nhập đơn vị",
            why="việc này cần vai trò «Quản trị»",
            next_step="Gửi danh sách cho người quản trị đơn vị",
        )
    return acting


@require_safe
@signed_in
def template(request: HttpRequest) -> HttpResponse:
    """The empty file: the sheet to fill in, what belongs into each column, the kinds."""
    content = written(
        [
            Sheet(SHEET, tuple((one.title, one.width) for one in HEADINGS), ()),
            Sheet(
                "Hướng dẫn",
                (("Cột", 8), ("Tên cột", 20), ("Ghi gì", 90)),
                [
                    *([one.letter, one.title, one.about] for one in HEADINGS),
                    ["", "Ví dụ", "B: bản Ma Lù Thàng · C: Thôn, bản, tổ dân phố · D: xã Huổi Luông"],
                    ["", "Nhập lại", "Đơn vị đã có được giữ nguyên; có thể nhập lại cùng một tệp."],
                ],
            ),
            Sheet("Loại đơn vị", (("Loại", 40),), [[kind.label] for kind in KINDS]),
        ]
    )
    return download(content, name="mau-don-vi.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hand_in(request: HttpRequest) -> HttpResponse:
    acting = _administrator(request)
    error = ""
    if request.method == "POST":
        upload = request.FILES.get("tep")
        if upload is None:
            error = "Chưa chọn tệp. Chọn một tệp Excel .xlsx rồi gửi lại."
        elif (upload.size or 0) > MOST_BYTES:
            error = f"Tệp lớn hơn {MOST_BYTES // 1024 // 1024} MB. Chia thành nhiều tệp rồi gửi lại."
        else:
            raw, now = upload.read(), clock.now()
            kept = unit_import.keep(raw, file_name=upload.name or "tep.xlsx", actor=acting, now=now)
            if len(raw) <= SMALL_BYTES:
                unit_import.check(kept, actor=acting, now=now)
            else:
                enqueue(CHECK_IMPORT, args={"import_id": kept.pk}, requested_by=acting.user)
            return redirect("unit_import:look", pk=kept.pk)
    earlier = UnitImport.objects.filter(user=acting.user).select_related("change").defer("content")
    context = {"error": error, "earlier": earlier.order_by("-pk")[:10], "headings": HEADINGS}
    return render(request, "unit_import/hand_in.html", context, status=422 if error else 200)


def _kept(acting: Acting, pk: int) -> UnitImport:
    """Only who handed a file in sees it."""
    return get_object_or_404(UnitImport.objects.select_related("change", "user"), pk=pk, user=acting.user)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do; a POST does it."""
    acting = _administrator(request)
    kept = _kept(acting, pk)
    found: dict[str, Any] = json.loads(kept.findings)
    refusal: RuleNotMet | ChangedMeanwhile | None = None
    if request.method == "POST" and kept.checked_at is not None:
        try:
            if found.get("new", 0) > SMALL_ROWS and not kept.is_done:
                key = f"{CARRY_OUT_IMPORT}:{kept.pk}"
                enqueue(CARRY_OUT_IMPORT, args={"import_id": kept.pk}, key=key, requested_by=acting.user)
            else:
                unit_import.carry_out(kept, actor=acting, now=clock.now())
                messages.success(request, f"Đã nhập {found.get('new', 0)} đơn vị.")
            return redirect("unit_import:look", pk=kept.pk)
        except (RuleNotMet, ChangedMeanwhile) as caught:
            refusal = caught
    errors = found.get("errors", [])
    context = {
        "kept": kept,
        "found": found,
        "errors": errors[:SHOWN_ERRORS],
        "error_count": len(errors),
        "may_carry_out": kept.checked_at is not None
        and not kept.is_done
        and not errors
        and not found.get("refusal")
        and found.get("new", 0) > 0,
        "refusal": refusal,
        "job": _job_of(kept),
    }
    template_name = "unit_import/look.html"
    if request.headers.get("HX-Request"):
        template_name += "#state"
    return render(request, template_name, context, status=422 if refusal else 200)


def _job_of(kept: UnitImport) -> Job | None:
    """The work that is under way, or that failed last."""
    jobs = Job.objects.filter(kind__in=(CHECK_IMPORT, CARRY_OUT_IMPORT), args__import_id=kept.pk)
    latest = jobs.order_by("-pk").first()
    return latest if latest is not None and latest.state != "done" else None


@require_safe
@signed_in
def errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The wrong cells as Excel, to go through beside the file."""
    kept = _kept(_administrator(request), pk)
    rows = [[one["place"], one["what"], one["cure"]] for one in json.loads(kept.findings).get("errors", [])]
    content = written([Sheet("Ô sai", (("Ô", 8), ("Sai gì", 70), ("Cách sửa", 70)), rows)])
    return download(content, name="o-sai.xlsx")
