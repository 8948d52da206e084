"""The demonstration: the sample plan of Phong Thổ adopted in 2022 by its standing officer.

The other four samples wait read, for whoever tries «Đưa vào thực hiện».
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from thidua.accounts.models import User
from thidua.core.clock import VIETNAM
from thidua.documents.models import Document
from thidua.movements.models import ItemDecision, PlanVersion, PlanVersionState
from thidua.movements.plans import adoption, drafting, parties
from thidua.movements.tasks import demo as tasks_demo
from thidua.organisations.authority import Acting, acting

#: Whose plan, who adopts it, when: some weeks after the plan of the province (01/7/2022).
SAMPLE, OFFICER = "mau-002", "phongtho-thuongtruc"
ADOPTED_AT = datetime(2022, 8, 15, 9, 0, tzinfo=VIETNAM)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of it; `missing` says what was not there."""

    version: PlanVersion | None = None
    is_new: bool = False
    missing: str = ""


def load() -> Loaded:
    """Adopt the sample plan, once; a second call finds it adopted."""
    document = Document.objects.filter(address=SAMPLE).first()
    if document is None:
        return Loaded(missing="bản mẫu (thidua load-samples)")
    known = (
        PlanVersion.objects.filter(document=document)
        .exclude(state__in=[PlanVersionState.DROPPED, PlanVersionState.DRAFT])
        .order_by("pk")
        .first()
    )
    if known is not None:
        return Loaded(known)
    user = User.objects.filter(username=OFFICER, is_demo=True).first()
    if user is None:
        return Loaded(missing=f"tài khoản trình diễn {OFFICER} (thidua load-demo)")
    officer = acting(user, on=ADOPTED_AT.date())
    proposed = drafting.beginnings(document, actor=officer)
    if proposed.owner is None or proposed.standing_body is None:
        return Loaded(missing="cơ quan ban hành trong danh mục (thidua load-units)")
    with transaction.atomic():
        version = drafting.start(
            document,
            owner=proposed.owner,
            standing_body=proposed.standing_body,
            movement=proposed.movement,
            actor=officer,
            now=ADOPTED_AT,
        )
        settle(version, actor=officer, now=ADOPTED_AT)
        adoption.adopt(version, actor=officer, now=ADOPTED_AT)
    return Loaded(version, is_new=True)


def live(loaded: Loaded, *, on: date) -> int:
    """Let the units work on the plan up to a day, once; returns on how many tasks. Never before its day."""
    if loaded.version is None or on <= ADOPTED_AT.date():
        return 0
    with transaction.atomic():
        return tasks_demo.live(loaded.version.plan, on)


def settle(version: PlanVersion, *, actor: Acting, now: datetime) -> None:
    """Accept every item, confirm every sure name; a name that nothing fits stands outside the system."""
    drafting.accept_clear(version, actor=actor, now=now)
    for item in version.items.filter(decision=ItemDecision.UNDECIDED):
        drafting.accept(item, seen=drafting.seen_of(item), actor=actor, now=now)
    parties.confirm_proposed(version, actor=actor, now=now)
    for party in parties.waiting(version):
        parties.confirm(party, unit_ids=(), is_outside=True, actor=actor, now=now)
