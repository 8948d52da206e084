"""From a deadline or a notice to a letter at a real mail server: who, when, what, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.mail_server import MailServer, mail_server, send_to
from thidua.core.clock import VIETNAM
from thidua.notices import choosing
from thidua.notices.choosing import DEFAULT, Choice
from thidua.notices.due import Due
from thidua.notices.models import Delivery, DeliveryState, Notice
from thidua.notices.moments import Quiet
from thidua.notices.planning import plan_notices, remind
from thidua.notices.sending import SENDING_AT_MOST, send_due
from thidua.notices.telling import mark_read, tell
from thidua.notices.tests.due_source import due_things
from thidua.organisations.models import FOREVER, Mandate, Role
from thidua.organisations.tests.world import REFORM, World, make_person, phong_tho

pytestmark = pytest.mark.django_db

#: A Monday; letters of the digest leave at half past seven.
MONDAY = datetime(2023, 11, 6, 1, 0, tzinfo=VIETNAM)
MORNING = MONDAY.replace(hour=7, minute=30)


@pytest.fixture
def world() -> World:
    return phong_tho()


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as found:
        send_to(found, settings)
        settings.PUBLIC_URL = "https://thidua.example.vn"
        settings.DEFAULT_FROM_EMAIL = "Thi Đua <thidua@example.vn>"
        yield found


def task_of(world: World, key: str = "huoi-luong", *, days: int = 7, name: str = "1") -> Due:
    return Due(
        key=name,
        title="Vận động đóng góp «Quỹ Vì người nghèo»",
        address=f"/nhiem-vu/{name}/",
        due_on=MONDAY.date() + timedelta(days=days),
        unit_id=world.unit(key).pk,
        about="Kế hoạch 42/KH-UBND",
    )


def states() -> list[tuple[str, str, str]]:
    rows = Delivery.objects.order_by("user__username", "channel")
    return [(row.user.username, row.channel, row.state) for row in rows]


def test_reminder_is_told_inside_at_once_and_by_letter_in_the_morning(
    world: World, server: MailServer
) -> None:
    with due_things(task_of(world)):
        remind(now=MONDAY)
        send_due(now=MONDAY)
        assert states() == [("huoi-luong", "thu", "cho_gui"), ("huoi-luong", "trong-ct", "da_gui")]
        send_due(now=MORNING)

    assert states() == [("huoi-luong", "thu", "da_gui"), ("huoi-luong", "trong-ct", "da_gui")]
    (notice,) = Notice.objects.all()
    assert notice.text == ("Việc thử: Vận động đóng góp «Quỹ Vì người nghèo» (còn 7 ngày, 13/11/2023)")
    (letter,) = server.letters
    assert server.receivers == ["huoi-luong@example.vn"]
    assert (
        letter["Subject"].strip() == "[Thi Đua] Việc thử: Vận động đóng góp «Quỹ Vì người nghèo» (còn 7 ngày)"
    )
    assert letter["From"] == "Thi Đua <thidua@example.vn>"
    assert letter["List-Unsubscribe"] == "<https://thidua.example.vn/thong-bao/lua-chon/>"
    assert letter["Auto-Submitted"] == "auto-generated"
    plain, simple = (part.get_content() for part in letter.walk() if part.get_content_maintype() == "text")
    for body in (plain, simple):
        assert "Hạn 13/11/2023, còn 7 ngày." in body
        assert "https://thidua.example.vn/nhiem-vu/1/" in body
        assert "https://thidua.example.vn/thong-bao/lua-chon/" in body
    assert "<img" not in simple
    assert "style" not in simple


def test_nobody_is_told_twice(world: World, server: MailServer) -> None:
    with due_things(task_of(world)):
        for day in range(3):
            for _ in range(2):
                remind(now=MONDAY + timedelta(days=day))
                send_due(now=MORNING + timedelta(days=day))

    assert len(server.letters) == Notice.objects.count() == 1


def test_each_rule_speaks_once_and_again_for_a_new_deadline(world: World, server: MailServer) -> None:
    with due_things(task_of(world)) as held:
        remind(now=MONDAY)
        send_due(now=MORNING)
        held[0] = task_of(world, days=30)
        remind(now=MONDAY)
        send_due(now=MORNING)
        late = datetime.combine(held[0].due_on + timedelta(days=1), time(9), tzinfo=VIETNAM)
        remind(now=late)

    assert list(
        Delivery.objects.filter(channel="trong-ct").order_by("pk").values_list("rule", flat=True)
    ) == [
        "truoc-7",
        "truoc-30",
        "qua-han",
    ]


def test_leaders_hear_of_what_presses_and_others_of_all(world: World) -> None:
    make_person("chu-tich", (world.unit("huoi-luong"), Role.LEADER))
    make_person("nguoi-doc", (world.unit("huoi-luong"), Role.VIEWER))

    with due_things(task_of(world, days=7, name="7"), task_of(world, days=1, name="1")):
        remind(now=MONDAY)

    told = Delivery.objects.order_by("user__username", "object_key")
    assert list(told.values_list("user__username", "object_key")) == [
        ("chu-tich", "1"),
        ("huoi-luong", "1"),
        ("huoi-luong", "7"),
    ]


def test_delegation_counts_while_it_holds_and_heirs_answer_for_ended_units(world: World) -> None:
    source = Mandate.objects.get(user=world.people["huoi-luong"])
    deputy = make_person("cap-pho")
    Mandate.objects.create(
        user=deputy,
        unit=source.unit,
        role=Role.UNIT_OFFICER,
        since=date(2023, 1, 1),
        until=date(2023, 11, 7),
        delegated_from=source,
    )

    def told(moment: datetime) -> list[str]:
        Delivery.objects.all().delete()
        due = task_of(world)
        day = moment.astimezone(VIETNAM).date() + timedelta(days=7)
        with due_things(Due(due.key, due.title, due.address, day, due.unit_id)):
            remind(now=moment)
        return sorted(Delivery.objects.values_list("user__username", flat=True))

    assert told(MONDAY) == ["cap-pho", "huoi-luong"]
    assert told(MONDAY + timedelta(days=1)) == ["huoi-luong"]
    after = datetime.combine(REFORM + timedelta(days=10), time(9), tzinfo=VIETNAM)
    assert told(after) == ["xa-moi"]
    Mandate.objects.filter(pk=source.pk).update(until=MONDAY.date())
    assert told(MONDAY) == []
    assert source.until == FOREVER


def test_what_was_done_meanwhile_or_moved_needs_no_letter(world: World, server: MailServer) -> None:
    with due_things(task_of(world, name="1"), task_of(world, name="2")) as held:
        remind(now=MONDAY)
        held[:] = [task_of(world, name="2", days=9)]
        send_due(now=MORNING)

    assert server.letters == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DROPPED}


def test_notice_of_a_unit_is_a_letter_to_who_works_there_unless_they_read_it(
    world: World, server: MailServer
) -> None:
    make_person("chu-tich", (world.unit("huoi-luong"), Role.LEADER))
    make_person("nguoi-doc", (world.unit("huoi-luong"), Role.VIEWER))
    notice = tell(
        kind="task.given",
        text="Giao nhiệm vụ: «Rà soát hộ nghèo»",
        address="/nhiem-vu/5/",
        now=MONDAY,
        sender="Phòng LĐTBXH",
        unit_id=world.unit("huoi-luong").pk,
    )
    plan_notices(now=MONDAY)
    plan_notices(now=MONDAY)
    assert states() == [("chu-tich", "thu", "cho_gui"), ("huoi-luong", "thu", "cho_gui")]

    mark_read(Notice.objects.filter(pk=notice.pk), acting=world.acting("huoi-luong"), now=MONDAY)
    send_due(now=MORNING)

    assert server.receivers == ["chu-tich@example.vn"]
    assert states() == [("chu-tich", "thu", "da_gui"), ("huoi-luong", "thu", "thoi")]


def test_old_notices_make_no_flood_of_letters(world: World, server: MailServer) -> None:
    for day in (0, 10):
        tell(
            kind="task.given",
            text="Việc",
            address="/",
            now=MONDAY - timedelta(days=day),
            sender="",
            user=world.people["huoi-luong"],
        )

    plan_notices(now=MONDAY)

    assert Delivery.objects.count() == 1
    assert not Notice.objects.filter(planned_at__isnull=True).exists()


def test_without_a_mail_server_or_an_address_nothing_is_planned_but_reminders_inside(
    world: World, settings: Any
) -> None:
    settings.SMTP_HOST = ""
    with due_things(task_of(world)):
        remind(now=MONDAY)
        assert states() == [("huoi-luong", "trong-ct", "cho_gui")]
        Delivery.objects.all().delete()
        settings.SMTP_HOST = "127.0.0.1"
        type(world.people["huoi-luong"]).objects.update(email="")
        remind(now=MONDAY)

    assert states() == [("huoi-luong", "trong-ct", "cho_gui")]


def test_choices_decide_what_leaves_and_when(world: World, server: MailServer) -> None:
    person = world.people["huoi-luong"]
    awake = Quiet(time(0), time(0), also_days_off=True)
    choosing.choose(
        person,
        Choice({"nhiem-vu": choosing.NOW, "bao-cao": choosing.OFF}, frozenset({"qua-han"}), True, awake),
        now=MONDAY,
    )
    for kind in ("task.given", "report.returned", "plan.adopted"):
        tell(kind=kind, text=kind, address="/", now=MONDAY, sender="", user=person)
    plan_notices(now=MONDAY)

    with due_things(task_of(world)):
        remind(now=MONDAY)

    planned = Delivery.objects.order_by("kind").values_list("kind", "send_at")
    assert list(planned) == [("plan.adopted", MORNING), ("task.given", MONDAY)]
    assert choosing.choice_of(world.people["dao-san"]) == DEFAULT


def test_letter_refused_for_now_goes_later_and_refused_for_good_fails(
    world: World, server: MailServer
) -> None:
    with due_things(task_of(world), task_of(world, "dao-san", name="2")):
        remind(now=MONDAY)
        server.answers = ["451 later"]
        server.refused = {"dao-san@example.vn"}
        send_due(now=MORNING)
        letters = Delivery.objects.filter(channel="thu").order_by("-user__username")
        assert [(one.state, one.attempts) for one in letters] == [("cho_gui", 1), ("khong_duoc", 1)]
        send_due(now=MORNING + timedelta(seconds=59))
        assert server.letters == []
        send_due(now=MORNING + timedelta(seconds=60))

    assert server.receivers == ["huoi-luong@example.vn"]


def test_broken_connection_is_unsure_and_not_sent_again(world: World, server: MailServer) -> None:
    with due_things(task_of(world)):
        remind(now=MONDAY)
        server.answers = [""]
        for minutes in (0, 5, 500):
            send_due(now=MORNING + timedelta(minutes=minutes))

    assert len(server.letters) == 1
    assert Delivery.objects.get(channel="thu").state == DeliveryState.UNSURE


def test_server_that_is_away_costs_one_attempt_and_all_letters_go_later(
    world: World, server: MailServer, settings: Any
) -> None:
    with due_things(task_of(world), task_of(world, "dao-san", name="2")):
        remind(now=MONDAY)
        settings.EMAIL_PORT = 1
        send_due(now=MORNING)
        assert sorted(Delivery.objects.filter(channel="thu").values_list("attempts", flat=True)) == [0, 1]
        settings.EMAIL_PORT = server.port
        send_due(now=MORNING + timedelta(minutes=2))

    assert len(server.letters) == 2


def test_what_a_dead_worker_was_sending_is_unsure(world: World, server: MailServer) -> None:
    with due_things(task_of(world)):
        remind(now=MONDAY)
        Delivery.objects.filter(channel="thu").update(
            state=DeliveryState.SENDING, batch="x", sending_at=MORNING
        )
        send_due(now=MORNING + SENDING_AT_MOST)
        assert Delivery.objects.get(channel="thu").state == DeliveryState.SENDING
        send_due(now=MORNING + SENDING_AT_MOST + timedelta(seconds=1))

    assert Delivery.objects.get(channel="thu").state == DeliveryState.UNSURE
    assert server.letters == []


def test_many_notices_are_one_letter(world: World, server: MailServer) -> None:
    person = world.people["huoi-luong"]
    for number in range(5):
        tell(kind="task.given", text=f"Việc {number}", address="/", now=MONDAY, sender="", user=person)
    with CaptureQueriesContext(connection) as queries:
        plan_notices(now=MONDAY)
    with due_things(task_of(world, days=-1)):
        remind(now=MONDAY)
        send_due(now=MORNING)

    assert len(queries) <= 12
    (letter,) = server.letters
    assert letter["Subject"].strip() == "[Thi Đua] 6 việc cần biết, 1 việc quá hạn"


def test_many_things_due_on_one_day_are_one_notice_inside(world: World) -> None:
    with due_things(*(task_of(world, name=str(number)) for number in range(5))):
        remind(now=MONDAY)
        send_due(now=MONDAY)

    (notice,) = Notice.objects.all()
    assert notice.text.startswith("5 việc cùng hạn (còn 7 ngày, 13/11/2023): Việc thử: Vận động")
    assert notice.text.endswith(" và 2 việc khác")
    assert notice.address == "/viec-cua-toi/"
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 5
