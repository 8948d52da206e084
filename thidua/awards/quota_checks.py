"""Places of a round against its candidates, and the shares of direct workers and of women, as figures.

What is not known of a person is counted as not known, not as no. Shares warn at most: no law sets one (P11).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from thidua.awards import held_awards, relatives
from thidua.awards.models import (
    AwardRound,
    AwardSubjectType,
    Candidate,
    CandidateState,
    PersonClass,
    QuotaBase,
    RoundForm,
    Sex,
    Suggestion,
)
from thidua.criteria.quotas import Denominator, EarlierWinners, QuotaRule, Rounding, quota, reckoned
from thidua.criteria.reasons import Outcome

#: In a round with more candidates, figures of the page may be a minute old.
MANY = 5_000
KEPT_SECONDS = 60
NOT_JUDGED = "Chưa có gợi ý nên chưa tính được tỷ lệ"


@dataclass(frozen=True, slots=True)
class Places:
    """One form of a round: how many places, how many candidates, in words."""

    form: RoundForm
    taken: int
    least: int | None = None
    most: int | None = None
    sentence: str = ""
    left_out: int = 0

    @property
    def is_over(self) -> bool:
        return self.most is not None and self.taken > self.most


@dataclass(frozen=True, slots=True)
class ShareOf:
    """So many of so many, and of how many nobody said."""

    label: str
    part: int
    whole: int
    unknown: int

    @property
    def percent(self) -> Fraction | None:
        known = self.whole - self.unknown
        return Fraction(self.part * 100, known) if known else None


def for_page(round_: AwardRound) -> tuple[list[Places], list[ShareOf]]:
    """Places and shares; of a large round as they were within the last minute, for they count every row."""
    if not round_.candidates.order_by("pk")[MANY : MANY + 1].exists():
        return places(round_), shares(round_)
    key = f"awards/round/{round_.pk}/figures"
    kept: tuple[list[Places], list[ShareOf]] | None = cache.get(key)
    if kept is None:
        kept = (places(round_), shares(round_))
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def places(round_: AwardRound) -> list[Places]:
    """A few queries for each form with a share; one for all counts."""
    taken = {
        (form, subject_type): count
        for form, subject_type, count in _alive(round_)
        .values_list("form", "subject_type")
        .annotate(count=Count("*"))
        .order_by()
    }
    return [
        _places(round_, one, taken.get((one.form, one.subject_type), 0))
        for one in round_.forms.order_by("position", "pk")
    ]


def _alive(round_: AwardRound) -> QuerySet[Candidate]:
    return Candidate.objects.filter(round=round_, state__in=Candidate.ALIVE).exclude(
        state=CandidateState.DRAFT
    )


def _places(round_: AwardRound, form: RoundForm, taken: int) -> Places:
    rule = rule_of(form)
    if rule is None:
        return Places(form, taken)
    if rule.share is None:
        return Places(form, taken, rule.count, rule.count, f"{rule.count} theo số lượng được phân bổ")
    if not form.leaves_out_winners:
        return _counted_places(round_, form, rule, taken)
    outcomes = _judged(round_, form)
    if not outcomes:
        return Places(form, taken, sentence=NOT_JUDGED)
    winners = _winners(round_, list(outcomes))
    found = quota(rule, units=list(outcomes), qualified=outcomes, earlier_winners=winners)
    return Places(form, taken, found.least, found.most, found.sentence, len(found.left_out))


def _counted_places(round_: AwardRound, form: RoundForm, rule: QuotaRule, taken: int) -> Places:
    """From counts alone: a round may have hundreds of thousands of subjects."""
    counts = dict(_judged_rows(round_, form).order_by().values_list("outcome").annotate(count=Count("*")))
    met, unknown, not_met = (
        counts.get(outcome.value, 0) for outcome in (Outcome.MET, Outcome.UNKNOWN, Outcome.NOT_MET)
    )
    total = met + unknown + not_met
    if not total:
        return Places(form, taken, sentence=NOT_JUDGED)
    found = reckoned(rule, total=total, qualified=met, unknown=unknown)
    return Places(form, taken, found.least, found.most, found.sentence)


def rule_of(form: RoundForm) -> QuotaRule | None:
    share = None
    if form.quota_part is not None and form.quota_whole:
        share = Fraction(form.quota_part, form.quota_whole)
    if share is None and form.quota_count is None:
        return None
    return QuotaRule(
        share=share,
        count=form.quota_count,
        denominator=Denominator.QUALIFIED if form.quota_base == QuotaBase.QUALIFIED else Denominator.ALL,
        rounding=Rounding(form.quota_rounding) if form.quota_rounding else Rounding.DOWN,
        earlier_winners=EarlierWinners.LEAVE_CANDIDATES if form.leaves_out_winners else EarlierWinners.STAY,
    )


def _judged_rows(round_: AwardRound, form: RoundForm) -> QuerySet[Suggestion]:
    sets = round_.suggestion_sets.filter(is_current=True, subject_type=form.subject_type)
    if form.subject_rules:
        sets = sets.filter(verdicts__subject_rules=form.subject_rules)
    # a few keys instead of a join: the indexes begin with the set
    return Suggestion.objects.filter(set_id__in=list(sets.values_list("pk", flat=True)))


def _judged(round_: AwardRound, form: RoundForm) -> dict[str, bool | None]:
    """Subject → whether it meets the criteria, None while nobody knows; without those not concerned."""
    rows = _judged_rows(round_, form)
    known = {Outcome.MET.value: True, Outcome.NOT_MET.value: False, Outcome.UNKNOWN.value: None}
    return {
        key: known[outcome] for key, outcome in rows.values_list("subject_key", "outcome") if outcome in known
    }


def _winners(round_: AwardRound, keys: list[str]) -> set[str]:
    """Who was commended in this movement before."""
    if round_.movement_id is None:
        return set()
    before = Candidate.objects.filter(
        round__movement_id=round_.movement_id, subject_key__in=keys, state=CandidateState.AWARDED
    ).exclude(round=round_)
    lines = relatives.taken_over(keys, on=round_.due_on)
    held = held_awards.of([*keys, *{key for line in lines.values() for key in line}])
    in_movement = {
        key for key, awards in held.items() if any(one.movement_id == round_.movement_id for one in awards)
    }
    found = {key for key in keys if in_movement & {key, *lines.get(key, ())}}
    return found | set(before.values_list("subject_key", flat=True))


def shares(round_: AwardRound) -> list[ShareOf]:
    """Direct workers and women among the persons proposed. One query."""
    people = _alive(round_).filter(subject_type=AwardSubjectType.PERSON)
    counted = people.aggregate(
        whole=Count("pk"),
        direct=Count("pk", filter=Q(person__person_class=PersonClass.DIRECT)),
        no_class=Count("pk", filter=Q(person__person_class="")),
        women=Count("pk", filter=Q(person__sex=Sex.FEMALE)),
        no_sex=Count("pk", filter=Q(person__sex="")),
    )
    whole = counted["whole"]
    return [
        ShareOf("Người trực tiếp", counted["direct"], whole, counted["no_class"]),
        ShareOf("Nữ", counted["women"], whole, counted["no_sex"]),
    ]
