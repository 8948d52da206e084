"""Days that answers and remedies may take, from the lawbook."""

from __future__ import annotations

from datetime import date, timedelta

from thidua.core.holiday_files import office_calendar
from thidua.criteria import lawbook
from thidua.criteria.lawbook import Parameter


def answer_term(on: date) -> Parameter:
    """Working days that a body has to answer a difficulty."""
    return lawbook.value("oversight.answer_days", on=on)


def answer_due(on: date) -> date:
    """The last day in time for a body that gets a difficulty on a day, which is not counted."""
    return office_calendar().plus(on, int(answer_term(on).value))


def working_days(first: date, last: date) -> int:
    """Working days after `first` up to `last`; nobody is quicker than on the same day."""
    return max(0, office_calendar().between(first + timedelta(days=1), last + timedelta(days=1)))


def remedy_due(on: date) -> date:
    """The usual last day of a remedy asked for on a day."""
    return on + timedelta(days=int(lawbook.value("oversight.remedy_days", on=on).value))
