"""An act of a page, sent by its form: judged, done, and the page again with the reason where it was not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from thidua.core.errors import RuleNotMet
from thidua.movements.tasks.acts import Act
from thidua.movements.tasks.forms import SmallForm
from thidua.organisations.authority import Acting

#: The key of the act, its form as sent, and why it was not taken.
Refused = tuple[str, SmallForm, str]


def take(
    request: HttpRequest,
    acts: Mapping[str, Act],
    key: str,
    on_object: Model,
    *,
    acting: Acting,
    now: datetime,
    back: str,
    again: Callable[[Refused], HttpResponse],
) -> HttpResponse:
    """Do `acts[key]`; `back` is where it leads, `again` draws the page with the refusal."""
    wanted = acts[key]
    acting.require(wanted.right, on_object)
    bound: dict[str, Any] = {
        "data": request.POST,
        "files": request.FILES,
        "auto_id": f"{key}-{on_object.pk}-%s",
    }
    form = wanted.form(acting, on_object, bound)
    if not form.is_valid():
        return again((key, form, "Chưa gửi được. Xem lại các ô có ghi chú."))
    try:
        wanted.do(on_object, form.cleaned_data, acting, now)
    except RuleNotMet as refusal:
        return again((key, form, refusal.message))
    messages.success(request, wanted.done)
    return redirect(back)
