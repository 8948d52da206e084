"""What somebody outside proposes: taken without sign-in, and held back until an officer has looked.

Hides how a flood is kept out: so many from one address and to one body within an hour.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from thidua.accounts import hourly
from thidua.audit.log import Actor
from thidua.audit.workflow import advance
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, nfc, shortened
from thidua.notices.telling import tell
from thidua.organisations.models import Unit
from thidua.publicity.models import Proposal, Story
from thidua.publicity.stories.writing import Written, draft

FROM_ONE_ADDRESS, TO_ONE_BODY = 5, 200


def propose(
    *,
    unit: Unit,
    kind: str,
    subject: str,
    text: str,
    author: str = "",
    contact: str = "",
    address: str,
    now: datetime,
) -> Proposal:
    """Keep what a visitor wrote; `address` is where the request came from. Raises RuleNotMet in a flood."""
    _count(hourly.of_address("cong-de-xuat", address, now=now), most=FROM_ONE_ADDRESS)
    _count(f"cong-de-xuat-den:{unit.pk}", most=TO_ONE_BODY)
    with transaction.atomic():
        proposal = Proposal.objects.create(
            unit=unit,
            kind=kind,
            subject=nfc(subject).strip(),
            text=nfc(text).strip(),
            author=nfc(author).strip(),
            contact=nfc(contact).strip(),
            search_text=fold(f"{subject} {text}"),
            sent_at=now,
        )
        tell(
            kind="publicity.proposal",
            text=f"Đề xuất từ người dân: {shortened(proposal.subject, 120)}",
            address=reverse("stories:proposal", args=[proposal.pk]),
            now=now,
            sender="Cổng công khai",
            unit_id=unit.pk,
        )
    return proposal


def _count(key: str, *, most: int) -> None:
    if hourly.count(key) > most:
        raise RuleNotMet(
            "Chưa nhận được đề xuất",
            why="trong một giờ qua đã có quá nhiều đề xuất",
            next_step="Gửi lại sau một giờ, hoặc đến trực tiếp cơ quan",
        )


def take(proposal: Proposal, *, actor: Actor, now: datetime) -> Story:
    """Begin a story from it, in the words of who proposed; consent is still to be asked."""
    with transaction.atomic():
        story = draft(
            Written(
                kind=proposal.kind,
                subject=proposal.subject,
                title=shortened(proposal.subject, 150),
                lead=shortened(proposal.text, 300),
                text=proposal.text,
            ),
            unit=proposal.unit,
            publisher=proposal.unit,
            actor=actor,
            now=now,
        )
        advance(proposal, "take", actor=actor, now=now, changes={"decided_at": now, "story": story})
    return story


def decline(proposal: Proposal, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(proposal, "decline", actor=actor, now=now, reason=reason, changes={"decided_at": now})
