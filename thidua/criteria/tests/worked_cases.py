"""The worked cases in `lawbook/examples/tieu_chi_*.yaml`: short for people, read into plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from thidua.criteria import award_law
from thidua.criteria.facts import Facts, Setting, read_facts, read_setting
from thidua.criteria.rule_sets import SubjectRules, from_record
from thidua.criteria.rules import Group, Junction, Rule, read_rule
from thidua.criteria.standard_rules import rule_of

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "lawbook" / "examples"
RECORDS = ROOT / "data" / "golden"
ME = "me"


@dataclass(frozen=True)
class Case:
    name: str
    rule: Rule
    facts: Facts
    setting: Setting
    on: date
    expect: str
    because: str


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("tieu_chi_*.yaml")):
        found = _with_on(yaml.safe_load(path.read_text(encoding="utf-8")))
        for part in found if isinstance(found, list) else [found]:
            for row in part["cases"]:
                yield _case(f"{path.stem}: {row['case']}", row, part)


def _with_on(found: Any) -> Any:
    """YAML reads the word `on` as yes; as a key it is meant as it stands."""
    if isinstance(found, dict):
        return {"on" if key is True else key: _with_on(value) for key, value in found.items()}
    return [_with_on(value) for value in found] if isinstance(found, list) else found


def record(stem: str) -> Any:
    return yaml.safe_load((RECORDS / f"{stem}.yaml").read_text(encoding="utf-8"))


def _case(name: str, row: Mapping[str, Any], part: Mapping[str, Any]) -> Case:
    words = part.get("words", {})
    subjects = {ME: _subject(row, words)} | {
        key: _subject(other, words) for key, other in row.get("others", {}).items()
    }
    return Case(
        name,
        _rule(row, part),
        read_facts({"subjects": subjects}),
        read_setting(part.get("setting", {}) | row.get("setting", {})),
        row["on"],
        row["expect"],
        row.get("because", ""),
    )


def _rule(row: Mapping[str, Any], part: Mapping[str, Any]) -> Rule:
    if "rule" in row:
        return read_rule(row["rule"])
    if "standard" in row:
        form, _, code = row["standard"].partition(".")
        return next(rule_of(one) for one in award_law.standards(form, row["on"]) if one.code == code)
    rules = from_record(record(part["plan"]))
    if "subject" in row:
        subject: SubjectRules = rules.of(row["subject"])
        return Group(Junction(row.get("combine", Junction.ALL)), subject.rule.parts)
    return next(one.rule for one in rules.criteria() if one.id == row["criterion"])


def _subject(row: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": row.get("name", ""),
        "figures": {
            code: {str(period): _figure(value) for period, value in periods.items()}
            for code, periods in row.get("figures", {}).items()
        },
        "classes": {words[key]: {"value": value} for key, value in row.get("classes", {}).items()},
        "links": {words[key]: link for key, link in row.get("links", {}).items()},
        "events": {
            code: [event | {"amount": _plain(event.get("amount", 1))} for event in events]
            for code, events in row.get("events", {}).items()
        },
        "judged": row.get("judged", {}),
    }


def _figure(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping) and "value" in value:
        found = value["value"]
        if isinstance(found, Mapping) and isinstance(found.get("day"), date):
            found = {"day": found["day"].isoformat()}
        return {**value, "value": _plain(found)}
    return {"value": _plain(value)}


def _plain(value: Any) -> Any:
    return repr(value) if isinstance(value, float) else value
