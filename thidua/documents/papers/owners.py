"""What papers are about: objects of apps above, which say who besides the bodies may read and draft.

An app above registers its kind of object in a module that Django imports at start (`rights.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Model

from thidua.audit.log import Actor

if TYPE_CHECKING:
    from thidua.documents.models import OutgoingPaper


def nobody(_pk: str) -> Collection[int]:
    return ()


def nothing(_paper: OutgoingPaper, _actor: Actor, _now: datetime) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Owner:
    """One kind of object, by its label ("reports.report").

    `reading_units` and `drafting_units` give the units whose people may read, or read and draft, a paper
    about the object with this key; `address` the page of the object. `when_issued` is called inside the
    transaction in which a paper about it is issued; what it raises keeps the paper from being issued.
    """

    label: str
    title: str
    reading_units: Callable[[str], Collection[int]] = nobody
    drafting_units: Callable[[str], Collection[int]] = nobody
    address: Callable[[str], str] = lambda _pk: ""
    when_issued: Callable[[OutgoingPaper, Actor, datetime], None] = nothing


_owners: dict[str, Owner] = {}


def register(owner: Owner) -> Owner:
    _owners[owner.label.lower()] = owner
    return owner


def owner_of(about_type: str) -> Owner | None:
    return _owners.get(about_type.lower())


def key_of(about: Model | None) -> tuple[str, str]:
    """What a paper keeps of the object it is about: its label and key; nothing for none."""
    return (about._meta.label_lower, str(about.pk)) if about is not None else ("", "")
