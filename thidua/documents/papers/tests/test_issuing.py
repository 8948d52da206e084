"""From review to issue and back; what was issued stays as it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from thidua.audit.models import Entry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.documents.file_store import hash_of
from thidua.documents.models import GivenNumber, OutgoingPaper, PaperState, SigningKey
from thidua.documents.papers import drafting, faces, issuing
from thidua.documents.papers.tests.makers import (
    NOW,
    a_paper,
    at,
    give_keys,
    make_draft,
    make_issued,
    make_signed,
    with_clerk,
)
from thidua.documents.reading import files
from thidua.documents.reading.record import record_of
from thidua.documents.signing import blanks
from thidua.documents.signing.trust_list import trusted
from thidua.documents.signing.verify import check
from thidua.organisations.tests.world import DAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    found = with_clerk()
    give_keys(found)
    return found


def test_paper_goes_from_draft_to_issue(world: World) -> None:
    paper = make_draft(world)
    drafting.offer(paper, actor=world.acting("thuong-truc"), now=NOW)
    drafting.review(paper, actor=world.acting("thuong-truc"), now=NOW)
    issuing.sign(paper, actor=world.acting("lanh-dao"), now=NOW)
    issuing.number(paper, actor=world.acting("van-thu"), now=NOW)
    issuing.issue(paper, actor=world.acting("van-thu"), now=NOW + timedelta(hours=1))

    paper.refresh_from_db()
    assert (paper.state, str(paper.given), paper.given and paper.given.dated) == (
        "da_phat_hanh",
        "01/BC-UBND",
        DAY,
    )
    raw = faces.pdf(paper)
    assert paper.issued_file is not None
    assert hash_of(raw) == paper.issued_file.sha256
    found = check(raw, trusted=trusted())
    assert found.is_whole
    assert [(one.signer, one.signed_at, one.is_trusted) for one in found.findings] == [
        ("Lanh Dao", NOW, True),
        ("phong-tho", NOW + timedelta(hours=1), True),
    ]
    assert {one.name: one.value for one in blanks.blanks_of(raw)} == {
        "so_van_ban": "01",
        "ngay": "05",
        "thang": "11",
        "nam": "2023",
    }
    assert [entry.action.rpartition(".")[2] for entry in Entry.objects.order_by("number")][-6:] == [
        "draft",
        "offer",
        "review",
        "sign",
        "number",
        "issue",
    ]


def test_paper_signed_by_hand_needs_no_keys() -> None:
    world = with_clerk()
    paper = make_draft(world)
    drafting.review(paper, actor=world.acting("thuong-truc"), now=NOW)
    with pytest.raises(RuleNotMet, match="chưa có khóa ký số"):
        issuing.sign(paper, actor=world.acting("lanh-dao"), now=NOW)

    issuing.sign(paper, actor=world.acting("lanh-dao"), now=NOW, by_hand=True)
    issuing.number(paper, actor=world.acting("van-thu"), now=NOW)
    issuing.issue(paper, actor=world.acting("van-thu"), now=NOW)

    assert check(faces.pdf(paper), trusted=()).findings == ()
    assert paper.state == PaperState.ISSUED


def test_body_without_seal_does_not_issue_what_was_signed_digitally(world: World) -> None:
    paper = make_signed(world)
    issuing.number(paper, actor=world.acting("van-thu"), now=NOW)
    SigningKey.objects.filter(unit__isnull=False).update(revoked_at=NOW)

    with pytest.raises(RuleNotMet, match="Điều 5 NĐ 30/2020"):
        issuing.issue(paper, actor=world.acting("van-thu"), now=NOW)


def test_only_the_leader_signs_and_only_the_clerk_numbers(world: World) -> None:
    paper = make_draft(world)
    drafting.review(paper, actor=world.acting("thuong-truc"), now=NOW)

    with pytest.raises(NotAllowed):
        issuing.sign(paper, actor=world.acting("thuong-truc"), now=NOW)
    issuing.sign(paper, actor=world.acting("lanh-dao"), now=NOW)
    with pytest.raises(NotAllowed):
        issuing.number(paper, actor=world.acting("lanh-dao"), now=NOW)
    issuing.number(paper, actor=world.acting("van-thu"), now=NOW)
    with pytest.raises(NotAllowed):
        issuing.issue(paper, actor=world.acting("lanh-dao"), now=NOW)


def test_words_that_changed_meanwhile_are_not_signed(world: World) -> None:
    paper = make_draft(world)
    drafting.review(paper, actor=world.acting("thuong-truc"), now=NOW)
    seen = OutgoingPaper.objects.get(pk=paper.pk)
    drafting.send_back(paper, reason="Sửa", actor=world.acting("thuong-truc"), now=NOW)
    drafting.update(
        paper, a_paper(title="Khác"), seen=paper.edition, actor=world.acting("thuong-truc"), now=NOW
    )
    drafting.review(paper, actor=world.acting("thuong-truc"), now=NOW)

    with pytest.raises(ChangedMeanwhile):
        issuing.sign(seen, actor=world.acting("lanh-dao"), now=NOW)


def test_date_lies_between_signature_and_today(world: World) -> None:
    paper = make_signed(world)

    for wrong in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        with pytest.raises(RuleNotMet, match="ký ngày 05/11/2023"):
            issuing.number(paper, dated=wrong, actor=world.acting("van-thu"), now=NOW)
    assert GivenNumber.objects.count() == 0


def test_number_put_in_late_has_the_date_of_its_neighbour(world: World) -> None:
    first = make_issued(world)
    later = make_signed(world)
    assert first.given is not None

    issuing.number(later, after=first.given.pk, reason="Ký cùng ngày", actor=world.acting("van-thu"), now=NOW)

    assert later.notation == "01a/BC-UBND"
    assert Entry.objects.order_by("-number")[0].reason == "Ký cùng ngày"


def test_cancelled_number_gives_the_paper_back(world: World) -> None:
    paper = make_signed(world)
    issuing.number(paper, actor=world.acting("van-thu"), now=NOW)

    issuing.cancel_number(paper, reason="Sai trích yếu", actor=world.acting("van-thu"), now=NOW)

    paper.refresh_from_db()
    assert (paper.state, paper.given, paper.signed_at, paper.signed_file) == ("nhap", None, None, None)
    assert GivenNumber.objects.get().cancel_reason == "Sai trích yếu"
    drafting.review(paper, actor=world.acting("thuong-truc"), now=NOW)
    issuing.sign(paper, actor=world.acting("lanh-dao"), now=NOW)
    issuing.number(paper, actor=world.acting("van-thu"), now=NOW)
    assert paper.notation == "02/BC-UBND"


def test_issued_paper_is_refused_any_change(world: World) -> None:
    paper = make_issued(world)

    with pytest.raises(RuleNotMet, match="Soạn văn bản đính chính"):
        drafting.update(
            paper, a_paper(title="Khác"), seen=paper.edition, actor=world.acting("thuong-truc"), now=NOW
        )
    for change in ({"title": "Khác"}, {"description_json": "{}"}, {"state": "nhap"}, {"issued_file": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            OutgoingPaper.objects.filter(pk=paper.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        OutgoingPaper.objects.filter(pk=paper.pk)._raw_delete("default")


def test_issued_paper_is_recalled_by_a_notice_that_names_it(world: World) -> None:
    paper = make_issued(world)
    leader = world.acting("lanh-dao")
    with pytest.raises(RuleNotMet, match="phải có thông báo thu hồi"):
        issuing.recall(paper, make_issued(world), reason="Sai căn cứ", actor=leader, now=NOW)
    notice = drafting.draft(
        a_paper(kind="thong_bao", title="Thu hồi Báo cáo số 01/BC-UBND"),
        unit_id=paper.unit_id,
        names=paper,
        relation="thu_hoi",
        actor=world.acting("thuong-truc"),
        now=NOW,
    )
    drafting.review(notice, actor=world.acting("thuong-truc"), now=NOW)
    issuing.sign(notice, actor=leader, now=NOW)
    issuing.number(notice, actor=world.acting("van-thu"), now=NOW)
    issuing.issue(notice, actor=world.acting("van-thu"), now=NOW)

    issuing.recall(paper, notice, reason="Sai căn cứ", actor=leader, now=NOW)

    paper.refresh_from_db()
    assert (paper.state, paper.recalled_by) == ("thu_hoi", notice)
    with pytest.raises(DatabaseError), transaction.atomic():
        OutgoingPaper.objects.filter(pk=paper.pk).update(state="da_phat_hanh")


def test_signed_paper_is_late_after_the_next_working_day(world: World) -> None:
    paper = make_signed(world, now=at(date(2023, 11, 3)))  # a Friday

    assert [issuing.is_late(paper, on=date(2023, 11, day)) for day in (3, 5, 6, 7)] == [
        False,
        False,
        False,
        True,
    ]


def test_reader_finds_number_and_date_of_an_issued_paper(world: World) -> None:
    """They stand in fields of the signed file, where programs that read only pages do not look."""
    raw = faces.pdf(make_issued(world))

    doc = record_of(files.read(raw, file_name="van-ban.pdf", max_bytes=len(raw)))["doc"]

    assert (doc["number"], doc["symbol"], doc["date"]["edtf"]) == ("01", "BC-UBND", "2023-11-05")
