"""Pages by the test client: a past case, areas in charge, ending a hold, who sees a candidate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from thidua.awards.models import Candidate, CandidateState, ChargeArea, Hold, PersonRecord
from thidua.awards.tests.makers import make_award_round, make_candidate, make_record, offer
from thidua.core import clock
from thidua.organisations.tests.world import DAY, World, phong_tho

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.fixed_on(DAY):
        yield phong_tho()


def client_of(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def test_a_past_case_is_typed_in_by_the_standing_body(world: World) -> None:
    round_ = make_award_round(world.unit("phong-tho"), world.unit("phong-ldtbxh"), is_past=True)
    offer(round_)
    client = client_of(world, "thuong-truc")
    address = f"/khen-thuong/dot/{round_.pk}/de-nghi-moi/"
    assert "Số quyết định" in client.get(address).content.decode()
    unit = world.unit("huoi-luong")
    sent = {
        "proposer": str(world.unit("phong-tho").pk),
        "subject": f"unit:{unit.pk}",
        "form": "giay-khen",
        "number": "77/QĐ-UBND",
        "decided_on": "2023-03-01",
        "body": "UBND huyện Phong Thổ",
    }

    assert client.post(address, sent).status_code == 302

    kept = Candidate.objects.get()
    assert (kept.state, kept.outside_number, kept.outside_date, kept.label) == (
        CandidateState.AWARDED,
        "77/QĐ-UBND",
        date(2023, 3, 1),
        "xã Huổi Luông",
    )


def test_an_officer_keeps_a_person_and_the_communes_in_charge(world: World) -> None:
    client = client_of(world, "thuong-truc")
    unit = world.unit("phong-ldtbxh")
    client.post("/khen-thuong/nguoi/moi/", {"unit": str(unit.pk), "name": "Tẩn Văn Ví Dụ", "sex": "nam"})
    person = PersonRecord.objects.get()
    commune = world.unit("huoi-luong")
    sent = {"unit": str(commune.pk), "since": "2022-01-01", "source": "QĐ 5"}

    assert client.post(f"/khen-thuong/nguoi/{person.pk}/", sent).status_code == 302

    assert ChargeArea.objects.get().unit == commune
    assert "xã Huổi Luông, từ 01/01/2022" in client.get(f"/khen-thuong/nguoi/{person.pk}/").content.decode()
    assert client_of(world, "huoi-luong").get(f"/khen-thuong/nguoi/{person.pk}/").status_code == 403


def test_a_hold_is_ended_on_the_page_of_the_candidate(world: World) -> None:
    round_ = make_award_round(world.unit("phong-tho"), world.unit("phong-ldtbxh"))
    offer(round_)
    candidate = make_candidate(round_, world.unit("huoi-luong"), state=CandidateState.SENT)
    hold = Hold.objects.create(
        subject_key=candidate.subject_key,
        unit=world.unit("huoi-luong"),
        kind="complaint",
        reason="Đơn",
        since=date(2023, 10, 1),
    )
    client = client_of(world, "lanh-dao")
    assert "Đang tạm dừng" in client.get(f"/khen-thuong/de-nghi/{candidate.pk}/").content.decode()
    sent = {
        "until": "2023-11-05",
        "was_cleared": "co",
        "note": "KL 3",
        "de_nghi": str(candidate.pk),
    }

    client.post(f"/khen-thuong/tam-dung/{hold.pk}/ket-thuc/", sent)

    hold.refresh_from_db()
    assert (hold.until, hold.was_cleared, hold.end_note) == (DAY, True, "KL 3")


def test_a_commune_sees_no_candidate_of_another(world: World) -> None:
    round_ = make_award_round(world.unit("phong-tho"), world.unit("phong-ldtbxh"))
    offer(round_)
    record = make_record(world.unit("huoi-luong"), "Người Kín")
    candidate = make_candidate(round_, record, state=CandidateState.SENT)
    other = client_of(world, "dao-san")

    assert other.get(f"/khen-thuong/de-nghi/{candidate.pk}/").status_code == 404
    assert "Người Kín" not in other.get(f"/khen-thuong/dot/{round_.pk}/").content.decode()
    assert "Người Kín" in client_of(world, "thuong-truc").get("/khen-thuong/de-nghi/").content.decode()
