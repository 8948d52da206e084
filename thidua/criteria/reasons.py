"""What a verdict is made of: the outcome, and the tree of reasons with each figure used or missing.

Only codes and exact values, no sentences: the bytes of a verdict stay the same when the wording
changes. `explaining` puts them into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Any

from thidua.criteria.facts import Answer, exact_text, value_json
from thidua.criteria.facts import Value as FactValue
from thidua.criteria.rules import Junction


class Outcome(IntEnum):
    """Kleene's three values, in an order in which "and" is the least and "or" the greatest; and beside them
    that a condition is not about this subject at all.
    """

    NOT_MET = 0
    UNKNOWN = 1
    MET = 2
    NOT_APPLICABLE = 3

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Outcome.NOT_MET: "Không đạt",
    Outcome.UNKNOWN: "Chưa xác định được",
    Outcome.MET: "Đạt",
    Outcome.NOT_APPLICABLE: "Không áp dụng",
}


def joined(junction: Junction, outcomes: Iterable[Outcome]) -> Outcome:
    """All or any of several. What does not apply is left out; when nothing applies, the whole does not."""
    counted = [outcome for outcome in outcomes if outcome is not Outcome.NOT_APPLICABLE]
    if not counted:
        return Outcome.NOT_APPLICABLE
    return min(counted) if junction is Junction.ALL else max(counted)


class Lack(StrEnum):
    """Why something cannot be determined."""

    FIGURE = "figure"
    FORECAST = "forecast"
    INCOMPLETE = "incomplete"
    STANDARDS = "standards"
    ZERO_BASE = "zero_base"
    NOT_A_NUMBER = "not_a_number"
    BASELINE = "baseline"
    THRESHOLD = "threshold"
    ROUNDS = "rounds"
    EVENTS = "events"
    CLASS = "class"
    LINK = "link"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not known: of whom, what, when."""

    lack: Lack
    subject: str
    #: Code of the figure, words of the class or link, key of the judgement.
    what: str = ""
    period: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """One fact that was looked at."""

    what: str
    period: str
    value: FactValue
    source: str = ""
    stage: str = ""
    coverage: tuple[int, int] | None = None
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One period of a condition. `margin`: how far above what is asked, in its unit; below zero it lacks."""

    period: str
    outcome: Outcome
    reached: Fraction | None = None
    margin: Fraction | None = None
    used: tuple[Used, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a part of a rule came out as it did. `place`: "" the whole rule, "0.1" the second of its first."""

    kind: str  # group, condition, judged, linked
    place: str
    subject: str
    outcome: Outcome
    is_near: bool = False
    parts: tuple[Reason, ...] = ()
    steps: tuple[Step, ...] = ()
    #: Whether the subject is one of those the condition is about; how that is known.
    applies: Used | None = None
    answer: Answer | None = None
    missing: tuple[Missing, ...] = ()

    @property
    def margin(self) -> Fraction | None:
        """The worst margin of the periods; None when there is none to speak of."""
        return min((step.margin for step in self.steps if step.margin is not None), default=None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a rule for one subject on one day."""

    subject: str
    on: date
    reason: Reason

    @property
    def outcome(self) -> Outcome:
        return self.reason.outcome

    @property
    def is_near(self) -> bool:
        """Not met, but everything that failed failed narrowly and nothing is unknown."""
        return self.reason.is_near

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What would settle it, each once, in the order of the rule; empty unless it cannot be determined."""
        if self.outcome is not Outcome.UNKNOWN:
            return ()
        return tuple(dict.fromkeys(_missing(self.reason)))


def _missing(reason: Reason) -> Iterator[Missing]:
    """Only of what is itself undetermined: what a failed or met part lacks would change nothing."""
    if reason.outcome is not Outcome.UNKNOWN:
        return
    yield from reason.missing
    for step in reason.steps:
        if step.outcome is Outcome.UNKNOWN:
            yield from step.missing
    for part in reason.parts:
        yield from _missing(part)


def reasons(reason: Reason) -> Iterator[Reason]:
    """The reason and all below it, in order."""
    yield reason
    for part in reason.parts:
        yield from reasons(part)


# --- JSON -----------------------------------------------------------------------------------------


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "subject": verdict.subject,
        "on": verdict.on.isoformat(),
        "outcome": verdict.outcome.code,
        "near": verdict.is_near,
        "reason": reason_json(verdict.reason),
    }


def reason_json(reason: Reason) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": reason.kind,
        "place": reason.place,
        "outcome": reason.outcome.code,
    }
    if reason.is_near:
        found["near"] = True
    if reason.kind == "linked" or not reason.place:
        found["subject"] = reason.subject
    if reason.parts:
        found["parts"] = [
            reason_json(part) | {"subject": part.subject} if reason.kind == "linked" else reason_json(part)
            for part in reason.parts
        ]
    if reason.steps:
        found["steps"] = [_step_json(step) for step in reason.steps]
    if reason.applies is not None:
        found["applies"] = _used_json(reason.applies)
    if reason.answer is not None:
        answer = reason.answer
        found["answer"] = {
            "answer": answer.answer,
            "by": answer.by,
            "on": answer.on.isoformat(),
            "why": answer.why,
        }
    if reason.missing:
        found["missing"] = [_missing_json(one) for one in reason.missing]
    return found


def _step_json(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {"period": step.period, "outcome": step.outcome.code}
    if step.reached is not None:
        found["reached"] = exact_text(step.reached)
    if step.margin is not None:
        found["margin"] = exact_text(step.margin)
    if step.used:
        found["used"] = [_used_json(used) for used in step.used]
    if step.missing:
        found["missing"] = [_missing_json(one) for one in step.missing]
    return found


def _used_json(used: Used) -> dict[str, Any]:
    found: dict[str, Any] = {"what": used.what, "value": value_json(used.value)}
    for key in ("period", "source", "stage", "standard"):
        if getattr(used, key):
            found[key] = getattr(used, key)
    if used.coverage:
        found["coverage"] = list(used.coverage)
    return found


def _missing_json(missing: Missing) -> dict[str, Any]:
    found = {"lack": missing.lack.value, "subject": missing.subject, "what": missing.what}
    for key in ("period", "detail"):
        if getattr(missing, key):
            found[key] = getattr(missing, key)
    return found
