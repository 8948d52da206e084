"""The mergers of 2025 with official units: who acts before, who after, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.test import Client

from thidua.accounts.models import User
from thidua.audit import verifying
from thidua.audit.log import System
from thidua.core import clock
from thidua.core.errors import NotAllowed
from thidua.movements.models import Plan, Task, TaskState
from thidua.movements.tasks import following
from thidua.movements.tasks.reminders import remind
from thidua.movements.tests.makers import make_plan, make_task
from thidua.movements.visibility import visible_plans, visible_tasks
from thidua.notices.telling import notices_for
from thidua.organisations import catalogue
from thidua.organisations.authority import Acting, acting
from thidua.organisations.models import Role, Unit, UnitVersion
from thidua.organisations.successions import heirs_on
from thidua.organisations.tests.world import make_person

pytestmark = pytest.mark.django_db

LAST_DAY, AFTER = date(2025, 6, 30), date(2025, 7, 2)
GIVEN = datetime(2023, 2, 1, 3, tzinfo=UTC)


@pytest.fixture
def units() -> Iterator[None]:
    catalogue.load(settings.BASE_DIR / "data" / "units", actor=System(on=date(2023, 1, 1)), now=GIVEN)
    with clock.fixed_on(AFTER):
        yield


def unit(label: str, *, on: date, under: str = "") -> Unit:
    """The one unit that bore this name on a day."""
    rows = UnitVersion.objects.filter(label=label, since__lte=on, until__gt=on, annulled_by__isnull=True)
    if under:
        parents = UnitVersion.objects.filter(label=under, since__lte=on, until__gt=on)
        rows = rows.filter(parent_id__in=parents.values("unit_id"))
    return rows.select_related("unit").get().unit


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def person(username: str, *mandates: tuple[Unit, Role]) -> str:
    make_person(username, *mandates)
    return username


def who(username: str, *, on: date) -> Acting:
    return acting(User.objects.get(username=username), on=on)


def labels(unit_ids: list[int], *, on: date) -> list[str]:
    rows = UnitVersion.objects.filter(unit_id__in=unit_ids, since__lte=on, until__gt=on)
    return sorted(rows.values_list("label", flat=True))


@pytest.mark.usefixtures("units")
def test_phong_tho_and_huoi_luong() -> None:
    district = unit("huyện Phong Thổ", on=LAST_DAY)
    commune = unit("xã Huổi Luông", on=LAST_DAY)
    new = unit("xã Phong Thổ", on=AFTER, under="tỉnh Lai Châu")
    province = unit("tỉnh Lai Châu", on=AFTER)
    old_officer = person("xa-cu", (commune, Role.UNIT_OFFICER))
    new_officer = person("xa-moi", (new, Role.UNIT_OFFICER))
    old_leader = person("huyen", (district, Role.LEADER))
    above = person("tinh", (province, Role.LEADER))
    neighbour = person("xa-khac", (unit("xã Dào San", on=AFTER), Role.UNIT_OFFICER))
    plan: Plan = make_plan(district, title="Kế hoạch vì người nghèo", number="79/KH-UBND", dated="2022-04-14")
    tasks = [
        make_task(
            plan,
            commune,
            title=f"Rà soát hộ nghèo đợt {number}",
            given_at=GIVEN,
            due_on=date(2025, 7, 20),
            year=2023,
        )
        for number in (1, 2)
    ]
    first, second = tasks

    # The last day of the old tree: the old commune acts, the new one does not exist.
    following.accept(first, actor=who(old_officer, on=LAST_DAY), now=moment(LAST_DAY))
    with pytest.raises(NotAllowed):
        following.accept(second, actor=who(new_officer, on=LAST_DAY), now=moment(LAST_DAY))
    with pytest.raises(NotAllowed):
        remind([second], text="", actor=who(above, on=LAST_DAY), now=moment(LAST_DAY))

    # After: the old mandate looks back only.
    old = who(old_officer, on=AFTER)
    assert set(visible_tasks(old)) == {first, second}
    with pytest.raises(NotAllowed, match="không còn hoạt động vào ngày 02/07/2025"):
        following.accept(second, actor=old, now=moment(AFTER))
    with pytest.raises(NotAllowed):
        remind([second], text="", actor=who(old_leader, on=AFTER), now=moment(AFTER))

    # The province runs the district's plan, and its reminder reaches the new commune.
    remind([second], text="Khẩn trương", actor=who(above, on=AFTER), now=moment(AFTER))
    heir = who(new_officer, on=AFTER)
    assert [one.kind for one in notices_for(heir)] == ["task.reminded"]
    assert not notices_for(who(neighbour, on=AFTER)).exists()
    following.accept(second, actor=heir, now=moment(AFTER))
    following.report_done(first, text="Đã rà soát xong", actor=heir, now=moment(AFTER))
    following.confirm(first, actor=who(above, on=AFTER), now=moment(AFTER))
    with pytest.raises(NotAllowed):
        following.report_done(second, text="Xong", actor=who(neighbour, on=AFTER), now=moment(AFTER))

    states = dict(Task.objects.values_list("pk", "state"))
    assert states == {first.pk: TaskState.DONE, second.pk: TaskState.ACCEPTED}
    assert plan in visible_plans(heir)
    assert plan in visible_plans(who(above, on=AFTER))
    assert heirs_on(district.pk, on=AFTER) == [province.pk]
    assert verifying.verify().is_whole
    check_search(new_officer, second)


def check_search(username: str, task: Task) -> None:
    """Old and new names lead to the units, and to the task in the list."""
    client = Client()
    client.force_login(who(username, on=AFTER).user)
    for words, key in (
        ("Huổi Luông", "before-03490"),
        ("huoi luong", "before-03490"),
        ("xã Phong Thổ", "from-03549"),
        ("huyện Phong Thổ", "before-109"),
    ):
        page = client.get("/tim-kiem/", {"tim": words}).content.decode()
        assert f'href="/don-vi/{key}/' in page, words
    for words in ("Huổi Luông", "huoi luong", "xã Phong Thổ"):
        assert task.title in client.get("/nhiem-vu/", {"don_vi": words}).content.decode(), words
    for words in ("ra soat ho ngheo", "Rà soát hộ nghèo đợt 2"):
        assert task.title in client.get("/tim-kiem/", {"tim": words}).content.decode(), words


HEIRS = (
    ("tỉnh Quảng Bình", LAST_DAY, "tỉnh Quảng Trị", AFTER),
    (
        "Sở Tài nguyên và Môi trường tỉnh Quảng Bình",
        date(2025, 2, 28),
        "Sở Nông nghiệp và Môi trường tỉnh Quảng Bình",
        date(2025, 3, 2),
    ),
    (
        "Sở Tài nguyên và Môi trường tỉnh Quảng Bình",
        date(2025, 2, 28),
        "Sở Nông nghiệp và Môi trường tỉnh Quảng Trị",
        AFTER,
    ),
    ("Thanh tra tỉnh Đắk Nông", LAST_DAY, "Thanh tra tỉnh Lâm Đồng", AFTER),
    ("tỉnh Đắk Nông", LAST_DAY, "tỉnh Lâm Đồng", AFTER),
)


@pytest.mark.usefixtures("units")
def test_heirs_of_provinces_and_bodies() -> None:
    for number, (old, day, new, after) in enumerate(HEIRS):
        check_heir(f"-{number}", old, day, new, after)


def check_heir(mark: str, old: str, day: date, new: str, after: date) -> None:
    """A plan and a task of the old body: its people act to its end, then those of the heir."""
    gone, heir = unit(old, on=day), unit(new, on=after)
    before, later = person(f"cu{mark}", (gone, Role.LEADER)), person(f"moi{mark}", (heir, Role.LEADER))
    task = make_task(make_plan(gone, title="Kế hoạch thi đua"), gone, title="Tuyên truyền")

    assert labels(heirs_on(gone.pk, on=after), on=after) == [new]
    assert who(before, on=day).may("task.answer", task)
    assert not who(before, on=after).may("task.answer", task)
    acts = who(later, on=after)
    assert acts.may("task.answer", task)
    assert acts.may("plan.adopt", task.plan)
    assert task in visible_tasks(acts)
    assert task.plan in visible_plans(acts)
    following.accept(task, actor=acts, now=moment(after))
    assert Task.objects.get(pk=task.pk).state == TaskState.ACCEPTED
