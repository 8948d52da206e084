"""Who may do what to rounds, candidates, persons and holds. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from django.urls import reverse

from thidua.awards.council import rights as of_councils  # noqa: F401  # registers them
from thidua.awards.decisions import rights as of_decisions  # noqa: F401  # registers them
from thidua.awards.groups import rights as of_groups  # noqa: F401  # registers them
from thidua.awards.models import AwardRound, Candidate, Consultation, Hold, Opinion, PersonRecord, Posting
from thidua.awards.register import rights as of_the_register  # noqa: F401  # registers them
from thidua.documents.papers import owners
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role

DOING = frozenset({Role.UNIT_OFFICER, Role.STANDING, Role.LEADER})
DECIDING = frozenset({Role.STANDING, Role.LEADER})
Units = tuple[int | None, ...]
OfARound = AwardRound | Candidate | Posting | Opinion


def round_of(on_object: OfARound) -> AwardRound:
    if isinstance(on_object, AwardRound):
        return on_object
    return on_object.candidate.round if isinstance(on_object, Opinion) else on_object.round


def round_units(on_object: OfARound) -> Units:
    """The body whose head decides, and the one that prepares."""
    round_ = round_of(on_object)
    return (round_.deciding_body_id, round_.standing_body_id)


def deciding_body(on_object: OfARound) -> Units:
    return (round_of(on_object).deciding_body_id,)


def proposing_unit(candidate: Candidate) -> Units:
    return (candidate.proposer_id,)


def concerned_units(candidate: Candidate) -> Units:
    return (candidate.proposer_id, *round_units(candidate))


def asked_unit(consultation: Consultation) -> Units:
    return (consultation.asked_id,)


def own_unit(on_object: PersonRecord) -> Units:
    return (on_object.unit_id,)


def held_units(hold: Hold) -> Units:
    """The unit of the subject; of a hold that the public's opinion led to, also who answers the opinion."""
    return (hold.unit_id, *(round_units(hold.opinion) if hold.opinion else ()))


def _people_of_paper(pk: str) -> list[int]:
    found = Candidate.objects.filter(pk=int(pk)).select_related("round").first() if pk.isdigit() else None
    return [unit for unit in concerned_units(found) if unit is not None] if found else []


owners.register(
    owners.Owner(
        "awards.candidate",
        "Đề nghị khen thưởng",
        reading_units=_people_of_paper,
        drafting_units=_people_of_paper,
        address=lambda pk: reverse("awards:candidate", args=[int(pk)]),
    )
)


def _people_of_posting(pk: str) -> list[int]:
    found = Posting.objects.filter(pk=int(pk)).select_related("round").first() if pk.isdigit() else None
    return [unit for unit in round_units(found) if unit is not None] if found else []


owners.register(
    owners.Owner(
        "awards.posting",
        "Danh sách công khai",
        reading_units=_people_of_posting,
        drafting_units=_people_of_posting,
        address=lambda pk: reverse("opinions:posting", args=[int(pk)]),
    )
)

for right in (
    Right("awardround.run", "lập, mở, khóa đợt xét khen thưởng", DECIDING, round_units),
    Right("candidate.propose", "lập và gửi đề nghị khen thưởng", DOING, proposing_unit),
    Right("candidate.receive", "thẩm định, trả lại hay trình đề nghị khen thưởng", DECIDING, round_units),
    Right("candidate.conclude", "ghi kết quả của hội đồng", DECIDING, round_units),
    Right("candidate.decide", "quyết định khen thưởng", frozenset({Role.LEADER}), deciding_body),
    Right("candidate.override", "cho qua một cảnh báo, có lý do", frozenset({Role.LEADER}), round_units),
    Right("candidate.read", "xem hồ sơ khen thưởng", frozenset(Role), concerned_units, reach=Reach.ABOVE),
    Right("consultation.answer", "trả lời ý kiến về đề nghị khen thưởng", DOING, asked_unit),
    Right("opinion.answer", "trả lời ý kiến về danh sách công khai", DECIDING, round_units),
    Right("person.keep", "ghi hồ sơ người được xét", DOING, own_unit),
    Right(
        "hold.enter",
        "ghi hay kết thúc tạm dừng xét khen thưởng",
        DECIDING,
        held_units,
        reach=Reach.ABOVE,
        stands_in=DECIDING,
    ),
):
    register(right)
