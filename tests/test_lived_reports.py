"""Rounds of reports lived through as in the demonstration: Phong Thổ and a Sở of Quảng Bình, over the reform.

One load for all questions. Texts and figures of communes are invented; they add up to what was published.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pypdfium2
import pytest
from pytest_django import Settings

from config import filling
from thidua.audit import verifying
from thidua.core import clock
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.documents.papers.issuing import issued_bytes
from thidua.documents.signing import verify
from thidua.documents.signing.trust_list import trusted
from thidua.documents.writing.paper import Figure
from thidua.documents.writing.typesetting import pdf_bytes
from thidua.documents.writing.word import docx_bytes
from thidua.movements.models import Plan
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
    assert verifying.verify().is_whole
    again = demo.live(on=DAY)
    assert (again.rounds, again.sent, again.merged, again.papers) == (0, 0, 0, 0)


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
