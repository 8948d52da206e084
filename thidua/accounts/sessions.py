"""Signed-in sessions end: after a while without a page, and after a working day in any case.

Also holds people with a given password on the page where they choose their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.account.internal.flows.logout import logout
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

Next = Callable[[HttpRequest], HttpResponseBase]

STARTED, SEEN = "signed_in_at", "seen_at"
#: How exactly the last page is remembered: not a write for each request.
SEEN_STEP_SECONDS = 60


def begin(request: HttpRequest) -> None:
    """The time of a session runs from the sign-in."""
    request.session[STARTED] = request.session[SEEN] = time.time()


class SessionLimits:
    """Middleware. Uses the machine's clock, also in a demonstration that lives on another day."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and self._is_over(request):
            logout(request)
            messages.info(request, "Phiên đăng nhập đã hết thời gian. Hãy đăng nhập lại để làm tiếp.")
            back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
            return sent_away(request, redirect_to_login(back))
        return self.get_response(request)

    def _is_over(self, request: HttpRequest) -> bool:
        session, now = request.session, time.time()
        started, seen = session.get(STARTED), session.get(SEEN)
        if started is None or seen is None:
            begin(request)
            return False
        if now - started > settings.SESSION_LONGEST_HOURS * 3600:
            return True
        if now - seen > settings.SESSION_IDLE_MINUTES * 60:
            return True
        if now - seen > SEEN_STEP_SECONDS:
            session[SEEN] = now
        return False


class FirstPassword:
    """Middleware: a password that somebody else gave is changed before anything else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.must_change_password:
            allowed = {reverse("accounts:change_password"), reverse("accounts:sign_out")}
            if request.path not in allowed and not request.path.startswith("/giao-dien/"):
                return sent_away(request, redirect("accounts:change_password"))
        return self.get_response(request)


def sent_away(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A redirect that htmx follows with the whole page instead of putting it into a part of it."""
    if not request.headers.get("HX-Request"):
        return response
    whole = HttpResponse()
    whole["HX-Redirect"] = response["Location"]
    return whole
