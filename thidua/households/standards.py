"""The poverty standard of a year, gathered from the lawbook: lines, points, indicators, articles.

Hides that a standard was extended, that a province may have its own, and which figures are not known.
Needs no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from thidua.criteria import lawbook
from thidua.criteria.lawbook import BadLawbook, Lawbook, Parameter
from thidua.households.classes import Area, PovertyClass

_AREA_KEYS = {Area.RURAL: "rural", Area.URBAN: "urban"}
_CLASS_KEYS = {
    PovertyClass.POOR: "poor",
    PovertyClass.NEAR_POOR: "near_poor",
    PovertyClass.AVERAGE: "average",
}


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one area; who is exactly on a line is below it. None: no such line, or not known.

    Income in đồng per person and month, scores in points of form B1. `alone` is the line of income that makes
    poor without any deprivation (until 2021).
    """

    income: int
    alone: int | None
    average: int | None
    score: int | None
    score_alone: int | None


@dataclass(frozen=True, slots=True)
class Deprivation:
    """One indicator of the standard; its place in the list is its place in `Assessment.deprivations`."""

    code: str
    service: str
    name: str
    deprived_when: str


@dataclass(frozen=True, slots=True)
class PovertyStandard:
    """What decides the class of a household in one year; `place` is the province whose own standard it is."""

    code: str
    name: str
    year: int
    place: str
    lines: Mapping[Area, Lines]
    poor_from: int
    points_each: int
    deprivations: tuple[Deprivation, ...]
    #: By class: what the law says of it, with the article.
    rules: Mapping[PovertyClass, Parameter]
    #: Everything that was used, by key.
    used: Mapping[str, Parameter]

    @property
    def citation(self) -> str:
        return self.used["poverty.income_line.rural"].citation

    @property
    def unconfirmed(self) -> list[Parameter]:
        """What nobody has compared with the original text yet."""
        return [parameter for _, parameter in sorted(self.used.items()) if not parameter.confirmed]

    def article(self, poverty_class: PovertyClass) -> str:
        """The article by which a household belongs to a class."""
        rule = self.rules.get(poverty_class)
        return rule.citation if rule is not None else self.citation


def day_of(year: int) -> date:
    """The day whose law decides a review: the last of its year."""
    return date(year, 12, 31)


@lru_cache(maxsize=64)
def standard_of(year: int, *, place: str = "") -> PovertyStandard:
    """The standard by which households are reviewed in `year`. Raises NotInLawbook when none is known."""
    return gather(lawbook.book(), year=year, place=place)


def has_own_standard(place: str, *, year: int) -> bool:
    """Whether a province has set anything of its own for the year."""
    book = lawbook.book()
    return any(
        parameter.holds_on(day_of(year))
        for (_, where), history in book.histories.items()
        if place and where == place
        for parameter in history
    )


def gather(book: Lawbook, *, year: int, place: str = "") -> PovertyStandard:
    """As `standard_of`, from any lawbook."""
    on = day_of(year)
    used: dict[str, Parameter] = {}

    def ask(key: str) -> Any:
        parameter = used[key] = book.value(key, on=on, place=place)
        return parameter.value

    def ask_if_known(key: str) -> Any:
        parameter = book.find(key, on=on, place=place)
        if parameter is None:
            return None
        used[key] = parameter
        return parameter.value

    lines = {
        area: Lines(
            income=ask(f"poverty.income_line.{key}"),
            alone=ask_if_known(f"poverty.income_alone_line.{key}"),
            average=ask_if_known(f"poverty.average_line.{key}"),
            score=ask_if_known(f"poverty.b1.line.{key}"),
            score_alone=ask_if_known(f"poverty.b1.alone_line.{key}"),
        )
        for area, key in _AREA_KEYS.items()
    }
    for area, line in lines.items():
        if line.score is not None and (line.alone is None) != (line.score_alone is None):
            raise BadLawbook(
                f"Chuẩn nghèo năm {year}, {area.label.lower()}: income_alone_line và b1.alone_line "
                "phải cùng có hoặc cùng không"
            )
    standard = ask("poverty.standard")
    rules = {}
    for poverty_class, key in _CLASS_KEYS.items():
        if ask_if_known(f"poverty.class.{key}") is not None:
            rules[poverty_class] = used[f"poverty.class.{key}"]
    return PovertyStandard(
        code=standard["code"],
        name=standard["name"],
        year=year,
        place=place,
        lines=lines,
        poor_from=ask("poverty.deprivations.poor_from"),
        points_each=ask("poverty.b2.points_per_deprivation"),
        deprivations=tuple(Deprivation(**row) for row in ask("poverty.deprivations.list")),
        rules=rules,
        used=used,
    )
