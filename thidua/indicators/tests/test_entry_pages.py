"""Entering figures: the form of one unit, the grid of many, Excel in; all or nothing, cell by cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from thidua.core import clock
from thidua.indicators import entry, entry_pages, totals
from thidua.indicators.models import FigureFile, Stage, Value
from thidua.indicators.tests.figure_world import DAY, FigureWorld, figure_world, filled, make_indicator
from thidua.jobs.worker import run_pending
from thidua.organisations.models import UnitKind
from thidua.organisations.tests.world import REFORM, make_unit

pytestmark = pytest.mark.django_db
SET = "ra_soat.commune"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def made() -> FigureWorld:
    return figure_world()


def client_of(made: FigureWorld, username: str) -> Client:
    client = Client()
    client.force_login(made.world.people[username])
    return client


def form_of(unit: str) -> str:
    return reverse("indicators:unit_form", args=[SET, "2023", unit])


GRID = f"/so-lieu/nhap/{SET}/2023/bang/"


def plain(answer: Any, *, status: int = 200) -> str:
    content = answer.content.decode()
    assert answer.status_code == status, content[:2000]
    return " ".join(content.split())


def fields(made: FigureWorld, **figures: str) -> dict[str, str]:
    """The form as a browser sends it: `poor_hh="12"`, `poor_hh__kps="on"`."""
    sent = {"muc_do": Stage.PRELIMINARY.value, "ghi_chu": "", "ly_do": ""}
    for name, value in figures.items():
        code, _, kind = name.partition("__")
        if code in made.indicators:
            sent[f"{kind or 'so'}-{made.indicators[code].pk}"] = value
        else:
            sent[name] = value
    return sent


def amounts() -> dict[tuple[str, str], int | None]:
    rows = Value.objects.filter(is_chosen=True).values_list("indicator__code", "unit__key", "amount")
    return {(code, key): None if amount is None else int(amount) for code, key, amount in rows}


# --- the overview ---------------------------------------------------------------------------------


def test_overview_shows_own_communes_with_what_is_there(made: FigureWorld) -> None:
    made.give("poor_hh", "dao-san", 120)

    page = plain(client_of(made, "lanh-dao").get(reverse("indicators:enter")))

    assert "1/2 số" in page
    assert page.count("chưa có số liệu</span>") == 2
    assert "Mở bảng 3 đơn vị" in page


def test_commune_officer_sees_the_own_commune_only(made: FigureWorld) -> None:
    page = plain(client_of(made, "huoi-luong").get(reverse("indicators:enter")))

    assert "xã Huổi Luông" in page
    assert "xã Dào San" not in page


def test_viewer_may_not_enter(made: FigureWorld) -> None:
    page = plain(client_of(made, "nguoi-xem").get(reverse("indicators:enter")), status=403)

    assert "Bạn chưa được nhập số liệu" in page


# --- one unit -------------------------------------------------------------------------------------


def test_form_saves_figures_and_the_district_counts_them(made: FigureWorld) -> None:
    client = client_of(made, "huoi-luong")

    answer = client.post(form_of("huoi-luong"), fields(made, total_households="1.000", poor_hh="350"))

    assert answer.status_code == 302
    assert amounts() == {("total_households", "huoi-luong"): 1000, ("poor_hh", "huoi-luong"): 350}
    found = totals.total(
        made.indicators["poor_hh"], made.world.unit("phong-tho").pk, year=2023, standard=made.standard
    )
    assert found is not None
    assert (int(found.amount), found.reported, found.expected) == (350, 1, 3)


def test_form_shows_last_year_beside_each_figure(made: FigureWorld) -> None:
    made.give("poor_hh", "huoi-luong", 400, year=2022)

    page = plain(client_of(made, "huoi-luong").get(form_of("huoi-luong")))

    assert "năm 2022: 400" in page
    assert "năm 2022: chưa có số liệu" in page


def test_empty_field_is_no_zero_and_nothing_arose_is_said(made: FigureWorld) -> None:
    client = client_of(made, "huoi-luong")

    client.post(form_of("huoi-luong"), fields(made, total_households="", poor_hh="", poor_hh__kps="on"))

    assert amounts() == {("poor_hh", "huoi-luong"): None}
    assert Value.objects.get().nothing_arose


def test_figure_and_nothing_at_once_is_refused(made: FigureWorld) -> None:
    answer = client_of(made, "huoi-luong").post(
        form_of("huoi-luong"), fields(made, poor_hh="12", poor_hh__kps="on")
    )

    assert "Bỏ một trong hai" in plain(answer, status=422)
    assert amounts() == {}


def test_saving_the_same_again_changes_nothing(made: FigureWorld) -> None:
    client = client_of(made, "huoi-luong")
    sent = fields(made, total_households="1000", poor_hh="350")
    client.post(form_of("huoi-luong"), sent)

    client.post(form_of("huoi-luong"), sent)

    assert Value.objects.count() == 2
    assert "Không có gì thay đổi" in plain(client.get(form_of("huoi-luong")))


def test_part_above_its_whole_stops_and_keeps_what_was_typed(made: FigureWorld) -> None:
    answer = client_of(made, "huoi-luong").post(
        form_of("huoi-luong"), fields(made, total_households="100", poor_hh="350")
    )

    page = plain(answer, status=422)
    assert "Chưa lưu số nào" in page
    assert "lớn hơn tổng số hộ dân cư" in page
    assert 'value="350"' in page
    assert amounts() == {}


def test_jump_warns_and_is_saved_with_a_reason(made: FigureWorld) -> None:
    made.give("poor_hh", "huoi-luong", 400, year=2022)
    client = client_of(made, "huoi-luong")

    warned = plain(client.post(form_of("huoi-luong"), fields(made, poor_hh="50")), status=422)
    saved = client.post(form_of("huoi-luong"), fields(made, poor_hh="50", ly_do="Đã rà soát lại"))

    assert "Lý do giữ số" in warned
    assert "giảm 87,5 %" in warned
    assert saved.status_code == 302
    assert Value.objects.get(since__year=2023).override_reason == "Đã rà soát lại"


def test_check_alone_answers_with_doubts_and_saves_nothing(made: FigureWorld) -> None:
    answer = client_of(made, "huoi-luong").post(
        form_of("huoi-luong"),
        {**fields(made, total_households="100", poor_hh="350"), "kiem-tra": "1"},
        headers={"HX-Request": "true"},
    )

    page = plain(answer)
    assert "lớn hơn tổng số hộ dân cư" in page
    assert "<h1" not in page
    assert amounts() == {}


def test_evidence_stands_with_the_figures_and_comes_down_as_a_file(made: FigureWorld) -> None:
    client = client_of(made, "huoi-luong")
    sent: dict[str, Any] = fields(made, poor_hh="12")
    sent["minh-chung"] = SimpleUploadedFile("bien-ban.pdf", b"%PDF-1.4 bien ban")

    client.post(form_of("huoi-luong"), sent)

    value = Value.objects.get()
    assert value.evidence_name == "bien-ban.pdf"
    answer = client.get(reverse("indicators:evidence", args=[value.pk]))
    assert answer["Content-Disposition"].startswith("attachment")


def test_evidence_of_a_wrong_kind_is_refused_and_nothing_saved(made: FigureWorld) -> None:
    sent: dict[str, Any] = fields(made, poor_hh="12")
    sent["minh-chung"] = SimpleUploadedFile("chay.exe", b"MZ")

    page = plain(client_of(made, "huoi-luong").post(form_of("huoi-luong"), sent), status=422)

    assert "chỉ nhận PDF" in page
    assert amounts() == {}


def test_form_of_another_commune_is_refused(made: FigureWorld) -> None:
    client = client_of(made, "huoi-luong")

    assert client.get(form_of("dao-san")).status_code == 403
    assert client.post(form_of("dao-san"), fields(made, poor_hh="1")).status_code == 403
    assert amounts() == {}


def test_unknown_set_or_period_is_no_page(made: FigureWorld) -> None:
    client = client_of(made, "huoi-luong")

    assert client.get("/so-lieu/nhap/khac.commune/2023/huoi-luong/").status_code == 404
    assert client.get(f"/so-lieu/nhap/{SET}/hom-qua/huoi-luong/").status_code == 404


# --- many units -----------------------------------------------------------------------------------


def cell(made: FigureWorld, unit: str, code: str) -> str:
    return entry_pages.cell_field(made.world.unit(unit).pk, made.indicators[code].pk)


def grid_of(made: FigureWorld, figures: dict[tuple[str, str], str], **more: str) -> dict[str, str]:
    sent = {"muc_do": Stage.PRELIMINARY.value, "ghi_chu": "", "ly_do": "", **more}
    return sent | {cell(made, unit, code): text for (unit, code), text in figures.items()}


def test_grid_saves_all_units_at_once(made: FigureWorld) -> None:
    sent = grid_of(made, {("dao-san", "poor_hh"): "120", ("mu-sang", "poor_hh"): "không"})

    answer = client_of(made, "lanh-dao").post(GRID, sent)

    assert answer.status_code == 302
    assert amounts() == {("poor_hh", "dao-san"): 120, ("poor_hh", "mu-sang"): None}


def test_grid_with_one_wrong_cell_saves_nothing_and_names_it(made: FigureWorld) -> None:
    sent = grid_of(made, {("dao-san", "poor_hh"): "120", ("mu-sang", "poor_hh"): "1x"})

    page = plain(client_of(made, "lanh-dao").post(GRID, sent), status=422)

    assert "1 ô cần xem" in page
    assert f'href="#{cell(made, "mu-sang", "poor_hh")}">xã Mù Sang: Số hộ nghèo</a>' in page
    assert 'value="120"' in page
    assert amounts() == {}


def test_grid_marks_the_cell_that_a_check_stops(made: FigureWorld) -> None:
    sent = grid_of(made, {("dao-san", "poor_hh"): "120", ("dao-san", "total_households"): "100"})

    page = plain(client_of(made, "lanh-dao").post(GRID, sent), status=422)

    assert 'aria-invalid="true"' in page
    assert "lớn hơn tổng số hộ dân cư" in page
    assert amounts() == {}


def test_grid_needs_the_same_queries_for_many_units(made: FigureWorld) -> None:
    client = client_of(made, "lanh-dao")
    client.get(GRID)
    with CaptureQueriesContext(connection) as few:
        client.get(GRID)
    for number in range(20):
        make_unit(
            f"xa-so-{number}",
            f"xã Số {number}",
            UnitKind.COMMUNE,
            parent=made.world.unit("phong-tho"),
            until=REFORM,
        )
    client.get(GRID)
    with CaptureQueriesContext(connection) as many:
        page = plain(client.get(GRID))

    assert page.count("data-hang") == 46
    assert len(many) == len(few)


# --- Excel ----------------------------------------------------------------------------------------


def template_of(client: Client) -> bytes:
    answer = client.get(reverse("indicators:template", args=[SET, "2023"]))
    assert answer.status_code == 200
    return answer.content


def hand_in(client: Client, raw: bytes) -> FigureFile:
    answer = client.post(reverse("indicators:hand_in"), {"tep": SimpleUploadedFile("so-lieu.xlsx", raw)})
    assert answer.status_code == 302
    return FigureFile.objects.latest("pk")


def look(kept: FigureFile) -> str:
    return reverse("indicators:look", args=[kept.pk])


def test_filled_template_is_previewed_then_taken_in_and_again_changes_nothing(made: FigureWorld) -> None:
    made.give("poor_hh", "dao-san", 100)
    client = client_of(made, "lanh-dao")
    # Rows in the order of names: Dào San, Huổi Luông, Mù Sang; columns: Tổng số hộ, Số hộ nghèo.
    raw = filled(template_of(client), {"C7": 500, "D7": 120, "C8": 400, "D9": "không"})

    kept = hand_in(client, raw)
    preview = plain(client.get(look(kept)))
    assert '<dt>Số mới</dt><dd class="td-figure">3</dd>' in preview
    assert '<dt>Số thay đổi</dt><dd class="td-figure">1</dd>' in preview
    assert amounts() == {("poor_hh", "dao-san"): 100}

    assert client.post(look(kept)).status_code == 302
    assert amounts() == {
        ("total_households", "dao-san"): 500,
        ("poor_hh", "dao-san"): 120,
        ("total_households", "huoi-luong"): 400,
        ("poor_hh", "mu-sang"): None,
    }
    count = Value.objects.count()
    again = hand_in(client, raw)
    assert "Không có gì mới" in plain(client.get(look(again)))
    client.post(look(again))
    assert Value.objects.count() == count


def test_planted_errors_give_each_its_cell_and_change_nothing(made: FigureWorld) -> None:
    client = client_of(made, "lanh-dao")
    raw = filled(
        template_of(client),
        {"C7": "nhiều", "D7": -1, "C8": 100, "D8": 4.5, "A9": "xa-khong-co", "D9": 3, "C3": "gần đúng"},
    )

    kept = hand_in(client, raw)

    page = plain(client.get(look(kept)))
    for place in ("C7", "D7", "D8", "C3", "B9"):
        assert f"<strong>Ô {place}</strong>" in page
    assert "Chưa có gì được nhập" in page
    assert client.post(look(kept)).status_code == 422
    assert amounts() == {}


def test_checks_of_figures_name_their_cells_too(made: FigureWorld) -> None:
    client = client_of(made, "lanh-dao")

    kept = hand_in(client, filled(template_of(client), {"C7": 100, "D7": 120}))

    errors = json.loads(kept.findings)["errors"]
    assert {one["place"] for one in errors} == {"C7", "D7"}
    assert "lớn hơn tổng số hộ dân cư" in errors[0]["what"]


def test_warned_cells_need_a_reason(made: FigureWorld) -> None:
    made.give("poor_hh", "dao-san", 400, year=2022)
    client = client_of(made, "lanh-dao")
    kept = hand_in(client, filled(template_of(client), {"D7": 50}))
    assert "1 ô bị cảnh báo" in plain(client.get(look(kept)))

    refused = client.post(look(kept), {"ly_do": ""})
    taken = client.post(look(kept), {"ly_do": "Đã rà soát lại"})

    assert refused.status_code == 422
    assert taken.status_code == 302
    assert Value.objects.get(since__year=2023).override_reason == "Đã rà soát lại"


def test_rows_of_units_of_others_are_named(made: FigureWorld) -> None:
    raw = filled(template_of(client_of(made, "lanh-dao")), {"D7": 5, "D8": 6})

    kept = hand_in(client_of(made, "huoi-luong"), raw)

    errors = json.loads(kept.findings)["errors"]
    assert [(one["place"], one["what"]) for one in errors] == [
        ("B7", "bạn chưa được nhập cho đơn vị này"),
        ("B9", "bạn chưa được nhập cho đơn vị này"),
    ]


def test_file_is_seen_only_by_who_handed_it_in(made: FigureWorld) -> None:
    client = client_of(made, "lanh-dao")
    kept = hand_in(client, template_of(client))

    assert client_of(made, "tinh").get(look(kept)).status_code == 404


def test_large_file_is_a_workers(made: FigureWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_pages, "SMALL_BYTES", 10)
    client = client_of(made, "lanh-dao")

    kept = hand_in(client, filled(template_of(client), {"D7": 12}))
    assert "Đang làm" in plain(client.get(look(kept)))
    assert run_pending() == 1
    assert "Sẽ nhập" in plain(client.get(look(kept)))
    client.post(look(kept))
    assert run_pending() == 1

    assert amounts() == {("poor_hh", "dao-san"): 12}
    assert "Đã nhập lúc" in plain(client.get(look(kept)))


def test_list_of_wrong_cells_comes_as_excel(made: FigureWorld) -> None:
    client = client_of(made, "lanh-dao")
    kept = hand_in(client, filled(template_of(client), {"D7": "x"}))

    answer = client.get(reverse("indicators:cell_errors", args=[kept.pk]))

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[:3] for row in rows[1:]] == [["sai", "Số liệu", "D7"]]


# --- periods other than years -----------------------------------------------------------------------


def test_what_is_reported_monthly_is_entered_for_months_and_adds_up(made: FigureWorld) -> None:
    row = make_indicator("moi_thang", "Số hộ nghèo phát sinh trong tháng", frequency="month")
    client = client_of(made, "huoi-luong")
    page = plain(client.get(reverse("indicators:enter"), {"bo": "ra_soat.commune", "nam": "2023"}))
    assert "Năm 2023" in page
    assert "2 chỉ tiêu, theo" in page
    month = plain(
        client.get(
            reverse("indicators:enter"),
            {"bo": "ra_soat.commune", "nam": "2023", "ky": "2023-09-01..2023-10-01"},
        )
    )
    assert "1 chỉ tiêu, theo" in month
    assert "Đơn vị phải báo cáo, tháng 9 năm 2023" in month

    form = reverse("indicators:unit_form", args=["ra_soat.commune", "2023-09-01..2023-10-01", "huoi-luong"])
    shown = plain(client.get(form))
    assert "Số hộ nghèo phát sinh trong tháng" in shown
    assert "Tổng số hộ dân cư" not in shown
    assert client.post(form, {f"so-{row.pk}": "7", "muc_do": "thuong_xuyen"}).status_code == 302
    value = Value.objects.get(indicator=row)
    assert (value.since, value.until) == (date(2023, 9, 1), date(2023, 10, 1))
    assert "tháng 9 năm 2023" in plain(client.get(reverse("indicators:indicator", args=["moi_thang"])))


def test_the_set_of_a_quarter_has_no_yearly_figures(made: FigureWorld) -> None:
    make_indicator("quy", "Số hộ quý", frequency="quarter")
    make_indicator("nua", "Số hộ nửa năm", frequency="half_year")
    found = entry.set_of("ra_soat.commune")
    assert found is not None
    labels = [str(one) for one in found.periods(2023)]
    assert labels == [
        "năm 2023",
        "6 tháng đầu năm 2023",
        "6 tháng cuối năm 2023",
        "Quý I/2023",
        "Quý II/2023",
        "Quý III/2023",
        "Quý IV/2023",
    ]
    codes = [[row.code for row in found.indicators(one.since, one.until)] for one in found.periods(2023)[:4]]
    assert codes == [["total_households", "poor_hh"], ["nua"], ["nua"], ["quy"]]
    assert found.indicators(date(2023, 1, 1), date(2023, 2, 15)) == []
