"""The portal shows what was published, to everybody the same, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from thidua.core import clock
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.movements.models import PlanVersionState
from thidua.movements.tests.makers import make_plan
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.publicity import publishing
from thidua.publicity.models import Publication
from thidua.publicity.tests.makers import NOW, make_public_plan, publish

pytestmark = pytest.mark.django_db
HIDDEN = "Chuaduoccongkhai"
#: Portal pages that list things.
LISTS = (
    "/cong/",
    "/cong/phong-trao/",
    "/cong/chi-tieu/",
    "/cong/van-ban/",
    "/cong/tim/?tim=phong",
)


@pytest.fixture
def world() -> Iterator[World]:
    with clock.fixed_on(DAY):
        yield phong_tho()


def test_only_what_was_published_is_shown(world: World, client: Client) -> None:
    shown = make_public_plan(world, title="Cho moi nguoi")
    kept = make_public_plan(world, title=HIDDEN, is_published=False)

    for address in (*LISTS, f"/cong/tim/?tim={HIDDEN.lower()}"):
        assert HIDDEN not in client.get(address).content.decode().replace(f"«{HIDDEN.lower()}»", "")
    assert "Cho moi nguoi" in client.get("/cong/").content.decode()
    assert client.get(f"/cong/ke-hoach/{shown.pk}/").status_code == 200
    for address in (
        f"/cong/ke-hoach/{kept.pk}/",
        f"/cong/ke-hoach/{kept.pk}/tep/",
        f"/cong/phong-trao/{kept.movement_id}/",
        f"/cong/chi-tieu/{kept.targets.get().pk}/",
    ):
        assert client.get(address).status_code == 404


def test_what_was_withdrawn_is_gone_at_once(world: World, client: Client) -> None:
    plan = make_public_plan(world)
    publishing.withdraw(
        Publication.objects.get(plan=plan), reason="Nhầm", actor=world.acting("thuong-truc"), now=NOW
    )

    assert client.get(f"/cong/ke-hoach/{plan.pk}/").status_code == 404
    assert "Vì người nghèo" not in client.get("/cong/").content.decode()


def test_everybody_gets_the_same_page_without_session_or_cookie(world: World, client: Client) -> None:
    make_public_plan(world)
    officer = Client()
    officer.force_login(world.people["thuong-truc"])
    officer.cookies["giao_dien"] = "toi"

    for address in LISTS:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            theirs = officer.get(address)
        assert not [one for one in queries if "django_session" in one["sql"] or "accounts_user" in one["sql"]]
        assert theirs.content == client.get(address).content
        assert not theirs.cookies
        assert theirs["Cache-Control"] == "public, max-age=60"
        assert "cookie" not in theirs.get("Vary", "").lower()


def test_who_has_the_page_is_told_that_it_is_still_the_same(world: World, client: Client) -> None:
    plan = make_public_plan(world)
    address = f"/cong/ke-hoach/{plan.pk}/"
    etag = client.get(address)["ETag"]

    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")

    publish(plan, world, summary="Lời mới")
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_pages_for_people_are_never_kept(world: World, client: Client) -> None:
    client.force_login(world.people["thuong-truc"])
    for address in ("/viec-cua-toi/", "/cong-khai/", "/so-luat/", "/khong-co/"):
        assert client.get(address)["Cache-Control"] == "private, no-store"


def test_lists_ask_the_same_number_of_questions_for_one_and_three(world: World, client: Client) -> None:
    client.get("/cong/")

    def asked() -> list[int]:
        found = []
        for address in LISTS:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found.append(len(queries))
        return found

    make_public_plan(world, title="Phong một")
    one = asked()
    make_public_plan(world, title="Phong hai")
    make_public_plan(world, title="Phong ba")
    assert asked() == one


def test_officer_switches_a_plan_on_and_off(world: World, client: Client) -> None:
    plan = make_public_plan(world, is_published=False)
    client.force_login(world.people["thuong-truc"])
    address = f"/cong-khai/ke-hoach/{plan.pk}/"
    assert "Chưa công khai" in client.get(address).content.decode()

    client.post(address, {"summary": "Ai cũng được lợi", "viec": "len"})
    assert "Ai cũng được lợi" in client.get(f"/cong/ke-hoach/{plan.pk}/").content.decode()

    refused = client.post(address, {"summary": "", "viec": "rut", "ly_do": " "})
    assert refused.status_code == 422
    assert "chưa ghi lý do" in refused.content.decode()
    client.post(address, {"summary": "", "viec": "rut", "ly_do": "Sai số"})
    assert client.get(f"/cong/ke-hoach/{plan.pk}/").status_code == 404


def test_others_may_not_publish_and_a_draft_cannot_be(world: World) -> None:
    plan = make_public_plan(world, is_published=False)
    with pytest.raises(NotAllowed):
        publishing.publish(plan, actor=world.acting("huoi-luong"), now=NOW)
    draft = make_plan(
        world.unit("phong-tho"), standing_body=world.unit("phong-ldtbxh"), state=PlanVersionState.DRAFT
    )
    with pytest.raises(RuleNotMet, match="chưa được đưa vào thực hiện"):
        publishing.publish(draft, actor=world.acting("thuong-truc"), now=NOW)
    assert not Publication.objects.exists()
