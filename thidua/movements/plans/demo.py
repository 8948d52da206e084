"""The demonstration: the five sample plans adopted in 2022, each by the standing officer of its body.

Hides that an officer confirms every item, every name and every offered indicator. May be repeated: what is
adopted stays as it is. A visitor who wants to try adopting begins a new draft from a sample, or an amendment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from thidua.accounts.models import User
from thidua.core.clock import VIETNAM
from thidua.documents.models import Document
from thidua.movements.models import ItemDecision, PlanVersion, PlanVersionState, Target
from thidua.movements.plans import adoption, drafting, parties
from thidua.movements.progress import binding
from thidua.movements.tasks import demo as tasks_demo
from thidua.organisations.authority import Acting, acting

WHY_BOUND = "Xác nhận theo gợi ý khi đưa kế hoạch vào thực hiện (ví dụ)"


@dataclass(frozen=True, slots=True)
class Adopting:
    """Which sample is adopted by whom and when."""

    sample: str
    officer: str
    #: Some weeks after the plan, or where it bears no day after the plan above it.
    at: datetime


def _morning(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, tzinfo=VIETNAM)


ADOPTED: tuple[Adopting, ...] = (
    Adopting("mau-003", "quangbinh-stnmt-thuongtruc", _morning(2022, 7, 25)),
    Adopting("mau-004", "langson-bandantoc-thuongtruc", _morning(2022, 8, 1)),
    Adopting("mau-000", "langson-stnmt-thuongtruc", _morning(2022, 8, 8)),
    Adopting("mau-002", "phongtho-thuongtruc", _morning(2022, 8, 15)),
    Adopting("mau-001", "daknong-thanhtra-thuongtruc", _morning(2022, 8, 22)),
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one sample; `missing` says what was not there."""

    adopting: Adopting
    version: PlanVersion | None = None
    is_new: bool = False
    missing: str = ""


def load_all(adoptions: Sequence[Adopting] = ADOPTED) -> list[Loaded]:
    return [load(one) for one in adoptions]


def load(adopting: Adopting) -> Loaded:
    """Adopt one sample plan, once; a second call finds it adopted."""
    document = Document.objects.filter(address=adopting.sample).first()
    if document is None:
        return Loaded(adopting, missing="bản mẫu (thidua load-samples)")
    known = (
        PlanVersion.objects.filter(document=document)
        .exclude(state__in=[PlanVersionState.DROPPED, PlanVersionState.DRAFT])
        .order_by("pk")
        .first()
    )
    if known is not None:
        return Loaded(adopting, known)
    user = User.objects.filter(username=adopting.officer, is_demo=True).first()
    if user is None:
        return Loaded(adopting, missing=f"tài khoản trình diễn {adopting.officer} (thidua load-demo)")
    officer = acting(user, on=adopting.at.date())
    proposed = drafting.beginnings(document, actor=officer)
    if proposed.owner is None or proposed.standing_body is None:
        return Loaded(adopting, missing="cơ quan ban hành trong danh mục (thidua load-units)")
    with transaction.atomic():
        version = drafting.start(
            document,
            owner=proposed.owner,
            standing_body=proposed.standing_body,
            movement=proposed.movement,
            actor=officer,
            now=adopting.at,
        )
        settle(version, actor=officer, now=adopting.at)
        adoption.adopt(version, actor=officer, now=adopting.at)
        targets = Target.objects.filter(plan=version.plan).select_related("plan", "item")
        binding.confirm_offered(targets, note=WHY_BOUND, actor=officer, now=adopting.at)
    return Loaded(adopting, version, is_new=True)


def live(loaded: Loaded, *, on: date) -> int:
    """Let the units work on the plan up to a day, once; returns on how many tasks. Never before its day."""
    if loaded.version is None or on <= loaded.adopting.at.date():
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
