"""Pages of movements: the list, one movement with its tabs, a plan beside the plan above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold
from thidua.documents.sentences import THEMES, amount, edtf_in_words
from thidua.movements.cascade import comparison as comparing
from thidua.movements.cascade import parents as parents_of
from thidua.movements.cascade.coverage import Item
from thidua.movements.cascade.figures import Verdict, in_words
from thidua.movements.cascade.forms import CoverageFilters, ExplainForm, RemoveParentForm
from thidua.movements.cascade.movement_list import MOVEMENTS, prepared, years
from thidua.movements.cascade.system import family, issuer_label, system
from thidua.movements.models import (
    CoverageNote,
    Milestone,
    Movement,
    Plan,
    PlanItem,
    PlanVersion,
    RegistrationKind,
    RegistrationState,
    Target,
    TaskState,
)
from thidua.movements.progress.judging import Judged, judge_all
from thidua.movements.visibility import (
    visible_movements,
    visible_plans,
    visible_registrations,
    visible_tasks,
    visible_versions,
)
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook
from thidua.tables.words import holding
from thidua.tables.workbooks import Cell, Sheet, download, written

#: Colour of a verdict; its name always stands beside it.
TONES = {
    Verdict.MISSING: "late",
    Verdict.CONTRADICTING: "late",
    Verdict.WEAKER: "warning",
    Verdict.INCOMPARABLE: "",
    Verdict.COVERED: "good",
    Verdict.STRONGER: "good",
}


# --- the list -------------------------------------------------------------------------------------


@require_safe
@signed_in
def movements(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = prepared(visible_movements(acting), visible_plans(acting), on=acting.on)
    found = listing(request, MOVEMENTS, rows)
    if wants_workbook(request):
        return found.workbook()
    return render(request, "cascade/list.html", {"listing": found})


# --- one movement ---------------------------------------------------------------------------------


@require_safe
@signed_in
def movement(request: HttpRequest, pk: int, tab: str = "ke-hoach") -> HttpResponse:
    acting = who(request)
    found = get_object_or_404(
        visible_movements(acting).select_related("owner", "standing_body", "variant_of"), pk=pk
    )
    if tab not in TABS:
        return redirect("cascade:movement", pk=pk)
    label, load = TABS[tab]
    units = [unit_id for unit_id in (found.owner_id, found.standing_body_id) if unit_id]
    labels = tree.labels_on(units, on=acting.on)
    context = {
        "movement": found,
        "theme": THEMES.get(found.theme, ""),
        "years": years(found),
        "owner": labels.get(found.owner_id or 0, ""),
        "standing": labels.get(found.standing_body_id or 0, ""),
        "variants": visible_movements(acting).filter(variant_of=found).order_by("name_order")[:50],
        "tab": tab,
        "tab_label": label,
        "tabs": [(key, name) for key, (name, _) in TABS.items()],
        **load(found, acting),
    }
    return render(request, f"cascade/movement_{tab.replace('-', '_')}.html", context)


def _plans_shown(movement: Movement) -> Q:
    """Of a variant its own plans; of the movement itself those of all variants too."""
    return Q(movement=movement) if movement.variant_of_id else family(movement)


def _plans_tab(movement: Movement, acting: Acting) -> dict[str, Any]:
    found = system(movement, visible_plans(acting), visible_versions(acting), on=acting.on)
    return {"system": found, "tones": TONES}


@dataclass
class _TargetGroup:
    label: str
    rows: list[tuple[Target, str, str, Judged]] = field(default_factory=list)


def _targets_tab(movement: Movement, acting: Acting) -> dict[str, Any]:
    """All targets in force, the same indicator of all plans side by side, the highest plan first."""
    shown = system(movement, visible_plans(acting), visible_versions(acting), on=acting.on)
    place = {node.plan.pk: position for position, node in enumerate(shown.nodes)}
    owners = {node.plan.pk: node.owner_label for node in shown.nodes}
    rows = Target.objects.filter(plan_id__in=place, is_current=True).select_related("plan", "item__version")
    ordered = sorted(rows, key=lambda row: (place[row.plan_id], row.item.position))
    groups: dict[str, _TargetGroup] = {}
    for target, judged in zip(ordered, judge_all(ordered, on=acting.on), strict=True):
        item = comparing.as_item(target.item)
        key = item.figure.root if item.figure and item.figure.root != "other" else fold(target.label)
        group = groups.setdefault(key, _TargetGroup(target.label))
        group.rows.append((target, owners[target.plan_id], _amount(item), judged))
    return {"groups": list(groups.values())}


def _amount(item: Item) -> str:
    return in_words(item.figure) if item.figure is not None else amount(item.entry)


@dataclass
class _UnitTasks:
    unit_id: int
    label: str
    late: int = 0
    by_state: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def cells(self) -> list[int]:
        return [self.by_state.get(state, 0) for state in TaskState.values]


def _tasks_tab(movement: Movement, acting: Acting) -> dict[str, Any]:
    late = Q(state__in=[TaskState.GIVEN, TaskState.ACCEPTED], due_on__lt=acting.on)
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=acting.on)
    plans = visible_plans(acting).filter(_plans_shown(movement))
    rows = (
        visible_tasks(acting)
        .filter(begun, plan__in=plans.values("pk"))
        .order_by()
        .values("unit_id", "state")
        .annotate(count=Count("pk"), late=Count("pk", filter=late))
    )
    units: dict[int, _UnitTasks] = {}
    for row in rows:
        unit = units.setdefault(row["unit_id"], _UnitTasks(row["unit_id"], ""))
        unit.by_state[row["state"]] += row["count"]
        unit.late += row["late"]
    for unit_id, label in tree.labels_on(units, on=acting.on).items():
        units[unit_id].label = label
    ordered = sorted(units.values(), key=lambda unit: (-unit.late, unit.label))
    return {
        "units": ordered,
        "states": TaskState.labels,
        "late_count": sum(unit.late for unit in ordered),
        "task_count": sum(unit.total for unit in ordered),
        "tasks_address": _address("tasks:list"),
    }


def _milestones_tab(movement: Movement, acting: Acting) -> dict[str, Any]:
    shown = visible_plans(acting).filter(_plans_shown(movement))
    rows = list(
        Milestone.objects.filter(plan__in=shown.values("pk"), is_current=True)
        .select_related("plan", "item")
        .order_by("last_day", "pk")
    )
    owners = tree.labels_on({row.plan.owner_id for row in rows if row.plan.owner_id}, on=acting.on)
    by_year: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_year[row.last_day.year if row.last_day else None].append(
            {
                "milestone": row,
                "owner": issuer_label(row.plan, owners),
                "is_past": bool(row.last_day and row.last_day < acting.on),
                "is_whole_year": _is_whole_year(row.first_day, row.last_day),
            }
        )
    ordered = sorted(by_year.items(), key=lambda pair: (pair[0] is None, pair[0] or 0))
    return {"years_shown": ordered, "today": acting.on, "timeline_address": _address("timeline:timeline")}


def _is_whole_year(first: date | None, last: date | None) -> bool:
    return bool(first and last and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31))


def _registrations_tab(movement: Movement, acting: Acting) -> dict[str, Any]:
    shown = visible_plans(acting).filter(_plans_shown(movement))
    rows = (
        visible_registrations(acting)
        .filter(plan__in=shown.values("pk"))
        .order_by()
        .values("year", "kind", "state")
        .annotate(count=Count("pk"))
    )
    table: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for row in rows:
        table[row["year"], row["kind"]][row["state"]] = row["count"]
    lines = [
        (year, RegistrationKind(kind).label, [counts.get(state, 0) for state in RegistrationState.values])
        for (year, kind), counts in sorted(table.items(), key=lambda pair: (-pair[0][0], pair[0][1]))
    ]
    return {
        "lines": lines,
        "registration_states": RegistrationState.labels,
        "registrations_address": _address("registrations:board"),
    }


def _documents_tab(movement: Movement, acting: Acting) -> dict[str, Any]:
    cited = Plan.objects.filter(carried_out_by__movement=movement).values("pk")
    shown = visible_plans(acting).filter(_plans_shown(movement) | Q(pk__in=cited))
    versions = (
        visible_versions(acting)
        .filter(plan__in=shown.values("pk"))
        .select_related("plan", "document")
        .order_by("dated", "plan_id", "number")
    )
    rows = list(versions[:500])
    waiting = list(shown.filter(is_placeholder=True).order_by("dated", "pk")[:200])
    plans = [*(version.plan for version in rows), *waiting]
    owners = tree.labels_on({plan.owner_id for plan in plans if plan.owner_id}, on=acting.on)
    return {
        "versions": [
            (
                version,
                issuer_label(version.plan, owners),
                edtf_in_words(version.dated),
            )
            for version in rows
        ],
        "waiting": [(plan, issuer_label(plan, owners), edtf_in_words(plan.dated)) for plan in waiting],
    }


TABS: dict[str, tuple[str, Callable[[Movement, Acting], dict[str, Any]]]] = {
    "ke-hoach": ("Hệ thống kế hoạch", _plans_tab),
    "chi-tieu": ("Chỉ tiêu", _targets_tab),
    "nhiem-vu": ("Nhiệm vụ", _tasks_tab),
    "moc": ("Mốc thời gian", _milestones_tab),
    "dang-ky": ("Đăng ký", _registrations_tab),
    "van-ban": ("Văn bản", _documents_tab),
}


def _address(name: str) -> str:
    """Of a page in another room; empty while that room is not there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


# --- coverage -------------------------------------------------------------------------------------


def _version_or_404(acting: Acting, pk: int) -> PlanVersion:
    rows = visible_versions(acting).select_related(
        "plan__owner", "plan__movement", "document", "written_from__plan"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@signed_in
def coverage(request: HttpRequest, pk: int) -> HttpResponse:
    """A version beside a plan above it; `?voi=` chooses which."""
    acting = who(request)
    version = _version_or_404(acting, pk)
    options = parents_of.higher_plans(version)
    asked = request.GET.get("voi", "")
    higher = next((one for one in options if str(one.plan.pk) == asked), options[0] if options else None)
    labels = tree.labels_on(
        {
            plan.owner_id
            for plan in (version.plan, *(one.plan for one in options), *(higher.through if higher else ()))
            if plan.owner_id
        },
        on=acting.on,
    )
    context: dict[str, Any] = {
        "version": version,
        "plan": version.plan,
        "owner": issuer_label(version.plan, labels),
        "options": [(one, _named(one.plan, labels)) for one in options],
        "higher": higher,
        "may_explain": acting.may("plan.explain", version),
        "may_link": acting.may("plan.draft", version),
        "placeholders": [
            _named(plan, labels) for plan in (higher.through if higher else ()) if plan.is_placeholder
        ],
    }
    if higher is None:
        context["waiting"] = list(version.plan.carries_out.filter(is_placeholder=True))
        return render(request, "cascade/coverage.html", context)
    found = comparing.comparison(version, higher)
    form = CoverageFilters(request.GET)
    answers = form.asked()
    rows = found.narrowed(
        verdict=answers.get("ket_luan", ""),
        kind=answers.get("loai", ""),
        explained={"con": False, "da": True}.get(answers.get("giai_trinh", "")),
    )
    if wants_workbook(request):
        return _coverage_workbook(rows, name=f"doi-chieu-{version.pk}.xlsx")
    kept = {"voi": higher.plan.pk, **{key: value for key, value in request.GET.items() if key in form.fields}}
    context |= {
        "comparison": found,
        "higher_name": _named(higher.plan, labels),
        "rows": [(row, TONES[row.verdict]) for row in rows],
        "form": form,
        "is_asked": bool(answers),
        "counts": [
            (verdict, count, TONES[verdict], urlencode({"voi": higher.plan.pk, "ket_luan": verdict.value}))
            for verdict, count in found.counts.items()
        ],
        "workbook_address": "?" + urlencode({**kept, "dang": "xlsx"}),
    }
    return render(request, "cascade/coverage.html", context)


def _named(plan: Plan, labels: dict[int, str]) -> str:
    owner = issuer_label(plan, labels)
    name = plan.number or plan.title
    return f"{name} của {owner}" if owner else name


def _coverage_workbook(rows: list[comparing.Row], *, name: str) -> HttpResponse:
    columns = (
        ("Kết luận", 18),
        ("Loại", 16),
        ("Cấp trên", 60),
        ("Kế hoạch này", 60),
        ("Lý do", 60),
        ("Giải trình", 40),
    )
    lines: list[list[Cell]] = [
        [
            row.verdict.label if row.is_sure else f"{row.verdict.label} (cần xem lại)",
            row.kind.label,
            row.higher.quote,
            row.own.quote if row.own else "",
            row.finding.sentence,
            row.note.text if row.note else "",
        ]
        for row in rows
    ]
    return download(written([Sheet("Đối chiếu", columns, lines)]), name=name)


def _row_or_404(version: PlanVersion, item_pk: int) -> comparing.Row:
    item = get_object_or_404(PlanItem.objects.select_related("version"), pk=item_pk)
    options = [one for one in parents_of.higher_plans(version) if one.version.pk == item.version_id]
    rows = comparing.comparison(version, options[0]).rows if options else ()
    found = next((row for row in rows if row.higher.pk == item.pk), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def explanation(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Both sentences of one item, and what the officer says about them."""
    acting = who(request)
    version = _version_or_404(acting, pk)
    acting.require("plan.explain", version)
    row = _row_or_404(version, item)
    same_kind = {
        one.pk: one for one in parents_of.kept_items(version) if one.kind == row.higher.kind and one.quote
    }
    choices = [(str(one.pk), f"{one.key}: {one.quote[:110]}") for one in same_kind.values()]
    note = row.note
    start = {"text": note.text, "verdict": note.verdict, "own_item": note.own_item_id or ""} if note else {}
    form = ExplainForm(request.POST or None, initial=start, own_items=choices)
    refusal = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = form.cleaned_data["own_item"]
            try:
                comparing.explain(
                    version,
                    row.higher,
                    text=form.cleaned_data["text"],
                    verdict=form.cleaned_data["verdict"],
                    own_item=same_kind[int(chosen)] if chosen else None,
                    actor=acting,
                    now=clock.now(),
                )
            except RuleNotMet as error:
                refusal = error
            else:
                messages.success(request, "Đã lưu giải trình.")
                return redirect(
                    f"{_coverage_address(version, row.higher.version.plan_id)}#muc-{row.higher.pk}"
                )
    context = {
        "version": version,
        "row": row,
        "tone": TONES[row.finding.verdict],
        "form": form,
        "refusal": refusal,
        "back": _coverage_address(version, row.higher.version.plan_id),
    }
    return render(request, "cascade/explain.html", context, status=status)


def _coverage_address(version: PlanVersion, higher_plan: int) -> str:
    return f"{reverse('cascade:coverage', args=[version.pk])}?voi={higher_plan}"


@require_POST
@signed_in
def take_back_explanation(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    acting = who(request)
    version = _version_or_404(acting, pk)
    note = get_object_or_404(
        CoverageNote.objects.select_related("version__plan", "higher_item__version"),
        version=version,
        higher_item_id=item,
    )
    back = _coverage_address(version, note.higher_item.version.plan_id)
    comparing.take_back(note, actor=acting, now=clock.now())
    messages.success(request, "Đã bỏ giải trình.")
    return redirect(f"{back}#muc-{item}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def parents(request: HttpRequest, pk: int) -> HttpResponse:
    """The plans that this one carries out, mended by hand."""
    acting = who(request)
    version = _version_or_404(acting, pk)
    acting.require("plan.draft", version)
    plan = version.plan
    refusal = None
    if request.method == "POST":
        try:
            parent = get_object_or_404(visible_plans(acting), pk=request.POST.get("ke_hoach") or 0)
            if request.POST.get("viec") == "bo":
                form = RemoveParentForm(request.POST)
                reason = form.cleaned_data["reason"] if form.is_valid() else ""
                parents_of.remove_parent(plan, parent, actor=acting, now=clock.now(), reason=reason)
                messages.success(request, f"Đã bỏ {parent.number or parent.title} khỏi kế hoạch cấp trên.")
            else:
                parents_of.add_parent(plan, parent, actor=acting, now=clock.now())
                messages.success(request, f"Đã gắn {parent.number or parent.title} làm kế hoạch cấp trên.")
        except RuleNotMet as error:
            refusal = error
        else:
            return redirect("cascade:parents", pk=pk)
    search = request.GET.get("tim", "").strip()[:200]
    linked = list(plan.carries_out.order_by("pk"))
    found = _searched(acting, plan, search, linked) if search else []
    owners = tree.labels_on({one.owner_id for one in (*linked, *found) if one.owner_id}, on=acting.on)
    context = {
        "version": version,
        "plan": plan,
        "linked": [(one, issuer_label(one, owners)) for one in linked],
        "found": [(one, issuer_label(one, owners)) for one in found],
        "search": search,
        "refusal": refusal,
        "remove_form": RemoveParentForm(label_suffix=""),
    }
    return render(request, "cascade/parents.html", context, status=422 if refusal else 200)


def _searched(acting: Acting, plan: Plan, search: str, linked: list[Plan]) -> list[Plan]:
    rows = visible_plans(acting).exclude(pk__in=[plan.pk, *(one.pk for one in linked)])
    rows = holding(rows, fold(search).split())
    return list(rows.order_by("-is_placeholder", "dated", "pk")[:20])
