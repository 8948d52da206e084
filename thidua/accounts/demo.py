"""Accounts of a demonstration: grouped for the sign-in page, all with one password that everybody knows.

They exist only where THIDUA_DEMO is on, and nobody signs in with one elsewhere (`sign_in.may_sign_in`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from thidua.accounts.models import User

#: No secret: printed at the start and shown on the sign-in page of a demonstration.
PASSWORD = "trinh-dien-thi-dua"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    users: tuple[User, ...]


#: Whom the start of a demonstration names.
EXAMPLES = ("phongtho-thuongtruc", "phongtho-lanhdao", "xa-huoiluong", "langson-stnmt-thuongtruc")


def examples() -> list[str]:
    """User names to try, those of them that exist."""
    known = set(User.objects.filter(is_demo=True, username__in=EXAMPLES).values_list("username", flat=True))
    return [name for name in EXAMPLES if name in known]


def groups() -> list[Group]:
    """The accounts by the body they belong to, in the order in which they were made."""
    users = User.objects.filter(is_demo=True, is_active=True).order_by("demo_order", "pk")
    found = groupby(users, key=lambda user: user.demo_group)
    return [Group(label, tuple(members)) for label, members in found]
