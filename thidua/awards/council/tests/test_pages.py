"""Pages by the test client: a council from its decision to the file that a stranger counts again."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from thidua.awards import inbox
from thidua.awards.council import counting
from thidua.awards.council.tests.makers import NOW, ON, Meeting, at_council, make_meeting, officer, open_box
from thidua.awards.models import BallotMark, Council, CouncilSession, CouncilState, SessionState
from thidua.core import clock
from thidua.criteria.commands import verdict
from thidua.organisations.tests.world import World, phong_tho

pytestmark = pytest.mark.django_db
ADDRESS = "/khen-thuong/hoi-dong/"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.fixed_on(ON):
        yield phong_tho()


def main(arguments: list[str]) -> int:
    """The command `thidua verdict`."""
    parser = argparse.ArgumentParser()
    verdict.add_arguments(parser)
    return verdict.run(parser.parse_args(arguments))


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_a_council_is_formed_and_called(world: World) -> None:
    client = client_of(world.people["thuong-truc"])
    sent = {
        "name": "Hội đồng huyện",
        "unit": str(world.unit("phong-tho").pk),
        "standing_body": str(world.unit("phong-ldtbxh").pk),
        "level": "huyen",
        "decision_number": "1/QĐ",
        "decision_date": "2024-01-02",
        "since": "2024-01-02",
        "vote_share": "2/3",
        "vote_base": "all-members",
        "quorum": "2/3",
    }
    assert client.post(f"{ADDRESS}moi/", sent | {"vote_share": "3/2"}).status_code == 422
    assert client.post(f"{ADDRESS}moi/", sent).status_code == 302
    council = Council.objects.get()
    members = f"{ADDRESS}{council.pk}/thanh-vien/"
    for name, post, username in (
        ("Một", "chu_tich", "lanh-dao"),
        ("Hai", "thu_ky", ""),
        ("Ba", "uy_vien", ""),
    ):
        row = {"name": name, "post": post, "username": username, "unit_name": "xã Dào San"}
        assert client.post(members, row).status_code == 302
    wrong = client.post(members, {"name": "Bốn", "username": "khong-co"})
    assert (wrong.status_code, "Không có tài khoản này" in wrong.content.decode()) == (422, True)
    seat = str(council.members.get(name="Ba").pk)
    client.post(members, {"name": "Thay", "substitutes_for": seat})
    client.post(f"{ADDRESS}{council.pk}/viec/", {"viec": "found"})
    council.refresh_from_db()
    assert (council.state, council.vote_is_strict, str(council.vote_share)) == (
        CouncilState.IN_FORCE,
        False,
        "2/3",
    )
    _, candidates = at_council(world, ["huoi-luong"])
    call = {"title": "Họp", "meets_at": "2024-11-08T08:00", "de_nghi": str(candidates[0].pk)}
    assert client.post(f"{ADDRESS}{council.pk}/hop-moi/", call).status_code == 302
    session = CouncilSession.objects.get()
    page = f"{ADDRESS}hop/{session.pk}/"
    client.post(f"{page}viec/", {"viec": "summon"})
    session.refresh_from_db()
    assert (session.state, session.items.count()) == (SessionState.SUMMONED, 1)
    assert "Dự họp: Họp" in [one.title for one in inbox.waiting_for(world.acting("lanh-dao", on=ON))]
    client.post(f"{page}viec/", {"viec": "begin"})
    roll = {f"du_{one.pk}": "co_mat" for one in council.members.filter(substitutes_for=None)}
    client.post(f"{page}viec/", {"viec": "diem-danh", **roll, f"du_{seat}": "cu_nguoi_thay"})
    instead = session.attendances.values_list("substitute__name", flat=True)
    assert sorted(name or "" for name in instead) == ["", "", "Thay"]
    item = session.items.get()
    client.post(f"{page}noi-dung/{item.pk}/", {"viec": "y-kien", "noi_dung": "Nhất trí."})
    answer = client.get(page).content.decode()
    assert "Nhất trí." in answer
    assert "Dự họp 3/3" in answer


def test_a_ballot_is_cast_once_and_its_receipt_is_shown(world: World) -> None:
    meeting = open_box(make_meeting(world, size=3))
    page = f"{ADDRESS}hop/{meeting.session.pk}/"
    client = client_of(meeting.members[1].user)
    assert [one.act for one in inbox.waiting_for(meeting.acting(1))] == ["Bỏ phiếu"]
    form = client.get(f"{page}bo-phieu/")
    code, signed = form.context["code"], form.context["signed"]
    votes = {f"phieu_{item.pk}": "yes" for item in meeting.items}

    lacking = client.post(f"{page}bo-phieu/", {"bien_nhan": signed})
    assert (lacking.status_code, lacking.context["code"]) == (422, code)
    other = client_of(meeting.members[0].user).post(f"{page}bo-phieu/", {"bien_nhan": signed, **votes})
    assert "trang phiếu đã cũ hoặc bị sửa" in other.content.decode()
    answer = client.post(f"{page}bo-phieu/", {"bien_nhan": signed, **votes})
    assert answer.context["code"] == code
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post(f"{page}bo-phieu/", {"bien_nhan": signed, **votes}).status_code == 302
    assert BallotMark.objects.count() == 1
    assert inbox.waiting_for(meeting.acting(1)) == []
    for username in ("quan-tri", "huoi-luong"):
        assert client_of(world.people[username]).get(page).status_code == 404


def test_paper_ballots_and_the_package(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting = open_box(make_meeting(world, size=3, is_on_paper=True))
    page = f"{ADDRESS}hop/{meeting.session.pk}/"
    run = client_of(world.people["thuong-truc"])
    for member in meeting.members:
        run.post(f"{page}viec/", {"viec": "phieu-giay", "thanh_vien": str(member.pk)})
    first, second = meeting.items
    typed = {f"yes_{first.pk}": "3", f"yes_{second.pk}": "2", f"blank_{second.pk}": "1"}
    assert run.post(f"{page}phieu-giay/", typed | {f"yes_{first.pk}": "2"}).status_code == 422
    assert run.post(f"{page}phieu-giay/", typed).status_code == 302
    teller = client_of(meeting.members[1].user)
    teller.post(f"{page}phieu-giay/", typed | {f"yes_{second.pk}": "3", f"blank_{second.pk}": "0"})
    assert "Hai kết quả khác nhau" in teller.get(f"{page}phieu-giay/").content.decode()
    teller.post(f"{page}phieu-giay/", typed)
    assert run.post(f"{page}kiem-phieu/").headers["Location"].endswith("/ket-qua/")

    package = tmp_path / "goi.json"
    package.write_bytes(run.get(f"{page}goi/").content)
    assert main(["verify", str(package)]) == 0
    assert "kiểm lại 2 nội dung" in capsys.readouterr().out
    package.write_bytes(package.read_bytes().replace(b'"yes":3', b'"yes":1', 1))
    assert main(["verify", str(package)]) == 1


def test_a_receipt_finds_its_paper_offline(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting: Meeting = open_box(make_meeting(world, size=3))
    receipts = [meeting.vote(number) for number in range(3)]
    package = tmp_path / "goi.json"
    package.write_bytes(
        counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)
    )

    assert main(["explain", str(package), "--code", receipts[0].code]) == 0
    assert capsys.readouterr().out.count("phiếu của mã này: đồng ý") == 2
