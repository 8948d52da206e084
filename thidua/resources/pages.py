"""What the pages of this room have in common: doing an act, and showing again what was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.movements.tasks.acts import Act
from thidua.movements.tasks.forms import SmallForm
from thidua.organisations.authority import Acting

Refused = tuple[str, SmallForm, str]
#: Renders the page of an object, with the act that was just refused.
Page = Callable[[HttpRequest, Any, Acting, Refused | None], HttpResponse]


def do(
    request: HttpRequest,
    acts: Mapping[str, Act],
    key: str,
    on_object: Model,
    acting: Acting,
    *,
    page: Page,
    address: str,
) -> HttpResponse:
    """Do one thing to an object: back to its page, or the page again with what was wrong."""
    wanted = acts[key]
    acting.require(wanted.right, on_object)
    bound = {"data": request.POST, "files": request.FILES, "auto_id": f"{key}-{on_object.pk}-%s"}
    form = wanted.form(acting, on_object, bound)
    if not form.is_valid():
        return page(request, on_object, acting, (key, form, "Chưa gửi được. Xem lại các ô có ghi chú."))
    try:
        wanted.do(on_object, form.cleaned_data, acting, clock.now())
    except RuleNotMet as refusal:
        on_object.refresh_from_db()
        return page(request, on_object, acting, (key, form, refusal.message))
    messages.success(request, wanted.done)
    return redirect(address)
