"""What accounts tell stands in the chain."""

from __future__ import annotations

import pytest
from django.db import transaction

from thidua.accounts.happenings import tell
from thidua.accounts.models import User
from thidua.audit.models import Entry

pytestmark = pytest.mark.django_db


def test_person_at_the_own_account_is_the_actor() -> None:
    user = User.objects.create(username="can-bo", full_name="Lò Thị Mai")

    tell("password_changed", user, label="Đổi mật khẩu", by=user)

    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.user, entry.object_label) == (
        "accounts.password_changed",
        "Lò Thị Mai",
        user,
        "Lò Thị Mai (can-bo)",
    )


def test_lock_out_of_an_unknown_name_is_an_act_of_the_program() -> None:
    tell("locked_out", None, label="Khóa đăng nhập", details={"address": "10.0.0.9"})

    entry = Entry.objects.get()
    assert (entry.actor, entry.user, entry.object_label, entry.details) == (
        "Hệ thống",
        None,
        "tài khoản không rõ",
        '{"address":"10.0.0.9"}',
    )


def test_what_is_rolled_back_leaves_no_row() -> None:
    user = User.objects.create(username="can-bo")

    with transaction.atomic():
        tell("password_changed", user, label="Đổi mật khẩu", by=user)
        transaction.set_rollback(True)

    assert not Entry.objects.exists()
