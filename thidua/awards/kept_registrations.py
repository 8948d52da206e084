"""Whether subjects kept what they registered in a year of the plan, where other records tell what came of it.

A commitment is words; no figure hangs on it. What tells is: of joining, the tasks that the plan gave the unit
in that year; of helping a place, the items of the programme of support there; of leaving poverty, the
recognised review of the household at the end of the year. Of several registrations in a year all must be
kept. Where nothing tells it stays unknown, and a named person may answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from thidua.core.clock import VIETNAM
from thidua.core.formats import format_date
from thidua.core.text import fold, shortened
from thidua.criteria import fact_suppliers
from thidua.criteria.fact_suppliers import Asked, Supplied
from thidua.criteria.facts import Figure
from thidua.households.classes import PovertyClass
from thidua.households.models import Assessment, Household, Review
from thidua.indicators.models import Stage
from thidua.movements.models import (
    Registration,
    RegistrationKind,
    RegistrationState,
    SubjectType,
    Task,
    TaskState,
)
from thidua.resources.models import SponsorshipState, SupportItem

KEPT = "registration_kept"
#: Names of one question; SQLite takes no more parameters than about 32,000.
AT_ONCE = 5000
#: A unit that is a firm may register as one; then it is itself the subject.
THE_UNIT_ITSELF = Q(subject_type=SubjectType.UNIT) | Q(subject_type=SubjectType.ENTERPRISE, subject_name="")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one registration; `kept` is None while nobody can tell. `why` is for people."""

    kept: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do that shows whether a registration is kept."""

    title: str
    due_on: date | None
    is_done: bool
    #: Somebody still has to say whether it is done: reported or declined, not confirmed.
    is_open: bool = False


def outcome_of(works: Collection[Work], what: str, *, on: date) -> Outcome:
    """All done: kept. One late and not done: not kept. Otherwise, or with nothing to do: unknown. Pure."""
    late = [one for one in works if not one.is_done and not one.is_open and one.due_on and one.due_on < on]
    done = sum(one.is_done for one in works)
    if late:
        first = min(late, key=lambda one: (one.due_on or on, one.title))
        assert first.due_on is not None
        more = f" và {len(late) - 1} việc khác" if len(late) > 1 else ""
        return Outcome(False, f"quá hạn {format_date(first.due_on)}: «{shortened(first.title, 80)}»{more}")
    if works and done == len(works):
        return Outcome(True, f"đã xong {done}/{len(works)} {what}")
    return Outcome(None, "")


def in_year(outcomes: Iterable[tuple[str, Outcome]]) -> Figure | None:
    """Of all registrations of a subject in a year: a broken one decides, an unknown one leaves it unknown."""
    found = list(outcomes)
    broken = [pair for pair in found if pair[1].kept is False]
    if not broken and (not found or any(one.kept is None for _, one in found)):
        return None
    return Figure(not broken, "; ".join(f"{name}: {one.why}" for name, one in broken or found))


def supply(asked: Asked) -> Supplied:
    """Seven queries, however many subjects; more only for more than some thousand names."""
    if asked.plan_id is None:
        return Supplied()
    figures: dict[tuple[str, str, str], Figure] = {}
    outcomes = defaultdict(list)
    for (key, year), named in (*_of_units(asked), *_of_households(asked)):
        outcomes[key, year].append(named)
    for (key, year), found in outcomes.items():
        if (figure := in_year(found)) is not None:
            figures[key, KEPT, str(year)] = figure
    return Supplied(figures=figures)


Named = tuple[tuple[str, int], tuple[str, Outcome]]


def _sent(asked: Asked) -> QuerySet[Registration]:
    """Also those that are not approved: they leave the year unknown."""
    assert asked.plan_id is not None
    rows = Registration.objects.filter(plan_id=asked.plan_id, year__lte=asked.on.year)
    rows = rows.exclude(state=RegistrationState.WITHDRAWN)
    return rows.select_related("plan").order_by("year", "pk")


def _keys(asked: Asked, prefix: str) -> dict[int, str]:
    return {int(key.removeprefix(prefix)): key for key in asked.keys if key.startswith(prefix)}


def _name(row: Registration) -> str:
    """«Đăng ký tham gia phong trào năm 2023 (duyệt 12/02/2023, 30/KH-UBND)»; no name of a person."""
    day = f"duyệt {format_date(row.decided_at.astimezone(VIETNAM).date())}" if row.decided_at else ""
    inside = ", ".join(filter(None, (day, row.plan.number)))
    return f"{row.get_kind_display()} năm {row.year}" + (f" ({inside})" if inside else "")


def _is_approved(row: Registration, on: date) -> bool:
    return row.state == RegistrationState.APPROVED and (
        row.decided_at is None or row.decided_at.astimezone(VIETNAM).date() <= on
    )


# --- units ----------------------------------------------------------------------------------------


def _of_units(asked: Asked) -> Iterator[Named]:
    units = _keys(asked, "unit:")
    if not units:
        return
    rows = list(_sent(asked).filter(THE_UNIT_ITSELF, unit__in=units))
    if not rows:
        return
    tasks = _tasks(rows[0].plan_id, {row.unit_id for row in rows})
    items = _support({row.unit_id for row in rows if row.kind == RegistrationKind.HELP})
    for row in rows:
        outcome = Outcome(None, "")
        if _is_approved(row, asked.on):
            if row.kind == RegistrationKind.JOIN:
                works = tasks.get((row.unit_id, row.year), ())
                outcome = outcome_of(works, "nhiệm vụ của kế hoạch trong năm", on=asked.on)
            elif row.kind == RegistrationKind.HELP and not row.helped_village:
                works = items.get((row.unit_id, row.helped_unit_id, row.year), ())
                outcome = outcome_of(works, "việc hỗ trợ đã hứa", on=asked.on)
        yield (units[row.unit_id], row.year), (_name(row), outcome)


def _tasks(plan_id: int, unit_ids: Collection[int]) -> Mapping[tuple[int, int], list[Work]]:
    found: dict[tuple[int, int], list[Work]] = defaultdict(list)
    rows = Task.objects.filter(plan_id=plan_id, unit__in=unit_ids).exclude(state=TaskState.CANCELLED)
    for row in rows.only("unit_id", "year", "due_on", "state", "title").order_by("pk"):
        year = row.year or (row.due_on.year if row.due_on else None)
        if year is not None:
            is_open = row.state in Task.OPEN and row.state not in Task.OWED
            work = Work(row.title, row.due_on, row.state == TaskState.DONE, is_open)
            found[row.unit_id, year].append(work)
    return found


def _support(agency_ids: Collection[int]) -> Mapping[tuple[int, int | None, int], list[Work]]:
    found: dict[tuple[int, int | None, int], list[Work]] = defaultdict(list)
    if not agency_ids:
        return found
    rows = SupportItem.objects.filter(
        sponsorship__agency__in=agency_ids,
        sponsorship__state__in=(SponsorshipState.ACTIVE, SponsorshipState.ENDED),
    ).select_related("sponsorship")
    for row in rows.order_by("pk"):
        day = row.due_on or row.done_on
        if day is not None:
            place = (row.sponsorship.agency_id, row.sponsorship.place_id, day.year)
            found[place].append(Work(row.title, row.due_on, row.done_on is not None))
    return found


# --- households -----------------------------------------------------------------------------------


def _of_households(asked: Asked) -> Iterator[Named]:
    """Households that registered to leave poverty. Two households, or registrations, of one name: unknown."""
    keys = _keys(asked, "household:")
    communes = set(Household.objects.filter(pk__in=keys).values_list("commune_id", flat=True)) if keys else ()
    if not communes:
        return
    rows = list(_sent(asked).filter(kind=RegistrationKind.ESCAPE, unit__in=communes))
    if not rows:
        return
    found = _by_who(communes, {row.subject_name for row in rows})
    classes = _classes(asked, {row.year for row in rows}, keys)
    for row in rows:
        same = found.get((row.unit_id, fold(row.subject_name), fold(row.subject_address)), [])
        if len(same) == 1 and (key := keys.get(same[0])) is not None:
            outcome = Outcome(None, "")
            if _is_approved(row, asked.on):
                outcome = classes.get((same[0], row.year), outcome)
            yield (key, row.year), (_name(row), outcome)


def _by_who(communes: Collection[int], names: Collection[str]) -> Mapping[tuple[int, str, str], list[int]]:
    """Households of communes by head and village, as registrations name them."""
    found: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    wanted = sorted(names)
    for start in range(0, len(wanted), AT_ONCE):
        rows = Household.objects.filter(
            commune__in=communes, head_name__in=wanted[start : start + AT_ONCE], erased_at__isnull=True
        )
        for pk, commune_id, head, village in rows.values_list(
            "pk", "commune_id", "head_name", "village_name"
        ):
            found[commune_id, fold(head), fold(village)].append(pk)
    return found


def _classes(
    asked: Asked, years: Collection[int], household_ids: Collection[int]
) -> Mapping[tuple[int, int], Outcome]:
    """What recognised reviews found of households at the end of years."""
    reviews = Review.objects.in_force().filter(
        year__in=years, stage=Stage.OFFICIAL, recognised_on__lte=asked.on
    )
    rows = Assessment.objects.filter(review__in=reviews, household__in=household_ids).exclude(
        national_class=""
    )
    found = {}
    for row in rows.select_related("review"):
        label = PovertyClass(row.national_class).label.lower()
        number = f", {row.review.decision_number}" if row.review.decision_number else ""
        why = f"rà soát năm {row.review.year}{number}: {label}"
        found[row.household_id, row.review.year] = Outcome(row.national_class != PovertyClass.POOR, why)
    return found


def register() -> None:
    """Called when Django starts."""
    fact_suppliers.register("awards.registrations", (KEPT,), supply)
