"""Keeping another wording of a criterion's rule. Old wordings stay, and so do verdicts by them."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from thidua.audit.log import Actor, record
from thidua.awards import plan_criteria
from thidua.awards.models import AwardRound, CriterionRule
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.criteria.checking import Severity, check_rule
from thidua.criteria.rule_forms import is_same
from thidua.criteria.rule_sets import RuleSet
from thidua.criteria.rules import Rule, rule_json
from thidua.criteria.sentences import sentence

WHAT = "Chưa lưu được quy tắc"


def keep(
    round_: AwardRound,
    criterion: str,
    rule: Rule,
    *,
    seen: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> CriterionRule:
    """The next wording, over the one that was seen (0: the plan's own).

    Raises NotAllowed, RuleNotMet for a rule that cannot be judged or says the same, ChangedMeanwhile.
    """
    actor.require("awardround.run", round_)
    version = plan_criteria.version_in_force(round_.plan) if round_.plan is not None else None
    if version is None or round_.plan is None:
        raise RuleNotMet(
            WHAT, why="kế hoạch chưa có lần nào có hiệu lực", next_step="Ban hành kế hoạch trước"
        )
    rules = plan_criteria.rule_set_of(round_.plan)
    before = of(rules, criterion)
    wrong = [
        one.text
        for one in check_rule(rule, place=criterion, setting=rules.setting)
        if one.severity is Severity.ERROR
    ]
    if wrong:
        raise RuleNotMet(WHAT, why="; ".join(wrong), next_step="Sửa điều kiện được nêu rồi lưu lại")
    if is_same(before, rule):
        raise RuleNotMet(WHAT, why="quy tắc không đổi", next_step="Sửa điều kiện rồi lưu, hoặc quay lại")
    if not reason.strip():
        raise RuleNotMet(
            WHAT,
            why="chưa ghi lý do sửa",
            next_step="Ghi lý do: đọc sai câu nào của kế hoạch, theo văn bản nào",
        )
    newest = wordings(version.pk, criterion).first()
    number = newest.number if newest else 0
    if number != seen:
        raise ChangedMeanwhile(
            WHAT, why="người khác vừa sửa quy tắc này", next_step="Mở lại trang, xem lần mới rồi sửa tiếp"
        )
    try:
        with transaction.atomic():
            made = CriterionRule.objects.create(
                version=version,
                criterion=criterion,
                number=number + 1,
                rule=rule_json(rule),
                reason=reason.strip()[:500],
                made_by=actor.user,
                made_at=now,
            )
            record(
                "awards.criterionrule.keep",
                made,
                label="Sửa quy tắc của tiêu chí",
                actor=actor,
                now=now,
                object_label=f"{round_.plan}: {criterion}",
                object_unit_id=round_.deciding_body_id,
                reason=reason.strip(),
                details={"before": sentence(before), "after": sentence(rule)},
            )
    except IntegrityError:
        raise ChangedMeanwhile(
            WHAT, why="người khác vừa sửa quy tắc này", next_step="Mở lại trang, xem lần mới rồi sửa tiếp"
        ) from None
    return made


def of(rules: RuleSet, criterion: str) -> Rule:
    """The rule that judges now. Raises KeyError."""
    for one in rules.criteria():
        if one.id == criterion:
            return one.rule
    raise KeyError(criterion)


def wordings(version_pk: int, criterion: str) -> QuerySet[CriterionRule]:
    """Newest first."""
    return CriterionRule.objects.filter(version_id=version_pk, criterion=criterion).order_by("-number")
