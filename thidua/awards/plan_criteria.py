"""The criteria of a plan in force as a rule set, in the words of its items as somebody confirmed them."""

from __future__ import annotations

from typing import Any

from thidua.criteria.rule_sets import RuleSet, SubjectRules, from_record
from thidua.movements.models import ItemKind, Plan, PlanItem, PlanVersion, PlanVersionState


def version_in_force(plan: Plan) -> PlanVersion | None:
    return plan.versions.filter(state=PlanVersionState.ADOPTED).first()


def rule_set_of(plan: Plan) -> RuleSet:
    """Empty when no version is in force. Two queries. Raises BadRule with the id of a wrong criterion."""
    version = version_in_force(plan)
    items = version.items.filter(kind=ItemKind.CRITERION, decision__in=PlanItem.KEPT) if version else ()
    subjects: dict[str, dict[str, Any]] = {}
    for item in items:
        id_ = item.key.split(".")[0]
        entry = item.entry
        subject = subjects.setdefault(
            id_,
            {
                "id": id_,
                "path": item.path or id_,
                "subject_type": entry.get("subject_type") or "",
                "label": entry.get("subject_label") or "",
                "criteria": [],
            },
        )
        subject["criteria"].append({**entry, "id": item.key, "lines": item.lines})
    years = (version.first_year, version.last_year) if version else (None, None)
    record = {
        "movement": {"name": plan.movement.name, "period": {"from": years[0], "to": years[1]}},
        "subjects": list(subjects.values()),
    }
    return from_record(record, code=f"plan:{plan.pk}:{version.number if version else 0}", title=str(plan))


def usable(rules: RuleSet) -> tuple[SubjectRules, ...]:
    """Those that say anything: a subject with no criterion cannot be judged."""
    return tuple(one for one in rules.subjects if one.criteria)
