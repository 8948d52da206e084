"""The papers of a candidate: which the law of the day asks for, which are there, what is missing.

The list is made anew when form, procedure or day of the law change; what was put in stays. Hides eras and
lists of the lawbook; a list that nobody has read in the original is marked so.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards.models import AwardSubjectType, Candidate, Dossier, DossierPaper, PaperNeed
from thidua.awards.nominating import may_propose
from thidua.core.errors import RuleNotMet
from thidua.criteria import award_law
from thidua.criteria.award_law import Matter, Procedure
from thidua.criteria.facts import canonical
from thidua.criteria.lawbook import NotInLawbook
from thidua.documents import file_store
from thidua.documents.models import OutgoingPaper

#: Made by the body that receives the candidate, once its council has sat.
BY_RECEIVER = frozenset({"bien-ban-hoi-dong"})
#: First day of the law whose lists of papers were read.
FIRST_READ_DAY = date(2024, 1, 1)
OWN_MINUTES = ("bien-ban", "Biên bản họp xét của đơn vị")


def law_day(candidate: Candidate, *, today: date) -> date:
    """The day whose law says which papers: that of the submission (decision 0019)."""
    day = award_law.governing_day(Matter.DOSSIER, submitted_on=candidate.submitted_on, today=today)
    return day.on


def of(candidate: Candidate, *, on: date) -> Dossier:
    """The dossier with the list of papers of the law, made or brought up to date while it is open."""
    found = Dossier.objects.filter(candidate=candidate).first()
    if found is not None and not candidate.is_open:
        return found
    with transaction.atomic():
        # two who open the page at once: the second finds the list made
        Candidate.objects.select_for_update().get(pk=candidate.pk)
        return _up_to_date(candidate, on=on)


def _up_to_date(candidate: Candidate, *, on: date) -> Dossier:
    day = law_day(candidate, today=on)
    procedure = Procedure.NORMAL if candidate.simplified_case is None else Procedure.SIMPLIFIED
    try:
        law = award_law.dossier_papers(candidate.form, day, procedure)
        era = award_law.era(day).code
        citation, confirmed = law.citation, law.confirmed
        papers, is_read = law.papers, True
    except NotInLawbook as unknown:
        # nothing was read for the day: the list of the law of 2022 is offered, none of it asked for
        era, confirmed, is_read = "", False, False
        citation = f"{unknown}; danh mục dưới đây theo Luật năm 2022 để tham khảo"
        papers = award_law.dossier_papers(candidate.form, FIRST_READ_DAY, procedure).papers
    values = {
        "procedure": procedure.value,
        "law_on": day,
        "era": era,
        "citation": citation[:500],
        "confirmed": confirmed,
    }
    dossier, _ = Dossier.objects.update_or_create(candidate=candidate, defaults=values)
    wanted: dict[str, DossierPaper] = {}
    for paper in papers:
        need = PaperNeed.IF_RELIED_ON if paper.only_if_relied_on else PaperNeed.NEEDED
        if paper.code in BY_RECEIVER:
            need = PaperNeed.BY_RECEIVER
        elif not is_read:
            need = PaperNeed.EXTRA
        wanted[paper.code] = DossierPaper(
            dossier=dossier,
            code=paper.code,
            name=paper.name[:300],
            need=need,
            citation=paper.citation[:500],
            confirmed=paper.confirmed and confirmed,
        )
    if procedure is Procedure.NORMAL and OWN_MINUTES[0] not in wanted:
        wanted[OWN_MINUTES[0]] = DossierPaper(
            dossier=dossier, code=OWN_MINUTES[0], name=OWN_MINUTES[1], need=PaperNeed.EXTRA
        )
    if candidate.subject_type == AwardSubjectType.ENTERPRISE:
        wanted |= _of_firms(dossier, day)
    for position, code in enumerate(wanted, 1):
        wanted[code].position = position
    _merge(dossier, wanted)
    return dossier


def _of_firms(dossier: Dossier, day: date) -> dict[str, DossierPaper]:
    try:
        law = award_law.enterprise_papers(day)
    except NotInLawbook:
        return {}
    return {
        paper.code: DossierPaper(
            dossier=dossier,
            code=paper.code,
            name=paper.name[:300],
            need=PaperNeed.NEEDED if law.confirmed else PaperNeed.IF_RELIED_ON,
            citation=paper.citation[:500],
            confirmed=law.confirmed,
        )
        for paper in law.papers
    }


def _merge(dossier: Dossier, wanted: dict[str, DossierPaper]) -> None:
    """New rows for what the list lacks; rows that fell out stay as extras when they hold something."""
    kept = {row.code: row for row in dossier.papers.all()}
    for code, row in wanted.items():
        known = kept.get(code)
        if known is None:
            row.save(force_insert=True)
            continue
        changed = [
            name
            for name in ("name", "need", "citation", "confirmed", "position")
            if getattr(known, name) != getattr(row, name)
        ]
        for name in changed:
            setattr(known, name, getattr(row, name))
        if changed:
            known.save(update_fields=changed)
    for code, row in kept.items():
        if code in wanted or row.need == PaperNeed.EXTRA:
            continue
        if row.is_there:
            DossierPaper.objects.filter(pk=row.pk).update(need=PaperNeed.EXTRA)
        else:
            row.delete()


def missing(dossier: Dossier) -> list[DossierPaper]:
    """Papers without which the dossier is incomplete (P8)."""
    return [paper for paper in dossier.papers.order_by("position", "pk") if paper.is_missing]


def unready(dossier: Dossier) -> list[tuple[DossierPaper, str]]:
    """Needed papers that are there and cannot be handed in yet, with why: a part to write, no signature."""
    found = []
    rows = dossier.papers.filter(need=PaperNeed.NEEDED, paper__isnull=False).select_related("paper")
    for row in rows.order_by("position", "pk"):
        if row.has_open_part:
            found.append((row, "còn phần đơn vị phải viết"))
        elif row.paper is not None and row.paper.signed_at is None:
            found.append((row, "chưa ký"))
    return found


def put_file(
    dossier: Dossier, code: str, *, raw: bytes, file_name: str, name: str = "", actor: Actor, now: datetime
) -> DossierPaper:
    """Put a file in for a paper of the list, or as an extra. RuleNotMet for a file that is not taken."""
    _open(dossier, actor)
    clean = file_store.check_evidence(raw, file_name=file_name)
    values = {
        "file": file_store.store(raw),
        "file_name": clean[:255],
        "paper": None,
        "user": actor.user,
        "added_at": now,
    }
    paper = dossier.papers.filter(code=code).exclude(need=PaperNeed.EXTRA).first()
    with transaction.atomic():
        if paper is None:
            title = (name or clean)[:300]
            paper = dossier.papers.filter(code=code, file__isnull=True, paper__isnull=True).first()
            if paper is None:
                paper = DossierPaper(
                    dossier=dossier, code=code or "khac", name=title, need=PaperNeed.EXTRA, position=90
                )
        for key, value in values.items():
            setattr(paper, key, value)
        paper.save()
        _log(dossier, "put", "Đưa giấy tờ vào hồ sơ", paper, actor=actor, now=now)
    return paper


def put_paper(
    dossier: Dossier, code: str, paper: OutgoingPaper, *, actor: Actor, now: datetime
) -> DossierPaper:
    """Put a paper that was written in the program in its place of the list."""
    _open(dossier, actor)
    row = dossier.papers.filter(code=code).first()
    if row is None:
        row = DossierPaper(dossier=dossier, code=code, name=paper.title[:300], need=PaperNeed.EXTRA)
    row.paper, row.file, row.file_name = paper, None, ""
    row.user, row.added_at = actor.user, now
    with transaction.atomic():
        row.save()
        _log(dossier, "put", "Đưa văn bản vào hồ sơ", row, actor=actor, now=now)
    return row


def take_out(row: DossierPaper, *, actor: Actor, now: datetime) -> None:
    _open(row.dossier, actor)
    with transaction.atomic():
        _log(row.dossier, "take_out", "Lấy giấy tờ ra khỏi hồ sơ", row, actor=actor, now=now)
        if row.need == PaperNeed.EXTRA and row.code != OWN_MINUTES[0]:
            row.delete()
            return
        row.paper = row.file = row.added_at = row.user = None
        row.file_name = ""
        row.save()


def say_relied_on(row: DossierPaper, is_relied_on: bool, *, actor: Actor, now: datetime) -> None:
    """Whether the dossier leans on what this paper certifies; only then it must be there."""
    _open(row.dossier, actor)
    row.is_relied_on = is_relied_on
    with transaction.atomic():
        row.save(update_fields=["is_relied_on"])
        _log(row.dossier, "rely", "Ghi hồ sơ có dùng giấy tờ này hay không", row, actor=actor, now=now)


def seal(dossier: Dossier, *, now: datetime) -> str:
    """The hash of what is handed in: candidate, papers by their hashes, verdict. Kept with the dossier."""
    candidate = dossier.candidate
    rows = [
        {
            "code": row.code,
            "name": row.name,
            "file": row.file.sha256 if row.file else "",
            "paper": _paper_hash(row.paper),
        }
        for row in dossier.papers.select_related("file", "paper").order_by("position", "pk")
        if row.is_there
    ]
    content = {
        "subject": candidate.subject_key,
        "form": candidate.form,
        "since": candidate.since.isoformat(),
        "until": candidate.until.isoformat(),
        "achievement": candidate.achievement,
        "verdicts": candidate.verdict.verdict_set.sha256 if candidate.verdict else "",
        "papers": rows,
    }
    digest = hashlib.sha256(canonical(content)).hexdigest()
    Dossier.objects.filter(pk=dossier.pk).update(sealed_at=now, sha256=digest)
    dossier.sealed_at, dossier.sha256 = now, digest
    return digest


def _paper_hash(paper: OutgoingPaper | None) -> str:
    if paper is None:
        return ""
    return hashlib.sha256(paper.description_json.encode()).hexdigest()


def _open(dossier: Dossier, actor: Actor) -> None:
    candidate = dossier.candidate
    if not candidate.is_open:
        # the receiving body still adds minutes and answers
        actor.require("candidate.receive", candidate)
        if candidate.state in Candidate.ENDED:
            raise RuleNotMet(
                "Chưa sửa được hồ sơ",
                why="đề nghị đã có kết quả",
                next_step="Hồ sơ đã có kết quả thì giữ nguyên để lưu trữ",
            )
        return
    may_propose(candidate, actor)


def _log(dossier: Dossier, step: str, label: str, row: DossierPaper, *, actor: Actor, now: datetime) -> None:
    record(
        f"awards.dossier.{step}",
        dossier,
        label=label,
        actor=actor,
        now=now,
        object_label=f"{row.name}",
        object_unit_id=dossier.candidate.proposer_id,
        details={"code": row.code},
    )
