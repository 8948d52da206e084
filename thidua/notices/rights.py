"""Who may see what was sent to whom. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from django.db.models import QuerySet

from thidua.notices.models import Delivery
from thidua.organisations import tree
from thidua.organisations.authority import Acting, Reach, Right, register
from thidua.organisations.models import Mandate, Role

SENT = register(
    Right(
        "notices.read_sent",
        "xem nhật ký gửi thông báo",
        frozenset({Role.ADMINISTRATOR}),
        lambda _log: (),
        reach=Reach.ANY,
    )
)


def may_see_what_was_sent(acting: Acting) -> bool:
    return acting.may("notices.read_sent", None)


def sent_to_people_of(acting: Acting) -> QuerySet[Delivery]:
    """Deliveries to people who act or acted for the units this person administers, or for those below."""
    mine = acting.unit_ids([Role.ADMINISTRATOR])
    below = tree.ids_at_or_below(mine, on=acting.on)
    people = Mandate.objects.filter(unit_id__in=[*mine]) | Mandate.objects.filter(unit_id__in=below)
    return (
        Delivery.objects.filter(user_id__in=people.order_by().values("user_id"))
        .select_related("user")
        .order_by("-planned_at", "-pk")
    )
