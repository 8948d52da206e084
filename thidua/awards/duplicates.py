"""One achievement, one award (P5), and a second award in a movement only for a later stage (P14).

Looks at candidates here and at awards of the register, of the subject and of those near to it (`relatives`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from thidua.awards import held_awards, relatives
from thidua.awards.findings import Finding, Ground, ground
from thidua.awards.held_awards import HeldAward
from thidua.awards.models import Candidate, CandidateState
from thidua.core.formats import format_date
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook
from thidua.movements.models import Movement


def findings(candidate: Candidate, *, on: date) -> list[Finding]:
    related = relatives.of(candidate, on=on)
    movements = _same_movement(candidate.round.movement)
    rule, later = ground("p05", on), ground("p14", on)
    found = list(_of_candidates(candidate, related, movements, rule, later))
    seen = {one.candidate_id for one in found}
    held = held_awards.of(list(related))
    for key, awards in held.items():
        for award in awards:
            if award.candidate_id == candidate.pk or award.candidate_id in seen:
                continue
            found += _of_award(candidate, award, related[key], movements, rule, later, on=on)
    return found


def _same_movement(movement: Movement | None) -> set[int]:
    """A movement, the one it is a variant of, and the other variants."""
    if movement is None:
        return set()
    root = movement.variant_of_id or movement.pk
    variants = Movement.objects.filter(variant_of_id=root).values_list("pk", flat=True)
    return {root, movement.pk, *variants}


def _chain(candidate: Candidate) -> set[int]:
    """The same case at the bodies below and above."""
    found, current = {candidate.pk}, candidate
    while current.continues is not None and current.continues_id not in found:
        current = current.continues
        found.add(current.pk)
    waiting = {candidate.pk}
    while waiting:
        waiting = set(Candidate.objects.filter(continues_id__in=waiting).values_list("pk", flat=True)) - found
        found |= waiting
    return found


def _of_candidates(
    candidate: Candidate, related: Mapping[str, str], movements: Collection[int], rule: Ground, later: Ground
) -> Iterator[Finding]:
    others = (
        Candidate.objects.filter(subject_key__in=related, state__in=Candidate.ALIVE)
        .exclude(pk__in=_chain(candidate))
        .exclude(state=CandidateState.DRAFT)
        .select_related("round")
        .order_by("pk")
    )
    for other in others:
        if candidate.round.movement_id is None:
            # without a movement what counts is the kind of commendation and the time
            is_same = (
                other.round.movement_id is None
                and other.round.commendation_type == candidate.round.commendation_type
            )
        else:
            is_same = other.round.movement_id in movements
        if not is_same:
            continue
        who = related[other.subject_key]
        whom = f"{other.label} ({who})" if who else other.label
        state = CandidateState(other.state).label.lower()
        if other.since < candidate.until and candidate.since < other.until:
            yield Finding(
                f"duplicate:candidate:{other.pk}",
                rule.effect,
                f"Trùng thành tích với đề nghị khác của {whom}",
                f"đợt «{other.round.name}» cùng phong trào hoặc loại hình, thành tích "
                f"{_period(other.since, other.until)} trùng thời gian; đề nghị đó {state}",
                "Rút một trong hai, hoặc nêu rõ thành tích khác nhau để người có thẩm quyền cho qua",
                rule.citation,
                rule.confirmed,
                other.pk,
            )
        elif other.state == CandidateState.AWARDED and other.round.kind == candidate.round.kind != "nam":
            yield Finding(
                f"stage:candidate:{other.pk}",
                later.effect,
                f"{whom} đã được khen ở cùng kỳ xét của phong trào này",
                f"đợt «{other.round.name}»",
                "Chỉ đề nghị khi có thành tích mới ở giai đoạn sau",
                later.citation,
                later.confirmed,
                other.pk,
            )


def _of_award(
    candidate: Candidate,
    award: HeldAward,
    who: str,
    movements: Collection[int],
    rule: Ground,
    later: Ground,
    *,
    on: date,
) -> Iterator[Finding]:
    if candidate.round.movement_id is not None and award.movement_id not in movements:
        return
    if candidate.round.movement_id is None and (
        award.movement_id is not None or award.commendation_type != candidate.round.commendation_type
    ):
        return
    if award.since is None or award.until is None:
        overlaps = candidate.since <= award.decided_on < candidate.until
    else:
        overlaps = award.since < candidate.until and candidate.since < award.until
    if not overlaps:
        return
    whom = f" ({who})" if who else ""
    yield Finding(
        f"duplicate:award:{award.subject_key}:{award.number}:{award.decided_on}",
        rule.effect,
        f"Thành tích này đã được khen{whom}: {form_name(award.form, on)}",
        f"Quyết định {award.number} ngày {format_date(award.decided_on)}".strip(),
        "Rút đề nghị, hoặc nêu rõ thành tích khác nhau để người có thẩm quyền cho qua",
        rule.citation,
        rule.confirmed,
    )


def form_name(code: str, on: date) -> str:
    """The name of a form, of any day: a form that is gone keeps its name."""
    try:
        return award_law.form(code, on).name
    except NotInLawbook:
        return code


def _period(since: date, until: date) -> str:
    last = date.fromordinal(until.toordinal() - 1)
    return f"{format_date(since)} – {format_date(last)}"
