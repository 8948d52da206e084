"""Papers that arrive: read, numbered, doubles seen, passed on, finished."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from thidua.audit.models import Entry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.documents.models import Document, IncomingPaper, NumberBook
from thidua.documents.papers import arrivals, numbering
from thidua.documents.papers.arrivals import Written
from thidua.documents.papers.tests.makers import NOW, give_keys, make_issued, with_clerk
from thidua.documents.plan_reading import take_in
from thidua.organisations.tests.world import DAY, World

pytestmark = pytest.mark.django_db

PLAN = Written(
    issuer="Ủy ban nhân dân tỉnh Lai Châu",
    title="Thi đua giảm nghèo giai đoạn 2021 - 2025",
    number="417",
    symbol="KH-UBND",
    kind="Kế hoạch",
    dated=date(2023, 11, 2),
)
SENT = """ỦY BAN NHÂN DÂN TỈNH LAI CHÂU
Số: 417/KH-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Lai Châu, ngày 02 tháng 11 năm 2023
KẾ HOẠCH
Tổ chức phong trào thi đua giảm nghèo giai đoạn 2021 - 2025
Căn cứ Quyết định số 666/QĐ-TTg ngày 02/6/2022 của Thủ tướng Chính phủ;
Căn cứ Báo cáo số 01/BC-UBND ngày 05/11/2023 của Ủy ban nhân dân huyện Phong Thổ,
Ủy ban nhân dân tỉnh ban hành kế hoạch như sau:
I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
Nâng cao đời sống của người nghèo.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
"""


@pytest.fixture
def world() -> World:
    return with_clerk()


def register(world: World, written: Written = PLAN, **more: Any) -> IncomingPaper:
    return arrivals.register(
        written, unit_id=world.unit("phong-tho").pk, actor=world.acting("van-thu"), now=NOW, **more
    )


def read(world: World) -> Document:
    document = take_in(SENT.encode(), file_name="ke-hoach.txt", owner="x" * 43, now=NOW).document
    assert document is not None
    return document


def test_arrivals_have_numbers_without_gap(world: World) -> None:
    first = register(world)
    with pytest.raises(RuleNotMet):
        register(world, replace(PLAN, title=" "))
    with pytest.raises(RuleNotMet, match="đã đăng ký: số đến 01 ngày 05/11/2023"):
        register(world, replace(PLAN, issuer="ỦY BAN NHÂN DÂN TỈNH LAI CHÂU"))
    second = register(world, replace(PLAN, number="418"))
    third = register(world, is_known_double=True)

    assert [one.given.text for one in (first, second, third)] == ["01", "02", "03"]
    assert numbering.gaps(NumberBook.objects.get()) == []
    assert Entry.objects.filter(action="documents.incomingpaper.register").count() == 3


def test_same_number_of_another_issuer_or_year_is_no_double(world: World) -> None:
    register(world)

    register(world, replace(PLAN, issuer="Ủy ban nhân dân tỉnh Lào Cai"))
    register(world, replace(PLAN, dated=date(2022, 11, 2)))

    assert IncomingPaper.objects.count() == 3


def test_reader_proposes_what_the_head_says(world: World) -> None:
    assert arrivals.proposed(read(world)) == Written(
        issuer="Ủy ban nhân dân tỉnh Lai Châu",
        title="Tổ chức phong trào thi đua giảm nghèo giai đoạn 2021 - 2025",
        number="417",
        symbol="KH-UBND",
        kind="Kế hoạch",
        dated=date(2023, 11, 2),
    )


def test_citations_lead_to_what_the_body_has(world: World) -> None:
    give_keys(world)
    sent = make_issued(world)
    decision = register(
        world, Written(issuer="Thủ tướng Chính phủ", title="Phát động", number="666", symbol="QĐ-TTg")
    )
    document = read(world)

    incoming = register(world, arrivals.proposed(document), document=document, file=document.file)

    found = {one.words.partition(" ngày")[0]: one for one in arrivals.citations(incoming)}
    assert found["Quyết định số 666/QĐ-TTg"].incoming == decision
    assert found["Báo cáo số 01/BC-UBND"].outgoing == sent
    document.refresh_from_db()
    assert document.kept_for == world.unit("phong-tho")


@pytest.mark.parametrize(
    "written",
    [
        replace(PLAN, arrived_on=DAY + timedelta(days=1)),
        replace(PLAN, dated=DAY, arrived_on=DAY - timedelta(days=1)),
        replace(PLAN, note="MẬT"),
    ],
)
def test_impossible_days_and_secrets_are_refused(world: World, written: Written) -> None:
    with pytest.raises(RuleNotMet):
        register(world, written)
    assert NumberBook.objects.count() == 0


def test_only_the_clerk_of_the_body_registers(world: World) -> None:
    for username in ("thuong-truc", "lanh-dao", "dao-san"):
        with pytest.raises(NotAllowed):
            arrivals.register(PLAN, unit_id=world.unit("phong-tho").pk, actor=world.acting(username), now=NOW)


def test_late_registration_is_told(world: World) -> None:
    friday = date(2023, 11, 3)

    assert arrivals.late_note(friday, on=date(2023, 11, 6)) == ""
    assert "chậm nhất ngày 06/11/2023" in arrivals.late_note(friday, on=date(2023, 11, 7))


def test_paper_is_passed_on_and_finished(world: World) -> None:
    incoming = register(world)
    office, person = world.unit("phong-noi-vu"), world.people["thuong-truc"]

    rows = arrivals.forward(
        incoming,
        unit_ids=[office.pk],
        users=[person],
        lead_unit_id=office.pk,
        instruction="Tham mưu kế hoạch của huyện",
        due_on=DAY + timedelta(days=5),
        actor=world.acting("van-thu"),
        now=NOW,
    )

    assert [(row.unit, row.user, row.is_lead) for row in rows] == [
        (office, None, True),
        (None, person, False),
    ]
    with pytest.raises(ChangedMeanwhile):
        arrivals.forward(incoming, unit_ids=[office.pk], actor=world.acting("van-thu"), now=NOW)
    with pytest.raises(NotAllowed):
        arrivals.finish(rows[0], note="Xong", actor=world.acting("dao-san"), now=NOW)
    with pytest.raises(NotAllowed, match="đích danh"):
        arrivals.finish(rows[1], note="Xong", actor=world.acting("noi-vu"), now=NOW)
    arrivals.finish(rows[0], note="Đã tham mưu", actor=world.acting("noi-vu"), now=NOW)
    with pytest.raises(ChangedMeanwhile):
        arrivals.finish(rows[0], note="Xong", actor=world.acting("noi-vu"), now=NOW)
    assert rows[0].done_note == "Đã tham mưu"


def test_database_keeps_the_arrival(world: World) -> None:
    incoming = register(world)

    with pytest.raises(DatabaseError), transaction.atomic():
        IncomingPaper.objects.filter(pk=incoming.pk).update(arrived_on=DAY - timedelta(days=9))
    with pytest.raises(DatabaseError), transaction.atomic():
        IncomingPaper.objects.filter(pk=incoming.pk)._raw_delete("default")
    assert IncomingPaper.objects.filter(pk=incoming.pk).update(note="Bản giấy đến sau") == 1
