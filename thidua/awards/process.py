"""Through which steps a candidate goes: one process for all streams, set by `process.yaml` and the lawbook.

Hides which step is asked for by the stream, by the law for the form on the day, or left out by the simplified
procedure. A step that nobody confirmed as law is shown with its mark and does not block.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from thidua.awards.models import Candidate
from thidua.core.formats import format_date
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook

FILE = Path(__file__).resolve().parent / "process.yaml"


class Need(StrEnum):
    MUST = "must"
    MAY = "may"
    #: Asked for by a rule that nobody has read in the original: shown, not enforced.
    ADVISED = "advised"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Stream:
    """One of the streams: công trạng, phong trào, đột xuất …"""

    code: str
    name: str
    types: tuple[str, ...]
    consult: str
    post: str
    council: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step for one candidate: whether it is needed, and by what."""

    code: str
    name: str
    who: str
    states: tuple[str, ...]
    need: Need
    why: str = ""

    @property
    def is_needed(self) -> bool:
        return self.need is Need.MUST


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def streams() -> tuple[Stream, ...]:
    return tuple(
        Stream(code, row["name"], tuple(row["types"]), row["consult"], row["post"], row["council"])
        for code, row in _file()["streams"].items()
    )


def stream(code: str) -> Stream:
    """Raises KeyError for a stream that `process.yaml` does not know."""
    for one in streams():
        if one.code == code:
            return one
    raise KeyError(code)


def path(candidate: Candidate, *, on: date) -> list[Step]:
    """All steps in order, with what is needed for this candidate on a day. No queries."""
    own = stream(candidate.round.stream)
    found = []
    for row in _file()["steps"]:
        need, why = _need(row["code"], own, candidate, on=on)
        found.append(Step(row["code"], row["name"], row["who"], tuple(row["states"]), need, why))
    return found


def step(code: str, candidate: Candidate, *, on: date) -> Step:
    return next(one for one in path(candidate, on=on) if one.code == code)


def _need(code: str, own: Stream, candidate: Candidate, *, on: date) -> tuple[Need, str]:
    asked = {"consult": own.consult, "post": own.post, "council": own.council}.get(code)
    if asked is None:
        return Need.MUST, ""
    if candidate.simplified_case is not None and code in _file()["simplified_without"]:
        return Need.MAY, "theo thủ tục đơn giản; luật có cho bỏ bước này hay không thì chưa đối chiếu"
    if asked == "always":
        return Need.MUST, ""
    if asked == "may":
        return Need.MAY, ""
    try:
        return _by_consultation(candidate.form, on) if code == "consult" else _by_posting(candidate.form, on)
    except NotInLawbook:
        return Need.MAY, f"sổ luật chưa có quy định áp dụng ngày {format_date(on)}"


def _by_consultation(form: str, on: date) -> tuple[Need, str]:
    law = award_law.consultation(form, on)
    if not law.is_needed:
        return Need.MAY, ""
    return (Need.MUST if law.confirmed else Need.ADVISED), law.source.citation


def _by_posting(form: str, on: date) -> tuple[Need, str]:
    law = award_law.posting(form, on)
    if law.is_needed is None and law.term is not None:
        return Need.ADVISED, "; ".join(source.citation for source in law.sources)
    if not law.is_needed:
        return Need.MAY, ""
    confirmed = all(source.confirmed for source in law.sources)
    return (Need.MUST if confirmed else Need.ADVISED), law.source.citation


def council_may_sit_on(candidate: Candidate) -> date | None:
    """The first day on which the council may sit after the posting; None: no need to wait, or not posted."""
    if candidate.posted_on is None:
        return None
    if candidate.posting is not None and candidate.posting.council_from is not None:
        return candidate.posting.council_from
    try:
        end = award_law.earliest_council_day(candidate.form, candidate.posted_on)
    except NotInLawbook:
        return None
    return end.day if end else None


def why_not_to_council(candidate: Candidate, *, on: date) -> tuple[str, str] | None:
    """(why, what next) when a needed step before the council is still to be done."""
    asked = step("consult", candidate, on=on)
    consultations = list(candidate.consultations.all())
    if asked.is_needed and not consultations:
        return (
            f"chưa hỏi ý kiến cơ quan liên quan ({asked.why})",
            "Gửi văn bản hỏi ý kiến, chờ trả lời hoặc hết hạn",
        )
    waiting = [one for one in consultations if one.is_open(on=on)]
    if waiting:
        days = ", ".join(sorted({format_date(one.due_on) for one in waiting}))
        return (
            f"còn {len(waiting)} cơ quan chưa trả lời, hạn {days}",
            "Ghi ý kiến trả lời, hoặc chờ hết hạn",
        )
    posted = step("post", candidate, on=on)
    if posted.is_needed and candidate.posted_on is None:
        return f"chưa công khai danh sách ({posted.why})", "Công khai danh sách trước khi hội đồng họp"
    day = council_may_sit_on(candidate)
    if day is not None and candidate.posted_on is not None and on < day:
        return (
            f"danh sách công khai ngày {format_date(candidate.posted_on)}, hội đồng họp sớm nhất "
            f"{format_date(day)}",
            "Chờ đủ ngày công khai",
        )
    return None
