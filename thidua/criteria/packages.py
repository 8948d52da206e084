"""Verdicts with everything they were made from, so that a stranger can make them again: `verdicts/1`.

A package is canonical JSON: rules, words, facts, the day, the verdicts, and a hash over all of it.
`recompute` gives the bytes that the program would write for the same rules and facts; they are equal, or
something was changed. Pure; described in docs/reference/verdicts-1.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from thidua.criteria.facts import (
    BadFacts,
    Facts,
    Setting,
    canonical,
    facts_json,
    read_facts,
    read_setting,
    setting_json,
)
from thidua.criteria.measures import Vocabulary, parse, vocabulary
from thidua.criteria.reasons import Verdict, verdict_json
from thidua.criteria.rule_sets import RuleSet, read_rule_set, rule_set_json, words_json
from thidua.criteria.rules import BadRule
from thidua.criteria.verdicts import evaluate

FORMAT = "verdicts/1"
_KEYS = ("format", "on", "setting", "rules", "words", "facts", "candidates", "verdicts", "sha256")


class BadPackage(ValueError):
    """What is not a package, with the reason; a clause without stop."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One subject and the part of the rule set by which it is judged."""

    subject: str
    rules: str


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was read: what the verdicts are made from. The verdicts themselves stay raw."""

    rules: RuleSet
    words: Vocabulary
    facts: Facts
    candidates: tuple[Candidate, ...]
    on: date
    setting: Setting

    def verdicts(self) -> list[Verdict]:
        """Made anew, in the order of the candidates."""
        return judged(
            self.rules,
            self.facts,
            self.candidates,
            on=self.on,
            setting=self.setting,
            words=self.words,
        )


def judged(
    rules: RuleSet,
    facts: Facts,
    candidates: Iterable[Candidate],
    *,
    on: date,
    setting: Setting | None = None,
    words: Vocabulary | None = None,
) -> list[Verdict]:
    """The verdict of each candidate by the criteria of its kind."""
    return [
        evaluate(
            rules.of(candidate.rules).rule,
            facts,
            on,
            subject=candidate.subject,
            setting=setting or rules.setting,
            words=words,
        )
        for candidate in candidates
    ]


def packed(
    rules: RuleSet,
    facts: Facts,
    candidates: Sequence[Candidate],
    *,
    on: date,
    setting: Setting | None = None,
    words: Vocabulary | None = None,
) -> bytes:
    """The package of these candidates, with their verdicts."""
    words = words or vocabulary()
    package = Package(rules, words, facts, tuple(candidates), on, setting or rules.setting)
    return _written(package)


def _written(package: Package) -> bytes:
    # The words are written and read once before anybody is judged: the verdicts depend on nothing else.
    words = words_json(package.rules, package.words)
    same = Package(
        package.rules, parse(words), package.facts, package.candidates, package.on, package.setting
    )
    found: dict[str, Any] = {
        "format": FORMAT,
        "on": package.on.isoformat(),
        "setting": setting_json(package.setting),
        "rules": rule_set_json(package.rules),
        "words": words,
        "facts": facts_json(package.facts),
        "candidates": [
            {"subject": candidate.subject, "rules": candidate.rules} for candidate in package.candidates
        ],
        "verdicts": [verdict_json(verdict) for verdict in same.verdicts()],
    }
    return canonical(found | {"sha256": digest(found)})


def digest(found: dict[str, Any]) -> str:
    """The hash of a package without its hash."""
    return hashlib.sha256(canonical({key: found[key] for key in found if key != "sha256"})).hexdigest()


# --- reading and proving --------------------------------------------------------------------------


def loaded(raw: bytes) -> dict[str, Any]:
    """The JSON of a package, keys checked. Raises BadPackage."""
    return checked(json_of(raw), FORMAT, _KEYS)


def json_of(raw: bytes) -> Any:
    """The JSON of a file from a stranger: no key twice, no number without end. Raises BadPackage."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadPackage("tệp không phải UTF-8") from error
    except json.JSONDecodeError as error:
        raise BadPackage(f"tệp không phải JSON, dòng {error.lineno}: {error.msg}") from error
    except BadPackage:
        raise
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets without end
        raise BadPackage("tệp có số quá dài hoặc lồng quá sâu") from error


def checked(found: Any, form: str, keys: Sequence[str]) -> dict[str, Any]:
    """The package if it is one of this format with exactly these keys. Raises BadPackage."""
    if not isinstance(found, dict) or found.get("format") != form:
        raise BadPackage(f"tệp không phải gói {form}")
    if missing := [key for key in keys if key not in found]:
        raise BadPackage(f"gói thiếu {', '.join(missing)}")
    if extra := sorted(found.keys() - set(keys)):
        raise BadPackage(f"gói có phần không hiểu: {', '.join(extra)}")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadPackage("một khóa ghi hai lần, không biết tin giá trị nào")
    return found


def _no_constant(name: str) -> Any:
    raise BadPackage(f"tệp có giá trị {name}, không phải JSON")


#: What code that expects a package of ours says to a file that is none.
_WRONG = (KeyError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError)


@contextmanager
def from_a_stranger() -> Iterator[None]:
    """Whatever is wrong with a file becomes one of three refusals."""
    try:
        yield
    except (BadPackage, BadRule, BadFacts):
        raise
    except _WRONG as error:
        raise BadPackage(f"gói ghi sai: {error}") from error


def read(raw: bytes) -> Package:
    """Raises BadPackage, BadRule or BadFacts."""
    with from_a_stranger():
        return _package(loaded(raw))


def _package(found: dict[str, Any]) -> Package:
    return Package(
        rules=read_rule_set(found["rules"]),
        words=parse(found["words"]),
        facts=read_facts(found["facts"]),
        candidates=tuple(Candidate(row["subject"], row["rules"]) for row in found["candidates"]),
        on=date.fromisoformat(found["on"]),
        setting=read_setting(found["setting"]),
    )


def recompute(raw: bytes) -> bytes:
    """What the program writes for the rules and facts of a package. Raises as `read` does."""
    with from_a_stranger():
        return _written(_package(loaded(raw)))


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not agree; clauses without stop."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of verifying a package."""

    verdicts: int
    outcomes: dict[str, int]
    differences: tuple[Difference, ...]
    sha256: str

    @property
    def is_good(self) -> bool:
        return not self.differences


def verify(raw: bytes) -> Proof:
    """Makes every verdict anew and compares, byte for byte. Raises as `read` does."""
    found = loaded(raw)
    with from_a_stranger():
        again = json.loads(_written(_package(found)))
    differences = list(_verdict_differences(found["verdicts"], again["verdicts"]))
    for key in ("on", "setting", "rules", "words", "facts", "candidates"):
        if canonical(found[key]) != canonical(again[key]):
            differences.append(Difference(key, "không ghi đúng như chương trình ghi"))
    actual = digest(found)
    if found["sha256"] != actual:
        differences.append(
            Difference("sha256", f"gói đã bị sửa: ghi {found['sha256']}, tính lại là {actual}")
        )
    if not differences and canonical(found) != raw.rstrip(b"\n"):
        differences.append(Difference("tệp", "nội dung đúng nhưng cách trình bày khác bản gốc"))
    outcomes: dict[str, int] = {}
    for verdict in again["verdicts"]:
        outcomes[verdict["outcome"]] = outcomes.get(verdict["outcome"], 0) + 1
    return Proof(len(again["verdicts"]), outcomes, tuple(differences), actual)


def _verdict_differences(given: Any, again: list[dict[str, Any]]) -> Iterable[Difference]:
    if not isinstance(given, list) or len(given) != len(again):
        yield Difference("verdicts", f"phải có {len(again)} kết luận")
        return
    for number, (one, other) in enumerate(zip(given, again, strict=True)):
        if canonical(one) == canonical(other):
            continue
        subject = other["subject"]
        stated = one.get("outcome") if isinstance(one, dict) else one
        if stated != other["outcome"]:
            text = f"gói ghi «{stated}», tính lại là «{other['outcome']}»"
        else:
            text = "kết quả như nhau nhưng lý do ghi trong gói khác lý do tính lại"
        yield Difference(f"verdicts[{number}] {subject}", text)
