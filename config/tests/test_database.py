"""What the settings promise about the database and about formats."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.db import connection
from django.utils import formats


@pytest.mark.django_db
def test_sqlite_waits_and_keeps_a_write_ahead_log() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
        cursor.execute("PRAGMA foreign_keys")
        assert cursor.fetchone() == (1,)


def test_dates_are_read_day_first() -> None:
    assert forms.DateField(localize=True).clean("03/04/2025") == date(2025, 4, 3)


def test_dates_and_numbers_are_written_the_vietnamese_way() -> None:
    assert formats.date_format(date(2026, 11, 20)) == "20/11/2026"
    assert formats.number_format(1234.5, use_l10n=True, force_grouping=True) == "1.234,5"
