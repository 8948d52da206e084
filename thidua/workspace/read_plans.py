"""Documents that were read, whose issuer is a unit of this person, and that nobody made a plan of yet.

Hides how the printed name of an issuer is compared with a unit; the number of queries does not depend on the
number of documents.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from thidua.core.text import fold
from thidua.documents.models import Document
from thidua.movements.models import Plan, PlanVersion, PlanVersionState
from thidua.movements.plans.access import choices_for
from thidua.organisations import tree
from thidua.organisations.authority import Acting

#: So many documents are looked at, and so many offered.
MOST_LOOKED_AT, MOST = 40, 6
#: A place also stands for its People's Committee.
_COMMITTEE = "uy ban nhan dan "
_PLANS = [PlanVersionState.DRAFT, PlanVersionState.ADOPTED, PlanVersionState.SUPERSEDED]


def not_yet_started(acting: Acting, documents: QuerySet[Document]) -> list[Document]:
    """Of `documents` those that this person may make a plan of, newest first; `MOST` at most."""
    owners = dict(choices_for(acting).owners)
    names = {pk: _name(label) for pk, label in owners.items()}
    holding = Q(pk__in=[])
    for name in names.values():
        holding |= Q(search_text__contains=name)
    used = PlanVersion.objects.filter(document__file=OuterRef("file"), state__in=_PLANS)
    rows = list(
        documents.filter(holding)
        .exclude(Exists(used))
        .defer("lines_json")
        .order_by("-is_sample", "-read_at", "pk")[:MOST_LOOKED_AT]
    )
    if not rows:
        return []
    known = {
        (owner_id, number.casefold())
        for owner_id, number in Plan.objects.filter(owner__in=names, is_placeholder=False)
        .exclude(number="")
        .values_list("owner_id", "number")
    }
    issuers = {_name(row.issuer) for row in rows}
    # Asked once for each issuer, not for each document.
    around = {
        pk: {fold(one.name) for one in tree.ancestors(pk, on=acting.on)}
        for pk, name in names.items()
        if name in issuers
    }
    return [row for row in rows if _is_of(row, names, around, known)][:MOST]


def _is_of(
    document: Document, names: dict[int, str], around: dict[int, set[str]], known: set[tuple[int, str]]
) -> bool:
    """Whether one of these units issued it and has no plan of its number yet."""
    issuer = (document.record.get("doc") or {}).get("issuer") or {}
    province = fold(issuer.get("province") or "")
    return any(
        name == _name(document.issuer)
        and (not province or not around[pk] or province in around[pk])
        and (pk, document.number.casefold()) not in known
        for pk, name in names.items()
    )


def _name(printed: str) -> str:
    return fold(printed).strip().removeprefix(_COMMITTEE)
