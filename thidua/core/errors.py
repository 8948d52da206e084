"""Errors that reach users: each says what happened, why, and what to do next, in Vietnamese.

Apps derive their own from the three kinds; a legal rule names its article in `why`.
"""

from functools import partial
from typing import Any


class UserError(Exception):
    """Something a user must be told. `what`, `why`, `next_step`: plain Vietnamese without final stop."""

    def __init__(self, what: str, *, why: str = "", next_step: str = "") -> None:
        self.what = what.rstrip(". ")
        self.why = why.rstrip(". ")
        self.next_step = next_step.rstrip(". ")
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """«What: why. Next step.»"""
        first = f"{self.what}: {self.why}." if self.why else f"{self.what}."
        return f"{first} {self.next_step}." if self.next_step else first

    def __reduce__(self) -> tuple[Any, ...]:
        # a worker process hands the error to its parent, and Exception would keep only the joined message
        return partial(type(self), why=self.why, next_step=self.next_step), (self.what,)


class RuleNotMet(UserError):
    """A rule of law or of the procedure is not met."""


class NotAllowed(UserError):
    """The acting user has no right to do this."""


class ChangedMeanwhile(UserError):
    """Somebody else changed the same thing after the user loaded it."""
