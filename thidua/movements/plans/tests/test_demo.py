"""The demonstration: plans adopted and lived with, whenever and however often it is loaded."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.conf import settings
from django.test import Client, override_settings

from thidua.accounts.models import User
from thidua.core import clock
from thidua.indicators import definitions
from thidua.movements.models import PlanVersion, PlanVersionState, TargetBinding, Task, TaskState
from thidua.movements.plans import demo
from thidua.movements.plans.tests.makers import issuer_of, sample_document

pytestmark = pytest.mark.django_db

DAY = date(2023, 11, 5)
PHONG_THO = next(one for one in demo.ADOPTED if one.sample == "mau-002")


@pytest.fixture
def _ready() -> None:
    sample_document(2)
    officer = issuer_of(2).officer
    officer.username, officer.is_demo = PHONG_THO.officer, True
    officer.save()


def states() -> Counter[str]:
    return Counter(Task.objects.values_list("state", flat=True))


@pytest.mark.usefixtures("_ready")
def test_the_plan_is_adopted_in_its_year_and_lived_with_once() -> None:
    loaded = demo.load(PHONG_THO)
    assert loaded.is_new
    assert set(Task.objects.exclude(year=None).values_list("year", flat=True)) == {2022, 2023, 2024, 2025}
    assert demo.live(loaded, on=DAY) == 40

    before = states()
    assert {TaskState.GIVEN, TaskState.ACCEPTED, TaskState.REPORTED, TaskState.DONE} <= set(before)
    assert Task.objects.filter(state__in=Task.OWED, due_on__lt=DAY).exists()

    again = demo.load(PHONG_THO)
    assert (again.version, again.is_new) == (loaded.version, False)
    for day in (DAY, date(2024, 3, 1), date(2026, 1, 5)):
        assert demo.live(again, on=day) == 0
    assert states() == before
    assert PlanVersion.objects.count() == 1


@pytest.mark.usefixtures("_ready")
@pytest.mark.parametrize("day", [date(2022, 8, 15), date(2022, 1, 3)])
def test_nothing_has_happened_on_the_day_of_adoption_or_before(day: date) -> None:
    assert demo.live(demo.load(PHONG_THO), on=day) == 0
    assert set(states()) == {TaskState.GIVEN}


@pytest.mark.usefixtures("_ready")
@pytest.mark.parametrize("day", [date(2022, 8, 16), date(2026, 11, 20)])
def test_any_later_day_will_do(day: date) -> None:
    assert demo.live(demo.load(PHONG_THO), on=day) > 0


def test_what_is_missing_is_said() -> None:
    assert demo.load(PHONG_THO).missing == "bản mẫu (thidua load-samples)"
    assert demo.live(demo.load(PHONG_THO), on=DAY) == 0


@pytest.mark.usefixtures("_ready")
def test_what_the_reader_offers_is_confirmed_and_a_later_change_stays() -> None:
    definitions.load(definitions.read(settings.BASE_DIR / "data" / "indicators" / "definitions.yaml"))
    loaded = demo.load(PHONG_THO)
    assert loaded.version is not None
    bound = list(TargetBinding.objects.order_by("target_id"))
    assert [one.indicator.code for one in bound] == [
        "multidim_poverty_rate",
        "ethnic_poor_hh_rate",
        "hard_communes_escaped",
        "hard_villages_escaped",
    ]
    assert all(one.is_confirmed and one.unit_id is None for one in bound)

    bound[0].note = "Đã sửa"
    bound[0].save()
    demo.load(PHONG_THO)
    bound[0].refresh_from_db()
    assert bound[0].note == "Đã sửa"


@pytest.mark.usefixtures("_ready")
@override_settings(DEMO=True)
def test_a_visitor_may_try_adopting_the_same_sample_again(client: Client) -> None:
    first = demo.load(PHONG_THO).version
    assert first is not None
    client.force_login(User.objects.get(username=PHONG_THO.officer))
    address = f"/ke-hoach/tiep-nhan/{PHONG_THO.sample}/"
    with clock.fixed_on(DAY):
        page = client.get(address)
        assert "đã là kế hoạch trong hệ thống" in page.content.decode()
        form = page.context["form"]
        sent = {name: form.initial[name] or "" for name in ("owner", "standing_body", "movement")}
        answer = client.post(address, sent)
    second = PlanVersion.objects.exclude(pk=first.pk).get()
    assert answer.status_code == 302
    assert second.state == PlanVersionState.DRAFT
    assert second.plan_id != first.plan_id
