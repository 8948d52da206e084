"""Numbers without gap and without double, whatever is asked in which order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thidua.audit.log import System
from thidua.audit.models import Entry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.documents.models import BookKind, GivenNumber, NumberBook, PaperOffice
from thidua.documents.papers import numbering, protection
from thidua.documents.papers.tests.makers import NOW, with_clerk
from thidua.organisations.tests.world import DAY, World

pytestmark = pytest.mark.django_db

ACTOR = System(on=DAY)


def give(world: World, *, dated: date = DAY, series: str = "", unit: str = "phong-tho") -> GivenNumber:
    return numbering.give(
        world.unit(unit).pk,
        BookKind.OUTGOING,
        series=series,
        dated=dated,
        label="Báo cáo",
        actor=ACTOR,
        now=NOW,
    )


def give_and_fail(world: World, *, dated: date = DAY) -> None:
    """A number is taken, and what should use it fails."""
    before = transaction.savepoint()
    give(world, dated=dated)
    transaction.savepoint_rollback(before)


def test_each_book_counts_for_itself() -> None:
    world = with_clerk()

    texts = [
        give(world).text,
        give(world).text,
        give(world, series="bao_cao").text,
        give(world, unit="dao-san").text,
        give(world, dated=date(2024, 1, 2)).text,
        numbering.give(
            world.unit("phong-tho").pk, BookKind.INCOMING, dated=DAY, label="Đến", actor=ACTOR, now=NOW
        ).text,
    ]

    assert texts == ["01", "02", "01", "01", "01", "01"]


def test_number_does_not_go_back_in_time() -> None:
    world = with_clerk()
    give(world, dated=DAY)

    with pytest.raises(RuleNotMet, match="số tăng dần theo ngày"):
        give(world, dated=DAY - timedelta(days=1))
    assert NumberBook.objects.get().last == 1


def test_number_put_in_late_takes_the_date_and_says_why() -> None:
    world = with_clerk()
    first = give(world)
    give(world, dated=DAY + timedelta(days=3))

    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        numbering.put_in_late(first, label="Báo cáo", reason=" ", actor=ACTOR, now=NOW)
    late = [
        numbering.put_in_late(first, label="Báo cáo", reason="Ký cùng ngày", actor=ACTOR, now=NOW)
        for _ in range(5)
    ]

    assert [one.text for one in late] == ["01a", "01b", "01c", "01d", "01đ"]
    assert {one.dated for one in late} == {DAY}
    assert give(world, dated=DAY + timedelta(days=3)).text == "03"


def test_cancelled_number_stays_and_is_not_given_again() -> None:
    world = with_clerk()
    number = give(world)

    numbering.cancel(number, reason="Soạn nhầm", actor=ACTOR, now=NOW)

    assert give(world).text == "02"
    assert [(one.text, one.cancel_reason) for one in GivenNumber.objects.order_by("order")] == [
        ("01", "Soạn nhầm"),
        ("02", ""),
    ]
    assert Entry.objects.get().reason == "Soạn nhầm"
    with pytest.raises(ChangedMeanwhile):
        numbering.cancel(number, reason="Lần nữa", actor=ACTOR, now=NOW)


def test_database_refuses_to_change_a_number() -> None:
    world = with_clerk()
    number = give(world)
    numbering.cancel(number, reason="Soạn nhầm", actor=ACTOR, now=NOW)

    assert protection.missing() == []
    for change in ({"text": "07"}, {"order": 7}, {"dated": date(2023, 1, 1)}, {"cancel_reason": "Khác"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            GivenNumber.objects.filter(pk=number.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        GivenNumber.objects.filter(pk=number.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        NumberBook.objects.update(last=0)


def test_what_fails_after_the_number_gives_it_back() -> None:
    world = with_clerk()
    give_and_fail(world)

    assert give(world).text == "01"


def test_series_as_the_head_decided() -> None:
    world = with_clerk()
    unit_id = world.unit("phong-tho").pk

    assert numbering.series_of(unit_id, "bao_cao") == ""
    numbering.set_office(
        unit_id,
        abbreviation="UBND",
        place="Phong Thổ",
        has_common_series=False,
        actor=world.acting("van-thu"),
        now=NOW,
    )

    assert numbering.series_of(unit_id, "bao_cao") == "bao_cao"
    give(world)
    with pytest.raises(RuleNotMet, match="đổi giữa năm"):
        numbering.set_office(
            unit_id,
            abbreviation="UBND",
            place="Phong Thổ",
            has_common_series=True,
            actor=world.acting("van-thu"),
            now=NOW,
        )
    with pytest.raises(NotAllowed):
        numbering.set_office(
            unit_id,
            abbreviation="X",
            place="Y",
            has_common_series=False,
            actor=world.acting("thuong-truc"),
            now=NOW,
        )
    assert PaperOffice.objects.get(unit_id=unit_id).abbreviation == "UBND"


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("give"), st.integers(0, 5)),
        st.tuples(st.just("late"), st.integers(0, 30)),
        st.tuples(st.just("cancel"), st.integers(0, 30)),
        st.tuples(st.just("fail"), st.integers(0, 5)),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_books_have_neither_gap_nor_double(steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        before = transaction.savepoint()
        world = with_clerk()
        day = DAY
        for what, value in steps:
            known = list(GivenNumber.objects.order_by("pk"))
            if what == "give":
                day += timedelta(days=value)
                give(world, dated=day)
            elif what == "fail":
                give_and_fail(world, dated=day)
            elif known and what == "late":
                numbering.put_in_late(
                    known[value % len(known)], label="x", reason="Chèn", actor=ACTOR, now=NOW
                )
            elif known and not known[value % len(known)].is_cancelled:
                numbering.cancel(known[value % len(known)], reason="Hủy", actor=ACTOR, now=NOW)
        for book in NumberBook.objects.all():
            assert numbering.gaps(book) == []
            texts = list(book.numbers.values_list("text", flat=True))
            assert len(texts) == len(set(texts))
            days = list(book.numbers.order_by("order", "suffix").values_list("dated", flat=True))
            assert days == sorted(days)
        transaction.savepoint_rollback(before)
