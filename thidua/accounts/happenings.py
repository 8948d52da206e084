"""What happens to accounts, told to whoever keeps a log.

This app lies below the log, so it sends a signal (listed in ARCHITECTURE.md) inside the transaction of what
it tells; `audit.sign_ins` writes the row. If the row cannot be written, the act does not happen either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.dispatch import Signal

from thidua.accounts.models import User

#: Sent with `happening`.
happened = Signal()


@dataclass(frozen=True, slots=True)
class Happening:
    """One act around an account. `by` is None when the program or somebody unknown did it."""

    action: str
    label: str
    user: User | None
    by: User | None
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def tell(
    action: str,
    user: User | None,
    *,
    label: str,
    by: User | None = None,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    happening = Happening(f"accounts.{action}", label, user, by, reason, details or {})
    happened.send(sender=Happening, happening=happening)
