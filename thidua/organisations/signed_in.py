"""The signed-in person of a request, with mandates: `who(request)`. Views ask here first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from thidua.accounts.models import User
from thidua.core import clock
from thidua.organisations.authority import Acting, acting

View = Callable[..., HttpResponseBase]


def who(request: HttpRequest) -> Acting:
    """The person of this request and the day; loaded once a request. Only behind `signed_in`."""
    known = getattr(request, "_acting", None)
    if known is None:
        assert isinstance(request.user, User)
        known = acting(request.user, on=clock.today())
        request._acting = known  # type: ignore[attr-defined]
    found: Acting = known
    return found


def signed_in(view: View) -> View:
    """The page needs a sign-in; who has none is sent there and comes back."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return checked
