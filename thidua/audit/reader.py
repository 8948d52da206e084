"""Reading the log: what happened to an object, and entries by person, day, words.

Knows no rights; the page says whose entries somebody may see.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q

from thidua.audit import workflow
from thidua.audit.models import Entry
from thidua.core.clock import VIETNAM
from thidua.core.formats import format_date
from thidua.core.text import fold


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of an entry's details, in words."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry as pages show it: states and details in words."""

    entry: Entry
    before: str
    after: str
    details: list[Detail]


def history(*objects: models.Model) -> list[HistoryLine]:
    """What happened to these objects, newest first, in one query.

    `{% include "audit/history.html" %}` shows it when the view hands it over as `history`. Give a task
    together with its extensions to have their entries in one list.
    """
    wanted = Q(pk__in=[])
    for one in objects:
        wanted |= Q(object_type=one._meta.label_lower, object_id=str(one.pk))
    return lines_of(Entry.objects.filter(wanted).order_by("-number"))


def lines_of(entries: Iterable[Entry]) -> list[HistoryLine]:
    return [
        HistoryLine(
            entry,
            state_label(entry.object_type, entry.state_before),
            state_label(entry.object_type, entry.state_after),
            details_of(entry),
        )
        for entry in entries
    ]


def of_object(address: str) -> Q:
    """Entries of the object that `movements.task:12` names; of nothing when it names none."""
    object_type, _, object_id = address.strip().partition(":")
    return Q(object_type=object_type.lower(), object_id=object_id)


def between(first: date | None, last: date | None) -> Q:
    """Entries from the first to the last day, both included, by the day in Vietnam."""
    found = Q()
    if first is not None:
        found &= Q(at__gte=_midnight(first))
    if last is not None and last < date.max:
        found &= Q(at__lt=_midnight(last + timedelta(days=1)))
    return found


def holding(words: str) -> Q:
    """Entries that hold every one of the words, accents never needed."""
    found = Q()
    for word in fold(words).split():
        found &= Q(search_text__contains=word)
    return found


def object_type_label(object_type: str) -> str:
    """ "nhiệm vụ" for movements.task; the type itself when its model is gone."""
    try:
        return str(apps.get_model(object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return object_type


def state_label(object_type: str, state: str) -> str:
    """ "Chờ nhận" for da_giao of a task; the code itself when no table knows it."""
    for table in workflow.tables():
        if table.model.lower() == object_type:
            return str(dict(table.states.choices).get(state, state))
    return state


def details_of(entry: Entry) -> list[Detail]:
    """The details of an entry as name and value; `set.<field>` takes the field's Vietnamese name."""
    found: dict[str, Any] = json.loads(entry.details)
    return [Detail(_field_label(entry.object_type, name), _in_words(value)) for name, value in found.items()]


def _field_label(object_type: str, name: str) -> str:
    field_name = name.removeprefix("set.")
    try:
        field = apps.get_model(object_type)._meta.get_field(field_name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return field_name
    return str(getattr(field, "verbose_name", field_name))


def _in_words(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, list):
        return ", ".join(_in_words(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_in_words(one)}" for name, one in value.items())
    return _day_in_words(value) if isinstance(value, str) else str(value)


def _day_in_words(text: str) -> str:
    """Days and moments stand in the log as ISO 8601, moments in UTC."""
    try:
        if len(text) == 10:
            return format_date(date.fromisoformat(text))
        if len(text) == 26 and text[10] == "T":
            moment = datetime.fromisoformat(f"{text}+00:00").astimezone(VIETNAM)
            return f"{moment:%H:%M} {format_date(moment.date())}"
    except ValueError:
        pass
    return text


def _midnight(day: date) -> datetime:
    """Never before the year 2: the first midnight of all lies before time itself in UTC."""
    return datetime.combine(max(day, date(2, 1, 1)), time.min, tzinfo=VIETNAM)
