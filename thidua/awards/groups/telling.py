"""Notices of a year of a group: to the units that must do something next, or hear what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from thidua.audit.log import Actor
from thidua.awards.groups import addresses
from thidua.awards.models import GroupSeason, ScoreSheet
from thidua.core.formats import format_date
from thidua.notices.telling import tell_units

KIND = "awards.groups"


def by(due: date | None) -> str:
    """«, hạn 10/12/2026», or nothing."""
    return f", hạn {format_date(due)}" if due else ""


def tell_about_season(
    season: GroupSeason, unit_ids: Iterable[int | None], words: str, *, actor: Actor, now: datetime
) -> None:
    """The same words to each of some units, once."""
    tell_each(season, {unit: words for unit in unit_ids if unit is not None}, actor=actor, now=now)


def tell_each(season: GroupSeason, words: Mapping[int, str], *, actor: Actor, now: datetime) -> None:
    """To each unit its own words."""
    texts = {unit: f"{season}: {said}" for unit, said in words.items()}
    address = addresses.of_season(season.pk)
    tell_units(kind=KIND, texts=texts, address=address, now=now, sender=actor.name)


def tell_about_sheet(
    sheet: ScoreSheet, unit_ids: Iterable[int | None], words: str, *, actor: Actor, now: datetime
) -> None:
    texts = {unit: f"{sheet.season}: {words}" for unit in unit_ids if unit is not None}
    address = addresses.of_sheet(sheet.pk)
    tell_units(kind=KIND, texts=texts, address=address, now=now, sender=actor.name)
