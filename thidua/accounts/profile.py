"""Parts of a person's own page. This app knows no units, so apps above hand in theirs: `add(part)`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: a template and what it shows."""

    template: str
    context: dict[str, Any]


Maker = Callable[[HttpRequest], Part]

_makers: list[Maker] = []


def add(maker: Maker) -> Maker:
    _makers.append(maker)
    return maker


def parts() -> tuple[Maker, ...]:
    return tuple(_makers)
