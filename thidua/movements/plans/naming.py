"""Proposals for who a name of a plan means: `organisations.matching` on the day that the plan speaks of.

Knows how sure a proposal must be to be confirmed without looking; hides which day that is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from thidua.movements.plans.obligations import last_day_of
from thidua.movements.visibility import national_units
from thidua.organisations import matching
from thidua.organisations.models import Unit

#: How the reason of a proposal begins that a person must look at.
UNSURE = "Chưa chắc"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Units that a name may mean. Of an unsure one the units are only candidates."""

    unit_ids: tuple[int, ...] = ()
    reason: str = UNSURE
    is_sure: bool = False
    is_outside: bool = False
    candidates: tuple[int, ...] = ()


def proposed(names: Iterable[str], *, owner_id: int | None, on: date) -> dict[str, Proposal]:
    """The units that names of a plan of `owner_id` mean on a day, as far as can be told."""
    names = list(names)
    if not names:
        return {}
    if owner_id is None:
        return dict.fromkeys(names, Proposal(reason=f"{UNSURE}: chưa rõ cơ quan ban hành"))
    return {
        name: Proposal(match.unit_ids, match.how, is_sure=True, is_outside=match.is_outside)
        if match.is_sure
        else Proposal(reason=f"{UNSURE}: {match.how}", candidates=match.candidates)
        for name, match in matching.find_all(names, near=owner_id, on=on).items()
    }


def issuer(name: str, *, province: str | None, on: date) -> Unit | None:
    """The unit that issued a document; None when unsure."""
    return matching.issuer_unit(name, province, on) if name else None


def day_of(dated: str, *, on: date) -> date:
    """The day whose units a document speaks of: that of its issue, as far as known and not in the future."""
    return min(last_day_of(dated) or on, on)


def national_ids() -> set[int]:
    """Keys of the nation and of the bodies directly under it."""
    return set(national_units())
