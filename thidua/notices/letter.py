"""One letter with everything a person is to be told at the moment: plain text, and the same as simple HTML.

No picture, nothing from elsewhere, no address that tells who opened it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from thidua.accounts.models import User
from thidua.core.clock import VIETNAM
from thidua.core.formats import format_date
from thidua.core.text import shortened
from thidua.notices.models import Delivery
from thidua.notices.rules import in_words


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    about: str
    address: str


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    lines: list[Line]


def compose(
    user: User, deliveries: Sequence[Delivery], *, batch: str, now: datetime
) -> EmailMultiAlternatives:
    """The letter; not sent yet. `batch` makes its number: our log and the mail server's can be compared."""
    on = now.astimezone(VIETNAM).date()
    context = {
        "name": str(user),
        "parts": _parts(deliveries, on=on),
        "choices_address": absolute(reverse("notices:choices")),
        "list_address": absolute(reverse("notices:list")),
        "site": settings.PUBLIC_URL,
    }
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    found = EmailMultiAlternatives(
        subject=f"[Thi Đua] {subject(deliveries, on=on)}",
        body=render_to_string("notices/letter.txt", context),
        to=[user.email],
        headers={
            "List-Unsubscribe": f"<{context['choices_address']}>",
            "Auto-Submitted": "auto-generated",
            "Message-ID": f"<{batch}@{host}>",
        },
    )
    found.attach_alternative(render_to_string("notices/letter.html", context), "text/html")
    return found


def absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}" if path.startswith("/") else settings.PUBLIC_URL


def subject(deliveries: Sequence[Delivery], *, on: date) -> str:
    if len(deliveries) == 1:
        (one,) = deliveries
        words = f" ({in_words(one.day, on=on)})" if is_deadline(one) else ""
        return " ".join(f"{shortened(one.text, 90)}{words}".split())
    late = sum(is_deadline(one) and one.day < on for one in deliveries)
    return f"{len(deliveries)} việc cần biết" + (f", {late} việc quá hạn" if late else "")


def is_deadline(one: Delivery) -> bool:
    return one.kind.startswith("due.")


def _parts(deliveries: Sequence[Delivery], *, on: date) -> list[Part]:
    """Late, falling due, news; each in the order of its days."""
    parts: dict[str, list[Line]] = {"Quá hạn": [], "Sắp đến hạn": [], "Thông báo mới": []}
    for one in sorted(deliveries, key=lambda one: (one.day, one.pk)):
        if is_deadline(one):
            title = "Quá hạn" if one.day < on else "Sắp đến hạn"
            text = f"{one.text}. Hạn {format_date(one.day)}, {in_words(one.day, on=on)}."
        else:
            title, text = "Thông báo mới", one.text
        parts[title].append(Line(text, one.about, absolute(one.address) if one.address else ""))
    return [Part(title, lines) for title, lines in parts.items() if lines]
