"""What happens to a difficulty: raised, taken, passed on, answered, published, raised again, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, nfc, shortened, sort_key
from thidua.movements.models import Plan
from thidua.movements.plans import amendments
from thidua.movements.tasks.evidence import Upload
from thidua.notices import telling
from thidua.organisations import tree
from thidua.oversight import proofs, terms
from thidua.oversight.difficulties import routing
from thidua.oversight.models import Difficulty, Guidance, Passage


@dataclass(frozen=True, slots=True)
class About:
    """What a difficulty is about, as `movements.raising` knows it."""

    kind: str = ""
    key: int | None = None
    title: str = ""
    address: str = ""


def page_of(difficulty: Difficulty) -> str:
    return reverse("difficulties:difficulty", args=[difficulty.pk])


def raise_difficulty(
    *,
    unit_id: int,
    title: str,
    text: str,
    actor: Actor,
    now: datetime,
    plan: Plan | None = None,
    about: About | None = None,
    wish: str = "",
    files: Sequence[Upload] = (),
) -> Difficulty:
    """A new difficulty, which waits for the body that runs the plan, or for the unit above.

    The same words of the same unit on the same day are one difficulty: a form sent twice adds nothing. Raises
    NotAllowed, RuleNotMet (no words, nobody above, a file that cannot be kept).
    """
    what, about = "Chưa gửi được vướng mắc", about or About()
    title, text = nfc(title).strip(), nfc(text).strip()
    if not title or not text:
        raise RuleNotMet(what, why="chưa ghi vướng mắc hoặc nội dung", next_step="Ghi cả hai ô rồi gửi lại")
    receiver_id = routing.first_receiver(plan, unit_id, on=actor.on)
    if receiver_id is None:
        raise RuleNotMet(
            what,
            why="chưa rõ cơ quan nào ở trên đơn vị này trả lời",
            next_step="Chọn kế hoạch có cơ quan thường trực rồi gửi lại",
        )
    difficulty = Difficulty(
        unit_id=unit_id,
        plan=plan,
        receiver_id=receiver_id,
        about_kind=about.kind,
        about_key=about.key,
        about_title=about.title[:500],
        about_address=about.address,
        title=title[:300],
        title_order=sort_key(title[:300]),
        text=text,
        wish=nfc(wish).strip(),
        raised_at=now,
        user=actor.user,
        due_on=terms.answer_due(actor.on),
        search_text=fold(f"{title} {text} {wish} {about.title}"),
    )
    actor.require("difficulty.raise", difficulty)
    same = Difficulty.objects.filter(
        unit_id=unit_id, title=difficulty.title, text=text, plan=plan, state__in=Difficulty.OPEN
    ).first()
    with transaction.atomic():
        if same is not None:
            proofs.attach(files, now=now, difficulty=same)
            return same
        difficulty.save(force_insert=True)
        Passage.objects.create(difficulty=difficulty, receiver_id=receiver_id, since=now)
        proofs.attach(files, now=now, difficulty=difficulty)
        record(
            "oversight.difficulty.raise",
            difficulty,
            label="Nêu vướng mắc",
            actor=actor,
            now=now,
            object_unit_id=unit_id,
            after=difficulty.state,
            details={"plan": plan.pk if plan else None, "receiver": receiver_id},
        )
        _tell(difficulty, receiver_id, "Vướng mắc mới chờ trả lời", actor=actor, now=now)
    return difficulty


def take(difficulty: Difficulty, *, actor: Actor, now: datetime) -> None:
    """The body that has it says that it works on it."""
    with transaction.atomic():
        advance(difficulty, "take", actor=actor, now=now)
        _tell(difficulty, difficulty.unit_id, "Cơ quan trả lời đã tiếp nhận vướng mắc", actor=actor, now=now)


def forward(difficulty: Difficulty, receiver_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Pass it on to a body further up, whose term begins anew."""
    if receiver_id not in routing.higher_receivers(difficulty, on=actor.on):
        raise RuleNotMet(
            "Chưa chuyển được vướng mắc",
            why="chỉ chuyển được cho cơ quan của kế hoạch cấp trên hoặc đơn vị cấp trên",
            next_step="Chọn một cơ quan trong danh sách",
        )
    with transaction.atomic():
        advance(
            difficulty,
            "forward",
            actor=actor,
            now=now,
            reason=reason,
            changes={"receiver_id": receiver_id, "due_on": terms.answer_due(actor.on)},
        )
        Passage.objects.create(
            difficulty=difficulty, receiver_id=receiver_id, since=now, reason=reason.strip()
        )
        label = tree.labels_on([receiver_id], on=actor.on).get(receiver_id, "")
        _tell(difficulty, receiver_id, "Vướng mắc được chuyển đến, chờ trả lời", actor=actor, now=now)
        _tell(difficulty, difficulty.unit_id, f"Vướng mắc đã chuyển đến {label}", actor=actor, now=now)


def propose_amendment(difficulty: Difficulty, *, note: str, actor: Actor, now: datetime) -> None:
    """Begin a draft that amends the plan, and remember it with the difficulty, which stays open.

    Raises what `plans.amendments.start` raises: no right to draft, a draft that is open already, no note.
    """
    if difficulty.plan is None:
        raise RuleNotMet(
            "Chưa lập được đề nghị sửa kế hoạch",
            why="vướng mắc này không gắn với kế hoạch nào",
            next_step="Trả lời bằng lời, hoặc ra hướng dẫn",
        )
    with transaction.atomic():
        version = amendments.start(difficulty.plan, note=note, actor=actor, now=now)
        advance(difficulty, "amend", actor=actor, now=now, reason=note, changes={"amendment": version})
        _tell(difficulty, difficulty.unit_id, "Vướng mắc dẫn đến đề nghị sửa kế hoạch", actor=actor, now=now)


def answer(difficulty: Difficulty, *, text: str, actor: Actor, now: datetime) -> None:
    """Answer it; how long it took is counted from the day it was raised."""
    _answer(difficulty, nfc(text).strip(), None, actor=actor, now=now)


def answer_by_guidance(
    difficulty: Difficulty, *, title: str, text: str, number: str = "", actor: Actor, now: datetime
) -> Guidance:
    """Answer with a guidance document for all units of the plan."""
    title, text = nfc(title).strip()[:500], nfc(text).strip()
    if not title:
        raise RuleNotMet(
            "Chưa ra được hướng dẫn", why="chưa ghi tên hướng dẫn", next_step="Ghi tên rồi gửi lại"
        )
    actor.require("difficulty.answer", difficulty)
    with transaction.atomic():
        guidance = Guidance.objects.create(
            unit_id=difficulty.receiver_id,
            plan=difficulty.plan,
            title=title,
            title_order=sort_key(title),
            number=number.strip()[:100],
            dated=actor.on,
            text=text,
            search_text=fold(f"{number} {title} {text}"),
            user=actor.user,
            made_at=now,
        )
        record(
            "oversight.guidance.write",
            guidance,
            label="Ra hướng dẫn",
            actor=actor,
            now=now,
            object_unit_id=guidance.unit_id,
            details={"difficulty": difficulty.pk},
        )
        _answer(difficulty, text, guidance, actor=actor, now=now)
    return guidance


def _answer(
    difficulty: Difficulty, text: str, guidance: Guidance | None, *, actor: Actor, now: datetime
) -> None:
    if not text:
        raise RuleNotMet(
            "Chưa trả lời được", why="chưa ghi nội dung trả lời", next_step="Ghi trả lời rồi gửi lại"
        )
    raised_on = difficulty.raised_at.astimezone(VIETNAM).date()
    with transaction.atomic():
        advance(
            difficulty,
            "answer",
            actor=actor,
            now=now,
            reason=text,
            changes={
                "answer": text,
                "answered_at": now,
                "answered_in_days": terms.working_days(raised_on, actor.on),
                "guidance": guidance,
                "search_text": fold(
                    f"{difficulty.title} {difficulty.text} {difficulty.wish} {difficulty.about_title} {text}"
                ),
            },
        )
        _tell(difficulty, difficulty.unit_id, "Vướng mắc đã được trả lời", actor=actor, now=now)


def publish(difficulty: Difficulty, *, question: str, answer: str, actor: Actor, now: datetime) -> None:
    """Let everybody read question and answer, in words that somebody wrote for it, without names."""
    actor.require("difficulty.answer", difficulty)
    question, answer = nfc(question).strip(), nfc(answer).strip()
    if difficulty.answered_at is None or not question or not answer:
        raise RuleNotMet(
            "Chưa công khai được",
            why="vướng mắc chưa được trả lời"
            if difficulty.answered_at is None
            else "thiếu câu hỏi hoặc câu trả lời",
            next_step="Trả lời vướng mắc, ghi cả hai ô rồi công khai",
        )
    _set_public(difficulty, question, answer, "publish", "Công khai trả lời", "", actor=actor, now=now)


def take_back_publication(difficulty: Difficulty, *, reason: str, actor: Actor, now: datetime) -> None:
    """No longer shown to the public; the answer itself stays."""
    actor.require("difficulty.answer", difficulty)
    if not reason.strip():
        raise RuleNotMet("Chưa thôi công khai", why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại")
    _set_public(difficulty, "", "", "unpublish", "Thôi công khai", reason.strip(), actor=actor, now=now)


def _set_public(
    difficulty: Difficulty,
    question: str,
    answer: str,
    step: str,
    label: str,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    difficulty.public_question, difficulty.public_answer = question, answer
    difficulty.published_at = now if question else None
    difficulty.public_search_text = fold(f"{question} {answer}")
    with transaction.atomic():
        difficulty.save(
            update_fields=["public_question", "public_answer", "published_at", "public_search_text"]
        )
        record(
            f"oversight.difficulty.{step}",
            difficulty,
            label=label,
            actor=actor,
            now=now,
            object_unit_id=difficulty.unit_id,
            reason=reason,
        )


def raise_again(difficulty: Difficulty, *, reason: str, actor: Actor, now: datetime) -> None:
    """The answer did not help: it waits again with the body that answered. A publication ends."""
    with transaction.atomic():
        advance(
            difficulty,
            "raise_again",
            actor=actor,
            now=now,
            reason=reason,
            changes={
                "due_on": terms.answer_due(actor.on),
                "answered_at": None,
                "answered_in_days": None,
                "published_at": None,
            },
        )
        Passage.objects.create(
            difficulty=difficulty, receiver_id=difficulty.receiver_id, since=now, reason=reason.strip()
        )
        _tell(difficulty, difficulty.receiver_id, "Vướng mắc được nêu lại", actor=actor, now=now)


def withdraw(difficulty: Difficulty, *, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(difficulty, "withdraw", actor=actor, now=now, reason=reason)
        _tell(difficulty, difficulty.receiver_id, "Đơn vị đã rút vướng mắc", actor=actor, now=now)


def _tell(difficulty: Difficulty, unit_id: int, what: str, *, actor: Actor, now: datetime) -> None:
    """Silent when a unit would tell itself."""
    if unit_id != actor.unit_id:
        telling.tell(
            kind="difficulty",
            text=f"{what}: «{shortened(difficulty.title)}»",
            address=page_of(difficulty),
            now=now,
            sender=actor.name,
            unit_id=unit_id,
        )
