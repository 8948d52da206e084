"""What the facts of a plan need to know of the document as a whole before they can be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """The issuer as far as it is known, and the period of the movement; None where the document does not say."""

    issuer: str | None = None  # normalised, "Sở Nội vụ tỉnh Hà Nam"
    issuer_as_printed: str | None = None  # "Sở Nội vụ"
    issuer_level: str | None = None  # golden/1 issuer.level
    province: str | None = None
    district: str | None = None
    commune: str | None = None
    period_from: int | None = None
    period_to: int | None = None
    year: int | None = None  # year of the document's date
