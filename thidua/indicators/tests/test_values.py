"""Figures come in once, are corrected without being overwritten, and one of each key counts."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from thidua.audit.models import Entry as LogEntry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.indicators import total_keeping, value_rows, values
from thidua.indicators.models import Indicator, Stage, Total, Value
from thidua.indicators.tests.makers import NOW, PROGRAM, define, entry, give, indicator, source, standard
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind, UnitVersion
from thidua.organisations.tests.world import World, phong_tho

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    define()
    return phong_tho()


def chosen_amount(world: World, code: str = "poor_hh", key: str = "dao-san", number: int = 2022) -> object:
    found = values.chosen(indicator(code), [world.unit(key).pk], *values.year(number), standard())
    return {world.unit(key).pk: value.amount for value in found.values()}.get(world.unit(key).pk)


def test_an_officer_enters_figures_and_one_line_is_logged(world: World) -> None:
    dao_san = world.unit("dao-san")
    done = values.enter(
        [entry("poor_hh", dao_san, 2022, 312), entry("near_poor_hh", dao_san, 2022, None)],
        actor=world.acting("dao-san"),
        now=NOW,
    )
    assert [(value.amount, value.nothing_arose, value.is_chosen) for value in done.values] == [
        (Decimal(312), False, True),
        (None, True, True),
    ]
    [line] = LogEntry.objects.filter(action="indicators.value.enter")
    assert line.object_unit_id == dao_san.pk
    assert values.content_hash(done.values) in line.details
    assert chosen_amount(world) == Decimal(312)


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        ("dao-san", True),
        ("huoi-luong", False),
        ("lanh-dao", True),
        ("tinh", True),
        ("nguoi-xem", False),
        ("nguoi-la", False),
        ("quan-tri", False),
        ("thuong-truc", False),
    ],
)
def test_who_may_enter_for_a_commune(world: World, person: str, allowed: bool) -> None:
    figures = [entry("poor_hh", world.unit("dao-san"), 2022, 312)]
    if allowed:
        values.enter(figures, actor=world.acting(person), now=NOW)
        assert Value.objects.count() == 1
    else:
        with pytest.raises(NotAllowed, match="nhập số liệu của đơn vị"):
            values.enter(figures, actor=world.acting(person), now=NOW)
        assert Value.objects.count() == 0


def test_one_foreign_unit_refuses_the_whole_batch(world: World) -> None:
    figures = [entry("poor_hh", world.unit(key), 2022, 300) for key in ("dao-san", "huoi-luong")]
    with pytest.raises(NotAllowed):
        values.enter(figures, actor=world.acting("dao-san"), now=NOW)
    assert Value.objects.count() == 0


def test_the_successor_enters_what_is_missing_of_the_old_commune(world: World) -> None:
    later = world.acting("xa-moi", on=date(2025, 8, 1))
    values.enter([entry("poor_hh", world.unit("huoi-luong"), 2024, 12)], actor=later, now=NOW)
    assert chosen_amount(world, key="huoi-luong", number=2024) == Decimal(12)


def test_the_same_figures_again_change_nothing(world: World) -> None:
    figures = [entry("poor_hh", world.unit("dao-san"), 2022, 312)]
    values.enter(figures, actor=PROGRAM, now=NOW)
    done = values.enter(figures, actor=PROGRAM, now=NOW)
    assert (done.values, done.unchanged, Value.objects.count()) == ([], 1, 1)
    assert LogEntry.objects.filter(action="indicators.value.enter").count() == 1


def test_a_newer_preliminary_figure_takes_the_place_of_the_one_before(world: World) -> None:
    first = give("poor_hh", world.unit("dao-san"), 2022, 312)
    second = give("poor_hh", world.unit("dao-san"), 2022, 310)
    first.refresh_from_db()
    assert (second.replaces_id, second.is_chosen, first.is_chosen, first.amount) == (
        first.pk,
        True,
        False,
        Decimal(312),
    )


def test_an_official_figure_takes_over_and_a_preliminary_one_never_does(world: World) -> None:
    dao_san = world.unit("dao-san")
    before = give("poor_hh", dao_san, 2022, 312, stage=Stage.PRELIMINARY)
    official = give("poor_hh", dao_san, 2022, 305, stage=Stage.OFFICIAL)
    assert (official.replaces_id, official.is_chosen) == (None, True)
    late = give("poor_hh", dao_san, 2022, 330, stage=Stage.PRELIMINARY)
    assert (late.replaces_id, late.is_chosen) == (before.pk, False)
    assert chosen_amount(world) == Decimal(305)


def test_an_official_figure_is_put_right_only_with_a_reason(world: World) -> None:
    dao_san = world.unit("dao-san")
    give("poor_hh", dao_san, 2022, 305, stage=Stage.OFFICIAL)
    with pytest.raises(values.Doubtful, match=r"Đã có số chính thức \(305\)"):
        give("poor_hh", dao_san, 2022, 306, stage=Stage.OFFICIAL)
    give("poor_hh", dao_san, 2022, 306, stage=Stage.OFFICIAL, override_reason="Cộng sót một hộ")
    assert chosen_amount(world) == Decimal(306)


def test_sources_that_disagree_stand_side_by_side_until_one_is_chosen(world: World) -> None:
    district = world.unit("phong-tho")
    portal = give("near_poor_hh", district, 2022, 12248, stage=Stage.OFFICIAL, source_id=source("P06").pk)
    done = values.enter(
        [entry("near_poor_hh", district, 2022, 12250, stage=Stage.OFFICIAL, source_id=source("P07").pk)],
        actor=PROGRAM,
        now=NOW,
    )
    [beside] = done.beside
    assert (beside.is_chosen, chosen_amount(world, "near_poor_hh", "phong-tho")) == (False, Decimal(12248))
    values.choose(beside, reason="Sở tính lại", actor=world.acting("lanh-dao"), now=NOW)
    portal.refresh_from_db()
    beside.refresh_from_db()
    assert (portal.is_chosen, beside.is_chosen, beside.choice_reason) == (False, True, "Sở tính lại")
    assert [value.pk for value in values.history(portal)] == [beside.pk, portal.pk]
    [line] = LogEntry.objects.filter(action="indicators.value.choose")
    assert (line.reason, line.object_unit_id) == ("Sở tính lại", district.pk)


def test_choosing_needs_a_reason_the_right_and_a_row_that_still_stands(world: World) -> None:
    dao_san = world.unit("dao-san")
    old = give("poor_hh", dao_san, 2022, 312)
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        values.choose(old, reason=" ", actor=world.acting("lanh-dao"), now=NOW)
    with pytest.raises(NotAllowed, match="chọn số liệu được tính"):
        values.choose(old, reason="Vì thế", actor=world.acting("dao-san"), now=NOW)
    give("poor_hh", dao_san, 2022, 310)
    with pytest.raises(ChangedMeanwhile):
        values.choose(old, reason="Vì thế", actor=world.acting("lanh-dao"), now=NOW)


def test_a_correction_names_the_old_row_and_keeps_its_choice(world: World) -> None:
    old = give("poor_hh", world.unit("dao-san"), 2022, 312, stage=Stage.OFFICIAL)
    new = values.correct(old, Decimal(311), reason="Trùng một hộ", actor=world.acting("dao-san"), now=NOW)
    old.refresh_from_db()
    assert (new.replaces_id, new.is_chosen, new.override_reason) == (old.pk, True, "Trùng một hộ")
    assert (old.amount, old.is_chosen) == (Decimal(312), False)
    with pytest.raises(ChangedMeanwhile):
        values.correct(old, Decimal(313), reason="Lại", actor=world.acting("dao-san"), now=NOW)
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        values.correct(new, Decimal(313), reason="", actor=world.acting("dao-san"), now=NOW)
    with pytest.raises(NotAllowed):
        values.correct(new, Decimal(313), reason="Vì", actor=world.acting("mu-sang"), now=NOW)
    with pytest.raises(RuleNotMet, match="không thể lùi về «Sơ bộ»"):
        values.correct(
            new, Decimal(313), reason="Vì", stage=Stage.PRELIMINARY, actor=world.acting("dao-san"), now=NOW
        )


def test_a_doubtful_figure_stops_all_and_a_reason_lets_a_warning_pass(world: World) -> None:
    dao_san = world.unit("dao-san")
    give("poor_hh", dao_san, 2021, 500)
    good, odd = entry("total_households", dao_san, 2022, 900), entry("poor_hh", dao_san, 2022, 100)
    with pytest.raises(values.Doubtful, match="giảm 80,0 %") as caught:
        values.enter([good, odd], actor=PROGRAM, now=NOW)
    assert [(doubt.key, doubt.code) for doubt in caught.value.doubts] == [(odd.key, "jump")]
    assert Value.objects.count() == 1
    odd = entry("poor_hh", dao_san, 2022, 100, override_reason="Chuyển 400 hộ sang xã khác")
    done = values.enter([good, odd], actor=PROGRAM, now=NOW)
    assert [doubt.code for doubt in done.overridden] == ["jump"]
    stopped = entry("poor_hh", dao_san, 2022, "100.5", override_reason="Không được")
    with pytest.raises(values.Doubtful, match="phải là số nguyên"):
        values.enter([stopped], actor=PROGRAM, now=NOW)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"nothing_arose": True}, "không cả hai và không để trống"),
        ({"segment": "children"}, "không có phân tổ «children»"),
        ({"stage": "final"}, "mức độ «final» không có"),
        ({"number": 2025, "key": "xa-dao-san", "standard": "ngheo-2016-2020"}, "không áp dụng cho kỳ này"),
        ({"number": 2022, "key": "xa-dao-san"}, "đơn vị không tồn tại trong kỳ này"),
    ],
)
def test_nonsense_is_refused_whatever_the_reason(
    world: World, more: dict[str, object], expected: str
) -> None:
    number, key = more.pop("number", 2022), more.pop("key", "dao-san")
    wrong = entry(
        "poor_hh",
        world.unit(str(key)),
        int(str(number)),
        5,
        override_reason="Vì thế",
        standard_id=standard(str(more.pop("standard", "ngheo-2022-2026"))).pk,
    )
    with pytest.raises(values.Doubtful, match=expected):
        values.enter([replace(wrong, **more)], actor=PROGRAM, now=NOW)  # type: ignore[arg-type]


def test_the_first_year_of_a_standard_is_measured_under_both(world: World) -> None:
    dao_san = world.unit("dao-san")
    give("poor_hh", dao_san, 2021, 500)
    give("poor_hh", dao_san, 2021, 300, standard_id=standard("ngheo-2016-2020").pk)
    assert chosen_amount(world, number=2021) == Decimal(500)
    with pytest.raises(values.Doubtful, match="không áp dụng cho kỳ này"):
        give("poor_hh", dao_san, 2020, 500)


def test_two_figures_for_one_cell_are_refused(world: World) -> None:
    with pytest.raises(RuleNotMet, match="hai số cho cùng chỉ tiêu"):
        values.enter(
            [entry("poor_hh", world.unit("dao-san"), 2022, n) for n in (1, 2)], actor=PROGRAM, now=NOW
        )


def make_communes(count: int, parent: Unit) -> list[Unit]:
    units = Unit.objects.bulk_create(Unit(key=f"c-{n}", kind=UnitKind.COMMUNE) for n in range(count))
    UnitVersion.objects.bulk_create(
        UnitVersion(unit=unit, parent=parent, name=unit.key, label=f"xã {unit.key}", label_order=unit.key)
        for unit in units
    )
    tree.forget()
    return units


def test_ten_thousand_figures_take_seconds_and_few_questions(world: World) -> None:
    # Inserts are written in pieces of a size the database allows; all else is asked once for 5,000 units.
    units = make_communes(5_000, world.unit("lai-chau"))
    codes = {code: indicator(code).pk for code in ("poor_hh", "near_poor_hh")}
    since, until = values.year(2022)
    figures = [
        values.Entry(pk, unit.pk, since, until, Decimal(number % 400), standard_id=standard().pk)
        for number, unit in enumerate(units)
        for pk in codes.values()
    ]
    actor = world.acting("tinh")
    counts = []
    for batch in (figures[:2], figures[2:]):
        began = time.monotonic()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            values.enter(batch, actor=actor, now=NOW)
        counts.append(sum('INSERT INTO "indicators_value"' not in query["sql"] for query in queries))
    assert Value.objects.count() == 10_000
    assert time.monotonic() - began < 20
    assert counts[1] <= counts[0]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_at_the_same_time_one_is_told(world: World) -> None:
    """Both find nothing chosen; the constraint lets only one of them in, or the second replaces the first."""
    outcomes: list[str] = []
    barrier = threading.Barrier(2)
    figures = {amount: [entry("poor_hh", world.unit("dao-san"), 2022, amount)] for amount in (1, 2)}

    def run(amount: int) -> None:
        try:
            barrier.wait()
            values.enter(figures[amount], actor=PROGRAM, now=NOW)
            outcomes.append("done")
        except ChangedMeanwhile:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(amount,)) for amount in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) in (["done", "done"], ["done", "told"])
    assert Value.objects.filter(is_chosen=True).count() == 1
    assert Value.objects.count() == outcomes.count("done")


def stored() -> tuple[list[tuple[object, ...]], set[tuple[object, ...]]]:
    """Figures and totals, all columns but the numbers of rows."""
    columns = [field.attname for field in Value._meta.concrete_fields]
    figures = Value.objects.values_list(*sorted({*columns} - {"id", "replaces_id"}), "replaces__amount")
    totals = Total.objects.values_list(
        "indicator", "unit", "basis", "amount", "reported", "expected", "has_estimate", "parts", "estimates"
    )
    return sorted(figures, key=str), set(totals)


def test_many_figures_at_once_are_stored_as_few_are(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(4)
    units = make_communes(60, world.unit("lai-chau"))
    Indicator.objects.filter(code="near_poor_hh").update(decimals=4)
    amounts = [None, "0", "7", "0.0001", "41.6", "12345678901.2345", "1E+3", "999999999999"]
    batches = [
        [
            replace(entry("near_poor_hh", unit, 2022, None, stage=stage, note=" chú "), amount=amount)
            for unit, amount in zip(units, [Decimal(text) if text else None for text in texts], strict=True)
        ]
        for stage in (Stage.PRELIMINARY, Stage.OFFICIAL, Stage.OFFICIAL)
        for texts in [dice.choices(amounts, k=len(units))]
    ]
    found = []
    for many in (1, 10**9):
        monkeypatch.setattr(value_rows, "MANY", many)
        monkeypatch.setattr(total_keeping, "MANY", many)
        with transaction.atomic():
            for batch in batches:
                made = [replace(one, nothing_arose=one.amount is None) for one in batch]
                done = values.enter(made, actor=PROGRAM, now=NOW, reason=" đã hỏi lại ")
            assert set(Value.objects.in_bulk([value.pk for value in done.values]).values()) == {*done.values}
            give("near_poor_hh", world.unit("dao-san"), 2022, 3)
            found.append(stored())
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert len(found[0][0]) > 100
