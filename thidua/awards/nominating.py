"""Making rounds, persons and candidates: what may be proposed, by whom, for which form.

A candidate is made from a subject's key, with the stored verdict of the suggestion when there is one. Hides
how labels are made and where the unit of a subject stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from thidua.accounts.models import User
from thidua.audit.log import Actor, record
from thidua.awards import process
from thidua.awards.models import (
    OF_UNITS,
    AwardRound,
    AwardRoundState,
    AwardSubjectType,
    Candidate,
    CandidateState,
    ChargeArea,
    PersonRecord,
    RoundForm,
    Suggestion,
)
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import fold, nfc, person_sort_key, sort_key
from thidua.households.models import Household
from thidua.organisations import tree
from thidua.organisations.authority import Acting, acting
from thidua.organisations.models import Role, Unit, UnitKind

WHAT = "Chưa lập được đề nghị"
DOING = frozenset({Role.UNIT_OFFICER, Role.STANDING, Role.LEADER})
#: Kinds of units that are a subject of each type.
TYPES = {
    UnitKind.COMMUNE: AwardSubjectType.COMMUNE,
    UnitKind.VILLAGE: AwardSubjectType.VILLAGE,
    UnitKind.ENTERPRISE: AwardSubjectType.ENTERPRISE,
    UnitKind.COOPERATIVE: AwardSubjectType.ENTERPRISE,
    UnitKind.BANK: AwardSubjectType.ENTERPRISE,
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes. Exactly one of unit, person, household."""

    form: str
    unit: Unit | None = None
    person: PersonRecord | None = None
    household: Household | None = None
    achievement: str = ""
    form_reason: str = ""
    since: date | None = None
    until: date | None = None
    simplified_case: int | None = None
    simplified_reason: str = ""
    suggestion: Suggestion | None = None


def make_round(round_: AwardRound, *, forms: list[RoundForm], actor: Actor, now: datetime) -> AwardRound:
    """A new round with its forms. Raises NotAllowed, RuleNotMet for a stream without such a type."""
    actor.require("awardround.run", round_)
    stream = process.stream(round_.stream)
    if round_.commendation_type not in stream.types:
        raise RuleNotMet(
            "Chưa lập được đợt xét",
            why=f"dòng «{stream.name}» không có loại hình này",
            next_step="Chọn loại hình khen thưởng của dòng đó",
        )
    round_.search_text = fold(round_.name)
    round_.made_by, round_.made_at = actor.user, now
    with transaction.atomic():
        round_.save(force_insert=True)
        for position, form in enumerate(forms, 1):
            form.round, form.position = round_, position
            form.save(force_insert=True)
        record(
            "awards.awardround.make",
            round_,
            label="Lập đợt xét khen thưởng",
            actor=actor,
            now=now,
            object_unit_id=round_.deciding_body_id,
            after=round_.state,
        )
    return round_


def keep_person(person: PersonRecord, *, actor: Actor, now: datetime) -> PersonRecord:
    """Keep a person record, new or changed. Personal data: the log holds the unit, not the name."""
    actor.require("person.keep", person)
    person.name = nfc(" ".join(person.name.split()))
    if not person.name:
        raise RuleNotMet("Chưa ghi được", why="chưa có họ và tên", next_step="Ghi họ và tên")
    if person.serves_since is not None and person.serves_since > actor.on:
        raise RuleNotMet(
            "Chưa ghi được",
            why="ngày bắt đầu công tác chưa đến",
            next_step="Ghi ngày không muộn hơn hôm nay, hoặc để trống",
        )
    person.name_order = person_sort_key(person.name)
    person.search_text = fold(f"{person.name} {person.staff_code} {person.position}")
    is_new = person.pk is None
    try:
        with transaction.atomic():
            person.save()
            record(
                "awards.personrecord.keep",
                person,
                label="Ghi hồ sơ người được xét",
                actor=actor,
                now=now,
                object_unit_id=person.unit_id,
                details={"new": is_new},
            )
    except IntegrityError:
        raise RuleNotMet(
            "Chưa ghi được hồ sơ",
            why=f"đơn vị đã có người mang mã cán bộ {person.staff_code}",
            next_step="Kiểm tra mã, hoặc mở hồ sơ đã có",
        ) from None
    return person


def note_service(person: PersonRecord, *, since: date | None, actor: Actor, now: datetime) -> PersonRecord:
    """Say since when a person serves; None: not known. Raises NotAllowed, RuleNotMet for a day to come."""
    person.serves_since = since
    return keep_person(person, actor=actor, now=now)


def bind_account(person: PersonRecord, username: str, *, actor: Actor, now: datetime) -> PersonRecord:
    """Say which account is this person's, or none ("").

    Whose record it is may look at it and must not judge it. Raises NotAllowed, RuleNotMet.
    """
    actor.require("person.keep", person)
    what, username = "Chưa gắn được tài khoản", username.strip()
    user = User.objects.filter(username=username, is_active=True).first() if username else None
    if username and (user is None or not _serves(user, person.unit_id, on=actor.on)):
        raise RuleNotMet(
            what,
            why=f"đơn vị không có ai dùng tài khoản «{username}»",
            next_step="Kiểm tra tên đăng nhập; người đó phải có ủy nhiệm ở đơn vị này",
        )
    taken = PersonRecord.objects.filter(user=user, unit_id=person.unit_id, left_on__isnull=True)
    if user is not None and taken.exclude(pk=person.pk).exists():
        raise RuleNotMet(
            what, why="tài khoản đã gắn với hồ sơ khác của đơn vị", next_step="Gỡ ở hồ sơ kia trước"
        )
    with transaction.atomic():
        PersonRecord.objects.filter(pk=person.pk).update(user=user)
        person.user = user
        record(
            "awards.personrecord.bind",
            person,
            label="Gắn tài khoản với hồ sơ người được xét" if user else "Gỡ tài khoản khỏi hồ sơ",
            actor=actor,
            now=now,
            object_unit_id=person.unit_id,
            details={"user": user.pk if user else None},
        )
    return person


def _serves(user: User, unit_id: int, *, on: date) -> bool:
    return unit_id in acting(user, on=on).unit_ids()


def end_charge(charge: ChargeArea, *, until: date, actor: Actor, now: datetime) -> ChargeArea:
    """Somebody else takes over from `until`; what came out until then still counts for this person."""
    actor.require("person.keep", charge.person)
    if until <= charge.since:
        raise RuleNotMet(
            "Chưa kết thúc được phụ trách",
            why=f"ngày kết thúc phải sau ngày bắt đầu {format_date(charge.since)}",
            next_step="Ghi lại ngày theo quyết định phân công",
        )
    with transaction.atomic():
        ChargeArea.objects.filter(pk=charge.pk).update(until=until)
        charge.until = until
        record(
            "awards.chargearea.end",
            charge,
            label="Kết thúc phụ trách địa bàn",
            actor=actor,
            now=now,
            object_label="Địa bàn phụ trách",
            object_unit_id=charge.person.unit_id,
        )
    return charge


def propose(
    round_: AwardRound, proposal: Proposal, *, proposer: Unit, actor: Actor, now: datetime
) -> Candidate:
    """A new candidate as a draft, proposed by a unit or by the subject itself.

    Raises NotAllowed; RuleNotMet when the round takes none, does not offer the form to such a subject, or has
    this subject already.
    """
    candidate = _made(round_, proposal, proposer, actor=actor)
    may_propose(candidate, actor)
    if round_.state not in AwardRound.TAKING:
        raise RuleNotMet(
            WHAT,
            why=f"đợt xét đang ở trạng thái «{AwardRoundState(round_.state).label}»",
            next_step="Chờ đợt mở, hoặc liên hệ cơ quan thường trực",
        )
    _offered(candidate)
    candidate.made_by, candidate.made_at, candidate.moved_at = actor.user, now, now
    try:
        with transaction.atomic():
            candidate.save(force_insert=True)
            record(
                "awards.candidate.propose",
                candidate,
                label="Lập đề nghị khen thưởng",
                actor=actor,
                now=now,
                object_unit_id=candidate.proposer_id,
                after=candidate.state,
            )
    except IntegrityError:
        raise RuleNotMet(
            WHAT,
            why=f"{candidate.label} đã có đề nghị trong đợt này",
            next_step="Mở đề nghị đã có trong danh sách của đợt",
        ) from None
    return candidate


def change(
    candidate: Candidate, fields: Mapping[str, Any], *, seen: int, actor: Actor, now: datetime
) -> None:
    """Other words, form or period for an open candidate, over the edition that was seen."""
    may_propose(candidate, actor)
    if not candidate.is_open:
        raise RuleNotMet(
            "Chưa sửa được đề nghị",
            why=f"đề nghị đang ở trạng thái «{CandidateState(candidate.state).label}»",
            next_step="Rút về để sửa, hoặc đề nghị nơi nhận trả lại",
        )
    allowed = {
        "form", "form_reason", "achievement", "since", "until", "simplified_case", "simplified_reason",
    }  # fmt: skip
    assert fields.keys() <= allowed
    for name, value in fields.items():
        setattr(candidate, name, value)
    _offered(candidate)
    with transaction.atomic():
        changed = Candidate.objects.filter(pk=candidate.pk, edition=seen, state__in=Candidate.OPEN).update(
            edition=seen + 1, **fields
        )
        if not changed:
            raise ChangedMeanwhile(
                "Chưa lưu được đề nghị",
                why="người khác vừa sửa hoặc vừa gửi đề nghị này",
                next_step="Mở lại trang, xem bản mới rồi sửa tiếp",
            )
        candidate.edition = seen + 1
        record(
            "awards.candidate.change",
            candidate,
            label="Sửa đề nghị khen thưởng",
            actor=actor,
            now=now,
            object_unit_id=candidate.proposer_id,
            details={"fields": sorted(fields)},
        )


def enter_past(
    round_: AwardRound,
    proposal: Proposal,
    *,
    proposer: Unit,
    number: str,
    decided_on: date,
    body: str,
    actor: Actor,
    now: datetime,
) -> Candidate:
    """A case of the past with its decision, so that later checks know of it. Logged as entered late."""
    actor.require("candidate.receive", Candidate(round=round_, proposer=proposer))
    candidate = _made(round_, proposal, proposer, actor=actor)
    if not round_.is_past or decided_on > actor.on or not number.strip():
        raise RuleNotMet(
            "Chưa nhập được việc đã qua",
            why="cần đợt «nhập lại đợt đã qua», số quyết định và ngày quyết định không sau hôm nay",
            next_step="Lập đợt nhập lại, ghi số và ngày theo quyết định",
        )
    candidate.state = CandidateState.AWARDED
    candidate.outside_number, candidate.outside_date = number.strip(), decided_on
    candidate.outside_body = body.strip()
    candidate.submitted_on = decided_on
    candidate.made_by, candidate.made_at, candidate.moved_at = actor.user, now, now
    try:
        with transaction.atomic():
            candidate.save(force_insert=True)
            record(
                "awards.candidate.enter_past",
                candidate,
                label="Nhập lại việc khen thưởng đã qua",
                actor=actor,
                now=now,
                object_unit_id=candidate.proposer_id,
                after=candidate.state,
                details={"number": number, "on": decided_on},
            )
    except IntegrityError:
        raise RuleNotMet(
            "Chưa nhập được",
            why=f"{candidate.label} đã có trong đợt này",
            next_step="Mở đề nghị đã có",
        ) from None
    return candidate


def may_propose(candidate: Candidate, actor: Actor) -> None:
    """The unit's people, or the person whose own case it is where the round takes such."""
    if isinstance(actor, Acting) and candidate.person is not None and candidate.is_own_proposal:
        is_own = candidate.person.user_id is not None and candidate.person.user_id == actor.user.pk
        if is_own and candidate.round.takes_own and candidate.proposer_id in actor.unit_ids():
            return
    actor.require("candidate.propose", candidate)
    if candidate.is_own_proposal and not candidate.round.takes_own:
        raise NotAllowed(
            "Bạn chưa được tự đề nghị trong đợt này",
            why="đợt này chỉ nhận đề nghị của đơn vị quản lý",
            next_step="Đề nghị đơn vị lập hồ sơ",
        )


def _made(round_: AwardRound, proposal: Proposal, proposer: Unit, *, actor: Actor) -> Candidate:
    """The row, not saved."""
    subject_type, key, label = _subject(proposal, on=actor.on)
    order = person_sort_key(label) if subject_type == AwardSubjectType.PERSON else sort_key(label)
    user = actor.user
    is_own = (proposal.unit is not None and proposal.unit.pk == proposer.pk) or (
        proposal.person is not None and user is not None and proposal.person.user_id == user.pk
    )
    suggestion = proposal.suggestion
    if suggestion is not None and (suggestion.subject_key != key or suggestion.set.round_id != round_.pk):
        suggestion = None
    return Candidate(
        round=round_,
        subject_type=subject_type,
        unit=proposal.unit,
        person=proposal.person,
        household=proposal.household,
        subject_key=key,
        label=label[:400],
        label_order=order,
        search_text=fold(label),
        proposer=proposer,
        is_own_proposal=is_own,
        form=proposal.form,
        form_reason=proposal.form_reason.strip(),
        achievement=proposal.achievement.strip(),
        since=proposal.since or round_.since,
        until=proposal.until or round_.until,
        simplified_case=proposal.simplified_case,
        simplified_reason=proposal.simplified_reason.strip(),
        verdict=suggestion.verdict if suggestion else None,
    )


def _subject(proposal: Proposal, *, on: date) -> tuple[AwardSubjectType, str, str]:
    if proposal.person is not None:
        return AwardSubjectType.PERSON, f"person:{proposal.person.pk}", proposal.person.name
    if proposal.household is not None:
        household = proposal.household
        return AwardSubjectType.HOUSEHOLD, f"household:{household.pk}", f"Hộ {household.code}"
    if proposal.unit is None:
        raise RuleNotMet(WHAT, why="chưa chọn đối tượng", next_step="Chọn đơn vị, người hoặc hộ")
    label = tree.labels_on([proposal.unit.pk], on=on).get(proposal.unit.pk, str(proposal.unit))
    kind = TYPES.get(UnitKind(proposal.unit.kind), AwardSubjectType.AGENCY)
    return kind, f"unit:{proposal.unit.pk}", label


def _offered(candidate: Candidate) -> None:
    """The form is one that the round offers to such a subject, and the subject belongs to the proposer."""
    offers = candidate.round.forms.filter(form=candidate.form, subject_type=candidate.subject_type)
    if not offers.exists():
        raise RuleNotMet(
            WHAT,
            why="đợt này không xét hình thức đó cho loại đối tượng này",
            next_step="Chọn hình thức trong danh sách của đợt",
        )
    if candidate.since >= candidate.until:
        raise RuleNotMet(
            WHAT, why="thời gian lập thành tích kết thúc trước khi bắt đầu", next_step="Sửa thời gian"
        )
    if candidate.simplified_case is not None and not candidate.simplified_reason:
        raise RuleNotMet(
            WHAT,
            why="chọn thủ tục đơn giản mà chưa ghi lý do",
            next_step="Ghi vì sao thuộc trường hợp được theo thủ tục đơn giản",
        )
    home = candidate.home_id
    if candidate.subject_type in OF_UNITS and home == candidate.proposer_id:
        return
    on = candidate.made_at.date()
    if home != candidate.proposer_id and not tree.is_within(home, candidate.proposer_id, on=on):
        raise RuleNotMet(
            WHAT,
            why="đối tượng không thuộc đơn vị đề nghị",
            next_step="Đơn vị quản lý đối tượng lập đề nghị",
        )
