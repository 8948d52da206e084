"""Writing a story and moving it along; what must be there before the public sees it.

Knows the rules: somebody agreed, every picture has words, text is there. Hides that a consent which is taken
back takes the story down in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from thidua.audit import log
from thidua.audit.log import Actor, System
from thidua.audit.workflow import Move, advance
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import fold, nfc, sort_key
from thidua.documents.file_store import check_evidence, store
from thidua.movements.models import Movement
from thidua.notices.telling import tell
from thidua.organisations.models import Unit
from thidua.publicity.models import Consent, Copying, Story, StoryColumn, StoryKind, StoryState

WITHDRAWN_CONSENT = "Người hoặc đơn vị được nêu đã rút đồng ý"


@dataclass(frozen=True, slots=True)
class Written:
    """The words of a story as a form or a proposal gives them."""

    kind: str
    subject: str
    title: str
    lead: str
    text: str
    column: StoryColumn | None = None
    movement: Movement | None = None


def draft(written: Written, *, unit: Unit, publisher: Unit, actor: Actor, now: datetime) -> Story:
    story = Story(unit=unit, publisher=publisher, made_at=now, user=actor.user, **_fields(written, now=now))
    actor.require("story.write", story)
    with transaction.atomic():
        story.save()
        _record("story.draft", story, "Viết bài", actor=actor, now=now)
    return story


def change(story: Story, written: Written, *, edition: int, actor: Actor, now: datetime) -> None:
    """Take new words; refused when somebody else changed it since `edition`."""
    actor.require("story.write", story)
    _must_be_open(story, what="sửa bài")
    fields = {**_fields(written, now=now), "edition": edition + 1}
    with transaction.atomic():
        changed = Story.objects.filter(pk=story.pk, edition=edition, state__in=Story.OPEN).update(**fields)
        if not changed:
            raise ChangedMeanwhile(
                "Chưa lưu được bài",
                why="người khác vừa sửa bài này",
                next_step="Mở lại trang, xem bản mới rồi sửa tiếp",
            )
        _record("story.change", story, "Sửa bài", actor=actor, now=now)
    for name, value in fields.items():
        setattr(story, name, value)


def _fields(written: Written, *, now: datetime) -> dict[str, Any]:
    title, subject = nfc(written.title).strip(), nfc(written.subject).strip()
    lead, text = nfc(written.lead).strip(), nfc(written.text).strip()
    return {
        "kind": StoryKind(written.kind),
        "subject": subject,
        "title": title,
        "title_order": sort_key(title)[:500],
        "lead": lead,
        "text": text,
        "column": written.column,
        "movement": written.movement,
        "search_text": fold(f"{title} {subject} {lead} {text}"),
        "changed_at": now,
    }


def _must_be_open(story: Story, *, what: str) -> None:
    if not story.is_open:
        raise RuleNotMet(
            f"Chưa thể {what}",
            why=f"bài đang ở trạng thái «{story.get_state_display()}»",
            next_step="Rút bài về nháp rồi làm tiếp",
        )


def _record(action: str, story: Story, label: str, *, actor: Actor, now: datetime, **more: Any) -> None:
    log.record(
        f"publicity.{action}", story, label=label, actor=actor, now=now, object_unit_id=story.unit_id, **more
    )


# --- guards -----------------------------------------------------------------------------------------------


def is_ready(story: Story, move: Move) -> None:
    """Guard of sending and publishing: text, and somebody who agreed and still does."""
    what = "Chưa thể gửi hay đăng bài này"
    if len(story.text.split()) < 10:
        raise RuleNotMet(what, why="bài chưa có nội dung", next_step="Viết nội dung rồi làm lại")
    if not story.consents.filter(withdrawn_at__isnull=True).exists():
        raise RuleNotMet(
            what,
            why="chưa ghi nhận người hoặc đơn vị được nêu đồng ý, hoặc họ đã rút đồng ý",
            next_step="Hỏi ý kiến, ghi vào phần «Đồng ý» (kèm giấy nếu có) rồi làm lại",
        )


# --- steps ------------------------------------------------------------------------------------------------


def offer(story: Story, *, actor: Actor, now: datetime) -> None:
    """Send it to the body that publishes."""
    with transaction.atomic():
        advance(story, "offer", actor=actor, now=now)
        _tell(story, story.publisher_id, f"Bài chờ duyệt: {story.title}", actor=actor, now=now)


def recall(story: Story, *, actor: Actor, now: datetime) -> None:
    advance(story, "recall", actor=actor, now=now)


def send_back(story: Story, *, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(story, "send_back", actor=actor, now=now, reason=reason)
        _tell(story, story.unit_id, f"Bài bị trả lại: {story.title}. Lý do: {reason}", actor=actor, now=now)


def publish(story: Story, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(story, "publish", actor=actor, now=now, changes={"published_at": now})
        _tell(story, story.unit_id, f"Bài đã lên cổng công khai: {story.title}", actor=actor, now=now)


def withdraw(story: Story, *, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(story, "withdraw", actor=actor, now=now, reason=reason)
        _tell(
            story, story.unit_id, f"Bài đã gỡ khỏi cổng: {story.title}. Lý do: {reason}", actor=actor, now=now
        )


def reopen(story: Story, *, actor: Actor, now: datetime) -> None:
    """Make a story that was taken down a draft again."""
    advance(story, "reopen", actor=actor, now=now)


def drop(story: Story, *, actor: Actor, now: datetime) -> None:
    advance(story, "drop", actor=actor, now=now)


def _tell(story: Story, unit_id: int, text: str, *, actor: Actor, now: datetime) -> None:
    tell(
        kind="publicity.story",
        text=text,
        address=reverse("stories:story", args=[story.pk]),
        now=now,
        sender=actor.name,
        unit_id=unit_id,
    )


# --- consent ----------------------------------------------------------------------------------------------


def note_consent(
    story: Story,
    *,
    giver: str,
    given_on: date,
    how: str = "",
    file: tuple[str, bytes] | None = None,
    actor: Actor,
    now: datetime,
) -> Consent:
    """Write down that somebody agreed; `file` is name and bytes of a signed paper."""
    actor.require("story.write", story)
    if not how.strip() and file is None:
        raise RuleNotMet(
            "Chưa ghi được đồng ý",
            why="chưa có giấy đồng ý và chưa ghi đồng ý bằng cách nào",
            next_step="Chọn tệp, hoặc ghi cách đã hỏi (trực tiếp, điện thoại)",
        )
    if given_on > actor.on:
        raise RuleNotMet(
            "Chưa ghi được đồng ý",
            why="ngày đồng ý ở tương lai",
            next_step="Ghi ngày mà người được nêu đã đồng ý",
        )
    name = check_evidence(file[1], file_name=file[0]) if file else ""
    with transaction.atomic():
        consent = Consent.objects.create(
            story=story,
            giver=nfc(giver).strip(),
            given_on=given_on,
            how=nfc(how).strip(),
            file=store(file[1]) if file else None,
            file_name=name,
            user=actor.user,
            noted_at=now,
        )
        _record("story.consent", story, "Ghi đồng ý", actor=actor, now=now)
    return consent


def take_back_consent(consent: Consent, *, reason: str, actor: Actor, now: datetime) -> None:
    """Somebody no longer agrees: with the last consent gone, a published story is taken down at once."""
    story = consent.story
    actor.require("story.write", story)
    if not reason.strip():
        raise RuleNotMet(
            "Chưa ghi được việc rút đồng ý", why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại"
        )
    with transaction.atomic():
        changed = Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(
            withdrawn_at=now, withdrawn_reason=nfc(reason).strip()[:500]
        )
        if not changed:
            raise ChangedMeanwhile(
                "Chưa ghi được việc rút đồng ý", why="đã ghi rồi", next_step="Mở lại trang để xem"
            )
        _record("story.consent_taken_back", story, "Rút đồng ý", actor=actor, now=now, reason=reason)
        agreed = story.consents.filter(withdrawn_at__isnull=True).exists()
        if story.state == StoryState.PUBLISHED and not agreed:
            # The wish of who is named does not wait for a review.
            program = System(on=actor.on)
            advance(story, "withdraw", actor=program, now=now, reason=WITHDRAWN_CONSENT)
            _tell(story, story.publisher_id, f"{WITHDRAWN_CONSENT}: {story.title}", actor=program, now=now)


# --- where it is copied -----------------------------------------------------------------------------------


def note_copy(story: Story, copying: Copying, *, actor: Actor, now: datetime) -> Copying:
    """Write down where a story's model is done too; `copying` is not saved yet."""
    actor.require("story.copy", story)
    if Copying.objects.filter(story=story, unit=copying.unit).exists():
        raise RuleNotMet(
            "Chưa ghi được nơi nhân rộng",
            why="đơn vị này đã có trong danh sách",
            next_step="Xóa dòng cũ rồi ghi lại với kết quả mới",
        )
    copying.story, copying.user, copying.noted_at = story, actor.user, now
    with transaction.atomic():
        copying.save()
        _record("story.copy", story, "Ghi nơi nhân rộng", actor=actor, now=now)
    return copying


def forget_copy(copying: Copying, *, actor: Actor, now: datetime) -> None:
    story = copying.story
    actor.require("story.copy", story)
    with transaction.atomic():
        _record(
            "story.forget_copy",
            story,
            "Xóa nơi nhân rộng",
            actor=actor,
            now=now,
            details={"unit": copying.unit_id, "since": copying.since, "result": copying.result},
        )
        copying.delete()
