"""Pages of the log: the list, one entry, and whether the chain is whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from thidua.audit import reader
from thidua.audit.background import VERIFY_CHAIN
from thidua.audit.models import ChainCheck
from thidua.jobs.models import Job
from thidua.jobs.queue import enqueue
from thidua.organisations import tree
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook
from thidua.workspace.log_list import LOG, MINE, OBJECT, WHOSE, WORKBOOK
from thidua.workspace.log_scope import visible_entries


@require_safe
@signed_in
def log(request: HttpRequest) -> HttpResponse:
    entries = visible_entries(who(request))
    address = request.GET.get(OBJECT, "")[:130]
    if address:
        entries = entries.filter(reader.of_object(address))
    is_mine = request.GET.get(WHOSE) == MINE
    if is_mine:
        entries = entries.filter(user=who(request).user)
    found = listing(request, WORKBOOK if wants_workbook(request) else LOG, entries)
    found.kept = {**({OBJECT: address} if address else {}), **({WHOSE: MINE} if is_mine else {})}
    if wants_workbook(request):
        return found.workbook()
    newest = entries.order_by("-number").first() if address else None
    context = {
        "listing": found,
        "is_of_object": bool(address),
        "is_mine": is_mine,
        "newest": newest,
        **_chain_context(),
    }
    return render(request, "workspace/log.html", context)


@require_safe
@signed_in
def entry(request: HttpRequest, number: int) -> HttpResponse:
    acting = who(request)
    found = visible_entries(acting).filter(number=number).first()
    if found is None:
        raise Http404
    labels = tree.labels_on(filter(None, (found.unit_id, found.object_unit_id)), on=acting.on)
    (line,) = reader.lines_of([found])
    context = {
        "line": line,
        "entry": found,
        "object_type": reader.object_type_label(found.object_type),
        "for_unit": labels.get(found.unit_id or 0, ""),
        "object_unit": labels.get(found.object_unit_id or 0, ""),
        "object_address": f"{found.object_type}:{found.object_id}",
    }
    return render(request, "workspace/log_entry.html", context)


@require_safe
@signed_in
def chain(request: HttpRequest) -> HttpResponse:
    """What is known about the chain, alone: the page asks for it while a worker verifies."""
    who(request).require("log.read", None)
    if not request.headers.get("HX-Request"):
        return redirect("workspace:log")
    return render(request, "workspace/log.html#chain", _chain_context())


@require_POST
@signed_in
def verify(request: HttpRequest) -> HttpResponse:
    """Ask a worker to verify the chain; while one is at it, nobody asks again."""
    acting = who(request)
    acting.require("log.read", None)
    if _open_job() is None:
        enqueue(VERIFY_CHAIN, args={}, requested_by=acting.user)
    if request.headers.get("HX-Request"):
        return render(request, "workspace/log.html#chain", _chain_context())
    messages.info(request, "Đang kiểm tra chuỗi nhật ký. Tải lại trang sau ít giây để xem kết quả.")
    return redirect("workspace:log")


def _open_job() -> Job | None:
    return Job.objects.filter(kind=VERIFY_CHAIN).exclude(state__in=Job.FINISHED).first()


def _chain_context() -> dict[str, Any]:
    return {"check": ChainCheck.objects.order_by("-pk").first(), "job": _open_job()}
