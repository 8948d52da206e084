"""What is known about the subjects of a rule, as plain values with their sources; from and to JSON.

The parts of the program that hold figures, registrations, loans or awards hand them in like this; the engine
asks nobody. What does not stand here is unknown, never zero and never no.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

#: A figure of this stage is a forecast: shown, never judged by.
FORECAST = "uoc"


#: Powers of ten that a figure may have; a file from a stranger may claim any.
LARGEST = 30


class BadFacts(ValueError):
    """Facts that cannot be read; the text names the place."""


@dataclass(frozen=True, slots=True)
class Share:
    """A rate by its two counts; `percent` is what a decision would print: two decimals (decision 0012)."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal:
        return Decimal(self.hundredths).scaleb(-2)

    @property
    def hundredths(self) -> int:
        """Hundredths of a percent, rounded half up."""
        return (self.part * 20_000 + self.whole) // (2 * self.whole)


Value = bool | int | Decimal | Share | date


@dataclass(frozen=True, slots=True)
class Figure:
    """One value with where it comes from. `coverage`: (units that reported, units that must)."""

    value: Value
    source: str = ""
    stage: str = ""
    coverage: tuple[int, int] | None = None
    #: What it was measured under; figures of two standards are never compared.
    standard: str = ""

    @property
    def is_complete(self) -> bool:
        return self.coverage is None or self.coverage[0] >= self.coverage[1]


@dataclass(frozen=True, slots=True)
class Event:
    """A dated fact: an award, a contribution, a sanction. `about` is what `where` of a rule asks."""

    on: date
    amount: int | Decimal = 1
    about: tuple[tuple[str, str], ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Whom a rule with `evaluated_on` looks at instead."""

    to: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a named person judged, when, and why."""

    answer: bool
    by: str
    on: date
    why: str = ""


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """Everything known about one subject. A list of events is complete when it is there, else unknown."""

    name: str = ""
    #: By code and period: "2024", "2024-Q3", "2024-07", the name of a round, "2021/2025", or "" for no time.
    figures: Mapping[tuple[str, str], Figure] = field(default_factory=dict)
    #: By the words of `applies_to`.
    classes: Mapping[str, Figure] = field(default_factory=dict)
    events: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    #: By the words of `evaluated_on`.
    links: Mapping[str, Link] = field(default_factory=dict)
    judged: Mapping[str, Answer] = field(default_factory=dict)


NOTHING = SubjectFacts()


@dataclass(frozen=True, slots=True)
class Source:
    title: str
    number: str = ""
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known, by subject key ("unit:123", "household:9"), and the sources that are named in it."""

    subjects: Mapping[str, SubjectFacts]
    sources: Mapping[str, Source] = field(default_factory=dict)

    def of(self, subject: str) -> SubjectFacts:
        return self.subjects.get(subject, NOTHING)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule leaves to the round in which it is used: the years it is about."""

    #: First and last year of the plan or movement.
    period: tuple[int, int] | None = None
    #: The year of đầu kỳ.
    baseline_year: int | None = None
    #: The last year that is judged; without it the last full year before the day.
    judged_year: int | None = None
    #: Rounds of scoring in order, for "so many rounds in a row".
    rounds: tuple[str, ...] = ()

    def last_year(self, on: date) -> int:
        return self.judged_year if self.judged_year is not None else on.year - 1


# --- numbers --------------------------------------------------------------------------------------


def number_of(value: Value) -> Fraction | None:
    """The exact number of a value; of a rate, what is printed. None for a yes, a no or a day."""
    if isinstance(value, Share):
        return Fraction(value.percent) if value.whole > 0 else None
    if isinstance(value, bool | date):
        return None
    return Fraction(value)


def exact_text(number: Fraction) -> str:
    """ "4", "3.9" or, where no decimal is exact, "200/3"; `Fraction` reads all of them."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    digits = str(abs(int(number * 10**places))).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def canonical(value: Any) -> bytes:
    """JSON as bytes that are the same for the same value, whoever writes them."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


# --- JSON -----------------------------------------------------------------------------------------


def value_json(value: Value) -> Any:
    if isinstance(value, Share):
        return {"part": value.part, "whole": value.whole}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return format(value, "f") if isinstance(value, Decimal) else value


def read_value(found: Any, place: str) -> Value:
    try:
        if isinstance(found, bool | int):
            return found
        if isinstance(found, str):
            number = Decimal(found)
            if number.is_finite() and abs(number.adjusted()) <= LARGEST:
                return number
        if isinstance(found, Mapping):
            if found.keys() == {"part", "whole"} and all(type(part) is int for part in found.values()):
                return Share(found["part"], found["whole"])
            if found.keys() == {"day"}:
                return date.fromisoformat(found["day"])
    except (ArithmeticError, ValueError, TypeError):
        pass
    raise BadFacts(
        f"{place}: không hiểu giá trị {found!r}; nhận true/false, số nguyên, số thập phân trong dấu nháy, "
        "{part, whole} hoặc {day}"
    )


def _less_empty(pairs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in pairs.items() if value not in ("", None, {}, [])}


def figure_json(figure: Figure) -> dict[str, Any]:
    return {"value": value_json(figure.value)} | _less_empty(
        {
            "source": figure.source,
            "stage": figure.stage,
            "coverage": list(figure.coverage) if figure.coverage else None,
            "standard": figure.standard,
        }
    )


def facts_json(facts: Facts) -> dict[str, Any]:
    """The facts as JSON values; `read_facts` reads them back."""
    return {
        "sources": {
            key: {"title": source.title}
            | _less_empty(
                {
                    "number": source.number,
                    "dated": source.dated.isoformat() if source.dated else None,
                }
            )
            for key, source in facts.sources.items()
        },
        "subjects": {key: subject_json(subject) for key, subject in facts.subjects.items()},
    }


def subject_json(subject: SubjectFacts) -> dict[str, Any]:
    figures: dict[str, dict[str, Any]] = {}
    for (code, period), figure in subject.figures.items():
        figures.setdefault(code, {})[period] = figure_json(figure)
    return _less_empty(
        {
            "name": subject.name,
            "figures": figures,
            "classes": {words: figure_json(figure) for words, figure in subject.classes.items()},
            "links": {
                words: {"to": list(link.to)} | _less_empty({"source": link.source})
                for words, link in subject.links.items()
            },
            "judged": {
                key: {"answer": answer.answer, "by": answer.by, "on": answer.on.isoformat()}
                | _less_empty({"why": answer.why})
                for key, answer in subject.judged.items()
            },
        }
        | (
            {
                "events": {
                    code: [_event_json(event) for event in events] for code, events in subject.events.items()
                }
            }
            if subject.events
            else {}
        )
    )


def _event_json(event: Event) -> dict[str, Any]:
    return {"on": event.on.isoformat()} | _less_empty(
        {
            "amount": value_json(event.amount) if event.amount != 1 else None,
            "about": dict(event.about),
            "source": event.source,
        }
    )


def read_facts(found: Any) -> Facts:
    """The facts of loaded JSON. Raises BadFacts."""
    head = _mapping(found, "facts")
    sources = {
        key: Source(row["title"], row.get("number", ""), _day(row.get("dated"), f"sources.{key}"))
        for key, row in _mapping(head.get("sources", {}), "sources").items()
    }
    subjects = {
        key: read_subject(row, place=key)
        for key, row in _mapping(head.get("subjects", {}), "subjects").items()
    }
    return Facts(subjects, sources)


def read_subject(found: Any, *, place: str) -> SubjectFacts:
    row = _mapping(found, place)
    known = {"name", "figures", "classes", "events", "links", "judged"}
    if extra := row.keys() - known:
        raise BadFacts(f"{place}: không hiểu {', '.join(sorted(extra))}, chỉ nhận {', '.join(sorted(known))}")
    try:
        return SubjectFacts(
            name=row.get("name", ""),
            figures={
                (code, period): read_figure(figure, f"{place}.{code}.{period}")
                for code, periods in row.get("figures", {}).items()
                for period, figure in periods.items()
            },
            classes={
                words: read_figure(figure, f"{place}.«{words}»")
                for words, figure in row.get("classes", {}).items()
            },
            events={
                code: tuple(_event(event, f"{place}.{code}") for event in events)
                for code, events in row.get("events", {}).items()
            },
            links={
                words: Link(_keys(link["to"], f"{place}.«{words}»"), link.get("source", ""))
                for words, link in row.get("links", {}).items()
            },
            judged={key: _answer(answer, f"{place}.{key}") for key, answer in row.get("judged", {}).items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BadFacts(f"{place}: thiếu hoặc sai {error}") from error


def _answer(found: Any, place: str) -> Answer:
    row = _mapping(found, place)
    if not isinstance(row["answer"], bool):
        raise BadFacts(f"{place}: answer phải là true hoặc false")
    return Answer(row["answer"], row["by"], _needed_day(row["on"], place), row.get("why", ""))


def _keys(found: Any, place: str) -> tuple[str, ...]:
    if not isinstance(found, list | tuple) or not all(isinstance(key, str) for key in found):
        raise BadFacts(f"{place}: phải là danh sách các mã")
    return tuple(found)


def read_figure(found: Any, place: str) -> Figure:
    row = _mapping(found, place)
    if extra := row.keys() - {"value", "source", "stage", "coverage", "standard"}:
        raise BadFacts(f"{place}: không hiểu {', '.join(sorted(extra))}")
    if "value" not in row:
        raise BadFacts(f"{place}: thiếu value; chưa biết thì bỏ cả dòng")
    coverage = row.get("coverage")
    return Figure(
        read_value(row["value"], place),
        row.get("source", ""),
        row.get("stage", ""),
        (int(coverage[0]), int(coverage[1])) if coverage else None,
        row.get("standard", ""),
    )


def _event(found: Any, place: str) -> Event:
    row = _mapping(found, place)
    amount = read_value(row.get("amount", 1), place)
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        raise BadFacts(f"{place}: amount phải là số")
    return Event(
        _needed_day(row["on"]), amount, tuple(sorted(row.get("about", {}).items())), row.get("source", "")
    )


def _mapping(found: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise BadFacts(f"{place}: phải là một bảng khóa: giá trị")
    return found


def _day(found: Any, place: str) -> date | None:
    return None if found is None else _needed_day(found, place)


def _needed_day(found: Any, place: str = "facts") -> date:
    try:
        return date.fromisoformat(str(found))
    except ValueError:
        raise BadFacts(f"{place}: {found!r} không phải một ngày dạng 2024-12-31") from None


def setting_json(setting: Setting) -> dict[str, Any]:
    return _less_empty(
        {
            "period": list(setting.period) if setting.period else None,
            "baseline_year": setting.baseline_year,
            "judged_year": setting.judged_year,
            "rounds": list(setting.rounds),
        }
    )


def read_setting(found: Any) -> Setting:
    row = _mapping(found, "setting")
    if extra := row.keys() - {"period", "baseline_year", "judged_year", "rounds"}:
        raise BadFacts(f"setting: không hiểu {', '.join(sorted(extra))}")
    period = row.get("period") or ()
    years = (*period, row.get("baseline_year"), row.get("judged_year"))
    if len(period) not in (0, 2) or any(year is not None and type(year) is not int for year in years):
        raise BadFacts("setting: period là hai năm, baseline_year và judged_year mỗi khóa một năm")
    return Setting(
        (period[0], period[1]) if period else None,
        row.get("baseline_year"),
        row.get("judged_year"),
        _keys(row.get("rounds", ()), "setting.rounds"),
    )
