"""Judges many subjects and keeps the verdicts; gives the reasons of any of them, or a package of some.

Rows are written past the ORM: a hundred thousand objects take seconds, plain rows a fraction of one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection, transaction

from thidua.core.errors import RuleNotMet
from thidua.criteria.columns import Table, evidence, facts_of_line
from thidua.criteria.facts import (
    Facts,
    Setting,
    canonical,
    facts_json,
    read_facts,
    read_setting,
    setting_json,
)
from thidua.criteria.measures import Vocabulary, parse, vocabulary
from thidua.criteria.models import StoredVerdict, VerdictSet
from thidua.criteria.packages import Candidate, packed
from thidua.criteria.reasons import Outcome, Verdict
from thidua.criteria.rule_sets import RuleSet, read_rule_set, rule_set_json, words_json
from thidua.criteria.vectorised import ColumnVerdicts, judge
from thidua.criteria.verdicts import evaluate

_COLUMNS = ("verdict_set_id", "subject", "outcome", "is_near", "outcomes", "evidence")
Row = tuple[str, int, bool, str, str]


def judge_and_store(
    rules: RuleSet,
    table: Table,
    *,
    subject_rules: str,
    on: date,
    now: datetime,
    setting: Setting | None = None,
    words: Vocabulary | None = None,
) -> VerdictSet:
    """The verdicts of all subjects of a table by the criteria of their kind, kept in one transaction."""
    setting = setting or rules.setting
    kept_words = words_json(rules, words or vocabulary())
    judged = judge(rules.of(subject_rules).rule, table, on, setting=setting, words=parse(kept_words))
    kept = evidence(table)
    sources = facts_json(Facts({}, table.rest.sources if table.rest else {}))["sources"]
    verdict_set = VerdictSet(
        rules=rule_set_json(rules),
        rules_code=rules.code,
        subject_rules=subject_rules,
        words=kept_words,
        setting=setting_json(setting),
        sources=sources,
        evidence_head=kept.head,
        on=on,
        made_at=now,
        subject_count=len(table),
        met_count=int((judged.outcomes == Outcome.MET).sum()),
        near_count=int(judged.near.sum()),
        unknown_count=int((judged.outcomes == Outcome.UNKNOWN).sum()),
    )
    rows = list(_rows(judged, kept.lines))
    verdict_set.sha256 = _digest(verdict_set, rows)
    with transaction.atomic():
        verdict_set.save(force_insert=True)
        _write(verdict_set.pk, rows)
    return verdict_set


def _rows(judged: ColumnVerdicts, lines: Sequence[str]) -> Iterator[Row]:
    criteria = [part for place, part in judged.parts.items() if place.isdigit()]
    criteria.sort(key=lambda part: int(part.place))
    # digits of all criteria in one go: an array of their characters, seen as one string per subject
    digits = np.stack([part.outcomes for part in criteria], axis=1).astype(np.uint8) + ord("0")
    texts = np.ascontiguousarray(digits).view(f"S{len(criteria)}").ravel()
    return zip(
        judged.table.subjects,
        judged.outcomes.tolist(),
        judged.near.tolist(),
        [text.decode() for text in texts.tolist()],
        lines,
        strict=True,
    )


def _digest(verdict_set: VerdictSet, rows: Iterable[Row]) -> str:
    head = {
        "rules": verdict_set.rules,
        "subject_rules": verdict_set.subject_rules,
        "words": verdict_set.words,
        "setting": verdict_set.setting,
        "sources": verdict_set.sources,
        "head": verdict_set.evidence_head,
        "on": verdict_set.on.isoformat(),
    }
    found = hashlib.sha256(canonical(head))
    found.update(
        "\n".join(
            f"{subject}\t{outcome}\t{near:d}\t{outcomes}\t{line}"
            for subject, outcome, near, outcomes, line in rows
        ).encode()
    )
    return found.hexdigest()


def _write(set_id: int, rows: Iterable[Row]) -> None:
    table = StoredVerdict._meta.db_table
    columns = ", ".join(_COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row((set_id, *row))
        else:
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES (%s, %s, %s, %s, %s, %s)",  # noqa: S608 - our names
                [(set_id, *row) for row in rows],
            )


# --- asking ---------------------------------------------------------------------------------------


def rules_of(verdict_set: VerdictSet) -> RuleSet:
    """The criteria as they were when the set was made."""
    return read_rule_set(verdict_set.rules)


def facts_of(stored: StoredVerdict) -> Facts:
    """What was known of a subject when it was judged, with the sources."""
    verdict_set = stored.verdict_set
    facts = facts_of_line(verdict_set.evidence_head, stored.evidence, stored.subject)
    sources = read_facts({"sources": verdict_set.sources}).sources
    return Facts(facts.subjects, sources)


def explained(stored: StoredVerdict) -> Verdict:
    """The verdict with its tree of reasons, from the facts that were kept.

    Raises RuleNotMet when the row does not say what its facts say: then somebody changed it.
    """
    verdict_set = stored.verdict_set
    verdict = evaluate(
        rules_of(verdict_set).of(verdict_set.subject_rules).rule,
        facts_of(stored),
        verdict_set.on,
        subject=stored.subject,
        setting=read_setting(verdict_set.setting),
        words=parse(verdict_set.words),
    )
    if (verdict.outcome, verdict.is_near) != (stored.outcome, stored.is_near):
        raise RuleNotMet(
            f"Kết luận đã lưu của {stored.subject} không khớp với dữ kiện",
            why=f"lưu là «{Outcome(stored.outcome).label}», tính lại là «{verdict.outcome.label}»",
            next_step="Xét lại đối tượng này và báo người quản trị kiểm tra cơ sở dữ liệu",
        )
    return verdict


def is_unchanged(verdict_set: VerdictSet) -> bool:
    """Whether the rows and the head still have the hash that was kept."""
    rows = verdict_set.verdicts.order_by("pk").values_list(*_COLUMNS[1:])
    return _digest(verdict_set, rows.iterator(chunk_size=5000)) == verdict_set.sha256


def package_of(verdict_set: VerdictSet, subjects: Sequence[str]) -> bytes:
    """The package `verdicts/1` of some subjects of a set, in the order given."""
    rows = {
        stored.subject: stored
        for stored in verdict_set.verdicts.filter(subject__in=subjects).select_related("verdict_set")
    }
    known: dict[str, Any] = {}
    for subject in subjects:
        known |= facts_of(rows[subject]).subjects
    return packed(
        rules_of(verdict_set),
        Facts(known, read_facts({"sources": verdict_set.sources}).sources),
        [Candidate(subject, verdict_set.subject_rules) for subject in subjects],
        on=verdict_set.on,
        setting=read_setting(verdict_set.setting),
        words=parse(verdict_set.words),
    )
