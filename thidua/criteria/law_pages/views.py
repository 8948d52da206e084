"""Pages of the lawbook, open to everybody: the list on a day, one entry and its life, what changed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from thidua.core import clock
from thidua.criteria import award_law, lawbook
from thidua.criteria.award_law import Era
from thidua.criteria.award_law.worked_cases import worked_cases
from thidua.criteria.law_pages.law_list import (
    changes_between,
    law_listing,
    marks,
    rows_on,
)
from thidua.criteria.law_pages.words import days_of, difference, group_name, group_of, value_of
from thidua.criteria.lawbook import Parameter
from thidua.tables.listing import wants_workbook

EARLIEST, LATEST = date(1945, 1, 1), date(2100, 12, 31)


@require_safe
def law_list(request: HttpRequest) -> HttpResponseBase:
    day = _day(request, "ngay", clock.today())
    shown = law_listing(request, day, workbook=wants_workbook(request))
    if wants_workbook(request):
        return shown.workbook()
    known = marks()
    rows = rows_on(day)
    context = {
        "listing": shown,
        "day": day,
        "today": clock.today(),
        "era": _era(day),
        "marks": known,
        "mark": max((mark.day for mark in known if mark.day <= day), default=None),
        "count": len(rows),
        "unread": sum(not row.parameter.confirmed for row in rows),
    }
    return render(request, "law_pages/list.html", context)


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """What changed between two days; without days, at the last change of era."""
    eras = award_law.eras()
    second = _day(request, "den", eras[-1].since)
    first = _day(request, "tu", second - timedelta(days=1))
    if second < first:
        first, second = second, first
    book = lawbook.book()
    groups, moved = changes_between(first, second)
    context = {
        "first": first,
        "second": second,
        "steps": [(before, after, after.since - timedelta(days=1)) for before, after in pairwise(eras)],
        "groups": [
            (
                group,
                [
                    (
                        one,
                        value_of(one.before, book) if one.before else None,
                        value_of(one.after, book) if one.after else None,
                    )
                    for one in group.changed
                ],
            )
            for group in groups
        ],
        "count": sum(len(group.changed) for group in groups),
        "moved": moved,
    }
    return render(request, "law_pages/changes.html", context)


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The worked cases: what a lawyer expects, and what the program comes to now."""
    groups = worked_cases()
    context = {
        "groups": groups,
        "count": sum(len(group.cases) for group in groups),
        "wrong": sum(not case.agrees for group in groups for case in group.cases),
    }
    return render(request, "law_pages/cases.html", context)


@require_safe
def entry(request: HttpRequest, key: str) -> HttpResponse:
    """One entry: what holds on the day, and its whole history with what each version changed."""
    book = lawbook.book()
    history = book.history(key)
    local = [(place, book.history(key, place=place)) for place in book.places()]
    known = [*history, *(one for _, versions in local for one in versions)]
    if not known:
        raise Http404
    day = _day(request, "ngay", clock.today())
    current = book.find(key, on=day)
    befores: list[Parameter | None] = [None, *history[:-1]] if history else []
    context = {
        "key": key,
        "name": (current or known[-1]).name,
        "group": group_of(key),
        "group_name": group_name(group_of(key)),
        "day": day,
        "current": current,
        "value": value_of(current, book) if current else None,
        "history": [
            {
                "parameter": parameter,
                "days": days_of(parameter),
                "value": value_of(parameter, book),
                "difference": difference(before, parameter, book) if before else None,
                "is_current": parameter is current,
            }
            for before, parameter in reversed(list(zip(befores, history, strict=True)))
        ],
        "local": [
            (place, [(days_of(one), value_of(one, book).flat, one) for one in versions])
            for place, versions in local
            if versions
        ],
    }
    return render(request, "law_pages/entry.html", context)


def _day(request: HttpRequest, name: str, otherwise: date) -> date:
    """The day that the address asks for; `otherwise` when it asks for none or for nonsense."""
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return otherwise
    return day if EARLIEST <= day <= LATEST else otherwise


def _era(day: date) -> Era | None:
    return award_law.era(day) if award_law.has_law(day) else None
