"""How an installation begins: `thidua create-admin`."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from thidua.accounts.models import User
from thidua.audit.models import Entry
from thidua.organisations.models import Mandate, Role, UnitKind
from thidua.organisations.tests.world import make_unit

pytestmark = pytest.mark.django_db


def create(username: str = "quan-tri", email: str = "") -> str:
    out = StringIO()
    call_command("create_admin", username=username, name="Nguyễn Thị Lan", email=email, stdout=out)
    return out.getvalue()


def test_first_administrator_gets_a_password_to_change() -> None:
    unit = make_unit("viet-nam", "Việt Nam", UnitKind.NATION)

    printed = create()

    user = User.objects.get()
    password = re.search(r"Mật khẩu dùng một lần: (\S+)", printed)[1]  # type: ignore[index]
    assert user.check_password(password)
    assert user.must_change_password
    assert not user.is_demo
    assert list(Mandate.objects.values_list("user", "unit", "role")) == [
        (user.pk, unit.pk, Role.ADMINISTRATOR)
    ]
    assert list(Entry.objects.order_by("number").values_list("action", "actor")) == [
        ("accounts.created", "Dòng lệnh của máy chủ"),
        ("organisations.mandate.give", "Dòng lệnh của máy chủ"),
    ]


def test_without_units_it_says_what_to_do_first() -> None:
    with pytest.raises(CommandError, match="Chạy thidua load-units trước"):
        create()

    assert not User.objects.exists()


def test_taken_name_is_refused_in_any_spelling() -> None:
    make_unit("viet-nam", "Việt Nam", UnitKind.NATION)
    create()

    with pytest.raises(CommandError, match="tên đăng nhập này đã có người dùng"):
        create("Quan-Tri")


@pytest.mark.parametrize(("username", "email"), [("có dấu cách", ""), ("quan-tri", "khong-phai-thu")])
def test_names_and_addresses_that_cannot_be_are_refused(username: str, email: str) -> None:
    make_unit("viet-nam", "Việt Nam", UnitKind.NATION)

    with pytest.raises(CommandError):
        create(username, email)

    assert not User.objects.exists()
