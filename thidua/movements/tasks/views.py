"""Pages of tasks: the list, one task, the board of late units, activities, extra tasks, files of evidence."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.core import clock
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.core.text import row_key
from thidua.documents.papers.visible import incoming_at
from thidua.movements.models import Evidence, Plan, PlanVersionState, Task
from thidua.movements.rights import DECIDING, DOING
from thidua.movements.tasks import activities, activity_list, following, giving, late_board, reminders
from thidua.movements.tasks.acts import EXTENSION_ACTS, TASK_ACTS, Act, with_files
from thidua.movements.tasks.answering import answering_for
from thidua.movements.tasks.forms import ExtraTaskForm, SmallForm, UnitActivityForm
from thidua.movements.tasks.from_incoming import Likely, likely_plans, proposed_task, remember
from thidua.movements.tasks.lateness import Lateness, condition, has_begun
from thidua.movements.tasks.task_list import (
    ACTS_FORM,
    GIVEN,
    MINE,
    SCOPES,
    note_heirs,
    plans_of,
    prepared,
    scope_of,
    task_table,
    tasks_in,
)
from thidua.movements.tasks.task_page import task_for, task_page
from thidua.movements.visibility import visible_plans
from thidua.organisations import matching, tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import Listing, listing, wants_workbook

BACK = "tro-lai"
CHOSEN = "chon"
#: Above this a table of boxes helps nobody: the rest is named.
MOST_BOXES = 250


# --- the list -------------------------------------------------------------------------------------


@require_safe
@signed_in
def tasks(request: HttpRequest) -> HttpResponse:
    return _list(request)


def _list(request: HttpRequest, *, refusal: RuleNotMet | None = None, status: int = 200) -> HttpResponse:
    acting = who(request)
    scope = scope_of(request.GET.get("xem", ""), acting)
    rows = tasks_in(scope, acting)
    may_decide = acting.has_role(*DECIDING)
    table = task_table(
        on=acting.on,
        scope=scope,
        may_choose=scope is GIVEN and may_decide,
        may_accept=scope is MINE and acting.has_role(*DOING),
        shows_unit=scope is not MINE or len(acting.unit_ids()) > 1,
    )
    shown = listing(request, table, prepared(rows, on=acting.on), on=acting.on, plans=plans_of(rows))
    shown.kept = {"xem": scope.key}
    if wants_workbook(request):
        return shown.workbook()
    page_rows = list(shown.page.object_list)
    note_heirs(page_rows, on=acting.on)
    shown.page.object_list = page_rows
    late = tasks_in(scope, acting).filter(has_begun(acting.on)).filter(condition(Lateness.LATE, on=acting.on))
    context = {
        "listing": shown,
        "scope": scope,
        "tabs": [(one, f"?{urlencode({'xem': one.key})}", one is scope) for one in SCOPES],
        "late_count": late.count(),
        "late_address": f"?{urlencode({'xem': scope.key, 'tinh_hinh': Lateness.LATE.value})}",
        "may_choose": table.acts_form == ACTS_FORM and scope is GIVEN and may_decide,
        "may_give": may_decide,
        "acts_form": ACTS_FORM,
        "here": request.get_full_path(),
        "refusal": refusal,
        "usual_text": reminders.USUAL_TEXT,
        "reminder_text": request.POST.get("text", ""),
    }
    return render(request, "tasks/list.html", context, status=status)


@require_POST
@signed_in
def act_on_many(request: HttpRequest) -> HttpResponse:
    """Remind or confirm the chosen tasks of the list: all of them or none."""
    acting, now = who(request), clock.now()
    chosen = _chosen_tasks(request, acting)
    try:
        if request.POST.get("viec") == "xac-nhan":
            done = _confirm_all(chosen, acting)
        else:
            reminders.remind(
                chosen,
                text=request.POST.get("text", ""),
                actor=acting,
                now=now,
                again=bool(request.POST.get("again")),
            )
            done = f"Đã đôn đốc {len({task.unit_id for task in chosen})} đơn vị về {len(chosen)} nhiệm vụ."
    except RuleNotMet as refusal:
        return _list_again(request, refusal)
    messages.success(request, done)
    return redirect(_back(request, reverse("tasks:list")))


def _chosen_tasks(request: HttpRequest, acting: Acting) -> list[Task]:
    keys = [key for text in request.POST.getlist(CHOSEN) if (key := row_key(text))]
    rows = tasks_in(GIVEN, acting).filter(pk__in=keys)
    return list(rows.select_related("plan").order_by("due_on", "pk"))


def _confirm_all(chosen: list[Task], acting: Acting) -> str:
    if not chosen:
        raise RuleNotMet(
            "Chưa xác nhận được", why="chưa chọn nhiệm vụ nào", next_step="Chọn nhiệm vụ trong danh sách"
        )
    now = clock.now()
    with transaction.atomic():
        for task in chosen:
            following.confirm(task, actor=acting, now=now)
    return f"Đã xác nhận {len(chosen)} nhiệm vụ hoàn thành."


def _list_again(request: HttpRequest, refusal: RuleNotMet) -> HttpResponse:
    """The list as it was left, with why nothing was done."""
    query = _back(request, "").partition("?")[2]
    request.GET = QueryDict(query)
    request.path = reverse("tasks:list")
    return _list(request, refusal=refusal, status=422)


# --- one task -------------------------------------------------------------------------------------


@require_safe
@signed_in
def task(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = task_for(pk, acting=acting)
    return render(request, "tasks/task.html", {"page": task_page(found, acting=acting)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Do one thing to a task. A plain visit of the address leads to the task."""
    if request.method != "POST":
        return redirect("tasks:task", pk)
    acting = who(request)
    found = task_for(pk, acting=acting)
    return _do(request, TASK_ACTS[key], found, found, acting)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def answer(request: HttpRequest, pk: int, extension_pk: int, key: str) -> HttpResponse:
    """Do one thing to an extension of a task."""
    if request.method != "POST":
        return redirect("tasks:task", pk)
    acting = who(request)
    found = task_for(pk, acting=acting)
    extension = get_object_or_404(
        found.extensions.select_related("task__plan", "task__parent"), pk=extension_pk
    )
    return _do(request, EXTENSION_ACTS[key], extension, found, acting)


def _do(request: HttpRequest, wanted: Act, on_object: Any, found: Task, acting: Acting) -> HttpResponse:
    acting.require(wanted.right, on_object)
    bound = {
        "data": request.POST,
        "files": request.FILES,
        "auto_id": f"{wanted.key}-{on_object.pk}-%s",
    }
    form = wanted.form(acting, on_object, bound)
    if not form.is_valid():
        return _again(
            request, wanted, form, "Chưa gửi được. Xem lại các ô có ghi chú.", on_object, found, acting
        )
    try:
        wanted.do(on_object, form.cleaned_data, acting, clock.now())
    except RuleNotMet as refusal:
        return _again(request, wanted, form, refusal.message, on_object, found, acting)
    messages.success(request, wanted.done)
    return redirect(_back(request, reverse("tasks:task", args=[found.pk])))


def _again(
    request: HttpRequest,
    wanted: Act,
    form: SmallForm,
    why: str,
    on_object: Any,
    found: Task,
    acting: Acting,
) -> HttpResponse:
    """The page with the form as it was sent and why it was not taken."""
    if not isinstance(on_object, Task):
        page = task_page(
            found, acting=acting, refused=(wanted.key, form, why), refused_extension=on_object.pk
        )
        is_shown = any(one.refusal for asked in page.extensions for one in asked.acts)
    else:
        page = task_page(found, acting=acting, refused=(wanted.key, form, why))
        is_shown = any(one.refusal for one in page.acts)
    context = {"page": page, "refusal": "" if is_shown else why}
    return render(request, "tasks/task.html", context, status=422)


def _back(request: HttpRequest, otherwise: str) -> str:
    """The page that a form names to return to, when it is one of ours."""
    asked = request.POST.get(BACK, "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else otherwise


@require_safe
@signed_in
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of evidence, always as a download: whatever is inside must not run on this site."""
    found = (
        Evidence.objects.filter(pk=pk)
        .select_related("file", "note__task__plan", "activity__plan", "activity__task")
        .first()
    )
    if found is None:
        raise NotAllowed(
            "Bạn chưa được xem tài liệu này",
            why="không có tài liệu ở địa chỉ này",
            next_step="Mở lại trang nhiệm vụ để xem các tài liệu",
        )
    who(request).require("evidence.read", found)
    return FileResponse(
        default_storage.open(found.file.place),
        as_attachment=True,
        filename=found.file_name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )


# --- late units -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def late(request: HttpRequest) -> HttpResponse:
    """Units × late counts, worst first; a POST reminds the chosen units, or all that the filters leave."""
    acting = who(request)
    if not acting.has_role(*DECIDING):
        raise NotAllowed(
            "Bạn chưa xem được bảng đơn vị chậm",
            why="bảng này dành cho chuyên viên thường trực và lãnh đạo của đơn vị giao việc",
            next_step="Mở trang Nhiệm vụ để xem việc của đơn vị mình",
        )
    refusal: RuleNotMet | None = None
    if request.method == "POST":
        try:
            done = _remind_units(request, acting)
        except RuleNotMet as refused:
            refusal = refused
        else:
            messages.success(request, done)
            return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
    shown = _late_listing(request, acting)
    if wants_workbook(request):
        return shown.workbook()
    rows = list(shown.page.object_list)
    answers = answering_for([unit.pk for unit in rows], on=acting.on)
    for unit in rows:
        unit.heirs_note = answers[unit.pk].note
    shown.page.object_list = rows
    context = {
        "listing": shown,
        "late_count": late_board.late_tasks(acting, asked=shown.asked).count(),
        "sent": late_board.sent_reminders(acting),
        "acts_form": late_board.ACTS_FORM,
        "here": request.get_full_path(),
        "refusal": refusal,
        "reminder_text": request.POST.get("text", ""),
        "usual_text": reminders.USUAL_TEXT,
    }
    return render(request, "tasks/late.html", context, status=422 if refusal else 200)


def _late_listing(request: HttpRequest, acting: Acting) -> Listing[Any]:
    plans = plans_of(late_board.followed(acting))
    units = late_board.late_units(acting, plan_id=row_key(request.GET.get("ke_hoach", "")))
    return listing(request, late_board.late_table(on=acting.on), units, plans=plans)


def _remind_units(request: HttpRequest, acting: Acting) -> str:
    asked = _late_listing(request, acting).asked
    is_all = request.POST.get("viec") == "tat-ca"
    units = None if is_all else [key for text in request.POST.getlist(CHOSEN) if (key := row_key(text))]
    chosen = list(late_board.late_tasks(acting, asked=asked, unit_ids=units))
    reminders.remind(
        chosen,
        text=request.POST.get("text", ""),
        actor=acting,
        now=clock.now(),
        again=bool(request.POST.get("again")),
    )
    return f"Đã đôn đốc {len({one.unit_id for one in chosen})} đơn vị về {len(chosen)} nhiệm vụ quá hạn."


# --- extra tasks ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def give(request: HttpRequest, incoming_pk: int | None = None) -> HttpResponse:
    """Give a task outside the text of a plan, or one that a paper asks for: which plan, then what to whom."""
    acting = who(request)
    incoming = None if incoming_pk is None else incoming_at(incoming_pk, acting=acting)
    units = acting.unit_ids(DECIDING)
    plans = (
        Plan.objects.filter(versions__state=PlanVersionState.ADOPTED, owner__isnull=False)
        .filter(pk__in=visible_plans(acting).values("pk"))
        .filter(owner_id__in=units)
        .union(
            Plan.objects.filter(
                versions__state=PlanVersionState.ADOPTED, owner__isnull=False, standing_body_id__in=units
            )
        )
    )
    choices = sorted(plans, key=lambda plan: -plan.pk)
    asked = request.GET.get("ke_hoach", "")
    plan = next((one for one in choices if str(one.pk) == asked), None)
    if plan is None:
        likely = [Likely(one, "") for one in choices]
        if incoming is not None:
            likely = likely_plans(incoming, choices)
        return render(request, "tasks/give.html", {"plans": likely, "incoming": incoming})
    assert plan.owner_id is not None
    bound: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    if incoming is not None:
        bound["initial"] = proposed_task(incoming)
    form = ExtraTaskForm(units=_units_below(plan.owner_id, acting), **bound)
    refusal: RuleNotMet | None = None
    if request.method == "POST" and form.is_valid():
        try:
            given = giving.give_task(
                plan,
                unit_ids=[*form.cleaned_data["unit_ids"], *_named(form.cleaned_data["names"], plan, acting)],
                title=form.cleaned_data["title"],
                due_on=form.cleaned_data["due_on"],
                modality=form.cleaned_data["modality"],
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refused:
            refusal = refused
        else:
            if incoming is not None:
                remember(incoming, given, actor=acting, now=clock.now())
            messages.success(request, f"Đã giao nhiệm vụ cho {len(given)} đơn vị.")
            return redirect(f"{reverse('tasks:list')}?{urlencode({'xem': GIVEN.key, 'ke_hoach': plan.pk})}")
    context = {"plan": plan, "form": form, "refusal": refusal, "incoming": incoming}
    return render(request, "tasks/give.html", context, status=422 if request.method == "POST" else 200)


def _units_below(owner_id: int, acting: Acting) -> list[tuple[str, str]]:
    rows = tree.children(owner_id, on=acting.on)[:MOST_BOXES]
    return [(str(version.unit_id), version.label) for version in rows]


def _named(names: str, plan: Plan, acting: Acting) -> list[int]:
    """The units that the lines name. Raises RuleNotMet at the first that is not sure."""
    assert plan.owner_id is not None
    found: list[int] = []
    for line in names.splitlines():
        if not line.strip():
            continue
        match = matching.find(line, near=plan.owner_id, on=acting.on)
        if not match.unit_ids:
            raise RuleNotMet(
                f"Chưa rõ «{line.strip()}» là đơn vị nào",
                why=match.how,
                next_step="Ghi tên đầy đủ, kèm tên huyện hoặc tỉnh",
            )
        found += match.unit_ids
    return found


# --- activities -----------------------------------------------------------------------------------


@require_safe
@signed_in
def activity_rows(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    shown = listing(
        request,
        activity_list.ACTIVITIES,
        activity_list.visible_activities(acting),
        plans=activity_list.plans_of(acting),
    )
    if wants_workbook(request):
        return shown.workbook()
    context = {
        "listing": shown,
        "sums": activity_list.sums_of(shown.rows),
        "may_record": acting.has_role(*DOING),
    }
    return render(request, "tasks/activities.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_activity(request: HttpRequest) -> HttpResponse:
    """Write down an activity that belongs to a plan and to no single task."""
    acting = who(request)
    own = {mandate.unit_id for mandate in acting.mandates if mandate.role in DOING}
    labels = tree.labels_on(own, on=acting.on)
    plans = list(
        visible_plans(acting).filter(versions__state=PlanVersionState.ADOPTED).order_by("-made_at")[:200]
    )
    bound = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = UnitActivityForm(
        plans=plans, units=[(str(key), label) for key, label in sorted(labels.items())], **bound
    )
    refusal: RuleNotMet | None = None
    if request.method == "POST" and form.is_valid():
        answers = with_files(form.cleaned_data)
        plan_id = answers.pop("plan_id")
        try:
            activities.record_activity(
                next(one for one in plans if one.pk == plan_id), actor=acting, now=clock.now(), **answers
            )
        except RuleNotMet as refused:
            refusal = refused
        else:
            messages.success(request, "Đã ghi hoạt động.")
            return redirect("tasks:activities")
    context = {"form": form, "refusal": refusal, "has_plans": bool(plans), "may_record": bool(own)}
    return render(request, "tasks/new_activity.html", context, status=422 if bound else 200)
