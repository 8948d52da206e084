"""Kept totals: paths, the deepest figures, both trees, coverage, and that adding up anew changes nothing."""

from __future__ import annotations

import random
import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from thidua.core import clock
from thidua.indicators import rates, total_keeping, totals
from thidua.indicators.background import REBUILD_TOTALS
from thidua.indicators.models import AddedUp, Aggregation, Basis, Indicator, Stage, Standard, Total, Value
from thidua.jobs.models import Job, JobState
from thidua.jobs.worker import run_pending
from thidua.organisations import tree
from thidua.organisations.models import Succession, Unit, UnitKind
from thidua.organisations.tests.world import REFORM, World, make_unit, phong_tho, succeed

AFTER = datetime(2025, 11, 5, tzinfo=UTC)
BEFORE = datetime(2023, 11, 5, tzinfo=UTC)


def an_indicator(
    code: str = "poor_hh", aggregation: Aggregation = Aggregation.SUM, **more: object
) -> Indicator:
    values = {"kind": "count", "system": "ra_soat", "measure": "hộ", "reported_by": "commune", **more}
    return Indicator.objects.create(code=code, name=code, aggregation=aggregation, **values)


def enter(
    indicator: Indicator,
    unit: Unit,
    amount: int | str | None,
    *,
    year: int = 2022,
    now: datetime = AFTER,
    standard: Standard | None = None,
    is_estimate: bool = False,
) -> Value:
    """A new chosen figure, or a correction of the one before; the totals follow."""
    with transaction.atomic():
        key = {"indicator": indicator, "unit": unit, "since": date(year, 1, 1), "standard": standard}
        before = Value.objects.filter(is_chosen=True, **key).first()
        if before is not None:
            Value.objects.filter(pk=before.pk).update(is_chosen=False)
        value = Value.objects.create(
            **key,
            until=date(year + 1, 1, 1),
            stage=Stage.OFFICIAL,
            amount=None if amount is None else Decimal(amount),
            nothing_arose=amount is None,
            replaces=before,
            is_estimate=is_estimate,
        )
        total_keeping.changed([value], now=now)
    return value


def withdraw(indicator: Indicator, unit: Unit, *, year: int = 2022, now: datetime = AFTER) -> None:
    with transaction.atomic():
        value = Value.objects.get(indicator=indicator, unit=unit, since=date(year, 1, 1), is_chosen=True)
        Value.objects.filter(pk=value.pk).update(is_chosen=False)
        total_keeping.changed([value], now=now)


def seen(
    indicator: Indicator, unit: Unit, basis: Basis = Basis.THEN, year: int = 2022
) -> tuple[int, int, int] | None:
    found = totals.total(indicator, unit.pk, year=year, basis=basis)
    return (int(found.amount), found.reported, found.expected) if found else None


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


def test_figures_of_communes_reach_every_level_with_coverage(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("dao-san"), 30)
    enter(poor, world.unit("mu-sang"), None)

    assert seen(poor, world.unit("dao-san")) == (30, 1, 1)
    assert seen(poor, world.unit("phong-tho")) == (30, 2, 3)
    assert seen(poor, world.unit("lai-chau")) == (30, 2, 3)
    assert seen(poor, world.unit("viet-nam")) == (30, 2, 3)
    assert seen(poor, world.unit("huoi-luong")) is None
    found = totals.total(poor, world.unit("lai-chau").pk, year=2022)
    assert found is not None
    assert found.missing_ids() == [world.unit("huoi-luong").pk]


def test_a_correction_changes_every_level_at_once(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("dao-san"), 30)

    enter(poor, world.unit("dao-san"), 31)

    assert seen(poor, world.unit("viet-nam")) == (31, 1, 3)
    assert seen(poor, world.unit("viet-nam"), Basis.NOW) == (31, 1, 3)


def test_a_published_figure_counts_until_somebody_below_reports(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("lai-chau"), 500)
    assert seen(poor, world.unit("viet-nam")) == (500, 0, 3)

    enter(poor, world.unit("dao-san"), 30)
    assert seen(poor, world.unit("lai-chau")) == (30, 1, 3)

    withdraw(poor, world.unit("dao-san"))
    assert seen(poor, world.unit("lai-chau")) == (500, 0, 3)
    withdraw(poor, world.unit("lai-chau"))
    assert Total.objects.count() == 0


def test_a_new_commune_has_the_series_of_those_it_came_from(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("dao-san"), 30, year=2021)
    enter(poor, world.unit("mu-sang"), 12, year=2021)
    enter(poor, world.unit("huoi-luong"), 7, year=2021)
    enter(poor, world.unit("mu-sang"), 11, year=2022)
    enter(poor, world.unit("xa-dao-san"), 25, year=2025)

    points = totals.series(poor, world.unit("xa-dao-san").pk, basis=Basis.NOW)

    assert [(p.year, int(p.sum.amount), p.sum.reported, p.sum.expected) for p in points] == [
        (2021, 42, 2, 2),
        (2022, 11, 1, 2),
        (2025, 25, 1, 1),
    ]
    assert points[1].sum.missing_ids() == [world.unit("dao-san").pk]
    assert seen(poor, world.unit("lai-chau"), Basis.NOW, 2021) == seen(
        poor, world.unit("lai-chau"), year=2021
    )


def test_before_the_reform_today_is_still_the_tree_of_then(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("dao-san"), 30, now=BEFORE)

    assert seen(poor, world.unit("phong-tho"), Basis.NOW) == (30, 1, 3)
    assert seen(poor, world.unit("xa-dao-san"), Basis.NOW) is None

    done = total_keeping.rebuild(now=AFTER, only_stale=True)

    assert done.differing > 0
    assert seen(poor, world.unit("xa-dao-san"), Basis.NOW) == (30, 1, 2)
    assert seen(poor, world.unit("phong-tho"), Basis.NOW) is None
    assert total_keeping.rebuild(now=AFTER, only_stale=True) == total_keeping.Rebuilt(0, 0)


def test_a_figure_of_an_ended_district_stands_at_its_province(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("phong-tho"), 90)

    found = totals.total(poor, world.unit("lai-chau").pk, year=2022, basis=Basis.NOW)

    assert found is not None
    assert (int(found.amount), found.reported, found.expected) == (90, 0, 3)
    assert totals.total(poor, world.unit("xa-dao-san").pk, year=2022, basis=Basis.NOW) is None


def split_world() -> tuple[World, Unit, Unit]:
    """The commune Ma Ly Pho ended and went to two new ones in parts."""
    world = phong_tho()
    old = make_unit(
        "ma-ly-pho", "xã Ma Ly Pho", UnitKind.COMMUNE, parent=world.unit("phong-tho"), until=REFORM
    )
    world.units["ma-ly-pho"] = old
    for key in ("xa-phong-tho", "xa-dao-san"):
        succeed(old, world.unit(key), is_whole=False)
    return world, world.unit("xa-phong-tho"), world.unit("xa-dao-san")


@pytest.mark.django_db
def test_what_cannot_be_divided_goes_to_nobody_and_is_named() -> None:
    world, one, other = split_world()
    poor = an_indicator()
    enter(poor, world.unit("ma-ly-pho"), 101)
    enter(poor, world.unit("huoi-luong"), 7)

    found = totals.total(poor, one.pk, year=2022, basis=Basis.NOW)

    assert found is not None
    assert (int(found.amount), found.reported, found.expected, found.has_estimate) == (7, 1, 2, False)
    assert found.undivided_ids() == [world.unit("ma-ly-pho").pk]
    assert totals.total(poor, other.pk, year=2022, basis=Basis.NOW) is None
    assert seen(poor, world.unit("lai-chau"), Basis.NOW) == seen(poor, world.unit("lai-chau")) == (108, 2, 4)


@pytest.mark.django_db
def test_stated_shares_divide_exactly_and_are_marked() -> None:
    world, one, other = split_world()
    rows = Succession.objects.filter(predecessor=world.unit("ma-ly-pho"))
    rows.filter(successor=one).update(share=Decimal("0.33333333"))
    rows.filter(successor=other).update(share=Decimal("0.66666667"))
    tree.forget()
    poor = an_indicator()
    enter(poor, world.unit("ma-ly-pho"), 101)

    found = [totals.total(poor, unit.pk, year=2022, basis=Basis.NOW) for unit in (one, other)]
    above = totals.total(poor, world.unit("lai-chau").pk, year=2022, basis=Basis.NOW)

    assert [(int(row.amount), row.has_estimate) for row in found if row] == [(34, True), (67, True)]
    assert above is not None
    assert (int(above.amount), above.reported, above.expected, above.has_estimate) == (101, 1, 4, False)


def test_an_estimate_marks_every_level_above(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("dao-san"), 30, is_estimate=True)
    enter(poor, world.unit("mu-sang"), 3)

    for basis in Basis:
        found = totals.total(poor, world.unit("viet-nam").pk, year=2022, basis=basis)
        assert found is not None
        assert found.has_estimate is True


def test_a_unit_that_ended_within_the_period_keeps_its_figure_for_itself(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("dao-san"), 30, year=2025)

    assert seen(poor, world.unit("dao-san"), year=2025) == (30, 1, 1)
    assert seen(poor, world.unit("lai-chau"), year=2025) is None
    withdraw(poor, world.unit("dao-san"), year=2025)
    assert Total.objects.count() == 0


def test_standards_are_kept_apart(world: World) -> None:
    poor = an_indicator()
    old, new = (Standard.objects.create(code=code, name=code) for code in ("a", "b"))
    enter(poor, world.unit("dao-san"), 30, standard=old)
    enter(poor, world.unit("dao-san"), 50, standard=new)

    found = [
        totals.total(poor, world.unit("viet-nam").pk, year=2022, standard=standard)
        for standard in (old, new, None)
    ]

    assert [row and row.amount for row in found] == [30, 50, None]


def test_what_does_not_add_up_is_each_units_own(world: World) -> None:
    rank = an_indicator("rank", Aggregation.LAST)
    enter(rank, world.unit("dao-san"), 3)

    assert seen(rank, world.unit("dao-san")) == (3, 0, 0)
    assert seen(rank, world.unit("lai-chau")) is None
    assert Total.objects.count() == 0


def snapshot() -> set[tuple[object, ...]]:
    return set(
        Total.objects.values_list(
            "indicator", "unit", "since", "standard", "basis", "amount", "reported", "expected",
            "has_estimate", "parts", "estimates",
        )
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_of_corrections_ends_where_adding_up_anew_ends(seed: int) -> None:
    dice = random.Random(seed)
    world, _, _ = split_world()
    make_unit("ban-a", "bản A", UnitKind.VILLAGE, parent=world.unit("dao-san"), until=REFORM)
    make_unit("ban-b", "bản B", UnitKind.VILLAGE, parent=world.unit("ma-ly-pho"), until=REFORM)
    if seed % 2:
        rows = Succession.objects.filter(predecessor=world.unit("ma-ly-pho"))
        rows.update(share=Decimal("0.5"))
        tree.forget()
    units = list(Unit.objects.exclude(kind=UnitKind.AGENCY).order_by("pk"))
    poor = [an_indicator(), an_indicator("land", decimals=2)]
    for _ in range(40):
        indicator, unit, year = dice.choice(poor), dice.choice(units), dice.choice([2022, 2025])
        chosen = Value.objects.filter(
            indicator=indicator, unit=unit, since=date(year, 1, 1), is_chosen=True
        ).exists()
        if chosen and dice.random() < 0.4:
            withdraw(indicator, unit, year=year)
        else:
            amount = dice.choice([None, str(dice.randrange(-50, 10**6)), f"{dice.randrange(1000)}.2345"])
            enter(indicator, unit, amount, year=year, is_estimate=dice.random() < 0.2)
    kept = snapshot()

    done = total_keeping.rebuild(now=AFTER)

    assert snapshot() == kept
    assert done == total_keeping.Rebuilt(len(kept), 0)
    Total.objects.all().delete()
    AddedUp.objects.all().delete()
    total_keeping.rebuild(now=AFTER)
    assert snapshot() == kept
    for year in (2022,):
        for indicator in poor:
            assert seen(indicator, world.unit("viet-nam"), year=year) == seen(
                indicator, world.unit("viet-nam"), Basis.NOW, year
            )


def test_queries_do_not_depend_on_how_much_changed(world: World) -> None:
    poor, units = an_indicator(), [world.unit(key) for key in ("dao-san", "mu-sang", "huoi-luong")]
    values = [enter(poor, unit, 5) for unit in units]

    counts = []
    for some in (values[:1], values):
        for value in some:
            Value.objects.filter(pk=value.pk).update(amount=5 + len(some))
        with CaptureQueriesContext(connection) as queries:
            total_keeping.changed(some, now=AFTER)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert seen(poor, world.unit("viet-nam")) == (24, 3, 3)


def test_a_total_is_one_query(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("dao-san"), 5)

    with CaptureQueriesContext(connection) as queries:
        totals.total(poor, world.unit("viet-nam").pk, year=2022)

    assert len(queries) == 1


def test_changed_units_make_the_period_anew(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("dao-san"), 5)
    make_unit(
        "vang-ma-chai", "xã Vàng Ma Chải", UnitKind.COMMUNE, parent=world.unit("phong-tho"), until=REFORM
    )

    enter(poor, world.unit("mu-sang"), 4)

    assert seen(poor, world.unit("lai-chau")) == (9, 2, 4)
    assert seen(poor, world.unit("lai-chau"), Basis.NOW) == (9, 2, 4)


def share(world: World) -> Indicator:
    return an_indicator(
        "poor_hh_rate",
        Aggregation.RATIO,
        numerator=an_indicator(),
        denominator=an_indicator("total_households"),
        decimals=2,
    )


def test_a_rate_is_of_the_units_that_gave_both(world: World) -> None:
    rate = share(world)
    assert rate.numerator is not None
    assert rate.denominator is not None
    enter(rate.numerator, world.unit("dao-san"), 30)
    enter(rate.numerator, world.unit("mu-sang"), 900)
    enter(rate.denominator, world.unit("dao-san"), 90)
    enter(rate.denominator, world.unit("huoi-luong"), 5000)

    for basis in Basis:
        found = rates.rate(rate, world.unit("lai-chau").pk, year=2022, basis=basis)
        assert found is not None
        assert (found.amount, found.numerator, found.denominator) == (
            Decimal("33.33"),
            Decimal(30),
            Decimal(90),
        )
        assert (found.reported, found.expected) == (1, 3)
    assert rates.rate(rate, world.unit("mu-sang").pk, year=2022) is None


def test_a_complete_rate_needs_no_figures_of_units(world: World) -> None:
    rate = share(world)
    for key, poor, all_of_them in (("dao-san", 30, 90), ("mu-sang", 10, 50), ("huoi-luong", 0, 60)):
        enter(rate.numerator, world.unit(key), poor)  # type: ignore[arg-type]
        enter(rate.denominator, world.unit(key), all_of_them)  # type: ignore[arg-type]

    with CaptureQueriesContext(connection) as queries:
        found = rates.rate(rate, world.unit("lai-chau").pk, year=2022)

    assert found is not None
    assert (found.amount, found.reported, found.expected) == (Decimal("20.00"), 3, 3)
    assert len(queries) == 2


def test_a_published_rate_stands_alone_or_beside(world: World) -> None:
    rate = share(world)
    enter(rate, world.unit("phong-tho"), "43.8")

    alone = rates.rate(rate, world.unit("phong-tho").pk, year=2022)
    enter(rate.numerator, world.unit("phong-tho"), 4300)  # type: ignore[arg-type]
    enter(rate.denominator, world.unit("phong-tho"), 10000)  # type: ignore[arg-type]
    beside = rates.rate(rate, world.unit("phong-tho").pk, year=2022)

    assert alone is not None
    assert (alone.amount, alone.is_from_counts, alone.stage) == (Decimal("43.8"), False, Stage.OFFICIAL)
    assert beside is not None
    assert (beside.amount, beside.published, beside.is_from_counts) == (Decimal(43), Decimal("43.8"), True)
    assert rates.rate(rate, world.unit("lai-chau").pk, year=2022).amount == 43  # type: ignore[union-attr]
    assert [period.since.year for period, _ in rates.rate_series(rate, world.unit("phong-tho").pk)] == [2022]


def test_a_mean_is_weighted(world: World) -> None:
    people = an_indicator("people")
    income = an_indicator("income", Aggregation.WEIGHTED_MEAN, denominator=people, kind="mean", decimals=1)
    enter(people, world.unit("dao-san"), 100)
    enter(people, world.unit("mu-sang"), 300)
    enter(income, world.unit("dao-san"), "20.5")
    enter(income, world.unit("mu-sang"), "40.5")

    for basis, key in ((Basis.THEN, "phong-tho"), (Basis.NOW, "xa-dao-san")):
        found = rates.rate(income, world.unit(key).pk, year=2022, basis=basis)
        assert found is not None
        assert found.amount == Decimal("35.5")


@pytest.mark.django_db(transaction=True)
def test_two_correct_at_once_and_nothing_is_lost() -> None:
    world = phong_tho()
    poor = an_indicator()
    for key in ("dao-san", "mu-sang"):
        enter(poor, world.unit(key), 0)
    failures: list[BaseException] = []

    def correct(key: str) -> None:
        try:
            for amount in range(1, 13):
                enter(poor, world.unit(key), amount)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=correct, args=(key,)) for key in ("dao-san", "mu-sang")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert seen(poor, world.unit("viet-nam")) == (24, 2, 3)
    assert seen(poor, world.unit("xa-dao-san"), Basis.NOW) == (24, 2, 2)
    assert total_keeping.rebuild(now=AFTER).differing == 0


def test_changed_units_ask_for_a_job_which_adds_up_anew(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("dao-san"), 5)
    Job.objects.all().delete()
    Succession.objects.filter(predecessor=world.unit("dao-san")).update(successor=world.unit("xa-phong-tho"))

    tree.forget(since=REFORM)
    tree.forget(since=REFORM)

    assert Job.objects.filter(kind=REBUILD_TOTALS, state=JobState.QUEUED).count() == 1
    assert seen(poor, world.unit("xa-phong-tho"), Basis.NOW) is None
    with clock.fixed_on(AFTER.date()):
        assert run_pending() == 1
    assert seen(poor, world.unit("xa-phong-tho"), Basis.NOW) == (5, 1, 2)


def test_a_change_on_a_later_day_is_added_up_again_on_that_day(world: World) -> None:
    poor = an_indicator()
    enter(poor, world.unit("dao-san"), 5)

    with clock.fixed_on(BEFORE.date()):
        tree.forget(since=REFORM)

    due = Job.objects.get(kind=REBUILD_TOTALS, key__isnull=False).due_at
    assert due.astimezone(clock.VIETNAM).date() == REFORM


def test_nothing_is_asked_for_before_anything_was_added_up(world: World) -> None:
    tree.forget()

    assert not Job.objects.filter(kind=REBUILD_TOTALS).exists()
