"""The head of the papers of a unit on a day: who stands above it, how it is called, where it sits.

Hides that a place acts through its People's Committee, that a body of a place prints that committee above
itself, and where the abbreviation of a body is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from thidua.documents.models import PaperOffice
from thidua.documents.papers import symbols
from thidua.organisations import tree
from thidua.organisations.models import UnitKind, UnitVersion

COMMITTEE = "Ủy ban nhân dân"
#: What fits into the left column of the head on one line, in letters.
LONGEST_SUPERIOR = 29
#: Places in which a People's Committee sits.
_GOVERNED = (UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """`superior` and `issuer` line by line, in normal spelling; empty where nothing is known."""

    superior: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()
    #: The issuer in one line: "Ủy ban nhân dân tỉnh Lạng Sơn".
    name: str = ""
    place: str = ""
    abbreviation: str = ""
    #: The first lines of the signature of its head, as far as the kind of unit tells.
    authority: tuple[str, ...] = ()

    def symbol(self, kind: str) -> str:
        """ "BC-UBND"; empty while the body has not said its abbreviation."""
        return symbols.symbol(kind, self.abbreviation) if self.abbreviation else ""


def letterhead_of(unit_id: int, *, on: date) -> Letterhead:
    """The head of the papers that a unit issues on a day."""
    version = tree.last_version(unit_id, on=on)
    if version is None:
        return Letterhead()
    office = PaperOffice.objects.filter(unit_id=unit_id).first()
    abbreviation = office.abbreviation if office else ""
    if version.unit.kind in _GOVERNED:
        return Letterhead(
            issuer=(COMMITTEE, version.label),
            name=f"{COMMITTEE} {version.label}",
            place=office.place if office else version.name,
            abbreviation=abbreviation or "UBND",
            authority=(f"TM. {COMMITTEE}", "Chủ tịch"),
        )
    above = tree.last_version(version.parent_id, on=on) if version.parent_id else None
    return Letterhead(
        superior=_above(above),
        issuer=(_without_place(version, above),),
        name=version.label,
        place=office.place if office else _place(above),
        abbreviation=abbreviation,
    )


def _above(above: UnitVersion | None) -> tuple[str, ...]:
    if above is None or above.unit.kind == UnitKind.NATION:
        return ()
    if above.unit.kind in _GOVERNED:
        whole = f"{COMMITTEE} {above.label}"
        # common words of the superior may be abbreviated (NĐ 30, Annex I, Part I, II.2): the line stays one
        return (whole if len(whole) <= LONGEST_SUPERIOR else f"UBND {above.label}",)
    return (above.label,)


def _without_place(version: UnitVersion, above: UnitVersion | None) -> str:
    """The name less the place that stands in the line above already."""
    ending = f" {above.label}".lower() if above is not None else ""
    if ending and version.label.lower().endswith(ending):
        return version.label[: -len(ending)]
    return version.label


def _place(above: UnitVersion | None) -> str:
    return above.name if above is not None and above.unit.kind in _GOVERNED else ""
