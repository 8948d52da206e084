"""The public page on which anybody asks whether a certificate is real: no sign-in, no cookie.

Caches may keep it as they keep the portal (`publicity.caching`).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from thidua.awards.decisions import public_check
from thidua.awards.decisions.forms import CheckForm


@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    form = CheckForm(request.GET or None)
    found: list[public_check.Shown] = []
    is_asked = False
    if request.GET and form.is_valid():
        given = form.cleaned_data
        if given["ma"].strip():
            shown = public_check.by_code(given["ma"])
            if shown is not None:
                return redirect("check_award:code", code=shown.code)
            is_asked = True
        elif given["so"].strip() and given["ten"].strip():
            is_asked = True
            found = public_check.by_number_and_name(given["so"], given["ten"])
    context = {"form": form, "found": found, "is_asked": is_asked}
    return render(request, "awards/decisions/check.html", context)


@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    shown = public_check.by_code(code)
    context = {"form": CheckForm(), "found": [shown] if shown else [], "is_asked": True, "code": code}
    return render(request, "awards/decisions/check.html", context, status=200 if shown else 404)
