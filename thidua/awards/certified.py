"""What a dossier claims beyond the figures: kept with who certifies it, and handed to the rule engine.

Only facts of dossiers that the receiving body has appraised count as known; the list of such a dossier is
taken as complete for its kind. Before that they are claims.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards.models import Candidate, CandidateState, CertifiedFact, Dossier
from thidua.awards.nominating import may_propose
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold
from thidua.criteria import fact_suppliers
from thidua.criteria.fact_suppliers import Asked, Supplied
from thidua.criteria.facts import Event

WHAT = "Chưa ghi được nội dung xác nhận"
INITIATIVES, EXCELLENT = "initiatives", "excellent_years"
#: A candidate in one of these has not been appraised.
NOT_APPRAISED = (CandidateState.DRAFT, CandidateState.SENT, CandidateState.RETURNED, CandidateState.WITHDRAWN)


def add(fact: CertifiedFact, *, actor: Actor, now: datetime) -> CertifiedFact:
    """Add a fact to the dossier of an open candidate. Raises NotAllowed, RuleNotMet."""
    candidate = fact.dossier.candidate
    _open(candidate, actor)
    fact.text, fact.certified_by = fact.text.strip(), fact.certified_by.strip()
    if fact.kind not in CertifiedFact.Kind.values or not fact.text:
        raise RuleNotMet(WHAT, why="chưa chọn loại hoặc chưa ghi nội dung", next_step="Ghi đủ rồi lưu")
    if fact.year is None:
        raise RuleNotMet(WHAT, why="chưa ghi năm", next_step="Ghi năm công nhận hoặc năm đạt kết quả")
    if not fact.certified_by:
        raise RuleNotMet(
            WHAT, why="chưa ghi nơi xác nhận", next_step="Ghi cơ quan công nhận, số văn bản nếu có"
        )
    with transaction.atomic():
        fact.save(force_insert=True)
        _log(fact, "add", "Thêm nội dung được xác nhận", actor=actor, now=now)
    return fact


def take_out(fact: CertifiedFact, *, actor: Actor, now: datetime) -> None:
    _open(fact.dossier.candidate, actor)
    with transaction.atomic():
        _log(fact, "take_out", "Bỏ nội dung được xác nhận", actor=actor, now=now)
        fact.delete()


def _open(candidate: Candidate, actor: Actor) -> None:
    may_propose(candidate, actor)
    if not candidate.is_open:
        raise RuleNotMet(
            WHAT, why="đề nghị đã gửi", next_step="Rút về để sửa, hoặc đề nghị nơi nhận trả lại hồ sơ"
        )


def _log(fact: CertifiedFact, step: str, label: str, *, actor: Actor, now: datetime) -> None:
    record(
        f"awards.certifiedfact.{step}",
        fact.dossier,
        label=label,
        actor=actor,
        now=now,
        object_label=fact.get_kind_display(),
        object_unit_id=fact.dossier.candidate.proposer_id,
        details={"kind": fact.kind, "year": fact.year},
    )


def supply(asked: Asked) -> Supplied:
    """Initiatives recognised, and years completed excellently. One query."""
    rows = (
        CertifiedFact.objects.filter(
            dossier__candidate__subject_key__in=asked.keys,
            kind__in=(CertifiedFact.Kind.INITIATIVE, CertifiedFact.Kind.RATING),
            year__isnull=False,
        )
        .exclude(dossier__candidate__state__in=NOT_APPRAISED)
        .order_by("year", "pk")
    )
    events: dict[tuple[str, str], dict[tuple[int, str], Event]] = defaultdict(dict)
    for key, kind, year, text, by in rows.values_list(
        "dossier__candidate__subject_key", "kind", "year", "text", "certified_by"
    ):
        code = INITIATIVES if kind == CertifiedFact.Kind.INITIATIVE else EXCELLENT
        said = fold(text)
        if year is None or (code == EXCELLENT and "xuat sac" not in said):
            continue
        # the same in the dossiers of two rounds is one
        same = (year, said if code == INITIATIVES else "")
        events[key, code][same] = Event(date(year, 12, 31), source=f"xác nhận của {by}")
    return Supplied({key: tuple(found.values()) for key, found in events.items()})


def register() -> None:
    """Called when Django starts."""
    fact_suppliers.register("awards.certified", (INITIATIVES, EXCELLENT), supply)


def of(dossier: Dossier | None) -> list[CertifiedFact]:
    return list(dossier.facts.order_by("kind", "year", "pk")) if dossier is not None else []
