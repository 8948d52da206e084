"""What the program knows about the subjects of a round: figures, tasks, registrations, awards, answers.

Turns rows of other apps into facts of the rule engine. What nobody recorded stays out: unknown, never zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from thidua.awards import held_awards, relatives, subject_classes, unit_figures
from thidua.awards.models import AwardRound, AwardSubjectType, ChargeArea, PersonRecord, SubjectAnswer
from thidua.criteria import fact_suppliers
from thidua.criteria.fact_suppliers import Asked
from thidua.criteria.facts import (
    Answer,
    Event,
    Facts,
    Figure,
    Link,
    Setting,
    Share,
    Source,
    SubjectFacts,
)
from thidua.criteria.measures import EVENTS, vocabulary
from thidua.criteria.rule_sets import SubjectRules
from thidua.criteria.rules import Condition, Group, Judged, walk
from thidua.criteria.verdicts import asks_for_none, window_begins
from thidua.households.models import Household
from thidua.movements.models import Plan, Registration, RegistrationKind, RegistrationState, Task, TaskState
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind, UnitVersion
from thidua.resources import criteria_facts

KINDS = {
    AwardSubjectType.COMMUNE: (UnitKind.COMMUNE,),
    AwardSubjectType.VILLAGE: (UnitKind.VILLAGE,),
    AwardSubjectType.AGENCY: (
        UnitKind.AGENCY,
        UnitKind.DIVISION,
        UnitKind.FRONT,
        UnitKind.MASS,
        UnitKind.PARTY,
    ),
    AwardSubjectType.ENTERPRISE: (UnitKind.ENTERPRISE, UnitKind.COOPERATIVE, UnitKind.BANK),
}
#: Subject types as plans write them, for which nothing of the six is the same word.
ALSO_CALLED = {"collective": AwardSubjectType.AGENCY, "unit": AwardSubjectType.AGENCY}
TASKS = "so-theo-doi-nhiem-vu"
REGISTRATIONS = "dang-ky-thi-dua"


@dataclass(frozen=True)
class Subject:
    """One who may be commended, with what a list shows."""

    key: str
    unit_id: int
    label: str
    label_order: str = ""
    search_text: str = ""
    kind: str = ""


@dataclass
class _Gathered:
    """Facts while they are put together."""

    rows: dict[str, SubjectFacts] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def add_figure(self, key: str, code: str, period: str, figure: Figure) -> None:
        row = self.rows.get(key, SubjectFacts())
        self.rows[key] = replace(row, figures={**row.figures, (code, period): figure})


def subject_type_of(rules: SubjectRules) -> AwardSubjectType | None:
    """Which of the six kinds a subject of a plan is."""
    try:
        return AwardSubjectType(rules.subject_type)
    except ValueError:
        return ALSO_CALLED.get(rules.subject_type)


def subjects_of(round_: AwardRound, subject_type: str, *, on: date) -> list[Subject]:
    """Everybody at or below the deciding body who may be a subject of this kind, on a day."""
    below = tree.ids_at_or_below([round_.deciding_body_id], on=on)
    if subject_type == AwardSubjectType.PERSON:
        records = PersonRecord.objects.filter(unit_id__in=below, left_on__isnull=True).order_by("pk")
        return [
            Subject(f"person:{one.pk}", one.unit_id, one.name, one.name_order, one.search_text)
            for one in records
        ]
    if subject_type == AwardSubjectType.HOUSEHOLD:
        rows = Household.objects.filter(
            commune_id__in=below, since__lte=on, until__gt=on, erased_at__isnull=True
        ).order_by("pk")
        return [
            Subject(f"household:{pk}", commune_id, f"Hộ {code}", code, code)
            for pk, commune_id, code in rows.values_list("pk", "commune_id", "code")
        ]
    versions = UnitVersion.objects.filter(
        tree.valid_on(on), unit_id__in=below, unit__kind__in=KINDS[AwardSubjectType(subject_type)]
    ).order_by("unit_id")
    return [
        Subject(f"unit:{unit_id}", unit_id, label, order, text, kind)
        for unit_id, label, order, text, kind in versions.values_list(
            "unit_id", "label", "label_order", "search_text", "unit__kind"
        )
    ]


def gather(
    round_: AwardRound, rules: SubjectRules, subjects: Collection[Subject], setting: Setting, *, on: date
) -> Facts:
    """All that is known of these subjects that the criteria may ask about."""
    gathered = _Gathered({one.key: SubjectFacts(name=one.label) for one in subjects})
    units = {one.unit_id: one.key for one in subjects if one.key.startswith("unit:")}
    people = [int(one.key.removeprefix("person:")) for one in subjects if one.key.startswith("person:")]
    linked = _links(gathered, rules, people, on=on)
    _unit_facts(gathered, rules, {**units, **linked}, setting, on=on)
    if round_.plan is not None:
        _tasks(gathered, round_.plan, units, on=on)
        _registrations(gathered, round_.plan, units)
    _awards(gathered, list(gathered.rows), on=on)
    _resources(gathered, units, on=on)
    _supplied(gathered, round_, rules, setting, on=on)
    _answers(gathered, round_, on=on)
    return Facts(gathered.rows, gathered.sources)


def _conditions(rules: SubjectRules) -> list[Condition]:
    return [part for _, part in walk(rules.rule) if isinstance(part, Condition)]


def _links(gathered: _Gathered, rules: SubjectRules, people: Collection[int], *, on: date) -> dict[int, str]:
    """Whom persons are judged by: the communes in their charge. Gives the units by key."""
    phrases = {
        part.evaluated_on
        for _, part in walk(rules.rule)
        if isinstance(part, Group) and part.evaluated_on is not None
    }
    if not phrases or not people:
        return {}
    charges: dict[int, list[ChargeArea]] = defaultdict(list)
    for one in ChargeArea.objects.filter(person_id__in=people, since__lte=on).order_by("pk"):
        if one.until is None or one.until > on:
            charges[one.person_id].append(one)
    units = {one.unit_id: f"unit:{one.unit_id}" for found in charges.values() for one in found}
    labels = tree.labels_on(units, on=on)
    for unit_id, key in units.items():
        gathered.rows.setdefault(key, SubjectFacts(name=labels.get(unit_id, "")))
    for person_id, found in charges.items():
        key = f"person:{person_id}"
        link = Link(tuple(f"unit:{one.unit_id}" for one in found), found[0].source)
        row = gathered.rows[key]
        gathered.rows[key] = replace(row, links=dict.fromkeys(phrases, link))
    return units


def _unit_facts(
    gathered: _Gathered, rules: SubjectRules, units: dict[int, str], setting: Setting, *, on: date
) -> None:
    """Figures and classes."""
    words = vocabulary()
    conditions = _conditions(rules)
    codes = {words.measure(one.indicator, one.unit).figure for one in conditions}
    last = setting.last_year(on)
    first = min(setting.baseline_year or last - 5, last - 5)
    figures, sources = unit_figures.figures_of(codes, list(units), years=range(first, last + 1))
    gathered.sources |= sources
    kinds = dict(Unit.objects.filter(pk__in=units).values_list("pk", "kind"))
    phrases = {one.applies_to for one in conditions if one.applies_to}
    classes = subject_classes.classes_of(phrases, kinds, on=on)
    for unit_id, key in units.items():
        row = gathered.rows[key]
        gathered.rows[key] = replace(
            row,
            figures={**row.figures, **figures.get(unit_id, {})},
            classes={**row.classes, **classes.get(unit_id, {})},
        )


def _tasks(gathered: _Gathered, plan: Plan, units: dict[int, str], *, on: date) -> None:
    """Of the tasks whose day has come: how many were done, and done in time."""
    counted: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = Task.objects.filter(plan=plan, unit_id__in=units, due_on__lt=on).exclude(state=TaskState.CANCELLED)
    for task in rows.only("unit_id", "due_on", "state", "reported_at"):
        counts = counted[task.unit_id]
        counts[0] += 1
        if task.state == TaskState.DONE:
            counts[1] += 1
            counts[2] += task.days_late(on=on) == 0
    for unit_id, (total, done, on_time) in counted.items():
        key = units[unit_id]
        gathered.add_figure(key, "tasks_done_share", "", Figure(Share(done, total), TASKS))
        gathered.add_figure(key, "tasks_on_time_share", "", Figure(Share(on_time, total), TASKS))
    if counted:
        gathered.sources[TASKS] = Source("Sổ theo dõi nhiệm vụ của kế hoạch", plan.number)


def _registrations(gathered: _Gathered, plan: Plan, units: dict[int, str]) -> None:
    """How many communes and villages an agency has promised to help, as approved."""
    helped: dict[int, set[str]] = defaultdict(set)
    rows = Registration.objects.filter(
        plan=plan, unit_id__in=units, kind=RegistrationKind.HELP, state=RegistrationState.APPROVED
    ).values_list("unit_id", "helped_unit_id", "helped_unit__kind", "helped_village")
    for unit_id, helped_id, kind, village in rows:
        is_village = bool(village) or kind == UnitKind.VILLAGE
        helped[unit_id].add(f"{'thon' if is_village else 'xa'}:{helped_id}:{village}")
    for unit_id, places in helped.items():
        key = units[unit_id]
        for code, prefix in (
            ("registered_supported_communes", "xa:"),
            ("registered_supported_villages", "thon:"),
        ):
            count = sum(place.startswith(prefix) for place in places)
            gathered.add_figure(key, code, "", Figure(count, REGISTRATIONS))
    if helped:
        gathered.sources[REGISTRATIONS] = Source("Đăng ký thi đua đã duyệt", plan.number)


def _awards(gathered: _Gathered, keys: Collection[str], *, on: date) -> None:
    """Awards held, of those whose list is known to be complete: then an empty list says none.

    A unit that took over another wholly is told that one's awards too.
    """
    complete = held_awards.complete_for(keys, on=on)
    if not complete:
        return
    lines = relatives.taken_over_wholly(complete, on=on)
    held = held_awards.of([*complete, *{key for line in lines.values() for key in line}])
    for key in complete:
        events = tuple(
            Event(
                one.decided_on,
                about=(("form", one.form), ("type", one.commendation_type)),
                source=f"Quyết định {one.number}".strip(),
            )
            for own in (key, *lines.get(key, ()))
            for one in held.get(own, ())
        )
        row = gathered.rows[key]
        gathered.rows[key] = replace(row, events={**row.events, "awards_held": events})


def _resources(gathered: _Gathered, units: Mapping[int, str], *, on: date) -> None:
    """Loans of households as the bank tells them, and what units gave to funds."""
    households = {
        int(key.removeprefix("household:")): key for key in gathered.rows if key.startswith("household:")
    }
    loans = criteria_facts.loan_figures(households, on=on)
    for pk, figure in loans.items():
        gathered.add_figure(households[pk], criteria_facts.LOANS, "", figure)
    given = criteria_facts.contribution_events(units, on=on)
    for unit_id, events in given.items():
        row = gathered.rows[units[unit_id]]
        gathered.rows[units[unit_id]] = replace(
            row, events={**row.events, criteria_facts.CONTRIBUTIONS: events}
        )
    if loans or given:
        gathered.sources.update(criteria_facts.sources())


def _asked(
    keys: Collection[str], round_: AwardRound, rules: SubjectRules, setting: Setting, *, on: date
) -> Asked:
    words = vocabulary()
    codes: set[str] = set()
    begins: dict[str, date | None] = {}
    others: set[str] = set()
    for one in _conditions(rules):
        measure = words.measure(one.indicator, one.unit)
        codes.add(measure.figure)
        if measure.form in EVENTS:
            first = window_begins(one, measure, setting, on)
            before = begins.get(measure.figure, first)
            begins[measure.figure] = min(first, before) if first and before else None
            if not asks_for_none(one):
                others.add(measure.figure)
    return Asked(
        frozenset(keys),
        frozenset(codes),
        round_.since,
        round_.until,
        on,
        round_.plan_id,
        begins,
        frozenset(begins.keys() - others),
    )


def _supplied(
    gathered: _Gathered, round_: AwardRound, rules: SubjectRules, setting: Setting, *, on: date
) -> None:
    """What other apps have registered to know (`criteria.fact_suppliers`)."""
    asked = _asked(gathered.rows, round_, rules, setting, on=on)
    for supplied in fact_suppliers.ask(asked):
        gathered.sources |= supplied.sources
        for (key, code), events in supplied.events.items():
            row = gathered.rows[key]
            gathered.rows[key] = replace(row, events={**row.events, code: events})
        for (key, code, period), figure in supplied.figures.items():
            gathered.add_figure(key, code, period, figure)


def _answers(gathered: _Gathered, round_: AwardRound, *, on: date) -> None:
    """What named persons answered: judgements, and yes or no where no figure says it."""
    for one in SubjectAnswer.objects.filter(round=round_, subject_key__in=gathered.rows, on__lte=on):
        row = gathered.rows[one.subject_key]
        answer = Answer(one.answer, one.by, one.on, one.why)
        figure = Figure(one.answer, source=f"xác nhận của {one.by}")
        gathered.rows[one.subject_key] = replace(
            row,
            judged={**row.judged, one.question: answer},
            figures={**row.figures, (one.question, ""): figure},
        )


def questions_of(rules: SubjectRules) -> list[tuple[str, str]]:
    """(key, question) of what only people can answer: judgements, and yes-or-no measures."""
    words = vocabulary()
    found: list[tuple[str, str]] = []
    for _, part in walk(rules.rule):
        if isinstance(part, Judged):
            found.append((part.key, part.question))
        elif isinstance(part, Condition) and isinstance(part.value, bool) and part.indicator:
            found.append((part.indicator, words.measure(part.indicator, part.unit).name))
    return list(dict.fromkeys(found))
