"""Items of the five golden records, and of the national targets in the program's own data, for tests."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from django.conf import settings

from thidua.movements.cascade.coverage import Item


@cache
def record(number: int) -> dict[str, Any]:
    """The golden record of a seed plan, 0 to 4."""
    (path,) = (settings.BASE_DIR / "data" / "golden").glob(f"{number:03}_*.yaml")
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def items_of(number: int) -> list[Item]:
    found = record(number)
    period = found["movement"]["period"] or {}
    years: dict[str, Any] = {"first_year": period.get("from"), "last_year": period.get("to")}
    items = [Item(one["id"], "targets", one["quote"], one, **years) for one in found["targets"]]
    items += [Item(one["id"], "tasks", one["quote"], one, **years) for one in found["tasks"]]
    items += [
        Item(f"M{place}", "milestones", str(one["when"].get("raw")), one, **years)
        for place, one in enumerate(found["milestones"])
    ]
    items += [
        Item(one["id"], "criteria", one["text"], {**one, "subject_type": subject["subject_type"]}, **years)
        for subject in found["subjects"]
        for one in subject["criteria"]
    ]
    items += [
        Item(f"F{place}", "award_forms", one["name"], one, **years)
        for place, one in enumerate(found["award"]["forms"])
    ]
    return items
