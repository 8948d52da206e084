"""Personal data of households that left long ago: counted, erased when told to, or daily by a worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.households.models import Household
from thidua.households.register import years_before
from thidua.households.tests.makers import make_household
from thidua.jobs.queue import enqueue
from thidua.jobs.worker import run_pending
from thidua.organisations.tests.world import DAY, World, phong_tho

pytestmark = pytest.mark.django_db
ERASE = "households.household.erase"


@pytest.fixture
def world() -> Iterator[World]:
    world = phong_tho()
    for key, code, until in (
        ("huoi-luong", "cu", date(2017, 5, 1)),
        ("huoi-luong", "moi-roi", date(2023, 5, 1)),
        ("huoi-luong", "con", None),
        ("dao-san", "cu", date(2016, 5, 1)),
    ):
        fields: dict[str, Any] = {"until": until, "leaving": "Chuyển đi"} if until else {}
        make_household(world.unit(key), code, since=date(2015, 1, 1), **fields)
    with clock.fixed_on(DAY):
        yield world


def erased() -> list[str]:
    rows = Household.objects.filter(erased_at__isnull=False).order_by("commune__key")
    return [f"{row.commune.key} {row.code}" for row in rows.select_related("commune")]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("erase_households", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("world")
def test_without_the_word_it_only_counts() -> None:
    told = run("--left-before", "2020-01-01")
    assert told.splitlines() == [
        "xã Huổi Luông: 1 hộ",
        "xã Dào San: 1 hộ",
        "Sẽ xóa thông tin cá nhân của 2 hộ rời sổ trước 01/01/2020. Chưa xóa gì; thêm --that để xóa.",
    ]
    assert erased() == []
    assert not Entry.objects.filter(action=ERASE).exists()


@pytest.mark.usefixtures("world")
def test_of_one_commune_each_with_a_line_in_the_log_and_again_nothing() -> None:
    assert "Đã xóa thông tin cá nhân của 1 hộ." in run(
        "--left-before", "01/01/2020", "--commune", "dao-san", "--that"
    )
    assert erased() == ["dao-san cu"]
    [line] = Entry.objects.filter(action=ERASE)
    assert (line.object_label, line.actor) == ("hộ cu", "Hệ thống")
    assert line.reason == "Hết thời hạn lưu giữ: rời sổ trước 01/01/2020"
    assert "của 0 hộ" in run("--left-before", "01/01/2020", "--commune", "dao-san", "--that")


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "chưa đặt THIDUA_HOUSEHOLD_RETENTION_YEARS"),
        (("--left-before", "hôm qua"), "không phải một ngày"),
        (("--left-before", "2024-01-01"), "01/01/2024 chưa đến"),
        (("--left-before", "2020-01-01", "--commune", "khong-co"), "Không có đơn vị mã «khong-co»"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        run(*arguments)


@pytest.mark.usefixtures("world")
def test_a_worker_erases_every_day_only_where_a_term_is_set(settings: Settings) -> None:
    enqueue("households.erase_expired", args={})
    assert run_pending() == 1
    assert erased() == []

    settings.HOUSEHOLD_RETENTION_YEARS = 5
    assert "trước 05/11/2018" in run()
    for _ in range(2):
        enqueue("households.erase_expired", args={})
        assert run_pending() == 1
    assert erased() == ["dao-san cu", "huoi-luong cu"]
    assert Entry.objects.filter(action=ERASE).count() == 2


def test_years_before_the_last_of_february() -> None:
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
    assert years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)
