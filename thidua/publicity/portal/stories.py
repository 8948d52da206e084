"""Published stories on the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from thidua.organisations import tree
from thidua.publicity.models import Picture, Story, StoryState


@dataclass(frozen=True, slots=True)
class StoryShown:
    """A story in a list, with its first picture."""

    story: Story
    unit: str
    picture: Picture | None
    address: str


def public_stories() -> QuerySet[Story]:
    """Stories that are shown: published, and somebody who is named in it still agrees."""
    return Story.objects.filter(
        state=StoryState.PUBLISHED, consents__withdrawn_at__isnull=True, consents__isnull=False
    ).distinct()


def stories_shown(rows: QuerySet[Story], *, on: date, most: int) -> list[StoryShown]:
    """The newest first."""
    found = list(
        rows.select_related("column")
        .prefetch_related(Prefetch("pictures", Picture.objects.order_by("pk"), to_attr="in_order"))
        .order_by("-published_at", "-pk")[:most]
    )
    labels = tree.labels_on({row.unit_id for row in found}, on=on)
    return [
        StoryShown(
            row,
            labels.get(row.unit_id, ""),
            next(iter(row.in_order), None),
            reverse("portal:story", args=[row.pk]),
        )
        for row in found
    ]
