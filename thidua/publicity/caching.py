"""Who may keep a copy of a page: everybody of a portal page, nobody of any other.

A request for a portal page loses its cookies at the door. So nothing behind it can read a session, know who
asks or set a token, and one copy serves all; the answer says so, and carries an ETag. Pages of the portal
with a form, and everything else in the program, say `private, no-store`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response

#: Where the portal begins.
PORTAL = "/cong/"
#: The check of a certificate and lists that ask for opinions, of the app below: as public as the portal.
CERTIFICATES, OPINIONS = "/kiem-tra-khen-thuong/", "/lay-y-kien/"
#: How long a copy may be shown without asking again: what was withdrawn is gone after that.
KEPT_SECONDS = 60
PUBLIC, PRIVATE = f"public, max-age={KEPT_SECONDS}", "private, no-store"

View = TypeVar("View", bound=Callable[..., Any])


def with_form(view: View) -> View:
    """Marks a page of the portal that takes a form: it has a token, so nobody may keep it."""
    view.takes_form = True  # type: ignore[attr-defined]
    return view


def is_for_everybody(request: HttpRequest) -> bool:
    """Whether the answer is the same for all visitors."""
    if not request.path_info.startswith((PORTAL, CERTIFICATES, OPINIONS)):
        return False
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return True
    return not getattr(found.func, "takes_form", False)


class CacheRules:
    """Middleware; stands outside everything that reads cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_for_everybody(request):
            response = self.get_response(request)
            response["Cache-Control"] = PRIVATE
            return response
        request.COOKIES.clear()
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        response.cookies.clear()
        _vary_no_more_by_cookie(response)
        if response.status_code != 200 or not isinstance(response, HttpResponse):
            response["Cache-Control"] = PRIVATE
            return response
        response["Cache-Control"] = PUBLIC
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        # Asked with the right sum, the answer is 304 without a body.
        return get_conditional_response(request, etag=etag, response=response) or response


def _vary_no_more_by_cookie(response: HttpResponseBase) -> None:
    """The session middleware adds it for having been asked; it had nothing to read."""
    rest = [
        one for one in response.get("Vary", "").split(",") if one.strip() and one.strip().lower() != "cookie"
    ]
    if rest:
        response["Vary"] = ",".join(rest).strip()
    elif response.has_header("Vary"):
        del response["Vary"]
