"""A district with passed candidates, and decisions on them: prepared, issued, carried out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from thidua.awards.decisions import preparing
from thidua.awards.models import AwardDecision, AwardRound, Candidate, CandidateState, DecisionKind, Sex
from thidua.awards.tests.makers import make_award_round, make_candidate, make_record, offer
from thidua.core.text import sort_key
from thidua.documents.models import OutgoingPaper
from thidua.documents.papers import drafting, issuing
from thidua.documents.papers.tests.makers import NOW, with_clerk
from thidua.organisations.tests.world import World

__all__ = ["NOW", "decided", "issue", "passed_round", "prepared", "with_clerk"]


def passed_round(world: World, **fields: Any) -> AwardRound:
    """The round of 2023 of the district: two communes and an official passed the council, one did not."""
    round_ = make_award_round(world.unit("phong-tho"), world.unit("phong-ldtbxh"), **fields)
    offer(round_, subject_type="commune")
    offer(round_, subject_type="individual")
    offer(round_, "bang-khen-bo-tinh", "commune", is_decided_here=False)
    official = make_record(
        world.unit("huoi-luong"), "Giàng Thị Ví Dụ", sex=Sex.FEMALE, position="Công chức Văn hóa - Xã hội"
    )
    for subject, label in (
        (world.unit("huoi-luong"), "xã Huổi Luông"),
        (world.unit("dao-san"), "xã Dào San"),
        (official, official.name),
    ):
        make_candidate(
            round_,
            subject,
            label=label,
            label_order=sort_key(label),
            state=CandidateState.PASSED,
            submitted_on=round_.opens_on,
        )
    make_candidate(
        round_, world.unit("mu-sang"), state=CandidateState.NOT_PASSED, submitted_on=round_.opens_on
    )
    return round_


def prepared(
    world: World,
    round_: AwardRound | None = None,
    candidates: Collection[Candidate] | None = None,
    **fields: Any,
) -> AwardDecision:
    """A list by the standing body, of all that are ready, with its paper drafted."""
    round_ = round_ or passed_round(world)
    actor = world.acting("thuong-truc")
    kind = fields.get("kind", DecisionKind.AWARD)
    rows = preparing.ready(round_, kind=kind, on=actor.on) if candidates is None else candidates
    decision = preparing.prepare(round_, rows, actor=actor, now=NOW, **fields)
    preparing.draft_paper(decision, actor=actor, now=NOW)
    return decision


def issue(paper: OutgoingPaper, world: World) -> None:
    """Reviewed, signed by hand by the leader, numbered and issued by the clerk."""
    drafting.review(paper, actor=world.acting("thuong-truc"), now=NOW)
    issuing.sign(paper, actor=world.acting("lanh-dao"), now=NOW, by_hand=True)
    issuing.number(paper, actor=world.acting("van-thu"), now=NOW)
    issuing.issue(paper, actor=world.acting("van-thu"), now=NOW)


def decided(world: World, round_: AwardRound | None = None, **fields: Any) -> AwardDecision:
    """All the way: the decision is issued and has taken effect."""
    decision = prepared(world, round_, **fields)
    assert decision.paper is not None
    issue(decision.paper, world)
    decision.refresh_from_db()
    return decision
