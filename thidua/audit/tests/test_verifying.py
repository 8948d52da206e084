"""A chain that is whole, and every way in which it can be broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thidua.accounts.models import User
from thidua.audit import verifying
from thidua.audit.log import HASHED, System, canonical, hash_of, record
from thidua.audit.log import _hashable as hashable
from thidua.audit.models import ChainCheck, ChainHead, Entry
from thidua.audit.tests.unprotected import unprotected_log

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
SYSTEM = System(on=NOW.date())


def write(count: int) -> None:
    user = User.objects.create(username="mot-nguoi", full_name="Một Người")
    for number in range(count):
        record("test.act", user, label=f"Việc «{number}»", actor=SYSTEM, now=NOW, reason='vì "thế"\n\\')


def forged(number: int, **values: Any) -> None:
    with unprotected_log():
        Entry.objects.filter(number=number).update(**values)


def found() -> tuple[int, str] | None:
    broken = verifying.verify().broken
    return (broken.number, broken.finding) if broken else None


@pytest.mark.django_db
def test_empty_log_is_whole() -> None:
    assert verifying.verify() == verifying.Verification(0, "0" * 64, None, is_protected=True)


@pytest.mark.django_db
def test_chain_is_whole_up_to_its_head() -> None:
    write(5)

    assert verifying.verify() == verifying.Verification(
        5, ChainHead.objects.get().hash, None, is_protected=True
    )
    assert verifying.verify().finding == "Chuỗi nhật ký nguyên vẹn: 5 dòng."


def never(*_arguments: Any, **_named: Any) -> None:
    pytest.fail("the slow way was taken for a chain that is whole")


@pytest.mark.django_db
def test_whole_chain_is_read_the_fast_way(monkeypatch: pytest.MonkeyPatch) -> None:
    write(3)
    monkeypatch.setattr(verifying, "_broken_among", never)

    assert verifying.verify().is_whole


@pytest.mark.django_db
def test_blocks_are_tied_to_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "BLOCK", 2)
    write(5)
    reports: list[tuple[int, int]] = []

    assert verifying.verify(report=lambda done, total: reports.append((done, total))).is_whole
    assert reports == [(2, 5), (4, 5), (5, 5)]


@pytest.mark.django_db
@pytest.mark.parametrize("column", [name for name in HASHED if name not in ("number", "previous_hash")])
def test_changed_column_is_found(column: str) -> None:
    write(3)
    old = getattr(Entry.objects.get(number=2), column)
    other: Any = {"at": datetime(2020, 1, 1, tzinfo=UTC), "written_at": datetime(2020, 1, 1, tzinfo=UTC)}.get(
        column, User.objects.get().pk if column == "user_id" else 7 if column.endswith("_id") else "khác"
    )
    if column == "details":
        other = '{"khác":1}'
    assert old != other
    forged(2, **{column: other})

    assert found() == (2, "nội dung đã bị sửa, mã băm tính lại không khớp")


@pytest.mark.django_db
def test_changed_entry_with_a_new_hash_breaks_the_next_link() -> None:
    write(3)
    entry = Entry.objects.get(number=2)
    entry.reason = "khác"
    forged(2, reason="khác", hash=hash_of(entry))

    assert found() == (3, "dòng này không nối với dòng đứng trước nó")


@pytest.mark.django_db
def test_changed_last_entry_with_a_new_hash_is_not_the_head() -> None:
    write(3)
    entry = Entry.objects.get(number=3)
    entry.reason = "khác"
    forged(3, reason="khác", hash=hash_of(entry))

    assert found() == (3, "mã băm ở đầu chuỗi khác mã băm của dòng cuối")


def without_first() -> None:
    Entry.objects.filter(number=1).delete()


def without_middle() -> None:
    Entry.objects.filter(number=2).delete()


def without_last() -> None:
    Entry.objects.filter(number=3).delete()


def without_any() -> None:
    Entry.objects.all().delete()


def without_head() -> None:
    ChainHead.objects.all().delete()


def one_too_many() -> None:
    last = Entry.objects.get(number=3)
    last.pk, last.number, last.previous_hash = None, 4, last.hash
    last.hash = hash_of(last)
    last.save(force_insert=True)


def one_below() -> None:
    first = Entry.objects.get(number=1)
    first.pk, first.number, first.hash = None, 0, "f" * 64
    first.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "number", "finding"),
    [
        (without_first, 1, "thiếu dòng này, nó đã bị xóa"),
        (without_middle, 2, "thiếu dòng này, nó đã bị xóa"),
        (without_last, 3, "đầu chuỗi ghi 3 dòng, nhật ký chỉ còn đến dòng 2"),
        (without_any, 1, "đầu chuỗi ghi 3 dòng, nhật ký chỉ còn đến dòng 0"),
        (without_head, 1, "dòng này nằm sau đầu chuỗi, không do chương trình ghi"),
        (one_too_many, 4, "dòng này nằm sau đầu chuỗi, không do chương trình ghi"),
    ],
)
def test_missing_and_smuggled_entries_are_found(
    change: Callable[[], None], number: int, finding: str
) -> None:
    write(3)
    connection.check_constraints()
    with unprotected_log():
        change()

    assert found() == (number, finding)


@pytest.mark.django_db
def test_entry_before_the_first_is_found() -> None:
    write(3)
    with unprotected_log():
        one_below()

    assert found() == (0, "số thứ tự nhỏ hơn 1, dòng này không do chương trình ghi")


@pytest.mark.django_db
def test_unguarded_log_is_not_called_whole() -> None:
    write(1)
    with unprotected_log():
        result = verifying.verify()

    assert (result.broken, result.is_protected, result.is_whole) == (None, False, False)


@pytest.mark.django_db
def test_check_is_remembered() -> None:
    write(2)
    forged(2, actor="Người khác")

    check = verifying.check_and_remember(now=NOW)

    assert ChainCheck.objects.get() == check
    assert (check.entries, check.broken_at, check.is_whole) == (1, 2, False)
    assert check.finding == ("Chuỗi nhật ký bị đứt ở dòng 2: nội dung đã bị sửa, mã băm tính lại không khớp.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [None, 1, 4, 5, 9])
def test_several_threads_find_the_same(number: int | None) -> None:
    write(9)
    if number:
        forged(number, actor="Người khác")

    broken = verifying.verify(threads=3).broken

    assert (broken and broken.number) == number


# NUL cannot be stored on PostgreSQL, and lone surrogates nowhere.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
MOMENT = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - given in UTC, as `timezones` says
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
) | st.just(NOW)
KEY = st.none() | st.integers(min_value=1, max_value=2**62)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(TEXT, min_size=9, max_size=9),
    moments=st.tuples(MOMENT, MOMENT),
    keys=st.tuples(KEY, KEY),
    details=st.dictionaries(TEXT, TEXT | st.integers() | st.none(), max_size=3),
)
def test_database_writes_the_same_json_as_python(
    texts: list[str],
    moments: tuple[datetime, datetime],
    keys: tuple[int | None, int | None],
    details: dict[str, Any],
) -> None:
    names = (
        "actor",
        "action",
        "action_label",
        "object_type",
        "object_id",
        "object_label",
        "state_before",
        "state_after",
        "reason",
    )
    number = 1 + (Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0)
    entry = Entry(
        number=number,
        at=moments[0],
        written_at=moments[1],
        unit_id=keys[0],
        object_unit_id=keys[1],
        details=canonical(details),
        previous_hash="0" * 64,
        **dict(zip(names, texts, strict=True)),
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)

    with connection.cursor() as cursor:
        cursor.execute(verifying.BLOCKS[connection.vendor], [number, number])
        contents, hashes, ties, count = cursor.fetchone()

    expected = canonical([hashable(getattr(entry, name)) for name in HASHED])
    assert bytes(contents).decode() == expected
    assert (hashes, ties, count) == (entry.hash, entry.previous_hash, 1)
