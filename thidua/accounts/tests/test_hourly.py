from __future__ import annotations

from datetime import UTC, datetime, timedelta

from thidua.accounts import hourly

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)


def test_each_key_is_counted_apart() -> None:
    assert [hourly.count("a"), hourly.count("a"), hourly.count("b")] == [1, 2, 1]


def test_an_address_cannot_be_read_from_its_key() -> None:
    key = hourly.of_address("thu", "203.0.113.7", now=NOW)

    assert "203.0.113.7" not in key
    assert key == hourly.of_address("thu", "203.0.113.7", now=NOW + timedelta(minutes=1))
    assert key != hourly.of_address("khac", "203.0.113.7", now=NOW)
    assert key != hourly.of_address("thu", "203.0.113.8", now=NOW)
    assert key != hourly.of_address("thu", "203.0.113.7", now=NOW + timedelta(hours=1))
