"""Years of groups, sheets and tables that a person may see: own groups, those of units below, own tables."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from thidua.awards.groups.rights import DECIDING
from thidua.awards.models import GroupSeason, ScoreSheet, ScoreTable, ScoreTableState
from thidua.organisations import tree
from thidua.organisations.authority import Acting


def seasons_seen(acting: Acting) -> QuerySet[GroupSeason]:
    """Where an own unit, or one below it, made the group, heads it, or is a member."""
    mine = acting.unit_ids()
    if not mine:
        return GroupSeason.objects.none()
    below = tree.ids_at_or_below(mine, on=acting.on)

    def ours(name: str) -> Q:
        return Q(**{f"{name}__in": mine}) | Q(**{f"{name}__in": below})

    sheets = ScoreSheet.objects.filter(ours("unit_id"), season=OuterRef("pk"))
    return GroupSeason.objects.filter(ours("owner_id") | ours("head_id") | ours("deputy_id") | Exists(sheets))


def tables_seen(acting: Acting) -> QuerySet[ScoreTable]:
    """All of the own bodies; of others those in force or ended by which a group is scored that one sees."""
    own = acting.units_for("scoretable.keep")
    used = seasons_seen(acting).values("table_id")
    return ScoreTable.objects.filter(Q(owner_id__in=own) | (Q(pk__in=used) & ~Q(state=ScoreTableState.DRAFT)))


def get_season(pk: int, acting: Acting) -> GroupSeason:
    found = (
        seasons_seen(acting)
        .select_related("grouping", "owner", "head", "deputy", "table")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("no such year of a group")
    return found


def get_sheet(pk: int, acting: Acting) -> ScoreSheet:
    """Before the ranking is out only for whom the sheet concerns. Raises Http404 also for the others."""
    found = (
        ScoreSheet.objects.filter(season__in=seasons_seen(acting).values("pk"))
        .select_related("unit", "checker", "season__grouping", "season__table", "season__owner")
        .select_related("season__head", "season__deputy")
        .filter(pk=pk)
        .first()
    )
    if found is None or not acting.may("scoresheet.read", found):
        raise Http404("no such sheet")
    return found


def get_table(pk: int, acting: Acting) -> ScoreTable:
    found = tables_seen(acting).select_related("owner", "replaces").filter(pk=pk).first()
    if found is None:
        raise Http404("no such table")
    return found


def keeps_tables(acting: Acting) -> bool:
    """Whether a person may draft tables for somebody."""
    return bool(acting.unit_ids(DECIDING))
