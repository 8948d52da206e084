"""Whom a rule would hit, before anybody saves it: all subjects of a round judged by one criterion at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from thidua.audit.log import Actor
from thidua.awards import subject_facts, suggesting
from thidua.awards.models import AwardRound
from thidua.criteria.columns import table_of
from thidua.criteria.reasons import Outcome
from thidua.criteria.rule_sets import RuleSet, SubjectRules
from thidua.criteria.rules import Rule
from thidua.criteria.vectorised import judge

#: More subjects than this are not judged while somebody types.
MOST = 5000
#: So many names stand under each outcome.
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """Those that come out in one way: how many, and the first of them by name."""

    label: str
    tone: str
    count: int
    names: tuple[str, ...]

    @property
    def others(self) -> int:
        return self.count - len(self.names)


@dataclass(frozen=True, slots=True)
class Hits:
    hits: tuple[Hit, ...]
    total: int
    #: More subjects than are judged here: only the first `MOST` were.
    left_out: int = 0


GROUPS = (
    ("Đạt", "good", Outcome.MET, False),
    ("Gần đạt", "warning", Outcome.NOT_MET, True),
    ("Không đạt", "", Outcome.NOT_MET, False),
    ("Chưa xác định được", "warning", Outcome.UNKNOWN, None),
    ("Không áp dụng", "", Outcome.NOT_APPLICABLE, None),
)


def of(round_: AwardRound, rules: RuleSet, subject: SubjectRules, rule: Rule, *, actor: Actor) -> Hits | None:
    """None where the subjects are of no kind that the program knows."""
    subject_type = subject_facts.subject_type_of(subject)
    if subject_type is None:
        return None
    everybody = subject_facts.subjects_of(round_, subject_type, on=actor.on)
    judged_ones = everybody[:MOST]
    setting = suggesting.setting_of(round_, rules, on=actor.on)
    # the facts that this rule asks for, which the plan's own may not
    alone = replace(subject, criteria=tuple(replace(one, rule=rule) for one in subject.criteria[:1]))
    facts = suggesting.gathered(round_, alone, judged_ones, setting, on=actor.on)
    table = table_of(facts, [one.key for one in judged_ones])
    judged = judge(rule, table, actor.on, setting=setting)
    named: dict[int, list[str]] = {number: [] for number in range(len(GROUPS))}
    for one, outcome, near in zip(judged_ones, judged.outcomes.tolist(), judged.near.tolist(), strict=True):
        for number, (_, _, wanted, is_near) in enumerate(GROUPS):
            if outcome == wanted and is_near in (None, bool(near)):
                named[number].append(one.label)
                break
    hits = tuple(
        Hit(label, tone, len(named[number]), tuple(sorted(named[number])[:SHOWN]))
        for number, (label, tone, _, _) in enumerate(GROUPS)
    )
    return Hits(hits, len(judged_ones), len(everybody) - len(judged_ones))
