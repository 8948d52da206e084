"""The register of a commune: who may read it, writing, masking, erasing. Each opening of names is logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, person_sort_key
from thidua.households.classes import Area
from thidua.households.models import Household
from thidua.households.rights import READING
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import FOREVER, Unit, UnitKind, UnitVersion
from thidua.organisations.successions import inherited_by

ERASED = "(đã xóa)"


@dataclass(frozen=True, slots=True)
class Written:
    """What a person writes about a household. Unknown is None, not no."""

    code: str
    head_name: str
    area: Area
    since: date
    village_name: str = ""
    #: The village as a unit, where the commune has its villages in the program: its people may then read.
    village_id: int | None = None
    ethnicity: str = ""
    is_minority: bool | None = None
    can_work: bool | None = None


def communes_of(commune: Unit, *, on: date) -> frozenset[int]:
    """The commune with those it took over: their households are its own now."""
    return inherited_by({commune.pk}, on=on)[commune.pk]


def villages_of(commune: Unit, *, on: date) -> list[UnitVersion]:
    """The villages of a commune that the program knows, by name."""
    return list(tree.children(commune.pk, on=on).filter(unit__kind=UnitKind.VILLAGE))


def of_commune(commune: Unit, *, on: date) -> QuerySet[Household]:
    """Households in the register on a day."""
    return Household.objects.filter(commune__in=communes_of(commune, on=on), since__lte=on, until__gt=on)


def readable(commune: Unit, *, acting: Acting) -> QuerySet[Household]:
    """Those households of a commune whose names this person may read: all, of own villages, or none."""
    rows = of_commune(commune, on=acting.on)
    mine = acting.unit_ids(READING)
    if acting.may("household.read", commune):
        return rows
    return rows.filter(Q(village__in=mine) | Q(commune__in=mine)) if mine else rows.none()


def log_opening(commune: Unit, *, what: str, rows: int, actor: Actor, now: datetime) -> None:
    """Remember that somebody opened personal data; the log holds no name."""
    record(
        "households.household.read",
        commune,
        label="Mở thông tin cá nhân của hộ",
        actor=actor,
        now=now,
        object_unit_id=commune.pk,
        details={"what": what, "rows": rows},
    )


def masked(name: str) -> str:
    """ "G. T. M." for Giàng Thị Mẫu: enough to find the paper by, not the person."""
    return " ".join(f"{word[0]}." for word in name.split()) if name != ERASED else name


def write(
    commune: Unit, written: Written, *, household: Household | None = None, actor: Actor, now: datetime
) -> Household:
    """Add a household to the register, or correct one. Raises RuleNotMet when the code is taken."""
    is_new = household is None
    one = household or Household(commune=commune)
    actor.require("household.write", one)
    for name in (
        "code", "head_name", "area", "since", "village_name", "village_id", "ethnicity", "is_minority",
        "can_work"
    ):  # fmt: skip
        setattr(one, name, getattr(written, name))
    if one.village_id and not one.village_name:
        one.village_name = tree.labels_on([one.village_id], on=actor.on).get(one.village_id, "")[:200]
    one.head_name_order = person_sort_key(one.head_name)
    one.search_text = fold(f"{one.code} {one.head_name} {one.village_name}")[:500]
    try:
        with transaction.atomic():
            one.save()
            record(
                "households.household.write",
                one,
                label="Ghi hộ vào sổ" if is_new else "Sửa thông tin hộ",
                actor=actor,
                now=now,
                object_label=f"hộ {one.code}",
                object_unit_id=one.commune_id,
            )
    except IntegrityError as error:
        raise RuleNotMet(
            f"Chưa ghi được hộ «{written.code}»",
            why="mã hộ này đã có trong xã",
            next_step="Ghi mã khác, hoặc mở hộ đã có để sửa",
        ) from error
    return one


def leave(household: Household, *, on: date, reason: str, actor: Actor, now: datetime) -> None:
    """The household left the commune, or ended. Its results stay."""
    actor.require("household.write", household)
    if not reason.strip() or on <= household.since:
        raise RuleNotMet(
            "Chưa ghi được hộ rời sổ",
            why="chưa ghi lý do, hoặc ngày rời không sau ngày vào sổ",
            next_step="Ghi lý do (chuyển đi, tách hộ, mất …) và ngày rồi gửi lại",
        )
    with transaction.atomic():
        household.until, household.leaving = on, reason.strip()[:200]
        household.save(update_fields=["until", "leaving"])
        record(
            "households.household.leave",
            household,
            label="Ghi hộ rời sổ",
            actor=actor,
            now=now,
            object_label=f"hộ {household.code}",
            object_unit_id=household.commune_id,
            reason=reason.strip(),
        )


def erase(household: Household, *, reason: str, actor: Actor, now: datetime) -> None:
    """Remove the personal data for good; code, class and counts stay. Only of a household that has left."""
    actor.require("household.erase", household)
    if household.until == FOREVER:
        raise RuleNotMet(
            "Chưa xóa được thông tin cá nhân",
            why="hộ còn trong sổ, kết quả rà soát cần biết hộ nào",
            next_step="Ghi hộ rời sổ trước, nếu hộ đã chuyển đi",
        )
    if not reason.strip():
        raise RuleNotMet(
            "Chưa xóa được thông tin cá nhân", why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại"
        )
    with transaction.atomic():
        Household.objects.filter(pk=household.pk).update(**_nothing_personal(household.code), erased_at=now)
        household.assessments.update(note="")
        record(
            "households.household.erase",
            household,
            label="Xóa thông tin cá nhân của hộ",
            actor=actor,
            now=now,
            object_label=f"hộ {household.code}",
            object_unit_id=household.commune_id,
            reason=reason.strip(),
        )
    household.refresh_from_db()


def years_before(day: date, years: int) -> date:
    """The same day so many years before; 28 February for a day that has none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def expired(*, left_before: date, commune: Unit | None = None) -> QuerySet[Household]:
    """Households that left before a day and still have personal data; of one commune or of all."""
    rows = Household.objects.filter(until__lt=left_before, erased_at__isnull=True)
    return rows.filter(commune=commune) if commune is not None else rows


def erase_expired(*, left_before: date, commune: Unit | None = None, actor: Actor, now: datetime) -> int:
    """Retention: erase what `expired` finds, each with its line in the log; returns how many.

    Each household is a transaction of its own: stopped in the middle it goes on the next time.
    """
    count = 0
    for household in expired(left_before=left_before, commune=commune).order_by("pk"):
        reason = f"Hết thời hạn lưu giữ: rời sổ trước {left_before:%d/%m/%Y}"
        erase(household, reason=reason, actor=actor, now=now)
        count += 1
    return count


def _nothing_personal(code: str) -> dict[str, str | None]:
    return {
        "village": None,
        "head_name": ERASED,
        "head_name_order": "",
        "village_name": "",
        "ethnicity": "",
        "leaving": "",
        "search_text": fold(code),
    }


def log_unmasked(commune: Unit, *, rows: int, reason: str, actor: Actor, now: datetime) -> None:
    """Remember that names left the system in a file, and why. Raises RuleNotMet without a reason."""
    if not reason.strip():
        raise RuleNotMet(
            "Chưa tải được tệp có tên",
            why="chưa ghi lý do cần tên",
            next_step="Ghi lý do rồi tải lại, hoặc tải tệp đã ẩn tên",
        )
    record(
        "households.household.unmask",
        commune,
        label="Tải danh sách hộ có tên",
        actor=actor,
        now=now,
        object_unit_id=commune.pk,
        reason=reason.strip(),
        details={"rows": rows},
    )
