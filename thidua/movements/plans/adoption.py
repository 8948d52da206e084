"""Adopting a draft: from accepted items to targets, tasks of units, milestones, notices. All or nothing.

Knows what must be settled before, and what the officer should know; hides how an amendment leaves the tasks
of unchanged items alone. The number of queries does not grow with the rows of a first adoption.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import fold, skeleton, sort_key
from thidua.documents.wording import MILESTONES
from thidua.movements.cascade.parents import link_parents
from thidua.movements.models import (
    ItemDecision,
    ItemKind,
    Milestone,
    PlanItem,
    PlanVersion,
    PlanVersionState,
    Target,
    Task,
    TaskPartner,
)
from thidua.movements.plans import followers, parties
from thidua.movements.plans.drafting import search_text_of
from thidua.movements.plans.editing import changed_meanwhile
from thidua.movements.plans.items import code_of, listed
from thidua.movements.plans.obligations import (
    Obligation,
    Years,
    obligations,
    span_of,
    spans_of,
)
from thidua.notices.telling import tell_units
from thidua.organisations import tree

BATCH = 1000
Identity = tuple[str, int, int | None]


# --- what will be -----------------------------------------------------------------------------------


@dataclass
class Preview:
    """What adopting a version makes, and what stands in the way. Nothing is written."""

    version: PlanVersion
    items: list[PlanItem]
    rows: list[Obligation]
    milestones: list[Milestone]
    #: Sentences: without these being settled there is no adoption.
    hindrances: list[str] = field(default_factory=list)
    #: Sentences: what the officer should know; nothing is forbidden.
    warnings: list[str] = field(default_factory=list)
    #: Tasks of the plan that go to nobody in the system.
    without_unit: list[PlanItem] = field(default_factory=list)
    outside: list[PlanItem] = field(default_factory=list)
    past: list[Obligation] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    changes: Changes | None = None

    @cached_property
    def targets(self) -> list[PlanItem]:
        return [item for item in self.items if item.kind == ItemKind.TARGET]

    @cached_property
    def by_unit(self) -> Counter[int]:
        return Counter(row.unit_id for row in self.rows)

    @cached_property
    def by_year(self) -> list[tuple[int | None, int]]:
        """Number of tasks by the year of their deadline; those without one last."""
        found = Counter(row.due.due_on.year if row.due.due_on else None for row in self.rows)
        return sorted(found.items(), key=lambda pair: (pair[0] is None, pair[0] or 0))

    @property
    def may_adopt(self) -> bool:
        return not self.hindrances


@dataclass
class Changes:
    """What an amendment does to the tasks of the version in force."""

    kept: int = 0
    moved: list[tuple[Task, Obligation]] = field(default_factory=list)
    made: list[Obligation] = field(default_factory=list)
    cancelled: list[Task] = field(default_factory=list)


def preview(version: PlanVersion, *, on: date) -> Preview:
    """Exactly what `adopt` would make on that day."""
    everything = list(version.items.order_by("position", "pk"))
    kept = [item for item in everything if item.is_kept]
    names = parties.units_by_name(version)
    given_on = _first_adopted_on(version)
    rows = planned(version, kept, names, on=on, given_on=given_on)
    found = Preview(version, kept, rows, _milestones(version, kept, on=on))
    if version.replaces is not None:
        found.changes = _changes(version, kept, rows, on=on)
    _look_for_hindrances(found, everything)
    _look_for_warnings(found, names, on=on)
    return found


def _first_adopted_on(version: PlanVersion) -> date | None:
    """The day on which the first version of an amended plan was adopted."""
    if version.replaces_id is None:
        return None
    moments = version.plan.versions.filter(adopted_at__isnull=False).values_list("adopted_at", flat=True)
    first = min((moment for moment in moments if moment), default=None)
    return first.astimezone(VIETNAM).date() if first else None


def years_of(version: PlanVersion, *, on: date) -> Years:
    return Years.of(
        first_year=version.first_year, last_year=version.last_year, dated=version.dated, adopted_on=on
    )


def planned(
    version: PlanVersion,
    items: Iterable[PlanItem],
    names: Mapping[str, list[int]],
    *,
    on: date,
    given_on: date | None = None,
) -> list[Obligation]:
    """The tasks that items ask for. Items that continue earlier ones are counted from `given_on`."""
    found = []
    for item in items:
        if item.kind != ItemKind.TASK:
            continue
        day = given_on if given_on is not None and item.continues_id else on
        entry = item.entry
        found += obligations(
            item.key,
            entry,
            title=title_of(item),
            unit_ids=_units_named(entry.get("lead"), names),
            partner_ids=_units_named(entry.get("coordinate_with"), names),
            years=years_of(version, on=day),
            given_on=day,
        )
    return found


def title_of(item: PlanItem) -> str:
    """The words of a task: as mended, else as printed."""
    entry = item.entry
    return str(entry.get("quote") or entry.get("action") or item.quote or code_of(item.key))


def _units_named(names: Any, units: Mapping[str, list[int]]) -> list[int]:
    return [unit_id for name in listed(names) for unit_id in units.get(name[:500], ())]


def _look_for_hindrances(found: Preview, everything: list[PlanItem]) -> None:
    undecided = sum(item.decision == ItemDecision.UNDECIDED for item in everything)
    if undecided:
        found.hindrances.append(f"Còn {undecided} mục chưa xem: nhận, sửa hoặc bỏ từng mục.")
    if not found.items:
        found.hindrances.append("Bản nháp chưa nhận mục nào.")
    uses = parties.uses_of(everything)
    found.unconfirmed = [party.name for party in parties.waiting(found.version).order_by("name")]
    leading = [name for name in found.unconfirmed if name in uses and uses[name].gives_tasks]
    if leading:
        found.hindrances.append(
            f"Còn {len(leading)} tên gọi chưa xác nhận đơn vị: {_some(leading)}. "
            "Việc chỉ giao cho đơn vị đã có người xác nhận."
        )
    others = [name for name in found.unconfirmed if name not in leading]
    if others:
        found.warnings.append(
            f"{len(others)} tên gọi chỉ phối hợp hoặc nhận báo cáo chưa xác nhận đơn vị: {_some(others)}. "
            "Các tên này giữ nguyên chữ, không gắn với đơn vị nào."
        )


def _look_for_warnings(found: Preview, names: Mapping[str, list[int]], *, on: date) -> None:
    outside = set(found.version.parties.filter(is_outside=True).values_list("name", flat=True))
    with_rows = {row.item_key for row in found.rows}
    for item in found.items:
        if item.kind != ItemKind.TASK or item.key in with_rows:
            continue
        leads = [name[:500] for name in listed(item.entry.get("lead"))]
        if leads and all(name in outside for name in leads):
            found.outside.append(item)
        else:
            found.without_unit.append(item)
    if found.without_unit:
        keys = _some([code_of(item.key) for item in found.without_unit])
        found.warnings.append(f"{len(found.without_unit)} nhiệm vụ chưa giao cho đơn vị nào: {keys}.")
    if found.outside:
        keys = _some([code_of(item.key) for item in found.outside])
        found.warnings.append(
            f"{len(found.outside)} nhiệm vụ dành cho người dân, doanh nghiệp hoặc tổ chức ngoài hệ thống, "
            f"giữ trong kế hoạch mà không giao cho đơn vị nào: {keys}."
        )
    found.past = [row for row in found.rows if row.due.due_on is not None and row.due.due_on < on]
    if found.past and found.version.replaces_id is None:
        found.warnings.append(
            f"{len(found.past)} việc có hạn đã qua ngày {format_date(on)}: sẽ quá hạn ngay."
        )
    if not found.version.dated:
        found.warnings.append(
            "Kế hoạch không ghi ngày ban hành: việc hằng năm tính từ năm đưa vào thực hiện."
        )
    document = found.version.document
    if document is not None and not document.record.get("parent_plan_ids"):
        found.warnings.append("Văn bản không nêu kế hoạch cấp trên nào: chưa đối chiếu độ phủ được.")


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:6])
    return f"{shown} và {len(names) - 6} nữa" if len(names) > 6 else shown


# --- adopting ---------------------------------------------------------------------------------------


def adopt(version: PlanVersion, *, actor: Actor, now: datetime, edition: int | None = None) -> Preview:
    """Make a draft the version in force, in one transaction; returns what was made.

    `edition` is the one that the officer saw in the preview. Raises NotAllowed, RuleNotMet (something is not
    settled, or the version is no draft any more), ChangedMeanwhile. A second call makes nothing twice.
    """
    actor.require("plan.adopt", version)
    on = now.astimezone(VIETNAM).date()
    with transaction.atomic():
        current = (
            PlanVersion.objects.select_for_update(of=("self",))
            .select_related("plan", "document", "replaces")
            .get(pk=version.pk)
        )
        if current.is_draft and edition is not None and edition != current.edition:
            raise changed_meanwhile("Chưa đưa được kế hoạch vào thực hiện")
        found = preview(current, on=on)
        if current.is_draft and found.hindrances:
            raise RuleNotMet(
                "Chưa đưa được kế hoạch vào thực hiện",
                why=" ".join(found.hindrances),
                next_step="Làm xong các việc trên rồi xem trước lại",
            )
        before = current.replaces
        if before is not None and before.state == PlanVersionState.ADOPTED:
            advance(before, "supersede", actor=actor, now=now, reason=current.amendment_note)
        made = _counts(found)
        _make_findable(found.items)
        advance(current, "adopt", actor=actor, now=now, changes={"adopted_at": now}, details={"made": made})
        if before is not None:
            before.plan.targets.filter(is_current=True).update(is_current=False)
            before.plan.milestones.filter(is_current=True).update(is_current=False)
        items = {item.key: item for item in found.items}
        Target.objects.bulk_create(_targets(current, found.items, on=on), batch_size=BATCH)
        Milestone.objects.bulk_create(found.milestones, batch_size=BATCH)
        if found.changes is None:
            new = _make_tasks(current, found.rows, items, now=now)
        else:
            new = _carry_through(current, found.changes, items, actor=actor, now=now)
        _tell(current, new, actor=actor, now=now)
        _take_over(current, now=now)
        link_parents(current, actor=actor, now=now)
        followers.plan_adopted(current.plan, now=now)
    version.state, version.adopted_at, version.edition = current.state, current.adopted_at, current.edition
    return found


def _make_findable(items: list[PlanItem]) -> None:
    """Fill what the search reads: once, when the words can no longer change."""
    for item in items:
        item.search_text = item.words_to_find
    PlanItem.objects.bulk_update(items, ["search_text"], batch_size=BATCH)


def _counts(found: Preview) -> dict[str, int]:
    return {
        "items": len(found.items),
        "targets": len(found.targets),
        "tasks": len(found.rows),
        "units": len(found.by_unit),
        "milestones": len(found.milestones),
    }


def _make_tasks(
    version: PlanVersion, rows: list[Obligation], items: Mapping[str, PlanItem], *, now: datetime
) -> list[Task]:
    plan = version.plan
    assert plan.owner_id is not None
    tasks = [
        Task(
            plan=plan,
            item=items[row.item_key],
            title=row.title,
            title_order=sort_key(row.title[:300]),
            modality=row.modality[:20],
            unit_id=row.unit_id,
            giver_id=plan.owner_id,
            due_on=row.due.due_on,
            due_text=row.due.text[:300],
            year=row.due.year,
            starts_on=row.due.starts_on,
            report_to_text=row.report_to[:500],
            given_at=now,
            search_text=fold(row.title),
        )
        for row in rows
    ]
    made = Task.objects.bulk_create(tasks, batch_size=BATCH)
    TaskPartner.objects.bulk_create(
        (
            TaskPartner(task=task, unit_id=unit_id)
            for task, row in zip(made, rows, strict=True)
            for unit_id in row.partner_ids
        ),
        batch_size=BATCH,
    )
    return made


def _tell(version: PlanVersion, tasks: list[Task], *, actor: Actor, now: datetime) -> None:
    """One notice to each unit, however many tasks it got. The owner knows what it gave itself."""
    plan = version.plan
    on = now.astimezone(VIETNAM).date()
    counts = Counter(task.unit_id for task in tasks)
    now_due = Counter(task.unit_id for task in tasks if task.starts_on is None or task.starts_on <= on)
    address = f"{reverse('tasks:list')}?ke_hoach={plan.pk}"
    later = {unit_id: count - now_due[unit_id] for unit_id, count in counts.items()}
    tell_units(
        kind="plan.adopted",
        texts={
            unit_id: f"Kế hoạch «{version.title[:300]}» giao {count} nhiệm vụ cho đơn vị"
            + (f", trong đó {later[unit_id]} việc bắt đầu từ năm sau." if later[unit_id] else ".")
            for unit_id, count in counts.items()
            if unit_id != plan.owner_id
        },
        address=address,
        now=now,
        sender=actor.name,
    )


def _plan_address(version: PlanVersion) -> str:
    return reverse("plans:plan", args=[version.plan_id])


def _take_over(version: PlanVersion, *, now: datetime) -> None:
    """The plan bears the title and number of the version in force."""
    plan = version.plan
    plan.title, plan.title_order = version.title, sort_key(version.title)
    if version.replaces_id is None:
        # An amendment has a number of its own; the plan keeps the one under which others cite it.
        plan.number = version.document_number or plan.number
        plan.dated = version.dated or plan.dated
    plan.is_placeholder = False
    plan.search_text = search_text_of(plan)
    plan.save(update_fields=["title", "title_order", "number", "dated", "is_placeholder", "search_text"])


# --- targets and milestones -----------------------------------------------------------------------


def _targets(version: PlanVersion, items: Iterable[PlanItem], *, on: date) -> list[Target]:
    plan = version.plan
    found = []
    places = {skeleton(one.label): one.unit_id for one in tree.ancestors(plan.owner_id or 0, on=on)}
    if plan.owner_id is not None:
        owner = tree.last_version(plan.owner_id, on=on)
        if owner is not None:
            places[skeleton(owner.label)] = plan.owner_id
    for item in items:
        if item.kind != ItemKind.TARGET:
            continue
        entry = item.entry
        value, value_max = figures_of(entry)
        first, last = years_named(entry, version)
        scope = str(entry.get("scope") or "")
        found.append(
            Target(
                plan=plan,
                item=item,
                indicator=str(entry.get("indicator") or "")[:80],
                label=str(entry.get("label_vi") or item.quote or "Chỉ tiêu")[:500],
                comparator=str(entry.get("comparator") or "stated")[:10],
                value=value,
                value_max=value_max,
                unit=str(entry.get("unit") or "")[:30],
                per=str(entry.get("per") or "")[:20],
                first_year=first,
                last_year=last,
                scope_unit_id=places.get(skeleton(scope)) if scope else None,
                scope_text=scope[:300],
            )
        )
    return found


def figures_of(entry: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    """The value of a target, or its lower and upper value; yes is 1."""
    low, high, value = entry.get("value_min"), entry.get("value_max"), entry.get("value")
    if low is not None or high is not None:
        return _decimal(low), _decimal(high)
    return _decimal(int(value) if isinstance(value, bool) else value), None


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def years_named(entry: Mapping[str, Any], version: PlanVersion) -> tuple[int | None, int | None]:
    """First and last year of a target: its own period, its deadline, else the years of the version."""
    period = entry.get("period") or {}
    if period.get("from") or period.get("to"):
        return period.get("from"), period.get("to")
    last = span_of(entry.get("deadline")).last
    return version.first_year, last.year if last else version.last_year


def _milestones(version: PlanVersion, items: Iterable[PlanItem], *, on: date) -> list[Milestone]:
    years = years_of(version, on=_first_adopted_on(version) or on)
    found = []
    for item in items:
        if item.kind != ItemKind.MILESTONE:
            continue
        entry = item.entry
        when = entry.get("when") or {}
        words = MILESTONES.get(entry.get("kind") or "", "mốc khác")
        for year, span in spans_of(when, years=years):
            if year is not None and span.last is not None and span.last < years.begins_on:
                continue
            found.append(
                Milestone(
                    plan=version.plan,
                    item=item,
                    kind=str(entry.get("kind") or "khac")[:30],
                    title=str(entry.get("title") or words[:1].upper() + words[1:])[:300],
                    first_day=span.first,
                    last_day=span.last,
                    when_text=str(when.get("raw") or "")[:300],
                    who_text=str(entry.get("who") or "")[:500],
                )
            )
    return found


# --- amendments -----------------------------------------------------------------------------------


def _changes(version: PlanVersion, kept: list[PlanItem], rows: list[Obligation], *, on: date) -> Changes:
    """What an amendment means for the tasks of the version it replaces. Ended tasks are history and stay."""
    before = version.replaces
    assert before is not None
    old_items = {item.pk: item for item in before.items.filter(kind=ItemKind.TASK)}
    first = _first_adopted_on(version) or on
    was_planned = {
        row.identity: row
        for row in planned(before, old_items.values(), parties.units_by_name(before), on=first)
    }
    old_key_of = {
        item.key: old_items[item.continues_id].key
        for item in kept
        if item.kind == ItemKind.TASK and item.continues_id in old_items
    }
    tasks = {
        (old_items[task.item_id].key, task.unit_id, task.year): task
        for task in Task.objects.filter(item_id__in=old_items, parent__isnull=True)
        if task.item_id is not None
    }
    found = Changes()
    answered: set[Identity] = set()
    for row in rows:
        identity = (old_key_of.get(row.item_key, ""), row.unit_id, row.due.year)
        task = tasks.get(identity)
        if task is None:
            # A yearly task of a year that was over when the plan was first adopted was never given.
            found.made.append(row)
            continue
        answered.add(identity)
        if task.state in Task.OPEN and _differs(row, was_planned.get(identity)):
            found.moved.append((task, row))
        else:
            found.kept += 1
    for identity, task in tasks.items():
        if identity not in answered and task.state in Task.OPEN:
            found.cancelled.append(task)
    return found


def _differs(row: Obligation, before: Obligation | None) -> bool:
    """Whether the plan itself says something else now; an extension that a unit was granted is no change."""
    if before is None:
        return True
    return (row.due, row.title, row.modality, row.report_to, row.partner_ids) != (
        before.due,
        before.title,
        before.modality,
        before.report_to,
        before.partner_ids,
    )


def _carry_through(
    version: PlanVersion,
    changes: Changes,
    items: Mapping[str, PlanItem],
    *,
    actor: Actor,
    now: datetime,
) -> list[Task]:
    before = version.replaces
    assert before is not None
    address = _plan_address(version)
    reason = f"Kế hoạch được điều chỉnh: {version.amendment_note or version.title}"[:500]
    for task in changes.cancelled:
        advance(task, "cancel", actor=actor, now=now, reason=reason)
    moved_units: dict[int, list[str]] = defaultdict(list)
    for task, row in changes.moved:
        was = task.due_on
        task.title, task.title_order = row.title, sort_key(row.title[:300])
        task.search_text, task.modality = fold(row.title), row.modality[:20]
        task.due_on, task.due_text = row.due.due_on, row.due.text[:300]
        task.starts_on, task.report_to_text = row.due.starts_on, row.report_to[:500]
        if was != row.due.due_on:
            until = format_date(row.due.due_on) if row.due.due_on else "không ghi"
            moved_units[task.unit_id].append(f"«{row.title[:80]}»: hạn mới {until}")
        else:
            moved_units[task.unit_id].append(f"«{row.title[:80]}»: nội dung thay đổi")
        record(
            "movements.task.amend",
            task,
            label="Thay đổi theo bản điều chỉnh",
            actor=actor,
            now=now,
            object_unit_id=task.unit_id,
            reason=reason,
            details={"due_before": was, "due_after": row.due.due_on},
        )
    Task.objects.bulk_update(
        [task for task, _ in changes.moved],
        [
            *("title", "title_order", "search_text", "modality"),
            *("due_on", "due_text", "starts_on", "report_to_text"),
        ],
        batch_size=BATCH,
    )
    moved_ids = [task.pk for task, _ in changes.moved]
    TaskPartner.objects.filter(task_id__in=moved_ids).delete()
    TaskPartner.objects.bulk_create(
        TaskPartner(task=task, unit_id=unit_id) for task, row in changes.moved for unit_id in row.partner_ids
    )
    _point_at_new_items(items)
    cancelled = Counter(task.unit_id for task in changes.cancelled)
    tell_units(
        kind="plan.amended",
        texts={
            **{
                unit_id: f"Kế hoạch «{version.title[:200]}» được điều chỉnh: {'; '.join(lines)[:250]}."
                for unit_id, lines in moved_units.items()
            },
            **{
                unit_id: f"Kế hoạch «{version.title[:200]}» được điều chỉnh: rút {count} nhiệm vụ"
                + (f"; {'; '.join(moved_units[unit_id])[:200]}." if unit_id in moved_units else ".")
                for unit_id, count in cancelled.items()
            },
        },
        address=address,
        now=now,
        sender=actor.name,
    )
    return _make_tasks(version, changes.made, items, now=now)


def _point_at_new_items(items: Mapping[str, PlanItem]) -> None:
    """Tasks belong to the item of the version in force, so that the next amendment finds them."""
    new_of = {
        item.continues_id: item.pk
        for item in items.values()
        if item.kind == ItemKind.TASK and item.continues_id
    }
    tasks = list(Task.objects.filter(item_id__in=new_of).only("pk", "item_id"))
    for task in tasks:
        if task.item_id is not None:
            task.item_id = new_of[task.item_id]
    Task.objects.bulk_update(tasks, ["item"], batch_size=BATCH)
