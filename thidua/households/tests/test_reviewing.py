"""The yearly review: survey, results, the balance that must close, recognition with values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.audit.models import Entry
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.households import recognising, register, reviewing
from thidua.households.balance import Change, Standing, balance, change_of
from thidua.households.classes import Area, PovertyClass
from thidua.households.classifying import Facts
from thidua.households.models import Household, Review
from thidua.households.tests.makers import (
    COMPLETE,
    NOW,
    make_assessment,
    make_household,
    make_review,
)
from thidua.indicators.models import Indicator, Stage, Standard, Value
from thidua.organisations.models import Role, Unit
from thidua.organisations.tests.world import World, make_person, phong_tho

POOR, NEAR, ABOVE = PovertyClass.POOR, PovertyClass.NEAR_POOR, PovertyClass.ABOVE
THREE = [True, True, True, *[False] * 9]


@pytest.fixture
def world() -> World:
    found = phong_tho()
    make = make_person("chu-tich", (found.unit("huoi-luong"), Role.LEADER))
    found.people["chu-tich"] = make
    return found


@pytest.fixture
def commune(world: World) -> Unit:
    return world.unit("huoi-luong")


def make_indicators() -> None:
    for code in ("total_households", "poor_hh", "near_poor_hh", "escaped_poor_hh", "newly_arisen_hh"):
        Indicator.objects.create(
            code=code, name=code, kind="count", system="ra_soat", measure="hộ", aggregation="sum"
        )


def reviewed(commune: Unit) -> tuple[Review, dict[str, Household]]:
    """2022 and 2023 of one commune: one household for each kind of change."""
    before, review = make_review(commune, 2022), make_review(commune, 2023, **COMPLETE)
    long_ago = make_review(commune, 2021)
    classes: dict[str, tuple[PovertyClass | None, PovertyClass | None]] = {
        "van-ngheo": (POOR, POOR),
        "thoat": (POOR, ABOVE),
        "thoat-can": (POOR, NEAR),
        "tai-ngheo": (NEAR, POOR),
        "phat-sinh": (ABOVE, POOR),
        "chuyen-den": (None, POOR),
        "chuyen-di": (POOR, None),
        "thoat-can-ngheo": (NEAR, ABOVE),
    }
    found = {}
    for code, (then, now) in classes.items():
        fields: dict[str, Any] = {}
        if code == "chuyen-den":
            fields["since"] = date(2023, 3, 1)
        if code == "chuyen-di":
            fields["until"] = date(2023, 6, 1)
        found[code] = make_household(commune, code, **fields)
        if then:
            make_assessment(found[code], before, then)
        if now:
            make_assessment(found[code], review, now)
    make_assessment(found["tai-ngheo"], long_ago, POOR)
    return review, found


# --- the balance, pure ----------------------------------------------------------------------------


def test_change_of_each_household() -> None:
    assert {
        (before, now, ever): change_of(Standing("1", before, now, was_ever_poor=ever))
        for before, now, ever in (
            (POOR, POOR, False),
            (POOR, NEAR, False),
            (POOR, ABOVE, False),
            (POOR, None, False),
            (NEAR, POOR, True),
            (NEAR, POOR, False),
            (NEAR, ABOVE, False),
            (None, None, False),
        )
    } == {
        (POOR, POOR, False): Change.STAYED,
        (POOR, NEAR, False): Change.ESCAPED_TO_NEAR,
        (POOR, ABOVE, False): Change.ESCAPED,
        (POOR, None, False): Change.OPEN,
        (NEAR, POOR, True): Change.FELL_BACK,
        (NEAR, POOR, False): Change.AROSE,
        (NEAR, ABOVE, False): Change.ESCAPED_NEAR_POOR,
        (None, None, False): Change.NONE,
    }


classes = st.one_of(st.none(), st.sampled_from(PovertyClass))


@given(
    rows=st.lists(
        st.builds(
            Standing, st.uuids().map(str), classes, classes, st.booleans(), st.booleans(), st.booleans()
        )
    )
)
def test_balance_misses_exactly_those_left_open(rows: list[Standing]) -> None:
    found = balance(rows)

    assert found.difference == len(found.open_codes)
    assert found.closes == (not found.open_codes)
    assert balance(reversed(rows)) == found


def test_balance_names_the_published_figure_that_differs() -> None:
    found = balance([Standing("1", POOR, POOR)], published_start=3)

    assert found.why_not == ["số hộ nghèo cuối năm trước đã công bố là 3, trong sổ có 1 hộ"]


# --- with a database ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_survey_gives_the_class_of_the_year(world: World, commune: Unit) -> None:
    household, review = make_household(commune, "1"), make_review(commune, 2023)
    actor = world.acting("huoi-luong")

    first = reviewing.assess(household, review, Facts(Area.RURAL, None, 140, THREE), actor=actor, now=NOW)
    again = reviewing.assess(
        household, review, Facts(Area.RURAL, None, 140, [None, *THREE[1:]]), actor=actor, now=NOW
    )

    assert (first.national_class, first.standard_code) == (POOR, "ngheo-2022-2026")
    assert (again.pk, again.national_class, again.deprivations) == (first.pk, "", "-11000000000")
    assert Entry.objects.filter(action="households.assessment.write").count() == 2


@pytest.mark.django_db
def test_survey_is_refused_to_others_and_with_impossible_numbers(world: World, commune: Unit) -> None:
    household, review = make_household(commune, "1"), make_review(commune, 2023)
    facts = Facts(Area.RURAL, None, 140, THREE)

    for username in ("dao-san", "thuong-truc", "tinh", "quan-tri", "nguoi-xem", "nguoi-la"):
        with pytest.raises(NotAllowed):
            reviewing.assess(household, review, facts, actor=world.acting(username), now=NOW)
    with pytest.raises(RuleNotMet, match="5 người phụ thuộc nhiều hơn 4 nhân khẩu"):
        reviewing.assess(
            household, review, facts, members=4, dependants=5, actor=world.acting("huoi-luong"), now=NOW
        )
    assert review.assessments.count() == 0


@pytest.mark.django_db
def test_results_and_balance(world: World, commune: Unit) -> None:
    review, _ = reviewed(commune)

    rows = reviewing.results(review)

    assert {row.household.code: row.change for row in rows} == {
        "van-ngheo": Change.STAYED,
        "thoat": Change.ESCAPED,
        "thoat-can": Change.ESCAPED_TO_NEAR,
        "tai-ngheo": Change.FELL_BACK,
        "phat-sinh": Change.AROSE,
        "chuyen-den": Change.MOVED_IN,
        "chuyen-di": Change.MOVED_OUT,
        "thoat-can-ngheo": Change.ESCAPED_NEAR_POOR,
    }
    found = recognising.balance_of(review, rows)
    assert (found.start, found.escaped, found.fallen_back, found.arisen, found.moved_in, found.moved_out) == (
        4,
        2,
        1,
        1,
        1,
        1,
    )
    assert (found.end, found.expected_end, found.closes) == (4, 4, True)


@pytest.mark.django_db
def test_recognition_freezes_and_writes_official_values(world: World, commune: Unit) -> None:
    make_indicators()
    review, found = reviewed(commune)
    leader = world.acting("chu-tich")

    recognising.recognise(
        review, decision_number="45/QĐ-UBND", recognised_on=date(2023, 11, 3), actor=leader, now=NOW
    )
    again = recognising.enter_values(review, actor=leader, now=NOW)

    assert review.stage == Stage.OFFICIAL
    assert {
        row.indicator.code: (row.amount, row.stage, row.is_chosen)
        for row in Value.objects.select_related("indicator")
    } == {
        code: (Decimal(amount), Stage.OFFICIAL, True)
        for code, amount in (
            ("total_households", 100),
            ("poor_hh", 4),
            ("near_poor_hh", 1),
            ("escaped_poor_hh", 2),
            ("newly_arisen_hh", 1),
        )
    }
    assert (again.values, again.unchanged) == ([], 5)
    assert Standard.objects.get().code == "ngheo-2022-2026"
    with pytest.raises(RuleNotMet, match="không sửa được nữa: đã công nhận theo 45/QĐ-UBND"):
        reviewing.assess(
            found["thoat"],
            review,
            Facts(Area.RURAL, None, 1, THREE),
            actor=world.acting("huoi-luong"),
            now=NOW,
        )


@pytest.mark.django_db
def test_recognition_says_everything_that_is_missing(world: World, commune: Unit) -> None:
    review, found = reviewed(commune)
    Review.objects.filter(pk=review.pk).update(met_on=None, households_total=None)
    Household.objects.filter(code="chuyen-di").update(until=date.max)
    review.assessments.filter(household=found["thoat"]).update(national_class="")
    review.assessments.filter(household=found["thoat-can-ngheo"]).delete()
    review.refresh_from_db()

    with pytest.raises(RuleNotMet) as refusal:
        recognising.recognise(
            review,
            decision_number="",
            recognised_on=date(2023, 11, 3),
            actor=world.acting("chu-tich"),
            now=NOW,
        )

    assert refusal.value.why.split("; ") == [
        "chưa ghi ngày «Họp dân thống nhất kết quả»",
        "chưa ghi số quyết định công nhận",
        "chưa ghi tổng số hộ của xã",
        "1 hộ đã điều tra nhưng chưa đủ thông tin để phân loại",
        "2 hộ nghèo năm trước chưa có kết quả năm nay và chưa ghi rời sổ: mã hộ chuyen-di, thoat",
        "1 hộ cận nghèo năm trước chưa có kết quả năm nay: mã hộ thoat-can-ngheo",
    ]
    assert Value.objects.count() == 0


@pytest.mark.django_db
def test_officer_may_not_recognise(world: World, commune: Unit) -> None:
    review, _ = reviewed(commune)

    with pytest.raises(NotAllowed):
        recognising.recognise(
            review,
            decision_number="45/QĐ-UBND",
            recognised_on=date(2023, 11, 3),
            actor=world.acting("huoi-luong"),
            now=NOW,
        )


@pytest.mark.django_db
def test_steps_warn_of_days_posting_and_quorum(world: World, commune: Unit) -> None:
    review = make_review(commune, 2023)
    values = {
        **COMPLETE,
        "listed_on": date(2023, 8, 20),
        "posted_until": date(2023, 10, 16),
        "meeting_present": 30,
    }

    doubts = reviewing.note_steps(review, values, actor=world.acting("huoi-luong"), now=NOW)

    assert [(doubt.text, doubt.confirmed) for doubt in doubts] == [
        ("Lập danh sách hộ cần rà soát: ngoài thời gian rà soát định kỳ 01/09 – 14/12/2023", True),
        ("Niêm yết 1 ngày làm việc, ít hơn 3 ngày", False),
        ("Họp dân có 30 hộ dự trên 100 hộ, dưới 50%", False),
    ]
    with pytest.raises(RuleNotMet, match="«Họp dân thống nhất kết quả» .* trước «Điều tra, phân loại hộ»"):
        reviewing.note_steps(review, {"met_on": date(2023, 9, 10)}, actor=world.acting("huoi-luong"), now=NOW)


@pytest.mark.django_db
def test_names_are_read_in_the_commune_only(world: World, commune: Unit) -> None:
    household = make_household(commune, "1")

    assert list(register.readable(commune, acting=world.acting("huoi-luong"))) == [household]
    for username in ("dao-san", "thuong-truc", "lanh-dao", "tinh", "quan-tri", "nguoi-xem", "nguoi-la"):
        assert list(register.readable(commune, acting=world.acting(username))) == []
    # the commune that took over reads what it inherited
    heir = world.acting("xa-moi", on=date(2025, 8, 1))
    assert list(register.readable(world.unit("xa-phong-tho"), acting=heir)) == [household]


@pytest.mark.django_db
def test_erasing_leaves_code_and_class(world: World, commune: Unit) -> None:
    household = make_household(commune, "1", ethnicity="Mông", village_name="bản Làng Vây")
    make_assessment(household, make_review(commune, 2022), POOR)
    leader = world.acting("chu-tich")

    with pytest.raises(RuleNotMet, match="hộ còn trong sổ"):
        register.erase(household, reason="Hết hạn lưu", actor=leader, now=NOW)
    register.leave(household, on=date(2023, 1, 10), reason="Chuyển đi", actor=leader, now=NOW)
    with pytest.raises(NotAllowed):
        register.erase(household, reason="Hết hạn lưu", actor=world.acting("huoi-luong"), now=NOW)
    left_before = date(2023, 6, 1)
    assert register.erase_expired(left_before=left_before, commune=commune, actor=leader, now=NOW) == 1

    household.refresh_from_db()
    assert (household.head_name, household.village_name, household.ethnicity, household.search_text) == (
        "(đã xóa)",
        "",
        "",
        "1",
    )
    assert household.assessments.get().national_class == POOR
    assert "Giàng" not in "".join(
        f"{row.object_label}{row.details}{row.reason}" for row in Entry.objects.all()
    )


def test_masked_name_is_initials() -> None:
    assert register.masked("Giàng Thị Mẫu") == "G. T. M."
