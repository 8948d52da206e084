"""Rows of the register for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from thidua.audit.log import System
from thidua.awards.models import (
    AwardSubjectType,
    ImportKind,
    PersonRecord,
    RegisteredAward,
    RegisterImport,
)
from thidua.awards.register.entering import NewAward, enter
from thidua.documents.file_store import store
from thidua.organisations.models import Unit

ON = date(2024, 11, 5)
NOW = datetime(2024, 11, 5, 3, 0, tzinfo=UTC)


def award_of(subject: Unit | PersonRecord | str, keeper: Unit, **fields: Any) -> NewAward:
    """A Giấy khen of 2023 for a commune, a person, or a name that nobody has found yet."""
    usual: dict[str, Any] = {
        "form": "giay-khen",
        "decided_year": 2023,
        "decided_on": date(2023, 12, 20),
        "decision_number": "12/QĐ-UBND",
        "commendation_type": "movement",
        "issuer": keeper,
    }
    if isinstance(subject, Unit):
        usual |= {"subject_type": AwardSubjectType.COMMUNE, "subject_unit": subject}
        usual |= {"subject_name": "xã Huổi Luông"}
    elif isinstance(subject, PersonRecord):
        usual |= {"subject_type": AwardSubjectType.PERSON, "person": subject, "subject_name": subject.name}
    else:
        usual |= {"subject_type": AwardSubjectType.PERSON, "subject_name": subject}
    return NewAward(keeper=keeper, **{**usual, **fields})


def register(subject: Unit | PersonRecord | str, keeper: Unit, **fields: Any) -> RegisteredAward:
    revoked_on = fields.pop("revoked_on", None)
    award = enter(award_of(subject, keeper, **fields), actor=System(date(2026, 1, 1)), now=NOW)
    if revoked_on is not None:
        RegisteredAward.objects.filter(pk=award.pk).update(revoked_on=revoked_on)
        award.refresh_from_db()
    return award


def make_import(keeper: Unit, raw: bytes = b"PK", **fields: Any) -> RegisterImport:
    usual: dict[str, Any] = {"kind": ImportKind.LIST, "file_name": "so-cu.xlsx"}
    return RegisterImport.objects.create(keeper=keeper, file=store(raw), **{**usual, **fields})
