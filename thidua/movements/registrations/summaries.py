"""The merged registration on its way up: built from approved registrations, sent, accepted, then frozen.

A summary belongs to the higher plan and to the unit that merges. It counts the approved registrations of
that plan and of the plans that carry it out, of units at or below the merging unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.movements.models import (
    Plan,
    Registration,
    RegistrationKind,
    RegistrationState,
    RegistrationSummary,
)
from thidua.movements.registrations import merging
from thidua.movements.registrations.expecting import expected_versions
from thidua.notices.telling import tell
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind
from thidua.organisations.successions import inherited_by

#: How far down plans that carry out plans are followed: nation, province, district, commune, unit.
LEVELS = 5


def family_of(plan: Plan) -> list[int]:
    """Keys of the plan and of all plans that carry it out, through all levels; one query a level."""
    found, latest = [plan.pk], [plan.pk]
    for _ in range(LEVELS):
        latest = list(
            Plan.objects.filter(carries_out__in=latest)
            .exclude(pk__in=found)
            .order_by("pk")
            .values_list("pk", flat=True)
            .distinct()
        )
        if not latest:
            break
        found += latest
    return found


def below(unit_id: int, *, on: date) -> Q:
    """Registrations of units at or below a unit, with those of ended units that it took over from."""
    inherited = inherited_by([unit_id], on=on)[unit_id]
    return Q(unit__in=tree.ids_at_or_below([unit_id], on=on)) | Q(unit__in=inherited)


def registrations_of(plan: Plan, year: int, unit_id: int, *, on: date) -> QuerySet[Registration]:
    """The approved registrations that a summary of this unit counts."""
    return Registration.objects.filter(
        below(unit_id, on=on),
        plan__in=family_of(plan),
        year=year,
        state=RegistrationState.APPROVED,
    )


def figures_of(registrations: QuerySet[Registration]) -> merging.Figures:
    rows = registrations.values_list("kind", "subject_type", "unit_id", "helped_unit_id", "helped_village")
    return merging.counted(merging.Counted(*row) for row in rows.iterator(chunk_size=5000))


def build(plan: Plan, year: int, unit: Unit, *, actor: Actor, now: datetime) -> RegistrationSummary:
    """Merge for the first time or anew. Refuses once it was sent (recall it first) or accepted."""
    summary = RegistrationSummary.objects.filter(plan=plan, year=year, unit=unit).first()
    actor.require("summary.send", summary or RegistrationSummary(plan=plan, year=year, unit=unit))
    text = merging.as_text(figures_of(registrations_of(plan, year, unit.pk, on=actor.on)))
    with transaction.atomic():
        if summary is None:
            summary = RegistrationSummary(
                plan=plan, year=year, unit=unit, figures=text, built_at=now, user=actor.user
            )
            try:
                with transaction.atomic():
                    summary.save(force_insert=True)
            except IntegrityError as clash:
                raise _changed() from clash
        else:
            _refuse_closed(summary)
            count = RegistrationSummary.objects.filter(
                pk=summary.pk, state=summary.state, built_at=summary.built_at
            ).update(figures=text, built_at=now, user=actor.user)
            if not count:
                raise _changed()
            summary.figures, summary.built_at = text, now
        record(
            "movements.registrationsummary.build",
            summary,
            label="Tổng hợp đăng ký",
            actor=actor,
            now=now,
            object_unit_id=unit.pk,
            details={"total": merging.from_text(text).total},
        )
    return summary


def _refuse_closed(summary: RegistrationSummary) -> None:
    if summary.state in RegistrationSummary.OPEN:
        return
    is_accepted = summary.decided_at is not None and summary.sent_at is not None
    raise RuleNotMet(
        "Chưa tổng hợp lại được",
        why=f"bản tổng hợp đang ở trạng thái «{summary.get_state_display()}»",
        next_step="Số liệu đã nhận được giữ nguyên; cần sửa thì trao đổi với cấp trên"
        if is_accepted
        else "Rút về rồi tổng hợp lại",
    )


def _changed() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        "Chưa tổng hợp lại được",
        why="người khác vừa tổng hợp hoặc gửi bản này",
        next_step="Mở lại trang để xem bản mới nhất",
    )


def send(summary: RegistrationSummary, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(
            summary,
            "send",
            actor=actor,
            now=now,
            changes={"sent_at": now, "returned_reason": ""},
            details={"figures": summary.figures},
        )
        receiver = summary.plan.standing_body_id or summary.plan.owner_id
        if receiver is not None:
            label = tree.labels_on([summary.unit_id], on=actor.on).get(summary.unit_id, "Đơn vị")
            _tell(summary, receiver, f"{label} gửi tổng hợp đăng ký năm {summary.year}.", actor, now)


def recall(summary: RegistrationSummary, *, actor: Actor, now: datetime) -> None:
    advance(summary, "recall", actor=actor, now=now, changes={"sent_at": None})


def accept(summary: RegistrationSummary, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(summary, "accept", actor=actor, now=now, changes={"decided_at": now})
        _tell(summary, summary.unit_id, f"Tổng hợp đăng ký năm {summary.year} đã được nhận.", actor, now)


def send_back(summary: RegistrationSummary, *, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(
            summary,
            "send_back",
            actor=actor,
            now=now,
            reason=reason,
            changes={"decided_at": now, "returned_reason": reason.strip()},
        )
        _tell(
            summary,
            summary.unit_id,
            f"Tổng hợp đăng ký năm {summary.year} bị trả lại: {reason.strip()}.",
            actor,
            now,
        )


def _tell(summary: RegistrationSummary, unit_id: int, text: str, actor: Actor, now: datetime) -> None:
    tell(
        kind="registration.summary",
        text=text,
        address=reverse("registrations:summary", args=[summary.pk]),
        now=now,
        sender=actor.name,
        unit_id=unit_id,
    )


# --- gaps: missing is not zero --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gap:
    """Of the units of one sort that should register: how many did, and the names of those that did not."""

    label: str
    sent: int
    expected: int
    missing: tuple[str, ...]

    @property
    def is_closed(self) -> bool:
        return self.sent == self.expected

    @property
    def more(self) -> int:
        """How many of the missing are beyond the twenty that a page names."""
        return max(0, len(self.missing) - 20)


SORTS: tuple[tuple[str, tuple[UnitKind, ...]], ...] = (
    ("xã", (UnitKind.COMMUNE,)),
    ("huyện", (UnitKind.DISTRICT,)),
    ("tỉnh", (UnitKind.PROVINCE,)),
    ("thôn, bản", (UnitKind.VILLAGE,)),
)
OTHER = "cơ quan, đơn vị"


def gaps(plan: Plan, year: int, unit_id: int, *, on: date) -> list[Gap]:
    """Which units at or below this one sent nothing of any kind; pending counts as sent."""
    plans = list(Plan.objects.filter(pk__in=family_of(plan)))
    scope = tree.ids_at_or_below([unit_id], on=on)
    expected: dict[int, tuple[str, str]] = {}
    for one in plans:
        for kind in (RegistrationKind.JOIN, RegistrationKind.HELP):
            rows = expected_versions(one, year, kind, on=on).filter(unit__in=scope)
            for version_unit, unit_kind, label in rows.values_list("unit_id", "unit__kind", "label"):
                expected[version_unit] = (unit_kind, label)
    sent = _sent_units(plans, year, expected, on=on)
    return _gaps(expected, sent)


def _sent_units(plans: Iterable[Plan], year: int, expected: Iterable[int], *, on: date) -> set[int]:
    origins = inherited_by(list(expected), on=on)
    rows = Registration.objects.filter(
        plan__in=plans,
        year=year,
        state__in=[RegistrationState.PENDING, RegistrationState.APPROVED],
    )
    senders = set(rows.values_list("unit_id", flat=True).distinct())
    return {unit_id for unit_id, own in origins.items() if own & senders}


def _gaps(expected: dict[int, tuple[str, str]], sent: set[int]) -> list[Gap]:
    found = []
    named = {kind: label for label, kinds in SORTS for kind in kinds}
    for sort in [*(label for label, _ in SORTS), OTHER]:
        members = {
            unit_id: label
            for unit_id, (kind, label) in expected.items()
            if named.get(UnitKind(kind), OTHER) == sort
        }
        if members:
            missing = sorted(label for unit_id, label in members.items() if unit_id not in sent)
            found.append(Gap(sort, len(members) - len(missing), len(members), tuple(missing)))
    return found
