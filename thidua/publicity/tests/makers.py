"""Makers of published things, for the tests of this app and of those above."""

from __future__ import annotations

from typing import Any

from thidua.core.text import fold
from thidua.movements.models import Plan, PlanVersionState, Target
from thidua.movements.tests.makers import at, make_item, make_movement, make_plan
from thidua.organisations.tests.world import DAY, World
from thidua.publicity import publishing
from thidua.publicity.models import Consent, Proposal, Publication, Story

NOW = at(DAY)


def make_public_plan(world: World, *, title: str = "Vì người nghèo", is_published: bool = True) -> Plan:
    """A plan of huyện Phong Thổ in force, with a target and a task, published or not."""
    plan = make_plan(
        world.unit("phong-tho"),
        movement=make_movement(f"Phong trào {title}", owner=world.unit("phong-tho")),
        standing_body=world.unit("phong-ldtbxh"),
        title=f"Kế hoạch {title}",
        number="12/KH-UBND",
        state=PlanVersionState.DRAFT,
    )
    version = plan.versions.get()
    version.first_year, version.last_year = 2023, 2025
    item = make_item(version, "targets", "C1", {"quote": f"Giảm nghèo: {title}"})
    make_item(version, "tasks", "K1", {"quote": f"Tuyên truyền: {title}"})
    version.state, version.adopted_at = PlanVersionState.ADOPTED, NOW
    version.save()
    Target.objects.create(
        plan=plan, item=item, indicator="ti_le_ho_ngheo", label=f"Giảm nghèo: {title}", comparator="="
    )
    if is_published:
        publish(plan, world)
    return plan


def publish(plan: Plan, world: World, **words: str) -> Publication:
    return publishing.publish(plan, **words, actor=world.acting("thuong-truc"), now=NOW)  # type: ignore[arg-type]


TEXT = "Nuôi cá lồng trên hồ, bày cho tám hộ cùng bản cách làm và cho mượn con giống đầu vụ."


def make_story(world: World, *, is_agreed: bool = True, **fields: Any) -> Story:
    """A story of xã Huổi Luông for the portal of huyện Phong Thổ, agreed to."""
    values = {
        "unit": world.unit("huoi-luong"),
        "publisher": world.unit("phong-tho"),
        "kind": "guong",
        "subject": "bản mẫu",
        "title": "Cả bản cùng làm",
        "lead": "Tám hộ cùng làm",
        "text": TEXT,
        **fields,
    }
    for name in ("title", "lead", "subject"):
        values.setdefault("search_text", "")
        values["search_text"] += f" {fold(str(values[name]))}"
    story = Story.objects.create(**values)
    if is_agreed:
        Consent.objects.create(story=story, giver="Trưởng bản", given_on=DAY, how="Gặp trực tiếp")
    return story


def make_proposal(world: World, **fields: Any) -> Proposal:
    values = {"kind": "guong", "subject": "Ở bản bên", "text": TEXT, "sent_at": NOW, **fields}
    return Proposal.objects.create(unit=world.unit("phong-tho"), **values)
