"""What other apps can tell about a unit in a period: contributions, inspections, difficulties.

An app says so in its `matters.py` with `register`; a report shows what is registered and nothing else. A
provider answers for many units with few queries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thidua.movements.models import Plan


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the system knows: a sentence, what stands behind it, and the page that shows it.

    `topic` groups facts under a question: "hoat-dong", "dang-ky", "nhiem-vu", or one of a provider.
    """

    topic: str
    text: str
    address: str = ""
    amount: Decimal | None = None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """About which units, in which plan and half-open period, it is asked."""

    plan: Plan
    unit_ids: Collection[int]
    since: date
    until: date
    on: date


Provider = Callable[[Question], list[Fact]]

_providers: dict[str, tuple[str, Provider]] = {}


def register(key: str, label: str, provider: Provider) -> None:
    """`label` heads what the provider tells: «Nguồn lực huy động»."""
    _providers[key] = (label, provider)


def told(question: Question) -> list[tuple[str, list[Fact]]]:
    """Label and facts of every provider that has something to tell."""
    found = [(label, provider(question)) for _, (label, provider) in sorted(_providers.items())]
    return [(label, facts) for label, facts in found if facts]
