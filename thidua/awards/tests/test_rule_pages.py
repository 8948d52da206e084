"""Rewording a criterion: what it means, whom it hits, who may, and that old verdicts stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from thidua.audit.models import Entry
from thidua.awards import plan_criteria, suggesting
from thidua.awards.models import CriterionRule
from thidua.awards.tests.poor_world import PoorWorld, poor_world
from thidua.core import clock
from thidua.criteria import storing
from thidua.criteria.rule_forms import conditions_of, initial_of
from thidua.criteria.sentences import sentence
from thidua.movements.tests.makers import at
from thidua.organisations.tests.world import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def poor() -> Iterator[PoorWorld]:
    with clock.fixed_on(DAY):
        yield poor_world()


def client_of(poor: PoorWorld, username: str = "thuong-truc") -> Client:
    client = Client()
    client.force_login(poor.world.people[username])
    return client


def sent(poor: PoorWorld, **changes: str) -> dict[str, Any]:
    """The form of S2.c1 as the page shows it, with some answers changed."""
    rule = plan_criteria.rule_set_of(poor.plan).of("S2").criteria[0].rule
    (condition,) = conditions_of(rule)[1]
    data = {f"c0-{key}": "" if value is None else str(value) for key, value in initial_of(condition).items()}
    return {
        **data,
        "c0-goc": "1",
        "so": "1",
        "noi": "tat-ca",
        "lan": "0",
        "ly_do": "",
        "viec": "xem",
        **changes,
    }


def test_the_page_says_what_a_rule_means_and_whom_it_hits(poor: PoorWorld) -> None:
    address = f"/khen-thuong/tieu-chi/{poor.round.pk}/S2.c1/"
    client = client_of(poor)
    text = client.get(address).content.decode()
    assert "xã Huổi Luông" in text
    assert "Không thấy chỗ sai" in text

    part = client.post(address, sent(poor, **{"c0-value": "3,9"}), headers={"HX-Request": "true"})

    shown = " ".join(part.content.decode().split())
    assert "<html" not in shown
    assert "từ 3,9 điểm" in shown
    assert '<span class="td-tag td-tag-good">Đạt</span> <strong>2</strong>' in shown
    assert "Chưa xác định được</span> <strong>1</strong>" in shown
    assert not CriterionRule.objects.exists()


def test_a_wrong_unit_is_told_and_not_saved(poor: PoorWorld) -> None:
    address = f"/khen-thuong/tieu-chi/{poor.round.pk}/S2.c1/"
    changes = {"c0-unit": "household", "viec": "luu", "ly_do": "Thử"}
    text = client_of(poor).post(address, sent(poor, **changes)).content.decode()

    assert "Chưa lưu được quy tắc" in text
    assert not CriterionRule.objects.exists()


def test_a_new_wording_judges_from_now_on_and_old_verdicts_stay(poor: PoorWorld) -> None:
    officer = poor.world.acting("thuong-truc")
    before = suggesting.suggest(poor.round, actor=officer, now=at(DAY))[0].verdicts
    address = f"/khen-thuong/tieu-chi/{poor.round.pk}/S2.c1/"
    changes = {"c0-value": "3,9", "viec": "luu", "ly_do": "Hướng dẫn 12/HD nêu 3,9 điểm"}

    assert client_of(poor).post(address, sent(poor, **changes)).status_code == 302

    kept = CriterionRule.objects.get()
    assert (kept.criterion, kept.number, kept.reason) == ("S2.c1", 1, "Hướng dẫn 12/HD nêu 3,9 điểm")
    entry = Entry.objects.get(action="awards.criterionrule.keep")
    assert "3,9" in entry.details
    after = suggesting.suggest(poor.round, actor=officer, now=at(DAY))[0].verdicts
    assert (before.met_count, after.met_count) == (1, 2)
    assert after.rules_code == f"{before.rules_code}+1"
    old = storing.rules_of(before).of("S2").criteria[0].rule
    assert "từ 4 điểm" in sentence(old)
    text = client_of(poor).post(address, sent(poor, **{**changes, "c0-value": "3"})).content.decode()
    assert "người khác vừa sửa" in text


def test_conditions_are_added_and_taken_away_without_script(poor: PoorWorld) -> None:
    address = f"/khen-thuong/tieu-chi/{poor.round.pk}/S2.c1/"
    text = client_of(poor).post(address, sent(poor, viec="them")).content.decode()
    assert "Điều kiện 2" in text
    two = {**sent(poor), "so": "2", "viec": "bo-1"}
    assert "Điều kiện 2" not in client_of(poor).post(address, two).content.decode()


def test_a_commune_does_not_change_the_criteria(poor: PoorWorld) -> None:
    assert client_of(poor, "huoi-luong").get(f"/khen-thuong/tieu-chi/{poor.round.pk}/").status_code == 403
    assert "Sửa quy tắc" in client_of(poor).get(f"/khen-thuong/tieu-chi/{poor.round.pk}/").content.decode()
