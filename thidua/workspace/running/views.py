"""Pages of health, figures and failed jobs."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thidua.accounts.models import User
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.text import row_key
from thidua.jobs import life
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook
from thidua.workspace.rights import installation
from thidua.workspace.running import health, keeping, measures
from thidua.workspace.running.job_list import ACTS_FORM, FAILED_JOBS


@require_safe
@never_cache
def health_page(request: HttpRequest) -> HttpResponse:
    """Well or not, for everybody; details for administrators and the monitor. 503 when ill.

    JSON unless a browser asks. Looks at the session only when the database answers.
    """
    found = health.look(now=timezone.now())
    status = 200 if found.is_well else 503
    may_see = _has_token(request) or (found.checks[0].is_well and _keeps_jobs(request))
    if "text/html" not in request.headers.get("Accept", ""):
        return JsonResponse(
            {
                "status": "ok" if found.is_well else "ill",
                "checks": {
                    check.key: {"ok": check.is_well, **({"detail": check.detail} if may_see else {})}
                    for check in found.checks
                },
            },
            status=status,
            json_dumps_params={"ensure_ascii": False},
        )
    # Without the database there is nobody to greet on top of the page.
    template = "running/health.html" if found.checks[0].is_well else "running/health_alone.html"
    workers = life.workers(now=timezone.now()) if may_see and found.is_well else []
    context = {"health": found, "may_see": may_see, "workers": workers}
    return render(request if found.checks[0].is_well else None, template, context, status=status)


@require_safe
@never_cache
def measures_page(request: HttpRequest) -> HttpResponseBase:
    """For the monitor with its token, and for administrators who signed in."""
    if not _has_token(request):
        if settings.METRICS_TOKEN and request.headers.get("Authorization"):
            return HttpResponse("Mã không đúng.\n", status=401, content_type="text/plain; charset=utf-8")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        who(request).require("jobs.keep", installation(who(request)))
    return HttpResponse(measures.text(now=timezone.now()), content_type=measures.CONTENT_TYPE)


def _has_token(request: HttpRequest) -> bool:
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and constant_time_compare(sent, settings.METRICS_TOKEN)


def _keeps_jobs(request: HttpRequest) -> bool:
    try:
        return isinstance(request.user, User) and who(request).may("jobs.keep", installation(who(request)))
    except DatabaseError:  # tables that are missing are what the page is about to tell
        return False


@require_safe
@signed_in
def jobs(request: HttpRequest) -> HttpResponse:
    """The failed ones, and how the queue and its workers are."""
    acting = who(request)
    acting.require("jobs.keep", installation(acting))
    rows = keeping.failed()
    kinds = list(rows.order_by().values_list("kind", flat=True).distinct())
    found = listing(request, FAILED_JOBS, rows, kinds=kinds)
    if wants_workbook(request):
        return found.workbook()
    now = timezone.now()
    context = {
        "listing": found,
        "acts_form": ACTS_FORM,
        "counts": life.counts(),
        "longest_wait": life.longest_wait_seconds(now=now),
        "workers": life.workers(now=now),
    }
    return render(request, "running/jobs.html", context)


@require_POST
@signed_in
def act(request: HttpRequest) -> HttpResponse:
    """Run again or give up what was ticked, or all."""
    acting = who(request)
    acting.require("jobs.keep", installation(acting))
    rows = keeping.failed()
    asked = request.POST.get("viec", "")
    if asked not in ("chay-lai", "chay-lai-het", "bo"):
        raise Http404
    if asked != "chay-lai-het":
        chosen = [key for text in request.POST.getlist("chon") if (key := row_key(text)) is not None]
        rows = rows.filter(pk__in=chosen)
        if not chosen:
            messages.error(request, "Chưa chọn việc nào. Đánh dấu việc trong danh sách rồi bấm lại.")
            return redirect("running:jobs")
    try:
        if asked == "bo":
            number = keeping.give_up(
                rows, reason=request.POST.get("ly_do", ""), actor=acting, now=clock.now()
            )
            messages.success(request, f"Đã bỏ {number} việc.")
        else:
            number = keeping.run_again(rows, actor=acting, now=timezone.now())
            messages.success(request, f"Đã xếp {number} việc vào hàng đợi để chạy lại.")
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect("running:jobs")
