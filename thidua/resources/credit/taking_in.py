"""Taking the loans of a commune in, all or none; reading them, masked and logged; what criteria ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.documents import file_store
from thidua.households import register
from thidua.organisations.models import Unit
from thidua.resources.credit.loan_file import ReadFile, read
from thidua.resources.models import CreditImport, LoanFact


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do: its loans, what is wrong, how many are news."""

    file: ReadFile
    households: int
    new: int


def preview(commune: Unit, raw: bytes, *, as_of: date, actor: Actor) -> Preview:
    """Read a file against the register of the commune; nothing is kept."""
    actor.require("credit.hand_in", commune)
    if as_of > actor.on:
        raise RuleNotMet(
            "Chưa đọc được tệp", why="ngày của số liệu chưa đến", next_step="Ghi ngày không muộn hơn hôm nay"
        )
    found = read(raw, known_codes=_households(commune, on=actor.on).keys())
    facts = LoanFact.objects.filter(
        household__commune__in=register.communes_of(commune, on=actor.on), as_of=as_of
    )
    taken = set(facts.values_list("household__code", "loan"))
    new = sum((row.household_code, row.loan) not in taken for row in found.rows)
    return Preview(found, len({row.household_code for row in found.rows}), new)


def take_in(
    commune: Unit, raw: bytes, *, file_name: str, as_of: date, actor: Actor, now: datetime
) -> CreditImport:
    """Keep all loans of a file as facts of a day, or none of them."""
    what = "Chưa nhập được vốn vay"
    shown = preview(commune, raw, as_of=as_of, actor=actor)
    if shown.file.errors:
        raise RuleNotMet(
            what,
            why=f"tệp còn {len(shown.file.errors)} ô sai",
            next_step="Sửa các ô trong bảng lỗi rồi đưa lên lại; chưa có gì được nhập",
        )
    households = _households(commune, on=actor.on)
    try:
        with transaction.atomic():
            made = CreditImport.objects.create(
                commune=commune,
                as_of=as_of,
                file=file_store.store(raw),
                file_name=file_store.clean_file_name(file_name),
                rows=len(shown.file.rows),
                user=actor.user,
                taken_in_at=now,
            )
            LoanFact.objects.bulk_create(
                (
                    LoanFact(
                        taken_from=made,
                        household_id=households[row.household_code],
                        loan=row.loan,
                        programme=row.programme,
                        as_of=as_of,
                        principal_dong=row.principal_dong,
                        owed_dong=row.owed_dong,
                        due_on=row.due_on,
                        used_as_intended=row.used_as_intended,
                        principal_on_time=row.principal_on_time,
                        interest_on_time=row.interest_on_time,
                    )
                    for row in shown.file.rows
                ),
                batch_size=1000,
            )
            record(
                "resources.credit.take_in",
                made,
                label="Nhập vốn vay chính sách",
                actor=actor,
                now=now,
                object_unit_id=commune.pk,
                details={"rows": made.rows, "as_of": as_of},
            )
    except IntegrityError as error:
        raise RuleNotMet(
            what,
            why="có khoản vay đã nhập cho đúng ngày này",
            next_step="Ghi ngày số liệu của tệp mới, hoặc bỏ các khoản đã nhập khỏi tệp",
        ) from error
    return made


def _households(commune: Unit, *, on: date) -> dict[str, int]:
    """By code; after a merger one code may stand for two households, and then for neither."""
    found: dict[str, int] = {}
    doubled: set[str] = set()
    for code, pk in register.of_commune(commune, on=on).values_list("code", "pk"):
        if code in found:
            doubled.add(code)
        found[code] = pk
    return {code: pk for code, pk in found.items() if code not in doubled}


def latest_facts(facts: QuerySet[LoanFact], *, on: date) -> QuerySet[LoanFact]:
    """Of each loan the fact that was the latest on a day."""
    newest = LoanFact.objects.filter(
        household=OuterRef("household"), loan=OuterRef("loan"), as_of__lte=on
    ).order_by("-as_of")
    return facts.filter(pk=Subquery(newest.values("pk")[:1]))


def log_opening(commune: Unit, *, rows: int, actor: Actor, now: datetime) -> None:
    """Remember that somebody opened loans of households; the log holds no name."""
    record(
        "resources.credit.read",
        commune,
        label="Mở thông tin vốn vay của hộ",
        actor=actor,
        now=now,
        object_unit_id=commune.pk,
        details={"rows": rows},
    )


def well_kept(household_ids: Collection[int], *, on: date) -> dict[int, tuple[bool, date]]:
    """By household whether all its loans are used as intended and paid on time, as of which day.

    No when one answer is no; left out while an answer is missing or there is no loan.
    """
    facts = latest_facts(LoanFact.objects.filter(household_id__in=household_ids), on=on)
    answers: dict[int, list[bool | None]] = {}
    days: dict[int, date] = {}
    for fact in facts.order_by("household_id", "pk"):
        answers.setdefault(fact.household_id, []).extend(
            (fact.used_as_intended, fact.principal_on_time, fact.interest_on_time)
        )
        days[fact.household_id] = min(fact.as_of, days.get(fact.household_id, fact.as_of))
    found = {}
    for pk, given in answers.items():
        if any(answer is False for answer in given):
            found[pk] = (False, days[pk])
        elif all(given):
            found[pk] = (True, days[pk])
    return found
