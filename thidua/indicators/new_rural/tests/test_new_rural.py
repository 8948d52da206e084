"""Criteria of a commune, recognition and withdrawal with what follows, counts before and after a merge."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from thidua.audit.models import Entry as LogEntry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.core.text import fold
from thidua.indicators import definitions
from thidua.indicators.models import NewRuralLevel, NewRuralStatus, Recognition, Value
from thidua.indicators.new_rural import counts, published, recognitions, statuses
from thidua.indicators.tests.makers import NOW, PROGRAM, define, give, standard
from thidua.organisations.models import BEGINNING, FOREVER, Grouping, GroupingKind, Membership, Unit, UnitKind
from thidua.organisations.tests.world import DAY, World, make_unit, phong_tho

pytestmark = pytest.mark.django_db

EIGHTEEN = dict.fromkeys(range(1, 20), True) | {11: False}


@pytest.fixture
def world() -> World:
    define()
    return phong_tho()


def recognise(world: World, key: str, **more: Any) -> Recognition:
    wanted: dict[str, Any] = {
        "level": NewRuralLevel.STANDARD,
        "for_year": 2022,
        "number": "728/QĐ-UBND",
        "issuer": "Chủ tịch Ủy ban nhân dân tỉnh",
        "decided_on": date(2023, 3, 23),
        "actor": world.acting("tinh"),
        "now": NOW,
    }
    return recognitions.recognise(world.unit(key), **(wanted | more))


def put_in(unit: Unit, name: str, kind: GroupingKind = GroupingKind.REGION, **days: date) -> Membership:
    grouping, _ = Grouping.objects.get_or_create(kind=kind, name=name, owner=None)
    return Membership.objects.create(grouping=grouping, unit=unit, **days)


def classes(unit: Unit) -> list[tuple[str, date, date]]:
    rows = Membership.objects.filter(unit=unit).order_by("since", "grouping__name")
    return list(rows.values_list("grouping__name", "since", "until"))


# --- criteria


def test_a_commune_answers_its_criteria_and_the_count_becomes_a_value(world: World) -> None:
    dao_san = world.unit("dao-san")
    row = statuses.record_status(dao_san, 2022, EIGHTEEN, actor=world.acting("dao-san"), now=NOW)
    assert (row.met_count, row.standard.code) == (18, "ntm-xa-2021-2025")
    value = Value.objects.get(indicator__code="ntm_criteria_met", unit=dao_san)
    assert (value.amount, value.is_chosen, value.since) == (Decimal(18), True, date(2022, 1, 1))
    [line] = LogEntry.objects.filter(action="indicators.new_rural.status")
    assert (line.state_after, line.object_unit_id) == ("18 tiêu chí", dao_san.pk)


def test_unanswered_is_not_failed_and_the_same_again_changes_nothing(world: World) -> None:
    dao_san, actor = world.unit("dao-san"), world.acting("dao-san")
    statuses.record_status(dao_san, 2022, {1: True, 11: False}, actor=actor, now=NOW)
    row = statuses.record_status(dao_san, 2022, {1: True, 11: False}, actor=actor, now=NOW)
    assert statuses.answers_of(row) == {1: True, 11: False}
    assert LogEntry.objects.filter(action="indicators.new_rural.status").count() == 1
    later = NOW + timedelta(hours=1)
    statuses.record_status(dao_san, 2022, EIGHTEEN, actor=actor, now=later, seen=NOW)
    assert NewRuralStatus.objects.count() == 1
    chosen = Value.objects.get(indicator__code="ntm_criteria_met", is_chosen=True)
    assert (chosen.amount, chosen.replaces is not None) == (Decimal(18), True)
    with pytest.raises(ChangedMeanwhile):
        statuses.record_status(dao_san, 2022, {1: True}, actor=actor, now=later, seen=NOW)


def test_who_may_answer_and_what_is_refused(world: World) -> None:
    dao_san = world.unit("dao-san")
    with pytest.raises(NotAllowed):
        statuses.record_status(dao_san, 2022, EIGHTEEN, actor=world.acting("mu-sang"), now=NOW)
    actor = world.acting("tinh")
    with pytest.raises(RuleNotMet, match="không có tiêu chí số 20"):
        statuses.record_status(dao_san, 2022, {20: True}, actor=actor, now=NOW)
    with pytest.raises(RuleNotMet, match="chưa trả lời tiêu chí nào"):
        statuses.record_status(dao_san, 2022, {}, actor=actor, now=NOW)
    with pytest.raises(RuleNotMet, match="Chưa có bộ tiêu chí cho năm 2012"):
        statuses.record_status(dao_san, 2012, {1: True}, actor=actor, now=NOW)
    assert NewRuralStatus.objects.count() == 0


def test_criterion_11_reads_the_poverty_review_of_the_standard_of_the_year(world: World) -> None:
    dao_san, mu_sang = world.unit("dao-san"), world.unit("mu-sang")
    give("total_households", dao_san, 2022, 1000)
    give("poor_and_near_poor_hh", dao_san, 2022, 455)
    give("multidim_poverty_rate", mu_sang, 2022, "43.8")
    found = statuses.poverty([dao_san.pk, mu_sang.pk, world.unit("huoi-luong").pk], 2022)
    assert found == {
        dao_san.pk: statuses.Poverty(Decimal("45.50"), "so_bo", (Decimal(455), Decimal(1000))),
        mu_sang.pk: statuses.Poverty(Decimal("43.8"), "so_bo"),
    }
    give("multidim_poverty_rate", dao_san, 2021, "60")
    give("multidim_poverty_rate", dao_san, 2021, "40", standard_id=standard("ngheo-2016-2020").pk)
    assert statuses.poverty([dao_san.pk], 2021)[dao_san.pk].percent == Decimal(40)


# --- recognition


def test_recognition_ends_region_3_and_begins_region_1_that_day(world: World) -> None:
    dao_san = world.unit("dao-san")
    put_in(dao_san, "Khu vực III", since=date(2021, 6, 4))
    put_in(dao_san, "Xã đặc biệt khó khăn", GroupingKind.HARD_COMMUNE, since=date(2021, 6, 4))
    put_in(dao_san, "Xã biên giới", GroupingKind.BORDER)
    found = recognise(world, "dao-san")
    day = date(2023, 3, 23)
    assert classes(dao_san) == [
        ("Xã biên giới", BEGINNING, FOREVER),
        ("Khu vực III", date(2021, 6, 4), day),
        ("Xã đặc biệt khó khăn", date(2021, 6, 4), day),
        ("Khu vực I", day, FOREVER),
    ]
    new = Membership.objects.get(unit=dao_san, grouping__name="Khu vực I")
    assert (new.act, found.standard.code) == (found.decision, "ntm-xa-2021-2025")  # type: ignore[union-attr]
    [line] = LogEntry.objects.filter(action="indicators.new_rural.recognise")
    assert "Khu vực III" in line.details


def test_a_commune_outside_the_regions_or_classed_later_gets_no_region(world: World) -> None:
    recognise(world, "huoi-luong")
    assert classes(world.unit("huoi-luong")) == []
    put_in(world.unit("mu-sang"), "Khu vực III", since=date(2023, 6, 1))
    recognise(world, "mu-sang")
    assert classes(world.unit("mu-sang")) == [("Khu vực III", date(2023, 6, 1), FOREVER)]


def test_withdrawal_needs_its_own_decision_and_does_not_bring_the_old_class_back(world: World) -> None:
    dao_san = world.unit("dao-san")
    put_in(dao_san, "Khu vực II")
    found = recognise(world, "dao-san")
    before = classes(dao_san)
    recognitions.withdraw(
        found,
        number="99/QĐ-UBND",
        issuer="",
        withdrawn_on=date(2023, 10, 1),
        reason="Quá nửa tiêu chí không còn đạt",
        actor=world.acting("tinh"),
        now=NOW,
    )
    assert classes(dao_san) == before
    communes = {dao_san.pk}
    assert counts.standing(communes, NewRuralLevel.STANDARD, on=date(2023, 9, 30)) == communes
    assert counts.standing(communes, NewRuralLevel.STANDARD, on=date(2023, 10, 1)) == set()
    stale = Recognition.objects.get(pk=found.pk)
    with pytest.raises(ChangedMeanwhile):
        recognitions.withdraw(
            stale,
            number="100/QĐ-UBND",
            issuer="",
            withdrawn_on=date(2023, 10, 2),
            reason="Lần nữa",
            actor=world.acting("tinh"),
            now=NOW,
        )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"number": " "}, "chưa có số quyết định"),
        ({"decided_on": date(2024, 1, 1)}, "chưa đến"),
        ({"for_year": 2024}, "không công nhận cho năm 2024"),
        ({"level": NewRuralLevel.ADVANCED}, "chưa có quyết định công nhận «Đạt chuẩn nông thôn mới»"),
    ],
)
def test_what_cannot_be_recognised(world: World, more: dict[str, Any], expected: str) -> None:
    with pytest.raises(RuleNotMet, match=expected):
        recognise(world, "dao-san", **more)
    assert Recognition.objects.count() == 0


def test_levels_stand_on_each_other(world: World) -> None:
    first = recognise(world, "dao-san")
    recognise(world, "dao-san", level=NewRuralLevel.ADVANCED, decided_on=date(2023, 6, 1), number="9/QĐ-UBND")
    with pytest.raises(RuleNotMet, match="đã ghi công nhận"):
        recognise(world, "dao-san")
    with pytest.raises(RuleNotMet, match="Ghi thu hồi mức cao hơn trước"):
        recognitions.withdraw(
            first,
            number="99/QĐ-UBND",
            issuer="",
            withdrawn_on=date(2023, 10, 1),
            reason="Vì thế",
            actor=world.acting("tinh"),
            now=NOW,
        )


@pytest.mark.parametrize("person", ["dao-san", "lanh-dao", "thuong-truc", "nguoi-xem", "quan-tri"])
def test_only_the_province_recognises(world: World, person: str) -> None:
    with pytest.raises(NotAllowed, match="ghi công nhận hay thu hồi nông thôn mới"):
        recognise(world, "dao-san", actor=world.acting(person))


# --- counts


def test_counts_before_and_after_the_merge(world: World) -> None:
    recognise(world, "dao-san")
    recognise(world, "huoi-luong", number="729/QĐ-UBND")
    root = world.unit("lai-chau").pk
    assert counts.counted(root, on=date(2023, 3, 22)) == counts.Counted(3, 0)
    assert counts.counted(root, on=DAY) == counts.Counted(3, 2)
    after = date(2025, 8, 1)
    # Phong Thổ took over one recognised commune; Dào San took over one that was and one that was not.
    assert counts.counted(root, on=after) == counts.Counted(2, 0, all_predecessors=1, some_predecessors=1)
    own = recognise(
        world,
        "xa-phong-tho",
        for_year=2025,
        decided_on=date(2025, 7, 20),
        number="1/QĐ-UBND",
        actor=world.acting("tinh", on=after),
    )
    assert own.standard is not None
    assert counts.counted(root, on=after) == counts.Counted(2, 1, 0, 1)


def test_communes_below_15_criteria_count_only_who_reported(world: World) -> None:
    actor = world.acting("tinh")
    statuses.record_status(world.unit("dao-san"), 2022, EIGHTEEN, actor=actor, now=NOW)
    statuses.record_status(
        world.unit("mu-sang"), 2022, dict.fromkeys(range(1, 15), True), actor=actor, now=NOW
    )
    row = NewRuralStatus.objects.get(unit=world.unit("mu-sang"))
    assert counts.below_few(world.unit("lai-chau").pk, 2022, row.standard) == (1, 2)


# --- published decisions


def test_published_decisions_are_written_down_once_for_the_right_commune() -> None:
    define()
    nation = make_unit("viet-nam", "Việt Nam", UnitKind.NATION)
    for key in ("quang-binh", "khac"):
        label = "tỉnh Quảng Bình" if key == "quang-binh" else "tỉnh Khác"
        province = make_unit(key, label, UnitKind.PROVINCE, parent=nation)
        for name in ("Thái Thủy", "Sơn Lộc", "Quảng Đông"):
            make_unit(
                f"{key}-{fold(name).replace(' ', '-')}", f"xã {name}", UnitKind.COMMUNE, parent=province
            )
    folder = settings.BASE_DIR / "data" / "indicators"
    read = definitions.read(folder / "definitions.yaml")
    report = published.load(folder / "recognitions.csv", read, actor=PROGRAM, now=NOW)
    assert (report.new, report.known, report.unmatched) == (3, 0, ["Đồng Hóa"])
    assert set(Recognition.objects.values_list("unit__key", "for_year", "decided_on", "source__code")) == {
        (f"quang-binh-{name}", 2021, date(2022, 3, 23), "N01")
        for name in ("thai-thuy", "son-loc", "quang-dong")
    }
    again = published.load(folder / "recognitions.csv", read, actor=PROGRAM, now=NOW)
    assert (again.new, again.known) == (0, 3)


def test_a_wrong_decision_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "recognitions.csv"
    path.write_text("province,place,level,for_year,number,issuer,decided_on\nA,B,tot,2021,1,C,2022-01-01\n")
    with pytest.raises(definitions.BadDefinitions, match="recognitions.csv, dòng 2: không hiểu 'tot'"):
        published.load(path, definitions.Definitions((), {}, (), {}, ()), actor=PROGRAM, now=NOW)
