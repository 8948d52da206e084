"""What signs: the port between papers and keys. Pure.

A software key, a token (PKCS#11) or the service of an authority each is a `Signer`; papers know no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mark:
    """One signature to be set: into which field, when, with which picture, what it closes.

    `picture` is a transparent PNG. `allows` names the fields that may still be filled afterwards: with it the
    signature certifies the paper and forbids every other change; without it, it closes the paper as it is.
    """

    field_name: str
    at: datetime
    reason: str
    picture: bytes | None = field(default=None, repr=False)
    allows: tuple[str, ...] = ()


class Signer(Protocol):
    """A key with its certificate."""

    @property
    def subject(self) -> str:
        """Whom the certificate names."""

    @property
    def is_demo(self) -> bool:
        """Made for demonstrations: proves nothing outside this installation."""

    def sign(self, pdf: bytes, mark: Mark) -> bytes:
        """The same file with one more revision that holds the signature."""
