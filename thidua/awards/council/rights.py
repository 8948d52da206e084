"""Who may do what to councils and their meetings. Voting is no right of a role: who holds a seat votes."""

from __future__ import annotations

from django.urls import reverse

from thidua.awards.models import Council, CouncilSession
from thidua.documents.papers import owners
from thidua.organisations.authority import Right, register
from thidua.organisations.models import Role

RUNNING = frozenset({Role.STANDING, Role.LEADER})
Units = tuple[int | None, ...]


def council_units(on_object: Council | CouncilSession) -> Units:
    council = on_object if isinstance(on_object, Council) else on_object.council
    return (council.unit_id, council.standing_body_id)


def _people_of_paper(pk: str) -> list[int]:
    found = (
        CouncilSession.objects.filter(pk=int(pk)).select_related("council").first() if pk.isdigit() else None
    )
    return [unit for unit in council_units(found) if unit is not None] if found else []


owners.register(
    owners.Owner(
        "awards.councilsession",
        "Cuộc họp hội đồng",
        reading_units=_people_of_paper,
        drafting_units=_people_of_paper,
        address=lambda pk: reverse("council:session", args=[int(pk)]),
    )
)

for right in (
    Right("council.keep", "lập hội đồng thi đua, khen thưởng", RUNNING, council_units),
    Right("councilsession.run", "chuẩn bị, điều hành cuộc họp hội đồng", RUNNING, council_units),
):
    register(right)
