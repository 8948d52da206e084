"""Who may do what to tables, years of groups and sheets. Nobody verifies the points of their own unit."""

from __future__ import annotations

from collections.abc import Collection

from thidua.audit.log import Actor
from thidua.awards.models import GroupSeason, GroupSeasonState, ScoreSheet, ScoreTable
from thidua.core.errors import NotAllowed
from thidua.organisations import tree
from thidua.organisations.authority import Acting, Reach, Right, register
from thidua.organisations.models import Role
from thidua.organisations.successions import heirs_on

DOING = frozenset({Role.UNIT_OFFICER, Role.STANDING, Role.LEADER})
DECIDING = frozenset({Role.STANDING, Role.LEADER})
Units = tuple[int | None, ...]


def owner_of(on_object: ScoreTable | GroupSeason) -> Units:
    return (on_object.owner_id,)


def running_units(season: GroupSeason) -> Units:
    """The body that made the group, this year's head and deputy."""
    return (season.owner_id, season.head_id, season.deputy_id)


def member_units(season: GroupSeason) -> Units:
    return tuple(season.sheets.values_list("unit_id", flat=True)) if season.pk else ()


def season_units(season: GroupSeason) -> Units:
    return (*running_units(season), *member_units(season))


def scored_unit(sheet: ScoreSheet) -> Units:
    return (sheet.unit_id,)


def checking_unit(sheet: ScoreSheet) -> Units:
    return (sheet.checker_id,)


def verifying_units(sheet: ScoreSheet) -> Units:
    """The body that made the group and the head; of the head's own sheet the deputy instead."""
    season = sheet.season
    second = season.deputy_id if sheet.unit_id == season.head_id else season.head_id
    return tuple(unit for unit in (season.owner_id, second) if unit != sheet.unit_id)


def asked_to_verify(sheet: ScoreSheet) -> int:
    """Who owes it: the head; of the head's own sheet the deputy or, where there is none, the owner."""
    season = sheet.season
    if sheet.unit_id != season.head_id:
        return season.head_id
    return season.deputy_id or season.owner_id


def sheet_readers(sheet: ScoreSheet) -> Units:
    """Before the ranking is out: whom the sheet concerns; afterwards the whole group."""
    season = sheet.season
    if season.state == GroupSeasonState.PUBLISHED:
        return season_units(season)
    return (sheet.unit_id, sheet.checker_id, *running_units(season))


def refuse_own_people(sheet: ScoreSheet, actor: Actor, *, what: str) -> None:
    """Somebody with mandates at two units does not judge the sheet of one of them for the other.

    The body that made the group is left out: the matters of a unit that ended without an heir fall to it.
    """
    if not isinstance(actor, Acting):
        return
    season = sheet.season
    others: Collection[int] = (
        {season.owner_id, *heirs_on(season.owner_id, on=actor.on)} if sheet.unit_id != season.owner_id else ()
    )
    own = {sheet.unit_id, *heirs_on(sheet.unit_id, on=actor.on)} - set(others)
    if any(mandate.role in DOING and mandate.unit_id in own for mandate in actor.mandates):
        label = tree.labels_on([sheet.unit_id], on=actor.on).get(sheet.unit_id, "")
        raise NotAllowed(
            what,
            why=f"bạn cũng làm việc cho {label}, đơn vị được chấm",
            next_step="Đề nghị một người khác không thuộc đơn vị này làm",
        )


for right in (
    Right("scoretable.keep", "lập, ban hành bảng tiêu chí chấm điểm", DECIDING, owner_of, stands_in=DECIDING),
    Right(
        "groupseason.keep",
        "lập năm thi đua của cụm, khối, chọn trưởng, phó và bảng tiêu chí",
        DECIDING,
        owner_of,
        stands_in=DECIDING,
    ),
    Right(
        "groupseason.run", "điều hành năm thi đua của cụm, khối", DECIDING, running_units, stands_in=DECIDING
    ),
    Right(
        "groupseason.read",
        "xem năm thi đua của cụm, khối",
        frozenset(Role),
        season_units,
        reach=Reach.ABOVE,
    ),
    Right("scoresheet.score", "ký giao ước, tự chấm điểm của đơn vị", DOING, scored_unit),
    Right("scoresheet.check", "chấm chéo phiếu này", DOING, checking_unit),
    Right(
        "scoresheet.verify", "thẩm định điểm của đơn vị này", DECIDING, verifying_units, stands_in=DECIDING
    ),
    Right("scoresheet.read", "xem phiếu chấm điểm", frozenset(Role), sheet_readers, reach=Reach.ABOVE),
):
    register(right)
