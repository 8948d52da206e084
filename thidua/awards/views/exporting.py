"""A dossier or a whole round as one file that a stranger can check."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from thidua.awards import access, dossier_export
from thidua.core import clock
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.workbooks import download

ZIP = "application/zip"


@require_POST
@signed_in
def candidate(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.candidate_at(pk, acting=acting)
    raw = dossier_export.of_candidate(found, actor=acting, now=clock.now())
    return download(raw, name=f"ho-so-{pk}.zip", content_type=ZIP)


@require_POST
@signed_in
def award_round(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.round_at(pk, acting=acting)
    raw = dossier_export.of_round(found, actor=acting, now=clock.now())
    return download(raw, name=f"dot-xet-{pk}.zip", content_type=ZIP)
