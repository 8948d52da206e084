"""The plans of one movement as a system: who carries out whom, with a coverage mark beside each plan.

Everything is loaded at once and judged in memory: the number of queries does not grow with the plans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from thidua.movements.cascade.comparison import Comparison, judged
from thidua.movements.cascade.coverage import COMPARED
from thidua.movements.cascade.figures import Verdict
from thidua.movements.cascade.parents import LEVELS, Higher
from thidua.movements.models import (
    CoverageNote,
    ItemDecision,
    Movement,
    Plan,
    PlanItem,
    PlanVersion,
    PlanVersionState,
)
from thidua.organisations import tree

#: More plans than a person reads in a tree; the list of plans has filters for them.
MOST_PLANS = 400


@dataclass
class Node:
    """One plan in the tree."""

    plan: Plan
    depth: int
    owner_label: str
    version: PlanVersion | None = None
    draft: PlanVersion | None = None
    comparison: Comparison | None = None
    is_of_movement: bool = True
    item_count: int = 0

    @property
    def marks(self) -> list[tuple[Verdict, int]]:
        """Verdicts that occur, those to be looked at first."""
        if self.comparison is None:
            return []
        return [(verdict, count) for verdict, count in self.comparison.counts.items() if count]

    @property
    def shown_version(self) -> PlanVersion | None:
        return self.version or self.draft


@dataclass
class System:
    """The plans in the order of the tree."""

    nodes: list[Node] = field(default_factory=list)
    has_more: bool = False

    @property
    def counts(self) -> dict[str, int]:
        return {
            "plans": sum(node.version is not None for node in self.nodes),
            "placeholders": sum(node.plan.is_placeholder for node in self.nodes),
            "drafts": sum(node.version is None and node.draft is not None for node in self.nodes),
        }


def issuer_label(plan: Plan, labels: Mapping[int, str]) -> str:
    """The issuer as the document names it ("Thủ tướng Chính phủ"), else the unit's name."""
    return plan.owner_name or labels.get(plan.owner_id or 0, "")


def family(movement: Movement) -> Q:
    """Plans of the movement, of its variants, and of the movement that it is a variant of."""
    root = movement.variant_of_id or movement.pk
    return Q(movement_id=root) | Q(movement__variant_of_id=root)


def system(movement: Movement, plans: QuerySet[Plan], versions: QuerySet[PlanVersion], *, on: date) -> System:
    """The tree of a movement from `plans` and `versions` that a person may see.

    Of a local variant only its own plans and what stands above them.
    """
    rows = list(
        plans.filter(family(movement)).select_related("owner", "movement").order_by("pk")[: MOST_PLANS + 1]
    )
    has_more, rows = len(rows) > MOST_PLANS, rows[:MOST_PLANS]
    by_id = {plan.pk: plan for plan in rows}
    parents = _parents(by_id)
    if movement.variant_of_id is not None:
        by_id = _with_what_stands_above(by_id, parents, movement)
    current, drafts = _versions(by_id, versions)
    comparisons, item_counts = _comparisons(by_id, parents, current, drafts)
    labels = tree.labels_on([plan.owner_id for plan in by_id.values() if plan.owner_id], on=on)
    found = System(has_more=has_more)
    for plan, depth in _in_order(by_id, parents, labels):
        found.nodes.append(
            Node(
                plan=plan,
                depth=depth,
                owner_label=issuer_label(plan, labels),
                version=current.get(plan.pk),
                draft=drafts.get(plan.pk),
                comparison=comparisons.get(plan.pk),
                is_of_movement=plan.movement_id == movement.pk,
                item_count=item_counts.get(plan.pk, 0),
            )
        )
    return found


def _parents(by_id: Mapping[int, Plan]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    links = Plan.carries_out.through.objects.filter(from_plan_id__in=by_id, to_plan_id__in=by_id)
    for child, parent in links.order_by("pk").values_list("from_plan_id", "to_plan_id"):
        found[child].append(parent)
    return found


def _with_what_stands_above(
    by_id: Mapping[int, Plan], parents: Mapping[int, Sequence[int]], movement: Movement
) -> dict[int, Plan]:
    kept: set[int] = set()
    level = {pk for pk, plan in by_id.items() if plan.movement_id == movement.pk}
    while level - kept:
        kept |= level
        level = {parent for pk in level for parent in parents.get(pk, ())}
    return {pk: plan for pk, plan in by_id.items() if pk in kept}


def _versions(
    by_id: Mapping[int, Plan], versions: QuerySet[PlanVersion]
) -> tuple[dict[int, PlanVersion], dict[int, PlanVersion]]:
    current: dict[int, PlanVersion] = {}
    drafts: dict[int, PlanVersion] = {}
    wanted = versions.filter(
        plan_id__in=by_id, state__in=[PlanVersionState.ADOPTED, PlanVersionState.DRAFT]
    ).order_by("number")
    for version in wanted:
        version.plan = by_id[version.plan_id]
        (drafts if version.is_draft else current)[version.plan_id] = version
    return current, drafts


def _comparisons(
    by_id: Mapping[int, Plan],
    parents: Mapping[int, Sequence[int]],
    current: Mapping[int, PlanVersion],
    drafts: Mapping[int, PlanVersion],
) -> tuple[dict[int, Comparison], dict[int, int]]:
    shown = {pk: current.get(pk) or drafts.get(pk) for pk in by_id}
    version_of = {version.pk: version for version in shown.values() if version is not None}
    items: dict[int, list[PlanItem]] = defaultdict(list)
    rows = PlanItem.objects.filter(version_id__in=version_of, kind__in=COMPARED).exclude(
        decision=ItemDecision.DROPPED
    )
    for item in rows.defer("as_read", "search_text").order_by("version_id", "position"):
        item.version = version_of[item.version_id]
        if item.is_kept or item.version.is_draft:
            items[item.version_id].append(item)
    notes: dict[int, list[CoverageNote]] = defaultdict(list)
    for note in CoverageNote.objects.filter(version_id__in=version_of):
        notes[note.version_id].append(note)
    found: dict[int, Comparison] = {}
    for pk, version in shown.items():
        higher_id = _nearest(pk, parents, current, items)
        if version is None or higher_id is None:
            continue
        above = current[higher_id]
        higher = Higher(by_id[higher_id], above, is_direct=higher_id in parents.get(pk, ()))
        found[pk] = judged(version, higher, items[above.pk], items[version.pk], notes[version.pk])
    counts = {pk: len(items[version.pk]) for pk, version in shown.items() if version is not None}
    return found, counts


def _nearest(
    pk: int,
    parents: Mapping[int, Sequence[int]],
    current: Mapping[int, PlanVersion],
    items: Mapping[int, Sequence[PlanItem]],
) -> int | None:
    """The nearest plan above that has items to compare with."""
    level, seen = [pk], {pk}
    for _ in range(LEVELS):
        level = [parent for child in level for parent in parents.get(child, ()) if parent not in seen]
        for parent in level:
            if parent in current and items.get(current[parent].pk):
                return parent
        seen.update(level)
    return None


def _in_order(
    by_id: Mapping[int, Plan], parents: Mapping[int, Sequence[int]], labels: Mapping[int, str]
) -> list[tuple[Plan, int]]:
    """Depth first. A plan with two parents stands below the one that is deeper."""
    depths: dict[int, int] = {}

    def depth(pk: int, seen: frozenset[int] = frozenset()) -> int:
        if pk not in depths:
            above = [parent for parent in parents.get(pk, ()) if parent in by_id and parent not in seen]
            depths[pk] = 1 + max((depth(parent, seen | {pk}) for parent in above), default=-1)
        return depths[pk]

    below: dict[int | None, list[int]] = defaultdict(list)
    for pk in by_id:
        above = [parent for parent in parents.get(pk, ()) if parent in by_id and depth(parent) < depth(pk)]
        below[max(above, key=depth) if above else None].append(pk)
    found: list[tuple[Plan, int]] = []
    waiting = [(pk, 0) for pk in sorted(below[None], key=lambda pk: _order(by_id[pk], labels), reverse=True)]
    while waiting:
        pk, level = waiting.pop()
        found.append((by_id[pk], level))
        children = sorted(below[pk], key=lambda child: _order(by_id[child], labels), reverse=True)
        waiting += [(child, level + 1) for child in children]
    return found


def _order(plan: Plan, labels: Mapping[int, str]) -> tuple[str, str, int]:
    return plan.dated or "9999", labels.get(plan.owner_id or 0, plan.owner_name), plan.pk
