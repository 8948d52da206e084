"""The database itself refuses to change the log."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from thidua.accounts.models import User
from thidua.audit import protection
from thidua.audit.log import System, record
from thidua.audit.models import Entry
from thidua.audit.tests.unprotected import unprotected_log

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)


def one_entry() -> Entry:
    user = User.objects.create(username="mot-nguoi", full_name="Một Người")
    return record("test.act", user, label="Thử", actor=System(on=NOW.date()), now=NOW)


@pytest.mark.django_db
def test_database_stands_guard_after_all_migrations() -> None:
    assert protection.missing() == []


@pytest.mark.django_db
def test_entry_cannot_be_changed() -> None:
    entry = one_entry()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(reason="khác")
    assert Entry.objects.get().reason == ""


@pytest.mark.django_db
def test_entry_cannot_be_deleted() -> None:
    entry = one_entry()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        entry.delete()
    assert Entry.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
def test_entry_cannot_be_replaced(verb: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces rows on insert")
    one_entry()
    columns = ", ".join(str(field.column) for field in Entry._meta.concrete_fields)

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{verb} INTO audit_entry ({columns}) SELECT {columns} FROM audit_entry")


@pytest.mark.django_db
def test_log_cannot_be_emptied_at_once() -> None:
    one_entry()
    connection.check_constraints()  # PostgreSQL: with checks that wait nobody may truncate anyway
    statement = "DELETE FROM audit_entry" if connection.vendor == "sqlite" else "TRUNCATE audit_entry"

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_missing_guard_is_noticed() -> None:
    with unprotected_log():
        assert protection.missing() == sorted(protection.TRIGGERS[connection.vendor])
    assert protection.is_protected()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_tables_are_emptied_between_tests_and_guarded_again(turn: int) -> None:
    """Tests of a live server end by emptying all tables; the next one begins with an empty, guarded log."""
    assert (Entry.objects.count(), protection.missing()) == (0, [])
    one_entry()
