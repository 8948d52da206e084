"""The states of what is shown to the public. `docs/reference/states.md` is drawn from it."""

from __future__ import annotations

from thidua.audit.workflow import StateTable, Transition, register
from thidua.publicity.models import Publication, PublicationState
from thidua.publicity.publishing import is_fit_to_be_seen


def _unit_of(publication: Publication) -> int | None:
    if publication.plan is not None:
        return publication.plan.owner_id
    return publication.paper.unit_id if publication.paper is not None else None


PUBLICATIONS = register(
    StateTable(
        model="publicity.Publication",
        title="Mục trên cổng công khai",
        states=PublicationState,
        initial=PublicationState.HIDDEN,
        unit_of=_unit_of,
        transitions=(
            Transition(
                "publish",
                "Công khai",
                (PublicationState.HIDDEN, PublicationState.WITHDRAWN),
                PublicationState.PUBLISHED,
                right="publication.switch",
                guard=is_fit_to_be_seen,
            ),
            Transition(
                "withdraw",
                "Rút khỏi cổng công khai",
                (PublicationState.PUBLISHED,),
                PublicationState.WITHDRAWN,
                right="publication.switch",
                needs_reason=True,
            ),
        ),
    )
)
