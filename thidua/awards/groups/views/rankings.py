"""Published rankings: the one that stands, those withdrawn, Excel, the way to a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from thidua.awards import access as of_awards
from thidua.awards.groups import access, publishing, scoring
from thidua.awards.groups.publishing import PublishedPlace
from thidua.awards.models import AwardRound, GroupSeason, SeasonPublication
from thidua.awards.nominating import TYPES
from thidua.awards.views.people import own_units
from thidua.core.formats import format_number
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import UnitKind, UnitVersion
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import wants_workbook
from thidua.tables.workbooks import Cell, Sheet, download, written

#: So many open rounds are offered for one unit.
MOST_ROUNDS = 3
COLUMNS = (
    *(("Hạng", 8), ("Đồng hạng", 12), ("Đơn vị", 40), ("Điểm chuẩn", 12), ("Thưởng tự có", 12)),
    *(("Thưởng được tính", 12), ("Điểm trừ", 12), ("Tổng điểm", 12), ("Xếp theo khi bằng điểm", 40)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of the ranking, in words; `rounds` take a candidate of it from this person."""

    unit_id: int
    label: str
    rank: int | None
    tied: bool
    broken_by: str
    base: str
    bonus: str
    bonus_given: str
    penalty: str
    total: str
    is_own: bool
    rounds: tuple[AwardRound, ...]


@require_safe
@signed_in
def ranking(request: HttpRequest, pk: int) -> HttpResponse:
    """The ranking that stands; while it is withdrawn, or nothing was published, a sentence says so."""
    acting = who(request)
    season = access.get_season(pk, acting=acting)
    return _page(request, season, publishing.valid_publication(season), acting)


@require_safe
@signed_in
def publication(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    acting = who(request)
    season = access.get_season(pk, acting=acting)
    found = season.publications.select_related("published_by").filter(number=number).first()
    if found is None:
        raise Http404("no such publication")
    return _page(request, season, found, acting)


def _page(
    request: HttpRequest, season: GroupSeason, found: SeasonPublication | None, acting: Acting
) -> HttpResponse:
    places = publishing.places(found) if found is not None else []
    if found is not None and wants_workbook(request):
        content = written([Sheet("Xếp hạng", COLUMNS, (_cells(place) for place in places))])
        return download(content, name=f"xep-hang-{season.pk}-lan-{found.number}.xlsx")
    stands = found is not None and found.withdrawn_at is None
    ranked = {place.unit_id for place in places if place.rank is not None}
    rounds = _rounds(ranked, acting) if stands else {}
    mine = acting.unit_ids()
    others = list(season.publications.order_by("-number"))
    context = {
        "season": season,
        "publication": found,
        "table_name": found.content["table"]["name"] if found is not None else "",
        "places": [_row(place, is_own=place.unit_id in mine, rounds=rounds) for place in places],
        "proposes": any(rounds.values()),
        "is_untouched": found is None or publishing.is_untouched(found),
        "seats": season.proposed_seats,
        "contested": scoring.contested([place.rank for place in places], season.proposed_seats or 0),
        "others": [one for one in others if found is None or one.pk != found.pk],
        "valid": any(one.withdrawn_at is None for one in others),
    }
    return render(request, "awards/groups/ranking.html", context)


def _figure(points: Decimal | None) -> str:
    return "" if points is None else format_number(points)


def _row(place: PublishedPlace, *, is_own: bool, rounds: dict[int, list[AwardRound]]) -> Row:
    return Row(
        unit_id=place.unit_id,
        label=place.label,
        rank=place.rank,
        tied=place.tied,
        broken_by=place.broken_by,
        base=_figure(place.base),
        bonus=_figure(place.bonus_counted),
        bonus_given=_figure(place.bonus_given),
        penalty=_figure(place.penalty),
        total=_figure(place.total),
        is_own=is_own,
        rounds=tuple(rounds.get(place.unit_id, ())),
    )


def _cells(place: PublishedPlace) -> list[Cell]:
    return [
        place.rank if place.rank is not None else publishing.NOT_SCORED,
        "đồng hạng" if place.tied else "",
        place.label,
        *(place.base, place.bonus_given, place.bonus_counted, place.penalty, place.total),
        place.broken_by,
    ]


def _rounds(unit_ids: set[int], acting: Acting) -> dict[int, list[AwardRound]]:
    """For each unit the open rounds in which this person may propose it: the own unit, or one right below."""
    mine = set(own_units(acting))
    versions = UnitVersion.objects.filter(tree.valid_on(acting.on), unit_id__in=unit_ids)
    near = [row for row in versions.select_related("unit") if mine & {row.unit_id, row.parent_id}]
    if not near:
        return {}
    open_rounds = list(
        of_awards.rounds(acting)
        .filter(state__in=AwardRound.TAKING, is_past=False)
        .prefetch_related("forms")
        .order_by("due_on", "pk")
    )
    found: dict[int, list[AwardRound]] = {}
    for row in near:
        kind = TYPES.get(UnitKind(row.unit.kind), "agency")
        found[row.unit_id] = [
            one
            for one in open_rounds
            if any(form.subject_type == kind for form in one.forms.all())
            and (one.takes_own or row.unit_id not in mine)
        ][:MOST_ROUNDS]
    return found
