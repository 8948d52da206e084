"""The criteria of a plan or of the lawbook together: who is judged by which, and where it is written.

Made from a record `golden/1` or read from `rules/1` JSON. A criterion without a rule becomes a question that
a named person answers. Pure values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from thidua.core.text import fold
from thidua.criteria.facts import Setting, read_setting, setting_json
from thidua.criteria.measures import Measure, Vocabulary
from thidua.criteria.rules import (
    BadRule,
    Condition,
    Group,
    Judged,
    Junction,
    Rule,
    read_rule,
    rule_json,
    walk,
)

FORMAT = "rules/1"
#: Words under which facts link a person to the places in their charge; those of the records for communes.
SUPERVISED = {"xa": "communes supervised by the member", "thon": "villages supervised by the member"}
_IN_CHARGE = re.compile(r"\bphu trach (?:cac )?(?P<of>xa|thon|ban|buon|ap)\b")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. `citation`: article, or path and lines in the plan."""

    id: str
    text: str
    rule: Rule
    citation: str = ""
    kind: str = "quantitative"
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class SubjectRules:
    """The criteria of one kind of subject, and whether all of them or any is needed."""

    id: str
    subject_type: str
    label: str
    criteria: tuple[Criterion, ...]
    combine: Junction = Junction.ALL

    @property
    def rule(self) -> Group:
        """What a subject has to meet; the parts are the criteria, in order."""
        return Group(self.combine, tuple(criterion.rule for criterion in self.criteria))


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of a scale, like "Tốt: 80 – dưới 90 điểm"."""

    label: str
    rule: Condition


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything that is judged together."""

    code: str
    title: str
    subjects: tuple[SubjectRules, ...]
    setting: Setting = field(default_factory=Setting)
    #: Scales whose grades should neither overlap nor leave a gap.
    scales: Mapping[str, tuple[Grade, ...]] = field(default_factory=dict)

    def of(self, id: str) -> SubjectRules:  # noqa: A002 - the word of the records
        """Raises KeyError naming what there is."""
        for rules in self.subjects:
            if rules.id == id:
                return rules
        raise KeyError(f"không có đối tượng «{id}», chỉ có {', '.join(rules.id for rules in self.subjects)}")

    def criteria(self) -> Iterator[Criterion]:
        for rules in self.subjects:
            yield from rules.criteria


def from_record(record: Mapping[str, Any], *, code: str = "", title: str = "") -> RuleSet:
    """The criteria of a plan that was read. Raises BadRule with the id of the criterion."""
    period = (record.get("movement") or {}).get("period") or {}
    years = (_year(period.get("from")), _year(period.get("to")))
    span = (years[0], years[1]) if years[0] and years[1] else None
    subjects = tuple(
        SubjectRules(
            subject["id"],
            subject["subject_type"],
            subject.get("label") or "",
            tuple(_from_record(subject, criterion) for criterion in subject.get("criteria") or ()),
        )
        for subject in record.get("subjects") or ()
    )
    # đầu kỳ is "the first year of the survey period" (footnote 2 of S002): the year the period begins
    setting = Setting(period=span, baseline_year=span[0] if span else None)
    return RuleSet(code, title or (record.get("movement") or {}).get("name") or "", subjects, setting)


def _year(found: Any) -> int | None:
    text = str(found or "")[:4]
    return int(text) if text.isdigit() and len(text) == 4 else None


def _from_record(subject: Mapping[str, Any], criterion: Mapping[str, Any]) -> Criterion:
    lines = ", ".join(str(line) for line in criterion.get("lines") or ())
    found = criterion.get("rule")
    rule = (
        _on_those_in_charge(read_rule(found, place=criterion["id"]), subject, criterion["text"])
        if found
        else Judged(criterion["id"], criterion["text"])
    )
    return Criterion(
        criterion["id"],
        criterion["text"],
        rule,
        citation=f"mục {subject['path']}" + (f", dòng {lines}" if lines else ""),
        kind=criterion.get("kind") or "qualitative",
    )


def _on_those_in_charge(rule: Rule, subject: Mapping[str, Any], text: str) -> Rule:
    """A person in charge of communes is judged by the communes, also where the reader did not say so.

    "Thành viên … phụ trách các xã … giảm tỷ lệ nghèo": no person has a poverty rate. Only for persons, only
    where the words stand in the criterion, and never over what the record says itself.
    """
    if subject["subject_type"] != "individual" or not isinstance(rule, Group):
        return rule
    if rule.evaluated_on is not None or not (match := _IN_CHARGE.search(fold(text))):
        return rule
    return replace(rule, evaluated_on=SUPERVISED["xa" if match["of"] == "xa" else "thon"])


# --- JSON -----------------------------------------------------------------------------------------


def rule_set_json(rules: RuleSet) -> dict[str, Any]:
    found: dict[str, Any] = {
        "format": FORMAT,
        "code": rules.code,
        "title": rules.title,
        "setting": setting_json(rules.setting),
        "subjects": [
            {
                "id": subject.id,
                "subject_type": subject.subject_type,
                "label": subject.label,
                "combine": subject.combine.value,
                "criteria": [
                    {
                        "id": criterion.id,
                        "text": criterion.text,
                        "kind": criterion.kind,
                        "citation": criterion.citation,
                        "confirmed": criterion.confirmed,
                        "rule": rule_json(criterion.rule),
                    }
                    for criterion in subject.criteria
                ],
            }
            for subject in rules.subjects
        ],
    }
    if rules.scales:
        found["scales"] = {
            name: [{"label": grade.label, "rule": rule_json(grade.rule)} for grade in grades]
            for name, grades in rules.scales.items()
        }
    return found


def read_rule_set(found: Any) -> RuleSet:
    """A rule set of loaded JSON or YAML. Raises BadRule with the place."""
    row = _mapping(found, "rules")
    if row.get("format", FORMAT) != FORMAT:
        raise BadRule("format", f"chỉ đọc được {FORMAT}, không phải «{row.get('format')}»")
    subjects = tuple(
        _subject(one, f"subjects[{number}]") for number, one in enumerate(row.get("subjects", ()))
    )
    seen: set[str] = set()
    for subject in subjects:
        for name in (subject.id, *(criterion.id for criterion in subject.criteria)):
            if name in seen:
                raise BadRule(name, "mã dùng hai lần")
            seen.add(name)
    scales = {
        name: tuple(_grade(grade, f"scales.{name}[{number}]") for number, grade in enumerate(grades))
        for name, grades in _mapping(row.get("scales", {}), "scales").items()
    }
    return RuleSet(
        str(row.get("code", "")),
        str(row.get("title", "")),
        subjects,
        read_setting(row.get("setting", {})),
        scales,
    )


def _subject(found: Any, place: str) -> SubjectRules:
    row = _mapping(found, place)
    _needed(row, ("id", "subject_type", "criteria"), place)
    try:
        combine = Junction(row.get("combine", Junction.ALL))
    except ValueError:
        raise BadRule(f"{place}.combine", f"chỉ nhận {', '.join(Junction)}") from None
    criteria = tuple(
        _criterion(one, f"{place}.criteria[{number}]") for number, one in enumerate(row["criteria"])
    )
    if not criteria:
        raise BadRule(f"{place}.criteria", "đối tượng không có tiêu chí nào")
    return SubjectRules(row["id"], row["subject_type"], row.get("label", ""), criteria, combine)


def _criterion(found: Any, place: str) -> Criterion:
    row = _mapping(found, place)
    _needed(row, ("id", "text"), place)
    rule = row.get("rule")
    return Criterion(
        row["id"],
        row["text"],
        read_rule(rule, place=row["id"]) if rule else Judged(row["id"], row["text"]),
        row.get("citation", ""),
        row.get("kind", "quantitative" if rule else "qualitative"),
        bool(row.get("confirmed", True)),
    )


def _grade(found: Any, place: str) -> Grade:
    row = _mapping(found, place)
    _needed(row, ("label", "rule"), place)
    rule = read_rule(row["rule"], place=f"{place}.rule")
    if not isinstance(rule, Condition):
        raise BadRule(f"{place}.rule", "bậc của thang phải là một điều kiện đơn")
    return Grade(row["label"], rule)


def _mapping(found: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise BadRule(place, "phải là một bảng khóa: giá trị")
    return found


def _needed(row: Mapping[str, Any], keys: tuple[str, ...], place: str) -> None:
    for key in keys:
        if key not in row:
            raise BadRule(place, f"thiếu «{key}»")


# --- the words a rule set needs, so that it can be recomputed elsewhere -----------------------------


def words_json(rules: RuleSet, words: Vocabulary) -> dict[str, Any]:
    """The measures and units that the rules use, in the form `measures.parse` reads."""
    used = [
        part
        for criterion in rules.criteria()
        for _, part in walk(criterion.rule)
        if isinstance(part, Condition)
    ]
    measures: dict[str, Measure] = {}
    for part in used:
        measure = words.measure(part.indicator, part.unit)
        if measure.is_known:
            measures[measure.code] = measure
    suppliers = sorted({measure.supplier for measure in measures.values()} | {""})
    keys = {supplier: f"s{number}" if supplier else "unit" for number, supplier in enumerate(suppliers)}
    units = {part.unit for part in used} & words.units.keys()
    return {
        "suppliers": {key: supplier for supplier, key in keys.items()},
        "near": {code: str(value) for code, value in words.near_by_unit.items() if code in units}
        | {"other_percent_of_threshold": str(words.near_percent)},
        "units": {
            code: {
                "word": words.units[code].word,
                "dimension": words.units[code].dimension,
                "factor": words.units[code].factor,
            }
            for code in units
            if code
        },
        "measures": {
            code: {"name": measure.name, "form": measure.form.value, "unit": list(measure.units)}
            | ({"of": measure.of} if measure.of else {})
            | {"from": keys[measure.supplier]}
            for code, measure in measures.items()
        },
    }
