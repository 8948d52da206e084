"""Pages of units: the tree on a day, the list, one unit and its life, and the search for pickers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from thidua.core import clock
from thidua.organisations import life, matching, tree
from thidua.organisations.models import Mandate, Membership, Unit, UnitKind, UnitVersion
from thidua.organisations.signed_in import signed_in
from thidua.organisations.successions import heirs_on
from thidua.organisations.unit_list import unit_table
from thidua.tables.listing import listing, wants_workbook

FOUND = 20
SHOWN_CHILDREN = 300


def _day(request: HttpRequest) -> date:
    """The day that the address asks for; today when it asks for none or for nonsense."""
    try:
        return date.fromisoformat(request.GET.get("ngay", ""))
    except ValueError:
        return clock.today()


def _asked(request: HttpRequest, name: str) -> str:
    """Words of the address, as far as a database can hold them: PostgreSQL refuses the character zero."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:200]


def _kinds(request: HttpRequest) -> list[str]:
    return [kind for kind in request.GET.getlist("loai") if kind in UnitKind.values]


@require_safe
@signed_in
def tree_page(request: HttpRequest) -> HttpResponse:
    """The tree; `?mo=key` opens the branch of a unit and all above it."""
    day = _day(request)
    opened: set[int] = {row.unit_id for row in tree.roots(on=day)}
    current = Unit.objects.filter(key=_asked(request, "mo")).first()
    if current is not None:
        opened |= {row.unit_id for row in tree.ancestors(current.pk, on=day)}
    marks = life.marks()
    context = {
        "day": day,
        "today": clock.today(),
        "branches": life.branches(None, on=day, opened=opened),
        "current": current,
        "marks": marks,
        "mark": max((mark.day for mark in marks if mark.day <= day), default=None),
        "kinds": UnitKind.choices,
    }
    return render(request, "organisations/tree.html", context)


@require_safe
@signed_in
def branch(request: HttpRequest, key: str) -> HttpResponse:
    """What stands below one unit, for a tree that opens where one clicks."""
    unit = _unit(key)
    day = _day(request)
    context = {"branches": life.branches(unit.pk, on=day), "day": day}
    return render(request, "organisations/branch.html", context)


@require_safe
@signed_in
def unit_list(request: HttpRequest) -> HttpResponseBase:
    day = _day(request)
    above = UnitVersion.objects.filter(tree.valid_on(day), unit_id=OuterRef("parent_id")).values("label")[:1]
    rows = UnitVersion.objects.filter(tree.valid_on(day)).select_related("unit").order_by("label_order")
    shown = listing(request, unit_table(day), rows, day=day)
    shown.rows = shown.rows.annotate(above=Subquery(above))
    shown.page.object_list = list(_with_above(shown.page.object_list, day=day))
    if wants_workbook(request):
        return shown.workbook()
    root = Unit.objects.filter(key=shown.asked.get("duoi", "")).first()
    context = {
        "listing": shown,
        "day": day,
        "root": tree.last_version(root.pk, on=day) if root else None,
    }
    return render(request, "organisations/list.html", context)


def _with_above(rows: Any, *, day: date) -> list[UnitVersion]:
    found = list(rows)
    labels = tree.labels_on([row.parent_id for row in found if row.parent_id], on=day)
    for row in found:
        row.above = labels.get(row.parent_id, "") if row.parent_id else ""
    return found


@require_safe
@signed_in
def unit_page(request: HttpRequest, key: str) -> HttpResponse:
    """One unit on a day: where it stood, what stood below, who acts for it, its life."""
    unit = Unit.objects.filter(key=key).first()
    if unit is None:
        kept = _kept_under_an_old_key(key)
        if kept is None:
            raise Http404
        return redirect("organisations:unit", key=kept.key)
    day = _day(request)
    version = tree.version_on(unit.pk, on=day)
    shown = version or tree.last_version(unit.pk, on=day)
    if shown is None:
        raise Http404
    heirs = [] if version else [pk for pk in heirs_on(unit.pk, on=day) if pk != unit.pk]
    heir_versions = UnitVersion.objects.filter(tree.valid_on(day), unit_id__in=heirs).select_related("unit")
    children = life.branches(unit.pk, on=day) if version else ()
    memberships = (
        Membership.objects.filter(unit=unit).select_related("grouping", "act").order_by("-since", "pk")
    )
    mandates = (
        Mandate.objects.filter(unit=unit, since__lte=day, until__gt=day, revoked_at__isnull=True)
        .select_related("user")
        .order_by("role", "user__name_order", "pk")
    )
    context = {
        "unit": unit,
        "version": version,
        "shown": shown,
        "day": day,
        "today": clock.today(),
        "path": tree.ancestors(unit.pk, on=day)[:-1] if version else [],
        "children": children[:SHOWN_CHILDREN],
        "children_count": len(children),
        "below": sum(1 + child.below for child in children),
        "heirs": list(heir_versions),
        "events": life.events(unit.pk, on=day),
        "memberships": memberships,
        "mandates": mandates,
    }
    return render(request, "organisations/unit.html", context)


def _unit(key: str) -> Unit:
    unit = Unit.objects.filter(key=key).first()
    if unit is None:
        raise Http404
    return unit


def _kept_under_an_old_key(key: str) -> Unit | None:
    """ "from-12" of a province that went on under its old key "before-12"."""
    era, _, code = key.partition("-")
    if era != "from" or not code.isdigit():
        return None
    rows = UnitVersion.objects.filter(code=code, unit__key__startswith="before-", annulled_by__isnull=True)
    row = rows.filter(made_by__takes_effect_on=date(2025, 7, 1)).select_related("unit").first()
    return row.unit if row else None


@require_safe
@signed_in
def find(request: HttpRequest) -> HttpResponse:
    """Units for a picker: JSON, or `<option>`s for a datalist when htmx asks."""
    day = _day(request)
    within = Unit.objects.filter(key=_asked(request, "trong")).first()
    words = _asked(request, "q")
    rows: list[UnitVersion] = []
    if words:
        rows = matching.search(
            words, on=day, limit=FOUND, kinds=_kinds(request) or None, within=within.pk if within else None
        )
    labels = tree.labels_on([row.parent_id for row in rows if row.parent_id], on=day)
    units = [
        {
            "id": row.unit_id,
            "key": row.unit.key,
            "label": row.label,
            "kind": row.unit.get_kind_display(),
            "above": labels.get(row.parent_id, "") if row.parent_id else "",
        }
        for row in rows
    ]
    if request.headers.get("HX-Request"):
        return render(request, "organisations/options.html", {"units": units})
    return JsonResponse({"day": day.isoformat(), "units": units})
