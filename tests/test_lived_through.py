"""Reports and awards lived through as in the demonstration: Phong Thổ, a Sở of Quảng Bình, over the reform.

One load for all questions. Texts and figures of communes are invented; they add up to what was published.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import docx
import pypdfium2
import pytest
from pytest_django import Settings

from config import filling
from thidua.audit import verifying
from thidua.audit.log import System
from thidua.audit.workflow import advance
from thidua.awards import checks, dossier_export, dossiers, nominating, suggesting
from thidua.awards import demo as award_demo
from thidua.awards import demo_story as award_story
from thidua.awards.models import (
    AwardDecision,
    AwardRound,
    AwardState,
    Bonus,
    Candidate,
    CandidateState,
    CertificatePrint,
    Conflict,
    CouncilSession,
    Opinion,
    PersonRecord,
    RegisteredAward,
    RoundForm,
    Suggestion,
)
from thidua.core import clock
from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.criteria import bundles, vote_packages
from thidua.criteria.models import OutcomeChoice
from thidua.documents.file_store import bytes_of
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.documents.papers.drafting import description
from thidua.documents.papers.issuing import issued_bytes
from thidua.documents.signing import verify
from thidua.documents.signing.trust_list import trusted
from thidua.documents.writing.paper import Figure
from thidua.documents.writing.typesetting import pdf_bytes
from thidua.documents.writing.word import docx_bytes
from thidua.movements.models import Plan
from thidua.movements.tasks.demo import actor_of
from thidua.reports import correcting, demo, report_paper
from thidua.reports.lower_reports import labels
from thidua.reports.models import Merging, Report, ReportFigure, ReportState, RoundKind

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 1)
RATE = "multidim-poverty-rate-ngheo-2022-2026"
POOR = "poor-and-near-poor-hh-ngheo-2022-2026"


@pytest.fixture
def _lived(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    settings.KEYS_DIR, settings.TRUST_DIR = tmp_path / "keys", tmp_path / "trust"
    with clock.fixed_on(DAY):
        filling.fill()
        demo.live(on=DAY)
        yield


def merged(key: str, kind: RoundKind, year: int) -> Report:
    return Report.objects.select_related("round__plan__movement", "unit").get(
        round__plan__owner__key=key, round__kind=kind, round__year=year, is_merged=True
    )


def figure(report: Report, key: str) -> ReportFigure:
    return report.figures.select_related("item").get(item__key=key)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


@pytest.mark.usefixtures("_lived")
def test_rounds_are_answered_merged_printed_and_corrected() -> None:
    _units_answer_late_returned_and_in_time()
    _the_office_merges_and_names_what_is_missing()
    _the_official_result_corrects_what_was_reported()
    _the_report_leaves_signed_and_numbered()
    _reviews_are_drafted_with_charts()
    _after_the_reform_successors_report()
    _the_other_plan_lives_too()
    again = demo.live(on=DAY)
    assert (again.rounds, again.sent, again.merged, again.papers) == (0, 0, 0, 0)
    _awards_are_lived_through()
    assert verifying.verify().is_whole


def _units_answer_late_returned_and_in_time() -> None:
    report = merged(demo.PHONG_THO, RoundKind.YEARLY, 2023)
    own = report.children.select_related("unit")
    assert Counter(one.state for one in own) == {ReportState.MERGED: 23, ReportState.NOT_SENT: 11}
    late = [one.unit.key for one in own if one.first_sent_on and one.first_sent_on > one.due_on]
    returned = [one.unit.key for one in own if one.submissions.count() == 2]
    assert (late, returned) == (["before-03568"], ["before-03490"])
    assert report.due_on == date(2023, 11, 19)
    assert report.first_sent_on == date(2023, 11, 17)


def _the_office_merges_and_names_what_is_missing() -> None:
    report = merged(demo.PHONG_THO, RoundKind.YEARLY, 2023)
    poor, rate = figure(report, POOR), figure(report, RATE)
    assert (poor.amount, poor.reported, poor.expected, poor.stage) == (Decimal(6285), 17, 17, "so_bo")
    assert (rate.numerator, rate.denominator) == (Decimal(6285), Decimal(16600))
    assert report.gaps_named.startswith("chưa có báo cáo của 11 đơn vị: ")
    sentences = [one["sentence"] for one in Merging.objects.get(report=report).findings["contradictions"]]
    assert (
        "Xã Vàng Ma Chải viết «Toàn xã còn 334 hộ nghèo và hộ cận nghèo» nhưng số liệu là 331 hộ "
        "(chữ ghi 334)"
    ) in sentences


def _the_official_result_corrects_what_was_reported() -> None:
    """Six households more in one commune; the report keeps what was sent and says what counts."""
    report = merged(demo.PHONG_THO, RoundKind.YEARLY, 2023)
    rows = [figure(report, POOR), figure(report, RATE)]
    now = correcting.in_force(rows)
    assert [now[row.pk].amount for row in rows] == [Decimal(6291), Decimal("37.8976")]
    assert rows[0].amount == Decimal(6285)
    below = report.children.get(unit__key="before-03571")
    assert now[rows[0].pk].is_corrected
    assert correcting.in_force([figure(below, POOR)])[figure(below, POOR).pk].stage == "chinh_thuc"


def _the_report_leaves_signed_and_numbered() -> None:
    report = merged(demo.PHONG_THO, RoundKind.YEARLY, 2023)
    paper = OutgoingPaper.objects.get(about_type="reports.report", about_id=str(report.pk))
    assert (paper.state, str(paper.given), paper.due_on) == (
        PaperState.ISSUED,
        "01/BC-UBND",
        date(2023, 11, 19),
    )
    pdf = issued_bytes(paper)
    said = text_of(pdf)
    for words in (
        "ỦY BAN NHÂN DÂN HUYỆN PHONG THỔ",
        "I. CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO, TRIỂN KHAI",
        "Số hộ nghèo và hộ cận nghèo năm 2023 là 6.285 hộ (số sơ bộ), giảm 942 hộ so với năm 2022",
        "V. ĐỀ XUẤT, KIẾN NGHỊ",
        "TM. ỦY BAN NHÂN DÂN",
    ):
        assert words in said
    found = verify.check(pdf, trusted=trusted())
    assert found.is_whole
    assert [one.is_intact for one in found.findings] == [True, True]
    place = pdf.index(b"stream", len(pdf) // 4) + 20
    spoilt = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
    assert not verify.check(spoilt, trusted=trusted()).is_whole


def _reviews_are_drafted_with_charts() -> None:
    for kind, year, years in ((RoundKind.MID_TERM, 2023, "2022–2023"), (RoundKind.FINAL, 2025, "2022–2025")):
        report = merged(demo.PHONG_THO, kind, year)
        described = report_paper.paper_of(report, on=report.due_on)
        said = text_of(pdf_bytes(described))
        assert f"Hình 1. Tỷ lệ nghèo đa chiều (hộ nghèo và hộ cận nghèo), giai đoạn {years}" in said
        assert "Bảng 2. Số liệu từng năm" in said
        word = docx.Document(io.BytesIO(docx_bytes(described)))
        drawn = [block for block in described.body if isinstance(block, Figure)]
        assert len(word.inline_shapes) == len(drawn) > 1
        assert "Bảng 2. Số liệu từng năm" in [row.text for row in word.paragraphs]
    final = OutgoingPaper.objects.get(about_id=str(merged(demo.PHONG_THO, RoundKind.FINAL, 2025).pk))
    assert final.state == PaperState.DRAFT


def _after_the_reform_successors_report() -> None:
    """The district ended on 1/7/2025: six new communes answer, the province merges and says why."""
    report = merged(demo.PHONG_THO, RoundKind.YEARLY, 2025)
    on = report.due_on
    units = [one.unit_id for one in report.children.all()]
    assert labels([report.unit_id], on=on)[report.unit_id] == "tỉnh Lai Châu"
    assert sorted(labels(units, on=on).values()) == [
        "phường Đoàn Kết",
        "xã Dào San",
        "xã Khổng Lào",
        "xã Phong Thổ",
        "xã Sin Suối Hồ",
        "xã Sì Lở Lầu",
    ]
    assert figure(report, POOR).amount == Decimal(4530)
    said = report.answers.get(item__key="chi-dao").text
    assert (
        "Từ ngày 01/7/2025, Ủy ban nhân dân huyện Phong Thổ kết thúc hoạt động; báo cáo này do Ủy ban "
        "nhân dân tỉnh Lai Châu lập với tư cách đơn vị kế thừa" in said
    )


def _the_other_plan_lives_too() -> None:
    report = merged(demo.QUANG_BINH, RoundKind.MID_TERM, 2023)
    communes = figure(report, "communes-ntm")
    assert (communes.amount, communes.origin, communes.stage) == (Decimal(88), "he_thong", "thuong_xuyen")
    paper = OutgoingPaper.objects.get(about_id=str(report.pk))
    assert (paper.state, str(paper.given)) == (PaperState.ISSUED, "01/BC-STNMT")
    last = merged(demo.QUANG_BINH, RoundKind.FINAL, 2025)
    label = labels([last.unit_id], on=last.due_on)[last.unit_id]
    assert label == "Sở Nông nghiệp và Môi trường tỉnh Quảng Trị"
    assert Plan.objects.filter(report_rounds__reports__sent_at__isnull=False).distinct().count() == 2


# --- awards -------------------------------------------------------------------------------------------


def _awards_are_lived_through() -> None:
    lived = award_demo.live(on=DAY)
    assert (lived.candidates, lived.votes, lived.awards, lived.revoked) == (32, 7, 30, 1)
    round_ = AwardRound.objects.get(name=award_story.story()["round"]["name"])
    # an older award of the register stops the same achievement from going up again
    assert round_.candidates.get(state=CandidateState.WITHDRAWN).label == "xã Huổi Luông"
    _suggestions_come_with_reasons(round_)
    _the_public_was_heard(round_)
    _nine_sat_in_council(round_)
    _thirty_were_awarded_and_one_taken_back(round_)
    _the_duplicate_is_caught_across_the_merger()
    _a_stranger_recomputes_it(round_)
    _the_other_plans_hold_rounds_of_their_own()
    again = award_demo.live(on=DAY)
    assert (again.rounds, again.candidates, again.votes, again.awards) == (0, 0, 0, 0)


def why(round_: AwardRound, label: str) -> tuple[int, bool, str]:
    """Outcome, nearness and words of the current suggestion about somebody."""
    found = Suggestion.objects.select_related("verdict__verdict_set").get(
        set__round=round_, set__is_current=True, label=label
    )
    lines = [line.text for one in suggesting.why(found.verdict) for line in one.lines]
    return found.outcome, found.is_near, "\n".join([*lines, *suggesting.still_open(found.verdict)])


def _suggestions_come_with_reasons(round_: AwardRound) -> None:
    outcome, _, said = why(round_, "xã Huổi Luông")
    assert outcome == OutcomeChoice.MET
    assert "Kết quả rà soát hộ nghèo năm 2022 (ví dụ)" in said
    outcome, is_near, said = why(round_, "xã Dào San")
    assert (outcome, is_near) == (OutcomeChoice.NOT_MET, True)
    assert "thiếu 0,1 điểm phần trăm" in said
    outcome, _, said = why(round_, "xã Mù Sang")
    assert outcome == OutcomeChoice.UNKNOWN
    assert "chưa có số liệu «Tỷ lệ nghèo đa chiều» năm 2021 của xã Mù Sang" in said
    outcome, _, said = why(round_, "Lò Thị Ví Dụ (ví dụ)")
    assert outcome == OutcomeChoice.MET
    assert "Huổi Luông" in said


def _the_public_was_heard(round_: AwardRound) -> None:
    opinions = Opinion.objects.filter(posting__round=round_).select_related("candidate")
    assert sorted(opinions.values_list("kind", "conclusion")) == [
        ("dong_tinh", "ghi_nhan"),
        ("phan_doi", "co_co_so"),
    ]
    objected = opinions.get(kind="phan_doi").candidate
    assert (objected.label, objected.state) == ("xã Vàng Ma Chải", CandidateState.RETURNED)


def _nine_sat_in_council(round_: AwardRound) -> None:
    session = CouncilSession.objects.get(items__candidate__round=round_, items__position=1)
    assert (session.members, session.present, session.items.count()) == (9, 7, 31)
    recusal = Conflict.objects.get(item__session=session, is_recused=True)
    assert recusal.item.candidate.label == "Phòng Nội vụ huyện Phong Thổ"
    assert (recusal.item.yes, recusal.item.base, recusal.item.needed) == (6, 9, 5)
    assert Counter(session.items.values_list("yes", "no", "result")) == {
        (7, 0, "thong_qua"): 29,
        (6, 0, "thong_qua"): 1,
        (2, 5, "khong_thong_qua"): 1,
    }
    assert vote_packages.verify(session.package.encode()).is_good
    assert session.minutes is not None
    minutes = text_of(pdf_bytes(description(session.minutes)))
    assert "Dự họp 7/9 thành viên" in minutes
    assert "không bỏ phiếu về Phòng Nội vụ huyện Phong Thổ" in minutes


def _thirty_were_awarded_and_one_taken_back(round_: AwardRound) -> None:
    decision = AwardDecision.objects.get(round=round_, kind="khen_thuong")
    assert decision.paper is not None
    text = text_of(issued_bytes(decision.paper))
    assert "Tặng Giấy khen của Chủ tịch Ủy ban nhân dân huyện Phong Thổ cho 14 tập thể và 16 cá nhân" in text
    # 0,3 × 2 × 2.340.000 and 0,3 × 2.340.000, each rounded up to ten thousand (decree 98/2023, art. 57)
    assert Counter(Bonus.objects.values_list("amount", flat=True)) == {1_410_000: 14, 710_000: 16}
    assert "31.100.000 đồng" in text
    printed = CertificatePrint.objects.get(decision=decision)
    assert printed.file is not None
    with pypdfium2.PdfDocument(bytes_of(printed.file)) as certificates:
        assert len(certificates) == 30
        one = " ".join(certificates[0].get_textpage().get_text_range().split())
    assert "GIẤY KHEN" in one
    assert "Phòng Nội vụ huyện Phong Thổ" in one
    assert "Huyện Phong Thổ, tỉnh Lai Châu" in one
    own = RegisteredAward.objects.filter(candidate__round=round_)
    assert Counter(own.values_list("state", flat=True)) == {AwardState.IN_FORCE: 29, AwardState.REVOKED: 1}
    assert sorted(own.values_list("golden_book_number", flat=True), key=int) == [str(n) for n in range(1, 31)]


def _the_duplicate_is_caught_across_the_merger() -> None:
    later = Candidate.objects.get(round__name=award_story.story()["later_round"]["name"])
    assert later.label == "xã Phong Thổ"
    found = [one for one in checks.findings(later, on=date(2025, 11, 5)) if one.key.startswith("duplicate")]
    assert "đơn vị trước khi sắp xếp: xã Huổi Luông" in " ".join(one.title for one in found)
    assert all(one.asks_reason or one.blocks for one in found)


def _a_stranger_recomputes_it(round_: AwardRound) -> None:
    raw = dossier_export.of_round(round_, actor=System(on=DAY), now=clock.now())
    proof = bundles.verify(raw)
    assert proof.is_good, proof


def _the_other_plans_hold_rounds_of_their_own() -> None:
    """By their own criteria where they state any, for the forms that they name."""
    now = datetime(2023, 12, 20, 9, 0, tzinfo=VIETNAM)
    plans = Plan.objects.filter(versions__document__is_sample=True).exclude(owner__key=award_story.PHONG_THO)
    suggested = {}
    for plan in plans.distinct().select_related("owner", "standing_body", "movement"):
        assert plan.standing_body is not None
        assert plan.owner is not None
        officer = actor_of(plan.standing_body.pk, award_story.PREPARING, on=now.date())
        round_ = AwardRound(
            name=f"Sơ kết {plan.owner.key}", stream="movement", commendation_type="movement", kind="so_ket",
            deciding_body=plan.owner, standing_body=plan.standing_body, plan=plan, movement=plan.movement,
            since=date(2022, 1, 1), until=date(2024, 1, 1), opens_on=now.date(), due_on=date(2023, 12, 30),
        )  # fmt: skip
        forms = [RoundForm(form="giay-khen", subject_type="individual")]
        nominating.make_round(round_, forms=forms, actor=officer, now=now)
        advance(round_, "open", actor=officer, now=now)
        person = PersonRecord(unit=plan.standing_body, name="Nguyễn Thị Ví Dụ", is_invented=True)
        nominating.keep_person(person, actor=officer, now=now)
        proposal = nominating.Proposal("giay-khen", person=person, achievement="Hoàn thành nhiệm vụ (ví dụ)")
        candidate = nominating.propose(round_, proposal, proposer=plan.standing_body, actor=officer, now=now)
        assert dossiers.of(candidate, on=now.date()).papers.exists()
        if plan.owner.key == "thanh-tra-tinh-dak-nong":  # its plan states no criteria
            with pytest.raises(RuleNotMet, match="Chưa có gợi ý"):
                suggesting.suggest(round_, actor=officer, now=now)
            continue
        made = suggesting.suggest(round_, actor=officer, now=now)
        suggested[plan.owner.key] = sorted({one.subject_type for one in made})
    assert suggested == {
        "so-tai-nguyen-va-moi-truong-tinh-quang-binh": ["agency", "individual"],
        "so-tai-nguyen-va-moi-truong-tinh-lang-son": ["individual"],
        "ban-dan-toc-tinh-lang-son": ["individual"],
    }
