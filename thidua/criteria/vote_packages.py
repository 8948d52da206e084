"""The count of a council's meeting with all it was made from, so that a stranger counts again: `votes/1`.

A package holds the rule of each question, how many members there are and took part, how many were recused,
the papers with their marks and no names, and the results. Pure; described in docs/reference/votes-1.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from thidua.criteria.ballots import Base, Outcome, Tally, Threshold, chosen, outcome
from thidua.criteria.facts import canonical
from thidua.criteria.packages import BadPackage, Difference, checked, digest, from_a_stranger, json_of

FORMAT = "votes/1"
_KEYS = ("format", "session", "members", "present", "written", "quorum", "questions", "results", "sha256")
NO_PAPERS = Tally(0, 0)
#: Letters of a mark that are kept: 80 bits.
MARK_LENGTH = 20


class Choice(StrEnum):
    YES = "yes"
    NO = "no"
    BLANK = "blank"


class Result(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_CHOSEN = "not-chosen"
    TIED = "tied"


def mark(code: str, question: int) -> str:
    """The mark of a paper on one question: only who has the receipt code can tell which is theirs.

    The marks of one code on two questions have nothing in common.
    """
    plain = f"{FORMAT}|{question}|{plain_code(code)}"
    return hashlib.sha256(plain.encode()).hexdigest()[:MARK_LENGTH]


def plain_code(code: str) -> str:
    """A code as it is hashed, however it was typed: capitals, no hyphens, O and I and L read as digits."""
    kept = "".join(letter for letter in code.upper() if letter.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its rule, the papers cast in the program, and the count of those of paper."""

    id: int
    subject: str
    label: str
    form: str
    threshold: Threshold
    source: str = ""
    confirmed: bool = False
    #: Kind of interest → members recused for it; a member may stand under several.
    interests: tuple[tuple[str, int], ...] = ()
    recused: int = 0
    place_key: str = ""
    places: int | None = None
    #: How many papers there must be, by who has voted: in the program, on paper.
    ballots: tuple[int, int] = (0, 0)
    papers: tuple[tuple[str, Choice], ...] = ()
    typed: Tally = NO_PAPERS

    @property
    def tally(self) -> Tally:
        said = [choice for _, choice in self.papers]
        own = Tally(said.count(Choice.YES), said.count(Choice.NO), said.count(Choice.BLANK))
        return own + self.typed


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of one question."""

    question: Question
    outcome: Outcome
    result: Result


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting and its count. `about` is words for people: council, body, title, day."""

    about: dict[str, str]
    members: int
    present: int
    written: int
    quorum: Fraction
    quorum_source: str
    quorum_confirmed: bool
    questions: tuple[Question, ...]

    @property
    def took_part(self) -> int:
        """Of whom a share of those present is taken: a paper sent by who is absent counts like one there."""
        return self.present + self.written


def counted(session: Session) -> list[Counted]:
    """The results, in the order of the questions. Raises ValueError when papers and members do not fit."""
    outcomes = {
        one.id: outcome(one.tally, one.threshold, members=session.members, present=session.took_part)
        for one in session.questions
    }
    results = {key: Result.PASSED if found.is_passed else Result.FAILED for key, found in outcomes.items()}
    groups: dict[str, list[Question]] = {}
    for one in session.questions:
        if one.place_key and one.places is not None:
            groups.setdefault(one.place_key, []).append(one)
    for members in groups.values():
        results |= _limited(members, session)
    return [Counted(one, outcomes[one.id], results[one.id]) for one in session.questions]


def _limited(questions: list[Question], session: Session) -> dict[int, Result]:
    """Who of those that passed gets one of the places."""
    first = questions[0]
    if any(one.threshold != first.threshold or one.places != first.places for one in questions):
        raise ValueError("Các nội dung xét chung số lượng phải chung tỷ lệ phiếu và số lượng")
    assert first.places is not None
    found = chosen(
        {one.id: one.tally for one in questions},
        first.threshold,
        members=session.members,
        present=session.took_part,
        places=first.places,
    )
    passed = [
        one.id
        for one in questions
        if outcome(one.tally, one.threshold, members=session.members, present=session.took_part).is_passed
    ]
    return {
        key: Result.PASSED if key in found.chosen else Result.TIED if key in found.tied else Result.NOT_CHOSEN
        for key in passed
    }


# --- writing --------------------------------------------------------------------------------------


def packed(session: Session) -> bytes:
    """The package of a meeting with its results."""
    found: dict[str, Any] = {
        "format": FORMAT,
        "session": session.about,
        "members": session.members,
        "present": session.present,
        "written": session.written,
        "quorum": {
            "share": str(session.quorum),
            "source": session.quorum_source,
            "confirmed": session.quorum_confirmed,
            "reached": session.present >= session.quorum * session.members,
        },
        "questions": [_question_json(one) for one in session.questions],
        "results": [_result_json(one) for one in counted(session)],
    }
    return canonical(found | {"sha256": digest(found)})


def _question_json(one: Question) -> dict[str, Any]:
    return {
        "id": one.id,
        "subject": one.subject,
        "label": one.label,
        "form": one.form,
        "threshold": {
            "share": str(one.threshold.share),
            "base": one.threshold.base.value,
            "strict": one.threshold.is_strict,
            "source": one.source,
            "confirmed": one.confirmed,
        },
        "interests": dict(one.interests),
        "recused": one.recused,
        "places": {"key": one.place_key, "count": one.places},
        "ballots": {"program": one.ballots[0], "paper": one.ballots[1]},
        "papers": [[key, choice.value] for key, choice in sorted(one.papers)],
        "typed": _tally_json(one.typed),
    }


def _tally_json(tally: Tally) -> dict[str, int]:
    return {"yes": tally.yes, "no": tally.no, "blank": tally.blank, "spoilt": tally.spoilt}


def _result_json(one: Counted) -> dict[str, Any]:
    return {
        "id": one.question.id,
        "tally": _tally_json(one.question.tally),
        "base": one.outcome.base,
        "needed": one.outcome.needed,
        "tied": one.outcome.is_tied,
        "result": one.result.value,
        "sentence": one.outcome.sentence,
    }


# --- reading and proving --------------------------------------------------------------------------


def is_package(raw: bytes) -> bool:
    """Whether the file says that it is one; it may still be wrong."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("format") == FORMAT


def read(raw: bytes) -> Session:
    """Raises BadPackage."""
    with from_a_stranger():
        return _session(checked(json_of(raw), FORMAT, _KEYS))


def _session(found: dict[str, Any]) -> Session:
    quorum = found["quorum"]
    return Session(
        about={str(key): str(value) for key, value in found["session"].items()},
        members=_count(found["members"]),
        present=_count(found["present"]),
        written=_count(found["written"]),
        quorum=Fraction(quorum["share"]),
        quorum_source=quorum["source"],
        quorum_confirmed=quorum["confirmed"],
        questions=tuple(_question(row) for row in found["questions"]),
    )


def _question(row: dict[str, Any]) -> Question:
    rule, places = row["threshold"], row["places"]
    return Question(
        id=_count(row["id"]),
        subject=row["subject"],
        label=row["label"],
        form=row["form"],
        threshold=Threshold(Fraction(rule["share"]), Base(rule["base"]), bool(rule["strict"])),
        source=rule["source"],
        confirmed=rule["confirmed"],
        interests=tuple((key, _count(value)) for key, value in row["interests"].items()),
        recused=_count(row["recused"]),
        place_key=places["key"],
        places=None if places["count"] is None else _count(places["count"]),
        ballots=(_count(row["ballots"]["program"]), _count(row["ballots"]["paper"])),
        papers=tuple((str(key), Choice(choice)) for key, choice in row["papers"]),
        typed=Tally(**{key: _count(value) for key, value in row["typed"].items()}),
    )


def _count(found: Any) -> int:
    if type(found) is not int or found < 0:
        raise BadPackage(f"{found!r} không phải một số đếm")
    return found


def recompute(raw: bytes) -> bytes:
    """What the program writes for the papers and rules of a package. Raises BadPackage."""
    with from_a_stranger():
        return packed(_session(checked(json_of(raw), FORMAT, _KEYS)))


@dataclass(frozen=True, slots=True)
class VoteProof:
    """What came of counting again."""

    results: tuple[Counted, ...]
    differences: tuple[Difference, ...]
    sha256: str

    @property
    def is_good(self) -> bool:
        return not self.differences


def verify(raw: bytes) -> VoteProof:
    """Counts every question again and compares, byte for byte. Raises BadPackage."""
    with from_a_stranger():
        found = checked(json_of(raw), FORMAT, _KEYS)
        session = _session(found)
        again = json.loads(packed(session))
        results = tuple(counted(session))
    differences = [*_unfit(session), *_differences(found, again)]
    actual = digest(found)
    if found["sha256"] != actual:
        differences.append(
            Difference("sha256", f"gói đã bị sửa: ghi {found['sha256']}, tính lại là {actual}")
        )
    if not differences and canonical(found) != raw.rstrip(b"\n"):
        differences.append(Difference("tệp", "nội dung đúng nhưng cách trình bày khác bản gốc"))
    return VoteProof(results, tuple(differences), actual)


def _unfit(session: Session) -> Iterator[Difference]:
    """Papers that are too many, too few or twice there, against who has voted."""
    for one in session.questions:
        place = f"questions {one.id}"
        if len(one.papers) != one.ballots[0]:
            yield Difference(place, f"có {len(one.papers)} phiếu, mà {one.ballots[0]} người đã bỏ phiếu")
        if one.typed.papers != one.ballots[1]:
            yield Difference(place, f"có {one.typed.papers} phiếu giấy, mà phát ra {one.ballots[1]}")
        if len({key for key, _ in one.papers}) != len(one.papers):
            yield Difference(place, "có hai phiếu cùng dấu")
        if sum(one.ballots) + one.recused > session.members:
            yield Difference(place, "người bỏ phiếu và người không được bỏ phiếu nhiều hơn số thành viên")


def _differences(found: dict[str, Any], again: dict[str, Any]) -> Iterable[Difference]:
    for key in ("session", "members", "present", "written", "quorum", "questions"):
        if canonical(found[key]) != canonical(again[key]):
            yield Difference(key, "không ghi đúng như chương trình ghi")
    given = found["results"]
    if not isinstance(given, list) or len(given) != len(again["results"]):
        yield Difference("results", f"phải có {len(again['results'])} kết quả")
        return
    for one, other in zip(given, again["results"], strict=True):
        if canonical(one) != canonical(other):
            yield Difference(f"results {other['id']}", f"đếm lại là: {other['sentence']}")
