"""A cluster of three communes of Phong Thổ with a table of criteria and a year, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from thidua.audit.log import System
from thidua.awards.groups import seasons, sheets
from thidua.awards.models import (
    GroupSeason,
    ScoreItem,
    ScoreItemKind,
    ScoreLine,
    ScoreSheet,
    ScoreTable,
    ScoreTableState,
)
from thidua.organisations.authority import Acting
from thidua.organisations.models import Grouping, GroupingKind, Membership, Role
from thidua.organisations.tests.world import DAY, World, make_person

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
SYSTEM = System(on=DAY)
COMMUNES = ("dao-san", "huoi-luong", "mu-sang")  # in the order of their names
YEAR = 2023


def make_table(world: World, *, state: str = ScoreTableState.IN_FORCE, **fields: Any) -> ScoreTable:
    """Two base criteria of 60 and 40 points, two bonuses of 5 with a cap of 6, a penalty of 10."""
    usual = {"name": "Bảng tiêu chí cụm xã", "bonus_cap": Decimal(6), "made_at": NOW}
    table = ScoreTable.objects.create(owner=world.unit("phong-tho"), state=state, **{**usual, **fields})
    kinds = ScoreItemKind
    rows: tuple[tuple[str, str, str, int | None, int | None], ...] = (
        ("I", "Nhiệm vụ chính trị", kinds.SECTION, None, None),
        ("1", "Kinh tế - xã hội", kinds.BASE, 60, None),
        ("2", "Xây dựng Đảng", kinds.BASE, 40, 2),
        ("II", "Thưởng, trừ", kinds.SECTION, None, None),
        ("3", "Mô hình mới", kinds.BONUS, 5, 1),
        ("4", "Sáng kiến", kinds.BONUS, 5, None),
        ("5", "Nộp báo cáo muộn", kinds.PENALTY, 10, None),
    )
    for position, (number, text, kind, points, turn) in enumerate(rows, 1):
        ScoreItem.objects.create(
            table=table,
            position=position,
            number=number,
            text=text,
            kind=kind,
            points=points,
            breaks_ties=turn,
        )
    return table


def make_group(world: World, units: tuple[str, ...] = COMMUNES, **days: date) -> Grouping:
    number = Grouping.objects.count() + 1
    group = Grouping.objects.create(
        kind=GroupingKind.CLUSTER, name=f"Cụm thi đua số {number}", owner=world.unit("phong-tho")
    )
    for key in units:
        Membership.objects.create(grouping=group, unit=world.unit(key), **days)
    return group


def make_season(world: World, **fields: Any) -> GroupSeason:
    """The year 2023, headed by Dào San with Huổi Luông as deputy, its covenant written, nothing taken yet."""
    usual: dict[str, Any] = {
        "year": YEAR,
        "owner": world.unit("phong-tho"),
        "head": world.unit("dao-san"),
        "deputy": world.unit("huoi-luong"),
        "covenant": "Các đơn vị thi đua hoàn thành nhiệm vụ năm 2023.",
    }
    if "grouping" not in fields:
        usual["grouping"] = make_group(world)
    if "table" not in fields:
        usual["table"] = make_table(world)
    return GroupSeason.objects.create(**{**usual, **fields})


def leader_of(world: World, key: str) -> Acting:
    """Somebody who leads a unit."""
    world.people[f"lanh-dao-{key}"] = make_person(f"lanh-dao-{key}", (world.unit(key), Role.LEADER))
    return world.acting(f"lanh-dao-{key}")


@dataclass
class Scoring:
    """A year open for scoring, with what tests ask for."""

    world: World
    season: GroupSeason

    def sheet(self, key: str) -> ScoreSheet:
        return ScoreSheet.objects.select_related("season").get(season=self.season, unit=self.world.unit(key))

    def item(self, number: str) -> int:
        return int(ScoreItem.objects.get(table=self.season.table, number=number).pk)

    def line(self, key: str, number: str) -> ScoreLine:
        return ScoreLine.objects.get(sheet=self.sheet(key), item=self.item(number))

    def points(self, **given: Any) -> dict[int, Decimal | None]:
        """`points(n1=50, n2=None)`: by the number of the criterion."""
        return {
            self.item(name.removeprefix("n")): None if own is None else Decimal(own)
            for name, own in given.items()
        }

    def self_scored(self, key: str, **given: Any) -> ScoreSheet:
        sheet = self.sheet(key)
        sheets.self_score(sheet, self.points(**given), {}, actor=SYSTEM, now=NOW)
        sheets.submit(sheet, actor=SYSTEM, now=NOW)
        return sheet

    def checked(self, key: str, **given: Any) -> ScoreSheet:
        sheet = self.self_scored(key, **given)
        sheets.cross_score(sheet, self.points(**given), {}, actor=SYSTEM, now=NOW)
        sheets.finish_cross(sheet, actor=SYSTEM, now=NOW)
        return sheet

    def verified(self, key: str, **given: Any) -> ScoreSheet:
        sheet = self.checked(key, **given)
        sheets.accept_proposed(sheet, actor=SYSTEM, now=NOW)
        sheets.finish_verifying(sheet, actor=SYSTEM, now=NOW)
        return sheet


def open_scoring(world: World, **fields: Any) -> Scoring:
    """Members taken, checkers assigned, started and open: Dào San is checked by Huổi Luông, and so on."""
    season = make_season(world, **fields)
    seasons.take_members(season, actor=SYSTEM, now=NOW)
    seasons.assign_checkers(season, actor=SYSTEM, now=NOW)
    seasons.start(season, actor=SYSTEM, now=NOW)
    seasons.open_scoring(season, actor=SYSTEM, now=NOW)
    return Scoring(world, season)


def ready_table(world: World) -> ScoreTable:
    """A draft that may be put in force."""
    return make_table(world, state=ScoreTableState.DRAFT, name="Bảng dự thảo")


def ready_season(world: World, *, head: str) -> GroupSeason:
    """One that every guard is content with, whatever its state."""
    scoring = open_scoring(world, head=world.unit(head), deputy=None)
    scoring.verified("dao-san", n1=50, n2=30)
    return scoring.season


def ready_sheet(world: World, *, checker: str, head: str) -> ScoreSheet:
    """The sheet of Huổi Luông with every point; the check is late, and evidence asked for nowhere."""
    scoring = open_scoring(world, head=world.unit(head), deputy=None, cross_due=date(2023, 11, 1))
    sheet = scoring.sheet("huoi-luong")
    ScoreSheet.objects.filter(pk=sheet.pk).update(checker=world.unit(checker))
    given: Mapping[str, Any] = dict.fromkeys(("self_points", "cross_points", "verified_points"), 30)
    ScoreLine.objects.filter(sheet=sheet, item__kind=ScoreItemKind.BASE).update(**given)
    sheet.refresh_from_db()
    return sheet
