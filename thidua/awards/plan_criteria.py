"""The criteria of a plan in force as a rule set, in the words of its items as somebody confirmed them."""

from __future__ import annotations

from typing import Any

from thidua.awards.models import CriterionRule
from thidua.criteria.rule_sets import RuleSet, SubjectRules, from_record
from thidua.movements.models import ItemKind, Plan, PlanItem, PlanVersion, PlanVersionState


def version_in_force(plan: Plan) -> PlanVersion | None:
    return plan.versions.filter(state=PlanVersionState.ADOPTED).first()


def rule_set_of(plan: Plan) -> RuleSet:
    """Empty when no version is in force. Three queries. Raises BadRule with the id of a wrong criterion.

    A criterion that somebody reworded is judged by its newest wording, and the code says which.
    """
    version = version_in_force(plan)
    reworded = _newest_wordings(version) if version else {}
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
        found = {**entry, "id": item.key, "lines": item.lines}
        if item.key in reworded:
            found["rule"] = reworded[item.key].rule
        subject["criteria"].append(found)
    years = (version.first_year, version.last_year) if version else (None, None)
    record = {
        "movement": {"name": plan.movement.name, "period": {"from": years[0], "to": years[1]}},
        "subjects": list(subjects.values()),
    }
    edition = sum(one.number for one in reworded.values())
    code = f"plan:{plan.pk}:{version.number if version else 0}" + (f"+{edition}" if edition else "")
    return from_record(record, code=code, title=str(plan))


def _newest_wordings(version: PlanVersion) -> dict[str, CriterionRule]:
    return {one.criterion: one for one in CriterionRule.objects.filter(version=version).order_by("number")}


def usable(rules: RuleSet) -> tuple[SubjectRules, ...]:
    """Those that say anything: a subject with no criterion cannot be judged."""
    return tuple(one for one in rules.subjects if one.criteria)
