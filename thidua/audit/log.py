"""Writing the log. `record` is called inside the transaction of what it tells about: both stay or both go."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import models, transaction

from thidua.accounts.models import User
from thidua.audit.models import ChainHead, Entry
from thidua.core.text import fold


class Actor(Protocol):
    """Who acts.

    `organisations.authority.Acting` is a person with mandates; `SYSTEM` is the program itself.
    """

    @property
    def user(self) -> User | None: ...

    @property
    def unit_id(self) -> int | None:
        """The unit on whose behalf, when it is one."""

    @property
    def name(self) -> str:
        """As the log keeps it: person, role, unit."""

    @property
    def on(self) -> date:
        """The day on which the actor acts."""

    def require(self, right: str, on_object: models.Model) -> None:
        """Raise NotAllowed, with the reason, when this actor lacks the right to act on the object."""


@dataclass(frozen=True, slots=True)
class System:
    """The program itself: jobs, imports, set-up. It may do everything."""

    on: date
    name: str = "Hệ thống"
    user: None = None
    unit_id: None = None

    def require(self, right: str, on_object: models.Model) -> None:
        return None


FIRST_HASH = "0" * 64


def record(
    action: str,
    on_object: models.Model,
    *,
    label: str,
    actor: Actor,
    now: datetime,
    object_label: str = "",
    object_unit_id: int | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Add one link to the chain and return it.

    `action` is a code (`movements.task.accept`), `label` its Vietnamese name; `details` must be JSON or
    dates and decimals. Holds the chain's head until the caller's transaction ends.
    """
    with transaction.atomic():
        head = _locked_head()
        entry = Entry(
            number=head.number + 1,
            at=now,
            written_at=datetime.now(UTC),
            user=actor.user,
            actor=actor.name[:300],
            unit_id=actor.unit_id,
            object_unit_id=object_unit_id,
            action=action,
            action_label=label[:200],
            object_type=on_object._meta.label_lower,
            object_id=str(on_object.pk),
            object_label=(object_label or str(on_object))[:500],
            state_before=before,
            state_after=after,
            reason=reason,
            details=canonical(details or {}),
            previous_hash=head.hash or FIRST_HASH,
        )
        entry.search_text = fold(f"{entry.action_label} {entry.object_label} {entry.actor} {entry.reason}")
        entry.hash = hash_of(entry)
        entry.save(force_insert=True)
        ChainHead.objects.filter(pk=head.pk).update(number=entry.number, hash=entry.hash)
    return entry


def _locked_head() -> ChainHead:
    ChainHead.objects.get_or_create(pk=1)
    return ChainHead.objects.select_for_update().get(pk=1)


#: What is hashed, in this order. A new column joins only with a new version of the chain.
HASHED = (
    "number",
    "at",
    "written_at",
    "user_id",
    "actor",
    "unit_id",
    "object_unit_id",
    "action",
    "action_label",
    "object_type",
    "object_id",
    "object_label",
    "state_before",
    "state_after",
    "reason",
    "details",
    "previous_hash",
)


def hash_of(entry: Entry) -> str:
    """SHA-256 over the hashed columns as canonical JSON; moments in UTC with microseconds."""
    return hashlib.sha256(hashed_text(entry).encode()).hexdigest()


def hashed_text(entry: Entry) -> str:
    """What the hash of an entry is made of, for those who compute it elsewhere."""
    return canonical([_hashable(getattr(entry, name)) for name in HASHED])


def _hashable(value: Any) -> Any:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") if isinstance(value, datetime) else value


def canonical(value: Any) -> str:
    """JSON that is the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _hashable(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"not for the log: {value!r}")
