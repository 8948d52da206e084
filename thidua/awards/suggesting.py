"""Who of a round's subjects meets the plan's criteria, nearly meets them, or cannot be judged, and why.

Judges all subjects of a kind at once and keeps verdicts with their facts; a list row for each. Judging again
makes a new set, the old one stays. Hides columns, rows and the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards import plan_criteria, subject_facts
from thidua.awards.models import AwardRound, Suggestion, SuggestionSet
from thidua.core.errors import RuleNotMet
from thidua.criteria import storing
from thidua.criteria.columns import table_of
from thidua.criteria.explaining import Line, explain_criteria
from thidua.criteria.facts import Facts, Setting, Source, SubjectFacts
from thidua.criteria.measures import parse
from thidua.criteria.models import StoredVerdict
from thidua.criteria.reasons import Outcome
from thidua.criteria.rule_sets import Criterion, RuleSet, SubjectRules
from thidua.households.models import Household
from thidua.organisations import tree

#: Subjects whose facts are asked for together.
AT_ONCE = 5000
#: More units and households than this are judged in the background.
MOST_AT_ONCE = 3000


def rules_for(round_: AwardRound) -> tuple[RuleSet, tuple[SubjectRules, ...]]:
    """The criteria of the round's plan. Raises RuleNotMet when there are none."""
    rules = plan_criteria.rule_set_of(round_.plan) if round_.plan is not None else None
    usable = plan_criteria.usable(rules) if rules is not None else ()
    if rules is None or not usable:
        raise RuleNotMet(
            "Chưa có gợi ý",
            why="đợt xét không gắn với kế hoạch nào có tiêu chí đang hiệu lực",
            next_step="Gắn đợt xét với kế hoạch có tiêu chí, hoặc lập đề nghị bằng tay",
        )
    return rules, usable


def suggest(round_: AwardRound, *, actor: Actor, now: datetime) -> list[SuggestionSet]:
    """Judge all subjects of all criteria of the plan anew, on the day the actor acts."""
    actor.require("awardround.run", round_)
    rules, usable = rules_for(round_)
    setting = setting_of(round_, rules, on=actor.on)
    made = []
    for one in usable:
        subject_type = subject_facts.subject_type_of(one)
        if subject_type is None:
            continue
        subjects = subject_facts.subjects_of(round_, subject_type, on=actor.on)
        if not subjects:
            continue
        facts = gathered(round_, one, subjects, setting, on=actor.on)
        table = table_of(facts, [subject.key for subject in subjects])
        with transaction.atomic():
            verdicts = storing.judge_and_store(
                rules, table, subject_rules=one.id, on=actor.on, now=now, setting=setting
            )
            SuggestionSet.objects.filter(
                round=round_, verdicts__subject_rules=one.id, is_current=True
            ).update(is_current=False)
            set_ = SuggestionSet.objects.create(
                round=round_, subject_type=subject_type, verdicts=verdicts, made_at=now, made_by=actor.user
            )
            _write_rows(set_, subjects)
            record(
                "awards.suggestionset.make",
                set_,
                label="Xét gợi ý khen thưởng",
                actor=actor,
                now=now,
                object_label=f"{round_}: {one.label}",
                object_unit_id=round_.deciding_body_id,
                details={"subjects": len(subjects), "sha256": verdicts.sha256},
            )
        made.append(set_)
    return made


def setting_of(round_: AwardRound, rules: RuleSet, *, on: date) -> Setting:
    """A yearly round is judged by its own year, whenever somebody looks."""
    setting = rules.setting
    if round_.since.year != (round_.until.year - 1) or setting.judged_year is not None:
        return setting
    return replace(setting, judged_year=min(setting.last_year(on), round_.since.year))


def is_large(round_: AwardRound, *, on: date) -> bool:
    """Whether judging takes longer than a person should wait for a page."""
    below = tree.ids_at_or_below([round_.deciding_body_id], on=on)
    count = below.count() + Household.objects.filter(commune_id__in=below).count()
    return count > MOST_AT_ONCE


def gathered(
    round_: AwardRound,
    rules: SubjectRules,
    subjects: list[subject_facts.Subject],
    setting: Setting,
    *,
    on: date,
) -> Facts:
    """Facts of all subjects, gathered in parts: a database takes only so many keys in one question."""
    known: dict[str, SubjectFacts] = {}
    sources: dict[str, Source] = {}
    for first in range(0, len(subjects), AT_ONCE):
        part = subject_facts.gather(round_, rules, subjects[first : first + AT_ONCE], setting, on=on)
        known |= part.subjects
        sources |= part.sources
    return Facts(known, sources)


def _write_rows(set_: SuggestionSet, subjects: list[subject_facts.Subject]) -> None:
    known = {
        row[0]: row[1:] for row in set_.verdicts.verdicts.values_list("subject", "pk", "outcome", "is_near")
    }
    Suggestion.objects.bulk_create(
        (
            Suggestion(
                set=set_,
                verdict_id=known[one.key][0],
                subject_key=one.key,
                unit_id=one.unit_id,
                label=one.label,
                label_order=one.label_order,
                search_text=one.search_text,
                outcome=known[one.key][1],
                is_near=known[one.key][2],
            )
            for one in subjects
        ),
        batch_size=2000,
    )


@dataclass(frozen=True, slots=True)
class Explained:
    """One criterion as it came out for one subject, in sentences."""

    criterion: Criterion
    outcome: Outcome
    is_near: bool
    lines: list[Line]


def why(stored: StoredVerdict) -> list[Explained]:
    """The verdict sentence by sentence, from the facts that were kept with it."""
    rules = storing.rules_of(stored.verdict_set).of(stored.verdict_set.subject_rules)
    facts = storing.facts_of(stored)
    words = parse(stored.verdict_set.words)
    found = explain_criteria(storing.explained(stored), rules, facts, words=words)
    return [Explained(criterion, reason.outcome, reason.is_near, lines) for criterion, reason, lines in found]


def still_open(stored: StoredVerdict) -> list[str]:
    """What is missing to judge, and who could supply it, one sentence each."""
    found = []
    for one in why(stored):
        found += [line.text for line in one.lines if line.is_finding and line.outcome is Outcome.UNKNOWN]
    return list(dict.fromkeys(found))
