"""Which function does which kind of job.

An app registers its functions in its module `background.py`, which is imported when Django starts. A job
function takes a `Progress` and the job's arguments, loads what the ids in them name, and may run twice
without harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

JobFunction = Callable[..., None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """How one kind of job is run. Attempts include the first."""

    name: str
    run: JobFunction
    max_attempts: int
    #: What it does, for people: "đọc tệp kế hoạch".
    label: str = ""
    #: Asked for by the workers once on every day, without arguments.
    is_daily: bool = False
    #: Asked for by the workers once in each span of so many minutes, without arguments; 0: never.
    every_minutes: int = 0


_kinds: dict[str, JobKind] = {}


def job_kind(
    name: str, *, label: str = "", max_attempts: int = 3, is_daily: bool = False, every_minutes: int = 0
) -> Callable[[JobFunction], JobFunction]:
    """Register the decorated function as what runs jobs of the kind `name` (written `app.verb_object`)."""

    def register(function: JobFunction) -> JobFunction:
        known = _kinds.get(name)
        if known is not None and known.run.__module__ != function.__module__:
            raise ValueError(
                f"job kind {name!r} is registered by {known.run.__module__} and {function.__module__}"
            )
        _kinds[name] = JobKind(
            name=name,
            run=function,
            max_attempts=max_attempts,
            label=label,
            is_daily=is_daily,
            every_minutes=every_minutes,
        )
        return function

    return register


def daily_kinds() -> list[str]:
    return sorted(kind.name for kind in _kinds.values() if kind.is_daily)


def repeated_kinds() -> list[tuple[str, int]]:
    """Name and minutes of what is asked for several times a day."""
    return sorted((kind.name, kind.every_minutes) for kind in _kinds.values() if kind.every_minutes)


def label_of(name: str) -> str:
    """What a kind does, for people; its name when it has no label, or exists no longer."""
    kind = _kinds.get(name)
    return kind.label or name if kind else name


def kind_named(name: str) -> JobKind:
    """The kind of that name; raises KeyError for a name that nobody registered."""
    return _kinds[name]


def call(kind: JobKind, progress: Any, args: dict[str, Any]) -> None:
    """Run the function of `kind`; raises whatever it raises."""
    kind.run(progress, **args)
