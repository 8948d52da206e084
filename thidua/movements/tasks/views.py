"""Pages of tasks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def tasks(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def task(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse()
