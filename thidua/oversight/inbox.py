"""What of oversight waits for a person."""

from __future__ import annotations

from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting
from thidua.oversight.difficulties import inbox as difficulties
from thidua.oversight.inspections import inbox as inspections

#: Of each sort so many are fetched, the most urgent first.
MOST = 60


def waiting_for(acting: Acting) -> list[Waiting]:
    """One query for each sort, however many there are."""
    return [
        *inspections.waiting_for(acting, at_most=MOST),
        *difficulties.waiting_for(acting, at_most=MOST),
    ]
