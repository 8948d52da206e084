"""Figures of many units made into one, by the rule of each measure, exactly and with who is in it.

Pure, no Django. A figure may itself be merged: it then says which units it covers, so that merging in two
tiers gives what merging at once gives. Hides who wins when a unit is in two figures: never both are
counted, and the one that is not is named. Percentages are never averaged; a sum without parts is unknown,
not zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from enum import StrEnum
from fractions import Fraction

#: What would not be exact is refused, never rounded.
_EXACT = Context(prec=120, traps=[Inexact, InvalidOperation])


class Rule(StrEnum):
    """How figures of a measure go up; the codes of `indicators.models.Aggregation`."""

    SUM = "sum"
    RATIO = "ratio"
    WEIGHTED_MEAN = "weighted_mean"
    LAST = "last"
    COUNT_UNITS = "count_units"


#: From weak to strong; the codes of `indicators.models.Stage`. A figure without stage is the weakest.
STAGES = ("", "uoc", "thuong_xuyen", "so_bo", "chinh_thuc")
OFFICIAL, PRELIMINARY = "chinh_thuc", "so_bo"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that the form asks a figure for."""

    key: str
    name: str
    unit: str = ""
    rule: Rule = Rule.SUM
    #: Of counting units by status: which statuses are counted.
    wanted: frozenset[str] = frozenset()
    decimals: int = 0
    #: Kinds of units that are asked; empty: all.
    asks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    """What one report says for one measure.

    `amount` is what is added: the figure itself, the numerator of a ratio, the sum of mean × weight; `base`
    is the denominator or weight. `printed` is a rate given without its counts: it is shown, never added.
    All None and no `nothing_arose`: not known, for the `reason` given.
    """

    ref: str
    unit: int
    measure: str
    amount: Decimal | None = None
    base: Decimal | None = None
    printed: Decimal | None = None
    statuses: tuple[tuple[str, int], ...] = ()
    nothing_arose: bool = False
    stage: str = ""
    #: Which of several reports of the same unit is the later one.
    revision: int = 0
    reason: str = ""
    #: Of a merged figure: the units in it, and how many of them gave which stage.
    covers: tuple[int, ...] = ()
    stages: tuple[tuple[str, int], ...] = ()

    @property
    def leaves(self) -> tuple[int, ...]:
        return self.covers or (self.unit,)

    @property
    def is_known(self) -> bool:
        return (
            self.nothing_arose or self.amount is not None or self.printed is not None or bool(self.statuses)
        )

    def can_be_added(self, rule: Rule) -> bool:
        """Whether the figure holds what its rule needs."""
        if self.nothing_arose:
            return True
        if rule is Rule.COUNT_UNITS:
            return bool(self.statuses)
        if rule in (Rule.RATIO, Rule.WEIGHTED_MEAN):
            return self.amount is not None and self.base is not None
        return self.amount is not None

    @property
    def said(self) -> tuple[object, ...]:
        """What two figures of one unit must agree in."""
        return (self.amount, self.base, self.printed, self.statuses, self.nothing_arose)


@dataclass(frozen=True, slots=True)
class Clash:
    """One unit with two figures that cannot both count. `used` is None when nobody can say which is right."""

    measure: str
    units: tuple[int, ...]
    refs: tuple[str, str]
    used: str | None
    #: One figure is of several units and holds the other one's unit.
    is_counted_within: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """A measure over many units. `parts` are the figures in it, `outside` those that could not be added."""

    measure: Measure
    amount: Decimal | None
    base: Decimal | None
    statuses: tuple[tuple[str, int], ...]
    covers: frozenset[int]
    expected: frozenset[int]
    stages: tuple[tuple[str, int], ...]
    parts: tuple[Figure, ...] = ()
    #: A rate without counts, or a figure that does not add up: shown by unit.
    alone: tuple[Figure, ...] = ()
    #: Said to be unknown, with the reason.
    unknown: tuple[Figure, ...] = ()
    #: Not counted because the unit is in another figure.
    set_aside: tuple[Figure, ...] = ()
    clashes: tuple[Clash, ...] = ()

    @property
    def missing(self) -> frozenset[int]:
        return self.expected - self.covers

    @property
    def reported(self) -> int:
        return len(self.covers & self.expected) if self.expected else len(self.covers)

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def is_known(self) -> bool:
        return bool(self.parts)

    @property
    def stage(self) -> str:
        """The weakest stage in it: a sum is as firm as its softest part."""
        return self.stages[0][0] if self.stages else ""

    @property
    def share(self) -> Fraction | None:
        """Numerator by denominator, exactly; None where there is none."""
        if self.amount is None or not self.base:
            return None
        return Fraction(self.amount) / Fraction(self.base)

    @property
    def result(self) -> Fraction | None:
        """What the measure says: a percentage for a ratio, a mean, else the sum or count."""
        if not self.parts:
            return None
        if self.measure.rule is Rule.RATIO:
            return None if self.share is None else self.share * 100
        if self.measure.rule is Rule.WEIGHTED_MEAN:
            return self.share
        if self.measure.rule is Rule.COUNT_UNITS:
            return Fraction(sum(count for status, count in self.statuses if status in self.measure.wanted))
        return None if self.amount is None else Fraction(self.amount)

    def rounded(self, places: int | None = None) -> Decimal | None:
        """The result with so many decimals, half up; percentages have two."""
        result = self.result
        if result is None:
            return None
        if places is None:
            places = 2 if self.measure.rule is Rule.RATIO else self.measure.decimals
        return rounded(result, places=places)


def rounded(value: Fraction, *, places: int) -> Decimal:
    """Half up (away from zero), exactly: no binary or decimal context comes between."""
    scaled = value * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    if rest * 2 >= scaled.denominator:
        whole += 1
    digits = Decimal(whole if scaled >= 0 else -whole)
    return digits.scaleb(-places, context=_EXACT)


def printed(value: Decimal, *, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=Context(prec=120))


def add(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known, exactly; None when nothing is. Raises `decimal.Inexact` beyond 120 digits."""
    total: Decimal | None = None
    for amount in amounts:
        if amount is not None:
            total = amount if total is None else _EXACT.add(total, amount)
    return total


def product(one: Decimal, other: Decimal) -> Decimal:
    """Mean × weight, exactly."""
    return _EXACT.multiply(one, other)


def tally(
    measure: Measure,
    figures: Iterable[Figure],
    *,
    expected: frozenset[int] = frozenset(),
    chosen: Mapping[int, str] | None = None,
) -> Tally:
    """All figures of one measure. Their order does not matter; the same one twice counts once.

    `chosen` names, by unit, the figure that an officer has decided for.
    """
    known: dict[str, Figure] = {}
    for figure in figures:
        known.setdefault(figure.ref, figure)
    rows = list(known.values())
    unknown = [one for one in rows if not one.is_known]
    addable = [one for one in rows if one.is_known and one.can_be_added(measure.rule)]
    alone = [one for one in rows if one.is_known and not one.can_be_added(measure.rule)]
    parts, aside, clashes = _without_doubles(measure.key, addable, chosen or {})
    covered = frozenset(leaf for one in parts for leaf in one.leaves)
    stages: Counter[str] = Counter()
    for one in parts:
        if one.stages:
            stages.update(dict(one.stages))
        else:
            stages[one.stage] += len(one.leaves)
    statuses: Counter[str] = Counter()
    for one in parts:
        statuses.update(dict(one.statuses))
    return Tally(
        measure=measure,
        amount=_amount(measure, parts),
        base=add(one.base for one in parts),
        statuses=tuple(sorted(statuses.items())),
        covers=covered,
        expected=expected,
        stages=tuple(sorted(stages.items(), key=lambda pair: (strength(pair[0]), pair[0]))),
        parts=tuple(_sorted(parts)),
        alone=tuple(_sorted(alone)),
        unknown=tuple(_sorted(unknown)),
        set_aside=tuple(_sorted(aside)),
        clashes=tuple(clashes),
    )


def as_figures(found: Tally, *, ref: str, unit: int, revision: int = 0) -> tuple[Figure, ...]:
    """What goes up again: the merged figure with the units in it, and what could not be added, as it came."""
    loose = (*found.alone, *found.unknown)
    if found.measure.rule is Rule.LAST:
        return (*found.parts, *loose)
    if not found.parts:
        return loose
    merged = Figure(
        ref=ref,
        unit=unit,
        measure=found.measure.key,
        amount=found.amount,
        base=found.base,
        statuses=found.statuses,
        nothing_arose=all(one.nothing_arose for one in found.parts),
        stage=found.stage,
        revision=revision,
        covers=tuple(sorted(found.covers)),
        stages=found.stages,
    )
    return (merged, *loose)


def _amount(measure: Measure, parts: Sequence[Figure]) -> Decimal | None:
    if measure.rule is Rule.LAST:
        # Does not add up: one figure of one unit is itself, several stand beside each other.
        return parts[0].amount if len(parts) == 1 else None
    return add(one.amount for one in parts)


def _without_doubles(
    key: str, figures: Sequence[Figure], chosen: Mapping[int, str]
) -> tuple[list[Figure], list[Figure], list[Clash]]:
    """Figures of which no two hold the same unit, those set aside, and why."""
    seen: set[int] = set()
    doubled = False
    for one in figures:
        for leaf in one.leaves:
            if leaf in seen:
                doubled = True
            seen.add(leaf)
    if not doubled:
        return list(figures), [], []
    ranked = sorted(figures, key=lambda one: _rank(one, chosen), reverse=True)
    taken: dict[int, Figure] = {}
    kept: dict[str, Figure] = {}
    aside: list[Figure] = []
    clashes: list[Clash] = []
    undecided: set[str] = set()
    for one in ranked:
        rivals = {taken[leaf].ref: taken[leaf] for leaf in one.leaves if leaf in taken}
        if not rivals:
            kept[one.ref] = one
            taken.update(dict.fromkeys(one.leaves, one))
            continue
        aside.append(one)
        for ref in sorted(rivals):
            rival = rivals[ref]
            shared = tuple(sorted(set(one.leaves) & set(rival.leaves)))
            is_within = set(one.leaves) != set(rival.leaves)
            if not is_within and one.said == rival.said:
                continue
            decided = any(chosen.get(leaf) == ref for leaf in shared)
            equal = not is_within and _strength_of(one) == _strength_of(rival)
            if equal and not decided:
                undecided.add(ref)
            clashes.append(
                Clash(
                    measure=key,
                    units=shared,
                    refs=(min(ref, one.ref), max(ref, one.ref)),
                    used=None if equal and not decided else ref,
                    is_counted_within=is_within,
                )
            )
    for ref in undecided:
        aside.append(kept.pop(ref))
    clashes.sort(key=lambda one: (one.units, one.refs))
    return list(kept.values()), aside, clashes


def _rank(one: Figure, chosen: Mapping[int, str]) -> tuple[bool, int, int, int, str]:
    is_chosen = any(chosen.get(leaf) == one.ref for leaf in one.leaves)
    return (is_chosen, len(one.leaves), *_strength_of(one), one.ref)


def _strength_of(one: Figure) -> tuple[int, int]:
    return (strength(one.stage), one.revision)


def strength(stage: str) -> int:
    """How final a stage is; of an unknown word the least."""
    return STAGES.index(stage) if stage in STAGES else 0


def _sorted(figures: Iterable[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda one: (one.unit, one.ref))
