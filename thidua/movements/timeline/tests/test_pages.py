"""The timeline page and the calendars that programs subscribe to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.movements.models import (
    CalendarFeed,
    Extension,
    ExtensionState,
    ItemKind,
    Milestone,
    Plan,
    RegistrationCall,
    TaskState,
)
from thidua.movements.tests.makers import at, make_item, make_plan, make_task, phong_tho_plan
from thidua.movements.timeline import feeds
from thidua.movements.timeline.events import events_of
from thidua.organisations.models import Mandate
from thidua.organisations.tests.world import DAY, World, phong_tho

NOW = at(DAY)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    cache.clear()
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


@pytest.fixture
def plan(world: World) -> Plan:
    plan = phong_tho_plan(world)
    plan.versions.update(first_year=2022, last_year=2025)
    return plan


def milestone(plan: Plan, title: str, first: date, last: date | None = None, key: str = "M1") -> Milestone:
    version = plan.versions.get()
    item = make_item(version, ItemKind.MILESTONE, key, {"text": title})
    return Milestone.objects.create(
        plan=plan, item=item, kind="so_ket", title=title, first_day=first, last_day=last or first
    )


def client_of(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def titles(client: Client, query: str = "") -> list[str]:
    context = client.get(f"/lich/{query}").context
    rows = [row for _, rows, _ in context["months"] for row in rows] + context["long"]
    return [row["event"].title for row in rows]


# --- the page -------------------------------------------------------------------------------------


def test_timeline_needs_a_sign_in(client: Client, db: None) -> None:
    assert client.get("/lich/").status_code == 302
    assert client.get("/lich/dang-ky-theo-doi/").status_code == 302


def test_milestones_tasks_and_registrations_stand_on_one_timeline(world: World, plan: Plan) -> None:
    milestone(plan, "Sơ kết giữa kỳ", date(2023, 12, 1))
    milestone(plan, "Phát động", date(2022, 1, 1), date(2025, 12, 31), key="M2")
    for key in ("huoi-luong", "dao-san"):
        make_task(plan, world.unit(key), title="Báo cáo năm", due_on=date(2023, 11, 9))
    RegistrationCall.objects.create(plan=plan, year=2023, due_on=date(2023, 3, 15))
    client = client_of(world, "thuong-truc")

    assert titles(client) == ["Hạn gửi đăng ký năm 2023", "Báo cáo năm", "Sơ kết giữa kỳ", "Phát động"]
    assert "2 đơn vị, 0 đã báo cáo xong" in client.get("/lich/").content.decode()
    assert titles(client, "?loai=moc") == ["Sơ kết giữa kỳ", "Phát động"]
    assert titles(client, "?nam=2024") == ["Phát động"]
    assert titles(client, "?nam=abc&loai=gi-do") == titles(client)


def test_timeline_is_narrowed_to_a_plan_a_movement_and_own_tasks(world: World, plan: Plan) -> None:
    other = make_plan(world.unit("phong-tho"), title="Kế hoạch khác")
    make_task(plan, world.unit("huoi-luong"), title="Việc một", due_on=date(2023, 11, 9))
    make_task(other, world.unit("dao-san"), title="Việc hai", due_on=date(2023, 11, 10))
    client = client_of(world, "huoi-luong")

    assert titles(client) == ["Việc một", "Việc hai"]
    assert titles(client, f"?ke_hoach={other.pk}") == ["Việc hai"]
    assert titles(client, f"?phong_trao={plan.movement_id}") == ["Việc một"]
    assert titles(client, "?cua=toi") == ["Việc một"]


def test_late_and_done_tasks_are_marked(world: World, plan: Plan) -> None:
    make_task(plan, world.unit("huoi-luong"), title="Trễ", due_on=date(2023, 11, 1))
    make_task(plan, world.unit("huoi-luong"), title="Xong", due_on=date(2023, 11, 2), state=TaskState.DONE)
    make_task(
        plan, world.unit("huoi-luong"), title="Rút", due_on=date(2023, 11, 3), state=TaskState.CANCELLED
    )

    context = client_of(world, "thuong-truc").get("/lich/").context

    rows = {row["event"].title: row["standing"].label for _, rows, _ in context["months"] for row in rows}
    assert rows == {"Trễ": "Quá hạn", "Xong": "Đã xong"}
    assert context["late"] == 1


def test_stranger_sees_an_empty_timeline_that_teaches(world: World, plan: Plan) -> None:
    make_task(plan, world.unit("huoi-luong"), due_on=date(2023, 11, 9))

    page = client_of(world, "nguoi-la").get("/lich/")

    assert page.context["year"].count == 0
    assert "chưa có mốc hay hạn nào" in page.content.decode()


def test_query_count_does_not_grow_with_events(world: World, plan: Plan) -> None:
    client = client_of(world, "thuong-truc")
    make_task(plan, world.unit("huoi-luong"), due_on=date(2023, 11, 9))
    client.get("/lich/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/lich/")
        return len(captured)

    with_one = queries()
    for number in range(3):
        make_task(plan, world.unit("dao-san"), title=f"Việc {number}", due_on=date(2023, 12, number + 1))
        milestone(plan, f"Mốc {number}", date(2023, 10, 1), key=f"M{number}")
        make_plan(world.unit("phong-tho"), title=f"Kế hoạch {number}")

    assert queries() == with_one


def test_events_of_plans_for_other_pages(world: World, plan: Plan) -> None:
    make_task(plan, world.unit("huoi-luong"), title="Việc", due_on=date(2023, 11, 9))
    make_task(plan, world.unit("huoi-luong"), title="Năm sau", due_on=date(2024, 11, 9))

    found = events_of([plan], first=date(2023, 1, 1), last=date(2023, 12, 31))

    assert [(event.title, event.who, event.last) for event in found] == [
        ("Việc", "xã Huổi Luông", date(2023, 11, 9))
    ]


# --- calendars ------------------------------------------------------------------------------------


def made_address(world: World, username: str = "huoi-luong") -> str:
    response = client_of(world, username).post("/lich/dang-ky-theo-doi/")
    made: str = response.context["made"]
    return made.removeprefix("http://testserver")


def events_in(client: Client, address: str) -> dict[str, object]:
    calendar = Calendar.from_ical(client.get(address).content)
    return {str(one["uid"]): one for one in calendar.walk("VEVENT")}


def test_address_is_shown_once_and_only_its_hash_is_kept(world: World) -> None:
    client = client_of(world, "huoi-luong")
    response = client.post("/lich/dang-ky-theo-doi/")
    token = response.context["made"].rsplit("/", 1)[1].removesuffix(".ics")

    assert token in response.content.decode()
    assert token not in client.get("/lich/dang-ky-theo-doi/").content.decode()
    assert CalendarFeed.objects.get().token_hash == feeds.hash_of(token) != token
    assert Entry.objects.latest("number").action_label == "Tạo địa chỉ lịch"
    assert token not in str(list(Entry.objects.values()))
    assert "no-store" in response["Cache-Control"]


def test_calendar_holds_own_deadlines_milestones_and_registrations(
    world: World, plan: Plan, client: Client
) -> None:
    task = make_task(
        plan, world.unit("huoi-luong"), title="Báo cáo năm; gửi UBND, huyện", due_on=date(2023, 11, 9)
    )
    make_task(plan, world.unit("dao-san"), title="Việc của xã khác", due_on=date(2023, 11, 9))
    review = milestone(plan, "Sơ kết", date(2023, 1, 1), date(2023, 12, 31))
    call = RegistrationCall.objects.create(plan=plan, year=2024, due_on=date(2024, 2, 15))
    address = made_address(world)

    response = client.get(address)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in response.headers
    found = events_in(client, address)
    assert set(found) == {
        f"nhiem-vu-{task.pk}@thi-dua",
        f"moc-{review.pk}@thi-dua",
        f"dang-ky-{call.pk}@thi-dua",
    }
    one = found[f"nhiem-vu-{task.pk}@thi-dua"]
    assert str(one["summary"]) == "Hạn: Báo cáo năm; gửi UBND, huyện"  # type: ignore[index]
    assert one["dtstart"].dt == date(2023, 11, 9)  # type: ignore[index]
    assert one["dtend"].dt == date(2023, 11, 10)  # type: ignore[index]
    assert str(one["url"]).startswith("http://testserver/nhiem-vu/")  # type: ignore[index]
    year = found[f"moc-{review.pk}@thi-dua"]
    assert (year["dtstart"].dt, year["dtend"].dt) == (date(2023, 12, 31), date(2024, 1, 1))  # type: ignore[index]


def test_changed_deadline_raises_the_sequence(world: World, plan: Plan, client: Client) -> None:
    task = make_task(plan, world.unit("huoi-luong"), due_on=date(2023, 11, 9))
    address = made_address(world)
    uid = f"nhiem-vu-{task.pk}@thi-dua"
    before = events_in(client, address)[uid]
    type(task).objects.filter(pk=task.pk).update(due_on=date(2023, 11, 20))
    later = at(date(2023, 11, 4))
    Extension.objects.create(
        task=task,
        state=ExtensionState.GRANTED,
        asked_until=date(2023, 11, 20),
        reason="Mưa lũ",
        answered_at=later,
    )

    after = events_in(client, address)[uid]

    assert (before["sequence"], after["sequence"]) == (0, 1)  # type: ignore[index]
    assert after["dtstart"].dt == date(2023, 11, 20)  # type: ignore[index]
    assert after["last-modified"].dt == later  # type: ignore[index]
    assert before["last-modified"].dt < later  # type: ignore[index]


def test_unchanged_calendar_is_not_sent_again(world: World, plan: Plan, client: Client) -> None:
    task = make_task(plan, world.unit("huoi-luong"), due_on=date(2023, 11, 9))
    address = made_address(world)
    etag = client.get(address)["ETag"]

    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    type(task).objects.filter(pk=task.pk).update(due_on=date(2023, 11, 20))
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_revoked_unknown_and_stopped_sound_the_same(world: World, client: Client) -> None:
    address = made_address(world)
    assert client.get(address).status_code == 200
    assert client.get("/lich/khong-co-dia-chi-nay.ics").status_code == 404
    person = world.people["huoi-luong"]
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert client.get(address).status_code == 404
    person.is_active = True
    person.save(update_fields=["is_active"])

    client_of(world, "huoi-luong").post(f"/lich/dang-ky-theo-doi/{CalendarFeed.objects.get().pk}/thu-hoi/")

    assert client.get(address).status_code == 404
    assert Entry.objects.latest("number").action_label == "Thu hồi địa chỉ lịch"


def test_nobody_revokes_the_address_of_another(world: World) -> None:
    made_address(world)
    address = f"/lich/dang-ky-theo-doi/{CalendarFeed.objects.get().pk}/thu-hoi/"

    assert client_of(world, "dao-san").post(address).status_code == 404
    assert CalendarFeed.objects.get().revoked_at is None


def test_calendar_of_a_person_without_mandate_is_empty(world: World, plan: Plan, client: Client) -> None:
    make_task(plan, world.unit("huoi-luong"), due_on=date(2023, 11, 9))
    address = made_address(world)
    Mandate.objects.filter(user=world.people["huoi-luong"]).update(revoked_at=NOW)

    assert events_in(client, address) == {}


def test_too_many_addresses_are_refused(world: World) -> None:
    client = client_of(world, "huoi-luong")
    for _ in range(feeds.MOST_FEEDS):
        assert client.post("/lich/dang-ky-theo-doi/").status_code == 200

    response = client.post("/lich/dang-ky-theo-doi/")

    assert response.status_code == 422
    assert "Thu hồi một địa chỉ" in response.content.decode()


def test_program_that_asks_too_often_is_told_to_wait(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "READS_AN_HOUR", 2)
    address = made_address(world)

    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]


def test_calendar_keeps_to_its_size(world: World, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST_EVENTS", 3)
    for number in range(5):
        make_task(
            plan,
            world.unit("huoi-luong"),
            title=f"Việc {number}",
            due_on=DAY + timedelta(days=number - 2),
        )

    found = feeds.dated_events(world.acting("huoi-luong"), on=DAY)

    assert [one.event.title for one in found] == ["Việc 2", "Việc 3", "Việc 4"]


def test_reading_leaves_one_mark_an_hour(world: World, client: Client) -> None:
    made_address(world)
    feed = CalendarFeed.objects.get()

    def read(now: datetime) -> datetime | None:
        feeds.mark_read(CalendarFeed.objects.get(), now=now)
        return CalendarFeed.objects.get().last_read_at

    assert feed.last_read_at is None
    assert read(NOW) == NOW
    assert read(NOW + timedelta(minutes=59)) == NOW
    assert read(NOW + timedelta(minutes=60)) == NOW + timedelta(minutes=60)
