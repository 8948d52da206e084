"""Movements and plans as the portal shows them.

A movement has no switch of its own: it shows through its published plans, those of its variants among them.
Hides how a variant joins its movement, and that the number of queries does not grow with the plans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from thidua.core.text import fold, shortened
from thidua.documents.sentences import THEMES, edtf_in_words
from thidua.movements.cascade.figures import Verdict as CoverageVerdict
from thidua.movements.cascade.movement_list import years
from thidua.movements.cascade.system import issuer_label, system
from thidua.movements.models import (
    ItemKind,
    Milestone,
    Movement,
    Plan,
    PlanItem,
    PlanVersion,
    PlanVersionState,
    Task,
    TaskState,
)
from thidua.movements.visibility import national_units
from thidua.organisations import tree
from thidua.publicity.models import Publication, PublicationState
from thidua.publicity.portal.judged import PublicTarget, Slice, judged_for_all, slices
from thidua.publicity.publishing import public_plans, public_targets

#: Parts of a plan, in the order in which the public reads them.
PARTS = (
    (ItemKind.PURPOSE, "Mục đích"),
    (ItemKind.REQUIREMENT, "Yêu cầu"),
    (ItemKind.CONTENT, "Nội dung"),
    (ItemKind.TASK, "Nhiệm vụ"),
    (ItemKind.SOLUTION, "Giải pháp"),
    (ItemKind.CRITERION, "Tiêu chí xét khen thưởng"),
    (ItemKind.AWARD_FORM, "Hình thức khen thưởng"),
)


@dataclass
class PlanShown:
    """A published plan in a list."""

    plan: Plan
    issuer: str
    dated: str
    summary: str
    tasks_done: int = 0
    tasks: int = 0

    @property
    def done_thousandths(self) -> int:
        return 1000 * self.tasks_done // self.tasks if self.tasks else 0


@dataclass
class MovementShown:
    """One movement with its published plans and targets."""

    movement: Movement
    plans: list[PlanShown] = field(default_factory=list)
    targets: list[PublicTarget] = field(default_factory=list)

    @property
    def theme(self) -> str:
        return THEMES.get(self.movement.theme, "")

    @property
    def years(self) -> str:
        return years(self.movement)

    @property
    def slices(self) -> list[Slice]:
        return slices(self.targets)

    @property
    def tasks(self) -> int:
        return sum(one.tasks for one in self.plans)

    @property
    def tasks_done(self) -> int:
        return sum(one.tasks_done for one in self.plans)

    @property
    def bodies(self) -> list[str]:
        return list(dict.fromkeys(one.issuer for one in self.plans if one.issuer))

    @property
    def search_text(self) -> str:
        plans = (f"{one.plan.search_text} {fold(one.issuer)}" for one in self.plans)
        return f"{self.movement.search_text} {' '.join(plans)}"


def movements_shown(*, on: date, root: int | None = None) -> list[MovementShown]:
    """Every movement with a published plan, in the order of names; with `root` that one only."""
    found: dict[int, MovementShown] = {}
    plans = plans_shown(on=on, root=root)
    roots = Movement.objects.in_bulk({root_of(one.plan) for one in plans})
    for one in plans:
        key = root_of(one.plan)
        found.setdefault(key, MovementShown(roots[key])).plans.append(one)
    by_plan = {one.plan.pk: found[root_of(one.plan)] for one in plans}
    for target in judged_for_all(public_targets().filter(plan_id__in=by_plan), on=on):
        by_plan[target.target.plan_id].targets.append(target)
    return sorted(found.values(), key=lambda one: one.movement.name_order)


def root_of(plan: Plan) -> int:
    """The movement that a plan is shown with."""
    return plan.movement.variant_of_id or plan.movement_id


def plans_shown(*, on: date, root: int | None = None) -> list[PlanShown]:
    """Published plans, the oldest first, with how far their tasks are."""
    plans = public_plans().select_related("movement", "owner")
    if root is not None:
        plans = plans.filter(Q(movement_id=root) | Q(movement__variant_of_id=root))
    rows = list(plans.order_by("dated", "pk"))
    return described(rows, on=on)


def described(plans: Iterable[Plan], *, on: date) -> list[PlanShown]:
    rows = list(plans)
    labels = tree.labels_on({plan.owner_id for plan in rows if plan.owner_id}, on=on)
    summaries = dict(
        Publication.objects.filter(plan__in=rows, state=PublicationState.PUBLISHED).values_list(
            "plan_id", "summary"
        )
    )
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=on)
    counts = {
        row["plan_id"]: row
        for row in Task.objects.filter(begun, plan__in=rows, parent__isnull=True)
        .exclude(state=TaskState.CANCELLED)
        .order_by()
        .values("plan_id")
        .annotate(all=Count("pk"), done=Count("pk", filter=Q(state=TaskState.DONE)))
    }
    return [
        PlanShown(
            plan,
            issuer_label(plan, labels),
            edtf_in_words(plan.dated),
            summaries.get(plan.pk, ""),
            tasks=counts[plan.pk]["all"] if plan.pk in counts else 0,
            tasks_done=counts[plan.pk]["done"] if plan.pk in counts else 0,
        )
        for plan in rows
    ]


# --- one movement -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the plan above a plan takes up: items that are covered, of all that were compared."""

    plan: Plan
    issuer: str
    higher: str
    covered: int
    compared: int

    @property
    def thousandths(self) -> int:
        return 1000 * self.covered // self.compared


def coverages(movement: Movement, *, on: date) -> list[Coverage]:
    """Of published plans, against the published or national plan above them."""
    public = set(public_plans().values_list("pk", flat=True))
    plans = Plan.objects.filter(Q(pk__in=public) | Q(owner_id__in=national_units()))
    versions = PlanVersion.objects.filter(state=PlanVersionState.ADOPTED, plan__in=plans.values("pk"))
    shown = system(movement, plans, versions, on=on)
    issuers = {node.plan.pk: node.owner_label for node in shown.nodes}
    found = []
    for node in shown.nodes:
        if node.comparison is None or node.plan.pk not in public:
            continue
        counts = node.comparison.counts
        compared = sum(counts.values()) - counts.get(CoverageVerdict.INCOMPARABLE, 0)
        covered = counts.get(CoverageVerdict.COVERED, 0) + counts.get(CoverageVerdict.STRONGER, 0)
        if compared:
            above = node.comparison.higher.plan
            name = f"{above.number or shortened(above.title, 60)}"
            issuer = issuers.get(above.pk, above.owner_name)
            higher = f"{name} của {issuer}" if issuer else name
            found.append(Coverage(node.plan, node.owner_label, higher, covered, compared))
    return found


#: So many of the next dates stand open; the others wait behind one click.
NEXT_DATES = 6


@dataclass(frozen=True, slots=True)
class MilestoneShown:
    when: str
    title: str
    issuer: str
    is_past: bool


@dataclass(frozen=True, slots=True)
class Milestones:
    """The next dates, and all others in their order."""

    coming: list[MilestoneShown]
    rest: list[MilestoneShown]

    def __bool__(self) -> bool:
        return bool(self.coming or self.rest)


def milestones(plans: Iterable[PlanShown], *, on: date) -> Milestones:
    """Each date once: a yearly one of which only the words are known comes once for every year."""
    issuers = {one.plan.pk: one.issuer for one in plans}
    rows = Milestone.objects.filter(plan_id__in=issuers, is_current=True).order_by("last_day", "pk")
    past = [row for row in rows if row.last_day and row.last_day < on]
    coming = [row for row in rows if row not in past]
    shown_coming, shown_past = (
        list(
            dict.fromkeys(
                MilestoneShown(_when(row), row.title, issuers[row.plan_id], is_past) for row in some
            )
        )
        for some, is_past in ((coming, False), (past, True))
    )
    return Milestones(shown_coming[:NEXT_DATES], [*shown_coming[NEXT_DATES:], *reversed(shown_past)])


def _when(row: Milestone) -> str:
    """The words of the plan, with the year where they name none ("hằng năm")."""
    text, year = row.when_text or "Chưa ghi ngày", row.last_day.year if row.last_day else None
    return f"{text}: {year}" if year and str(year) not in text else text


# --- one plan ---------------------------------------------------------------------------------------------


def parts_of(version: PlanVersion) -> list[tuple[str, list[str]]]:
    """What the plan says, in its own sentences, part by part."""
    texts: dict[str, list[str]] = defaultdict(list)
    items = version.items.filter(decision__in=PlanItem.KEPT).order_by("position")
    for item in items.defer("as_read", "search_text"):
        texts[item.kind].append(item.quote or _words(item.entry))
    return [
        (title, [text for text in dict.fromkeys(texts[kind]) if text]) for kind, title in PARTS if texts[kind]
    ]


def _words(entry: dict[str, Any]) -> str:
    return next((str(entry[key]) for key in ("text", "label_vi", "name") if entry.get(key)), "")
