"""Figures come in, are corrected and chosen; what was once given is never changed.

A figure has one key: indicator, unit, period, standard, segment. Of one key there may be many rows (sources
that disagree, stages, corrections); at most one is chosen and counts. All acts are all or nothing, leave one
line in the log for each batch, and hand what changed on to the kept totals in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from thidua.audit.log import Actor
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_number
from thidua.indicators import followers, known_figures, total_keeping, value_rows
from thidua.indicators.checking import check, measures_in, nonsense
from thidua.indicators.checks import Doubt, Key, Severity
from thidua.indicators.entries import Context, Entries, Entry
from thidua.indicators.known_figures import parts
from thidua.indicators.models import Indicator, Source, Stage, Standard, Value
from thidua.indicators.rollup import Bools
from thidua.indicators.value_log import EnteredBy, content_hash, entered_by, log
from thidua.indicators.value_rows import By, Written
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit

#: What others find here of the modules that this one stands on.
__all__ = [
    "Doubtful",
    "Entered",
    "EnteredBy",
    "Entries",
    "Entry",
    "check",
    "choose",
    "chosen",
    "content_hash",
    "correct",
    "enter",
    "entered_by",
    "history",
    "key_of",
    "measures_in",
    "nonsense",
    "year",
]

#: Later is stronger.
_STRENGTH = {stage: place for place, stage in enumerate(Stage.values)}


@dataclass
class Entered:
    """What a batch did. `beside` are those of `values` that were not chosen, next to one that is."""

    values: Sequence[Value] = ()
    replaced: int = 0
    unchanged: int = 0
    beside: list[Value] = field(default_factory=list)
    overridden: list[Doubt] = field(default_factory=list)


class Doubtful(RuleNotMet):
    """Figures that cannot be saved as they stand; `doubts` tell which and why."""

    def __init__(self, what: str, *, doubts: Sequence[Doubt], why: str = "", next_step: str = "") -> None:
        self.doubts = tuple(doubts)
        super().__init__(what, why=why, next_step=next_step)


def year(number: int) -> tuple[date, date]:
    """The period of a year, half-open."""
    return date(number, 1, 1), date(number + 1, 1, 1)


def key_of(value: Value) -> Key:
    return Key(value.indicator_id, value.unit_id, value.since, value.until, value.standard_id, value.segment)


# ---- asking


def chosen(
    indicator: Indicator | int,
    unit_ids: Collection[int],
    since: date,
    until: date,
    standard: Standard | int | None = None,
    segment: str = "",
) -> dict[int, Value]:
    """The value that counts of each unit that has one, with its source; one query for every 5,000 units."""
    rows = Value.objects.filter(
        indicator=indicator, since=since, until=until, standard=standard, segment=segment, is_chosen=True
    ).select_related("source", "standard")
    return {
        value.unit_id: value
        for part in parts(sorted(set(unit_ids)))
        for value in rows.filter(unit_id__in=part)
    }


def history(value: Value) -> QuerySet[Value]:
    """Every row of the same figure, newest first: corrections, stages, other sources."""
    return (
        Value.objects.filter(
            indicator=value.indicator_id,
            unit=value.unit_id,
            since=value.since,
            until=value.until,
            standard=value.standard_id,
            segment=value.segment,
        )
        .select_related("source", "user", "standard", "indicator", "replaced_by")
        .order_by("-entered_at", "-pk")
    )


# ---- entering


def enter(given: Iterable[Entry], *, actor: Actor, now: datetime, reason: str = "") -> Entered:
    """Save figures, all or nothing; `reason` stands with those that are doubted or official.

    Of one key and source, a figure of the same stage takes the place of the one before (of an official one
    only with a reason); the same figure again changes nothing. The stronger stage is chosen by itself, the
    weaker never; of two sources at one stage the first stays chosen and the other stands beside it.

    Raises NotAllowed, Doubtful (with every doubt), RuleNotMet, ChangedMeanwhile. Recomputes totals; one line
    in the log.
    """
    entries = Entries.of(given).sharing(
        lambda one: one._replace(note=one.note.strip(), override_reason=one.override_reason.strip())
    )
    if not len(entries):
        return Entered()
    _refuse_doubles(entries)
    _require(entries, actor)
    if found := nonsense(entries):
        raise _doubtful(found)
    done = Entered()
    try:
        with transaction.atomic():
            found = check(entries)
            if reason:
                entries = _excused(entries, found, reason.strip())
            if found:
                doubted = entries.only(entries.of_units({doubt.key.unit_id for doubt in found}))
                _refuse_doubts(found, {entry.key: entry.override_reason for entry in doubted})
            done.overridden = found
            written = _save(entries, done, By(actor.user.pk if actor.user else None, now))
            if len(written):
                _tell(written, now=now)
                counts = {
                    "replaced": done.replaced,
                    "unchanged": done.unchanged,
                    "beside": len(done.beside),
                    "overridden": len(done.overridden),
                }
                log("enter", "Nhập số liệu", written, actor=actor, now=now, more=counts)
    except IntegrityError as error:
        raise _changed_meanwhile() from error
    return done


def _tell(written: Written, *, now: datetime) -> None:
    """The totals follow, and whoever wants to know."""
    concerned = written.concerned()
    if concerned:
        total_keeping.follow(concerned, now=now)
        followers.figures_changed(concerned, now=now)


def _excused(entries: Entries, found: Sequence[Doubt], reason: str) -> Entries:
    rows = entries.where(lambda one: one.stage == Stage.OFFICIAL)
    doubted = {doubt.key for doubt in found if not doubt.is_stop}
    for place in entries.of_units({key.unit_id for key in doubted}).tolist():
        rows[place] |= entries[place].key in doubted
    return entries.excused(rows, reason)


def _refuse_doubles(entries: Entries) -> None:
    several = entries.only(entries.has_more_of_its_key)
    lines = {(entry.key, entry.source_id, entry.stage) for entry in several}
    if len(lines) < len(several):
        raise RuleNotMet(
            "Chưa thể lưu số liệu",
            why="trong một lần nhập có hai số cho cùng chỉ tiêu, đơn vị, kỳ, nguồn và mức độ",
            next_step="Bỏ bớt một số rồi lưu lại",
        )


def _require(entries: Entries, actor: Actor) -> None:
    """The right to every unit; a few queries however many there are, also of units that exist no longer."""
    unit_ids = set(np.unique(entries.unit_ids).tolist())
    if isinstance(actor, Acting):
        mine = actor.units_for("value.enter")
        days = {one.since for one in entries.contexts}
        days |= {min(one.until - timedelta(days=1), actor.on) for one in entries.contexts}
        for day in sorted(days, reverse=True) if mine else ():
            unit_ids -= set(tree.ids_at_or_below(mine, on=day))
            if not unit_ids:
                break
    for unit in Unit.objects.filter(pk__in=sorted(unit_ids)[: known_figures.MOST]):
        actor.require("value.enter", unit)


def _refuse_doubts(found: Sequence[Doubt], reasons: Mapping[Key, str]) -> None:
    standing = [doubt for doubt in found if doubt.is_stop or not reasons.get(doubt.key)]
    if standing:
        raise _doubtful(standing)


def _doubtful(found: Sequence[Doubt]) -> Doubtful:
    more = f" Còn {len(found) - 1} điểm khác" if len(found) > 1 else ""
    first = found[0].sentence.rstrip(".")
    return Doubtful(
        "Chưa lưu số liệu nào", doubts=found, why=f"{first}.{more}".rstrip("."), next_step="Sửa rồi lưu lại"
    )


@dataclass(slots=True)
class _Rows:
    """The rows of one key that have not been replaced."""

    by_line: dict[tuple[int | None, str], tuple[int, Decimal | None, str]] = field(default_factory=dict)
    chosen_pk: int | None = None
    chosen_stage: str = ""


def _save(entries: Entries, done: Entered, by: By) -> Written:
    """Store what is new; what is known of the same figure already is gone through row by row."""
    known = _rows_of(entries)
    first = _first_of_their_key(entries, known)
    new: list[Value] = []
    let_go: list[int] = []
    fresh: dict[Key, Value] = {}
    for entry in entries.only(~first):
        key = entry.key
        rows = known.get(key)
        if rows is None:
            rows = known[key] = _Rows()
        line = (entry.source_id, entry.stage)
        before = rows.by_line.get(line)
        if before is not None and before[1] == entry.amount and not entry.evidence_id:
            done.unchanged += 1
            continue
        if before is not None and entry.stage == Stage.OFFICIAL and not entry.override_reason:
            raise _doubtful([_official(entry, before[1])])
        value = value_rows.value_of(entry, by)
        if before is not None:
            value.replaces_id = before[0]
            done.replaced += 1
        is_chosen_before = before is not None and before[0] == rows.chosen_pk
        if rows.chosen_pk is None and not rows.chosen_stage:
            value.is_chosen = True
        elif is_chosen_before or _STRENGTH[entry.stage] > _STRENGTH[rows.chosen_stage]:
            value.is_chosen = True
            if rows.chosen_pk is not None:
                let_go.append(rows.chosen_pk)
                rows.chosen_pk = None
            else:  # chosen within this batch a moment ago
                fresh[key].is_chosen = False
        else:
            value.is_chosen = False
            done.beside.append(value)
        if value.is_chosen:
            rows.chosen_stage, fresh[key] = entry.stage, value
        new.append(value)
    _let_go(let_go)
    written = value_rows.write(entries.only(first), new, by)
    done.values = written if len(written.first) else written.others
    return written


def _first_of_their_key(entries: Entries, known: Collection[Key]) -> Bools:
    """Figures of which nothing is known and no other is given: they are chosen and take nobody's place.

    None of a few, which row by row is quicker.
    """
    if len(entries) < value_rows.MANY:
        return np.zeros(len(entries), dtype=np.bool_)
    first: Bools = ~entries.has_more_of_its_key
    if known:
        taken = {(key.indicator_id, key.unit_id, Context(*key[2:])) for key in known}
        contexts = entries.by_shared(lambda one: one.context)
        keys = zip(entries.indicator_ids.tolist(), entries.unit_ids.tolist(), contexts, strict=True)
        first &= np.array([key not in taken for key in keys], dtype=np.bool_)
    return first


def _official(entry: Entry, before: Decimal | None) -> Doubt:
    old = "không phát sinh" if before is None else format_number(before)
    return Doubt(
        entry.key,
        Severity.WARN,
        "official",
        f"Đã có số chính thức ({old}) của nguồn này. Ghi lý do đính chính để thay số, số cũ vẫn được giữ.",
    )


def _rows_of(entries: Entries) -> dict[Key, _Rows]:
    columns = ("indicator_id", "unit_id", "standard_id", "segment", "pk", "source_id", "stage", "amount",
               "is_chosen", "choice_reason")  # fmt: skip
    near = known_figures.near(
        {(one.since, one.until) for one in entries.contexts},
        np.unique(entries.indicator_ids).tolist(),
        np.unique(entries.unit_ids).tolist(),
        Q(replaced_by__isnull=True),
        columns=columns,
        as_values=True,
    )
    found: dict[Key, _Rows] = {}
    for span, rows in near:
        for indicator_id, unit_id, standard_id, segment, *row in rows:
            pk, source_id, stage, amount, is_chosen, reason = row
            own = found.setdefault(Key(indicator_id, unit_id, *span, standard_id, segment), _Rows())
            own.by_line[(source_id, stage)] = (pk, amount, reason)
            if is_chosen:
                own.chosen_pk, own.chosen_stage = pk, stage
    return found


def _let_go(pks: Sequence[int]) -> None:
    """The chosen rows stop being chosen; somebody faster has taken one of them when fewer change."""
    changed = sum(
        Value.objects.filter(pk__in=part, is_chosen=True, replaced_by__isnull=True).update(is_chosen=False)
        for part in parts(pks)
    )
    if changed != len(pks):
        raise _changed_meanwhile()


def _changed_meanwhile() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        "Chưa lưu số liệu nào",
        why="người khác vừa nhập hoặc chọn số liệu này",
        next_step="Mở lại trang để xem số mới rồi nhập lại",
    )


# ---- correcting and choosing


def correct(
    value: Value,
    amount: Decimal | None,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    nothing_arose: bool = False,
    stage: str = "",
    source: Source | None = None,
) -> Value:
    """A newer row in the place of `value`, which stays to be read; chosen when it was. Needs a reason.

    Raises NotAllowed, RuleNotMet, Doubtful on what cannot be, ChangedMeanwhile when corrected already.
    """
    actor.require("value.enter", value)
    reason = reason.strip()
    if not reason:
        raise RuleNotMet("Chưa thể đính chính", why="chưa ghi lý do", next_step="Ghi lý do rồi lưu lại")
    entry = Entry(
        value.indicator_id,
        value.unit_id,
        value.since,
        value.until,
        amount,
        nothing_arose=nothing_arose,
        stage=stage or value.stage,
        standard_id=value.standard_id,
        segment=value.segment,
        source_id=source.pk if source else value.source_id,
        note=value.note,
        override_reason=reason,
        evidence_id=value.evidence_id,
        evidence_name=value.evidence_name,
    )
    if found := nonsense([entry]):
        raise _doubtful(found)
    if _STRENGTH[entry.stage] < _STRENGTH[value.stage]:
        raise RuleNotMet(
            "Chưa thể đính chính",
            why=f"số đang ở mức «{value.get_stage_display()}», không thể lùi về «{Stage(entry.stage).label}»",
            next_step="Giữ nguyên mức độ, hoặc nhập một số mới",
        )
    try:
        with transaction.atomic():
            _refuse_doubts(check([entry]), {entry.key: reason})
            unreplaced = Value.objects.filter(pk=value.pk, replaced_by__isnull=True)
            current = unreplaced.select_for_update(of=("self",)).first()
            if current is None:
                raise _changed_meanwhile()
            by = By(actor.user.pk if actor.user else None, now)
            new = value_rows.value_of(entry, by)
            new.replaces, new.is_chosen = current, current.is_chosen
            new.choice_reason = current.choice_reason
            if current.is_chosen:
                _let_go([current.pk])
            new.save(force_insert=True)
            written = Written.of([new], by)
            _tell(written, now=now)
            log("correct", "Đính chính số liệu", written, actor=actor, now=now, reason=reason, before=current)
    except IntegrityError as error:
        raise _changed_meanwhile() from error
    return new


def choose(value: Value, *, reason: str, actor: Actor, now: datetime) -> Value:
    """Let `value` be the one that counts among the rows of its key, for a stated reason. Returns it.

    Raises NotAllowed, RuleNotMet, ChangedMeanwhile when it was replaced or another was just chosen.
    """
    actor.require("value.choose", value)
    reason = reason.strip()
    if not reason:
        raise RuleNotMet(
            "Chưa thể chọn số liệu", why="chưa ghi lý do", next_step="Ghi lý do chọn rồi lưu lại"
        )
    try:
        with transaction.atomic():
            rows = list(history(value).select_related(None).select_for_update())
            mine = next((row for row in rows if row.pk == value.pk), None)
            if mine is None or any(row.replaces_id == value.pk for row in rows):
                raise _changed_meanwhile()
            before = next((row for row in rows if row.is_chosen), None)
            if before is not None and before.pk == mine.pk and mine.choice_reason == reason:
                return mine
            if before is not None and before.pk != mine.pk:
                _let_go([before.pk])
            Value.objects.filter(pk=mine.pk).update(is_chosen=True, choice_reason=reason[:500])
            mine.is_chosen, mine.choice_reason = True, reason[:500]
            written = Written.of([mine], By(actor.user.pk if actor.user else None, now))
            _tell(written, now=now)
            log("choose", "Chọn số liệu", written, actor=actor, now=now, reason=reason, before=before)
    except IntegrityError as error:
        raise _changed_meanwhile() from error
    return mine
