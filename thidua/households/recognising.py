"""Making the result of a review official: it freezes, and its counts become values of indicators.

Hides which counts are written, under which standard and source. Doing it twice writes nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from thidua.audit.log import Actor
from thidua.audit.workflow import advance
from thidua.core.errors import RuleNotMet
from thidua.households.balance import ESCAPED, Balance, Change, balance
from thidua.households.classes import PovertyClass
from thidua.households.correcting import let_count
from thidua.households.models import Review
from thidua.households.reviewing import STEPS, Result, results
from thidua.households.standards import standard_of
from thidua.indicators import values
from thidua.indicators.models import Indicator, Source, Stage, Standard
from thidua.indicators.values import Entered, Entry

POOR = (PovertyClass.POOR,)
NEAR_POOR = (PovertyClass.NEAR_POOR,)


def balance_of(review: Review, rows: Sequence[Result]) -> Balance:
    """The yearly balance; its start is compared with the official figure of the year before."""
    return balance((row.standing for row in rows), published_start=_published(review))


def _published(review: Review) -> int | None:
    indicator = Indicator.objects.filter(code="poor_hh").first()
    standard = Standard.objects.filter(code=standard_of(review.year - 1).code).first()
    if indicator is None or standard is None:
        return None
    since, until = values.year(review.year - 1)
    found = values.chosen(indicator, [review.commune_id], since, until, standard).get(review.commune_id)
    return None if found is None else int(found.amount or 0)


def unfinished(
    review: Review, rows: Sequence[Result], *, changes: Mapping[str, Any] | None = None
) -> list[str]:
    """What still keeps the result from being recognised, in sentences."""
    known = {**review.__dict__, **(changes or {})}
    found = [f"chưa ghi ngày «{name}»" for field, name in STEPS if not known.get(field)]
    if not known.get("decision_number"):
        found.append("chưa ghi số quyết định công nhận")
    if known.get("households_total") is None:
        found.append("chưa ghi tổng số hộ của xã")
    open_count = sum(row.assessment is not None and row.standing.now is None for row in rows)
    if open_count:
        found.append(f"{open_count} hộ đã điều tra nhưng chưa đủ thông tin để phân loại")
    found += balance_of(review, rows).why_not
    near_poor = [
        row.standing.code
        for row in rows
        if row.standing.before is PovertyClass.NEAR_POOR
        and row.assessment is None
        and not row.standing.left_this_year
    ]
    if near_poor:
        found.append(
            f"{len(near_poor)} hộ cận nghèo năm trước chưa có kết quả năm nay: mã hộ "
            f"{', '.join(near_poor[:10])}{' …' if len(near_poor) > 10 else ''}"
        )
    total = known.get("households_total")
    listed = sum(row.standing.now in (PovertyClass.POOR, PovertyClass.NEAR_POOR) for row in rows)
    if total is not None and listed > total:
        found.append(f"số hộ nghèo và cận nghèo ({listed}) nhiều hơn tổng số hộ ({total})")
    return found


def refuse_unfinished(review: Review, *, changes: Mapping[str, Any]) -> None:
    """Raises RuleNotMet with everything that is missing."""
    found = unfinished(review, results(review), changes=changes)
    if found:
        raise RuleNotMet(
            "Chưa công nhận được kết quả rà soát",
            why="; ".join(found),
            next_step="Bổ sung những điều trên rồi công nhận lại",
        )


def recognise(
    review: Review, *, decision_number: str, recognised_on: date, actor: Actor, now: datetime
) -> Entered:
    """Freeze the result and enter its counts as official values. Raises RuleNotMet, NotAllowed."""
    with transaction.atomic():
        advance(
            review,
            "recognise",
            actor=actor,
            now=now,
            changes={"decision_number": decision_number.strip(), "recognised_on": recognised_on},
        )
        entered = enter_values(review, actor=actor, now=now)
        if review.corrects_id is not None:
            let_count(review, entered, actor=actor, now=now)
        return entered


def enter_values(review: Review, *, actor: Actor, now: datetime) -> Entered:
    """The counts of a recognised review as values of its commune."""
    rows = results(review)
    source, _ = Source.objects.get_or_create(
        code=f"ra-soat-{review.commune_id}-{review.year}",
        title=f"Quyết định {review.decision_number} công nhận kết quả rà soát năm {review.year}",
        defaults={
            "number": review.decision_number,
            "dated": review.recognised_on,
            "is_invented": any(row.household.is_invented for row in rows),
        },
    )
    counts = counts_of(review, rows)
    return values.enter(
        entries_of({review.commune_id: counts}, year=review.year, stage=Stage.OFFICIAL, source_id=source.pk),
        actor=actor,
        now=now,
    )


def counts_of(review: Review, rows: Sequence[Result]) -> dict[str, int | None]:
    """Indicator code → count. None is not known and is not written."""

    def minority(classes: tuple[PovertyClass, ...]) -> int | None:
        found = [row.household.is_minority for row in rows if row.standing.now in classes]
        return None if None in found else sum(map(bool, found))

    def counted(classes: tuple[PovertyClass, ...]) -> int:
        return sum(row.standing.now in classes for row in rows)

    def changed(*changes: Change) -> int:
        return sum(row.change in changes for row in rows)

    return {
        "total_households": review.households_total,
        "minority_hh": review.minority_total,
        "poor_hh": counted(POOR),
        "near_poor_hh": counted(NEAR_POOR),
        "poor_and_near_poor_hh": counted(POOR + NEAR_POOR),
        "minority_poor_hh": minority(POOR),
        "minority_near_poor_hh": minority(NEAR_POOR),
        "escaped_poor_hh": changed(*ESCAPED),
        "escaped_near_poor_hh": changed(Change.ESCAPED_NEAR_POOR),
        "fallen_back_hh": changed(Change.FELL_BACK),
        "newly_arisen_hh": changed(Change.AROSE),
    }


def entries_of(
    counts: Mapping[int, Mapping[str, int | None]],
    *,
    year: int,
    stage: Stage,
    source_id: int,
    override_reason: str = "Theo kết quả rà soát từng hộ",
) -> list[Entry]:
    """Counts by commune as entries, under the standard of the year; without indicators nobody defined."""
    codes = {code for of_commune in counts.values() for code in of_commune}
    indicators = dict(Indicator.objects.filter(code__in=codes).values_list("code", "pk"))
    standard = poverty_standard(year)
    since, until = values.year(year)
    return [
        Entry(
            indicator_id=indicators[code],
            unit_id=commune_id,
            since=since,
            until=until,
            amount=Decimal(amount),
            stage=stage,
            standard_id=standard.pk,
            source_id=source_id,
            override_reason=override_reason,
        )
        for commune_id, code, amount in _flat(counts)
        if amount is not None and code in indicators
    ]


def _flat(
    counts: Mapping[int, Mapping[str, int | None]],
) -> Iterable[tuple[int, str, int | None]]:
    return (
        (commune_id, code, amount)
        for commune_id, of_commune in counts.items()
        for code, amount in of_commune.items()
    )


def poverty_standard(year: int) -> Standard:
    """The standard of a year as indicators know it; made when they do not know it yet."""
    wanted = standard_of(year)
    used = wanted.used["poverty.standard"]
    standard, _ = Standard.objects.get_or_create(
        code=wanted.code,
        defaults={
            "name": wanted.name,
            "since": used.since,
            "until": used.until,
            "baseline_year": used.value["baseline_year"],
            "confirmed": used.confirmed,
        },
    )
    return standard
