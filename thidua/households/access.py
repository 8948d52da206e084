"""Communes, households and reviews by their addresses, with the right checked."""

from __future__ import annotations

from django.http import Http404

from thidua.households import register
from thidua.households.models import BulkFile, Household, Review
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit, UnitKind


def commune_at(key: str, *, acting: Acting) -> Unit:
    """A commune whose counts this person may see."""
    unit = tree.unit_at(key)
    if unit is None or unit.kind != UnitKind.COMMUNE:
        raise Http404("no such commune")
    if not register.readable(unit, acting=acting).exists():
        acting.require("household.count", unit)
    return unit


def label_of(unit: Unit, *, acting: Acting) -> str:
    labels = tree.labels_on([unit.pk], on=acting.on)
    if unit.pk in labels:
        return labels[unit.pk]
    version = tree.last_version(unit.pk, on=acting.on)
    return version.label if version else str(unit)


def household_at(commune: Unit, pk: int, *, acting: Acting) -> Household:
    """A household of the commune with its names. Raises NotAllowed."""
    found = Household.objects.filter(pk=pk, commune__in=register.communes_of(commune, on=acting.on)).first()
    if found is None:
        raise Http404("no such household")
    acting.require("household.read", found)
    return found


def review_at(commune: Unit, year: int) -> Review:
    """What is worked on for a year: an unfinished correction in the place of what it will replace."""
    rows = Review.objects.newest().select_related("commune", "corrects")
    found = rows.filter(commune=commune, year=year).first()
    if found is None:
        raise Http404("no such review")
    return found


def earlier_review_at(commune: Unit, year: int, pk: int) -> Review:
    """A recognised result that a correction names."""
    rows = Review.objects.filter(corrected_by__isnull=False).select_related("commune", "corrected_by")
    found = rows.filter(commune=commune, year=year, pk=pk).first()
    if found is None:
        raise Http404("no such review")
    return found


def bulk_file_at(pk: int, *, acting: Acting) -> BulkFile:
    found = BulkFile.objects.select_related("unit", "file").filter(pk=pk).first()
    if found is None:
        raise Http404("no such file")
    acting.require("household.hand_in", found)
    return found
