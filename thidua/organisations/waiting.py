"""One thing that waits for somebody, as each app tells it to «Việc của tôi»."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do, with the page where it is done; `due_on` is the last day in time."""

    title: str
    why: str
    act: str
    address: str
    about: str
    due_on: date | None = None
    #: Somebody else waits for this person.
    is_answer: bool = False
