"""The yearly review of one commune: its steps, the survey of each household, the results side by side.

Hides which year's standard applies and how this year is compared with the one before.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.core.holiday_files import office_calendar
from thidua.criteria import lawbook
from thidua.households.balance import Change, Standing, change_of
from thidua.households.classes import Area, PovertyClass
from thidua.households.classifying import Explanation, Facts, explain
from thidua.households.models import Assessment, Household, Review
from thidua.households.register import communes_of
from thidua.households.standards import day_of, has_own_standard, standard_of
from thidua.indicators.models import Stage
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind

#: The steps in their order: field, name, what is asked.
STEPS: tuple[tuple[str, str], ...] = (
    ("listed_on", "Lập danh sách hộ cần rà soát"),
    ("surveyed_on", "Điều tra, phân loại hộ"),
    ("met_on", "Họp dân thống nhất kết quả"),
    ("posted_on", "Niêm yết công khai"),
    ("reported_on", "Báo cáo, xin ý kiến cấp trên"),
    ("recognised_on", "Công nhận kết quả"),
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about the steps that a person should look at; unconfirmed law is said to be so."""

    text: str
    citation: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One household in the list of results."""

    household: Household
    assessment: Assessment | None
    standing: Standing
    change: Change


def start(commune: Unit, year: int, *, actor: Actor, now: datetime) -> Review:
    """The review of a commune and year, begun when there is none yet. Raises NotInLawbook."""
    actor.require("review.run", commune)
    standard_of(year)
    with transaction.atomic():
        review, is_new = Review.objects.get_or_create(commune=commune, year=year, corrects=None)
        if is_new:
            record(
                "households.review.start",
                review,
                label="Bắt đầu đợt rà soát",
                actor=actor,
                now=now,
                object_label=f"rà soát năm {year}",
                object_unit_id=commune.pk,
            )
    return review


def refuse_frozen(review: Review) -> None:
    """Raises RuleNotMet once the result has been recognised."""
    if review.stage == Stage.OFFICIAL:
        raise RuleNotMet(
            f"Kết quả rà soát năm {review.year} không sửa được nữa",
            why=f"đã công nhận theo {review.decision_number or 'quyết định'}",
            next_step="Lập bản đính chính ở trang rà soát năm đó, hoặc ghi thay đổi vào đợt rà soát năm sau",
        )


def note_steps(review: Review, values: dict[str, object], *, actor: Actor, now: datetime) -> list[Doubt]:
    """Save dates and numbers of the steps; returns what is doubtful about them."""
    actor.require("review.run", review)
    refuse_frozen(review)
    for name, value in values.items():
        setattr(review, name, value)
    known = [(name, getattr(review, name)) for name, _ in STEPS]
    given = [(name, day) for name, day in known if day is not None]
    for (before, first), (after, second) in itertools.pairwise(given):
        if second < first:
            names = dict(STEPS)
            raise RuleNotMet(
                "Chưa lưu được các bước",
                why=f"«{names[after]}» ({second:%d/%m/%Y}) trước «{names[before]}» ({first:%d/%m/%Y})",
                next_step="Sửa lại ngày cho đúng thứ tự các bước",
            )
    with transaction.atomic():
        review.save(update_fields=[*values])
        record(
            "households.review.steps",
            review,
            label="Ghi các bước rà soát",
            actor=actor,
            now=now,
            object_label=f"rà soát năm {review.year}",
            object_unit_id=review.commune_id,
            details={name: str(value) for name, value in values.items() if value is not None},
        )
    return doubts(review)


def doubts(review: Review) -> list[Doubt]:
    """What the lawbook says against the steps as they are written."""
    found: list[Doubt] = []

    def say(text: str, key: str) -> None:
        parameter = lawbook.value(key, on=day_of(review.year))
        found.append(Doubt(text, parameter.citation, parameter.confirmed))

    first, last = period(review.year)
    outside = [
        name for field, name in STEPS[:5] if (day := getattr(review, field)) and not first <= day <= last
    ]
    if outside:
        say(
            f"{', '.join(outside)}: ngoài thời gian rà soát định kỳ {first:%d/%m} – {last:%d/%m/%Y}",
            "review.first_day",
        )
    if review.posted_on and review.posted_until:
        wanted = int(lawbook.value("review.posting_days", on=day_of(review.year)).value)
        days = _working_days(review.posted_on, review.posted_until)
        if days < wanted:
            say(f"Niêm yết {days} ngày làm việc, ít hơn {wanted} ngày", "review.posting_days")
    if review.meeting_present is not None and review.households_total:
        share = lawbook.value("review.meeting_quorum", on=day_of(review.year)).value
        if review.meeting_present < share * review.households_total:
            say(
                f"Họp dân có {review.meeting_present} hộ dự trên {review.households_total} hộ, "
                f"dưới {share * 100:.0f}%",
                "review.meeting_quorum",
            )
    return found


def period(year: int) -> tuple[date, date]:
    """First and last day of the periodic review."""

    def day(key: str) -> date:
        month, number = str(lawbook.value(key, on=day_of(year)).value).split("-")
        return date(year, int(month), int(number))

    return day("review.first_day"), day("review.last_day")


def _working_days(first: date, last: date) -> int:
    calendar = office_calendar()
    if not (calendar.knows(first) and calendar.knows(last)):
        return (last - first).days + 1
    days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    return sum(calendar.is_working_day(day) for day in days)


# --- the survey -----------------------------------------------------------------------------------


def province_key(unit_id: int, *, on: date) -> str:
    """The province whose own standard would apply."""
    above = tree.ancestors(unit_id, on=on)
    ids = [version.unit_id for version in above]
    return Unit.objects.filter(pk__in=ids, kind=UnitKind.PROVINCE).values_list("key", flat=True).first() or ""


def explained(review: Review, facts: Facts) -> Explanation:
    """The class by the national standard of the year of the review, with reasons."""
    return explain(facts, standard_of(review.year))


def explained_locally(review: Review, facts: Facts) -> Explanation | None:
    """The same by the standard of the province; None when it has none of its own in that year."""
    place = province_key(review.commune_id, on=day_of(review.year))
    if not has_own_standard(place, year=review.year):
        return None
    return explain(facts, standard_of(review.year, place=place))


def answers(text: str) -> list[bool | None]:
    """The signs of `Assessment.deprivations` as answers."""
    return [{"1": True, "0": False}.get(sign) for sign in text]


def signs(given: Sequence[bool | None]) -> str:
    return "".join("-" if answer is None else str(int(answer)) for answer in given)


def facts_of(assessment: Assessment) -> Facts:
    return Facts(
        area=Area(assessment.area),
        income_dong=assessment.income_dong,
        score_b1=assessment.score_b1,
        deprivations=answers(assessment.deprivations),
    )


def assess(
    household: Household,
    review: Review,
    facts: Facts,
    *,
    members: int | None = None,
    dependants: int | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Assessment:
    """Save what the survey found and the class that follows; the second time in place of the first."""
    actor.require("household.write", household)
    refuse_frozen(review)
    if facts.area is None:
        raise RuleNotMet("Chưa lưu được phiếu", why="chưa chọn khu vực", next_step="Chọn rồi lưu lại")
    if members is not None and dependants is not None and dependants > members:
        raise RuleNotMet(
            "Chưa lưu được phiếu",
            why=f"{dependants} người phụ thuộc nhiều hơn {members} nhân khẩu",
            next_step="Sửa lại một trong hai số",
        )
    found = explained(review, facts)
    local = explained_locally(review, facts) or found
    with transaction.atomic():
        assessment, _ = Assessment.objects.update_or_create(
            household=household,
            review=review,
            defaults={
                "area": facts.area,
                "members": members,
                "dependants": dependants,
                "score_b1": facts.score_b1,
                "income_dong": facts.income_dong,
                "deprivations": signs(facts.deprivations)[: len(found.standard.deprivations)],
                "standard_code": found.standard.code,
                "national_class": found.poverty_class or "",
                "local_class": local.poverty_class or "",
                "note": note,
                "entered_at": now,
            },
        )
        record(
            "households.assessment.write",
            assessment,
            label="Ghi phiếu rà soát hộ",
            actor=actor,
            now=now,
            object_label=f"hộ {household.code}, năm {review.year}",
            object_unit_id=review.commune_id,
            after=assessment.national_class,
        )
    return assessment


# --- results --------------------------------------------------------------------------------------


def results(review: Review) -> list[Result]:
    """Every household of the year with its class, the class before, and what changed. Three queries."""
    communes = communes_of(review.commune, on=day_of(review.year))
    households = Household.objects.filter(
        commune__in=communes, since__lte=day_of(review.year), until__gt=date(review.year, 1, 1)
    ).order_by("code")
    now = {row.household_id: row for row in review.assessments.all()}
    before: dict[int, PovertyClass | None] = {}
    ever_poor: set[int] = set()
    earlier = Assessment.objects.filter(
        household__commune__in=communes,
        review__in=Review.objects.in_force().filter(year__lt=review.year),
    ).values_list("household_id", "review__year", "national_class")
    for household_id, year, poverty_class in earlier:
        if year == review.year - 1:
            before[household_id] = PovertyClass(poverty_class) if poverty_class else None
        if poverty_class == PovertyClass.POOR:
            ever_poor.add(household_id)
    found = []
    for household in households:
        has_left = household.until <= day_of(review.year)
        assessment = None if has_left else now.get(household.pk)
        poverty_class = assessment.national_class if assessment else ""
        standing = Standing(
            code=household.code,
            before=before.get(household.pk),
            now=PovertyClass(poverty_class) if poverty_class else None,
            was_ever_poor=household.pk in ever_poor,
            came_this_year=household.since > date(review.year, 1, 1),
            left_this_year=has_left,
        )
        found.append(Result(household, assessment, standing, change_of(standing)))
    return found
