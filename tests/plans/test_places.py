"""Every paragraph of the five plans has a place, and every place opens."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.plans import places
from thidua.cli import main
from thidua.core import clock
from thidua.organisations.tests.world import DAY, phong_tho


def test_the_page_is_drawn_from_the_records() -> None:
    assert places.PAGE.read_text(encoding="utf-8") == places.drawn(), "python -m tests.plans.places"


def test_no_entry_is_for_a_paragraph_that_is_not_there() -> None:
    paths = {number: {one["path"] for one in record["structure"]} for number, record, _ in places.records()}
    named = places.places()["plans"]
    assert {
        number: set(keys) - paths[number] for number, keys in named.items() if set(keys) - paths[number]
    } == {}
    used = {
        code
        for number, record, _ in places.records()
        for one in record["structure"]
        for code in places.place_of(number, one)
    }
    assert set(places.places()["rooms"]) == used


@pytest.mark.django_db
def test_every_place_opens(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    client.force_login(phong_tho().people["thuong-truc"])
    wrong = {}
    with clock.fixed_on(DAY):
        for name, where in places.places()["rooms"].values():
            if where.startswith(places.COMMAND):
                code = main([where.removeprefix(places.COMMAND), "--help"])
                assert "thidua" in capsys.readouterr().out
                if code != 0:
                    wrong[name] = f"exit {code}"
                continue
            answer = client.get(where, follow=True)
            at = answer.redirect_chain[-1][0] if answer.redirect_chain else where
            if answer.status_code != 200 or at.startswith(reverse(settings.LOGIN_URL)):
                wrong[name] = f"{answer.status_code} {at}"

    assert wrong == {}
