"""Errors that reach users: each says what happened, why, and what to do next, in Vietnamese.

Apps derive their own from the three kinds; a legal rule names its article in `why`.
"""


class UserError(Exception):
    """Something a user must be told. `what`, `why` and `next_step` are plain Vietnamese without final stop."""

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


class RuleNotMet(UserError):
    """A rule of law or of the procedure is not met."""


class NotAllowed(UserError):
    """The acting user has no right to do this."""


class ChangedMeanwhile(UserError):
    """Somebody else changed the same thing after the user loaded it."""
