"""Posting, what people say without signing in, answers, and what stands before the council."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from thidua.audit.models import Entry
from thidua.awards import checks, inbox, moving
from thidua.awards.models import Candidate, CandidateState, Conclusion, Hold, Opinion, OpinionKind, Posting
from thidua.awards.opinions import answering, flood, giving, summary
from thidua.awards.opinions.answering import Consequence
from thidua.awards.tests.makers import make_award_round, make_candidate, make_record, offer
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.documents.models import OutgoingPaper
from thidua.notices.models import Notice
from thidua.organisations.tests.world import World, phong_tho

pytestmark = pytest.mark.django_db
#: The law of 2022 applies.
ON = date(2024, 11, 5)
NOW = datetime(2024, 11, 5, 3, 0, tzinfo=UTC)


class Posted:
    """A commune and a person on a list that asks for opinions."""

    def __init__(self) -> None:
        self.world: World = phong_tho()
        self.round = make_award_round(
            self.world.unit("phong-tho"),
            self.world.unit("phong-ldtbxh"),
            since=date(2024, 1, 1),
            until=date(2025, 1, 1),
            name="Xét khen thưởng năm 2024",
        )
        offer(self.round)
        self.commune = make_candidate(
            self.round,
            self.world.unit("huoi-luong"),
            state=CandidateState.APPRAISED,
            achievement="Giảm nghèo nhanh.",
        )
        record = make_record(self.world.unit("phong-ldtbxh"), "Lò Văn Mẫu", position="Chuyên viên")
        self.person = make_candidate(self.round, record, state=CandidateState.APPRAISED)
        self.officer = self.world.acting("thuong-truc", on=ON)
        self.posting = moving.post(
            [self.commune, self.person], where="Cổng thông tin", actor=self.officer, now=NOW
        )

    def say(self, kind: str = OpinionKind.OBJECTION, **fields: Any) -> Opinion:
        usual: dict[str, Any] = {"text": "Số liệu chưa đúng.", "on": ON, "now": NOW}
        return giving.give(self.posting, self.commune, kind=kind, **{**usual, **fields})


@pytest.fixture
def posted() -> Iterator[Posted]:
    cache.clear()
    with clock.fixed_on(ON):
        yield Posted()


# --- giving -------------------------------------------------------------------------------------------


def test_an_opinion_is_kept_told_and_logged_without_words_or_name(posted: Posted) -> None:
    made = posted.say(author="Nguyễn Văn Dân", contact="0912")

    assert (made.author, made.contact, made.kind) == ("Nguyễn Văn Dân", "0912", OpinionKind.OBJECTION)
    assert len(made.receipt) == 14
    assert giving.read_receipt(made.receipt.lower().replace("-", " ")) == made.receipt
    entry = Entry.objects.get(action="awards.opinion.give")
    assert (entry.object_label, entry.actor) == ("Không đồng tình", "Người dân")
    assert "Dân" not in entry.details
    assert "Số liệu" not in entry.details
    notice = Notice.objects.get(kind="awards.opinion")
    assert notice.unit == posted.round.standing_body


def test_the_same_words_twice_are_one_opinion(posted: Posted) -> None:
    assert posted.say().pk == posted.say().pk


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"text": " "}, "chưa ghi nội dung"),
        ({"kind": "la"}, "chưa chọn loại ý kiến"),
        ({"kind": OpinionKind.COMPLAINT}, "phải ghi họ tên"),
        ({"text": "x" * 4001}, "dài hơn"),
        ({"on": date(2025, 6, 1)}, "nhận ý kiến đến hết ngày"),
    ],
)
def test_an_opinion_that_says_too_little_or_comes_too_late_is_refused(
    posted: Posted, fields: dict[str, Any], why: str
) -> None:
    with pytest.raises(RuleNotMet, match=why):
        posted.say(**fields)
    assert not Opinion.objects.exists()


def test_a_list_may_ask_for_names(posted: Posted) -> None:
    Posting.objects.update(takes_anonymous=False)
    posted.posting.refresh_from_db()
    with pytest.raises(RuleNotMet, match="không ghi tên"):
        posted.say()
    assert posted.say(author="Dân").author == "Dân"


def test_one_list_takes_in_only_so_many_an_hour(posted: Posted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving, "MOST_PER_HOUR", 1)
    posted.say()
    with pytest.raises(RuleNotMet, match="quá nhiều ý kiến"):
        posted.say(text="Khác")
    assert posted.say(text="Khác", now=NOW + timedelta(hours=2)).pk


# --- flood --------------------------------------------------------------------------------------------


def test_a_form_is_sent_neither_at_once_nor_the_day_after(posted: Posted) -> None:
    token = flood.stamp(7, now=NOW)
    flood.check_form(token, 7, trap="", now=NOW + timedelta(seconds=10))
    for pk, trap, later in ((7, "", 1), (7, "", 90_000), (8, "", 10), (7, "đầy", 10)):
        with pytest.raises(RuleNotMet):
            flood.check_form(token, pk, trap=trap, now=NOW + timedelta(seconds=later))
    with pytest.raises(RuleNotMet):
        flood.check_form("bịa", 7, trap="", now=NOW)


def test_one_address_sends_so_many_an_hour(posted: Posted) -> None:
    for _ in range(flood.MOST_PER_ADDRESS):
        flood.count_sender("10.0.0.1", now=NOW)
    with pytest.raises(RuleNotMet, match="trong một giờ"):
        flood.count_sender("10.0.0.1", now=NOW)
    flood.count_sender("10.0.0.2", now=NOW)
    flood.count_sender("10.0.0.1", now=NOW + timedelta(hours=1))


# --- answering ----------------------------------------------------------------------------------------


def answer(posted: Posted, one: Opinion, conclusion: str, consequence: str = "") -> Opinion:
    return answering.answer(
        one,
        conclusion=conclusion,
        text="Đã xác minh.",
        consequence=consequence,
        actor=posted.officer,
        now=NOW,
    )


def test_an_opinion_that_was_right_holds_the_subject(posted: Posted) -> None:
    one = posted.say()
    answer(posted, one, Conclusion.UPHELD, Consequence.HOLD)

    hold = Hold.objects.get()
    assert (hold.subject_key, hold.kind, hold.opinion, hold.since) == (
        posted.commune.subject_key,
        "complaint",
        one,
        ON,
    )


def test_an_opinion_that_was_right_may_return_the_case(posted: Posted) -> None:
    answer(posted, posted.say(), Conclusion.UPHELD, Consequence.RETURN)
    posted.commune.refresh_from_db()
    assert (posted.commune.state, posted.commune.reason) == (CandidateState.RETURNED, "Đã xác minh.")


def test_an_answer_is_given_once_by_who_may_and_with_a_conclusion(posted: Posted) -> None:
    one = posted.say()
    with pytest.raises(NotAllowed):
        answering.answer(
            one,
            conclusion=Conclusion.NOT_UPHELD,
            text="x",
            actor=posted.world.acting("huoi-luong", on=ON),
            now=NOW,
        )
    with pytest.raises(RuleNotMet, match="có cơ sở hay không"):
        answer(posted, one, Conclusion.NOTED)
    with pytest.raises(RuleNotMet, match="chưa chọn xử lý"):
        answer(posted, one, Conclusion.UPHELD)
    answer(posted, one, Conclusion.NOT_UPHELD)
    with pytest.raises(ChangedMeanwhile):
        answer(posted, one, Conclusion.UPHELD, Consequence.HOLD)
    assert not Hold.objects.exists()


# --- before the council -------------------------------------------------------------------------------


def test_an_unanswered_objection_keeps_a_case_from_the_council(posted: Posted) -> None:
    one = posted.say()
    day = posted.posting.until + timedelta(days=1)
    officer = posted.world.acting("thuong-truc", on=day)
    with pytest.raises(RuleNotMet, match="1 ý kiến không đồng tình chưa được trả lời"):
        moving.to_council(posted.commune, actor=officer, now=NOW)
    moving.to_council(posted.person, actor=officer, now=NOW)
    (waiting,) = [row for row in inbox.waiting_for(officer) if "nhân dân" in row.title]
    assert waiting.title == "1 ý kiến của nhân dân chờ trả lời"

    answer(posted, one, Conclusion.NOT_UPHELD)

    moving.to_council(posted.commune, actor=officer, now=NOW)
    assert posted.commune.state == CandidateState.AT_COUNCIL


def test_a_head_lets_an_objection_pass_with_a_reason_but_not_a_complaint(posted: Posted) -> None:
    posted.say()
    day = posted.posting.until + timedelta(days=1)
    head = posted.world.acting("lanh-dao", on=day)
    (finding,) = [one for one in checks.findings(posted.commune, on=day) if one.key.startswith("opinion")]
    checks.let_pass(posted.commune, finding.key, reason="Nội dung ngoài thẩm quyền", actor=head, now=NOW)
    posted.say(OpinionKind.COMPLAINT, author="Dân", contact="Bản Mới")
    complaint = next(one for one in checks.findings(posted.commune, on=day) if "khiếu nại" in one.why)

    assert complaint.blocks
    with pytest.raises(RuleNotMet, match="khiếu nại, tố cáo chưa có kết luận"):
        moving.to_council(posted.commune, actor=head, now=NOW)


# --- the summary --------------------------------------------------------------------------------------


def test_the_summary_goes_into_the_dossiers_without_names(posted: Posted) -> None:
    one = posted.say(author="Nguyễn Văn Dân", contact="0912")
    with pytest.raises(RuleNotMet, match="còn nhận ý kiến"):
        summary.write(posted.posting, actor=posted.officer, now=NOW)
    answer(posted, one, Conclusion.NOT_UPHELD)
    later = posted.world.acting("thuong-truc", on=posted.posting.until + timedelta(days=1))

    paper = summary.write(posted.posting, actor=later, now=NOW)

    assert "Không đồng tình" in paper.description_json
    assert "Số liệu chưa đúng." in paper.description_json
    assert "Nguyễn Văn Dân" not in paper.description_json
    assert "0912" not in paper.description_json
    assert [row.paper for row in posted.commune.dossier.papers.filter(code="tong-hop-y-kien")] == [paper]


# --- pages --------------------------------------------------------------------------------------------


def test_the_public_list_needs_no_sign_in_and_follows_nobody(posted: Posted) -> None:
    response = Client().get(f"/lay-y-kien/{posted.posting.pk}/")
    text = response.content.decode()

    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert [words in text for words in ("Lò Văn Mẫu", "Chuyên viên", "Giảm nghèo nhanh.")] == [True] * 3
    assert "Xét khen thưởng năm 2024" in Client().get("/lay-y-kien/").content.decode()
    Posting.objects.update(until=ON - timedelta(days=1), posted_on=ON - timedelta(days=9))
    assert "Lò Văn Mẫu" not in Client().get(f"/lay-y-kien/{posted.posting.pk}/").content.decode()


def test_a_citizen_sends_an_opinion_and_reads_the_answer(posted: Posted) -> None:
    client = Client()
    address = f"/lay-y-kien/{posted.posting.pk}/{posted.commune.pk}/"
    assert client.get(address).headers["Cache-Control"] == "private, no-store"
    sent = {
        "kind": "phan_doi",
        "text": "Chưa đúng.",
        "author": "",
        "contact": "0912",
        "dau": flood.stamp(posted.commune.pk, now=clock.now() - timedelta(minutes=1)),
    }
    assert client.post(address, {**sent, "web": "spam"}).status_code == 422

    response = client.post(address, sent, follow=True)

    one = Opinion.objects.get()
    assert f"<strong>{one.receipt}</strong>" in response.content.decode()
    assert not client.cookies
    officer = Client()
    officer.force_login(posted.world.people["thuong-truc"])
    page = officer.get(f"/khen-thuong/cong-khai/y-kien/{one.pk}/").content.decode()
    assert "Chưa đúng." in page
    assert "0912" in page
    officer.post(
        f"/khen-thuong/cong-khai/y-kien/{one.pk}/",
        {"conclusion": "khong_co_so", "consequence": "", "text": "Số liệu đã được xác nhận."},
    )
    found = client.get("/lay-y-kien/tra-loi/", {"ma": one.receipt.lower()}, follow=True).content.decode()
    assert "Số liệu đã được xác nhận." in found
    assert "0912" not in found


def test_an_officer_posts_a_list_and_takes_it_down(posted: Posted) -> None:
    third = make_candidate(posted.round, posted.world.unit("dao-san"), state=CandidateState.APPRAISED)
    client = Client()
    client.force_login(posted.world.people["thuong-truc"])
    address = f"/khen-thuong/cong-khai/dot/{posted.round.pk}/"
    assert third.label in client.get(address).content.decode()

    response = client.post(address, {"candidates": [str(third.pk)], "where": "Loa xã"})

    made = Posting.objects.get(where="Loa xã")
    assert response.headers["Location"] == f"/khen-thuong/cong-khai/{made.pk}/"
    assert Candidate.objects.get(pk=third.pk).state == CandidateState.POSTED
    assert not made.takes_anonymous
    client.post(f"/khen-thuong/cong-khai/{made.pk}/viec/", {"viec": "go", "ly_do": "Nhầm danh sách"})
    assert Client().get(f"/lay-y-kien/{made.pk}/").status_code == 404
    assert "Nhầm danh sách" in client.get(f"/khen-thuong/cong-khai/{made.pk}/").content.decode()
    assert not OutgoingPaper.objects.exists()
