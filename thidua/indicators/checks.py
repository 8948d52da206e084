"""What makes a figure doubtful: pure calculations over plain values, without the database.

`stop` cannot be saved; `warn` can, when somebody says why. Missing is not zero: a rule that needs a figure
which is not there says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from thidua.core.formats import format_number

#: A printed rate may differ from the one of its counts by so much: documents round, and some cut off.
RATE_TOLERANCE = Decimal("0.01")
#: Segments that together are everybody.
AREAS = ("urban", "rural")


class Severity(StrEnum):
    STOP = "stop"
    WARN = "warn"


class Key(NamedTuple):
    """Which figure: what, of whom, when, under which standard, of which segment."""

    indicator_id: int
    unit_id: int
    since: date
    until: date
    standard_id: int | None = None
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What the definition of an indicator says about its figures."""

    indicator_id: int
    name: str
    decimals: int = 0
    lowest: Decimal | None = None
    highest: Decimal | None = None
    jump_percent: int | None = None
    part_of_id: int | None = None
    is_sum_of_parts: bool = False
    numerator_id: int | None = None
    denominator_id: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that is wrong or odd about one figure; `sentence` is for the person who gave it."""

    key: Key
    severity: Severity
    code: str
    sentence: str

    @property
    def is_stop(self) -> bool:
        return self.severity is Severity.STOP


@lru_cache(maxsize=256)
def previous_period(since: date, until: date) -> tuple[date, date]:
    """The period of the same length just before; whole months stay whole months."""
    if since.day == 1 and until.day == 1:
        months = (until.year - since.year) * 12 + until.month - since.month
        first = since.year * 12 + since.month - 1 - months
        return date(first // 12, first % 12 + 1, 1), since
    return since - (until - since), since


def doubts(
    given: Sequence[Key],
    figures: Mapping[Key, Decimal],
    rules: Mapping[int, Rule],
) -> list[Doubt]:
    """What is doubtful about the `given` figures, in their order.

    `figures` holds them and everything they are compared with: other segments, wholes, parts, the period
    before. A figure that is not in it is unknown. What did not arise is nought.
    """
    parts: dict[int, list[int]] = {}
    for rule in rules.values():
        if rule.part_of_id is not None:
            parts.setdefault(rule.part_of_id, []).append(rule.indicator_id)
    periods = {(key.since, key.until) for key in figures}
    has_areas = {key.indicator_id for key in figures if key.segment}
    found: list[Doubt] = []
    for key in given:
        amount = figures.get(key)
        rule = rules[key.indicator_id]
        # Most figures need the first of these only: what cannot say anything is not asked.
        if amount is not None:
            if _may_be_wrong(amount, rule):
                found += _alone(key, amount, rule)
            if rule.jump_percent is not None and previous_period(key.since, key.until) in periods:
                found += _jump(key, amount, rule, figures)
        if rule.part_of_id is not None or key.indicator_id in parts:
            found += _parts(key, rule, rules, parts, figures)
        if key.indicator_id in has_areas:
            found += _areas(key, rule, figures)
        if rule.numerator_id is not None:
            found += _rate(key, rules, figures)
    return list(dict.fromkeys(found))


def _may_be_wrong(amount: Decimal, rule: Rule) -> bool:
    return (
        amount != round(amount, rule.decimals)
        or (rule.lowest is not None and amount < rule.lowest)
        or (rule.highest is not None and amount > rule.highest)
    )


def _alone(key: Key, amount: Decimal, rule: Rule) -> Iterator[Doubt]:
    if amount != round(amount, rule.decimals):
        kind = "số nguyên" if rule.decimals == 0 else f"không quá {rule.decimals} chữ số thập phân"
        yield Doubt(
            key,
            Severity.STOP,
            "decimals",
            f"{rule.name}: {format_number(amount)} phải là {kind}. Ghi lại số.",
        )
    if rule.lowest is not None and amount < rule.lowest:
        yield Doubt(
            key,
            Severity.STOP,
            "range",
            f"{rule.name}: {format_number(amount)} nhỏ hơn mức thấp nhất {format_number(rule.lowest)}. "
            "Ghi lại số.",
        )
    if rule.highest is not None and amount > rule.highest:
        yield Doubt(
            key,
            Severity.STOP,
            "range",
            f"{rule.name}: {format_number(amount)} lớn hơn mức cao nhất {format_number(rule.highest)}. "
            "Ghi lại số.",
        )


def _jump(key: Key, amount: Decimal, rule: Rule, figures: Mapping[Key, Decimal]) -> Iterator[Doubt]:
    if rule.jump_percent is None:
        return
    since, until = previous_period(key.since, key.until)
    before = figures.get(key._replace(since=since, until=until))
    if before is None or before == 0:
        return
    percent = abs(amount - before) * 100 / before
    if percent > rule.jump_percent:
        way = "tăng" if amount > before else "giảm"
        yield Doubt(
            key,
            Severity.WARN,
            "jump",
            f"{rule.name}: {format_number(amount)}, {way} {format_number(percent, places=1)} % so với "
            f"{format_number(before)} của kỳ trước. Kiểm tra lại, hoặc ghi lý do để giữ số.",
        )


def _parts(
    key: Key,
    rule: Rule,
    rules: Mapping[int, Rule],
    parts: Mapping[int, Sequence[int]],
    figures: Mapping[Key, Decimal],
) -> Iterator[Doubt]:
    """A part within its whole, seen from either; parts that together make the whole."""
    pairs: list[tuple[int, int]] = []
    if rule.part_of_id in rules and rule.part_of_id is not None:
        pairs.append((rule.indicator_id, rule.part_of_id))
    pairs += [(part, rule.indicator_id) for part in parts.get(rule.indicator_id, ())]
    for part_id, whole_id in pairs:
        part = figures.get(key._replace(indicator_id=part_id))
        whole = figures.get(key._replace(indicator_id=whole_id))
        if part is not None and whole is not None and part > whole:
            yield Doubt(
                key,
                Severity.STOP,
                "part",
                f"{rules[part_id].name} ({format_number(part)}) lớn hơn {_small(rules[whole_id].name)} "
                f"({format_number(whole)}). Sửa một trong hai số.",
            )
    whole_ids = {whole_id for _, whole_id in pairs if rules[whole_id].is_sum_of_parts}
    for whole_id in whole_ids:
        whole = figures.get(key._replace(indicator_id=whole_id))
        amounts = [figures.get(key._replace(indicator_id=part_id)) for part_id in parts.get(whole_id, ())]
        known = [amount for amount in amounts if amount is not None]
        if whole is not None and known and len(known) == len(amounts) and sum(known) != whole:
            names = " + ".join(_small(rules[part_id].name) for part_id in parts[whole_id])
            yield Doubt(
                key,
                Severity.WARN,
                "sum",
                f"{rules[whole_id].name} là {format_number(whole)}, còn {names} cộng được "
                f"{format_number(sum(known))}. Kiểm tra lại, hoặc ghi lý do để giữ số.",
            )


def _areas(key: Key, rule: Rule, figures: Mapping[Key, Decimal]) -> Iterator[Doubt]:
    """Urban and rural together are all; one segment is never more than all. Only of what is counted."""
    if rule.numerator_id is not None or rule.decimals:
        return
    whole = figures.get(key._replace(segment=""))
    if whole is None:
        return
    if key.segment:
        segment = figures.get(key)
        if segment is not None and segment > whole:
            yield Doubt(
                key,
                Severity.STOP,
                "segment",
                f"{rule.name}: số của phân tổ ({format_number(segment)}) lớn hơn số chung "
                f"({format_number(whole)}). Sửa một trong hai số.",
            )
            return
    if key.segment and key.segment not in AREAS:
        return
    areas = [figures.get(key._replace(segment=area)) for area in AREAS]
    known = [amount for amount in areas if amount is not None]
    if len(known) == len(AREAS) and sum(known) != whole:
        yield Doubt(
            key,
            Severity.WARN,
            "areas",
            f"{rule.name}: thành thị và nông thôn cộng được {format_number(sum(known))}, số chung là "
            f"{format_number(whole)}. Kiểm tra lại, hoặc ghi lý do để giữ số.",
        )


def _rate(key: Key, rules: Mapping[int, Rule], figures: Mapping[Key, Decimal]) -> Iterator[Doubt]:
    """A printed rate against the counts it comes from, when both are known."""
    rule = rules[key.indicator_id]
    if rule.numerator_id is None or rule.denominator_id is None:
        return
    printed = figures.get(key)
    above = figures.get(key._replace(indicator_id=rule.numerator_id))
    below = figures.get(key._replace(indicator_id=rule.denominator_id))
    if printed is None or above is None or not below:
        return
    exact = above * 100 / below
    if not rate_agrees(printed, above, below):
        yield Doubt(
            key,
            Severity.WARN,
            "rate",
            f"{rule.name}: {format_number(above)}/{format_number(below)} là "
            f"{format_number(exact, places=2)} %, số ghi là {format_number(printed)} %. "
            "Kiểm tra lại, hoặc ghi lý do để giữ số.",
        )


def rate_agrees(printed: Decimal, above: Decimal, below: Decimal) -> bool:
    """Whether a printed percentage is that of its counts: within 0.01, or rounded to the places printed.

    41.6 of 5/12 does not agree: 41.67 was cut off, not rounded.
    """
    exact = above * 100 / below
    exponent = printed.normalize().as_tuple().exponent
    step = Decimal(1).scaleb(min(0, exponent)) if isinstance(exponent, int) else RATE_TOLERANCE
    return abs(exact - printed) <= RATE_TOLERANCE or exact.quantize(step, rounding=ROUND_HALF_UP) == printed


def wanted_keys(given: Iterable[Key], rules: Mapping[int, Rule]) -> tuple[set[int], set[tuple[date, date]]]:
    """Which indicators and periods must be known before `doubts` is asked."""
    periods: set[tuple[date, date]] = set()
    for since, until in {(key.since, key.until) for key in given}:
        periods |= {(since, until), previous_period(since, until)}
    return set(rules), periods


def _small(name: str) -> str:
    """A name inside a sentence: only the first letter changes, "OCOP" stays."""
    return name[:1].lower() + name[1:]
