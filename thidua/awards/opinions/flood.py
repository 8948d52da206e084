"""Keeps machines from flooding the public form, without asking people to prove anything.

Three things, none of which follows anybody: the form carries a signed moment (too quick or too old is
refused), a field that people do not see must stay empty, and one network address sends so many an hour. The
address itself is not kept: only a keyed hash of it, for an hour.
"""

from __future__ import annotations

from datetime import datetime

from django.core import signing

from thidua.accounts import hourly
from thidua.core.errors import RuleNotMet

SALT = "awards.opinions.form"
LEAST_SECONDS = 3
MOST_SECONDS = 24 * 3600
#: A house, an office or a commune may share one address.
MOST_PER_ADDRESS = 20
WHAT = "Chưa gửi được ý kiến"


def stamp(candidate_pk: int, *, now: datetime) -> str:
    """What the form carries along: for which candidate and when it was opened."""
    return signing.dumps({"c": candidate_pk, "t": int(now.timestamp())}, salt=SALT)


def check_form(token: str, candidate_pk: int, *, trap: str, now: datetime) -> None:
    """Raises RuleNotMet for a form that no person has filled in just now."""
    try:
        found = signing.loads(token, salt=SALT)
        opened = int(found["t"]) if found["c"] == candidate_pk else None
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        opened = None
    age = None if opened is None else int(now.timestamp()) - opened
    if trap or age is None or age > MOST_SECONDS:
        raise RuleNotMet(
            WHAT, why="mẫu đã mở quá lâu hoặc không hợp lệ", next_step="Xem lại nội dung rồi bấm gửi lần nữa"
        )
    if age < LEAST_SECONDS:
        raise RuleNotMet(WHAT, why="mẫu được gửi quá nhanh", next_step="Chờ vài giây rồi bấm gửi lần nữa")


def count_sender(address: str, *, now: datetime) -> None:
    """Counts one more from a network address. Raises RuleNotMet when there were too many this hour."""
    if hourly.count(hourly.of_address("opinions", address, now=now)) > MOST_PER_ADDRESS:
        raise RuleNotMet(
            WHAT,
            why="nơi kết nối này đã gửi nhiều ý kiến trong một giờ",
            next_step="Gửi lại sau một giờ, hoặc gửi văn bản tới cơ quan thường trực",
        )
