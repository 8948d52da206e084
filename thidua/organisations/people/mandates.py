"""Mandates given, taken back, given other days; and lent to a colleague while away.

Everything asks for its right, is written to the log, and leaves the row: what somebody was allowed on a day
can always be read.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from thidua.accounts.models import User
from thidua.audit.log import Actor, record
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.organisations import tree
from thidua.organisations.models import FOREVER, Mandate, Role, Unit, UnitVersion

#: What cannot be lent. A council member's vote is the member's own; another administrator is appointed.
PERSONAL = frozenset({Role.COUNCIL, Role.ADMINISTRATOR})
#: How long somebody may be away at most. Longer: the administrator gives a mandate.
LONGEST_DELEGATION = timedelta(days=366)


class LastAdministrator(RuleNotMet):
    """A unit would be left without anybody who administers it. May be done knowingly."""


def held(user: User, *, on: date) -> QuerySet[Mandate]:
    """What a person holds on a day, delegations included."""
    return Mandate.objects.filter(user=user, since__lte=on, until__gt=on, revoked_at__isnull=True)


def current_or_coming(user: User, *, on: date) -> QuerySet[Mandate]:
    return Mandate.objects.filter(user=user, until__gt=on, revoked_at__isnull=True)


def give(
    user: User,
    *,
    unit: Unit,
    role: Role,
    since: date,
    until: date = FOREVER,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Mandate:
    """Let a person act for a unit. Raises NotAllowed above or beside the actor's own units."""
    what = "Chưa thể giao ủy nhiệm"
    actor.require("mandate.give", unit)
    _refuse_oneself(user, actor=actor, what=what)
    _check_days(since, until, what=what)
    if not user.is_active:
        raise RuleNotMet(what, why="tài khoản đã ngừng hoạt động", next_step="Mở lại tài khoản trước")
    if not UnitVersion.objects.filter(tree.valid_on(since), unit=unit).exists():
        raise RuleNotMet(
            what,
            why=f"{_label(unit, on=since)} không hoạt động vào ngày {since:%d/%m/%Y}",
            next_step="Chọn đơn vị kế thừa, hoặc ngày khác",
        )
    with transaction.atomic():
        # One at a time for a person, so that two administrators do not give the same twice.
        User.objects.select_for_update().get(pk=user.pk)
        same = Mandate.objects.filter(user=user, unit=unit, role=role, revoked_at__isnull=True)
        if same.filter(since__lt=until, until__gt=since, delegated_from__isnull=True).exists():
            raise RuleNotMet(
                what,
                why=f"{user} đã có vai trò «{role.label}» ở đơn vị này trong thời gian đó",
                next_step="Đổi ngày kết thúc của ủy nhiệm đang có",
            )
        mandate = Mandate.objects.create(
            user=user,
            unit=unit,
            role=role,
            since=since,
            until=until,
            given_by=actor.user,
            reason=reason.strip(),
        )
        _log("give", "Giao ủy nhiệm", mandate, actor=actor, now=now, reason=reason, since=since, until=until)
    return mandate


def revoke(mandate: Mandate, *, reason: str, actor: Actor, now: datetime, knowing: bool = False) -> None:
    """End a mandate at once, and what was lent from it. Raises LastAdministrator unless `knowing`."""
    what = "Chưa thể thu hồi ủy nhiệm"
    actor.require("mandate.give", mandate)
    if not reason.strip():
        raise RuleNotMet(what, why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại")
    if mandate.role == Role.ADMINISTRATOR and not knowing:
        refuse_last_administrator(mandate, what="thu hồi ủy nhiệm", on=actor.on)
    _end_now(mandate, "revoke", "Thu hồi ủy nhiệm", reason=reason, actor=actor, now=now)


def change_end(
    mandate: Mandate, *, until: date, reason: str, actor: Actor, now: datetime, knowing: bool = False
) -> None:
    """Lengthen or shorten a mandate. Raises LastAdministrator as `revoke` when it ends sooner."""
    what = "Chưa thể đổi ngày kết thúc"
    actor.require("mandate.give", mandate)
    _refuse_oneself(mandate.user, actor=actor, what=what)
    _check_days(mandate.since, until, what=what)
    if mandate.delegated_from_id:
        raise RuleNotMet(
            what, why="đây là ủy quyền của người khác", next_step="Thu hồi, rồi để người đó ủy quyền lại"
        )
    if not reason.strip():
        raise RuleNotMet(what, why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại")
    if mandate.role == Role.ADMINISTRATOR and until < mandate.until and not knowing:
        refuse_last_administrator(mandate, what="đổi ngày kết thúc", on=actor.on)
    before = mandate.until
    with transaction.atomic():
        changed = Mandate.objects.filter(pk=mandate.pk, until=before, revoked_at__isnull=True)
        if not changed.update(until=until):
            raise _changed(what)
        _log(
            "change_end",
            "Đổi ngày kết thúc ủy nhiệm",
            mandate,
            actor=actor,
            now=now,
            reason=reason,
            before=before,
            until=until,
        )
    mandate.until = until


def delegate(
    mandate: Mandate, *, to: User, since: date, until: date, reason: str, actor: Actor, now: datetime
) -> Mandate:
    """Lend one's own mandate to a colleague for some days.

    Not what was lent to oneself, not longer than one's own, not a role that is personal (`PERSONAL`).
    """
    what = "Chưa thể ủy quyền"
    if actor.user is None or mandate.user_id != actor.user.pk:
        raise NotAllowed(
            what, why="đây không phải ủy nhiệm của bạn", next_step="Chọn ủy nhiệm trong hồ sơ của bạn"
        )
    if mandate.delegated_from_id:
        raise RuleNotMet(
            what,
            why="việc này người khác ủy quyền cho bạn, mà việc được ủy quyền thì không ủy quyền tiếp",
            next_step="Đề nghị người đã ủy quyền chọn người khác",
        )
    if mandate.role in PERSONAL:
        raise RuleNotMet(
            what,
            why=f"vai trò «{mandate.get_role_display()}» gắn với riêng người được giao",
            next_step="Đề nghị người quản trị cấp trên giao vai trò cho người khác",
        )
    _check_days(since, until, what=what)
    if since < actor.on:
        raise RuleNotMet(what, why="ngày bắt đầu đã qua", next_step="Chọn từ hôm nay trở đi")
    if until - since > LONGEST_DELEGATION:
        raise RuleNotMet(
            what,
            why="thời gian dài hơn một năm",
            next_step="Chọn ngày kết thúc sớm hơn, hoặc đề nghị người quản trị giao ủy nhiệm",
        )
    if mandate.revoked_at is not None or since < mandate.since or until > mandate.until:
        raise RuleNotMet(
            what,
            why="thời gian ủy quyền vượt quá ủy nhiệm của bạn",
            next_step="Chọn thời gian nằm trong ủy nhiệm",
        )
    if not colleagues(mandate, on=actor.on).filter(pk=to.pk).exists():
        raise RuleNotMet(
            what,
            why="chỉ ủy quyền được cho người đang làm việc ở cùng đơn vị, đơn vị ngay trên hoặc ngay dưới",
            next_step="Chọn người khác, hoặc đề nghị người quản trị giao ủy nhiệm",
        )
    with transaction.atomic():
        Mandate.objects.select_for_update().get(pk=mandate.pk)
        lent = mandate.delegations.filter(revoked_at__isnull=True, since__lt=until, until__gt=since)
        if lent.exists():
            raise RuleNotMet(
                what,
                why="ủy nhiệm này đã ủy quyền trong thời gian đó",
                next_step="Lấy lại ủy quyền cũ trước",
            )
        made = Mandate.objects.create(
            user=to,
            unit_id=mandate.unit_id,
            role=mandate.role,
            since=since,
            until=until,
            delegated_from=mandate,
            given_by=actor.user,
            reason=reason.strip(),
        )
        _log("delegate", "Ủy quyền", made, actor=actor, now=now, reason=reason, since=since, until=until)
    return made


def take_back(delegation: Mandate, *, actor: Actor, now: datetime) -> None:
    """End what one has lent."""
    source = delegation.delegated_from
    if source is None or actor.user is None or source.user_id != actor.user.pk:
        raise NotAllowed(
            "Chưa thể lấy lại ủy quyền",
            why="đây không phải ủy quyền của bạn",
            next_step="Đề nghị người đã ủy quyền, hoặc người quản trị",
        )
    _end_now(delegation, "take_back", "Lấy lại ủy quyền", reason="", actor=actor, now=now)


def colleagues(mandate: Mandate, *, on: date) -> QuerySet[User]:
    """Who works at the same unit, the one above or the ones directly below; never the person themself."""
    parents = UnitVersion.objects.filter(tree.valid_on(on), unit_id=mandate.unit_id).values("parent_id")
    children = UnitVersion.objects.filter(tree.valid_on(on), parent_id=mandate.unit_id).values("unit_id")
    siblings = UnitVersion.objects.filter(
        tree.valid_on(on), parent_id__in=parents, unit__kind__in=("agency", "division")
    ).values("unit_id")
    near = Q(unit_id=mandate.unit_id) | Q(unit_id__in=parents) | Q(unit_id__in=children)
    if mandate.unit.kind == "division":
        near |= Q(unit_id__in=siblings)
    working = Mandate.objects.filter(near, since__lte=on, until__gt=on, revoked_at__isnull=True)
    found = User.objects.filter(is_active=True, pk__in=working.values("user_id"))
    return found.exclude(pk=mandate.user_id).order_by("name_order", "pk")


def refuse_last_administrator(mandate: Mandate, *, what: str, on: date) -> None:
    """Raise LastAdministrator when nobody else administers the unit of a mandate."""
    others = Mandate.objects.filter(
        unit_id=mandate.unit_id,
        role=Role.ADMINISTRATOR,
        since__lte=on,
        until__gt=on,
        revoked_at__isnull=True,
        user__is_active=True,
    ).exclude(user_id=mandate.user_id)
    if not others.exists():
        raise LastAdministrator(
            f"Chưa {what}",
            why=f"{mandate.user} là người quản trị cuối cùng của {_label(mandate.unit, on=on)}",
            next_step="Giao vai trò quản trị cho người khác trước; nếu vẫn muốn, đánh dấu ô xác nhận",
        )


def _end_now(mandate: Mandate, action: str, label: str, *, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        if not Mandate.objects.filter(pk=mandate.pk, revoked_at__isnull=True).update(revoked_at=now):
            raise _changed(f"Chưa thể {label[:1].lower()}{label[1:]}")
        _log(action, label, mandate, actor=actor, now=now, reason=reason)
    mandate.revoked_at = now


def _changed(what: str) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        what, why="người khác vừa thay đổi ủy nhiệm này", next_step="Mở lại trang để xem ủy nhiệm hiện nay"
    )


def _refuse_oneself(user: User, *, actor: Actor, what: str) -> None:
    if actor.user is not None and actor.user.pk == user.pk:
        raise RuleNotMet(
            what,
            why="không ai tự giao việc cho chính mình",
            next_step="Đề nghị người quản trị khác, hoặc người quản trị cấp trên",
        )


def _check_days(since: date, until: date, *, what: str) -> None:
    if until <= since:
        raise RuleNotMet(
            what, why="ngày kết thúc trước ngày bắt đầu", next_step="Chọn ngày kết thúc sau ngày bắt đầu"
        )


def _label(unit: Unit, *, on: date) -> str:
    return tree.labels_on([unit.pk], on=on).get(unit.pk, unit.key)


def _log(
    action: str,
    label: str,
    mandate: Mandate,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    **details: object,
) -> None:
    unit = _label(mandate.unit, on=actor.on)
    record(
        f"organisations.mandate.{action}",
        mandate,
        label=label,
        actor=actor,
        now=now,
        object_label=f"{mandate.user}: {mandate.get_role_display()}, {unit}",
        object_unit_id=mandate.unit_id,
        reason=reason.strip(),
        details=details,
    )
