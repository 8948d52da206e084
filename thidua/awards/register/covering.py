"""Saying that the register is complete for a unit and all below it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards.models import RegisterCoverage
from thidua.organisations.models import Unit


def declare(unit: Unit, *, ground: str, actor: Actor, now: datetime) -> RegisterCoverage:
    """From the day of the actor on; said again, the newer ground counts."""
    coverage = RegisterCoverage(unit=unit)
    actor.require("register.declare", coverage)
    with transaction.atomic():
        coverage, _ = RegisterCoverage.objects.update_or_create(
            unit=unit, defaults={"ground": ground.strip(), "declared_on": actor.on, "user": actor.user}
        )
        record(
            "awards.registercoverage.declare",
            coverage,
            label="Xác nhận sổ khen thưởng đã đủ",
            actor=actor,
            now=now,
            object_unit_id=unit.pk,
            details={"ground": ground.strip()},
        )
    return coverage
