"""Recognising a place as new-rural and withdrawing it: the decision, its two dates and what follows.

From the day of the decision a commune of region II or III counts as region I and loses what goes with its old
class (Quyết định 33/2020/QĐ-TTg). Withdrawal does not bring the old class back: that needs a new list.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from thidua.audit.log import Actor, record
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_date
from thidua.indicators.models import NewRuralLevel, Recognition
from thidua.indicators.new_rural.criteria_sets import set_of_year
from thidua.organisations import tree
from thidua.organisations.models import (
    FOREVER,
    Grouping,
    GroupingKind,
    LegalAct,
    Membership,
    Unit,
    UnitKind,
)

REGION_1, REGION_2, REGION_3 = "Khu vực I", "Khu vực II", "Khu vực III"
#: What a higher level stands on.
_BELOW = {
    NewRuralLevel.ADVANCED: NewRuralLevel.STANDARD,
    NewRuralLevel.MODEL: NewRuralLevel.ADVANCED,
}


def standing_on(on: date) -> Q:
    """Recognitions that hold on a day: decided, and not withdrawn."""
    return Q(decided_on__lte=on) & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))


def of_unit(unit: Unit) -> QuerySet[Recognition]:
    return unit.recognitions.select_related("decision", "withdrawal", "standard").order_by(
        "-decided_on", "-pk"
    )


def recognise(
    unit: Unit,
    level: str,
    *,
    for_year: int,
    number: str,
    issuer: str,
    decided_on: date,
    actor: Actor,
    now: datetime,
) -> Recognition:
    """Write down a decision of recognition; the region of a commune changes from its day on.

    `for_year` is the year it counts for, often the one before the decision. Raises NotAllowed, RuleNotMet,
    ChangedMeanwhile when it was written down already.
    """
    actor.require("new_rural.recognise", unit)
    what = "Chưa ghi được công nhận"
    number, issuer = " ".join(number.split()), " ".join(issuer.split())
    label = tree.labels_on([unit.pk], on=decided_on).get(unit.pk, unit.key)
    if not number:
        raise RuleNotMet(what, why="chưa có số quyết định", next_step="Ghi số, ký hiệu quyết định")
    if decided_on > actor.on:
        raise RuleNotMet(
            what,
            why=f"ngày quyết định {format_date(decided_on)} chưa đến",
            next_step="Ghi đúng ngày ký quyết định",
        )
    if not decided_on.year - 2 <= for_year <= decided_on.year:
        raise RuleNotMet(
            what,
            why=f"quyết định ngày {format_date(decided_on)} không công nhận cho năm {for_year}",
            next_step="Ghi năm được công nhận: năm của quyết định hoặc năm trước",
        )
    if unit.kind not in (UnitKind.COMMUNE, UnitKind.DISTRICT):
        raise RuleNotMet(what, why=f"{label} không phải xã hay huyện", next_step="Chọn một xã hoặc một huyện")
    if tree.version_on(unit.pk, on=decided_on) is None:
        raise RuleNotMet(
            what,
            why=f"{label} không tồn tại vào ngày {format_date(decided_on)}",
            next_step="Chọn đơn vị có vào ngày quyết định",
        )
    below = _BELOW.get(NewRuralLevel(level))
    if below is not None and not unit.recognitions.filter(standing_on(decided_on), level=below).exists():
        raise RuleNotMet(
            what,
            why=f"{label} chưa có quyết định công nhận «{below.label}» còn hiệu lực",
            next_step="Ghi quyết định đó trước",
        )
    if unit.recognitions.filter(level=level, for_year=for_year).exists():
        raise RuleNotMet(
            what,
            why=f"đã ghi công nhận «{NewRuralLevel(level).label}» cho năm {for_year}",
            next_step="Xem danh sách công nhận của đơn vị",
        )
    found = set_of_year(for_year, kind=unit.kind, level=level)
    try:
        with transaction.atomic():
            act = _act(number, issuer, decided_on)
            recognition = Recognition.objects.create(
                unit=unit,
                level=level,
                standard=found[1] if found else None,
                for_year=for_year,
                decision=act,
                decided_on=decided_on,
            )
            moved = _become_region_1(unit, act=act, on=decided_on) if unit.kind == UnitKind.COMMUNE else []
            record(
                "indicators.new_rural.recognise",
                recognition,
                label=f"Ghi công nhận {NewRuralLevel(level).label.lower()}",
                actor=actor,
                now=now,
                object_label=f"{label}, cho năm {for_year}",
                object_unit_id=unit.pk,
                details={"decision": number, "decided_on": decided_on, "classes_ended": moved},
            )
    except IntegrityError as error:
        raise ChangedMeanwhile(
            what, why="người khác vừa ghi quyết định này", next_step="Mở lại danh sách để xem"
        ) from error
    return recognition


def _act(number: str, issuer: str, dated: date) -> LegalAct:
    act, _ = LegalAct.objects.get_or_create(number=number, issuer=issuer, defaults={"dated": dated})
    return act


def _become_region_1(unit: Unit, *, act: LegalAct, on: date) -> list[str]:
    """End region II, III and the list of hard communes on the day; region I from that day. What was ended."""
    held = (
        Membership.objects.select_for_update(of=("self",))
        .filter(unit=unit, until__gt=on)
        .filter(
            Q(grouping__kind=GroupingKind.REGION, grouping__name__in=(REGION_2, REGION_3))
            | Q(grouping__kind=GroupingKind.HARD_COMMUNE)
        )
        .select_related("grouping")
    )
    ended = []
    had_region = False
    for membership in held:
        had_region |= membership.grouping.kind == GroupingKind.REGION
        if membership.since >= on:  # a class given by a list later than the recognition is not ours to end
            continue
        membership.until = on
        membership.note = f"{membership.note}; hết do {act.number}".lstrip("; ")[:500]
        membership.save(update_fields=["until", "note"])
        ended.append(membership.grouping.name)
    if ended and had_region:
        region, _ = Grouping.objects.get_or_create(kind=GroupingKind.REGION, name=REGION_1, owner=None)
        Membership.objects.get_or_create(
            grouping=region,
            unit=unit,
            until=FOREVER,
            defaults={"since": on, "act": act, "note": "Do được công nhận nông thôn mới"},
        )
    return ended


def withdraw(
    recognition: Recognition,
    *,
    number: str,
    issuer: str,
    withdrawn_on: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Recognition:
    """Write down the decision by which a recognition was withdrawn.

    Raises NotAllowed, RuleNotMet, ChangedMeanwhile. The class of the place stays until a new list changes it.
    """
    actor.require("new_rural.recognise", recognition)
    what, number, reason = "Chưa ghi được thu hồi", " ".join(number.split()), reason.strip()
    if not number or not reason:
        missing = "số quyết định" if not number else "lý do"
        raise RuleNotMet(what, why=f"chưa có {missing}", next_step=f"Ghi {missing} rồi lưu lại")
    if not recognition.decided_on <= withdrawn_on <= actor.on:
        raise RuleNotMet(
            what,
            why=f"ngày thu hồi phải từ {format_date(recognition.decided_on)} đến hôm nay",
            next_step="Ghi đúng ngày quyết định thu hồi",
        )
    above = [
        later
        for later in Recognition.objects.filter(standing_on(withdrawn_on), unit=recognition.unit_id)
        if _BELOW.get(NewRuralLevel(later.level)) == recognition.level
    ]
    if above:
        raise RuleNotMet(
            what,
            why=f"đơn vị còn được công nhận «{above[0].get_level_display()}»",
            next_step="Ghi thu hồi mức cao hơn trước",
        )
    with transaction.atomic():
        act = _act(number, " ".join(issuer.split()), withdrawn_on)
        changed = Recognition.objects.filter(pk=recognition.pk, withdrawn_on__isnull=True).update(
            withdrawn_on=withdrawn_on, withdrawal=act
        )
        if not changed:
            raise ChangedMeanwhile(
                what, why="công nhận này đã được ghi thu hồi", next_step="Mở lại trang để xem"
            )
        recognition.withdrawn_on, recognition.withdrawal = withdrawn_on, act
        label = tree.labels_on([recognition.unit_id], on=withdrawn_on).get(recognition.unit_id, "")
        record(
            "indicators.new_rural.withdraw",
            recognition,
            label=f"Ghi thu hồi công nhận {recognition.get_level_display().lower()}",
            actor=actor,
            now=now,
            object_label=f"{label}, cho năm {recognition.for_year}",
            object_unit_id=recognition.unit_id,
            reason=reason,
            details={"decision": number, "withdrawn_on": withdrawn_on},
        )
    return recognition
