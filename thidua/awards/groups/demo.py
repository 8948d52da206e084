"""The demonstration of group scoring: a cluster of communes, one year published, one being scored.

Only for demonstrations, and through the real functions. After the reform of 2025 the communes that took over
take part, and the province goes on where the district ended. All invented and marked so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from thidua.audit.log import System
from thidua.awards.groups import members, publishing, seasons, sheets, tables
from thidua.awards.models import GroupSeason, ScoreItem, ScoreItemKind, ScoreSheet, ScoreTable
from thidua.core.clock import VIETNAM
from thidua.indicators.models import Indicator
from thidua.movements.tasks.demo import actor_of
from thidua.organisations import groupings
from thidua.organisations.models import Grouping, GroupingKind, Role, Unit
from thidua.organisations.successions import heirs_on

DOING = (Role.UNIT_OFFICER, Role.STANDING, Role.LEADER)
#: Up to this month the year before is being scored.
LAST_MONTH = 3
Row = Sequence[Any]


@cache
def story() -> dict[str, Any]:
    path = settings.BASE_DIR / "data" / "demo" / "groups.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def load(*, on: date) -> int:
    """Make the cluster with its two years; how many are new. Nothing where its units are missing."""
    told = story()
    keys = {told["owner"], *told["communes"]}
    units = {unit.key: unit for unit in Unit.objects.filter(key__in=keys)}
    if len(units) < len(keys) or Grouping.objects.filter(name=told["cluster"]).exists():
        return 0
    scored = on.year - 1 if on.month <= LAST_MONTH else on.year
    with transaction.atomic():
        begins = _at(date(scored - 1, 1, 10))
        cluster = groupings.make_grouping(
            GroupingKind.CLUSTER,
            told["cluster"],
            owner=units[told["owner"]],
            unit_ids=[units[key].pk for key in told["communes"]],
            since=date(scored - 1, 1, 1),
            actor=System(on=begins.date()),
            now=begins,
        )
        table = _table(_owner_on(cluster, begins.date()), now=begins)
        _publish(_season(cluster, scored - 1, table, now=begins), _at(date(scored - 1, 12, 20)))
        begins = _at(date(scored, 1, 10))
        owner = _owner_on(cluster, on)
        if owner.pk != table.owner_id:
            table = _table(owner, now=begins, replaces=table)
        names = ("self_due", "cross_due", "verify_due")
        due = {name: on + timedelta(days=10 * number) for number, name in enumerate(names, 1)}
        season = _season(cluster, scored, table, now=begins, owner=owner, day=on, **due)
        _score_in_part(season, _at(on - timedelta(days=3)), day=on)
    return 2


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=VIETNAM)


def _owner_on(cluster: Grouping, on: date) -> Unit:
    assert cluster.owner_id is not None
    return Unit.objects.get(pk=heirs_on(cluster.owner_id, on=on)[0])


def _table(owner: Unit, *, now: datetime, replaces: ScoreTable | None = None) -> ScoreTable:
    told, program = story()["table"], System(on=now.date())
    table = ScoreTable(
        owner=owner,
        name=told["name"],
        source=told["source"],
        bonus_cap=Decimal(told["bonus_cap"]),
        replaces=replaces,
    )
    tables.keep_table(table, actor=program, now=now)
    for row in told["items"]:
        indicator = Indicator.objects.filter(code=row.get("indicator", "")).first()
        item = ScoreItem(
            table=table,
            position=0,
            number=row["number"],
            text=row["text"],
            kind=row["kind"],
            points=Decimal(row["points"]) if "points" in row else None,
            guide=row.get("guide", ""),
            needs_evidence=row.get("needs_evidence", False),
            breaks_ties=row.get("breaks_ties"),
            indicator=indicator,
            zero_at=Decimal(row["zero_at"]) if indicator else None,
            full_at=Decimal(row["full_at"]) if indicator else None,
        )
        tables.put_item(item, actor=program, now=now)
    tables.put_in_force(table, actor=program, now=now)
    return table


def _season(
    cluster: Grouping,
    year: int,
    table: ScoreTable,
    *,
    now: datetime,
    owner: Unit | None = None,
    day: date | None = None,
    **due: date,
) -> GroupSeason:
    """A year whose covenant every unit has signed, with who checks whom; `day` is whose units take part."""
    program = System(on=day or now.date())
    on = day or date(year, 12, 31)
    head, deputy = seasons.suggested_head(cluster, year)
    units = members.members_of(cluster, on=on)
    season = GroupSeason(
        grouping=cluster,
        year=year,
        owner=owner or table.owner,
        head=head or Unit.objects.get(pk=units[0]),
        deputy=deputy,
        table=table,
        covenant=story()["covenant"],
        covenant_on=now.date(),
        proposed_seats=1,
        **due,
    )
    seasons.keep_season(season, actor=program, now=now)
    seasons.take_members(season, actor=program, now=now, on=on)
    # this year the first is checked by the second, which has an account; last year others met
    seasons.assign_checkers(season, actor=program, now=now, shift=2 if day is None else 1)
    seasons.start(season, actor=program, now=now)
    for number, sheet in enumerate(season.sheets.order_by("pk"), 1):
        by_name = f"Chủ tịch Ủy ban nhân dân xã {story()['mark']} {number}"
        seasons.sign_covenant(sheet, by_name=by_name, on=now.date(), actor=program, now=now)
    return season


def _publish(season: GroupSeason, now: datetime) -> None:
    program = System(on=now.date())
    seasons.open_scoring(season, actor=program, now=now - timedelta(days=15))
    for sheet, row in zip(_in_order(season, now.date()), story()["published"], strict=False):
        if row is not None:
            _self_scored(sheet, row, now - timedelta(days=10))
            _checked(sheet, row, now - timedelta(days=6))
            sheets.accept_proposed(sheet, actor=program, now=now - timedelta(days=2))
            sheets.finish_verifying(sheet, actor=program, now=now - timedelta(days=2))
    publishing.publish(season, actor=program, now=now)


def _score_in_part(season: GroupSeason, now: datetime, *, day: date) -> None:
    """One waits for its check, one to be verified; the others are left to whoever tries the program."""
    told = story()
    seasons.open_scoring(season, actor=System(on=day), now=now - timedelta(days=5))
    found = _in_order(season, day)
    _self_scored(found[0], told["self_scored"], now)
    fourth = found[3] if len(found) > 3 else found[-1]
    _self_scored(fourth, told["checked"], now)
    _checked(fourth, told["checked"], now, lower=told["checked_lower"])


def _in_order(season: GroupSeason, on: date) -> list[ScoreSheet]:
    found = {sheet.unit_id: sheet for sheet in season.sheets.select_related("unit", "checker")}
    for sheet in found.values():
        sheet.season = season
    return [found[unit] for unit in members.in_order(list(found), on=on)]


def _points(sheet: ScoreSheet, row: Row) -> dict[int, Decimal | None]:
    items = sheet.season.table.items.exclude(kind=ScoreItemKind.SECTION).order_by("position")
    return {item.pk: None if own is None else Decimal(own) for item, own in zip(items, row, strict=True)}


def _self_scored(sheet: ScoreSheet, row: Row, now: datetime) -> None:
    actor = actor_of(sheet.unit_id, DOING, on=now.date())
    sheets.self_score(sheet, _points(sheet, row), {}, actor=actor, now=now)
    for line in sheet.lines.select_related("item"):
        if line.item.needs_evidence and line.self_points:
            line.sheet = sheet
            sheets.add_evidence(line, words=story()["evidence"], actor=actor, now=now)
    sheets.submit(sheet, actor=actor, now=now)


def _checked(sheet: ScoreSheet, row: Row, now: datetime, *, lower: dict[str, Any] | None = None) -> None:
    assert sheet.checker_id is not None
    actor = actor_of(sheet.checker_id, DOING, on=now.date())
    points, notes = _points(sheet, row), {}
    if lower is not None:
        item = sheet.season.table.items.get(number=lower["number"])
        points[item.pk], notes[item.pk] = Decimal(lower["points"]), lower["note"]
    sheets.cross_score(sheet, points, notes, actor=actor, now=now)
    sheets.finish_cross(sheet, actor=actor, now=now)
