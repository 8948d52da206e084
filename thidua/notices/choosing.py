"""How a person wants to be told: the defaults, and what they chose instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from thidua.accounts.models import User
from thidua.core.holiday_files import office_calendar
from thidua.notices.models import ReceivingChoice
from thidua.notices.moments import Quiet, next_allowed, next_digest
from thidua.notices.rules import DEADLINE_RULES

NOW, DIGEST, OFF = "ngay", "gop", "khong"
WAYS = ((DIGEST, "Gộp vào bản tin"), (NOW, "Gửi ngay"), (OFF, "Không gửi thư"))

#: Deadline reminders; they have no notice of their own before somebody is reminded.
REMINDERS = "han"
#: Kind of a notice, by what stands before the dot → what people choose by.
_GROUP_OF = {
    "task": "nhiem-vu",
    "extension": "nhiem-vu",
    "plan": "ke-hoach",
    "registration": "dang-ky",
    "report": "bao-cao",
    "awards": "khen-thuong",
    "difficulty": "vuong-mac",
    "inspection": "kiem-tra",
    "remedy": "kiem-tra",
    "due": REMINDERS,
}
GROUPS = (
    (REMINDERS, "Lời nhắc thời hạn"),
    ("nhiem-vu", "Nhiệm vụ: giao, trả lại, gia hạn"),
    ("ke-hoach", "Kế hoạch: ban hành, sửa đổi"),
    ("dang-ky", "Đăng ký"),
    ("bao-cao", "Báo cáo"),
    ("khen-thuong", "Khen thưởng"),
    ("vuong-mac", "Khó khăn, vướng mắc"),
    ("kiem-tra", "Kiểm tra, giám sát"),
    ("khac", "Thông báo khác"),
)


def group_of(kind: str) -> str:
    return _GROUP_OF.get(kind.partition(".")[0], "khac")


@dataclass(frozen=True, slots=True)
class Choice:
    """What holds for one person. By default one letter a working day with everything, and all reminders."""

    ways: Mapping[str, str]
    rules: frozenset[str]
    is_weekly: bool
    quiet: Quiet

    def way(self, group: str) -> str:
        return self.ways.get(group, DIGEST)

    def leaves_at(self, group: str, *, now: datetime) -> datetime | None:
        """When a letter about something of the group may leave; None when none is wanted."""
        way = self.way(group)
        if way == OFF:
            return None
        if way == NOW:
            return next_allowed(now, self.quiet, office_calendar())
        return next_digest(now, is_weekly=self.is_weekly, quiet=self.quiet, calendar=office_calendar())


ALL_RULES = frozenset(rule.key for rule in DEADLINE_RULES)
DEFAULT = Choice(ways={}, rules=ALL_RULES, is_weekly=False, quiet=Quiet())


def choices_of(user_ids: Collection[int]) -> dict[int, Choice]:
    """For each person; one query."""
    rows = ReceivingChoice.objects.filter(user_id__in=user_ids)
    return {**dict.fromkeys(user_ids, DEFAULT), **{row.user_id: _as_value(row) for row in rows}}


def choice_of(user: User) -> Choice:
    return choices_of([user.pk])[user.pk]


def _as_value(row: ReceivingChoice) -> Choice:
    return Choice(
        ways=row.ways,
        rules=ALL_RULES - frozenset(row.rules_off),
        is_weekly=row.is_weekly,
        quiet=Quiet(row.quiet_since, row.quiet_until, row.also_days_off),
    )


def choose(user: User, choice: Choice, *, now: datetime) -> None:
    """Keep what a person chose for themselves."""
    ReceivingChoice.objects.update_or_create(
        user=user,
        defaults={
            "ways": {group: choice.way(group) for group, _ in GROUPS},
            "rules_off": sorted(ALL_RULES - choice.rules),
            "is_weekly": choice.is_weekly,
            "quiet_since": choice.quiet.since,
            "quiet_until": choice.quiet.until,
            "also_days_off": choice.quiet.also_days_off,
            "changed_at": now,
        },
    )
