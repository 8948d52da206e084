"""Bonus money of a decision: counted by the law of its date, paid, and given back after a revocation."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards.models import AwardDecision, AwardSubjectType, Bonus, DecisionLine, Fund
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_number
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook

#: Kinds of the law for the subjects of a round.
SUBJECT_KINDS = {AwardSubjectType.PERSON: "individual", AwardSubjectType.HOUSEHOLD: "household"}


def subject_kind(subject_type: str) -> str:
    return SUBJECT_KINDS.get(AwardSubjectType(subject_type), "collective")


def counted(line: DecisionLine, *, form: str, subject_type: str, on: date) -> Bonus:
    """The bonus of a line when decided on a day; without amount where the law is not known. Not saved."""
    try:
        found = award_law.bonus(form, subject_kind(subject_type), on)
    except NotInLawbook as unknown:
        return Bonus(line=line, steps=str(unknown)[:300])
    return Bonus(
        line=line,
        coefficient=found.sum.coefficient,
        multiplier=found.sum.multiplier,
        base_salary=found.sum.base,
        amount=found.amount,
        steps=found.steps[:300],
        citation="; ".join(found.citations)[:600],
        is_confirmed=found.confirmed,
    )


COUNTED = ("coefficient", "multiplier", "base_salary", "amount", "steps", "citation", "is_confirmed")


def count_again(decision: AwardDecision, *, on: date) -> None:
    """Count all bonuses of a decision that gives, by the law of a day."""
    lines = list(decision.lines.select_related("candidate", "bonus"))
    changed, new = [], []
    for line in lines:
        assert line.candidate is not None
        kept = getattr(line, "bonus", None)  # before a fresh one takes its place on the line
        fresh = counted(line, form=decision.form, subject_type=line.candidate.subject_type, on=on)
        if kept is None:
            new.append(fresh)
            continue
        for name in COUNTED:
            setattr(kept, name, getattr(fresh, name))
        changed.append(kept)
    Bonus.objects.bulk_create(new)
    if changed:
        Bonus.objects.bulk_update(changed, COUNTED, batch_size=200)


@dataclass(frozen=True, slots=True)
class Total:
    """The money of a decision. `unknown` lines have no amount: they are not in the sum."""

    count: int
    amount: int
    unknown: int
    unconfirmed: int
    paid: int
    to_return: int
    returned: int

    @property
    def words(self) -> str:
        return f"{format_number(self.amount)} đồng"

    @property
    def paid_words(self) -> str:
        return f"{format_number(self.paid)} đồng"

    @property
    def to_return_words(self) -> str:
        return f"{format_number(self.to_return)} đồng"

    @property
    def returned_words(self) -> str:
        return f"{format_number(self.returned)} đồng"

    @property
    def is_known(self) -> bool:
        return not self.unknown


def total(bonuses: Iterable[Bonus]) -> Total:
    rows = list(bonuses)
    known = [one for one in rows if one.amount is not None]
    return Total(
        count=len(rows),
        amount=sum(one.amount or 0 for one in known),
        unknown=len(rows) - len(known),
        unconfirmed=sum(not one.is_confirmed for one in known),
        paid=sum(one.amount or 0 for one in known if one.paid_on),
        to_return=sum(one.to_return or 0 for one in rows),
        returned=sum(one.to_return or 0 for one in rows if one.returned_on),
    )


def total_of(decision: AwardDecision) -> Total:
    return total(Bonus.objects.filter(line__decision=decision))


def fund_of(decision: AwardDecision) -> str:
    """The source of money in words."""
    if decision.fund == Fund.OTHER and decision.fund_note:
        return decision.fund_note
    note = f" ({decision.fund_note})" if decision.fund_note else ""
    return f"{Fund(decision.fund).label}{note}"


def pay(
    bonuses: Collection[Bonus],
    *,
    paid_on: date,
    paid_to: str,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Write down that these bonuses of one decision were paid; returns how many were not yet.

    Without a receiver each is paid to its own subject. Raises RuleNotMet for a day in the future or before
    the decision, for one without amount, for a revoked award.
    """
    what = "Chưa ghi được là đã chi"
    rows = [one for one in bonuses if one.paid_on is None]
    if not rows:
        return 0
    decision = rows[0].line.decision
    actor.require("bonus.pay", decision)
    if decision.dated is None or not decision.dated <= paid_on <= actor.on:
        raise RuleNotMet(
            what,
            why="ngày chi trước ngày quyết định hoặc sau hôm nay"
            if decision.dated
            else "quyết định chưa có hiệu lực",
            next_step="Ghi ngày trên chứng từ chi",
        )
    for one in rows:
        if one.line.decision_id != decision.pk:
            raise ValueError("bonuses of several decisions")
        if one.amount is None:
            raise RuleNotMet(
                what,
                why=f"chưa tính được tiền thưởng của «{one.line.name}»: {one.steps}",
                next_step="Nhờ người giữ sổ luật bổ sung mức thưởng",
            )
        if one.to_return is not None or (one.line.award is not None and one.line.award.state != "hieu_luc"):
            raise RuleNotMet(
                what,
                why=f"khen thưởng của «{one.line.name}» đã hủy bỏ",
                next_step="Bỏ chọn khoản đó",
            )
    with transaction.atomic():
        for one in rows:
            receiver = (paid_to.strip() or one.line.name)[:200]
            if not Bonus.objects.filter(pk=one.pk, paid_on__isnull=True, to_return__isnull=True).update(
                paid_on=paid_on, paid_to=receiver, payment_note=note.strip()[:300]
            ):
                raise ChangedMeanwhile(
                    what, why="người khác vừa ghi khoản này", next_step="Mở lại trang rồi chọn lại"
                )
        record(
            "awards.bonus.pay",
            decision,
            label="Chi tiền thưởng",
            actor=actor,
            now=now,
            object_unit_id=decision.unit_id,
            details={
                "số khoản": len(rows),
                "số tiền": sum(one.amount or 0 for one in rows),
                "ngày": paid_on,
                "chứng từ": note.strip(),
            },
        )
    return len(rows)


def take_payment_back(bonus: Bonus, *, reason: str, actor: Actor, now: datetime) -> None:
    """A payment was written down by mistake."""
    actor.require("bonus.pay", bonus.line.decision)
    if not reason.strip():
        raise RuleNotMet("Chưa bỏ được ghi chi", why="chưa ghi lý do", next_step="Ghi lý do")
    with transaction.atomic():
        Bonus.objects.filter(pk=bonus.pk, returned_on__isnull=True).update(
            paid_on=None, paid_to="", payment_note=""
        )
        record(
            "awards.bonus.take_payment_back",
            bonus.line.decision,
            label="Bỏ ghi chi tiền thưởng",
            actor=actor,
            now=now,
            object_unit_id=bonus.line.decision.unit_id,
            reason=reason,
            details={"dòng": bonus.line.position, "số tiền": bonus.amount or 0},
        )
    bonus.refresh_from_db()


def returned(bonus: Bonus, *, on: date, note: str, actor: Actor, now: datetime) -> None:
    """The money of a revoked award came back."""
    what = "Chưa ghi được là đã thu hồi"
    decision = bonus.line.decision
    actor.require("bonus.pay", decision)
    if bonus.to_return is None:
        raise RuleNotMet(
            what, why="khoản này không phải thu hồi", next_step="Chỉ ghi cho khen thưởng đã hủy bỏ"
        )
    if on > actor.on or (bonus.paid_on is not None and on < bonus.paid_on):
        raise RuleNotMet(what, why="ngày thu hồi không đúng", next_step="Ghi ngày trên chứng từ thu")
    with transaction.atomic():
        Bonus.objects.filter(pk=bonus.pk).update(returned_on=on, return_note=note.strip()[:300])
        record(
            "awards.bonus.returned",
            decision,
            label="Thu hồi tiền thưởng",
            actor=actor,
            now=now,
            object_unit_id=decision.unit_id,
            details={"dòng": bonus.line.position, "số tiền": bonus.to_return, "ngày": on},
        )
    bonus.refresh_from_db()
