"""What the sending unit does with its registrations: write, mend, send, recall, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import fold, nfc
from thidua.movements.models import (
    Plan,
    Registration,
    RegistrationKind,
    RegistrationState,
    SubjectType,
)
from thidua.movements.registrations import checks
from thidua.notices.telling import tell
from thidua.organisations import tree
from thidua.organisations.models import Unit

#: States in which the sending unit may still change the text.
MENDABLE = (RegistrationState.DRAFT, RegistrationState.RETURNED)


@dataclass(frozen=True, slots=True)
class Written:
    """What a registration says, as it comes from a form or a row of Excel."""

    kind: RegistrationKind
    year: int
    commitment: str
    subject_type: SubjectType = SubjectType.UNIT
    subject_name: str = ""
    subject_address: str = ""
    helped_unit: Unit | None = None
    helped_village: str = ""


def write(plan: Plan, unit: Unit, written: Written, *, actor: Actor, now: datetime) -> Registration:
    """A new draft. Raises NotAllowed, or RuleNotMet when something is missing or was registered before."""
    registration = as_registration(plan, unit, written, actor=actor)
    registration.made_at = now
    actor.require("registration.send", registration)
    checks.check(registration, on=actor.on)
    with transaction.atomic():
        _kept(registration)
        _log("write", "Lập đăng ký", registration, actor=actor, now=now)
    return registration


def write_many(
    plan: Plan, unit: Unit, rows: Sequence[Written], *, actor: Actor, now: datetime
) -> list[Registration]:
    """Drafts for all rows or for none; a row that the unit registered before is left out."""
    found = as_registrations(plan, unit, rows, actor=actor)
    if not found:
        return []
    actor.require("registration.send", found[0])
    fresh = without_known(plan, unit, found)
    for registration in fresh[:1]:
        checks.check(registration, on=actor.on)
    for registration in fresh:
        registration.made_at = now
    with transaction.atomic():
        try:
            made = Registration.objects.bulk_create(fresh, batch_size=500)
        except IntegrityError as clash:
            raise ChangedMeanwhile(
                "Chưa nhập được",
                why="người khác vừa nhập một số hộ trong tệp",
                next_step="Nhập lại tệp; hộ đã có sẽ được bỏ qua",
            ) from clash
        record(
            "movements.registration.import",
            plan,
            label="Nhập đăng ký từ Excel",
            actor=actor,
            now=now,
            object_unit_id=unit.pk,
            details={"rows": len(made)},
        )
    return made


def as_registration(plan: Plan, unit: Unit, written: Written, *, actor: Actor) -> Registration:
    """What would be kept, not yet kept."""
    return as_registrations(plan, unit, [written], actor=actor)[0]


def as_registrations(plan: Plan, unit: Unit, rows: Sequence[Written], *, actor: Actor) -> list[Registration]:
    """What would be kept of each row; one query."""
    named = [row.helped_unit.pk for row in rows if row.helped_unit is not None]
    labels = tree.labels_on([unit.pk, *named], on=actor.on)
    return [_filled(Registration(plan=plan, unit=unit, user=actor.user), row, labels) for row in rows]


def without_known(plan: Plan, unit: Unit, found: Sequence[Registration]) -> list[Registration]:
    """Those that the unit has not registered yet, each once; one query."""
    known = set(
        Registration.objects.filter(plan=plan, unit=unit)
        .exclude(state=RegistrationState.WITHDRAWN)
        .values_list("kind", "year", "subject_key")
    )
    fresh = []
    for registration in found:
        mark = (registration.kind, registration.year, registration.subject_key)
        if mark not in known:
            known.add(mark)
            fresh.append(registration)
    return fresh


def mend(registration: Registration, written: Written, *, actor: Actor, now: datetime) -> Registration:
    """Change a draft or a returned registration."""
    actor.require("registration.send", registration)
    if registration.state not in MENDABLE:
        raise RuleNotMet(
            "Chưa sửa được đăng ký",
            why=f"đăng ký đang ở trạng thái «{registration.get_state_display()}»",
            next_step="Rút về để sửa nếu đăng ký còn chờ duyệt",
        )
    state = registration.state
    named = [registration.unit_id, *([written.helped_unit.pk] if written.helped_unit else [])]
    _filled(registration, written, tree.labels_on(named, on=actor.on))
    checks.check(registration, on=actor.on)
    changed = {name: getattr(registration, name) for name in WRITTEN_FIELDS}
    with transaction.atomic():
        try:
            with transaction.atomic():
                count = Registration.objects.filter(pk=registration.pk, state=state).update(**changed)
        except IntegrityError as clash:
            raise checks.registered_already(registration) from clash
        if not count:
            raise ChangedMeanwhile(
                "Chưa sửa được đăng ký",
                why="đăng ký vừa được gửi hoặc rút",
                next_step="Mở lại trang để xem trạng thái mới",
            )
        _log("mend", "Sửa đăng ký", registration, actor=actor, now=now)
    return registration


def send(registration: Registration, *, actor: Actor, now: datetime) -> None:
    """Hand it to the body that decides, and tell that body."""
    with transaction.atomic():
        advance(registration, "send", actor=actor, now=now, changes={"sent_at": now, "returned_reason": ""})
        plan = registration.plan
        receiver = plan.standing_body_id or plan.owner_id
        if receiver is not None:
            label = tree.labels_on([registration.unit_id], on=actor.on).get(registration.unit_id, "Đơn vị")
            tell(
                kind="registration.sent",
                text=f"{label} gửi {registration.get_kind_display().lower()} năm {registration.year}.",
                address=reverse("registrations:registration", args=[registration.pk]),
                now=now,
                sender=actor.name,
                unit_id=receiver,
            )


def send_many(registrations: Sequence[Registration], *, actor: Actor, now: datetime) -> int:
    """All drafts or none."""
    with transaction.atomic():
        for registration in registrations:
            advance(
                registration, "send", actor=actor, now=now, changes={"sent_at": now, "returned_reason": ""}
            )
        if registrations:
            first = registrations[0]
            receiver = first.plan.standing_body_id or first.plan.owner_id
            label = tree.labels_on([first.unit_id], on=actor.on).get(first.unit_id, "Đơn vị")
            if receiver is not None:
                tell(
                    kind="registration.sent",
                    text=f"{label} gửi {len(registrations)} đăng ký năm {first.year}.",
                    address=reverse("registrations:list") + f"?ke_hoach={first.plan_id}&nam={first.year}",
                    now=now,
                    sender=actor.name,
                    unit_id=receiver,
                )
    return len(registrations)


def recall(registration: Registration, *, actor: Actor, now: datetime) -> None:
    advance(registration, "recall", actor=actor, now=now, changes={"sent_at": None})


def withdraw(registration: Registration, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(registration, "withdraw", actor=actor, now=now, reason=reason)


WRITTEN_FIELDS = (
    "kind",
    "year",
    "commitment",
    "subject_type",
    "subject_name",
    "subject_address",
    "helped_unit",
    "helped_village",
    "subject_key",
    "search_text",
)


def _filled(registration: Registration, written: Written, labels: Mapping[int, str]) -> Registration:
    registration.kind = written.kind
    registration.year = written.year
    registration.commitment = nfc(written.commitment).strip()
    registration.subject_type = written.subject_type
    registration.subject_name = _words(written.subject_name)
    registration.subject_address = _words(written.subject_address)
    registration.helped_unit = written.helped_unit
    registration.helped_village = _words(written.helped_village)
    registration.subject_key = checks.subject_key(registration)
    registration.search_text = _search_text(registration, labels)
    return registration


def _words(text: str) -> str:
    return " ".join(nfc(text).split())


def _search_text(registration: Registration, labels: Mapping[int, str]) -> str:
    """Words to find it by that say nothing of a person or household."""
    named = (registration.unit_id, registration.helped_unit_id or 0)
    words = [*(labels.get(pk, "") for pk in named), registration.helped_village]
    if registration.subject_type in (SubjectType.UNIT, SubjectType.ENTERPRISE):
        words += [registration.subject_name, registration.commitment]
    return fold(" ".join(words))


def _kept(registration: Registration) -> None:
    try:
        with transaction.atomic():
            registration.save(force_insert=True)
    except IntegrityError as clash:
        raise checks.registered_already(registration) from clash


def _log(action: str, label: str, registration: Registration, *, actor: Actor, now: datetime) -> None:
    record(
        f"movements.registration.{action}",
        registration,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=registration.unit_id,
    )
