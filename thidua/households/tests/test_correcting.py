"""A recognised review is corrected by one that names it: worked on, recognised anew, the old one kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.households import access, correcting, lists, recognising, reviewing
from thidua.households.balance import Change
from thidua.households.classes import Area, PovertyClass
from thidua.households.classifying import Facts
from thidua.households.models import Household, Review
from thidua.households.tests.makers import NOW, make_review
from thidua.households.tests.test_reviewing import make_indicators, reviewed
from thidua.indicators.models import Stage, Value
from thidua.organisations.models import Role, Unit
from thidua.organisations.tests.world import DAY, World, make_person, phong_tho

pytestmark = pytest.mark.django_db
NONE = [False] * 12


@pytest.fixture
def world() -> Iterator[World]:
    found = phong_tho()
    found.people["chu-tich"] = make_person("chu-tich", (found.unit("huoi-luong"), Role.LEADER))
    with clock.fixed_on(DAY):
        yield found


@pytest.fixture
def commune(world: World) -> Unit:
    return world.unit("huoi-luong")


def recognise(review: Review, world: World, *, number: str = "45/QĐ-UBND") -> None:
    recognising.recognise(
        review,
        decision_number=number,
        recognised_on=date(2023, 11, 4),
        actor=world.acting("chu-tich"),
        now=NOW,
    )


@pytest.fixture
def official(world: World, commune: Unit) -> tuple[Review, dict[str, Household]]:
    make_indicators()
    review, found = reviewed(commune)
    recognise(review, world)
    return review, found


def begin(
    review: Review, world: World, *, person: str = "chu-tich", reason: str = "Phiếu ghi nhầm"
) -> Review:
    return correcting.begin(review, reason=reason, actor=world.acting(person), now=NOW)


def no_longer_poor(household: Household, correction: Review, world: World) -> None:
    facts = Facts(Area.RURAL, None, 200, NONE)
    reviewing.assess(household, correction, facts, actor=world.acting("huoi-luong"), now=NOW)


def chosen() -> dict[str, Decimal | None]:
    return dict(Value.objects.filter(is_chosen=True).values_list("indicator__code", "amount"))


def test_the_old_result_counts_until_the_correction_is_recognised(
    world: World, commune: Unit, official: tuple[Review, dict[str, Household]]
) -> None:
    review, found = official
    before = list(review.assessments.order_by("pk").values())
    correction = begin(review, world)
    assert access.review_at(commune, 2023) == correction
    no_longer_poor(found["phat-sinh"], correction, world)

    # Nothing has changed yet for anybody who counts.
    assert chosen()["poor_hh"] == 4
    assert list(Review.objects.in_force().filter(year=2023)) == [review]
    acting = world.acting("chu-tich")
    assert lists.count_facts(commune, acting=acting)[0][:4] == (2023, "Chính thức", 7, 4)
    assert lists.communes_below(acting, year=2023).get().poor == 4
    assert [one.code for one in correcting.changed_classes(correction)] == ["phat-sinh"]

    recognise(correction, world, number="60/QĐ-UBND")
    assert chosen() == {
        "total_households": 100,
        "poor_hh": 3,
        "near_poor_hh": 1,
        "escaped_poor_hh": 2,
        "newly_arisen_hh": 0,
    }
    assert list(Review.objects.in_force().filter(year=2023)) == [correction]
    assert lists.count_facts(commune, acting=acting)[0][:4] == (2023, "Chính thức", 7, 3)
    assert lists.communes_below(acting, year=2023).get().poor == 3

    # The old one is as it was, with its figures beside the chosen ones.
    assert list(review.assessments.order_by("pk").values()) == before
    kept = Value.objects.get(indicator__code="poor_hh", is_chosen=False)
    assert kept.amount == 4
    assert kept.stage == Stage.OFFICIAL
    assert not hasattr(kept, "replaced_by")
    new = Value.objects.get(indicator__code="poor_hh", is_chosen=True)
    assert new.choice_reason == "Đính chính theo 60/QĐ-UBND: Phiếu ghi nhầm"
    with pytest.raises(RuleNotMet, match="không sửa được nữa"):
        no_longer_poor(found["thoat"], correction, world)
    lines = Entry.objects.filter(action="households.review.correct")
    assert [(line.reason, line.unit_id) for line in lines] == [("Phiếu ghi nhầm", commune.pk)]


def test_the_year_after_begins_with_the_corrected_result(
    world: World, commune: Unit, official: tuple[Review, dict[str, Household]]
) -> None:
    review, found = official
    correction = begin(review, world)
    no_longer_poor(found["phat-sinh"], correction, world)
    later = make_review(commune, 2024)

    def change() -> Change:
        rows = {row.household.code: row.change for row in reviewing.results(later)}
        return rows["phat-sinh"]

    assert change() is Change.OPEN
    recognise(correction, world, number="60/QĐ-UBND")
    assert change() is Change.NONE
    assert not correcting.later_official(correction)
    Review.objects.filter(pk=later.pk).update(stage=Stage.OFFICIAL)
    assert correcting.later_official(correction)


def test_a_correction_can_be_corrected_and_an_unfinished_one_let_go(
    world: World, official: tuple[Review, dict[str, Household]]
) -> None:
    review, _ = official
    first = begin(review, world)
    correcting.abandon(first, actor=world.acting("chu-tich"), now=NOW)
    assert list(Review.objects.filter(year=2023)) == [review]
    assert review.assessments.count() == 7

    second = begin(review, world)
    recognise(second, world, number="60/QĐ-UBND")
    third = begin(second, world, reason="Lần hai")
    recognise(third, world, number="61/QĐ-UBND")
    assert list(Review.objects.in_force().filter(year=2023)) == [third]
    assert chosen()["poor_hh"] == 4
    with pytest.raises(RuleNotMet, match="bản này đã công nhận"):
        correcting.abandon(third, actor=world.acting("chu-tich"), now=NOW)


def test_what_cannot_be_corrected(
    world: World, commune: Unit, official: tuple[Review, dict[str, Household]]
) -> None:
    review, _ = official
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        begin(review, world, reason=" ")
    for person in ("huoi-luong", "dao-san", "lanh-dao", "tinh", "quan-tri"):
        with pytest.raises(NotAllowed):
            begin(review, world, person=person)
    with pytest.raises(RuleNotMet, match="chưa công nhận"):
        begin(Review.objects.get(year=2022), world)
    begin(review, world)
    with pytest.raises(ChangedMeanwhile, match="vừa có một bản đính chính khác"):
        begin(review, world)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_review(commune, 2023)


def test_pages_of_a_correction(
    client: Client, world: World, official: tuple[Review, dict[str, Household]]
) -> None:
    review, found = official
    address = "/ho-gia-dinh/huoi-luong/ra-soat/2023/"
    client.force_login(world.people["chu-tich"])
    assert "Đính chính kết quả đã công nhận" in client.get(address).content.decode()
    answer = client.post(f"{address}viec/", {"viec": "dinh-chinh", "ly_do": "Phiếu ghi nhầm"})
    assert answer.status_code == 302
    no_longer_poor(found["phat-sinh"], Review.objects.get(corrects=review), world)
    page = " ".join(client.get(address).content.decode().split())
    assert "Đính chính kết quả theo 45/QĐ-UBND" in page
    assert "Hộ phat-sinh: Hộ nghèo → <strong>" in page
    earlier = client.get(f"{address}ban/{review.pk}/").content.decode()
    assert "Đây là kết quả theo 45/QĐ-UBND trước khi đính chính" in earlier
    assert "Lưu các bước" not in earlier
    assert client.get(f"{address}ban/999/").status_code == 404
    survey = f"{address}ho/{found['thoat'].pk}/"
    assert "phiếu chỉ để xem" not in client.get(survey).content.decode()

    assert client.post(f"{address}viec/", {"viec": "bo-dinh-chinh"}).status_code == 302
    assert "phiếu chỉ để xem" in client.get(survey).content.decode()
    assert review.assessments.get(household=found["phat-sinh"]).national_class == PovertyClass.POOR
