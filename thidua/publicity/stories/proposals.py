"""What somebody outside proposes: taken without sign-in, and held back until an officer has looked.

Hides how a flood is kept out: so many from one address and to one body within an hour, counted in the cache
under a hash, so that no address of a visitor is kept.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor
from thidua.audit.workflow import advance
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, nfc, shortened
from thidua.notices.telling import tell
from thidua.organisations.models import Unit
from thidua.publicity.models import Proposal, Story
from thidua.publicity.stories.writing import Written, draft

FROM_ONE_ADDRESS, TO_ONE_BODY, WINDOW_SECONDS = 5, 200, 3600


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
    _count(f"cong-de-xuat:{_hashed(address)}", most=FROM_ONE_ADDRESS)
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


def _hashed(address: str) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}|{address}".encode()).hexdigest()[:24]


def _count(key: str, *, most: int) -> None:
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        number = cache.incr(key)
    except ValueError:  # ended between the two
        cache.set(key, 1, WINDOW_SECONDS)
        number = 1
    if number > most:
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
