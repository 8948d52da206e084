"""Difficulties for tests, in one call each."""

from __future__ import annotations

from datetime import date
from typing import Any

from thidua.core.text import fold, sort_key
from thidua.movements.models import Plan
from thidua.movements.tests.makers import NOW
from thidua.organisations.models import Unit
from thidua.oversight.models import Difficulty, Passage


def make_difficulty(plan: Plan | None, unit: Unit, receiver: Unit | None = None, **fields: Any) -> Difficulty:
    """One that waits for the standing body of the plan."""
    title = fields.pop("title", "Chưa có mẫu rà soát hộ nghèo")
    to = receiver or (plan.standing_body if plan else None)
    assert to is not None
    fields = {"text": "Xã chưa nhận được mẫu.", "due_on": date(2023, 11, 20), "raised_at": NOW, **fields}
    found = Difficulty.objects.create(
        plan=plan,
        unit=unit,
        receiver=to,
        title=title,
        title_order=sort_key(title),
        search_text=fold(f"{title} {fields['text']}"),
        **fields,
    )
    Passage.objects.create(difficulty=found, receiver=to, since=fields["raised_at"])
    return found
