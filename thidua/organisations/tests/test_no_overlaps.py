"""The database itself refuses two truths for one day, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from thidua.organisations.models import (
    BEGINNING,
    FOREVER,
    Change,
    ChangeKind,
    Grouping,
    GroupingKind,
    Membership,
    Unit,
    UnitKind,
    UnitVersion,
)
from thidua.organisations.tests.world import REFORM, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return make_unit("a", "tỉnh A", UnitKind.PROVINCE, until=REFORM)


def another(unit: Unit, since: date, until: date, **more: object) -> UnitVersion:
    return UnitVersion(unit=unit, name="B", label="tỉnh B", label_order="b", since=since, until=until, **more)


@pytest.mark.parametrize(
    ("since", "until"),
    [(BEGINNING, REFORM), (date(2025, 6, 30), FOREVER), (date(2024, 1, 1), date(2024, 1, 2))],
)
def test_a_second_version_of_the_same_days_is_refused(unit: Unit, since: date, until: date) -> None:
    with pytest.raises(IntegrityError, match="unit_versions_do_not_overlap"), transaction.atomic():
        another(unit, since, until).save()

    assert unit.versions.count() == 1


def test_a_version_that_follows_is_taken(unit: Unit) -> None:
    another(unit, REFORM, FOREVER).save()

    assert unit.versions.count() == 2


def test_stretching_a_version_over_the_next_is_refused(unit: Unit) -> None:
    another(unit, REFORM, FOREVER).save()

    with pytest.raises(IntegrityError, match="unit_versions_do_not_overlap"), transaction.atomic():
        UnitVersion.objects.filter(unit=unit, until=REFORM).update(until=date(2025, 7, 2))


def test_an_annulled_version_is_in_nobodys_way(unit: Unit) -> None:
    counter = Change.objects.create(kind=ChangeKind.COUNTER, takes_effect_on=REFORM, summary="Hủy bỏ")
    another(unit, BEGINNING, FOREVER, annulled_by=counter).save()

    assert unit.versions.count() == 2


def test_a_second_membership_of_the_same_days_is_refused(unit: Unit) -> None:
    grouping = Grouping.objects.create(kind=GroupingKind.CLUSTER, name="Cụm 1")
    other = Grouping.objects.create(kind=GroupingKind.CLUSTER, name="Cụm 2")
    Membership.objects.create(grouping=grouping, unit=unit, since=date(2022, 1, 1), until=date(2024, 1, 1))
    Membership.objects.create(grouping=grouping, unit=unit, since=date(2024, 1, 1))
    Membership.objects.create(grouping=other, unit=unit)

    with pytest.raises(IntegrityError, match="memberships_do_not_overlap"), transaction.atomic():
        Membership.objects.create(
            grouping=grouping, unit=unit, since=date(2023, 1, 1), until=date(2023, 2, 1)
        )


def test_the_guard_survives_all_migrations() -> None:
    """A migration that makes a table anew on SQLite loses its triggers: then it must make them again."""
    query = (
        "SELECT conname FROM pg_constraint WHERE contype = 'x'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%do_not_overlap%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = {row[0].removesuffix("_when_made").removesuffix("_when_changed") for row in cursor.fetchall()}

    assert names >= {"unit_versions_do_not_overlap", "memberships_do_not_overlap"}
