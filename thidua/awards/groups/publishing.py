"""The ranking of a group: as it stands now, and as it was published, frozen with its hash.

A publication holds everything that its places were reckoned from, so anybody may reckon them again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from thidua.audit.log import Actor
from thidua.audit.workflow import advance
from thidua.awards.groups import readiness, scoring, tables
from thidua.awards.groups.scoring import Item, Place, Scored, Total
from thidua.awards.groups.telling import tell_each
from thidua.awards.models import (
    GroupSeason,
    ScoreLine,
    ScoreSheet,
    ScoreSheetState,
    SeasonPublication,
)
from thidua.criteria.facts import canonical
from thidua.organisations import tree

FORMAT = "group-ranking/1"
NOT_SCORED = "chưa chấm"
#: Whose points a preview shows for a sheet.
VERIFIED, CROSS, SELF, NOTHING = "verified", "cross", "self", ""


@dataclass(frozen=True, slots=True)
class SheetTotals:
    """What a sheet comes to by each of the three; None while something is not scored."""

    by_self: Total | None
    by_cross: Total | None
    verified: Total | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a sheet stands in a preview, and whose points were counted for it."""

    sheet: ScoreSheet
    place: Place
    basis: str

    @property
    def is_final(self) -> bool:
        return self.basis == VERIFIED


@dataclass(frozen=True, slots=True)
class PublishedPlace:
    """One unit as it was published; `rank` is None for «chưa chấm»."""

    unit_id: int
    label: str
    rank: int | None
    tied: bool
    total: Decimal | None
    base: Decimal | None
    bonus_given: Decimal | None
    bonus_counted: Decimal | None
    penalty: Decimal | None
    #: The criterion that told it from a unit of the same total, as printed.
    broken_by: str = ""


# --- as it stands ---------------------------------------------------------------------------------


def totals_of(season: GroupSeason) -> dict[int, SheetTotals]:
    """What each sheet comes to, by its key; three queries, however many units there are."""
    items = tables.items_of(season.table)
    cap = season.table.bonus_cap
    scored: dict[int, tuple[list[Scored], ...]] = {
        pk: ([], [], []) for pk in season.sheets.values_list("pk", flat=True)
    }
    rows = ScoreLine.objects.filter(sheet__season=season).values_list(
        "sheet_id", "item_id", "self_points", "cross_points", "verified_points"
    )
    for sheet_id, item_id, *points in rows:
        for found, own in zip(scored[sheet_id], points, strict=True):
            found.append(Scored(item_id, own))
    return {
        pk: SheetTotals(*(scoring.total_of(items, one, cap) for one in each)) for pk, each in scored.items()
    }


def current_ranking(season: GroupSeason) -> list[Standing]:
    """The places as they would be now: verified points where there are, else what the unit gave itself.

    A sheet that the unit has not sent counts as not scored.
    """
    totals = totals_of(season)
    sheets = list(season.sheets.select_related("unit"))
    counted: dict[int, Total | None] = {}
    basis: dict[int, str] = {}
    for sheet in sheets:
        own = totals[sheet.pk]
        total, said = None, NOTHING
        if sheet.state == ScoreSheetState.VERIFIED:
            total, said = own.verified, VERIFIED
        elif sheet.state in readiness.HALF_DONE:
            total, said = own.by_self, SELF
        counted[sheet.unit_id], basis[sheet.unit_id] = total, said
    by_unit = {sheet.unit_id: sheet for sheet in sheets}
    places = scoring.ranking(counted, tables.items_of(season.table))
    return [Standing(by_unit[place.unit], place, basis[place.unit]) for place in places]


# --- publishing -----------------------------------------------------------------------------------


def publish(season: GroupSeason, *, actor: Actor, now: datetime) -> SeasonPublication:
    """Freeze the ranking by verified points; units that were not verified stand at the end as not scored.

    Raises NotAllowed, RuleNotMet while a sheet is half done, ChangedMeanwhile when somebody else published.
    """
    with transaction.atomic():
        readiness.lock(season.pk)
        advance(season, "publish", actor=actor, now=now)
        last = season.publications.aggregate(last=Max("number"))["last"] or 0
        content = _content(season, number=last + 1, actor=actor, now=now)
        made = SeasonPublication.objects.create(
            season=season,
            number=last + 1,
            content=content,
            sha256=hashlib.sha256(canonical(content)).hexdigest(),
            published_at=now,
            published_by=actor.user,
        )
        told = {season.owner_id: "đã công bố kết quả"}
        told |= {row["unit"]: f"đã công bố kết quả: {_told(row)}" for row in content["places"]}
        tell_each(season, told, actor=actor, now=now)
    return made


def _told(row: Mapping[str, Any]) -> str:
    return f"hạng {row['rank']}{' (đồng hạng)' if row['tied'] else ''}" if row["rank"] else NOT_SCORED


def _content(season: GroupSeason, *, number: int, actor: Actor, now: datetime) -> dict[str, Any]:
    table = season.table
    rows = list(table.items.order_by("position"))
    sheets = list(season.sheets.select_related("unit").order_by("unit_id"))
    lines: dict[int, list[ScoreLine]] = {sheet.pk: [] for sheet in sheets}
    for line in ScoreLine.objects.filter(sheet__season=season).order_by("item__position"):
        lines[line.sheet_id].append(line)
    keys = {sheet.unit_id for sheet in sheets} | {season.owner_id, season.head_id}
    labels = tree.labels_on(keys | ({season.deputy_id} if season.deputy_id else set()), on=actor.on)
    found: dict[str, Any] = {
        "format": FORMAT,
        "number": number,
        "published_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "group": {
            "key": season.grouping_id,
            "name": season.grouping.name,
            "year": season.year,
            "owner": labels.get(season.owner_id, ""),
            "head": labels.get(season.head_id, ""),
            "deputy": labels.get(season.deputy_id, "") if season.deputy_id else "",
            "covenant": season.covenant,
        },
        "table": {
            "name": table.name,
            "source": table.source,
            "bonus_cap": _text(table.bonus_cap),
            "items": [
                {
                    "key": row.pk,
                    "number": row.number,
                    "text": row.text,
                    "kind": row.kind,
                    "points": _text(row.points),
                    "breaks_ties": row.breaks_ties,
                }
                for row in rows
            ],
        },
        "sheets": [
            {
                "unit": sheet.unit_id,
                "unit_key": sheet.unit.key,
                "label": labels.get(sheet.unit_id, ""),
                "checker": sheet.checker_id,
                "state": sheet.state,
                "lines": [
                    {
                        "item": line.item_id,
                        "self": _text(line.self_points),
                        "cross": _text(line.cross_points),
                        "verified": _text(line.verified_points),
                        "why": line.verified_note,
                    }
                    for line in lines[sheet.pk]
                ],
            }
            for sheet in sheets
        ],
    }
    found["places"] = reckoned_places(found)
    return found


def reckoned_places(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The places as they follow from table and sheets of a publication."""
    items = [
        Item(row["key"], row["kind"], _points(row["points"]), row["breaks_ties"])
        for row in content["table"]["items"]
    ]
    cap = _points(content["table"]["bonus_cap"])
    totals = {
        sheet["unit"]: (
            scoring.total_of(
                items, [Scored(row["item"], _points(row["verified"])) for row in sheet["lines"]], cap
            )
            if sheet["state"] == ScoreSheetState.VERIFIED
            else None
        )
        for sheet in content["sheets"]
    }
    return [
        {
            "unit": place.unit,
            "rank": place.rank,
            "tied": place.tied,
            "broken_by": place.broken_by,
            **{
                name: _text(getattr(place.total, name)) if place.total else None
                for name in ("total", "base", "bonus_given", "bonus_counted", "penalty")
            },
        }
        for place in scoring.ranking(totals, items)
    ]


def is_untouched(publication: SeasonPublication) -> bool:
    """Whether the content is what was hashed, and its places follow from its points."""
    content = publication.content
    try:
        digest = hashlib.sha256(canonical(content)).hexdigest()
        return digest == publication.sha256 and content["places"] == reckoned_places(content)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return False


def places(publication: SeasonPublication) -> list[PublishedPlace]:
    """The units in the order of their places, as they were called then."""
    content = publication.content
    labels = {sheet["unit"]: sheet["label"] for sheet in content["sheets"]}
    items = {row["key"]: f"{row['number']} {row['text']}".strip() for row in content["table"]["items"]}
    return [
        PublishedPlace(
            unit_id=row["unit"],
            label=labels[row["unit"]],
            rank=row["rank"],
            tied=row["tied"],
            total=_points(row["total"]),
            base=_points(row["base"]),
            bonus_given=_points(row["bonus_given"]),
            bonus_counted=_points(row["bonus_counted"]),
            penalty=_points(row["penalty"]),
            broken_by=items.get(row["broken_by"], ""),
        )
        for row in content["places"]
    ]


def valid_publication(season: GroupSeason) -> SeasonPublication | None:
    """The ranking that stands, when one was published and not withdrawn."""
    return season.publications.filter(withdrawn_at__isnull=True).first()


def _text(points: Decimal | None) -> str | None:
    """Points as kept in a publication: to the hundredth, as text, so that nothing depends on a reader."""
    return None if points is None else format(points.quantize(Decimal("0.01")), "f")


def _points(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
