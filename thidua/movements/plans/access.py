"""Which plans, versions and documents a person may open, and for whom the person may draft."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from thidua.core.text import sort_key
from thidua.documents import access as document_access
from thidua.documents.models import Document
from thidua.movements.models import Plan, PlanItem, PlanVersion, PlanVersionState
from thidua.movements.rights import PREPARING
from thidua.movements.visibility import visible_plans, visible_versions
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import PLACES, Unit, UnitVersion
from thidua.organisations.signed_in import who


def document_at(request: HttpRequest, address: str) -> Document:
    """A document that this person may see. Raises NoSuchDocument."""
    return document_access.document_at(
        address, owner=document_access.owner_of(request), unit_ids=who(request).unit_ids()
    )


def documents_of(request: HttpRequest) -> QuerySet[Document]:
    """Documents that may amend a plan: what this person sees."""
    return document_access.visible_to(document_access.owner_of(request), unit_ids=who(request).unit_ids())


def plan_at(request: HttpRequest, pk: int) -> Plan:
    plan = (
        visible_plans(who(request))
        .select_related("owner", "standing_body", "movement__variant_of")
        .filter(pk=pk)
        .first()
    )
    if plan is None:
        raise Http404("plan")
    return plan


def version_at(request: HttpRequest, pk: int) -> PlanVersion:
    """A version that this person may read."""
    version = (
        visible_versions(who(request))
        .select_related("plan__owner", "plan__standing_body", "plan__movement", "document", "replaces")
        .filter(pk=pk)
        .first()
    )
    if version is None:
        raise Http404("version")
    return version


def draft_at(request: HttpRequest, pk: int) -> PlanVersion:
    """A version whose draft this person may change. Raises NotAllowed with the reason."""
    version = version_at(request, pk)
    if version.is_draft and not who(request).may("plan.adopt", version):
        who(request).require("plan.draft", version)
    return version


def item_at(request: HttpRequest, version: PlanVersion, pk: int) -> PlanItem:
    item = version.items.select_related("continues").filter(pk=pk).first()
    if item is None:
        raise Http404("item")
    item.version = version
    return item


def own_drafts(acting: Acting) -> QuerySet[PlanVersion]:
    """Drafts that wait for the units of this person, newest first."""
    mine = acting.unit_ids()
    return (
        PlanVersion.objects.filter(state=PlanVersionState.DRAFT)
        .filter(Q(plan__owner_id__in=mine) | Q(plan__standing_body_id__in=mine))
        .select_related("plan__owner", "replaces", "document")
        .order_by("-made_at")
    )


def may_draft(acting: Acting) -> bool:
    """Whether this person prepares plans for any unit at all."""
    return acting.has_role(*PREPARING)


@dataclass(frozen=True)
class Choices:
    """For whom a person may draft: pairs of (key, label)."""

    owners: list[tuple[int, str]] = field(default_factory=list)
    #: Label of the owner, and the bodies that may run its plans.
    standing: list[tuple[str, list[tuple[int, str]]]] = field(default_factory=list)

    def owner_ids(self) -> set[int]:
        return {key for key, _ in self.owners}


def choices_for(acting: Acting) -> Choices:
    """Issuers and standing bodies for which this person has a preparing role.

    Own units issue and run their own plans; a body also runs those of the place or body it stands under.
    """
    own = acting.unit_ids(PREPARING)
    if not own:
        return Choices()
    labels: dict[int, str] = {}
    below: dict[int, list[tuple[int, str]]] = {}
    kinds = dict(Unit.objects.filter(pk__in=own).values_list("pk", "kind"))
    last = {unit_id: tree.last_version(unit_id, on=acting.on) for unit_id in own}
    owners = set(own)
    for unit_id, version in last.items():
        if version is not None and version.parent_id and kinds[unit_id] not in PLACES:
            owners.add(version.parent_id)
            below.setdefault(version.parent_id, []).append((unit_id, version.label))
    labels = tree.labels_on(owners, on=acting.on)
    bodies = UnitVersion.objects.filter(tree.valid_on(acting.on), parent_id__in=own).exclude(
        unit__kind__in=PLACES
    )
    for parent_id, unit_id, label in bodies.order_by("label_order").values_list(
        "parent_id", "unit_id", "label"
    ):
        if parent_id is not None and (unit_id, label) not in below.setdefault(parent_id, []):
            below[parent_id].append((unit_id, label))
    ordered = sorted(owners, key=lambda one: sort_key(labels.get(one, "")))
    return Choices(
        owners=[(one, labels.get(one, "")) for one in ordered],
        standing=[
            (
                labels.get(one, ""),
                ([(one, labels.get(one, ""))] if one in own else []) + below.get(one, []),
            )
            for one in ordered
        ],
    )
