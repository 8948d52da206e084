"""Letters that surely did not go, sent once more when an administrator has removed the cause."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from thidua.audit.log import record
from thidua.core.errors import RuleNotMet
from thidua.notices.models import Delivery, DeliveryState
from thidua.notices.rights import sent_to_people_of
from thidua.organisations.authority import Acting


def send_again(*, actor: Acting, now: datetime) -> int:
    """Plan all failed deliveries to this administrator's people anew; how many.

    Unsure ones are not among them: they may have arrived. Raises RuleNotMet when none has failed.
    """
    actor.require("notices.read_sent", None)
    failed = list(sent_to_people_of(actor).filter(state=DeliveryState.FAILED))
    with transaction.atomic():
        number = Delivery.objects.filter(
            pk__in=[row.pk for row in failed], state=DeliveryState.FAILED
        ).update(state=DeliveryState.PLANNED, attempts=0, batch="", send_at=now, ended_at=None)
        if not number:
            raise RuleNotMet(
                "Chưa gửi lại gì",
                why="không có thư nào không gửi được",
                next_step="Thư «không rõ đã đi chưa» thì hỏi người nhận",
            )
        record(
            "notices.delivery.send_again",
            failed[0],
            label="Gửi lại thư không gửi được",
            actor=actor,
            now=now,
            object_unit_id=actor.unit_id,
            details={"letters": number},
        )
    return number
