"""What waits for whom: to write, to receive, to correct."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from thidua.core import clock
from thidua.organisations.models import Role
from thidua.organisations.tests.world import make_person
from thidua.reports import inbox
from thidua.reports.models import ReportState
from thidua.reports.tests.makers import make_figure, make_merged, make_report
from thidua.reports.tests.test_sending import Asked

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_unit_sees_what_it_owes_and_the_receiver_what_has_come() -> None:
    asked = Asked()
    make_report(asked.round, asked.world.unit("dao-san"), state=ReportState.SENT)

    unit = [(one.title, one.act, one.due_on) for one in inbox.waiting_for(asked.officer)]
    receiver = [(one.title, one.act, one.is_answer) for one in inbox.waiting_for(asked.standing)]

    assert unit == [("Báo cáo năm 2023", "Viết báo cáo", date(2023, 11, 9))]
    assert receiver == [("1 báo cáo chờ nhận: Báo cáo năm 2023", "Nhận hoặc trả lại", True)]


def test_superior_of_another_line_is_led_to_the_merged_report_itself() -> None:
    asked = Asked()
    office = asked.world.unit("so-ldtbxh")
    asked.world.people["so"] = make_person("so", (office, Role.STANDING))
    merged = make_merged(asked.round, state=ReportState.SENT, receiver_id=office.pk)
    client = Client()
    client.force_login(asked.world.people["so"])
    with clock.fixed_on(date(2023, 11, 5)):
        [one] = inbox.waiting_for(asked.world.acting("so"))
        response = client.get(one.address)

    assert one.address == f"/bao-cao/{merged.pk}/"
    assert response.status_code == 200
    page = response.content.decode()
    assert "Nhận báo cáo" in page
    assert f"/bao-cao/dot/{asked.round.pk}/" not in page


def test_offered_corrections_of_a_report_are_one_matter() -> None:
    asked = Asked()
    asked.accepted()
    for item in (asked.poor, asked.total):
        figure = asked.report.figures.get(item=item)
        figure.corrections.create(new_stage="chinh_thuc", new_amount=5)

    assert [one.title for one in inbox.waiting_for(asked.officer)] == ["2 số mới khác số đã báo cáo"]


def test_matters_stand_in_the_inbox_of_the_program() -> None:
    asked = Asked()
    make_figure(make_report(asked.round, asked.world.unit("dao-san"), state="da_gui"), asked.poor, 3)
    client = Client()
    client.force_login(asked.world.people["huoi-luong"])
    with clock.fixed_on(date(2023, 11, 5)):
        page = client.get("/viec-cua-toi/").content.decode()

    assert f'href="/bao-cao/{asked.report.pk}/"' in page
    assert "Viết báo cáo" in page
