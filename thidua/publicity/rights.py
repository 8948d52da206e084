"""Who may show something to the public. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from thidua.organisations.authority import Right, register
from thidua.organisations.models import Role
from thidua.publicity.models import Publication

DECIDING = frozenset({Role.STANDING, Role.LEADER})
Units = tuple[int | None, ...]


def issuing_units(publication: Publication) -> Units:
    """The body whose plan or paper it is; for a plan also the body that runs it."""
    if publication.plan is not None:
        return (publication.plan.owner_id, publication.plan.standing_body_id)
    return (publication.paper.unit_id,) if publication.paper is not None else ()


for right in (Right("publication.switch", "đưa lên hay rút khỏi cổng công khai", DECIDING, issuing_units),):
    register(right)
