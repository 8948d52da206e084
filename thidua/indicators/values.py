"""Figures come in, are corrected and chosen; what was once given is never changed.

A figure has one key: indicator, unit, period, standard, segment. Of one key there may be many rows (sources
that disagree, stages, corrections); at most one is chosen and counts. All acts are all or nothing, leave one
line in the log for each batch, and hand what changed on to the kept totals in the same transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from thidua.audit.log import Actor, canonical, record
from thidua.audit.models import Entry as LogEntry
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_number
from thidua.indicators import checks, followers, total_keeping, value_rows
from thidua.indicators.checks import Doubt, Key, Rule, Severity
from thidua.indicators.models import Indicator, Source, Stage, Standard, Value
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit, UnitVersion

#: Later is stronger.
_STRENGTH = {stage: place for place, stage in enumerate(Stage.values)}
#: So many units are asked about in one query.
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure as somebody gives it. `amount` is empty exactly when nothing arose."""

    indicator_id: int
    unit_id: int
    since: date
    until: date
    amount: Decimal | None = None
    nothing_arose: bool = False
    stage: str = Stage.PRELIMINARY
    standard_id: int | None = None
    segment: str = ""
    source_id: int | None = None
    note: str = ""
    override_reason: str = ""
    evidence_id: int | None = None
    evidence_name: str = ""

    @property
    def key(self) -> Key:
        return Key(self.indicator_id, self.unit_id, self.since, self.until, self.standard_id, self.segment)

    @property
    def counted(self) -> Decimal:
        return Decimal(0) if self.amount is None else self.amount


@dataclass
class Entered:
    """What a batch did. `beside` are those of `values` that were not chosen, next to one that is."""

    values: list[Value] = field(default_factory=list)
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


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _MOST] for start in range(0, len(ids), _MOST))


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
        for part in _parts(sorted(set(unit_ids)))
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


def check(entries: Sequence[Entry]) -> list[Doubt]:
    """What is doubtful about figures that are not saved yet, against each other and against what is known."""
    if not entries:
        return []
    rules = _rules({entry.indicator_id for entry in entries})
    given = [entry.key for entry in entries]
    figures = _known_figures(given, rules)
    figures |= {entry.key: entry.counted for entry in entries}
    return checks.doubts(given, figures, rules)


def _rules(indicator_ids: Iterable[int]) -> dict[int, Rule]:
    """The rules of indicators and of their wholes, parts, numerators and denominators. One query."""
    ids = set(indicator_ids)
    near = (
        Q(pk__in=ids)
        | Q(part_of__in=ids)
        | Q(parts__in=ids)
        | Q(part_of__parts__in=ids)
        | Q(pk__in=Indicator.objects.filter(pk__in=ids).values("numerator"))
        | Q(pk__in=Indicator.objects.filter(pk__in=ids).values("denominator"))
    )
    return {
        row.pk: Rule(
            row.pk,
            row.name,
            row.decimals,
            row.lowest,
            row.highest,
            row.jump_percent,
            row.part_of_id,
            row.is_sum_of_parts,
            row.numerator_id,
            row.denominator_id,
        )
        for row in Indicator.objects.filter(near).distinct()
    }


def _known_figures(given: Sequence[Key], rules: Mapping[int, Rule]) -> dict[Key, Decimal]:
    indicator_ids, periods = checks.wanted_keys(given, rules)
    rows = Value.objects.filter(_any_period(periods), indicator_id__in=indicator_ids, is_chosen=True)
    columns = ("indicator_id", "unit_id", "since", "until", "standard_id", "segment", "amount")
    found: dict[Key, Decimal] = {}
    for part in _parts(sorted({key.unit_id for key in given})):
        for *key, amount in rows.filter(unit_id__in=part).values_list(*columns).iterator(chunk_size=5_000):
            found[Key(*key)] = Decimal(0) if amount is None else amount
    return found


def _any_period(periods: Iterable[tuple[date, date]]) -> Q:
    wanted = Q(pk__in=[])
    for since, until in sorted(periods):
        wanted |= Q(since=since, until=until)
    return wanted


# ---- entering


def enter(entries: Sequence[Entry], *, actor: Actor, now: datetime, reason: str = "") -> Entered:
    """Save figures, all or nothing; `reason` stands with those that are doubted or official.

    Of one key and source, a figure of the same stage takes the place of the one before (of an official one
    only with a reason); the same figure again changes nothing. The stronger stage is chosen by itself, the
    weaker never; of two sources at one stage the first stays chosen and the other stands beside it.

    Raises NotAllowed, Doubtful (with every doubt), RuleNotMet, ChangedMeanwhile. Recomputes totals; one line
    in the log.
    """
    entries = [_clean(entry) for entry in entries]
    if not entries:
        return Entered()
    _refuse_doubles(entries)
    _require(entries, actor)
    _refuse_nonsense(entries)
    done = Entered()
    try:
        with transaction.atomic():
            found = check(entries)
            if reason:
                entries = _excused(entries, found, reason)
            if found:
                _refuse_doubts(found, {entry.key: entry.override_reason for entry in entries})
            done.overridden = found
            _save(entries, done, actor=actor, now=now)
            if done.values:
                changed = [value for value in done.values if value.is_chosen]
                if changed:
                    total_keeping.changed(changed, now=now)
                    followers.figures_changed(changed, now=now)
                _log("enter", "Nhập số liệu", done.values, actor=actor, now=now, entered=done)
    except IntegrityError as error:
        raise _changed_meanwhile() from error
    return done


def _clean(entry: Entry) -> Entry:
    note, reason = entry.note.strip(), entry.override_reason.strip()
    if (note, reason) == (entry.note, entry.override_reason):
        return entry
    return replace(entry, note=note, override_reason=reason)


def _excused(entries: Sequence[Entry], found: Sequence[Doubt], reason: str) -> list[Entry]:
    doubted = {doubt.key for doubt in found if not doubt.is_stop}
    return [
        replace(entry, override_reason=reason.strip())
        if entry.stage == Stage.OFFICIAL or entry.key in doubted
        else entry
        for entry in entries
    ]


def _refuse_doubles(entries: Sequence[Entry]) -> None:
    seen: set[tuple[Key, int | None, str]] = set()
    for entry in entries:
        line = (entry.key, entry.source_id, entry.stage)
        if line in seen:
            raise RuleNotMet(
                "Chưa thể lưu số liệu",
                why="trong một lần nhập có hai số cho cùng chỉ tiêu, đơn vị, kỳ, nguồn và mức độ",
                next_step="Bỏ bớt một số rồi lưu lại",
            )
        seen.add(line)


def _require(entries: Sequence[Entry], actor: Actor) -> None:
    """The right to every unit; a few queries however many there are, also of units that exist no longer."""
    unit_ids = {entry.unit_id for entry in entries}
    if isinstance(actor, Acting):
        mine = actor.units_for("value.enter")
        days = {entry.since for entry in entries}
        days |= {min(entry.until - timedelta(days=1), actor.on) for entry in entries}
        for day in sorted(days, reverse=True) if mine else ():
            unit_ids -= set(tree.ids_at_or_below(mine, on=day))
            if not unit_ids:
                break
    for unit in Unit.objects.filter(pk__in=sorted(unit_ids)[:_MOST]):
        actor.require("value.enter", unit)


def _refuse_nonsense(entries: Sequence[Entry]) -> None:
    found = nonsense(entries)
    if found:
        raise _doubtful(found)


def nonsense(entries: Sequence[Entry]) -> list[Doubt]:
    """What no reason can excuse: an amount and none at once, a unit, period, standard that is not."""
    indicators = Indicator.objects.in_bulk({entry.indicator_id for entry in entries})
    standards = Standard.objects.in_bulk({entry.standard_id for entry in entries} - {None})
    alive = _lives({entry.unit_id for entry in entries})
    known: dict[tuple[Any, ...], list[tuple[str, str]]] = {}
    found: list[Doubt] = []
    for entry in entries:
        about = (entry.indicator_id, entry.since, entry.until, entry.stage, entry.standard_id, entry.segment)
        if about not in known:
            known[about] = list(_nonsense(entry, indicators, standards))
        complaints = known[about]
        indicator = indicators.get(entry.indicator_id)
        if indicator is not None:
            if (entry.amount is None) != entry.nothing_arose:
                what = "ghi một số, hoặc đánh dấu «không phát sinh», không cả hai và không để trống."
                complaints = [("empty", f"{indicator.name}: {what}"), *complaints]
            lives = alive.get(entry.unit_id, ())
            if not any(since < entry.until and entry.since < until for since, until in lives):
                what = "đơn vị không tồn tại trong kỳ này. Chọn đơn vị có trong kỳ."
                complaints = [*complaints, ("unit", f"{indicator.name}: {what}")]
        if complaints:
            found += [Doubt(entry.key, Severity.STOP, code, sentence) for code, sentence in complaints]
    return found


def _nonsense(
    entry: Entry,
    indicators: Mapping[int, Indicator],
    standards: Mapping[int, Standard],
) -> Iterator[tuple[str, str]]:
    """What is wrong whichever unit and amount it is about."""
    indicator = indicators.get(entry.indicator_id)
    if indicator is None:
        yield "indicator", "Chỉ tiêu không còn trong danh mục. Chọn lại chỉ tiêu."
        return
    name = indicator.name
    if entry.stage not in _STRENGTH:
        yield "stage", f"{name}: mức độ «{entry.stage}» không có. Chọn {', '.join(Stage.labels)}."
    if entry.since >= entry.until:
        yield "period", f"{name}: kỳ số liệu phải có ít nhất một ngày. Chọn lại kỳ."
    elif not (entry.since < indicator.until and entry.until > indicator.since):
        yield "period", f"{name}: chỉ tiêu không dùng trong kỳ này. Chọn kỳ khác."
    if entry.segment and entry.segment not in indicator.segments:
        yield "segment", f"{name}: không có phân tổ «{entry.segment}». Chọn phân tổ của chỉ tiêu."
    standard = standards.get(entry.standard_id or 0)
    if entry.standard_id is not None and standard is None:
        yield "standard", f"{name}: chuẩn đã chọn không còn trong danh mục. Chọn lại chuẩn."
    if standard is not None and not measures_in(standard, entry.since, entry.until):
        yield "standard", f"{name}: «{standard.name}» không áp dụng cho kỳ này. Chọn chuẩn đúng năm."


def measures_in(standard: Standard, since: date, until: date) -> bool:
    """Whether a standard measures a period; đầu kỳ is measured before the standard applies."""
    return (since < standard.until and standard.since < until) or since.year == standard.baseline_year


def _lives(unit_ids: Collection[int]) -> dict[int, list[tuple[date, date]]]:
    lives: dict[int, list[tuple[date, date]]] = {}
    rows = UnitVersion.objects.filter(annulled_by__isnull=True)
    for part in _parts(sorted(unit_ids)):
        for unit_id, since, until in rows.filter(unit_id__in=part).values_list("unit_id", "since", "until"):
            lives.setdefault(unit_id, []).append((since, until))
    return lives


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


def _save(entries: Sequence[Entry], done: Entered, *, actor: Actor, now: datetime) -> None:
    known = _rows_of(entries)
    new: list[Value] = []
    let_go: list[int] = []
    fresh: dict[Key, Value] = {}
    for entry in entries:
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
        value = _new_value(entry, actor=actor, now=now)
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
    done.values = value_rows.create(new)


def _official(entry: Entry, before: Decimal | None) -> Doubt:
    old = "không phát sinh" if before is None else format_number(before)
    return Doubt(
        entry.key,
        Severity.WARN,
        "official",
        f"Đã có số chính thức ({old}) của nguồn này. Ghi lý do đính chính để thay số, số cũ vẫn được giữ.",
    )


def _rows_of(entries: Sequence[Entry]) -> dict[Key, _Rows]:
    wanted = {entry.key for entry in entries}
    rows = Value.objects.filter(
        _any_period({(key.since, key.until) for key in wanted}),
        indicator_id__in={key.indicator_id for key in wanted},
        replaced_by__isnull=True,
    )
    columns = (
        "indicator_id",
        "unit_id",
        "since",
        "until",
        "standard_id",
        "segment",
        "pk",
        "source_id",
        "stage",
        "amount",
        "is_chosen",
        "choice_reason",
    )
    found: dict[Key, _Rows] = {}
    for part in _parts(sorted({key.unit_id for key in wanted})):
        for row in rows.filter(unit_id__in=part).values_list(*columns):
            key = Key(*row[:6])
            if key not in wanted:
                continue
            pk, source_id, stage, amount, is_chosen, reason = row[6:]
            own = found.setdefault(key, _Rows())
            own.by_line[(source_id, stage)] = (pk, amount, reason)
            if is_chosen:
                own.chosen_pk, own.chosen_stage = pk, stage
    return found


def _new_value(entry: Entry, *, actor: Actor, now: datetime) -> Value:
    # by place: naming twenty fields takes as long as all the rest
    make: Callable[..., Value] = Value
    return make(
        None,
        entry.indicator_id,
        entry.unit_id,
        entry.since,
        entry.until,
        entry.standard_id,
        entry.segment,
        entry.stage,
        entry.amount,
        entry.nothing_arose,
        entry.source_id,
        entry.evidence_id,
        entry.evidence_name[:255],
        entry.note[:500],
        entry.override_reason[:500],
        None,  # replaces
        True,  # is_chosen
        "",  # choice_reason
        False,  # is_estimate
        actor.user.pk if actor.user else None,
        now,
    )


def _let_go(pks: Sequence[int]) -> None:
    """The chosen rows stop being chosen; somebody faster has taken one of them when fewer change."""
    changed = sum(
        Value.objects.filter(pk__in=part, is_chosen=True, replaced_by__isnull=True).update(is_chosen=False)
        for part in _parts(pks)
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
    _refuse_nonsense([entry])
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
            new = _new_value(entry, actor=actor, now=now)
            new.replaces, new.is_chosen = current, current.is_chosen
            new.choice_reason = current.choice_reason
            if current.is_chosen:
                _let_go([current.pk])
            new.save(force_insert=True)
            if new.is_chosen:
                total_keeping.changed([new], now=now)
                followers.figures_changed([new], now=now)
            _log("correct", "Đính chính số liệu", [new], actor=actor, now=now, reason=reason, before=current)
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
            total_keeping.changed([mine], now=now)
            followers.figures_changed([mine], now=now)
            _log("choose", "Chọn số liệu", [mine], actor=actor, now=now, reason=reason, before=before)
    except IntegrityError as error:
        raise _changed_meanwhile() from error
    return mine


# ---- the log


def _log(
    act: str,
    label: str,
    values: Sequence[Value],
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    before: Value | None = None,
    entered: Entered | None = None,
) -> None:
    """One line for a batch: how many of what, and a hash by which the content can be proven."""
    indicator = Indicator.objects.get(pk=values[0].indicator_id)
    unit_ids = {value.unit_id for value in values}
    details: dict[str, Any] = {
        "values": len(values),
        "units": len(unit_ids),
        "indicators": sorted({value.indicator_id for value in values}),
        "since": min(value.since for value in values),
        "until": max(value.until for value in values),
        "sha256": content_hash(values),
    }
    if entered is not None:
        details |= {
            "replaced": entered.replaced,
            "unchanged": entered.unchanged,
            "beside": len(entered.beside),
            "overridden": len(entered.overridden),
        }
    standing_in = actor.stands_in("value.enter", unit_ids) if isinstance(actor, Acting) else []
    if standing_in:
        details["on_behalf_of"] = [str(one) for one in standing_in]
    if len(values) == 1:
        details |= {"value": values[0].pk, "amount": values[0].amount, "stage": values[0].stage}
    if before is not None:
        details |= {"before": before.pk, "before_amount": before.amount}
    others = len(details["indicators"]) - 1
    record(
        f"indicators.value.{act}",
        indicator,
        label=label,
        actor=actor,
        now=now,
        object_label=f"{indicator.name}{f' và {others} chỉ tiêu khác' if others else ''}",
        object_unit_id=next(iter(unit_ids)) if len(unit_ids) == 1 else None,
        reason=reason,
        details=details,
    )


@dataclass(frozen=True, slots=True)
class EnteredBy:
    """Who gave a figure, as the log keeps it: with role and unit, and for which places it was given."""

    by: str = ""
    on_behalf_of: tuple[str, ...] = ()


def entered_by(value: Value) -> EnteredBy:
    """What the log says of the batch that a figure came in with; empty when the program loaded it."""
    if value.user_id is None:
        return EnteredBy()
    lines = LogEntry.objects.filter(
        user=value.user_id,
        at=value.entered_at,
        action__in=("indicators.value.enter", "indicators.value.correct"),
    )
    line = lines.order_by("number").first()
    if line is None:
        return EnteredBy()
    return EnteredBy(line.actor, tuple(json.loads(line.details).get("on_behalf_of", ())))


def content_hash(values: Iterable[Value]) -> str:
    """SHA-256 of figures in a fixed order: the same whichever way they were listed."""
    lines = sorted(
        canonical(
            [
                value.indicator_id,
                value.unit_id,
                value.since,
                value.until,
                value.standard_id,
                value.segment,
                value.stage,
                None if value.amount is None else f"{value.amount:.4f}",
                value.source_id,
            ]
        )
        for value in values
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
