"""The demonstration's register: a handful of old awards of Phong Thổ, all invented and labelled so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.log import System
from thidua.awards.models import AwardSubjectType, PersonClass, PersonRecord, RegisteredAward, Sex
from thidua.awards.register import entering
from thidua.awards.register.rows import NewAward
from thidua.core.text import fold, person_sort_key
from thidua.movements.models import Movement
from thidua.organisations.models import Unit

NOTE = "Ví dụ minh họa, không có thật."
DISTRICT, PROVINCE = "before-109", "before-12"
HUOI_LUONG, DAO_SAN, MU_SANG = "before-03490", "before-03571", "before-03568"
KEYS = (DISTRICT, PROVINCE, HUOI_LUONG, DAO_SAN, MU_SANG)
MOVEMENT = "Vì người nghèo"
REVOKED_ON = date(2023, 3, 15)


def load(*, on: date, now: datetime) -> int:
    """Enter what had been decided by the day; how many are new. Nothing where its units are missing."""
    units = {unit.key: unit for unit in Unit.objects.filter(key__in=KEYS)}
    if len(units) < len(KEYS) or RegisteredAward.objects.filter(is_invented=True).exists():
        return 0
    actor = System(on)
    with transaction.atomic():
        rows = [row for row in _awards(units, on=on) if row.decided_on is None or row.decided_on <= on]
        for new in rows:
            entering.enter(new, actor=actor, now=now)
        if on >= REVOKED_ON:
            last = RegisteredAward.objects.filter(is_invented=True, decision_number="88/QĐ-UBND").get()
            entering.revoke(
                last,
                revoked_on=REVOKED_ON,
                by="Quyết định số 19/QĐ-UBND ngày 15/03/2023",
                reason="Kê khai sai thành tích",
                actor=actor,
                now=now,
            )
    return len(rows)


def _awards(units: dict[str, Unit], *, on: date) -> list[NewAward]:
    district, province = units[DISTRICT], units[PROVINCE]
    movement = Movement.objects.filter(name__icontains=MOVEMENT, first_year=2021).order_by("pk").first()
    official = _person(units[HUOI_LUONG], "Lò Văn Ví Dụ", "Công chức văn hóa – xã hội", "xa-huoiluong")
    farmer = _person(units[DAO_SAN], "Tẩn Thị Ví Dụ", "Nông dân", "", sex=Sex.FEMALE)

    def of_unit(key: str, name: str, form: str, **fields: Any) -> NewAward:
        return _award(
            subject_type=AwardSubjectType.COMMUNE,
            subject_unit=units[key],
            subject_name=name,
            form=form,
            **fields,
        )

    def of_person(person: PersonRecord, form: str, **fields: Any) -> NewAward:
        return _award(
            subject_type=AwardSubjectType.PERSON,
            person=person,
            subject_name=person.name,
            sex=person.sex,
            person_class=person.person_class,
            is_direct_worker=person.is_direct_worker,
            form=form,
            **fields,
        )

    def here(number: str, day: date, **fields: Any) -> dict[str, Any]:
        return {
            "keeper": district,
            "issuer": district,
            "decision_number": number,
            "decided_on": day,
            **fields,
        }

    in_movement = {"commendation_type": "movement", "movement": movement}
    whole_2024 = {"since": date(2024, 1, 1), "until": date(2025, 1, 1)}
    return [
        of_unit(
            HUOI_LUONG,
            "Nhân dân và cán bộ xã Huổi Luông",
            "giay-khen",
            **here("1204/QĐ-UBND", date(2024, 12, 20), golden_book_number="41", bonus=1_410_000),
            **in_movement,
            **whole_2024,
            achievement="Giảm tỷ lệ hộ nghèo 4,6 điểm trong năm.",
        ),
        of_unit(
            MU_SANG,
            "Nhân dân và cán bộ xã Mù Sang",
            "giay-khen",
            **here("88/QĐ-UBND", date(2023, 1, 30)),
            **in_movement,
        ),
        of_unit(
            DAO_SAN,
            "Nhân dân và cán bộ xã Dào San",
            "bang-khen-bo-tinh",
            keeper=district,
            issuer=province,
            decision_number="1733/QĐ-UBND",
            decided_on=date(2022, 11, 18),
            commendation_type="one-off",
            achievement="Khắc phục hậu quả lũ quét.",
        ),
        of_person(
            official, "giay-khen", **here("1205/QĐ-UBND", date(2024, 12, 20)), **in_movement, **whole_2024
        ),
        of_person(official, "lao-dong-tien-tien", **here("310/QĐ-UBND", date(2021, 1, 15))),
        of_person(
            farmer, "giay-khen", **here("1205/QĐ-UBND", date(2024, 12, 20)), **in_movement, **whole_2024
        ),
        # an old row of which only the year is known, and of nobody that the program knows
        _award(
            keeper=district,
            subject_type=AwardSubjectType.PERSON,
            subject_name="Giàng A Ví Dụ",
            form="giay-khen",
            decided_year=2018,
            unit_name="xã Mù Sang",
            home=units[MU_SANG],
            issuer=district,
        ),
    ]


def _award(**fields: Any) -> NewAward:
    year = fields["decided_on"].year if "decided_on" in fields else fields.pop("decided_year")
    return NewAward(**fields, decided_year=year, note=NOTE, is_invented=True)


def _person(unit: Unit, name: str, position: str, username: str, *, sex: Sex = Sex.MALE) -> PersonRecord:
    """An invented person; bound to the demonstration's account of that name when it is there."""
    found = PersonRecord.objects.filter(unit=unit, name=name, is_invented=True).first()
    return found or PersonRecord.objects.create(
        unit=unit,
        name=name,
        name_order=person_sort_key(name),
        search_text=fold(f"{name} {position}"),
        position=position,
        sex=sex,
        person_class=PersonClass.DIRECT,
        user=User.objects.filter(username=username, is_demo=True).first() if username else None,
        is_invented=True,
    )
