"""Saying that the register is complete for a unit and all below it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards.models import RegisterCoverage
from thidua.core.errors import RuleNotMet
from thidua.organisations.models import Unit


def declare(
    unit: Unit, *, ground: str, discipline_since: date | None = None, actor: Actor, now: datetime
) -> RegisterCoverage:
    """From the day of the actor on; said again, the newer ground and day count.

    `discipline_since`: from then on disciplines are all kept too. Raises NotAllowed, RuleNotMet.
    """
    coverage = RegisterCoverage(unit=unit)
    actor.require("register.declare", coverage)
    if discipline_since is not None and discipline_since > actor.on:
        raise RuleNotMet(
            "Chưa ghi được xác nhận",
            why="ngày ghi đủ kỷ luật chưa đến",
            next_step="Ghi ngày không muộn hơn hôm nay, hoặc để trống",
        )
    with transaction.atomic():
        coverage, _ = RegisterCoverage.objects.update_or_create(
            unit=unit,
            defaults={
                "ground": ground.strip(),
                "declared_on": actor.on,
                "discipline_since": discipline_since,
                "user": actor.user,
            },
        )
        record(
            "awards.registercoverage.declare",
            coverage,
            label="Xác nhận sổ khen thưởng đã đủ",
            actor=actor,
            now=now,
            object_unit_id=unit.pk,
            details={"ground": ground.strip(), "discipline_since": discipline_since},
        )
    return coverage
