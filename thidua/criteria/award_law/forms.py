"""Award forms and titles, types of commendation, subjects; standards, and who decides on which form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from thidua.criteria import lawbook
from thidua.criteria.award_law.sources import Lawful, code_of, entry, first_of, source_of
from thidua.criteria.lawbook import NotInLawbook, Parameter

STATE, MINISTRY_OR_PROVINCE, UNIT, COMMUNE = "nha-nuoc", "bo-tinh", "co-so", "xa"
TITLES = "danh-hieu-thi-dua"


@dataclass(frozen=True, slots=True)
class Subject(Lawful):
    """Whom one may commend: individual, collective, household, foreign, overseas."""

    code: str
    name: str
    includes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommendationType(Lawful):
    """Loại hình khen thưởng. `subjects` is None where the law of the era was not read."""

    code: str
    name: str
    meaning: str
    subjects: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Form(Lawful):
    """An award form or a title of emulation, on one day."""

    code: str
    name: str
    kind: str
    level: str
    #: None where it was not read whom the form may be given to.
    subjects: tuple[str, ...] | None
    subjects_confirmed: bool

    @property
    def is_title(self) -> bool:
        return self.kind == TITLES


@dataclass(frozen=True, slots=True)
class Standard(Lawful):
    """One condition under which a form may be given: its words, and the figures a rule can use."""

    form: str
    code: str
    name: str
    text: str
    type: str
    subjects: tuple[str, ...]
    #: `movement_years_at_least`, `launched_by`, `holds`, `years_at_least` …, as in `law_shapes`.
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Authority(Lawful):
    """That somebody decides on a form."""

    decider: str
    title: str


@dataclass(frozen=True, slots=True)
class Route(Lawful):
    """How a proposal goes up."""

    text: str
    submitted_by: tuple[str, ...]
    checked_by: str
    submitted_through: str


def subjects(on: date) -> tuple[Subject, ...]:
    return tuple(_subject(parameter) for parameter in lawbook.book().below("award.subject", on=on))


def subject(code: str, on: date) -> Subject:
    return _subject(entry("award.subject", code, on=on, what="đối tượng"))


def types(on: date) -> tuple[CommendationType, ...]:
    return tuple(_type(parameter) for parameter in lawbook.book().below("award.type", on=on))


def commendation_type(code: str, on: date) -> CommendationType:
    return _type(entry("award.type", code, on=on, what="loại hình khen thưởng"))


def forms(on: date) -> tuple[Form, ...]:
    """All forms and titles of a day in the order of the lawbook: highest first, titles last."""
    return tuple(_form(parameter, on) for parameter in lawbook.book().below("award.form", on=on))


def form(code: str, on: date) -> Form:
    """Raises NotInLawbook for an unknown code, or a form that is not known for the day."""
    return _form(entry("award.form", code, on=on, what="hình thức khen thưởng"), on)


def standards(form_code: str, on: date, *, place: str = "") -> tuple[Standard, ...]:
    """The standards of a form that were read, and those of a province; empty does not mean there are none."""
    form(form_code, on)
    try:
        found = lawbook.book().below(f"award.standard.{form_code}", on=on, place=place)
    except NotInLawbook:
        return ()
    return tuple(_standard(form_code, parameter) for parameter in found)


def authority(form_code: str, on: date) -> tuple[Authority, ...]:
    """Who may decide on a form on a day, highest first. Raises NotInLawbook when nobody is known."""
    wanted = form(form_code, on)
    found = []
    for parameter in _authorities(on):
        if wanted.code in parameter.value or wanted.kind in parameter.value:
            decider = parameter.key.split(".")[2]
            title = entry("award.decider", decider, on=on, what="chức danh").value["name"]
            found.append(Authority(source=source_of(parameter), decider=decider, title=title))
    if not found:
        raise NotInLawbook(f"Sổ luật chưa ghi ai quyết định «{wanted.name}» vào ngày {on:%d/%m/%Y}")
    return tuple(sorted(found, key=lambda one: _DECIDERS.index(one.decider)))


def may_decide(decider: str, form_code: str, on: date) -> bool:
    """Whether this office decides on the form on the day, as far as the lawbook knows."""
    return any(one.decider == decider for one in authority(form_code, on))


def precedence(on: date, *, of: str = "forms") -> tuple[str, ...]:
    """Codes of forms, highest first; `of`: forms, titles-individual, titles-collective."""
    codes: tuple[str, ...] = entry("award.precedence", of, on=on, what="thứ bậc").value
    return codes


def is_higher(one: str, other: str, on: date) -> bool:
    """Whether a form stands above another in the order of the day."""
    order = precedence(on)
    for code in (one, other):
        if code not in order:
            raise NotInLawbook(f"«{form(code, on).name}» không nằm trong thứ bậc hình thức khen thưởng")
    return order.index(one) < order.index(other)


def route(form_code: str, on: date) -> Route:
    """How a form is proposed; the general way where the form has none of its own."""
    wanted = form(form_code, on)
    keys = (f"award.route.{wanted.code}", f"award.route.{wanted.kind}", "award.route.general")
    found = first_of(keys, on=on)
    if found is None:
        raise NotInLawbook(f"Sổ luật chưa có đường trình «{wanted.name}» cho ngày {on:%d/%m/%Y}")
    return Route(
        source=source_of(found),
        text=found.value["text"],
        submitted_by=found.value.get("submitted_by", ()),
        checked_by=found.value.get("checked_by", ""),
        submitted_through=found.value.get("submitted_through", ""),
    )


#: From the State down; the order in which several deciders are told.
_DECIDERS = (
    "chu-tich-nuoc",
    "thu-tuong",
    "bo-truong",
    "chu-tich-ubnd-tinh",
    "giam-doc-so",
    "thu-truong-don-vi",
    "chu-tich-ubnd-huyen",
    "chu-tich-ubnd-xa",
    "giam-doc-doanh-nghiep",
    "chu-tich-hoi-dong",
    "doan-the",
)


def _authorities(on: date) -> list[Parameter]:
    return [
        parameter
        for (key, place), history in lawbook.book().histories.items()
        if not place and key.startswith("award.authority.")
        for parameter in history
        if parameter.holds_on(on)
    ]


def _subject(parameter: Parameter) -> Subject:
    return Subject(
        source=source_of(parameter),
        code=code_of(parameter),
        name=parameter.value["name"],
        includes=parameter.value.get("includes", ()),
    )


def _type(parameter: Parameter) -> CommendationType:
    return CommendationType(
        source=source_of(parameter),
        code=code_of(parameter),
        name=parameter.value["name"],
        meaning=parameter.value.get("meaning", ""),
        subjects=parameter.value.get("subjects"),
    )


def _form(parameter: Parameter, on: date) -> Form:
    to_whom = lawbook.book().find(f"{parameter.key}.subjects", on=on)
    return Form(
        source=source_of(parameter),
        code=code_of(parameter),
        name=parameter.value["name"],
        kind=parameter.value["kind"],
        level=parameter.value["level"],
        subjects=to_whom.value if to_whom else None,
        subjects_confirmed=bool(to_whom and to_whom.confirmed),
    )


def _standard(form_code: str, parameter: Parameter) -> Standard:
    own = {"text", "type", "subjects"}
    return Standard(
        source=source_of(parameter),
        form=form_code,
        code=code_of(parameter),
        name=parameter.name,
        text=parameter.value["text"],
        type=parameter.value.get("type", ""),
        subjects=parameter.value.get("subjects", ()),
        figures={name: value for name, value in parameter.value.items() if name not in own},
    )
