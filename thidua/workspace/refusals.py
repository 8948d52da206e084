"""Turns what `core.errors` refuses into a page: what, why, what next.

A view need not catch these errors; it may, where a message beside the form serves better than a page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet, UserError

STATUSES: tuple[tuple[type[UserError], int], ...] = (
    (NotAllowed, 403),
    (ChangedMeanwhile, 409),
    (RuleNotMet, 422),
    (UserError, 422),
)


class RefusalPages:
    """Middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, UserError):
            return None
        status = next(status for kind, status in STATUSES if isinstance(exception, kind))
        return render(request, "refusal.html", {"refusal": exception}, status=status)
