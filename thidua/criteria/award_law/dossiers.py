"""Papers of a dossier, forms to fill, and when the simplified procedure is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from thidua.criteria import lawbook
from thidua.criteria.award_law.forms import form
from thidua.criteria.award_law.sources import Lawful, entry, first_of, source_of
from thidua.criteria.lawbook import NotInLawbook, Parameter


class Procedure(StrEnum):
    """Which list of papers: the usual, the simplified, or what the ministry sends to the Prime Minister."""

    NORMAL = "normal"
    SIMPLIFIED = "simplified"
    MINISTRY = "ministry"


@dataclass(frozen=True, slots=True)
class Paper(Lawful):
    code: str
    name: str
    #: Asked for only when the dossier relies on what it certifies.
    only_if_relied_on: bool = False


@dataclass(frozen=True, slots=True)
class Dossier(Lawful):
    """What a dossier holds. None: the law that was read does not say."""

    papers: tuple[Paper, ...]
    sets: int | None
    originals: bool | None
    electronic: bool | None


@dataclass(frozen=True, slots=True)
class Template(Lawful):
    """The number of a form in the annex of the era's decree."""

    use: str
    number: str


@dataclass(frozen=True, slots=True)
class Wording(Lawful):
    """A list or sentence of the law as it stands."""

    items: tuple[str, ...]


def dossier_papers(form_code: str, on: date, procedure: Procedure = Procedure.NORMAL) -> Dossier:
    """The dossier of a form when submitted on a day: its own list, that of its kind, or the common one.

    Raises NotInLawbook when none was read for the day.
    """
    wanted = form(form_code, on)
    keys = [f"award.dossier.{code}.{procedure}" for code in (wanted.code, wanted.kind, "common")]
    found = first_of(keys, on=on)
    if found is None:
        raise NotInLawbook(f"Sổ luật chưa có hồ sơ của «{wanted.name}» cho ngày {on:%d/%m/%Y}")
    return _dossier(found, on)


def enterprise_papers(on: date) -> Dossier:
    """What a firm adds to its dossier; of one sector, unconfirmed elsewhere."""
    return _dossier(lawbook.value("award.dossier.enterprise.extra", on=on), on)


def _dossier(found: Parameter, on: date) -> Dossier:
    value = found.value
    papers = [_paper(code, on, only_if_relied_on=False) for code in value["papers"]]
    papers += [_paper(code, on, only_if_relied_on=True) for code in value.get("if_relied_on", ())]
    return Dossier(
        source=source_of(found),
        papers=tuple(papers),
        sets=value.get("sets"),
        originals=value.get("originals"),
        electronic=value.get("electronic"),
    )


def template(use: str, on: date) -> Template:
    """The form for `use` (report-individual, report-movement …). Raises NotInLawbook."""
    found = entry("award.template", use, on=on, what="mẫu")
    return Template(source=source_of(found), use=use, number=found.value)


def report_outline(on: date) -> Wording:
    """The headings of an achievement report (báo cáo thành tích)."""
    return _wording("award.report_outline", on)


def simplified_cases(on: date) -> Wording:
    """When the simplified procedure may be used. A movement by itself is none of the cases."""
    return _wording("award.simplified.cases", on)


def _wording(key: str, on: date) -> Wording:
    found = lawbook.value(key, on=on)
    return Wording(source=source_of(found), items=found.value)


def _paper(code: str, on: date, *, only_if_relied_on: bool) -> Paper:
    found = entry("award.paper", code, on=on, what="giấy tờ")
    return Paper(
        source=source_of(found),
        code=code,
        name=found.value["name"],
        only_if_relied_on=only_if_relied_on,
    )
