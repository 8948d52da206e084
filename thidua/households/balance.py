"""The yearly balance: who was poor, who escaped, fell back, arose, came and left. It must close.

Pure: plain rows in, counts out. A household is counted in one line only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from thidua.households.classes import PovertyClass


class Change(models.TextChoices):
    """What became of a household since the review before, as far as being poor goes."""

    STAYED = "con_ngheo", "Vẫn nghèo"
    ESCAPED_TO_NEAR = "thoat_can", "Thoát nghèo, còn cận nghèo"
    ESCAPED = "thoat", "Thoát nghèo"
    FELL_BACK = "tai_ngheo", "Tái nghèo"
    AROSE = "phat_sinh", "Nghèo phát sinh"
    MOVED_IN = "chuyen_den", "Hộ nghèo chuyển đến"
    MOVED_OUT = "chuyen_di", "Hộ nghèo rời sổ"
    ESCAPED_NEAR_POOR = "thoat_can_ngheo", "Thoát cận nghèo"
    OPEN = "chua_xet", "Nghèo năm trước, năm nay chưa có kết quả"
    NONE = "khac", "Không thuộc diện nghèo"


@dataclass(frozen=True, slots=True)
class Standing:
    """One household in two reviews. A class of None: not surveyed, or not decided."""

    code: str
    before: PovertyClass | None
    now: PovertyClass | None
    was_ever_poor: bool = False
    came_this_year: bool = False
    left_this_year: bool = False


ESCAPED = (Change.ESCAPED, Change.ESCAPED_TO_NEAR)


def change_of(row: Standing) -> Change:
    """The one line in which a household is counted."""
    was_poor, is_poor = row.before is PovertyClass.POOR, row.now is PovertyClass.POOR
    if was_poor:
        if is_poor:
            return Change.STAYED
        if row.left_this_year:
            return Change.MOVED_OUT
        if row.now is None:
            return Change.OPEN
        return Change.ESCAPED_TO_NEAR if row.now is PovertyClass.NEAR_POOR else Change.ESCAPED
    if is_poor:
        if row.was_ever_poor:
            return Change.FELL_BACK
        return Change.MOVED_IN if row.came_this_year else Change.AROSE
    if row.before is PovertyClass.NEAR_POOR and row.now not in (None, PovertyClass.NEAR_POOR):
        return Change.ESCAPED_NEAR_POOR
    return Change.NONE


@dataclass(frozen=True, slots=True)
class Balance:
    """start − escaped + fallen back + arisen + moved in − moved out = end, unless somebody is left open."""

    start: int
    escaped: int
    fallen_back: int
    arisen: int
    moved_in: int
    moved_out: int
    end: int
    open_codes: tuple[str, ...]
    #: The official figure of the year before, where one is known; and that of this register beside it.
    published_start: int | None = None

    @property
    def expected_end(self) -> int:
        return self.start - self.escaped + self.fallen_back + self.arisen + self.moved_in - self.moved_out

    @property
    def difference(self) -> int:
        return self.expected_end - self.end

    @property
    def closes(self) -> bool:
        return not self.why_not

    @property
    def why_not(self) -> list[str]:
        """Where it does not close, in sentences."""
        found = []
        if self.published_start is not None and self.published_start != self.start:
            found.append(
                f"số hộ nghèo cuối năm trước đã công bố là {self.published_start}, "
                f"trong sổ có {self.start} hộ"
            )
        if self.open_codes:
            shown = ", ".join(self.open_codes[:10]) + (" …" if len(self.open_codes) > 10 else "")
            found.append(
                f"{len(self.open_codes)} hộ nghèo năm trước chưa có kết quả năm nay và chưa ghi rời sổ: "
                f"mã hộ {shown}"
            )
        return found


def balance(rows: Iterable[Standing], *, published_start: int | None = None) -> Balance:
    """The balance of one commune and year; the order of rows does not matter."""
    counts = dict.fromkeys(Change, 0)
    open_codes, start, end = [], 0, 0
    for row in rows:
        change = change_of(row)
        counts[change] += 1
        start += row.before is PovertyClass.POOR
        end += row.now is PovertyClass.POOR
        if change is Change.OPEN:
            open_codes.append(row.code)
    return Balance(
        start=start,
        escaped=sum(counts[change] for change in ESCAPED),
        fallen_back=counts[Change.FELL_BACK],
        arisen=counts[Change.AROSE],
        moved_in=counts[Change.MOVED_IN],
        moved_out=counts[Change.MOVED_OUT],
        end=end,
        open_codes=tuple(sorted(open_codes)),
        published_start=published_start,
    )
