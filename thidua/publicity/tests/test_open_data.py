"""Open data: the same as the pages, described, for machines; small counts are not in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from thidua.core import clock
from thidua.indicators.models import Basis, Total
from thidua.indicators.tests.figure_world import make_indicator
from thidua.movements.models import Target, TargetBinding
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.publicity.open_data.datasets import DATASETS
from thidua.publicity.tests.makers import NOW, make_public_plan, make_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.fixed_on(DAY):
        yield phong_tho()


def rows_of(key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Client().get(f"/cong/du-lieu/{key}.json").content)["rows"]
    return found


def test_files_say_the_same_as_each_other_and_describe_themselves(world: World, client: Client) -> None:
    plan = make_public_plan(world)
    make_public_plan(world, title="Chua cong khai", is_published=False)
    (row,) = rows_of("ke-hoach")
    assert (row["ma"], row["so_ky_hieu"]) == (plan.pk, "12/KH-UBND")
    (target,) = rows_of("chi-tieu")
    assert target["ket_luan"] == "Chưa xác định được"

    answer = client.get("/cong/du-lieu/ke-hoach.csv")
    (line,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert line["trich_yeu"] == plan.title
    assert answer["Cache-Control"] == "public, max-age=60"
    catalogue = json.loads(client.get("/cong/du-lieu/danh-muc.jsonld").content)
    assert [one["dct:identifier"] for one in catalogue["dcat:dataset"]] == [one.key for one in DATASETS]
    for one in DATASETS:
        assert client.get(f"/cong/du-lieu/{one.key}/").status_code == 200
        assert client.get(f"/cong/du-lieu/{one.key}.csv").status_code == 200


def test_cell_that_a_spreadsheet_would_run_is_text(world: World, client: Client) -> None:
    make_story(world, title="=1+1", state="da_dang", published_at=NOW)
    assert "'=1+1" in client.get("/cong/du-lieu/guong-sang.csv").content.decode("utf-8-sig")


def test_small_counts_are_kept_back_with_what_gives_them_away(world: World) -> None:
    district = world.unit("phong-tho")
    poor = make_indicator("poor-x", "Số hộ nghèo", measure="hộ")
    plan = make_public_plan(world)
    target = Target.objects.get(plan=plan)
    TargetBinding.objects.create(target=target, indicator=poor, unit=district)
    amounts = {"phong-tho": 60, "huoi-luong": 2, "mu-sang": 18, "dao-san": 40}
    for key, amount in amounts.items():
        Total.objects.create(
            indicator=poor,
            unit=world.unit(key),
            since=date(2022, 1, 1),
            until=date(2023, 1, 1),
            basis=Basis.THEN,
            amount=Decimal(amount),
            reported=1,
            expected=1,
        )

    told = {row["dia_ban"]: row["so"] for row in rows_of("so-lieu")}
    assert told == {
        "huyện Phong Thổ": 60,
        "xã Huổi Luông": None,
        "xã Mù Sang": None,
        "xã Dào San": 40,
    }


def test_feed_tells_what_is_new(world: World, client: Client) -> None:
    make_public_plan(world)
    answer = client.get("/cong/tin.xml")
    feed = ElementTree.fromstring(answer.content)
    titles = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["Cổng thông tin thi đua: mới công khai", "Kế hoạch Vì người nghèo"]
    assert answer.has_header("Last-Modified")
    assert answer["Content-Type"].startswith("application/atom+xml")
