"""Who may see and change which document.

An upload belongs to the browser that sent it, known by a token kept in its session; reading needs no sign-in.
At sign-in it goes to the account, so that it is there again after the next one.
What a unit made a plan of is in the files of that unit: whoever acts for it sees it, and nobody removes it.
Samples are for everybody and nobody changes them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from thidua.accounts.models import User
from thidua.core.errors import NotAllowed, UserError
from thidua.documents.models import Document, Reading
from thidua.organisations.signed_in import who

SESSION_KEY = "documents_owner"


class NoSuchDocument(UserError):
    """There is no document at this address, or it is not for this browser. Both sound the same on purpose."""

    def __init__(self) -> None:
        super().__init__(
            "Không có văn bản này",
            why="địa chỉ không đúng, văn bản đã gỡ, hoặc đã được đưa vào từ một trình duyệt khác; "
            "khi chưa đăng nhập, mỗi trình duyệt chỉ xem được văn bản của mình",
            next_step="Mở lại bằng trình duyệt đã đưa văn bản vào, "
            "hoặc về trang Đọc kế hoạch và đưa tệp vào lần nữa",
        )


def owner_of(request: HttpRequest) -> str:
    """The token of this browser; empty when it never put anything in."""
    return str(request.session.get(SESSION_KEY, ""))


def owner_for_upload(request: HttpRequest) -> str:
    """The token of this browser, made when there is none. Not the session key, which changes at sign-in.

    Each upload lets the session begin its time anew, so that what is still used is not lost.
    """
    token = owner_of(request) or secrets.token_urlsafe(32)
    request.session[SESSION_KEY] = token
    return token


def token_of(user: User) -> str:
    """The token of an account: the same at each sign-in, and nobody else can make it."""
    secret = hmac.new(settings.SECRET_KEY.encode(), f"{SESSION_KEY}:{user.pk}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(secret.digest()).decode().rstrip("=")


def hand_over_at_sign_in(sender: Any, *, request: HttpRequest | None, user: User, **_: Any) -> None:
    """What this browser put in before its sign-in belongs to the account from now on.

    Not so with an account of a demonstration, behind which anybody may be.
    """
    if request is None or user.is_demo:
        return
    before, after = owner_of(request), token_of(user)
    if before and before != after:
        with transaction.atomic():
            known = Document.objects.filter(owner=after, removed_at__isnull=True).values("file_id")
            Document.objects.filter(owner=before).exclude(file_id__in=known).update(owner=after)
            Reading.objects.filter(owner=before).update(owner=after)
    request.session[SESSION_KEY] = after


def units_of(request: HttpRequest) -> frozenset[int]:
    """The units whose files the person of this request may see; none without a sign-in."""
    return who(request).unit_ids() if request.user.is_authenticated else frozenset()


def visible_to(owner: str, *, unit_ids: Collection[int] = ()) -> QuerySet[Document]:
    """The samples, what this browser put in and has not removed, and what is kept for these units."""
    mine = Q(is_sample=True)
    if owner:
        mine |= Q(owner=owner)
    if unit_ids:
        mine |= Q(kept_for__in=unit_ids)
    return Document.objects.filter(mine, removed_at__isnull=True)


def document_at(address: str, *, owner: str, unit_ids: Collection[int] = ()) -> Document:
    """The document at an address. Raises NoSuchDocument also when it belongs to another browser or unit."""
    document = visible_to(owner, unit_ids=unit_ids).filter(address=address).first()
    if document is None:
        raise NoSuchDocument
    return document


def own_document_at(address: str, *, owner: str) -> Document:
    """As `document_at`, for a change. Raises NotAllowed for a sample and for what a unit keeps."""
    document = document_at(address, owner=owner)
    if document.is_sample:
        raise NotAllowed(
            "Không gỡ được bản mẫu",
            why="năm kế hoạch mẫu dùng chung cho mọi người",
            next_step="Dùng bộ lọc «Của tôi» nếu chỉ muốn thấy văn bản của mình",
        )
    if document.kept_for_id is not None:
        raise NotAllowed(
            "Không gỡ được văn bản này",
            why="văn bản đã thành kế hoạch của một đơn vị và nằm trong hồ sơ của đơn vị đó",
            next_step="Muốn thay đổi kế hoạch thì lập bản điều chỉnh, bổ sung",
        )
    return document


def removed_document_at(address: str, *, owner: str) -> Document:
    """A document that this browser removed and may still take back. Raises NoSuchDocument."""
    removed = Document.objects.filter(address=address, removed_at__isnull=False).exclude(owner="")
    document = removed.filter(owner=owner).first()
    if document is None:
        raise NoSuchDocument
    return document


def readings_of(owner: str) -> QuerySet[Reading]:
    """What is being read for this browser, or was refused and not yet put away."""
    if not owner:
        return Reading.objects.none()
    return Reading.objects.filter(owner=owner, document__isnull=True).select_related("job")


def reading_at(pk: int, *, owner: str) -> Reading:
    """One reading of this browser. Raises NoSuchDocument."""
    reading = (
        Reading.objects.filter(pk=pk, owner=owner).exclude(owner="").select_related("job", "document").first()
    )
    if reading is None:
        raise NoSuchDocument
    return reading
