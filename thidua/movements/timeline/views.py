"""The timeline page, the page of calendar addresses, and the calendar itself."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.text import row_key
from thidua.movements.models import CalendarFeed, Movement, PlanVersionState
from thidua.movements.timeline import events, feeds
from thidua.movements.timeline.forms import TimelineFilters
from thidua.movements.timeline.layout import EventKind, Placed, Standing, in_words, year_of
from thidua.movements.visibility import visible_plans, visible_tasks
from thidua.organisations.authority import acting as acting_on
from thidua.organisations.signed_in import signed_in, who

MOST_PLANS = 300
FIRST_YEAR, LAST_YEAR = 2000, 2100
CALENDAR_TYPE = "text/calendar; charset=utf-8"


@require_safe
@signed_in
def timeline(request: HttpRequest) -> HttpResponse:
    """A year of everything with a day that this person may see."""
    acting = who(request)
    year = _year(request, acting.on)
    known = list(
        visible_plans(acting)
        .filter(versions__state=PlanVersionState.ADOPTED)
        .select_related("movement")
        .order_by("-made_at", "-pk")[:MOST_PLANS]
    )
    movements: dict[int, Movement] = {plan.movement_id: plan.movement for plan in known}
    form = TimelineFilters(request.GET, movements=movements.values(), plans=known)
    asked = form.asked()
    plans = [
        plan
        for plan in known
        if asked.get("phong_trao", str(plan.movement_id)) == str(plan.movement_id)
        and asked.get("ke_hoach", str(plan.pk)) == str(plan.pk)
    ]
    tasks = visible_tasks(acting)
    if asked.get("cua") == "toi":
        tasks = tasks.filter(unit__in=acting.unit_ids())
    kinds = [EventKind(asked["loai"])] if "loai" in asked else list(EventKind)
    # One year more, so that what comes next is known in December too.
    found = events.events_of(
        plans, first=date(year, 1, 1), last=date(year + 1, 12, 31), tasks=tasks, kinds=kinds
    )
    laid = year_of(found, year=year, today=acting.on)
    context = {
        "form": form,
        "asked": asked,
        "year": laid,
        "months": [(month, [_row(one) for one in month.events], len(month.events)) for month in laid.months],
        "long": [_row(one) for one in laid.long],
        "late": sum(month.late for month in laid.months),
        "today": acting.on,
        "is_this_year": year == acting.on.year,
        "previous": _address(asked, year - 1) if year > FIRST_YEAR else "",
        "following": _address(asked, year + 1) if year < LAST_YEAR else "",
        "has_plans": bool(known),
    }
    return render(request, "timeline/timeline.html", context)


def _row(placed: Placed) -> dict[str, Any]:
    return {
        "event": placed.event,
        "when": in_words(placed.event),
        "standing": placed.standing,
        "is_over": placed.standing in (Standing.DONE, Standing.PAST),
    }


def _year(request: HttpRequest, on: date) -> int:
    asked = request.GET.get("nam", "")
    year = row_key(asked)
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else on.year


def _address(asked: dict[str, str], year: int) -> str:
    return "?" + urlencode({**asked, "nam": year})


# --- calendars to subscribe to --------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def feeds_page(request: HttpRequest) -> HttpResponse:
    """The person's calendar addresses; a new one is shown in this answer and never again."""
    acting = who(request)
    made, refusal = "", None
    if request.method == "POST":
        try:
            token = feeds.make(acting.user, actor=acting, now=clock.now())
            made = request.build_absolute_uri(reverse("timeline:calendar", args=[token]))
        except RuleNotMet as found:
            refusal = found
    context = {
        "made": made,
        "made_for_programs": made.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
        "feeds": list(feeds.active_feeds(acting.user)),
        "most": feeds.MOST_FEEDS,
        "refusal": refusal,
    }
    return render(request, "timeline/feeds.html", context, status=422 if refusal else 200)


@require_POST
@signed_in
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    feed = CalendarFeed.objects.filter(pk=pk, user=acting.user).first()
    if feed is None:
        raise Http404("no such feed")
    feeds.revoke(feed, actor=acting, now=clock.now())
    messages.success(
        request, "Đã thu hồi địa chỉ lịch. Chương trình lịch dùng địa chỉ này không lấy được nữa."
    )
    return redirect("timeline:feeds")


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address: no session, no cookie. Unknown and revoked sound the same."""
    feed = feeds.feed_at(token)
    if feed is None:
        raise Http404("no such calendar")
    if feeds.is_too_often(feed):
        return HttpResponse(
            "Hỏi quá nhiều lần trong một giờ.\n",
            status=429,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "3600"},
        )
    now = clock.now()
    on = clock.today()
    found = feeds.dated_events(acting_on(feed.user, on=on), on=on)
    content = feeds.calendar(found, name=f"Thi Đua – {feed.user}", absolute=request.build_absolute_uri)
    feeds.mark_read(feed, now=now)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(content, content_type=CALENDAR_TYPE)
        response["Content-Disposition"] = 'inline; filename="thi-dua.ics"'
        response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=900"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
