"""Facts that dossiers claim and other apps supply, accounts of persons, verdicts that stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from thidua.audit.models import Entry
from thidua.awards import certified, dossiers, nominating, suggesting
from thidua.awards.models import CandidateState, CertifiedFact, ChargeArea, Suggestion
from thidua.awards.tests.makers import make_candidate, make_record
from thidua.awards.tests.poor_world import PoorWorld, poor_world
from thidua.core import clock
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.criteria import fact_suppliers
from thidua.criteria.fact_suppliers import Asked, Supplied
from thidua.criteria.facts import Event
from thidua.criteria.models import StoredVerdict, VerdictSet
from thidua.criteria.reasons import Outcome
from thidua.movements.tests.makers import at, make_item
from thidua.organisations.tests.world import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = at(DAY)


@pytest.fixture
def poor() -> Iterator[PoorWorld]:
    with clock.fixed_on(DAY):
        yield poor_world()


def test_a_fact_is_added_by_the_proposer_and_counts_once_appraised(poor: PoorWorld) -> None:
    candidate = make_candidate(poor.round, poor.world.unit("huoi-luong"))
    client = Client()
    client.force_login(poor.world.people["huoi-luong"])
    address = f"/khen-thuong/de-nghi/{candidate.pk}/xac-nhan/"
    sent = {"kind": "sang_kien", "text": "Bếp tiết kiệm củi", "year": "2022", "certified_by": "QĐ 5, huyện"}
    client.post(address, sent)
    asked = Asked([candidate.subject_key], frozenset({"initiatives"}), date(2022, 1, 1), DAY, DAY)
    assert "Bếp tiết kiệm củi" in client.get(f"/khen-thuong/de-nghi/{candidate.pk}/").content.decode()
    assert certified.supply(asked).events == {}

    candidate.state = CandidateState.APPRAISED
    candidate.save()

    assert certified.supply(asked).events == {
        (candidate.subject_key, "initiatives"): (
            Event(date(2022, 12, 31), source="xác nhận của QĐ 5, huyện"),
        )
    }
    with pytest.raises(RuleNotMet, match="đề nghị đã gửi"):
        certified.take_out(CertifiedFact.objects.get(), actor=poor.world.acting("huoi-luong"), now=NOW)


def test_a_fact_needs_a_year_and_who_certifies_it(poor: PoorWorld) -> None:
    candidate = make_candidate(poor.round, poor.world.unit("huoi-luong"))
    dossier = dossiers.of(candidate, on=DAY)
    for fields, why in (({"year": None}, "chưa ghi năm"), ({"certified_by": " "}, "nơi xác nhận")):
        usual = {"kind": "sang_kien", "text": "Bếp", "year": 2022, "certified_by": "Huyện"}
        with pytest.raises(RuleNotMet, match=why):
            certified.add(
                CertifiedFact(dossier=dossier, **{**usual, **fields}),
                actor=poor.world.acting("huoi-luong"),
                now=NOW,
            )


def test_another_app_supplies_what_it_knows_and_the_rest_stays_unknown(poor: PoorWorld) -> None:
    rule = {"indicator": "contributions", "op": "gte", "value": 200, "unit": "million_vnd"}
    entry = {"subject_type": "commune", "kind": "quantitative", "text": "Ủng hộ", "rule": rule}
    make_item(poor.plan.versions.get(), "criteria", "S9.c1", entry)
    known = poor.world.unit("huoi-luong")

    def supply(asked: Asked) -> Supplied:
        assert "contributions" in asked.codes
        given = (Event(date(2023, 5, 1), 250_000_000, source="Phiếu thu 7"),)
        return Supplied({(f"unit:{known.pk}", "contributions"): given})

    fact_suppliers.register("test", ("contributions",), supply)
    try:
        suggesting.suggest(poor.round, actor=poor.world.acting("thuong-truc"), now=NOW)
    finally:
        fact_suppliers.forget("test")

    rows = Suggestion.objects.filter(set__verdicts__subject_rules="S9")
    outcomes = {one.unit_id: one.outcome for one in rows}
    assert outcomes.pop(known.pk) == Outcome.MET
    assert set(outcomes.values()) == {Outcome.UNKNOWN}


def test_a_stored_verdict_is_never_changed(poor: PoorWorld) -> None:
    suggesting.suggest(poor.round, actor=poor.world.acting("thuong-truc"), now=NOW)
    for rows, fields in (
        (StoredVerdict.objects.all(), {"outcome": 2}),
        (VerdictSet.objects.all(), {"met_count": 9}),
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            rows.update(**fields)


def test_an_account_of_the_unit_is_bound_to_a_person_and_no_other(poor: PoorWorld) -> None:
    unit = poor.world.unit("phong-ldtbxh")
    person, actor = make_record(unit), poor.world.acting("thuong-truc")
    with pytest.raises(RuleNotMet, match="không có ai dùng tài khoản"):
        nominating.bind_account(person, "huoi-luong", actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        nominating.bind_account(person, "thuong-truc", actor=poor.world.acting("huoi-luong"), now=NOW)
    client = Client()
    client.force_login(poor.world.people["thuong-truc"])

    client.post(f"/khen-thuong/nguoi/{person.pk}/", {"viec": "tai-khoan", "ten": "thuong-truc"})

    person.refresh_from_db()
    assert person.user == poor.world.people["thuong-truc"]
    assert Entry.objects.filter(action="awards.personrecord.bind").count() == 1
    with pytest.raises(RuleNotMet, match="hồ sơ khác"):
        nominating.bind_account(make_record(unit, "Người Khác"), "thuong-truc", actor=actor, now=NOW)


def test_a_charge_ends_on_a_day_and_counts_no_longer(poor: PoorWorld) -> None:
    person = make_record(poor.world.unit("phong-ldtbxh"))
    commune = poor.world.unit("huoi-luong")
    charge = ChargeArea.objects.create(person=person, unit=commune, since=date(2022, 1, 1))
    client = Client()
    client.force_login(poor.world.people["thuong-truc"])
    sent = {"viec": "ket-thuc", "dia_ban": str(charge.pk), "ngay": "2023-06-01"}

    client.post(f"/khen-thuong/nguoi/{person.pk}/", sent)

    assert ChargeArea.objects.get().until == date(2023, 6, 1)
    text = client.get(f"/khen-thuong/nguoi/{person.pk}/").content.decode()
    assert "đến trước 01/06/2023" in text
