"""Makers of published things, for the tests of this app and of those above."""

from __future__ import annotations

from thidua.movements.models import Plan, PlanVersionState, Target
from thidua.movements.tests.makers import at, make_item, make_movement, make_plan
from thidua.organisations.tests.world import DAY, World
from thidua.publicity import publishing
from thidua.publicity.models import Publication

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
