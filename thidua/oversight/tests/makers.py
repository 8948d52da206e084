"""Difficulties and inspections for tests, in one call each."""

from __future__ import annotations

from datetime import date
from typing import Any

from thidua.core.text import fold, sort_key
from thidua.movements.models import Plan
from thidua.movements.tests.makers import NOW
from thidua.organisations.models import Unit
from thidua.oversight.models import (
    ChecklistItem,
    Difficulty,
    Finding,
    Inspection,
    Passage,
    Remedy,
    TeamMember,
    Training,
    Visit,
)


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


def make_inspection(plan: Plan, *units: Unit, **fields: Any) -> Inspection:
    """One of the standing body with a head and one question, which looks at these units."""
    assert plan.standing_body is not None
    title = fields.pop("title", "Kiểm tra phong trào năm 2023")
    fields = {
        "unit": plan.standing_body,
        "year": 2023,
        "since": date(2023, 1, 1),
        "until": date(2023, 11, 1),
        "first_on": date(2023, 11, 1),
        "last_on": date(2023, 11, 10),
        "made_at": NOW,
        **fields,
    }
    found = Inspection.objects.create(
        plan=plan, title=title, title_order=sort_key(title), search_text=fold(title), **fields
    )
    TeamMember.objects.create(inspection=found, name="Nguyễn Văn Đoàn", post="Trưởng phòng", is_head=True)
    ChecklistItem.objects.create(inspection=found, position=1, kind="cau_hoi", text="Có họp thôn không?")
    Visit.objects.bulk_create(Visit(inspection=found, unit=unit) for unit in units)
    return found


def make_minuted(inspection: Inspection, unit: Unit, **fields: Any) -> Visit:
    """A unit that was looked at, everything met."""
    fields = {"state": "da_lap_bien_ban", "minuted_at": NOW, "held_on": inspection.first_on, **fields}
    found, _ = Visit.objects.update_or_create(inspection=inspection, unit=unit, defaults=fields)
    for item in inspection.checklist.all():
        Finding.objects.create(visit=found, item=item, outcome="dat", written_at=NOW)
    return found


def make_remedy(visit: Visit, text: str = "Niêm yết danh sách hộ nghèo", **fields: Any) -> Remedy:
    fields = {"due_on": date(2023, 11, 30), "made_at": NOW, **fields}
    return Remedy.objects.create(
        visit=visit, text=text, text_order=sort_key(text), search_text=fold(text), **fields
    )


def make_training(unit: Unit, *invited: Unit, **fields: Any) -> Training:
    """A class of one day to which units are invited."""
    title = fields.pop("title", "Tập huấn rà soát hộ nghèo")
    fields = {"first_on": date(2023, 11, 5), "last_on": date(2023, 11, 5), "made_at": NOW, **fields}
    found = Training.objects.create(
        unit=unit, title=title, title_order=sort_key(title), search_text=fold(title), **fields
    )
    found.units.set(invited)
    return found
