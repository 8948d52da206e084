"""Which units take part in a year of a group, who checks whom, and whose turn it is to head it.

Hides what the reform of 2025 did to memberships: a unit that ended is a member through who took over from it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from thidua.audit.log import Actor, record
from thidua.awards.groups import readiness
from thidua.awards.models import (
    GroupSeason,
    GroupSeasonState,
    ScoreItemKind,
    ScoreLine,
    ScoreSheet,
    ScoreSheetState,
)
from thidua.core.errors import RuleNotMet
from thidua.organisations import tree
from thidua.organisations.groupings import members_on
from thidua.organisations.models import Grouping, Unit, UnitVersion
from thidua.organisations.successions import alive_or_heirs

BEFORE_SCORING = (GroupSeasonState.PREPARING, GroupSeasonState.RUNNING)
OPEN = (*BEFORE_SCORING, GroupSeasonState.SCORING)
#: While a sheet is here nobody has finished checking it.
UNCHECKED = (ScoreSheetState.SCORING, ScoreSheetState.SELF_SCORED, ScoreSheetState.RETURNED)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the list of units; `stuck` left the group and keep what was written on their sheets."""

    added: tuple[int, ...]
    kept: tuple[int, ...]
    removed: tuple[int, ...]
    stuck: tuple[int, ...]


# --- members --------------------------------------------------------------------------------------


def members_of(grouping: Grouping, *, on: date) -> list[int]:
    """The units of a group on a day, in the order of their names; for an ended one who took over.

    A unit that was taken over wholly by one passes to that one, else to all that took a part. One that ended
    without a successor is no member any more. Of a district dissolved into its province nobody takes part.
    """
    return in_order(alive_or_heirs(members_on(grouping, on=on), on=on), on=on)


def in_order(unit_ids: Collection[int], *, on: date) -> list[int]:
    """Units by the order of their names on a day."""
    rows = UnitVersion.objects.filter(tree.valid_on(on), unit_id__in=unit_ids)
    names = dict(rows.values_list("unit_id", "label_order"))
    return sorted(unit_ids, key=lambda pk: (names.get(pk, ""), pk))


def take_members(season: GroupSeason, *, actor: Actor, now: datetime, on: date | None = None) -> Taken:
    """One sheet for each unit of the group on the last day of the year, or on a day given.

    Once more changes nothing. The sheet of a unit that left goes only while it is empty.
    """
    day = on or date(season.year, 12, 31)
    what = "Chưa lấy được danh sách đơn vị"
    with transaction.atomic():
        _hold(season, actor, OPEN, what=what)
        wanted = members_of(season.grouping, on=day)
        sheets = {sheet.unit_id: sheet.pk for sheet in season.sheets.all()}
        gone = [unit for unit in sheets if unit not in wanted]
        filled = set(
            readiness.filled(season.sheets.filter(unit_id__in=gone)).values_list("unit_id", flat=True)
        )
        removed = [unit for unit in gone if unit not in filled]
        added = [unit for unit in wanted if unit not in sheets]
        season.sheets.filter(checker_id__in=removed, state__in=UNCHECKED).update(checker=None)
        season.sheets.filter(unit_id__in=removed).delete()
        ScoreSheet.objects.bulk_create(ScoreSheet(season=season, unit_id=unit) for unit in added)
        if season.state == GroupSeasonState.SCORING:
            make_lines(season)
        if added or removed:
            label = f"Lấy danh sách đơn vị: thêm {len(added)}, bỏ {len(removed)}"
            log(season, "members", label, actor=actor, now=now)
    return Taken(
        added=tuple(added),
        kept=tuple(unit for unit in wanted if unit in sheets),
        removed=tuple(removed),
        stuck=tuple(unit for unit in gone if unit in filled),
    )


def make_lines(season: GroupSeason) -> None:
    """A line for each criterion on each sheet, where there is none yet."""
    items = season.table.items.exclude(kind=ScoreItemKind.SECTION).values_list("pk", flat=True)
    sheets = season.sheets.values_list("pk", flat=True)
    ScoreLine.objects.bulk_create(
        (ScoreLine(sheet_id=sheet, item_id=item) for sheet in sheets for item in items),
        ignore_conflicts=True,
        batch_size=500,
    )


# --- who checks whom ------------------------------------------------------------------------------


def pairs(units: Sequence[int], *, shift: int) -> dict[int, int]:
    """Who is checked by whom: in a ring, each by the unit `shift` places further; nobody by itself."""
    count = len(units)
    if count < 2 or shift % count == 0:
        raise ValueError("a ring needs two units and a shift that leads to another one")
    return {unit: units[(place + shift) % count] for place, unit in enumerate(units)}


def best_shift(units: Sequence[int], last: Mapping[int, int]) -> int:
    """The smallest shift that repeats the fewest pairs (unit → checker) of last year."""

    def repeated(shift: int) -> int:
        return sum(last.get(unit) == checker for unit, checker in pairs(units, shift=shift).items())

    return min(range(1, len(units)), key=lambda shift: (repeated(shift), shift))


def assign_checkers(
    season: GroupSeason, *, actor: Actor, now: datetime, shift: int | None = None
) -> dict[int, int]:
    """Each unit is checked by exactly one other and checks exactly one; other pairs than last year's.

    Gives unit → checker. Before scoring opens; afterwards `set_checker` changes single ones.
    """
    what = "Chưa phân công chấm chéo được"
    with transaction.atomic():
        _hold(season, actor, BEFORE_SCORING, what=what)
        sheets = list(season.sheets.all())
        units = in_order([sheet.unit_id for sheet in sheets], on=actor.on)
        if len(units) < 2:
            raise RuleNotMet(what, why="cần ít nhất hai đơn vị", next_step="Lấy danh sách đơn vị thành viên")
        if shift is None:
            shift = best_shift(units, _last_pairs(season))
        elif shift % len(units) == 0:
            raise RuleNotMet(
                what, why=f"dịch {shift} vị trí thì đơn vị tự chấm mình", next_step="Chọn bước dịch khác"
            )
        found = pairs(units, shift=shift)
        for sheet in sheets:
            sheet.checker_id = found[sheet.unit_id]
        ScoreSheet.objects.bulk_update(sheets, ["checker"])
        log(season, "checkers", "Phân công chấm chéo", actor=actor, now=now)
    return found


def _last_pairs(season: GroupSeason) -> dict[int, int]:
    last = _past(season.grouping_id, season.year).first()
    rows = last.sheets.filter(checker__isnull=False) if last else ScoreSheet.objects.none()
    return dict(rows.values_list("unit_id", "checker_id"))


def set_checker(sheet: ScoreSheet, checker: Unit, *, actor: Actor, now: datetime) -> None:
    """Another unit of the group checks this one, as long as nobody has given points in the check."""
    what = "Chưa đổi được đơn vị chấm chéo"
    with transaction.atomic():
        season = _hold(sheet.season, actor, OPEN, what=what)
        sheet.refresh_from_db(fields=["state", "checker"])
        if checker.pk == sheet.unit_id or not season.sheets.filter(unit=checker).exists():
            raise RuleNotMet(
                what,
                why="đơn vị chấm chéo phải là một đơn vị khác trong cụm, khối",
                next_step="Chọn một đơn vị khác trong danh sách",
            )
        if sheet.checker_id == checker.pk:
            return
        if sheet.state not in UNCHECKED or sheet.lines.filter(cross_points__isnull=False).exists():
            raise RuleNotMet(
                what,
                why="đơn vị đang được phân công đã chấm",
                next_step="Để đơn vị đó chấm xong, rồi thẩm định",
            )
        sheet.checker = checker
        sheet.save(update_fields=["checker"])
        label = tree.labels_on([checker.pk], on=actor.on).get(checker.pk, "")
        log(season, "checker", f"Đổi đơn vị chấm chéo: {label}", actor=actor, now=now)


# --- whose turn to head ---------------------------------------------------------------------------


def suggested_head(grouping: Grouping, year: int) -> tuple[Unit | None, Unit | None]:
    """Whose turn it is to head a group and to be deputy: last year's deputy, then who waited longest.

    Of the others goes first who headed least often, then whose turn is longest ago, then by name. Only a
    suggestion: groups may agree otherwise. None where the group has no such unit.
    """
    day = date(year, 12, 31)
    units = members_of(grouping, on=day)
    past = list(_past(grouping.pk, year).values_list("year", "head_id", "deputy_id"))
    heirs = {pk: alive_or_heirs([pk], on=day) for _, *both in past for pk in both if pk is not None}
    times: dict[int, list[int]] = {unit: [] for unit in units}
    for when, head, _ in past:
        for unit in heirs[head] & times.keys():
            times[unit].append(when)
    turn = sorted(units, key=lambda unit: (len(times[unit]), max(times[unit], default=0), units.index(unit)))
    if past and past[0][2] is not None:
        deputies = [unit for unit in units if unit in heirs[past[0][2]]]
        turn = deputies[:1] + [unit for unit in turn if unit not in deputies[:1]]
    known = Unit.objects.in_bulk(turn[:2])
    two: list[Unit | None] = [*(known[pk] for pk in turn[:2]), None, None]
    return two[0], two[1]


def _past(grouping_id: int, year: int) -> QuerySet[GroupSeason]:
    """Earlier years of a group, the last first."""
    return (
        GroupSeason.objects.filter(grouping_id=grouping_id, year__lt=year)
        .exclude(state=GroupSeasonState.CANCELLED)
        .order_by("-year")
    )


def _hold(season: GroupSeason, actor: Actor, states: Collection[str], *, what: str) -> GroupSeason:
    """The year, held until the end of the transaction; `season` gets its state of now."""
    actor.require("groupseason.run", season)
    season.state = readiness.lock(season.pk).state
    if season.state not in states:
        raise RuleNotMet(
            what,
            why=f"năm thi đua đang ở trạng thái «{GroupSeasonState(season.state).label}»",
            next_step="Mở lại trang để xem các việc làm được ở trạng thái này",
        )
    return season


def log(season: GroupSeason, step: str, label: str, *, actor: Actor, now: datetime) -> None:
    record(
        f"awards.groupseason.{step}",
        season,
        label=label[:200],
        actor=actor,
        now=now,
        object_unit_id=season.owner_id,
    )
