"""What the parts of the demonstration of awards share: the story, its round, who acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

import yaml
from django.conf import settings

from thidua.audit.log import Actor
from thidua.awards.models import (
    AwardRound,
)
from thidua.movements.models import Plan
from thidua.movements.tasks.demo import actor_of
from thidua.organisations.models import (
    Role,
)

PHONG_THO = "before-109"
FORM = "giay-khen"
PREPARING = (Role.STANDING, Role.LEADER)
PROPOSING = (Role.UNIT_OFFICER, Role.STANDING, Role.LEADER)
#: The first act.
BEGINS_ON = date(2025, 1, 3)


@dataclass
class Lived:
    """What happened up to the day."""

    rounds: int = 0
    candidates: int = 0
    votes: int = 0
    awards: int = 0
    revoked: int = 0
    notes: list[str] = field(default_factory=list)


@cache
def story() -> dict[str, Any]:
    path = settings.BASE_DIR / "data" / "demo" / "awards.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def round_of(plan: Plan) -> AwardRound:
    return AwardRound.objects.select_related("plan__movement", "deciding_body", "standing_body").get(
        name=story()["round"]["name"]
    )


def preparer(round_: AwardRound, now: datetime) -> Actor:
    return actor_of(round_.standing_body_id, PREPARING, on=now.date())
