"""A candidate's dossier or a whole round for a stranger: all that was judged, with hashes (`bundle/1`).

Holds the verdicts with their facts, what the checks said, the rows of the register they saw, the papers, and
the count of the council. `thidua verdict verify FILE` makes verdicts and counts anew. Personal data: it is
logged, and only who may see the candidate or run the round makes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from thidua.audit.log import Actor, record
from thidua.awards import checks, held_awards, relatives
from thidua.awards.models import AwardRound, AwardState, Candidate, CandidateState, RegisteredAward
from thidua.awards.models.council import CouncilSession
from thidua.core.text import without_accents
from thidua.criteria import storing
from thidua.criteria.bundles import FILE, RECORD, VERDICTS, VOTES, Part, packed
from thidua.criteria.facts import canonical
from thidua.criteria.models import VerdictSet
from thidua.documents import file_store
from thidua.documents.papers import faces

#: Checks are asked anew for so many candidates of a round; beyond, those kept with the appraisals tell.
MOST_CHECKED = 500


def of_candidate(candidate: Candidate, *, actor: Actor, now: datetime) -> bytes:
    """One dossier with the bytes of its papers. Raises NotAllowed."""
    actor.require("candidate.read", candidate)
    parts = [*_case(candidate, on=actor.on), *_papers(candidate), *_judged([candidate]), *_votes([candidate])]
    raw = packed(parts, about=_about("candidate", candidate.round, on=actor.on) | {"candidate": candidate.pk})
    record(
        "awards.candidate.export",
        candidate,
        label="Xuất hồ sơ khen thưởng",
        actor=actor,
        now=now,
        object_unit_id=candidate.proposer_id,
        details={"bytes": len(raw)},
    )
    return raw


def of_round(round_: AwardRound, *, actor: Actor, now: datetime) -> bytes:
    """All candidates of a round that were sent, their papers by name and hash. Raises NotAllowed."""
    actor.require("awardround.run", round_)
    rows = list(
        round_.candidates.exclude(state__in=(CandidateState.DRAFT, CandidateState.WITHDRAWN))
        .select_related("round__movement", "person", "household", "verdict__verdict_set", "dossier")
        .prefetch_related("appraisals", "overrides", "consultations", "dossier__papers__file")
        .order_by("pk")
    )
    parts = [part for one in rows for part in _case(one, on=actor.on, with_checks=len(rows) <= MOST_CHECKED)]
    parts += [*_judged(rows), *_votes(rows)]
    raw = packed(parts, about=_about("round", round_, on=actor.on) | {"candidates": len(rows)})
    record(
        "awards.awardround.export",
        round_,
        label="Xuất hồ sơ của đợt xét",
        actor=actor,
        now=now,
        object_unit_id=round_.deciding_body_id,
        details={"candidates": len(rows), "bytes": len(raw)},
    )
    return raw


def _about(what: str, round_: AwardRound, *, on: date) -> dict[str, Any]:
    return {
        "what": what,
        "round": round_.name,
        "stream": round_.stream,
        "since": round_.since.isoformat(),
        "until": round_.until.isoformat(),
        "made_on": on.isoformat(),
    }


def _case(candidate: Candidate, *, on: date, with_checks: bool = True) -> Iterator[Part]:
    """What was proposed and said, what the checks found, and the awards they saw."""
    place = f"de-nghi/{candidate.pk}"
    yield _record(f"{place}/de-nghi.json", _proposal(candidate), "Đề nghị, giấy tờ, thẩm định, ý kiến")
    if with_checks:
        found = checks.findings_json(checks.findings(candidate, on=on))
        yield _record(f"{place}/kiem-tra.json", {"on": on.isoformat(), "findings": found}, "Kết quả kiểm tra")
    related = relatives.of(candidate, on=on)
    awards = RegisteredAward.objects.filter(subject_key__in=list(related)).exclude(state=AwardState.CORRECTED)
    rows = [_award(one, related[one.subject_key]) for one in awards.order_by("pk")]
    complete = candidate.subject_key in held_awards.complete_for([candidate.subject_key], on=on)
    yield _record(
        f"{place}/so-khen-thuong.json", {"is_complete": complete, "awards": rows}, "Các khoản trong sổ"
    )


def _record(name: str, content: Any, title: str) -> Part:
    return Part(name, RECORD, canonical(content), title)


def _proposal(candidate: Candidate) -> dict[str, Any]:
    dossier = getattr(candidate, "dossier", None)
    return {
        "subject": candidate.subject_key,
        "subject_type": candidate.subject_type,
        "label": candidate.label,
        "form": candidate.form,
        "first_form": candidate.first_form,
        "form_reason": candidate.form_reason,
        "achievement": candidate.achievement,
        "since": candidate.since.isoformat(),
        "until": candidate.until.isoformat(),
        "state": candidate.state,
        "submitted_on": candidate.submitted_on.isoformat() if candidate.submitted_on else None,
        "posted_on": candidate.posted_on.isoformat() if candidate.posted_on else None,
        "reason": candidate.reason,
        "verdicts": candidate.verdict.verdict_set.sha256 if candidate.verdict else None,
        "dossier": None
        if dossier is None
        else {
            "law_on": dossier.law_on.isoformat(),
            "era": dossier.era,
            "citation": dossier.citation,
            "sealed_sha256": dossier.sha256,
            "papers": [
                {
                    "code": row.code,
                    "name": row.name,
                    "is_there": row.is_there,
                    "file_name": row.file_name,
                    "sha256": row.file.sha256 if row.file else None,
                    "paper": row.paper_id,
                }
                for row in sorted(dossier.papers.all(), key=lambda row: (row.position, row.pk))
            ],
        },
        "appraisals": [
            {"result": one.result, "text": one.text, "at": one.made_at.isoformat(), "checks": one.checks}
            for one in sorted(candidate.appraisals.all(), key=lambda one: one.pk)
        ],
        "consultations": [
            {
                "asked": one.asked_id,
                "asked_name": one.asked_name,
                "matters": one.matters,
                "answer": one.answer,
                "text": one.text,
                "due_on": one.due_on.isoformat(),
            }
            for one in sorted(candidate.consultations.all(), key=lambda one: one.pk)
        ],
        "overrides": [
            {"finding": one.finding, "title": one.title, "reason": one.reason}
            for one in sorted(candidate.overrides.all(), key=lambda one: one.pk)
        ],
    }


def _award(award: RegisteredAward, relation: str) -> dict[str, Any]:
    return {
        "award": award.pk,
        "subject": award.subject_key,
        "relation": relation,
        "form": award.form or award.form_name,
        "type": award.commendation_type,
        "movement": award.movement_id,
        "number": award.decision_number,
        "decided_on": award.decided_on.isoformat() if award.decided_on else None,
        "decided_year": award.decided_year,
        "since": award.since.isoformat() if award.since else None,
        "until": award.until.isoformat() if award.until else None,
        "issuer": award.issuer_name,
        "state": award.state,
        "revoked_by": award.revoked_by,
    }


def _papers(candidate: Candidate) -> Iterator[Part]:
    dossier = getattr(candidate, "dossier", None)
    if dossier is None:
        return
    rows = dossier.papers.select_related("file", "paper").order_by("position", "pk")
    for number, row in enumerate((row for row in rows if row.is_there), 1):
        if row.file is not None:
            raw = file_store.bytes_of(row.file)
            ending = PurePosixPath(row.file_name).suffix or ".bin"
        else:
            assert row.paper is not None
            raw, ending = faces.pdf(row.paper), ".pdf"
        name = f"de-nghi/{candidate.pk}/giay-to/{number:02}-{_plain(row.code)}{_plain(ending)}"
        yield Part(name, FILE, raw, row.name)


def _plain(text: str) -> str:
    return "".join(
        one for one in without_accents(text).lower() if one.isascii() and (one.isalnum() or one in "-.")
    )


def _judged(candidates: Iterable[Candidate]) -> Iterator[Part]:
    """One package for each judging, with the candidates that lean on it."""
    subjects: dict[VerdictSet, list[str]] = {}
    for one in candidates:
        if one.verdict is not None:
            subjects.setdefault(one.verdict.verdict_set, []).append(one.verdict.subject)
    for verdict_set, keys in subjects.items():
        raw = storing.package_of(verdict_set, list(dict.fromkeys(keys)))
        yield Part(f"ket-luan/{verdict_set.pk}.json", VERDICTS, raw, f"Kết luận tiêu chí: {verdict_set}")


def _votes(candidates: Iterable[Candidate]) -> Iterator[Part]:
    """The counts of the meetings that voted on them."""
    ids = [one.pk for one in candidates]
    sessions = CouncilSession.objects.filter(items__candidate_id__in=ids).exclude(package="").distinct()
    for session in sessions.order_by("pk"):
        yield Part(f"hoi-dong/{session.pk}.json", VOTES, session.package.encode(), "Kiểm phiếu của hội đồng")
