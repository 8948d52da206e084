"""Bonus money of a form for a subject on the day of the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thidua.criteria import lawbook
from thidua.criteria.award_law.forms import form
from thidua.criteria.award_law.sources import Source, entry, source_of
from thidua.criteria.bonuses import Sum, bonus_sum
from thidua.criteria.lawbook import NotInLawbook


@dataclass(frozen=True, slots=True)
class Bonus:
    """What is paid, how it was counted, and by which articles."""

    sum: Sum
    sources: tuple[Source, ...]

    @property
    def amount(self) -> int:
        return self.sum.amount

    @property
    def steps(self) -> str:
        return self.sum.steps

    @property
    def citations(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(source.citation for source in self.sources))

    @property
    def unconfirmed(self) -> tuple[Source, ...]:
        return tuple(source for source in self.sources if not source.confirmed)

    @property
    def confirmed(self) -> bool:
        return not self.unconfirmed


def bonus(form_code: str, subject_kind: str, on: date, *, place: str = "") -> Bonus:
    """The bonus of a form for an individual, collective or household when decided on a day.

    Raises NotInLawbook when form, coefficient, multiplier or base salary is not known for the day: a form
    with a ceiling only (kỷ niệm chương), a household before 2024.
    """
    given = form(form_code, on)
    coefficient = entry(
        "award.bonus.coefficient", form_code, on=on, what=f"hệ số tiền thưởng của «{given.name}»", place=place
    )
    base = lawbook.value("pay.base_salary", on=on)
    rounding = lawbook.value("award.bonus.rounding", on=on)
    used = [coefficient, base, rounding]
    multiplier = Decimal(1)
    if coefficient.value["given_to"] != subject_kind:
        if given.is_title:
            raise NotInLawbook(f"«{given.name}» không tặng cho đối tượng này: sổ luật không có mức thưởng")
        found = entry(
            f"award.bonus.multiplier.{subject_kind}",
            given.kind,
            on=on,
            what="mức thưởng",
            place=place,
        )
        multiplier = Decimal(found.value)
        used.append(found)
    return Bonus(
        sum=bonus_sum(
            coefficient=Decimal(coefficient.value["times"]),
            multiplier=multiplier,
            base=base.value,
            rounding=rounding.value,
        ),
        sources=tuple(source_of(parameter) for parameter in used),
    )


def bonus_ceiling(form_code: str, on: date) -> int:
    """The most that may be paid where the law fixes only that, in đồng, not rounded."""
    most = entry("award.bonus.ceiling", form_code, on=on, what="mức thưởng nhiều nhất")
    return int(most.value * lawbook.value("pay.base_salary", on=on).value)
