"""The poverty movement of Phong Thổ: national plan, placeholder of the province, plan of the district."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from thidua.audit.log import System
from thidua.movements.cascade.national import load
from thidua.movements.cascade.tests.records import items_of, record
from thidua.movements.models import Milestone, Movement, Plan, PlanItem, PlanVersion, Target
from thidua.movements.tests.makers import (
    NOW,
    make_item,
    make_movement,
    make_registration,
    make_task,
    phong_tho_plan,
)
from thidua.organisations.tests.world import DAY, World, phong_tho


@dataclass
class Cascade:
    world: World
    national: Plan
    province: Plan
    plan: Plan
    movement: Movement

    @property
    def version(self) -> PlanVersion:
        return self.plan.versions.get()

    def higher_item(self, indicator: str) -> PlanItem:
        return next(item for item in self.national.versions.get().items.all() if indicator in item.content)

    def own_item(self, key: str) -> PlanItem:
        return self.version.items.get(key=key)


def phong_tho_system() -> Cascade:
    """With the items of the golden record of the district's plan, and a few tasks, dates, registrations."""
    world = phong_tho()
    load(settings.BASE_DIR / "data", actor=System(on=DAY), now=NOW)
    national = Plan.objects.get(number="666/QĐ-TTg")
    province = Plan.objects.get(number="2282/KH-UBND")
    movement = make_movement(
        "Phong Thổ chung tay vì người nghèo - Không để ai bị bỏ lại phía sau",
        owner=world.unit("phong-tho"),
        variant_of=national.movement,
        standing_body=world.unit("phong-ldtbxh"),
    )
    plan = phong_tho_plan(world, movement=movement, title=record(2)["doc"]["title"])
    plan.carries_out.add(province)
    version = plan.versions.get()
    version.first_year, version.last_year = 2021, 2025
    version.save(update_fields=["first_year", "last_year"])
    for item in items_of(2):
        row = make_item(version, item.kind, item.key, {**item.entry, "quote": item.text})
        if item.kind == "targets":
            Target.objects.create(
                plan=plan,
                item=row,
                indicator=item.entry["indicator"],
                label=item.entry["label_vi"],
                comparator=item.entry["comparator"],
                unit=item.entry["unit"],
                last_year=2025,
                scope_text=item.entry["scope"],
            )
        elif item.kind == "milestones" and item.entry["when"].get("year"):
            year = item.entry["when"]["year"]
            Milestone.objects.create(
                plan=plan,
                item=row,
                kind=item.entry["kind"],
                title="Sơ kết" if item.entry["kind"] == "so_ket" else "Tổng kết",
                first_day=f"{year}-01-01",
                last_day=f"{year}-12-31",
                when_text=item.entry["when"]["raw"],
            )
    for key, due in (("mu-sang", "2023-11-01"), ("dao-san", "2023-11-20"), ("phong-noi-vu", None)):
        make_task(plan, world.unit(key), due_on=due, title="Báo cáo kết quả thực hiện phong trào năm 2023")
    make_registration(plan, world.unit("mu-sang"))
    return Cascade(world, national, province, plan, movement)
