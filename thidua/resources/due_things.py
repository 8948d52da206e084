"""What of resources falls due: pledges, proofs of use, campaigns, what agencies promised to places.

All of them stand in «Việc của tôi» through `resources.inbox`, on the same days. Loans of households do not:
the household owes them to the bank, the file of the bank is handed in for criteria only, and nobody here may
dun for it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from thidua.core.text import shortened
from thidua.movements.rights import DOING
from thidua.notices.due import Due, register, source_of_rows
from thidua.organisations import tree
from thidua.organisations.models import Role, UnitVersion
from thidua.resources.models import (
    Allocation,
    AllocationState,
    Campaign,
    CampaignState,
    Pledge,
    PledgeState,
    Sponsorship,
    SponsorshipState,
    SupportItem,
)

WORKERS = DOING - {Role.LEADER}


def _pledges(_on: date) -> QuerySet[Pledge]:
    return Pledge.objects.filter(state=PledgeState.PROMISED, due_on__isnull=False).select_related(
        "fund", "donor"
    )


def _due_pledge(row: Pledge) -> Due:
    assert row.due_on is not None
    return Due(
        key=str(row.pk),
        # letters leave the program: of a person or household only what anybody may read
        title=f"Nhận cam kết của {row.donor.public_name}",
        address=reverse("resources:pledge", args=[row.pk]),
        due_on=row.due_on,
        unit_id=row.fund.unit_id,
        about=row.fund.name,
    )


def _proofs(_on: date) -> QuerySet[Allocation]:
    """What a campaign was given is shown by its visits, not here."""
    return Allocation.objects.filter(
        Q(recipient_unit__isnull=False) | Q(household__isnull=False),
        state=AllocationState.GIVEN,
        due_on__isnull=False,
    ).select_related("fund")


def _due_proof(row: Allocation) -> Due:
    """Owed by the unit that was given something; for households by the body that keeps the fund."""
    assert row.due_on is not None
    return Due(
        key=str(row.pk),
        title=f"Chứng minh sử dụng: {shortened(row.purpose)}",
        address=reverse("resources:allocation", args=[row.pk]),
        due_on=row.due_on,
        unit_id=row.recipient_unit_id if row.household_id is None else row.fund.unit_id,
        about=row.fund.name,
    )


def _campaigns(_on: date) -> QuerySet[Campaign]:
    return Campaign.objects.filter(state=CampaignState.RUNNING)


def _due_campaign(row: Campaign) -> Due:
    return Due(
        key=str(row.pk),
        title=f"Ghi đủ lượt thăm, kết thúc đợt: {row.name}",
        address=reverse("resources:campaign", args=[row.pk]),
        due_on=row.until,
        unit_id=row.unit_id,
        about=str(row.get_kind_display()),
    )


def _label(place: str, *, on: date) -> Coalesce:
    """Name of a place on a day, asked with the rows themselves; empty for one that is gone."""
    versions = UnitVersion.objects.filter(tree.valid_on(on), unit=OuterRef(place))
    return Coalesce(Subquery(versions.values("label")[:1]), Value(""))


def promised(on: date) -> QuerySet[Any]:
    """Items of running programmes that are not done, with the name of the place."""
    return (
        SupportItem.objects.filter(
            sponsorship__state=SponsorshipState.ACTIVE, done_on__isnull=True, due_on__isnull=False
        )
        .select_related("sponsorship")
        .annotate(place_label=_label("sponsorship__place", on=on))
    )


def with_place(row: Any, one: Sponsorship) -> str:
    """«Kết nghĩa · xã Ví Dụ»."""
    return " · ".join(filter(None, (str(one.get_kind_display()), row.place_label)))


def _due_promise(row: Any) -> Due:
    return Due(
        key=str(row.pk),
        title=f"Việc hỗ trợ: {shortened(row.title)}",
        address=reverse("resources:sponsorship", args=[row.sponsorship_id]),
        due_on=row.due_on,
        unit_id=row.sponsorship.agency_id,
        about=with_place(row, row.sponsorship),
    )


def ending(on: date) -> QuerySet[Any]:
    """Running programmes that have an end, with the name of the place."""
    return Sponsorship.objects.filter(state=SponsorshipState.ACTIVE, until__isnull=False).annotate(
        place_label=_label("place", on=on)
    )


def _due_end(row: Any) -> Due:
    return Due(
        key=str(row.pk),
        title=f"Ghi kết quả, kết thúc chương trình {str(row.get_kind_display()).lower()}",
        address=reverse("resources:sponsorship", args=[row.pk]),
        due_on=row.until,
        unit_id=row.agency_id,
        about=with_place(row, row),
    )


for source in (
    source_of_rows(
        "pledges", "Cam kết ủng hộ", roles=WORKERS, late_roles=DOING, waiting=_pledges, due=_due_pledge
    ),
    source_of_rows(
        "allocations", "Sử dụng nguồn lực", roles=WORKERS, late_roles=DOING, waiting=_proofs, due=_due_proof
    ),
    source_of_rows(
        "campaigns",
        "Đợt cao điểm",
        roles=WORKERS,
        late_roles=DOING,
        waiting=_campaigns,
        due=_due_campaign,
        day="until",
    ),
    source_of_rows(
        "support_items",
        "Đỡ đầu, kết nghĩa",
        roles=WORKERS,
        late_roles=DOING,
        waiting=promised,
        due=_due_promise,
    ),
    source_of_rows(
        "sponsorships",
        "Kết thúc đỡ đầu",
        roles=WORKERS,
        late_roles=DOING,
        waiting=ending,
        due=_due_end,
        day="until",
    ),
):
    register(source)
