"""A story from the draft to the portal and back: consent, pictures, copies, proposals."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.publicity.models import Copying, Proposal, Story
from thidua.publicity.stories import pictures, proposals, writing
from thidua.publicity.tests.makers import NOW, TEXT, make_proposal, make_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    cache.clear()
    with clock.fixed_on(DAY):
        yield phong_tho()


def jpeg(width: int = 3000, height: int = 1000) -> bytes:
    out = io.BytesIO()
    notes = Image.Exif()
    notes[0x0110] = "Máy ảnh có tọa độ"
    Image.new("RGB", (width, height), "#a6192e").save(out, "JPEG", exif=notes)
    return out.getvalue()


def shown(story: Story) -> bool:
    return Client().get(f"/cong/guong-sang/{story.pk}/").status_code == 200


def test_story_goes_from_draft_to_portal_and_back(world: World) -> None:
    writer, chief = world.acting("huoi-luong"), world.acting("thuong-truc")
    story = writing.draft(
        writing.Written("mo_hinh", "bản mẫu", "Cả bản cùng làm", "Tám hộ", TEXT),
        unit=world.unit("huoi-luong"),
        publisher=world.unit("phong-tho"),
        actor=writer,
        now=NOW,
    )
    with pytest.raises(RuleNotMet, match="chưa ghi nhận người hoặc đơn vị được nêu đồng ý"):
        writing.offer(story, actor=writer, now=NOW)
    consent = writing.note_consent(
        story, giver="Trưởng bản", given_on=DAY, how="Gặp trực tiếp", actor=writer, now=NOW
    )
    writing.offer(story, actor=writer, now=NOW)
    with pytest.raises(NotAllowed):
        writing.publish(story, actor=writer, now=NOW)
    assert not shown(story)

    writing.publish(story, actor=world.acting("lanh-dao"), now=NOW)
    assert shown(story)
    assert "Cả bản cùng làm" in Client().get("/cong/tim/?tim=ca ban cung lam").content.decode()

    # The wish of who is named does not wait for the body that publishes.
    writing.take_back_consent(consent, reason="Đổi ý", actor=writer, now=NOW)
    story.refresh_from_db()
    assert (story.state, shown(story)) == ("da_go", False)
    with pytest.raises(ChangedMeanwhile):
        writing.take_back_consent(consent, reason="Đổi ý", actor=writer, now=NOW)
    assert chief.may("story.review", story) is False


def test_pictures_are_made_small_and_told_in_words(world: World) -> None:
    story, writer = make_story(world), world.acting("huoi-luong")
    with pytest.raises(RuleNotMet, match="chưa có mô tả"):
        pictures.add_picture(story, name="a.jpg", raw=jpeg(), alternative=" ", actor=writer, now=NOW)
    with pytest.raises(RuleNotMet, match="không phải ảnh"):
        pictures.add_picture(
            story, name="a.jpg", raw=b"\xff\xd8\xff hong", alternative="Ao cá", actor=writer, now=NOW
        )

    picture = pictures.add_picture(
        story, name="a.jpg", raw=jpeg(), alternative="Ao cá", actor=writer, now=NOW
    )
    assert (picture.width, picture.height) == (1600, 533)
    assert Client().get(f"/cong/anh/{picture.pk}.jpg").status_code == 404
    Story.objects.filter(pk=story.pk).update(state="da_dang", published_at=NOW)
    sent = Client().get(f"/cong/anh/{picture.pk}.jpg")
    assert (sent["Content-Type"], sent["Cache-Control"]) == ("image/jpeg", "public, max-age=60")
    assert not Image.open(io.BytesIO(sent.content)).getexif()


def test_copies_are_shown_with_their_result(world: World) -> None:
    story = make_story(world, state="da_dang", published_at=NOW)
    copying = Copying(unit=world.unit("mu-sang"), since=DAY, result="Sáu hộ cùng làm")
    writing.note_copy(story, copying, actor=world.acting("lanh-dao"), now=NOW)

    page = Client().get(f"/cong/guong-sang/{story.pk}/").content.decode()
    assert "xã Mù Sang" in page
    assert "Sáu hộ cùng làm" in page


def test_change_of_somebody_else_is_not_overwritten(world: World) -> None:
    story, writer = make_story(world), world.acting("huoi-luong")
    words = writing.Written("guong", "bản mẫu", "Tên mới", "Tám hộ", TEXT)
    writing.change(story, words, edition=1, actor=writer, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        writing.change(story, words, edition=1, actor=writer, now=NOW)


def test_visitor_proposes_and_nothing_shows_before_an_officer_acts(world: World) -> None:
    form = {"unit": world.unit("phong-tho").pk, "kind": "guong", "subject": "Cô giáo bản", "text": TEXT}
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get("/cong/de-xuat/")
    token = page.context["csrf_token"]
    assert page["Cache-Control"] == "private, no-store"
    answer = visitor.post("/cong/de-xuat/", {**form, "csrfmiddlewaretoken": str(token)})
    assert answer["Location"] == "/cong/de-xuat/da-nhan/"
    assert "Cô giáo bản" not in Client().get("/cong/guong-sang/").content.decode()

    story = proposals.take(Proposal.objects.get(), actor=world.acting("lanh-dao"), now=NOW)
    assert (story.state, story.subject) == ("nhap", "Cô giáo bản")
    Client().post("/cong/de-xuat/", {**form, "trang_web": "http://x"})
    assert Proposal.objects.count() == 1


def test_flood_is_kept_out(world: World) -> None:
    unit = world.unit("phong-tho")
    for number in range(proposals.FROM_ONE_ADDRESS):
        proposals.propose(
            unit=unit, kind="guong", subject=f"{number}", text=TEXT, address="192.0.2.1", now=NOW
        )
    with pytest.raises(RuleNotMet, match="quá nhiều"):
        proposals.propose(unit=unit, kind="guong", subject="x", text=TEXT, address="192.0.2.1", now=NOW)
    proposals.propose(unit=unit, kind="guong", subject="y", text=TEXT, address="192.0.2.2", now=NOW)


def test_pages_of_officers_open(world: World, client: Client) -> None:
    story, proposal = make_story(world), make_proposal(world)
    client.force_login(world.people["lanh-dao"])
    for address in ("/guong-sang/", "/guong-sang/moi/", "/guong-sang/chuyen-muc/", "/guong-sang/de-xuat/"):
        assert client.get(address).status_code == 200
    assert client.get(f"/guong-sang/de-xuat/{proposal.pk}/").status_code == 200
    client.post(f"/guong-sang/de-xuat/{proposal.pk}/", {"viec": "decline", "ly_do": "Đã có bài"})
    proposal.refresh_from_db()
    assert proposal.state == "khong_nhan"
    client.force_login(world.people["huoi-luong"])
    assert client.get(f"/guong-sang/{story.pk}/").status_code == 200
    client.post(f"/guong-sang/{story.pk}/buoc/", {"viec": "offer"})
    story.refresh_from_db()
    assert story.state == "cho_duyet"
