"""Drafting, changing, reviewing: who may, over which edition, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from thidua.audit.models import Entry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.documents.papers import drafting, owners
from thidua.documents.papers.owners import Owner
from thidua.documents.papers.tests.makers import NOW, a_paper, make_draft, with_clerk
from thidua.documents.writing.paper import Heading, Level, Paragraph, Signature

pytestmark = pytest.mark.django_db


def test_draft_takes_the_symbol_of_its_body_and_keeps_what_it_was_made_from() -> None:
    world = with_clerk()

    paper = drafting.draft(
        a_paper(number="99"),
        unit_id=world.unit("phong-tho").pk,
        actor=world.acting("thuong-truc"),
        now=NOW,
        about=world.unit("huoi-luong"),
        template="bao-cao@3",
        facts={"xã đạt": 12},
    )

    paper.refresh_from_db()
    assert (paper.symbol, paper.state, paper.drafting_unit_id) == (
        "BC-UBND",
        "nhap",
        world.unit("phong-ldtbxh").pk,
    )
    assert (paper.template, paper.facts) == ("bao-cao@3", {"xã đạt": 12})
    assert (paper.about_type, paper.about_id) == ("organisations.unit", str(world.unit("huoi-luong").pk))
    assert drafting.description(paper) == a_paper(symbol="BC-UBND")
    assert Entry.objects.get().action == "documents.outgoingpaper.draft"


def test_who_has_nothing_to_do_with_a_body_does_not_draft_for_it() -> None:
    world = with_clerk()

    for username in ("dao-san", "nguoi-xem", "nguoi-la"):
        with pytest.raises(NotAllowed):
            drafting.draft(
                a_paper(),
                unit_id=world.unit("phong-tho").pk,
                drafting_unit_id=world.unit("phong-tho").pk,
                actor=world.acting(username),
                now=NOW,
            )
    assert OutgoingPaper.objects.count() == 0


def test_unit_that_drafts_is_its_own_only_for_its_own_people() -> None:
    """A commune may not make itself the drafting unit of a paper of the district."""
    world = with_clerk()

    with pytest.raises(NotAllowed):
        drafting.draft(a_paper(), unit_id=world.unit("phong-tho").pk, actor=world.acting("dao-san"), now=NOW)


def test_owner_object_says_who_else_may_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    world = with_clerk()
    commune = world.unit("dao-san")
    monkeypatch.setattr(owners, "_owners", {})
    paper = drafting.draft(
        a_paper(),
        unit_id=world.unit("phong-tho").pk,
        about=world.unit("mu-sang"),
        actor=world.acting("thuong-truc"),
        now=NOW,
    )
    assert not world.acting("dao-san").may("paper.read", paper)

    owners.register(Owner("organisations.unit", "đơn vị", drafting_units=lambda _pk: (commune.pk,)))

    assert world.acting("dao-san").may("paper.draft", paper)
    assert not world.acting("dao-san").may("paper.sign", paper)


def test_draft_is_written_over_the_edition_that_was_seen() -> None:
    world = with_clerk()
    paper = make_draft(world)
    actor = world.acting("thuong-truc")

    drafting.update(paper, a_paper(title="Tên mới"), seen=1, actor=actor, now=NOW)

    assert (paper.edition, paper.title) == (2, "Tên mới")
    with pytest.raises(ChangedMeanwhile):
        drafting.update(paper, a_paper(title="Tên khác"), seen=1, actor=actor, now=NOW)
    paper.refresh_from_db()
    assert paper.title == "Tên mới"
    assert drafting.description(paper).title == "Tên mới"


def test_reviewed_paper_is_closed_until_it_comes_back() -> None:
    world = with_clerk()
    paper = make_draft(world)
    actor = world.acting("thuong-truc")
    drafting.offer(paper, actor=actor, now=NOW)
    drafting.review(paper, actor=actor, now=NOW)

    with pytest.raises(RuleNotMet, match="«Chờ ký»"):
        drafting.update(paper, a_paper(title="Tên mới"), seen=1, actor=actor, now=NOW)
    drafting.send_back(paper, reason="Thiếu số liệu", actor=world.acting("lanh-dao"), now=NOW)

    assert (paper.state, paper.reviewed_at, paper.edition) == (PaperState.DRAFT, None, 2)
    drafting.update(paper, a_paper(title="Tên mới"), seen=2, actor=actor, now=NOW)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"body": ()}, "thiếu trích yếu hoặc nội dung"),
        ({"signature": Signature(())}, "chưa ghi quyền hạn"),
    ],
)
def test_incomplete_paper_is_not_reviewed(changes: dict[str, Any], why: str) -> None:
    world = with_clerk()
    paper = make_draft(world, **changes)

    with pytest.raises(RuleNotMet, match=why):
        drafting.review(paper, actor=world.acting("thuong-truc"), now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"restriction": "MẬT"},
        {"restriction": "Độ mật: TỐI MẬT"},
        {"body": (Paragraph("TUYỆT MẬT"),)},
        {"body": (Heading(Level.CAPITAL, "( MẬT )"),)},
    ],
)
def test_secret_content_is_refused(changes: dict[str, Any]) -> None:
    world = with_clerk()

    with pytest.raises(RuleNotMet, match="117/2025/QH15"):
        make_draft(world, **changes)
    assert OutgoingPaper.objects.count() == 0


def test_words_about_secrecy_are_no_mark() -> None:
    world = with_clerk()

    paper = make_draft(
        world, title="Bảo vệ BÍ MẬT nhà nước", body=(Paragraph("Không dùng văn bản MẬT trên mạng."),)
    )

    assert paper.pk


def test_unknown_kind_is_refused() -> None:
    world = with_clerk()

    with pytest.raises(RuleNotMet, match="không có loại văn bản"):
        make_draft(world, kind="thu_tinh")


def test_correction_of_a_draft_is_refused() -> None:
    world = with_clerk()
    paper = make_draft(world)

    with pytest.raises(RuleNotMet, match="chưa phát hành"):
        drafting.draft(
            replace(a_paper(), kind="cong_van"),
            unit_id=paper.unit_id,
            names=paper,
            relation="dinh_chinh",
            actor=world.acting("thuong-truc"),
            now=NOW,
        )
