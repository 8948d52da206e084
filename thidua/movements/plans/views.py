"""Pages of plans: the list, one plan in force, the draft on its way to adoption."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from thidua.movements.visibility import visible_plans
from thidua.organisations.signed_in import signed_in, who


@require_safe
@signed_in
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_plans(who(request)), pk=pk)
    return render(request, "plans/plan.html", {"plan": found})
